//! A short way to write fields down: a kind with its usual flags, then what differs.

use crate::salesforce::schema::{FieldKind, FieldSchema, ObjectSchema, PicklistValue};
use crate::salesforce::switches::CustomField;

/// A field that may be null, set, changed, filtered and sorted.
pub fn field(name: &str, label: &str, kind: FieldKind) -> FieldSchema {
    use FieldKind::{Address, Base64, Boolean, Currency, Datetime, Double, Percent, Time};
    let opaque = matches!(kind, Address | Base64);
    FieldSchema {
        name: name.to_owned(),
        label: label.to_owned(),
        kind,
        length: usual_length(kind),
        nillable: kind != Boolean,
        createable: kind != Address,
        updateable: kind != Address,
        defaulted_on_create: kind == Boolean,
        calculated: false,
        custom: false,
        external_id: false,
        id_lookup: kind == FieldKind::Id,
        unique: false,
        case_sensitive: false,
        filterable: !matches!(kind, Base64),
        sortable: !opaque,
        groupable: !opaque && !matches!(kind, Currency | Datetime | Double | Percent | Time),
        aggregatable: !opaque && kind != Boolean,
        restricted: false,
        name_field: false,
        values: Vec::new(),
        relationship_name: None,
        reference_to: Vec::new(),
        compound: None,
    }
}

/// A text field of that length.
pub fn text(name: &str, label: &str, length: u32) -> FieldSchema {
    field(name, label, FieldKind::String).len(length)
}

/// A phone number: free text of 40 characters.
pub fn phone(name: &str, label: &str) -> FieldSchema {
    field(name, label, FieldKind::Phone)
}

/// A switch, off on a new record.
pub fn flag(name: &str, label: &str) -> FieldSchema {
    field(name, label, FieldKind::Boolean)
}

/// A long text area: kept, never filtered.
pub fn long_text(name: &str, label: &str) -> FieldSchema {
    let mut long = field(name, label, FieldKind::Textarea).len(32_000);
    long.filterable = false;
    long.sortable = false;
    long.groupable = false;
    long.aggregatable = false;
    long
}

/// A reference, the relationship being the name without its `Id`.
pub fn reference(name: &str, label: &str, to: &[&str]) -> FieldSchema {
    let mut reference = field(name, label, FieldKind::Reference);
    reference.relationship_name = name.strip_suffix("Id").map(str::to_owned);
    reference.reference_to = to.iter().map(|object| (*object).to_owned()).collect();
    reference
}

/// A picklist that takes any text; the first value that starts with `*` is the default.
pub fn picklist(name: &str, label: &str, values: &[&str]) -> FieldSchema {
    let mut picklist = field(name, label, FieldKind::Picklist);
    picklist.values = listed(values);
    picklist
}

/// The values of a picklist; `*` marks the default.
pub fn listed(values: &[&str]) -> Vec<PicklistValue> {
    values
        .iter()
        .map(|value| PicklistValue {
            value: value.trim_start_matches('*').to_owned(),
            default: value.starts_with('*'),
        })
        .collect()
}

/// The five parts of an address and the compound that shows them together.
pub fn address(prefix: &str) -> Vec<FieldSchema> {
    let name = |part: &str| format!("{prefix}{part}");
    let label = |part: &str| format!("{prefix} {part}").trim().to_owned();
    let compound = format!("{prefix}Address");
    vec![
        field(&name("Street"), &label("Street"), FieldKind::Textarea).len(255).of(&compound),
        text(&name("City"), &label("City"), 40).of(&compound),
        text(&name("State"), &label("State/Province"), 80).of(&compound),
        text(&name("PostalCode"), &label("Zip/Postal Code"), 20).of(&compound),
        text(&name("Country"), &label("Country"), 80).of(&compound),
        field(&compound, &label("Address"), FieldKind::Address),
    ]
}

/// The administrator's key field on activities: External ID, unique, case-sensitive.
pub fn activity_key(name: &str) -> FieldSchema {
    let mut key = text(name, name.trim_end_matches("__c").replace('_', " ").as_str(), 255);
    key.custom = true;
    key.external_id = true;
    key.unique = true;
    key.case_sensitive = true;
    key
}

/// A text field as an administrator adds it.
pub fn custom(asked: &CustomField) -> FieldSchema {
    let words = asked.name.trim_end_matches("__c").replace('_', " ");
    let label = if asked.label.is_empty() { &words } else { &asked.label };
    let mut field = text(&asked.name, label, if asked.length == 0 { 255 } else { asked.length });
    field.custom = true;
    field.nillable = !asked.required;
    (field.external_id, field.unique, field.case_sensitive) =
        (asked.external_id, asked.external_id, asked.external_id);
    field
}

/// The fields that the platform keeps on every record that people own.
pub fn audit() -> Vec<FieldSchema> {
    vec![
        field("CreatedDate", "Created Date", FieldKind::Datetime).kept(),
        reference("CreatedById", "Created By ID", &["User"]).kept(),
        field("LastModifiedDate", "Last Modified Date", FieldKind::Datetime).kept(),
        reference("LastModifiedById", "Last Modified By ID", &["User"]).kept(),
        field("SystemModstamp", "System Modstamp", FieldKind::Datetime).kept(),
    ]
}

/// An object with `Id`, `IsDeleted`, its own fields and the audit fields.
pub fn object(name: &str, label: &str, plural: &str, prefix: &str, own: Vec<FieldSchema>) -> ObjectSchema {
    let mut fields = vec![
        field("Id", &format!("{label} ID"), FieldKind::Id).kept(),
        flag("IsDeleted", "Deleted").read_only(),
    ];
    fields.extend(own);
    fields.extend(audit());
    ObjectSchema {
        name: name.to_owned(),
        label: label.to_owned(),
        label_plural: plural.to_owned(),
        key_prefix: prefix.to_owned(),
        createable: true,
        updateable: true,
        deletable: true,
        searchable: true,
        replicateable: true,
        fields,
        children: Vec::new(),
    }
}

/// An object that the API only reads.
pub fn read_only_object(
    name: &str,
    label: &str,
    plural: &str,
    prefix: &str,
    own: Vec<FieldSchema>,
) -> ObjectSchema {
    let mut object = object(name, label, plural, prefix, own);
    object.createable = false;
    object.updateable = false;
    object.deletable = false;
    object.searchable = false;
    object
}

fn usual_length(kind: FieldKind) -> u32 {
    match kind {
        FieldKind::Id | FieldKind::Reference => 18,
        FieldKind::String | FieldKind::Picklist | FieldKind::Combobox | FieldKind::Url => 255,
        FieldKind::Phone => 40,
        FieldKind::Email => 80,
        _ => 0,
    }
}

impl FieldSchema {
    pub(super) fn len(mut self, length: u32) -> Self {
        self.length = length;
        self
    }

    pub(super) fn required(mut self) -> Self {
        self.nillable = false;
        self
    }

    pub(super) fn defaulted(mut self) -> Self {
        self.defaulted_on_create = true;
        self
    }

    pub(super) fn read_only(mut self) -> Self {
        self.createable = false;
        self.updateable = false;
        self
    }

    /// Filled by the platform: read-only and never null.
    pub(super) fn kept(self) -> Self {
        self.read_only().required().defaulted()
    }

    pub(super) fn create_only(mut self) -> Self {
        self.updateable = false;
        self
    }

    pub(super) fn restricted(mut self) -> Self {
        self.restricted = true;
        self
    }

    pub(super) fn named(mut self) -> Self {
        self.name_field = true;
        self
    }

    pub(super) fn id_lookup(mut self) -> Self {
        self.id_lookup = true;
        self
    }

    pub(super) fn of(mut self, compound: &str) -> Self {
        self.compound = Some(compound.to_owned());
        self
    }

    pub(super) fn listing(mut self, values: &[&str]) -> Self {
        self.values = listed(values);
        self
    }
}
