use crate::evaluate::repr_of;
use crate::syntax::Source;
use crate::value::{Call, Keyword, Kind, Origin, Path, Value};
use ambix_core::diagnostic::{Diagnostic, Span};

/// The arguments of one call, taken out one after another. What nobody takes is an error
/// ([`Self::finish`]), so that no argument is ignored by accident.
pub(crate) struct Arguments<'a> {
    source: Source<'a>,
    what: &'a str,
    span: Span,
    positional: std::slice::Iter<'a, Value>,
    keywords: Vec<&'a Keyword>,
    /// The names that were asked for.
    known: Vec<&'static str>,
    /// The same, for a caller that looks at all keywords.
    listed: &'static [&'static str],
}

impl<'a> Arguments<'a> {
    /// The arguments of `call`, which stands at `span` and is called `what` in messages.
    pub(crate) fn of(source: Source<'a>, what: &'a str, call: &'a Call, span: Span) -> Self {
        Self {
            source,
            what,
            span,
            positional: call.arguments.iter(),
            keywords: call.keywords.iter().collect(),
            known: Vec::new(),
            listed: &[],
        }
    }

    pub(crate) fn source(&self) -> Source<'a> {
        self.source
    }

    /// The name of what is called.
    pub(crate) fn what(&self) -> &str {
        self.what
    }

    /// The next positional argument.
    pub(crate) fn next(&mut self) -> Option<&'a Value> {
        self.positional.next()
    }

    /// The next positional argument, left where it is.
    pub(crate) fn peek(&self) -> Option<&'a Value> {
        self.positional.clone().next()
    }

    /// The keyword argument of that name.
    pub(crate) fn keyword(&mut self, name: &'static str) -> Option<&'a Value> {
        self.know(name);
        let at = self.keywords.iter().position(|keyword| keyword.name == name)?;
        Some(&self.keywords.remove(at).value)
    }

    fn know(&mut self, name: &'static str) {
        // Where all is taken, nobody is told what there would be.
        if !self.keywords.is_empty() || self.peek().is_some() {
            self.known.push(name);
        }
    }

    /// An argument that can be given by position or by name.
    pub(crate) fn either(&mut self, name: &'static str) -> Option<&'a Value> {
        self.know(name);
        self.next().or_else(|| self.keyword(name))
    }

    /// The same, for one that must be there.
    pub(crate) fn required(&mut self, name: &'static str) -> Result<&'a Value, Diagnostic> {
        self.either(name).ok_or_else(|| {
            let message = format!("`{}` is missing its argument `{name}`", self.what);
            self.source.unsupported(self.span, message)
        })
    }

    /// A string that can be given by position or by name and must be there.
    pub(crate) fn required_text(&mut self, name: &'static str) -> Result<String, Diagnostic> {
        let value = self.required(name)?;
        self.expect_text(name, value)
    }

    /// A keyword argument that is a string or None.
    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<String>, Diagnostic> {
        match self.keyword(name) {
            Some(value) => self.optional_text(name, value),
            None => Ok(None),
        }
    }

    /// `value` as a string or None.
    pub(crate) fn optional_text(
        &self,
        name: &str,
        value: &Value,
    ) -> Result<Option<String>, Diagnostic> {
        match &value.kind {
            Kind::None => Ok(None),
            _ => self.expect_text(name, value).map(Some),
        }
    }

    /// `value` as a string.
    pub(crate) fn expect_text(&self, name: &str, value: &Value) -> Result<String, Diagnostic> {
        match value.text() {
            Some(text) => Ok(text.into()),
            None => Err(self.unexpected(name, "a string", value)),
        }
    }

    /// A keyword argument that is True, False or None.
    pub(crate) fn flag(&mut self, name: &'static str) -> Result<Option<bool>, Diagnostic> {
        match self.keyword(name) {
            Some(value) => self.optional_flag(name, value),
            None => Ok(None),
        }
    }

    /// `value` as True, False or None.
    pub(crate) fn optional_flag(
        &self,
        name: &str,
        value: &Value,
    ) -> Result<Option<bool>, Diagnostic> {
        match value.kind {
            Kind::Bool(flag) => Ok(Some(flag)),
            // What a database says of its indexes comes into scripts as a number.
            Kind::Int(number @ (0 | 1)) => Ok(Some(number == 1)),
            Kind::None => Ok(None),
            _ => Err(self.unexpected(name, "True or False", value)),
        }
    }

    /// Keyword arguments that have no effect on the tables of SQLite.
    pub(crate) fn ignore(&mut self, names: &[&str]) {
        self.keywords.retain(|keyword| !names.contains(&keyword.name.as_str()));
    }

    /// Keyword arguments of other databases' dialects: they have no effect in SQLite.
    pub(crate) fn ignore_other_dialects(&mut self) {
        self.keywords.retain(|keyword| !is_of_other_dialect(&keyword.name));
    }

    /// What is said to dialects, each value as Python shows it.
    pub(crate) fn dialect_options(&self) -> Vec<(String, String)> {
        let options = self.keywords.iter().filter(|keyword| {
            keyword.name.starts_with("sqlite_") || is_of_other_dialect(&keyword.name)
        });
        let shown = options.filter_map(|it| Some((it.name.to_string(), repr_of(&it.value)?)));
        shown.collect()
    }

    /// All keyword arguments, for a caller that looks at each and knows these.
    pub(crate) fn take_keywords(&mut self, known: &'static [&'static str]) -> Vec<&'a Keyword> {
        self.listed = known;
        std::mem::take(&mut self.keywords)
    }

    /// The error for a keyword argument that the caller does not know.
    pub(crate) fn unknown(&self, keyword: &Keyword) -> Diagnostic {
        self.with_known(self.unknown_keyword(keyword))
    }

    /// Refuses keyword arguments that would have an effect which is not known here; None and False
    /// ask for nothing.
    pub(crate) fn refuse(&mut self, names: &[&str]) -> Result<(), Diagnostic> {
        for name in names {
            let Some(at) = self.keywords.iter().position(|keyword| keyword.name == *name) else {
                continue;
            };
            let keyword = self.keywords.remove(at);
            if !keyword.value.is_nothing() {
                let hint = match self.what.contains('.') {
                    true => "Leave it out, or write this as SQL.",
                    false => "Leave it out.",
                };
                return Err(self.unknown_keyword(keyword).hint(hint));
            }
        }
        Ok(())
    }

    /// Refuses `schema=`: SQLite has none but `main`.
    pub(crate) fn refuse_schema(&mut self) -> Result<(), Diagnostic> {
        self.refuse_schemas(&["schema"])
    }

    /// The same, under other names: `source_schema=`.
    pub(crate) fn refuse_schemas(&mut self, names: &[&'static str]) -> Result<(), Diagnostic> {
        for name in names {
            let Some(value) = self.keyword(name) else { continue };
            if value.is_nothing() || value.text() == Some("main") {
                continue;
            }
            let message = format!("The argument `{name}` of `{}` is not supported", self.what);
            let hint = "SQLite has no schemas: leave it out, or write the name of the table as it is in the file.";
            return Err(self.source.unsupported(value.span, message).hint(hint));
        }
        Ok(())
    }

    /// That nothing is left.
    pub(crate) fn finish(self) -> Result<(), Diagnostic> {
        if let Some(value) = self.peek() {
            let message = format!("`{}` with {} is not supported", self.what, value.describe());
            let error = self.source.unsupported(value.span, message);
            return Err(self.with_known(explain_undefined(self.source, value, error)));
        }
        match self.keywords.first() {
            Some(keyword) => Err(self.unknown(keyword)),
            None => Ok(()),
        }
    }

    /// Adds which arguments there are.
    fn with_known(&self, error: Diagnostic) -> Diagnostic {
        let mut names: Vec<&str> = Vec::new();
        for name in self.known.iter().chain(self.listed) {
            if !names.contains(name) {
                names.push(name);
            }
        }
        match &names[..] {
            [] => error.hint("It takes no arguments."),
            known => error.hint(format!("Its arguments are: {}.", known.join(", "))),
        }
    }

    fn unknown_keyword(&self, keyword: &Keyword) -> Diagnostic {
        let message =
            format!("The argument `{}` of `{}` is not supported", keyword.name, self.what);
        self.source.unsupported(keyword.span, message)
    }

    /// The error for an argument that is not what it has to be.
    pub(crate) fn unexpected(&self, name: &str, expected: &str, value: &Value) -> Diagnostic {
        let message = self.expected(name, expected, value);
        explain(self.source, value, self.source.unsupported(value.span, message))
    }

    /// The same, with what to write instead.
    pub(crate) fn unexpected_but(
        &self,
        name: &str,
        expected: &str,
        value: &Value,
        hint: &str,
    ) -> Diagnostic {
        let message = self.expected(name, expected, value);
        let error = self.source.unsupported(value.span, message);
        explain_undefined(self.source, value, error).hint(hint)
    }

    fn expected(&self, name: &str, expected: &str, value: &Value) -> String {
        format!("`{name}` of `{}` must be {expected}, not {}", self.what, value.describe())
    }
}

/// Whether a keyword argument is meant for another database: it has no effect in SQLite.
pub(super) fn is_of_other_dialect(name: &str) -> bool {
    const DIALECTS: &[&str] = &["postgresql_", "mysql_", "mariadb_", "oracle_", "mssql_"];
    DIALECTS.iter().any(|dialect| name.starts_with(dialect))
}

/// Adds what to do about a value that is not understood.
pub(crate) fn explain(source: Source, value: &Value, diagnostic: Diagnostic) -> Diagnostic {
    match value.named() {
        Some(path) if path.origin == Origin::Unbound => diagnostic.hint(undefined(source, path)),
        None if !matches!(value.kind, Kind::Unknown(_) | Kind::Operation(..)) => diagnostic,
        _ => diagnostic
            .hint("Ambix reads Python without running it: write the value itself in this place."),
    }
}

/// Adds, for a name that nothing in the file defines, what to import.
pub(crate) fn explain_undefined(
    source: Source,
    value: &Value,
    diagnostic: Diagnostic,
) -> Diagnostic {
    match value.named() {
        Some(path) if path.origin == Origin::Unbound => diagnostic.hint(undefined(source, path)),
        _ => diagnostic,
    }
}

fn undefined(source: Source, path: &Path) -> String {
    match path.first() {
        "sa" => "Add `import sqlalchemy as sa`.".into(),
        "op" => "Add `from alembic import op`.".into(),
        first => format!("Nothing in {} defines `{first}`: import or define it.", source.path),
    }
}
