//! One statement on a SQLite connection: bind, run, read.

use std::sync::Arc;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql};

use super::fault;
use crate::store::{Error, Result, Row, Value, error};

/// Runs one statement for each set of arguments.
pub(in crate::store) fn execute<A: AsRef<[Value]>>(
    connection: &Connection,
    sql: &str,
    sets: &[A],
) -> Result<u64> {
    let run = || {
        let mut statement = connection.prepare_cached(sql).map_err(Fault::Lite)?;
        let mut changed = 0;
        for args in sets {
            bind(&mut statement, args.as_ref())?;
            changed += statement.raw_execute().map_err(Fault::Lite)?;
        }
        Ok(changed as u64)
    };
    run().map_err(|fault: Fault| fault.into_error(sql))
}

/// The first `limit` rows. A statement that changes something is always run to its end.
pub(in crate::store) fn query(
    connection: &Connection,
    sql: &str,
    args: &[Value],
    limit: usize,
) -> Result<Vec<Row>> {
    let run = || {
        let mut statement = connection.prepare_cached(sql).map_err(Fault::Lite)?;
        bind(&mut statement, args)?;
        let columns: Arc<[String]> = statement.column_names().map(str::to_owned).collect();
        let to_the_end = !statement.readonly();
        let mut found = Vec::new();
        let mut rows = statement.raw_query();
        while found.len() < limit || to_the_end {
            let Some(row) = rows.next().map_err(Fault::Lite)? else { break };
            if found.len() < limit {
                let values = (0..columns.len()).map(|at| {
                    let value = row.get_ref(at).map_err(Fault::Lite)?;
                    decode(value).map_err(|what| Fault::Ours(format!("column {}: {what}", columns[at])))
                });
                found.push(Row::new(&columns, values.collect::<std::result::Result<_, _>>()?));
            }
        }
        Ok(found)
    };
    run().map_err(|fault: Fault| fault.into_error(sql))
}

/// Runs several statements without arguments.
pub(in crate::store) fn script(connection: &Connection, sql: &str) -> Result<()> {
    connection.execute_batch(sql).map_err(|error| Fault::Lite(error).into_error(sql))
}

enum Fault {
    Lite(rusqlite::Error),
    Ours(String),
}

impl Fault {
    fn into_error(self, sql: &str) -> Error {
        match self {
            Self::Lite(error) => fault::from_sqlite(error::running(sql), &error),
            Self::Ours(what) => Error::sql(error::running(sql), what),
        }
    }
}

/// SQLite numbers `$1`-style parameters by first appearance; PostgreSQL, and therefore we, by what they say.
fn bind(statement: &mut CachedStatement<'_>, args: &[Value]) -> std::result::Result<(), Fault> {
    let count = statement.parameter_count();
    if count != args.len() {
        return Err(Fault::Ours(format!("expected {count} arguments but got {}", args.len())));
    }
    for place in 1..=count {
        let name = statement.parameter_name(place);
        let number =
            name.and_then(|name| name.strip_prefix('$')).and_then(|digits| digits.parse::<usize>().ok());
        let arg = number.and_then(|number| args.get(number.checked_sub(1)?)).ok_or_else(|| {
            Fault::Ours(format!("parameter {} is not one of $1 to ${count}", name.unwrap_or("?")))
        })?;
        statement.raw_bind_parameter(place, arg).map_err(Fault::Lite)?;
    }
    Ok(())
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

fn decode(value: ValueRef<'_>) -> std::result::Result<Value, &'static str> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(value) => Ok(Value::Int(value)),
        ValueRef::Text(value) => {
            let text = std::str::from_utf8(value).map_err(|_| "the text is not UTF-8")?;
            Ok(Value::Text(text.to_owned()))
        }
        ValueRef::Blob(value) => Ok(Value::Blob(value.to_owned())),
        ValueRef::Real(_) => Err("floating point numbers are not used"),
    }
}
