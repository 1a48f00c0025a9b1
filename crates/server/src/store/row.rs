//! One row of an answer, read by column name.

use std::sync::Arc;

use super::{Error, Result, Value};

/// A row. Its columns are found by name, case sensitive; the names are shared by all rows of an answer.
#[derive(Debug, Clone)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    pub(super) fn new(columns: &Arc<[String]>, values: Vec<Value>) -> Self {
        Self { columns: Arc::clone(columns), values }
    }

    /// The integer in this column.
    pub fn int(&self, column: &str) -> Result<i64> {
        self.opt_int(column)?.ok_or_else(|| wrong(column, "an integer", &Value::Null))
    }

    /// The integer in this column, if it is not null.
    pub fn opt_int(&self, column: &str) -> Result<Option<i64>> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Int(value) => Ok(Some(*value)),
            other => Err(wrong(column, "an integer", other)),
        }
    }

    /// The text in this column.
    pub fn text(&self, column: &str) -> Result<String> {
        self.opt_text(column)?.ok_or_else(|| wrong(column, "a text", &Value::Null))
    }

    /// The text in this column, if it is not null.
    pub fn opt_text(&self, column: &str) -> Result<Option<String>> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Text(value) => Ok(Some(value.clone())),
            other => Err(wrong(column, "a text", other)),
        }
    }

    /// The bytes in this column.
    pub fn blob(&self, column: &str) -> Result<Vec<u8>> {
        self.opt_blob(column)?.ok_or_else(|| wrong(column, "bytes", &Value::Null))
    }

    /// The bytes in this column, if it is not null.
    pub fn opt_blob(&self, column: &str) -> Result<Option<Vec<u8>>> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Blob(value) => Ok(Some(value.clone())),
            other => Err(wrong(column, "bytes", other)),
        }
    }

    /// The boolean in this column, which is stored as 0 or 1.
    pub fn bool(&self, column: &str) -> Result<bool> {
        match self.value(column)? {
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            other => Err(wrong(column, "0 or 1", other)),
        }
    }

    /// Whatever is in this column.
    pub fn value(&self, column: &str) -> Result<&Value> {
        let found = self.columns.iter().position(|name| name == column).and_then(|at| self.values.get(at));
        found.ok_or_else(|| {
            Error::sql(
                format!("reading column {column}"),
                format!("the row has only {}", self.columns.join(", ")),
            )
        })
    }
}

fn wrong(column: &str, expected: &str, found: &Value) -> Error {
    Error::sql(format!("reading column {column}"), format!("expected {expected}, found {}", found.kind()))
}
