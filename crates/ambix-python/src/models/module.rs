use super::Found;
use super::class::is_mapped;
use crate::sqlalchemy::{called, find_table_part, table_part};
use crate::syntax::{Source, span_of};
use crate::value::{Class, Names, Value, read};
use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::{Expr, Stmt};

/// Looks for parts of tables where none can be read.
pub(super) fn inspect<'a>(
    source: Source<'a>,
    names: &Names,
    statement: &Stmt,
    found: &mut Found<'a>,
) {
    let mut expression = |expression: &Expr| {
        inspect_value(source, &read(names, expression), found);
    };
    match statement {
        Stmt::Expr(statement) => expression(&statement.value),
        Stmt::Assign(assign) => {
            expression(&assign.value);
            if assign.targets.iter().any(names_constraints) {
                let message = "A naming_convention that is set afterwards is not read".into();
                let hint = "Give it to the MetaData: `MetaData(naming_convention={…})`.";
                found.unsupported(source, span_of(statement), message, hint);
            }
        }
        Stmt::AnnAssign(assign) => assign.value.iter().for_each(|value| expression(value)),
        Stmt::AugAssign(assign) => expression(&assign.value),
        Stmt::If(branch) => {
            inspect_all(source, names, &branch.body, found);
            for clause in &branch.elif_else_clauses {
                inspect_all(source, names, &clause.body, found);
            }
        }
        Stmt::Try(attempt) => {
            inspect_all(source, names, &attempt.body, found);
            for handler in attempt.handlers.iter().filter_map(|handler| handler.as_except_handler())
            {
                inspect_all(source, names, &handler.body, found);
            }
            inspect_all(source, names, &attempt.orelse, found);
            inspect_all(source, names, &attempt.finalbody, found);
        }
        Stmt::With(with) => inspect_all(source, names, &with.body, found),
        Stmt::For(repeat) => inspect_all(source, names, &repeat.body, found),
        Stmt::While(repeat) => inspect_all(source, names, &repeat.body, found),
        Stmt::Match(choice) => {
            for case in &choice.cases {
                inspect_all(source, names, &case.body, found);
            }
        }
        Stmt::ClassDef(_) => {
            inspect_inner(source, names, std::slice::from_ref(statement), found);
        }
        Stmt::FunctionDef(function) => inspect_inner(source, names, &function.body, found),
        _ => {}
    }
}

fn names_constraints(target: &Expr) -> bool {
    matches!(target, Expr::Attribute(target) if target.attr.as_str() == "naming_convention")
}

fn inspect_all<'a>(source: Source<'a>, names: &Names, body: &[Stmt], found: &mut Found<'a>) {
    for statement in body {
        inspect(source, names, statement, found);
    }
}

/// Reports the models that stand in a function or in another class, however deep.
pub(super) fn inspect_inner<'a>(
    source: Source<'a>,
    names: &Names,
    body: &[Stmt],
    found: &mut Found<'a>,
) {
    InnerModels { source, names, found }.visit_body(body);
}

struct InnerModels<'a, 'b, 'c> {
    source: Source<'a>,
    names: &'a Names<'a>,
    found: &'b mut Found<'c>,
}

impl<'s> StatementVisitor<'s> for InnerModels<'_, '_, '_> {
    fn visit_stmt(&mut self, statement: &'s Stmt) {
        if let Stmt::ClassDef(statement) = statement {
            let class = Class::of(self.names, statement);
            if is_mapped(&class) {
                let message =
                    format!("The class {} stands inside of another statement", class.name);
                let hint = "Define models at the top level of the file.";
                return self.found.unsupported(self.source, class.span, message, hint);
            }
        }
        walk_stmt(self, statement);
    }
}

/// Reports the first thing in `value` that makes, or changes, tables.
pub(super) fn inspect_value<'a>(source: Source<'a>, value: &Value, found: &mut Found<'a>) {
    inspect_metadata(source, value, found);
    let Some(value) = find_table_part(value) else { return };
    let name = table_part(value).unwrap_or_default();
    let (message, hint) = match name {
        "Table" | "Index" => (
            format!("`{name}` inside of another statement is not read yet"),
            "Write it as a statement of its own at the top level of the file.",
        ),
        _ => (
            format!("`{name}` outside of a model is not read yet"),
            "Write it into its `Table`, or into a class with `__tablename__`.",
        ),
    };
    found.unsupported(source, value.span, message, hint);
}

/// Reports a `MetaData` in `value` that puts tables into a schema, and notes those that name constraints.
pub(super) fn inspect_metadata<'a>(source: Source<'a>, value: &Value, found: &mut Found<'a>) {
    value.visit(&mut |value| {
        if has(value, "schema") {
            let message = "The argument `schema` of `MetaData` is not read yet";
            let hint = "Leave it out: SQLite has no schemas.";
            found.unsupported(source, value.span, message.into(), hint);
        }
        if has(value, "naming_convention") {
            found.conventions.push((source, value.span));
        }
    });
}

/// Whether it is a `MetaData` with an argument of that name.
fn has(value: &Value, name: &str) -> bool {
    called(value).is_some_and(|(class, call)| {
        class == "MetaData"
            && call
                .keywords
                .iter()
                .any(|keyword| keyword.name == name && !keyword.value.is_nothing())
    })
}
