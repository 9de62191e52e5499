//! Where the database is, as env.py says it.

use super::evaluate::{DEPTH, Known, Reader, Unknown};
use super::section::{FROM_CONFIG, FromConfig};
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

pub(super) const NAME: &str = "sqlalchemy.url";

/// The function that env.py gives its keywords to.
pub(super) const CONFIGURE: &str = "configure";

/// What the address is made of where the configuration does not have it.
const MISSING: &str = "a setting that is missing";

/// What is said about the address, and where.
pub(super) struct Said<'a> {
    pub(super) url: Result<Url, Unknown>,
    pub(super) conditions: &'a [Option<&'a Expr>],
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
            name if FROM_CONFIG.contains(&name) => Some(match self.taken(call, scope) {
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

    pub(super) fn text_of(&self, expression: &'a Expr, scope: ScopeId) -> Result<Url, Unknown> {
        match self.known(expression, scope, DEPTH)? {
            Known::Text(url) => Ok(url),
            Known::None => Err(self.no_url(expression, NAME)),
            _ => Err(Unknown { span: span_of(expression), what: "no text".into() }),
        }
    }

    pub(super) fn no_url(&self, expression: &Expr, name: &str) -> Unknown {
        Unknown { span: span_of(expression), what: format!("{MISSING}: {name}") }
    }

    /// The main option that is the address, mostly `sqlalchemy.url`: of the configuration, unless env.py sets it.
    pub(super) fn option(&self, setting: &str) -> Result<Url, Unknown> {
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
    pub(super) fn conditionally(
        &self,
        said: Said<'a>,
        before: Result<Url, Unknown>,
    ) -> Result<Url, Unknown> {
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
