use super::Found;
use super::class::is_mapped;
use crate::sqlalchemy::{called, find_table_part, table_part};
use crate::syntax::Source;
use crate::value::{Class, Names, Value, read};
use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::{Expr, Stmt};

/// Looks for parts of tables where none can be read.
pub(super) fn inspect(source: Source, names: &Names, statement: &Stmt, found: &mut Found) {
    let mut expression = |expression: &Expr| {
        inspect_value(source, &read(names, expression), found);
    };
    match statement {
        Stmt::Expr(statement) => expression(&statement.value),
        Stmt::Assign(assign) => expression(&assign.value),
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

fn inspect_all(source: Source, names: &Names, body: &[Stmt], found: &mut Found) {
    for statement in body {
        inspect(source, names, statement, found);
    }
}

/// Reports the models that stand in a function or in another class, however deep.
pub(super) fn inspect_inner(source: Source, names: &Names, body: &[Stmt], found: &mut Found) {
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
pub(super) fn inspect_value(source: Source, value: &Value, found: &mut Found) {
    let mut metadata = None;
    value.visit(&mut |value| {
        if metadata.is_none() && settles_tables(value) {
            metadata = Some(value);
        }
    });
    if let Some(value) = metadata {
        let message = "Arguments of `MetaData` (naming_convention, schema) are not read yet";
        let hint = "Name constraints and indexes one by one, with `name=`.";
        found.unsupported(source, value.span, message.into(), hint);
    }
    let Some(value) = find_table_part(value) else { return };
    let name = table_part(value).unwrap_or_default();
    let hint = match name {
        "Table" => "Write the table as a class with `__tablename__`.",
        "Index" => "Write the index into the `__table_args__` of its class.",
        _ => "Write it into a class with `__tablename__`.",
    };
    let message = format!("`{name}` outside of a model is not read yet");
    found.unsupported(source, value.span, message, hint);
}

/// Whether it is a `MetaData` that names constraints or puts tables into a schema.
fn settles_tables(value: &Value) -> bool {
    called(value).is_some_and(|(name, call)| {
        name == "MetaData"
            && call.keywords.iter().any(|keyword| {
                matches!(keyword.name.as_str(), "naming_convention" | "schema")
                    && !keyword.value.is_nothing()
            })
    })
}
