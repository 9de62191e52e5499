//! env.py, read and not run.
//!
//! One [walk](walk) finds what is bound and called where; an [evaluator](evaluate) follows names to what
//! they stand for; what remains is kept as [`Unreadable`], and is an error where it matters and no sooner.

mod calls;
mod evaluate;
mod filter;
mod folders;
mod imports;
mod metadata;
mod options;
mod section;
mod unpacked;
mod url;
mod walk;

pub use filter::{Filters, Sections};
pub use imports::imported_modules;
pub use metadata::Metadata;
pub use options::{ConfigureOptions, Function};
pub use url::Url;

use crate::syntax::{File, parse};
use ambix_core::diagnostic::{Diagnostic, Place};
use evaluate::{DEPTH, Known, Reader};
use ruff_python_ast::Expr;

/// What env.py may ask for.
pub struct Surroundings<'a> {
    /// The absolute path of the folder in which the command was typed.
    pub folder: &'a str,
    /// An option of a section of the configuration; of the main section for None.
    pub option: &'a dyn Fn(Option<&str>, &str) -> Option<String>,
}

/// What an env.py says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Whether it calls `context.configure` at all: else no command that needs a database does anything.
    pub configures: bool,
    /// The keywords where a connection is given.
    pub online: ConfigureOptions,
    /// The keywords where only an address is given: for `--sql`.
    pub offline: ConfigureOptions,
    /// Keywords of the online calls whose values only Python can tell.
    pub unreadable: Vec<Unreadable>,
    /// The same of the offline calls.
    pub unreadable_offline: Vec<Unreadable>,
    /// Where the database is. The error matters only to a command that needs one.
    pub url: Result<Url, Diagnostic>,
    /// Whether it switches foreign keys on: `….execute("PRAGMA foreign_keys=ON")`, usually where a listener is told of
    /// a new connection.
    pub foreign_keys: bool,
    /// Whether it sets up logging from the configuration (`fileConfig`). If not, Python shows warnings only.
    pub configures_logging: bool,
    /// The folders that it adds to `sys.path`, those in front first.
    pub sys_path: Vec<String>,
    /// The modules that it imports; see [`imported_modules`].
    pub imports: Vec<String>,
}

/// A keyword whose value only Python can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The keyword; `**` for a dict that is unpacked, or for calls that other code makes.
    pub keyword: String,
    /// Where it is.
    pub place: Place,
    /// The error to raise where the keyword matters. It names the setting that takes its place.
    pub diagnostic: Diagnostic,
}

impl Environment {
    /// The error for the first of these keywords that cannot be read in an online call.
    pub fn unreadable(&self, keywords: &[&str]) -> Option<&Unreadable> {
        self.unreadable.iter().find(|found| keywords.contains(&found.keyword.as_str()))
    }
}

/// Reads an env.py. `path` is absolute or relative to the folder of `around`.
///
/// # Errors
/// If `text` is no Python. What only Python can tell is no error here.
///
/// ```
/// use ambix_python::{Metadata, Surroundings, Url, read_environment};
/// let text = "
/// from alembic import context
/// from sqlalchemy import engine_from_config
/// from app.models import Base
///
/// config = context.config
/// engine = engine_from_config(config.get_section(config.config_ini_section))
/// with engine.connect() as connection:
///     context.configure(connection=connection, target_metadata=Base.metadata)
/// ";
/// let option = |_: Option<&str>, name: &str| (name == "sqlalchemy.url").then(|| "sqlite:///a.db".into());
/// let around = Surroundings { folder: "/project", option: &option };
/// let environment = read_environment("/project/alembic/env.py", text, &around).unwrap();
/// assert_eq!(environment.url.unwrap(), Url::Text("sqlite:///a.db".into()));
/// let metadata = Metadata::Imported { dotted: "app.models.Base.metadata".into() };
/// assert_eq!(environment.online.target_metadata, [metadata]);
/// ```
pub fn read_environment(
    path: &str,
    text: &str,
    around: &Surroundings,
) -> Result<Environment, Diagnostic> {
    let file = File::new(path, text);
    let source = file.source();
    let parsed = parse(source)?;
    let body = &parsed.syntax().body;
    let walk = walk::Walk::of(body);
    let reader = Reader::new(source, &walk, around, unpacked::words(source.text, parsed.tokens()));
    let (online, unreadable) = reader.options(true);
    let (offline, unreadable_offline) = reader.options(false);
    Ok(Environment {
        configures: walk.calls.iter().any(|called| reader.is_configure(called))
            || reader.used_as_value(url::CONFIGURE).is_some(),
        online,
        offline,
        unreadable,
        unreadable_offline,
        url: reader.url(),
        foreign_keys: reader.switches_foreign_keys_on(),
        configures_logging: reader.configures_logging(),
        sys_path: reader.sys_path(),
        imports: imports::of(body),
    })
}

impl<'a> Reader<'a> {
    fn switches_foreign_keys_on(&self) -> bool {
        const ON: [&str; 4] = ["ON", "1", "YES", "TRUE"];
        // The text may stand in `text(…)`, which is a call of its own.
        let arguments = self.walk.calls.iter().flat_map(|called| &called.call.arguments.args);
        let texts = arguments.filter_map(|argument| match argument {
            Expr::StringLiteral(text) => Some(text.value.to_str().to_ascii_uppercase()),
            _ => None,
        });
        texts
            .filter_map(|text| {
                let rest =
                    text.trim().strip_prefix("PRAGMA")?.trim().strip_prefix("FOREIGN_KEYS")?;
                let value = rest.trim().trim_start_matches(['=', '(']).trim_end_matches([';', ')']);
                Some(ON.contains(&value.trim()))
            })
            .last()
            .unwrap_or(false)
    }

    fn configures_logging(&self) -> bool {
        self.walk.calls.iter().any(|called| {
            let name = self.dotted(&called.call.func, called.scope);
            name.as_deref() == Some("logging.config.fileConfig")
        })
    }

    /// The folders in `sys.path.insert(…)`, `sys.path.append(…)` and `sys.path = […] + sys.path`.
    fn sys_path(&self) -> Vec<String> {
        let mut folders: Vec<String> = Vec::new();
        for called in &self.walk.calls {
            let (call, scope) = (called.call, called.scope);
            let name = self.dotted(&call.func, scope);
            let (argument, first) = match (name.as_deref(), &*call.arguments.args) {
                (Some("sys.path.append"), [argument]) => (argument, false),
                (Some("sys.path.insert"), [_, argument]) => (argument, true),
                _ => continue,
            };
            let folder = self.folder_of(argument, scope);
            match folder {
                Some(folder) if first => folders.insert(0, folder),
                Some(folder) => folders.push(folder),
                None => {}
            }
        }
        for placed in &self.walk.placed {
            if self.dotted(placed.target, placed.scope).as_deref() == Some("sys.path") {
                let list = match placed.value {
                    Expr::BinOp(binary) => &*binary.left,
                    other => other,
                };
                if let Expr::List(list) = list {
                    let found =
                        list.elts.iter().filter_map(|item| self.folder_of(item, placed.scope));
                    folders.splice(0..0, found);
                }
            }
        }
        folders
    }

    fn folder_of(&self, expression: &'a Expr, scope: usize) -> Option<String> {
        let path = match self.path(expression, scope, DEPTH) {
            Some(path) => path,
            None => match self.known(expression, scope, DEPTH) {
                Ok(Known::Text(url)) => url.literal()?.into(),
                _ => return None,
            },
        };
        Some(folders::joined(&self.folder, &path))
    }
}

#[cfg(test)]
mod tests;
