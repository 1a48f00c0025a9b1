//! Looks names up in the org's schema: a path of the statement becomes a [`Column`] that can be read
//! from a row.

use serde_json::Value;

use super::Source;
use super::ast::{Name, Path};
use super::error::Fault;
use crate::salesforce::schema::{FieldKind, FieldSchema, ObjectSchema, Row};

/// The most parents a path may climb.
const HIGHEST: usize = 5;

const ADVICE: &str = "Please reference your WSDL or the describe call for the appropriate names.";

/// What a record reached through a polymorphic reference is known to have, whatever its object.
const NAME_FIELDS: [&str; 16] = [
    "Id",
    "Name",
    "Type",
    "FirstName",
    "LastName",
    "Title",
    "Email",
    "Phone",
    "Alias",
    "Username",
    "IsActive",
    "UserType",
    "ProfileId",
    "UserRoleId",
    "RecordTypeId",
    "MiddleName",
];
const NAME_PARENTS: [&str; 2] = ["Profile", "UserRole"];

/// Where a name is looked up.
#[derive(Clone)]
pub(crate) enum Scope<'s> {
    Object(&'s ObjectSchema),
    /// Any of several objects, seen through the entity the vendor calls `Name`.
    Named(Vec<&'s ObjectSchema>),
}

/// The end of a path.
#[derive(Clone, Copy)]
pub(crate) enum Leaf<'s> {
    Field(&'s FieldSchema),
    /// `Who.Type`: the object's name.
    TypeName,
}

impl<'s> Leaf<'s> {
    /// The canonical name.
    pub(crate) fn name(self) -> &'s str {
        match self {
            Self::Field(field) => &field.name,
            Self::TypeName => "Type",
        }
    }

    /// The type of its values.
    pub(crate) fn kind(self) -> FieldKind {
        match self {
            Self::Field(field) => field.kind,
            Self::TypeName => FieldKind::String,
        }
    }
}

impl<'s> Scope<'s> {
    /// The scope on the far side of a reference.
    pub(crate) fn through(source: &'s dyn Source, reference: &'s FieldSchema) -> Option<Self> {
        if !reference.is_polymorphic() {
            return source.object(reference.reference_to.first()?).map(Self::Object);
        }
        let objects: Vec<_> = reference.reference_to.iter().filter_map(|name| source.object(name)).collect();
        (!objects.is_empty()).then_some(Self::Named(objects))
    }

    /// The entity errors speak of.
    pub(crate) fn entity(&self) -> &'s str {
        match self {
            Self::Object(object) => &object.name,
            Self::Named(_) => "Name",
        }
    }

    pub(crate) fn field(&self, name: &str) -> Option<Leaf<'s>> {
        match self {
            Self::Object(object) => object.field(name).map(Leaf::Field),
            Self::Named(_) if name.eq_ignore_ascii_case("Type") => Some(Leaf::TypeName),
            Self::Named(objects) => NAME_FIELDS
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name))
                .then(|| objects.iter().find_map(|object| object.field(name)).map(Leaf::Field))
                .flatten(),
        }
    }

    pub(crate) fn relationship(&self, name: &str) -> Option<&'s FieldSchema> {
        match self {
            Self::Object(object) => object.relationship(name),
            Self::Named(objects) => NAME_PARENTS
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name))
                .then(|| objects.iter().find_map(|object| object.relationship(name)))
                .flatten(),
        }
    }

    /// The field a path ends in, or the refusal of its name.
    pub(crate) fn leaf(&self, path: &Path<'_>) -> Result<Leaf<'s>, Fault> {
        self.field(path.field.text).ok_or_else(|| {
            let message = format!(
                "No such column '{}' on entity '{}'. If you are attempting to use a custom field, be sure to \
                 append the '__c' after the custom field name. {ADVICE}",
                path.field.text,
                self.entity(),
            );
            Fault::invalid_field(path.at(), message)
        })
    }

    /// One step up a path: the reference and what lies behind it, or the refusal of the step.
    pub(crate) fn climb(
        &self,
        source: &'s dyn Source,
        parent: &Name<'_>,
    ) -> Result<(&'s FieldSchema, Self), Fault> {
        let reference = self.relationship(parent.text);
        let beyond = reference.and_then(|field| Some((field, Self::through(source, field)?)));
        beyond.ok_or_else(|| {
            let message = format!(
                "Didn't understand relationship '{}' in field path. If you are attempting to use a custom \
                 relationship, be sure to append the '__r' after the custom relationship name. {ADVICE}",
                parent.text,
            );
            Fault::invalid_field(parent.at, message)
        })
    }
}

/// The object a statement selects from, and the name it may go by inside the statement.
#[derive(Clone, Copy)]
pub(crate) struct Root<'s, 'a> {
    pub(crate) object: &'s ObjectSchema,
    pub(crate) alias: Option<Name<'a>>,
}

impl<'s> Root<'s, '_> {
    /// The object of that name, or the refusal of it.
    pub(crate) fn find(source: &'s dyn Source, from: &Name<'_>) -> Result<&'s ObjectSchema, Fault> {
        source.object(from.text).ok_or_else(|| {
            let message = format!(
                "sObject type '{}' is not supported. If you are attempting to use a custom object, be sure to \
                 append the '__c' after the entity name. {ADVICE}",
                from.text,
            );
            Fault::at(from.at, "INVALID_TYPE", message)
        })
    }

    /// The parents of a path without the statement's own object in front.
    pub(crate) fn parents<'p, 'b>(&self, path: &'p Path<'b>) -> Result<&'p [Name<'b>], Fault> {
        let parents = match path.parents.split_first() {
            Some((first, rest)) if self.is_itself(first) => rest,
            _ => path.parents.as_slice(),
        };
        if parents.len() > HIGHEST {
            let message = format!("field path '{}' climbs more than {HIGHEST} relationships", path.text());
            return Err(Fault::invalid_field(path.at(), message));
        }
        Ok(parents)
    }

    fn is_itself(&self, name: &Name<'_>) -> bool {
        let is_alias = self.alias.is_some_and(|alias| alias.text.eq_ignore_ascii_case(name.text));
        let is_object = self.object.name.eq_ignore_ascii_case(name.text);
        is_alias || (is_object && self.object.relationship(name.text).is_none())
    }
}

/// A field that can be read from a row, through as many parents as it takes.
#[derive(Clone)]
pub(crate) struct Column<'s> {
    pub(crate) references: Vec<&'s FieldSchema>,
    pub(crate) leaf: Leaf<'s>,
}

/// What a column holds in one row.
#[derive(Clone, Copy)]
pub(crate) enum Cell<'s> {
    Null,
    Stored(&'s Value),
    TypeName(&'s str),
}

impl<'s> Cell<'s> {
    /// The text in the cell, if there is one.
    pub(crate) fn text(self) -> Option<&'s str> {
        match self {
            Self::Null => None,
            Self::Stored(value) => value.as_str(),
            Self::TypeName(name) => Some(name),
        }
    }

    /// The cell as it is sent.
    pub(crate) fn to_json(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Stored(value) => value.clone(),
            Self::TypeName(name) => Value::from(name),
        }
    }
}

impl<'s> Column<'s> {
    pub(crate) fn resolve(
        source: &'s dyn Source,
        root: Root<'s, '_>,
        path: &Path<'_>,
    ) -> Result<Self, Fault> {
        let mut scope = Scope::Object(root.object);
        let mut references = Vec::new();
        for parent in root.parents(path)? {
            let (reference, beyond) = scope.climb(source, parent)?;
            references.push(reference);
            scope = beyond;
        }
        Ok(Self { references, leaf: scope.leaf(path)? })
    }

    /// The fields on the way and the last one: equal for equal columns.
    pub(crate) fn names(&self) -> Vec<&'s str> {
        let references = self.references.iter().map(|reference| reference.name.as_str());
        references.chain([self.leaf.name()]).collect()
    }

    /// The value in a row; null when a parent on the way is missing.
    pub(crate) fn read(&self, source: &'s dyn Source, row: &'s Row) -> Cell<'s> {
        let mut row = row;
        let mut object = None;
        for reference in &self.references {
            match parent(source, reference, row) {
                Some((name, parent)) => (object, row) = (Some(name), parent),
                None => return Cell::Null,
            }
        }
        match self.leaf {
            Leaf::Field(field) => stored(row, &field.name),
            Leaf::TypeName => object.map_or(Cell::Null, Cell::TypeName),
        }
    }
}

/// A stored value; absent, null and empty are all null.
pub(crate) fn stored<'s>(row: &'s Row, name: &str) -> Cell<'s> {
    match row.get(name) {
        None | Some(Value::Null) => Cell::Null,
        Some(Value::String(text)) if text.is_empty() => Cell::Null,
        Some(value) => Cell::Stored(value),
    }
}

/// The record a reference of a row leads to, and the name of its object.
pub(crate) fn parent<'s>(
    source: &'s dyn Source,
    reference: &'s FieldSchema,
    row: &'s Row,
) -> Option<(&'s str, &'s Row)> {
    let id = row.get(&reference.name)?.as_str()?;
    let object = match reference.reference_to.as_slice() {
        [only] => only.as_str(),
        _ => source.object_of_id(id)?,
    };
    Some((object, source.row(object, id)?))
}
