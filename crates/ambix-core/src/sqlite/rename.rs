//! What SQLite's `ALTER TABLE … RENAME` does to the texts of a database: the names in them are replaced,
//! and every other byte stays.
//!
//! Source: <https://sqlite.org/lang_altertable.html>. SQLite puts more names in quotes than this does;
//! the tokens are the same otherwise.

use super::create_table::{self, Unreadable};
use super::mention::{self, Mention, in_expression, in_object};
use super::objects::{Object, ObjectKind, Objects, Text, shadow};
use super::quote;
use crate::diagnostic::Span;
use alloc::{format, string::String, vec::Vec};

/// `ALTER TABLE table RENAME COLUMN from TO to`, in the text of the table, its indexes, foreign keys that
/// refer to it, triggers and views. A text in which it is not sure whose column a name is becomes
/// [`Text::Unknown`].
pub fn column(objects: &mut Objects, table: &str, from: &str, to: &str) {
    let texts: Vec<Option<Text>> = objects
        .all
        .iter()
        .map(|object| {
            let sql = object.sql()?;
            let found = in_object(objects, object, table, from);
            let doubt = match &found {
                Some(found) => found.columns.iter().any(|(_, mention)| *mention != Mention::Yes),
                None => mention::table(object, table),
            };
            if doubt {
                let why = format!("column {from} of {table} was renamed to {to}");
                return Some(Text::Unknown(why));
            }
            let spans: Vec<Span> = found?.columns.into_iter().map(|(span, _)| span).collect();
            (!spans.is_empty()).then(|| Text::Known(replaced(sql, &spans, to)))
        })
        .collect();
    for (object, text) in objects.all.iter_mut().zip(texts) {
        if let Some(text) = text {
            object.text = text;
        }
    }
}

/// `ALTER TABLE from RENAME TO to`: the name of the table in every text, and which table the indexes and
/// triggers belong to. A virtual table's shadow tables go with it.
pub fn table(objects: &mut Objects, from: &str, to: &str) {
    let is_virtual = objects.all.iter().any(|object| object.is(ObjectKind::VirtualTable, from));
    let texts: Vec<Option<Text>> = objects
        .all
        .iter()
        .map(|object| {
            let sql = object.sql()?;
            match in_object(objects, object, from, "") {
                Some(found) if found.tables.is_empty() => None,
                Some(found) => Some(Text::Known(replaced(sql, &found.tables, to))),
                None if mention::table(object, from) => {
                    Some(Text::Unknown(format!("table {from} was renamed to {to}")))
                }
                None => None,
            }
        })
        .collect();
    for (object, text) in objects.all.iter_mut().zip(texts) {
        if let Some(text) = text {
            object.text = text;
        }
        let is_table = matches!(object.kind, ObjectKind::Table | ObjectKind::VirtualTable);
        if is_table && object.name.eq_ignore_ascii_case(from) {
            object.name = to.into();
        }
        if object.kind != ObjectKind::View && object.table.eq_ignore_ascii_case(from) {
            object.table = to.into();
        }
        if is_virtual {
            rename_shadow(object, from, to);
        }
    }
}

/// The triggers that SQLite's own `ALTER TABLE table RENAME TO …` changes the meaning of: in their ON
/// CONFLICT clauses it takes `excluded.` for the table, and writes the table's new name there (seen in
/// 3.54.1). [`table`] leaves `excluded` as it is.
pub fn misread<'a>(objects: &'a Objects, table: &str) -> Vec<&'a Object> {
    let triggers = objects.all.iter().filter(|object| object.kind == ObjectKind::Trigger);
    triggers
        .filter(|object| {
            in_object(objects, object, table, "").is_some_and(|found| found.has_excluded)
        })
        .collect()
}

/// The table in which a virtual table keeps its data.
fn rename_shadow(object: &mut Object, from: &str, to: &str) {
    let Some(word) = shadow::word(&object.name, from) else { return };
    let name = format!("{to}_{word}");
    if let Some(sql) = object.sql()
        && let Ok(read) = create_table::read(sql)
    {
        object.text = Text::Known(replaced(sql, &[read.name], &name));
    }
    object.table.clone_from(&name);
    object.name = name;
}

/// Renames a column in the text of its own CREATE TABLE: its definition, expressions, constraints, and
/// foreign keys of the table to itself.
///
/// # Errors
/// If the text is no CREATE TABLE that can be read.
pub fn column_in_definition(sql: &str, from: &str, to: &str) -> Result<String, Unreadable> {
    let name = create_table::read(sql)?.table.name;
    let own = Object {
        kind: ObjectKind::Table,
        name: name.clone(),
        table: name.clone(),
        text: Text::Known(sql.into()),
    };
    let found = in_object(&Objects::default(), &own, &name, from).unwrap_or_default();
    let spans: Vec<Span> = found.columns.into_iter().map(|(span, _)| span).collect();
    Ok(replaced(sql, &spans, to))
}

/// Renames a column of `table` in an expression of that table, or in the CREATE INDEX of an index on it.
pub fn column_in_expression(sql: &str, table: &str, from: &str, to: &str) -> String {
    let index = Object {
        kind: ObjectKind::Index,
        name: String::new(),
        table: table.into(),
        text: Text::Known(sql.into()),
    };
    let found = in_object(&Objects::default(), &index, table, from)
        .unwrap_or_else(|| in_expression(sql, Span::new(0, sql.len()), table, from));
    let spans: Vec<Span> = found.columns.into_iter().map(|(span, _)| span).collect();
    replaced(sql, &spans, to)
}

/// `sql` with `name` at each of `spans`, which are in the order of the text.
fn replaced(sql: &str, spans: &[Span], name: &str) -> String {
    let is_word = |byte: Option<&u8>| {
        byte.is_some_and(|byte| {
            byte.is_ascii_alphanumeric() || *byte >= 0x80 || b"_$".contains(byte)
        })
    };
    let mut text = String::with_capacity(sql.len() + spans.len() * name.len());
    let mut at = 0;
    for span in spans {
        text.push_str(&sql[at..span.start]);
        // A name in quotes may touch its neighbours, as in `a AS"b"FROM t`.
        let touches =
            is_word(sql.as_bytes()[..span.start].last()) || is_word(sql.as_bytes().get(span.end));
        let new = match touches {
            true => format!("\"{}\"", name.replace('"', "\"\"")),
            false => quote::name(name),
        };
        if new.starts_with('"') && text.ends_with('"') {
            text.push(' ');
        }
        text.push_str(&new);
        if new.ends_with('"') && sql[span.end..].starts_with('"') {
            text.push(' ');
        }
        at = span.end;
    }
    text.push_str(&sql[at..]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(sql: &[&str], change: impl Fn(&mut Objects)) -> Vec<Text> {
        let mut objects = Objects::default();
        objects.follow("CREATE TABLE t (id INTEGER PRIMARY KEY, a)");
        objects.follow("CREATE TABLE u (a)");
        sql.iter().for_each(|sql| objects.follow(sql));
        change(&mut objects);
        objects.all.into_iter().skip(2).map(|object| object.text).collect()
    }

    fn known(sql: &str) -> Text {
        Text::Known(sql.into())
    }

    #[test]
    fn a_column_is_renamed_where_it_is_meant_and_every_other_byte_stays() {
        let texts = renamed(
            &[
                "CREATE INDEX i ON t ( a  DESC, lower(\"a\") ) -- a\n WHERE a <> 'a'",
                "CREATE VIEW v AS SELECT a AS a, u.a FROM t AS x, (SELECT 1 FROM u) WHERE x.a",
                "CREATE VIEW w AS SELECT a FROM u",
                "CREATE TABLE c (a REFERENCES t (a), CHECK (a > 0))",
                "CREATE VIEW z AS SELECT a FROM t, u",
            ],
            |objects| column(objects, "T", "A", "b c"),
        );
        assert_eq!(
            texts,
            [
                known(
                    "CREATE INDEX i ON t ( \"b c\"  DESC, lower(\"b c\") ) -- a\n WHERE \"b c\" <> 'a'"
                ),
                known(
                    "CREATE VIEW v AS SELECT \"b c\" AS a, u.a FROM t AS x, (SELECT 1 FROM u) WHERE x.\"b c\""
                ),
                known("CREATE VIEW w AS SELECT a FROM u"),
                known("CREATE TABLE c (a REFERENCES t (\"b c\"), CHECK (a > 0))"),
                Text::Unknown(
                    "column a of t was renamed to b c".replace("column a of t", "column A of T")
                ),
            ]
        );
    }

    #[test]
    fn a_table_is_renamed_with_what_belongs_to_it() {
        let mut objects = Objects::default();
        for sql in [
            "CREATE TABLE t (id, t REFERENCES t (id))",
            "CREATE INDEX i ON t (t)",
            "CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET t = t.id WHERE 't'; END",
            "CREATE VIEW v AS SELECT t.t, x.t FROM t, main.t AS x",
        ] {
            objects.follow(sql);
        }
        table(&mut objects, "t", "u");
        let told: Vec<_> = objects
            .all
            .iter()
            .map(|object| (object.name.as_str(), object.table.as_str(), object.sql().unwrap()))
            .collect();
        assert_eq!(
            told,
            [
                ("u", "u", "CREATE TABLE u (id, t REFERENCES u (id))"),
                ("i", "u", "CREATE INDEX i ON u (t)"),
                (
                    "g",
                    "u",
                    "CREATE TRIGGER g AFTER INSERT ON u BEGIN UPDATE u SET t = u.id WHERE 't'; END"
                ),
                ("v", "v", "CREATE VIEW v AS SELECT u.t, x.t FROM u, main.u AS x"),
            ]
        );
    }

    #[test]
    fn the_definition_of_the_table_itself() {
        let sql = "CREATE TABLE \"t\" (\n  [a] INT -- a\n  CHECK(a>0 OR t.a IS 'a'), b DEFAULT 'a' AS \
                   (a+a(a)),\n  c REFERENCES t(a),\n  UNIQUE (b, a), CONSTRAINT a FOREIGN KEY (a) \
                   REFERENCES u (a)\n)";
        assert_eq!(
            column_in_definition(sql, "a", "order").unwrap(),
            "CREATE TABLE \"t\" (\n  \"order\" INT -- a\n  CHECK(\"order\">0 OR t.\"order\" IS 'a'), b DEFAULT \
             'a' AS (\"order\"+a(\"order\")),\n  c REFERENCES t(\"order\"),\n  UNIQUE (b, \"order\"), \
             CONSTRAINT a FOREIGN KEY (\"order\") REFERENCES u (a)\n)"
        );
        assert!(column_in_definition("CREATE VIEW v AS SELECT a", "a", "b").is_err());
    }

    #[test]
    fn an_expression_or_an_index_of_the_table_itself() {
        let rename = |sql| column_in_expression(sql, "t", "a", "b");
        assert_eq!(rename(" a + t.\"a\" /* a */ COLLATE a "), " b + t.b /* a */ COLLATE a ");
        assert_eq!(
            rename("CASE WHEN a THEN 'a' ELSE a(x.a) END"),
            "CASE WHEN b THEN 'a' ELSE a(x.a) END"
        );
        assert_eq!(rename("CREATE INDEX a ON t(a) WHERE a"), "CREATE INDEX a ON t(b) WHERE b");
        assert_eq!(rename("CREATE INDEX a ON u(a) WHERE a"), "CREATE INDEX a ON u(a) WHERE a");
    }

    #[test]
    fn a_name_without_quotes_does_not_grow_together_with_its_neighbours() {
        let rename = |sql, to| column_in_expression(sql, "t", "a", to);
        assert_eq!(rename("x AND\"a\"IS NULL", "b"), "x AND\"b\"IS NULL");
        assert_eq!(rename("a\"x\"", "b c"), "\"b c\" \"x\"");
    }
}
