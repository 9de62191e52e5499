//! Indexes and constraints of one table, in the database and in the models.

use super::found::{CHECKS, CONSTRAINTS, Found, shown, tuple};
use super::rules::Rules;
use crate::operation::SchemaChange;
use crate::schema::{Check, Constraint, ForeignKey, Index, IndexKey, Name, Table, Unique};
use crate::sqlite::quote;
use crate::sqlite::token::{Token, TokenKind, normalised, tokens};
use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString},
    vec::Vec,
};

/// A table and its indexes.
#[derive(Clone, Copy, Default)]
pub(super) struct Side<'a> {
    /// Nothing on the side that does not have it.
    pub(super) table: Option<&'a Table>,
    /// By name.
    pub(super) indexes: &'a [&'a Index],
}

impl<'a> Side<'a> {
    fn constraints(self) -> &'a [Constraint] {
        self.table.map_or(&[], |table| &table.constraints)
    }

    fn uniques(self) -> impl Iterator<Item = &'a Unique> {
        self.constraints().iter().filter_map(|constraint| match constraint {
            Constraint::Unique(unique) => Some(unique),
            _ => None,
        })
    }

    fn foreign_keys(self) -> Vec<&'a ForeignKey> {
        let key = |constraint: &'a Constraint| match constraint {
            Constraint::ForeignKey(key) => Some(key),
            _ => None,
        };
        self.constraints().iter().filter_map(key).collect()
    }

    fn checks(self) -> impl Iterator<Item = &'a Check> {
        self.constraints().iter().filter_map(|constraint| match constraint {
            Constraint::Check(check) => Some(check),
            _ => None,
        })
    }
}

/// What has a name of its own and sees to it that rows are found or differ.
#[derive(Clone, Copy)]
enum Named<'a> {
    Index(&'a Index),
    Unique(&'a Unique),
}

impl<'a> Named<'a> {
    fn name(self) -> &'a str {
        match self {
            Self::Index(index) => &index.name.text,
            Self::Unique(unique) => unique.name.as_ref().map_or("", |name| &name.text),
        }
    }
}

/// One table on both sides.
pub(super) struct Sides<'a, 'f, 'r> {
    pub(super) name: &'a str,
    pub(super) there: Side<'a>,
    pub(super) wanted: Side<'a>,
    pub(super) found: &'f mut Found<'r>,
    /// Names that were given.
    pub(super) given: Vec<String>,
}

impl<'a> Sides<'a, '_, '_> {
    /// Indexes and UNIQUE constraints: those that are gone, changed and new, each by name, then new ones without a
    /// name. A table that is made or dropped has its constraints in it.
    pub(super) fn indexes_and_uniques(&mut self) {
        let there = self.named(self.there);
        let wanted = self.named(self.wanted);
        let there = self.without_expressions(there, &[]);
        let wanted = self.without_expressions(wanted, &there);
        let is_in_both = self.there.table.is_some() && self.wanted.table.is_some();
        let of = |side: Side<'a>| {
            side.uniques().filter(move |unique| unique.name.is_none() && is_in_both)
        };
        let unnamed: Vec<&Unique> = of(self.wanted).collect();
        let rules = self.found.rules;
        let has = |uniques: &[&Unique], one: &Unique| {
            uniques.iter().any(|other| is_same_unique(one, other, rules))
        };
        for one in &there {
            let stays = matches!(one, Named::Unique(unique) if has(&unnamed, unique));
            if !stays && find(&wanted, one.name(), rules).is_none() {
                self.remove(*one);
            }
        }
        if !rules.parity {
            for unique in of(self.there).filter(|unique| !has(&unnamed, unique)) {
                self.remove(Named::Unique(unique));
            }
        }
        for one in &wanted {
            match (find(&there, one.name(), rules), *one) {
                (Some(Named::Index(old)), Named::Index(new)) => self.index(old, new),
                (Some(Named::Unique(old)), Named::Unique(new)) => self.unique(old, new),
                (Some(old), new) => {
                    self.remove(old);
                    self.add(new);
                }
                (None, _) => {}
            }
        }
        for one in wanted.iter().filter(|one| find(&there, one.name(), rules).is_none()) {
            self.add(*one);
        }
        let kept: Vec<&Unique> = self.there.uniques().collect();
        for unique in unnamed.into_iter().filter(|unique| !has(&kept, unique)) {
            self.add(Named::Unique(unique));
        }
    }

    /// Makes a change, with a name for a constraint that has none where it needs one.
    fn change(&mut self, change: SchemaChange) {
        let change = match change {
            SchemaChange::AddConstraint(one) if self.found.rules.names && one.name().is_none() => {
                let name = self.free(self.conventional(&one));
                self.given.push(name.clone());
                SchemaChange::AddConstraint(one.named(Some(Name::conv(name))))
            }
            SchemaChange::DropConstraint(one) if self.found.rules.names && one.name().is_none() => {
                let name = self.conventional(&one);
                // Another one would be dropped, or no convention gives it this name.
                let free = self.free(name.clone());
                self.given.push(free.clone());
                // No convention gives it another name, nor one to a CHECK; and of two that it gives the same it finds one.
                let alike = self
                    .there
                    .constraints()
                    .iter()
                    .filter(|other| other.name().is_none() && self.conventional(other) == name);
                let by_convention =
                    free == name && alike.count() < 2 && !matches!(one, Constraint::Check(_));
                let constraint = one.named(Some(Name::conv(free)));
                SchemaChange::DropUnnamed { constraint, by_convention }
            }
            change => change,
        };
        self.found.alter(self.name, change);
    }

    /// The name by the conventions of [`crate::operation`]; that of a CHECK from the first column in it.
    fn conventional(&self, constraint: &Constraint) -> String {
        let table = self.name;
        match constraint {
            Constraint::Unique(unique) => format!("uq_{table}_{}", unique.columns.join("_")),
            Constraint::ForeignKey(key) => {
                format!("fk_{table}_{}_{}", key.columns.join("_"), key.referred_table)
            }
            Constraint::PrimaryKey(_) => format!("pk_{table}"),
            Constraint::Check(check) => {
                let sql = &check.expression;
                let tables = [self.wanted.table, self.there.table];
                let column = tokens(sql).into_iter().find_map(|token| {
                    let name = quote::unquoted(token.span.of(sql));
                    let known = tables.iter().flatten().find_map(|table| table.column(&name));
                    known.map(|column| column.name.clone())
                });
                format!("ck_{table}_{}", column.as_deref().unwrap_or("1"))
            }
        }
    }

    /// A name like this one that no constraint of the table has.
    fn free(&self, name: String) -> String {
        let sides = [self.there, self.wanted];
        let is_taken = |name: &str| {
            let mut names =
                sides.iter().flat_map(|side| side.constraints()).filter_map(Constraint::name);
            names.any(|taken| taken.text.eq_ignore_ascii_case(name))
                || self.given.iter().any(|given| given == name)
        };
        let mut free = name.clone();
        let mut number = 1;
        while is_taken(&free) {
            number += 1;
            free = format!("{name}_{number}");
        }
        free
    }

    /// What has a name on one side, by that name.
    fn named(&self, side: Side<'a>) -> Vec<Named<'a>> {
        let mut named: Vec<Named> = side.indexes.iter().map(|index| Named::Index(index)).collect();
        if self.there.table.is_some() && self.wanted.table.is_some() {
            let uniques = side.uniques().filter(|unique| unique.name.is_some());
            named.extend(uniques.map(Named::Unique));
            let rules = self.found.rules;
            crate::sort::sort_by(&mut named, |a, b| rules.order(a.name(), b.name()));
        }
        named
    }

    /// Alembic does not know what the database's indexes on expressions are, nor compares the models' with
    /// anything but an index of the same name.
    fn without_expressions(
        &mut self,
        named: Vec<Named<'a>>,
        there: &[Named<'_>],
    ) -> Vec<Named<'a>> {
        let rules = self.found.rules;
        if !rules.parity {
            return named;
        }
        let is_left_out = |one: &Named<'_>| match one {
            Named::Index(index) => {
                index.keys.iter().any(|key| column_of(key, false).is_none())
                    && find(there, one.name(), rules).is_none()
            }
            Named::Unique(_) => false,
        };
        let (left_out, kept): (Vec<_>, Vec<_>) = named.into_iter().partition(is_left_out);
        for one in left_out {
            let message = format!("index {} is on an expression", shown(one.name()));
            self.found
                .warn(message, "Alembic leaves it out; without --alembic-parity it is compared");
        }
        kept
    }

    fn add(&mut self, one: Named<'_>) {
        match one {
            Named::Index(index) => {
                let (name, keys) = (shown(&index.name.text), keys(index));
                self.found.say(CONSTRAINTS, format!("Detected added index {name} on '{keys}'"));
                self.found.create_index(index);
            }
            Named::Unique(unique) => {
                let name = shown_name(unique);
                let columns = tuple(unique.columns.iter().map(String::as_str));
                self.found.say(
                    CONSTRAINTS,
                    format!("Detected added unique constraint {name} on '{columns}'"),
                );
                let added = SchemaChange::AddConstraint(Constraint::Unique(unique.clone()));
                self.change(added);
            }
        }
    }

    fn remove(&mut self, one: Named<'_>) {
        let table = shown(self.name);
        match one {
            Named::Index(index) => {
                let name = shown(&index.name.text);
                self.found.say(CONSTRAINTS, format!("Detected removed index {name} on {table}"));
                self.found.drop_index(index);
            }
            Named::Unique(unique) => {
                let name = shown_name(unique);
                self.found.say(
                    CONSTRAINTS,
                    format!("Detected removed unique constraint {name} on {table}"),
                );
                let dropped = SchemaChange::DropConstraint(Constraint::Unique(unique.clone()));
                self.change(dropped);
            }
        }
    }

    fn index(&mut self, old: &Index, new: &Index) {
        let Some(difference) = index_difference(old, new, self.found.rules) else { return };
        let (name, table) = (shown(&old.name.text), shown(self.name));
        self.found
            .say(CONSTRAINTS, format!("Detected changed index {name} on {table}: {difference}"));
        self.found.drop_index(old);
        self.found.create_index(new);
    }

    fn unique(&mut self, old: &Unique, new: &Unique) {
        if is_same_unique(old, new, self.found.rules) {
            return;
        }
        let columns = |unique: &Unique| {
            let mut names = unique.columns.clone();
            crate::sort::sort(&mut names);
            tuple(names.iter().map(String::as_str))
        };
        let (name, table) = (shown_name(old), shown(self.name));
        let message = format!(
            "Detected changed unique constraint {name} on {table}: expression {} to {}",
            columns(old),
            columns(new)
        );
        self.found.say(CONSTRAINTS, message);
        for change in [
            SchemaChange::DropConstraint(Constraint::Unique(old.clone())),
            SchemaChange::AddConstraint(Constraint::Unique(new.clone())),
        ] {
            self.change(change);
        }
    }

    /// Foreign keys, by what they do: those that are gone, then the new ones.
    pub(super) fn foreign_keys(&mut self) {
        let (there, wanted) = (self.there.foreign_keys(), self.wanted.foreign_keys());
        let rules = self.found.rules;
        let is_in = |keys: &[&ForeignKey], key: &ForeignKey| {
            keys.iter().any(|other| is_same_foreign_key(key, other, rules))
        };
        let changes = [("removed", &there, &wanted), ("added", &wanted, &there)];
        for (what, keys, others) in changes {
            for key in keys.iter().filter(|key| !is_in(others, key)) {
                let message = format!(
                    "Detected {what} foreign key ({})({}) on table {}",
                    key.columns.join(", "),
                    key.referred_columns.join(", "),
                    self.name
                );
                self.found.say(CONSTRAINTS, message);
                let key = Constraint::ForeignKey((*key).clone());
                let change = match what {
                    "added" => SchemaChange::AddConstraint(key),
                    _ => SchemaChange::DropConstraint(key),
                };
                self.change(change);
            }
        }
    }

    /// CHECKs: those with a name by that name, the others by what they say.
    pub(super) fn checks(&mut self) {
        let rules = self.found.rules;
        if !rules.checks {
            return;
        }
        let of = |side: Side<'a>| {
            let is_seen = |check: &&Check| check.name.is_some() && !check.in_column;
            let mut checks: Vec<&Check> =
                side.checks().filter(|check| !rules.parity || is_seen(check)).collect();
            crate::sort::sort_by(&mut checks, |a, b| a.name.cmp(&b.name));
            checks
        };
        let (there, wanted) = (of(self.there), of(self.wanted));
        let is_in = |checks: &[&Check], check: &Check| {
            checks.iter().any(|other| is_same_check(check, other, rules))
        };
        let changes = [("removed", &there, &wanted), ("added", &wanted, &there)];
        for (what, checks, others) in changes {
            for check in checks.iter().filter(|check| !is_in(others, check)) {
                let name = match &check.name {
                    Some(name) => shown(&name.text),
                    None => format!("({})", check.expression),
                };
                let table = shown(self.name);
                self.found.say(
                    if rules.parity { CHECKS } else { CONSTRAINTS },
                    format!("Detected {what} check constraint {name} on table {table}"),
                );
                let check = Constraint::Check((*check).clone());
                let change = match what {
                    "added" => SchemaChange::AddConstraint(check),
                    _ => SchemaChange::DropConstraint(check),
                };
                self.change(change);
            }
        }
    }
}

fn find<'a>(named: &[Named<'a>], name: &str, rules: &Rules) -> Option<Named<'a>> {
    named.iter().find(|one| rules.is_same(one.name(), name)).copied()
}

fn shown_name(unique: &Unique) -> String {
    unique.name.as_ref().map_or("None".to_owned(), |name| shown(&name.text))
}

/// Whether both have the same columns, in whatever order.
fn is_same_unique(one: &Unique, other: &Unique, rules: &Rules) -> bool {
    let sorted = |unique: &Unique| {
        let mut names = unique.columns.clone();
        crate::sort::sort_by(&mut names, |a, b| rules.order(a, b));
        names
    };
    one.columns.len() == other.columns.len() && rules.are_same(&sorted(one), &sorted(other))
}

/// Whether both do the same. NO ACTION is what a foreign key does by itself.
fn is_same_foreign_key(one: &ForeignKey, other: &ForeignKey, rules: &Rules) -> bool {
    let action = |action: &Option<String>| {
        let action = action.as_deref().unwrap_or_default().to_ascii_lowercase();
        if action == "no action" { String::new() } else { action }
    };
    // 2: checked at the end of the transaction.
    let deferral = |key: &ForeignKey| match key.initially.as_deref() {
        Some(word) if word.eq_ignore_ascii_case("deferred") => 2,
        _ => u8::from(key.deferrable == Some(true)),
    };
    rules.are_same(&one.columns, &other.columns)
        && rules.is_same(&one.referred_table, &other.referred_table)
        && rules.are_same(&one.referred_columns, &other.referred_columns)
        && action(&one.on_update) == action(&other.on_update)
        && action(&one.on_delete) == action(&other.on_delete)
        && deferral(one) == deferral(other)
}

fn is_same_check(one: &Check, other: &Check, rules: &Rules) -> bool {
    let is_named_alike = match (&one.name, &other.name) {
        (Some(one), Some(other)) => one.text == other.text,
        _ => !rules.parity,
    };
    is_named_alike && (rules.parity || normalised(&one.expression) == normalised(&other.expression))
}

/// The keys as Python would print a tuple of them.
fn keys(index: &Index) -> String {
    let key = |key: &IndexKey| match (column_of(key, false), key) {
        (Some(column), _) => column,
        (None, IndexKey::Column(text) | IndexKey::Expression(text)) => text.clone(),
    };
    let keys: Vec<String> = index.keys.iter().map(key).collect();
    tuple(keys.iter().map(String::as_str))
}

/// The column that a key is, in whatever order; nothing for an expression, nor for a collation of its own unless they are
/// passed over.
pub(super) fn column_of(key: &IndexKey, in_any_collation: bool) -> Option<String> {
    let sql = match key {
        IndexKey::Column(name) => return Some(name.clone()),
        IndexKey::Expression(sql) => sql,
    };
    let mut words = tokens(sql).into_iter().filter(Token::is_significant).peekable();
    let name = words.next()?;
    let is_collate = |token: &Token| token.span.of(sql).eq_ignore_ascii_case("COLLATE");
    if in_any_collation && words.next_if(is_collate).is_some() {
        words.next();
    }
    let is_name = matches!(name.kind, TokenKind::Word | TokenKind::QuotedName);
    let order = ["ASC", "DESC", "NULLS", "FIRST", "LAST"];
    let is_order =
        |token: Token| order.iter().any(|word| token.span.of(sql).eq_ignore_ascii_case(word));
    (is_name && words.all(is_order)).then(|| quote::unquoted(name.span.of(sql)))
}

/// How two indexes of the same name differ, or `None` if they do not.
fn index_difference(there: &Index, wanted: &Index, rules: &Rules) -> Option<String> {
    let mut differences = Vec::new();
    if there.unique != wanted.unique {
        let python = |value: bool| if value { "True" } else { "False" };
        let (old, new) = (python(there.unique), python(wanted.unique));
        differences.push(format!("unique={old} to unique={new}"));
    }
    let key = |key: &IndexKey| match key {
        key if rules.parity => column_of(key, false).unwrap_or_default(),
        IndexKey::Column(name) => name.to_ascii_lowercase(),
        IndexKey::Expression(sql) => normalised(sql),
    };
    let sorted_by = |index: &Index| -> Vec<String> { index.keys.iter().map(key).collect() };
    if sorted_by(there) != sorted_by(wanted) {
        // Alembic has no word for the order of a column.
        let keys = |index: &Index| match rules.parity {
            true => keys(index),
            false => tuple(index.keys.iter().map(|key| match key {
                IndexKey::Column(text) | IndexKey::Expression(text) => text.as_str(),
            })),
        };
        differences.push(format!("expression {} to {}", keys(there), keys(wanted)));
    }
    let predicate = |index: &Index| index.predicate.as_deref().map(normalised);
    if !rules.parity && predicate(there) != predicate(wanted) {
        let shown = |index: &Index| index.predicate.clone().unwrap_or("nothing".to_string());
        differences.push(format!("WHERE {} to {}", shown(there), shown(wanted)));
    }
    (!differences.is_empty()).then(|| differences.join(", "))
}
