use super::foreign_key::{OptionalName, foreign_key_constraint};
use super::sql::{Columns, sql};
use super::{Arguments, called};
use crate::syntax::Source;
use crate::value::{Call, Kind, Value};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::schema::{Check, Constraint, Name, PrimaryKey, Unique};

/// The constraint that a call of that SQLAlchemy class makes; `None` if it is no constraint.
pub(crate) fn constraint(
    source: Source,
    class: &str,
    call: &Call,
    span: Span,
    columns: Columns,
) -> Option<Result<Constraint, Diagnostic>> {
    Some(match class {
        "PrimaryKeyConstraint" => columns_and_name(source, class, call, span).map(
            |Unique { columns, name, on_conflict }| {
                Constraint::PrimaryKey(PrimaryKey { name, columns, on_conflict })
            },
        ),
        "UniqueConstraint" => columns_and_name(source, class, call, span).map(Constraint::Unique),
        "ForeignKeyConstraint" => {
            foreign_key_constraint(source, call, span).map(Constraint::ForeignKey)
        }
        "CheckConstraint" => check(source, call, span, columns).map(Constraint::Check),
        _ => return None,
    })
}

fn columns_and_name(
    source: Source,
    class: &str,
    call: &Call,
    span: Span,
) -> Result<Unique, Diagnostic> {
    let mut given = Arguments::of(source, class, call, span);
    let mut columns = Vec::new();
    while let Some(value) = given.next() {
        let column = given.expect_text("columns", value)?;
        // One that is named twice counts once.
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    if columns.is_empty() {
        let message = format!("`{class}` names no column");
        return Err(source.unsupported(span, message));
    }
    let name = name(&mut given)?;
    given.ignore(&["info", "comment", "_column_flag"]);
    given.ignore_other_dialects();
    let on_conflict = given.text("sqlite_on_conflict")?;
    refuse_deferrable(&mut given)?;
    given.finish()?;
    Ok(Unique { name, columns, on_conflict })
}

/// `CheckConstraint("expression", name=…)`.
pub(crate) fn check(
    source: Source,
    call: &Call,
    span: Span,
    columns: Columns,
) -> Result<Check, Diagnostic> {
    let mut given = Arguments::of(source, "CheckConstraint", call, span);
    let value = given.required("sqltext")?;
    let expression = condition_on(&given, "sqltext", value, columns)?;
    let name = match given.either("name") {
        Some(value) => name_of(&given, value)?,
        None => None,
    };
    given.ignore(&["info", "comment"]);
    given.ignore_other_dialects();
    let on_conflict = given.text("sqlite_on_conflict")?;
    refuse_deferrable(&mut given)?;
    given.finish()?;
    Ok(Check { name, expression, on_conflict, in_column: false })
}

/// Refuses what SQLite has for foreign keys only: SQLAlchemy writes it behind any constraint.
pub(crate) fn refuse_deferrable(given: &mut Arguments) -> Result<(), Diagnostic> {
    given.refuse(&["deferrable", "initially"])
}

/// The condition of a CHECK: SQL as a string, or what SQLAlchemy has for it.
pub(crate) fn condition(
    given: &Arguments,
    name: &str,
    value: &Value,
) -> Result<String, Diagnostic> {
    condition_on(given, name, value, &|_| None)
}

/// The same, which may name these columns.
fn condition_on(
    given: &Arguments,
    name: &str,
    value: &Value,
    columns: Columns,
) -> Result<String, Diagnostic> {
    match &value.kind {
        Kind::Text(text) => Ok(super::sql::unescaped(text)),
        _ => sql(given.source(), value, columns).unwrap_or_else(|| {
            let hint = "Write the condition as SQL: `CheckConstraint(\"price > 0\")`.";
            Err(given.unexpected_but(name, "a string", value, hint))
        }),
    }
}

fn name(given: &mut Arguments) -> Result<OptionalName, Diagnostic> {
    match given.keyword("name") {
        Some(value) => name_of(given, value),
        None => Ok(None),
    }
}

/// The name that a value gives to a constraint or an index. `op.f("…")` and `conv("…")` mark one
/// that is final.
pub(crate) fn name_of(given: &Arguments, value: &Value) -> Result<OptionalName, Diagnostic> {
    if let Some(text) = value.text() {
        return Ok(Some(Name::plain(text)));
    }
    if matches!(value.kind, Kind::None) {
        return Ok(None);
    }
    if let Some(call) = value.call()
        && let [name] = call.arguments.as_slice()
        && let Some(name) = name.text()
        && call.keywords.is_empty()
    {
        let is_f = call.callee.path().is_some_and(|path| path.within("alembic") == Some("f"));
        if is_f || called(value).is_some_and(|(name, _)| name == "conv") {
            return Ok(Some(Name::conv(name)));
        }
    }
    Err(given.unexpected("name", "a string", value))
}
