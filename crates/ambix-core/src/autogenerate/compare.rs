//! The comparison itself.

use super::order::by_reference;
use super::unwritten;
use crate::diagnostic::Diagnostic;
use crate::operation::{
    AddColumn, CreateIndex, CreateTable, DropColumn, DropIndex, DropTable, Operation,
};
use crate::schema::{Index, IndexKey, Schema, Table};
use crate::sqlite::token::normalised;
use alloc::{
    borrow::ToOwned,
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::cmp::Ordering;

/// The difference between a database and its models.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What has to be done, in order.
    pub upgrade: Vec<Operation>,
    /// What takes it back, in order.
    pub downgrade: Vec<Operation>,
    /// What was found, in Alembic's words.
    pub findings: Vec<Finding>,
    /// Differences that no operation was written for.
    pub warnings: Vec<Diagnostic>,
}

/// A line of Alembic's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The part of Alembic that says it: `tables` or `constraints`.
    pub comparator: &'static str,
    /// What it says: `Detected added table 'items'`.
    pub message: String,
}

/// Compares what the database has with what the models say.
pub fn compare(database: &Schema, models: &Schema) -> Comparison {
    let mut comparison = Comparison::default();
    let is_in = |schema: &Schema, table: &Table| schema.table(&table.name).is_some();
    let indexes = Indexes { database: by_table(database), models: by_table(models) };
    for table in by_reference(models.tables.iter().filter(|table| !is_in(database, table))) {
        comparison.added_table(table, &indexes);
    }
    let removed = by_reference(database.tables.iter().filter(|table| !is_in(models, table)));
    for table in removed.into_iter().rev() {
        comparison.removed_table(table, &indexes);
    }
    let mut both: Vec<(&Table, &Table)> = models
        .tables
        .iter()
        .filter_map(|table| database.table(&table.name).map(|there| (there, table)))
        .collect();
    crate::sort::sort_by(&mut both, |a, b| a.1.name.cmp(&b.1.name));
    for (there, wanted) in both {
        comparison.table(there, wanted, &indexes);
    }
    comparison.downgrade = comparison.upgrade.iter().rev().filter_map(Operation::reverse).collect();
    comparison
}

struct Indexes<'a> {
    database: Vec<&'a Index>,
    models: Vec<&'a Index>,
}

/// The indexes of a schema by their tables, and those of a table by name; of two with one name the last.
fn by_table(schema: &Schema) -> Vec<&Index> {
    let order = |one: &Index, other: &Index| {
        names(&one.table, &other.table).then_with(|| one.name.text.cmp(&other.name.text))
    };
    let mut indexes: Vec<&Index> = schema.indexes.iter().collect();
    crate::sort::sort_by(&mut indexes, |one, other| order(one, other));
    indexes.dedup_by(|next, kept| {
        let is_same = order(kept, next).is_eq();
        if is_same {
            *kept = *next;
        }
        is_same
    });
    indexes
}

/// The indexes of one table.
fn of_table<'a, 'i>(indexes: &'i [&'a Index], table: &Table) -> &'i [&'a Index] {
    let start = indexes.partition_point(|index| names(&index.table, &table.name).is_lt());
    let rest = &indexes[start..];
    &rest[..rest.partition_point(|index| names(&index.table, &table.name).is_le())]
}

/// The order of two tables' names, which are the same in capital and small letters.
fn names(one: &str, other: &str) -> Ordering {
    let small = |byte: u8| byte.to_ascii_lowercase();
    one.bytes().map(small).cmp(other.bytes().map(small))
}

/// The index of this name, of those of one table.
fn named<'a>(indexes: &[&'a Index], name: &str) -> Option<&'a Index> {
    let at = indexes.binary_search_by(|index| index.name.text.as_str().cmp(name)).ok()?;
    indexes.get(at).copied()
}

impl Comparison {
    fn found(&mut self, comparator: &'static str, message: String) {
        self.findings.push(Finding { comparator, message });
    }

    fn added_table(&mut self, table: &Table, indexes: &Indexes<'_>) {
        self.found("tables", format!("Detected added table '{}'", table.name));
        self.upgrade.push(Operation::CreateTable(CreateTable::new(table.clone())));
        self.indexes(table, indexes);
    }

    fn removed_table(&mut self, table: &Table, indexes: &Indexes<'_>) {
        self.indexes(table, indexes);
        self.found("tables", format!("Detected removed table '{}'", table.name));
        self.upgrade.push(Operation::DropTable(DropTable {
            was: Some(Box::new(table.clone())),
            ..DropTable::new(table.name.clone())
        }));
    }

    fn table(&mut self, there: &Table, wanted: &Table, indexes: &Indexes<'_>) {
        for column in &wanted.columns {
            if there.column(&column.name).is_none() {
                self.found(
                    "tables",
                    format!("Detected added column '{}.{}'", wanted.name, column.name),
                );
                self.upgrade.push(Operation::AddColumn(AddColumn::new(
                    wanted.name.clone(),
                    column.clone(),
                )));
            }
        }
        self.warnings.extend(unwritten::differences(there, wanted));
        self.indexes(wanted, indexes);
        for column in &there.columns {
            if wanted.column(&column.name).is_none() {
                self.found(
                    "tables",
                    format!("Detected removed column '{}.{}'", wanted.name, column.name),
                );
                self.upgrade.push(Operation::DropColumn(DropColumn {
                    table: wanted.name.clone(),
                    ..DropColumn::of(there, &column.name)
                }));
            }
        }
    }

    /// The indexes of one table, each kind of change by name.
    fn indexes(&mut self, table: &Table, indexes: &Indexes<'_>) {
        let there = of_table(&indexes.database, table);
        let wanted = of_table(&indexes.models, table);
        for index in there {
            let name = &index.name.text;
            if named(wanted, name).is_none() {
                let message = format!("Detected removed index '{name}' on '{}'", index.table);
                self.found("constraints", message);
                self.upgrade.push(drop_index(index));
            }
        }
        for index in wanted {
            let name = &index.name.text;
            if let Some(old) = named(there, name)
                && let Some(difference) = index_difference(old, index)
            {
                let message =
                    format!("Detected changed index '{name}' on '{}': {difference}", index.table);
                self.found("constraints", message);
                self.upgrade.push(drop_index(old));
                self.upgrade.push(create_index(index));
            }
        }
        for index in wanted {
            let name = &index.name.text;
            if named(there, name).is_none() {
                let message = format!("Detected added index '{name}' on '{}'", key_tuple(index));
                self.found("constraints", message);
                self.upgrade.push(create_index(index));
            }
        }
    }
}

fn create_index(index: &Index) -> Operation {
    Operation::CreateIndex(CreateIndex::new(index.clone()))
}

fn drop_index(index: &Index) -> Operation {
    Operation::DropIndex(DropIndex {
        table: Some(index.table.clone()),
        was: Some(Box::new(index.clone())),
        ..DropIndex::new(index.name.clone())
    })
}

/// The keys as Python would print a tuple of their names: `('a', 'b')`.
fn key_tuple(index: &Index) -> String {
    let keys: Vec<String> = index.keys.iter().map(|key| format!("'{}'", key_text(key))).collect();
    match &keys[..] {
        [one] => format!("({one},)"),
        keys => format!("({})", keys.join(", ")),
    }
}

fn key_text(key: &IndexKey) -> &str {
    match key {
        IndexKey::Column(name) => name,
        IndexKey::Expression(sql) => sql,
    }
}

/// How two indexes of the same name differ, or `None` if they do not.
fn index_difference(there: &Index, wanted: &Index) -> Option<String> {
    let mut differences = Vec::new();
    if there.unique != wanted.unique {
        let python = |value: bool| if value { "True" } else { "False" };
        let (old, new) = (python(there.unique), python(wanted.unique));
        differences.push(format!("unique={old} to unique={new}"));
    }
    let keys = |index: &Index| -> Vec<String> {
        index
            .keys
            .iter()
            .map(|key| match key {
                IndexKey::Column(name) => name.to_owned(),
                IndexKey::Expression(sql) => normalised(sql),
            })
            .collect()
    };
    let (old, new) = (keys(there), keys(wanted));
    if old != new {
        differences.push(format!("expression {} to {}", key_tuple(there), key_tuple(wanted)));
    }
    let predicate = |index: &Index| index.predicate.as_deref().map(normalised);
    if predicate(there) != predicate(wanted) {
        let shown = |index: &Index| index.predicate.clone().unwrap_or("nothing".to_string());
        differences.push(format!("WHERE {} to {}", shown(there), shown(wanted)));
    }
    (!differences.is_empty()).then(|| differences.join(" and "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::{create_index, create_table};

    fn schema(statements: &[&str]) -> Schema {
        let mut schema = Schema::default();
        for sql in statements {
            match create_table::read(sql) {
                Ok(read) => schema.tables.push(read.table),
                Err(_) => schema.indexes.push(create_index::read(sql).unwrap()),
            }
        }
        schema
    }

    fn check(database: &[&str], models: &[&str], expected: &[&str]) -> Comparison {
        let comparison = compare(&schema(database), &schema(models));
        let found: Vec<_> = comparison.findings.iter().map(|f| f.message.as_str()).collect();
        assert_eq!(found, expected);
        comparison
    }

    #[test]
    fn nothing_differs() {
        let both = ["CREATE TABLE t (a INTEGER, b VARCHAR)", "CREATE INDEX i ON t (a)"];
        assert_eq!(check(&both, &both, &[]), Comparison::default());
    }

    #[test]
    fn tables_come_after_those_that_they_refer_to() {
        let models = [
            "CREATE TABLE a (x INTEGER REFERENCES b (x))",
            "CREATE TABLE b (x INTEGER PRIMARY KEY)",
            "CREATE INDEX ix_b ON b (x)",
        ];
        let comparison = check(
            &["CREATE TABLE gone (x INTEGER)", "CREATE INDEX ix_gone ON gone (x)"],
            &models,
            &[
                "Detected added table 'b'",
                "Detected added index 'ix_b' on '('x',)'",
                "Detected added table 'a'",
                "Detected removed index 'ix_gone' on 'gone'",
                "Detected removed table 'gone'",
            ],
        );
        let names = |list: &[Operation]| list.iter().map(Operation::name).collect::<Vec<_>>();
        assert_eq!(
            names(&comparison.upgrade),
            ["create_table", "create_index", "create_table", "drop_index", "drop_table"]
        );
        assert_eq!(
            names(&comparison.downgrade),
            ["create_table", "create_index", "drop_table", "drop_index", "drop_table"]
        );
    }

    #[test]
    fn columns_are_added_before_and_dropped_after_the_indexes_change() {
        check(
            &["CREATE TABLE t (a INTEGER, b INTEGER)", "CREATE INDEX ix ON t (b)"],
            &["CREATE TABLE t (a INTEGER, c INTEGER)", "CREATE INDEX ix ON t (c)"],
            &[
                "Detected added column 't.c'",
                "Detected changed index 'ix' on 't': expression ('b',) to ('c',)",
                "Detected removed column 't.b'",
            ],
        );
    }

    #[test]
    fn an_index_may_write_its_table_in_other_letters() {
        check(
            &["CREATE TABLE t (a INTEGER)", "CREATE TABLE u (a)", "CREATE INDEX i ON T (a)"],
            &["CREATE TABLE T (a INTEGER)", "CREATE TABLE u (a)", "CREATE INDEX i ON t (a)"],
            &[],
        );
    }

    #[test]
    fn spelling_is_no_difference() {
        check(
            &["CREATE TABLE t (a INTEGER DEFAULT ('1'), b, CHECK (a>0), UNIQUE (a))"],
            &["CREATE TABLE t (a INT UNIQUE DEFAULT 1 CHECK (a > 0) COLLATE binary, b)"],
            &[],
        );
    }

    #[test]
    fn what_a_conflict_does_and_match_are_no_difference() {
        check(
            &[
                "CREATE TABLE t (a INTEGER NOT NULL ON CONFLICT FAIL REFERENCES p (x) MATCH FULL, UNIQUE (a))",
            ],
            &["CREATE TABLE t (a INTEGER NOT NULL UNIQUE ON CONFLICT IGNORE REFERENCES p (x))"],
            &[],
        );
        let both = [
            "CREATE TABLE t (a INTEGER PRIMARY KEY ON CONFLICT FAIL, CHECK (a > 0) ON CONFLICT FAIL)",
        ];
        assert_eq!(check(&both, &both, &[]), Comparison::default());
    }

    #[test]
    fn a_difference_without_an_operation_is_a_warning() {
        let comparison = check(
            &["CREATE TABLE t (a INTEGER DEFAULT (1) REFERENCES p (x) ON UPDATE NO ACTION)"],
            &[
                "CREATE TABLE t (a VARCHAR NOT NULL DEFAULT '2' UNIQUE CHECK (a > 0) REFERENCES p (x) ON \
               DELETE CASCADE)",
            ],
            &[],
        );
        let warnings: Vec<_> = comparison.warnings.iter().map(|w| w.message.as_str()).collect();
        assert_eq!(
            warnings,
            [
                "Detected type change from INTEGER to VARCHAR on 't.a'",
                "Detected NOT NULL on column 't.a'",
                "Detected changed server default on column 't.a'",
                "Detected added unique constraint on '('a',)' of table 't'",
                "Detected added check constraint 'a > 0' of table 't'",
                "Detected added foreign key (a) to 'p' (x) on delete CASCADE of table 't'",
                "Detected removed foreign key (a) to 'p' (x) of table 't'",
            ]
        );
    }
}
