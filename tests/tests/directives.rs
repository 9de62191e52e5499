//! Directives outside of batch mode on a real database: the tables before, a script, the tables and rows after.
#![allow(clippy::unwrap_used, clippy::panic)]

use ambix_tests::{Typist, rows};

const NOTES: &str = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT COLLATE NOCASE, size INTEGER); \
                     INSERT INTO note VALUES (1, 'a', 1), (2, 'b', 2)";

fn typist(models: &str, before: &str, upgrade: &str, downgrade: &str) -> Typist {
    let mut typist = Typist::new(models);
    typist.database.execute_batch(before).unwrap();
    let indented = |body: &str| body.replace('\n', "\n    ");
    let script = format!(
        "from alembic import op\nimport sqlalchemy as sa\nrevision = 'a'\ndown_revision = None\n\
         def upgrade():\n    {}\ndef downgrade():\n    {}\n",
        indented(upgrade),
        indented(downgrade)
    );
    typist.files.insert("versions/a.py".into(), script);
    typist
}

fn content(typist: &Typist, select: &str) -> String {
    let rows = rows(&typist.database, select).unwrap().rows;
    let text = |row: &Vec<ambix_core::engine::Value>| {
        row[0].as_text().map_or_else(|| "NULL".to_string(), ToString::to_string)
    };
    rows.iter().map(text).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_column_that_sqlite_cannot_add_comes_with_all_its_constraints() {
    for (column, definition, values) in [
        ("sa.Integer, unique=True", "INTEGER UNIQUE", "NULL NULL"),
        (
            "sa.Integer, sa.Computed('size * 2', persisted=True)",
            "INTEGER GENERATED ALWAYS AS (size * 2) STORED",
            "2 4",
        ),
        (
            "sa.Integer, server_default=sa.text('1 + 2'), nullable=False",
            "INTEGER DEFAULT (1 + 2) NOT NULL",
            "3 3",
        ),
        (
            "sa.Integer, sa.ForeignKey('note.id', name='fk')",
            "INTEGER CONSTRAINT fk REFERENCES note (id)",
            "NULL NULL",
        ),
        (
            "sa.Integer, sa.CheckConstraint('new > 0'), server_default='5'",
            "INTEGER DEFAULT '5' CHECK (new > 0)",
            "5 5",
        ),
    ] {
        let add = format!("op.add_column('note', sa.Column('new', {column}))");
        let mut typist = typist("", NOTES, &add, "op.drop_column('note', 'new')");
        let before = typist.schema();
        typist.types_well("ambix upgrade head");
        assert_eq!(
            typist.schema(),
            [format!(
                "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT COLLATE NOCASE, size INTEGER, new {definition})"
            )]
        );
        assert_eq!(content(&typist, "SELECT CAST(new AS TEXT) FROM note"), values, "{column}");
        typist.types_well("ambix downgrade base");
        assert_eq!(typist.schema(), before);
        assert_eq!(content(&typist, "SELECT group_concat(text) FROM note"), "a,b");
    }
}

#[test]
fn a_column_without_a_value_for_the_rows_that_are_there_is_refused() {
    let mut typist = typist(
        "",
        NOTES,
        "op.add_column('note', sa.Column('new', sa.Integer, nullable=False))",
        "pass",
    );
    let before = typist.whole_database();
    assert_eq!(typist.types("ambix upgrade head").exit_code, 255);
    assert_eq!(typist.whole_database(), before);
}

#[test]
fn nothing_is_done_where_it_is_done() {
    let mut typist = typist(
        "",
        NOTES,
        "op.add_column('note', sa.Column('text', sa.Integer, unique=True), if_not_exists=True)\n\
         op.add_column('note', sa.Column('new', sa.Integer), if_not_exists=True)\n\
         op.add_column('note', sa.Column('new', sa.Text), if_not_exists=True)\n\
         op.drop_column('note', 'size', if_exists=True)\n\
         op.drop_column('note', 'size', if_exists=True)\n\
         op.create_table('note', sa.Column('id', sa.Integer), if_not_exists=True)\n\
         op.drop_table('gone', if_exists=True)\n\
         op.drop_index('gone', if_exists=True)\n\
         op.create_table_comment('note', 'nobody reads it')",
        "pass",
    );
    typist.types_well("ambix upgrade head");
    assert_eq!(
        typist.schema(),
        ["CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT COLLATE NOCASE, new INTEGER)"]
    );
}

#[test]
fn a_table_is_renamed_with_all_that_is_about_it() {
    let before = "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE INDEX ix ON a (id DESC); \
                  CREATE TABLE b (a_id INTEGER REFERENCES a (id))";
    let mut typist = typist("", before, "op.rename_table('a', 'c')", "op.rename_table('c', 'a')");
    typist.types_well("ambix upgrade head");
    assert_eq!(
        typist.schema(),
        [
            "CREATE INDEX ix ON \"c\" (id DESC)",
            "CREATE TABLE \"c\" (id INTEGER PRIMARY KEY)",
            "CREATE TABLE b (a_id INTEGER REFERENCES \"c\" (id))",
        ]
    );
}

#[test]
fn scripts_are_under_the_naming_convention_of_the_models() {
    let models = "from sqlalchemy import Column, Integer, MetaData, Table\n\
                  metadata = MetaData(naming_convention={'pk': 'pk_%(table_name)s'})\n\
                  Table('t', metadata, Column('id', Integer, primary_key=True))\n";
    let create = "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))";
    let mut typist = typist(models, "", create, "op.drop_table('t')");
    typist.types_well("ambix upgrade head");
    let created =
        "CREATE TABLE t (\n\tid INTEGER NOT NULL, \n\tCONSTRAINT pk_t PRIMARY KEY (id)\n)";
    assert_eq!(typist.schema(), [created]);
}

#[test]
fn a_naming_convention_that_cannot_be_read_is_an_error_where_a_name_is_missing() {
    let models = "from sqlalchemy import Column, Integer, MetaData, Table\n\
                  metadata = MetaData(naming_convention=made())\n\
                  Table('t', metadata, Column('id', Integer, primary_key=True))\n";
    let create = |name: &str| {
        format!(
            "op.create_table('t', sa.Column('id', sa.Integer), sa.PrimaryKeyConstraint('id'{name}))"
        )
    };
    let mut named = typist(models, "", &create(", name='mine'"), "pass");
    named.types_well("ambix upgrade head");
    let mut unnamed = typist(models, "", &create(""), "pass");
    let answered = unnamed.types("ambix upgrade head");
    assert!(answered.error().message.contains("`naming_convention` must be a dict"));
    assert!(answered.error().message.contains("models.py:2:"));
}
