//! Deals, campaigns, cases and products.

use super::super::schema::{Kind, Module};
use super::builder::{description, field, lookup, module, phones, picklist, texts};
use super::people::SOURCES;

/// Deals. Most of what a customer may track; no phone.
pub fn deals() -> Module {
    let mut deals = module(
        "Deals",
        "Deal",
        vec![vec![
            field("Deal_Name", Kind::Text, 120).mandatory(),
            picklist(
                "Stage",
                &["Qualification", "Needs Analysis", "Proposal/Price Quote", "Closed Won", "Closed Lost"],
            )
            .mandatory(),
            lookup("Account_Name", "Accounts"),
            lookup("Contact_Name", "Contacts"),
            field("Amount", Kind::Currency, 16),
            field("Closing_Date", Kind::Date, 20),
            field("Probability", Kind::Integer, 9),
            field("Next_Step", Kind::Text, 100),
            picklist("Type", &["Existing Business", "New Business"]),
            picklist("Lead_Source", SOURCES),
            description(),
        ]],
    );
    "Potentials".clone_into(&mut deals.inner_name);
    deals.check_field = Some("Deal_Name".to_owned());
    deals
}

/// Campaigns. No phone.
pub fn campaigns() -> Module {
    let mut campaigns = module(
        "Campaigns",
        "Campaign",
        vec![vec![
            field("Campaign_Name", Kind::Text, 120).mandatory(),
            picklist("Status", &["Planning", "Active", "Inactive", "Complete"]),
            field("Start_Date", Kind::Date, 20),
            field("End_Date", Kind::Date, 20),
            description(),
        ]],
    );
    campaigns.check_field = Some("Campaign_Name".to_owned());
    campaigns
}

/// Cases.
pub fn cases() -> Module {
    let mut cases = module(
        "Cases",
        "Case",
        vec![
            vec![
                field("Subject", Kind::Text, 255).mandatory(),
                picklist("Status", &["New", "On Hold", "Escalated", "Closed"]),
                picklist("Case_Origin", &["Email", "Phone", "Web"]),
                lookup("Account_Name", "Accounts"),
                lookup("Related_To", "Contacts"),
                field("Email", Kind::Email, 100),
            ],
            phones(&["Phone"]),
            vec![description()],
        ],
    );
    cases.check_field = Some("Subject".to_owned());
    cases
}

/// Products. No phone.
pub fn products() -> Module {
    let mut products = module(
        "Products",
        "Product",
        vec![
            vec![
                field("Product_Name", Kind::Text, 200).mandatory(),
                field("Unit_Price", Kind::Currency, 16),
                field("Product_Active", Kind::Boolean, 5),
                lookup("Vendor_Name", "Vendors"),
            ],
            texts(&["Product_Code"], 40),
            vec![description()],
        ],
    );
    products.check_field = Some("Product_Name".to_owned());
    products
}
