//! The comparison itself: tables and their columns.

use super::constraints::{Side, Sides};
use super::found::{CONSTRAINTS, Comparison, DEFAULTS, Found, TABLES, TYPES, shown};
use super::order::by_reference;
use super::{Rules, defaults, keys, order, reflected, types};
use crate::operation::{
    AddColumn, AlterColumn, CreateTable, DropColumn, DropTable, Operation, SchemaChange,
};
use crate::schema::{Column, Constraint, DataType, Index, Schema, Table};
use crate::sqlite::token::normalised;
use alloc::{boxed::Box, format, string::String, vec::Vec};

/// Compares what the database has with what the models say.
pub fn compare(database: &Schema, models: &Schema, rules: &Rules) -> Comparison {
    let reflected;
    let database = match rules.parity {
        true => {
            reflected = reflected::as_alembic_sees(database);
            &reflected
        }
        false => database,
    };
    let (there, wanted) = (Objects::new(database, rules), Objects::new(models, rules));
    let mut found = Found { rules, comparison: Comparison::default() };
    let added = models.tables.iter().filter(|table| there.table(table).is_none());
    for table in by_reference(added) {
        let name = shown(&table.name);
        found.say(TABLES, format!("Detected added table {name}"));
        found.run(Operation::CreateTable(CreateTable::new(table.clone())));
        sides(&mut found, table, Side::default(), wanted.side(table)).indexes_and_uniques();
    }
    let removed = database.tables.iter().filter(|table| wanted.table(table).is_none());
    let removed = by_reference(removed).into_iter().rev();
    // Those that a table refers to which stays can go when it no longer does.
    let is_referred_to = |table: &&Table| {
        let stays = database.tables.iter().filter(|other| wanted.table(other).is_some());
        !rules.parity && stays.flat_map(referred).any(|name| rules.is_same(name, &table.name))
    };
    let (last, first): (Vec<_>, Vec<_>) = removed.partition(is_referred_to);
    for table in first {
        removed_table(&mut found, table, there.side(table));
    }
    for table in wanted.tables.iter().copied() {
        if let Some(old) = there.table(table) {
            existing_table(&mut found, old, table, there.side(table), wanted.side(table));
        }
    }
    for table in last {
        removed_table(&mut found, table, there.side(table));
    }
    let mut comparison = found.comparison;
    comparison.downgrade = comparison.upgrade.iter().rev().filter_map(Operation::reverse).collect();
    comparison
}

/// The tables that a table refers to.
fn referred(table: &Table) -> impl Iterator<Item = &String> {
    table.constraints.iter().filter_map(|constraint| match constraint {
        Constraint::ForeignKey(key) => Some(&key.referred_table),
        _ => None,
    })
}

fn removed_table(found: &mut Found<'_>, table: &Table, there: Side<'_>) {
    sides(found, table, there, Side::default()).indexes_and_uniques();
    found.say(TABLES, format!("Detected removed table {}", shown(&table.name)));
    found.run(Operation::DropTable(DropTable {
        was: Some(Box::new(table.clone())),
        ..DropTable::new(table.name.clone())
    }));
}

/// Tables by name, indexes by table and name.
struct Objects<'a> {
    rules: &'a Rules,
    tables: Vec<&'a Table>,
    indexes: Vec<&'a Index>,
}

impl<'a> Objects<'a> {
    /// Of two indexes with one name the last counts.
    fn new(schema: &'a Schema, rules: &'a Rules) -> Self {
        let mut tables: Vec<&Table> = schema.tables.iter().collect();
        crate::sort::sort_by(&mut tables, |a, b| rules.order(&a.name, &b.name));
        let order = |a: &Index, b: &Index| {
            rules.order(&a.table, &b.table).then_with(|| rules.order(&a.name.text, &b.name.text))
        };
        let mut indexes: Vec<&Index> = schema.indexes.iter().collect();
        crate::sort::sort_by(&mut indexes, |a, b| order(a, b));
        indexes.dedup_by(|next, kept| {
            let is_same = order(kept, next).is_eq();
            if is_same {
                *kept = *next;
            }
            is_same
        });
        Self { rules, tables, indexes }
    }

    /// The table that is called like this one.
    fn table(&self, like: &Table) -> Option<&'a Table> {
        let at = self.tables.binary_search_by(|table| self.rules.order(&table.name, &like.name));
        self.tables.get(at.ok()?).copied()
    }

    /// The table that is called like this one, with its indexes.
    fn side<'i>(&'i self, like: &Table) -> Side<'i> {
        let order = |index: &&Index| self.rules.order(&index.table, &like.name);
        let start = self.indexes.partition_point(|index| order(index).is_lt());
        let rest = &self.indexes[start..];
        let count = rest.partition_point(|index| order(index).is_le());
        Side { table: self.table(like), indexes: &rest[..count] }
    }
}

fn sides<'a, 'f, 'r>(
    found: &'f mut Found<'r>,
    table: &'a Table,
    there: Side<'a>,
    wanted: Side<'a>,
) -> Sides<'a, 'f, 'r> {
    Sides { name: &table.name, there, wanted, found, given: Vec::new() }
}

/// A table that both have.
fn existing_table(
    found: &mut Found<'_>,
    there: &Table,
    wanted: &Table,
    left: Side<'_>,
    right: Side<'_>,
) {
    let rules = found.rules;
    let column = |table: &'_ Table, like: &Column| -> Option<usize> {
        table.columns.iter().position(|column| rules.is_same(&column.name, &like.name))
    };
    let start = found.comparison.upgrade.len();
    if !rules.parity {
        keys::options(found, there, wanted, false);
    }
    for added in &wanted.columns {
        if column(there, added).is_none() {
            let message = format!("Detected added column '{}.{}'", wanted.name, added.name);
            found.say(TABLES, message);
            found.run(Operation::AddColumn(AddColumn::new(wanted.name.clone(), added.clone())));
        }
    }
    for new in &wanted.columns {
        if let Some(at) = column(there, new) {
            existing_column(found, there, wanted, &there.columns[at], new);
        }
    }
    if !rules.parity {
        keys::primary_key(found, there, wanted);
    }
    let mut sides = sides(found, wanted, left, right);
    if rules.constraints {
        sides.indexes_and_uniques();
        sides.foreign_keys();
    }
    sides.checks();
    for removed in &there.columns {
        if column(wanted, removed).is_none() {
            let message = format!("Detected removed column '{}.{}'", wanted.name, removed.name);
            found.say(TABLES, message);
            found.run(Operation::DropColumn(DropColumn {
                was: Some(Box::new(removed.clone())),
                ..DropColumn::new(wanted.name.clone(), removed.name.clone())
            }));
        }
    }
    if !rules.parity {
        keys::options(found, there, wanted, true);
        order::so_that_each_can_run(&mut found.comparison.upgrade[start..]);
    }
}

/// A column that both have.
fn existing_column(
    found: &mut Found<'_>,
    there: &Table,
    table: &Table,
    old: &Column,
    wanted: &Column,
) {
    let rules = found.rules;
    let place = format!("{}.{}", table.name, wanted.name);
    let is_generated = old.generated.is_some() || wanted.generated.is_some();
    // What the models do not say of a generated column stays, and to Alembic a column that counts itself is as it is.
    let is_open = rules.parity && (wanted.identity.is_some() || (is_generated && wanted.nullable));
    if old.nullable != wanted.nullable && rules.constraints && is_open {
        let message = format!("Ignoring nullable change on identity column '{place}'");
        found.say(CONSTRAINTS, message);
    }
    let is_said = is_never_null(there, old, rules) && is_never_null(table, wanted, rules);
    let mut from = old.clone();
    // Whether its NOT NULL was written is not known. When the key no longer says it, it has to be, or must not be.
    let is_key = |table: &Table| {
        let key = table.primary_key();
        key.is_some_and(|key| key.columns.iter().any(|it| rules.is_same(it, &old.name)))
    };
    let forbids_null = |table: &Table| table.options.without_rowid || table.options.strict;
    let goes_on = is_key(table) && (forbids_null(table) || !rules.whole);
    if !rules.parity && is_key(there) && forbids_null(there) && !goes_on {
        from.nullable = !wanted.nullable;
    }
    let mut to = from.clone();
    if from.nullable != wanted.nullable && rules.constraints && !is_open && !is_said {
        if old.nullable != wanted.nullable {
            let what = if wanted.nullable { "NULL" } else { "NOT NULL" };
            found.say(CONSTRAINTS, format!("Detected {what} on column '{place}'"));
        }
        to.nullable = wanted.nullable;
    }
    if rules.types {
        match (&old.data_type, &wanted.data_type) {
            (Some(a), Some(b)) if types::differ(a, b, rules) => {
                let message = format!("Detected type change from {a} to {b} on '{place}'");
                found.say(TYPES, message);
                to.data_type = Some(b.clone());
            }
            (None, Some(_)) if !rules.whole => {
                let message = format!("Couldn't determine database type for column '{place}'");
                found.say(TYPES, message);
            }
            (None, Some(_)) | (Some(_), None) if rules.whole => {
                let shown = |column: &Column| {
                    let name = |data_type: &DataType| format!("{data_type}");
                    column.data_type.as_ref().map_or("no type".into(), name)
                };
                let (a, b) = (shown(old), shown(wanted));
                found.say(TYPES, format!("Detected type change from {a} to {b} on '{place}'"));
                to.data_type.clone_from(&wanted.data_type);
            }
            _ => {}
        }
    }
    if rules.defaults {
        default(found, &place, old, wanted, &mut to);
    }
    if !rules.parity {
        beyond_alembic(found, &place, old, wanted, &mut to);
    }
    let has_default = |column: &Column| {
        column.default.is_some() || column.generated.is_some() || column.identity.is_some()
    };
    let says_counting = match has_default(old) || has_default(wanted) {
        true => rules.defaults && !is_generated && wanted.identity.is_none(),
        false => true,
    };
    let alter = AlterColumn {
        autoincrement: counts(table, wanted).filter(|_| says_counting),
        tells_type: rules.types,
        from,
        to,
    };
    if !alter.is_empty() {
        found.alter(&table.name, SchemaChange::AlterColumn(Box::new(alter)));
    }
}

fn default(found: &mut Found<'_>, place: &str, old: &Column, wanted: &Column, to: &mut Column) {
    let rules = found.rules;
    if rules.parity && wanted.identity.is_some() {
        // Alembic does not know that SQLite has none.
        to.identity.clone_from(&wanted.identity);
        return;
    }
    if rules.parity && (old.generated.is_some() || wanted.generated.is_some()) {
        let expression = |column: &Column| {
            let generated = column.generated.as_ref()?;
            let kept = |letter: &char| !" \t\n'\"`()[]".contains(*letter);
            Some(generated.expression.chars().filter(kept).collect::<alloc::string::String>())
        };
        if expression(old) != expression(wanted) {
            let message = format!("Computed default on {place} cannot be modified");
            found.warn(message, "without --alembic-parity it is changed");
        }
        return;
    }
    if defaults::differ(old.default.as_ref(), wanted.default.as_ref(), rules) {
        found.say(DEFAULTS, format!("Detected changed server default on column '{place}'"));
        to.default.clone_from(&wanted.default);
    }
}

/// What Alembic does not compare.
fn beyond_alembic(
    found: &mut Found<'_>,
    place: &str,
    old: &Column,
    wanted: &Column,
    to: &mut Column,
) {
    let collation = |column: &Column| {
        let name = column.own_collation().unwrap_or("BINARY");
        name.to_ascii_lowercase()
    };
    if collation(old) != collation(wanted) {
        found.say(TYPES, format!("Detected changed collation on column '{place}'"));
        to.collation = wanted.own_collation().map(Into::into);
        // It would say the collation from before.
        if let Some(data_type) = &mut to.data_type {
            data_type.arguments.retain(|argument| argument.name != "collation");
        }
    }
    let generated = |column: &Column| {
        column.generated.as_ref().map(|it| (normalised(&it.expression), it.stored == Some(true)))
    };
    if generated(old) != generated(wanted) {
        found.say(DEFAULTS, format!("Detected changed expression on column '{place}'"));
        to.generated.clone_from(&wanted.generated);
    }
}

/// Whether SQLite stores no NULL in this column although its NOT NULL is not written: the INTEGER PRIMARY KEY, which is
/// the rowid, and the keys of tables that have none. Alembic does not know.
fn is_never_null(table: &Table, column: &Column, rules: &Rules) -> bool {
    let Some(key) = table.primary_key().filter(|_| !rules.parity) else { return false };
    let is_integer = || {
        let sql = column.data_type.as_ref().and_then(|it| it.bare_sql().ok());
        sql.is_some_and(|sql| sql == "INTEGER")
    };
    key.columns.iter().any(|name| rules.is_same(name, &column.name))
        && (table.options.without_rowid
            || table.options.strict
            || (key.columns.len() == 1 && is_integer()))
}

/// What SQLAlchemy was told, or finds, about counting up: a key of one column that is an integer and refers to
/// nothing counts up by itself (`Table._autoincrement_column`).
fn counts(table: &Table, column: &Column) -> Option<bool> {
    if column.autoincrement.is_some() {
        return column.autoincrement;
    }
    let key = table.primary_key()?;
    let integers = ["Integer", "SmallInteger", "BigInteger", "INTEGER", "SMALLINT", "BIGINT"];
    let is_integer = integers.contains(&column.data_type.as_ref()?.class.as_str());
    let refers = !column.ignores_foreign_key && table.constraints.iter().any(|constraint| {
        matches!(constraint, Constraint::ForeignKey(key) if key.columns.contains(&column.name))
    });
    let is_key = key.columns.iter().eq([&column.name]);
    (is_key && is_integer && !refers && column.default.is_none()).then_some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{ConstraintAddress, TableChange};
    use crate::sqlite::{create_index, create_table};
    use alloc::string::ToString;

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
        check_by(&Rules { names: false, ..Rules::ALL }, database, models, expected)
    }

    fn check_by(
        rules: &Rules,
        database: &[&str],
        models: &[&str],
        expected: &[&str],
    ) -> Comparison {
        let comparison = compare(&schema(database), &schema(models), rules);
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
    fn what_changes_in_a_table_is_taken_back_by_its_opposite() {
        let comparison = check(
            &["CREATE TABLE t (a INTEGER DEFAULT (1) REFERENCES p (x) ON UPDATE NO ACTION)"],
            &[
                "CREATE TABLE t (a VARCHAR NOT NULL DEFAULT '2' UNIQUE CHECK (a > 0) REFERENCES p (x) ON \
               DELETE CASCADE)",
            ],
            &[
                "Detected NOT NULL on column 't.a'",
                "Detected type change from INTEGER() to VARCHAR() on 't.a'",
                "Detected changed server default on column 't.a'",
                "Detected added unique constraint None on '('a',)'",
                "Detected removed foreign key (a)(x) on table t",
                "Detected added foreign key (a)(x) on table t",
                "Detected added check constraint (a > 0) on table 't'",
            ],
        );
        let changes = |operations: &[Operation]| -> Vec<TableChange> {
            let changes = operations.iter().map(|operation| match operation {
                Operation::AlterTable(alter) => alter.changes.clone(),
                other => panic!("{other:?}"),
            });
            changes.flatten().collect()
        };
        let column = || "a".to_string();
        let constraint =
            |definition: &str| TableChange::AddConstraint { definition: definition.into() };
        let dropped = |definition: &str| {
            TableChange::DropConstraint(ConstraintAddress::Defined(definition.into()))
        };
        let (restrict, cascade) = (
            "FOREIGN KEY(a) REFERENCES p (x) ON UPDATE NO ACTION",
            "FOREIGN KEY(a) REFERENCES p (x) ON DELETE CASCADE",
        );
        assert_eq!(
            changes(&comparison.upgrade),
            [
                dropped(restrict),
                TableChange::SetType { column: column(), data_type: "VARCHAR".into(), cast: false },
                TableChange::SetNullable { column: column(), nullable: false },
                TableChange::SetDefault { column: column(), default: Some("'2'".into()) },
                constraint("UNIQUE (a)"),
                constraint(cascade),
                constraint("CHECK (a > 0)"),
            ]
        );
        assert_eq!(
            changes(&comparison.downgrade),
            [
                dropped("CHECK (a > 0)"),
                dropped(cascade),
                dropped("UNIQUE (a)"),
                TableChange::SetType { column: column(), data_type: "INTEGER".into(), cast: false },
                TableChange::SetNullable { column: column(), nullable: true },
                TableChange::SetDefault { column: column(), default: Some("(1)".into()) },
                constraint(restrict),
            ]
        );
    }

    #[test]
    fn constraints_get_names_that_a_script_can_drop_them_by() {
        let database = [
            "CREATE TABLE t (a INTEGER, b INTEGER REFERENCES p (x), CONSTRAINT uq_t_b UNIQUE (b))",
        ];
        let models =
            ["CREATE TABLE t (a INTEGER UNIQUE CHECK (a > 0), b INTEGER UNIQUE CHECK (a > 1))"];
        let comparison = compare(&schema(&database), &schema(&models), &Rules::ALL);
        let meanings: Vec<String> = comparison
            .upgrade
            .iter()
            .filter_map(|operation| match operation {
                Operation::AlterTable(alter) => alter.meaning.as_ref(),
                _ => None,
            })
            .map(|meaning| match meaning {
                SchemaChange::AddConstraint(one) => format!("add {}", one.name().unwrap()),
                SchemaChange::DropUnnamed { constraint: one, by_convention: true } => {
                    format!("drop {} by convention", one.name().unwrap())
                }
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(
            meanings,
            ["add uq_t_a", "drop fk_t_b_p by convention", "add ck_t_a", "add ck_t_a_2"]
        );
    }

    #[test]
    fn keys_and_options_are_compared_only_beyond_alembic() {
        let (database, models) = (
            ["CREATE TABLE t (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a))"],
            ["CREATE TABLE t (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b)) STRICT"],
        );
        check(
            &database,
            &models,
            &[
                "Detected changed primary key on 't': ('a',) to ('a', 'b')",
                "Detected added STRICT on 't'",
            ],
        );
        check(&models, &database, &["Detected changed primary key on 't': ('a', 'b') to ('a',)"]);
        let whole = Rules { whole: true, names: false, ..Rules::ALL };
        let expected = [
            "Detected removed STRICT on 't'",
            "Detected changed primary key on 't': ('a', 'b') to ('a',)",
        ];
        check_by(&whole, &models, &database, &expected);
        check_by(&Rules::ALEMBIC, &database, &models, &[]);
    }

    #[test]
    fn a_column_that_counts_itself_may_be_null_to_alembic_alone() {
        let database = schema(&["CREATE TABLE t (a INTEGER, b INTEGER)"]);
        let mut models = schema(&["CREATE TABLE t (a INTEGER NOT NULL, b INTEGER)"]);
        models.tables[0].columns[0].identity = Some(Vec::new());
        for (rules, expected, count) in [
            (Rules::ALL, "Detected NOT NULL on column 't.a'", 1),
            (Rules::ALEMBIC, "Ignoring nullable change on identity column 't.a'", 0),
        ] {
            let comparison = compare(&database, &models, &rules);
            let found: Vec<_> = comparison.findings.iter().map(|f| f.message.as_str()).collect();
            assert_eq!(found, [expected]);
            assert_eq!(comparison.upgrade.len(), count);
        }
    }

    #[test]
    fn a_key_without_not_null_is_different_to_alembic_alone() {
        let (database, models) = (
            ["CREATE TABLE t (id INTEGER PRIMARY KEY)"],
            ["CREATE TABLE t (id INTEGER NOT NULL, PRIMARY KEY (id))"],
        );
        check(&database, &models, &[]);
        check_by(&Rules::ALEMBIC, &database, &models, &["Detected NOT NULL on column 't.id'"]);
    }

    #[test]
    fn a_constraint_without_a_name_is_found_by_what_it_says() {
        let (database, models) = (
            ["CREATE TABLE t (a INTEGER UNIQUE, b INTEGER CHECK (b > 0), UNIQUE (a, b))"],
            ["CREATE TABLE t (a INTEGER, b INTEGER CHECK (b > 1), CONSTRAINT uq UNIQUE (b, a))"],
        );
        check(
            &database,
            &models,
            &[
                "Detected removed unique constraint None on 't'",
                "Detected removed unique constraint None on 't'",
                "Detected added unique constraint 'uq' on '('b', 'a')'",
                "Detected removed check constraint (b > 0) on table 't'",
                "Detected added check constraint (b > 1) on table 't'",
            ],
        );
        let expected = ["Detected added unique constraint 'uq' on '('b', 'a')'"];
        check_by(&Rules::ALEMBIC, &database, &models, &expected);
    }
}
