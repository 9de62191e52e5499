//! Changes that depend on the table: what is needed, orders of columns, names by a convention.

use super::{add, alter, changed, database, rows_of, text};
use ambix_core::operation::{ConstraintAddress, Dependents, Recreate, TableChange};
use ambix_tests::alter::apply;

fn if_needed(change: TableChange) -> TableChange {
    TableChange::IfNeeded(Box::new(change))
}

fn constraint(definition: &str) -> TableChange {
    TableChange::AddConstraint { definition: definition.into() }
}

fn reorder(orders: &[&[&str]]) -> TableChange {
    let list = |order: &&[&str]| order.iter().map(ToString::to_string).collect();
    TableChange::Reorder { orders: orders.iter().map(list).collect() }
}

fn by_convention(name: &str, kind: &str, template: &str) -> TableChange {
    TableChange::DropConstraint(ConstraintAddress::Conventional {
        name: name.into(),
        convention: [(kind.to_string(), template.to_string())].into(),
    })
}

fn keys(name: &str) -> TableChange {
    TableChange::DropColumn { name: name.into(), dependents: Dependents::Keys }
}

#[test]
fn what_is_there_is_not_added_and_what_is_not_is_not_dropped() {
    let create = "CREATE TABLE t (id INTEGER, a TEXT CHECK (a <> ''))";
    let dropped = TableChange::DropConstraint(ConstraintAddress::Named("ck".into()));
    let same = [
        if_needed(add("A TEXT", None)),
        if_needed(keys("zz")),
        if_needed(constraint("CONSTRAINT other CHECK (a<>'')")),
        if_needed(dropped),
    ];
    assert_eq!(changed(create, &same), create);
    assert_eq!(
        changed(create, &[if_needed(add("b", None)), if_needed(constraint("UNIQUE (b)"))]),
        "CREATE TABLE t (id INTEGER, a TEXT CHECK (a <> ''), b, UNIQUE (b))"
    );
    // Each change sees what those before it did.
    assert_eq!(
        changed(create, &[add("b", None), if_needed(keys("b")), if_needed(keys("b"))]),
        create
    );
}

#[test]
fn columns_in_another_order() {
    let create = "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b /* of b */, c)";
    assert_eq!(
        changed(create, &[reorder(&[&["c", "b", "a", "id"]])]),
        "CREATE TABLE t (c, b, a, id INTEGER PRIMARY KEY /* of b */ )"
    );
    let database = database("CREATE TABLE t (id, a, b); INSERT INTO t VALUES (1, 2, 3)");
    apply(&database, &alter(&[reorder(&[&["b", "a"]])], Recreate::Auto), false).unwrap();
    assert_eq!(text(&database, "t"), "CREATE TABLE t (id, b, a)");
    assert!(rows_of(&database, &["t"]).contains("Integer(1), Integer(3), Integer(2)"));
    let contradiction = alter(&[reorder(&[&["b", "a"], &["a", "b"]])], Recreate::Auto);
    let error = apply(&database, &contradiction, false).unwrap_err();
    assert_eq!(error.to_string(), "Columns of 't' cannot be in the order (b, a), (a, b)");
    let unknown = alter(&[reorder(&[&["zz"]])], Recreate::Auto);
    let error = apply(&database, &unknown, false).unwrap_err();
    assert_eq!(error.to_string(), "Table 't' has no column 'zz'");
}

#[test]
fn a_constraint_without_a_name_is_found_by_the_name_it_would_get() {
    let create = "CREATE TABLE o (id PRIMARY KEY); \
                  CREATE TABLE t (id INTEGER, a REFERENCES o (id), UNIQUE (a), CONSTRAINT keep UNIQUE (id))";
    assert_eq!(
        changed(create, &[by_convention("uq_t_a", "uq", "uq_%(table_name)s_%(column_0_name)s")]),
        "CREATE TABLE t (id INTEGER, a REFERENCES o (id), CONSTRAINT keep UNIQUE (id))"
    );
    assert_eq!(
        changed(
            create,
            &[by_convention("fk_a_o", "fk", "fk_%(column_0_name)s_%(referred_table_name)s")]
        ),
        "CREATE TABLE t (id INTEGER, a, UNIQUE (a), CONSTRAINT keep UNIQUE (id))"
    );
    assert_eq!(
        changed(create, &[by_convention("keep", "uq", "uq_%(table_name)s")]),
        "CREATE TABLE t (id INTEGER, a REFERENCES o (id), UNIQUE (a))"
    );
    let error = apply(
        &database(create),
        &alter(
            &[by_convention("uq_t_id", "uq", "uq_%(table_name)s_%(column_0_name)s")],
            Recreate::Auto,
        ),
        false,
    );
    assert_eq!(error.unwrap_err().to_string(), "No such constraint: 'uq_t_id'");
}

#[test]
fn keys_go_with_a_column_and_all_else_is_named() {
    assert_eq!(
        changed(
            "CREATE TABLE t (a, b, c, UNIQUE (a, b), UNIQUE (a), FOREIGN KEY (a, b) REFERENCES o (x, y), \
             CONSTRAINT pk PRIMARY KEY (a, b, c))",
            &[keys("b")]
        ),
        "CREATE TABLE t (a, c, UNIQUE (a), CONSTRAINT pk PRIMARY KEY (a, c))"
    );
    for (sql, what) in [
        ("CREATE TABLE t (a, b, CHECK (a < b))", "CHECK (a < b)"),
        ("CREATE TABLE t (a, b); CREATE INDEX ix ON t (a, b)", "index ix"),
        ("CREATE TABLE t (a, b); CREATE VIEW v AS SELECT b FROM t", "view v"),
    ] {
        let error = apply(&database(sql), &alter(&[keys("b")], Recreate::Auto), false).unwrap_err();
        let message = format!("Column 'b' of table 't' is still mentioned by {what}");
        assert_eq!(error.to_string(), message);
    }
}
