//! The calls in env.py whose values are known without running it.

use super::evaluate::{Known, Lookup, Reader, Unknown};
use super::url::Url;
use super::walk::ScopeId;
use ruff_python_ast::{Expr, ExprCall};

impl<'a> Reader<'a> {
    /// The calls that have a known value; None for all others.
    pub(super) fn call(
        &self,
        call: &'a ExprCall,
        scope: ScopeId,
        depth: usize,
    ) -> Option<Result<Known, Unknown>> {
        let arguments = &*call.arguments.args;
        let argument = |at: usize| arguments.get(at);
        let literal = |at: usize| match self.known(argument(at)?, scope, depth) {
            Ok(Known::Text(url)) => url.literal().map(String::from),
            _ => None,
        };
        let default = |at: usize| {
            let keyword = call.arguments.keywords.iter().find(|keyword| {
                keyword
                    .arg
                    .as_ref()
                    .is_some_and(|name| matches!(name.as_str(), "default" | "fallback"))
            });
            argument(at).or(keyword.map(|keyword| &keyword.value))
        };
        let otherwise = |found: Option<String>, at: usize| match (found, default(at)) {
            (Some(text), _) => Ok(Known::Text(Url::Text(text))),
            (None, Some(default)) => self.known(default, scope, depth),
            (None, None) => Ok(Known::None),
        };
        match self.dotted(&call.func, scope).as_deref() {
            Some(
                "alembic.context.config.get_main_option"
                | "alembic.context.config.get_alembic_option",
            ) => {
                return Some(otherwise((self.around.option)(None, &literal(0)?), 1));
            }
            Some("alembic.context.config.get_section_option") => {
                let section = match self.is_main_section(argument(0)?, scope) {
                    true => None,
                    false => Some(literal(0)?),
                };
                return Some(otherwise((self.around.option)(section.as_deref(), &literal(1)?), 2));
            }
            Some("os.getenv" | "os.environ.get") => {
                let fallback = match default(1).map(|value| self.known(value, scope, depth)) {
                    Some(Ok(Known::Text(url))) => Some(Box::new(url)),
                    None | Some(Ok(Known::None)) => None,
                    Some(Ok(_)) => return None,
                    Some(Err(unknown)) => return Some(Err(unknown)),
                };
                return Some(Ok(Known::Text(Url::Variable {
                    name: literal(0)?,
                    otherwise: fallback,
                })));
            }
            Some(
                "str"
                | "sqlalchemy.engine.url.make_url"
                | "sqlalchemy.make_url"
                | "sqlalchemy.engine.make_url",
            ) => {
                return match self.known(argument(0)?, scope, depth) {
                    Ok(Known::Text(url)) => Some(Ok(Known::Text(url))),
                    _ => None,
                };
            }
            _ => {}
        }
        if let Expr::Name(name) = &*call.func
            && let Lookup::Function(id) = self.lookup(name, scope)
            && let [returned] = self.walk.scopes.get(id)?.returns.as_slice()
        {
            return Some(self.known(returned, id, depth));
        }
        let Expr::Attribute(method) = &*call.func else { return None };
        let Ok(Known::Text(of)) = self.known(&method.value, scope, depth) else { return None };
        match method.attr.as_str() {
            "startswith" => Some(Ok(Known::Bool(of.literal()?.starts_with(&literal(0)?)))),
            "endswith" => Some(Ok(Known::Bool(of.literal()?.ends_with(&literal(0)?)))),
            "strip" if arguments.is_empty() => Some(Ok(Known::Text(of))),
            // A text in which each `%` is doubled for `set_main_option` is halved again by it.
            "replace" => Some(Ok(Known::Text(of.replaced(&literal(0)?, &literal(1)?)))),
            "lower" if arguments.is_empty() => {
                Some(Ok(Known::Text(Url::Text(of.literal()?.to_lowercase()))))
            }
            _ => None,
        }
    }
}
