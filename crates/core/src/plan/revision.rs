//! How settings differ, and how a draft is laid over what somebody else applied meanwhile (X11).

use super::settings::ChatSync;

/// One setting of a chat sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Setting {
    /// Which channel accounts.
    Accounts,
    /// Whether what is written in groups goes on records.
    Groups,
    /// How messages become entries.
    Shape,
    /// As what kind of record they are written.
    Entry,
    /// The first line of an entry for several messages.
    TitleTemplate,
    /// The module whose records conversations go to.
    Module,
    /// Where the number goes.
    PhoneField,
    /// Where the name goes.
    NameField,
    /// Where the lead source goes.
    SourceField,
    /// Whether names follow the channel.
    Rename,
    /// Whether more is put together while calls run short.
    GroupWhenShort,
    /// What is made for strangers.
    Create,
    /// What happens to closed leads.
    Reopen,
    /// Which stages count as closed.
    ClosedStatuses,
    /// Who owns what nobody owns.
    DefaultOwner,
    /// Whether the CRM chooses owners of new leads.
    UseAssignmentRules,
    /// Whether new records set off what is automated.
    RunAutomation,
    /// The lead source.
    LeadSource,
    /// The company of new leads.
    Company,
    /// The last name of a person without a name.
    NameTemplate,
    /// Where the chat link goes.
    LinkField,
    /// Further values of new records.
    NewRecordValues,
    /// From when on.
    Since,
}

/// Every setting, in the order in which people read them.
pub const SETTINGS: &[Setting] = &[
    Setting::Accounts,
    Setting::Since,
    Setting::Groups,
    Setting::Module,
    Setting::Entry,
    Setting::Shape,
    Setting::TitleTemplate,
    Setting::GroupWhenShort,
    Setting::Create,
    Setting::PhoneField,
    Setting::NameField,
    Setting::Rename,
    Setting::NewRecordValues,
    Setting::LeadSource,
    Setting::SourceField,
    Setting::RunAutomation,
    Setting::Company,
    Setting::NameTemplate,
    Setting::DefaultOwner,
    Setting::UseAssignmentRules,
    Setting::Reopen,
    Setting::ClosedStatuses,
    Setting::LinkField,
];

impl Setting {
    /// Its name in the API and in what is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Groups => "groups",
            Self::Shape => "shape",
            Self::Entry => "entry",
            Self::TitleTemplate => "title_template",
            Self::Module => "module",
            Self::PhoneField => "phone_field",
            Self::NameField => "name_field",
            Self::SourceField => "source_field",
            Self::Rename => "rename",
            Self::GroupWhenShort => "group_when_short",
            Self::Create => "create",
            Self::Reopen => "reopen",
            Self::ClosedStatuses => "closed_statuses",
            Self::DefaultOwner => "default_owner",
            Self::UseAssignmentRules => "use_assignment_rules",
            Self::RunAutomation => "run_automation",
            Self::LeadSource => "lead_source",
            Self::Company => "company",
            Self::NameTemplate => "name_template",
            Self::LinkField => "link_field",
            Self::NewRecordValues => "new_record_values",
            Self::Since => "since",
        }
    }

    /// Sets this one in `into` as it is in `from`.
    pub fn copy(self, into: &mut ChatSync, from: &ChatSync) {
        match self {
            Self::Accounts => into.accounts.clone_from(&from.accounts),
            Self::Groups => into.groups = from.groups,
            Self::Shape => into.shape = from.shape,
            Self::Entry => into.entry = from.entry,
            Self::TitleTemplate => into.title_template.clone_from(&from.title_template),
            Self::Module => into.module = from.module,
            Self::PhoneField => into.phone_field.clone_from(&from.phone_field),
            Self::NameField => into.name_field.clone_from(&from.name_field),
            Self::SourceField => into.source_field.clone_from(&from.source_field),
            Self::Rename => into.rename = from.rename,
            Self::GroupWhenShort => into.group_when_short = from.group_when_short,
            Self::Create => into.create = from.create,
            Self::Reopen => into.reopen.clone_from(&from.reopen),
            Self::ClosedStatuses => into.closed_statuses.clone_from(&from.closed_statuses),
            Self::DefaultOwner => into.default_owner.clone_from(&from.default_owner),
            Self::UseAssignmentRules => into.use_assignment_rules = from.use_assignment_rules,
            Self::RunAutomation => into.run_automation = from.run_automation,
            Self::LeadSource => into.lead_source.clone_from(&from.lead_source),
            Self::Company => into.company.clone_from(&from.company),
            Self::NameTemplate => into.name_template.clone_from(&from.name_template),
            Self::LinkField => into.link_field.clone_from(&from.link_field),
            Self::NewRecordValues => into.new_record_values.clone_from(&from.new_record_values),
            Self::Since => into.since = from.since,
        }
    }
}

/// The settings in which two differ.
pub fn changed(before: &ChatSync, after: &ChatSync) -> Vec<Setting> {
    let differs = |setting: &Setting| {
        let mut moved = before.clone();
        setting.copy(&mut moved, after);
        moved != *before
    };
    SETTINGS.iter().copied().filter(differs).collect()
}

/// A draft that was begun on `base`, laid over `present`: what the draft changed stands, all else is as it is now.
pub fn rebase(base: &ChatSync, draft: &ChatSync, present: &ChatSync) -> ChatSync {
    let mut settings = present.clone();
    for setting in changed(base, draft) {
        setting.copy(&mut settings, draft);
    }
    settings
}
