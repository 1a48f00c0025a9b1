//! What an administrator keeps: users, profiles, queues, the organization itself.

use super::fields::{field, flag, object, phone, picklist, read_only_object, reference, text};
use crate::salesforce::schema::{
    FieldKind::{Datetime, Email},
    ObjectSchema,
};

/// User (005).
pub fn user() -> ObjectSchema {
    let fields = vec![
        text("Username", "Username", 80).required().id_lookup(),
        text("LastName", "Last Name", 80).required().of("Name"),
        text("FirstName", "First Name", 40).of("Name"),
        text("Name", "Full Name", 121).kept().named(),
        text("CompanyName", "Company Name", 80),
        text("Division", "Division", 80),
        text("Department", "Department", 80),
        text("Title", "Title", 80),
        field("Email", "Email", Email).len(128).required().id_lookup(),
        phone("Phone", "Phone"),
        phone("MobilePhone", "Mobile"),
        text("Alias", "Alias", 8).required(),
        text("CommunityNickname", "Nickname", 40).required().defaulted(),
        flag("IsActive", "Active"),
        picklist("TimeZoneSidKey", "Time Zone", &["UTC", "Europe/Berlin", "America/Los_Angeles"])
            .len(40)
            .required(),
        picklist("LocaleSidKey", "Locale", &["en_US", "de_DE"]).len(40).required(),
        picklist("EmailEncodingKey", "Email Encoding", &["UTF-8"]).len(40).required(),
        reference("ProfileId", "Profile ID", &["Profile"]).required(),
        picklist("UserType", "User Type", &["Standard"]).len(40).read_only(),
        picklist("LanguageLocaleKey", "Language", &["en_US", "de"]).len(40).required(),
        text("FederationIdentifier", "SAML Federation ID", 512),
        field("LastLoginDate", "Last Login", Datetime).read_only(),
        reference("ManagerId", "Manager ID", &["User"]),
    ];
    let mut user = object("User", "User", "Users", "005", fields);
    user.fields.retain(|field| field.name != "IsDeleted");
    user.deletable = false;
    user
}

/// Profile (00e).
pub fn profile() -> ObjectSchema {
    let fields =
        vec![text("Name", "Name", 255).kept().named(), text("Description", "Description", 255).read_only()];
    let mut profile = read_only_object("Profile", "Profile", "Profile", "00e", fields);
    profile.fields.retain(|field| field.name != "IsDeleted");
    profile
}

/// Organization (00D): one row.
pub fn organization() -> ObjectSchema {
    let fields = vec![
        text("Name", "Name", 80).kept().named(),
        text("InstanceName", "Instance Name", 5).read_only(),
        flag("IsSandbox", "Is Sandbox").read_only(),
        picklist("OrganizationType", "Edition", &["Developer Edition", "Enterprise Edition"])
            .len(40)
            .read_only(),
        field("TrialExpirationDate", "Trial Expiration Date", Datetime).read_only(),
        text("NamespacePrefix", "Namespace Prefix", 15).read_only(),
        text("PrimaryContact", "Primary Contact", 80).read_only(),
        picklist("LanguageLocaleKey", "Language", &["en_US"]).len(40).read_only(),
        picklist("TimeZoneSidKey", "Time Zone", &["UTC"]).len(40).read_only(),
        text("Country", "Country", 80).read_only(),
    ];
    let mut organization = read_only_object("Organization", "Organization", "Organizations", "00D", fields);
    organization.fields.retain(|field| field.name != "IsDeleted");
    organization.replicateable = false;
    organization
}

/// Group (00G): queues live here.
pub fn group() -> ObjectSchema {
    let fields = vec![
        text("Name", "Name", 40).required().named(),
        text("DeveloperName", "Developer Name", 80),
        picklist("Type", "Type", &["Queue", "Regular"]).len(40).required().create_only(),
        field("Email", "Email", Email).len(255),
    ];
    let mut group = object("Group", "Group", "Group", "00G", fields);
    group.fields.retain(|field| field.name != "IsDeleted");
    group
}

/// RecordType (012): none is defined, the object answers queries.
pub fn record_type() -> ObjectSchema {
    let fields = vec![
        text("Name", "Name", 80).kept().named(),
        text("DeveloperName", "Developer Name", 80).read_only(),
        picklist("SobjectType", "SObject Type Name", &["Account", "Contact", "Lead", "Task"])
            .len(40)
            .read_only(),
        flag("IsActive", "Active").read_only(),
    ];
    let mut record_type = read_only_object("RecordType", "Record Type", "Record Types", "012", fields);
    record_type.fields.retain(|field| field.name != "IsDeleted");
    record_type
}

/// AssignmentRule (01Q): the rule that moves new leads to another owner.
pub fn assignment_rule() -> ObjectSchema {
    let fields = vec![
        text("Name", "Name", 120).kept().named(),
        picklist("SobjectType", "SObject Type", &["Case", "Lead"]).len(40).read_only(),
        flag("Active", "Active").read_only(),
    ];
    let mut rule = read_only_object("AssignmentRule", "Assignment Rule", "Assignment Rules", "01Q", fields);
    rule.fields.retain(|field| field.name != "IsDeleted");
    rule.replicateable = false;
    rule
}
