//! `ALTER INDEX … RENAME TO …`.

use super::Mistake;
use super::words::Words;
use crate::operation::{Operation, RenameIndex};
use alloc::{format, vec::Vec};

/// What stands behind `ALTER INDEX`.
pub(super) fn alter(mut words: Words<'_>) -> Result<Vec<Operation>, Mistake> {
    let if_exists = words.accept_all(&["IF", "EXISTS"]);
    let place = words.here();
    let (schema, from) = words.qualified("the name of an index")?;
    if schema.is_some_and(|schema| !schema.eq_ignore_ascii_case("main")) {
        return Err(Mistake::new(
            place,
            format!(
                "This change is made in the schema main only, and '{from}' is named in another"
            ),
        )
        .hint("write the name of the index alone"));
    }
    let hint = "what ALTER INDEX can do is RENAME TO; for another index, drop it and create it";
    for word in ["RENAME", "TO"] {
        words.expect(word).map_err(|mistake| mistake.hint(hint))?;
    }
    let to = words.name("the name to be")?;
    words.finish()?;
    let written = Some(words.sql.into());
    Ok(Vec::from([Operation::RenameIndex(RenameIndex {
        from,
        to,
        table: None,
        if_exists,
        written,
    })]))
}
