//! `edit`: revision files in the person's editor.

use super::Done;
use super::desk::Desk;
use crate::Request;
use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::revision::Name;

pub(super) async fn edit(desk: &Desk, revision: String) -> Done {
    let revision = revision.as_str();
    let state = match revision {
        "current" => Some(desk.connect_to_look().await?),
        _ => None,
    };
    let revisions = desk.revisions().await?;
    let graph = &revisions.graph;
    let found = if let Some(state) = state {
        if state.heads.is_empty() {
            return Err(Diagnostic::error(Code::UnknownRevision, "No current revisions")
                .hint_command("the database is at the base; edit the newest one", "edit head"));
        }
        graph.rows(&state.heads)?
    } else {
        graph.find(&Name::parse(revision))?
    };
    if found.is_empty() {
        let message = format!("No revision files indicated by symbol '{revision}'");
        return Err(Diagnostic::error(Code::UnknownRevision, message)
            .hint_command("list all revisions", "history"));
    }
    let project = desk.project().await?;
    for at in found {
        let path = project.absolute(&graph.at(at).file);
        desk.done(Request::Edit { path: path.clone() }, &path).await.map_err(|error| {
            // What the host says is Alembic's sentence; the file is in it.
            let said = error.message.strip_prefix(&format!("{path}: ")).map(String::from);
            error.with(|error| error.message = said.unwrap_or_else(|| error.message.clone()))
        })?;
    }
    desk.flush().await
}
