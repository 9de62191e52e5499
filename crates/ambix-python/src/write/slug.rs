use super::moment::Moment;
use super::printf::{Field, printf};
use ambix_core::diagnostic::{Code, Diagnostic};

/// Alembic's standard for the length of the part of a file name that comes from the message.
pub const SLUG_LENGTH: usize = 40;

/// Alembic's standard for the name of a revision file, without its ending.
pub const FILE_TEMPLATE: &str = "%(rev)s_%(slug)s";

/// The name of a new revision file by Alembic's standard template, `%(rev)s_%(slug)s.py`.
///
/// ```
/// assert_eq!(ambix_python::file_name("ae1027a6acf", "Add Item model"), "ae1027a6acf_add_item_model.py");
/// ```
pub fn file_name(revision: &str, message: &str) -> String {
    format!("{revision}_{}.py", slug(message, SLUG_LENGTH))
}

/// The path of a new revision file below its version location, by the setting `file_template`: the keys
/// `rev`, `slug`, `epoch`, `year`, `month`, `day`, `hour`, `minute` and `second`, with `/` between folders.
/// The slug is cut at `slug_length` characters. `ending` is `py` or `sql`.
///
/// # Errors
/// If the template asks for a key that is not one of them, is no format that Python would take, or names
/// a file outside of the version location.
///
/// ```
/// use ambix_python::{Moment, file_path};
/// let moment = Moment::parse("2026-03-04 05:06:07").unwrap();
/// let path = file_path("%(year)d/%(month).2d/%(rev)s_%(slug)s", 40, "z6", "Add x", &moment, "py");
/// assert_eq!(path.unwrap(), "2026/03/z6_add_x.py");
/// ```
pub fn file_path(
    template: &str,
    slug_length: usize,
    revision: &str,
    message: &str,
    moment: &Moment,
    ending: &str,
) -> Result<String, Diagnostic> {
    let fields = [
        ("rev", Field::Text(revision.into())),
        ("slug", Field::Text(slug(message, slug_length))),
        ("epoch", Field::Number(moment.epoch)),
        ("year", Field::Number(moment.year)),
        ("month", Field::Number(moment.month.into())),
        ("day", Field::Number(moment.day.into())),
        ("hour", Field::Number(moment.hour.into())),
        ("minute", Field::Number(moment.minute.into())),
        ("second", Field::Number(moment.second.into())),
    ];
    let stem = printf(template, &fields).map_err(|why| {
        Diagnostic::error(Code::Configuration, format!("The setting file_template cannot be filled in: {why}"))
            .hint("In alembic.ini and in TOML every `%` is doubled: `file_template = %%(rev)s_%%(slug)s`.")
    })?;
    // As pathlib puts a path together: `a//./b` is `a/b`.
    let parts: Vec<&str> = stem.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if stem.starts_with('/') || parts.contains(&"..") {
        let message =
            format!("The setting file_template leads out of the version location: {stem}.{ending}");
        return Err(Diagnostic::error(Code::Configuration, message)
            .hint("Begin it with a folder's name or with `%(rev)s`."));
    }
    Ok(format!("{}.{ending}", parts.join("/")))
}

/// The words of a message, joined by `_` and cut at a word.
pub(super) fn slug(message: &str, length: usize) -> String {
    let words = message.split(|letter: char| !is_word(letter)).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("_").to_lowercase();
    let Some((end, _)) = slug.char_indices().nth(length) else { return slug };
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
            assert_eq!(slug(message, SLUG_LENGTH), expected);
        }
        assert_eq!(slug("one two three four", 10), "one_two_");
        assert_eq!(slug("lotus olive", 5), "lotus_");
        assert_eq!(file_name("1975ea83b712", ""), "1975ea83b712_.py");
    }

    fn path(template: &str) -> Result<String, String> {
        let moment = Moment::parse("2026-03-04 14:06:07.080009+09:00").unwrap();
        file_path(template, 40, "z3", "Tz x", &moment, "py")
            .map_err(|error| error.into_details().message)
    }

    #[test]
    fn file_names_follow_their_template() {
        for (template, expected) in [
            (FILE_TEMPLATE, "z3_tz_x.py"),
            (
                "%(year)d-%(month).2d-%(day).2d_%(hour).2d%(minute).2d_%(slug)s",
                "2026-03-04_1406_tz_x.py",
            ),
            ("%(epoch)s_%(rev)s", "1772600767_z3.py"),
            ("%(hour).2d%(minute).2d%(second).2d_%(rev)s", "140607_z3.py"),
            ("%(year)d//./%(month).2d/%(rev)s", "2026/03/z3.py"),
        ] {
            assert_eq!(path(template).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn a_template_that_cannot_name_a_file_is_refused() {
        for (template, expected) in [
            ("%(revision)s", "`%(revision)` is not known, only rev, slug, epoch"),
            ("%(slug)d", "asks for a number"),
            ("../%(rev)s", "leads out of the version location: ../z3.py"),
            ("/%(rev)s", "leads out of the version location: /z3.py"),
        ] {
            let error = path(template).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
