//! The methods of strings.

use super::operator::whole;
use super::{Evaluator, Host, Stop};
use crate::value::{Call, Kind, Value};
use ambix_core::diagnostic::Span;

impl<H: Host> Evaluator<'_, H> {
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
            "lower" | "casefold" => Kind::Text(text.to_lowercase()),
            "upper" => Kind::Text(text.to_uppercase()),
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
                    |letter: char| cut.map_or(letter.is_whitespace(), |cut| cut.contains(letter));
                let rest = if method == "rstrip" { text } else { text.trim_start_matches(is_cut) };
                let rest = if method == "lstrip" { rest } else { rest.trim_end_matches(is_cut) };
                Kind::Text(rest.into())
            }
            "removeprefix" => Kind::Text(text.strip_prefix(needed(0)?).unwrap_or(text).into()),
            "removesuffix" => Kind::Text(text.strip_suffix(needed(0)?).unwrap_or(text).into()),
            "startswith" | "endswith" => {
                let value = arguments.first().ok_or_else(wants)?;
                let options = match value.items() {
                    Some(items) => items.iter().collect(),
                    None => vec![value],
                };
                let mut found = false;
                for option in options {
                    let option = option.text().ok_or_else(|| unclear(option))?;
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
                    (None, None) => texts(text.split_whitespace().collect()),
                    (None, Some(_)) => return Ok(None),
                    (Some(by), None) => texts(text.split(by).collect()),
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
            "splitlines" => texts(text.lines().collect()),
            "partition" | "rpartition" => {
                let by = needed(0)?;
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
                        None => return Err(unclear(&item)),
                    }
                }
                Kind::Text(parts.join(text))
            }
            "find" => index(text.find(needed(0)?)),
            "rfind" => index(text.rfind(needed(0)?)),
            "index" => match text.find(needed(0)?) {
                Some(at) => index(Some(at)),
                None => return Err(Stop::raised("ValueError", "substring not found", span)),
            },
            "count" => Kind::Int(text.matches(needed(0)?).count() as i64),
            "isdigit" | "isdecimal" | "isnumeric" => all(text, char::is_numeric),
            "isalpha" => all(text, char::is_alphabetic),
            "isalnum" => all(text, char::is_alphanumeric),
            "isspace" => all(text, char::is_whitespace),
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
            "ljust" | "rjust" => {
                let fill = given(1)?.unwrap_or(" ").repeat(width()?.saturating_sub(length()));
                Kind::Text(if method == "ljust" {
                    format!("{text}{fill}")
                } else {
                    format!("{fill}{text}")
                })
            }
            "encode" => Kind::Bytes(text.as_bytes().to_vec()),
            _ => return Ok(None),
        }))
    }
}

fn keyword<'c>(call: &'c Call, name: &str) -> Option<&'c Value> {
    call.keywords.iter().find(|keyword| keyword.name == name).map(|keyword| &keyword.value)
}

fn all(text: &str, is: impl Fn(char) -> bool) -> Kind {
    Kind::Bool(!text.is_empty() && text.chars().all(is))
}
