//! A reader of CREATE TABLE that knows for each part of the table which part of the text it is.
//!
//! Source: the grammar on <https://sqlite.org/lang_createtable.html> and SQLite's `parse.y`.

use super::cursor::Cursor;
use super::quote::unquoted;
use crate::diagnostic::Span;
use crate::schema::{
    Check, Column, Constraint, DataType, ForeignKey, Generated, Name, PrimaryKey, ServerDefault,
    Table, Unique,
};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};

/// A CREATE TABLE statement: what it means, and where each part of it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTable {
    /// What it means. Its `sql` is the text that was read.
    pub table: Table,
    /// The table's name in the text, quotes included.
    pub name: Span,
    /// The columns in the text, from the name to the last word, in the order of `table.columns`.
    pub columns: Vec<Span>,
    /// Where a column that is added goes: at the end of the last column's definition, which is
    /// before the first table constraint or the closing parenthesis.
    pub end_of_columns: usize,
}

/// The text is no CREATE TABLE that this reader knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Where it stopped.
    pub span: Span,
    /// What it expected there.
    pub expected: &'static str,
}

type Read<T> = Result<T, Unreadable>;

/// Reads `sql`, which is one CREATE TABLE statement as SQLite stores it.
///
/// # Errors
/// If it is something else, such as CREATE TABLE … AS SELECT before SQLite has rewritten it.
pub fn read(sql: &str) -> Read<CreateTable> {
    let mut reader = Reader { sql, cursor: Cursor::new(sql), table: Table::default() };
    let (name, columns, end_of_columns) = reader.statement()?;
    let mut table = reader.table;
    finish_keys(&mut table);
    table.sql = Some(sql.to_string());
    Ok(CreateTable { table, name, columns, end_of_columns })
}

/// What PRIMARY KEY implies: the columns of a WITHOUT ROWID or STRICT table's key are NOT NULL.
fn finish_keys(table: &mut Table) {
    if !(table.options.without_rowid || table.options.strict) {
        return;
    }
    let keys = table.primary_key().map(|key| key.columns.clone()).unwrap_or_default();
    for column in &mut table.columns {
        if table.options.without_rowid
            && keys.iter().any(|key| key.eq_ignore_ascii_case(&column.name))
        {
            column.nullable = false;
        }
    }
}

struct Reader<'a> {
    sql: &'a str,
    cursor: Cursor<'a>,
    table: Table,
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

    fn name_text(&mut self) -> Read<String> {
        self.name().map(|span| unquoted(span.of(self.sql)))
    }

    fn expect(&mut self, keyword: &str, expected: &'static str) -> Read<()> {
        if self.cursor.accept(keyword) { Ok(()) } else { self.fail(expected) }
    }

    fn parenthesised(&mut self) -> Read<String> {
        match self.cursor.parenthesised() {
            Some(span) => Ok(span.of(self.sql).trim().to_string()),
            None => self.fail("an expression in parentheses"),
        }
    }

    /// The whole statement. Gives the span of the name, those of the columns, and where these end.
    fn statement(&mut self) -> Read<(Span, Vec<Span>, usize)> {
        self.expect("CREATE", "CREATE")?;
        let _temporary = self.cursor.accept("TEMP") || self.cursor.accept("TEMPORARY");
        self.expect("TABLE", "TABLE")?;
        self.cursor.accept_all(&["IF", "NOT", "EXISTS"]);
        let mut name = self.name()?;
        if self.cursor.accept_symbol(".") {
            name = self.name()?;
        }
        self.table.name = unquoted(name.of(self.sql));
        if !self.cursor.accept_symbol("(") {
            return self.fail("( and the columns");
        }
        let mut columns = Vec::new();
        let end_of_columns = loop {
            columns.push(self.column()?);
            let end = self.cursor.start();
            if !self.cursor.accept_symbol(",") {
                break end;
            }
            if self.at_table_constraint() {
                self.table_constraints()?;
                break end;
            }
        };
        if !self.cursor.accept_symbol(")") {
            return self.fail(", or )");
        }
        self.options()?;
        Ok((name, columns, end_of_columns))
    }

    fn options(&mut self) -> Read<()> {
        loop {
            if self.cursor.accept_all(&["WITHOUT", "ROWID"]) {
                self.table.options.without_rowid = true;
            } else if self.cursor.accept("STRICT") {
                self.table.options.strict = true;
            } else if !self.cursor.accept_symbol(",") {
                break;
            }
        }
        self.cursor.accept_symbol(";");
        if self.cursor.peek().is_some() { self.fail("the end of the statement") } else { Ok(()) }
    }

    fn column(&mut self) -> Read<Span> {
        let name = self.name()?;
        let declared = self.declared_type();
        let mut column =
            Column::new(unquoted(name.of(self.sql)), DataType::reflect(declared.of(self.sql)));
        while self.column_constraint(&mut column)? {}
        self.table.columns.push(column);
        Ok(Span::new(name.start, self.cursor.end()))
    }

    /// The words of the declared type, and the sizes in parentheses.
    fn declared_type(&mut self) -> Span {
        let start = self.cursor.start();
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
        Span::new(start, end)
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
        // GENERATED is a name to SQLite unless ALWAYS follows.
        BEGINNINGS.iter().any(|word| self.cursor.is(word))
            && (!self.cursor.is("GENERATED") || self.cursor.is_ahead(1, "ALWAYS"))
    }

    /// One constraint of a column; `false` if there is none.
    fn column_constraint(&mut self, column: &mut Column) -> Read<bool> {
        let name = self.constraint_name()?;
        let itself = || Vec::from([column.name.clone()]);
        if self.cursor.accept_all(&["PRIMARY", "KEY"]) {
            let _order = self.cursor.accept("ASC") || self.cursor.accept("DESC");
            self.conflict()?;
            self.table.options.autoincrement |= self.cursor.accept("AUTOINCREMENT");
            let key = PrimaryKey { name, columns: itself() };
            self.table.constraints.push(Constraint::PrimaryKey(key));
        } else if self.cursor.accept_all(&["NOT", "NULL"]) {
            self.conflict()?;
            column.nullable = false;
        } else if self.cursor.accept("NULL") {
            self.conflict()?;
        } else if self.cursor.accept("UNIQUE") {
            self.conflict()?;
            self.table.constraints.push(Constraint::Unique(Unique { name, columns: itself() }));
        } else if self.cursor.accept("CHECK") {
            let expression = self.parenthesised()?;
            self.conflict()?;
            self.table.constraints.push(Constraint::Check(Check { name, expression }));
        } else if self.cursor.accept("DEFAULT") {
            column.default = Some(ServerDefault::Sql(self.default()?));
        } else if self.cursor.accept("COLLATE") {
            column.collation = Some(self.name_text()?);
        } else if self.cursor.is("REFERENCES") {
            let key = self.references(name, itself())?;
            self.table.constraints.push(Constraint::ForeignKey(key));
        } else if self.cursor.is("DEFERRABLE") || self.at_not_deferrable() {
            // SQLite's grammar takes this as a constraint of its own that belongs to the REFERENCES
            // before it.
            let (deferrable, initially) = self.deferrable();
            if let Some(Constraint::ForeignKey(key)) = self.table.constraints.last_mut() {
                (key.deferrable, key.initially) = (deferrable, initially);
            }
        } else if self.cursor.is("AS") || self.cursor.is("GENERATED") {
            self.cursor.accept_all(&["GENERATED", "ALWAYS"]);
            self.expect("AS", "AS")?;
            let expression = self.parenthesised()?;
            let stored = match self.cursor.accept("STORED") {
                true => Some(true),
                false => self.cursor.accept("VIRTUAL").then_some(false),
            };
            column.generated = Some(Generated { expression, stored });
        } else {
            return Ok(name.is_some());
        }
        Ok(true)
    }

    fn constraint_name(&mut self) -> Read<Option<Name>> {
        if self.cursor.accept("CONSTRAINT") {
            return self.name_text().map(|name| Some(Name::conv(name)));
        }
        Ok(None)
    }

    /// `ON CONFLICT ROLLBACK|ABORT|FAIL|IGNORE|REPLACE`.
    fn conflict(&mut self) -> Read<()> {
        if self.cursor.is("ON") && self.cursor.is_ahead(1, "CONFLICT") {
            self.cursor.accept_all(&["ON", "CONFLICT"]);
            self.name()?;
        }
        Ok(())
    }

    /// The value after DEFAULT, as text.
    fn default(&mut self) -> Read<String> {
        let start = self.cursor.start();
        if self.cursor.is_symbol("(") {
            self.parenthesised()?;
        } else {
            let _sign = self.cursor.accept_symbol("-") || self.cursor.accept_symbol("+");
            if self.cursor.take().is_none() {
                return self.fail("a default");
            }
        }
        Ok(Span::new(start, self.cursor.end()).of(self.sql).to_string())
    }

    fn at_not_deferrable(&self) -> bool {
        self.cursor.is("NOT") && self.cursor.is_ahead(1, "DEFERRABLE")
    }

    /// `REFERENCES table (columns) ON … MATCH … DEFERRABLE …`.
    fn references(&mut self, name: Option<Name>, columns: Vec<String>) -> Read<ForeignKey> {
        self.expect("REFERENCES", "REFERENCES")?;
        let mut key = ForeignKey {
            name,
            columns,
            referred_table: self.name_text()?,
            referred_columns: Vec::new(),
            on_update: None,
            on_delete: None,
            deferrable: None,
            initially: None,
        };
        if self.cursor.is_symbol("(") {
            key.referred_columns = self.columns()?;
        }
        loop {
            if self.cursor.accept_all(&["ON", "DELETE"]) {
                key.on_delete = Some(self.action()?);
            } else if self.cursor.accept_all(&["ON", "UPDATE"]) {
                key.on_update = Some(self.action()?);
            } else if self.cursor.accept("MATCH") {
                self.name()?;
            } else if self.cursor.is("DEFERRABLE") || self.at_not_deferrable() {
                (key.deferrable, key.initially) = self.deferrable();
            } else {
                return Ok(key);
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
            let name = self.constraint_name()?;
            if self.cursor.accept_all(&["PRIMARY", "KEY"]) {
                let columns = self.columns()?;
                self.conflict()?;
                self.table.constraints.push(Constraint::PrimaryKey(PrimaryKey { name, columns }));
            } else if self.cursor.accept("UNIQUE") {
                let columns = self.columns()?;
                self.conflict()?;
                self.table.constraints.push(Constraint::Unique(Unique { name, columns }));
            } else if self.cursor.accept("CHECK") {
                let expression = self.parenthesised()?;
                self.conflict()?;
                self.table.constraints.push(Constraint::Check(Check { name, expression }));
            } else if self.cursor.accept_all(&["FOREIGN", "KEY"]) {
                let columns = self.columns()?;
                let key = self.references(name, columns)?;
                self.table.constraints.push(Constraint::ForeignKey(key));
            }
            self.cursor.accept_symbol(",");
        }
        Ok(())
    }

    /// `(a, b COLLATE NOCASE DESC)`: the names.
    fn columns(&mut self) -> Read<Vec<String>> {
        if !self.cursor.accept_symbol("(") {
            return self.fail("( and names of columns");
        }
        let mut names = Vec::new();
        loop {
            names.push(self.name_text()?);
            if self.cursor.accept("COLLATE") {
                self.name()?;
            }
            let _order = self.cursor.accept("ASC") || self.cursor.accept("DESC");
            self.table.options.autoincrement |= self.cursor.accept("AUTOINCREMENT");
            if self.cursor.accept_symbol(")") {
                return Ok(names);
            }
            if !self.cursor.accept_symbol(",") {
                return self.fail(", or )");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tutorials_table_as_alembic_makes_it() {
        let sql = "CREATE TABLE items (\n\tid INTEGER NOT NULL, \n\ttitle VARCHAR, \n\tPRIMARY KEY \
                   (id)\n)";
        let read = read(sql).unwrap();
        assert_eq!(read.name.of(sql), "items");
        let columns: Vec<_> = read.columns.iter().map(|span| span.of(sql)).collect();
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
    fn what_cannot_be_read_says_where_it_stopped() {
        let sql = "CREATE TABLE t AS SELECT 1";
        let error = read(sql).unwrap_err();
        assert_eq!((error.span.of(sql), error.expected), ("AS", "( and the columns"));
        assert!(read("CREATE TABLE t (a").is_err());
        assert!(read("").is_err());
    }
}
