//! `MetaData(naming_convention={…})`: the names of constraints and indexes that have none.

use super::lookup::Lookup;
use super::metadata::{FoundMetadata, MetadataId};
use super::{Found, Model};
use crate::sqlalchemy::standard_name;
use crate::syntax::Source;
use crate::value::{Kind, Value};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::schema::{Constraint, IndexKey, Name};
use std::collections::BTreeMap;

/// A template for each kind: `ix`, `uq`, `ck`, `fk`, `pk`.
type Convention = BTreeMap<&'static str, String>;

/// Names what has no name in the models; `metadata` has the object of each.
pub(super) fn name_constraints<'b>(
    lookup: &Lookup<'_, 'b>,
    metadata: &[Option<FoundMetadata<'b>>],
    found: &mut Found,
) {
    let mut used: BTreeMap<MetadataId, Option<Convention>> = BTreeMap::new();
    for (model, metadata) in found.models.iter_mut().zip(metadata) {
        let Some(FoundMetadata { id, call: Some(call) }) = metadata else { continue };
        let mut keywords = call.keywords.iter();
        let Some(keyword) = keywords.find(|keyword| keyword.name == "naming_convention") else {
            continue;
        };
        let Some(file) = lookup.files.get(id.file).filter(|_| !keyword.value.is_nothing()) else {
            continue;
        };
        let convention = used.entry(id.clone()).or_insert_with(|| {
            convention(lookup, id.file, file.source, &keyword.value)
                .map_err(|error| found.diagnostics.push(error))
                .ok()
        });
        // An empty dict is as good as none.
        let Some(convention) = convention.as_ref().filter(|found| !found.is_empty()) else {
            continue;
        };
        if let Err(message) = apply(convention, model) {
            let span = model.columns.first().copied().unwrap_or_default();
            let error = model.source.unsupported(span, message);
            found.diagnostics.push(error.hint("Give it a name of its own, with `name=`."));
        }
    }
    if metadata.iter().all(Option::is_some) {
        return;
    }
    let is_used = |source: &Source, span: &Span| {
        used.keys().any(|id| {
            let file = lookup.files.get(id.file);
            id.at == span.start && file.is_some_and(|file| file.source.path == source.path)
        })
    };
    for (source, span) in std::mem::take(&mut found.conventions) {
        if !is_used(&source, &span) {
            let message =
                "It is not known which tables this `MetaData` with its naming_convention is for";
            let hint =
                "Give it to the base: `class Base(DeclarativeBase): metadata = MetaData(…)`.";
            found.unsupported(source, span, message.into(), hint);
        }
    }
}

/// Reads the dict of a convention.
fn convention<'b>(
    lookup: &Lookup<'_, 'b>,
    file: usize,
    source: Source,
    value: &'b Value,
) -> Result<Convention, Diagnostic> {
    let hint = "Write the dict itself: `naming_convention={\"pk\": \"pk_%(table_name)s\"}`.";
    let unread = |what: String| source.unsupported(value.span, what).hint(hint);
    let Some(Kind::Dict(entries)) = lookup.value(file, value).map(|value| &value.kind) else {
        return Err(unread(format!(
            "`naming_convention` must be a dict, not {}",
            value.describe()
        )));
    };
    let mut convention = Convention::new();
    for (key, template) in entries {
        let name = key.text().or_else(|| key.path()?.within("sqlalchemy"));
        let kind = match name {
            Some("ix" | "Index") => "ix",
            Some("uq" | "UniqueConstraint") => "uq",
            Some("ck" | "CheckConstraint") => "ck",
            Some("fk" | "ForeignKeyConstraint") => "fk",
            Some("pk" | "PrimaryKeyConstraint") => "pk",
            _ => {
                let key = key.text().map_or_else(|| key.describe(), |text| format!("'{text}'"));
                return Err(unread(format!("{key} of `naming_convention` is not read yet")));
            }
        };
        match template.text() {
            Some(template) => convention.insert(kind, template.into()),
            None => {
                let what = template.describe();
                return Err(unread(format!("`naming_convention` has {what} for '{kind}'")));
            }
        };
    }
    Ok(convention)
}

/// What a template can speak of.
#[derive(Default)]
struct Parts<'a> {
    table: &'a str,
    columns: Vec<&'a str>,
    name: Option<&'a str>,
    referred_table: &'a str,
    referred_columns: &'a [String],
}

/// Gives the constraints and indexes of a table the names of a convention.
fn apply(convention: &Convention, model: &mut Model) -> Result<(), String> {
    let table = model.table.name.as_str();
    for constraint in &mut model.table.constraints {
        let (kind, name, parts) = match constraint {
            Constraint::PrimaryKey(key) => ("pk", &mut key.name, Parts::of(&key.columns)),
            Constraint::Unique(unique) => ("uq", &mut unique.name, Parts::of(&unique.columns)),
            Constraint::Check(check) => ("ck", &mut check.name, Parts::default()),
            Constraint::ForeignKey(key) => {
                let parts = Parts {
                    referred_table: &key.referred_table,
                    referred_columns: &key.referred_columns,
                    ..Parts::of(&key.columns)
                };
                ("fk", &mut key.name, parts)
            }
        };
        if let Some(template) = convention.get(kind) {
            rename(template, name, Parts { table, ..parts })?;
        }
    }
    for index in &mut model.indexes {
        let columns = index.keys.iter().map(|key| match key {
            IndexKey::Column(name) => name.as_str(),
            IndexKey::Expression(_) => "",
        });
        let columns: Vec<&str> = columns.filter(|name| !name.is_empty()).collect();
        // What SQLAlchemy's own convention would say was nobody's choice.
        let standard = columns.first().map(|column| standard_name(table, column));
        let mut name = Some(index.name.clone()).filter(|name| Some(name) != standard.as_ref());
        match convention.get("ix") {
            Some(template) => {
                rename(template, &mut name, Parts { table, columns, ..Parts::default() })?;
            }
            None if name.is_none() => {
                return Err("CREATE INDEX requires that the index have a name".into());
            }
            None => {}
        }
        if let Some(name) = name {
            index.name = name;
        }
    }
    Ok(())
}

fn rename(template: &str, name: &mut Option<Name>, parts: Parts) -> Result<(), String> {
    let explicit = name.as_ref().map(|name| name.text.clone());
    if name.as_ref().is_some_and(|name| name.conv)
        || explicit.is_some() && !template.contains("constraint_name")
    {
        return Ok(());
    }
    let text = fill_in(template, &Parts { name: explicit.as_deref(), ..parts })?;
    *name = Some(Name::conv(text));
    Ok(())
}

/// Python's `template % values`.
fn fill_in(template: &str, parts: &Parts) -> Result<String, String> {
    let mut text = String::new();
    let mut rest = template;
    let unknown = || format!("the naming convention '{template}' cannot be filled in");
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            text.push('%');
            rest = after;
            continue;
        }
        let (token, after) =
            after.strip_prefix('(').and_then(|after| after.split_once(")s")).ok_or_else(unknown)?;
        text.push_str(&parts.token(token).ok_or_else(unknown)??);
        rest = after;
    }
    Ok(text + rest)
}

impl<'a> Parts<'a> {
    fn of(columns: &'a [String]) -> Self {
        Self { columns: columns.iter().map(String::as_str).collect(), ..Self::default() }
    }

    /// The value of a token; `None` if there is no such token.
    fn token(&self, token: &str) -> Option<Result<String, String>> {
        Some(Ok(match token {
            "table_name" => self.table.into(),
            "referred_table_name" => self.referred_table.into(),
            "constraint_name" => match self.name {
                Some(name) => name.into(),
                None => {
                    return Some(Err(
                        "Naming convention including %(constraint_name)s token requires \
                                     that constraint is explicitly named."
                            .into(),
                    ));
                }
            },
            _ => {
                let (columns, rest) = match token.strip_prefix("referred_column_") {
                    Some(rest) => {
                        (self.referred_columns.iter().map(String::as_str).collect(), rest)
                    }
                    None => (self.columns.clone(), token.strip_prefix("column_")?),
                };
                let digits = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
                let position: usize = rest.get(..rest.len() - digits.len())?.parse().ok()?;
                let (separator, what) = if let Some(what) = digits.strip_prefix("_N_") {
                    (Some("_"), what)
                } else if let Some(what) = digits.strip_prefix("N_") {
                    (Some(""), what)
                } else {
                    (None, digits.strip_prefix('_')?)
                };
                let shown = |column: &str| match what {
                    "name" | "key" => Some(column.to_string()),
                    "label" => Some(format!("{}_{column}", self.table)),
                    _ => None,
                };
                match separator {
                    Some(separator) => {
                        let all: Option<Vec<String>> = columns.into_iter().map(shown).collect();
                        all?.join(separator)
                    }
                    None => {
                        columns.get(position).map_or(Some(String::new()), |name| shown(name))?
                    }
                }
            }
        }))
    }
}
