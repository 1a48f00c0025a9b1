//! How the tables of this folder are written: a field or a module in one line.

use super::super::schema::{Choice, Field, Kind, Module};

/// A field that people fill in. Its label is its name in words.
pub fn field(api_name: &str, kind: Kind, length: u32) -> Field {
    let is_computed = matches!(kind, Kind::Autonumber | Kind::Formula);
    Field {
        api_name: api_name.to_owned(),
        label: api_name.replace('_', " "),
        id: String::new(),
        kind,
        length,
        custom: false,
        mandatory: false,
        layout_mandatory: false,
        on_layout: true,
        create: !is_computed,
        update: !is_computed,
        unique: false,
        choices: Vec::new(),
        lookup: None,
        global_picklist: None,
    }
}

/// Single-line texts of one length.
pub fn texts(names: &[&str], length: u32) -> Vec<Field> {
    names.iter().map(|name| field(name, Kind::Text, length)).collect()
}

/// Phone numbers.
pub fn phones(names: &[&str]) -> Vec<Field> {
    names.iter().map(|name| field(name, Kind::Phone, 30)).collect()
}

/// A field to choose from.
pub fn picklist(api_name: &str, choices: &[&str]) -> Field {
    let mut field = field(api_name, Kind::Picklist, 120);
    field.choices = std::iter::once("-None-").chain(choices.iter().copied()).map(choice).collect();
    field
}

/// An option that has no id yet.
fn choice(text: &str) -> Choice {
    Choice { id: String::new(), display: text.to_owned(), actual: text.to_owned() }
}

/// A field that points at a record.
pub fn lookup(api_name: &str, module: &str) -> Field {
    Field { lookup: Some(module.to_owned()), ..field(api_name, Kind::Lookup, 120) }
}

/// A long text.
pub fn description() -> Field {
    field("Description", Kind::Textarea, 32_000)
}

impl Field {
    /// Every record needs it.
    #[must_use]
    pub fn mandatory(self) -> Self {
        Self { mandatory: true, layout_mandatory: true, ..self }
    }

    /// The layout needs it, the system does not.
    #[must_use]
    pub fn on_layout_mandatory(self) -> Self {
        Self { layout_mandatory: true, ..self }
    }

    /// Nobody sets it.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self { create: false, update: false, ..self }
    }
}

/// A visible module of the vendor's own. Its first field names a record.
pub fn module(api_name: &str, singular: &str, fields: Vec<Vec<Field>>) -> Module {
    let fields: Vec<Field> = fields.into_iter().flatten().chain(system_fields()).collect();
    Module {
        api_name: api_name.to_owned(),
        inner_name: api_name.to_owned(),
        singular: singular.to_owned(),
        plural: api_name.replace('_', " "),
        id: String::new(),
        generated: "default".to_owned(),
        status: "visible".to_owned(),
        api_supported: true,
        creatable: true,
        editable: true,
        viewable: true,
        deletable: true,
        searchable: true,
        layout_id: String::new(),
        name_field: fields[0].api_name.clone(),
        check_field: None,
        fields,
    }
}

/// What every module has.
fn system_fields() -> Vec<Field> {
    let mut owner = field("Owner", Kind::Ownerlookup, 120);
    "Owner".clone_into(&mut owner.label);
    let tag = field("Tag", Kind::Text, 2_000);
    vec![
        owner,
        field("Created_By", Kind::Ownerlookup, 120).read_only(),
        field("Modified_By", Kind::Ownerlookup, 120).read_only(),
        field("Created_Time", Kind::Datetime, 120).read_only(),
        field("Modified_Time", Kind::Datetime, 120).read_only(),
        tag,
    ]
}
