//! Leads, contacts, and whom they work for.

use super::super::schema::{Field, Kind, Module};
use super::builder::{description, field, lookup, module, phones, picklist, texts};

/// Where people come from.
pub const SOURCES: &[&str] = &[
    "Advertisement",
    "Cold Call",
    "Employee Referral",
    "External Referral",
    "Online Store",
    "Partner",
    "Public Relations",
    "Trade Show",
    "Web Download",
    "Chat",
];

const SALUTATIONS: &[&str] = &["Mr.", "Mrs.", "Ms.", "Dr.", "Prof."];
const INDUSTRIES: &[&str] = &["Communications", "Consulting", "Education", "Manufacturing", "Real Estate"];

fn name_of_person() -> Vec<Field> {
    vec![
        field("Last_Name", Kind::Text, 80).mandatory(),
        picklist("Salutation", SALUTATIONS),
        field("First_Name", Kind::Text, 40),
        field("Full_Name", Kind::Text, 120).read_only(),
    ]
}

fn reach() -> Vec<Field> {
    let mut fields = vec![
        field("Email", Kind::Email, 100),
        field("Secondary_Email", Kind::Email, 100),
        field("Email_Opt_Out", Kind::Boolean, 5),
    ];
    fields.extend(texts(&["Fax"], 30));
    fields.extend(texts(&["Skype_ID", "Twitter"], 50));
    fields
}

/// Leads.
pub fn leads() -> Module {
    let mut leads = module(
        "Leads",
        "Lead",
        vec![
            name_of_person(),
            vec![
                field("Company", Kind::Text, 200).on_layout_mandatory(),
                field("Designation", Kind::Text, 100),
                picklist("Lead_Source", SOURCES),
                picklist(
                    "Lead_Status",
                    &["Attempted to Contact", "Contact in Future", "Contacted", "Junk Lead", "Not Contacted"],
                ),
                picklist("Industry", INDUSTRIES),
                picklist("Rating", &["Acquired", "Active", "Market Failed", "Shut Down"]),
                field("No_of_Employees", Kind::Integer, 16),
                field("Annual_Revenue", Kind::Currency, 16),
                field("Website", Kind::Website, 255),
            ],
            phones(&["Phone", "Mobile"]),
            reach(),
            texts(&["Street"], 250),
            texts(&["City", "State", "Country"], 100),
            texts(&["Zip_Code"], 30),
            vec![
                description(),
                field("Record_Image", Kind::Profileimage, 255),
                field("Converted__s", Kind::Boolean, 5).read_only(),
                field("Converted_Date_Time", Kind::Datetime, 120).read_only(),
                lookup("Converted_Contact", "Contacts").read_only(),
                lookup("Converted_Account", "Accounts").read_only(),
                lookup("Converted_Deal", "Deals").read_only(),
                field("Last_Activity_Time", Kind::Datetime, 120).read_only(),
            ],
        ],
    );
    leads.check_field = Some("Email".to_owned());
    leads
}

/// Contacts.
pub fn contacts() -> Module {
    let mut contacts = module(
        "Contacts",
        "Contact",
        vec![
            name_of_person(),
            vec![
                lookup("Account_Name", "Accounts"),
                lookup("Vendor_Name", "Vendors"),
                lookup("Reporting_To", "Contacts"),
                field("Title", Kind::Text, 100),
                field("Department", Kind::Text, 50),
                field("Assistant", Kind::Text, 50),
                field("Date_of_Birth", Kind::Date, 20),
                picklist("Lead_Source", SOURCES),
            ],
            phones(&["Phone", "Mobile", "Home_Phone", "Other_Phone", "Asst_Phone"]),
            reach(),
            texts(&["Mailing_Street", "Other_Street"], 250),
            texts(&["Mailing_City", "Mailing_State", "Mailing_Country", "Other_City", "Other_Country"], 100),
            texts(&["Mailing_Zip", "Other_Zip"], 30),
            vec![
                description(),
                field("Record_Image", Kind::Profileimage, 255),
                field("Last_Activity_Time", Kind::Datetime, 120).read_only(),
            ],
        ],
    );
    contacts.check_field = Some("Email".to_owned());
    contacts
}

/// Accounts.
pub fn accounts() -> Module {
    let mut accounts = module(
        "Accounts",
        "Account",
        vec![
            vec![
                field("Account_Name", Kind::Text, 200).mandatory(),
                lookup("Parent_Account", "Accounts"),
                picklist("Account_Type", &["Analyst", "Competitor", "Customer", "Partner", "Supplier"]),
                picklist("Industry", INDUSTRIES),
                field("Annual_Revenue", Kind::Currency, 16),
                field("Employees", Kind::Integer, 16),
                field("Website", Kind::Website, 255),
            ],
            phones(&["Phone"]),
            texts(&["Fax"], 30),
            texts(&["Account_Number", "Account_Site"], 40),
            texts(&["Billing_Street", "Shipping_Street"], 250),
            texts(&["Billing_City", "Billing_State", "Billing_Country", "Billing_Code"], 100),
            vec![description()],
        ],
    );
    accounts.check_field = Some("Account_Name".to_owned());
    accounts
}

/// Vendors.
pub fn vendors() -> Module {
    let mut vendors = module(
        "Vendors",
        "Vendor",
        vec![
            vec![field("Vendor_Name", Kind::Text, 120).mandatory(), field("Email", Kind::Email, 100)],
            phones(&["Phone"]),
            vec![field("Website", Kind::Website, 255)],
            texts(&["Category"], 50),
            texts(&["Street"], 250),
            texts(&["City", "State", "Country"], 100),
            vec![description()],
        ],
    );
    vendors.check_field = Some("Vendor_Name".to_owned());
    vendors
}
