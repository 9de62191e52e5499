use super::{Origin, Path, Value, read};
use crate::syntax::{from_module, imported, joined, local};
use ruff_python_ast::{Expr, Stmt, StmtImport, StmtImportFrom};
use std::collections::{BTreeMap, BTreeSet};

/// What the names at the top level of a file stand for.
#[derive(Default)]
pub(crate) struct Names {
    imported: BTreeMap<String, String>,
    /// Names that the file binds itself, and how often.
    defined: BTreeMap<String, usize>,
    /// Those of them that take the place of an import of the same name.
    redefined: BTreeSet<String>,
    in_handler: bool,
    constants: BTreeMap<String, Value>,
    /// Modules of which everything was imported by `*`.
    stars: Vec<String>,
}

impl Names {
    /// The names of a file, those bound in `if` and `try` blocks included.
    pub(crate) fn of(body: &[Stmt]) -> Self {
        let mut names = Self::default();
        names.bind_all(body);
        for (name, value) in body.iter().filter_map(assignment) {
            if !names.is_bound_once(name) {
                continue;
            }
            let value = read(&names, value);
            if value.is_plain() {
                names.constants.insert(name.into(), value);
            }
        }
        names
    }

    fn bind_all(&mut self, body: &[Stmt]) {
        for statement in body {
            self.bind(statement);
        }
    }

    fn bind(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::ClassDef(class) => self.define(&class.name),
            Stmt::FunctionDef(function) => self.define(&function.name),
            Stmt::Assign(assign) => {
                assign.targets.iter().for_each(|target| self.define_all(target))
            }
            Stmt::AnnAssign(assign) => self.define_all(&assign.target),
            Stmt::AugAssign(assign) => self.define_all(&assign.target),
            Stmt::If(branch) => {
                self.bind_all(&branch.body);
                branch.elif_else_clauses.iter().for_each(|clause| self.bind_all(&clause.body));
            }
            Stmt::Try(attempt) => {
                self.bind_all(&attempt.body);
                let around = std::mem::replace(&mut self.in_handler, true);
                for handler in &attempt.handlers {
                    if let Some(handler) = handler.as_except_handler() {
                        self.bind_all(&handler.body);
                    }
                }
                self.in_handler = around;
                self.bind_all(&attempt.orelse);
                self.bind_all(&attempt.finalbody);
            }
            Stmt::With(with) => {
                let targets = with.items.iter().filter_map(|item| item.optional_vars.as_ref());
                targets.for_each(|target| self.define_all(target));
                self.bind_all(&with.body);
            }
            Stmt::Match(choice) => choice.cases.iter().for_each(|case| self.bind_all(&case.body)),
            Stmt::For(repeat) => {
                self.define_all(&repeat.target);
                self.bind_all(&repeat.body);
                self.bind_all(&repeat.orelse);
            }
            Stmt::While(repeat) => {
                self.bind_all(&repeat.body);
                self.bind_all(&repeat.orelse);
            }
            _ => {}
        }
    }

    fn define_all(&mut self, target: &Expr) {
        match target {
            Expr::Name(name) => self.define(name.id.as_str()),
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|item| self.define_all(item)),
            Expr::List(list) => list.elts.iter().for_each(|item| self.define_all(item)),
            _ => {}
        }
    }

    fn define(&mut self, name: &str) {
        *self.defined.entry(name.into()).or_default() += 1;
        self.constants.remove(name);
        // In `except ImportError` stands what to do without the import.
        if !self.in_handler {
            self.redefined.insert(name.into());
        }
    }

    fn import(&mut self, import: &StmtImport) {
        for alias in &import.names {
            let (local, target) = imported(alias);
            self.imported.insert(local.into(), target.into());
        }
    }

    fn import_from(&mut self, import: &StmtImportFrom) {
        let module = from_module(import);
        for alias in &import.names {
            let name = alias.name.as_str();
            if name == "*" {
                self.stars.push(module.clone());
                continue;
            }
            self.imported.insert(local(alias).into(), joined(&module, name));
        }
    }

    /// Whether the file binds a name by a statement, as far as that can be seen.
    pub(crate) fn is_bound(&self, name: &str) -> bool {
        self.defined.contains_key(name) || self.imported.contains_key(name)
    }

    /// Whether the file binds a name in one place, so that it stands for the same wherever it is written.
    pub(crate) fn is_bound_once(&self, name: &str) -> bool {
        self.defined.get(name) == Some(&1) && !self.imported.contains_key(name)
    }

    /// What a plain name stands for.
    pub(crate) fn resolve(&self, name: &str) -> Path {
        if let Some(target) = self.imported.get(name)
            && !self.redefined.contains(name)
        {
            return Path { dotted: target.clone(), origin: Origin::Imported };
        }
        if self.defined.contains_key(name) {
            return Path { dotted: name.into(), origin: Origin::Defined };
        }
        let star = self.stars.iter().find(|module| module.starts_with("sqlalchemy"));
        match star {
            Some(module) if comes_with_a_star(name) => {
                Path { dotted: format!("{module}.{name}"), origin: Origin::Imported }
            }
            _ => Path { dotted: name.into(), origin: Origin::Unbound },
        }
    }

    /// The value of a name that is assigned a plain value: at the top level of a file only once.
    pub(crate) fn constant(&self, name: &str) -> Option<&Value> {
        self.constants.get(name)
    }
}

/// Whether `from sqlalchemy import *` may bring this name: its classes do, and some functions.
pub(crate) fn comes_with_a_star(name: &str) -> bool {
    const FUNCTIONS: &[&str] = &[
        "false",
        "func",
        "literal_column",
        "mapped_column",
        "null",
        "relationship",
        "text",
        "true",
    ];
    name.starts_with(char::is_uppercase) || FUNCTIONS.contains(&name)
}

/// `name = value` and `name: annotation = value`.
pub(crate) fn assignment(statement: &Stmt) -> Option<(&str, &Expr)> {
    match statement {
        Stmt::Assign(assign) => match assign.targets.as_slice() {
            [Expr::Name(name)] => Some((name.id.as_str(), &assign.value)),
            _ => None,
        },
        Stmt::AnnAssign(assign) => match (&*assign.target, &assign.value) {
            (Expr::Name(name), Some(value)) => Some((name.id.as_str(), value)),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{File, parse};
    use crate::value::Kind;

    #[test]
    fn imports_are_followed() {
        let text = "
import sqlalchemy as sa, os.path
import sqlalchemy.orm
from sqlalchemy import Column as C, String
from .database import Base
try:
    from alembic import op
except ImportError:
    op = None
LENGTH = 50
";
        let parsed = parse(File::new("a.py", text).source()).unwrap();
        let names = Names::of(&parsed.syntax().body);
        for (name, dotted, origin) in [
            ("sa", "sqlalchemy", Origin::Imported),
            ("os", "os", Origin::Imported),
            ("C", "sqlalchemy.Column", Origin::Imported),
            ("Base", ".database.Base", Origin::Imported),
            ("op", "alembic.op", Origin::Imported),
            ("LENGTH", "LENGTH", Origin::Defined),
            ("Integer", "Integer", Origin::Unbound),
        ] {
            assert_eq!(names.resolve(name), Path { dotted: dotted.into(), origin }, "{name}");
        }
        assert!(matches!(names.constant("LENGTH").unwrap().kind, Kind::Int(50)));
    }

    #[test]
    fn a_star_import_of_sqlalchemy_brings_its_names() {
        let parsed =
            parse(File::new("a.py", "from sqlalchemy import *\nclass A: pass\n").source()).unwrap();
        let names = Names::of(&parsed.syntax().body);
        assert_eq!(names.resolve("Column").dotted, "sqlalchemy.Column");
        assert_eq!(names.resolve("A").dotted, "A");
        assert_eq!(names.resolve("str").dotted, "str");
    }
}
