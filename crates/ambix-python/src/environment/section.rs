//! The section of the configuration that `engine_from_config` is given, and which setting of it.

use super::evaluate::{DEPTH, Known, Reader, Unknown};
use super::unpacked::is_named;
use super::url::{NAME, Said, Url};
use super::walk::ScopeId;
use crate::syntax::span_of;
use ruff_python_ast::{Expr, ExprCall};

/// Functions that take the address from a section.
pub(super) const FROM_CONFIG: &[&str] = &["engine_from_config", "async_engine_from_config"];

/// From where `engine_from_config` takes the address.
pub(super) enum FromConfig<'a> {
    /// It is given.
    Url(&'a Expr, ScopeId),
    /// From the setting of this name.
    Setting(String),
}

impl<'a> Reader<'a> {
    /// Which setting a call of `engine_from_config` takes: that of its prefix, unless it has the address.
    pub(super) fn taken(
        &self,
        call: &'a ExprCall,
        scope: ScopeId,
    ) -> Result<FromConfig<'a>, Unknown> {
        let unclear = |span| Unknown { span, what: "a setting whose prefix it computes".into() };
        let arguments = &*call.arguments.args;
        if let Some(starred) = arguments.iter().find(|one| one.is_starred_expr()) {
            return Err(unclear(span_of(starred)));
        }
        let mut prefix = arguments.get(1).map(|prefix| (prefix, scope));
        let mut url = None;
        for keyword in &call.arguments.keywords {
            let given = match &keyword.arg {
                Some(name) => vec![(name.to_string(), &keyword.value, scope)],
                None => {
                    self.unpacked(&keyword.value, scope).ok_or_else(|| unclear(span_of(keyword)))?
                }
            };
            for (name, value, of) in given {
                match name.as_str() {
                    "url" => url = Some((value, of)),
                    "prefix" => prefix = Some((value, of)),
                    _ => {}
                }
            }
        }
        if let Some((url, of)) = url {
            return Ok(FromConfig::Url(url, of));
        }
        let Some((prefix, of)) = prefix else { return Ok(FromConfig::Setting(NAME.into())) };
        match self.known(prefix, of, DEPTH) {
            Ok(Known::Text(Url::Text(prefix))) => Ok(FromConfig::Setting(format!("{prefix}url"))),
            _ => Err(unclear(span_of(prefix))),
        }
    }

    /// What is wrong with the calls of `engine_from_config` taken together.
    pub(super) fn unclear_setting(&self) -> Option<Unknown> {
        let calls = self.walk.calls.iter().filter(|called| {
            self.dotted(&called.call.func, called.scope)
                .is_some_and(|name| FROM_CONFIG.iter().any(|one| is_named(&name, one)))
        });
        let mut first = None;
        for called in calls {
            // What is not readable is an error of its own.
            let Ok(FromConfig::Setting(name)) = self.taken(called.call, called.scope) else {
                continue;
            };
            if *first.get_or_insert_with(|| name.clone()) != name {
                let what = "settings with different prefixes".into();
                return Some(Unknown { span: span_of(called.call), what });
            }
        }
        let used = FROM_CONFIG.iter().find_map(|name| self.used_as_value(name))?;
        let what = "a setting whose prefix other code gives".into();
        Some(Unknown { span: span_of(used), what })
    }

    /// The address in the section that `engine_from_config` is given.
    pub(super) fn section_url(
        &self,
        section: Option<&'a Expr>,
        scope: ScopeId,
        setting: &str,
        depth: usize,
    ) -> Result<Url, Unknown> {
        let Some(section) = section else { return self.option(setting) };
        let unknown = |what: &str| Unknown { span: span_of(section), what: what.into() };
        let Some(depth) = depth.checked_sub(1).filter(|_| self.step()) else {
            return Err(unknown("an expression that leads too far"));
        };
        // `configuration["sqlalchemy.url"] = …`
        let made = self.followed(section, scope).0;
        for placed in self.walk.placed.iter().rev() {
            if let (Expr::Subscript(target), Expr::Name(name)) = (placed.target, section)
                && matches!(&*target.value, Expr::Name(of)
                    if (of.id == name.id && placed.scope == scope)
                        || std::ptr::eq(self.followed(&target.value, placed.scope).0, made))
            {
                match self.known(&target.slice, scope, DEPTH) {
                    Ok(Known::Text(Url::Text(key))) if key == setting => {}
                    Ok(Known::Text(Url::Text(_))) => continue,
                    _ => return Err(unknown("a section of its own making")),
                }
                let url = self.text_of(placed.value, scope);
                return self.conditionally(
                    Said { url, conditions: &placed.conditions },
                    self.option(setting),
                );
            }
        }
        if let Some(call) = self.updated(section, scope) {
            let what = "a section that is changed by a call".into();
            return Err(Unknown { span: span_of(call), what });
        }
        let (section, scope) = self.followed(section, scope);
        match section {
            Expr::Dict(dict) => {
                for item in dict.items.iter().rev() {
                    let Some(key) = &item.key else {
                        return self.section_url(Some(&item.value), scope, setting, depth);
                    };
                    match self.known(key, scope, DEPTH) {
                        Ok(Known::Text(Url::Text(key))) if key == setting => {
                            return self.text_of(&item.value, scope);
                        }
                        Ok(Known::Text(Url::Text(_))) => {}
                        _ => return Err(unknown("a section of its own making")),
                    }
                }
                Err(self.no_url(section, setting))
            }
            // `config.get_section(config.config_ini_section)`, and `or {}` after it.
            Expr::BoolOp(operation) => {
                self.section_url(operation.values.first(), scope, setting, depth)
            }
            Expr::Call(call) => {
                let name = self.dotted(&call.func, scope);
                if name.as_deref() != Some("alembic.context.config.get_section") {
                    let what = "a section of its own making".into();
                    return Err(Unknown { span: span_of(section), what });
                }
                match call.arguments.args.first() {
                    Some(of) if !self.is_main_section(of, scope) => {
                        let Known::Text(Url::Text(of)) = self.known(of, scope, DEPTH)? else {
                            let what = "a section whose name it computes".into();
                            return Err(Unknown { span: span_of(of), what });
                        };
                        match (self.around.option)(Some(&of), setting) {
                            Some(text) => Ok(Url::Text(text)),
                            None => Err(self.no_url(section, setting)),
                        }
                    }
                    _ => self.option(setting),
                }
            }
            other => {
                Err(Unknown { span: span_of(other), what: "a section of its own making".into() })
            }
        }
    }

    /// `section.update(…)`
    fn updated(&self, section: &'a Expr, scope: ScopeId) -> Option<&'a ExprCall> {
        let Expr::Name(name) = section else { return None };
        let made = self.followed(section, scope).0;
        let found = self.walk.calls.iter().find(|called| match &*called.call.func {
            Expr::Attribute(method)
                if matches!(method.attr.as_str(), "update" | "setdefault" | "__setitem__") =>
            {
                matches!(&*method.value, Expr::Name(of)
                    if (of.id == name.id && called.scope == scope)
                        || std::ptr::eq(self.followed(&method.value, called.scope).0, made))
            }
            _ => false,
        });
        found.map(|called| called.call)
    }
}
