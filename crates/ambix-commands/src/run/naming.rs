//! The naming convention that revision scripts are under.

use super::comparing::model_files;
use super::desk::Desk;
use crate::Revisions;
use crate::project::Source;
use ambix_core::diagnostic::Diagnostic;
use ambix_core::schema::NamingConvention;

/// The revision files, read, to be carried out: under the naming convention of the models.
pub(super) async fn revisions_to_run(desk: &Desk) -> Result<Revisions, Diagnostic> {
    to_run(desk, desk.revisions().await?).await
}

/// These revisions under the naming convention of the models.
pub(super) async fn to_run(desk: &Desk, revisions: Revisions) -> Result<Revisions, Diagnostic> {
    if !revisions.may_want_names() {
        return Ok(revisions);
    }
    let convention = convention(desk).await?;
    Ok(revisions.under(convention))
}

/// The naming convention of `target_metadata` (Alembic's `SchemaObjects.metadata`). SQLAlchemy's own where
/// there are no models to ask or they have none. One that is there and cannot be read is an error only of a
/// script that leaves a name to it.
async fn convention(desk: &Desk) -> Result<NamingConvention, Diagnostic> {
    let Ok(Source::Models { files, folders, metadata }) = &desk.project().await?.comparison.source
    else {
        return Ok(NamingConvention::default());
    };
    let Ok(read) = model_files(desk, files.clone(), folders).await else {
        return Ok(NamingConvention::default());
    };
    if !read.iter().any(|(_, text)| text.contains("naming_convention")) {
        return Ok(NamingConvention::default());
    }
    let targets = metadata.as_ref().map(|(env, targets)| (env.as_str(), targets.as_slice()));
    Ok(ambix_python::read_naming_convention(&read, targets).unwrap_or_else(|error| {
        let place = error.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
        NamingConvention::unknown(format!("{}{place}", error.message))
    }))
}
