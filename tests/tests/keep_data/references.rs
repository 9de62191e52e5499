//! Rows and values that went with a table that they refer to come back with it.

use super::*;

const SHOP: &str = "CREATE TABLE customers (id INTEGER PRIMARY KEY, name);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id REFERENCES customers ON DELETE CASCADE, sum);
CREATE TABLE lines (a, b, order_id REFERENCES orders ON DELETE CASCADE, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE notes (id INTEGER PRIMARY KEY, order_id REFERENCES orders ON DELETE SET NULL,
    by DEFAULT NULL REFERENCES customers ON DELETE SET DEFAULT);
CREATE TABLE tree (id INTEGER PRIMARY KEY, shop REFERENCES customers ON DELETE CASCADE,
    above REFERENCES tree ON DELETE CASCADE);";

const ROWS: &str = "INSERT INTO customers VALUES (1, 'one'), (2, x'02');
INSERT INTO orders VALUES (10, 1, 1.5), (11, 1, 'x'), (12, 2, NULL), (13, NULL, 4);
INSERT INTO lines VALUES (1, 1, 10), (1, 2, 13), (2, 1, NULL), (2, 2, 12);
INSERT INTO notes VALUES (1, 10, NULL), (2, 13, 1), (3, NULL, 2), (4, 12, NULL);
INSERT INTO tree VALUES (1, 1, NULL), (2, NULL, 1), (3, NULL, 2), (4, NULL, NULL)";

const BACK: &str = "CREATE TABLE customers (id INTEGER PRIMARY KEY, name);";

fn shop(foreign_keys: &str, upgrade: &str, downgrade: &str) -> Typist {
    let typist = typist(SHOP, upgrade, downgrade);
    run(&typist, &format!("PRAGMA foreign_keys = {foreign_keys}; {ROWS}"));
    typist
}

fn all(typist: &Typist) -> Vec<Vec<String>> {
    let tables = ["customers", "orders", "lines", "notes", "tree"];
    let select = |table| content(&typist.database, &format!("SELECT * FROM {table} ORDER BY 1, 2"));
    tables.into_iter().map(select).collect()
}

#[test]
fn all_of_it() {
    for foreign_keys in ["ON", "OFF"] {
        let mut typist = shop(foreign_keys, "DROP TABLE customers;", BACK);
        let before = all(&typist);
        let plan = typist.types_well("alembic plan head").lines;
        let said: Vec<&String> = plan.iter().filter(|line| line.starts_with("-- keeps")).collect();
        let expected = [
            "-- keeps for the downgrade: table customers (2 rows)",
            "-- keeps for the downgrade: rows of orders, which refer to customers (3 rows)",
            "-- keeps for the downgrade: rows of tree, which may refer to customers",
            "-- keeps for the downgrade: rows of lines, which refer to orders (2 rows)",
            "-- keeps for the downgrade: values of notes.by, which refer to customers (2 values)",
            "-- keeps for the downgrade: values of notes.order_id, which refer to orders (2 values)",
        ];
        let expected = if foreign_keys == "ON" { &expected[..] } else { &expected[..1] };
        assert_eq!(said, expected);
        typist.types_well("alembic upgrade head");
        let left = content(&typist.database, "SELECT id FROM tree");
        assert_eq!(left.len(), if foreign_keys == "ON" { 1 } else { 4 });
        typist.types_well("alembic downgrade -1");
        assert_eq!(all(&typist), before, "{foreign_keys}");
        assert_eq!(kept(&typist), 0);
    }
}

#[test]
fn by_scripts_alone() {
    for foreign_keys in ["ON", "OFF"] {
        let mut typist = shop(foreign_keys, "DROP TABLE customers;", BACK);
        let before = all(&typist);
        let up = typist.types_well("alembic upgrade aaaa:bbbb --sql").lines.join("\n");
        let down = typist.types_well("alembic downgrade bbbb:aaaa --sql").lines.join("\n");
        run(&typist, &up);
        run(&typist, &down);
        assert_eq!(all(&typist), before, "{foreign_keys}: {up}\n{down}");
        assert_eq!(kept(&typist), 0);
    }
}

#[test]
fn by_the_downgrade_in_the_journal() {
    let mut typist = shop("ON", "DROP TABLE customers;", BACK);
    let before = all(&typist);
    typist.types_well("alembic upgrade head");
    run(&typist, "BEGIN");
    run_stored(&typist);
    run(&typist, "COMMIT");
    assert_eq!(all(&typist), before);
}

#[test]
fn what_was_changed_since_stays_as_it_is() {
    let mut typist = shop("ON", "DROP TABLE customers;", BACK);
    typist.types_well("alembic upgrade head");
    // Only what does not refer to the table that is gone can be written meanwhile.
    run(
        &typist,
        "PRAGMA foreign_keys = OFF; UPDATE notes SET order_id = 13 WHERE id = 1; DELETE FROM notes WHERE id = 3;
         INSERT INTO orders VALUES (10, NULL, 'new'); PRAGMA foreign_keys = ON",
    );
    typist.types_well("alembic downgrade -1");
    assert_eq!(
        content(&typist.database, "SELECT id, customer_id, sum FROM orders ORDER BY id"),
        [
            r#"[Integer(10), Null, Text("new")]"#,
            r#"[Integer(11), Integer(1), Text("x")]"#,
            "[Integer(12), Integer(2), Null]",
            "[Integer(13), Null, Integer(4)]",
        ]
    );
    assert_eq!(
        content(&typist.database, "SELECT * FROM notes ORDER BY id"),
        [
            "[Integer(1), Integer(13), Null]",
            "[Integer(2), Integer(13), Integer(1)]",
            "[Integer(4), Integer(12), Null]",
        ]
    );
}

#[test]
fn tables_that_go_after_it_come_back_in_any_order() {
    let create: Vec<String> = SHOP.split_inclusive(';').map(|sql| sql.trim().to_string()).collect();
    let create: Vec<&String> = [0, 2, 3].iter().map(|at| &create[*at]).collect();
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        let downgrade: Vec<&str> = order.iter().map(|at| create[*at].as_str()).collect();
        let upgrade = "DROP TABLE customers;\nDROP TABLE lines;\nDROP TABLE notes;";
        let mut typist = shop("ON", upgrade, &downgrade.join("\n"));
        let before = all(&typist);
        typist.types_well("alembic upgrade head");
        typist.types_well("alembic downgrade -1");
        assert_eq!(all(&typist), before, "{order:?}");
        assert_eq!(kept(&typist), 0);
    }
}

#[test]
fn with_a_change_of_a_table_that_refers_to_it() {
    let mut typist = shop(
        "ON",
        "ALTER TABLE orders ALTER COLUMN sum TYPE INTEGER;\nDROP TABLE customers;",
        &format!("{BACK}\nALTER TABLE orders ALTER COLUMN sum TYPE BLOB;"),
    );
    run(
        &typist,
        "UPDATE orders SET sum = '007' WHERE id = 10; UPDATE orders SET sum = '08' WHERE id = 13",
    );
    let before = all(&typist);
    typist.types_well("alembic upgrade head");
    assert_eq!(content(&typist.database, "SELECT sum FROM orders"), ["[Integer(8)]"]);
    typist.types_well("alembic downgrade -1");
    assert_eq!(all(&typist), before);
    assert_eq!(kept(&typist), 0);
}

#[test]
fn what_does_not_refer_to_it_any_more_is_not_kept_from_the_user() {
    let mut typist = shop("ON", "DROP TABLE customers;", "");
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    // Nothing made the table again: what was kept waits for who does.
    assert_eq!(kept(&typist), 6);
}
