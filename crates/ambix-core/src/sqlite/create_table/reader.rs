//! The walk over the text.

use super::keys::finish_keys;
use super::{Clause, ClauseKind, ColumnText, CreateTable, Referred, Unreadable};
use crate::diagnostic::Span;
use crate::schema::{
    Check, Column, Constraint, DataType, ForeignKey, Generated, Name, PrimaryKey, ServerDefault,
    Table, Unique,
};
use crate::sqlite::cursor::Cursor;
use crate::sqlite::quote::unquoted;
use alloc::{
    string::{String, ToString},
    vec::Vec,
};

type Read<T> = Result<T, Unreadable>;

/// Reads `sql`, which is one CREATE TABLE statement as SQLite stores it.
///
/// # Errors
/// If it is something else, such as CREATE TABLE … AS SELECT before SQLite has rewritten it.
pub fn read(sql: &str) -> Read<CreateTable> {
    let mut reader = Reader {
        sql,
        cursor: Cursor::new(sql),
        read: CreateTable {
            table: Table::default(),
            name: Span::default(),
            columns: Vec::new(),
            constraints: Vec::new(),
            end_of_columns: 0,
            close: 0,
            options: Vec::new(),
        },
    };
    reader.statement()?;
    let mut read = reader.read;
    read.table.sql = Some(sql.to_string());
    finish_keys(&mut read);
    Ok(read)
}

struct Reader<'a> {
    sql: &'a str,
    cursor: Cursor<'a>,
    read: CreateTable,
}

impl Reader<'_> {
    fn fail<T>(&self, expected: &'static str) -> Read<T> {
        let span = self.cursor.peek().map_or(Span::new(self.sql.len(), self.sql.len()), |t| t.span);
        Err(Unreadable { span, expected })
    }

    fn name(&mut self) -> Read<Span> {
        match self.cursor.name() {
            Some(span) => Ok(span),
            None => self.fail("a name"),
        }
    }

    fn text(&self, span: Span) -> String {
        unquoted(span.of(self.sql))
    }

    fn texts(&self, spans: &[Span]) -> Vec<String> {
        spans.iter().map(|span| self.text(*span)).collect()
    }

    fn expect(&mut self, keyword: &str, expected: &'static str) -> Read<()> {
        if self.cursor.accept(keyword) { Ok(()) } else { self.fail(expected) }
    }

    fn parenthesised(&mut self) -> Read<Span> {
        match self.cursor.parenthesised() {
            Some(span) => Ok(span),
            None => self.fail("an expression in parentheses"),
        }
    }

    fn statement(&mut self) -> Read<()> {
        self.expect("CREATE", "CREATE")?;
        let _temporary = self.cursor.accept("TEMP") || self.cursor.accept("TEMPORARY");
        self.expect("TABLE", "TABLE")?;
        self.cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let mut name = self.name()?;
        if self.cursor.accept_symbol(".") {
            name = self.name()?;
        }
        self.read.name = name;
        self.read.table.name = self.text(name);
        if !self.cursor.accept_symbol("(") {
            return self.fail("( and the columns");
        }
        loop {
            self.column()?;
            self.read.end_of_columns = self.cursor.end();
            if !self.cursor.accept_symbol(",") {
                break;
            }
            if self.at_table_constraint() {
                self.table_constraints()?;
                break;
            }
        }
        self.read.close = self.cursor.start();
        if !self.cursor.accept_symbol(")") {
            return self.fail(", or )");
        }
        self.options()
    }

    fn options(&mut self) -> Read<()> {
        loop {
            let start = self.cursor.start();
            if self.cursor.accept_all(&["WITHOUT", "ROWID"]) {
                self.read.table.options.without_rowid = true;
            } else if self.cursor.accept("STRICT") {
                self.read.table.options.strict = true;
            } else if self.cursor.accept_symbol(",") {
                continue;
            } else {
                break;
            }
            self.read.options.push(Span::new(start, self.cursor.end()));
        }
        self.cursor.accept_symbol(";");
        if self.cursor.peek().is_some() { self.fail("the end of the statement") } else { Ok(()) }
    }

    fn column(&mut self) -> Read<()> {
        let name = self.name()?;
        let declared_type = self.declared_type();
        let data_type = DataType::reflect(declared_type.of(self.sql));
        let mut column = Column::new(self.text(name), data_type);
        let mut clauses = Vec::new();
        loop {
            if self.at_deferrable() {
                self.defer(&mut clauses);
            } else if let Some(clause) = self.column_clause(&mut column, name)? {
                clauses.push(clause);
            } else {
                break;
            }
        }
        self.read.table.columns.push(column);
        let span = Span::new(name.start, self.cursor.end());
        self.read.columns.push(ColumnText { span, name, declared_type, clauses });
        Ok(())
    }

    /// The words of the declared type, and the sizes in parentheses.
    fn declared_type(&mut self) -> Span {
        let start = self.cursor.start();
        let behind_name = Span::new(self.cursor.end(), self.cursor.end());
        let mut end = start;
        while !self.at_column_constraint() {
            if self.cursor.name().is_none() {
                break;
            }
            end = self.cursor.end();
        }
        if end > start && self.cursor.parenthesised().is_some() {
            end = self.cursor.end();
        }
        if end > start { Span::new(start, end) } else { behind_name }
    }

    fn at_column_constraint(&self) -> bool {
        const BEGINNINGS: [&str; 11] = [
            "CONSTRAINT",
            "PRIMARY",
            "NOT",
            "NULL",
            "UNIQUE",
            "CHECK",
            "DEFAULT",
            "COLLATE",
            "REFERENCES",
            "AS",
            "GENERATED",
        ];
        // To SQLite, GENERATED and ALWAYS are words of the type unless AS follows them.
        let is_name = self.cursor.is("GENERATED")
            && !(self.cursor.is_ahead(1, "ALWAYS") && self.cursor.is_ahead(2, "AS"));
        self.at_deferrable() || !is_name && BEGINNINGS.iter().any(|word| self.cursor.is(word))
    }

    /// One constraint of a column, if there is one.
    fn column_clause(&mut self, column: &mut Column, own: Span) -> Read<Option<Clause>> {
        let mut clause = self.clause()?;
        let itself = || Vec::from([column.name.clone()]);
        let name = self.name_of(&clause);
        let constraint = if self.cursor.accept_all(&["PRIMARY", "KEY"]) {
            clause.kind = ClauseKind::PrimaryKey;
            let _order = self.cursor.accept("ASC") || self.cursor.accept("DESC");
            let on_conflict = self.conflict(&mut clause)?;
            self.read.table.options.autoincrement |= self.cursor.accept("AUTOINCREMENT");
            Some(Constraint::PrimaryKey(PrimaryKey { name, columns: itself(), on_conflict }))
        } else if self.cursor.accept_all(&["NOT", "NULL"]) {
            clause.kind = ClauseKind::NotNull;
            column.on_conflict = self.conflict(&mut clause)?;
            column.nullable = false;
            None
        } else if self.cursor.accept("NULL") {
            clause.kind = ClauseKind::Null;
            self.conflict(&mut clause)?;
            None
        } else if self.cursor.accept("UNIQUE") {
            clause.kind = ClauseKind::Unique;
            let on_conflict = self.conflict(&mut clause)?;
            Some(Constraint::Unique(Unique { name, columns: itself(), on_conflict }))
        } else if self.cursor.accept("CHECK") {
            Some(self.check(&mut clause, name)?)
        } else if self.cursor.accept("DEFAULT") {
            clause.kind = ClauseKind::Default;
            clause.inner = self.default()?;
            column.default = Some(ServerDefault::Sql(clause.inner.of(self.sql).to_string()));
            None
        } else if self.cursor.accept("COLLATE") {
            clause.kind = ClauseKind::Collate;
            clause.inner = self.name()?;
            column.collation = Some(self.text(clause.inner));
            None
        } else if self.cursor.is("REFERENCES") {
            clause.columns.push(own);
            Some(self.references(&mut clause, name)?)
        } else if self.cursor.is("AS") || self.cursor.is("GENERATED") {
            clause.kind = ClauseKind::Generated;
            self.cursor.accept_all(&["GENERATED", "ALWAYS"]);
            self.expect("AS", "AS")?;
            clause.inner = self.parenthesised()?;
            let stored = match self.cursor.accept("STORED") {
                true => Some(true),
                false => self.cursor.accept("VIRTUAL").then_some(false),
            };
            let expression = clause.inner.of(self.sql).trim().to_string();
            column.generated = Some(Generated { expression, stored });
            None
        } else if clause.name.is_some() {
            None
        } else {
            return Ok(None);
        };
        Ok(Some(self.finish(clause, constraint)))
    }

    /// A clause that begins here, with its name if it has one.
    fn clause(&mut self) -> Read<Clause> {
        let start = self.cursor.start();
        let name = match self.cursor.accept("CONSTRAINT") {
            true => Some(self.name()?),
            false => None,
        };
        Ok(Clause { name, ..Clause::bare(start) })
    }

    fn finish(&mut self, mut clause: Clause, constraint: Option<Constraint>) -> Clause {
        clause.span.end = self.cursor.end();
        if let Some(constraint) = constraint {
            clause.constraint = Some(self.read.table.constraints.len());
            self.read.table.constraints.push(constraint);
        }
        clause
    }

    fn name_of(&self, clause: &Clause) -> Option<Name> {
        clause.name.map(|name| Name::conv(self.text(name)))
    }

    /// `ON CONFLICT ROLLBACK|ABORT|FAIL|IGNORE|REPLACE`.
    fn conflict(&mut self, clause: &mut Clause) -> Read<Option<String>> {
        if self.cursor.accept_all(&["ON", "CONFLICT"]) {
            clause.on_conflict = Some(self.name()?);
        }
        Ok(clause.on_conflict.map(|word| self.text(word)))
    }

    /// What follows CHECK.
    fn check(&mut self, clause: &mut Clause, name: Option<Name>) -> Read<Constraint> {
        clause.kind = ClauseKind::Check;
        clause.inner = self.parenthesised()?;
        let on_conflict = self.conflict(clause)?;
        let expression = clause.inner.of(self.sql).trim().to_string();
        Ok(Constraint::Check(Check { name, expression, on_conflict, in_column: false }))
    }

    /// The value after DEFAULT.
    fn default(&mut self) -> Read<Span> {
        let start = self.cursor.start();
        if self.cursor.is_symbol("(") {
            self.parenthesised()?;
        } else {
            let _sign = self.cursor.accept_symbol("-") || self.cursor.accept_symbol("+");
            if self.cursor.is_symbol(",")
                || self.cursor.is_symbol(")")
                || self.cursor.take().is_none()
            {
                return self.fail("a default");
            }
        }
        Ok(Span::new(start, self.cursor.end()))
    }

    fn at_deferrable(&self) -> bool {
        self.cursor.is("DEFERRABLE")
            || (self.cursor.is("NOT") && self.cursor.is_ahead(1, "DEFERRABLE"))
    }

    /// `REFERENCES table (columns) ON … MATCH … DEFERRABLE …`.
    fn references(&mut self, clause: &mut Clause, name: Option<Name>) -> Read<Constraint> {
        clause.kind = ClauseKind::ForeignKey;
        self.expect("REFERENCES", "REFERENCES")?;
        let table = self.name()?;
        let columns = if self.cursor.is_symbol("(") { self.columns()? } else { Vec::new() };
        let mut key = ForeignKey {
            name,
            columns: self.texts(&clause.columns),
            referred_table: self.text(table),
            referred_columns: self.texts(&columns),
            ..ForeignKey::default()
        };
        clause.referred = Some(Referred { table, columns });
        loop {
            if self.cursor.accept_all(&["ON", "DELETE"]) {
                key.on_delete = Some(self.action()?);
            } else if self.cursor.accept_all(&["ON", "UPDATE"]) {
                key.on_update = Some(self.action()?);
            } else if self.cursor.accept_all(&["ON", "INSERT"]) {
                // SQLite takes it and forgets it.
                self.action()?;
            } else if self.cursor.accept("MATCH") {
                let word = self.name()?;
                key.match_type = Some(self.text(word));
            } else if self.at_deferrable() {
                (key.deferrable, key.initially) = self.deferrable();
            } else {
                return Ok(Constraint::ForeignKey(key));
            }
        }
    }

    fn action(&mut self) -> Read<String> {
        for words in [&["SET", "NULL"][..], &["SET", "DEFAULT"], &["NO", "ACTION"]] {
            if self.cursor.accept_all(words) {
                return Ok(words.join(" "));
            }
        }
        for word in ["CASCADE", "RESTRICT"] {
            if self.cursor.accept(word) {
                return Ok(word.to_string());
            }
        }
        self.fail("an action: CASCADE, SET NULL, SET DEFAULT, RESTRICT, NO ACTION")
    }

    fn deferrable(&mut self) -> (Option<bool>, Option<String>) {
        let deferrable = !self.cursor.accept("NOT");
        self.cursor.accept("DEFERRABLE");
        let initially = if self.cursor.accept_all(&["INITIALLY", "DEFERRED"]) {
            Some("DEFERRED".to_string())
        } else if self.cursor.accept_all(&["INITIALLY", "IMMEDIATE"]) {
            Some("IMMEDIATE".to_string())
        } else {
            None
        };
        (Some(deferrable), initially)
    }

    /// SQLite's grammar takes DEFERRABLE also as a clause of its own, anywhere in a column. It is about the
    /// foreign key that was written last, be it of a column before, or about none.
    fn defer(&mut self, clauses: &mut Vec<Clause>) {
        let start = self.cursor.start();
        let said = self.deferrable();
        let end = self.cursor.end();
        let last = self.read.table.constraints.iter_mut().rev();
        let key = last.into_iter().find_map(|constraint| match constraint {
            Constraint::ForeignKey(key) => Some(key),
            _ => None,
        });
        if let Some(key) = key {
            (key.deferrable, key.initially) = said;
        }
        match clauses.last_mut() {
            Some(clause) if clause.kind == ClauseKind::ForeignKey => clause.span.end = end,
            _ => clauses.push(Clause { span: Span::new(start, end), ..Clause::bare(start) }),
        }
    }

    fn at_table_constraint(&self) -> bool {
        let cursor = &self.cursor;
        cursor.is("CONSTRAINT")
            || (cursor.is("PRIMARY") && cursor.is_ahead(1, "KEY"))
            || (cursor.is("FOREIGN") && cursor.is_ahead(1, "KEY"))
            || cursor.is("UNIQUE")
            || cursor.is("CHECK")
    }

    /// The constraints after the columns. SQLite takes them with and without commas between them.
    fn table_constraints(&mut self) -> Read<()> {
        while self.at_table_constraint() {
            let mut clause = self.clause()?;
            let name = self.name_of(&clause);
            let constraint = if self.cursor.accept_all(&["PRIMARY", "KEY"]) {
                clause.kind = ClauseKind::PrimaryKey;
                clause.columns = self.columns()?;
                let on_conflict = self.conflict(&mut clause)?;
                let columns = self.texts(&clause.columns);
                Some(Constraint::PrimaryKey(PrimaryKey { name, columns, on_conflict }))
            } else if self.cursor.accept("UNIQUE") {
                clause.kind = ClauseKind::Unique;
                clause.columns = self.columns()?;
                let on_conflict = self.conflict(&mut clause)?;
                let columns = self.texts(&clause.columns);
                Some(Constraint::Unique(Unique { name, columns, on_conflict }))
            } else if self.cursor.accept("CHECK") {
                Some(self.check(&mut clause, name)?)
            } else if self.cursor.accept_all(&["FOREIGN", "KEY"]) {
                clause.columns = self.columns()?;
                Some(self.references(&mut clause, name)?)
            } else {
                None
            };
            let clause = self.finish(clause, constraint);
            self.read.constraints.push(clause);
            self.cursor.accept_symbol(",");
        }
        Ok(())
    }

    /// A name with COLLATE, or that in parentheses.
    fn key(&mut self) -> Read<Span> {
        let mut open = 0usize;
        while self.cursor.accept_symbol("(") {
            open += 1;
        }
        let name = self.name()?;
        loop {
            if self.cursor.accept("COLLATE") {
                self.name()?;
            } else if open > 0 && self.cursor.accept_symbol(")") {
                open -= 1;
            } else if open > 0 {
                return self.fail(")");
            } else {
                return Ok(name);
            }
        }
    }

    /// `(a, b COLLATE NOCASE DESC)`: the names.
    fn columns(&mut self) -> Read<Vec<Span>> {
        if !self.cursor.accept_symbol("(") {
            return self.fail("( and names of columns");
        }
        let mut names = Vec::new();
        loop {
            names.push(self.key()?);
            let _order = self.cursor.accept("ASC") || self.cursor.accept("DESC");
            self.read.table.options.autoincrement |= self.cursor.accept("AUTOINCREMENT");
            if self.cursor.accept_symbol(")") {
                return Ok(names);
            }
            if !self.cursor.accept_symbol(",") {
                return self.fail(", or )");
            }
        }
    }
}
