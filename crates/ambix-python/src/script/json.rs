//! A Python value as JSON text, in the layout of Python's `json.dumps`.

use crate::value::{Kind, Value};
use crate::write::repr;
use std::fmt::Write;

/// The JSON of `value`, or the value in it that has none.
pub(crate) fn json(value: &Value) -> Result<String, &Value> {
    let mut out = String::new();
    write(value, &mut out)?;
    Ok(out)
}

fn write<'a>(value: &'a Value, out: &mut String) -> Result<(), &'a Value> {
    match &value.kind {
        Kind::List(items) | Kind::Tuple(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write(item, out)?;
            }
            out.push(']');
        }
        Kind::Dict(entries) => {
            // Of two equal keys the first gives the place and the last the value.
            let mut members: Vec<(String, &Value)> = Vec::new();
            for (key, value) in entries {
                let name = key.text().map(String::from).or_else(|| plain(key)).ok_or(key)?;
                match members.iter_mut().find(|(known, _)| *known == name) {
                    Some(member) => member.1 = value,
                    None => members.push((name, value)),
                }
            }
            out.push('{');
            for (at, (name, value)) in members.into_iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                string(&name, out);
                out.push_str(": ");
                write(value, out)?;
            }
            out.push('}');
        }
        Kind::Text(text) => string(text, out),
        _ => out.push_str(&plain(value).ok_or(value)?),
    }
    Ok(())
}

fn plain(value: &Value) -> Option<String> {
    Some(match value.kind {
        Kind::None => "null".into(),
        Kind::Bool(flag) => flag.to_string(),
        Kind::Int(number) => number.to_string(),
        Kind::Float(number) if number.is_finite() => repr::float(number),
        _ => return None,
    })
}

fn string(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(letter),
            _ => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    // Writing to a String cannot fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}
