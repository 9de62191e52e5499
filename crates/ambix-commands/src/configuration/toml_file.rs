//! TOML files to plain values with their places.

use ambix_core::diagnostic::{Code, Diagnostic, Place, Span};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A TOML file, or a table of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TomlFile {
    path: String,
    text: String,
    /// The absolute path of the file's folder.
    pub(super) here: String,
    pub(super) entries: Vec<Entry>,
}

/// `name = value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) value: Value,
    /// Where the name stands.
    pub(super) span: Span,
}

/// A value of TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Flag(bool),
    Number(i64),
    List(Vec<Value>),
    Table(Vec<Entry>),
    /// A number with a fraction, a date.
    Other,
}

impl TomlFile {
    /// Reads a file. `here` is the absolute path of its folder.
    ///
    /// # Errors
    /// If it is no TOML, with the line.
    pub(super) fn read(path: &str, text: &str, here: &str) -> Result<Self, Diagnostic> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match DeTable::parse(text) {
            Ok(table) => Ok(Self {
                path: path.into(),
                text: text.into(),
                here: here.into(),
                entries: entries(table.get_ref()),
            }),
            Err(error) => {
                let span =
                    error.span().map_or(Span::default(), |span| Span::new(span.start, span.end));
                let place = Place::in_text(path, text, span);
                let what = error.message();
                let message = format!("{path}, line {}: {what}", place.line);
                Err(Diagnostic::error(Code::Configuration, message).at(place))
            }
        }
    }

    /// The table of that path in the file; None if it is not there.
    ///
    /// # Errors
    /// If something else than a table stands there: Alembic's "Incorrect TOML format".
    pub(super) fn table(&self, names: [&str; 2]) -> Result<Option<Self>, Diagnostic> {
        let mut entries = &self.entries;
        for name in names {
            let Some(entry) = entries.iter().find(|entry| entry.name == name) else {
                return Ok(None);
            };
            match &entry.value {
                Value::Table(inner) => entries = inner,
                _ => return Err(self.error(entry.span, "Incorrect TOML format")),
            }
        }
        Ok(Some(Self { entries: entries.clone(), ..self.clone() }))
    }

    /// An entry of the table.
    pub(super) fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    pub(super) fn place(&self, span: Span) -> Place {
        Place::in_text(&self.path, &self.text, span)
    }

    pub(super) fn error(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(Code::Configuration, message).at(self.place(span))
    }
}

fn entries(table: &DeTable<'_>) -> Vec<Entry> {
    let mut found: Vec<Entry> = table
        .iter()
        .map(|(name, value)| Entry {
            name: name.get_ref().to_string(),
            value: owned(value),
            span: Span::new(name.span().start, name.span().end),
        })
        .collect();
    ambix_core::sort::sort_by_key(&mut found, |entry| entry.span);
    found
}

fn owned(value: &Spanned<DeValue<'_>>) -> Value {
    match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::Other, Value::Number)
        }
        DeValue::Array(items) => Value::List(items.iter().map(owned).collect()),
        DeValue::Table(table) => Value::Table(entries(table)),
        DeValue::Float(_) | DeValue::Datetime(_) => Value::Other,
    }
}
