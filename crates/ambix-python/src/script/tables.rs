//! The tables that names in a script stand for, and the dicts.

use super::stored::is_dict_call;
use crate::sqlalchemy::called;
use crate::value::{Kind, Names, Origin, Value, assignment, read};
use ruff_python_ast::Stmt;
use std::collections::{BTreeMap, BTreeSet};

/// What is known by a name: `account = sa.table("account", …)`, `account = op.create_table(…)`.
#[derive(Clone)]
pub(super) struct Tables {
    named: BTreeMap<String, Value>,
    /// Names of the connection: `conn = op.get_bind()`.
    connections: BTreeSet<String>,
    /// Dicts that the script names at its top level.
    dicts: BTreeMap<String, Value>,
}

impl Tables {
    /// Those that a script names at its top level.
    pub(super) fn of(names: &Names, module: &[Stmt]) -> Self {
        let named = module.iter().filter_map(assignment);
        let named = named.filter(|(name, _)| names.is_bound_once(name));
        let named = named.map(|(name, value)| (name.to_string(), read(names, value)));
        let mut known =
            Self { named: BTreeMap::new(), connections: BTreeSet::new(), dicts: BTreeMap::new() };
        for (name, value) in named {
            if declares_table(&value) {
                known.named.insert(name, value);
            } else if matches!(value.kind, Kind::Dict(_)) || is_dict_call(&value) {
                known.dicts.insert(name, value);
            }
        }
        known
    }

    /// The dict that a value names, if it names one; else the value itself.
    pub(super) fn dict<'a>(&'a self, value: &'a Value) -> &'a Value {
        let path = value.path().filter(|path| path.origin == Origin::Defined);
        path.and_then(|path| self.dicts.get(&path.dotted)).unwrap_or(value)
    }

    /// Whether the value is a table, or a name for one.
    pub(super) fn is_table(&self, value: &Value) -> bool {
        creates_table(value) || self.declaration(value).is_some()
    }

    /// The call that declares the table of that name.
    pub(super) fn named(&self, name: &str) -> Option<&Value> {
        self.named.get(name)
    }

    /// Whether the value is the connection: `op.get_bind()`, `op.get_context().connection`.
    pub(super) fn is_connection(&self, value: &Value) -> bool {
        match &value.kind {
            Kind::Name(path) => self.names_connection(&path.dotted, path.origin),
            Kind::Call(call) => call.callee.path().is_some_and(|path| {
                matches!(path.dotted.as_str(), "alembic.op.get_bind" | "alembic.op.get_context")
            }),
            Kind::Member(of, name) => {
                matches!(name.as_str(), "bind" | "connection") && self.is_connection(of)
            }
            _ => false,
        }
    }

    /// Whether it is a name for the connection.
    pub(super) fn names_connection(&self, name: &str, origin: Origin) -> bool {
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        origin == Origin::Defined
            && self.connections.contains(first)
            && matches!(rest, "" | "bind" | "connection")
    }

    /// Gives the connection a name from here on.
    pub(super) fn insert_connection(&mut self, name: &str) {
        self.connections.insert(name.into());
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
