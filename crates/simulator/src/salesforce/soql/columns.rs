//! What `columns=true` answers: a description of the columns of a statement, which one client cannot do
//! without.

use serde_json::{Value, json};

use super::aggregate::{Grouped, Measure};
use super::ast::Function;
use super::resolve::Leaf;
use super::select::{Node, Shape};
use crate::salesforce::schema::{FieldKind, ObjectSchema};

/// The description of a statement that selects records.
pub(crate) fn of_records(object: &ObjectSchema, shape: &Shape<'_>) -> Value {
    let selects_id =
        shape.nodes.iter().any(|node| matches!(node, Node::Leaf(leaf) if leaf.kind() == FieldKind::Id));
    whole(object, &members(shape), false, selects_id)
}

/// The description of a statement that groups.
pub(crate) fn of_groups(object: &ObjectSchema, grouped: &Grouped<'_>) -> Value {
    let columns = grouped.outputs.iter().map(|output| match &output.measure {
        Measure::Key(key) => {
            let mut column = leaf(key.leaf);
            column["columnName"] = output.name.as_str().into();
            column
        }
        Measure::Aggregate(function, column) => {
            let kind = match function {
                Function::Count | Function::CountDistinct => FieldKind::Int,
                Function::Avg => FieldKind::Double,
                Function::Min | Function::Max | Function::Sum => column.leaf.kind(),
            };
            let mut description = described(&output.name, &output.display, Some(kind));
            description["aggregate"] = true.into();
            description
        }
    });
    whole(object, &columns.collect::<Vec<_>>(), true, false)
}

/// The description of `SELECT COUNT()`.
pub(crate) fn of_count(object: &ObjectSchema) -> Value {
    whole(object, &[], false, false)
}

/// The names of the columns in order, parents written as paths.
pub(crate) fn header(shape: &Shape<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for node in &shape.nodes {
        match node {
            Node::Leaf(leaf) => names.push(leaf.name().to_owned()),
            Node::Parent { name, shape, .. } => {
                names.extend(header(shape).into_iter().map(|inner| format!("{name}.{inner}")));
            }
            Node::TypeOf(choice) => names.push(choice.name.to_owned()),
            Node::Children(children) => names.push(children.name.to_owned()),
        }
    }
    names
}

fn whole(object: &ObjectSchema, columns: &[Value], grouped: bool, selects_id: bool) -> Value {
    json!({
        "columnMetadata": columns,
        "entityName": object.name,
        "groupBy": grouped,
        "idSelected": selects_id,
        "keyPrefix": object.key_prefix,
    })
}

fn members(shape: &Shape<'_>) -> Vec<Value> {
    shape.nodes.iter().map(member).collect()
}

fn member(node: &Node<'_>) -> Value {
    match node {
        Node::Leaf(known) => leaf(*known),
        Node::Parent { reference, name, shape } => joined(name, &reference.name, members(shape)),
        Node::TypeOf(choice) => {
            let shapes = choice.branches.iter().chain(&choice.otherwise);
            joined(choice.name, &choice.reference.name, shapes.flat_map(members).collect())
        }
        Node::Children(children) => {
            let mut column = described(children.name, children.name, None);
            column["aggregate"] = true.into();
            column["joinColumns"] = members(&children.shape).into();
            column
        }
    }
}

fn joined(name: &str, reference: &str, columns: Vec<Value>) -> Value {
    let mut column = described(name, name, None);
    column["foreignKeyName"] = reference.into();
    column["joinColumns"] = columns.into();
    column
}

fn leaf(leaf: Leaf<'_>) -> Value {
    let mut column = described(leaf.name(), leaf.name(), Some(leaf.kind()));
    if let Leaf::Field(field) = leaf {
        column["custom"] = field.custom.into();
        column["insertable"] = field.createable.into();
        column["updatable"] = field.updateable.into();
    }
    column
}

fn described(name: &str, display: &str, kind: Option<FieldKind>) -> Value {
    json!({
        "columnName": name,
        "displayName": display,
        "aggregate": false,
        "joinColumns": [],
        "apexType": kind.map(apex_type),
        "booleanType": kind == Some(FieldKind::Boolean),
        "custom": false,
        "foreignKeyName": null,
        "insertable": false,
        "numberType": kind.is_some_and(FieldKind::is_number),
        "textType": kind.is_some_and(FieldKind::is_text),
        "updatable": false,
    })
}

fn apex_type(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Id | FieldKind::Reference => "Id",
        FieldKind::Boolean => "Boolean",
        FieldKind::Int => "Integer",
        FieldKind::Double | FieldKind::Currency | FieldKind::Percent => "Decimal",
        FieldKind::Date => "Date",
        FieldKind::Datetime => "Datetime",
        FieldKind::Time => "Time",
        FieldKind::Base64 => "Blob",
        FieldKind::Address => "Address",
        _ => "String",
    }
}
