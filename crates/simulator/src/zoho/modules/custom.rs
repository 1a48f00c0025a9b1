//! What this customer added: one module that a conversation can go to, and three that it cannot, each for its reason.

use super::super::schema::{Field, Kind, Module};
use super::builder::{description, field, module, phones, picklist, texts};

/// A custom module whose records have a name and nothing else.
pub fn bare(api_name: &str, number: usize) -> Module {
    own(api_name, &api_name.replace('_', " "), u32::try_from(number).unwrap_or(u32::MAX), Vec::new())
}

fn own(api_name: &str, singular: &str, number: u32, fields: Vec<Vec<Field>>) -> Module {
    let mut all = vec![vec![field("Name", Kind::Text, 120).mandatory()]];
    all.extend(fields);
    let mut own = module(api_name, singular, all);
    own.inner_name = format!("CustomModule{number}");
    "custom".clone_into(&mut own.generated);
    own.check_field = Some("Name".to_owned());
    for field in
        own.fields.iter_mut().filter(|field| field.create && !matches!(field.kind, Kind::Ownerlookup))
    {
        field.custom = !matches!(field.api_name.as_str(), "Name" | "Tag");
    }
    own
}

/// All of them.
pub fn all() -> Vec<Module> {
    let partners = own(
        "Partners",
        "Partner",
        1,
        vec![
            phones(&["Phone", "WhatsApp_Number"]),
            vec![
                field("Email", Kind::Email, 100),
                picklist("Partner_Source", &["Fair", "Referral"]),
                field("Chat_Link", Kind::Website, 450),
                description(),
            ],
        ],
    );
    let shipments = own("Shipments", "Shipment", 2, vec![texts(&["Tracking_Number"], 60)]);
    let mut archived = own("Archived_Clients", "Archived Client", 3, vec![phones(&["Phone"])]);
    "user_hidden".clone_into(&mut archived.status);
    let mut readings = own("Meter_Readings", "Meter Reading", 4, vec![phones(&["Sim_Card"])]);
    readings.creatable = false;
    vec![partners, shipments, archived, readings]
}
