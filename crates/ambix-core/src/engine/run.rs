//! Carrying out a plan: revision by revision, each as one atomic list.

use super::list::List;
use super::{
    Answer, DatabaseState, Event, Failure, Request, Role, Statement, journal, version_table,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::Directive;
use crate::revision::{
    Direction, Graph, Plan, RevisionId, Step, Target, plan_downgrade, plan_upgrade,
};
use alloc::{format, rc::Rc, string::String, vec::Vec};
use core::future::Future;

/// What the engine needs of whoever runs it.
pub trait Port {
    /// Performs a request on the database.
    fn database(&self, request: Request) -> impl Future<Output = Answer>;
    /// Takes note of something that happened.
    fn tell(&self, event: Event) -> impl Future<Output = ()>;
    /// The time, as text for people: it is stored in the journal and nothing is computed from it.
    fn now(&self) -> impl Future<Output = String>;
}

/// What a revision does in each direction, or why that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// The way up.
    pub upgrade: Result<Vec<Directive>, Diagnostic>,
    /// The way down.
    pub downgrade: Result<Vec<Directive>, Diagnostic>,
}

/// The revisions that the engine is given (Alembic's word for where they are kept).
pub trait ScriptDirectory {
    /// How they follow each other.
    fn graph(&self) -> &Graph;
    /// What a revision does. Asked only for revisions that run.
    fn body(&self, id: &RevisionId) -> Rc<Body>;
    /// The hash of what a revision's upgrade does, or `None` if that cannot be read. Asked for every
    /// revision that the journal knows; see [`super::hash`].
    fn hash(&self, id: &RevisionId) -> Option<String> {
        self.body(id).upgrade.as_deref().ok().map(journal::hash)
    }
}

/// How the engine runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whether applied revisions are written into the journal.
    pub journal: bool,
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
    settings: Settings,
) -> Result<Plan, Diagnostic> {
    travel(port, scripts, target, settings, Direction::Upgrade).await
}

/// Downgrades the database to `target`. Otherwise like [`upgrade`].
///
/// # Errors
/// As [`upgrade`].
pub async fn downgrade(
    port: &impl Port,
    scripts: &impl ScriptDirectory,
    target: &str,
    settings: Settings,
) -> Result<Plan, Diagnostic> {
    travel(port, scripts, target, settings, Direction::Downgrade).await
}

async fn travel(
    port: &impl Port,
    scripts: &impl ScriptDirectory,
    target: &str,
    settings: Settings,
    direction: Direction,
) -> Result<Plan, Diagnostic> {
    let state = DatabaseState::read(port, settings).await?;
    let graph = scripts.graph();
    let current = state.positions(graph)?;
    let resolved = Target::parse(target).resolve(target, graph, &current, direction)?;
    let plan = match direction {
        Direction::Upgrade => {
            if let Some(edited) = edited(scripts, &state, &current) {
                return Err(edited);
            }
            plan_upgrade(graph, &current, &resolved)?
        }
        // An edited revision may be taken back: that is the way out.
        Direction::Downgrade => plan_downgrade(graph, &current, &resolved)?,
    };
    carry_out(port, plan, state, scripts, settings).await
}

/// The first applied revision whose file now says something else than what was applied.
fn edited(
    scripts: &impl ScriptDirectory,
    state: &DatabaseState,
    current: &[usize],
) -> Option<Diagnostic> {
    if state.journal.is_empty() {
        return None;
    }
    let graph = scripts.graph();
    let applied = graph.ancestry(current);
    let revision = state.journal.iter().find_map(|row| {
        let at = graph.position(&row.revision).filter(|at| applied[*at])?;
        // What can no longer be read was edited too: it could be, when it was applied.
        (scripts.hash(&row.revision).as_ref() != Some(&row.hash)).then(|| graph.at(at))
    })?;
    let down = revision.down.first().map_or("base", RevisionId::as_str);
    Some(
        Diagnostic::error(
            Code::EditedRevision,
            format!("Revision {} was edited after it was applied", revision.id),
        )
        .hint(format!(
            "{} no longer does what this database went through; undo the edit, or",
            revision.file
        ))
        .hint_command(
            "take it back to apply it again as it is now; the tables that it made lose their rows",
            format!("downgrade {down}"),
        ),
    )
}

/// Runs the steps of a plan. Gives the plan back when all of it is done.
async fn carry_out(
    port: &impl Port,
    plan: Plan,
    mut state: DatabaseState,
    scripts: &impl ScriptDirectory,
    settings: Settings,
) -> Result<Plan, Diagnostic> {
    if plan.steps.is_empty() {
        return Ok(plan);
    }
    let now = port.now().await;
    // All of it before any of it: a later revision that cannot be read leaves everything as it is.
    let mut lists = Vec::with_capacity(plan.steps.len());
    for step in &plan.steps {
        let body = scripts.body(&step.revision);
        lists.push(statements(step, &state, &body, settings, &now)?);
        state.has_version_table = true;
        state.has_journal |= settings.journal;
    }
    for (step, statements) in plan.steps.iter().zip(lists) {
        port.tell(Event::Started(step.clone())).await;
        match port.database(Request::Atomic(statements.clone())).await {
            Answer::Done | Answer::Rows(_) => {}
            Answer::Failed(failure) => return Err(refused(port, step, &statements, failure).await),
        }
        for statement in statements {
            port.tell(Event::Ran(statement)).await;
        }
        port.tell(Event::Finished(step.clone())).await;
    }
    Ok(plan)
}

/// The atomic list of one step.
fn statements(
    step: &Step,
    state: &DatabaseState,
    body: &Body,
    settings: Settings,
    now: &str,
) -> Result<Vec<Statement>, Diagnostic> {
    let directives = match step.direction {
        Direction::Upgrade => &body.upgrade,
        Direction::Downgrade => &body.downgrade,
    };
    let directives = directives.as_ref().map_err(Clone::clone)?;
    let mut list = List::new(step);
    if !state.has_version_table {
        list.push(Role::VersionTable, version_table::create());
    }
    if settings.journal && !state.has_journal {
        list.push(Role::Journal, journal::create());
    }
    list.assert_heads();
    list.directives(directives)?;
    list.version_changes();
    if settings.journal {
        list.journal(directives, body.downgrade.as_deref().map_err(Clone::clone), now);
    }
    Ok(list.finish())
}

/// The error for a list that the database refused.
async fn refused(
    port: &impl Port,
    step: &Step,
    statements: &[Statement],
    failure: Failure,
) -> Diagnostic {
    let statement = failure.statement.and_then(|at| statements.get(at));
    let is_assertion =
        statement.is_none_or(|statement| statement.origin.role == Role::HeadAssertion);
    let mut diagnostic = if is_assertion && failure.message.contains(version_table::HEAD_MOVED) {
        Diagnostic::error(
            Code::HeadMoved,
            format!("The database moved on while revision {} was being planned", step.revision),
        )
        .hint("something else upgraded or downgraded it at the same time; nothing was changed; run the \
               command again")
    } else {
        Diagnostic::error(Code::StatementFailed, failure.message).hint(format!(
            "nothing of revision {} was applied: the database is as it was before it",
            step.revision
        ))
    };
    if statement.is_none() && diagnostic.message.contains("FOREIGN KEY") {
        diagnostic = diagnostic.hint(
            "the transaction was refused at its end: rows refer to others that are not there; PRAGMA \
             foreign_key_check lists them",
        );
    }
    if let Some(statement) = statement {
        if let Role::Operation { name, place } = &statement.origin.role {
            diagnostic.place.clone_from(place);
            diagnostic = diagnostic.hint(format!("op.{name} asked for this statement"));
        }
        diagnostic.statement = Some(statement.sql.clone());
    }
    let refused = failure.statement.filter(|at| *at < statements.len());
    let told = diagnostic.clone();
    port.tell(Event::Refused { statements: statements.to_vec(), refused, diagnostic: told }).await;
    diagnostic
}
