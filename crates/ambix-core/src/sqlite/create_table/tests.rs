//! What the reader understands, and where it says that each part stands.

use super::*;
use crate::schema::{Constraint, Generated, Name, ServerDefault};
use alloc::vec::Vec;

#[test]
fn the_tutorials_table_as_alembic_makes_it() {
    let sql = "CREATE TABLE items (\n\tid INTEGER NOT NULL, \n\ttitle VARCHAR, \n\tPRIMARY KEY \
               (id)\n)";
    let read = read(sql).unwrap();
    assert_eq!(read.name.of(sql), "items");
    let columns: Vec<_> = read.columns.iter().map(|column| column.span.of(sql)).collect();
    assert_eq!(columns, ["id INTEGER NOT NULL", "title VARCHAR"]);
    assert!(sql[read.end_of_columns..].starts_with(", \n\tPRIMARY KEY"));
    assert_eq!(read.table.primary_key().unwrap().columns, ["id"]);
    assert!(!read.table.columns[0].nullable);
    assert!(read.table.columns[1].nullable);
}

#[test]
fn every_clause_of_a_column() {
    let sql = "CREATE TABLE \"a b\" ( -- the table\n id INTEGER CONSTRAINT pk PRIMARY KEY DESC ON \
               CONFLICT FAIL AUTOINCREMENT,\n [b c] DECIMAL(10, 2) NOT NULL ON CONFLICT IGNORE \
               DEFAULT -1.5 COLLATE nocase CHECK (x > ',)'),\n p INT REFERENCES q(id) ON DELETE SET \
               NULL ON UPDATE CASCADE MATCH FULL NOT DEFERRABLE INITIALLY IMMEDIATE UNIQUE,\n g AS (id \
               + 1) STORED, h, generated TEXT DEFAULT (1 + 1)\n) STRICT, WITHOUT ROWID";
    let table = read(sql).unwrap().table;
    let names: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["id", "b c", "p", "g", "h", "generated"]);
    assert_eq!(table.columns[1].default, Some(ServerDefault::Sql("-1.5".into())));
    assert_eq!(table.columns[1].collation.as_deref(), Some("nocase"));
    assert_eq!(
        table.columns[3].generated,
        Some(Generated { expression: "id + 1".into(), stored: Some(true) })
    );
    assert_eq!(table.columns[4].data_type, None);
    assert_eq!(table.columns[5].default, Some(ServerDefault::Sql("(1 + 1)".into())));
    let key = table.constraints.iter().find_map(|constraint| match constraint {
        Constraint::ForeignKey(key) => Some(key),
        _ => None,
    });
    let key = key.unwrap();
    assert_eq!(key.on_delete.as_deref(), Some("SET NULL"));
    assert_eq!(key.match_type.as_deref(), Some("FULL"));
    assert_eq!(table.columns[1].on_conflict.as_deref(), Some("IGNORE"));
    assert_eq!(table.primary_key().unwrap().on_conflict.as_deref(), Some("FAIL"));
    assert_eq!((key.deferrable, key.initially.as_deref()), (Some(false), Some("IMMEDIATE")));
    assert_eq!(table.constraints.len(), 4);
    assert!(table.options.strict && table.options.without_rowid && table.options.autoincrement);
}

#[test]
fn table_constraints_with_and_without_commas() {
    let sql = "CREATE TABLE t (a, b, CONSTRAINT u UNIQUE (a COLLATE nocase, b) CHECK (a > 0) FOREIGN \
               KEY (a) REFERENCES p, PRIMARY KEY (a, b DESC))";
    let table = read(sql).unwrap().table;
    assert_eq!(table.constraints.len(), 4);
    assert_eq!(table.constraints[0].name(), Some(&Name::conv("u")));
    assert_eq!(table.primary_key().unwrap().columns, ["a", "b"]);
}

#[test]
fn deferring_may_stand_anywhere_behind_the_key() {
    let sql =
        "CREATE TABLE t (a REFERENCES p NOT NULL DEFERRABLE INITIALLY DEFERRED, b NOT DEFERRABLE)";
    let read = read(sql).unwrap();
    let clauses: Vec<_> = read.columns[0].clauses.iter().map(|c| c.span.of(sql)).collect();
    assert_eq!(clauses, ["REFERENCES p", "NOT NULL", "DEFERRABLE INITIALLY DEFERRED"]);
    assert_eq!(read.columns[1].clauses[0].kind, ClauseKind::Bare);
    assert_eq!(read.columns[1].declared_type.of(sql), "");
    // SQLite takes it for the last key of the table, whose column is another.
    let Constraint::ForeignKey(key) = &read.table.constraints[0] else { panic!("a foreign key") };
    assert_eq!((key.deferrable, key.initially.as_deref()), (Some(false), None));
}

#[test]
fn generated_always_without_as_is_a_type() {
    let sql = "CREATE TABLE t (a INT GENERATED ALWAYS NOT NULL, b ALWAYS AS (a))";
    let read = read(sql).unwrap();
    assert_eq!(read.columns[0].declared_type.of(sql), "INT GENERATED ALWAYS");
    assert_eq!(read.columns[1].declared_type.of(sql), "ALWAYS");
}

#[test]
fn keys_in_parentheses_and_what_they_imply() {
    let sql = "CREATE TABLE t (a TEXT, b TEXT, PRIMARY KEY (((a) COLLATE nocase), b DESC)) STRICT";
    let table = read(sql).unwrap().table;
    assert_eq!(table.primary_key().unwrap().columns, ["a", "b"]);
    assert!(!table.columns[0].nullable && !table.columns[1].nullable);
    let rowid = |sql| rowid_column(&read(sql).unwrap());
    assert_eq!(rowid("CREATE TABLE t (a, b \"integer\" PRIMARY KEY)"), Some(1));
    assert_eq!(rowid("CREATE TABLE t (a INTEGER, PRIMARY KEY (a DESC))"), Some(0));
    assert_eq!(rowid("CREATE TABLE t (a INTEGER PRIMARY KEY DESC)"), None);
    assert_eq!(rowid("CREATE TABLE t (a INT PRIMARY KEY)"), None);
}

#[test]
fn what_cannot_be_read_says_where_it_stopped() {
    let sql = "CREATE TABLE t AS SELECT 1";
    let error = read(sql).unwrap_err();
    assert_eq!((error.span.of(sql), error.expected), ("AS", "( and the columns"));
    assert!(read("CREATE TABLE t (a").is_err());
    assert!(read("").is_err());
}
