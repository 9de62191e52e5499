//! The readers of CREATE TABLE and CREATE INDEX on every statement that there is: what they give covers the
//! text byte for byte, and means what SQLite says that it means.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "programs/mod.rs"]
mod programs;

use ambix_core::engine::Value;
use ambix_core::schema::{Constraint, ForeignKey};
use ambix_core::sqlite::create_table::{ClauseKind, ColumnText, CreateTable};
use ambix_core::sqlite::{create_index, create_table, quote, split};
use ambix_tests::random_schema::RandomSchema;
use ambix_tests::{covered, rows};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// Statements written for this test.
const OWN: &str = include_str!("../recorded/create.sql");

/// Recorded cases, in which there are CREATE statements.
const RECORDED: [&str; 3] = [
    include_str!("../recorded/cli.jsonl"),
    include_str!("../recorded/graph.jsonl"),
    include_str!("../recorded/script.jsonl"),
];

/// So many different statements at least.
const AT_LEAST: usize = 2_000;

/// What was read so far, and what was wrong.
#[derive(Default)]
struct Corpus {
    accepted: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Corpus {
    /// Takes a statement that the database has just run, as it was typed and as it was stored.
    fn take(&mut self, database: &Connection, typed: &str) {
        let last = "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' \
                    UNION ALL SELECT type, name, sql FROM sqlite_temp_schema WHERE sql IS NOT NULL";
        let objects = rows(database, last).unwrap().rows;
        let Some(object) = objects.last() else { return };
        let [kind, name, stored] = [0, 1, 2].map(|at| object[at].as_text().unwrap());
        for sql in [typed, stored] {
            if !self.accepted.insert(sql.to_string()) {
                continue;
            }
            if let Err(problem) = judge(database, kind, name, sql) {
                self.wrong.push(format!("{problem}\n{sql}\n"));
            }
        }
    }

    fn end(self, at_least: usize) {
        let shown: Vec<_> = self.wrong.iter().take(12).cloned().collect();
        let (wrong, all) = (self.wrong.len(), self.accepted.len());
        assert!(wrong == 0, "{wrong} of {all} are read wrong:\n{}", shown.join("\n"));
        assert!(all >= at_least, "only {all} statements");
    }
}

type Judged = Result<(), String>;

fn judge(database: &Connection, kind: &str, name: &str, sql: &str) -> Judged {
    match kind {
        "table" if sql.to_ascii_uppercase().contains(" AS SELECT") => Ok(()),
        "table" => {
            let read = create_table::read(sql).map_err(|error| {
                format!("expected {} at {:?}", error.expected, error.span.of(sql))
            })?;
            same("the text", covered::table(sql, &read, true)?, sql.to_string())?;
            table_means(database, name, sql, &read)
        }
        "index" => {
            let read = create_index::read_text(sql).map_err(|error| {
                format!("expected {} at {:?}", error.expected, error.span.of(sql))
            })?;
            same("the text", covered::index(sql, &read, true)?, sql.to_string())?;
            index_means(database, name, &read)
        }
        _ => same("the statements", split::statements(sql).len(), 1),
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, ours: T, theirs: T) -> Judged {
    match ours == theirs {
        true => Ok(()),
        false => Err(format!("{what}: {ours:?}, and SQLite says {theirs:?}")),
    }
}

fn asked(database: &Connection, select: &str, name: &str) -> Vec<Vec<Value>> {
    rows(database, &select.replace('?', &quote::text(name))).unwrap().rows
}

fn text(value: &Value) -> String {
    value.as_text().unwrap_or_default().to_string()
}

fn table_means(database: &Connection, name: &str, sql: &str, read: &CreateTable) -> Judged {
    same("the name", read.table.name.as_str(), name)?;
    let columns = asked(
        database,
        "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?)",
        name,
    );
    same("the number of columns", read.columns.len(), columns.len())?;
    let key = read.table.primary_key().map(|key| key.columns.clone()).unwrap_or_default();
    for ((column, part), theirs) in read.table.columns.iter().zip(&read.columns).zip(&columns) {
        same("the name of a column", column.name.clone(), text(&theirs[0]))?;
        let of = |what: &str| format!("{what} of {}", column.name);
        // SQLite writes the names of its own types in upper case.
        let declared = declared(part.declared_type.of(sql));
        if column.generated.is_some() {
            let begins = words(&text(&theirs[1])).starts_with(&words(&declared));
            same(&of("the beginning of the type"), begins, true)?;
        } else if !declared.eq_ignore_ascii_case(&text(&theirs[1])) {
            same(&of("the type"), declared, text(&theirs[1]))?;
        }
        let not_null = Value::Integer(i64::from(!column.nullable));
        same(&of("NOT NULL"), not_null, theirs[2].clone())?;
        same(&of("the default"), default(sql, part), theirs[3].as_text().map(String::from))?;
        let place = key.iter().position(|key| key.eq_ignore_ascii_case(&column.name));
        let place = place.map_or(0, |place| place as i64 + 1);
        same(&of("the place in the key"), Value::Integer(place), theirs[4].clone())?;
        let hidden = match &column.generated {
            None => 0,
            Some(generated) if generated.stored == Some(true) => 3,
            Some(_) => 2,
        };
        same(&of("what it is generated from"), Value::Integer(hidden), theirs[5].clone())?;
    }
    foreign_keys_mean(database, name, read)?;
    uniques_mean(database, name, read)?;
    let options = asked(database, "SELECT strict, wr FROM pragma_table_list WHERE name = ?", name);
    let options: Vec<bool> = options[0].iter().map(|value| *value == Value::Integer(1)).collect();
    let ours = read.table.options;
    same("the options", vec![ours.strict, ours.without_rowid], options)?;
    let words: Vec<String> = tokens_of(sql);
    same("AUTOINCREMENT", ours.autoincrement, words.contains(&"AUTOINCREMENT".to_string()))
}

/// The type as SQLite keeps it (`sqlite3AddColumn`): without GENERATED ALWAYS behind it, and without the
/// quotes that it begins with and what follows them.
fn declared(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut kept = text;
    if lower.len() >= 16 && lower.ends_with("always") {
        kept = text[..text.len() - 6].trim_end();
        if kept.to_ascii_lowercase().ends_with("generated") {
            kept = kept[..kept.len() - 9].trim_end();
        }
    }
    match kept.chars().next() {
        Some('"' | '[' | '`' | '\'') => {
            let tokens = ambix_core::sqlite::token::tokens(kept);
            quote::unquoted(tokens[0].span.of(kept))
        }
        _ => kept.to_string(),
    }
}

fn tokens_of(sql: &str) -> Vec<String> {
    use ambix_core::sqlite::token::{TokenKind, tokens};
    let words = tokens(sql).into_iter().filter(|token| token.kind == TokenKind::Word);
    words.map(|token| token.span.of(sql).to_ascii_uppercase()).collect()
}

/// The tokens of a type. Before GENERATED ALWAYS, SQLite counts comments and GENERATED to the type.
fn words(declared: &str) -> String {
    ambix_core::sqlite::token::normalised(declared).to_ascii_lowercase()
}

/// The default as `table_xinfo` has it: an expression without its parentheses.
fn default(sql: &str, column: &ColumnText) -> Option<String> {
    let value = column.clause(ClauseKind::Default)?.inner.of(sql);
    let inner = value.strip_prefix('(').and_then(|value| value.strip_suffix(')'));
    // SQLite counts only ASCII's white space.
    let is_blank = |letter: char| letter.is_ascii_whitespace() || letter == '\x0b';
    Some(inner.map_or(value, |inner| inner.trim_matches(is_blank)).to_string())
}

fn foreign_keys_mean(database: &Connection, name: &str, read: &CreateTable) -> Judged {
    let select = "SELECT id, \"table\", \"from\", \"to\", on_update, on_delete \
                  FROM pragma_foreign_key_list(?) ORDER BY id DESC, seq";
    let action = |action: &Option<String>| action.clone().unwrap_or("NO ACTION".into());
    let mut ours = Vec::new();
    let keys = read.table.constraints.iter().filter_map(|constraint| match constraint {
        Constraint::ForeignKey(key) => Some(key),
        _ => None,
    });
    let keys: Vec<&ForeignKey> = keys.collect();
    for (nth, key) in keys.iter().enumerate() {
        for (at, own) in key.columns.iter().enumerate() {
            ours.push(vec![
                (keys.len() - 1 - nth).to_string(),
                key.referred_table.clone(),
                own.to_ascii_lowercase(),
                key.referred_columns.get(at).cloned().unwrap_or_default(),
                action(&key.on_update),
                action(&key.on_delete),
            ]);
        }
    }
    let theirs: Vec<Vec<String>> = asked(database, select, name)
        .iter()
        .map(|row| {
            let Value::Integer(id) = row[0] else { panic!("an id") };
            let mut line = vec![id.to_string()];
            line.extend(row[1..].iter().map(text));
            line[2] = line[2].to_ascii_lowercase();
            line
        })
        .collect();
    same("the foreign keys", ours, theirs)
}

fn uniques_mean(database: &Connection, name: &str, read: &CreateTable) -> Judged {
    let mut ours = BTreeSet::new();
    let columns = |names: &[String]| {
        let mut columns: Vec<String> = Vec::new();
        for name in names.iter().map(|name| name.to_ascii_lowercase()) {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
        columns
    };
    for constraint in &read.table.constraints {
        match constraint {
            // The rowid by another name needs no index.
            Constraint::PrimaryKey(_) if create_table::rowid_column(read).is_some() => {}
            Constraint::PrimaryKey(key) => _ = ours.insert(columns(&key.columns)),
            Constraint::Unique(unique) => _ = ours.insert(columns(&unique.columns)),
            _ => {}
        }
    }
    let lists = asked(database, "SELECT name FROM pragma_index_list(?) WHERE origin <> 'c'", name);
    let theirs = lists.iter().map(|index| {
        let select = "SELECT name FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno";
        let names = asked(database, select, &text(&index[0]));
        columns(&names.iter().map(|row| text(&row[0])).collect::<Vec<_>>())
    });
    same("the unique columns", ours, theirs.collect())
}

fn index_means(database: &Connection, name: &str, read: &create_index::CreateIndex) -> Judged {
    same("the name", read.index.name.text.as_str(), name)?;
    let select = "SELECT tbl_name FROM sqlite_schema WHERE type = 'index' AND name = ?";
    let table = text(&asked(database, select, name)[0][0]);
    same("the table", read.index.table.to_ascii_lowercase(), table.to_ascii_lowercase())?;
    let select = "SELECT \"unique\", partial FROM pragma_index_list(\u{1}) WHERE name = ?";
    let said = asked(database, &select.replace('\u{1}', &quote::text(&table)), name);
    let ours = [read.index.unique, read.predicate.is_some()];
    same("UNIQUE and WHERE", ours.map(i64::from).map(Value::Integer).to_vec(), said[0].clone())?;
    let keys = asked(database, "SELECT name FROM pragma_index_xinfo(?) WHERE key = 1", name);
    same("the number of keys", read.keys.len(), keys.len())?;
    for (ours, theirs) in read.index.keys.iter().zip(&keys) {
        if let ambix_core::schema::IndexKey::Column(column) = ours {
            same("a key", column.to_ascii_lowercase(), text(&theirs[0]).to_ascii_lowercase())?;
        }
    }
    Ok(())
}

/// Runs the CREATE statements of a text, each table in a database of its own.
fn run(corpus: &mut Corpus, sql: &str, must_work: bool) -> usize {
    let mut database = Connection::open_in_memory().unwrap();
    let mut count = 0;
    for span in split::statements(sql) {
        let statement = span.of(sql);
        let words = tokens_of(statement);
        if words.first().is_none_or(|word| word != "CREATE") {
            continue;
        }
        if !words.iter().take(4).any(|word| ["INDEX", "VIEW", "TRIGGER"].contains(&word.as_str())) {
            database = Connection::open_in_memory().unwrap();
        }
        match database.execute_batch(statement) {
            Ok(()) => corpus.take(&database, statement),
            Err(error) if must_work => corpus.wrong.push(format!("{error}\n{statement}")),
            Err(_) => {}
        }
        count += 1;
    }
    count
}

/// All texts anywhere in a value of JSON.
fn texts(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => found.push(text.clone()),
        serde_json::Value::Array(list) => list.iter().for_each(|value| texts(value, found)),
        serde_json::Value::Object(map) => map.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

#[test]
fn every_statement_is_covered_and_means_what_sqlite_says() {
    let mut corpus = Corpus::default();
    let own = run(&mut corpus, OWN, true);
    assert!(own >= 300, "only {own} statements of our own");
    run(&mut corpus, &OWN.replace('\n', "\r\n"), true);
    for line in RECORDED.iter().flat_map(|file| file.lines()) {
        let mut found = Vec::new();
        texts(&serde_json::from_str(line).unwrap(), &mut found);
        for sql in found.iter().filter(|text| text.contains("CREATE ")) {
            let from = sql.find("CREATE ").unwrap_or_default();
            run(&mut corpus, &sql[from..], false);
        }
    }
    for seed in 1..=programs::sample(250, 20_000) {
        let schema = RandomSchema::new(seed);
        let database = Connection::open_in_memory().unwrap();
        for statement in &schema.statements {
            database.execute_batch(statement).unwrap();
            corpus.take(&database, statement);
        }
    }
    corpus.end(AT_LEAST);
}
