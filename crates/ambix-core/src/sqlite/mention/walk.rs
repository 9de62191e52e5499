//! The walk over a statement: each SELECT, and each statement of a trigger, is a scope of its own, and
//! sees the names of those around it. Source: <https://sqlite.org/lang_select.html> and SQLite's `parse.y`.

use super::scope::{Columns, Output, Scope, Source};
use super::words::{Word, closing, is_operand, outside, split, words};
use super::{Found, Mention};
use crate::sqlite::objects::Objects;
use crate::sqlite::quote::unquoted;
use alloc::{string::String, vec, vec::Vec};
use core::ops::Range;

/// A walk that looks for a table and one of its columns.
pub(super) struct Walk<'a> {
    pub(super) words: &'a [Word<'a>],
    pub(super) objects: &'a Objects,
    pub(super) table: &'a str,
    pub(super) column: &'a str,
    /// The table of the trigger whose NEW and OLD are seen.
    pub(super) rows_of: Option<String>,
    pub(super) scopes: Vec<Scope>,
    /// The words that name tables and aliases, and those that have been walked over.
    pub(super) done: Vec<bool>,
    /// How many views stand between this text and the one that is walked over for its own sake.
    pub(super) depth: usize,
    /// How many parentheses with queries and joins are open.
    pub(super) nesting: usize,
    pub(super) found: Found,
}

/// Queries in queries in queries: what is nested deeper than this is not walked over.
pub(super) const DEEPEST: usize = 100;

/// The words that begin a query, so that a parenthesis before them is no expression.
const QUERIES: [&str; 3] = ["SELECT", "WITH", "VALUES"];

/// The words that end the list of results and the list of tables.
pub(super) const ENDS: [&str; 8] =
    ["WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "WINDOW", "RETURNING", "SET"];

/// The columns that a view gives.
pub(super) fn columns_of_view(objects: &Objects, sql: &str, depth: usize) -> Columns {
    let words = words(sql);
    let Some(view) = super::find::view(&words) else { return Columns::Unknown };
    if let Some(columns) = view.columns {
        let name = |word: &Word<'_>| Output::new(unquoted(word.text));
        return Columns::Known(words[columns].iter().filter(|w| w.is_name()).map(name).collect());
    }
    let mut walk = Walk::new(&words, objects, "", "");
    walk.depth = depth;
    walk.statement(view.body).map_or(Columns::Unknown, Columns::Known)
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        words: &'a [Word<'a>],
        objects: &'a Objects,
        table: &'a str,
        column: &'a str,
    ) -> Self {
        Self {
            words,
            objects,
            table,
            column,
            rows_of: None,
            scopes: Vec::new(),
            done: vec![false; words.len()],
            depth: 0,
            nesting: 0,
            found: Found::default(),
        }
    }

    /// Lets NEW and OLD be rows of the table of that name.
    pub(super) fn see_rows_of(&mut self, table: String) {
        self.rows_of = Some(table);
    }

    pub(super) fn is(&self, at: usize, keyword: &str) -> bool {
        self.words.get(at).is_some_and(|word| word.is(keyword))
    }

    pub(super) fn is_symbol(&self, at: usize, symbol: &str) -> bool {
        self.words.get(at).is_some_and(|word| word.is_symbol(symbol))
    }

    pub(super) fn is_name(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(Word::is_name)
    }

    pub(super) fn begins_query(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.is_any(&QUERIES))
    }

    /// Whether FROM at `at` begins a list of tables, and does not belong to IS DISTINCT FROM.
    pub(super) fn begins_tables(&self, at: usize) -> bool {
        self.is(at, "FROM") && !(at > 0 && self.is(at - 1, "DISTINCT"))
    }

    pub(super) fn finish(&mut self, range: Range<usize>) {
        self.done[range].fill(true);
    }

    pub(super) fn mention(&mut self, at: usize, mention: Mention) {
        if mention != Mention::No {
            self.found.columns.push((self.words[at].span, mention));
        }
    }

    /// A statement: `[WITH …]` SELECT, VALUES, INSERT, UPDATE or DELETE. Gives its result's columns, if
    /// all of them are known.
    pub(super) fn statement(&mut self, range: Range<usize>) -> Option<Vec<Output>> {
        if self.nesting == DEEPEST {
            self.found.is_partial = true;
            return None;
        }
        self.nesting += 1;
        let outputs = self.shallow_statement(range);
        self.nesting -= 1;
        outputs
    }

    pub(super) fn shallow_statement(&mut self, range: Range<usize>) -> Option<Vec<Output>> {
        let mut at = range.start;
        let has_tables = at < range.end && self.is(at, "WITH");
        if has_tables {
            self.scopes.push(Scope::default());
            at = self.with(at + 1, range.end);
        }
        let rest = at.min(range.end)..range.end;
        let outputs = if rest.is_empty() {
            None
        } else if self.is(at, "INSERT") || self.is(at, "REPLACE") {
            self.insert(rest);
            None
        } else if self.is(at, "UPDATE") || self.is(at, "DELETE") {
            self.core(rest);
            None
        } else {
            self.compound(rest)
        };
        if has_tables {
            self.scopes.pop();
        }
        outputs
    }

    /// The tables of WITH; gives the place behind them.
    pub(super) fn with(&mut self, mut at: usize, end: usize) -> usize {
        if self.is(at, "RECURSIVE") && !self.is(at + 1, "AS") && !self.is_symbol(at + 1, "(") {
            at += 1;
        }
        while at < end && self.is_name(at) {
            let start = at;
            let name = unquoted(self.words[at].text);
            at += 1;
            let mut columns = None;
            if self.is_symbol(at, "(") {
                let close = closing(self.words, at).min(end);
                let names = self.words[at + 1..close].iter().filter(|word| word.is_name());
                columns = Some(names.map(|word| Output::new(unquoted(word.text))).collect());
                at = close + 1;
            }
            while at < end && !self.is_symbol(at, "(") {
                at += 1;
            }
            if at >= end {
                return end;
            }
            self.finish(start..at);
            let close = closing(self.words, at).min(end);
            // A recursive table reads itself.
            let given = columns.clone().map_or(Columns::Unknown, Columns::Known);
            self.add_table(Source { name: name.clone(), aliased: true, columns: given });
            let outputs = self.statement(at + 1..close);
            if columns.is_none() {
                let columns = outputs.map_or(Columns::Unknown, Columns::Known);
                self.add_table(Source { name, aliased: true, columns });
            }
            at = close + 1;
            if !self.is_symbol(at, ",") {
                break;
            }
            at += 1;
        }
        at
    }

    pub(super) fn add_table(&mut self, table: Source) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.tables.insert(0, table);
        }
    }

    /// SELECTs with UNION and the like between them. An ORDER BY belongs to all of them.
    pub(super) fn compound(&mut self, range: Range<usize>) -> Option<Vec<Output>> {
        let words = self.words;
        let mut parts =
            split(words, range.clone(), |word| word.is_any(&["UNION", "EXCEPT", "INTERSECT"]));
        let mut order = range.end..range.end;
        if parts.len() > 1 {
            let last = parts.last().cloned().unwrap_or(range);
            if let Some(at) = outside(words, last.clone()).find(|at| words[*at].is("ORDER")) {
                order = at..last.end;
                parts.pop();
                parts.push(last.start..at);
            }
        }
        let mut first = None;
        let mut has_target = false;
        for (nth, part) in parts.into_iter().enumerate() {
            let (outputs, reads_target) = self.core(part);
            has_target |= reads_target;
            if nth == 0 {
                first = outputs;
            }
        }
        for at in order.clone() {
            let named = words[at].is_identifier() && words[at].names(self.column);
            if has_target && named && is_operand(words, order.start, at) {
                self.mention(at, Mention::Perhaps);
            }
        }
        first
    }

    /// One SELECT, UPDATE or DELETE. Gives its result's columns, and whether it reads or writes the table
    /// that is looked for.
    pub(super) fn core(&mut self, range: Range<usize>) -> (Option<Vec<Output>>, bool) {
        let mut sources = Vec::new();
        self.sources(range.clone(), false, &mut sources);
        let has_target = sources.iter().any(Source::is_target);
        let is_natural = outside(self.words, range.clone()).any(|at| self.is(at, "NATURAL"));
        if has_target && is_natural {
            self.found.implicit = Mention::Perhaps;
        }
        self.scopes.push(Scope { sources, ..Scope::default() });
        let outputs = self.outputs(range.clone());
        self.set(range.clone());
        self.expressions(range);
        self.scopes.pop();
        (outputs, has_target)
    }
}
