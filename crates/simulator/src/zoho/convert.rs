//! Converting a lead: it becomes a contact, an account and perhaps a deal, and vanishes from lists and searches.

use serde_json::{Map, Value, json};

use super::problem::{Outcome, Problem, invalid_id};
use super::rest::{body, elements};
use super::schema::Row;
use super::state::{Caller, State, text};
use super::{batch, ids, seed, show, validate};
use crate::answer::Answer;
use crate::call::Call;

/// What a lead is to become.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// A contact that exists.
    pub contact: Option<String>,
    /// An account that exists.
    pub account: Option<String>,
    /// A deal to be made.
    pub deal: Option<Map<String, Value>>,
    /// The owner of all of them.
    pub owner: Option<String>,
}

/// What it became.
#[derive(Clone, Debug)]
pub struct Made {
    /// The contact.
    pub contact: String,
    /// The account, unless the lead had no company.
    pub account: Option<String>,
    /// The deal, if one was wished for.
    pub deal: Option<String>,
}

/// `POST /Leads/{id}/actions/convert`.
pub fn answer(state: &mut State, caller: &Caller, call: &Call, lead: &str) -> Outcome<Answer> {
    state.store.live("Leads", lead).ok_or_else(|| invalid_id(1))?;
    let given = elements(&body(call)?, "data", 1)?;
    let known = |name: &str| given[0].get(name).and_then(ids::inside);
    let wish = Wish {
        contact: known("Contacts"),
        account: known("Accounts"),
        deal: given[0].get("Deals").and_then(Value::as_object).cloned(),
        owner: given[0].get("assign_to").and_then(|owner| validate::owner(state, owner)),
    };
    let result = convert(state, &caller.user, lead, &wish).map(|made| {
        let named = |module: &str, id: &Option<String>| {
            id.as_ref().map(|id| json!({"name": show::name_of(state, module, id), "id": id}))
        };
        let details = json!({"Contacts": named("Contacts", &Some(made.contact.clone())),
            "Accounts": named("Accounts", &made.account), "Deals": named("Deals", &made.deal)});
        json!({"code": "SUCCESS", "details": details, "message": "The record has been converted successfully",
            "status": "success"})
    });
    Ok(batch::answer(state, "data", 200, vec![result]))
}

/// Converts a lead; notes and files move on with it.
pub fn convert(state: &mut State, user: &str, id: &str, wish: &Wish) -> Outcome<Made> {
    let lead = state.store.live("Leads", id).filter(|lead| !lead.contains_key("Converted__s")).cloned();
    let lead = lead.ok_or_else(|| Problem::new(400, "ID_ALREADY_CONVERTED", "id already converted"))?;
    let owner = wish.owner.clone().unwrap_or_else(|| text(&lead, "Owner").to_owned());
    let company = text(&lead, "Company");
    let account = wish.account.clone().or_else(|| {
        let same = state
            .store
            .find("Accounts", "Account_Name", company)
            .first()
            .map(|row| text(row, "id").to_owned());
        let fresh = json!({"Account_Name": company, "Owner": owner, "Created_By": user, "Modified_By": user});
        if company.is_empty() { None } else { same.or_else(|| Some(seed::add(state, "Accounts", fresh))) }
    });
    let contact = if let Some(contact) = &wish.contact {
        contact.clone()
    } else {
        let fields = contact_of(&lead, &owner, user, account.as_deref());
        seed::add(state, "Contacts", fields)
    };
    let deal = wish.deal.as_ref().map(|deal| {
        let mut fields = Value::Object(deal.clone());
        fields["Contact_Name"] = json!(contact);
        fields["Account_Name"] = json!(account);
        fields["Owner"] = json!(owner);
        seed::add(state, "Deals", fields)
    });
    let now = json!(state.clock.seconds());
    let mut converted = lead;
    converted.insert("Converted__s".to_owned(), json!(true));
    converted.insert("Converted_Date_Time".to_owned(), now.clone());
    converted.insert("Modified_Time".to_owned(), now);
    for (field, id) in [
        ("Converted_Contact", Some(&contact)),
        ("Converted_Account", account.as_ref()),
        ("Converted_Deal", deal.as_ref()),
    ] {
        converted.extend(id.map(|id| (field.to_owned(), json!(id))));
    }
    state.store.put("Leads", converted);
    move_children(state, id, "Contacts", &contact);
    Ok(Made { contact, account, deal })
}

fn contact_of(lead: &Row, owner: &str, user: &str, account: Option<&str>) -> Value {
    const SAME: &[&str] = &[
        "First_Name",
        "Last_Name",
        "Salutation",
        "Phone",
        "Mobile",
        "Email",
        "Secondary_Email",
        "Fax",
        "Lead_Source",
        "Description",
        "Skype_ID",
        "Twitter",
        "Tag",
    ];
    const OTHERWISE: &[(&str, &str)] = &[
        ("Designation", "Title"),
        ("Street", "Mailing_Street"),
        ("City", "Mailing_City"),
        ("State", "Mailing_State"),
        ("Country", "Mailing_Country"),
        ("Zip_Code", "Mailing_Zip"),
    ];
    let mut fields =
        json!({"Owner": owner, "Created_By": user, "Modified_By": user, "Account_Name": account});
    let renamed = SAME.iter().map(|name| (*name, *name)).chain(OTHERWISE.iter().copied());
    for (from, to) in renamed {
        if let Some(value) = lead.get(from) {
            fields[to] = value.clone();
        }
    }
    fields
}

/// Hangs notes, files and activities of one record on another.
pub fn move_children(state: &mut State, from: &str, module: &str, to: &str) {
    for (table, field) in [
        ("Notes", "Parent_Id"),
        ("Attachments", "Parent_Id"),
        ("Tasks", "What_Id"),
        ("Events", "What_Id"),
        ("Calls", "What_Id"),
        ("Tasks", "Who_Id"),
        ("Events", "Who_Id"),
        ("Calls", "Who_Id"),
        ("Deals", "Contact_Name"),
        ("Contacts", "Account_Name"),
        ("Deals", "Account_Name"),
    ] {
        let children: Vec<Row> = state.store.find(table, field, from).into_iter().cloned().collect();
        for mut child in children {
            // A task of a lead hangs on it as on a thing; of a contact, as on a person.
            if field == "What_Id" && module == "Contacts" {
                child.remove("What_Id");
                child.remove("$se_module");
                child.insert("Who_Id".to_owned(), json!(to));
            } else {
                child.insert(field.to_owned(), json!(to));
                if matches!(field, "Parent_Id" | "What_Id") {
                    child.insert("$se_module".to_owned(), json!(module));
                }
            }
            state.store.put(table, child);
        }
    }
}
