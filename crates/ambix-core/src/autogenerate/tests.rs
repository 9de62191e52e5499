use super::{Comparison, Rules, compare};
use crate::operation::{ConstraintAddress, TableChange};
use crate::operation::{Operation, SchemaChange};
use crate::schema::Schema;
use crate::sqlite::{create_index, create_table};
use alloc::string::{String, ToString};
use alloc::{format, vec::Vec};

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

fn check_by(rules: &Rules, database: &[&str], models: &[&str], expected: &[&str]) -> Comparison {
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
    let both =
        ["CREATE TABLE t (a INTEGER PRIMARY KEY ON CONFLICT FAIL, CHECK (a > 0) ON CONFLICT FAIL)"];
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
    let database =
        ["CREATE TABLE t (a INTEGER, b INTEGER REFERENCES p (x), CONSTRAINT uq_t_b UNIQUE (b))"];
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
