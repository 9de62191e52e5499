//! Where the database is, as env.py says it.

use super::evaluate::{DEPTH, Known, Reader, Unknown};
use super::unpacked::is_named;
use super::walk::{Called, ScopeId};
use crate::syntax::span_of;
use ambix_core::diagnostic::{Code, Diagnostic, Place};
use ruff_python_ast::{Expr, ExprCall};

/// The address of a database, which may depend on environment variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Url {
    /// A text.
    Text(String),
    /// The value of an environment variable, or what is taken where it is not set or empty.
    Variable {
        /// Its name.
        name: String,
        /// What is taken instead.
        otherwise: Option<Box<Url>>,
    },
    /// Several one after the other.
    Joined(Vec<Url>),
}

impl Url {
    pub(super) fn joined(parts: Vec<Self>) -> Self {
        let mut whole: Vec<Self> = Vec::new();
        for part in parts {
            match (whole.last_mut(), part) {
                (Some(Self::Text(before)), Self::Text(text)) => before.push_str(&text),
                (_, Self::Joined(inner)) => whole.extend(inner),
                (_, part) => whole.push(part),
            }
        }
        match whole.len() {
            0 => Self::Text(String::new()),
            1 => whole.remove(0),
            _ => Self::Joined(whole),
        }
    }

    /// The text, if it depends on nothing.
    pub fn literal(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The environment variables that it depends on.
    pub fn variables(&self) -> Vec<&str> {
        match self {
            Self::Text(_) => Vec::new(),
            Self::Variable { name, otherwise } => {
                let mut names = vec![name.as_str()];
                names.extend(otherwise.iter().flat_map(|other| other.variables()));
                names
            }
            Self::Joined(parts) => parts.iter().flat_map(Self::variables).collect(),
        }
    }

    /// The text, with the values of environment variables filled in.
    ///
    /// # Errors
    /// If a variable is not set and nothing is said for that case.
    pub fn resolve(&self, variable: &dyn Fn(&str) -> Option<String>) -> Result<String, Diagnostic> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::Joined(parts) => parts.iter().map(|part| part.resolve(variable)).collect(),
            Self::Variable { name, otherwise } => match (variable(name), otherwise) {
                (Some(value), _) if !value.is_empty() => Ok(value),
                (_, Some(other)) => other.resolve(variable),
                (Some(value), None) => Ok(value),
                (None, None) => {
                    let message = format!(
                        "env.py takes the database's address from the environment variable {name}, \
                         which is not set"
                    );
                    Err(Diagnostic::error(Code::Configuration, message)
                        .hint(format!("Set {name} as the application does."))
                        .hint(INSTEAD))
                }
            },
        }
    }

    pub(super) fn replaced(self, old: &str, new: &str) -> Self {
        match self {
            _ if old == "%" && new == "%%" => self,
            Self::Text(text) => Self::Text(text.replace(old, new)),
            Self::Joined(parts) => {
                Self::Joined(parts.into_iter().map(|part| part.replaced(old, new)).collect())
            }
            variable => variable,
        }
    }
}

const INSTEAD: &str = "Say where the database is: `url = sqlite:///app.db` in a section `[ambix]` of alembic.ini, \
     or the environment variable AMBIX_URL.";

const NAME: &str = "sqlalchemy.url";

/// The function that env.py gives its keywords to.
pub(super) const CONFIGURE: &str = "configure";

/// What the address is made of where the configuration does not have it.
const MISSING: &str = "a setting that is missing";

/// Functions that take the address from a section.
const FROM_CONFIG: &[&str] = &["engine_from_config", "async_engine_from_config"];

/// From where `engine_from_config` takes the address.
enum FromConfig<'a> {
    /// It is given.
    Url(&'a Expr, ScopeId),
    /// From the setting of this name.
    Setting(String),
}

/// What is said about the address, and where.
struct Said<'a> {
    url: Result<Url, Unknown>,
    conditions: &'a [Option<&'a Expr>],
}

impl<'a> Reader<'a> {
    /// The address of the database that env.py connects to.
    pub(super) fn url(&self) -> Result<Url, Diagnostic> {
        if let Some(call) = self.several_databases() {
            let message = "env.py works on several databases, and Ambix works on one";
            return Err(Diagnostic::error(Code::PythonUnsupported, message)
                .at(self.source.place(span_of(call)))
                .hint(INSTEAD));
        }
        if let Some(unknown) = self.unclear_setting() {
            return Err(self.unreadable_url(&unknown));
        }
        let engines: Vec<_> =
            self.walk.calls.iter().filter_map(|called| self.engine(called)).collect();
        let mut urls: Vec<Url> = Vec::new();
        for url in engines {
            let url = url.map_err(|unknown| self.unreadable_url(&unknown))?;
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
        match urls.len() {
            1 => Ok(urls.remove(0)),
            0 => match self.configured_url() {
                Some(url) => url.map_err(|unknown| self.unreadable_url(&unknown)),
                None => self.option(NAME).map_err(|unknown| self.unreadable_url(&unknown)),
            },
            _ => {
                let message = "env.py connects to several databases, and Ambix works on one";
                Err(Diagnostic::error(Code::PythonUnsupported, message)
                    .at(self.start())
                    .hint(INSTEAD))
            }
        }
    }

    /// The call that gives each of several databases its part of a revision, as Alembic's `multidb`.
    fn several_databases(&self) -> Option<&'a ExprCall> {
        let configures = self.walk.calls.iter().filter(|called| self.is_configure(called));
        let mut found = configures.filter_map(|called| {
            let token = keyword(called.call, "upgrade_token")?;
            let text = self.known(token, called.scope, DEPTH);
            (!matches!(text, Ok(Known::None | Known::Text(Url::Text(_))))).then_some(called.call)
        });
        found.next()
    }

    fn start(&self) -> Place {
        self.source.place(Default::default())
    }

    fn unreadable_url(&self, unknown: &Unknown) -> Diagnostic {
        let message = match unknown.what.as_str() {
            what if what.starts_with(MISSING) => {
                format!("env.py takes the database's address from {what}")
            }
            what => format!(
                "env.py makes the database's address from {what}, which only Python can tell"
            ),
        };
        Diagnostic::error(Code::PythonUnsupported, message)
            .at(self.source.place(unknown.span))
            .hint(INSTEAD)
    }

    /// The address in a call that makes an engine; None for other calls.
    fn engine(&self, called: &'a Called<'a>) -> Option<Result<Url, Unknown>> {
        let (call, scope) = (called.call, called.scope);
        let name = self.dotted(&call.func, scope)?;
        if !name.starts_with("sqlalchemy") && !name.starts_with("sqlmodel") {
            return None;
        }
        match name.rsplit('.').next()? {
            "create_engine" | "create_async_engine" => {
                let argument = call.arguments.args.first().or(keyword(call, "url"))?;
                Some(self.text_of(argument, scope))
            }
            name if FROM_CONFIG.contains(&name) => Some(match self.from_config(call, scope) {
                Ok(FromConfig::Url(url, of)) => self.text_of(url, of),
                Ok(FromConfig::Setting(name)) => {
                    let section = call.arguments.args.first().or(keyword(call, "configuration"));
                    self.section_url(section, scope, &name, DEPTH)
                }
                Err(unknown) => Err(unknown),
            }),
            _ => None,
        }
    }

    /// Which setting a call of `engine_from_config` takes: that of its prefix, unless it has the address.
    fn from_config(&self, call: &'a ExprCall, scope: ScopeId) -> Result<FromConfig<'a>, Unknown> {
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
    fn unclear_setting(&self) -> Option<Unknown> {
        let calls = self.walk.calls.iter().filter(|called| {
            self.dotted(&called.call.func, called.scope)
                .is_some_and(|name| FROM_CONFIG.iter().any(|one| is_named(&name, one)))
        });
        let mut first = None;
        for called in calls {
            // What is not readable is an error of its own.
            let Ok(FromConfig::Setting(name)) = self.from_config(called.call, called.scope) else {
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

    fn text_of(&self, expression: &'a Expr, scope: ScopeId) -> Result<Url, Unknown> {
        match self.known(expression, scope, DEPTH)? {
            Known::Text(url) => Ok(url),
            Known::None => Err(self.no_url(expression, NAME)),
            _ => Err(Unknown { span: span_of(expression), what: "no text".into() }),
        }
    }

    fn no_url(&self, expression: &Expr, name: &str) -> Unknown {
        Unknown { span: span_of(expression), what: format!("{MISSING}: {name}") }
    }

    /// The address in the section that `engine_from_config` is given.
    fn section_url(
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

    /// The main option that is the address, mostly `sqlalchemy.url`: of the configuration, unless env.py sets it.
    fn option(&self, setting: &str) -> Result<Url, Unknown> {
        let nothing =
            || Unknown { span: Default::default(), what: format!("{MISSING}: {setting}") };
        let mut value = (self.around.option)(None, setting).map(Url::Text).ok_or_else(nothing);
        for called in &self.walk.calls {
            let (call, scope) = (called.call, called.scope);
            let arguments = &*call.arguments.args;
            let set = match (self.dotted(&call.func, scope).as_deref(), arguments) {
                (Some("alembic.context.config.set_main_option"), [name, value]) => {
                    Some((name, value))
                }
                (Some("alembic.context.config.set_section_option"), [section, name, value])
                    if self.is_main_section(section, scope) =>
                {
                    Some((name, value))
                }
                _ => None,
            };
            let Some((name, to)) = set else { continue };
            if matches!(self.known(name, scope, DEPTH), Ok(Known::Text(Url::Text(name))) if name == setting)
            {
                let url = self.text_of(to, scope).map(halved);
                value = self.conditionally(Said { url, conditions: &called.conditions }, value);
            }
        }
        value
    }

    /// What holds when something is said under a condition: either that or what was said before.
    fn conditionally(&self, said: Said<'a>, before: Result<Url, Unknown>) -> Result<Url, Unknown> {
        let Some(condition) = said.conditions.first() else { return said.url };
        match (said.url?, before) {
            // `if os.getenv("X"): … = os.environ["X"]`
            (Url::Variable { name, otherwise: None }, before) => {
                Ok(Url::Variable { name, otherwise: before.ok().map(Box::new) })
            }
            (url, Ok(before)) if url == before => Ok(url),
            // Without anything else there is no choice.
            (url, Err(_)) => Ok(url),
            _ => Err(Unknown {
                span: condition.map_or(Default::default(), span_of),
                what: "one of two addresses".into(),
            }),
        }
    }

    /// The `url` of a `context.configure` call.
    fn configured_url(&self) -> Option<Result<Url, Unknown>> {
        let calls = self.walk.calls.iter();
        calls.filter(|called| self.is_configure(called)).find_map(|called| {
            let url = keyword(called.call, "url")?;
            Some(self.text_of(url, called.scope))
        })
    }

    /// Whether that is `context.configure(…)`.
    pub(super) fn is_configure(&self, called: &Called<'a>) -> bool {
        let name = self.dotted(&called.call.func, called.scope);
        matches!(name.as_deref(), Some("alembic.context.configure"))
    }
}

/// `set_main_option` takes `%%` for `%`.
fn halved(url: Url) -> Url {
    match url {
        Url::Text(text) => Url::Text(text.replace("%%", "%")),
        other => other,
    }
}

pub(super) fn keyword<'a>(call: &'a ExprCall, name: &str) -> Option<&'a Expr> {
    let mut keywords = call.arguments.keywords.iter();
    let found =
        keywords.find(|keyword| keyword.arg.as_ref().is_some_and(|arg| arg.as_str() == name));
    found.map(|keyword| &keyword.value)
}
