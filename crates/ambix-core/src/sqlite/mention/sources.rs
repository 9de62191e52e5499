//! The tables that a statement reads or writes, with their aliases.

use super::scope::{self, Columns, Source};
use super::walk::{DEEPEST, ENDS, Walk};
use super::words::{Word, closing};
use crate::sqlite::quote::unquoted;
use alloc::{string::String, vec::Vec};
use core::ops::Range;

/// The words behind a table that are no alias of it.
const NO_ALIASES: [&str; 28] = [
    "CROSS",
    "DEFAULT",
    "DO",
    "EXCEPT",
    "FROM",
    "FULL",
    "GROUP",
    "HAVING",
    "INDEXED",
    "INNER",
    "INTERSECT",
    "JOIN",
    "LEFT",
    "LIMIT",
    "NATURAL",
    "NOT",
    "ON",
    "ORDER",
    "OUTER",
    "RETURNING",
    "RIGHT",
    "SELECT",
    "SET",
    "UNION",
    "USING",
    "VALUES",
    "WHERE",
    "WITH",
];

impl Walk<'_> {
    /// The tables of FROM, JOIN, UPDATE and DELETE. `listing` says that the range begins with a table.
    pub(super) fn sources(
        &mut self,
        range: Range<usize>,
        mut listing: bool,
        sources: &mut Vec<Source>,
    ) {
        let mut expects = listing;
        let mut at = range.start;
        if self.is(at, "UPDATE") && !listing {
            expects = true;
            at += if self.is(at + 1, "OR") { 3 } else { 1 };
        }
        while at < range.end {
            let word = self.words[at];
            if expects {
                expects = false;
                at = self.source(at, range.end, false, sources);
            } else if word.is_symbol("(") {
                at = closing(self.words, at) + 1;
            } else {
                if self.begins_tables(at) {
                    (listing, expects) = (true, true);
                } else if word.is_any(&ENDS) {
                    listing = false;
                } else if listing && (word.is("JOIN") || word.is_symbol(",")) {
                    expects = true;
                }
                at += 1;
            }
        }
    }

    /// One table, subquery or list in parentheses, with its alias; gives the place behind it. `written`
    /// says that a parenthesis behind the name holds columns.
    pub(super) fn source(
        &mut self,
        mut at: usize,
        end: usize,
        written: bool,
        sources: &mut Vec<Source>,
    ) -> usize {
        let mut source = Source { name: String::new(), aliased: true, columns: Columns::Unknown };
        if self.is_symbol(at, "(") {
            let close = closing(self.words, at).min(end);
            if !self.begins_query(at + 1) {
                self.found.is_partial |= self.nesting == DEEPEST;
                if self.nesting < DEEPEST {
                    self.nesting += 1;
                    self.sources(at + 1..close, true, sources);
                    self.nesting -= 1;
                }
                return close + 1;
            }
            if let Some(outputs) = self.statement(at + 1..close) {
                source.columns = Columns::Known(outputs);
            }
            self.finish(at..(close + 1).min(end));
            at = close + 1;
        } else if self.is_name(at) {
            let name;
            (at, name) = self.table_at(at, &mut source);
            if self.is_symbol(at, "(") && !written {
                source.columns = scope::columns_of_function(&name);
                // The arguments are expressions of the statement.
                at = closing(self.words, at).min(end) + 1;
            }
            source.name = name;
        } else {
            return at + 1;
        }
        let is_alias = |word: &Word<'_>| word.is_name() && !word.is_any(&NO_ALIASES);
        let has_as = at < end && self.is(at, "AS");
        let alias = at + usize::from(has_as);
        if alias < end && (has_as || is_alias(&self.words[alias])) {
            source.name = unquoted(self.words[alias].text);
            source.aliased = true;
            self.finish(at..alias + 1);
            at = alias + 1;
        }
        if at + 2 < end && self.is(at, "INDEXED") {
            self.finish(at..at + 3);
            at += 3;
        } else if at + 1 < end && self.is(at, "NOT") && self.is(at + 1, "INDEXED") {
            at += 2;
        }
        sources.push(source);
        at
    }

    /// `name` or `schema.name`: fills in what is known of the table, and gives the place behind it and its
    /// name.
    pub(super) fn table_at(&mut self, at: usize, source: &mut Source) -> (usize, String) {
        let mut last = at;
        let mut is_main = true;
        if self.is_symbol(at + 1, ".") && self.is_name(at + 2) {
            is_main = self.words[at].names("main");
            last = at + 2;
        }
        let name = unquoted(self.words[last].text);
        self.finish(at..last + 1);
        source.aliased = false;
        let with = self.scopes.iter().rev().flat_map(|scope| &scope.tables);
        let mut with = with.filter(|_| last == at);
        if let Some(table) = with.find(|table| table.name.eq_ignore_ascii_case(&name)) {
            source.columns = table.columns.clone();
            source.aliased = true;
        } else if !is_main {
            source.columns = Columns::Unknown;
        } else if !self.table.is_empty() && name.eq_ignore_ascii_case(self.table) {
            source.columns = Columns::Target;
            self.found.tables.push(self.words[last].span);
        } else {
            source.columns = scope::columns_of(self.objects, &name, self.depth);
        }
        (last + 1, name)
    }
}
