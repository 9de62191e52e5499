//! Content that is kept when a revision drops it, so that its downgrade brings it back (`keep_data`).
//!
//! Before a column or a table is dropped, its values go into a table of their own, in the same list. The
//! table's text says whose they are, in a comment that SQLite stores with it; its name is made of that. So the
//! catalogue alone knows what is kept: the same way for a database, for `--sql`, and for the downgrade in the
//! journal. Its columns have no types, so that values stay what they are, byte for byte.
//!
//! The downgrade drops what it brought back. A table that nothing took stays, since somebody asked to keep it:
//! the same revision keeps more beside it, under a name with a number, and its next downgrade may take it. Such
//! tables are dropped by hand. Only a script without a database (`--sql`) cannot know of them, and replaces one of
//! the same name.

use super::Model;
use super::list::compile;
use crate::operation::loss::{FoundBy, Inventory, LossKind};
use crate::operation::{AddColumn, AlterTable, Directive, Operation, Recreate, TableChange};
use crate::revision::RevisionId;
use crate::sqlite::alter::{DEFER_FOREIGN_KEYS, Piece, Stop};
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
            came: false,
        };
        let first = kept.first_name();
        kept.name.clone_from(&first);
        let mut number = 1u32;
        while model.table(&kept.name).is_some() || model.table(&kept.sequence()).is_some() {
            number = number.saturating_add(1);
            kept.name = format!("{first}_{number}");
        }
        kept
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
        format!("{}_sequence", self.name)
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

    /// Whether the table has it, with values of its own.
    fn is_there(&self, model: &Model) -> bool {
        let Some(read) = definition(model, &self.table) else { return false };
        match &self.column {
            None => true,
            Some(column) => read.table.column(column).is_some_and(|it| it.generated.is_none()),
        }
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
        self.table.eq_ignore_ascii_case(&other.table) && column(self) == column(other)
    }
}

fn definition(model: &Model, table: &str) -> Option<CreateTable> {
    create_table::read(model.table(table)?).ok()
}

/// Runs a statement in `model` and puts it behind the others.
fn push(pieces: &mut Vec<Piece>, model: &mut Model, sql: String) {
    model.follow(&sql);
    pieces.push(Piece { sql, part: None });
}

/// Keeps what `directive` drops of what was there when the revision began. Runs before it.
pub(super) fn keep(
    directive: &Directive,
    revision: &RevisionId,
    at_start: &Inventory,
    model: &mut Model,
) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for loss in model.inventory().follow(&directive.operation) {
        let Some(counted) = loss.counted.filter(|_| loss.can_be_kept) else { continue };
        let column = counted.column.filter(|_| loss.kind != LossKind::Table);
        let is_older = match &column {
            None => at_start.table_before(&counted.table).is_some(),
            Some(column) => at_start.column_before(&counted.table, column).is_some(),
        };
        if let Some(read) = definition(model, &counted.table).filter(|_| is_older) {
            let table = read.table.name.clone();
            match column {
                None => {
                    let kept = Kept::new(revision, table, None, model);
                    keep_table(kept, &read, model, &mut pieces);
                }
                Some(column) => {
                    let Some(found_by) = loss.found_by else { continue };
                    let kept = Kept::new(revision, table, Some(column), model);
                    keep_column(kept, found_by, model, &mut pieces);
                }
            }
        }
    }
    pieces
}

fn keep_column(kept: Kept, found_by: FoundBy, model: &mut Model, pieces: &mut Vec<Piece>) {
    let FoundBy { keys, rowid } = found_by;
    let names: Vec<String> = (1..=keys.len()).map(|number| format!("k{number}")).collect();
    let constraint = match (names.join(", "), &rowid) {
        (names, _) if names.is_empty() => names,
        (names, Some(_)) => format!(", UNIQUE ({names})"),
        (names, None) => format!(", PRIMARY KEY ({names})"),
    };
    let (mut own, mut into) = (names.clone(), names);
    let mut from: Vec<String> = keys.iter().map(|key| quote::name(key)).collect();
    if let Some(rowid) = rowid {
        own.insert(0, "row INTEGER PRIMARY KEY".into());
        into.insert(0, "row".into());
        from.insert(0, rowid);
    }
    let source = quote::name(&kept.table);
    from.push(kept.column.as_deref().map(quote::name).unwrap_or_default());
    let (own, into, from) = (own.join(", "), into.join(", "), from.join(", "));
    let kept = Kept { keys, ..kept };
    let (name, comment) = (&kept.name, kept.comment());
    push(pieces, model, format!("DROP TABLE IF EXISTS {name}"));
    push(pieces, model, format!("CREATE TABLE {name} ({comment} {own}, value{constraint})"));
    push(pieces, model, format!("INSERT INTO {name} ({into}, value) SELECT {from} FROM {source}"));
}

fn keep_table(kept: Kept, read: &CreateTable, model: &mut Model, pieces: &mut Vec<Piece>) {
    let stored = read.table.columns.iter().filter(|column| column.generated.is_none());
    let columns: Vec<String> = stored.map(|column| column.name.clone()).collect();
    let mut own: Vec<String> = (1..=columns.len()).map(|number| format!("c{number}")).collect();
    let mut theirs: Vec<String> = columns.iter().map(|name| quote::name(name)).collect();
    if let Some(rowid) = rowid(read) {
        own.insert(0, "row".into());
        theirs.insert(0, rowid);
    }
    let (source, text) = (quote::name(&kept.table), quote::text(&kept.table));
    let kept = Kept { columns, ..kept };
    let (name, own) = (&kept.name, own.join(", "));
    let from = theirs.join(", ");
    push(pieces, model, format!("DROP TABLE IF EXISTS {name}"));
    push(pieces, model, format!("CREATE TABLE {name} ({} {own})", kept.comment()));
    push(pieces, model, format!("INSERT INTO {name} ({own}) SELECT {from} FROM {source}"));
    if read.table.options.autoincrement {
        let name = kept.sequence();
        push(pieces, model, format!("DROP TABLE IF EXISTS {name}"));
        push(pieces, model, format!("CREATE TABLE {name} (seq)"));
        push(
            pieces,
            model,
            format!("INSERT INTO {name} (seq) SELECT seq FROM sqlite_sequence WHERE name = {text}"),
        );
    }
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

/// The statements of the downgrade of `revision`, which bring back what was kept for it. What came
/// back is dropped at the end.
///
/// # Errors
/// As [`compile`].
pub(super) fn bring_back(
    directives: &[Directive],
    revision: &RevisionId,
    model: &mut Model,
) -> Result<Vec<(usize, Piece)>, Stop> {
    let mut waiting = of_revision(model, revision);
    let mut doomed: Vec<String> = Vec::new();
    let mut all = Vec::new();
    let mut pieces = Vec::new();
    for (at, directive) in directives.iter().enumerate() {
        let mut after = model.clone();
        let compiled = compile(directive, Some(&mut after))?;
        let (mut back, mut rest) = (Vec::<Kept>::new(), Vec::new());
        for mut kept in waiting {
            kept.came = kept.is_there(&after) && (kept.came || !kept.is_there(model));
            let comes = kept.came && kept.finds_rows(&after);
            // Of two under one name this is the turn of the newer one.
            let is_older = back.iter().any(|newer| newer.is_namesake(&kept));
            kept.came &= !is_older;
            match comes && !is_older {
                true => back.push(kept),
                false => rest.push(kept),
            }
        }
        waiting = rest;
        doomed.extend(back.iter().flat_map(|kept| [kept.name.clone(), kept.sequence()]));
        let needed: Vec<&Kept> = back.iter().filter(|kept| is_needed(kept, &after)).collect();
        match values_first(directive, &needed, &after) {
            None => {
                let before = core::mem::replace(model, after);
                pieces.extend(compiled);
                for kept in &back {
                    clear(kept, &before, model, &mut pieces);
                    fill(kept, model, &mut pieces);
                }
            }
            Some([bare, rest]) => {
                pieces.extend(compile(&bare, Some(model))?);
                for kept in &needed {
                    fill(kept, model, &mut pieces);
                }
                pieces.extend(compile(&rest, Some(model))?);
                for kept in back.iter().filter(|kept| !needed.contains(kept)) {
                    fill(kept, model, &mut pieces);
                }
            }
        }
        all.extend(pieces.drain(..).map(|piece| (at, piece)));
    }
    doomed.retain(|name| model.table(name).is_some());
    for name in doomed {
        push(&mut pieces, model, format!("DROP TABLE {name}"));
    }
    let last = directives.len().saturating_sub(1);
    all.extend(pieces.into_iter().map(|piece| (last, piece)));
    Ok(all)
}

/// What is kept for the downgrade of a revision, the last first.
fn of_revision(model: &Model, revision: &RevisionId) -> Vec<Kept> {
    let kept = model.objects().filter(|object| object.kind == ObjectKind::Table);
    let mut kept: Vec<Kept> =
        kept.filter_map(Kept::read).filter(|kept| kept.revision == revision.as_str()).collect();
    kept.sort_unstable_by(|one, other| (other.number, &one.name).cmp(&(one.number, &other.name)));
    kept
}

/// Whether something is kept for the downgrade of a revision.
pub(super) fn is_any(model: &Model, revision: &RevisionId) -> bool {
    !of_revision(model, revision).is_empty()
}

/// Whether the column cannot be made without its values: it may not be NULL, and has no default.
fn is_needed(kept: &Kept, after: &Model) -> bool {
    let Some(column) = &kept.column else { return false };
    let read = definition(after, &kept.table);
    let column = read.as_ref().and_then(|read| read.table.column(column));
    column.is_some_and(|column| !column.nullable && column.default.is_none())
}

/// A directive in two: columns that need values are made without any condition, to be filled in between.
fn values_first(directive: &Directive, needed: &[&Kept], after: &Model) -> Option<[Directive; 2]> {
    let first = needed.first()?;
    let (table, changes, recreate) = match &directive.operation {
        Operation::AlterTable(AlterTable { table, changes, recreate, .. }) => {
            (table, changes.clone(), *recreate)
        }
        Operation::AddColumn(AddColumn { table, .. }) => (table, Vec::new(), Recreate::Auto),
        _ => return None,
    };
    let renames = |change: &TableChange| matches!(change, TableChange::RenameTable { .. });
    if !table.eq_ignore_ascii_case(&first.table) || changes.iter().any(renames) {
        return None;
    }
    let sql = after.table(table)?;
    let read = create_table::read(sql).ok()?;
    let mut bare = Vec::new();
    for kept in needed {
        let column = kept.column.as_ref()?;
        let at = read.table.columns.iter().position(|it| it.name.eq_ignore_ascii_case(column))?;
        let declared = read.columns.get(at)?.declared_type.of(sql);
        let definition = format!("{} {declared}", quote::name(column)).trim_end().into();
        bare.push(TableChange::AddColumn { definition, place: None });
    }
    let is_made = |change: &TableChange| match change {
        TableChange::AddColumn { definition, .. } => needed.iter().any(|kept| {
            let probe = format!("CREATE TABLE t ({definition}\n)");
            let column = kept.column.as_deref().unwrap_or_default();
            create_table::read(&probe).is_ok_and(|read| read.table.column(column).is_some())
        }),
        _ => false,
    };
    let mut changes: Vec<TableChange> =
        changes.into_iter().filter(|change| !is_made(change)).collect();
    changes.push(TableChange::Redefine { sql: sql.into() });
    let recreate = if recreate == Recreate::Never { Recreate::Auto } else { recreate };
    let directive = |changes, recreate| Directive {
        operation: Operation::AlterTable(AlterTable {
            table: table.clone(),
            changes,
            recreate,
            ..AlterTable::default()
        }),
        place: directive.place.clone(),
    };
    Some([directive(bare, Recreate::Auto), directive(changes, recreate)])
}

/// Empties a column that was computed, so that what was computed is in the way of no unique value.
fn clear(kept: &Kept, before: &Model, model: &mut Model, pieces: &mut Vec<Piece>) {
    let Some(name) = &kept.column else { return };
    let before = definition(before, &kept.table);
    let before = before.as_ref().and_then(|read| read.table.column(name));
    let was_computed = before.is_some_and(|column| column.generated.is_some());
    let after = definition(model, &kept.table);
    let column = after.as_ref().and_then(|read| read.table.column(name));
    if was_computed && column.is_some_and(|column| column.nullable) {
        let (table, column) = (quote::name(&kept.table), quote::name(name));
        let sql = format!("UPDATE {table} SET {column} = NULL");
        without_triggers(&kept.table, model, pieces, |model, pieces| push(pieces, model, sql));
    }
}

/// Puts back what was kept. Triggers of the table do not see it.
fn fill(kept: &Kept, model: &mut Model, pieces: &mut Vec<Piece>) {
    let Some(read) = definition(model, &kept.table) else { return };
    without_triggers(&kept.table, model, pieces, |model, pieces| {
        push(pieces, model, DEFER_FOREIGN_KEYS.into());
        match &kept.column {
            Some(column) => {
                let sql = fill_column(kept, column, &read, kept.has_rowids(model));
                push(pieces, model, sql);
            }
            None => fill_table(kept, &read, model, pieces),
        }
    });
}

/// Changes rows of a table whose triggers are taken out meanwhile.
fn without_triggers(
    table: &str,
    model: &mut Model,
    pieces: &mut Vec<Piece>,
    change: impl FnOnce(&mut Model, &mut Vec<Piece>),
) {
    let triggers: Vec<(String, String)> = model
        .objects()
        .filter(|object| object.kind == ObjectKind::Trigger)
        .filter(|object| object.table.eq_ignore_ascii_case(table))
        .filter_map(|object| Some((object.name.clone(), object.sql()?.into())))
        .collect();
    for (name, _) in &triggers {
        push(pieces, model, format!("DROP TRIGGER {}", quote::name(name)));
    }
    change(model, pieces);
    for (_, sql) in triggers {
        push(pieces, model, sql);
    }
}

/// Rows that were deleted since are left out; those that came since keep what they have.
fn fill_column(kept: &Kept, column: &str, read: &CreateTable, has_rowids: bool) -> String {
    let table = quote::name(&read.table.name);
    let name = &kept.name;
    let keys = |operator: &str| {
        let equal = |(at, key): (usize, &String)| {
            format!("kept.k{} {operator} {table}.{}", at + 1, quote::name(key))
        };
        kept.keys.iter().enumerate().map(equal).collect::<Vec<String>>()
    };
    let mut found = keys("=").join(" AND ");
    if has_rowids {
        let rowid = rowid(read).unwrap_or_else(|| "rowid".into());
        let mut same = keys("IS");
        same.insert(0, format!("kept.row = {table}.{rowid}"));
        let same = same.join(" AND ");
        found = if found.is_empty() { same } else { format!("({found} OR {same})") };
    }
    format!(
        "UPDATE {table} SET {} = (SELECT kept.value FROM {name} AS kept WHERE {found}) WHERE EXISTS \
         (SELECT 1 FROM {name} AS kept WHERE {found})",
        quote::name(column)
    )
}

fn fill_table(kept: &Kept, read: &CreateTable, model: &mut Model, pieces: &mut Vec<Piece>) {
    let (table, text) = (quote::name(&read.table.name), quote::text(&read.table.name));
    let name = &kept.name;
    let (mut into, mut from) = (Vec::new(), Vec::new());
    for (at, column) in kept.columns.iter().enumerate() {
        if read.table.column(column).is_some_and(|column| column.generated.is_none()) {
            into.push(quote::name(column));
            from.push(format!("c{}", at + 1));
        }
    }
    let has_rowids = kept.has_rowids(model);
    if let Some(rowid) = rowid(read).filter(|rowid| has_rowids && !into.contains(rowid)) {
        into.insert(0, rowid);
        from.insert(0, "row".into());
    }
    let (into, from) = (into.join(", "), from.join(", "));
    push(pieces, model, format!("INSERT INTO {table} ({into}) SELECT {from} FROM {name}"));
    let sequence = kept.sequence();
    if read.table.options.autoincrement && model.table(&sequence).is_some() {
        push(pieces, model, format!("DELETE FROM sqlite_sequence WHERE name = {text}"));
        push(
            pieces,
            model,
            format!("INSERT INTO sqlite_sequence (name, seq) SELECT {text}, seq FROM {sequence}"),
        );
    }
}
