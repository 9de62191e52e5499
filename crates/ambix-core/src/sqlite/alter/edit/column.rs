//! Columns and their clauses.

use super::Definition;
use super::duplicate;
use super::written::{clauses_of, new_column, no_sql, without_end};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::operation::ColumnPlace;
use crate::schema::Constraint;
use crate::sqlite::alter::splice::Splices;
use crate::sqlite::create_table::{Clause, ClauseKind, read};
use crate::sqlite::quote::unquoted;
use crate::sqlite::token::tokens;
use alloc::string::String;
use alloc::{format, vec::Vec};

impl Definition {
    /// The text with one more column.
    pub(super) fn with_column(
        &self,
        definition: &str,
        place: Option<&ColumnPlace>,
    ) -> Result<String, Diagnostic> {
        let columns = &self.read.columns;
        let before = match place {
            None => None,
            Some(ColumnPlace::First) => columns.first(),
            Some(ColumnPlace::Before(name)) => Some(self.column(name)?),
            Some(ColumnPlace::After(name)) => {
                self.column(name)?;
                self.position(name).and_then(|at| columns.get(at + 1))
            }
        };
        let definition = definition.trim();
        Ok(match before {
            Some(next) => {
                Splices::insert(next.span.start, format!("{definition}{}", self.separator()))
            }
            None => self.behind(self.read.end_of_columns, definition),
        }
        .apply(&self.sql))
    }

    /// The definition with these columns behind all others, as if they were added one after another.
    ///
    /// # Errors
    /// Which of them is no column, or has a name that is taken, and why.
    pub(in super::super) fn with_columns(
        &self,
        definitions: &[&str],
    ) -> Result<Self, (usize, Diagnostic)> {
        let mut names: Vec<String> =
            self.read.table.columns.iter().map(|column| column.name.clone()).collect();
        for (at, definition) in definitions.iter().enumerate() {
            let name = new_column(definition).map_err(|error| (at, error))?;
            if names.iter().any(|taken| taken.eq_ignore_ascii_case(&name)) {
                return Err((at, duplicate(&name)));
            }
            names.push(name);
        }
        let end = self.read.end_of_columns;
        let separator = match self.comment_behind(end) {
            Some(_) => ", ".into(),
            None => self.separator(),
        };
        let columns: Vec<&str> =
            definitions.iter().map(|definition| without_end(definition).trim()).collect();
        let sql = self.behind(end, &columns.join(&separator)).apply(&self.sql);
        // Each of them is a column, so that one of the last should be wrong is as good as any.
        Self::read(sql).map_err(|error| (definitions.len().saturating_sub(1), error))
    }

    /// What stands between two columns here, so that a new one stands in line.
    pub(super) fn separator(&self) -> String {
        let columns = &self.read.columns;
        let first = columns.first().map_or(0, |column| column.span.start);
        let between = match columns.as_slice() {
            [.., last, end] => &self.sql[last.span.end..end.span.start],
            _ => {
                let open = self.sql[..first].rfind('(').map_or(first, |at| at + 1);
                let lead = &self.sql[open..first];
                return match lead.contains('\n') && lead.trim().is_empty() {
                    true => format!(",{lead}"),
                    false => ", ".into(),
                };
            }
        };
        match between.trim() == "," {
            true => between.into(),
            false => ", ".into(),
        }
    }

    /// A new element of the list behind the one that ends at `end`, and behind the comment that goes with
    /// that one.
    pub(super) fn behind(&self, end: usize, element: &str) -> Splices {
        let separator = self.separator();
        match self.comment_behind(end) {
            None => Splices::insert(end, format!("{separator}{element}")),
            Some(comment) => {
                let line = if comment.of(&self.sql).starts_with("--") { "\n" } else { "" };
                Splices::insert(comment.end, format!("{line}{separator}{element}"))
            }
        }
    }

    /// The last comment that stands right behind a place.
    fn comment_behind(&self, end: usize) -> Option<Span> {
        let rest = &self.sql[end..];
        let gap = tokens(rest).into_iter().take_while(|token| !token.is_significant());
        let comment = gap.filter(|token| !token.span.of(rest).trim().is_empty()).last()?;
        Some(Span::new(end + comment.span.start, end + comment.span.end))
    }

    /// The text without the column's definition, and with it those constraints that are about nothing else.
    pub(super) fn without_column(&self, name: &str) -> Result<Self, Diagnostic> {
        let mut left = Self::read(self.cut_column(name)?)?;
        let about_it = |clause: &Clause, definition: &Self| {
            !clause.columns.is_empty()
                && clause
                    .columns
                    .iter()
                    .all(|column| unquoted(column.of(&definition.sql)).eq_ignore_ascii_case(name))
        };
        while let Some(clause) = left.read.constraints.iter().find(|clause| about_it(clause, &left))
        {
            left = Self::read(left.without_clause(None, clause))?;
        }
        Ok(left)
    }

    /// The text without the column's definition and its comma.
    pub(super) fn cut_column(&self, name: &str) -> Result<String, Diagnostic> {
        let column = self.column(name)?.span;
        let at = self.position(name).unwrap_or_default();
        let columns = &self.read.columns;
        let cut = match (at.checked_sub(1).map(|before| columns[before].span), columns.get(at + 1))
        {
            (_, Some(next)) => Span::new(column.start, next.span.start),
            (Some(before), None) => Span::new(before.end, column.end),
            (None, None) => {
                return Err(Diagnostic::error(
                    Code::UnsupportedOperation,
                    format!("cannot drop column \"{name}\": no other columns exist"),
                )
                .hint("drop the table, or add another column first"));
            }
        };
        Ok(Splices::cut(&self.sql, cut, column).apply(&self.sql))
    }

    pub(super) fn with_type(&self, column: &str, data_type: &str) -> Result<String, Diagnostic> {
        let text = self.column(column)?;
        let probe = format!("CREATE TABLE t (c {data_type})");
        let is_type = read(&probe).is_ok_and(|read| {
            let column = &read.columns[..];
            matches!(column, [one] if one.clauses.is_empty()
                && one.declared_type.of(&probe) == data_type)
        });
        if !is_type {
            return Err(no_sql("a type", data_type));
        }
        let old = text.declared_type;
        Ok(match (old.start == old.end, data_type.is_empty()) {
            (true, true) => Splices::none(),
            (true, false) => Splices::insert(text.name.end, format!(" {data_type}")),
            (false, true) => Splices::cut(&self.sql, Span::new(text.name.end, old.end), old),
            (false, false) => Splices::replace(old, data_type.into()),
        }
        .apply(&self.sql))
    }

    pub(super) fn with_nullable(&self, column: &str, nullable: bool) -> Result<String, Diagnostic> {
        let text = self.column(column)?;
        let has = |kind| text.clause(kind).is_some();
        match nullable {
            true => self.without_clauses(column, ClauseKind::NotNull),
            false if has(ClauseKind::NotNull) => Ok(self.sql.clone()),
            false if has(ClauseKind::Null) => {
                let explicit = Self::read(self.without_clauses(column, ClauseKind::Null)?)?;
                explicit.with_nullable(column, false)
            }
            false => Ok(Splices::insert(text.span.end, " NOT NULL".into()).apply(&self.sql)),
        }
    }

    pub(super) fn with_default(&self, column: &str, default: &str) -> Result<String, Diagnostic> {
        let text = self.column(column)?;
        let fits = |value: &str| {
            let clauses = clauses_of(&format!("DEFAULT {value}"));
            matches!(&clauses[..], [ClauseKind::Default])
        };
        let in_parentheses = format!("({default})");
        let value = match (fits(default), fits(&in_parentheses)) {
            (true, _) => default,
            (false, true) => &in_parentheses,
            (false, false) => return Err(no_sql("a default", default)),
        };
        Ok(match text.clause(ClauseKind::Default) {
            Some(clause) => Splices::replace(clause.inner, value.into()),
            None => {
                // Where SQLAlchemy has it: behind the type.
                Splices::insert(
                    text.declared_type.end.max(text.name.end),
                    format!(" DEFAULT {value}"),
                )
            }
        }
        .apply(&self.sql))
    }

    /// A generated column cannot be written to, not by the action of a foreign key either.
    pub(super) fn refuse_if_it_follows_a_key(&self, column: &str) -> Result<(), Diagnostic> {
        let writes = |action: &Option<String>| {
            matches!(action.as_deref(), Some("CASCADE" | "SET NULL" | "SET DEFAULT"))
        };
        let follows = self.read.table.constraints.iter().any(|constraint| {
            matches!(constraint, Constraint::ForeignKey(key)
                if key.columns.iter().any(|name| name.eq_ignore_ascii_case(column))
                    && (writes(&key.on_delete) || writes(&key.on_update)))
        });
        match follows {
            false => Ok(()),
            true => Err(Diagnostic::error(
                Code::UnsupportedOperation,
                format!("Column '{column}' is changed by the action of a foreign key, so it cannot be generated"),
            )
            .hint("drop the foreign key first")),
        }
    }

    /// The text with a clause of a kind of which a column has one: it takes the place of the last.
    pub(super) fn with_clause(
        &self,
        column: &str,
        kind: ClauseKind,
        clause: &str,
    ) -> Result<String, Diagnostic> {
        if clauses_of(clause) != [kind] {
            return Err(no_sql("a clause of a column", clause));
        }
        let text = self.column(column)?;
        Ok(match text.clause(kind) {
            Some(old) => {
                // A name before it stays.
                let start = old.name.map_or(old.span.start, |name| name.end);
                let blank = if old.name.is_some() { " " } else { "" };
                Splices::replace(Span::new(start, old.span.end), format!("{blank}{clause}"))
            }
            None => Splices::insert(text.span.end, format!(" {clause}")),
        }
        .apply(&self.sql))
    }

    pub(super) fn without_clauses(
        &self,
        column: &str,
        kind: ClauseKind,
    ) -> Result<String, Diagnostic> {
        let at = self.position(column);
        let mut left = Self::read(self.sql.clone())?;
        while let Some(clause) = left.column(column)?.clause(kind) {
            left = Self::read(left.without_clause(at, clause))?;
        }
        Ok(left.sql)
    }

    /// The text without one clause, of the column at `column` or of the table.
    pub(in super::super) fn without_clause(
        &self,
        column: Option<usize>,
        clause: &Clause,
    ) -> String {
        let Some(at) = column else { return self.without_constraint(clause) };
        let column = &self.read.columns[at];
        let before = column.clauses.iter().take_while(|known| known.span.start < clause.span.start);
        let end =
            before.last().map_or(column.declared_type.end.max(column.name.end), |c| c.span.end);
        Splices::cut(&self.sql, Span::new(end, clause.span.end), clause.span).apply(&self.sql)
    }
}
