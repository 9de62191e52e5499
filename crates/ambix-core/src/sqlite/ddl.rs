//! Operations as SQLite statements, in the layout of SQLAlchemy's compiler.
//!
//! Sources: SQLAlchemy's `DDLCompiler` and `SQLiteDDLCompiler`, Alembic's `ddl/base.py`.

use super::split::statements;
use super::token::{Token, TokenKind, tokens};
use super::{insert, quote};
use crate::operation::{AddColumn, Operation};
use crate::schema::{
    Column, Constraint, ForeignKey, Index, IndexKey, Name, PrimaryKey, ServerDefault, Table,
    UnknownType,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

/// Why an operation has no statement of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwritten {
    /// A column's type is not known.
    Type(UnknownType),
    /// What has to be done depends on the table.
    Change,
}

impl From<UnknownType> for Unwritten {
    fn from(unknown: UnknownType) -> Self {
        Self::Type(unknown)
    }
}

impl fmt::Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type(unknown) => unknown.fmt(f),
            Self::Change => f.write_str("SQLite has no one statement for this change"),
        }
    }
}

/// The statements that carry out `operation`, each without a final semicolon.
///
/// # Errors
/// If a column's type is not known, or it is a change that depends on the table.
pub fn operation(operation: &Operation) -> Result<Vec<String>, Unwritten> {
    let unless = |flag: bool, words: &'static str| if flag { words } else { "" };
    let statement = match operation {
        Operation::AlterTable(_) | Operation::RenameIndex(_) | Operation::ReplaceView(_) => {
            return Err(Unwritten::Change);
        }
        Operation::CreateTable(create) => {
            let text = create_table(&create.table)?;
            let prefixes: String = create.prefixes.iter().map(|word| format!("{word} ")).collect();
            let rest = text.strip_prefix("CREATE TABLE ").unwrap_or(&text);
            let unless = unless(create.if_not_exists, "IF NOT EXISTS ");
            format!("CREATE {prefixes}TABLE {unless}{rest}")
        }
        Operation::DropTable(drop) => {
            let unless = unless(drop.if_exists, "IF EXISTS ");
            format!("DROP TABLE {unless}{}", quote::name(&drop.name))
        }
        Operation::AddColumn(add) => {
            format!("ALTER TABLE {} ADD COLUMN {}", quote::name(&add.table), added_column(add)?)
        }
        Operation::DropColumn(drop) => format!(
            "ALTER TABLE {} DROP COLUMN {}",
            quote::name(&drop.table),
            quote::name(&drop.name)
        ),
        Operation::CreateIndex(create) => {
            let text = create_index(&create.index);
            match (create.if_not_exists, text.split_once("INDEX ")) {
                (true, Some((create, rest))) => format!("{create}INDEX IF NOT EXISTS {rest}"),
                _ => text,
            }
        }
        Operation::DropIndex(drop) => {
            let unless = unless(drop.if_exists, "IF EXISTS ");
            format!("DROP INDEX {unless}{}", quote::name(&drop.name.text))
        }
        Operation::Execute(execute) => {
            let sql = &execute.sql;
            return Ok(statements(sql).iter().map(|span| span.of(sql).to_string()).collect());
        }
        Operation::BulkInsert(rows) => return Ok(insert::rows(rows)),
    };
    Ok(Vec::from([statement]))
}

/// CREATE TABLE: columns, primary key, the other constraints in their order, options.
///
/// # Errors
/// If a column's type is not known.
pub fn create_table(table: &Table) -> Result<String, UnknownType> {
    let (keys, others): (Vec<_>, Vec<_>) =
        table.constraints.iter().partition(|c| matches!(c, Constraint::PrimaryKey(_)));
    let inline_key = table.options.autoincrement;
    let mut lines = Vec::new();
    for described in &table.columns {
        let mut line = column(described)?;
        if inline_key && let Some(key) = keys.iter().find_map(|key| key_of(key, described)) {
            line.push_str(&conflict(" PRIMARY KEY".into(), key.on_conflict.as_deref()));
            line.push_str(" AUTOINCREMENT");
        }
        lines.push(line);
    }
    let keys = keys.into_iter().filter(|_| !inline_key);
    lines.extend(keys.chain(others).map(constraint));
    let mut options = Vec::new();
    if table.options.without_rowid {
        options.push("WITHOUT ROWID");
    }
    if table.options.strict {
        options.push("STRICT");
    }
    let options = match options[..] {
        [] => String::new(),
        _ => format!("\n {}", options.join(",\n ")),
    };
    let (name, lines) = (quote::name(&table.name), lines.join(", \n\t"));
    Ok(format!("CREATE TABLE {name} (\n\t{lines}\n){options}"))
}

/// The primary key, if the column belongs to it.
fn key_of<'a>(constraint: &'a Constraint, column: &Column) -> Option<&'a PrimaryKey> {
    match constraint {
        Constraint::PrimaryKey(key) if key.columns.contains(&column.name) => Some(key),
        _ => None,
    }
}

/// The text of a constraint with what it says of conflicts.
fn conflict(text: String, resolution: Option<&str>) -> String {
    match resolution {
        Some(word) => text + " ON CONFLICT " + word,
        None => text,
    }
}

/// The definition of a column, as it stands in CREATE TABLE and in ADD COLUMN.
///
/// # Errors
/// If its type is not known.
pub fn column(column: &Column) -> Result<String, UnknownType> {
    let mut text = quote::name(&column.name);
    if let Some(data_type) = &column.data_type {
        text.push(' ');
        text.push_str(&data_type.sql()?);
    }
    if let Some(default) = &column.default {
        text.push_str(" DEFAULT ");
        text.push_str(&default_sql(default));
    }
    if !column.nullable {
        text.push_str(&conflict(" NOT NULL".into(), column.on_conflict.as_deref()));
    }
    if let Some(collation) = &column.collation {
        text.push_str(" COLLATE ");
        text.push_str(&quote::name(collation));
    }
    if let Some(generated) = &column.generated {
        text.push(' ');
        text.push_str(&generated.sql());
    }
    Ok(text)
}

/// The definition of a column that is added, with its constraints in it.
///
/// # Errors
/// If its type is not known.
pub fn added_column(add: &AddColumn) -> Result<String, UnknownType> {
    let mut text = column(&add.column)?;
    for constraint in &add.constraints {
        let clause = match constraint {
            Constraint::PrimaryKey(key) => {
                conflict("PRIMARY KEY".into(), key.on_conflict.as_deref())
            }
            Constraint::Unique(unique) => conflict("UNIQUE".into(), unique.on_conflict.as_deref()),
            // SQLite takes ON CONFLICT with the CHECK of a table only, and does nothing with it.
            Constraint::Check(check) => format!("CHECK ({})", check.expression),
            Constraint::ForeignKey(key) => references(key),
        };
        text.push(' ');
        text.push_str(&named(constraint.name(), clause));
    }
    Ok(text)
}

/// A default as SQL. SQLite wants parentheses around everything but a literal and a word.
pub fn default_sql(default: &ServerDefault) -> String {
    let sql = match default {
        ServerDefault::Text(value) => return quote::text(value),
        ServerDefault::Sql(sql) => sql.trim(),
    };
    let quoted = sql.starts_with(['\'', '"', '(']);
    let one_word = sql.chars().all(|c| c.is_alphanumeric() || c == '_');
    if quoted || one_word { sql.to_string() } else { format!("({sql})") }
}

fn named(name: Option<&Name>, text: String) -> String {
    match name {
        Some(name) => format!("CONSTRAINT {} {text}", quote::name(&name.text)),
        None => text,
    }
}

fn names(columns: &[String]) -> String {
    columns.iter().map(|name| quote::name(name)).collect::<Vec<_>>().join(", ")
}

/// A constraint of a table, as a line of its own.
pub fn constraint(constraint: &Constraint) -> String {
    let text = match constraint {
        Constraint::PrimaryKey(key) => {
            conflict(format!("PRIMARY KEY ({})", names(&key.columns)), key.on_conflict.as_deref())
        }
        Constraint::Unique(unique) => {
            conflict(format!("UNIQUE ({})", names(&unique.columns)), unique.on_conflict.as_deref())
        }
        Constraint::Check(check) => {
            conflict(format!("CHECK ({})", check.expression), check.on_conflict.as_deref())
        }
        Constraint::ForeignKey(key) => foreign_key(key),
    };
    named(constraint.name(), text)
}

fn foreign_key(key: &ForeignKey) -> String {
    format!("FOREIGN KEY({}) {}", names(&key.columns), references(key))
}

fn references(key: &ForeignKey) -> String {
    let mut text = format!("REFERENCES {}", quote::name(&key.referred_table));
    if !key.referred_columns.is_empty() {
        text.push_str(&format!(" ({})", names(&key.referred_columns)));
    }
    for (words, value) in [
        (" MATCH ", &key.match_type),
        (" ON DELETE ", &key.on_delete),
        (" ON UPDATE ", &key.on_update),
    ] {
        if let Some(action) = value {
            text.push_str(words);
            text.push_str(action);
        }
    }
    match key.deferrable {
        Some(true) => text.push_str(" DEFERRABLE"),
        Some(false) => text.push_str(" NOT DEFERRABLE"),
        None => {}
    }
    if let Some(initially) = &key.initially {
        text.push_str(" INITIALLY ");
        text.push_str(initially);
    }
    text
}

/// CREATE INDEX.
pub fn create_index(index: &Index) -> String {
    let keys: Vec<String> = index
        .keys
        .iter()
        .map(|key| match key {
            IndexKey::Column(name) => quote::name(name),
            IndexKey::Expression(sql) => sql.clone(),
        })
        .collect();
    let unique = if index.unique { "UNIQUE " } else { "" };
    let mut text = format!(
        "CREATE {unique}INDEX {} ON {} ({})",
        quote::name(&index.name.text),
        quote::name(&index.table),
        keys.join(", ")
    );
    if let Some(predicate) = &index.predicate {
        text.push_str(" WHERE ");
        text.push_str(predicate);
    }
    text
}

/// What a statement `PRAGMA foreign_keys = …` switches foreign keys to; `None` if it is another statement.
pub fn switches_foreign_keys(statement: &str) -> Option<bool> {
    let words: Vec<&str> = tokens(statement)
        .into_iter()
        .filter(Token::is_significant)
        .map(|token| token.span.of(statement))
        .collect();
    let value = match words.as_slice() {
        [pragma, schema @ .., name, "=", value] | [pragma, schema @ .., name, "(", value, ")"]
            if pragma.eq_ignore_ascii_case("PRAGMA")
                && quote::unquoted(name).eq_ignore_ascii_case("foreign_keys")
                && matches!(schema, [] | [_, "."]) =>
        {
            quote::unquoted(value).to_ascii_lowercase()
        }
        _ => return None,
    };
    match value.as_str() {
        "on" | "true" | "yes" => Some(true),
        "off" | "false" | "no" => Some(false),
        // SQLite takes any number, and what is none for false.
        number => Some(number.parse::<i64>().is_ok_and(|number| number != 0)),
    }
}

/// What a revision's own SQL may not say, since the engine owns the transaction: the words, or `None`
/// if `statement` is fine.
pub fn forbidden(statement: &str) -> Option<String> {
    let significant: Vec<Token> =
        tokens(statement).into_iter().filter(Token::is_significant).collect();
    let is = |at: usize, word: &str| {
        significant.get(at).is_some_and(|token| {
            matches!(token.kind, TokenKind::Word | TokenKind::Symbol)
                && token.span.of(statement).eq_ignore_ascii_case(word)
        })
    };
    const WHOLE: [&str; 9] = [
        "BEGIN",
        "COMMIT",
        "END",
        "ROLLBACK",
        "SAVEPOINT",
        "RELEASE",
        "ATTACH",
        "DETACH",
        "VACUUM",
    ];
    if let Some(word) = WHOLE.iter().find(|word| is(0, word)) {
        return Some((*word).to_string());
    }
    const PRAGMAS: [&str; 4] =
        ["foreign_keys", "defer_foreign_keys", "legacy_alter_table", "writable_schema"];
    if is(0, "PRAGMA") {
        // The name may be in any quotes.
        let name = significant.get(if is(2, ".") { 3 } else { 1 })?;
        let name = quote::unquoted(name.span.of(statement));
        let pragma = PRAGMAS.iter().find(|pragma| name.eq_ignore_ascii_case(pragma))?;
        return Some(format!("PRAGMA {pragma}"));
    }
    let places = 0..significant.len();
    let pair = |first: &str| places.clone().any(|at| is(at, first) && is(at + 1, "ROLLBACK"));
    // Elsewhere it may be an OR and a column of that name.
    let conflict = |at: usize| (is(at, "INSERT") || is(at, "UPDATE")) && is(at + 1, "OR");
    if places.clone().any(|at| conflict(at) && is(at + 2, "ROLLBACK")) {
        return Some("OR ROLLBACK".into());
    }
    if pair("CONFLICT") {
        return Some("ON CONFLICT ROLLBACK".into());
    }
    places
        .clone()
        .any(|at| is(at, "RAISE") && is(at + 1, "(") && is(at + 2, "ROLLBACK"))
        .then(|| "RAISE(ROLLBACK)".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{CreateTable, Execute};
    use crate::schema::DataType;

    #[test]
    fn create_table_in_sqlalchemys_layout() {
        let mut id = Column::new("id", Some(DataType::plain("Integer")));
        id.nullable = false;
        let title = Column::new("title", Some(DataType::plain("String")));
        let key = PrimaryKey { columns: Vec::from(["id".into()]), ..PrimaryKey::default() };
        let table = Table {
            name: "items".into(),
            columns: Vec::from([id, title]),
            constraints: Vec::from([Constraint::PrimaryKey(key)]),
            ..Table::default()
        };
        assert_eq!(
            operation(&Operation::CreateTable(CreateTable::new(table))).unwrap(),
            [
                "CREATE TABLE items (\n\tid INTEGER NOT NULL, \n\ttitle VARCHAR, \n\tPRIMARY KEY (id)\n)"
            ]
        );
    }

    #[test]
    fn add_column_with_a_default() {
        let mut column = Column::new("Kind", Some(DataType::sized("String", "length", 9)));
        column.default = Some(ServerDefault::Text("it's".into()));
        column.nullable = false;
        let add = Operation::AddColumn(AddColumn::new("order", column));
        assert_eq!(
            operation(&add).unwrap(),
            ["ALTER TABLE \"order\" ADD COLUMN \"Kind\" VARCHAR(9) DEFAULT 'it''s' NOT NULL"]
        );
    }

    #[test]
    fn defaults_get_parentheses_where_sqlite_wants_them() {
        for (sql, written) in [
            ("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"),
            ("1 + 1", "(1 + 1)"),
            ("(1)", "(1)"),
            ("-1", "(-1)"),
        ] {
            assert_eq!(default_sql(&ServerDefault::Sql(sql.into())), written);
        }
    }

    #[test]
    fn execute_is_split_into_statements() {
        let execute = Operation::Execute(Execute::new("UPDATE a SET b = ';'; DELETE FROM c;"));
        assert_eq!(operation(&execute).unwrap(), ["UPDATE a SET b = ';'", "DELETE FROM c"]);
    }

    #[test]
    fn what_switches_foreign_keys_is_known() {
        for (statement, switch) in [
            ("PRAGMA foreign_keys=OFF", Some(false)),
            ("pragma main.\"foreign_keys\" = 1 -- on", Some(true)),
            ("PRAGMA foreign_keys(no)", Some(false)),
            ("PRAGMA foreign_keys = 'yes'", Some(true)),
            ("PRAGMA foreign_keys", None),
            ("PRAGMA foreign_key_check(t)", None),
            ("SELECT foreign_keys = 1", None),
        ] {
            assert_eq!(switches_foreign_keys(statement), switch, "{statement}");
        }
    }

    #[test]
    fn what_would_break_the_transaction_is_forbidden() {
        for (statement, words) in [
            ("commit", "COMMIT"),
            ("/* x */ BEGIN IMMEDIATE", "BEGIN"),
            ("pragma Foreign_Keys = off", "PRAGMA foreign_keys"),
            ("PRAGMA main.foreign_keys(0)", "PRAGMA foreign_keys"),
            ("PRAGMA main.[writable_schema]=1", "PRAGMA writable_schema"),
            ("PRAGMA 'legacy_alter_table'=1", "PRAGMA legacy_alter_table"),
            ("INSERT OR ROLLBACK INTO t VALUES (1)", "OR ROLLBACK"),
            ("CREATE TABLE t (a UNIQUE ON CONFLICT ROLLBACK)", "ON CONFLICT ROLLBACK"),
            (
                "CREATE TRIGGER g BEFORE DELETE ON t BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
                "RAISE(ROLLBACK)",
            ),
        ] {
            assert_eq!(forbidden(statement).as_deref(), Some(words), "{statement}");
        }
        for fine in [
            "INSERT INTO t VALUES ('COMMIT')",
            "PRAGMA user_version = 3",
            "SELECT a OR rollback FROM t",
            "SELECT 'a' OR b",
        ] {
            assert_eq!(forbidden(fine), None, "{fine}");
        }
    }
}
