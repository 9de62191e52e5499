//! What a statement does to the catalogue.
//!
//! The statement is taken to succeed: if it does not, the revision does not either, and nobody asks for
//! its outcome. Sources: <https://sqlite.org/lang_createtable.html> and the other pages on CREATE, DROP and
//! ALTER; SQLite stores `CREATE TABLE ` and the text from the name on.

use super::{Object, ObjectKind, Objects, Text, alter, shadow};
use crate::diagnostic::Span;

use crate::sqlite::cursor::Cursor;
use crate::sqlite::quote::unquoted;
use crate::sqlite::{create_table, split};
use alloc::{
    format,
    string::{String, ToString},
};

impl Objects {
    /// What the statements of a script make of an empty database, with what [`Self::follow`] assumes.
    pub fn made_by(script: &str) -> Self {
        let mut objects = Self::default();
        for span in split::statements(script) {
            objects.follow_one(span.of(script));
        }
        objects
    }

    /// Does what `sql`, which is one statement, does to the catalogue. Statements that change no object of
    /// `main` change nothing: queries, changes of rows, PRAGMA, ANALYZE, everything about TEMP and
    /// attached databases. A name without a schema is taken for one of `main`. PRAGMA legacy_alter_table is
    /// taken to be off.
    pub fn follow(&mut self, sql: &str) {
        if let Some(span) = split::statements(sql).first() {
            self.follow_one(span.of(sql));
        }
    }

    fn follow_one(&mut self, sql: &str) {
        let mut cursor = Cursor::new(sql);
        if cursor.accept("CREATE") {
            self.create(sql, &mut cursor);
        } else if cursor.accept("DROP") {
            self.drop_object(sql, &mut cursor);
        } else if cursor.accept_all(&["ALTER", "TABLE"])
            && let Some((name, is_main)) = qualified(&mut cursor)
            && is_main(sql)
        {
            alter::table(self, &unquoted(name.of(sql)), sql, &mut cursor);
        }
    }

    fn create(&mut self, sql: &str, cursor: &mut Cursor<'_>) {
        if cursor.accept("TEMP") || cursor.accept("TEMPORARY") {
            return;
        }
        let (kind, beginning) = if cursor.accept("TABLE") {
            (ObjectKind::Table, "CREATE TABLE")
        } else if cursor.accept_all(&["VIRTUAL", "TABLE"]) {
            (ObjectKind::VirtualTable, "CREATE VIRTUAL TABLE")
        } else if cursor.accept_all(&["UNIQUE", "INDEX"]) {
            (ObjectKind::Index, "CREATE UNIQUE INDEX")
        } else if cursor.accept("INDEX") {
            (ObjectKind::Index, "CREATE INDEX")
        } else if cursor.accept("TRIGGER") {
            (ObjectKind::Trigger, "CREATE TRIGGER")
        } else if cursor.accept("VIEW") {
            (ObjectKind::View, "CREATE VIEW")
        } else {
            return;
        };
        cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let Some((span, is_main)) = qualified(cursor) else { return };
        let name = unquoted(span.of(sql));
        if !is_main(sql) || self.has(kind, &name) {
            return;
        }
        let table = match kind {
            ObjectKind::Index | ObjectKind::Trigger => {
                let Some(table) = self.owner(kind, sql, cursor) else { return };
                table
            }
            _ => name.clone(),
        };
        let as_select = kind == ObjectKind::Table && cursor.is("AS");
        let text = match as_select {
            true => Text::Unknown(format!("table {name} was made by CREATE TABLE … AS SELECT")),
            false => Text::Known(format!("{beginning} {}", &sql[span.start..])),
        };
        self.all.push(Object { kind, name, table, text });
        if kind == ObjectKind::Table && !as_select {
            self.keep_sequence(sql);
        }
    }

    /// The name of the table that an index or trigger is made on, as its own CREATE has it. Nothing if there is no
    /// such table: then it is one of another schema.
    fn owner(&self, kind: ObjectKind, sql: &str, cursor: &mut Cursor<'_>) -> Option<String> {
        while !cursor.accept("ON") {
            cursor.take()?;
        }
        let (span, is_main) = qualified(cursor)?;
        let name = unquoted(span.of(sql));
        let on_views = kind == ObjectKind::Trigger;
        let owner = self.all.iter().find(|object| match object.kind {
            ObjectKind::Table | ObjectKind::VirtualTable => object.name.eq_ignore_ascii_case(&name),
            ObjectKind::View => on_views && object.name.eq_ignore_ascii_case(&name),
            _ => false,
        })?;
        // A trigger keeps the name as it was written.
        let name = if on_views { name } else { owner.name.clone() };
        is_main(sql).then_some(name)
    }

    /// The first table with AUTOINCREMENT brings `sqlite_sequence` with it.
    fn keep_sequence(&mut self, sql: &str) {
        const NAME: &str = "sqlite_sequence";
        const WORD: &[u8] = b"AUTOINCREMENT";
        let mut parts = sql.as_bytes().windows(WORD.len());
        let counts = parts.any(|part| part.eq_ignore_ascii_case(WORD))
            && create_table::read(sql).is_ok_and(|read| read.table.options.autoincrement);
        if counts && !self.has_name(NAME) {
            self.all.push(Object {
                kind: ObjectKind::Table,
                name: NAME.to_string(),
                table: NAME.to_string(),
                text: Text::Known(format!("CREATE TABLE {NAME}(name,seq)")),
            });
        }
    }

    /// Whether the name is taken for a new object of that kind. Triggers have names of their own.
    fn has(&self, kind: ObjectKind, name: &str) -> bool {
        let is_trigger = |kind| kind == ObjectKind::Trigger;
        self.all.iter().any(|object| {
            object.name.eq_ignore_ascii_case(name) && is_trigger(object.kind) == is_trigger(kind)
        })
    }

    fn drop_object(&mut self, sql: &str, cursor: &mut Cursor<'_>) {
        let kind = match () {
            () if cursor.accept("TABLE") => ObjectKind::Table,
            () if cursor.accept("INDEX") => ObjectKind::Index,
            () if cursor.accept("TRIGGER") => ObjectKind::Trigger,
            () if cursor.accept("VIEW") => ObjectKind::View,
            () => return,
        };
        cursor.accept_all(&["IF", "EXISTS"]);
        let Some((span, is_main)) = qualified(cursor) else { return };
        if !is_main(sql) {
            return;
        }
        let name = unquoted(span.of(sql));
        let is_virtual = self.all.iter().any(|object| object.is(ObjectKind::VirtualTable, &name));
        let kind = match kind {
            ObjectKind::Table if is_virtual => ObjectKind::VirtualTable,
            kind => kind,
        };
        if !self.all.iter().any(|object| object.is(kind, &name)) {
            return;
        }
        let takes_others = !matches!(kind, ObjectKind::Index | ObjectKind::Trigger);
        self.all.retain(|object| {
            let belongs = takes_others && object.table.eq_ignore_ascii_case(&name);
            let is_shadow = is_virtual && shadow::word(&object.name, &name).is_some();
            !(object.is(kind, &name) || belongs || is_shadow)
        });
    }
}

/// Takes `name` or `schema.name`: the name, and a function that says of the statement whether the schema
/// is `main`.
fn qualified(cursor: &mut Cursor<'_>) -> Option<(Span, impl Fn(&str) -> bool + use<>)> {
    let first = cursor.name()?;
    let second = match cursor.accept_symbol(".") {
        true => Some(cursor.name()?),
        false => None,
    };
    let is_main =
        move |sql: &str| second.is_none() || unquoted(first.of(sql)).eq_ignore_ascii_case("main");
    Some((second.unwrap_or(first), is_main))
}
