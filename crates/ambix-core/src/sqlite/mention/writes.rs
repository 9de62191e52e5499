//! INSERT, and the names of columns that a statement writes to.

use super::Mention;
use super::scope::{Scope, Source};
use super::walk::{ENDS, Walk};
use super::words::{closing, outside};
use alloc::{string::ToString, vec, vec::Vec};
use core::ops::Range;

/// The name of the row that ON CONFLICT is about.
pub(super) const EXCLUDED: &str = "excluded";

impl Walk<'_> {
    /// INSERT and REPLACE: the query that they take their rows from does not see the table.
    pub(super) fn insert(&mut self, range: Range<usize>) {
        let Some(into) = outside(self.words, range.clone()).find(|at| self.is(*at, "INTO")) else {
            return;
        };
        let mut sources = Vec::new();
        let mut at = self.source(into + 1, range.end, true, &mut sources);
        let Some(written) = sources.first().cloned() else { return };
        if self.is_symbol(at, "(") {
            let close = closing(self.words, at).min(range.end);
            self.written(at + 1..close, &written);
            at = close + 1;
        }
        let behind = at.min(range.end)..range.end;
        let ends_query = |at: &usize| {
            let conflict = self.is(*at, "ON") && self.is(at + 1, "CONFLICT");
            self.is(*at, "RETURNING")
                || (conflict && (self.is(at + 2, "DO") || self.is_symbol(at + 2, "(")))
        };
        let end = outside(self.words, behind.clone()).find(ends_query).unwrap_or(range.end);
        self.statement(behind.start..end);
        let excluded =
            Source { name: EXCLUDED.to_string(), aliased: true, columns: written.columns.clone() };
        self.scopes.push(Scope { sources: vec![written, excluded], ..Scope::default() });
        self.set(end..range.end);
        self.expressions(end..range.end);
        self.scopes.pop();
    }

    /// Names of columns of the table that is written to.
    pub(super) fn written(&mut self, range: Range<usize>, table: &Source) {
        for at in range.clone() {
            if table.is_target() && self.words[at].names(self.column) {
                self.mention(at, Mention::Yes);
            }
        }
        self.finish(range);
    }

    /// The names before `=` in SET, which are columns of the table that is written to.
    pub(super) fn set(&mut self, range: Range<usize>) {
        let words = self.words;
        let mut places = outside(words, range.clone()).skip_while(|at| !words[*at].is("SET"));
        let written = self.scopes.last().and_then(|scope| scope.sources.first()).cloned();
        let (Some(_), Some(written)) = (places.next(), written) else { return };
        let mut expects = true;
        for at in places {
            if self.begins_tables(at) || words[at].is_any(&ENDS) || words[at].is("ON") {
                return;
            }
            if expects && words[at].is_symbol("(") {
                self.written(at + 1..closing(words, at).min(range.end), &written);
            } else if expects {
                self.written(at..at + 1, &written);
            }
            expects = words[at].is_symbol(",");
        }
    }
}
