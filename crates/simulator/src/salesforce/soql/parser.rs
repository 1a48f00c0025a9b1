//! Reads tokens into a [`Statement`]. Whatever it does not know is refused where it stands; nothing is
//! skipped.

use super::ast::{Call, FieldSet, Function, Name, OrderKey, Ordering, Path, Selection, Statement, TypeOf};
use super::error::Fault;
use super::lexer::{Kind, Token, tokens};

/// The longest statement the vendor reads.
pub(crate) const LONGEST_STATEMENT: usize = 100_000;

/// How deep parentheses may nest.
const DEEPEST: usize = 50;

/// Words that may stand after an object's name and are no alias.
const CLAUSES: [&str; 14] = [
    "WHERE", "WITH", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FOR", "USING", "ALL", "UPDATE", "AS",
    "SELECT", "FROM",
];

/// Words that are no field.
const RESERVED: [&str; 14] = [
    "AND", "ASC", "DESC", "EXCLUDES", "FROM", "IN", "INCLUDES", "LIKE", "LIMIT", "NOT", "NULL", "OR",
    "SELECT", "WHERE",
];

/// Reads a whole statement.
pub(crate) fn parse(statement: &str) -> Result<Statement<'_>, Fault> {
    if statement.chars().nth(LONGEST_STATEMENT).is_some() {
        let message = format!("SOQL statements cannot be longer than {LONGEST_STATEMENT} characters.");
        return Err(Fault::whole("MALFORMED_QUERY", message));
    }
    let mut parser = Parser::new(statement, 0)?;
    parser.keyword("SELECT")?;
    let parsed = parser.select()?;
    parser.end()?;
    Ok(parsed)
}

/// A position in a list of tokens.
pub(crate) struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    next: usize,
    end: Token<'a>,
    depth: usize,
}

impl<'a> Parser<'a> {
    /// A parser of `statement` from byte `start` on.
    pub(crate) fn new(statement: &'a str, start: usize) -> Result<Self, Fault> {
        let end = Token { kind: Kind::End, text: "", at: statement.len() };
        Ok(Self { tokens: tokens(statement, start)?, next: 0, end, depth: 0 })
    }

    /// The next token, left where it is.
    pub(crate) fn peek(&self) -> Token<'a> {
        self.peek_at(0)
    }

    /// The token `distance` after the next one.
    pub(crate) fn peek_at(&self, distance: usize) -> Token<'a> {
        self.tokens.get(self.next + distance).copied().unwrap_or(self.end)
    }

    /// Takes the next token.
    pub(crate) fn take(&mut self) -> Token<'a> {
        let token = self.peek();
        self.next += 1;
        token
    }

    /// Takes the keyword if it is next.
    pub(crate) fn accept(&mut self, keyword: &str) -> bool {
        let found = self.peek().is_word(keyword);
        self.next += usize::from(found);
        found
    }

    /// Takes the symbol if it is next.
    pub(crate) fn accept_symbol(&mut self, symbol: &str) -> bool {
        let found = self.peek().is_symbol(symbol);
        self.next += usize::from(found);
        found
    }

    /// Takes the keyword or refuses what stands in its place.
    pub(crate) fn keyword(&mut self, keyword: &str) -> Result<(), Fault> {
        if self.accept(keyword) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Takes the symbol or refuses what stands in its place.
    pub(crate) fn symbol(&mut self, symbol: &str) -> Result<(), Fault> {
        if self.accept_symbol(symbol) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Refuses whatever is left.
    pub(crate) fn end(&self) -> Result<(), Fault> {
        if self.peek().kind == Kind::End { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The refusal of the next token.
    pub(crate) fn unexpected(&self) -> Fault {
        Fault::unexpected(self.peek())
    }

    /// Takes any word.
    pub(crate) fn name(&mut self) -> Result<Name<'a>, Fault> {
        let token = self.peek();
        if token.kind != Kind::Word {
            return Err(self.unexpected());
        }
        self.next += 1;
        Ok(Name { text: token.text, at: token.at })
    }

    /// Takes a field path.
    pub(crate) fn path(&mut self) -> Result<Path<'a>, Fault> {
        let first = self.peek();
        let is_reserved = RESERVED.iter().any(|word| first.is_word(word));
        if is_reserved && !self.peek_at(1).is_symbol(".") {
            return Err(self.unexpected());
        }
        let mut field = self.name()?;
        let mut parents = Vec::new();
        while self.accept_symbol(".") {
            parents.push(field);
            field = self.name()?;
        }
        Ok(Path { parents, field })
    }

    /// Takes one or more entries separated by commas.
    pub(crate) fn list<T>(
        &mut self,
        mut entry: impl FnMut(&mut Self) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let mut entries = vec![entry(self)?];
        while self.accept_symbol(",") {
            entries.push(entry(self)?);
        }
        Ok(entries)
    }

    /// Reads what stands inside parentheses, up to a depth that cannot exhaust the stack.
    pub(crate) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.depth == DEEPEST {
            let message =
                "Query is either selecting too many fields or the filter conditions are too complicated.";
            return Err(Fault::whole("QUERY_TOO_COMPLICATED", message));
        }
        self.depth += 1;
        let inside = read(self);
        self.depth -= 1;
        inside
    }

    /// A statement after its `SELECT`.
    pub(crate) fn select(&mut self) -> Result<Statement<'a>, Fault> {
        let selections = self.list(Self::selection)?;
        self.keyword("FROM")?;
        let from = self.name()?;
        let next = self.peek();
        let has_alias = next.kind == Kind::Word && !CLAUSES.iter().any(|clause| next.is_word(clause));
        let alias = if has_alias { Some(self.name()?) } else { None };
        let statement = Statement { alias, ..self.clauses(selections, from)? };
        self.viewing()?;
        Ok(statement)
    }

    /// `WHERE` to `OFFSET`, the part a search shares.
    pub(crate) fn clauses(
        &mut self,
        selections: Vec<Selection<'a>>,
        from: Name<'a>,
    ) -> Result<Statement<'a>, Fault> {
        let filter = if self.accept("WHERE") { Some(self.condition()?) } else { None };
        let mut grouping = Vec::new();
        if self.accept("GROUP") {
            self.keyword("BY")?;
            grouping = self.list(Self::path)?;
        }
        let mut ordering = Vec::new();
        if self.accept("ORDER") {
            self.keyword("BY")?;
            ordering = self.list(Self::ordering)?;
        }
        let limit = if self.accept("LIMIT") { Some(self.count()?) } else { None };
        let offset = if self.accept("OFFSET") { Some(self.offset()?) } else { None };
        Ok(Statement { selections, from, alias: None, filter, grouping, ordering, limit, offset })
    }

    fn selection(&mut self) -> Result<Selection<'a>, Fault> {
        let first = self.peek();
        if self.accept_symbol("(") {
            self.keyword("SELECT")?;
            let children = self.nested(Self::select)?;
            self.symbol(")")?;
            return Ok(Selection::Children(Box::new(children)));
        }
        if first.is_word("TYPEOF") && self.peek_at(1).kind == Kind::Word && !self.peek_at(1).is_word("FROM") {
            self.take();
            return self.type_of().map(Selection::TypeOf);
        }
        if self.peek_at(1).is_symbol("(") {
            return self.function();
        }
        let path = self.path()?;
        let alias = self.alias()?;
        Ok(Selection::Field { path, alias })
    }

    /// `COUNT()`, `MAX(Amount) biggest`, `FIELDS(ALL)`.
    fn function(&mut self) -> Result<Selection<'a>, Fault> {
        let name = self.peek();
        if name.is_word("FIELDS") {
            self.take();
            self.symbol("(")?;
            let set = self.peek();
            let set =
                [("ALL", FieldSet::All), ("STANDARD", FieldSet::Standard), ("CUSTOM", FieldSet::Custom)]
                    .into_iter()
                    .find_map(|(word, kind)| set.is_word(word).then_some(kind))
                    .ok_or_else(|| self.unexpected())?;
            self.take();
            self.symbol(")")?;
            return Ok(Selection::Fields { set, at: name.at });
        }
        if name.is_word("COUNT") && self.peek_at(2).is_symbol(")") {
            self.next += 3;
            return Ok(Selection::CountRows { at: name.at });
        }
        let call = self.call()?;
        let alias = self.alias()?;
        Ok(Selection::Aggregate { call, alias })
    }

    fn call(&mut self) -> Result<Call<'a>, Fault> {
        let name = self.peek();
        let function = Function::named(name.text).filter(|_| name.kind == Kind::Word);
        let function = function.ok_or_else(|| self.unexpected())?;
        self.take();
        self.symbol("(")?;
        let path = self.path()?;
        self.symbol(")")?;
        Ok(Call { function, path, at: name.at })
    }

    fn alias(&mut self) -> Result<Option<Name<'a>>, Fault> {
        let next = self.peek();
        if next.kind == Kind::Word && !next.is_word("FROM") { self.name().map(Some) } else { Ok(None) }
    }

    fn type_of(&mut self) -> Result<TypeOf<'a>, Fault> {
        let relationship = self.name()?;
        let mut branches = Vec::new();
        while self.accept("WHEN") {
            let object = self.name()?;
            self.keyword("THEN")?;
            branches.push((object, self.list(Self::path)?));
        }
        if branches.is_empty() {
            return Err(self.unexpected());
        }
        let otherwise = if self.accept("ELSE") { self.list(Self::path)? } else { Vec::new() };
        self.keyword("END")?;
        Ok(TypeOf { relationship, branches, otherwise })
    }

    fn ordering(&mut self) -> Result<Ordering<'a>, Fault> {
        let key = if self.peek_at(1).is_symbol("(") {
            OrderKey::Aggregate(self.call()?)
        } else {
            OrderKey::Field(self.path()?)
        };
        let descending = self.accept("DESC");
        if !descending {
            self.accept("ASC");
        }
        let mut nulls_last = false;
        if self.accept("NULLS") {
            nulls_last = self.accept("LAST");
            if !nulls_last {
                self.keyword("FIRST")?;
            }
        }
        Ok(Ordering { key, descending, nulls_last })
    }

    /// `LIMIT 10`, after the keyword.
    pub(crate) fn count(&mut self) -> Result<usize, Fault> {
        let token = self.peek();
        let digits = token.kind == Kind::Literal && token.text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits {
            return Err(self.unexpected());
        }
        let count = token.text.parse().map_err(|_| {
            Fault::at(token.at, "NUMBER_OUTSIDE_VALID_RANGE", format!("number out of range: {}", token.text))
        })?;
        self.next += 1;
        Ok(count)
    }

    fn offset(&mut self) -> Result<usize, Fault> {
        let at = self.peek().at;
        let offset = self.count()?;
        if offset > 2_000 {
            return Err(Fault::at(at, "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000"));
        }
        Ok(offset)
    }

    /// `FOR VIEW` and `FOR REFERENCE`: accepted, since they change nothing that is read.
    fn viewing(&mut self) -> Result<(), Fault> {
        while self.peek().is_word("FOR") {
            if !["VIEW", "REFERENCE"].iter().any(|purpose| self.peek_at(1).is_word(purpose)) {
                return Err(self.unexpected());
            }
            self.next += 2;
        }
        Ok(())
    }
}
