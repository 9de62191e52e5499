use super::Arguments;
use crate::syntax::Source;
use crate::value::{Call, Kind, Value};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::schema::{ForeignKey, Name};

/// `ForeignKey("table.column", …)` in a column. Its own column is not known yet.
pub(crate) fn foreign_key(
    source: Source,
    call: &Call,
    span: Span,
) -> Result<ForeignKey, Diagnostic> {
    let mut given = Arguments::of(source, "ForeignKey", call, span);
    let target = given.required("column")?;
    let (table, column) = reference(&given, target)?;
    let mut key = options(&mut given)?;
    given.finish()?;
    key.referred_table = table;
    key.referred_columns = vec![column];
    Ok(key)
}

/// `ForeignKeyConstraint([columns], [targets], …)`.
pub(crate) fn foreign_key_constraint(
    source: Source,
    call: &Call,
    span: Span,
) -> Result<ForeignKey, Diagnostic> {
    let mut given = Arguments::of(source, "ForeignKeyConstraint", call, span);
    let columns = given.required("columns")?;
    let columns = texts(&given, "columns", columns)?;
    let targets = given.required("refcolumns")?;
    let named = given.next();
    let mut key = options(&mut given)?;
    if let Some(value) = named {
        key.name = super::constraint::name_of(&given, value)?;
    }
    key.columns = columns;
    for target in targets.items().unwrap_or(std::slice::from_ref(targets)) {
        let (table, column) = reference(&given, target)?;
        if !key.referred_columns.is_empty() && key.referred_table != table {
            let message = "A foreign key must refer to the columns of one table";
            return Err(source.unsupported(targets.span, message));
        }
        key.referred_table = table;
        key.referred_columns.push(column);
    }
    // A script may have no targets: Alembic writes so what a database refers to without columns.
    let matches =
        key.referred_columns.is_empty() || key.columns.len() == key.referred_columns.len();
    if !matches || key.columns.is_empty() {
        let message = format!(
            "ForeignKeyConstraint number of constrained columns must match the number of \
             referenced columns: {} and {}",
            key.columns.len(),
            key.referred_columns.len()
        );
        return Err(source.unsupported(span, message));
    }
    given.finish()?;
    Ok(key)
}

/// A list of strings.
pub(crate) fn texts(
    given: &Arguments,
    name: &str,
    value: &Value,
) -> Result<Vec<String>, Diagnostic> {
    let items = value.items().ok_or_else(|| given.unexpected(name, "a list of strings", value))?;
    items.iter().map(|item| given.expect_text(name, item)).collect()
}

/// The keyword arguments of a foreign key; its columns are left empty.
pub(crate) fn options(given: &mut Arguments) -> Result<ForeignKey, Diagnostic> {
    let name = match given.keyword("name") {
        Some(value) => super::constraint::name_of(given, value)?,
        None => None,
    };
    let key = ForeignKey {
        name,
        columns: Vec::new(),
        referred_table: String::new(),
        referred_columns: Vec::new(),
        match_type: given.text("match")?,
        on_update: given.text("onupdate")?,
        on_delete: given.text("ondelete")?,
        deferrable: given.flag("deferrable")?,
        initially: given.text("initially")?,
        use_alter: given.flag("use_alter")?.unwrap_or(false),
    };
    given.ignore(&["info", "comment", "link_to_name", "sqlite_on_conflict"]);
    given.ignore_other_dialects();
    Ok(key)
}

/// The two parts of `"table.column"`.
fn reference(given: &Arguments, value: &Value) -> Result<(String, String), Diagnostic> {
    let hint = "Write the target as a string: `ForeignKey(\"table.column\")`.";
    let target = match &value.kind {
        Kind::Text(target) => target,
        _ => return Err(given.unexpected_but("column", "a string", value, hint)),
    };
    match target.split('.').collect::<Vec<_>>()[..] {
        [table, column] => Ok((table.into(), column.into())),
        _ => {
            let message = format!(
                "The target of the foreign key, '{target}', is not of the form table.column"
            );
            Err(given.source().unsupported(value.span, message).hint(hint))
        }
    }
}

/// The name a value gives to a constraint or an index; None is no name.
pub(crate) type OptionalName = Option<Name>;
