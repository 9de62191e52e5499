//! The tables in which the virtual tables of FTS and R-Tree keep their data.

/// The last word of a shadow table's name, which is `<virtual table>_<word>`. Nothing if the table of that
/// name is none of `owner`.
pub(in crate::sqlite) fn word<'a>(name: &'a str, owner: &str) -> Option<&'a str> {
    const WORDS: [&str; 14] = [
        "data", "idx", "content", "docsize", "config", "segments", "segdir", "stat", "node",
        "parent", "rowid", "instance", "row", "vocab",
    ];
    let (start, rest) = name.split_at_checked(owner.len())?;
    let word = rest.strip_prefix('_')?;
    let is_known = WORDS.iter().any(|known| known.eq_ignore_ascii_case(word));
    (start.eq_ignore_ascii_case(owner) && is_known).then_some(word)
}
