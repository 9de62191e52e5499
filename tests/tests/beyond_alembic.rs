//! What autogenerate does beyond Alembic: renames that somebody says, revisions that are tried before they are written,
//! and databases beside what their revisions make.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_core::diagnostic::Code;
use ambix_tests::folder::{Folder, content};
use ambix_tests::shell::Program;
use ambix_tests::{Typist, rows};

const BASE: &str = "from sqlalchemy import ForeignKey, Integer, String\n\
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n\
    class Base(DeclarativeBase):\n    pass\n";

/// A table of that name with an id and these columns, as `name: String(20)`.
fn model(table: &str, columns: &[&str]) -> String {
    let mut text = format!(
        "\n\nclass {table}(Base):\n    __tablename__ = '{table}'\n    \
         id: Mapped[int] = mapped_column(primary_key=True)\n"
    );
    for column in columns {
        let (name, data_type) = column.split_once(": ").unwrap();
        text += &format!("    {name} = mapped_column({data_type})\n");
    }
    text
}

/// Somebody with these models whose database has them, and a row of `items`.
fn typist(columns: &[&str]) -> Typist {
    let mut typist = Typist::new(&format!("{BASE}{}", model("items", columns)));
    typist.types_well("alembic revision --autogenerate -m first --rev-id aaaa");
    typist.types_well("alembic upgrade head");
    let row = "INSERT INTO items VALUES (1, 'kept', 5)";
    typist.database.execute_batch(row).unwrap();
    typist
}

fn change(typist: &mut Typist, models: &[String]) {
    typist.files.insert("models.py".into(), format!("{BASE}{}", models.concat()));
}

fn script(typist: &Typist, id: &str) -> String {
    typist.files.iter().find(|(path, _)| path.contains(id)).unwrap().1.clone()
}

fn only_row(typist: &Typist, sql: &str) -> String {
    format!("{:?}", rows(&typist.database, sql).unwrap().rows)
}

#[test]
fn a_rename_that_is_said_keeps_the_values() {
    let mut typist = typist(&["name: String(20)", "price: Integer"]);
    let before = typist.schema();
    change(&mut typist, &[model("things", &["title: String(20)", "price: Integer"])]);
    typist.types_well(
        "alembic revision --autogenerate -m second --rev-id bbbb --rename items:things \
         --rename things.name:things.title",
    );
    typist.types_well("alembic upgrade head");
    assert!(only_row(&typist, "SELECT title, price FROM things").contains("kept"));
    assert_eq!(typist.types_well("alembic check").lines, ["No new upgrade operations detected."]);
    typist.types_well("alembic downgrade -1");
    assert!(only_row(&typist, "SELECT name, price FROM items").contains("kept"));
    // SQLite quotes the name that it writes itself.
    assert_eq!(typist.schema().concat().replace('"', ""), before.concat());
}

#[test]
fn a_rename_that_nobody_says_is_proposed_and_not_done() {
    for (models, proposal) in [
        (model("items", &["title: String(20)", "price: Integer"]), "items.name:items.title"),
        (model("things", &["name: String(20)", "price: Integer"]), "items:things"),
    ] {
        let mut typist = typist(&["name: String(20)", "price: Integer"]);
        change(&mut typist, &[models]);
        let answered = typist.types("alembic revision --autogenerate -m second --rev-id bbbb");
        assert_eq!(answered.exit_code, 0);
        let found = answered.diagnostics.iter().find(|it| it.code == Code::PossibleRename).unwrap();
        let command = found.hints[0].command.as_deref().unwrap();
        assert!(command.ends_with(&format!("--rename {proposal}")), "{command}");
        let script = script(&typist, "bbbb");
        assert!(!script.contains("rename_table") && !script.contains("new_column_name"));
    }
}

#[test]
fn columns_of_other_types_are_no_rename() {
    let mut typist = typist(&["name: String(20)", "price: Integer"]);
    change(&mut typist, &[model("items", &["name: String(20)", "paid: String(3)"])]);
    let answered = typist.types("alembic revision --autogenerate -m second");
    assert!(answered.diagnostics.iter().all(|it| it.code != Code::PossibleRename));
}

#[test]
fn a_rename_that_cannot_be_is_refused() {
    let mut typist = typist(&["name: String(20)", "price: Integer"]);
    change(&mut typist, &[model("items", &["title: String(20)", "price: Integer"])]);
    for (rename, message) in [
        ("items", "\"items\" does not say a rename"),
        ("items.a.b:c", "--rename items.a.b:items.a.c: the database has no column items.a.b"),
        ("items.name:other.title", "\"items.name:other.title\" does not say a rename"),
        (
            "items.price:items.title",
            "--rename items.price:items.title: the models still have column items.price",
        ),
        (
            "items.name:items.text",
            "--rename items.name:items.text: the models have no column items.text",
        ),
        ("users:people", "--rename users:people: the database has no table users"),
    ] {
        let line = format!("alembic revision --autogenerate -m x --rename {rename}");
        let files = typist.files.clone();
        assert_eq!(typist.types(&line).error().message, message);
        assert_eq!(typist.files, files);
    }
    let refused = typist.types("alembic revision -m x --rename a:b");
    assert_eq!(refused.error().code, Code::InvalidOptions);
}

#[test]
fn a_revision_that_does_not_run_says_so() {
    let mut typist = typist(&["name: String(20)", "price: Integer"]);
    let second = "INSERT INTO items VALUES (2, 'kept', 6)";
    typist.database.execute_batch(second).unwrap();
    let before = typist.whole_database();
    change(&mut typist, &[model("items", &["name: String(20), unique=True", "price: Integer"])]);
    let answered = typist.types("alembic revision --autogenerate -m second --rev-id bbbb");
    assert_eq!(answered.exit_code, 0);
    assert!(answered.diagnostics.iter().any(|it| it.message.contains("does not run on a copy")));
    let script = script(&typist, "bbbb");
    let up = script.split("def downgrade").next().unwrap();
    assert!(up.contains("    # This upgrade does not run on a copy of the database: "), "{script}");
    assert_eq!(typist.whole_database(), before);
    // With other rows it is tried anew, and runs.
    typist.database.execute_batch("DELETE FROM items WHERE id = 2").unwrap();
    typist.files.retain(|path, _| !path.contains("bbbb"));
    typist.types_well("alembic revision --autogenerate -m second --rev-id bbbb");
    assert!(!self::script(&typist, "bbbb").contains("does not run"));
    typist.types_well("alembic upgrade head");
}

#[test]
fn rows_need_a_value_for_a_column_that_may_not_be_null() {
    let wanted = ["name: String(20)", "price: Integer", "kind: String(9), nullable=False"];
    let mut typist = typist(&["name: String(20)", "price: Integer"]);
    let before = typist.schema();
    change(&mut typist, &[model("items", &wanted)]);
    let answered = typist.types("alembic revision --autogenerate -m second --rev-id bbbb");
    let found = answered.diagnostics.iter().find(|it| it.code == Code::MissingValue).unwrap();
    assert!(found.hints[0].command.as_deref().unwrap().ends_with("--fill items.kind=\"''\""));
    assert!(script(&typist, "bbbb").contains("# This upgrade does not run"));
    typist.files.retain(|path, _| !path.contains("bbbb"));
    typist.types_well(
        "alembic revision --autogenerate -m second --rev-id bbbb --fill \"items.kind='book'\"",
    );
    typist.types_well("alembic upgrade head");
    assert!(only_row(&typist, "SELECT kind FROM items").contains("book"));
    let refused = typist.database.execute_batch("INSERT INTO items (id) VALUES (2)");
    assert!(refused.unwrap_err().to_string().contains("NOT NULL"));
    typist.types_well("alembic check");
    typist.types_well("alembic downgrade -1");
    assert_eq!(typist.schema(), before);
    // Nobody is asked for a table without rows.
    typist.database.execute_batch("DELETE FROM items").unwrap();
    typist.files.retain(|path, _| !path.contains("bbbb"));
    typist.types_well("alembic revision --autogenerate -m second");
}

#[test]
fn a_value_that_cannot_be_is_refused() {
    let mut typist = typist(&["name: String(20)", "price: Integer"]);
    for (fill, message) in [
        ("items", "\"items\" does not say a value for a column"),
        ("items.kind=", "\"items.kind=\" does not say a value for a column"),
        ("items.kind=1", "--fill items.kind: no such column is added"),
    ] {
        let line = format!("alembic revision --autogenerate -m x --fill {fill}");
        assert_eq!(typist.types(&line).error().message, message);
    }
}

#[test]
fn drift_is_what_no_revision_made() {
    let mut whole = typist(&["name: String(20)", "price: Integer"]);
    let told = whole.types_well("alembic check --drift").lines;
    assert_eq!(told, ["No drift: the database is what its revisions make (aaaa)."]);
    // Models do not matter to it.
    change(&mut whole, &[model("other", &[])]);
    whole.types_well("alembic check --drift");
    for (by_hand, line) in [
        ("ALTER TABLE items ADD COLUMN x", "column items.x is made by no revision like that"),
        ("ALTER TABLE items DROP COLUMN price", "column items.price is missing, or was changed"),
        ("CREATE TABLE t (a)", "table t is made by no revision like that"),
        ("DROP TABLE items", "table items is missing, or was changed"),
        ("CREATE INDEX i ON items (name)", "index i is made by no revision like that"),
        ("CREATE VIEW v AS SELECT 1", "view v is made by no revision like that"),
    ] {
        let mut typist = typist(&["name: String(20)", "price: Integer"]);
        typist.database.execute_batch(by_hand).unwrap();
        let before = typist.whole_database();
        let answered = typist.types("alembic check --drift");
        assert_eq!(answered.lines, [line], "{by_hand}");
        assert_eq!(answered.error().code, Code::Drift);
        assert_eq!(answered.exit_code, 255);
        assert_eq!(typist.whole_database(), before);
    }
}

#[test]
fn views_triggers_and_virtual_tables_come_from_a_schema_in_sql() {
    let program = Program::under_test();
    if program.is_alembic {
        return;
    }
    let folder = Folder::new();
    let does = |words: &[&str]| {
        let run = program.run(&folder.here, words, &[]).unwrap();
        assert_eq!(run.exit_code, 0, "{words:?}\n{}", run.tail());
    };
    does(&["init"]);
    let first = "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, at TEXT);\n\
        CREATE TRIGGER touch AFTER UPDATE ON items BEGIN UPDATE items SET at = 1; END;\n\
        CREATE VIEW names AS SELECT name FROM items;\n\
        CREATE VIRTUAL TABLE search USING fts5(name);\n";
    let second = "CREATE TABLE items (id INTEGER PRIMARY KEY, title TEXT NOT NULL);\n\
        CREATE VIEW names AS SELECT id, title AS name FROM items;\n\
        CREATE TRIGGER added INSTEAD OF INSERT ON names BEGIN SELECT 1; END;\n";
    let mut texts = Vec::new();
    for (id, schema) in [("aaaa", first), ("bbbb", second)] {
        folder.write("schema.sql", schema);
        does(&["revision", "--autogenerate", "-m", "next", "--rev-id", id]);
        does(&["upgrade", "head"]);
        does(&["check"]);
        does(&["check", "--drift"]);
        texts.push(creates(&folder));
        does(&["downgrade", "-1"]);
        does(&["check", "--drift"]);
        does(&["upgrade", "head"]);
        assert_eq!(creates(&folder), texts[texts.len() - 1]);
    }
    does(&["downgrade", "aaaa"]);
    folder.write("schema.sql", first);
    folder.remove("revisions/bbbb_next.sql");
    does(&["check"]);
}

/// The statements that the database is made of.
fn creates(folder: &Folder) -> Vec<String> {
    let content = content(&folder.database()).into_iter();
    content.filter(|line| line.starts_with("CREATE")).collect()
}
