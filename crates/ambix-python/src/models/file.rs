//! What stands at the top level of one file: classes, tables and indexes.

use super::{Found, module};
use crate::sqlalchemy::called;
use crate::syntax::Source;
use crate::value::{Class, Names, Value, read};
use ruff_python_ast::{Expr, Stmt};
use std::collections::BTreeMap;

/// The top level of a file.
pub(super) struct ModelFile<'a> {
    pub(super) source: Source<'a>,
    pub(super) names: Names<'a>,
    /// What makes tables, from top to bottom.
    pub(super) declared: Vec<Declared>,
    /// Calls of `Index` after the tables that they belong to.
    pub(super) indexes: Vec<Value>,
    /// Names that are set to other values: `accounts = tables.account`.
    pub(super) values: BTreeMap<String, Value>,
}

/// One thing that may make a table.
pub(super) enum Declared {
    Class(Class),
    Table(CoreTable),
}

/// A call of `Table`.
pub(super) struct CoreTable {
    /// The names that it is assigned to.
    pub(super) names: Vec<String>,
    pub(super) value: Value,
}

impl CoreTable {
    /// The argument that says which `MetaData` it belongs to.
    pub(super) fn metadata(&self) -> Option<&Value> {
        let call = self.value.call()?;
        let keyword = call.keywords.iter().find(|keyword| keyword.name == "metadata");
        let by_position =
            usize::from(call.arguments.first().is_some_and(|name| name.text().is_some()));
        keyword.map(|keyword| &keyword.value).or_else(|| call.arguments.get(by_position))
    }
}

impl<'a> ModelFile<'a> {
    /// Reads the statements of a file; models in places where they cannot be read are reported.
    pub(super) fn of(source: Source<'a>, body: &[Stmt], found: &mut Found<'a>) -> Self {
        let mut file = Self {
            source,
            names: Names::of(body),
            declared: Vec::new(),
            indexes: Vec::new(),
            values: BTreeMap::new(),
        };
        for statement in body {
            if let Stmt::ClassDef(class) = statement {
                file.declared.push(Declared::Class(Class::of(&file.names, class)));
                module::inspect_inner(source, &file.names, &class.body, found);
            } else if !file.take(statement, found) {
                module::inspect(source, &file.names, statement, found);
            }
        }
        file
    }

    /// Takes a statement that makes a table or an index; `false` if it makes none.
    fn take(&mut self, statement: &Stmt, found: &mut Found<'a>) -> bool {
        let Some((names, expression)) = bound(statement) else { return false };
        let value = read(&self.names, expression);
        match called(&value).map(|(name, _)| name) {
            Some("Table") => {
                module::inspect_metadata(self.source, &value, found);
                self.declared.push(Declared::Table(CoreTable { names, value }));
            }
            Some("Index") => self.indexes.push(value),
            _ => {
                for name in names {
                    self.values.insert(name, value.clone());
                }
                return false;
            }
        }
        true
    }

    /// The classes of the file.
    pub(super) fn classes(&self) -> impl Iterator<Item = &Class> {
        self.declared.iter().filter_map(|declared| match declared {
            Declared::Class(class) => Some(class),
            Declared::Table(_) => None,
        })
    }
}

/// The names that a statement gives to a value, and the value: none for an expression alone.
fn bound(statement: &Stmt) -> Option<(Vec<String>, &Expr)> {
    let name = |target: &Expr| match target {
        Expr::Name(name) => Some(name.id.as_str().to_string()),
        _ => None,
    };
    match statement {
        Stmt::Expr(statement) => Some((Vec::new(), &statement.value)),
        Stmt::Assign(assign) => {
            Some((assign.targets.iter().filter_map(name).collect(), &assign.value))
        }
        Stmt::AnnAssign(assign) => {
            Some((name(&assign.target).into_iter().collect(), assign.value.as_deref()?))
        }
        _ => None,
    }
}
