//! The keywords of `context.configure(…)`.

use super::Unreadable;
use super::evaluate::{DEPTH, Known, Lookup, Reader, Unknown};
use super::metadata::Metadata;
use super::url::{CONFIGURE, Url, keyword};
use super::walk::{Called, ScopeId};
use crate::syntax::span_of;
use ambix_core::diagnostic::{Code, Diagnostic, Span};
use ambix_core::schema::Literal;
use ruff_python_ast::Expr;

/// What `context.configure(…)` is given and Ambix uses; None and empty where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigureOptions {
    /// `target_metadata`, one or several.
    pub target_metadata: Vec<Metadata>,
    /// Whether generated operations stand in `batch_alter_table`.
    pub render_as_batch: Option<bool>,
    /// The function that is asked whether a name in the database is compared.
    pub include_name: Option<Function>,
    /// The function that is asked whether an object is compared.
    pub include_object: Option<Function>,
    /// Whether types are compared: so unless False.
    pub compare_type: Option<bool>,
    /// Whether server defaults are compared.
    pub compare_server_default: Option<bool>,
    /// Whether attached databases take part.
    pub include_schemas: Option<bool>,
    /// The name of the version table.
    pub version_table: Option<String>,
    /// The attached database that it is in.
    pub version_table_schema: Option<String>,
    /// Whether it has a primary key.
    pub version_table_pk: Option<bool>,
    /// Whether all steps are one transaction (in Alembic; it shows in `--sql`).
    pub transactional_ddl: Option<bool>,
    /// Whether each step is one.
    pub transaction_per_migration: Option<bool>,
    /// Whether values are written into the SQL.
    pub literal_binds: Option<bool>,
    /// The parts of the comparison, as patterns with `*` and with `~` before those that are left out.
    pub autogenerate_plugins: Option<Vec<String>>,
    /// From where `--sql` begins.
    pub starting_rev: Option<String>,
    /// What stands before a directive that is generated.
    pub alembic_module_prefix: Option<String>,
    /// What stands before a name of SQLAlchemy there.
    pub sqlalchemy_module_prefix: Option<String>,
    /// What stands before a type of the application there.
    pub user_module_prefix: Option<String>,
    /// More names for `script.py.mako`.
    pub template_args: Vec<(String, Literal)>,
}

/// A function of env.py.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Function {
    /// A `def` at the top level.
    Named(String),
    /// A lambda, by its place in the text.
    Lambda(Span),
}

/// Keywords that have no effect on what Ambix does: where the database is it knows otherwise.
const WITHOUT_EFFECT: &[&str] = &[
    "connection",
    "url",
    "dialect_name",
    "dialect_opts",
    "output_buffer",
    "tag",
    "output_encoding",
    "opts",
    "as_sql",
    "environment_context",
    "compare_comment",
];

/// Keywords that only Python can follow, each with the way out.
const CALLABLES: &[(&str, &str)] = &[
    (
        "include_name",
        "Name the tables that are left out: `exclude_tables = …` in `[ambix]`, and other objects in `exclude_objects`.",
    ),
    (
        "include_object",
        "Name what is left out: `exclude_tables = …` and `exclude_objects = …` in `[ambix]`.",
    ),
    (
        "process_revision_directives",
        "If its work is not needed, say so: `ignore = process_revision_directives` in `[ambix]`.",
    ),
    ("render_item", "If its work is not needed, say so: `ignore = render_item` in `[ambix]`."),
    (
        "on_version_apply",
        "If its work is not needed, say so: `ignore = on_version_apply` in `[ambix]`.",
    ),
    (
        "autogenerate_plugins",
        "If they are not needed, say so: `ignore = autogenerate_plugins` in `[ambix]`.",
    ),
    ("upgrade_token", "Ambix works on one database: give each its own configuration."),
    ("downgrade_token", "Ambix works on one database: give each its own configuration."),
];

/// Keywords with a standard that changes nothing.
const STANDARDS: &[(&str, &str)] =
    &[("upgrade_token", "upgrades"), ("downgrade_token", "downgrades")];

impl<'a> Reader<'a> {
    /// The keywords of the calls that are made online (or offline), and what of them cannot be read.
    pub(super) fn options(&self, online: bool) -> (ConfigureOptions, Vec<Unreadable>) {
        let mut options = ConfigureOptions::default();
        let mut unreadable: Vec<Unreadable> = Vec::new();
        let mut seen: Vec<(String, String)> = Vec::new();
        for called in self.walk.calls.iter().filter(|called| self.is_configure(called)) {
            let connects = keyword(called.call, "connection").is_some();
            let has_url =
                keyword(called.call, "url").or(keyword(called.call, "dialect_name")).is_some();
            if connects != has_url && connects != online {
                continue;
            }
            let mut given = Vec::new();
            self.given(called, &mut given, &mut unreadable);
            for (name, value, scope) in given {
                let mut one = ConfigureOptions::default();
                if let Err(found) = self.take(&mut one, &name, value, scope) {
                    if !unreadable.iter().any(|other| other.keyword == found.keyword) {
                        unreadable.push(found);
                    }
                    continue;
                }
                // Two calls that say different things: which one counts is known only at run time.
                let said = format!("{one:?}");
                match seen.iter().find(|(other, _)| *other == name) {
                    Some((_, before)) if *before != said => {
                        let what = "different values in several calls".to_string();
                        unreadable
                            .push(self.unreadable(&name, Unknown { span: span_of(value), what }));
                    }
                    Some(_) => {}
                    None => {
                        seen.push((name.clone(), said));
                        let taken = self.take(&mut options, &name, value, scope);
                        debug_assert!(taken.is_ok());
                    }
                }
            }
        }
        if let Some(used) = self.used_as_value(CONFIGURE) {
            self.elsewhere(span_of(used), "to other code", &mut unreadable);
        }
        self.naming_convention(&mut unreadable);
        (options, unreadable)
    }

    /// The keywords of a call, those in `**arguments` included.
    fn given(
        &self,
        called: &Called<'a>,
        given: &mut Vec<(String, &'a Expr, ScopeId)>,
        unreadable: &mut Vec<Unreadable>,
    ) {
        for keyword in &called.call.arguments.keywords {
            if let Some(name) = &keyword.arg {
                given.push((name.as_str().into(), &keyword.value, called.scope));
                continue;
            }
            match self.unpacked(&keyword.value, called.scope) {
                Some(found) => given.extend(found),
                None => {
                    self.elsewhere(span_of(keyword), "a dict that is made elsewhere", unreadable)
                }
            }
        }
        // The first four say where the database is.
        let arguments = &*called.call.arguments.args;
        let lost = arguments.iter().enumerate().find(|(at, one)| *at > 3 || one.is_starred_expr());
        if let Some((_, lost)) = lost {
            self.elsewhere(span_of(lost), "a keyword without its name", unreadable);
        }
    }

    fn elsewhere(&self, span: Span, what: &str, unreadable: &mut Vec<Unreadable>) {
        if !unreadable.iter().any(|other| other.keyword == "**") {
            unreadable.push(self.unreadable("**", Unknown { span, what: what.into() }));
        }
    }

    fn take(
        &self,
        options: &mut ConfigureOptions,
        name: &str,
        value: &'a Expr,
        scope: ScopeId,
    ) -> Result<(), Unreadable> {
        let unreadable = |unknown| self.unreadable(name, unknown);
        let known = || self.known(value, scope, DEPTH).map_err(unreadable);
        let wrong = |what: &str| unreadable(Unknown { span: span_of(value), what: what.into() });
        let flag = || match known()? {
            Known::None => Ok(None),
            Known::Bool(flag) => Ok(Some(flag)),
            Known::Int(number) => Ok(Some(number != 0)),
            Known::Text(_) => Err(wrong("a text")),
        };
        let text = || match known()? {
            Known::None => Ok(None),
            Known::Text(Url::Text(text)) => Ok(Some(text)),
            Known::Text(_) => Err(wrong("an environment variable")),
            _ => Err(wrong("no text")),
        };
        match name {
            "target_metadata" => {
                options.target_metadata = self.metadata(value, scope, DEPTH).map_err(unreadable)?;
            }
            "render_as_batch" => options.render_as_batch = flag()?,
            "compare_type" => options.compare_type = flag()?,
            "compare_server_default" => options.compare_server_default = flag()?,
            "include_schemas" => options.include_schemas = flag()?,
            "version_table_pk" => options.version_table_pk = flag()?,
            "transactional_ddl" => options.transactional_ddl = flag()?,
            "transaction_per_migration" => options.transaction_per_migration = flag()?,
            "literal_binds" => options.literal_binds = flag()?,
            "version_table" => options.version_table = text()?,
            "version_table_schema" => options.version_table_schema = text()?,
            "starting_rev" => options.starting_rev = text()?,
            // None is no prefix; of the application's types it is the standard, their module.
            "alembic_module_prefix" => {
                options.alembic_module_prefix = Some(text()?.unwrap_or_default());
            }
            "sqlalchemy_module_prefix" => {
                options.sqlalchemy_module_prefix = Some(text()?.unwrap_or_default());
            }
            "user_module_prefix" => options.user_module_prefix = text()?,
            "autogenerate_plugins" => {
                let (value, scope) = self.followed(value, scope);
                let items: &[Expr] = match value {
                    Expr::List(list) => &list.elts,
                    Expr::Tuple(tuple) => &tuple.elts,
                    Expr::NoneLiteral(_) => return Ok(()),
                    _ => return Err(wrong("no list")),
                };
                let mut plugins = Vec::new();
                for item in items {
                    match self.known(item, scope, DEPTH).map_err(unreadable)? {
                        Known::Text(Url::Text(name)) => plugins.push(name),
                        _ => return Err(wrong("a list with other things than texts")),
                    }
                }
                options.autogenerate_plugins = Some(plugins);
            }
            "template_args" => {
                let (value, scope) = self.followed(value, scope);
                let Expr::Dict(dict) = value else { return Err(wrong("no dict")) };
                for item in &dict.items {
                    let Some(Expr::StringLiteral(key)) = &item.key else {
                        return Err(wrong("a dict with other keys than texts"));
                    };
                    let value = match self.known(&item.value, scope, DEPTH).map_err(unreadable)? {
                        Known::None => Literal::None,
                        Known::Bool(flag) => Literal::Bool(flag),
                        Known::Int(number) => Literal::Int(number),
                        Known::Text(Url::Text(text)) => Literal::Text(text),
                        Known::Text(_) => return Err(wrong("an environment variable")),
                    };
                    options.template_args.push((key.value.to_str().into(), value));
                }
            }
            "include_name" | "include_object" => {
                let function = match self.known(value, scope, DEPTH) {
                    Ok(Known::None) => None,
                    other => match self.function(value, scope) {
                        Some(function) => Some(function),
                        None => {
                            let unknown = other.err();
                            return Err(unknown.map_or_else(|| wrong("no function"), unreadable));
                        }
                    },
                };
                match name {
                    "include_name" => options.include_name = function,
                    _ => options.include_object = function,
                }
            }
            name if WITHOUT_EFFECT.contains(&name) => {}
            name if CALLABLES.iter().chain(STANDARDS).any(|(known, _)| *known == name) => {
                let standard = STANDARDS.iter().find(|(known, _)| *known == name);
                match (self.known(value, scope, DEPTH), standard) {
                    (Ok(Known::None), _) => {}
                    (Ok(Known::Text(Url::Text(text))), Some((_, standard)))
                        if text == *standard => {}
                    (Err(unknown), _) => return Err(unreadable(unknown)),
                    _ => return Err(wrong("something that Ambix does not follow")),
                }
            }
            // Alembic hands keywords that it does not know to the dialect and to env.py's own functions.
            _ => {}
        }
        Ok(())
    }

    /// A function that can be followed.
    fn function(&self, value: &'a Expr, scope: ScopeId) -> Option<Function> {
        let (value, scope) = self.followed(value, scope);
        match value {
            Expr::Lambda(_) => Some(Function::Lambda(span_of(value))),
            Expr::Name(name) => match self.lookup(name, scope) {
                Lookup::Function(id) if self.walk.scopes.get(id)?.parent == 0 => {
                    Some(Function::Named(name.id.as_str().into()))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn unreadable(&self, keyword: &str, unknown: Unknown) -> Unreadable {
        let place = self.source.place(unknown.span);
        let message = match keyword {
            "**" => format!(
                "env.py gives context.configure {}, which only Python can tell",
                unknown.what
            ),
            _ => format!("env.py sets {keyword} to {}, which only Python can tell", unknown.what),
        };
        let hint = match CALLABLES.iter().find(|(name, _)| *name == keyword) {
            Some((_, hint)) => (*hint).to_string(),
            None => match keyword {
                "target_metadata" => {
                    "Name the files of the models: `models = app/models.py` in `[ambix]`.".into()
                }
                "**" => {
                    "Write the keywords out in the call, or say `ignore = **` in `[ambix]`.".into()
                }
                "render_as_batch" | "compare_type" | "compare_server_default" | "version_table" => {
                    format!("Say what it is: `{keyword} = …` in `[ambix]`.")
                }
                _ => format!(
                    "Write the value into the call, or say `ignore = {keyword}` in `[ambix]`."
                ),
            },
        };
        let diagnostic =
            Diagnostic::error(Code::PythonUnsupported, message).at(place.clone()).hint(format!(
                "{hint} (`[ambix]` is a section of alembic.ini, `[tool.ambix]` of pyproject.toml.)"
            ));
        Unreadable { keyword: keyword.into(), place, diagnostic }
    }

    /// `target_metadata.naming_convention = …` would give other names than the models say.
    fn naming_convention(&self, unreadable: &mut Vec<Unreadable>) {
        for placed in &self.walk.placed {
            if let Expr::Attribute(target) = placed.target
                && target.attr.as_str() == "naming_convention"
                && !unreadable.iter().any(|other| other.keyword == "naming_convention")
            {
                let what = "a value of its own".into();
                let mut found = self.unreadable(
                    "naming_convention",
                    Unknown { span: span_of(placed.target), what },
                );
                found.diagnostic.hints.clear();
                found.diagnostic = found
                    .diagnostic
                    .hint("Give it to the models' MetaData: `MetaData(naming_convention={…})`.");
                unreadable.push(found);
            }
        }
    }
}
