//! Reads a search: `FIND {…} IN PHONE FIELDS RETURNING Contact(Id WHERE …), Lead(Id) LIMIT 10`.

use super::expression::{self, Expression};
use crate::salesforce::schema::{FieldKind, FieldSchema};
use crate::salesforce::soql::ast::{Name, Path, Selection, Statement};
use crate::salesforce::soql::error::Fault;
use crate::salesforce::soql::parser::{LONGEST_STATEMENT, Parser};

/// The longest text between the braces.
const LONGEST_TEXT: usize = 10_000;

/// A search as written.
pub(super) struct Search<'a> {
    pub(super) expression: Expression,
    pub(super) group: Group,
    /// None: the search does not say.
    pub(super) returning: Option<Vec<Returning<'a>>>,
    pub(super) limit: Option<usize>,
    /// Where the search begins.
    pub(super) at: usize,
}

/// One object to return: its fields, filter, order and limit are those of a statement.
pub(super) struct Returning<'a> {
    pub(super) statement: Statement<'a>,
}

impl<'a> Returning<'a> {
    /// Nothing but the ids of an object.
    pub(super) fn ids(object: &'a str, at: usize) -> Self {
        let field = Name { text: "Id", at };
        let path = Path { parents: Vec::new(), field };
        let statement = Statement {
            selections: vec![Selection::Field { path, alias: None }],
            from: Name { text: object, at },
            alias: None,
            filter: None,
            grouping: Vec::new(),
            ordering: Vec::new(),
            limit: None,
            offset: None,
        };
        Self { statement }
    }
}

/// Which fields are searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    All,
    Name,
    Email,
    Phone,
    Sidebar,
}

impl Group {
    /// Is the field one of the group?
    pub(super) fn holds(self, field: &FieldSchema) -> bool {
        let is_name = field.name_field || field.compound.as_deref() == Some("Name");
        match self {
            Self::All => field.kind.is_text(),
            Self::Name => is_name && field.kind.is_text(),
            Self::Email => field.kind == FieldKind::Email,
            Self::Phone => field.kind == FieldKind::Phone,
            Self::Sidebar => [Self::Name, Self::Email, Self::Phone].iter().any(|group| group.holds(field)),
        }
    }
}

/// Reads a whole search.
pub(super) fn parse(statement: &str) -> Result<Search<'_>, Fault> {
    if statement.chars().nth(LONGEST_STATEMENT).is_some() {
        let message = format!("SOSL statements cannot be longer than {LONGEST_STATEMENT} characters.");
        return Err(Fault::whole("MALFORMED_SEARCH", message));
    }
    let at = statement.len() - statement.trim_start().len();
    let (text, start, after) = braced(statement, at)?;
    if text.chars().nth(LONGEST_TEXT).is_some() {
        return Err(Fault::malformed(start, format!("search term longer than {LONGEST_TEXT} characters")));
    }
    let expression = expression::parse(text, start)?;
    let mut parser = Parser::new(statement, after)?;
    let group = if parser.accept("IN") { group(&mut parser)? } else { Group::All };
    let returning = if parser.accept("RETURNING") { Some(parser.list(returning)?) } else { None };
    let limit = if parser.accept("LIMIT") { Some(parser.count()?) } else { None };
    parser.end()?;
    Ok(Search { expression, group, returning, limit, at })
}

/// The text between the braces, where it begins, and where the rest of the search does.
fn braced(statement: &str, at: usize) -> Result<(&str, usize, usize), Fault> {
    let rest = statement.get(at..).unwrap_or_default();
    let find = rest.get(..4).filter(|word| word.eq_ignore_ascii_case("FIND"));
    let after_find = find.and_then(|_| rest.get(4..)).map(str::trim_start);
    let Some(inside) = after_find.and_then(|rest| rest.strip_prefix('{')) else {
        return Err(Fault::malformed(at, "a search begins with FIND {"));
    };
    let start = statement.len() - inside.len();
    let mut escaped = false;
    for (index, byte) in inside.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'}' => return Ok((inside.get(..index).unwrap_or_default(), start, start + index + 1)),
            _ => {}
        }
    }
    Err(Fault::malformed(start, "mismatched character '<EOF>' expecting '}'"))
}

fn group(parser: &mut Parser<'_>) -> Result<Group, Fault> {
    let groups = [
        ("ALL", Group::All),
        ("NAME", Group::Name),
        ("EMAIL", Group::Email),
        ("PHONE", Group::Phone),
        ("SIDEBAR", Group::Sidebar),
    ];
    let named = groups.into_iter().find(|(word, _)| parser.accept(word));
    let (_, group) = named.ok_or_else(|| parser.unexpected())?;
    parser.keyword("FIELDS")?;
    Ok(group)
}

fn returning<'a>(parser: &mut Parser<'a>) -> Result<Returning<'a>, Fault> {
    let from = parser.name()?;
    if !parser.accept_symbol("(") {
        return Ok(Returning::ids(from.text, from.at));
    }
    let field = |parser: &mut Parser<'a>| Ok(Selection::Field { path: parser.path()?, alias: None });
    let fields = parser.list(field)?;
    let statement = parser.clauses(fields, from)?;
    if !statement.grouping.is_empty() {
        return Err(Fault::malformed(from.at, "unexpected token: 'GROUP'"));
    }
    parser.symbol(")")?;
    Ok(Returning { statement })
}
