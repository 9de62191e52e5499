//! `target_metadata`: the models that a database is compared with.

use super::evaluate::{DEPTH, Lookup, Reader, Unknown};
use super::walk::ScopeId;
use crate::syntax::span_of;
use ruff_python_ast::Expr;

/// One metadata object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Metadata {
    /// It is imported: `from app.models import Base` and `Base.metadata` are `app.models.Base.metadata`.
    Imported {
        /// The name from the module on.
        dotted: String,
    },
    /// env.py makes it itself, and its tables stand there too.
    Here {
        /// Its name in env.py.
        name: String,
    },
}

impl Metadata {
    /// The modules that it may come from, the longest first, each with the name in it: for
    /// `app.models.Base.metadata` first `app.models.Base`, then `app.models`, then `app`.
    ///
    /// ```
    /// let metadata = ambix_python::Metadata::Imported { dotted: "app.db.Base.metadata".into() };
    /// assert_eq!(metadata.candidates()[1], ("app.db", "Base.metadata"));
    /// ```
    pub fn candidates(&self) -> Vec<(&str, &str)> {
        match self {
            Self::Here { .. } => Vec::new(),
            Self::Imported { dotted } => {
                let dots = dotted.char_indices().rev().filter(|(_, letter)| *letter == '.');
                dots.filter_map(|(at, _)| Some((dotted.get(..at)?, dotted.get(at + 1..)?)))
                    .filter(|(module, _)| !module.is_empty() && !module.ends_with('.'))
                    .collect()
            }
        }
    }
}

impl<'a> Reader<'a> {
    /// The metadata objects in a value; none for None.
    pub(super) fn metadata(
        &self,
        expression: &'a Expr,
        scope: ScopeId,
        depth: usize,
    ) -> Result<Vec<Metadata>, Unknown> {
        let unknown = |what: String| Unknown { span: span_of(expression), what };
        let Some(depth) = depth.checked_sub(1).filter(|_| self.step()) else {
            return Err(unknown("an expression that leads too far".into()));
        };
        let all = |items: &'a [Expr]| {
            let mut found = Vec::new();
            for item in items {
                for metadata in self.metadata(item, scope, depth)? {
                    if !found.contains(&metadata) {
                        found.push(metadata);
                    }
                }
            }
            Ok(found)
        };
        match expression {
            Expr::NoneLiteral(_) => Ok(Vec::new()),
            Expr::List(list) => all(&list.elts),
            Expr::Tuple(tuple) => all(&tuple.elts),
            Expr::Set(set) => all(&set.elts),
            Expr::Name(name) => match self.lookup(name, scope) {
                Lookup::Import(dotted) => Ok(vec![Metadata::Imported { dotted }]),
                Lookup::Value(value, of) if self.is_metadata(value, of) => {
                    Ok(vec![Metadata::Here { name: name.id.as_str().into() }])
                }
                Lookup::Value(value, of) => self.metadata(value, of, depth),
                Lookup::Class => Err(unknown("a class".into())),
                Lookup::Function(_) => Err(unknown("a function".into())),
                Lookup::Unclear(why) => {
                    Err(unknown(format!("`{}`, which {why}", name.id.as_str())))
                }
                Lookup::Missing => Err(unknown(format!("the name `{}`", name.id.as_str()))),
            },
            Expr::Attribute(attribute) => match self.dotted(expression, scope) {
                Some(dotted) if dotted.starts_with("alembic.context") => {
                    Err(unknown(format!("`{dotted}`")))
                }
                // Without an import the first name would be one of Python's own.
                Some(dotted) if self.is_imported(expression, scope) => {
                    Ok(vec![Metadata::Imported { dotted }])
                }
                _ => match (self.followed(&attribute.value, scope).0, attribute.attr.as_str()) {
                    // `class Base(DeclarativeBase)` and `Base = declarative_base()` in env.py.
                    (Expr::Name(base), "metadata")
                        if matches!(self.lookup(base, scope), Lookup::Class) =>
                    {
                        Ok(vec![Metadata::Here { name: base.id.as_str().into() }])
                    }
                    (Expr::Call(call), "metadata")
                        if self.dotted(&call.func, scope).is_some_and(|name| {
                            name.starts_with("sqlalchemy.") && name.ends_with(".declarative_base")
                        }) =>
                    {
                        Ok(vec![Metadata::Here { name: "Base".into() }])
                    }
                    _ => Err(unknown(format!("an attribute `.{}`", attribute.attr.as_str()))),
                },
            },
            Expr::Call(call) => {
                if self.is_metadata(expression, scope) {
                    return Ok(vec![Metadata::Here { name: "MetaData()".into() }]);
                }
                if let Expr::Name(name) = &*call.func
                    && let Lookup::Function(id) = self.lookup(name, scope)
                    && let Some([returned]) =
                        self.walk.scopes.get(id).map(|scope| scope.returns.as_slice())
                {
                    return self.metadata(returned, id, depth);
                }
                match self.known(expression, scope, DEPTH) {
                    Err(unknown) => Err(unknown),
                    Ok(_) => Err(unknown("a call".into())),
                }
            }
            _ => Err(unknown("an expression of this kind".into())),
        }
    }

    fn is_metadata(&self, expression: &'a Expr, scope: ScopeId) -> bool {
        let Expr::Call(call) = expression else { return false };
        self.dotted(&call.func, scope)
            .is_some_and(|name| name.starts_with("sqlalchemy.") && name.ends_with(".MetaData"))
    }

    fn is_imported(&self, expression: &'a Expr, scope: ScopeId) -> bool {
        let (expression, scope) = self.followed(expression, scope);
        match expression {
            Expr::Attribute(attribute) => self.is_imported(&attribute.value, scope),
            Expr::Name(name) => matches!(self.lookup(name, scope), Lookup::Import(_)),
            _ => false,
        }
    }
}
