//! What is a mention and what is none.

use super::*;
use crate::sqlite::objects::Text;
use Mention::{No, Perhaps, Yes};
use alloc::vec;

/// `t (id, a, b)`, `u (id, a, x)`, `w (y)`, and `sql`.
fn database(sql: &[&str]) -> Objects {
    let mut objects = Objects::default();
    objects.follow("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b)");
    objects.follow("CREATE TABLE u (id, a, x)");
    objects.follow("CREATE TABLE w (y)");
    sql.iter().for_each(|sql| objects.follow(sql));
    objects
}

/// Whether the object that `sql` makes mentions `t.a`.
fn mentions_a(sql: &str) -> Mention {
    let objects = database(&[sql]);
    column(&objects, objects.all.last().unwrap(), "t", "a")
}

fn view(select: &str) -> Mention {
    mentions_a(&format!("CREATE VIEW v AS {select}"))
}

fn body(statement: &str) -> Mention {
    mentions_a(&format!("CREATE TRIGGER g AFTER INSERT ON u BEGIN {statement}; END"))
}

#[test]
fn an_index_mentions_the_columns_of_its_table() {
    for keys in
        ["a", "b, \"A\" DESC", "[a]", "'a' COLLATE nocase", "lower(b || a)", "b) WHERE (a > 1"]
    {
        assert_eq!(mentions_a(&format!("CREATE INDEX i ON t ({keys})")), Yes, "{keys}");
        assert_eq!(mentions_a(&format!("CREATE INDEX i ON u ({keys})")), No, "{keys}");
    }
    for keys in ["b", "ab", "b || 'a'", "b COLLATE a", "a(b)", "b -- a\n", "b) WHERE (b > 'a'"] {
        assert_eq!(mentions_a(&format!("CREATE INDEX i ON t ({keys})")), No, "{keys}");
    }
}

#[test]
fn a_name_in_a_view_is_a_column_of_the_tables_that_it_reads() {
    for select in [
        "SELECT a FROM t",
        "SELECT a FROM main.t",
        "SELECT x.\"A\" FROM t AS x",
        "SELECT t.a FROM t, u",
        "SELECT 1 FROM w JOIN t ON y = a",
        "SELECT b AS a FROM t WHERE a = 1",
        "SELECT 1 FROM w WHERE y IN (SELECT a FROM t)",
        "SELECT (SELECT a) FROM t",
        "SELECT 1 FROM u WHERE EXISTS (SELECT 1 FROM t WHERE t.a = u.a)",
        "SELECT x FROM (SELECT a AS x FROM t)",
        "SELECT y FROM w UNION SELECT a FROM t",
        "WITH q AS (SELECT a AS n FROM t) SELECT n FROM q",
        "SELECT sum(b) OVER (PARTITION BY a) FROM t",
        "SELECT value FROM t, json_each(t.a)",
        "SELECT * FROM (t JOIN w ON t.a = w.y)",
    ] {
        assert_eq!(view(select), Yes, "{select}");
    }
    for select in [
        "SELECT a FROM u",
        "SELECT u.a FROM t, u",
        "SELECT b AS a FROM t",
        "SELECT b a FROM t",
        "SELECT 'a', a(b) FROM t",
        "SELECT a.b FROM t AS a",
        "SELECT * FROM t",
        "SELECT a FROM temp.t",
        "WITH t AS (SELECT 1 AS a) SELECT a FROM t",
        "SELECT a FROM u WHERE x IN (SELECT id FROM t)",
        "SELECT y FROM w WHERE y IN (SELECT b FROM t WHERE b IS DISTINCT FROM 'a')",
        "SELECT a FROM (SELECT b AS a FROM t)",
    ] {
        assert_eq!(view(select), No, "{select}");
    }
}

#[test]
fn where_the_texts_do_not_tell_it_is_perhaps_mentioned() {
    for select in [
        "SELECT a FROM t, u",
        "SELECT a FROM t, nowhere",
        "SELECT a FROM t, some_function(1)",
        "SELECT 1 FROM t JOIN u USING (a)",
        "SELECT 1 FROM t NATURAL JOIN u",
        "SELECT b AS a FROM t ORDER BY a",
        "SELECT b FROM t UNION SELECT a FROM u ORDER BY a",
    ] {
        assert_eq!(view(select), Perhaps, "{select}");
    }
    let mut objects = database(&["CREATE VIEW v AS SELECT 1"]);
    objects.all[3].text = Text::Unknown("lost".into());
    assert_eq!(column(&objects, &objects.all[3], "t", "a"), Perhaps);
}

#[test]
fn the_columns_of_views_and_tables_of_with_are_known() {
    let of_v = |view: &str| {
        let objects = database(&[view, "CREATE VIEW w2 AS SELECT a FROM t, v"]);
        column(&objects, objects.all.last().unwrap(), "t", "a")
    };
    assert_eq!(of_v("CREATE VIEW v AS SELECT y FROM w"), Yes);
    assert_eq!(of_v("CREATE VIEW v (a) AS SELECT y FROM w"), Perhaps);
    assert_eq!(of_v("CREATE VIEW v AS SELECT * FROM u"), Perhaps);
    assert_eq!(of_v("CREATE VIEW v AS SELECT * FROM nowhere"), Perhaps);
    assert_eq!(of_v("CREATE VIEW v AS SELECT * FROM v"), Perhaps);
    assert_eq!(view("WITH q (c) AS (SELECT b FROM t) SELECT a FROM t, q"), Yes);
}

#[test]
fn the_statements_of_a_trigger() {
    for statement in [
        "UPDATE t SET a = 1",
        "UPDATE t SET b = 1, (id, a) = (SELECT 1, 2)",
        "UPDATE t SET b = u.a FROM u WHERE t.a = u.a",
        "UPDATE OR IGNORE t AS x SET b = 1 WHERE x.a",
        "INSERT INTO t (b, 'a') VALUES (1, 2)",
        "REPLACE INTO t ([a]) SELECT x FROM u",
        "INSERT INTO t (b) VALUES (1) ON CONFLICT (a) DO NOTHING",
        "INSERT INTO t (b) VALUES (1) ON CONFLICT DO UPDATE SET b = excluded.a",
        "DELETE FROM t WHERE a = 1",
        "SELECT a FROM t",
    ] {
        assert_eq!(body(statement), Yes, "{statement}");
    }
    for statement in [
        "UPDATE u SET a = 1",
        "UPDATE t SET b = NEW.a",
        "INSERT INTO t (b) SELECT a FROM u",
        "INSERT INTO u (a) SELECT b FROM t",
        "DELETE FROM u WHERE a = (SELECT count(*) FROM t WHERE u.a)",
        "SELECT raise(ABORT, 'a')",
    ] {
        assert_eq!(body(statement), No, "{statement}");
    }
}

#[test]
fn new_old_and_update_of_are_columns_of_the_triggers_table() {
    for (trigger, on_t) in [
        ("UPDATE OF b, a ON t BEGIN SELECT 1; END", Yes),
        ("UPDATE OF a ON u BEGIN SELECT 1; END", No),
        ("UPDATE OF b ON t BEGIN SELECT a FROM u; END", No),
        ("INSERT ON t WHEN NEW.a > 1 BEGIN SELECT 1; END", Yes),
        ("INSERT ON u WHEN NEW.a > 1 BEGIN SELECT 1; END", No),
        ("DELETE ON main.t FOR EACH ROW BEGIN INSERT INTO w VALUES (OLD.a); END", Yes),
    ] {
        assert_eq!(mentions_a(&format!("CREATE TRIGGER g AFTER {trigger}")), on_t, "{trigger}");
    }
}

#[test]
fn foreign_keys_of_other_tables() {
    assert_eq!(mentions_a("CREATE TABLE c (a REFERENCES t (a))"), Yes);
    assert_eq!(mentions_a("CREATE TABLE c (a, FOREIGN KEY (a) REFERENCES t (b))"), No);
    let objects = database(&["CREATE TABLE c (t REFERENCES t)"]);
    assert_eq!(column(&objects, &objects.all[3], "t", "id"), Yes);
    assert_eq!(column(&objects, &objects.all[3], "t", "a"), No);
}

#[test]
fn everything_that_mentions_a_column_and_what_to_call_it() {
    let mut objects = Objects::default();
    for sql in [
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a CHECK (a < 9), b AS (a + 1), c REFERENCES t (a), d \
         CONSTRAINT d_a CHECK (d > a), e CHECK (e > 'a'), CHECK (a > 0), CONSTRAINT uq_t_ab UNIQUE (a, \
         d), UNIQUE (d))",
        "CREATE TABLE child (p, q CONSTRAINT fk_q REFERENCES t (a), FOREIGN KEY (p) REFERENCES t (a))",
        "CREATE INDEX ix_t_a ON t (a)",
        "CREATE INDEX ix_t_d ON t (d)",
        "CREATE TRIGGER trg AFTER UPDATE OF a ON t BEGIN SELECT 1; END",
        "CREATE VIEW v AS SELECT a FROM t",
        "CREATE VIRTUAL TABLE f USING fts5(a, content='t')",
    ] {
        objects.follow(sql);
    }
    let found = mentions(&objects, "T", "A");
    let named: Vec<_> = found.iter().map(|found| (found.what.as_str(), found.mention)).collect();
    assert_eq!(
        named,
        [
            ("generated column b", Yes),
            ("foreign key of column c", Yes),
            ("constraint d_a", Yes),
            ("CHECK (a > 0)", Yes),
            ("constraint uq_t_ab", Yes),
            ("constraint fk_q of table child", Yes),
            ("FOREIGN KEY (p) REFERENCES t (a) of table child", Yes),
            ("index ix_t_a", Yes),
            ("trigger trg", Yes),
            ("view v", Yes),
            ("virtual table f", Perhaps),
        ]
    );
    assert_eq!(found[3].clause, Some(ClauseAt::Table(0)));
    assert_eq!(found[2].clause, Some(ClauseAt::Column(4, 0)));
}

#[test]
fn a_table_is_mentioned_where_a_table_can_stand() {
    let mentions_t = |sql: &str| {
        let objects = database(&[sql]);
        table(objects.all.last().unwrap(), "t")
    };
    for sql in [
        "CREATE VIEW v AS SELECT 1 FROM w, \"T\"",
        "CREATE VIEW v AS SELECT 1 FROM w LEFT JOIN main.t",
        "CREATE VIEW v AS SELECT y IN t FROM w",
        "CREATE VIEW v AS SELECT (SELECT 1 FROM t x) FROM w",
        "CREATE TABLE c (a REFERENCES [t])",
        "CREATE INDEX i ON t (a)",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END",
        "CREATE TRIGGER g AFTER INSERT ON w BEGIN INSERT INTO t VALUES (1); END",
    ] {
        assert!(mentions_t(sql), "{sql}");
    }
    for sql in [
        "CREATE VIEW v AS SELECT t, 't', t(1) AS t FROM w",
        "CREATE VIEW v AS SELECT t.y FROM w AS t",
        "CREATE VIEW v AS WITH t AS (SELECT 1) SELECT 1 FROM t",
        "CREATE TABLE c (t)",
        "CREATE INDEX t ON w (y)",
        "CREATE TRIGGER t AFTER INSERT ON w BEGIN SELECT 1; END",
    ] {
        assert!(!mentions_t(sql), "{sql}");
    }
}

#[test]
fn texts_that_end_early_or_go_too_deep_are_not_read() {
    let deep = format!("{}1{}", "(SELECT ".repeat(300), ")".repeat(300));
    assert_eq!(view(&format!("SELECT {deep} FROM t")), Perhaps);
    let joins = format!("{}t{}", "(".repeat(300), ")".repeat(300));
    assert_eq!(view(&format!("SELECT a FROM {joins}")), Perhaps);
    for sql in [
        "CREATE VIEW v AS",
        "CREATE VIEW v AS SELECT a FROM",
        "CREATE VIEW v AS SELECT (SELECT a FROM (t",
        "CREATE VIEW v AS WITH",
        "CREATE VIEW v AS WITH q (a",
        "CREATE VIEW v AS SELECT t.",
        "CREATE VIEW v AS SELECT 1 FROM t USING (",
        "CREATE VIEW v AS UPDATE",
        "CREATE VIEW v AS INSERT INTO",
        "CREATE VIEW v AS UPDATE t SET",
        "CREATE VIEW v AS SELECT 1 FROM t INDEXED",
        "CREATE VIEW v AS SELECT , AS",
        "CREATE INDEX i ON t (",
        "CREATE INDEX i ON t (,",
    ] {
        let objects = database(&[sql]);
        for object in &objects.all {
            column(&objects, object, "t", "a");
            table(object, "t");
        }
        mentions(&objects, "t", "a");
    }
    assert_eq!(
        database(&["CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT a FROM t"]).all.len(),
        4
    );
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "SELECT", "FROM", "WITH", "AS", "(", ")", ",", ".", "t", "a", "*", "UPDATE", "INSERT", "INTO",
            "SET", "=", "ON", "CONFLICT", "DO", "UNION", "ORDER", "BY", "USING", "JOIN", "IN", "VALUES",
            "DELETE", "OR", ";", "INDEXED", "NOT", "BEGIN", "END", "'a'", "\"t\"", "WHERE", "RECURSIVE",
            "DISTINCT", "RETURNING", "OF", "DEFAULT", "REFERENCES", "CHECK", "x", "RENAME", "TO", "ADD", "DROP",
            "CONSTRAINT", "ALTER", "COLUMN", "NULL",
        ]), 0..25)
    ) {
        let text = words.join(" ");
        for begin in [
            "", "CREATE VIEW v AS ", "CREATE VIEW ", "CREATE INDEX i ON t ", "CREATE TRIGGER g ",
            "CREATE TRIGGER g AFTER UPDATE ON t ", "CREATE TRIGGER g AFTER INSERT ON t BEGIN ",
            "CREATE TABLE x (a, ", "CREATE TABLE ", "ALTER TABLE t ", "DROP ", "CREATE ",
        ] {
            let mut objects = database(&[&format!("{begin}{text}")]);
            objects.follow("ALTER TABLE t RENAME a TO b");
            objects.follow("ALTER TABLE t RENAME TO b");
            mentions(&objects, "b", "b");
        }
    }
}
