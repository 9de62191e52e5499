//! A view in the place of another.

use super::rebuild::temporary_again;
use super::{Facts, Stop, known_text, refuse_hidden};
use crate::diagnostic::{Code, Diagnostic};
use crate::operation::ReplaceView;
use crate::sqlite::mention::{self, Mention};
use crate::sqlite::objects::{Object, ObjectKind, Objects};
use crate::sqlite::quote;
use alloc::{format, string::String, vec::Vec};

/// The statements that put a view in the place of the one of its name. SQLite drops the triggers on a view with
/// it, those of TEMP too, so they are made again.
///
/// # Errors
/// [`Stop::Unknown`] if the objects of TEMP have to be asked for first. [`Stop::Refused`] if the text of such a
/// trigger is not known yet, if one uses a column that the new view lacks, or if something in TEMP hides the view.
pub fn replace_view(
    replace: &ReplaceView,
    objects: &Objects,
    facts: &Facts,
) -> Result<Vec<String>, Stop> {
    let mut statements = Vec::from([
        format!("DROP VIEW IF EXISTS {}", quote::name(&replace.name)),
        replace.create.clone(),
    ]);
    if objects.all.iter().any(|object| object.is(ObjectKind::View, &replace.name)) {
        let temporary = facts.temporary()?;
        refuse_hidden(&replace.name, "view", temporary)?;
        let own: Vec<&Object> = objects.on(&replace.name, ObjectKind::Trigger).collect();
        let others: Vec<&Object> = temporary.on(&replace.name, ObjectKind::Trigger).collect();
        refuse_lost(replace, objects, own.iter().chain(&others).copied())?;
        for trigger in own {
            statements.push(known_text(Some(trigger), &trigger.name)?);
        }
        statements.extend(others.into_iter().filter_map(temporary_again));
    }
    Ok(statements)
}

/// That no trigger on the view uses a column that the view has now and the new one has not, as far as the texts
/// tell.
fn refuse_lost<'a>(
    replace: &ReplaceView,
    objects: &Objects,
    triggers: impl Iterator<Item = &'a Object>,
) -> Result<(), Diagnostic> {
    let name = &replace.name;
    let mut replaced = objects.clone();
    replaced.all.retain(|object| !object.is(ObjectKind::View, name));
    replaced.follow(&replace.create);
    let columns = (mention::columns_of(objects, name), mention::columns_of(&replaced, name));
    let (Some(now), Some(then)) = columns else { return Ok(()) };
    let is_there = |column: &&String| then.iter().any(|there| there.eq_ignore_ascii_case(column));
    let lost: Vec<&String> = now.iter().filter(|column| !is_there(column)).collect();
    for trigger in triggers {
        let uses =
            |column: &&&String| mention::column(objects, trigger, name, column) == Mention::Yes;
        if let Some(column) = lost.iter().find(uses) {
            return Err(Diagnostic::error(
                Code::StillMentioned,
                format!(
                    "Trigger {} on view '{name}' uses column '{column}', which the new view has not",
                    trigger.name
                ),
            )
            .hint(format!(
                "DROP TRIGGER {} first, and create it again behind the view as it shall be",
                quote::name(&trigger.name)
            )));
        }
    }
    Ok(())
}
