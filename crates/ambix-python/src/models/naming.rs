//! `MetaData(naming_convention={…})`: the names of constraints and indexes that have none.

use super::metadata::MetadataId;
use super::world::{World, keyword};
use super::{Files, Found};
use crate::environment::Metadata;
use crate::sqlalchemy::name_parts;
use crate::syntax::{File, Source, parse};
use crate::value::{Kind, Value};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::schema::NamingConvention;
use litemap::LiteMap;

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
    let files: Vec<File> = files.iter().map(|(path, text)| File::new(path, text)).collect();
    let mut parsed = Vec::new();
    for file in &files {
        parsed.push((file.source(), parse(file.source())?));
    }
    let mut files = Files::of(&parsed);
    let targets: Vec<Option<MetadataId>> = match env {
        Some((_, targets)) if targets.len() > 1 => return Ok(NamingConvention::default()),
        Some((env, targets)) => targets.iter().map(|target| files.target(env, target)).collect(),
        None => files.tables_metadata().into_iter().map(Some).collect(),
    };
    let Some(follower) = &files.evaluator else { return Ok(NamingConvention::default()) };
    let world = &follower.host;
    let named = named_metadata(world);
    let mut conventions = Vec::new();
    for target in targets {
        match target {
            Some(target) => match convention_of(world, target).transpose()? {
                Some(convention) => conventions.push(convention),
                None => conventions.push(NamingConvention::default()),
            },
            None => {
                // Not found; it matters only if there is a convention somewhere.
                if let Some((_, source, span)) = named.first() {
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
    match (conventions.next(), conventions.next(), named.first()) {
        (None, _, _) => Ok(NamingConvention::default()),
        (Some(_), Some(_), Some((_, source, span))) => {
            let message = "The models have several naming conventions, and nothing says which one \
                           revisions are under";
            let hint = "Set `target_metadata` in env.py to the `MetaData` that counts.";
            Err(source.unsupported(*span, message).hint(hint))
        }
        (Some(convention), _, _) => Ok(convention),
    }
}

/// The `MetaData` objects that name constraints, each with its place.
fn named_metadata<'a>(world: &World<'a>) -> Vec<(MetadataId, Source<'a>, Span)> {
    let named = world.entities.iter().enumerate().filter_map(|(id, entity)| {
        let given = keyword(world.metadata_call(id)?, "naming_convention")?;
        let source = *world.sources.get(entity.file)?;
        (!given.is_nothing()).then_some((id, source, entity.span))
    });
    named.collect()
}

/// The naming convention that somebody gave to a `MetaData`.
fn convention_of(
    world: &World,
    metadata: MetadataId,
) -> Option<Result<NamingConvention, Diagnostic>> {
    let value = keyword(world.metadata_call(metadata)?, "naming_convention")?;
    let source = world.sources.get(world.entities.get(metadata)?.file).copied()?;
    if value.is_nothing() {
        return None;
    }
    match convention(source, value) {
        // An empty dict is as good as none.
        Ok(convention) if convention == NamingConvention::empty() => None,
        read => Some(read),
    }
}

/// Names what has no name in the models.
pub(super) fn name_constraints(world: &World, found: &mut Found) {
    let mut used: LiteMap<MetadataId, Option<NamingConvention>> = LiteMap::new();
    let mut errors = Vec::new();
    for model in &mut found.models {
        let Some(metadata) = model.metadata else { continue };
        let read = used.entry(metadata).or_insert_with(|| {
            convention_of(world, metadata)?.map_err(|error| errors.push(error)).ok()
        });
        let Some(convention) = read else { continue };
        if let Err(message) = name_parts(
            convention,
            &mut model.table,
            &mut model.indexes,
            &[&model.type_checks, &model.about],
        ) {
            let span = model.columns.first().copied().unwrap_or_default();
            let error = model.source.unsupported(span, message);
            errors.push(error.hint("Give it a name of its own, with `name=`."));
        }
    }
    for error in errors {
        found.report(error);
    }
    if found.models.iter().all(|model| model.metadata.is_some()) {
        return;
    }
    for (id, source, span) in named_metadata(world) {
        if !used.contains_key(&id) {
            let message =
                "It is not known which tables this `MetaData` with its naming_convention is for";
            let hint =
                "Give it to the base: `class Base(DeclarativeBase): metadata = MetaData(…)`.";
            found.unsupported(source, span, message.into(), hint);
        }
    }
}

/// Reads the dict of a convention.
fn convention(source: Source, value: &Value) -> Result<NamingConvention, Diagnostic> {
    let hint = "Write the dict itself: `naming_convention={\"pk\": \"pk_%(table_name)s\"}`.";
    let unread = |what: String| source.unsupported(value.span, what).hint(hint);
    let Kind::Dict(entries) = &value.kind else {
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
