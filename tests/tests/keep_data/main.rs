//! Content that is kept when a revision drops it, and comes back with the downgrade.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod changes;
mod found;
mod inserted;
mod references;
mod values;

use ambix_tests::{Typist, rows};
use rusqlite::Connection;

/// Somebody with a revision that makes things, and one that drops some and keeps their content.
fn typist(first: &str, upgrade: &str, downgrade: &str) -> Typist {
    let mut typist = Typist::new("");
    let made = format!("-- revision: aaaa\n\n-- upgrade\n\n{first}\n\n-- downgrade\n");
    let drops = format!(
        "-- revision: bbbb\n-- revises: aaaa\n-- keep-data: true\n\n-- upgrade\n\n{upgrade}\n\n\
         -- downgrade\n\n{downgrade}\n"
    );
    typist.files.insert("versions/aaaa.sql".into(), made);
    typist.files.insert("versions/bbbb.sql".into(), drops);
    typist.types_well("alembic upgrade aaaa");
    typist
}

fn run(typist: &Typist, sql: &str) {
    typist.database.execute_batch(sql).unwrap();
}

/// Rows with the type of each value, as text.
fn content(database: &Connection, select: &str) -> Vec<String> {
    let rows = rows(database, select).unwrap_or_else(|error| panic!("{select}: {error}"));
    rows.rows.iter().map(|row| format!("{row:?}")).collect()
}

fn kept(typist: &Typist) -> usize {
    let select = "SELECT name FROM sqlite_schema WHERE name LIKE '\\_ambix\\_kept%' ESCAPE '\\'";
    content(&typist.database, select).len()
}

/// Takes revision bbbb back by what the journal says.
fn run_stored(typist: &Typist) {
    let select = "SELECT downgrade FROM _ambix_journal WHERE revision = 'bbbb'";
    let stored = rows(&typist.database, select).unwrap().rows[0][0].as_text().unwrap().to_string();
    let statements: Vec<String> = serde_json::from_str(&stored).unwrap();
    for statement in statements {
        run(typist, &statement);
    }
}

const ITEMS: &str = "CREATE TABLE items (id INTEGER PRIMARY KEY, value);";
const VALUES: &str = "INSERT INTO items VALUES (1, 'text'), (2, x'00FF'), (3, 1.5), (4, NULL), \
    (5, -0.0), (6, 9007199254740993), (-7, '007'), (9223372036854775807, 1e300)";

#[test]
fn the_values_of_a_column_come_back_byte_for_byte() {
    let mut typist = typist(
        ITEMS,
        "ALTER TABLE items DROP COLUMN value;",
        "ALTER TABLE items ADD COLUMN value;",
    );
    run(&typist, VALUES);
    let select = "SELECT id, value, typeof(value), quote(value) FROM items ORDER BY id";
    let before = content(&typist.database, select);
    let upgraded = typist.types_well("alembic upgrade head");
    assert_eq!(
        upgraded.notes,
        ["upgrade aaaa -> bbbb keeps for the downgrade: column items.value (7 values)"]
    );
    assert_eq!(content(&typist.database, "SELECT * FROM items WHERE id = 1"), ["[Integer(1)]"]);
    assert_eq!(kept(&typist), 1);
    typist.types_well("alembic downgrade -1");
    assert_eq!(content(&typist.database, select), before);
    assert_eq!(kept(&typist), 0);
    // And again.
    run(&typist, "UPDATE items SET value = 'other' WHERE id = 1");
    let before = content(&typist.database, select);
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    assert_eq!(content(&typist.database, select), before);
}

#[test]
fn rows_that_came_since_have_nothing_and_rows_that_went_stay_away() {
    let mut typist = typist(
        ITEMS,
        "ALTER TABLE items DROP COLUMN value;",
        "ALTER TABLE items ADD COLUMN value DEFAULT 'new';",
    );
    run(&typist, "INSERT INTO items VALUES (1, 'a'), (2, NULL), (3, 'c')");
    typist.types_well("alembic upgrade head");
    run(&typist, "DELETE FROM items WHERE id = 3; INSERT INTO items (id) VALUES (4)");
    typist.types_well("alembic downgrade -1");
    let rows = content(&typist.database, "SELECT id, value FROM items ORDER BY id");
    assert_eq!(
        rows,
        [r#"[Integer(1), Text("a")]"#, "[Integer(2), Null]", r#"[Integer(4), Text("new")]"#,]
    );
}

#[test]
fn rows_are_found_by_their_keys_where_there_is_no_rowid() {
    let mut typist = typist(
        "CREATE TABLE t (a TEXT COLLATE NOCASE, b INTEGER, v, PRIMARY KEY (a, b)) WITHOUT ROWID;",
        "ALTER TABLE t DROP COLUMN v;",
        "ALTER TABLE t ADD COLUMN v;",
    );
    run(&typist, "INSERT INTO t VALUES ('x', 1, 'one'), ('X', 2, x'02'), ('y', 1, 3)");
    let before = content(&typist.database, "SELECT * FROM t ORDER BY a, b");
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    assert_eq!(content(&typist.database, "SELECT * FROM t ORDER BY a, b"), before);
}

#[test]
fn vacuum_in_between_does_not_mix_rows_up() {
    let mut typist = typist(
        "CREATE TABLE t (name TEXT PRIMARY KEY, v);",
        "ALTER TABLE t DROP COLUMN v;",
        "ALTER TABLE t ADD COLUMN v;",
    );
    run(
        &typist,
        "INSERT INTO t VALUES ('a', 1), ('b', 2), ('c', 3); DELETE FROM t WHERE name = 'a'",
    );
    typist.types_well("alembic upgrade head");
    run(&typist, "VACUUM");
    typist.types_well("alembic downgrade -1");
    let rows = content(&typist.database, "SELECT name, v FROM t ORDER BY name");
    assert_eq!(rows, [r#"[Text("b"), Integer(2)]"#, r#"[Text("c"), Integer(3)]"#]);
}

#[test]
fn a_table_comes_back_with_its_rows_rowids_and_number() {
    let mut typist = typist(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v, w AS (v || '!'));\n\
         CREATE TABLE plain (x);",
        "DROP TABLE t;\nDROP TABLE plain;",
        "CREATE TABLE plain (x);\n\
         CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v, w AS (v || '!'));",
    );
    run(
        &typist,
        "INSERT INTO t (v) VALUES ('a'), (x'01'), (3.0), ('gone'); DELETE FROM t WHERE v = 'gone';
         INSERT INTO plain VALUES (1), (2); DELETE FROM plain WHERE x = 1",
    );
    let all = |typist: &Typist| {
        let database = &typist.database;
        [
            content(database, "SELECT id, v, typeof(v), w FROM t ORDER BY id"),
            content(database, "SELECT rowid, x FROM plain"),
            content(database, "SELECT * FROM sqlite_sequence"),
        ]
    };
    let before = all(&typist);
    typist.types_well("alembic upgrade head");
    assert_eq!(kept(&typist), 3);
    typist.types_well("alembic downgrade -1");
    assert_eq!(all(&typist), before);
    assert_eq!(kept(&typist), 0);
}

#[test]
fn triggers_do_not_see_the_content_come_back() {
    let mut typist = typist(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v, n DEFAULT 0);\n\
         CREATE TRIGGER count AFTER UPDATE ON t BEGIN UPDATE t SET n = n + 1 WHERE id = new.id; END;",
        "ALTER TABLE t DROP COLUMN v;",
        "ALTER TABLE t ADD COLUMN v;",
    );
    run(&typist, "INSERT INTO t (id, v) VALUES (1, 'a')");
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    assert_eq!(
        content(&typist.database, "SELECT id, v, n FROM t"),
        [r#"[Integer(1), Text("a"), Integer(0)]"#]
    );
    run(&typist, "UPDATE t SET v = 'b'");
    assert_eq!(content(&typist.database, "SELECT n FROM t"), ["[Integer(1)]"]);
}

/// Revisions as Python scripts, with the project's setting.
fn python(downgrade: &str) -> Typist {
    let mut typist = Typist::new("");
    typist.keep_data = true;
    let head = "from alembic import op\nimport sqlalchemy as sa\n";
    let made = format!(
        "{head}revision = 'aaaa'\ndown_revision = None\ndef upgrade():\n    op.execute(\"CREATE TABLE t \
         (id INTEGER PRIMARY KEY, v TEXT NOT NULL)\")\ndef downgrade():\n    pass\n"
    );
    let drops = format!(
        "{head}revision = 'bbbb'\ndown_revision = 'aaaa'\ndef upgrade():\n    op.drop_column('t', 'v')\n\
         def downgrade():\n    {downgrade}\n"
    );
    typist.files.insert("versions/aaaa.py".into(), made);
    typist.files.insert("versions/bbbb.py".into(), drops);
    typist.types_well("alembic upgrade aaaa");
    run(&typist, "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
    typist
}

#[test]
fn a_column_that_may_not_be_null_is_made_with_its_values() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text(), nullable=False))");
    typist.types_well("alembic upgrade head");
    typist.types_well("alembic downgrade -1");
    let rows = content(&typist.database, "SELECT * FROM t");
    assert_eq!(rows, [r#"[Integer(1), Text("a")]"#, r#"[Integer(2), Text("b")]"#]);
    let sql = content(&typist.database, "SELECT sql FROM sqlite_schema WHERE name = 't'");
    assert!(sql[0].contains("NOT NULL"), "{sql:?}");
}

#[test]
fn a_row_without_a_value_for_such_a_column_stops_the_downgrade() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text(), nullable=False))");
    typist.types_well("alembic upgrade head");
    run(&typist, "INSERT INTO t VALUES (3)");
    let before = typist.whole_database();
    let refused = typist.types("alembic downgrade -1");
    assert!(refused.error().message.contains("NOT NULL constraint failed: t.v"));
    assert_eq!(typist.whole_database(), before);
}

#[test]
fn a_revision_may_say_no() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text()))");
    let script = typist.files.get_mut("versions/bbbb.py").unwrap();
    *script = script.replace("down_revision", "keep_data = False\ndown_revision");
    let plan = typist.types_well("alembic plan head").lines;
    assert!(plan.contains(&"-- destroys data: column t.v (2 values)".into()), "{plan:?}");
    typist.types_well("alembic upgrade head");
    assert_eq!(kept(&typist), 0);
}

#[test]
fn the_plan_shows_what_is_kept_and_comparisons_do_not_see_it() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text()))");
    let plan = typist.types_well("alembic plan head").lines;
    assert!(plan.contains(&"-- keeps for the downgrade: column t.v (2 values)".into()), "{plan:?}");
    assert!(plan.iter().any(|line| line.starts_with("CREATE TABLE _ambix_kept_")));
    typist.types_well("alembic upgrade head");
    run(&typist, "DROP TABLE t");
    assert_eq!(typist.types_well("alembic check").lines, ["No new upgrade operations detected."]);
}

#[test]
fn kept_content_can_be_dropped_for_good() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text()))");
    typist.types_well("alembic upgrade head");
    let select = "SELECT name FROM sqlite_schema WHERE name LIKE '%kept%'";
    let name = rows(&typist.database, select).unwrap().rows[0][0].as_text().unwrap().to_string();
    run(&typist, &format!("DROP TABLE {name}"));
    typist.types_well("alembic downgrade -1");
    assert_eq!(
        content(&typist.database, "SELECT * FROM t"),
        ["[Integer(1), Null]", "[Integer(2), Null]"]
    );
}

#[test]
fn a_script_without_a_database_does_the_same() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text()))");
    let up = typist.types_well("alembic upgrade aaaa:bbbb --sql").lines.join("\n");
    let down = typist.types_well("alembic downgrade bbbb:aaaa --sql").lines.join("\n");
    let before = content(&typist.database, "SELECT * FROM t");
    run(&typist, &up);
    assert_eq!(kept(&typist), 1, "{up}");
    run(&typist, &down);
    assert_eq!(kept(&typist), 0, "{down}");
    assert_eq!(content(&typist.database, "SELECT * FROM t"), before);
}

#[test]
fn the_downgrade_in_the_journal_brings_it_back() {
    let mut typist = python("op.add_column('t', sa.Column('v', sa.Text()))");
    let before = content(&typist.database, "SELECT * FROM t");
    typist.types_well("alembic upgrade head");
    run_stored(&typist);
    assert_eq!(content(&typist.database, "SELECT * FROM t"), before);
}
