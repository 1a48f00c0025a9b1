//! The people and companies of the org: Account, Contact, Lead, and what hangs on them.

use super::fields::{
    address, field, flag, long_text, object, phone, picklist, read_only_object, reference, text,
};
use crate::salesforce::schema::{
    FieldKind::{Boolean, Combobox, Currency, Date, Datetime, Double, Email, Int, Percent, Url},
    FieldSchema, ObjectSchema,
};

const SOURCES: &[&str] = &["Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other"];
const INDUSTRIES: &[&str] =
    &["Agriculture", "Banking", "Consulting", "Education", "Retail", "Technology", "Other"];
const SALUTATIONS: &[&str] = &["Mr.", "Ms.", "Mrs.", "Dr.", "Prof.", "Mx."];

/// Account (001).
pub fn account() -> ObjectSchema {
    let mut fields = vec![
        reference("MasterRecordId", "Master Record ID", &["Account"]).read_only(),
        text("Name", "Account Name", 255).required().named(),
        picklist("Type", "Account Type", &["Prospect", "Customer - Direct", "Other"]),
        reference("ParentId", "Parent Account ID", &["Account"]),
    ];
    fields.extend(address("Billing"));
    fields.extend(address("Shipping"));
    fields.extend([
        phone("Phone", "Account Phone"),
        phone("Fax", "Account Fax"),
        text("AccountNumber", "Account Number", 40),
        field("Website", "Website", Url),
        picklist("Industry", "Industry", INDUSTRIES),
        field("AnnualRevenue", "Annual Revenue", Currency),
        field("NumberOfEmployees", "Employees", Int),
        long_text("Description", "Account Description"),
        picklist("Rating", "Account Rating", &["Hot", "Warm", "Cold"]),
        owner(&["User"]),
        last_activity(),
        picklist("AccountSource", "Account Source", SOURCES),
    ]);
    object("Account", "Account", "Accounts", "001", fields)
}

/// Contact (003).
pub fn contact() -> ObjectSchema {
    let mut fields = vec![
        reference("MasterRecordId", "Master Record ID", &["Contact"]).read_only(),
        reference("AccountId", "Account ID", &["Account"]),
    ];
    fields.extend(person_name());
    fields.extend(address("Other"));
    fields.extend(address("Mailing"));
    fields.extend([
        phone("Phone", "Business Phone"),
        phone("Fax", "Business Fax"),
        phone("MobilePhone", "Mobile Phone"),
        phone("HomePhone", "Home Phone"),
        phone("OtherPhone", "Other Phone"),
        phone("AssistantPhone", "Asst. Phone"),
        reference("ReportsToId", "Reports To ID", &["Contact"]),
        field("Email", "Email", Email).id_lookup(),
        text("Title", "Title", 128),
        text("Department", "Department", 80),
        text("AssistantName", "Assistant's Name", 40),
        picklist("LeadSource", "Lead Source", SOURCES),
        field("Birthdate", "Birthdate", Date),
        long_text("Description", "Contact Description"),
        owner(&["User"]),
        flag("HasOptedOutOfEmail", "Email Opt Out"),
        flag("HasOptedOutOfFax", "Fax Opt Out"),
        flag("DoNotCall", "Do Not Call"),
        last_activity(),
        text("EmailBouncedReason", "Email Bounced Reason", 255),
        field("EmailBouncedDate", "Email Bounced Date", Datetime),
        flag("IsEmailBounced", "Is Email Bounced").read_only(),
    ]);
    object("Contact", "Contact", "Contacts", "003", fields)
}

/// Lead (00Q).
pub fn lead() -> ObjectSchema {
    let mut fields = vec![reference("MasterRecordId", "Master Record ID", &["Lead"]).read_only()];
    fields.extend(person_name());
    fields.extend([text("Title", "Title", 128), text("Company", "Company", 255).required()]);
    fields.extend(address(""));
    fields.extend([
        phone("Phone", "Phone"),
        phone("MobilePhone", "Mobile Phone"),
        phone("Fax", "Fax"),
        field("Email", "Email", Email).id_lookup(),
        field("Website", "Website", Url),
        long_text("Description", "Description"),
        picklist("LeadSource", "Lead Source", SOURCES),
        picklist(
            "Status",
            "Status",
            &["*Open - Not Contacted", "Working - Contacted", "Closed - Converted", "Closed - Not Converted"],
        )
        .required()
        .defaulted(),
        picklist("Industry", "Industry", INDUSTRIES),
        picklist("Rating", "Rating", &["Hot", "Warm", "Cold"]),
        field("AnnualRevenue", "Annual Revenue", Currency),
        field("NumberOfEmployees", "Employees", Int),
        owner(&["Group", "User"]),
        flag("HasOptedOutOfEmail", "Email Opt Out"),
        flag("DoNotCall", "Do Not Call"),
        flag("IsConverted", "Converted").read_only(),
        field("ConvertedDate", "Converted Date", Date).read_only(),
        reference("ConvertedAccountId", "Converted Account ID", &["Account"]).read_only(),
        reference("ConvertedContactId", "Converted Contact ID", &["Contact"]).read_only(),
        reference("ConvertedOpportunityId", "Converted Opportunity ID", &["Opportunity"]).read_only(),
        flag("IsUnreadByOwner", "Unread By Owner"),
        last_activity(),
    ]);
    object("Lead", "Lead", "Leads", "00Q", fields)
}

/// LeadStatus (01J): the statuses, as an administrator lists them.
pub fn lead_status() -> ObjectSchema {
    let mut status = read_only_object("LeadStatus", "Lead Status Value", "Lead Status Value", "01J", {
        vec![
            text("MasterLabel", "Master Label", 255).kept().named(),
            text("ApiName", "Api Name", 255).kept(),
            field("SortOrder", "Sort Order", Int).read_only(),
            flag("IsDefault", "Is Default").read_only(),
            flag("IsConverted", "Converted").read_only(),
        ]
    });
    status.fields.retain(|field| field.name != "IsDeleted" && field.name != "CreatedDate");
    status.fields.retain(|field| field.name != "CreatedById");
    status.replicateable = false;
    status
}

/// Opportunity (006).
pub fn opportunity() -> ObjectSchema {
    let fields = vec![
        reference("AccountId", "Account ID", &["Account"]),
        text("Name", "Name", 120).required().named(),
        long_text("Description", "Description"),
        picklist("StageName", "Stage", &["Prospecting", "Negotiation/Review", "Closed Won", "Closed Lost"])
            .required(),
        field("Amount", "Amount", Currency),
        field("Probability", "Probability (%)", Percent),
        field("CloseDate", "Close Date", Date).required(),
        picklist("Type", "Opportunity Type", &["Existing Business", "New Business"]),
        picklist("LeadSource", "Lead Source", SOURCES),
        field("ExpectedRevenue", "Expected Amount", Double).read_only(),
        owner(&["User"]),
        last_activity(),
    ];
    object("Opportunity", "Opportunity", "Opportunities", "006", fields)
}

/// Case (500).
pub fn case() -> ObjectSchema {
    let fields = vec![
        text("CaseNumber", "Case Number", 30).kept().named().id_lookup(),
        reference("ContactId", "Contact ID", &["Contact"]),
        reference("AccountId", "Account ID", &["Account"]),
        text("SuppliedName", "Name", 80),
        field("SuppliedEmail", "Email Address", Email),
        text("SuppliedPhone", "Phone", 40),
        picklist("Type", "Case Type", &["Question", "Problem", "Feature Request"]),
        picklist("Status", "Status", &["*New", "Working", "Escalated", "Closed"]).defaulted(),
        picklist("Origin", "Case Origin", &["Phone", "Email", "Web"]),
        text("Subject", "Subject", 255),
        picklist("Priority", "Priority", &["High", "*Medium", "Low"]).defaulted(),
        long_text("Description", "Description"),
        field("IsClosed", "Closed", Boolean).read_only(),
        owner(&["Group", "User"]),
    ];
    object("Case", "Case", "Cases", "500", fields)
}

fn person_name() -> Vec<FieldSchema> {
    vec![
        text("LastName", "Last Name", 80).required().of("Name"),
        text("FirstName", "First Name", 40).of("Name"),
        picklist("Salutation", "Salutation", SALUTATIONS).len(40).of("Name"),
        text("Name", "Full Name", 121).kept().named(),
    ]
}

fn owner(kinds: &[&str]) -> FieldSchema {
    reference("OwnerId", "Owner ID", kinds).required().defaulted()
}

fn last_activity() -> FieldSchema {
    field("LastActivityDate", "Last Activity", Date).read_only()
}

/// A subject: free text with suggestions.
pub fn subject() -> FieldSchema {
    let mut subject = field("Subject", "Subject", Combobox).len(255).listing(&["Call", "Email", "Other"]);
    subject.groupable = false;
    subject.name_field = true;
    subject
}
