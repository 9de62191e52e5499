//! What stands behind the columns, and AUTOINCREMENT.

use super::Definition;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::sqlite::alter::splice::Splices;
use crate::sqlite::create_table::ClauseKind;
use crate::sqlite::token::{normalised, tokens};
use alloc::format;
use alloc::string::String;

impl Definition {
    pub(super) fn with_option(&self, words: &str, wanted: bool) -> String {
        let is = |span: &Span| normalised(span.of(&self.sql)).eq_ignore_ascii_case(words);
        let options = &self.read.options;
        let splices = match (options.iter().position(is), wanted) {
            (Some(_), true) | (None, false) => Splices::none(),
            (None, true) => match options.last() {
                Some(last) => Splices::insert(last.end, format!(", {words}")),
                None => Splices::insert(self.read.close + 1, format!(" {words}")),
            },
            (Some(0), false) => {
                let end = options.get(1).map_or(options[0].end, |next| next.start);
                let start = match options.len() {
                    1 => self.read.close + 1,
                    _ => options[0].start,
                };
                Splices::cut(&self.sql, Span::new(start, end), options[0])
            }
            (Some(at), false) => Splices::cut(
                &self.sql,
                Span::new(options[at - 1].end, options[at].end),
                options[at],
            ),
        };
        splices.apply(&self.sql)
    }

    pub(super) fn with_autoincrement(&self, wanted: bool) -> Result<String, Diagnostic> {
        if self.read.table.options.autoincrement == wanted {
            return Ok(self.sql.clone());
        }
        let key = self.clauses().find(|(_, clause)| clause.kind == ClauseKind::PrimaryKey);
        let Some((column, key)) = key else {
            return Err(Diagnostic::error(
                Code::UnsupportedOperation,
                format!("Table '{}' has no primary key that could count up", self.name()),
            )
            .hint("AUTOINCREMENT belongs to an INTEGER PRIMARY KEY"));
        };
        if wanted {
            let at = match (column, key.columns.last()) {
                (None, Some(last)) => last.end,
                _ => key.span.end,
            };
            return Ok(Splices::insert(at, " AUTOINCREMENT".into()).apply(&self.sql));
        }
        let text = key.span.of(&self.sql);
        let all = tokens(text);
        let word = all
            .iter()
            .position(|token| token.span.of(text).eq_ignore_ascii_case("AUTOINCREMENT"))
            .unwrap_or_default();
        let before = all[..word].iter().rev().find(|token| token.is_significant());
        let shifted =
            |span: Span| Span::new(key.span.start + span.start, key.span.start + span.end);
        let own = shifted(all[word].span);
        let start = before.map_or(own.start, |token| shifted(token.span).end);
        Ok(Splices::cut(&self.sql, Span::new(start, own.end), own).apply(&self.sql))
    }
}
