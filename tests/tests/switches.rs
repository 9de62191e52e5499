//! Scripts that switch foreign keys off for a while: `op.execute("PRAGMA foreign_keys=OFF")`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_core::diagnostic::Code;
use ambix_tests::{Typist, rows};

const FIRST: &str = "-- revision: aaaa\n\n-- upgrade\n\n\
    CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT);\n\
    CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id) ON DELETE CASCADE);\n\
    INSERT INTO parent VALUES (1, 'a');\nINSERT INTO child VALUES (1, 1);\n\n\
    -- downgrade\n\nDROP TABLE child;\nDROP TABLE parent;\n";

/// A project that stands at its first revision, with a second one that does this.
fn typist(body: &str, foreign_keys: bool) -> Typist {
    let script = format!(
        "from alembic import op\nimport sqlalchemy as sa\nrevision = 'bbbb'\ndown_revision = 'aaaa'\n\n\
         def upgrade():\n    {}\n\ndef downgrade():\n    pass\n",
        body.replace('\n', "\n    ")
    );
    let mut typist = Typist::new("");
    typist.files.insert("versions/aaaa.sql".into(), FIRST.into());
    typist.database.pragma_update(None, "foreign_keys", foreign_keys).unwrap();
    typist.types_well("alembic upgrade head");
    typist.files.insert("versions/bbbb.py".into(), script);
    typist
}

fn children(typist: &Typist) -> usize {
    rows(&typist.database, "SELECT * FROM child").unwrap().rows.len()
}

fn are_on(typist: &Typist) -> bool {
    typist.database.pragma_query_value(None, "foreign_keys", |row| row.get(0)).unwrap()
}

const IN_BETWEEN: &str = "op.execute('PRAGMA foreign_keys=OFF')
with op.batch_alter_table('parent') as batch_op:
    batch_op.alter_column('name', nullable=False, existing_type=sa.Text())
op.execute('DELETE FROM parent')
op.execute('PRAGMA foreign_keys=ON')";

#[test]
fn what_is_in_between_runs_with_foreign_keys_switched_off() {
    for foreign_keys in [true, false] {
        let mut typist = typist(IN_BETWEEN, foreign_keys);
        typist.types_well("alembic upgrade head");
        assert!(typist.schema().iter().any(|sql| sql.contains("name TEXT NOT NULL")));
        // Nothing went with the rows of the other table.
        assert_eq!(children(&typist), 1, "{foreign_keys}");
        assert_eq!(are_on(&typist), foreign_keys, "as the connection came");
    }
}

#[test]
fn rows_that_change_with_foreign_keys_on_are_no_part_of_it() {
    let behind = "op.execute('PRAGMA foreign_keys=OFF')\nop.execute('PRAGMA foreign_keys=ON')\n\
                  op.execute('DELETE FROM parent')";
    let mut switched = typist(behind, true);
    let before = switched.whole_database();
    let refused = switched.types("alembic upgrade head");
    let error = refused.error();
    assert_eq!(error.code, Code::ForbiddenStatement);
    assert!(error.hints[0].text.contains("a revision of its own"), "{:?}", error.hints);
    assert_eq!(error.place.as_ref().unwrap().line, 7);
    assert_eq!(switched.whole_database(), before);
    // Where they are off anyway, it makes no difference.
    let mut off = typist(behind, false);
    off.types_well("alembic upgrade head");
    assert_eq!(children(&off), 1);
}

#[test]
fn a_script_leaves_its_transaction_for_it() {
    let mut typist = typist(IN_BETWEEN, true);
    let lines = typist.types_well("alembic upgrade aaaa:head --sql").lines.join("\n");
    for switch in ["OFF", "ON"] {
        let expected = format!("COMMIT;\n\nPRAGMA foreign_keys={switch};\n\nBEGIN;");
        assert!(lines.contains(&expected), "{lines}");
    }
}

#[test]
fn other_pragmas_of_the_transaction_are_refused_still() {
    let mut typist = typist("op.execute('PRAGMA writable_schema=ON')", false);
    let refused = typist.types("alembic upgrade head");
    assert_eq!(refused.error().code, Code::ForbiddenStatement);
}
