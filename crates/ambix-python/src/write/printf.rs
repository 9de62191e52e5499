//! Python's `"%(name)s" % {"name": …}`.

use super::repr;

/// What stands for a name in a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
}

/// Fills in a format as Python's `%` operator does with a dict on its right: `%(year)d`, `%(month).2d`,
/// `%(rev)-14s`, `%(slug).10s`, `%(hour)02d`, `%%`. The letters s, r, a, d, i, u, o, x and X are known.
///
/// # Errors
/// A sentence that says what is wrong with the format: an unknown name, a letter that is not known, a
/// number asked of a text, a `%` that begins nothing.
///
/// ```
/// use ambix_python::{Field, printf};
/// let fields = [("rev", Field::Text("ae10".into())), ("month", Field::Number(3))];
/// assert_eq!(printf("%(month).2d-%(rev)s_100%%", &fields).unwrap(), "03-ae10_100%");
/// assert!(printf("%(year)d", &fields).is_err());
/// ```
pub fn printf(format: &str, fields: &[(&str, Field)]) -> Result<String, String> {
    let mut out = String::with_capacity(format.len());
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let after = after.get(1..).unwrap_or_default();
        rest = match after.strip_prefix('%') {
            Some(after) => {
                out.push('%');
                after
            }
            None => one(after, fields, &mut out)?,
        };
    }
    out.push_str(rest);
    Ok(out)
}

/// The largest width or precision: Python has none, and nobody means more.
const WIDEST: usize = 1000;

/// Writes what stands after a `%` and gives what follows it.
fn one<'a>(text: &'a str, fields: &[(&str, Field)], out: &mut String) -> Result<&'a str, String> {
    let Some((name, after)) = text.strip_prefix('(').and_then(|text| text.split_once(')')) else {
        return Err(format!(
            "`%` must be followed by a name in parentheses or be doubled, at `%{}`",
            head(text)
        ));
    };
    let Some((_, field)) = fields.iter().find(|(known, _)| *known == name) else {
        let known: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
        return Err(format!("`%({name})` is not known, only {}", known.join(", ")));
    };
    let after_flags = after.trim_start_matches(['-', '+', ' ', '0', '#']);
    let flags = after.get(..after.len() - after_flags.len()).unwrap_or_default();
    let (width, after) = number(after_flags)?;
    let (precision, after) = match after.strip_prefix('.') {
        Some(after) => {
            let (precision, after) = number(after)?;
            (Some(precision.unwrap_or(0)), after)
        }
        None => (None, after),
    };
    // Python takes C's length letters and ignores them.
    let after = after.strip_prefix(['h', 'l', 'L']).unwrap_or(after);
    let mut letters = after.chars();
    let (sign, text) = match (letters.next(), field) {
        (Some('s'), Field::Number(number)) => ("", cut(&number.to_string(), precision)),
        (Some('s'), Field::Text(text)) => ("", cut(text, precision)),
        (Some('r' | 'a'), Field::Number(number)) => ("", cut(&number.to_string(), precision)),
        (Some('r' | 'a'), Field::Text(text)) => ("", cut(&repr::string(text), precision)),
        (Some(letter @ ('d' | 'i' | 'u' | 'o' | 'x' | 'X')), Field::Number(number)) => {
            let digits = match letter {
                'o' => format!("{:o}", number.unsigned_abs()),
                'x' => format!("{:x}", number.unsigned_abs()),
                'X' => format!("{:X}", number.unsigned_abs()),
                _ => number.unsigned_abs().to_string(),
            };
            let zeros = precision.unwrap_or(0).saturating_sub(digits.len());
            let sign = match number {
                ..0 => "-",
                _ if flags.contains('+') => "+",
                _ if flags.contains(' ') => " ",
                _ => "",
            };
            (sign, "0".repeat(zeros) + &digits)
        }
        (Some(letter @ ('d' | 'i' | 'u' | 'o' | 'x' | 'X')), Field::Text(_)) => {
            return Err(format!(
                "`%({name}){letter}` asks for a number, and `{name}` is a text: write `%({name})s`"
            ));
        }
        (Some(letter), _) => {
            return Err(format!(
                "`{letter}` in `%({name})…{letter}` is no letter of a format that is known: write `s` or `d`"
            ));
        }
        (None, _) => {
            return Err(format!("`%({name})` needs a letter after it: write `%({name})s`"));
        }
    };
    let is_number = matches!(field, Field::Number(_)) && !after.starts_with(['s', 'r', 'a']);
    let missing = width.unwrap_or(0).saturating_sub(sign.len() + text.chars().count());
    if flags.contains('-') {
        out.push_str(sign);
        out.push_str(&text);
        out.push_str(&" ".repeat(missing));
    } else if flags.contains('0') && is_number {
        out.push_str(sign);
        out.push_str(&"0".repeat(missing));
        out.push_str(&text);
    } else {
        out.push_str(&" ".repeat(missing));
        out.push_str(sign);
        out.push_str(&text);
    }
    Ok(letters.as_str())
}

fn number(text: &str) -> Result<(Option<usize>, &str), String> {
    let after = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    match text.get(..text.len() - after.len()).unwrap_or_default() {
        "" => Ok((None, after)),
        digits => match digits.parse() {
            Ok(number) if number <= WIDEST => Ok((Some(number), after)),
            _ => Err(format!("the width {} is too large", head(digits))),
        },
    }
}

fn cut(text: &str, precision: Option<usize>) -> String {
    match precision {
        Some(length) => text.chars().take(length).collect(),
        None => text.into(),
    }
}

/// The beginning of a text, for a message.
fn head(text: &str) -> String {
    text.chars().take(12).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_filled_in_as_python_does() {
        let fields = [
            ("rev", Field::Text("ab12".into())),
            ("year", Field::Number(2026)),
            ("month", Field::Number(3)),
            ("below", Field::Number(-7)),
        ];
        for (format, expected) in [
            ("%(rev)s", "ab12"),
            ("%(rev).2s|%(rev)6s|%(rev)-6s|", "ab|  ab12|ab12  |"),
            ("%(rev)r", "'ab12'"),
            ("%(year)d/%(month).2d", "2026/03"),
            ("%(month)02d %(month)2d %(month)-3d| %(month)+d", "03  3 3  | +3"),
            ("%(month)s%(month).1s", "33"),
            ("%(year)x %(year)X %(year)o %(year)i %(year)u", "7ea 7EA 3752 2026 2026"),
            ("%(below)d %(below)04d %(below).3d", "-7 -007 -007"),
            ("%(year)ld", "2026"),
            ("100%%", "100%"),
            ("%(month)05.2d", "00003"),
            ("", ""),
            ("ü%(rev)sü", "üab12ü"),
        ] {
            assert_eq!(printf(format, &fields).as_deref(), Ok(expected), "{format}");
        }
    }

    #[test]
    fn wrong_formats_say_what_is_wrong() {
        let fields = [("rev", Field::Text("ab12".into())), ("year", Field::Number(2026))];
        for (format, expected) in [
            ("%(no)s", "`%(no)` is not known, only rev, year"),
            ("%(rev)", "`%(rev)` needs a letter after it: write `%(rev)s`"),
            ("%(rev)d", "`%(rev)d` asks for a number, and `rev` is a text: write `%(rev)s`"),
            ("50% of", "`%` must be followed by a name in parentheses or be doubled, at `% of`"),
            ("%", "`%` must be followed by a name in parentheses or be doubled, at `%`"),
            ("%(year)99999999999999999999d", "the width 999999999999 is too large"),
            (
                "%(year)f",
                "`f` in `%(year)…f` is no letter of a format that is known: write `s` or `d`",
            ),
        ] {
            assert_eq!(printf(format, &fields).unwrap_err(), expected, "{format}");
        }
    }
}
