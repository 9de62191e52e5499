use crate::syntax::{File, from_module, joined, parse};
use ambix_core::diagnostic::Diagnostic;
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Stmt};

/// The modules that a file imports, in its order, each once: what may have to be read to know the models.
///
/// `from app import models` gives `app` and `app.models`, since only the files can tell whether `models`
/// is a module. Relative ones keep their dots: `.database`. What stands under `if TYPE_CHECKING` is never
/// run and left out; `importlib.import_module("app.models")` counts.
///
/// # Errors
/// If `text` is no Python.
///
/// ```
/// let modules = ambix_python::imported_modules("models.py", "from .database import Base\n").unwrap();
/// assert_eq!(modules, [".database", ".database.Base"]);
/// ```
pub fn imported_modules(path: &str, text: &str) -> Result<Vec<String>, Diagnostic> {
    let file = File::new(path, text);
    let parsed = parse(file.source())?;
    Ok(of(&parsed.syntax().body))
}

pub(super) fn of(body: &[Stmt]) -> Vec<String> {
    let mut found = Imports { modules: Vec::new() };
    body.iter().for_each(|statement| found.visit_stmt(statement));
    found.modules
}

struct Imports {
    modules: Vec<String>,
}

impl Imports {
    fn add(&mut self, module: String) {
        if !self.modules.contains(&module) {
            self.modules.push(module);
        }
    }
}

impl<'a> Visitor<'a> for Imports {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Import(import) => {
                import.names.iter().for_each(|alias| self.add(alias.name.as_str().into()));
            }
            Stmt::ImportFrom(import) => {
                let module = from_module(import);
                self.add(module.clone());
                for alias in &import.names {
                    if alias.name.as_str() != "*" {
                        self.add(joined(&module, alias.name.as_str()));
                    }
                }
            }
            Stmt::If(branch) if is_type_checking(&branch.test) => {
                for clause in &branch.elif_else_clauses {
                    clause.body.iter().for_each(|statement| self.visit_stmt(statement));
                }
            }
            other => walk_stmt(self, other),
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Call(call) = expression
            && matches!(last_name(&call.func), Some("import_module" | "__import__"))
            && let [Expr::StringLiteral(module), ..] = &*call.arguments.args
        {
            self.add(module.value.to_str().into());
        }
        walk_expr(self, expression);
    }
}

fn is_type_checking(test: &Expr) -> bool {
    last_name(test) == Some("TYPE_CHECKING")
}

fn last_name(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        _ => None,
    }
}
