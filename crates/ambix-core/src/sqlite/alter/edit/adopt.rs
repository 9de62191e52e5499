//! What another definition of a table says otherwise.

use super::Definition;
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::TableChange;
use crate::schema::{Constraint, ForeignKey};
use crate::sqlite::create_table::{Clause, ClauseKind};
use crate::sqlite::ddl;
use crate::sqlite::quote::unquoted;
use crate::sqlite::split;
use crate::sqlite::token::normalised;
use alloc::string::String;
use alloc::{format, vec::Vec};

impl Definition {
    /// The definition with what the CREATE TABLE that `sql` begins with says otherwise. What it leaves out stays, and
    /// so do the order of columns and the words of what both say.
    ///
    /// # Errors
    /// If it is the definition of another table, or of columns that the table has not.
    pub(super) fn adopting(&self, sql: &str) -> Result<Self, Diagnostic> {
        let first = split::statements(sql).first().map_or("", |first| first.of(sql));
        let given = Self::read(first.into())?;
        if !given.name().eq_ignore_ascii_case(self.name()) {
            return Err(Diagnostic::error(
                Code::UnsupportedOperation,
                format!("copy_from is table '{}', and '{}' is changed", given.name(), self.name()),
            )
            .hint("give the table that the batch is about"));
        }
        let mut changes = Vec::new();
        for column in &given.read.table.columns {
            self.otherwise(&given, &column.name, &mut changes)?;
        }
        let mut adopted = Self::read(self.sql.clone())?;
        for change in &changes {
            adopted = adopted.changed(change)?;
        }
        for clause in &given.read.constraints {
            adopted = adopted.with_given(&given, clause)?;
        }
        let options = given.read.table.options;
        let wanted = |flag: bool| flag.then_some(true);
        adopted.changed(&TableChange::SetOptions {
            strict: wanted(options.strict),
            without_rowid: wanted(options.without_rowid),
            autoincrement: wanted(options.autoincrement),
        })
    }

    /// What `given` says otherwise of a column. That a key is NOT NULL, SQLAlchemy only takes for granted.
    fn otherwise(
        &self,
        given: &Self,
        name: &str,
        changes: &mut Vec<TableChange>,
    ) -> Result<(), Diagnostic> {
        let (own, other) = (self.column(name)?, given.column(name)?);
        let column = || String::from(name);
        let differs = |one: &str, other: &str| {
            !normalised(one).eq_ignore_ascii_case(&normalised(other)) && !other.is_empty()
        };
        let data_type = other.declared_type.of(&given.sql);
        if differs(own.declared_type.of(&self.sql), data_type) {
            let data_type = data_type.into();
            changes.push(TableChange::SetType { column: column(), data_type, cast: false });
        }
        let said = |kind| {
            let own = own.clause(kind).map_or("", |clause| clause.inner.of(&self.sql));
            let other = other.clause(kind).map_or("", |clause| clause.inner.of(&given.sql));
            // Texts in quotes are not the same in another case.
            let is_other = match kind {
                ClauseKind::Default => normalised(own) != normalised(other) && !other.is_empty(),
                _ => differs(own, other),
            };
            is_other.then(|| String::from(other))
        };
        if let Some(default) = said(ClauseKind::Default) {
            changes.push(TableChange::SetDefault { column: column(), default: Some(default) });
        }
        if let Some(collation) = said(ClauseKind::Collate) {
            let collation = Some(unquoted(&collation));
            changes.push(TableChange::SetCollation { column: column(), collation });
        }
        let has = |kind| (own.clause(kind).is_some(), other.clause(kind).is_some());
        let key = given.read.table.primary_key();
        let is_key =
            key.is_some_and(|key| key.columns.iter().any(|key| key.eq_ignore_ascii_case(name)));
        if has(ClauseKind::NotNull) == (false, true) && !is_key {
            changes.push(TableChange::SetNullable { column: column(), nullable: false });
        }
        Ok(())
    }

    /// The definition with a constraint of `given`.
    fn with_given(self, given: &Self, clause: &Clause) -> Result<Self, Diagnostic> {
        let wanted = clause.constraint.and_then(|at| given.read.table.constraints.get(at));
        let Some(wanted) = wanted else { return Ok(self) };
        let name = clause.name.map(|name| unquoted(name.of(&given.sql)));
        let definition = clause.span.of(&given.sql);
        let without = match (self.alike(wanted), &name) {
            (Some((column, own)), _) if let Some(key) = self.acting_otherwise(own, wanted) => {
                let without = Self::read(self.without_clause(column, own))?;
                return Self::read(without.with_constraint(&ddl::constraint(&key))?);
            }
            (Some((_, own)), Some(name)) => {
                let is_named = own
                    .name
                    .is_some_and(|known| unquoted(known.of(&self.sql)).eq_ignore_ascii_case(name));
                return match is_named || self.named(name).is_some() {
                    true => Ok(self),
                    false => Self::read(self.with_name(own, name)),
                };
            }
            (Some(_), None) => return Ok(self),
            (None, name) => match name.as_ref().and_then(|name| self.named(name)) {
                Some((column, own)) => self.without_clause(column, own),
                None => self.sql.clone(),
            },
        };
        Self::read(Self::read(without)?.with_constraint(definition)?)
    }

    /// A foreign key of the table with the name and the actions of `wanted`, if those are others; what that leaves
    /// out stays.
    fn acting_otherwise(&self, own: &Clause, wanted: &Constraint) -> Option<Constraint> {
        let known = self.read.table.constraints.get(own.constraint?)?;
        let (Constraint::ForeignKey(own), Constraint::ForeignKey(wanted)) = (known, wanted) else {
            return None;
        };
        let wanted = wanted.clone();
        let key = ForeignKey {
            name: wanted.name.or_else(|| own.name.clone()),
            on_update: wanted.on_update.or_else(|| own.on_update.clone()),
            on_delete: wanted.on_delete.or_else(|| own.on_delete.clone()),
            deferrable: wanted.deferrable.or(own.deferrable),
            initially: wanted.initially.or_else(|| own.initially.clone()),
            ..own.clone()
        };
        let named = ForeignKey { name: key.name.clone(), ..own.clone() };
        (key != named).then_some(Constraint::ForeignKey(key))
    }
}
