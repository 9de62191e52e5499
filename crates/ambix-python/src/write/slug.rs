/// Alembic's standard for the length of the part of a file name that comes from the message.
const LENGTH: usize = 40;

/// The name of a new revision file by Alembic's standard template, `%(rev)s_%(slug)s.py`.
///
/// ```
/// assert_eq!(ambix_python::file_name("ae1027a6acf", "Add Item model"), "ae1027a6acf_add_item_model.py");
/// ```
pub fn file_name(revision: &str, message: &str) -> String {
    format!("{revision}_{}.py", slug(message))
}

/// The words of a message, joined by `_` and cut at a word.
fn slug(message: &str) -> String {
    let words = message.split(|letter: char| !is_word(letter)).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("_").to_lowercase();
    let Some((end, _)) = slug.char_indices().nth(LENGTH) else { return slug };
    let cut = slug.get(..end).unwrap_or(&slug);
    format!("{}_", cut.rsplit_once('_').map_or(cut, |(before, _)| before))
}

/// Python's `\w`.
fn is_word(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_alembics() {
        for (message, expected) in [
            ("Add Item model", "add_item_model"),
            ("", ""),
            ("  a -- b!  ", "a_b"),
            ("Ünï ☃ / 名前 x-y", "ünï_名前_x_y"),
            (
                "add column last transaction date with a time zone",
                "add_column_last_transaction_date_with_a_",
            ),
            (&"x".repeat(41), &format!("{}_", "x".repeat(40))),
            (&"x".repeat(40), &"x".repeat(40)),
            ("_private_", "_private_"),
        ] {
            assert_eq!(slug(message), expected);
        }
        assert_eq!(file_name("1975ea83b712", ""), "1975ea83b712_.py");
    }
}
