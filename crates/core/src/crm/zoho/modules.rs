//! What Zoho calls modules, and which of their fields hold what we know of people.
//!
//! `api_name` is what every request uses. Labels can be renamed by the customer and `module_name` is an older, internal
//! name, which the addresses of pages have.

use crate::record::{Module, ModuleProfile, PersonField};

/// The API's name of a module.
pub(super) fn api_name(module: &Module) -> &str {
    match module {
        Module::Contact => "Contacts",
        Module::Lead => "Leads",
        Module::Task => "Tasks",
        Module::Note => "Notes",
        Module::Other(name) => name.as_str(),
    }
}

/// The module of that name.
pub(super) fn named(api_name: &str) -> Option<Module> {
    let known = [Module::Contact, Module::Lead, Module::Task, Module::Note];
    let found = known.into_iter().find(|module| self::api_name(module) == api_name);
    found.or_else(|| Module::other(api_name).filter(|_| super::wire::is_name(api_name)))
}

/// Things done with people, not people, and a list of users: nothing that conversations could go to.
pub(super) const NEVER: [&str; 6] = ["Tasks", "Events", "Calls", "Activities", "Users", "Visits"];

/// The field that a record of a stock module is called by. A custom one is called by `Name`.
fn name_field(module: &str) -> &str {
    match module {
        "Contacts" | "Leads" => "Last_Name",
        "Accounts" => "Account_Name",
        "Vendors" => "Vendor_Name",
        "Deals" => "Deal_Name",
        "Campaigns" => "Campaign_Name",
        "Products" => "Product_Name",
        "PriceBooks" => "Price_Book_Name",
        "Cases" | "Quotes" | "Sales_Orders" | "Purchase_Orders" | "Invoices" => "Subject",
        "Solutions" => "Solution_Title",
        _ => "Name",
    }
}

/// The value of a person that a field of a module holds. `Full_Name` is put together by Zoho and holds none that could be
/// written.
pub(super) fn meaning(module: &str, field: &str) -> Option<PersonField> {
    if field == name_field(module) {
        return Some(PersonField::LastName);
    }
    Some(match field {
        "First_Name" => PersonField::FirstName,
        "Company" => PersonField::Company,
        "Account_Name" => PersonField::Account,
        "Phone" => PersonField::Phone,
        "Email" => PersonField::Email,
        "Owner" => PersonField::Owner,
        "Lead_Status" if module == "Leads" => PersonField::Status,
        "Lead_Source" => PersonField::LeadSource,
        "Description" => PersonField::Description,
        _ => return None,
    })
}

/// What Zoho calls a field: as described, or by its usual name where nothing is described yet.
pub(super) fn field_name<'a>(
    module: &'a Module,
    profile: Option<&'a ModuleProfile>,
    field: &'a PersonField,
) -> Option<&'a str> {
    if let PersonField::Custom(name) = field {
        return super::wire::is_name(name).then_some(name);
    }
    if let Some(profile) = profile {
        return profile.holding(field).map(|field| field.name.as_str());
    }
    Some(match field {
        PersonField::FirstName => "First_Name",
        PersonField::LastName => name_field(api_name(module)),
        PersonField::Company => "Company",
        PersonField::Account => "Account_Name",
        PersonField::Phone => "Phone",
        PersonField::Email => "Email",
        PersonField::Owner => "Owner",
        PersonField::Status => "Lead_Status",
        PersonField::LeadSource => "Lead_Source",
        PersonField::Description => "Description",
        PersonField::Custom(_) => return None,
    })
}
