//! The word that somebody may have meant.

use alloc::vec::Vec;

/// The one of `known` that is at most `limit` changes of a letter away from `word`, the nearest first.
pub(super) fn nearest<'a>(word: &str, known: &[&'a str], limit: usize) -> Option<&'a str> {
    let by_distance = known.iter().map(|known| (distance(word, known, limit), *known));
    by_distance.filter(|(far, _)| *far <= limit).min_by_key(|(far, _)| *far).map(|(_, known)| known)
}

/// How many letters have to be put in, left out or replaced (Levenshtein), without regard to case. For
/// words whose lengths differ by more than `limit` it is only said that it is more.
fn distance(one: &str, other: &str, limit: usize) -> usize {
    if one.len().abs_diff(other.len()) > limit {
        return limit + 1;
    }
    let other = other.as_bytes();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.bytes().enumerate() {
        let mut corner = at;
        row[0] = at + 1;
        for (column, against) in other.iter().enumerate() {
            let replaced = corner + usize::from(!letter.eq_ignore_ascii_case(against));
            corner = row[column + 1];
            row[column + 1] = replaced.min(corner + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_within_the_limit() {
        let known = ["revision", "revises", "message"];
        for (word, meant) in [
            ("Revison", Some("revision")),
            ("revise", Some("revises")),
            ("massage", Some("message")),
            ("vim", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, &known, 2), meant, "{word}");
        }
    }
}
