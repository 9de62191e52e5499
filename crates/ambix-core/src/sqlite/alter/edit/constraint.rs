//! The constraints of a table.

use super::Definition;
use super::written::new_constraint;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::operation::ConstraintAddress;
use crate::schema::{Constraint, NamingConvention};
use crate::sqlite::alter::splice::Splices;
use crate::sqlite::create_table::{Clause, ClauseKind};
use crate::sqlite::cursor::Cursor;
use crate::sqlite::quote::{self, unquoted};
use crate::sqlite::token::{TokenKind, normalised, tokens};
use alloc::string::String;
use alloc::{format, vec::Vec};

impl Definition {
    pub(super) fn without_constraint(&self, clause: &Clause) -> String {
        let constraints = &self.read.constraints;
        let at = constraints.iter().position(|known| known == clause).unwrap_or_default();
        let before = match at.checked_sub(1) {
            Some(before) => constraints[before].span.end,
            None => self.read.end_of_columns,
        };
        let next = constraints.get(at + 1).map(|next| next.span.start);
        let cut = match next {
            // No comma follows, so the one before it has to stay.
            Some(next) if !has_comma(&self.sql[clause.span.end..next]) => {
                Span::new(clause.span.start, next)
            }
            _ => Span::new(before, clause.span.end),
        };
        Splices::cut(&self.sql, cut, clause.span).apply(&self.sql)
    }

    pub(super) fn with_constraint(&self, definition: &str) -> Result<String, Diagnostic> {
        let added = new_constraint(definition)?;
        for column in added.read.constraints.iter().flat_map(|clause| &clause.columns) {
            self.column(&unquoted(column.of(&added.sql)))?;
        }
        let clause = &added.read.constraints[0];
        let keys: Vec<_> = match clause.kind {
            ClauseKind::PrimaryKey => {
                self.clauses().filter(|(_, old)| old.kind == ClauseKind::PrimaryKey).collect()
            }
            _ => Vec::new(),
        };
        if let [(column, key), ..] = keys[..] {
            let keyless = Self::read(self.without_clause(column, key))?;
            return keyless.with_constraint(definition);
        }
        if let Some(name) = clause.name {
            let name = unquoted(name.of(&added.sql));
            if self.named(&name).is_some() {
                return Err(Diagnostic::error(
                    Code::UnsupportedOperation,
                    format!("Table '{}' has a constraint '{name}' already", self.name()),
                )
                .hint("drop it first"));
            }
        }
        let end =
            self.read.constraints.last().map_or(self.read.end_of_columns, |last| last.span.end);
        Ok(self.behind(end, definition).apply(&self.sql))
    }

    /// The text with another name for a constraint.
    pub(super) fn with_constraint_named(&self, from: &str, to: &str) -> Result<String, Diagnostic> {
        let (_, clause) = self.constraint(&ConstraintAddress::Named(from.into()))?;
        if self.named(to).is_some() && !from.eq_ignore_ascii_case(to) {
            return Err(Diagnostic::error(
                Code::UnsupportedOperation,
                format!("Table '{}' has a constraint '{to}' already", self.name()),
            )
            .hint("drop that one first, or take another name"));
        }
        Ok(match clause.name {
            Some(name) => Splices::replace(name, quote::name(to)).apply(&self.sql),
            None => self.sql.clone(),
        })
    }

    pub(super) fn named(&self, name: &str) -> Option<(Option<usize>, &Clause)> {
        self.clauses().find(|(_, clause)| {
            clause
                .name
                .is_some_and(|known| unquoted(known.of(&self.sql)).eq_ignore_ascii_case(name))
        })
    }

    /// The first constraint without a name that a convention gives this one.
    fn conventional(
        &self,
        name: &str,
        convention: &[(String, String)],
    ) -> Option<(Option<usize>, &Clause)> {
        let naming = naming(convention);
        self.clauses().find(|(_, clause)| {
            self.made_name(clause, &naming).is_some_and(|made| made.eq_ignore_ascii_case(name))
        })
    }

    /// The name that a convention makes for a constraint that has none. Where the template cannot be filled in,
    /// there is none either.
    fn made_name(&self, clause: &Clause, naming: &NamingConvention) -> Option<String> {
        let known = self.read.table.constraints.get(clause.constraint?)?;
        let made = naming.constraint_name(self.name(), known).ok()??;
        clause.name.is_none().then_some(made.text)
    }

    /// The text with names for the constraints that have none.
    pub(super) fn with_conventional_names(&self, convention: &[(String, String)]) -> String {
        let naming = naming(convention);
        let mut taken: Vec<String> = Vec::new();
        let mut splices = Splices::none();
        for (_, clause) in self.clauses() {
            let Some(name) = self.made_name(clause, &naming) else { continue };
            if self.named(&name).is_none() && !taken.contains(&name.to_ascii_lowercase()) {
                taken.push(name.to_ascii_lowercase());
                splices = splices.and(naming_splice(clause, &name));
            }
        }
        splices.apply(&self.sql)
    }

    /// The clause that says the same as a constraint, names and actions aside.
    pub(super) fn alike(&self, wanted: &Constraint) -> Option<(Option<usize>, &Clause)> {
        self.clauses().find(|(_, clause)| {
            let known = clause.constraint.and_then(|at| self.read.table.constraints.get(at));
            known.is_some_and(|known| is_alike(known, wanted))
        })
    }

    /// The text with this name for a constraint, whether it has one or not.
    pub(super) fn with_name(&self, clause: &Clause, name: &str) -> String {
        match clause.name {
            Some(old) => Splices::replace(old, quote::name(name)),
            None => naming_splice(clause, name),
        }
        .apply(&self.sql)
    }

    /// The clause that an address means, and the column that it is written in.
    pub(in super::super) fn constraint(
        &self,
        address: &ConstraintAddress,
    ) -> Result<(Option<usize>, &Clause), Diagnostic> {
        let (found, what) = match address {
            ConstraintAddress::Named(name) => (self.named(name), name.clone()),
            ConstraintAddress::Conventional { name, convention } => {
                let found = self.named(name).or_else(|| self.conventional(name, convention));
                (found, name.clone())
            }
            ConstraintAddress::Defined(definition) => {
                if let Some(partial) = self.by_kind(definition) {
                    return partial.ok_or_else(|| self.no_constraint(definition));
                }
                let wanted = new_constraint(definition.trim())?;
                let meant = wanted.read.table.constraints.first();
                let alike = |(_, clause): &(Option<usize>, &Clause)| {
                    let known =
                        clause.constraint.and_then(|at| self.read.table.constraints.get(at));
                    matches!((known, meant), (Some(known), Some(meant)) if is_alike(known, meant))
                };
                // The very same words before the same meaning, one of the table before one of a column.
                let words = canonical(definition);
                let found = self.clauses().filter(alike).min_by_key(|(column, clause)| {
                    (canonical(clause.span.of(&self.sql)) != words, column.is_some())
                });
                (found, definition.clone())
            }
        };
        found.ok_or_else(|| self.no_constraint(&what))
    }

    /// `PRIMARY KEY` and `FOREIGN KEY (a)`, which say enough without the rest. The outer nothing is another
    /// address; the inner one that there is no such constraint.
    #[expect(clippy::option_option, reason = "not this kind of address, and none found, differ")]
    fn by_kind(&self, address: &str) -> Option<Option<(Option<usize>, &Clause)>> {
        let mut cursor = Cursor::new(address);
        let (kind, list) = if cursor.accept_all(&["PRIMARY", "KEY"]) {
            (ClauseKind::PrimaryKey, None)
        } else if cursor.accept_all(&["FOREIGN", "KEY"]) {
            (ClauseKind::ForeignKey, Some(cursor.parenthesised()?))
        } else {
            return None;
        };
        if cursor.peek().is_some() {
            return None;
        }
        let names = list.map(|list| canonical(list.of(address)));
        let fits = |(_, clause): &(Option<usize>, &Clause)| {
            let columns: Vec<String> =
                clause.columns.iter().map(|column| column.of(&self.sql).into()).collect();
            clause.kind == kind
                && names.as_ref().is_none_or(|names| *names == canonical(&columns.join(", ")))
        };
        Some(self.clauses().find(fits))
    }

    fn no_constraint(&self, what: &str) -> Diagnostic {
        let known: Vec<&Clause> = self
            .clauses()
            .map(|(_, clause)| clause)
            .filter(|clause| clause.constraint.is_some() || clause.name.is_some())
            .collect();
        let texts: Vec<String> =
            known.iter().map(|clause| normalised(clause.span.of(&self.sql))).collect();
        let error =
            Diagnostic::error(Code::NoSuchConstraint, format!("No such constraint: '{what}'"));
        let error = error.hint(match texts.is_empty() {
            true => format!("table '{}' has none", self.name()),
            false => format!("table '{}' has: {}", self.name(), texts.join("; ")),
        });
        match known.iter().any(|clause| clause.name.is_none()) {
            true => error.hint(
                "one without a name is addressed by its definition in SQL, without CONSTRAINT and a name: `DROP \
                 UNIQUE (a, b)`, `DROP CHECK (a > 0)`, `DROP FOREIGN KEY (a)`, `DROP PRIMARY KEY`; in Python by the \
                 name that `naming_convention` of op.batch_alter_table gives it",
            ),
            false => error,
        }
    }
}

fn naming(convention: &[(String, String)]) -> NamingConvention {
    let mut naming = NamingConvention::empty();
    for (kind, template) in convention {
        naming.set(kind, template.clone());
    }
    naming
}

fn naming_splice(clause: &Clause, name: &str) -> Splices {
    Splices::insert(clause.span.start, format!("CONSTRAINT {} ", quote::name(name)))
}

/// Whether two constraints are the same, names and actions aside.
fn is_alike(one: &Constraint, other: &Constraint) -> bool {
    let same = |one: &[String], other: &[String]| {
        one.len() == other.len()
            && one.iter().zip(other).all(|(one, other)| one.eq_ignore_ascii_case(other))
    };
    match (one, other) {
        (Constraint::PrimaryKey(one), Constraint::PrimaryKey(other)) => {
            same(&one.columns, &other.columns)
        }
        (Constraint::Unique(one), Constraint::Unique(other)) => same(&one.columns, &other.columns),
        (Constraint::Check(one), Constraint::Check(other)) => {
            canonical(&one.expression) == canonical(&other.expression)
        }
        (Constraint::ForeignKey(one), Constraint::ForeignKey(other)) => {
            same(&one.columns, &other.columns)
                && one.referred_table.eq_ignore_ascii_case(&other.referred_table)
                && (one.referred_columns.is_empty()
                    || other.referred_columns.is_empty()
                    || same(&one.referred_columns, &other.referred_columns))
        }
        _ => false,
    }
}

/// The tokens of a text, names without their quotes, in one case but for what is a value.
fn canonical(sql: &str) -> Vec<String> {
    let significant = tokens(sql).into_iter().filter(|token| token.is_significant());
    let text = significant.map(|token| match token.kind {
        TokenKind::Text => token.span.of(sql).into(),
        _ => unquoted(token.span.of(sql)).to_ascii_lowercase(),
    });
    text.collect()
}

fn has_comma(gap: &str) -> bool {
    tokens(gap).iter().any(|token| token.is_significant() && token.span.of(gap) == ",")
}
