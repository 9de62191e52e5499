//! The tables that names in a script stand for, and the connection.

use crate::sqlalchemy::called;
use crate::value::{Kind, Origin, Path, Value};
use litemap::LiteMap;

/// What is known by a name: `account = sa.table("account", …)`, `account = op.create_table(…)`.
#[derive(Clone, Default)]
pub(super) struct Tables {
    named: LiteMap<String, Value>,
}

impl Tables {
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
            Kind::Call(call) => match &call.callee.kind {
                Kind::Name(path) => {
                    matches!(
                        path.dotted.as_str(),
                        "alembic.op.get_bind"
                            | "alembic.op.get_context"
                            | "alembic.context.get_bind"
                            | "alembic.context.get_context"
                    ) || path.dotted.starts_with("sqlalchemy.orm.") && path.last() == "Session"
                }
                Kind::Member(of, method) => {
                    matches!(
                        method.as_str(),
                        "connect" | "execution_options" | "begin" | "begin_nested"
                    ) && self.is_connection(of)
                }
                _ => false,
            },
            Kind::Member(of, name) => {
                matches!(name.as_str(), "bind" | "connection" | "engine") && self.is_connection(of)
            }
            _ => false,
        }
    }

    /// Gives a table a name from here on, by which its columns are found: `account.c.id`. Another table of that
    /// name, in another function, keeps its own.
    pub(super) fn insert(&mut self, name: &str, value: Value) -> Path {
        let declaration = self.declaration(&value).cloned().unwrap_or(value);
        let mut dotted = name.to_string();
        while self.named.get(&dotted).is_some_and(|known| known.span != declaration.span) {
            dotted.push('_');
        }
        self.named.insert(dotted.clone(), declaration);
        Path { dotted: dotted.into(), origin: Origin::Defined }
    }

    /// The call that declares the table which `value` is or names.
    pub(super) fn declaration<'a>(&'a self, value: &'a Value) -> Option<&'a Value> {
        match value.path() {
            Some(path) if path.origin == Origin::Defined => self.named.get(path.dotted.as_str()),
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
