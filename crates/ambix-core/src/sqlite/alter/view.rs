//! A view in the place of another.

use super::known_text;
use crate::diagnostic::Diagnostic;
use crate::operation::ReplaceView;
use crate::sqlite::objects::{ObjectKind, Objects};
use crate::sqlite::quote;
use alloc::{format, string::String, vec::Vec};

/// The statements that put a view in the place of the one of its name. SQLite drops the triggers on a view with
/// it, so they are made again.
///
/// # Errors
/// If the text of such a trigger is not known yet.
pub fn replace_view(replace: &ReplaceView, objects: &Objects) -> Result<Vec<String>, Diagnostic> {
    let mut statements = Vec::from([
        format!("DROP VIEW IF EXISTS {}", quote::name(&replace.name)),
        replace.create.clone(),
    ]);
    if objects.all.iter().any(|object| object.is(ObjectKind::View, &replace.name)) {
        for trigger in objects.on(&replace.name, ObjectKind::Trigger) {
            statements.push(known_text(Some(trigger), &trigger.name)?);
        }
    }
    Ok(statements)
}
