//! The tables that names in a script stand for.

use crate::sqlalchemy::called;
use crate::value::{Names, Origin, Value, assignment, read};
use ruff_python_ast::Stmt;
use std::collections::BTreeMap;

/// What is known by a name: `account = sa.table("account", …)`, `account = op.create_table(…)`.
pub(super) struct Tables {
    named: BTreeMap<String, Value>,
}

impl Tables {
    /// Those that a script names at its top level.
    pub(super) fn of(names: &Names, module: &[Stmt]) -> Self {
        let named = module.iter().filter_map(assignment);
        let named = named.filter(|(name, _)| names.is_bound_once(name));
        let named = named.map(|(name, value)| (name.to_string(), read(names, value)));
        Self { named: named.filter(|(_, value)| declares_table(value)).collect() }
    }

    /// Whether the value is a table, or a name for one.
    pub(super) fn is_table(&self, value: &Value) -> bool {
        creates_table(value) || self.declaration(value).is_some()
    }

    /// Gives a table a name from here on.
    pub(super) fn insert(&mut self, name: &str, value: Value) {
        let declaration = self.declaration(&value).cloned().unwrap_or(value);
        self.named.insert(name.into(), declaration);
    }

    /// The call that declares the table which `value` is or names.
    pub(super) fn declaration<'a>(&'a self, value: &'a Value) -> Option<&'a Value> {
        match value.path() {
            Some(path) if path.origin == Origin::Defined => self.named.get(&path.dotted),
            _ => declares_table(value).then_some(value),
        }
    }
}

/// Whether it is a call of `op.create_table`.
pub(super) fn creates_table(value: &Value) -> bool {
    let path = value.call().and_then(|call| call.callee.path());
    path.is_some_and(|path| path.dotted == "alembic.op.create_table")
}

/// Whether it is a call of `sa.table` or `sa.Table`.
fn declares_table(value: &Value) -> bool {
    called(value).is_some_and(|(name, _)| matches!(name, "table" | "Table"))
}
