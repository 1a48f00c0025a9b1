//! No function of the store is left untested.

use std::fs;
use std::path::PathBuf;

/// A `pub async fn` of a table's file.
pub struct Function {
    /// As it is called: `lane::due`.
    pub name: String,
    /// What stands between its parentheses.
    pub parameters: String,
}

/// The files of tables: those that the rest of the program sees as modules of the store, each with what stands in its folder.
pub fn table_files() -> Vec<(String, String)> {
    let store = root().join("src/store");
    let list = fs::read_to_string(store.join("mod.rs")).unwrap();
    let tables = list.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let all = |table: &str| {
        let folder = fs::read_dir(store.join(table)).into_iter().flatten().map(|file| file.unwrap().path());
        let files = std::iter::once(store.join(format!("{table}.rs"))).chain(folder);
        files.map(|file| fs::read_to_string(file).unwrap()).collect::<String>()
    };
    tables.map(|table| (table.to_owned(), all(table))).collect()
}

/// Every function of every table.
pub fn functions() -> Vec<Function> {
    let mut found = Vec::new();
    for (table, text) in table_files() {
        for (at, opening) in text.match_indices("pub async fn ") {
            let rest = &text[at + opening.len()..];
            let (name, rest) = rest.split_once(['(', '<']).unwrap();
            let parameters = rest.split_once(") ->").unwrap().0;
            found.push(Function { name: format!("{table}::{name}"), parameters: parameters.to_owned() });
        }
    }
    found
}

/// Whether a test calls this function.
pub fn mentions(test: &str, name: &str) -> bool {
    test.contains(&format!("{name}("))
}

fn root() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
}

#[test]
fn every_function_of_the_store_is_called_by_a_test() {
    let folder = fs::read_dir(root().join("tests/it/store")).unwrap();
    let tests: Vec<String> = folder.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let functions = functions();
    assert!(functions.len() > 80, "the functions of the store were not found");
    let untested: Vec<&str> = functions
        .iter()
        .map(|function| function.name.as_str())
        .filter(|name| !tests.iter().any(|test| mentions(test, name)))
        .collect();
    assert!(untested.is_empty(), "no test of the store calls {untested:?}");
}
