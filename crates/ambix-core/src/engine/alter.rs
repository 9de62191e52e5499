//! A change of one table outside of any revision.

use super::list::{compile, statement};
use super::refusal::of_change;
use super::{Answer, Model, Port, Request, Settings, Statement};
use crate::diagnostic::Diagnostic;
use crate::operation::{AlterTable, Directive, Operation};
use crate::sqlite::alter::Stop;
use alloc::vec::Vec;

/// Changes a table of a database that has no revisions, or outside of them. All of it or nothing.
///
/// # Errors
/// If the change names what is not there, would break something, or is refused by the database.
pub async fn alter(
    port: &impl Port,
    change: &AlterTable,
    settings: &Settings,
) -> Result<(), Diagnostic> {
    let operation = Operation::AlterTable(change.clone());
    let directives = [Directive { operation, place: None }];
    let mut model = Model::read(port).await?;
    model.choose_mode(port, &directives, settings).await?;
    let (pieces, switches_off) = loop {
        let mut model_then = model.clone();
        match compile(&directives[0], Some(&mut model_then)) {
            Err(Stop::Unknown(fact)) => model.find_out(port, &fact).await,
            Err(Stop::Refused(error)) => return Err(error),
            Ok(pieces) => break (pieces, model_then.switches_off),
        }
    };
    if pieces.is_empty() {
        return Ok(());
    }
    let statements: Vec<Statement> =
        pieces.into_iter().map(|piece| statement(piece, &directives[0], None)).collect();
    let request = match switches_off {
        true => Request::Rebuild(statements.clone()),
        false => Request::Atomic(statements.clone()),
    };
    match port.database(request).await {
        Answer::Failed(failure) => Err(of_change(&statements, &failure)),
        Answer::Done | Answer::Rows(_) => Ok(()),
    }
}
