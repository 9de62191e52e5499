//! Carrying out a plan: revision by revision, each as one atomic list.

use super::accept::edited;
use super::model::{Model, adds_columns, is_watched, makes_watchers};
use super::prepare::{Prepared, Source};
use super::refusal::refused;
use super::{
    Answer, DatabaseState, Event, Request, Role, Settings, Statement, VersionTable, journal, query,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::Directive;
use crate::revision::{
    Direction, Graph, Name, Plan, RevisionId, StampStep, Step, Target, plan_downgrade, plan_last,
    plan_stamp, plan_upgrade,
};
use crate::sqlite::alter::Stop;
use crate::sqlite::quote;
use alloc::{format, rc::Rc, string::String, vec, vec::Vec};
use core::future::Future;

/// What the engine needs of whoever runs it.
pub trait Port {
    /// Performs a request on the database.
    fn database(&self, request: Request) -> impl Future<Output = Answer>;
    /// Takes note of something that happened.
    fn tell(&self, event: Event) -> impl Future<Output = ()>;
    /// The time, as text for people: it is stored in the journal and nothing is computed from it.
    fn now(&self) -> impl Future<Output = String>;
    /// Called before a step that destroys data, so that the database can be copied. An error stops the
    /// plan before that step.
    fn before_loss(&self, _step: &Step) -> impl Future<Output = Result<(), Diagnostic>> {
        async { Ok(()) }
    }
}

/// What a revision does in each direction, or why that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// The way up.
    pub upgrade: Result<Vec<Directive>, Diagnostic>,
    /// The way down.
    pub downgrade: Result<Vec<Directive>, Diagnostic>,
}

impl Body {
    /// One of the two.
    ///
    /// # Errors
    /// If it is not known.
    pub fn of(&self, direction: Direction) -> Result<&[Directive], Diagnostic> {
        self.read(direction).as_deref().map_err(Clone::clone)
    }

    const fn read(&self, direction: Direction) -> &Result<Vec<Directive>, Diagnostic> {
        match direction {
            Direction::Upgrade => &self.upgrade,
            Direction::Downgrade => &self.downgrade,
        }
    }

    /// Whether one of the two depends on the database.
    pub fn looks(&self, direction: Direction) -> bool {
        let error = self.read(direction).as_ref().err();
        error.is_some_and(|error| error.code == Code::LooksAtDatabase)
    }
}

/// The revisions that the engine is given (Alembic's word for where they are kept).
pub trait ScriptDirectory {
    /// How they follow each other.
    fn graph(&self) -> &Graph;
    /// What a revision does. Asked only for revisions that run.
    fn body(&self, id: &RevisionId) -> Rc<Body>;
    /// What a revision does to the database of `model`. Asked where [`Self::body`] does not say it, since it looks
    /// at the database ([`Code::LooksAtDatabase`]).
    ///
    /// # Errors
    /// [`Stop::Unknown`] if something has to be asked of the database first; [`Stop::Refused`] if it cannot be read.
    fn body_on(
        &self,
        id: &RevisionId,
        direction: Direction,
        _model: &Model,
    ) -> Result<Vec<Directive>, Stop> {
        Ok(self.body(id).of(direction)?.to_vec())
    }
    /// Whether a revision says itself that what it drops is kept for its downgrade, or is not.
    fn keep_data(&self, _id: &RevisionId) -> Option<bool> {
        None
    }
    /// The hash of what a revision's upgrade does, or `None` if that cannot be read. Asked for every
    /// revision that the journal knows; see [`super::hash`].
    fn hash(&self, id: &RevisionId) -> Option<String> {
        self.body(id).upgrade.as_deref().ok().map(journal::hash)
    }
}

/// Plans the way from `rows`, the rows of a version table, to `target`. Runs nothing.
///
/// # Errors
/// If the target names nothing or cannot be reached, or a row is of a revision that is not there.
pub fn plan(
    graph: &Graph,
    rows: &[RevisionId],
    target: &str,
    direction: Direction,
) -> Result<Plan, Diagnostic> {
    let current = graph.rows(rows)?;
    let parsed = Target::parse(target);
    match direction {
        Direction::Upgrade => {
            plan_upgrade(graph, &current, &parsed.of_upgrade(target, graph, &current)?)
        }
        Direction::Downgrade => {
            plan_downgrade(graph, &current, &parsed.of_downgrade(target, graph, &current)?)
        }
    }
}

/// Upgrades the database to `target`.
///
/// # Errors
/// If the target names nothing, a file is wrong, or a statement is refused. Revisions that were
/// applied before the one that failed stay applied; the one that failed has changed nothing.
pub async fn upgrade(
    port: &impl Port,
    scripts: &impl ScriptDirectory,
    target: &str,
    settings: &Settings,
) -> Result<Plan, Diagnostic> {
    let state = DatabaseState::read(port, settings).await?;
    let plan = plan(scripts.graph(), &state.heads, target, Direction::Upgrade)?;
    if let Some(edited) = edited(scripts, &state) {
        return Err(edited);
    }
    carry_out(port, plan, state, scripts, settings).await
}

/// Downgrades the database to `target`. Otherwise like [`upgrade`]; an edited revision may be taken back,
/// which is the way out.
///
/// # Errors
/// As [`upgrade`].
pub async fn downgrade(
    port: &impl Port,
    scripts: &impl ScriptDirectory,
    target: &str,
    settings: &Settings,
) -> Result<Plan, Diagnostic> {
    let state = DatabaseState::read(port, settings).await?;
    let plan = plan(scripts.graph(), &state.heads, target, Direction::Downgrade)?;
    carry_out(port, plan, state, scripts, settings).await
}

/// Takes back one revision that the database is at, and nothing else.
///
/// # Errors
/// As [`downgrade`], and if the database is not at it.
pub async fn take_back(
    port: &impl Port,
    scripts: &impl ScriptDirectory,
    id: &RevisionId,
    settings: &Settings,
) -> Result<Plan, Diagnostic> {
    let state = DatabaseState::read(port, settings).await?;
    let plan = plan_last(scripts.graph(), &scripts.graph().rows(&state.heads)?, id)?;
    carry_out(port, plan, state, scripts, settings).await
}

/// The SQL of these directives, one statement each, on the schema of `model`, which follows them.
///
/// # Errors
/// If one of them cannot be compiled.
pub fn statements_of(
    directives: &[Directive],
    model: &mut Model,
) -> Result<Vec<String>, Diagnostic> {
    super::list::compile_all(directives, Some(model), super::list::Alone::Written)
}

/// The SQL of a step, one statement each, with what keeps content and brings it back.
///
/// # Errors
/// If one of its directives cannot be compiled.
pub fn statements_of_step(
    step: &Step,
    scripts: &impl ScriptDirectory,
    settings: &Settings,
    model: &mut Model,
) -> Result<Vec<String>, Diagnostic> {
    let directives = directives_on(scripts, &step.revision, step.direction, model)?;
    let keeps = match step.direction {
        Direction::Upgrade => keeps(scripts, &step.revision, settings.keep_data),
        Direction::Downgrade => super::kept::is_any(model, &step.revision),
    };
    let pieces = super::list::compile_step(step, &directives, Some(model), keeps);
    let pieces = pieces.map_err(super::list::unknown_later)?;
    Ok(pieces.into_iter().map(|(_, piece)| piece.sql).collect())
}

/// What a revision does to the database of `model`.
///
/// # Errors
/// If it cannot be read, or depends on what only the database itself can say.
pub fn directives_on(
    scripts: &impl ScriptDirectory,
    id: &RevisionId,
    direction: Direction,
    model: &Model,
) -> Result<Vec<Directive>, Diagnostic> {
    let body = scripts.body(id);
    match body.looks(direction) {
        true => scripts.body_on(id, direction, model).map_err(super::list::unknown_later),
        false => Ok(body.of(direction)?.to_vec()),
    }
}

/// Whether what a revision drops is kept: by its own word, else by the setting.
pub fn keeps(scripts: &impl ScriptDirectory, id: &RevisionId, setting: bool) -> bool {
    scripts.keep_data(id).unwrap_or(setting)
}

/// Makes the version table if it is not there.
///
/// # Errors
/// If the database cannot be read or written.
pub async fn ensure_version(port: &impl Port, settings: &Settings) -> Result<(), Diagnostic> {
    if DatabaseState::read(port, settings).await?.has_version_table {
        return Ok(());
    }
    let create = bookkeeping(Role::VersionTable, settings.version_table.create());
    atomic(port, vec![create]).await
}

/// Writes into the version table that the database is at `targets`, and runs nothing. All of it or
/// nothing; gives what was done. With `purge`, what the table said before does not count.
///
/// # Errors
/// If a target names nothing, or the database cannot be written.
pub async fn stamp(
    port: &impl Port,
    graph: &Graph,
    targets: &[Name],
    purge: bool,
    settings: &Settings,
) -> Result<Vec<StampStep>, Diagnostic> {
    let state = DatabaseState::read(port, settings).await?;
    let rows = if purge { Vec::new() } else { graph.rows(&state.heads)? };
    let steps = plan_stamp(graph, &rows, targets)?;
    let table = &settings.version_table;
    let mut statements = Vec::new();
    if !state.has_version_table {
        statements.push(bookkeeping(Role::VersionTable, table.create()));
    }
    statements.push(bookkeeping(Role::HeadAssertion, table.assert_heads(&state.heads)));
    if purge {
        statements.push(bookkeeping(Role::VersionTable, table.purge()));
    }
    for change in steps.iter().flat_map(|step| &step.changes) {
        statements.push(bookkeeping(Role::VersionTable, table.change(change)));
    }
    if steps.is_empty() && !purge && state.has_version_table {
        return Ok(steps);
    }
    atomic(port, statements).await?;
    Ok(steps)
}

pub(super) fn bookkeeping(role: Role, sql: String) -> Statement {
    let origin = super::Origin { revision: None, role };
    Statement { sql, parameters: Vec::new(), origin }
}

/// Runs statements that belong to no revision.
pub(super) async fn atomic(port: &impl Port, statements: Vec<Statement>) -> Result<(), Diagnostic> {
    match port.database(Request::Atomic(statements)).await {
        Answer::Done | Answer::Rows(_) => Ok(()),
        Answer::Failed(failure) if failure.message.contains(super::version_table::HEAD_MOVED) => {
            Err(super::refusal::head_moved("while this was being planned"))
        }
        Answer::Failed(failure) => Err(Diagnostic::error(Code::DatabaseFailed, failure.message)),
    }
}

/// Runs the steps of a plan. Gives the plan back when all of it is done.
async fn carry_out(
    port: &impl Port,
    plan: Plan,
    mut state: DatabaseState,
    scripts: &impl ScriptDirectory,
    settings: &Settings,
) -> Result<Plan, Diagnostic> {
    for doubt in &plan.warnings {
        port.tell(Event::Doubted(doubt.clone())).await;
    }
    if plan.steps.is_empty() {
        return Ok(plan);
    }
    let now = port.now().await;
    let bodies: Vec<_> = plan.steps.iter().map(|step| scripts.body(&step.revision)).collect();
    let mut sources = Vec::with_capacity(plan.steps.len());
    let kept = match plan.steps.iter().any(|step| step.direction == Direction::Downgrade) {
        true => Some(Model::kept(port).await?),
        false => None,
    };
    let read = |id: &RevisionId, direction: Direction, model: &Model| {
        scripts.body_on(id, direction, model)
    };
    for (step, body) in plan.steps.iter().zip(&bodies) {
        let mut source = Source::new(step, body, &read, &state, settings, &now);
        if body.looks(Direction::Upgrade) {
            source.hash = scripts.hash(&step.revision);
        }
        source.keeps = match &kept {
            Some(kept) => super::kept::is_any(kept, &step.revision),
            None => keeps(scripts, &step.revision, settings.keep_data),
        };
        sources.push(source);
        state.has_version_table = true;
        state.has_journal |= settings.journal;
    }
    let prepared = prepare_all(port, &sources).await?;
    port.tell(Event::Planned(plan.steps.clone())).await;
    for (source, prepared) in sources.iter().zip(prepared) {
        let step = source.step;
        let prepared = match prepared {
            Some(prepared) => prepared,
            None => source.for_now(port).await?,
        };
        port.tell(Event::Started(step.clone())).await;
        if prepared.destroys {
            source.before_loss(port, &prepared.directives).await?;
        }
        let request = prepared.request();
        for alone in prepared.alone {
            // The list can only follow in a transaction of its own. If it does not get there the
            // statement runs again, which for the statements that have to stand alone is no harm.
            let request = Request::Alone(alone.clone());
            if let Answer::Failed(failure) = port.database(request).await {
                return Err(refused(port, step, &[alone], failure, &settings.version_table).await);
            }
            port.tell(Event::Ran(alone)).await;
        }
        let statements = prepared.statements;
        if let Answer::Failed(failure) = port.database(request).await {
            return Err(refused(port, step, &statements, failure, &settings.version_table).await);
        }
        for statement in statements {
            port.tell(Event::Ran(statement)).await;
        }
        port.tell(Event::Finished(step.clone())).await;
    }
    Ok(plan)
}

/// All of it before any of it: a later revision that cannot be read or carried out leaves everything as it is.
/// A step that needs the schema is only tried here, and `None`: it is compiled right before it runs.
async fn prepare_all<'a>(
    port: &impl Port,
    sources: &[Source<'a>],
) -> Result<Vec<Option<Prepared<'a>>>, Diagnostic> {
    let mut bodies = Vec::with_capacity(sources.len());
    for source in sources.iter().filter(|source| !source.looks()) {
        bodies.push(source.directives()?);
    }
    let looks = bodies.len() < sources.len();
    let some =
        |is: fn(&[Directive]) -> bool| looks || bodies.iter().any(|directives| is(directives));
    let is_watched = some(adds_columns) && (some(makes_watchers) || is_watched(port).await?);
    let mut needs = Vec::with_capacity(sources.len());
    for source in sources {
        needs.push(source.needs_schema(is_watched)?);
    }
    let mut model = match needs.contains(&true) {
        true => Some(Model::read(port).await?.for_a_trial()),
        false => None,
    };
    let mut all = Vec::with_capacity(sources.len());
    let mut is_doubtful = false;
    for (source, needs_schema) in sources.iter().zip(needs) {
        is_doubtful |= model.as_ref().is_some_and(Model::has_unknown_texts);
        match source.prepared(model.as_mut()) {
            Ok(prepared) => all.push((!needs_schema).then_some(prepared)),
            // What an earlier step makes of the schema cannot be foreseen.
            Err(_) if needs_schema && is_doubtful => all.push(None),
            Err(Stop::Refused(error)) => return Err(error),
            Err(Stop::Unknown(_)) => {
                // The model has not followed this step to its end.
                is_doubtful = true;
                all.push(None);
            }
        }
    }
    Ok(all)
}

/// Whether a table beside the bookkeeping holds rows, so that there is something to lose.
///
/// # Errors
/// If the database cannot be read.
pub async fn holds_rows(
    port: &impl Port,
    version_table: &VersionTable,
) -> Result<bool, Diagnostic> {
    let tables = format!(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ({}, '{}')",
        quote::text(&version_table.name),
        super::JOURNAL_TABLE
    );
    let tables = query(port, tables).await?;
    let names = tables.rows.iter().filter_map(|row| row.first()?.as_text());
    let exists: Vec<String> =
        names.map(|name| format!("EXISTS (SELECT 1 FROM {})", quote::name(name))).collect();
    for some in exists.chunks(50) {
        let one = [super::Value::Integer(1)];
        match query(port, format!("SELECT {}", some.join(" OR "))).await {
            Ok(rows) if rows.rows.first().is_none_or(|row| **row != one) => {}
            // What cannot be read, a virtual table without its module, may hold rows too.
            _ => return Ok(true),
        }
    }
    Ok(false)
}
