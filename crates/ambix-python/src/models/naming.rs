//! `MetaData(naming_convention={…})`: the names of constraints and indexes that have none.

use super::Found;
use super::file::ModelFile;
use super::lookup::Lookup;
use super::metadata::{FoundMetadata, MetadataId};
use crate::environment::Metadata;
use crate::sqlalchemy::name_parts;
use crate::syntax::{File, Source, parse};
use crate::value::{Kind, Value};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::schema::NamingConvention;
use std::collections::BTreeMap;

/// Reads the naming convention that revision scripts are under: the one of the only `target_metadata` that the
/// file `env` (env.py) names. Alembic takes none from a list of several. Where nothing names a target, it is the
/// one that the models in `files` have in common.
///
/// # Errors
/// If there is one that cannot be read, or it is not known which of several counts.
///
/// ```
/// use ambix_python::{Metadata, read_naming_convention};
/// let env = "
/// from sqlalchemy import MetaData
/// target_metadata = MetaData(naming_convention={'pk': 'pk_%(table_name)s'})
/// ";
/// let targets = [Metadata::Here { name: "target_metadata".into() }];
/// let files = [("env.py".into(), env.into())];
/// let convention = read_naming_convention(&files, Some(("env.py", &targets)))?;
/// assert_eq!(convention.primary_key.as_deref(), Some("pk_%(table_name)s"));
/// # Ok::<(), ambix_core::diagnostic::Diagnostic>(())
/// ```
pub fn read_naming_convention(
    files: &[(String, String)],
    env: Option<(&str, &[Metadata])>,
) -> Result<NamingConvention, Diagnostic> {
    let mut found = Found::default();
    let files: Vec<File> = files.iter().map(|(path, text)| File::new(path, text)).collect();
    let mut parsed_files: Vec<ModelFile> = Vec::new();
    for file in &files {
        let parsed = parse(file.source())?;
        parsed_files.push(ModelFile::of(file.source(), &parsed.syntax().body, &mut found));
    }
    let lookup = Lookup::of(&parsed_files);
    let targets: Vec<Option<FoundMetadata>> = match env {
        Some((_, targets)) if targets.len() > 1 => return Ok(NamingConvention::default()),
        Some((env, targets)) => {
            targets.iter().map(|target| lookup.target_metadata(env, target)).collect()
        }
        None => {
            let mut all: Vec<_> = parsed_files
                .iter()
                .enumerate()
                .flat_map(|(at, file)| file.declared.iter().map(move |declared| (at, declared)))
                .filter_map(|(at, declared)| lookup.metadata_of(at, declared))
                .collect();
            ambix_core::sort::sort_by(&mut all, |one, other| one.id.cmp(&other.id));
            all.dedup_by(|one, other| one.id == other.id);
            all.into_iter().map(Some).collect()
        }
    };
    let mut conventions = Vec::new();
    for target in targets {
        match target {
            Some(target) => match convention_of(&lookup, &target).transpose()? {
                Some(convention) => conventions.push(convention),
                None => conventions.push(NamingConvention::default()),
            },
            None => {
                // Not found; it matters only if there is a convention somewhere.
                if let Some((source, span)) = found.conventions.first() {
                    let message = "It is not known whether this naming_convention is the one of \
                                   `target_metadata`";
                    return Err(source
                        .unsupported(*span, message)
                        .hint("Give env.py the name of this `MetaData` or of its base."));
                }
            }
        }
    }
    conventions.dedup();
    let mut conventions = conventions.into_iter();
    match (conventions.next(), conventions.next(), found.conventions.first()) {
        (None, _, _) => Ok(NamingConvention::default()),
        (Some(_), Some(_), Some((source, span))) => {
            let message = "The models have several naming conventions, and nothing says which one \
                           revisions are under";
            let hint = "Set `target_metadata` in env.py to the `MetaData` that counts.";
            Err(source.unsupported(*span, message).hint(hint))
        }
        (Some(convention), _, _) => Ok(convention),
    }
}

/// The naming convention that somebody gave to a `MetaData`.
fn convention_of<'b>(
    lookup: &Lookup<'_, 'b>,
    metadata: &FoundMetadata<'b>,
) -> Option<Result<NamingConvention, Diagnostic>> {
    let mut keywords = metadata.call?.keywords.iter();
    let keyword = keywords.find(|keyword| keyword.name == "naming_convention")?;
    let file = lookup.files.get(metadata.id.file).filter(|_| !keyword.value.is_nothing())?;
    match convention(lookup, metadata.id.file, file.source, &keyword.value) {
        // An empty dict is as good as none.
        Ok(convention) if convention == NamingConvention::empty() => None,
        read => Some(read),
    }
}

/// Names what has no name in the models; `metadata` has the object of each.
pub(super) fn name_constraints<'b>(
    lookup: &Lookup<'_, 'b>,
    metadata: &[Option<FoundMetadata<'b>>],
    found: &mut Found,
) {
    let mut used: BTreeMap<MetadataId, Option<NamingConvention>> = BTreeMap::new();
    for (model, metadata) in found.models.iter_mut().zip(metadata) {
        let Some(metadata @ FoundMetadata { id, .. }) = metadata else { continue };
        let read = used.entry(id.clone()).or_insert_with(|| {
            convention_of(lookup, metadata)?.map_err(|error| found.diagnostics.push(error)).ok()
        });
        let Some(convention) = read else { continue };
        if let Err(message) =
            name_parts(convention, &mut model.table, &mut model.indexes, &model.type_checks)
        {
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
) -> Result<NamingConvention, Diagnostic> {
    let hint = "Write the dict itself: `naming_convention={\"pk\": \"pk_%(table_name)s\"}`.";
    let unread = |what: String| source.unsupported(value.span, what).hint(hint);
    let Some(Kind::Dict(entries)) = lookup.value(file, value).map(|value| &value.kind) else {
        return Err(unread(format!(
            "`naming_convention` must be a dict, not {}",
            value.describe()
        )));
    };
    let mut convention = NamingConvention::empty();
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
            Some(template) => convention.set(kind, template),
            None => {
                let what = template.describe();
                return Err(unread(format!("`naming_convention` has {what} for '{kind}'")));
            }
        };
    }
    Ok(convention)
}
