//! A table as its text describes it, and what changes make of that description.

use crate::course::{Course, is_meant, refers_to_key_of};
use ambix_core::operation::{ColumnPlace, ConstraintAddress, TableChange};
use ambix_core::sqlite::create_table::{self, Clause, ClauseKind};
use ambix_core::sqlite::quote::unquoted;
use ambix_core::sqlite::token::{TokenKind, tokens};

/// The tokens of a text; names without their quotes.
pub(crate) type Tokens = Vec<String>;

pub(crate) fn canonical(sql: &str) -> Tokens {
    let significant = tokens(sql).into_iter().filter(|token| token.is_significant());
    let text = significant.map(|token| match token.kind {
        TokenKind::QuotedName => unquoted(token.span.of(sql)),
        _ => token.span.of(sql).to_string(),
    });
    text.collect()
}

/// A table by its parts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Described {
    pub(crate) name: String,
    pub(crate) columns: Vec<DescribedColumn>,
    /// The constraints behind the columns.
    pub(crate) constraints: Vec<Part>,
    pub(crate) strict: bool,
    pub(crate) without_rowid: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DescribedColumn {
    pub(crate) name: String,
    pub(crate) declared_type: Tokens,
    pub(crate) clauses: Vec<Part>,
}

/// A constraint or another clause.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) kind: ClauseKind,
    pub(crate) name: Option<String>,
    pub(crate) tokens: Tokens,
}

/// Whether two texts are the same but for the case of what is no value.
pub(crate) fn same_words(one: &[String], other: &[String]) -> bool {
    let same = |(one, other): (&String, &String)| match one.starts_with('\'') {
        true => one == other,
        false => one.eq_ignore_ascii_case(other),
    };
    one.len() == other.len() && one.iter().zip(other).all(same)
}

impl Described {
    /// Reads it from the text of a table.
    pub(crate) fn read(sql: &str) -> Result<Self, String> {
        let read = create_table::read(sql).map_err(|error| format!("{error:?}\n{sql}"))?;
        let part = |clause: &Clause| Part {
            kind: clause.kind,
            name: clause.name.map(|name| unquoted(name.of(sql))),
            tokens: canonical(clause.span.of(sql)),
        };
        let columns = read.columns.iter().map(|column| DescribedColumn {
            name: unquoted(column.name.of(sql)),
            declared_type: canonical(column.declared_type.of(sql)),
            clauses: column.clauses.iter().map(part).collect(),
        });
        Ok(Self {
            name: read.table.name.clone(),
            columns: columns.collect(),
            constraints: read.constraints.iter().map(part).collect(),
            strict: read.table.options.strict,
            without_rowid: read.table.options.without_rowid,
        })
    }

    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
    }

    fn column(&mut self, name: &str) -> Result<&mut DescribedColumn, String> {
        let at = self.place(name).ok_or_else(|| format!("there is no column {name}"))?;
        Ok(&mut self.columns[at])
    }

    /// What the change makes of it.
    pub(crate) fn change(
        &mut self,
        change: &TableChange,
        course: &Course<'_>,
    ) -> Result<(), String> {
        match change {
            TableChange::AddColumn { definition, place } => {
                let column = column_of(definition)?;
                let at = self.destination(place.as_ref())?;
                self.columns.insert(at, column);
            }
            TableChange::DropColumn { name, .. } => {
                let at = self.place(name).ok_or("no column to drop")?;
                self.columns.remove(at);
                let names = course.names_of(name);
                let tables = course.names_of(&self.name);
                let mentions = |part: &Part| {
                    names.iter().any(|name| mentions(&part.tokens, name))
                        || refers_to_key_of(&part.tokens, &tables)
                };
                let after = &course.after;
                self.constraints
                    .retain(|part| !mentions(part) || course.keeps(part, &after.constraints));
                for column in &mut self.columns {
                    let name = course.name_after(&column.name);
                    let same = after.place(&name).map(|at| &after.columns[at].clauses);
                    column.clauses.retain(|part| {
                        !mentions(part) || same.is_none_or(|same| course.keeps(part, same))
                    });
                }
            }
            TableChange::RenameColumn { from, to } => self.column(from)?.name = to.clone(),
            TableChange::MoveColumn { name, place } => {
                let at = self.place(name).ok_or("no column to move")?;
                let column = self.columns.remove(at);
                let at = self.destination(Some(place))?;
                self.columns.insert(at, column);
            }
            TableChange::SetType { column, data_type, .. } => {
                self.column(column)?.declared_type = canonical(data_type);
            }
            TableChange::SetNullable { column, nullable } => {
                let clause = (!nullable).then(|| "NOT NULL".to_string());
                self.column(column)?.set(&[ClauseKind::NotNull, ClauseKind::Null], clause)?;
            }
            TableChange::SetDefault { column, default } => {
                let clause = default.as_ref().map(|value| format!("DEFAULT {value}"));
                self.column(column)?.set(&[ClauseKind::Default], clause)?;
            }
            TableChange::SetCollation { column, collation } => {
                let clause = collation.as_ref().map(|name| format!("COLLATE {name}"));
                self.column(column)?.set(&[ClauseKind::Collate], clause)?;
            }
            TableChange::SetGenerated { column, generated } => {
                self.column(column)?.set(&[ClauseKind::Generated], generated.clone())?;
            }
            TableChange::AddConstraint { definition } => {
                let part = constraint_of(definition)?;
                if part.kind == ClauseKind::PrimaryKey {
                    let is_key = |part: &Part| part.kind == ClauseKind::PrimaryKey;
                    self.constraints.retain(|part| !is_key(part));
                    self.columns
                        .iter_mut()
                        .for_each(|column| column.clauses.retain(|part| !is_key(part)));
                }
                self.constraints.push(part);
            }
            TableChange::DropConstraint(address) => self.drop_constraint(address)?,
            TableChange::RenameConstraint { from, to } => {
                let inline = self.columns.iter_mut().flat_map(|column| &mut column.clauses);
                let mut parts = inline.chain(&mut self.constraints);
                let is_meant = |part: &&mut Part| match &part.tokens[..] {
                    [word, name, ..] => {
                        word.eq_ignore_ascii_case("CONSTRAINT") && name.eq_ignore_ascii_case(from)
                    }
                    _ => false,
                };
                parts.find(is_meant).ok_or("no constraint to rename")?.tokens[1] = to.clone();
            }
            TableChange::IfNeeded(change) => self.change(change, course)?,
            TableChange::SetOptions { strict, without_rowid, autoincrement } => {
                self.strict = strict.unwrap_or(self.strict);
                self.without_rowid = without_rowid.unwrap_or(self.without_rowid);
                if let Some(wanted) = autoincrement {
                    let parts = self.columns.iter_mut().flat_map(|column| &mut column.clauses);
                    let mut parts = parts.chain(&mut self.constraints);
                    let key = parts.find(|part| part.kind == ClauseKind::PrimaryKey);
                    key.into_iter().for_each(|key| key.set_autoincrement(*wanted));
                }
            }
            TableChange::RenameTable { to } => self.name = to.clone(),
            TableChange::Redefine { sql } => *self = Self::read(sql)?,
            // Settled for the table as it is before it is changed; `alter/settled.rs` has these.
            TableChange::Reorder { .. }
            | TableChange::Given { .. }
            | TableChange::Adopt { .. }
            | TableChange::NameConstraints { .. } => {
                return Err("this change is not among the random ones".into());
            }
        }
        Ok(())
    }

    fn destination(&self, place: Option<&ColumnPlace>) -> Result<usize, String> {
        let of = |name: &str| self.place(name).ok_or_else(|| format!("there is no column {name}"));
        Ok(match place {
            None => self.columns.len(),
            Some(ColumnPlace::First) => 0,
            Some(ColumnPlace::Before(name)) => of(name)?,
            Some(ColumnPlace::After(name)) => of(name)? + 1,
        })
    }

    fn drop_constraint(&mut self, address: &ConstraintAddress) -> Result<(), String> {
        let is_meant = |part: &Part| is_meant(part, address);
        if let Some(at) = self.constraints.iter().position(is_meant) {
            self.constraints.remove(at);
            return Ok(());
        }
        for column in &mut self.columns {
            if let Some(at) = column.clauses.iter().position(is_meant) {
                column.clauses.remove(at);
                return Ok(());
            }
        }
        Err("there was no such constraint".into())
    }
}

impl Part {
    /// Lets a primary key count up, or not; nothing if it is so already.
    fn set_autoincrement(&mut self, wanted: bool) {
        let is_word = |token: &String| token.eq_ignore_ascii_case("AUTOINCREMENT");
        let has = self.tokens.iter().any(is_word);
        if !wanted {
            self.tokens.retain(|token| !is_word(token));
        } else if !has {
            // Of a table's key it stands in the parentheses.
            let close = self.tokens.iter().rposition(|token| token == ")");
            let at = close.unwrap_or(self.tokens.len());
            self.tokens.insert(at, "AUTOINCREMENT".into());
        }
    }
}

impl DescribedColumn {
    /// The clauses of these kinds give way to this one.
    fn set(&mut self, kinds: &[ClauseKind], clause: Option<String>) -> Result<(), String> {
        let Some(clause) = clause else {
            // NULL says the same as nothing.
            self.clauses.retain(|part| kinds[0] != part.kind);
            return Ok(());
        };
        let mut new = column_of(&format!("x {clause}"))?.clauses;
        let already = kinds[0] == ClauseKind::NotNull;
        // A NOT NULL that is there may stay, with its name and its ON CONFLICT.
        if already
            && self
                .clauses
                .iter()
                .rfind(|part| kinds.contains(&part.kind))
                .is_some_and(|part| part.kind == kinds[0])
        {
            return Ok(());
        }
        // The name before a clause that is replaced stays; of a DEFAULT all but the value.
        let old = self.clauses.iter().rfind(|part| part.kind == kinds[0]).cloned();
        if let (Some(old), Some(new)) = (old, new.first_mut()) {
            let name = if old.name.is_some() { 2 } else { 0 };
            let kept = name + usize::from(kinds[0] == ClauseKind::Default);
            let tokens = new.tokens.split_off(kept - name);
            new.tokens = [&old.tokens[..kept], &tokens[..]].concat();
            new.name = old.name;
        }
        let last = self.clauses.iter().rposition(|part| part.kind == kinds[0]);
        let mut at = 0;
        self.clauses.retain(|part| {
            at += 1;
            last != Some(at - 1) && (part.kind == kinds[0] || !kinds.contains(&part.kind))
        });
        self.clauses.extend(new);
        Ok(())
    }
}

/// A column by its definition.
fn column_of(definition: &str) -> Result<DescribedColumn, String> {
    let mut table = Described::read(&format!("CREATE TABLE x ({definition})"))?;
    table.columns.pop().ok_or_else(|| format!("no column: {definition}"))
}

fn constraint_of(definition: &str) -> Result<Part, String> {
    let mut table = Described::read(&format!("CREATE TABLE x (x, {definition})"))?;
    table.constraints.pop().ok_or_else(|| format!("no constraint: {definition}"))
}

/// Whether a name is among the tokens.
pub(crate) fn mentions(tokens: &[String], name: &str) -> bool {
    tokens
        .iter()
        .any(|token| token.eq_ignore_ascii_case(name) || unquoted(token).eq_ignore_ascii_case(name))
}

/// Whether two texts are the same, token by token, but for names that were replaced.
pub(crate) fn same_tokens(
    before: &[String],
    after: &[String],
    renames: &[(String, String)],
) -> bool {
    before.len() == after.len()
        && before.iter().zip(after).all(|(before, after)| follows(before, after, renames))
}

/// Whether a token is the one before, or what the renames made of it.
fn follows(before: &str, after: &str, renames: &[(String, String)]) -> bool {
    // A table and a column may have the same name, so each rename may be meant or not.
    let mut names = vec![unquoted(before)];
    for (from, to) in renames {
        if names.iter().any(|name| name.eq_ignore_ascii_case(from)) {
            names.push(to.clone());
        }
    }
    before == after || names[1..].contains(&unquoted(after))
}

/// What differs between what was expected and what is there; clauses in any order.
pub(crate) fn difference(
    expected: &Described,
    after: &Described,
    renames: &[(String, String)],
) -> Option<String> {
    if !expected.name.eq_ignore_ascii_case(&after.name) {
        return Some(format!("the name: {} instead of {}", after.name, expected.name));
    }
    let names =
        |table: &Described| table.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
    if names(expected) != names(after) {
        return Some(format!("the columns: {:?} instead of {:?}", names(after), names(expected)));
    }
    for (expected, after) in expected.columns.iter().zip(&after.columns) {
        if !same_tokens(&expected.declared_type, &after.declared_type, &[]) {
            return Some(format!("the type: {after:?} instead of {expected:?}"));
        }
        if let Some(problem) = parts_differ(&expected.clauses, &after.clauses, renames) {
            return Some(format!("column {}: {problem}", after.name));
        }
    }
    if let Some(problem) = parts_differ(&expected.constraints, &after.constraints, renames) {
        return Some(problem);
    }
    let options = |table: &Described| (table.strict, table.without_rowid);
    (options(expected) != options(after)).then(|| "the options".to_string())
}

fn parts_differ(expected: &[Part], after: &[Part], renames: &[(String, String)]) -> Option<String> {
    let mut rest: Vec<&Part> = after.iter().collect();
    for part in expected {
        match rest.iter().position(|other| same_tokens(&part.tokens, &other.tokens, renames)) {
            Some(at) => _ = rest.remove(at),
            None => {
                return Some(format!("missing: {}; there is {:?}", part.tokens.join(" "), after));
            }
        }
    }
    rest.first().map(|part| format!("not expected: {}", part.tokens.join(" ")))
}
