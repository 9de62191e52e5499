//! What goes with a table because it refers to it.

use super::*;

const SHOP: &str = "CREATE TABLE customers (id INTEGER PRIMARY KEY);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id REFERENCES customers ON DELETE CASCADE);
CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id REFERENCES orders (id) ON DELETE CASCADE);
CREATE TABLE notes (id INTEGER PRIMARY KEY, order_id REFERENCES orders ON DELETE SET NULL,
    by REFERENCES customers ON DELETE SET NULL);
CREATE TABLE bystanders (id INTEGER PRIMARY KEY, customer_id);";

const ROWS: &str = "INSERT INTO customers VALUES (1), (2);
INSERT INTO orders VALUES (10, 1), (11, 1), (12, 2), (13, NULL);
INSERT INTO lines VALUES (100, 10), (101, 13), (102, NULL), (103, 12);
INSERT INTO notes VALUES (1, 10, NULL), (2, 13, 1), (3, NULL, 2), (4, 12, NULL);
INSERT INTO bystanders VALUES (1, 1)";

fn shop(upgrade: &str) -> Typist {
    let mut typist = typist(&[("aaaa", SHOP, ""), ("bbbb", upgrade, "")]);
    typist.types_well("alembic upgrade aaaa");
    typist.database.execute_batch(&format!("PRAGMA foreign_keys = ON; {ROWS}")).unwrap();
    typist
}

#[test]
fn rows_and_values_that_refer_to_a_dropped_table() {
    let mut typist = shop("DROP TABLE customers;");
    assert_eq!(
        told(&mut typist, "head"),
        [
            "-- destroys data: table customers (2 rows)",
            "-- destroys data: rows of orders, which refer to customers (3 rows)",
            "-- destroys data: rows of lines, which refer to orders (2 rows)",
            "-- destroys data: values of notes.by, which refer to customers (2 values)",
            "-- destroys data: values of notes.order_id, which refer to orders (2 values)",
        ]
    );
    typist.types_well("alembic upgrade head");
    let left = |select| rows(&typist.database, select).unwrap().rows.len();
    assert_eq!(left("SELECT 1 FROM orders"), 1);
    assert_eq!(left("SELECT 1 FROM lines"), 2);
    assert_eq!(left("SELECT 1 FROM notes WHERE order_id IS NULL AND by IS NULL"), 3);
}

#[test]
fn without_foreign_keys_in_force_they_stay() {
    let mut typist = shop("DROP TABLE customers;");
    typist.database.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    assert_eq!(told(&mut typist, "head"), ["-- destroys data: table customers (2 rows)"]);
    typist.types_well("alembic upgrade head");
    assert_eq!(rows(&typist.database, "SELECT 1 FROM orders").unwrap().rows.len(), 4);
}

#[test]
fn the_plan_as_json() {
    let mut typist = shop("DROP TABLE customers;");
    let lines = typist.types_well("alembic plan head --json").lines;
    let plan: Value = serde_json::from_str(&lines.join("\n")).unwrap();
    let losses = &plan["steps"][0]["losses"];
    assert_eq!(
        losses[1],
        json!({
            "kind": "referring_rows", "table": "orders", "column": null, "statement": null, "rows": 3,
            "refers_to": "customers", "kept": false,
        })
    );
    assert_eq!(losses[3]["kind"], "referring_values");
    assert_eq!(losses[3]["column"], "by");
}

#[test]
fn what_refers_to_nothing_that_is_there_is_not_said() {
    let mut typist = shop("DROP TABLE customers;");
    let sql = "DELETE FROM notes; UPDATE orders SET customer_id = NULL";
    typist.database.execute_batch(sql).unwrap();
    assert_eq!(told(&mut typist, "head"), ["-- destroys data: table customers (2 rows)"]);
}

#[test]
fn names_of_the_plan_are_followed() {
    let mut typist = shop(
        "ALTER TABLE customers RENAME TO people;\nALTER TABLE people RENAME id TO number;\n\
         ALTER TABLE orders RENAME customer_id TO person;\nALTER TABLE lines RENAME TO items;\n\
         DROP TABLE people;",
    );
    assert_eq!(
        told(&mut typist, "head"),
        [
            "-- destroys data: table people (2 rows)",
            "-- destroys data: rows of orders, which refer to people (3 rows)",
            "-- destroys data: rows of items, which refer to orders (2 rows)",
            "-- destroys data: values of notes.by, which refer to people (2 values)",
            "-- destroys data: values of notes.order_id, which refer to orders (2 values)",
        ]
    );
}

#[test]
fn a_key_that_is_dropped_first_takes_nothing() {
    for drop in [
        "ALTER TABLE child DROP CONSTRAINT fk;",
        "ALTER TABLE child DROP COLUMN p;",
        "DROP TABLE child;",
    ] {
        let mut typist = typist(&[
            (
                "aaaa",
                "CREATE TABLE parent (id INTEGER PRIMARY KEY);\nCREATE TABLE child (id INTEGER PRIMARY KEY, p, \
                 CONSTRAINT fk FOREIGN KEY (p) REFERENCES parent ON DELETE CASCADE);",
                "",
            ),
            ("bbbb", &format!("{drop}\nDROP TABLE parent;"), ""),
        ]);
        typist.types_well("alembic upgrade aaaa");
        let sql = "PRAGMA foreign_keys = ON; INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1, 1)";
        typist.database.execute_batch(sql).unwrap();
        let told = told(&mut typist, "head");
        assert!(!told.iter().any(|line| line.contains("refer")), "{drop}: {told:?}");
    }
}

#[test]
fn a_circle_is_named_without_a_number_and_the_table_itself_is_not() {
    let mut typist = typist(&[
        (
            "aaaa",
            "CREATE TABLE shops (id INTEGER PRIMARY KEY, within REFERENCES shops ON DELETE CASCADE);\n\
             CREATE TABLE shelves (id INTEGER PRIMARY KEY, shop REFERENCES shops ON DELETE CASCADE, \
             above REFERENCES shelves ON DELETE CASCADE);",
            "",
        ),
        ("bbbb", "DROP TABLE shops;", ""),
    ]);
    typist.types_well("alembic upgrade aaaa");
    let sql = "PRAGMA foreign_keys = ON; INSERT INTO shops VALUES (1, NULL), (2, 1);
               INSERT INTO shelves VALUES (1, 1, NULL), (2, NULL, 1), (3, NULL, NULL)";
    typist.database.execute_batch(sql).unwrap();
    assert_eq!(
        told(&mut typist, "head"),
        [
            "-- destroys data: table shops (2 rows)",
            "-- destroys data: rows of shelves, which may refer to shops",
        ]
    );
}

#[test]
fn rows_of_keys_of_several_columns() {
    let mut typist = typist(&[
        (
            "aaaa",
            "CREATE TABLE p (a, b, PRIMARY KEY (a, b));\nCREATE TABLE c (x, y, FOREIGN KEY (x, y) REFERENCES p \
             ON DELETE SET NULL);",
            "",
        ),
        ("bbbb", "DROP TABLE p;", ""),
    ]);
    typist.types_well("alembic upgrade aaaa");
    let sql = "PRAGMA foreign_keys = ON; INSERT INTO p VALUES (1, 1), (1, 2);
               INSERT INTO c VALUES (1, 1), (1, NULL), (NULL, 2), (1, 2)";
    typist.database.execute_batch(sql).unwrap();
    assert_eq!(
        told(&mut typist, "head"),
        [
            "-- destroys data: table p (2 rows)",
            "-- destroys data: values of c.x, which refer to p (2 values)",
            "-- destroys data: values of c.y, which refer to p (2 values)",
        ]
    );
}

#[test]
fn of_a_statement_only_what_it_says_itself_is_said() {
    let mut typist = shop("DELETE FROM customers;");
    assert_eq!(
        told(&mut typist, "head"),
        ["-- destroys data: rows, by DELETE FROM customers (2 rows)"]
    );
}
