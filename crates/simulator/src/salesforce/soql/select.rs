//! The select list bound to the schema: a tree of fields, parents and child lists, and the records it
//! makes of rows.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::Org;
use super::ast::{Condition, FieldSet, Name, Operator, Path, Selection, Statement, TypeOf};
use super::error::Fault;
use super::evaluate::{self, Query};
use super::resolve::{Leaf, Root, Scope, parent, stored};
use crate::salesforce::schema::{FieldSchema, ObjectSchema, Row};

/// The most rows `FIELDS(ALL)` and `FIELDS(CUSTOM)` may be asked for.
const FIELDS_LIMIT: usize = 200;

/// What is selected of one entity, in the order it was asked for.
pub(crate) struct Shape<'s> {
    pub(crate) scope: Scope<'s>,
    pub(crate) nodes: Vec<Node<'s>>,
}

/// One member of a record.
pub(crate) enum Node<'s> {
    Leaf(Leaf<'s>),
    Parent { reference: &'s FieldSchema, name: &'s str, shape: Shape<'s> },
    TypeOf(Choice<'s>),
    Children(Children<'s>),
}

/// A parent whose fields depend on its object.
pub(crate) struct Choice<'s> {
    pub(crate) reference: &'s FieldSchema,
    pub(crate) name: &'s str,
    pub(crate) branches: Vec<Shape<'s>>,
    pub(crate) otherwise: Option<Shape<'s>>,
}

/// A list of child records.
pub(crate) struct Children<'s> {
    pub(crate) name: &'s str,
    pub(crate) field: &'s str,
    pub(crate) query: Query<'s>,
    pub(crate) shape: Shape<'s>,
}

impl Node<'_> {
    /// The member's name.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Leaf(leaf) => leaf.name(),
            Self::Parent { name, .. } => name,
            Self::TypeOf(choice) => choice.name,
            Self::Children(children) => children.name,
        }
    }
}

impl<'s> Shape<'s> {
    /// Binds the select list of a statement that aggregates nothing.
    pub(crate) fn bind(org: &Org<'s>, root: Root<'s, '_>, statement: &Statement<'_>) -> Result<Self, Fault> {
        let mut shape = Self { scope: Scope::Object(root.object), nodes: Vec::new() };
        for selection in &statement.selections {
            match selection {
                Selection::Field { alias: Some(alias), .. } => {
                    let message = "only aggregate expressions use field aliasing";
                    return Err(Fault::malformed(alias.at, message));
                }
                Selection::Field { path, alias: None } => shape.add(org, root.parents(path)?, path)?,
                Selection::Fields { set, at } => shape.add_set(root.object, *set, *at, statement)?,
                Selection::TypeOf(choice) => shape.add_choice(org, choice)?,
                Selection::Children(children) => shape.add_children(org, root.object, children)?,
                Selection::CountRows { at } => {
                    return Err(Fault::malformed(*at, "COUNT() must be the only element of the select list"));
                }
                Selection::Aggregate { call, .. } => {
                    return Err(Fault::malformed(call.at, "aggregate functions are not allowed here"));
                }
            }
        }
        Ok(shape)
    }

    /// Adds a path, sharing the parents it has in common with earlier ones.
    fn add(&mut self, org: &Org<'s>, parents: &[Name<'_>], path: &Path<'_>) -> Result<(), Fault> {
        let Some((first, rest)) = parents.split_first() else {
            return self.add_leaf(self.scope.leaf(path)?, path.at());
        };
        let (reference, beyond) = self.scope.climb(org.source, first)?;
        let known = self.nodes.iter_mut().find_map(|node| match node {
            Node::Parent { reference: known, shape, .. } if known.name == reference.name => Some(shape),
            _ => None,
        });
        if let Some(shape) = known {
            return shape.add(org, rest, path);
        }
        let mut shape = Self { scope: beyond, nodes: Vec::new() };
        shape.add(org, rest, path)?;
        let name = relationship(reference);
        self.refuse_repeated(name, path.at())?;
        self.nodes.push(Node::Parent { reference, name, shape });
        Ok(())
    }

    fn add_leaf(&mut self, leaf: Leaf<'s>, at: usize) -> Result<(), Fault> {
        self.refuse_repeated(leaf.name(), at)?;
        self.nodes.push(Node::Leaf(leaf));
        Ok(())
    }

    fn refuse_repeated(&self, name: &str, at: usize) -> Result<(), Fault> {
        if self.nodes.iter().any(|node| node.name() == name) {
            return Err(Fault::invalid_field(at, format!("duplicate field selected: {name}")));
        }
        Ok(())
    }

    fn add_set(
        &mut self,
        object: &'s ObjectSchema,
        set: FieldSet,
        at: usize,
        statement: &Statement<'_>,
    ) -> Result<(), Fault> {
        let bounded = statement.limit.is_some_and(|limit| limit <= FIELDS_LIMIT)
            || statement.filter.as_ref().is_some_and(names_few_ids);
        if set != FieldSet::Standard && !bounded {
            let message = format!("The SOQL FIELDS function must have a LIMIT of at most {FIELDS_LIMIT}");
            return Err(Fault::malformed(at, message));
        }
        let chosen = object.fields.iter().filter(|field| match set {
            FieldSet::All => true,
            FieldSet::Standard => !field.custom,
            FieldSet::Custom => field.custom,
        });
        for field in chosen {
            self.add_leaf(Leaf::Field(field), at)?;
        }
        Ok(())
    }

    fn add_choice(&mut self, org: &Org<'s>, choice: &TypeOf<'_>) -> Result<(), Fault> {
        let (reference, beyond) = self.scope.climb(org.source, &choice.relationship)?;
        let Scope::Named(objects) = &beyond else {
            let message = format!("'{}' is not a polymorphic relationship", choice.relationship.text);
            return Err(Fault::malformed(choice.relationship.at, message));
        };
        let mut branches = Vec::new();
        for (name, paths) in &choice.branches {
            let object = Root::find(org.source, name)?;
            if !objects.iter().any(|known| known.name == object.name) {
                let message = format!("'{}' cannot be a '{}'", choice.relationship.text, object.name);
                return Err(Fault::malformed(name.at, message));
            }
            branches.push(Self::of_paths(org, Scope::Object(object), paths)?);
        }
        let otherwise = match choice.otherwise.as_slice() {
            [] => None,
            paths => Some(Self::of_paths(org, beyond, paths)?),
        };
        let name = relationship(reference);
        self.refuse_repeated(name, choice.relationship.at)?;
        self.nodes.push(Node::TypeOf(Choice { reference, name, branches, otherwise }));
        Ok(())
    }

    fn of_paths(org: &Org<'s>, scope: Scope<'s>, paths: &[Path<'_>]) -> Result<Self, Fault> {
        let mut shape = Self { scope, nodes: Vec::new() };
        for path in paths {
            shape.add(org, &path.parents, path)?;
        }
        Ok(shape)
    }

    fn add_children(
        &mut self,
        org: &Org<'s>,
        object: &'s ObjectSchema,
        statement: &Statement<'_>,
    ) -> Result<(), Fault> {
        let from = &statement.from;
        let link = object.child(from.text);
        let child = link.and_then(|link| Some((link, org.source.object(&link.child)?)));
        let Some((link, child)) = child else {
            let message = format!(
                "Didn't understand relationship '{}' in FROM part of query call. If you are attempting to use a \
                 custom relationship, be sure to append the '__r' after the custom relationship name. Please \
                 reference your WSDL or the describe call for the appropriate names.",
                from.text,
            );
            return Err(Fault::at(from.at, "INVALID_TYPE", message));
        };
        let root = Root { object: child, alias: statement.alias };
        let query = Query::bind(org, root, statement, false)?;
        if !statement.grouping.is_empty() {
            return Err(Fault::malformed(from.at, "GROUP BY is not allowed in a nested query"));
        }
        let shape = Self::bind(org, root, statement)?;
        self.refuse_repeated(&link.name, from.at)?;
        self.nodes.push(Node::Children(Children { name: &link.name, field: &link.field, query, shape }));
        Ok(())
    }

    /// The records of some rows, child lists included.
    pub(crate) fn records(&self, org: &Org<'s>, rows: &[&'s Row]) -> Vec<Value> {
        let mut lists: Vec<(&'s str, HashMap<&'s str, Value>)> = Vec::new();
        for node in &self.nodes {
            if let Node::Children(children) = node {
                lists.push((children.name, children.lists(org, rows)));
            }
        }
        let with_lists = |row: &'s Row| {
            let mut record = self.record(org, row);
            let id = stored(row, "Id").text().unwrap_or_default();
            for (name, lists) in &mut lists {
                if let Some(member) = record.get_mut(*name) {
                    *member = lists.remove(id).unwrap_or(Value::Null);
                }
            }
            Value::Object(record)
        };
        rows.iter().copied().map(with_lists).collect()
    }

    /// One record; its child lists are still null.
    fn record(&self, org: &Org<'s>, row: &'s Row) -> Map<String, Value> {
        let object = match &self.scope {
            Scope::Object(object) => object.name.as_str(),
            Scope::Named(_) => {
                stored(row, "Id").text().and_then(|id| org.source.object_of_id(id)).unwrap_or("Name")
            }
        };
        self.record_of(org, object, row)
    }

    fn record_of(&self, org: &Org<'s>, object: &str, row: &'s Row) -> Map<String, Value> {
        let mut record = Map::new();
        record.insert("attributes".to_owned(), attributes(org, self.scope.entity(), object, row));
        for node in &self.nodes {
            let (name, value) = match node {
                Node::Leaf(Leaf::Field(field)) => (field.name.as_str(), stored(row, &field.name).to_json()),
                Node::Leaf(Leaf::TypeName) => ("Type", Value::from(object)),
                Node::Parent { reference, name, shape } => {
                    let found = parent(org.source, reference, row);
                    (
                        *name,
                        found.map_or(Value::Null, |(object, row)| shape.record_of(org, object, row).into()),
                    )
                }
                Node::TypeOf(choice) => (choice.name, choice.record(org, row)),
                Node::Children(children) => (children.name, Value::Null),
            };
            record.insert(name.to_owned(), value);
        }
        record
    }
}

impl<'s> Choice<'s> {
    fn record(&self, org: &Org<'s>, row: &'s Row) -> Value {
        let Some((object, row)) = parent(org.source, self.reference, row) else { return Value::Null };
        let branch = self.branches.iter().find(|shape| shape.scope.entity() == object);
        branch
            .or(self.otherwise.as_ref())
            .map_or(Value::Null, |shape| shape.record_of(org, object, row).into())
    }
}

impl<'s> Children<'s> {
    /// The non-empty lists by the id of their parent: one pass over the children of all rows.
    fn lists(&self, org: &Org<'s>, parents: &[&'s Row]) -> HashMap<&'s str, Value> {
        let ids = parents.iter().filter_map(|row| stored(row, "Id").text());
        let mut families: HashMap<&'s str, Vec<&'s Row>> = ids.map(|id| (id, Vec::new())).collect();
        for child in evaluate::children(org, &self.query, self.field, families.keys().copied()) {
            let family = stored(child, self.field).text().and_then(|id| families.get_mut(id));
            if let Some(family) = family {
                family.push(child);
            }
        }
        let list = |rows: Vec<&'s Row>| {
            let rows = self.query.arrange(org, rows);
            let records = self.shape.records(org, &rows);
            (!records.is_empty())
                .then(|| json!({"totalSize": records.len(), "done": true, "records": records}))
        };
        families.into_iter().filter_map(|(id, rows)| Some((id, list(rows)?))).collect()
    }
}

/// `attributes` of a record. Through a polymorphic relationship the entity is `Name`, the address the
/// record's own.
fn attributes(org: &Org<'_>, entity: &str, object: &str, row: &Row) -> Value {
    let id = stored(row, "Id").text().unwrap_or_default();
    json!({"type": entity, "url": format!("/services/data/{}/sobjects/{object}/{id}", org.version)})
}

/// A resolved reference always has a relationship name: it was found by it.
fn relationship(reference: &FieldSchema) -> &str {
    reference.relationship_name.as_deref().unwrap_or(&reference.name)
}

/// Is the condition, or a part every row must satisfy, a short list of ids?
fn names_few_ids(condition: &Condition<'_>) -> bool {
    let is_id = |path: &Path<'_>| path.parents.is_empty() && path.field.text.eq_ignore_ascii_case("Id");
    match condition {
        Condition::All(parts) => parts.iter().any(names_few_ids),
        Condition::Compare { path, operator: Operator::Equal, .. } => is_id(path),
        Condition::Within { path, negated: false, values } => is_id(path) && values.len() <= FIELDS_LIMIT,
        _ => false,
    }
}
