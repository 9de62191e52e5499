//! Values that change as their column gets another type.

use super::*;
use ambix_core::engine::Value as Stored;
use rusqlite::Connection;

/// Somebody with a table `t (id, v)` and a revision that gives `v` another type, by standard SQL or as Alembic does,
/// by CAST; its downgrade gives it the first one back.
fn retyping(from: &str, to: &str, casts: bool) -> Typist {
    let mut typist = Typist::new("");
    let first = format!(
        "-- revision: aaaa\n\n-- upgrade\n\nCREATE TABLE t (id INTEGER PRIMARY KEY, v {from});\n\n-- downgrade\n"
    );
    typist.files.insert("versions/aaaa.sql".into(), first);
    if casts {
        let change = |to: &str| format!("op.alter_column('t', 'v', type_=sa.{to}())");
        let script = format!(
            "from alembic import op\nimport sqlalchemy as sa\nrevision = 'bbbb'\ndown_revision = 'aaaa'\n\
             def upgrade():\n    {}\ndef downgrade():\n    {}\n",
            change(to),
            change(from)
        );
        typist.files.insert("versions/bbbb.py".into(), script);
    } else {
        let change = |to: &str| format!("ALTER TABLE t ALTER COLUMN v TYPE {to};");
        let script = format!(
            "-- revision: bbbb\n-- revises: aaaa\n\n-- upgrade\n\n{}\n\n-- downgrade\n\n{}\n",
            change(to),
            change(from)
        );
        typist.files.insert("versions/bbbb.sql".into(), script);
    }
    typist.types_well("alembic upgrade aaaa");
    typist
}

fn run(typist: &Typist, sql: &str) {
    typist.database.execute_batch(sql).unwrap();
}

fn stored(database: &Connection, select: &str) -> Vec<Vec<Stored>> {
    rows(database, select).unwrap().rows
}

const EVERYTHING: &str = "INSERT INTO t (v) VALUES (NULL), ('11'), ('007'), ('1e3'), ('3.0'), ('1.5'), ('1.50'), \
    (' 7 '), ('-0'), ('+5'), ('abc'), ('12abc'), (''), ('0x1A'), ('2021-01-11'), ('9223372036854775807'), \
    ('9223372036854775808'), ('9007199254740993'), ('12345678901234567890123'), ('0.1'), ('Infinity'), ('1e400'), \
    (3), (-1), (0), (3.0), (3.7), (-0.0), (0.1), (1e300), (1.2345678901234567), (9007199254740993), \
    (9223372036854775807), (1e18), (x'3131'), (x'007F'), (x''), (x'616263')";

fn is_number(value: &Stored) -> bool {
    matches!(value, Stored::Integer(_) | Stored::Real(_))
}

/// Whether two values say the same: a number and its text do.
fn is_same(database: &Connection, before: &Stored, after: &Stored) -> bool {
    let text = |value: &Stored| match value {
        Stored::Text(text) => Some(text.as_bytes().to_vec()),
        Stored::Blob(bytes) => Some(bytes.to_vec()),
        Stored::Integer(number) => Some(number.to_string().into_bytes()),
        Stored::Real(number) => {
            let sql = "SELECT CAST(?1 AS TEXT)";
            let text: String = database.query_row(sql, [number], |row| row.get(0)).unwrap();
            Some(text.into_bytes())
        }
        Stored::Null => None,
    };
    let exact = |value: &Stored| match value {
        Stored::Integer(number) => i128::from(*number),
        Stored::Real(number) if number.fract() == 0.0 && number.abs() < 1e30 => *number as i128,
        _ => i128::MAX,
    };
    match (before, after) {
        (before, after) if before == after => true,
        (before, after) if is_number(before) && is_number(after) => exact(before) == exact(after),
        (before, after) if is_number(before) => {
            let text = String::from_utf8(text(after).unwrap()).unwrap();
            match (before, text.parse::<i128>()) {
                (Stored::Integer(number), Ok(parsed)) => i128::from(*number) == parsed,
                // Nothing makes a number of 'Inf' again.
                (Stored::Real(number), _) => {
                    number.is_finite() && text.parse::<f64>().unwrap() == *number
                }
                _ => false,
            }
        }
        (before, after) => {
            // 11.0 is '11', too.
            let whole = text(before).and_then(|text| String::from_utf8(text).ok());
            let whole = whole.filter(|_| matches!(before, Stored::Text(_)));
            let whole = whole
                .filter(|text| text.parse::<i64>().is_ok_and(|number| number.to_string() == *text));
            text(before) == text(after)
                || is_number(after)
                    && whole.is_some_and(|text| text.parse::<i128>().unwrap() == exact(after))
        }
    }
}

/// What the plan says, what really happens, and that `keep_data` takes it back.
fn check(from: &str, to: &str, casts: bool) -> usize {
    let what = format!("{from} -> {to}, casts: {casts}");
    let select = "SELECT v FROM t ORDER BY id";
    let mut typist = retyping(from, to, casts);
    run(&typist, EVERYTHING);
    let before = stored(&typist.database, select);
    let told = told(&mut typist, "head");
    let upgraded = typist.types_well("alembic upgrade head");
    let after = stored(&typist.database, select);
    let is_changed = |(before, after): &(&Vec<Stored>, &Vec<Stored>)| {
        !is_same(&typist.database, &before[0], &after[0])
    };
    let changed = before.iter().zip(&after).filter(is_changed).count();
    let values = if changed == 1 { "1 value" } else { &format!("{changed} values") };
    match changed {
        0 => assert_eq!((told, upgraded.notes), (vec![], vec![]), "{what}"),
        _ => {
            let loss = format!("values of t.v, which change with its type ({values})");
            assert_eq!(told, [format!("-- destroys data: {loss}")], "{what}: {before:?} {after:?}");
            assert_eq!(
                upgraded.notes,
                [format!("upgrade aaaa -> bbbb destroys: {loss}")],
                "{what}"
            );
        }
    }
    for guarded in [false, true] {
        let mut typist = retyping(from, to, casts);
        typist.keep_data = true;
        run(&typist, &format!("PRAGMA foreign_keys = {guarded}; {EVERYTHING}"));
        let before = stored(&typist.database, select);
        typist.types_well("alembic upgrade head");
        typist.types_well("alembic downgrade -1");
        let back = stored(&typist.database, select);
        for ((before, after), back) in before.iter().zip(&after).zip(&back) {
            // What the upgrade leaves alone the downgrade may still convert.
            let is_same = before == back
                || before == after
                || is_number(&before[0]) && is_same(&typist.database, &before[0], &back[0]);
            assert!(is_same, "{what}: {before:?}, {after:?}, {back:?}");
        }
        let left = "SELECT name FROM sqlite_schema WHERE name LIKE '%kept%'";
        assert!(stored(&typist.database, left).is_empty());
    }
    changed
}

#[test]
fn only_values_that_really_change_are_counted_and_they_come_back() {
    let mut changed = 0;
    let types = ["TEXT", "INTEGER", "REAL", "NUMERIC", "BLOB"];
    for from in types {
        for to in types.into_iter().filter(|to| *to != from) {
            changed += check(from, to, false);
        }
    }
    assert!(changed > 50);
}

#[test]
fn values_that_alembic_casts() {
    let mut changed = 0;
    let types = ["TEXT", "INTEGER", "REAL", "NUMERIC", "BLOB", "DATE", "BOOLEAN"];
    for from in types {
        for to in types.into_iter().filter(|to| *to != from) {
            changed += check(from, to, true);
        }
    }
    assert!(changed > 100);
}

#[test]
fn a_date_that_becomes_a_number() {
    let mut typist = retyping("DATE", "Integer", true);
    run(&typist, "INSERT INTO t (v) VALUES ('2021-01-11'), ('2021'), (NULL)");
    assert_eq!(
        told(&mut typist, "head"),
        ["-- destroys data: values of t.v, which change with its type (1 value)"]
    );
    let lines = typist.types_well("alembic plan head --json").lines;
    let plan: Value = serde_json::from_str(&lines.join("\n")).unwrap();
    assert_eq!(
        plan["steps"][0]["losses"],
        json!([{
            "kind": "converted", "table": "t", "column": "v", "statement": null, "rows": 1, "kept": false,
        }])
    );
    typist.types_well("alembic upgrade head");
    let after = stored(&typist.database, "SELECT v FROM t");
    assert_eq!(after, [[Stored::Integer(2021)], [Stored::Integer(2021)], [Stored::Null]]);
}

#[test]
fn a_type_of_the_same_kind_changes_nothing() {
    for (from, to) in [("VARCHAR(10)", "VARCHAR(20)"), ("INTEGER", "BIGINT"), ("DOUBLE", "REAL")] {
        let mut typist = retyping(from, to, false);
        run(&typist, EVERYTHING);
        assert!(told(&mut typist, "head").is_empty(), "{from} -> {to}");
        let upgraded = typist.types_well("alembic upgrade head");
        assert!(!upgraded.events.iter().any(|event| matches!(event, Event::Loses { .. })));
    }
}

#[test]
fn a_definition_in_strict_words() {
    let mut typist = typist(&[
        ("aaaa", "CREATE TABLE t (id INTEGER PRIMARY KEY, v ANY) STRICT;", ""),
        ("bbbb", "ALTER TABLE t ALTER COLUMN v TYPE REAL;", ""),
    ]);
    typist.types_well("alembic upgrade aaaa");
    run(&typist, "INSERT INTO t (v) VALUES ('1.50'), ('2.5'), (9007199254740993), (1)");
    assert_eq!(
        told(&mut typist, "head"),
        ["-- destroys data: values of t.v, which change with its type (2 values)"]
    );
}

#[test]
fn values_that_the_script_sets_right_before_are_not_counted() {
    let mut typist = typist(&[
        ("aaaa", "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);", ""),
        (
            "bbbb",
            "UPDATE t SET v = 7 WHERE v = '007';\nALTER TABLE t ALTER COLUMN v TYPE INTEGER;",
            "",
        ),
    ]);
    typist.types_well("alembic upgrade aaaa");
    run(&typist, "INSERT INTO t (v) VALUES ('007')");
    assert_eq!(
        told(&mut typist, "head"),
        [
            "-- destroys data: rows, by UPDATE t SET v = 7 WHERE v = '007' (1 row)",
            "-- destroys data: values of t.v, which may change with its type",
        ]
    );
}
