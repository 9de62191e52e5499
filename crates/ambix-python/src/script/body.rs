use super::directive::read_directive;
use super::reader::Reader;
use super::tables::creates_table;
use crate::syntax::{Source, span_of};
use crate::value::{Names, assignment, read};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::operation::Directive;
use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};

/// What the function `upgrade` or `downgrade` of a script does.
pub(super) fn directives(
    reader: &Reader,
    module: &[Stmt],
    function: &str,
) -> Result<Vec<Directive>, Diagnostic> {
    let source = reader.source;
    let definition = module.iter().rev().find_map(|statement| match statement {
        Stmt::FunctionDef(found) if found.name.as_str() == function => Some(found),
        _ => None,
    });
    let Some(definition) = definition else {
        let message = format!("The script has no function `{function}()`");
        let end = source.text.trim_end().len();
        let hint =
            format!("Add `def {function}() -> None:`, with `pass` if there is nothing to do.");
        return Err(source.unsupported(Span::new(end, end), message).hint(hint));
    };
    check_signature(source, definition)?;
    let mut directives = Vec::new();
    let mut tables = reader.tables.clone();
    let mut names = Names::within(reader.names);
    for statement in &definition.body {
        let span = span_of(statement);
        let reader = Reader { names: &names, tables: &tables, ..*reader };
        match statement {
            Stmt::Pass(_) | Stmt::Import(_) | Stmt::ImportFrom(_) => {}
            // Whatever follows is not reached.
            Stmt::Return(statement) if statement.value.is_none() => break,
            Stmt::Expr(expression) => match &*expression.value {
                Expr::StringLiteral(_) | Expr::EllipsisLiteral(_) => {}
                value => read_directive(&reader, &read(&names, value), &mut directives)?,
            },
            _ => {
                // A name for a table, to put rows into it.
                let assigned =
                    assignment(statement).map(|(name, value)| (name, read(&names, value)));
                match assigned {
                    Some((name, value)) if tables.is_table(&value) => {
                        if creates_table(&value) {
                            read_directive(&reader, &value, &mut directives)?;
                        }
                        tables.insert(name, value);
                    }
                    Some((name, value)) if tables.is_connection(&value) => {
                        tables.insert_connection(name);
                    }
                    _ => return Err(refuse(source, span, statement)),
                }
            }
        }
        names.bind_next(statement);
    }
    Ok(directives)
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

fn refuse(source: Source, span: Span, statement: &Stmt) -> Diagnostic {
    let what = match statement {
        Stmt::If(_) => "An `if`",
        Stmt::For(_) => "A `for` loop",
        Stmt::While(_) => "A `while` loop",
        Stmt::With(with) => return refuse_with(source, span, &with.items),
        Stmt::Try(_) => "A `try`",
        Stmt::Assign(_) | Stmt::AnnAssign(_) | Stmt::AugAssign(_) => "A variable",
        Stmt::FunctionDef(_) => "A function inside of a function",
        Stmt::ClassDef(_) => "A class inside of a function",
        Stmt::Raise(_) => "A `raise`",
        Stmt::Return(_) => "A `return` with a value",
        Stmt::Assert(_) => "An `assert`",
        Stmt::Delete(_) => "A `del`",
        Stmt::Match(_) => "A `match`",
        _ => "A statement of this kind",
    };
    // The first line of a block is enough to underline.
    let line = span.of(source.text).lines().next().unwrap_or_default().len();
    let span = Span::new(span.start, span.start + line);
    source.unsupported(span, format!("{what} is not supported in a revision yet")).hint(
        "Write the directives out one after another, or what they do as SQL: `op.execute(\"…\")`.",
    )
}

fn refuse_with(source: Source, span: Span, items: &[ruff_python_ast::WithItem]) -> Diagnostic {
    let called = items.first().map(|item| &item.context_expr);
    let name = match called {
        Some(Expr::Call(call)) => span_of(&*call.func).of(source.text),
        _ => "",
    };
    let span = called.map_or(span, span_of);
    let message = match name {
        "" => "A `with` is not supported in a revision yet".into(),
        name => format!("`{name}` is not supported in a revision yet"),
    };
    source.unsupported(span, message).hint(super::directive::WRITE_SQL)
}
