use crate::sqlalchemy::{Arguments, Columns, TableDeclaration, TableItem, explain, table_item};
use crate::syntax::Source;
use crate::value::{Call, Keyword, Kind, Value};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::schema::Constraint;

/// Reads `__table_args__`: a dict, or a tuple that may end with a dict.
pub(super) fn table_args(
    source: Source,
    value: &Value,
    columns: Columns,
    declaration: &mut TableDeclaration,
) -> Result<(), Diagnostic> {
    let items = match &value.kind {
        Kind::Tuple(items) => items.as_slice(),
        Kind::Dict(_) => std::slice::from_ref(value),
        _ => {
            let message =
                format!("`__table_args__` must be a tuple or a dict, not {}", value.describe());
            return Err(source
                .unsupported(value.span, message)
                .hint("Mind the comma of a tuple: `(Index(…),)`."));
        }
    };
    for item in items {
        if let Kind::Dict(entries) = &item.kind {
            let call = as_call(source, item, entries)?;
            let mut given = Arguments::of(source, "__table_args__", &call, item.span);
            declaration.table_options(&mut given)?;
            given.refuse(&["schema", "prefixes", "quote", "quote_schema"])?;
            given.finish()?;
            continue;
        }
        match table_item(source, item, columns) {
            Some(Ok(TableItem::Column(_))) | None => {
                let message = format!("{} is not read in `__table_args__`", item.describe());
                return Err(explain(source, item, source.unsupported(item.span, message)));
            }
            Some(Ok(TableItem::Constraint(Constraint::ForeignKey(key), span)))
                if key.referred_columns.is_empty() =>
            {
                return Err(source.unsupported(span, "`ForeignKeyConstraint` names no target"));
            }
            Some(item) => declaration.push(item?),
        }
    }
    Ok(())
}

/// The entries of a dict, read like keyword arguments.
fn as_call(source: Source, dict: &Value, entries: &[(Value, Value)]) -> Result<Call, Diagnostic> {
    let keywords = entries.iter().map(|(key, value)| match key.text() {
        Some(name) => Ok(Keyword { name: name.into(), value: value.clone(), span: key.span }),
        None => {
            let message =
                format!("The keys of `__table_args__` must be strings, not {}", key.describe());
            Err(source.unsupported(key.span, message))
        }
    });
    let keywords = keywords.collect::<Result<Vec<Keyword>, Diagnostic>>()?;
    Ok(Call { callee: dict.clone(), arguments: Vec::new(), keywords })
}
