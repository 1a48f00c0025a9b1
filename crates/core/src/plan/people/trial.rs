//! A record that tries out settings: made by the same rules as that of a stranger, and known again by its name, or by
//! its e-mail address where the module has one (R2.42, R4.23).

use super::{Conversation, Input, Known, PersonState, Written, fields};
use crate::{
    address::Address,
    call::{PeopleQuery, PersonWrite},
    lane::retry,
    plan::{
        revision::{Setting, changed},
        settings::ChatSync,
    },
    record::{Module, OrgProfile, PersonField, PersonRecord},
    time::Timestamp,
};

/// A number that is given to nobody.
const NUMBER: &str = "12025550123";

/// The settings by which a new record gets what it has. Its name is the trial's own, so how people without a name are
/// called is tried out by none.
const OF_A_NEW_RECORD: [Setting; 7] = [
    Setting::PhoneField,
    Setting::NameField,
    Setting::SourceField,
    Setting::LinkField,
    Setting::LeadSource,
    Setting::Company,
    Setting::NewRecordValues,
];

/// A trial, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial(pub i64);

impl Trial {
    /// Must these settings be tried out before they are in force? `before`: those in force, if some are. They must where
    /// new records are made, and none were made so before: in another module, or with other values in other fields. How
    /// conversations become entries no record of a person can tell.
    pub fn is_due(before: Option<&ChatSync>, settings: &ChatSync) -> bool {
        let Some(module) = settings.new_module() else { return false };
        before.is_none_or(|before| {
            before.new_module() != Some(module)
                || changed(before, settings).iter().any(|setting| OF_A_NEW_RECORD.contains(setting))
        })
    }

    /// The e-mail address of its record.
    pub fn email(self) -> String {
        format!("causeway-test-{}@example.com", self.0)
    }

    /// The module in which it is made. Where strangers get no record, the one where they would.
    pub fn module(settings: &ChatSync) -> Module {
        crate::plan::places::new_module(settings)
    }

    /// The record, as a stranger's of that channel would be whose conversation is read at `chat_url`; it belongs to the
    /// acting user.
    pub fn write(self, settings: &ChatSync, org: &OrgProfile, channel: &str, chat_url: &str) -> PersonWrite {
        let module = Self::module(settings);
        let person = self.person(module, org, channel, chat_url);
        let input = Input {
            now: Timestamp::default(),
            settled: retry::SETTLED,
            region: None,
            settings,
            org,
            finds_per_call: 1,
            people: &[],
            known: &Known::default(),
        };
        let mut fields = fields::new_person(&person, module, &input).fields;
        fields.insert(PersonField::Owner, org.acting_user.id.clone());
        PersonWrite {
            id: None,
            module,
            fields,
            allow_duplicate: true,
            sets_off: false,
            unmodified_since: None,
        }
    }

    fn person(self, module: Module, org: &OrgProfile, channel: &str, chat_url: &str) -> PersonState {
        let has_email = org.module(module).holding(&PersonField::Email).is_some();
        let email = has_email.then(|| Address::email(&self.email())).flatten();
        PersonState {
            contact_id: self.0,
            addresses: Address::phone_from_international(NUMBER).into_iter().chain(email).collect(),
            name: Some(format!("Causeway test {}", self.0)),
            link: None,
            must_follow: false,
            may_be_converted: false,
            written: Written::default(),
            unknown_since: None,
            looks: 0,
            suspects: Vec::new(),
            allow_duplicate: true,
            conversation: Conversation {
                channel: channel.to_owned(),
                chat_url: chat_url.to_owned(),
                ..Conversation::default()
            },
        }
    }

    /// The search for its record, after an answer was lost. Others may have the same number.
    pub fn query(self, module: Module) -> PeopleQuery {
        let phones = Address::phone_from_international(NUMBER).and_then(|number| number.phone());
        PeopleQuery {
            modules: vec![module],
            phones: phones.into_iter().collect(),
            emails: vec![self.email()],
            ..PeopleQuery::default()
        }
    }

    /// Is it this one's record?
    pub fn is(self, found: &PersonRecord) -> bool {
        let id = self.0.to_string();
        let names = [&found.name, &found.last_name];
        let is_named = names.iter().any(|name| name.split_whitespace().next_back() == Some(id.as_str()));
        !found.is_deleted
            && (is_named || found.emails.iter().any(|email| email.eq_ignore_ascii_case(&self.email())))
    }
}
