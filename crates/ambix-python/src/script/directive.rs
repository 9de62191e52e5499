use super::bulk_insert::bulk_insert;
use super::table::{add_column, create_table};
use super::tables::Tables;
use crate::sqlalchemy::{
    Arguments, IndexDeclaration, called, explain, explain_undefined, index_key, index_name,
    predicate, sent_text,
};
use crate::syntax::Source;
use crate::value::{Call, Value};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::operation::{
    CreateIndex, Directive, DropColumn, DropIndex, DropTable, Execute, Operation,
};
use ambix_core::sqlite::standard;

/// What to write instead of a directive that is not known.
pub(super) const WRITE_SQL: &str = "Write what it does as SQL, in `op.execute(…)`.";

/// Reads one statement of a script: a call of a directive. One directive can be several operations:
/// a column with `index=True` is a column and an index. `tables` are those that names stand for.
pub(super) fn read_directive(
    source: Source,
    value: &Value,
    tables: &Tables,
    directives: &mut Vec<Directive>,
) -> Result<(), Diagnostic> {
    let unsupported = |message: String| source.unsupported(value.span, message).hint(WRITE_SQL);
    let Some(call) = value.call() else {
        let message = format!("{} is not supported in a revision", capitalised(&value.describe()));
        return Err(unsupported(message));
    };
    let directive = call.callee.path().and_then(|path| path.dotted.strip_prefix("alembic.op."));
    let Some(directive) = directive else {
        let called = call.callee.span.of(source.text);
        let message = format!("`{called}` is not supported in a revision");
        return Err(explain_undefined(source, value, unsupported(message)));
    };
    let what = format!("op.{directive}");
    let given = Arguments::of(source, &what, call, value.span);
    let operations = match directive {
        "create_table" => create_table(given)?,
        "drop_table" => vec![drop_table(given)?],
        "add_column" => add_column(given)?,
        "drop_column" => vec![drop_column(given)?],
        "create_index" => vec![create_index(given, value)?],
        "drop_index" => vec![drop_index(given)?],
        "execute" => execute(given, value)?,
        "bulk_insert" => vec![bulk_insert(given, tables)?],
        _ => return Err(unsupported(format!("`{what}` is not supported in a revision yet"))),
    };
    let place = source.place(value.span);
    directives.extend(
        operations.into_iter().map(|operation| Directive { operation, place: Some(place.clone()) }),
    );
    Ok(())
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

fn drop_table(mut given: Arguments) -> Result<Operation, Diagnostic> {
    let name = given.required_text("table_name")?;
    given.refuse(&["schema", "if_exists"])?;
    given.finish()?;
    Ok(Operation::DropTable(DropTable { name, was: None }))
}

fn drop_column(mut given: Arguments) -> Result<Operation, Diagnostic> {
    let table = given.required_text("table_name")?;
    let name = given.required_text("column_name")?;
    given.refuse(&["schema", "if_exists"])?;
    given.ignore_other_dialects();
    given.finish()?;
    Ok(Operation::DropColumn(DropColumn { table, name, was: None }))
}

fn create_index(mut given: Arguments, value: &Value) -> Result<Operation, Diagnostic> {
    let source = given.source();
    let name = given.required("index_name")?;
    let name = index_name(&given, name)?;
    let table = given.required_text("table_name")?;
    let columns = given.required("columns")?;
    let items =
        columns.items().ok_or_else(|| given.unexpected("columns", "a list of columns", columns))?;
    let keys = items.iter().map(|item| index_key(&given, item, &|_| None));
    let keys = keys.collect::<Result<Vec<_>, Diagnostic>>()?;
    let unique = given.flag("unique")?.unwrap_or(false);
    let predicate = predicate(&mut given, &|_| None)?;
    given.refuse(&["schema", "if_not_exists"])?;
    given.ignore(&["quote", "info"]);
    given.ignore_other_dialects();
    given.finish()?;
    let declared = IndexDeclaration { name, keys, unique, predicate, span: value.span };
    Ok(Operation::CreateIndex(CreateIndex { index: declared.on(source, &table)? }))
}

fn drop_index(mut given: Arguments) -> Result<Operation, Diagnostic> {
    let value = given.required("index_name")?;
    let Some(name) = index_name(&given, value)? else {
        return Err(given.unexpected("index_name", "a string", value));
    };
    let table = match given.either("table_name") {
        Some(value) => given.optional_text("table_name", value)?,
        None => None,
    };
    // Alembic writes the condition of a partial index here too; the name says all.
    given.ignore(&["sqlite_where"]);
    given.refuse(&["schema", "if_exists"])?;
    given.ignore_other_dialects();
    given.finish()?;
    Ok(Operation::DropIndex(DropIndex { name, table, was: None }))
}

fn execute(mut given: Arguments, whole: &Value) -> Result<Vec<Operation>, Diagnostic> {
    let source = given.source();
    let value = given.required("sqltext")?;
    let text = match called(value) {
        Some(("text", call)) => text_of(given.source(), call, value)?,
        _ => value.text().ok_or_else(|| {
            let hint = "Write the SQL itself as a string.";
            given.unexpected_but("sqltext", "a string or `sa.text(\"…\")`", value, hint)
        })?,
    };
    let sql = sent_text(given.source(), value, text)?;
    given.refuse(&["execution_options"])?;
    given.finish()?;
    match standard::read_all(&sql) {
        Ok(None) => Ok(vec![Operation::Execute(Execute::new(sql))]),
        Ok(Some(operations)) => Ok(operations),
        Err(mistake) => {
            // The very place, if the text stands in the script as it is.
            let written = value.span.of(source.text);
            let found = written.find(&sql).map(|at| value.span.start + at);
            let span = found
                .map_or(whole.span, |at| Span::new(at + mistake.span.start, at + mistake.span.end));
            Err(mistake.diagnostic.at(source.place(span)))
        }
    }
}

fn text_of<'a>(source: Source, call: &'a Call, value: &Value) -> Result<&'a str, Diagnostic> {
    match (call.arguments.as_slice(), call.keywords.as_slice()) {
        ([argument], []) => argument.text().ok_or_else(|| {
            let message = format!("`sa.text` must have a string, not {}", argument.describe());
            explain(source, argument, source.unsupported(argument.span, message))
        }),
        _ => Err(source.unsupported(value.span, "`sa.text` must have one string")),
    }
}
