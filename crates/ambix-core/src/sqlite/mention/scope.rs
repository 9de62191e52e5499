//! What a name can mean in a place of a statement: the tables that are read or written there, with their
//! aliases and their columns.

use super::{Mention, walk};
use crate::sqlite::create_table;
use crate::sqlite::objects::{ObjectKind, Objects};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};

/// A column that a subquery, a view or a table gives.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub(super) name: String,
    /// Whether it has its name from the column that is looked for, so that it changes with it.
    pub(super) through: bool,
}

impl Output {
    pub(super) fn new(name: String) -> Self {
        Self { name, through: false }
    }
}

/// The columns of something in FROM.
#[derive(Clone, Debug)]
pub(super) enum Columns {
    /// It is the table that is looked for.
    Target,
    Known(Vec<Output>),
    Unknown,
}

/// Something in FROM, or the table that a statement writes to.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// Its alias, or its name if it has none.
    pub(super) name: String,
    pub(super) aliased: bool,
    pub(super) columns: Columns,
}

/// The names that one SELECT, or one statement of a trigger, sees.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    pub(super) sources: Vec<Source>,
    /// The tables of WITH.
    pub(super) tables: Vec<Source>,
    /// The names after AS in the list of results.
    pub(super) aliases: Vec<String>,
}

/// What a source says about a column.
enum Has {
    Target,
    Through,
    Other,
    No,
    Unknown,
}

impl Source {
    fn has(&self, column: &str) -> Has {
        match &self.columns {
            Columns::Target => Has::Target,
            Columns::Unknown => Has::Unknown,
            Columns::Known(outputs) => {
                match outputs.iter().find(|output| output.name.eq_ignore_ascii_case(column)) {
                    Some(output) if output.through => Has::Through,
                    Some(_) => Has::Other,
                    None => Has::No,
                }
            }
        }
    }

    /// Whether it has that column for sure.
    pub(super) fn has_known(&self, column: &str) -> bool {
        matches!(self.has(column), Has::Through | Has::Other)
    }

    pub(super) fn is_target(&self) -> bool {
        matches!(self.columns, Columns::Target)
    }
}

/// What `column` without a table before it means in the innermost of `scopes`: the column of the table
/// that is looked for, or another's. `sorts` says that it stands in GROUP BY, HAVING or ORDER BY, where an
/// alias of the same name is meant first.
pub(super) fn bare(scopes: &[Scope], column: &str, sorts: bool) -> Mention {
    let mut doubt = false;
    for (nth, scope) in scopes.iter().rev().enumerate() {
        let (mut target, mut other) = (false, false);
        for source in &scope.sources {
            match source.has(column) {
                Has::Target => target = true,
                Has::Through => return Mention::Perhaps,
                Has::Other => other = true,
                Has::Unknown => doubt = true,
                Has::No => {}
            }
        }
        if scope.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(column)) {
            doubt |= (sorts && nth == 0) || (!target && !other);
        }
        if target {
            return if other || doubt { Mention::Perhaps } else { Mention::Yes };
        }
        if other {
            return Mention::No;
        }
    }
    Mention::No
}

/// The source that `name.` means in the innermost of `scopes`. Where several have the name, it is the one
/// that has the column behind the dot.
pub(super) fn qualified<'a>(
    scopes: &'a [Scope],
    name: &str,
    has_column: impl Fn(&Source) -> bool,
) -> Option<&'a Source> {
    let is_named = |source: &&Source| source.name.eq_ignore_ascii_case(name);
    scopes.iter().rev().find_map(|scope| {
        let mut named = scope.sources.iter().filter(is_named);
        let first = named.next()?;
        let Some(second) = named.next() else { return Some(first) };
        let mut all = [first, second].into_iter().chain(named);
        Some(all.find(|source| has_column(source)).unwrap_or(first))
    })
}

/// What `column` means behind the name of that source.
pub(super) fn in_source(source: &Source, column: &str) -> Mention {
    match source.has(column) {
        Has::Target => Mention::Yes,
        Has::Through => Mention::Perhaps,
        Has::Other | Has::No | Has::Unknown => Mention::No,
    }
}

/// Views that read views that read views: deeper than this, their columns are unknown.
const DEEPEST: usize = 2;

/// The columns of the table or view of that name, as far as the texts tell.
pub(super) fn columns_of(objects: &Objects, name: &str, depth: usize) -> Columns {
    let known = |names: &[&str]| {
        Columns::Known(names.iter().map(|name| Output::new((*name).to_string())).collect())
    };
    let lower = name.to_ascii_lowercase();
    if matches!(lower.as_str(), "sqlite_schema" | "sqlite_master") {
        return known(&["type", "name", "tbl_name", "rootpage", "sql"]);
    }
    let mut named = objects.all.iter().filter(|object| object.name.eq_ignore_ascii_case(name));
    let Some((object, sql)) = named.find_map(|object| match object.kind {
        ObjectKind::Table | ObjectKind::View => Some((object, object.sql()?)),
        _ => None,
    }) else {
        return Columns::Unknown;
    };
    if object.kind == ObjectKind::View {
        return match depth < DEEPEST {
            true => walk::columns_of_view(objects, sql, depth + 1),
            false => Columns::Unknown,
        };
    }
    match create_table::read(sql) {
        Ok(read) => Columns::Known(
            read.table.columns.into_iter().map(|column| Output::new(column.name)).collect(),
        ),
        Err(_) => Columns::Unknown,
    }
}

/// The columns of the table-valued functions that every SQLite has.
pub(super) fn columns_of_function(name: &str) -> Columns {
    const JSON: [&str; 8] = ["key", "value", "type", "atom", "id", "parent", "fullkey", "path"];
    match name.to_ascii_lowercase().as_str() {
        "json_each" | "json_tree" => {
            Columns::Known(JSON.iter().map(|name| Output::new((*name).to_string())).collect())
        }
        _ => Columns::Unknown,
    }
}
