//! The commands that list revisions.

use super::desk::Desk;
use super::{Done, graph};
use crate::Revisions;
use crate::listing::{self, Shown};
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::engine::DatabaseState;
use ambix_core::revision::{End, Graph, Name};
use serde_json::Value;

/// How revisions are listed.
#[derive(Clone, Copy, Default)]
pub(super) struct Form {
    /// In full.
    pub(super) verbose: bool,
    /// As JSON.
    pub(super) json: bool,
}

/// How the history is told.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// Whether it is marked where the database is.
    pub(super) indicate_current: bool,
    /// Whether it is drawn.
    pub(super) graph: bool,
}

pub(super) async fn current(desk: &Desk, check_heads: bool, form: Form) -> Done {
    desk.connect().await?;
    let state = desk.state().await?;
    if form.verbose && !form.json {
        desk.line(format!("Current revision(s) for {}:", desk.project().await?.url)).await;
    }
    let revisions = desk.revisions().await?;
    let graph = &revisions.graph;
    if check_heads {
        let mut heads: Vec<&str> =
            graph.heads().iter().map(|at| graph.at(*at).id.as_str()).collect();
        let mut rows: Vec<&str> = state.heads.iter().map(|id| id.as_str()).collect();
        ambix_core::sort::sort(&mut heads);
        ambix_core::sort::sort(&mut rows);
        if heads != rows {
            return Err(Diagnostic::error(
                Code::NotAtHeads,
                "Database is not on all head revisions",
            )
            .hint_command("apply what is missing", "upgrade heads"));
        }
    }
    let current = graph.all_current(&graph.rows(&state.heads)?);
    let shown = Shown { forks: true, ..Shown::default() };
    list(desk, &revisions, &current, None, form, shown).await
}

pub(super) async fn heads(desk: &Desk, resolve_dependencies: bool, form: Form) -> Done {
    let revisions = desk.revisions().await?;
    let heads = match resolve_dependencies {
        true => revisions.graph.real_heads(),
        false => revisions.graph.heads(),
    };
    let shown = Shown { labels: true, ..Shown::default() };
    list(desk, &revisions, &heads, None, form, shown).await
}

pub(super) async fn show(desk: &Desk, revision: String, json: bool) -> Done {
    let revisions;
    let found;
    if revision == "current" {
        let state = desk.connect_to_look().await?;
        revisions = desk.revisions().await?;
        found = revisions.graph.rows(&state.heads)?;
    } else {
        revisions = desk.revisions().await?;
        found = revisions.graph.find(&Name::parse(&revision))?;
    }
    let form = Form { verbose: true, json };
    list(desk, &revisions, &found, None, form, Shown::default()).await
}

pub(super) async fn branches(desk: &Desk, form: Form) -> Done {
    let revisions = desk.revisions().await?;
    let graph = &revisions.graph;
    let whole = graph.range(&End::Typed("base".into()), &End::Typed("heads".into()))?;
    let points: Vec<usize> = whole.into_iter().filter(|at| graph.children(*at).len() > 1).collect();
    if form.json {
        return list(desk, &revisions, &points, None, form, Shown::default()).await;
    }
    let shown = Shown { labels: true, forks: true, ..Shown::default() };
    for point in points {
        list(desk, &revisions, &[point], None, form, shown).await?;
        let indent = " ".repeat(graph.at(point).id.as_str().chars().count());
        for child in graph.children(point) {
            let shown = Shown { message: form.verbose, ..shown };
            let child = listing::line(graph, *child, false, shown);
            desk.line(format!("{indent} -> {child}")).await;
        }
        desk.line("").await;
    }
    Ok(())
}

pub(super) async fn history(
    desk: &Desk,
    rev_range: Option<String>,
    shape: Shape,
    form: Form,
) -> Done {
    let (start, end) = match rev_range.as_deref().map(|range| range.trim().split_once(':')) {
        None => ("", ""),
        Some(Some((start, end))) if !end.contains(':') => (start, end),
        Some(_) => {
            return Err(Diagnostic::error(
                Code::InvalidOptions,
                "History range requires [start]:[end], [start]:, or :[end]",
            )
            .hint_command("for example, what is not applied yet", "history -r current:heads"));
        }
    };
    let needs_database = shape.indicate_current || start == "current" || end == "current";
    let state = match needs_database {
        true => desk.connect_to_look().await?,
        false => DatabaseState::default(),
    };
    let revisions = desk.revisions().await?;
    let graph = &revisions.graph;
    let range_end = |text: &str, otherwise: &str| match text {
        "" => Ok(End::Typed(otherwise.into())),
        // As in Alembic, a database at the base does not limit a range.
        "current" if state.heads.is_empty() => Ok(End::Typed(otherwise.into())),
        "current" => graph.rows(&state.heads).map(End::Current),
        text => Ok(End::Typed(text.into())),
    };
    let order = graph.range(&range_end(start, "base")?, &range_end(end, "heads")?)?;
    let rows: Vec<usize> = state.heads.iter().filter_map(|id| graph.position(id)).collect();
    if shape.graph && !form.json {
        let rows = needs_database.then_some(rows.as_slice());
        return graph::draw(desk, graph, &order, rows, form.verbose).await;
    }
    let current = shape.indicate_current.then_some(rows.as_slice());
    let shown = Shown { parents: true, labels: true, forks: true, message: true };
    list(desk, &revisions, &order, current, form, shown).await
}

/// Lists these revisions; `current` are marked, where the database was asked.
async fn list(
    desk: &Desk,
    revisions: &Revisions,
    positions: &[usize],
    current: Option<&[usize]>,
    form: Form,
    shown: Shown,
) -> Done {
    let graph: &Graph = &revisions.graph;
    let project = desk.project().await?;
    let path = |at: usize| project.absolute(&graph.at(at).file);
    let is_current = |at: usize| current.map(|current| current.contains(&at));
    if form.json {
        let list: Vec<Value> = positions
            .iter()
            .map(|at| listing::json(graph, *at, is_current(*at), &path(*at)))
            .collect();
        desk.json(&Value::Array(list)).await;
        return Ok(());
    }
    for at in positions.iter().copied() {
        let marked = is_current(at).unwrap_or(false);
        if !form.verbose {
            desk.line(listing::line(graph, at, marked, shown)).await;
            continue;
        }
        for line in listing::entry(graph, at, marked, &path(at)) {
            desk.line(line).await;
        }
    }
    Ok(())
}
