//! The schema that revisions are compiled against, as far as one of them needs it.

use super::{KEPT, Port, Settings, query};
use super::{Origin, Request, Role, Statement};
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::loss::Inventory;
use crate::operation::{AddColumn, AlterTable, Dependents, Directive, Operation, TableChange};
use crate::sqlite::alter::{self, Fact, Facts, Mode, Piece, Position, Question, Selected, Stop};
use crate::sqlite::create_table::{self, CreateTable};
use crate::sqlite::objects::{Object, Objects};
use crate::sqlite::token::{TokenKind, tokens};
use crate::sqlite::{catalog, ddl, split};
use alloc::string::{String, ToString};
use alloc::{format, vec, vec::Vec};

/// What the database holds at some point of a plan, and how tables are made anew there.
#[derive(Clone, Debug, Default)]
pub struct Model {
    objects: Objects,
    facts: Facts,
    mode: Mode,
    /// It stands for the database that a script will be run on.
    is_script: bool,
    /// Whether foreign keys are in force when the author's own statements run, where that has been asked.
    foreign_keys: Option<bool>,
    /// No statement has been compiled since the objects were read.
    is_fresh: bool,
    /// What is compiled so far leaves foreign keys deferred.
    is_deferred: bool,
    /// Whether what a revision says about foreign keys may be left out, because they are off anyway or the list runs
    /// with them switched off; nothing where that has not been decided.
    leaves_out_switches: Option<bool>,
    /// What is compiled so far has to run with foreign keys switched off.
    pub(super) switches_off: bool,
}

impl Model {
    /// An empty database that nobody can be asked about: for scripts. Foreign keys may be in force.
    pub fn offline() -> Self {
        let (facts, foreign_keys) = (Facts::offline(), Some(true));
        Self { facts, foreign_keys, mode: Mode::Guarded, is_script: true, ..Self::default() }
    }

    /// The database that holds these, which is asked nothing more: for statements that may run later.
    pub(super) fn on(objects: Objects) -> Self {
        Self { objects, ..Self::offline() }
    }

    /// The database as it is.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn read(port: &impl Port) -> Result<Self, Diagnostic> {
        let objects = Objects::read(&query(port, catalog::SELECT).await?);
        let facts = Facts::of(&objects);
        Ok(Self { objects, facts, is_fresh: true, ..Self::default() })
    }

    /// Only the tables of the database that hold kept content.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(super) async fn kept(port: &impl Port) -> Result<Self, Diagnostic> {
        let length = KEPT.len();
        let sql = format!(
            "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE type = 'table' AND \
             lower(substr(name, 1, {length})) = '{KEPT}'"
        );
        let objects = Objects::read(&query(port, sql).await?);
        Ok(Self { objects, ..Self::default() })
    }

    /// The same, for statements that are only looked at: nothing more is asked.
    #[must_use]
    pub fn without_questions(mut self) -> Self {
        self.facts = Facts::offline();
        self
    }

    /// The same, to try whether something can be compiled: what this SQLite can do is left open.
    #[must_use]
    pub(super) fn for_a_trial(mut self) -> Self {
        self.facts = Facts::for_a_trial();
        self
    }

    /// Whether nobody can be asked about the database: what is compiled becomes a script.
    pub fn is_script(&self) -> bool {
        self.is_script
    }

    /// The columns and rows that a SELECT gives behind these statements, each value with its type as SQLite names it; or
    /// what the database says against it.
    ///
    /// # Errors
    /// [`Stop::Unknown`] if the database has to be asked first; [`Stop::Refused`] if nobody can be asked.
    pub fn rows(&self, before: &[String], select: &str) -> Result<Selected, Stop> {
        match self.facts.rows(before, select)? {
            Some(answer) => Ok(answer),
            None => Err(Diagnostic::error(
                Code::LooksAtDatabase,
                "What this revision does depends on rows that only the database can give",
            )
            .hint(
                "let SQL do the whole of it, in one statement: `UPDATE … SET … = (SELECT …)`, `INSERT INTO … SELECT …`",
            )
            .into()),
        }
    }

    /// Chooses how tables are made anew for these directives: with foreign keys switched off, unless the
    /// host cannot do that, or they change rows themselves, which happens under the setting that the
    /// connection came with.
    pub(super) async fn choose_mode(
        &mut self,
        port: &impl Port,
        directives: &[Directive],
        settings: &Settings,
    ) -> Result<(), Diagnostic> {
        if directives.iter().any(switches_foreign_keys) {
            let are_on = foreign_keys_are_on(port).await?;
            let is_possible = !settings.guarded && !changes_rows_switched_on(directives);
            self.leaves_out_switches = Some(!are_on || is_possible);
            self.switches_off = are_on && is_possible;
            self.foreign_keys = Some(are_on && !is_possible);
            self.mode = if settings.guarded { Mode::Guarded } else { Mode::Aside };
            return Ok(());
        }
        let guarded = settings.guarded
            || directives.iter().any(|directive| changes_rows(&directive.operation))
                && *self.foreign_keys.insert(foreign_keys_are_on(port).await?);
        self.mode = if guarded { Mode::Guarded } else { Mode::Aside };
        Ok(())
    }

    /// Asks whether foreign keys are in force, if that decides what these directives destroy.
    pub async fn ask_foreign_keys(
        &mut self,
        port: &impl Port,
        directives: &[&[Directive]],
        settings: &Settings,
    ) {
        let is_needed = || self.inventory().drops_referred(directives);
        if self.foreign_keys.is_none() && is_needed() {
            // A host that does not tell and cannot switch them off has them in force.
            let are_on = foreign_keys_are_on(port).await;
            self.foreign_keys = Some(are_on.unwrap_or(settings.guarded));
        }
    }

    /// Finds out what a change depends on.
    pub(super) async fn find_out(&mut self, port: &impl Port, fact: &Fact) {
        let statement = |sql| {
            let origin = Origin { revision: None, role: Role::Read };
            Statement { sql, parameters: Vec::new(), origin }
        };
        let request = match fact.question() {
            Question::Select(sql) => Request::Query(statement(sql)),
            Question::Attempt(list) => Request::Atomic(list.into_iter().map(statement).collect()),
        };
        self.facts.learn(fact, &port.database(request).await);
    }

    /// Whether there is something whose text will only be known later.
    pub(super) fn has_unknown_texts(&self) -> bool {
        self.objects.all.iter().any(|object| object.sql().is_none())
    }

    /// The same schema, for statements that any host can run later.
    pub(super) fn anywhere(&self) -> Self {
        Self {
            facts: Facts::offline(),
            mode: Mode::Guarded,
            is_fresh: false,
            leaves_out_switches: Some(false),
            ..self.clone()
        }
    }

    /// Whether a directive is left out that switches foreign keys on or off, which SQLite ignores within a
    /// transaction. A script leaves its transaction for it.
    pub(super) fn leaves_out(&self, directive: &Directive) -> bool {
        !self.is_script
            && self.leaves_out_switches != Some(false)
            && switches_foreign_keys(directive)
    }

    /// The tables that these directives change, each with its text.
    pub(super) fn texts_of(&self, directives: &[Directive]) -> Vec<(String, String)> {
        let tables = directives.iter().filter_map(|directive| match &directive.operation {
            Operation::AlterTable(alter) => Some(&alter.table),
            Operation::DropColumn(drop) => Some(&drop.table),
            Operation::AddColumn(add) if alters_table(&directive.operation) => Some(&add.table),
            _ => None,
        });
        let mut texts: Vec<(String, String)> =
            tables.filter_map(|table| Some((table.clone(), self.table(table)?.into()))).collect();
        crate::sort::sort(&mut texts);
        texts.dedup();
        texts
    }

    /// Its tables and columns, to see what is lost of them.
    pub fn inventory(&self) -> Inventory {
        Inventory::of(&self.objects).with_foreign_keys(self.foreign_keys == Some(true))
    }

    /// Everything that it holds.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.objects.all.iter()
    }

    /// Follows a statement: what it does to the schema.
    pub fn follow(&mut self, sql: &str) {
        self.objects.follow(sql);
    }

    /// The text of a table.
    pub(super) fn table(&self, name: &str) -> Option<&str> {
        self.objects.table(name)?.sql()
    }

    /// The statements of an operation, which the model follows.
    pub(super) fn compile(&mut self, operation: &Operation) -> Result<Vec<Piece>, Stop> {
        if self.is_done(operation) {
            return Ok(Vec::new());
        }
        let alter = match operation {
            Operation::AlterTable(alter)
                if alter.if_exists && !self.objects.has_name(&alter.table) =>
            {
                return Ok(Vec::new());
            }
            Operation::AlterTable(alter) => match self.as_written(alter) {
                Some(sql) => return Ok(self.followed(vec![sql])),
                None => Some(alter.clone()),
            },
            Operation::RenameIndex(rename) => {
                let statements = alter::rename_index(rename, &self.objects)?;
                return Ok(self.followed(statements));
            }
            Operation::ReplaceView(replace) => {
                let statements = alter::replace_view(replace, &self.objects, &self.facts)?;
                return Ok(self.followed(statements));
            }
            Operation::AddColumn(add) => {
                let definition = ddl::added_column(add).ok().filter(|_| self.can_add(add));
                definition.map(|definition| {
                    change_of(&add.table, TableChange::AddColumn { definition, place: None })
                })
            }
            Operation::DropColumn(drop) => self.knows(&drop.table, &drop.name).then(|| {
                let (name, dependents) = (drop.name.clone(), Dependents::Refuse);
                change_of(&drop.table, TableChange::DropColumn { name, dependents })
            }),
            _ => None,
        };
        let Some(alter) = alter else {
            let pieces = plain(operation)?;
            return Ok(self.followed(pieces.into_iter().map(|piece| piece.sql).collect()));
        };
        let compiled = {
            let position = Position { is_first: self.is_fresh, is_deferred: self.is_deferred };
            alter::compile(&alter, &mut self.objects, self.mode, &self.facts, position)?
        };
        self.is_fresh &= compiled.pieces.is_empty();
        self.switches_off |= compiled.switches_off;
        self.is_deferred |= compiled.leaves_deferred;
        Ok(compiled.pieces)
    }

    /// Whether a column is there already that is added only where it is not, or gone that is dropped only where
    /// it is there: SQLite has no words for that.
    fn is_done(&self, operation: &Operation) -> bool {
        let (table, column, unless) = match operation {
            Operation::AddColumn(add) if add.if_not_exists => (&add.table, &add.column.name, true),
            Operation::DropColumn(drop) if drop.if_exists => (&drop.table, &drop.name, false),
            _ => return false,
        };
        let text = self.table(table).map(crate::sqlite::create_table::read);
        matches!(text, Some(Ok(read)) if read.table.column(column).is_some() == unless)
    }

    /// Statements that the objects follow.
    fn followed(&mut self, statements: Vec<String>) -> Vec<Piece> {
        for sql in &statements {
            self.objects.follow(sql);
        }
        self.is_fresh &= statements.is_empty();
        statements.into_iter().map(|sql| Piece { sql, part: None }).collect()
    }

    /// A column that SQLite's own statement adds to some tables: that statement, for a table whose text is not
    /// known, such as a temporary one.
    fn as_written(&self, alter: &AlterTable) -> Option<String> {
        let is_own = matches!(&alter.changes[..], [TableChange::AddColumn { place: None, .. }]);
        let sql = alter.written.as_deref().filter(|_| is_own && !alter.if_exists)?;
        self.table(&alter.table).is_none().then(|| sql.into())
    }

    /// Whether the table and the column are there. If not, SQLite shall say so.
    fn knows(&self, table: &str, column: &str) -> bool {
        self.read_table(table).is_some_and(|read| read.table.column(column).is_some())
    }

    /// Whether the table is there and the column is not. If not, SQLite shall say so.
    fn can_add(&self, add: &AddColumn) -> bool {
        self.read_table(&add.table)
            .is_some_and(|read| read.table.column(&add.column.name).is_none())
    }

    fn read_table(&self, name: &str) -> Option<CreateTable> {
        create_table::read(self.table(name)?).ok()
    }
}

/// The statements of an operation that are the same whatever the schema is.
pub(super) fn plain(operation: &Operation) -> Result<Vec<Piece>, Stop> {
    let statements = ddl::operation(operation)
        .map_err(|error| Diagnostic::error(Code::UnsupportedOperation, error.to_string()))?;
    Ok(statements.into_iter().map(|sql| Piece { sql, part: None }).collect())
}

fn change_of(table: &str, change: TableChange) -> AlterTable {
    let (table, changes) = (table.into(), vec![change]);
    AlterTable { table, changes, ..AlterTable::default() }
}

/// Whether the text of a table decides what these directives come to. Where nothing can mention a table
/// (`is_watched` is false), a column that SQLite's own statement adds needs no text.
pub(super) fn needs_schema(directives: &[Directive], is_watched: bool) -> bool {
    directives.iter().any(|directive| match &directive.operation {
        Operation::DropColumn(_) => true,
        Operation::Execute(_) if switches_foreign_keys(directive) => true,
        Operation::AddColumn(_) if is_watched => true,
        operation => alters_table(operation),
    })
}

/// Whether SQLite has no statement of its own for it, whatever the table is.
fn alters_table(operation: &Operation) -> bool {
    match operation {
        Operation::AlterTable(_) | Operation::RenameIndex(_) | Operation::ReplaceView(_) => true,
        Operation::AddColumn(add) => {
            let is_native = |definition: &String| alter::can_be_added(definition);
            add.if_not_exists || ddl::added_column(add).is_ok_and(|sql| !is_native(&sql))
        }
        _ => false,
    }
}

/// Whether one of these adds a column.
pub(super) fn adds_columns(directives: &[Directive]) -> bool {
    directives.iter().any(|directive| matches!(directive.operation, Operation::AddColumn(_)))
}

/// Whether one of these may make a view or a trigger.
pub(super) fn makes_watchers(directives: &[Directive]) -> bool {
    directives.iter().any(|directive| match &directive.operation {
        Operation::Execute(execute) => {
            let sql = execute.sql.to_ascii_uppercase();
            sql.contains("VIEW") || sql.contains("TRIGGER")
        }
        Operation::ReplaceView(_) => true,
        _ => false,
    })
}

/// Whether the database has views or triggers, which may mention a table.
pub(super) async fn is_watched(port: &impl Port) -> Result<bool, Diagnostic> {
    let sql = "SELECT 1 FROM sqlite_schema WHERE type IN ('view', 'trigger') LIMIT 1";
    Ok(!query(port, sql).await?.rows.is_empty())
}

/// Whether one of these changes a table, or makes something else anew from its text.
pub(super) fn alters_tables(directives: &[Directive]) -> bool {
    directives.iter().any(|directive| alters_table(&directive.operation))
}

/// Whether a directive says `PRAGMA foreign_keys = …` and nothing else.
pub(super) fn switches_foreign_keys(directive: &Directive) -> bool {
    switches_to(directive).is_some()
}

fn switches_to(directive: &Directive) -> Option<bool> {
    let Operation::Execute(execute) = &directive.operation else { return None };
    let mut spans = split::statements(&execute.sql).into_iter();
    let (statement, None) = (spans.next()?, spans.next()) else { return None };
    ddl::switches_foreign_keys(statement.of(&execute.sql))
}

/// Whether rows are changed where a revision has not switched foreign keys off, or has switched them on again.
fn changes_rows_switched_on(directives: &[Directive]) -> bool {
    let mut are_on = true;
    directives.iter().any(|directive| {
        are_on = switches_to(directive).unwrap_or(are_on);
        are_on && changes_rows(&directive.operation)
    })
}

/// Whether an operation changes rows, beside what making a table anew copies.
fn changes_rows(operation: &Operation) -> bool {
    match operation {
        Operation::BulkInsert(_) | Operation::DropTable(_) => true,
        Operation::Execute(execute) => split::statements(&execute.sql).into_iter().any(|span| {
            let statement = span.of(&execute.sql);
            let words = tokens(statement).into_iter().filter(|t| t.kind == TokenKind::Word);
            let mut words = words.map(|token| token.span.of(statement).to_ascii_uppercase());
            match words.next().as_deref() {
                Some("INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "WITH") => true,
                Some("DROP") => words.next().as_deref() == Some("TABLE"),
                _ => false,
            }
        }),
        _ => false,
    }
}

async fn foreign_keys_are_on(port: &impl Port) -> Result<bool, Diagnostic> {
    let rows = query(port, "SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys").await?;
    let setting = rows.rows.first().and_then(|row| row.first()).and_then(|value| value.as_text());
    Ok(setting != Some("0"))
}
