//! Whether a script says of itself that it cannot be taken back.

use crate::evaluate::Evaluator;
use crate::syntax::{Source, span_of};
use crate::value::{Kind, Value};
use ambix_core::diagnostic::{Code, Diagnostic, Span};
use ruff_python_ast::{Expr, Stmt};

/// Why it cannot be taken back, and where it says so. The reason may be empty.
pub(super) struct Declared {
    pub(super) reason: String,
    pub(super) span: Span,
}

/// What `irreversible = True` or `irreversible = "reason"` at the top level says, or a `downgrade()` that does
/// nothing but raise an error: `raised`.
///
/// # Errors
/// If the variable is something else.
pub(super) fn declared(
    source: Source,
    raised: Option<Declared>,
    variable: Option<Value>,
) -> Result<Option<Declared>, Diagnostic> {
    let Some(value) = variable else { return Ok(raised) };
    let reason = match &value.kind {
        Kind::Bool(true) => raised.map(|raised| raised.reason).unwrap_or_default(),
        Kind::Bool(false) | Kind::None => return Ok(raised),
        Kind::Text(reason) => reason.trim().to_owned(),
        _ => {
            let message = format!(
                "`irreversible` must be True or the reason as a string, not {}",
                value.describe()
            );
            return Err(Diagnostic::error(Code::RevisionFile, message)
                .at(source.place(value.span))
                .hint("Ambix reads Python without running it: write True, or the reason itself."));
        }
    };
    Ok(Some(Declared { reason, span: value.span }))
}

/// `def downgrade(): raise NotImplementedError("reason")`.
pub(super) fn raised<'a>(evaluator: &mut Evaluator<'a>, module: &'a [Stmt]) -> Option<Declared> {
    let downgrade = module.iter().rev().find_map(|statement| match statement {
        Stmt::FunctionDef(found) if found.name.as_str() == "downgrade" => Some(found),
        _ => None,
    })?;
    let is_silent = |statement: &Stmt| match statement {
        Stmt::Pass(_) => true,
        Stmt::Expr(expression) => {
            matches!(&*expression.value, Expr::StringLiteral(_) | Expr::EllipsisLiteral(_))
        }
        _ => false,
    };
    let first = downgrade.body.iter().find(|statement| !is_silent(statement))?;
    let Stmt::Raise(raise) = first else { return None };
    let value = evaluator.value(raise.exc.as_deref()?).ok();
    let argument = value.as_ref().and_then(Value::call).and_then(|call| call.arguments.first());
    let reason = argument.and_then(Value::text).unwrap_or_default().trim().to_owned();
    Some(Declared { reason, span: span_of(first) })
}
