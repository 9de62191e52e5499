//! Keywords in `**arguments`, and functions that are handed on: what is read of them, and what not.

use super::evaluate::{Lookup, Reader};
use super::walk::{Bound, ScopeId};
use ruff_python_ast::token::Tokens;
use ruff_python_ast::{Expr, ExprName};
use ruff_text_size::Ranged;
use std::collections::HashMap;

/// A keyword, its value and where that stands.
pub(super) type Given<'a> = (String, &'a Expr, ScopeId);

/// How often each word stands in a file. What else than a word is counted does no harm.
pub(super) fn words<'a>(text: &'a str, tokens: &Tokens) -> HashMap<&'a str, usize> {
    let mut words = HashMap::new();
    for token in tokens.iter() {
        let range = token.range();
        if let Some(word) = text.get(range.start().to_usize()..range.end().to_usize()) {
            *words.entry(word).or_insert(0) += 1;
        }
    }
    words
}

/// Whether a dotted name is that of a function of SQLAlchemy or SQLModel.
pub(super) fn is_named(dotted: &str, function: &str) -> bool {
    (dotted.starts_with("sqlalchemy") || dotted.starts_with("sqlmodel"))
        && dotted.rsplit('.').next() == Some(function)
}

impl<'a> Reader<'a> {
    /// The keywords in a `**value`; None if there is any doubt.
    ///
    /// A dict that has a name can be changed everywhere, by that name or by another one. So it is read only
    /// if nothing is done with its name but unpacking.
    pub(super) fn unpacked(&self, value: &'a Expr, scope: ScopeId) -> Option<Vec<Given<'a>>> {
        let (value, scope) = match value {
            Expr::Name(name) => self.untouched(name, scope)?,
            other => (other, scope),
        };
        match value {
            Expr::Dict(dict) => dict
                .items
                .iter()
                .map(|item| match &item.key {
                    Some(Expr::StringLiteral(key)) => {
                        Some((key.value.to_str().into(), &item.value, scope))
                    }
                    _ => None,
                })
                .collect(),
            Expr::Call(call)
                if self.dotted(&call.func, scope).as_deref() == Some("dict")
                    && call.arguments.args.is_empty() =>
            {
                let keywords = call.arguments.keywords.iter();
                keywords
                    .map(|keyword| Some((keyword.arg.as_ref()?.to_string(), &keyword.value, scope)))
                    .collect()
            }
            _ => None,
        }
    }

    /// What a name is bound to, if it is bound once and only unpacked.
    fn untouched(&self, name: &ExprName, scope: ScopeId) -> Option<(&'a Expr, ScopeId)> {
        let Lookup::Value(value, of) = self.lookup(name, scope) else { return None };
        let unpackings = self.walk.calls.iter().flat_map(|called| &called.call.arguments.keywords);
        let unpackings = unpackings.filter(|keyword| {
            keyword.arg.is_none()
                && matches!(&keyword.value, Expr::Name(other) if other.id == name.id)
        });
        let uses = self.words.get(name.id.as_str()).copied().unwrap_or_default();
        // `opts = same = {}`
        let bindings = self.walk.scopes.iter().flat_map(|scope| &scope.bindings);
        let bound = bindings
            .filter(|one| matches!(one.bound, Bound::To(other) if std::ptr::eq(other, value)));
        let placed = self.walk.placed.iter().filter(|placed| std::ptr::eq(placed.value, value));
        (uses == 1 + unpackings.count() && bound.count() + placed.count() == 1)
            .then_some((value, of))
    }

    /// Where a function of this name (Alembic's or SQLAlchemy's) is used otherwise than by a call.
    pub(super) fn used_as_value(&self, function: &str) -> Option<&'a Expr> {
        let is_it = |dotted: &str| {
            is_named(dotted, function)
                || (dotted.strip_prefix("alembic.context.") == Some(function))
        };
        let found = self.walk.values.iter().find(|(expression, scope)| match expression {
            Expr::Attribute(attribute) if attribute.attr.as_str() == function => {
                self.dotted(expression, *scope).is_some_and(|dotted| is_it(&dotted))
            }
            Expr::Name(name) if self.imports(function) => {
                matches!(self.lookup(name, *scope), Lookup::Import(dotted) if is_it(&dotted))
            }
            _ => false,
        });
        found.map(|(expression, _)| *expression)
    }

    fn imports(&self, function: &str) -> bool {
        let mut bindings = self.walk.scopes.iter().flat_map(|scope| &scope.bindings);
        bindings
            .any(|one| matches!(&one.bound, Bound::Import(dotted) if dotted.ends_with(function)))
    }
}
