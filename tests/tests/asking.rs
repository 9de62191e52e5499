//! Scripts that ask the database: which tables it has, and which rows a SELECT gives behind what they have done.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_core::diagnostic::Code;
use ambix_tests::{Typist, rows};

const FIRST: &str = "-- revision: aaaa\n\n-- upgrade\n\nCREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, photo BLOB, score REAL);\n\
    INSERT INTO person VALUES (1, 'Ada O''Hara', x'00ff', 1.5), (9007199254740993, 'Grüße', NULL, -2.0);\n\n\
    -- downgrade\n\nDROP TABLE person;\n";

fn typist(upgrade: &str, downgrade: &str) -> Typist {
    let body = |text: &str| text.replace('\n', "\n    ");
    let script = format!(
        "from alembic import op\nimport sqlalchemy as sa\nrevision = 'bbbb'\ndown_revision = 'aaaa'\n\n\
         def upgrade():\n    conn = op.get_bind()\n    {}\n\ndef downgrade():\n    conn = op.get_bind()\n    {}\n",
        body(upgrade),
        body(downgrade)
    );
    let mut typist = Typist::new("");
    typist.files.insert("versions/aaaa.sql".into(), FIRST.into());
    typist.files.insert("versions/bbbb.py".into(), script);
    typist.types_well("alembic upgrade aaaa");
    typist
}

fn texts(typist: &Typist, sql: &str) -> Vec<String> {
    let rows = rows(&typist.database, sql).unwrap();
    rows.rows.iter().map(|row| row[0].as_text().unwrap_or("NULL").to_string()).collect()
}

#[test]
fn rows_are_those_behind_what_the_script_has_done() {
    let mut typist = typist(
        "op.execute(\"UPDATE person SET name = upper(name)\")\n\
         with op.batch_alter_table('person') as batch_op:\n    \
             batch_op.add_column(sa.Column('said', sa.Text(), server_default='x', nullable=False))\n\
         for row in conn.execute(sa.text('SELECT * FROM person ORDER BY id')):\n    \
             said = f'{row.id} {row.name!r} {row[2]} {row.score} {row.said} {len(row)}'\n    \
             conn.execute(sa.text('UPDATE person SET said = :said WHERE id = :id'), {'said': said, 'id': row.id})",
        "for name, in conn.execute(sa.text('SELECT said FROM person')).fetchall():\n    \
             conn.execute(sa.text('INSERT INTO person (name) VALUES (:name)'), {'name': name})\n\
         op.drop_column('person', 'said')",
    );
    typist.types_well("alembic upgrade head");
    assert_eq!(
        texts(&typist, "SELECT said FROM person ORDER BY id"),
        ["1 \"ADA O'HARA\" b'\\x00\\xff' 1.5 x 5", "9007199254740993 'GRüßE' None -2.0 x 5"]
    );
    typist.types_well("alembic downgrade -1");
    assert_eq!(texts(&typist, "SELECT CAST(count(*) AS TEXT) FROM person"), ["4"]);
    typist.types_well("alembic upgrade head");
}

#[test]
fn the_methods_of_a_result() {
    let mut typist = typist(
        "n = conn.execute(sa.text('SELECT count(*) FROM person')).scalar()\n\
         names = conn.execute(sa.text('SELECT name FROM person ORDER BY id')).scalars().all()\n\
         first = conn.execute(sa.text('SELECT id, name FROM person ORDER BY id')).first()\n\
         none = conn.execute(sa.text('SELECT id FROM person WHERE id = 0')).fetchone()\n\
         maps = [dict(m) for m in conn.execute(sa.text('SELECT id FROM person ORDER BY id')).mappings()]\n\
         t = sa.table('person', sa.column('id', sa.Integer), sa.column('name', sa.String))\n\
         core = conn.execute(sa.select(t.c.name).where(t.c.id == 1)).scalar_one()\n\
         op.execute('CREATE TABLE said (a)')\n\
         for said in (n, names, first.name, none, maps[0], core):\n    \
             conn.execute(sa.text('INSERT INTO said VALUES (:a)'), {'a': repr(said)})",
        "op.drop_table('said')",
    );
    typist.types_well("alembic upgrade head");
    let said = texts(&typist, "SELECT a FROM said");
    assert_eq!(
        said,
        ["2", "[\"Ada O'Hara\", 'Grüße']", "\"Ada O'Hara\"", "None", "{'id': 1}", "\"Ada O'Hara\""]
    );
}

#[test]
fn what_the_database_says_against_it_is_an_exception() {
    let mut typist = typist(
        "try:\n    conn.execute(sa.text('SELECT nope FROM person')).fetchall()\nexcept Exception as e:\n    \
             op.execute('CREATE TABLE caught (a)')\n\
         conn.execute(sa.text('SELECT x FROM nowhere')).scalar()",
        "pass",
    );
    let before = typist.whole_database();
    let refused = typist.types("alembic upgrade head");
    let error = refused.error();
    assert_eq!(error.code, Code::PythonRaised);
    assert_eq!(error.message, "OperationalError: no such table: nowhere");
    assert_eq!(error.place.as_ref().unwrap().line, 12);
    assert_eq!(typist.whole_database(), before);
}

#[test]
fn a_plan_of_several_is_read_as_it_goes() {
    let mut typist = typist(
        "for c in sa.inspect(conn).get_columns('person'):\n    \
             if c['name'] == 'score':\n        op.drop_column('person', 'score')",
        "op.add_column('person', sa.Column('score', sa.Float()))",
    );
    typist.files.insert(
        "versions/cccc.py".into(),
        "from alembic import op\nimport sqlalchemy as sa\nrevision = 'cccc'\ndown_revision = 'bbbb'\n\ndef upgrade():\n    \
         bind = op.get_bind()\n    names = [c['name'] for c in sa.inspect(bind).get_columns('person')]\n    \
         op.execute(f\"CREATE TABLE saw AS SELECT '{','.join(names)}' AS a\")\n    \
         for row in bind.execute(sa.text('SELECT a FROM saw')):\n        \
         op.execute(f\"INSERT INTO saw VALUES ('{row.a}!')\")\n\ndef downgrade():\n    op.drop_table('saw')\n"
            .into(),
    );
    typist.types_well("alembic upgrade head");
    assert_eq!(texts(&typist, "SELECT a FROM saw"), ["id,name,photo", "id,name,photo!"]);
    typist.types_well("alembic downgrade aaaa");
    let refused = typist.types("alembic upgrade bbbb:head --sql");
    assert_eq!(refused.error().code, Code::LooksAtDatabase);
    let script = typist.types_well("alembic upgrade aaaa:bbbb --sql").lines.join("\n");
    assert!(script.contains("ALTER TABLE person DROP COLUMN score"), "{script}");
}

#[test]
fn an_inspector_tells_of_no_index_on_an_expression() {
    let mut typist = typist(
        "op.execute('CREATE INDEX plain ON person (name)')\n\
         op.execute('CREATE UNIQUE INDEX folded ON person (lower(name))')\n\
         inspector = sa.inspect(conn)\n\
         for index in inspector.get_indexes('person'):\n    \
             op.drop_index(index['name'])\n\
         if inspector.has_index('person', 'folded'):\n    \
             op.drop_index('folded')",
        "pass",
    );
    typist.types_well("alembic upgrade head");
    let left = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL";
    assert_eq!(texts(&typist, left), ["folded"]);
}
