//! Content that is kept when a revision drops it or changes it, so that its downgrade brings it back
//! (`keep_data`).
//!
//! Before a column or a table is dropped, its values go into a table of their own, in the same list; so do values
//! that change with the type of their column, and rows and values that go because they refer to a dropped table.
//! The table's text says whose they are, in a comment that SQLite stores with it; its name is made of that. So the
//! catalogue alone knows what is kept: the same way for a database, for `--sql`, and for the downgrade in the
//! journal. Its columns have no types, so that values stay what they are, byte for byte.
//!
//! The downgrade drops what it brought back. A table that nothing took stays, since somebody asked to keep it. When
//! the same revision keeps something again, what is left from before is set aside under another name: the last that
//! was kept always has the name that a script without a database (`--sql`) expects. Its next downgrade may take what
//! was set aside, if the last does not; else such tables are dropped by hand. Only a script that upgrades cannot know
//! of them, and replaces one of the same name.

mod back;
mod keep;

pub(super) use back::bring_back;
pub(super) use keep::{keep, settle};

use super::Model;
use crate::operation::loss::Affinity;
use crate::revision::RevisionId;
use crate::sqlite::alter::Piece;
use crate::sqlite::create_table::{self, CreateTable, rowid_column};
use crate::sqlite::objects::{Object, ObjectKind};
use crate::sqlite::quote;
use alloc::{format, string::String, vec::Vec};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How the names of the tables begin.
pub const KEPT: &str = "_ambix_kept_";

/// Whether a table of that name holds kept content.
pub fn is_kept(table: &str) -> bool {
    table.get(..KEPT.len()).is_some_and(|start| start.eq_ignore_ascii_case(KEPT))
}

/// Whose content a table holds, as its text says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    /// The table that holds it.
    #[serde(skip)]
    name: String,
    revision: String,
    /// Its place in what is kept of the revision. What went last comes back first.
    #[serde(default)]
    number: u32,
    /// The table, by its name when it was dropped or lost the column.
    table: String,
    /// The column; all of the table if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    /// By which columns its rows are found; by the rowid if there are none, or where one of them is NULL.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    keys: Vec<String>,
    /// The columns of a table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    columns: Vec<String>,
    /// The table that was dropped, if the rows of `table`, or the values of the column, went because they refer to
    /// it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    /// The types before and after, if the values changed with the type of the column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    types: Option<(String, String)>,
    /// Whether the column came with the downgrade, and cannot be filled yet.
    #[serde(skip)]
    came: bool,
}

impl Kept {
    /// What a revision drops now: its table gets a name that is free.
    fn new(revision: &RevisionId, table: String, column: Option<String>, model: &Model) -> Self {
        let numbers = of_revision(model, revision).into_iter().map(|kept| kept.number);
        let mut kept = Self {
            name: String::new(),
            revision: revision.as_str().into(),
            number: numbers.max().unwrap_or_default().saturating_add(1),
            table,
            column,
            keys: Vec::new(),
            columns: Vec::new(),
            parent: None,
            types: None,
            came: false,
        };
        kept.name = kept.free_name(&kept.first_name(), model);
        kept
    }

    /// A name like this one that no table has.
    fn free_name(&self, first: &str, model: &Model) -> String {
        let is_free =
            |name: &String| model.table(name).is_none() && model.table(&sequence(name)).is_none();
        let names = (1_u32..).map(|number| match number {
            1 => first.into(),
            _ => format!("{first}_{number}"),
        });
        names.into_iter().find(is_free).unwrap_or_default()
    }

    /// The name of the table, if it is free.
    fn first_name(&self) -> String {
        let mut hash = Sha256::new();
        for part in [&self.revision, &self.table, self.column.as_ref().unwrap_or(&String::new())] {
            hash.update(part.to_ascii_lowercase());
            hash.update([0]);
        }
        let digest = hash.finalize();
        let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("{KEPT}{hex}")
    }

    /// The table that holds the number which AUTOINCREMENT has reached.
    fn sequence(&self) -> String {
        sequence(&self.name)
    }

    /// What a table of that text holds.
    fn read(object: &Object) -> Option<Self> {
        let sql = object.sql().filter(|_| is_kept(&object.name))?;
        let (_, comment) = sql.split_once("/*")?;
        let (json, _) = comment.split_once("*/")?;
        let kept: Self = serde_json::from_str(json).ok()?;
        Some(Self { name: object.name.clone(), ..kept })
    }

    /// The comment that says it. A slash in a name must not end it.
    fn comment(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        format!("/* {} */", json.replace("*/", "*\\/"))
    }

    /// Whether the table has it, with values of its own: of what changed with the type of its column, whether
    /// that stores again what it stored before; of what went with another table, whether that is there.
    fn is_there(&self, model: &Model) -> bool {
        let Some(read) = definition(model, &self.table) else { return false };
        let has_parent = || match &self.parent {
            Some(parent) => model.table(parent).is_some(),
            None => true,
        };
        let Some(column) = &self.column else { return has_parent() };
        let is_it = |name: &str| name.eq_ignore_ascii_case(column);
        let Some(at) = read.table.columns.iter().position(|it| is_it(&it.name)) else {
            return false;
        };
        let declared = read.columns.get(at).map(|it| it.declared_type);
        let declared = declared.zip(model.table(&self.table)).map(|(span, sql)| span.of(sql));
        let is_again = match (&self.types, declared) {
            (Some((was, became)), Some(declared)) => {
                let affinity = |declared: &str| Affinity::of(declared, read.table.options.strict);
                !declared.eq_ignore_ascii_case(became) && affinity(declared) == affinity(was)
            }
            _ => true,
        };
        read.table.columns[at].generated.is_none() && is_again && has_parent()
    }

    /// Whether it is gone as a whole, not changed, nor gone with something else.
    fn is_dropped(&self) -> bool {
        self.parent.is_none() && self.types.is_none()
    }

    /// Whether it may come back later than the column or the table does.
    fn can_wait(&self) -> bool {
        self.column.is_none() || self.parent.is_some()
    }

    /// Whether the rows can be found that it belongs to.
    fn finds_rows(&self, model: &Model) -> bool {
        let Some(read) = definition(model, &self.table) else { return false };
        self.column.is_none()
            || self.keys.iter().all(|key| read.table.column(key).is_some())
                && (!self.has_rowids(model) || rowid(&read).is_some())
    }

    /// Whether it is kept with the rowid of each row.
    fn has_rowids(&self, model: &Model) -> bool {
        definition(model, &self.name).is_some_and(|own| own.table.column("row").is_some())
    }

    /// Whether it is of the same name.
    fn is_namesake(&self, other: &Self) -> bool {
        let column = |kept: &Self| kept.column.as_ref().map(|name| name.to_ascii_lowercase());
        self.table.eq_ignore_ascii_case(&other.table)
            && column(self) == column(other)
            && self.parent.is_some() == other.parent.is_some()
            && self.types.is_some() == other.types.is_some()
    }

    /// That a row of the table, `kept` being the table that holds the content, is the one that a row of `kept` is
    /// of. `key` gives each column of the key the name that it has here.
    fn finds(&self, read: &CreateTable, has_rowids: bool, key: &dyn Fn(&str) -> String) -> String {
        let table = quote::name(&read.table.name);
        let keys = |operator: &str| {
            let equal = |(at, name): (usize, &String)| {
                format!("kept.k{} {operator} {table}.{}", at + 1, quote::name(&key(name)))
            };
            self.keys.iter().enumerate().map(equal).collect::<Vec<String>>()
        };
        let found = keys("=").join(" AND ");
        if !has_rowids {
            return found;
        }
        let rowid = rowid(read).unwrap_or_else(|| "rowid".into());
        let mut same = keys("IS");
        same.insert(0, format!("kept.row = {table}.{rowid}"));
        let same = same.join(" AND ");
        if found.is_empty() { same } else { format!("({found} OR {same})") }
    }
}

/// The table that holds the number which AUTOINCREMENT has reached, for what a table of that name holds.
fn sequence(name: &str) -> String {
    format!("{name}_sequence")
}

fn definition(model: &Model, table: &str) -> Option<CreateTable> {
    create_table::read(model.table(table)?).ok()
}

/// Runs a statement in `model` and puts it behind the others.
fn push(pieces: &mut Vec<Piece>, model: &mut Model, sql: String) {
    model.follow(&sql);
    pieces.push(Piece { sql, part: None });
}

/// The rowid by a name that no column has, or the column that it is.
fn rowid(read: &CreateTable) -> Option<String> {
    if let Some(at) = rowid_column(read) {
        return read.table.columns.get(at).map(|column| quote::name(&column.name));
    }
    if read.table.options.without_rowid {
        return None;
    }
    let is_column = |name: &&str| read.table.column(name).is_some();
    ["rowid", "_rowid_", "oid"].into_iter().find(|name| !is_column(name)).map(Into::into)
}

/// What is kept for the downgrade of a revision, the last first.
fn of_revision(model: &Model, revision: &RevisionId) -> Vec<Kept> {
    let kept = model.objects().filter(|object| object.kind == ObjectKind::Table);
    let mut kept: Vec<Kept> =
        kept.filter_map(Kept::read).filter(|kept| kept.revision == revision.as_str()).collect();
    crate::sort::sort_by(&mut kept, |one, other| {
        (other.number, &one.name).cmp(&(one.number, &other.name))
    });
    kept
}

/// Whether something is kept for the downgrade of a revision.
pub(super) fn is_any(model: &Model, revision: &RevisionId) -> bool {
    !of_revision(model, revision).is_empty()
}
