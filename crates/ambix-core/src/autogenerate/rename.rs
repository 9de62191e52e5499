//! Tables and columns that may have got another name, where a comparison sees one go and another one come.

use super::Rules;
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::{AlterTable, Operation, TableChange};
use crate::schema::{Column, Schema, Table};
use crate::script::statements;
use crate::sqlite::catalog;
use crate::sqlite::objects::Objects;
use alloc::{format, string::String, vec, vec::Vec};
use core::fmt;

/// Another name for a table, or for a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The table of the column; `None` for the name of a table.
    pub table: Option<String>,
    /// The name in the database.
    pub from: String,
    /// The name in the models.
    pub to: String,
}

/// A rename that is likely, and why. Nobody but a person can know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What it would be.
    pub rename: Rename,
    /// What speaks for it, in words: `the same type TEXT`.
    pub evidence: Vec<String>,
}

impl Rename {
    /// Reads `users:people` (tables) or `items.name:items.title` (a column; the table may be left out the second time).
    ///
    /// # Errors
    /// If it is neither.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let refused = || {
            Diagnostic::error(Code::InvalidOptions, format!("{text:?} does not say a rename"))
                .hint("a table is renamed by old:new, a column by table.old:new")
        };
        let (from, to) = text.split_once(':').ok_or_else(refused)?;
        let read = match (from.rsplit_once('.'), to.rsplit_once('.')) {
            (None, None) => Self { table: None, from: from.into(), to: to.into() },
            (Some((table, from)), None) => {
                Self { table: Some(table.into()), from: from.into(), to: to.into() }
            }
            (Some((table, from)), Some((again, to))) if table == again => {
                Self { table: Some(table.into()), from: from.into(), to: to.into() }
            }
            _ => return Err(refused()),
        };
        match read.from.is_empty() || read.to.is_empty() {
            true => Err(refused()),
            false => Ok(read),
        }
    }

    /// The operation that carries it out.
    pub fn operation(&self) -> Operation {
        let (from, to) = (self.from.clone(), self.to.clone());
        let (table, change) = match &self.table {
            None => (from, TableChange::RenameTable { to }),
            Some(table) => (table.clone(), TableChange::RenameColumn { from, to }),
        };
        Operation::AlterTable(AlterTable { table, changes: vec![change], ..AlterTable::default() })
    }

    /// The schema of a database after it: what mentions the name follows, as SQLite's own statement does it.
    #[must_use]
    pub fn applied_to(&self, schema: &Schema) -> Schema {
        let mut objects = Objects::of(schema);
        for statement in statements(&[self.operation()]).unwrap_or_default() {
            objects.follow(&statement);
        }
        catalog::schema(&objects).0
    }

    /// Whether the database has what is renamed and the models have only what it becomes.
    ///
    /// # Errors
    /// What is not so.
    pub fn check(
        &self,
        database: &Schema,
        models: &Schema,
        rules: &Rules,
    ) -> Result<(), Diagnostic> {
        let has = |schema: &Schema, name: &str| match &self.table {
            None => find(schema, name, rules).is_some(),
            Some(table) => find(schema, table, rules)
                .is_some_and(|table| table.columns.iter().any(|it| rules.is_same(&it.name, name))),
        };
        let wrong = match (has(database, &self.from), has(models, &self.to)) {
            (false, _) => format!("the database has no {}", self.shown(&self.from)),
            (_, false) => format!("the models have no {}", self.shown(&self.to)),
            _ if has(models, &self.from) => {
                format!("the models still have {}", self.shown(&self.from))
            }
            _ if has(database, &self.to) => {
                format!("the database has {} already", self.shown(&self.to))
            }
            _ => return Ok(()),
        };
        Err(Diagnostic::error(Code::InvalidOptions, format!("--rename {self}: {wrong}"))
            .hint("tables are renamed first: the table of a column has its name in the models"))
    }

    /// The word of a command line that says it, in quotes where a shell needs them.
    pub fn word(&self) -> String {
        let word = format!("{self}");
        match word.chars().all(|c| c.is_alphanumeric() || "_.:".contains(c)) {
            true => word,
            false => format!("'{}'", word.replace('\'', "'\\''")),
        }
    }

    fn shown(&self, name: &str) -> String {
        match &self.table {
            None => format!("table {name}"),
            Some(table) => format!("column {table}.{name}"),
        }
    }
}

/// As `--rename` takes it.
impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.table {
            None => write!(f, "{}:{}", self.from, self.to),
            Some(table) => write!(f, "{table}.{}:{table}.{}", self.from, self.to),
        }
    }
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rename { table, from, to } = &self.rename;
        match table {
            None => write!(f, "table {from} goes and {to} comes")?,
            Some(table) => write!(f, "column {table}.{from} goes and {table}.{to} comes")?,
        }
        write!(f, " ({})", self.evidence.join(", "))
    }
}

fn find<'a>(schema: &'a Schema, name: &str, rules: &Rules) -> Option<&'a Table> {
    schema.tables.iter().find(|table| rules.is_same(&table.name, name))
}

/// The tables that may have been renamed: at least half of the columns of both are the same, in name and
/// type, and not a single one of several, as every table has an id. No table
/// is in two of them.
pub fn renamed_tables(database: &Schema, models: &Schema, rules: &Rules) -> Vec<Candidate> {
    let gone = database.tables.iter().filter(|table| find(models, &table.name, rules).is_none());
    let come = models.tables.iter().filter(|table| find(database, &table.name, rules).is_none());
    let come: Vec<&Table> = come.collect();
    let pairs = gone.flat_map(|from| come.iter().map(move |to| (from, *to)));
    let likely = pairs.filter_map(|(from, to)| {
        let same = |column: &&Column| {
            to.columns
                .iter()
                .any(|it| rules.is_same(&it.name, &column.name) && is_alike(it, column))
        };
        let same = from.columns.iter().filter(same).count();
        let all = from.columns.len() + to.columns.len() - same;
        let evidence = format!("{same} of {all} columns are the same");
        (same * 2 >= all && (same > 1 || all == 1)).then(|| {
            let rename = Rename { table: None, from: from.name.clone(), to: to.name.clone() };
            (same * 1000 / all, Candidate { rename, evidence: vec![evidence] })
        })
    });
    best(likely.collect())
}

/// The columns of tables that both have which may have been renamed: of one type, and at the same place, alike in name,
/// or the only ones that go and come. No column is in two of them.
pub fn renamed_columns(database: &Schema, models: &Schema, rules: &Rules) -> Vec<Candidate> {
    let mut all = Vec::new();
    for to_table in &models.tables {
        let Some(from_table) = find(database, &to_table.name, rules) else { continue };
        let is_in = |table: &Table, column: &Column| {
            table.columns.iter().any(|it| rules.is_same(&it.name, &column.name))
        };
        let changed = |one: &'_ Table, other: &Table| -> Vec<usize> {
            (0..one.columns.len()).filter(|at| !is_in(other, &one.columns[*at])).collect()
        };
        let (gone, come) = (changed(from_table, to_table), changed(to_table, from_table));
        let mut likely = Vec::new();
        for from_at in &gone {
            for to_at in &come {
                let (from, to) = (&from_table.columns[*from_at], &to_table.columns[*to_at]);
                if !is_alike(from, to) {
                    continue;
                }
                let data_type = from.data_type.as_ref().and_then(|it| it.bare_sql().ok());
                let mut evidence = vec![match data_type {
                    Some(sql) if !sql.is_empty() => format!("the same type {sql}"),
                    _ => "both without a type".into(),
                }];
                let mut score = 0;
                if from_at == to_at {
                    evidence.push("the same place".into());
                    score += 2;
                }
                if is_similar(&from.name, &to.name) {
                    evidence.push("a similar name".into());
                    score += 2;
                }
                if gone.len() == 1 && come.len() == 1 {
                    evidence.push("nothing else goes or comes".into());
                    score += 1;
                }
                if from.nullable == to.nullable && from.default == to.default {
                    score += 1;
                }
                if evidence.len() > 1 {
                    let (from, to) = (from.name.clone(), to.name.clone());
                    let rename = Rename { table: Some(to_table.name.clone()), from, to };
                    likely.push((score, Candidate { rename, evidence }));
                }
            }
        }
        all.extend(best(likely));
    }
    all
}

/// Whether values of the one can be those of the other.
fn is_alike(one: &Column, other: &Column) -> bool {
    let sql = |column: &Column| {
        let data_type = column.data_type.as_ref();
        data_type.and_then(|it| it.bare_sql().ok()).unwrap_or_default().to_ascii_uppercase()
    };
    one.generated.is_some() == other.generated.is_some() && sql(one) == sql(other)
}

/// Whether one name has the other in it, or half of the letters of both are common at their beginnings and ends.
fn is_similar(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
    let is_in = |long: &str, short: &str| short.len() > 1 && long.contains(short);
    let start = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let rest = one.len().min(other.len()) - start;
    let ends = one.bytes().rev().zip(other.bytes().rev());
    let end = ends.take(rest).take_while(|(a, b)| a == b).count();
    is_in(&one, &other) || is_in(&other, &one) || (start + end) * 2 >= one.len().max(other.len())
}

/// The likeliest ones, each name once.
fn best(mut likely: Vec<(usize, Candidate)>) -> Vec<Candidate> {
    // Stable: of two that are as likely, the first in the database counts.
    crate::sort::sort_by(&mut likely, |(one, _), (other, _)| other.cmp(one));
    let mut best: Vec<Candidate> = Vec::new();
    for (_, candidate) in likely {
        let is_taken = |it: &Candidate| {
            it.rename.from == candidate.rename.from || it.rename.to == candidate.rename.to
        };
        if !best.iter().any(is_taken) {
            best.push(candidate);
        }
    }
    best
}
