//! Whether two schemas mean the same. Statements are compared as text in one spacing; where that differs,
//! by the facts that they state: a constraint beside its column or behind all columns is one fact.

use crate::compare::{Compared, How, same};
use crate::sql_text::{
    canonical, create_table, is_constraint, join, parenthesised, tokens, unquoted,
};
use rusqlite::{Connection, Result};
use std::collections::BTreeSet;

/// The stored statements without the version table, in the order of their making.
pub fn statements(database: &Connection) -> Vec<String> {
    let select = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' \
                  AND 'alembic_version' NOT IN (name, tbl_name) ORDER BY rowid";
    let mut select = database.prepare(select).unwrap();
    let rows = select.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_>>().unwrap()
}

/// Compares a database with recorded statements (in one spacing).
pub fn same_schema(what: &str, want: &[String], database: &Connection) -> Compared {
    let mut want = want.to_vec();
    let mut got: Vec<String> =
        statements(database).iter().map(|statement| canonical(statement)).collect();
    want.sort_unstable();
    got.sort_unstable();
    if want == got {
        return Ok(());
    }
    let Ok(reference) = made_of(&want) else {
        return same(what, &want, &got, How::Exact);
    };
    let (want, got) = (facts(&reference).unwrap(), facts(database).unwrap());
    let missing = want.difference(&got).map(|fact| format!("-{fact}"));
    let more = got.difference(&want).map(|fact| format!("+{fact}"));
    let differences: Vec<String> = missing.chain(more).collect();
    if differences.is_empty() {
        return Ok(());
    }
    Err(format!("{what} differs\n{}", differences.join("\n")))
}

/// A database in memory with these statements: tables, then views, then what stands on them.
///
/// # Errors
/// If SQLite refuses one.
pub fn made_of(statements: &[String]) -> Result<Connection> {
    let database = Connection::open_in_memory()?;
    let rank = |statement: &String| {
        let kinds = ["CREATE TABLE", "CREATE VIEW"];
        kinds.iter().position(|kind| statement.starts_with(kind)).unwrap_or(kinds.len())
    };
    let mut statements = statements.to_vec();
    statements.sort_by_key(rank);
    for statement in statements {
        database.execute_batch(&statement)?;
    }
    Ok(database)
}

/// What a schema says, as short sentences: `t: unique a, b`.
///
/// # Errors
/// If the database cannot be read.
pub fn facts(database: &Connection) -> Result<BTreeSet<String>> {
    let mut facts = BTreeSet::new();
    let select = "SELECT s.type, s.name, s.tbl_name, coalesce(s.sql, ''), coalesce(l.type, ''), \
                  coalesce(l.wr, 0), coalesce(l.strict, 0) FROM sqlite_schema s \
                  LEFT JOIN pragma_table_list l ON l.name = s.name AND l.schema = 'main' \
                  WHERE s.name NOT LIKE 'sqlite_%' AND 'alembic_version' NOT IN (s.name, s.tbl_name)";
    let mut select = database.prepare(select)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let text = |at| row.get::<_, String>(at);
        let (kind, name, table, sql) = (text(0)?, text(1)?, text(2)?, text(3)?);
        match (kind.as_str(), text(4)?.as_str()) {
            ("view" | "trigger", _) => {
                facts.insert(format!("{kind} {name}: {}", unmarked(&tokens(&sql))));
            }
            ("index", _) => {
                facts.insert(index(database, &table, &name, &sql)?);
            }
            ("table", "virtual") => {
                facts.insert(format!("virtual table {name}: {sql}"));
            }
            ("table", "table") => {
                for (at, word) in [(5, "without rowid"), (6, "strict")] {
                    if row.get(at)? {
                        facts.insert(format!("{name}: {word}"));
                    }
                }
                columns(database, &name, &mut facts)?;
                for element in create_table(&sql).elements {
                    let keys = |table: &str| primary_key(database, table).unwrap_or_default();
                    Element::of(&name, &element, &mut facts).read(keys);
                }
            }
            _ => {}
        }
    }
    Ok(facts)
}

fn columns(database: &Connection, table: &str, facts: &mut BTreeSet<String>) -> Result<()> {
    let select =
        "SELECT name, type, \"notnull\", dflt_value FROM pragma_table_xinfo(?) ORDER BY cid";
    let mut select = database.prepare(select)?;
    let mut rows = select.query([table])?;
    let mut names = Vec::new();
    while let Some(row) = rows.next()? {
        let (name, kind): (String, String) = (row.get(0)?, row.get(1)?);
        facts.insert(format!("{table}.{name}: type {}", join(&tokens(&kind.to_uppercase()))));
        if row.get(2)? {
            facts.insert(format!("{table}.{name}: not null"));
        }
        if let Some(default) = row.get::<_, Option<String>>(3)? {
            let mut default = default.trim();
            while let Some(inside) =
                default.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'))
            {
                default = inside.trim();
            }
            facts.insert(format!("{table}.{name}: default {}", join(&tokens(default))));
        }
        names.push(name);
    }
    facts.insert(format!("{table}: columns {}", names.join(", ")));
    let key = primary_key(database, table)?;
    if !key.is_empty() {
        facts.insert(format!("{table}: primary key {}", key.join(", ")));
    }
    Ok(())
}

fn primary_key(database: &Connection, table: &str) -> Result<Vec<String>> {
    let select = "SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk";
    let mut select = database.prepare(select)?;
    select.query_map([table], |row| row.get(0))?.collect()
}

fn index(database: &Connection, table: &str, name: &str, sql: &str) -> Result<String> {
    let select = "SELECT name, \"desc\", coll FROM pragma_index_xinfo(?) WHERE key ORDER BY seqno";
    let mut select = database.prepare(select)?;
    let key = |row: &rusqlite::Row<'_>| {
        let column: Option<String> = row.get(0)?;
        let (descends, collation): (bool, String) = (row.get(1)?, row.get(2)?);
        let order = if descends { " desc" } else { "" };
        Ok(column.map(|column| format!("{column} collate {collation}{order}")))
    };
    let keys: Vec<Option<String>> = select.query_map([name], key)?.collect::<Result<_>>()?;
    let tokens = tokens(sql);
    let word = |word: &str| tokens.iter().position(|token| token.eq_ignore_ascii_case(word));
    let condition = word("WHERE").map_or(tokens.len(), |at| at + 1);
    // Of a key that is an expression only the text tells what it is.
    let keys = match keys.into_iter().collect::<Option<Vec<_>>>() {
        Some(keys) => keys.join(", "),
        None => unmarked(&tokens[word("ON").unwrap_or(0)..]).to_lowercase(),
    };
    let unique = if word("UNIQUE").is_some_and(|at| at == 1) { "unique " } else { "" };
    let condition = unmarked(&tokens[condition..]);
    Ok(format!("{unique}index {name} on {table}: {keys} where ({condition})"))
}

/// Tokens as text without double quotes, which a name may have or not.
fn unmarked<S: AsRef<str>>(tokens: &[S]) -> String {
    join(tokens).replace('"', "")
}

/// One column or constraint of a CREATE TABLE, for the facts that no pragma tells.
struct Element<'a> {
    table: &'a str,
    column: Option<String>,
    words: &'a [String],
    /// The name that CONSTRAINT gives to what follows it.
    name: Option<String>,
    facts: &'a mut BTreeSet<String>,
}

impl<'a> Element<'a> {
    fn of(table: &'a str, words: &'a [String], facts: &'a mut BTreeSet<String>) -> Self {
        let column = words.first().filter(|_| !is_constraint(words)).map(|name| unquoted(name));
        Self { table, column, words, name: None, facts }
    }

    fn fact(&mut self, fact: String) {
        self.facts.insert(format!("{}: {fact}", self.table));
    }

    fn word(&self, at: usize) -> String {
        self.words.get(at).map(|word| word.to_uppercase()).unwrap_or_default()
    }

    /// The column alone, or those in the parentheses behind `at`; and where they end.
    fn columns(&self, at: usize) -> (String, usize) {
        match &self.column {
            Some(column) => (column.clone(), at),
            None => {
                let (inside, end) = parenthesised(self.words, at);
                (names(inside).join(", "), end)
            }
        }
    }

    /// What to do `ON CONFLICT`, if that stands at `at`.
    fn conflict(&self, at: usize) -> Option<String> {
        (self.word(at) == "ON" && self.word(at + 1) == "CONFLICT").then(|| self.word(at + 2))
    }

    fn read(&mut self, primary_key: impl Fn(&str) -> Vec<String>) {
        let mut at = usize::from(self.column.is_some());
        while at < self.words.len() {
            let column = self.column.clone().unwrap_or_default();
            match self.word(at).as_str() {
                "CONSTRAINT" => {
                    self.name = self.words.get(at + 1).map(|name| unquoted(name));
                    at += 1;
                }
                "CHECK" => {
                    let (inside, end) = parenthesised(self.words, at);
                    let name = self.name.take().unwrap_or("unnamed".into());
                    self.fact(format!("check {name}: {}", unmarked(inside)));
                    at = end;
                }
                "UNIQUE" => {
                    let (columns, end) = self.columns(at);
                    self.fact(format!("unique {columns}"));
                    if let Some(name) = self.name.take() {
                        self.fact(format!("unique {columns}: name {name}"));
                    }
                    if let Some(conflict) = self.conflict(end + 1) {
                        self.fact(format!("unique {columns}: on conflict {conflict}"));
                    }
                    at = end;
                }
                "PRIMARY" => at = self.read_primary_key(at),
                "NULL" if at > 0 && self.word(at - 1) == "NOT" => {
                    if let Some(conflict) = self.conflict(at + 1) {
                        self.fact(format!("{column} not null: on conflict {conflict}"));
                    }
                }
                "COLLATE" => {
                    let collation = unquoted(&self.word(at + 1));
                    self.fact(format!("{column} collates {collation}"));
                    at += 1;
                }
                "AS" => {
                    let (inside, end) = parenthesised(self.words, at);
                    let stored = (end..self.words.len()).any(|at| self.word(at) == "STORED");
                    self.fact(format!("{column} is {}, stored {stored}", unmarked(inside)));
                    at = end;
                }
                "DEFAULT" if self.word(at + 1) == "(" => at = parenthesised(self.words, at).1,
                "FOREIGN" => {
                    let (columns, end) = self.columns(at);
                    at = self.read_foreign_key(&columns, end + 1, &primary_key);
                }
                "REFERENCES" => at = self.read_foreign_key(&column, at, &primary_key),
                _ => {}
            }
            at += 1;
        }
    }

    fn read_primary_key(&mut self, at: usize) -> usize {
        if let Some(name) = self.name.take() {
            self.fact(format!("primary key: name {name}"));
        }
        if (at..self.words.len()).any(|at| self.word(at) == "AUTOINCREMENT") {
            self.fact("autoincrement".into());
        }
        // A column's key ends after `KEY`, a table's after its columns.
        let (_, end) = self.columns(at + 1);
        if let Some(conflict) = self.conflict(end + 1) {
            self.fact(format!("primary key: on conflict {conflict}"));
        }
        end
    }

    /// Reads from REFERENCES at `at`; gives the place of the last word.
    fn read_foreign_key(
        &mut self,
        columns: &str,
        at: usize,
        primary_key: impl Fn(&str) -> Vec<String>,
    ) -> usize {
        let table = self.words.get(at + 1).map(|table| unquoted(table)).unwrap_or_default();
        let mut end = at + 1;
        let to = if self.word(at + 2) == "(" {
            let (inside, close) = parenthesised(self.words, at + 2);
            end = close;
            names(inside)
        } else {
            primary_key(&table)
        };
        let key = format!("foreign key {columns} to {table} ({})", to.join(", "));
        self.fact(key.clone());
        if let Some(name) = self.name.take() {
            self.fact(format!("{key}: name {name}"));
        }
        loop {
            let (first, second) = (self.word(end + 1), self.word(end + 2));
            let words = match (first.as_str(), second.as_str()) {
                ("ON", _) if matches!(self.word(end + 3).as_str(), "SET" | "NO") => 4,
                ("ON", _) => 3,
                ("MATCH" | "NOT", _) if first == "MATCH" || second == "DEFERRABLE" => 2,
                ("INITIALLY", _) => 2,
                ("DEFERRABLE", _) => 1,
                _ => return end,
            };
            let option: Vec<String> = (1..=words).map(|nth| self.word(end + nth)).collect();
            let option = option.join(" ");
            // SQLite reads MATCH and ignores it, and NO ACTION is what happens anyway.
            if !option.ends_with("NO ACTION") && first != "MATCH" {
                self.fact(format!("{key}: {option}"));
            }
            end += words;
        }
    }
}

fn names(tokens: &[String]) -> Vec<String> {
    tokens.iter().filter(|token| *token != ",").map(|token| unquoted(token)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(want: &str, got: &str) -> Compared {
        let database = Connection::open_in_memory().unwrap();
        database.execute_batch(got).unwrap();
        let want: Vec<String> = want.split(';').map(canonical).collect();
        same_schema("schema", &want, &database)
    }

    #[test]
    fn the_same_in_other_words() {
        let apart = "CREATE TABLE a (id INTEGER NOT NULL, b INTEGER, PRIMARY KEY (id), \
                     CONSTRAINT fk FOREIGN KEY(b) REFERENCES a (id) ON DELETE CASCADE, \
                     CHECK (b > 0), UNIQUE (b)); CREATE INDEX i ON a (b DESC) WHERE b > 1";
        let inside = "CREATE TABLE \"a\" (\"id\" INTEGER NOT NULL PRIMARY KEY, b INTEGER UNIQUE CHECK (b>0) \
                      CONSTRAINT fk REFERENCES \"a\" ON DELETE CASCADE ON UPDATE NO ACTION); \
                      CREATE INDEX \"i\" ON \"a\" (\"b\" DESC) WHERE \"b\" > 1";
        assert_eq!(compared(apart, inside), Ok(()));
    }

    #[test]
    fn each_difference_is_named() {
        let want = "CREATE TABLE a (id INTEGER NOT NULL, b TEXT DEFAULT 'x' COLLATE NOCASE, \
                    CONSTRAINT u UNIQUE (b) ON CONFLICT IGNORE, PRIMARY KEY (id)) STRICT";
        let got = "CREATE TABLE a (id INTEGER NOT NULL, b TEXT DEFAULT ('x'), CONSTRAINT v UNIQUE (b), \
                   PRIMARY KEY (id))";
        let wrong = "schema differs\n-a: b collates NOCASE\n-a: strict\n-a: unique b: name u\n\
                     -a: unique b: on conflict IGNORE\n+a: unique b: name v";
        assert_eq!(compared(want, got), Err(wrong.into()));
    }
}
