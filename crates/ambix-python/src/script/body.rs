//! What the function `upgrade` or `downgrade` of a script does.

use super::desk::Desk;
use crate::evaluate::Evaluator;
use crate::syntax::{Source, span_of};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::engine::Model;
use ambix_core::operation::Directive;
use ambix_core::schema::NamingConvention;
use ambix_core::sqlite::alter::Stop;
use ruff_python_ast::{Stmt, StmtFunctionDef};

/// What the function does to the database of `model`; without one, what it does to any.
///
/// # Errors
/// If something in it that is reached is not understood, or looks at the database and there is none
/// ([`Code::LooksAtDatabase`](ambix_core::diagnostic::Code)).
pub(super) fn directives(
    source: Source,
    convention: &NamingConvention,
    module: &[Stmt],
    function: &str,
    model: Option<&Model>,
) -> Result<Vec<Directive>, Stop> {
    let definition = module.iter().rev().find_map(|statement| match statement {
        Stmt::FunctionDef(found) if found.name.as_str() == function => Some(found),
        _ => None,
    });
    let Some(definition) = definition else {
        let message = format!("The script has no function `{function}()`");
        let end = source.text.trim_end().len();
        let hint =
            format!("Add `def {function}() -> None:`, with `pass` if there is nothing to do.");
        return Err(source.unsupported(Span::new(end, end), message).hint(hint).into());
    };
    check_signature(source, definition)?;
    let mut evaluator = Evaluator::new(source, Desk::new(source, convention, model), module);
    evaluator.host.forget();
    match evaluator.open().run(function) {
        Ok(()) => Ok(evaluator.host.directives()),
        Err(stop) => Err(stop.into_stop(source)),
    }
}

fn check_signature(source: Source, function: &StmtFunctionDef) -> Result<(), Diagnostic> {
    let span = span_of(&function.name);
    let name = function.name.as_str();
    let refused = if function.is_async {
        "is asynchronous"
    } else if !function.decorator_list.is_empty() {
        "has a decorator"
    } else {
        return Ok(());
    };
    let hint = format!("Write `def {name}() -> None:`.");
    Err(source.unsupported(span, format!("`{name}()` {refused}, which is not read")).hint(hint))
}
