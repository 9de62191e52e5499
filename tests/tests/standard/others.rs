//! Indexes, views and triggers.

use super::{FORMATS, offline, project, text, whole};

const BEFORE: &str = "\
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO t VALUES (1, 'one');
CREATE UNIQUE INDEX ix ON t (a COLLATE nocase DESC) WHERE a <> '' /* kept */;
CREATE VIEW v AS SELECT id FROM t;
CREATE VIEW over_v AS SELECT * FROM v;
CREATE TRIGGER on_v INSTEAD OF INSERT ON v BEGIN INSERT INTO t (id) VALUES (new.id); END;
CREATE TRIGGER on_t AFTER DELETE ON t BEGIN SELECT 1; END";

/// Runs the statement in both formats and as a script, and gives the text of an object after it.
fn changed(statement: &str, name: &str) -> String {
    let mut texts = Vec::new();
    for format in FORMATS {
        let mut typist = project(format, BEFORE, statement, "");
        typist.types_well("alembic upgrade head");
        assert_eq!(whole(&offline(&mut typist)), whole(&typist.database), "{format} {statement}");
        texts.push(text(&typist.database, name));
    }
    assert_eq!(texts[0], texts[1]);
    texts.remove(0)
}

#[test]
fn an_index_gets_another_name_and_keeps_the_rest_of_its_text() {
    for statement in
        ["ALTER INDEX ix RENAME TO \"by A\"", "ALTER TABLE t RENAME INDEX ix TO \"by A\""]
    {
        assert_eq!(
            changed(statement, "by A"),
            "CREATE UNIQUE INDEX \"by A\" ON t (a COLLATE nocase DESC) WHERE a <> ''"
        );
        assert_eq!(changed(statement, "ix"), "");
    }
    assert!(changed("ALTER INDEX IF EXISTS gone RENAME TO x", "ix").contains("COLLATE nocase"));
}

#[test]
fn a_view_is_replaced_and_its_triggers_stay() {
    let create = "CREATE VIEW v AS SELECT id, a AS \"the name\" FROM t";
    let statement = "CREATE OR REPLACE VIEW v AS SELECT id, a AS \"the name\" FROM t";
    assert_eq!(changed(statement, "v"), create);
    assert!(changed(statement, "on_v").starts_with("CREATE TRIGGER on_v INSTEAD OF INSERT"));
    assert_eq!(changed(statement, "over_v"), "CREATE VIEW over_v AS SELECT * FROM v");
    assert_eq!(
        changed("CREATE OR REPLACE VIEW new AS SELECT 1", "new"),
        "CREATE VIEW new AS SELECT 1"
    );
}

#[test]
fn a_replaced_view_can_be_taken_back() {
    for format in FORMATS {
        let back = "CREATE OR REPLACE VIEW v AS SELECT id FROM t";
        let mut typist =
            project(format, BEFORE, "CREATE OR REPLACE VIEW v AS SELECT 2 AS id", back);
        let before = whole(&typist.database);
        typist.types_well("alembic upgrade head");
        assert_ne!(whole(&typist.database), before);
        typist.types_well("alembic downgrade a1");
        assert_eq!(whole(&typist.database), before);
    }
}

#[test]
fn a_trigger_is_replaced() {
    let trigger = "TRIGGER on_t AFTER UPDATE ON t BEGIN DELETE FROM t; SELECT 2; END";
    assert_eq!(
        changed(&format!("CREATE OR REPLACE {trigger}"), "on_t"),
        format!("CREATE {trigger}")
    );
}

#[test]
fn views_and_triggers_are_dropped() {
    assert_eq!(changed("DROP VIEW over_v", "over_v"), "");
    assert_eq!(changed("DROP TRIGGER on_t ON t", "on_t"), "");
    assert_eq!(changed("DROP TRIGGER IF EXISTS gone", "gone"), "");
}

#[test]
fn the_tables_of_the_bookkeeping_are_not_changed() {
    for statement in [
        "ALTER TABLE alembic_version ALTER version_num TYPE TEXT",
        "ALTER TABLE IF EXISTS \"_ambix_journal\" DROP CONSTRAINT x",
        "CREATE OR REPLACE VIEW alembic_version AS SELECT 1",
    ] {
        let mut typist = project("sql", BEFORE, statement, "");
        let refused = typist.types("alembic upgrade head");
        assert_eq!(refused.error().code.as_str(), "forbidden-statement", "{statement}");
    }
}

#[test]
fn layout_does_not_count_in_what_a_revision_is() {
    let mut typist = project("sql", BEFORE, "ALTER TABLE t ALTER a SET NOT NULL", "");
    typist.types_well("alembic upgrade head");
    let path = "versions/b2_.sql";
    let edited = typist.files[path].replace("ALTER a SET", "ALTER a /* so */\n  SET");
    typist.files.insert(path.into(), edited);
    assert!(typist.types_well("alembic current").diagnostics.is_empty());
    let edited = typist.files[path].replace("NOT NULL", "DEFAULT 1");
    typist.files.insert(path.into(), edited);
    let said = typist.types("alembic upgrade head").diagnostics;
    assert!(said.iter().any(|said| said.code.as_str() == "edited-revision"), "{said:?}");
}
