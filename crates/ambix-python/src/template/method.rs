//! Attributes, items and methods in a template's expressions.

use super::expression::Value;
use crate::write::Moment;
use ruff_python_ast::Expr;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// `of.name`.
pub(super) fn attribute(of: &Value, name: &str) -> Result<Value, String> {
    let Value::Moment(moment) = of else {
        return Err(format!("the attribute `.{name}` is not known in templates"));
    };
    let number = match name {
        "year" => moment.year,
        "month" => moment.month.into(),
        "day" => moment.day.into(),
        "hour" => moment.hour.into(),
        "minute" => moment.minute.into(),
        "second" => moment.second.into(),
        "microsecond" => moment.microsecond.into(),
        _ => return Err(format!("a date's `.{name}` is not known in templates")),
    };
    Ok(Value::Int(number))
}

/// `of[index]` and `of[start:end]`.
pub(super) fn item(
    of: &Value,
    index: &Expr,
    read: impl Fn(&Expr) -> Result<Value, String>,
) -> Result<Value, String> {
    let length = match of {
        Value::Text(text) => text.chars().count(),
        Value::List(items) | Value::Tuple(items) => items.len(),
        _ => return Err("only texts and lists have items in templates".into()),
    };
    let position = |value: Value| match value {
        Value::Int(at) if at < 0 => Ok(length.saturating_sub(at.unsigned_abs() as usize)),
        Value::Int(at) => Ok(at as usize),
        _ => Err("an index must be a whole number in templates".to_string()),
    };
    if let Expr::Slice(slice) = index {
        if slice.step.is_some() {
            return Err("a slice with a step is not known in templates".into());
        }
        let bound = |bound: &Option<Box<Expr>>, default| match bound {
            Some(bound) => position(read(bound)?).map(|at| at.min(length)),
            None => Ok(default),
        };
        let (start, end) = (bound(&slice.lower, 0)?, bound(&slice.upper, length)?);
        let count = end.saturating_sub(start);
        let part = |items: &[Value]| items.iter().skip(start).take(count).cloned().collect();
        return Ok(match of {
            Value::List(items) => Value::List(part(items)),
            Value::Tuple(items) => Value::Tuple(part(items)),
            other => Value::Text(other.str()?.chars().skip(start).take(count).collect()),
        });
    }
    let index = read(index)?;
    let outside = matches!(index, Value::Int(at) if at.unsigned_abs() as usize > length);
    let at = position(index)?;
    let found = match of {
        Value::List(items) | Value::Tuple(items) => items.get(at).cloned(),
        other => other.str()?.chars().nth(at).map(|letter| Value::Text(letter.into())),
    };
    found.filter(|_| !outside).ok_or_else(|| "the index is out of range".into())
}

/// `of.name(arguments)`.
pub(super) fn call(of: &Value, name: &str, arguments: &[Value]) -> Result<Value, String> {
    let unknown = || Err(format!("this call of `.{name}()` is not known in templates"));
    match (of, arguments) {
        (Value::Text(text), []) => match name {
            "strip" => Ok(Value::text(text.trim())),
            "lstrip" => Ok(Value::text(text.trim_start())),
            "rstrip" => Ok(Value::text(text.trim_end())),
            "lower" => Ok(Value::Text(text.to_lowercase())),
            "upper" => Ok(Value::Text(text.to_uppercase())),
            _ => unknown(),
        },
        (Value::Text(text), [Value::Text(argument)]) => match name {
            "startswith" => Ok(Value::Bool(text.starts_with(argument.as_str()))),
            "endswith" => Ok(Value::Bool(text.ends_with(argument.as_str()))),
            "strip" => Ok(Value::text(text.trim_matches(|letter| argument.contains(letter)))),
            _ => unknown(),
        },
        (Value::Text(text), [Value::List(items) | Value::Tuple(items)]) if name == "join" => {
            let items: Result<Vec<_>, _> = items.iter().map(Value::str).collect();
            Ok(Value::Text(items?.join(text)))
        }
        (Value::Text(text), [Value::Text(old), Value::Text(new)]) if name == "replace" => {
            Ok(Value::Text(text.replace(old.as_str(), new)))
        }
        (Value::Moment(moment), []) if name == "isoformat" => {
            Ok(Value::Text(moment.to_string().replacen(' ', "T", 1)))
        }
        (Value::Moment(moment), []) if name == "date" => {
            let text = moment.to_string();
            Ok(Value::text(text.split(' ').next().unwrap_or_default()))
        }
        (Value::Moment(moment), [Value::Text(format)]) if name == "strftime" => {
            strftime(moment, format).map(Value::Text)
        }
        _ => unknown(),
    }
}

/// Python's `strftime` in English, for the letters that dates in files are made of.
fn strftime(moment: &Moment, format: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let local = moment.epoch.saturating_add(moment.offset.unwrap_or(0).into());
        let weekday = local.div_euclid(86_400) + 3;
        let weekday = DAYS.get(weekday.rem_euclid(7) as usize).copied().unwrap_or_default();
        let month =
            MONTHS.get((moment.month as usize).wrapping_sub(1)).copied().unwrap_or_default();
        let piece = match letters.next() {
            Some('Y') => moment.year.to_string(),
            Some('y') => format!("{:02}", moment.year.rem_euclid(100)),
            Some('m') => format!("{:02}", moment.month),
            Some('d') => format!("{:02}", moment.day),
            Some('H') => format!("{:02}", moment.hour),
            Some('M') => format!("{:02}", moment.minute),
            Some('S') => format!("{:02}", moment.second),
            Some('f') => format!("{:06}", moment.microsecond),
            Some('F') => format!("{}-{:02}-{:02}", moment.year, moment.month, moment.day),
            Some('T') => format!("{:02}:{:02}:{:02}", moment.hour, moment.minute, moment.second),
            Some('B') => month.into(),
            Some('b') => month.get(..3).unwrap_or(month).into(),
            Some('A') => weekday.into(),
            Some('a') => weekday.get(..3).unwrap_or(weekday).into(),
            Some('%') => "%".into(),
            Some(other) => return Err(format!("`%{other}` in strftime is not known in templates")),
            None => return Err("a lone `%` ends the format of strftime".into()),
        };
        out.push_str(&piece);
    }
    Ok(out)
}
