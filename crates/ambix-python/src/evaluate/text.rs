//! The methods of strings.

use super::operator::whole;
use super::{Evaluator, Stop};
use crate::value::{Call, Kind, Value};
use ambix_core::diagnostic::Span;

impl Evaluator<'_> {
    /// A method of a string; nothing if it is none that is known.
    pub(super) fn method_of_text(
        &mut self,
        text: &str,
        method: &str,
        call: &Call,
        span: Span,
    ) -> Result<Option<Kind>, Stop> {
        let arguments = &call.arguments;
        let unclear = |value: &Value| self.unclear(value);
        let wants = || {
            Stop::raised("TypeError", format!("{method}() got other arguments than it takes"), span)
        };
        let given = |at: usize| -> Result<Option<&str>, Stop> {
            match arguments.get(at) {
                None => Ok(None),
                Some(Value { kind: Kind::None, .. }) => Ok(None),
                Some(value) => value.text().map(Some).ok_or_else(|| unclear(value)),
            }
        };
        let needed = |at: usize| given(at)?.ok_or_else(wants);
        let texts = |items: Vec<&str>| {
            Kind::List(
                items
                    .into_iter()
                    .map(|item| Value { kind: Kind::Text(item.into()), span })
                    .collect(),
            )
        };
        let index = |at: Option<usize>| match at {
            Some(at) => Kind::Int(text.get(..at).map_or(0, |before| before.chars().count()) as i64),
            None => Kind::Int(-1),
        };
        let width = || {
            let width = arguments.first().and_then(whole).ok_or_else(wants)?;
            let width = usize::try_from(width).unwrap_or(0);
            self.bounded(width, span)?;
            Ok::<usize, Stop>(width)
        };
        let length = || text.chars().count();
        Ok(Some(match method {
            "format" => Kind::Text(self.format(text, call, span)?),
            "lower" => Kind::Text(text.to_lowercase()),
            "casefold" if text.is_ascii() => Kind::Text(text.to_lowercase()),
            "swapcase" if text.is_ascii() => Kind::Text(
                text.chars()
                    .map(|letter| match letter.is_ascii_uppercase() {
                        true => letter.to_ascii_lowercase(),
                        false => letter.to_ascii_uppercase(),
                    })
                    .collect(),
            ),
            "upper" => Kind::Text(text.to_uppercase()),
            // Some letters have a form of their own at the beginning of a word.
            "capitalize" | "title" if !text.is_ascii() => return Ok(None),
            "capitalize" => {
                let mut letters = text.chars();
                let first: String =
                    letters.next().into_iter().flat_map(char::to_uppercase).collect();
                Kind::Text(first + &letters.as_str().to_lowercase())
            }
            "title" => {
                let mut out = String::with_capacity(text.len());
                let mut inside = false;
                for letter in text.chars() {
                    match inside {
                        true => out.extend(letter.to_lowercase()),
                        false => out.extend(letter.to_uppercase()),
                    }
                    inside = letter.is_alphabetic();
                }
                Kind::Text(out)
            }
            "strip" | "lstrip" | "rstrip" => {
                let cut = given(0)?;
                let is_cut =
                    |letter: char| cut.map_or(is_space(letter), |cut| cut.contains(letter));
                let rest = if method == "rstrip" { text } else { text.trim_start_matches(is_cut) };
                let rest = if method == "lstrip" { rest } else { rest.trim_end_matches(is_cut) };
                Kind::Text(rest.into())
            }
            "removeprefix" => Kind::Text(text.strip_prefix(needed(0)?).unwrap_or(text).into()),
            "removesuffix" => Kind::Text(text.strip_suffix(needed(0)?).unwrap_or(text).into()),
            "startswith" | "endswith" => {
                let Some(text) = part(text, arguments.get(1), arguments.get(2)) else {
                    return Err(self.unknown(span, &format!("`{method}` with these bounds")));
                };
                let value = arguments.first().ok_or_else(wants)?;
                let options = match value.items().filter(|_| matches!(value.kind, Kind::Tuple(_))) {
                    Some(items) => items.iter().collect(),
                    None => vec![value],
                };
                let mut found = false;
                for option in options {
                    let option =
                        option.text().ok_or_else(|| self.misused(option, "is no string"))?;
                    let Some(text) = text else { continue };
                    found |= match method {
                        "startswith" => text.starts_with(option),
                        _ => text.ends_with(option),
                    };
                }
                Kind::Bool(found)
            }
            "replace" => {
                let (from, to) = (needed(0)?, needed(1)?);
                let most =
                    arguments.get(2).and_then(whole).and_then(|most| usize::try_from(most).ok());
                let times = most.unwrap_or(usize::MAX).min(text.matches(from).count());
                self.bounded(text.len().saturating_add(times.saturating_mul(to.len())), span)?;
                Kind::Text(text.replacen(from, to, most.unwrap_or(usize::MAX)))
            }
            "split" | "rsplit" => {
                let most = arguments.get(1).or_else(|| keyword(call, "maxsplit")).and_then(whole);
                let most = most
                    .and_then(|most| usize::try_from(most).ok())
                    .map(|most| most.saturating_add(1));
                let by = match given(0)? {
                    Some(by) => Some(by),
                    None => keyword(call, "sep").and_then(Value::text),
                };
                match (by, most) {
                    (Some(""), _) => {
                        return Err(Stop::raised("ValueError", "empty separator", span));
                    }
                    (None, None) => {
                        texts(text.split(is_space).filter(|part| !part.is_empty()).collect())
                    }
                    (None, Some(most)) => texts(words(text, most, method == "rsplit")),
                    (Some(by), None) if method == "split" => texts(text.split(by).collect()),
                    (Some(by), None) => {
                        let mut parts: Vec<&str> = text.rsplit(by).collect();
                        parts.reverse();
                        texts(parts)
                    }
                    (Some(by), Some(most)) if method == "split" => {
                        texts(text.splitn(most, by).collect())
                    }
                    (Some(by), Some(most)) => {
                        let mut parts: Vec<&str> = text.rsplitn(most, by).collect();
                        parts.reverse();
                        texts(parts)
                    }
                }
            }
            "splitlines" => {
                let keeps = arguments.first().or_else(|| keyword(call, "keepends"));
                let keeps = keeps.map(|keeps| self.truth(keeps)).transpose()?.unwrap_or(false);
                texts(lines(text, keeps))
            }
            "partition" | "rpartition" => {
                let by = needed(0)?;
                if by.is_empty() {
                    return Err(Stop::raised("ValueError", "empty separator", span));
                }
                let found =
                    if method == "partition" { text.split_once(by) } else { text.rsplit_once(by) };
                let parts = match found {
                    Some((before, after)) => [before, by, after],
                    None if method == "partition" => [text, "", ""],
                    None => ["", "", text],
                };
                match texts(parts.to_vec()) {
                    Kind::List(items) => Kind::Tuple(items),
                    other => other,
                }
            }
            "join" => {
                let mut parts = Vec::new();
                let mut size = 0;
                for item in self.iterated(arguments.first().cloned().ok_or_else(wants)?)? {
                    match item.text() {
                        Some(part) => {
                            size += part.len() + text.len();
                            self.bounded(size, span)?;
                            parts.push(part.to_string());
                        }
                        None => return Err(self.misused(&item, "expected str instance")),
                    }
                }
                Kind::Text(parts.join(text))
            }
            "find" | "rfind" | "index" | "rindex" | "count" => {
                let wanted = needed(0)?;
                let Some(within) = part(text, arguments.get(1), arguments.get(2)) else {
                    return Err(self.unknown(span, &format!("`{method}` with these bounds")));
                };
                if method == "count" {
                    let count = within.map_or(0, |within| within.matches(wanted).count());
                    return Ok(Some(Kind::Int(i64::try_from(count).unwrap_or_default())));
                }
                let found = within.and_then(|within| {
                    let before = within.as_ptr() as usize - text.as_ptr() as usize;
                    let found = match method {
                        "find" | "index" => within.find(wanted),
                        _ => within.rfind(wanted),
                    };
                    found.map(|at| at + before)
                });
                match found {
                    None if method.ends_with("index") => {
                        return Err(Stop::raised("ValueError", "substring not found", span));
                    }
                    found => index(found),
                }
            }
            "isdigit" | "isdecimal" | "isnumeric" if text.is_ascii() => {
                all(text, |letter| letter.is_ascii_digit())
            }
            "isalpha" => all(text, char::is_alphabetic),
            "isalnum" if text.is_ascii() => all(text, char::is_alphanumeric),
            "isspace" => all(text, is_space),
            "isidentifier" if text.is_ascii() => Kind::Bool(
                text.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
                    && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_'),
            ),
            "istitle" if text.is_ascii() => {
                let (mut inside, mut found, mut is_title) = (false, false, true);
                for letter in text.chars() {
                    is_title &= match inside {
                        true => !letter.is_ascii_uppercase(),
                        false => !letter.is_ascii_lowercase(),
                    };
                    inside = letter.is_ascii_alphabetic();
                    found |= inside;
                }
                Kind::Bool(is_title && found)
            }
            "isupper" => Kind::Bool(
                text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase),
            ),
            "islower" => Kind::Bool(
                text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase),
            ),
            "zfill" => {
                let (sign, digits) = match text.strip_prefix(['-', '+']) {
                    Some(digits) => (&text[..1], digits),
                    None => ("", text),
                };
                let missing = width()?.saturating_sub(length());
                Kind::Text(format!("{sign}{}{digits}", "0".repeat(missing)))
            }
            "ljust" | "rjust" | "center" => {
                let fill = given(1)?.unwrap_or(" ");
                if fill.chars().count() != 1 {
                    return Err(wants());
                }
                let width = width()?;
                let missing = width.saturating_sub(length());
                // CPython puts the odd one before the text if the width is odd too.
                let before = match method {
                    "ljust" => 0,
                    "rjust" => missing,
                    _ => missing / 2 + (missing & width & 1),
                };
                Kind::Text(format!(
                    "{}{text}{}",
                    fill.repeat(before),
                    fill.repeat(missing - before)
                ))
            }
            "encode" => {
                let encoding =
                    given(0)?.or_else(|| keyword(call, "encoding").and_then(Value::text));
                match encoding.unwrap_or("utf-8").to_lowercase().as_str() {
                    "utf-8" | "utf8" => Kind::Bytes(text.as_bytes().to_vec()),
                    "ascii" if text.is_ascii() => Kind::Bytes(text.as_bytes().to_vec()),
                    _ => return Ok(None),
                }
            }
            _ => return Ok(None),
        }))
    }
}

fn keyword<'c>(call: &'c Call, name: &str) -> Option<&'c Value> {
    call.keywords.iter().find(|keyword| keyword.name == name).map(|keyword| &keyword.value)
}

/// What Python counts as white space.
fn is_space(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\x1c'..='\x1f')
}

/// `text[start:end]`, the inner nothing where that begins behind its end; the outer one if the bounds are no numbers.
fn part<'t>(text: &'t str, start: Option<&Value>, end: Option<&Value>) -> Option<Option<&'t str>> {
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let bound = |value: Option<&Value>, otherwise: i64| match value {
        None | Some(Value { kind: Kind::None, .. }) => Some(otherwise),
        Some(value) => {
            let at = whole(value)?;
            Some(if at < 0 { at.saturating_add(length).max(0) } else { at })
        }
    };
    let (start, end) = (bound(start, 0)?, bound(end, length)?.min(length));
    if start > end {
        return Some(None);
    }
    let offset = |at: i64| {
        let at = usize::try_from(at).unwrap_or(0);
        text.char_indices().nth(at).map_or(text.len(), |(offset, _)| offset)
    };
    Some(text.get(offset(start)..offset(end)))
}

/// The words of a text, the last of so many with all that follows it.
fn words(text: &str, most: usize, from_behind: bool) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    loop {
        rest = match from_behind {
            true => rest.trim_end_matches(is_space),
            false => rest.trim_start_matches(is_space),
        };
        if rest.is_empty() {
            break;
        }
        let cut = match from_behind {
            _ if words.len() + 1 >= most => None,
            true => rest.rsplit_once(is_space),
            false => rest.split_once(is_space).map(|(word, rest)| (rest, word)),
        };
        match cut {
            Some((behind, word)) => {
                words.push(word);
                rest = behind;
            }
            None => {
                words.push(rest);
                break;
            }
        }
    }
    if from_behind {
        words.reverse();
    }
    words
}

/// The lines of a text, with what ends them or without.
fn lines(text: &str, keeps: bool) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let ends = matches!(
            letter,
            '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
        );
        if !ends {
            continue;
        }
        let mut end = at + letter.len_utf8();
        if letter == '\r' && letters.next_if(|(_, next)| *next == '\n').is_some() {
            end += 1;
        }
        lines.extend(text.get(start..if keeps { end } else { at }));
        start = end;
    }
    lines.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    lines
}

fn all(text: &str, is: impl Fn(char) -> bool) -> Kind {
    Kind::Bool(!text.is_empty() && text.chars().all(is))
}
