//! What is said of one table, put in the order in which it is carried out.
//!
//! Alembic collects what a batch says and applies it to its picture of the table, where a column keeps its old
//! name until the table is made anew. So here: names in lists of columns are the old ones, and what is dropped
//! makes room before anything is added.

use ambix_core::diagnostic::Place;
use ambix_core::operation::{AlterTable, Directive, Operation, Places, Recreate, TableChange};
use ambix_core::schema::{Check, Constraint, IndexKey};
use ambix_core::sqlite::{ddl, quote};

/// The changes of a table so far.
#[derive(Default)]
pub(super) struct Changes {
    /// Where the directive that is being read stands, if it is not the only one.
    pub(super) place: Option<Place>,
    /// Constraints that go.
    dropped: Vec<Said>,
    /// Changes of columns, which have their old names.
    columns: Vec<Said>,
    /// Old names with the new ones.
    renames: Vec<Rename>,
    /// Columns that are called as another one was before it was renamed.
    late: Vec<Said>,
    added: Vec<Added>,
    dropped_indexes: Vec<Directive>,
    added_indexes: Vec<Directive>,
    /// Whether Alembic would make the table anew.
    pub(super) recreates: bool,
    /// Whether columns are called as the changes before left them, since Alembic carries them out one by one.
    pub(super) one_by_one: bool,
}

/// A change, and where it is said.
struct Said {
    change: TableChange,
    place: Option<Place>,
}

/// Another name for a column.
#[derive(Clone)]
struct Rename {
    from: String,
    to: String,
    place: Option<Place>,
}

/// A new constraint.
struct Added {
    place: Option<Place>,
    constraint: Constraint,
    /// The column whose type makes it.
    of_type: Option<(String, String)>,
    /// Whether it is left out where the table has it.
    if_needed: bool,
}

impl Changes {
    /// Adds a column. `name` is its name.
    pub(super) fn add_column(&mut self, name: &str, change: TableChange) {
        let said = self.said(change);
        match self.renames.iter().any(|rename| rename.from.eq_ignore_ascii_case(name)) {
            true => self.late.push(said),
            false => self.columns.push(said),
        }
    }

    fn said(&self, change: TableChange) -> Said {
        Said { change, place: self.place.clone() }
    }

    /// Another change of a column, under its old name.
    pub(super) fn change(&mut self, change: TableChange) {
        self.recreates = true;
        self.columns.push(self.said(change));
    }

    /// Gives a column another name.
    pub(super) fn rename(&mut self, from: &str, to: String) {
        self.recreates = true;
        self.renames.retain(|rename| rename.from != from);
        if from != to {
            self.renames.push(Rename { from: from.into(), to, place: self.place.clone() });
        }
    }

    /// Drops a column.
    pub(super) fn drop_column(&mut self, name: &str, change: TableChange) {
        self.recreates = true;
        self.renames.retain(|rename| rename.from != name);
        self.columns.push(self.said(change));
    }

    /// Drops a constraint; if it was to be added, it is not.
    pub(super) fn drop_constraint(&mut self, name: Option<&str>, change: TableChange) {
        self.recreates = true;
        let is_it = |added: &Added| {
            added.constraint.name().is_some_and(|known| Some(known.text.as_str()) == name)
        };
        match self.added.iter().position(is_it) {
            Some(at) => drop(self.added.remove(at)),
            None => self.dropped.push(self.said(change)),
        }
    }

    /// Adds a constraint.
    pub(super) fn add_constraint(&mut self, constraint: Constraint) {
        self.recreates = true;
        let place = self.place.clone();
        self.added.push(Added { place, constraint, of_type: None, if_needed: false });
    }

    /// Adds a constraint, unless the table has one that says the same.
    pub(super) fn keep_constraint(&mut self, constraint: Constraint) {
        let place = self.place.clone();
        self.added.push(Added { place, constraint, of_type: None, if_needed: true });
    }

    /// Adds the CHECK of a type of `column`: `CHECK (column` and the rest, ` IN (0, 1))`.
    pub(super) fn add_type_check(&mut self, column: &str, rest: String, check: Check) {
        self.recreates = true;
        let of_type = Some((column.to_string(), rest));
        let (place, constraint) = (self.place.clone(), Constraint::Check(check));
        self.added.push(Added { place, constraint, of_type, if_needed: false });
    }

    /// An index that goes before all else; if it was to be made, it is not.
    pub(super) fn drop_index(&mut self, directive: Directive) {
        let name = match &directive.operation {
            Operation::DropIndex(drop) => &drop.name.text,
            _ => return,
        };
        let is_it = |made: &Directive| matches!(&made.operation, Operation::CreateIndex(made) if made.index.name.text == *name);
        match self.added_indexes.iter().position(is_it) {
            Some(at) => drop(self.added_indexes.remove(at)),
            None => self.dropped_indexes.push(directive),
        }
    }

    /// An index that is made when all else is done.
    pub(super) fn create_index(&mut self, directive: Directive) {
        self.added_indexes.push(directive);
    }

    /// The old name of a column.
    pub(super) fn old_name(&self, name: &str) -> String {
        match self.renames.iter().find(|rename| rename.to == name).filter(|_| self.one_by_one) {
            Some(rename) => rename.from.clone(),
            None => name.into(),
        }
    }

    /// Whether the order of new columns is only known when all is said: some have a place, or stand behind a
    /// column that is dropped afterwards.
    fn is_order_open(&self) -> bool {
        let changes = || self.columns.iter().map(|said| said.change.itself());
        let is_new = |change: &TableChange| matches!(change, TableChange::AddColumn { .. });
        let has_place =
            |change: &TableChange| matches!(change, TableChange::AddColumn { place: Some(_), .. });
        let is_dropped = |change: &TableChange| matches!(change, TableChange::DropColumn { .. });
        changes().any(has_place) || changes().skip_while(|change| !is_new(change)).any(is_dropped)
    }

    /// All of it: indexes that go, the changes of the table, indexes that are made. Of `before` and `after`, which
    /// stand around the changes, nothing says that there is something to do. An order of columns speaks of their
    /// old names.
    pub(super) fn finish(
        self,
        table: &str,
        recreate: Recreate,
        before: Vec<TableChange>,
        after: Vec<TableChange>,
        place: Option<&Place>,
    ) -> Vec<Directive> {
        let renames = ordered(self.renames.clone());
        let new_name = |name: &String| {
            let is_taken = self.late.iter().any(|said| {
                matches!(said.change.itself(), TableChange::AddColumn { definition, .. }
                    if quote::unquoted(first_word(definition)).eq_ignore_ascii_case(name))
            });
            let renamed = self.renames.iter().find(|rename| rename.from == *name && !is_taken);
            renamed.map_or(name, |rename| &rename.to).clone()
        };
        let says = self.recreates || recreate == Recreate::Always || !self.columns.is_empty();
        let around = |change: TableChange| Said { change, place: None };
        let is_order_open = !self.one_by_one && self.is_order_open();
        let mut changes: Vec<Said> = before.into_iter().map(around).collect();
        changes.extend(self.dropped);
        changes.extend(self.columns);
        let is_order = |change: &TableChange| matches!(change, TableChange::Reorder { .. });
        let (mut orders, after): (Vec<_>, Vec<_>) = after.into_iter().partition(is_order);
        if orders.is_empty() && is_order_open {
            orders.push(TableChange::Reorder { orders: Vec::new() });
        }
        changes.extend(orders.into_iter().map(around));
        changes.extend(renames.into_iter().map(|Rename { from, to, place }| Said {
            change: TableChange::RenameColumn { from, to },
            place,
        }));
        let late = self.late.iter();
        changes.extend(
            late.map(|said| Said { change: said.change.clone(), place: said.place.clone() }),
        );
        for Added { place, constraint, of_type, if_needed } in self.added {
            let constraint = renamed(constraint, table, of_type.as_ref(), &new_name);
            let change = TableChange::AddConstraint { definition: ddl::constraint(&constraint) };
            let change = match if_needed {
                true => TableChange::IfNeeded(Box::new(change)),
                false => change,
            };
            changes.push(Said { change, place });
        }
        changes.extend(after.into_iter().map(around));
        let mut directives = self.dropped_indexes;
        if says && (recreate == Recreate::Always || !changes.is_empty()) {
            let (changes, places): (Vec<_>, Vec<_>) =
                changes.into_iter().map(|said| (said.change, said.place)).unzip();
            let alter = AlterTable {
                table: table.into(),
                changes,
                recreate,
                places: Places(places),
                ..AlterTable::default()
            };
            let operation = Operation::AlterTable(alter);
            directives.push(Directive { operation, place: place.cloned() });
        }
        for mut directive in self.added_indexes {
            if let Operation::CreateIndex(create) = &mut directive.operation {
                for key in &mut create.index.keys {
                    if let IndexKey::Column(name) = key {
                        *name = new_name(name);
                    }
                }
            }
            directives.push(directive);
        }
        directives
    }
}

/// The name at the beginning of a column's definition, with its quotes.
fn first_word(definition: &str) -> &str {
    let quoted = definition.strip_prefix('"').and_then(|rest| {
        let mut at = 0;
        loop {
            at += rest.get(at..)?.find('"')? + 1;
            match rest.get(at..)?.starts_with('"') {
                true => at += 1,
                false => return definition.get(..at + 1),
            }
        }
    });
    quoted.unwrap_or_else(|| definition.split([' ', '\n']).next().unwrap_or(definition))
}

/// A constraint with the columns' new names.
fn renamed(
    mut constraint: Constraint,
    table: &str,
    of_type: Option<&(String, String)>,
    new_name: &dyn Fn(&String) -> String,
) -> Constraint {
    match &mut constraint {
        Constraint::PrimaryKey(key) => key.columns = key.columns.iter().map(new_name).collect(),
        Constraint::Unique(unique) => {
            unique.columns = unique.columns.iter().map(new_name).collect();
        }
        Constraint::ForeignKey(key) => {
            key.columns = key.columns.iter().map(new_name).collect();
            if key.referred_table.eq_ignore_ascii_case(table) {
                key.referred_columns = key.referred_columns.iter().map(new_name).collect();
            }
        }
        Constraint::Check(check) => {
            if let Some((column, rest)) = of_type {
                check.expression = quote::name(&new_name(column)) + rest;
            }
        }
    }
    constraint
}

/// The renames one after another, so that no name is given while it is taken: first those to names that nothing
/// has; in a circle, one column waits under a name that nobody gives.
fn ordered(mut left: Vec<Rename>) -> Vec<Rename> {
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let is_free = |Rename { from, to, .. }: &Rename| {
            let other = |other: &&Rename| other.from.eq_ignore_ascii_case(to);
            from.eq_ignore_ascii_case(to) || !left.iter().any(|rename| other(&rename))
        };
        match left.iter().position(is_free) {
            Some(at) => ordered.push(left.remove(at)),
            None => {
                let waiting = format!("_ambix_renamed_{}", ordered.len());
                if let Some(Rename { from, place, .. }) = left.first_mut() {
                    let from = std::mem::replace(from, waiting.clone());
                    ordered.push(Rename { from, to: waiting, place: place.clone() });
                }
            }
        }
    }
    ordered
}
