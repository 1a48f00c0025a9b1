//! Where conversations go, as what, and into which fields: the part of the form that the org decides.

use causeway_core::{
    channels,
    plan::{
        compose::{self, Scene},
        places::{self, Source},
        revision::Setting,
        settings::ChatSync,
    },
    record::{EntryKind, FieldProfile, ModuleProfile, PersonField},
    time::Timestamp,
};
use maud::{Markup, html};

use super::{
    Facts,
    form::{Shown, keep_present, named},
};
use crate::{Words, args, form::Offer, icon::icon};

/// Most characters of a first line, where the CRM does not tell.
const USUAL_LENGTH: usize = 255;

/// When the messages of an example were written: 31 January 2026, in the morning.
const EXAMPLE_AT: Timestamp = Timestamp(1_769_850_000_000_000);

/// The number of an example: nobody's.
pub(super) const EXAMPLE_NUMBER: &str = "+1 415 555 0123";

/// The channel of an example: the first there is.
pub(super) fn example_channel() -> &'static str {
    channels::ALL.first().map_or("", |channel| channel.title())
}

/// The first line that an entry for several messages gets with these settings.
pub(super) fn example(words: &Words, facts: &Facts, settings: &ChatSync) -> String {
    let account = facts.accounts.first().map_or("", |account| account.label.as_str());
    let person = words.say("example-person");
    let scene = Scene {
        channel: example_channel(),
        account,
        person: &person,
        customer: EXAMPLE_NUMBER,
        agent: None,
        conversation: "",
        chat_url: "",
        title: &settings.title_template,
        key: None,
        zone: &facts.zone,
    };
    let kind = facts.org.as_ref().and_then(|org| org.entries.get(&settings.entry));
    let told = kind.and_then(|kind| usize::try_from(kind.subject_length).ok()).filter(|length| *length > 0);
    compose::first_line(&scene, EXAMPLE_AT, "", told.unwrap_or(USUAL_LENGTH))
}

impl Shown<'_> {
    /// The modules that can take conversations, and those that cannot, with what they lack (R4.10 to R4.12).
    pub(super) fn module(&self) -> Markup {
        let destinations = self.facts.org.as_ref().map_or(&[][..], |org| org.destinations.as_slice());
        let has_usual = self.facts.org.as_ref().is_some_and(|org| {
            ChatSync::default().modules().iter().all(|module| org.modules.contains_key(module))
        });
        let present = self.settings.module.map(|module| module.name().to_owned()).unwrap_or_default();
        let usual = Offer {
            value: String::new(),
            label: self.words.say("module-usual"),
            explanation: self.words.say("module-usual-hint"),
            is_closed: false,
        };
        let offer = |known: &causeway_core::record::Destination| Offer {
            value: known.module.name().to_owned(),
            label: known.label.clone(),
            explanation: known.refusal.clone().unwrap_or_default(),
            is_closed: known.refusal.is_some(),
        };
        let (closed, open): (Vec<Offer>, Vec<Offer>) =
            destinations.iter().map(offer).partition(|offer| offer.is_closed);
        let mut offers: Vec<Offer> = open;
        offers.extend((has_usual || present.is_empty()).then_some(usual));
        if !present.is_empty() && !offers.iter().chain(&closed).any(|offer| offer.value == present) {
            offers.push(Offer { value: present.clone(), label: present.clone(), ..Offer::default() });
        }
        let is_short = closed.is_empty();
        offers.extend(closed);
        html! {
            (self.field(Setting::Module, "module").value(present).offers(&offers))
            @if !is_short { p.field__hint { (self.words.say("module-missing")) } }
        }
    }

    pub(super) fn entry(&self) -> Markup {
        // words: entry-*
        let word = |kind: EntryKind| kind.module().name().to_owned();
        let option = |kind: EntryKind| {
            (
                word(kind),
                self.words.say(&format!("entry-{}", word(kind))),
                self.words.say(&format!("entry-{}-hint", word(kind))),
            )
        };
        let options: Vec<_> = places::kinds(self.facts.org.as_ref()).into_iter().map(option).collect();
        self.field(Setting::Entry, "entry").value(word(self.settings.entry)).radios(&options)
    }

    pub(super) fn title(&self) -> Markup {
        let field = self.field(Setting::TitleTemplate, "title_template");
        field.value(&self.settings.title_template).line("text", "off")
    }

    /// What the template makes.
    pub(super) fn title_example(&self) -> Markup {
        let line = example(self.words, self.facts, self.settings);
        html! { p.field__hint { (self.words.with("title-example", args!["line" => line])) } }
    }

    pub(super) fn phone_field(&self) -> Markup {
        let present = self.settings.phone_field.as_deref();
        self.choice_of(
            Setting::PhoneField,
            "phone_field",
            present,
            Some(&PersonField::Phone),
            places::takes_number,
        )
    }

    pub(super) fn name_field(&self) -> Markup {
        let present = self.settings.name_field.as_deref();
        self.choice_of(Setting::NameField, "name_field", present, None, places::takes_name)
    }

    pub(super) fn source_field(&self) -> Markup {
        let present = self.settings.source_field.as_deref();
        self.choice_of(
            Setting::SourceField,
            "source_field",
            present,
            Some(&PersonField::LeadSource),
            places::takes_source,
        )
    }

    fn new_profile(&self) -> ModuleProfile {
        let module = places::new_module(self.settings);
        self.facts.org.as_ref().map(|org| org.module(module)).unwrap_or_default()
    }

    /// A field of new records: the usual one, where there is one, and all that fit. `usual`: what the usual one holds, if
    /// it is one field.
    fn choice_of(
        &self,
        setting: Setting,
        name: &'static str,
        present: Option<&str>,
        usual: Option<&PersonField>,
        fits: fn(&FieldProfile) -> bool,
    ) -> Markup {
        let profile = self.new_profile();
        let holding = usual.and_then(|value| profile.holding(value));
        // words: *-usual
        let first = match (usual, holding) {
            (Some(_), Some(field)) => self.words.with("field-usual", args!["field" => field.label.as_str()]),
            (Some(_), None) if setting == Setting::PhoneField => self.words.say("field-choose"),
            (Some(_), None) => self.words.say("source-usual"),
            (None, _) => self.words.say("name-usual"),
        };
        let mut options = vec![(String::new(), first)];
        let others = profile.fields.iter().filter(|field| fits(field));
        let others = others.filter(|field| holding.is_none_or(|usual| usual.name != field.name));
        options.extend(others.map(named));
        self.marked(setting, name, present, options)
    }

    /// A choice of fields. One that was chosen and is not there (any more) stays, and is marked (R4.27).
    fn marked(
        &self,
        setting: Setting,
        name: &'static str,
        present: Option<&str>,
        mut options: Vec<(String, String)>,
    ) -> Markup {
        let present = present.unwrap_or_default();
        if self.faults.of(setting).is_some() && !options.iter().any(|(value, _)| value == present) {
            options.push((present.to_owned(), self.words.with("field-unfit", args!["field" => present])));
        }
        keep_present(&mut options, present);
        self.field(setting, name).value(present).choice(&options)
    }

    fn known_source(&self) -> FieldProfile {
        let org = self.facts.org.as_ref();
        org.and_then(|org| places::source_field(self.settings, org)).unwrap_or_default()
    }

    /// The lead source: any text, but where its field takes its choices only and none can be added (R4.18).
    pub(super) fn lead_source(&self) -> Markup {
        let known = self.known_source();
        let field = self.field(Setting::LeadSource, "lead_source").value(&self.settings.lead_source);
        if !known.is_restricted || self.facts.adds_fields {
            return field.suggest(&known.choices);
        }
        let mut options = vec![(String::new(), self.words.say("value-empty"))];
        options.extend(known.choices.iter().map(|choice| (choice.clone(), choice.clone())));
        keep_present(&mut options, &self.settings.lead_source);
        field.choice(&options)
    }

    /// How the lead source stands in the org (R4.19).
    pub(super) fn source_stands(&self) -> Markup {
        let (known, settings) = (self.known_source(), self.settings);
        let org = self.facts.org.as_ref();
        let stands = org.map_or(Source::Nothing, |org| places::source(settings, org, self.facts.adds_fields));
        let said = said_of(stands, !known.choices.is_empty());
        let named = args!["field" => known.label.as_str(), "value" => settings.lead_source.as_str()];
        html! { @if let Some(key) = said { p.field__hint { (self.words.with(key, named)) } } }
    }

    /// The field for the link, and a way to one of its own (R4.15, R4.17).
    pub(super) fn link(&self) -> Markup {
        let mut options = vec![(String::new(), self.words.say("link-description"))];
        let fields =
            self.facts.org.as_ref().map(|org| places::link_fields(self.settings, org)).unwrap_or_default();
        options.extend(fields.iter().map(named));
        let makes = self.facts.adds_fields
            && (self.settings.link_field.is_none() || self.faults.of(Setting::LinkField).is_some());
        html! {
            (self.marked(Setting::LinkField, "link_field", self.settings.link_field.as_deref(), options))
            @if makes {
                div.actions {
                    button.button.button--quiet.button--small type="submit" formaction=(format!("{}/link-field", self.address)) {
                        (icon("plus")) (self.words.with("link-make", args!["label" => places::LINK_LABEL]))
                    }
                }
                p.field__hint { (self.words.with("link-make-hint", args!["crm" => self.facts.crm.as_str()])) }
            }
        }
    }
}

/// What is said of a lead source. `is_list`: its field has choices.
fn said_of(stands: Source, is_list: bool) -> Option<&'static str> {
    match stands {
        Source::Nothing => None,
        Source::Fits => is_list.then_some("source-fits"),
        Source::Added => Some("source-added"),
        Source::Raw => Some("source-raw"),
        Source::LeftOut => Some("source-left-out"),
    }
}

#[cfg(test)]
mod tests {
    use causeway_core::{
        plan::settings::Shape,
        record::{Destination, EntryProfile, Module, OrgProfile},
        time::Zone,
    };

    use super::*;
    use crate::chat_sync::FieldFaults;

    fn field(name: &str, kind: &str, holds: Option<PersonField>) -> FieldProfile {
        FieldProfile {
            name: name.into(),
            label: name.replace('_', " "),
            kind: kind.into(),
            holds,
            is_createable: true,
            is_updateable: true,
            ..FieldProfile::default()
        }
    }

    fn vendors() -> Module {
        Module::other("Vendors").expect("a name")
    }

    fn facts(adds_fields: bool) -> Facts {
        let source = FieldProfile {
            choices: vec!["Web".into()],
            ..field("Lead_Source", "picklist", Some(PersonField::LeadSource))
        };
        let fields = vec![
            field("Phone", "phone", Some(PersonField::Phone)),
            field("Mobile_No", "phone", None),
            field("Nickname", "string", None),
            field("Chat_URL", "url", None),
            source,
        ];
        let contact = ModuleProfile { fields: fields.clone(), ..ModuleProfile::default() };
        let vendor = ModuleProfile { fields: fields[..1].to_vec(), ..ModuleProfile::default() };
        let destination = |module, label: &str, refusal: Option<&str>| Destination {
            module,
            label: label.into(),
            refusal: refusal.map(str::to_owned),
        };
        let org = OrgProfile {
            modules: [(Module::Contact, contact), (vendors(), vendor)].into(),
            entries: [EntryKind::Task, EntryKind::Note].map(|kind| (kind, EntryProfile::default())).into(),
            destinations: vec![
                destination(Module::other("Deals").expect("a name"), "Deals", Some("It has no phone field.")),
                destination(Module::Contact, "Contacts", None),
                destination(vendors(), "Vendors", None),
            ],
            ..OrgProfile::default()
        };
        Facts {
            crm: "A CRM".into(),
            org: Some(org),
            holds_automation_back: adds_fields,
            adds_fields,
            accounts: Vec::new(),
            users: Vec::new(),
            zone: Zone::utc(),
        }
    }

    fn slots(facts: &Facts, settings: &ChatSync, faults: &FieldFaults) -> String {
        let shown = Shown { words: Words::english(), facts, settings, faults, address: "/x" };
        shown.slots().into_string()
    }

    fn shown(settings: &ChatSync) -> String {
        slots(&facts(true), settings, &FieldFaults::default())
    }

    fn contacts() -> ChatSync {
        ChatSync { module: Some(Module::Contact), ..ChatSync::default() }
    }

    #[test]
    fn a_module_that_cannot_take_conversations_is_greyed_out_with_the_reason_after_those_that_can() {
        let html = shown(&contacts());
        let place = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text}: {html}"));
        assert!(html.contains("name=\"module\" value=\"contact\" checked"), "{html}");
        assert!(html.contains("name=\"module\" value=\"Deals\" disabled"), "{html}");
        assert!(place("value=\"Vendors\"") < place("value=\"Deals\""));
        assert!(place("It has no phone field.") < place("Only those with a phone field"));
    }

    #[test]
    fn only_fields_of_the_destination_that_fit_are_offered() {
        let html = shown(&contacts());
        for fit in
            ["The usual one (Phone)", "Mobile No (Mobile_No)", "Nickname (Nickname)", "Chat URL (Chat_URL)"]
        {
            assert!(html.contains(fit), "{fit}: {html}");
        }
        let html = shown(&ChatSync { module: Some(vendors()), ..ChatSync::default() });
        assert!(!html.contains("Mobile_No") && !html.contains("Chat_URL"), "{html}");
    }

    #[test]
    fn what_another_destination_lacks_stays_and_is_marked() {
        let settings = ChatSync {
            module: Some(vendors()),
            phone_field: Some("Mobile_No".into()),
            ..ChatSync::default()
        };
        let faults = FieldFaults {
            errors: [("phone_field".to_owned(), "the Vendors has no such field".to_owned())].into(),
            ..FieldFaults::default()
        };
        let html = slots(&facts(true), &settings, &faults);
        assert!(
            html.contains("<option value=\"Mobile_No\" selected>Mobile_No (does not fit here)"),
            "{html}"
        );
        assert!(html.contains("the Vendors has no such field"), "{html}");
    }

    #[test]
    fn what_a_crm_has_no_use_for_is_not_shown() {
        let html = shown(&contacts());
        for name in ["company", "reopen", "closed", "use_assignment_rules"] {
            assert!(!html.contains(&format!("name=\"{name}\"")), "{name}: {html}");
        }
        let mut plain = facts(false);
        let org = plain.org.as_mut().expect("an org");
        org.destinations.clear();
        org.entries.remove(&EntryKind::Note);
        let html = slots(&plain, &ChatSync::default(), &FieldFaults::default());
        for name in ["module", "entry", "title_template"] {
            assert!(!html.contains(&format!("name=\"{name}\"")), "{name}: {html}");
        }
        assert!(html.contains("name=\"company\"") && html.contains("name=\"reopen\""), "{html}");
        assert!(!html.contains("link-field\""), "fields cannot be added: {html}");
    }

    #[test]
    fn what_is_wrong_is_shown_although_it_means_nothing_here() {
        let faults = FieldFaults {
            errors: [("title_template".to_owned(), "nothing fills in {x}".to_owned())].into(),
            ..FieldFaults::default()
        };
        let settings = ChatSync { title_template: "{x}".into(), ..contacts() };
        assert!(slots(&facts(true), &settings, &faults).contains("nothing fills in {x}"));
    }

    #[test]
    fn a_lead_source_says_whether_it_is_there_or_will_be() {
        let of = |source: &str| ChatSync { lead_source: source.into(), ..contacts() };
        assert!(shown(&of("Web")).contains("“Web” is among the choices of Lead Source"));
        assert!(shown(&of("Causeway")).contains("It is added when you activate"));
        let other = slots(&facts(false), &of("Causeway"), &FieldFaults::default());
        assert!(other.contains("It is written all the same"), "{other}");
    }

    #[test]
    fn that_no_number_is_connected_yet_and_that_groups_can_be_included_stands_in_the_form() {
        let html = shown(&contacts());
        assert!(html.contains("No account is connected yet"), "{html}");
        assert!(html.contains("name=\"groups\"") && html.contains("Include groups"), "{html}");
    }

    #[test]
    fn workflow_rules_are_a_choice_where_the_crm_can_keep_them_from_running() {
        assert!(shown(&contacts()).contains("name=\"run_automation\""));
        assert!(
            !slots(&facts(false), &contacts(), &FieldFaults::default()).contains("name=\"run_automation\"")
        );
    }

    #[test]
    fn the_first_line_has_an_example_and_a_field_for_the_link_can_be_made() {
        let settings =
            ChatSync { shape: Shape::LocalDay, title_template: "{name}, {DD/MM/YYYY}".into(), ..contacts() };
        let html = shown(&settings);
        assert!(html.contains("It reads: Maria Costa, 31/01/2026"), "{html}");
        assert!(html.contains("formaction=\"/x/link-field\""), "{html}");
        let chosen = ChatSync { link_field: Some("Chat_URL".into()), ..settings };
        assert!(!shown(&chosen).contains("/x/link-field"), "there is one");
    }
}
