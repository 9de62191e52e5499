//! The names in expressions and in the list of a SELECT's results, and whose columns they are.

use super::Mention;
use super::scope::{self, Columns, Output, Source};
use super::walk::{ENDS, Walk};
use super::words::{closing, is_operand, outside, split};
use super::writes::EXCLUDED;
use crate::sqlite::quote::unquoted;
use alloc::{string::String, vec::Vec};
use core::ops::Range;

impl Walk<'_> {
    /// The columns of a SELECT's result; notes its aliases in the innermost scope.
    pub(super) fn outputs(&mut self, range: Range<usize>) -> Option<Vec<Output>> {
        let words = self.words;
        let mut at = range.start;
        at += usize::from(self.is(at, "ALL"));
        if !self.is(at, "SELECT") {
            return self.is(at, "VALUES").then(Vec::new);
        }
        at += 1;
        at += usize::from(self.is(at, "DISTINCT") || self.is(at, "ALL"));
        let end = outside(words, at..range.end)
            .find(|at| self.begins_tables(*at) || words[*at].is_any(&ENDS))
            .unwrap_or(range.end);
        let mut outputs = Some(Vec::new());
        for item in split(words, at..end, |word| word.is_symbol(",")) {
            let Some(last) = item.end.checked_sub(1).filter(|last| *last >= item.start) else {
                continue;
            };
            let qualifier = (last >= item.start + 2 && words[last - 1].is_symbol("."))
                .then(|| unquoted(words[last - 2].text));
            let is_plain = last == item.start || (qualifier.is_some() && item.len() <= 5);
            if words[last].is_symbol("*") && is_plain {
                let all = self.all_outputs(qualifier.as_deref());
                outputs = outputs.zip(all).map(|(mut outputs, all)| {
                    outputs.extend(all);
                    outputs
                });
            } else if is_plain && words[last].is_identifier() {
                let name = unquoted(words[last].text);
                let through = name.eq_ignore_ascii_case(self.column)
                    && self.meaning(qualifier.as_deref(), false) != Mention::No;
                outputs = outputs.map(|mut outputs| {
                    outputs.push(Output { name, through });
                    outputs
                });
            } else if words[last].is_name() && !is_operand(words, item.start, last) {
                let name = unquoted(words[last].text);
                if let Some(scope) = self.scopes.last_mut() {
                    scope.aliases.push(name.clone());
                }
                self.finish(last..last + 1);
                outputs = outputs.map(|mut outputs| {
                    outputs.push(Output::new(name));
                    outputs
                });
            }
        }
        outputs
    }

    /// What `*` or `qualifier.*` stands for.
    pub(super) fn all_outputs(&self, qualifier: Option<&str>) -> Option<Vec<Output>> {
        let mut outputs = Vec::new();
        for source in &self.scopes.last()?.sources {
            if qualifier.is_some_and(|name| !source.name.eq_ignore_ascii_case(name)) {
                continue;
            }
            match &source.columns {
                Columns::Unknown => return None,
                Columns::Known(columns) => outputs.extend(columns.iter().cloned()),
                Columns::Target => {
                    let Columns::Known(columns) =
                        scope::columns_of(self.objects, self.table, self.depth)
                    else {
                        return None;
                    };
                    outputs.extend(columns.into_iter().map(|column| Output {
                        through: column.name.eq_ignore_ascii_case(self.column),
                        ..column
                    }));
                }
            }
        }
        Some(outputs)
    }

    /// The source that `name.column` is of.
    pub(super) fn qualified(&self, name: &str, column: &str) -> Option<&Source> {
        scope::qualified(&self.scopes, name, |source| match &source.columns {
            Columns::Target => {
                let columns = scope::columns_of(self.objects, self.table, self.depth);
                let all = Source { columns, ..source.clone() };
                all.has_known(column)
            }
            _ => source.has_known(column),
        })
    }

    /// What the column's name means here.
    pub(super) fn meaning(&self, qualifier: Option<&str>, sorts: bool) -> Mention {
        let Some(qualifier) = qualifier else {
            return scope::bare(&self.scopes, self.column, sorts);
        };
        if let Some(source) = self.qualified(qualifier, self.column) {
            return scope::in_source(source, self.column);
        }
        let is_row = ["NEW", "OLD"].iter().any(|row| qualifier.eq_ignore_ascii_case(row));
        let rows_of = self.rows_of.as_deref().filter(|_| is_row);
        match rows_of.is_some_and(|table| table.eq_ignore_ascii_case(self.table)) {
            true => Mention::Yes,
            false => Mention::No,
        }
    }

    /// Every name in `range` that has not been walked over yet.
    pub(super) fn expressions(&mut self, range: Range<usize>) {
        let words = self.words;
        let mut sorts = false;
        let mut depth = 0usize;
        let mut at = range.start;
        while at < range.end {
            let word = words[at];
            if self.done[at] {
                at += 1;
                continue;
            }
            if word.is_symbol("(") && self.begins_query(at + 1) {
                let close = closing(words, at).min(range.end);
                self.statement(at + 1..close);
                at = close + 1;
                continue;
            }
            if word.is_symbol("(") {
                depth += 1;
            } else if word.is_symbol(")") {
                depth = depth.saturating_sub(1);
            } else if word.is("IN") && self.is_name(at + 1) && at + 1 < range.end {
                let mut source =
                    Source { name: String::new(), aliased: false, columns: Columns::Unknown };
                (at, _) = self.table_at(at + 1, &mut source);
                continue;
            } else if word.is("USING") && self.is_symbol(at + 1, "(") {
                let close = closing(words, at + 1).min(range.end);
                let sources = self.scopes.last().map(|scope| scope.sources.as_slice());
                let has_target = sources.unwrap_or_default().iter().any(Source::is_target);
                for (at, word) in words.iter().enumerate().take(close).skip(at + 2) {
                    if has_target && word.names(self.column) {
                        self.mention(at, Mention::Perhaps);
                    }
                }
                at = close + 1;
                continue;
            } else if depth == 0 && word.is_any(&["GROUP", "ORDER", "HAVING"]) {
                sorts = true;
            }
            if word.is_name() {
                self.name(at, range.start, sorts);
            }
            at += 1;
        }
    }

    /// A name in an expression that begins at `start`.
    pub(super) fn name(&mut self, at: usize, start: usize, sorts: bool) {
        let words = self.words;
        let word = words[at];
        let is_behind_dot = at >= start + 2 && self.is_symbol(at - 1, ".");
        if self.is_symbol(at + 1, ".") && (self.is_name(at + 2) || self.is_symbol(at + 2, "*")) {
            let behind = unquoted(words[at + 2].text);
            let source = self.qualified(&unquoted(word.text), &behind);
            let is_schema = self.is_symbol(at + 3, ".");
            let source = source.filter(|source| source.is_target() && !is_schema);
            let is_table = source.is_some_and(|source| !source.aliased);
            let is_excluded = source.is_some_and(|source| source.name == EXCLUDED);
            self.found.has_excluded |= is_excluded;
            if is_table {
                self.found.tables.push(word.span);
            }
            return;
        }
        if !word.names(self.column) {
            return;
        }
        if is_behind_dot {
            let qualifier = unquoted(words[at - 2].text);
            self.mention(at, self.meaning(Some(&qualifier), sorts));
        } else if word.is_identifier()
            && !self.is_symbol(at + 1, "(")
            && is_operand(words, start, at)
        {
            self.mention(at, self.meaning(None, sorts));
        }
    }
}
