//! A source file as the house's rules read it: its code, its string literals and its imports, each apart from the others.
//! Enough of Rust's grammar for that and no more.

use std::iter::Peekable;
use std::str::Chars;

/// One `.rs` file.
pub struct Source {
    /// From the root of the repository, with forward slashes.
    pub path: String,
    pub text: String,
    /// The text with comments and the insides of literals blanked; its lines are where they were.
    pub code: String,
    /// Every string literal with the line on which it begins.
    pub strings: Vec<(usize, String)>,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let (code, strings) = split(text);
        Self { path: path.to_owned(), text: text.to_owned(), code, strings }
    }

    /// The lines on which the code has these characters, not as the end of a longer word.
    pub fn lines_with(&self, wanted: &str) -> Vec<usize> {
        self.places_of(wanted).into_iter().map(|at| line_of(&self.code, at)).collect()
    }

    fn places_of(&self, wanted: &str) -> Vec<usize> {
        let inside_word = |at: usize| wanted.starts_with(is_word) && self.code[..at].ends_with(is_word);
        self.code.match_indices(wanted).map(|(at, _)| at).filter(|&at| !inside_word(at)).collect()
    }

    /// Attributes such as `#[allow(…)]`, each with its line; what stands in quotes inside is blank.
    pub fn attributes(&self, name: &str) -> Vec<(usize, &str)> {
        let in_attribute = |at: usize| {
            let begin = self.code[..at].rfind('#').unwrap_or(at);
            let before: String = self.code[begin..at].split_whitespace().collect();
            before == "#["
                || before == "#!["
                || before.starts_with("#[cfg_attr(")
                || before.starts_with("#![cfg_attr(")
        };
        self.places_of(&format!("{name}("))
            .into_iter()
            .filter(|&at| in_attribute(at))
            .map(|at| (line_of(&self.code, at), self.code[at..].split(']').next().unwrap_or_default()))
            .collect()
    }

    /// The module that this file is: `crates/core/src/plan/matching.rs` is `plan`, `matching`.
    pub fn module(&self) -> Vec<&str> {
        let inside = self.path.split_once("/src/").map_or("", |(_, inside)| inside);
        let mut module: Vec<&str> = inside.trim_end_matches(".rs").split('/').collect();
        if matches!(module.last(), Some(&("mod" | "lib" | "main"))) {
            module.pop();
        }
        module
    }

    /// Every path that begins with `crate::` or climbs by `super::`, in full, with its line. A `super` inside an
    /// inline module climbs one step too many here; rules that look for known names do not mind.
    pub fn imports(&self) -> Vec<(usize, Vec<String>)> {
        let mut found = Vec::new();
        let mut read = |at: usize, rest: &str, base: &[String]| {
            let mut paths = Vec::new();
            read_tree(&mut rest.chars().peekable(), base, &mut paths);
            found.extend(paths.into_iter().map(|path| (line_of(&self.code, at), path)));
        };
        for at in self.places_of("crate::") {
            read(at, &self.code[at + "crate::".len()..], &[]);
        }
        for at in self.places_of("super::").into_iter().filter(|&at| !self.code[..at].ends_with("super::")) {
            let mut base: Vec<String> = self.module().into_iter().map(str::to_owned).collect();
            let mut rest = &self.code[at..];
            while let Some(above) = rest.strip_prefix("super::") {
                base.pop();
                rest = above;
            }
            read(at, rest, &base);
        }
        found
    }
}

/// Reads `a::b`, `a::{b, c::d}` or `*`, which stands after `prefix`.
fn read_tree(rest: &mut Peekable<Chars>, prefix: &[String], found: &mut Vec<Vec<String>>) {
    let mut path = prefix.to_vec();
    loop {
        let mut name = String::new();
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
        while let Some(c) = rest.next_if(|&c| is_word(c)) {
            name.push(c);
        }
        if name.is_empty() && rest.next_if_eq(&'{').is_some() {
            loop {
                read_tree(rest, &path, found);
                // What is left is `*` or ` as name`.
                if rest.find(|c| matches!(c, ',' | '}')) != Some(',') {
                    return;
                }
            }
        }
        if !name.is_empty() {
            path.push(name);
        }
        if rest.next_if_eq(&':').is_none() || rest.next_if_eq(&':').is_none() {
            found.push(path);
            return;
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text[..at].matches('\n').count()
}

/// Parts code from comments and literals.
fn split(text: &str) -> (String, Vec<(usize, String)>) {
    let text: Vec<char> = text.chars().collect();
    let mut code = text.clone();
    let mut strings = Vec::new();
    let (mut at, mut line, mut counted) = (0, 1, 0);
    while at < text.len() {
        let rest = &text[at..];
        let word_before = at > 0 && is_word(text[at - 1]);
        let end = if rest.starts_with(&['/', '/']) {
            at + rest.iter().position(|&c| c == '\n').unwrap_or(rest.len())
        } else if rest.starts_with(&['/', '*']) {
            at + block_comment(rest)
        } else if let Some((open, inside, close)) = string(rest, word_before) {
            line += text[counted..at].iter().filter(|&&c| c == '\n').count();
            counted = at;
            strings.push((line, rest[open..open + inside].iter().collect()));
            blank(&mut code[at + open..at + open + inside]);
            at += open + inside + close;
            continue;
        } else if rest[0] == '\'' {
            at + character(rest)
        } else {
            at += 1;
            continue;
        };
        blank(&mut code[at..end]);
        at = end;
    }
    (code.into_iter().collect(), strings)
}

fn blank(code: &mut [char]) {
    for c in code.iter_mut().filter(|c| **c != '\n') {
        *c = ' ';
    }
}

fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with(&['/', '*']) {
            (depth, at) = (depth + 1, at + 2);
        } else if rest[at..].starts_with(&['*', '/']) {
            (depth, at) = (depth - 1, at + 2);
        } else {
            at += 1;
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// A string literal that begins here: the lengths of its opening, its inside and its closing.
fn string(rest: &[char], word_before: bool) -> Option<(usize, usize, usize)> {
    let prefix = if word_before {
        0
    } else {
        rest.iter().take(2).take_while(|c| matches!(c, 'b' | 'c' | 'r')).count()
    };
    let raw = rest[..prefix].contains(&'r');
    let hashes = if raw { rest[prefix..].iter().take_while(|&&c| c == '#').count() } else { 0 };
    if rest.get(prefix + hashes) != Some(&'"') {
        return None;
    }
    let open = prefix + hashes + 1;
    let mut at = open;
    while at < rest.len() {
        if !raw && rest[at] == '\\' {
            at += 2;
        } else if rest[at] == '"' && rest[at + 1..].iter().take_while(|&&c| c == '#').count() >= hashes {
            return Some((open, at - open, hashes + 1));
        } else {
            at += 1;
        }
    }
    None
}

/// The length of a character literal; a lifetime's quote counts one.
fn character(rest: &[char]) -> usize {
    if rest.get(1) == Some(&'\\') {
        return 1 + rest[1..].iter().skip(2).position(|&c| c == '\'').map_or(0, |length| length + 3);
    }
    if rest.get(2) == Some(&'\'') { 3 } else { 1 }
}

#[test]
fn code_text_and_comments_are_told_apart() {
    let source = Source::new(
        "crates/core/src/plan/matching.rs",
        "// SELECT\nlet a = \"x \\\" y\"; /* b /* c */ d */ let e = r#\"f\"g\"#; let h = '\"'; let i: &'static str = b\"j\";\n",
    );
    let code = source.code.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(
        code,
        "let a = \" \"; let e = r#\" \"#; let h = ; let i: &'static str = b\" \";".replace("&'", "& ")
    );
    let strings: Vec<_> = source.strings.iter().map(|(line, text)| (*line, text.as_str())).collect();
    assert_eq!(strings, [(2, "x \\\" y"), (2, "f\"g"), (2, "j")]);
}

#[test]
fn imports_are_read_in_full() {
    let source = Source::new(
        "crates/core/src/plan/matching.rs",
        "use crate::{address::Phone, plan::{self as p, input::*}};\nuse super::super::lane;\nfn f() { super::run(); }\n",
    );
    let imports: Vec<_> = source.imports().into_iter().map(|(line, path)| (line, path.join("::"))).collect();
    let imports: Vec<_> = imports.iter().map(|(line, path)| (*line, path.as_str())).collect();
    let expected =
        [(1, "address::Phone"), (1, "plan::self"), (1, "plan::input"), (2, "lane"), (3, "plan::run")];
    assert_eq!(imports, expected);
}
