//! `format % values`.

use super::operator::{number_of, whole};
use super::spec::{Misfit, Spec, cut, decimal};
use super::{Evaluator, Stop};
use crate::value::{Kind, Value};
use ambix_core::diagnostic::Span;
use std::iter::Peekable;
use std::str::Chars;

/// The widest field that is followed.
const WIDEST: i64 = 10_000;

/// The number that stands there, or zero.
fn digits(letters: &mut Peekable<Chars>) -> i64 {
    let mut number = 0_i64;
    while let Some(digit) = letters.peek().and_then(|letter| letter.to_digit(10)) {
        letters.next();
        number = number.saturating_mul(10).saturating_add(digit.into());
    }
    number
}

impl Evaluator<'_> {
    /// `format % with`, as Python's strings do it.
    pub(super) fn percent(&self, format: &str, with: &Value, span: Span) -> Result<String, Stop> {
        let raised = |class: &str, message: &str| Stop::raised(class, message, span);
        let values = match &with.kind {
            Kind::Tuple(items) => items.as_slice(),
            _ => core::slice::from_ref(with),
        };
        let mut values = values.iter();
        let mut next = || {
            values
                .next()
                .ok_or_else(|| raised("TypeError", "not enough arguments for format string"))
        };
        let mut by_name = false;
        let mut out = String::with_capacity(format.len());
        let mut letters = format.chars().peekable();
        while let Some(letter) = letters.next() {
            if letter != '%' {
                out.push(letter);
                continue;
            }
            let mut named = None;
            if letters.next_if_eq(&'(').is_some() {
                let mut name = String::new();
                let mut open = 1;
                for letter in letters.by_ref() {
                    match letter {
                        '(' => open += 1,
                        ')' => open -= 1,
                        _ => {}
                    }
                    if open == 0 {
                        break;
                    }
                    name.push(letter);
                }
                if open > 0 {
                    return Err(raised("ValueError", "incomplete format key"));
                }
                let Kind::Dict(entries) = &with.kind else {
                    return Err(raised("TypeError", "format requires a mapping"));
                };
                let key = Value { kind: Kind::Text(name), span };
                by_name = true;
                named = Some(match super::operator::item(entries, &key) {
                    Some(Some(found)) => found.clone(),
                    Some(None) => return Err(self.missing_key(&key, span)),
                    None => return Err(self.unclear(with)),
                });
            }
            let mut spec = Spec::default();
            while let Some(flag) = letters.next_if(|next| "-+ 0#".contains(*next)) {
                match flag {
                    '-' => spec.align = Some('<'),
                    '+' => spec.sign = Some('+'),
                    ' ' => spec.sign = spec.sign.or(Some(' ')),
                    '0' => spec.zero = true,
                    _ => spec.alternate = true,
                }
            }
            let width = match letters.next_if_eq(&'*') {
                Some(_) => whole(next()?).ok_or_else(|| raised("TypeError", "* wants int"))?,
                None => digits(&mut letters),
            };
            let precision = match letters.next_if_eq(&'.').is_some() {
                true => Some(match letters.next_if_eq(&'*') {
                    Some(_) => whole(next()?).ok_or_else(|| raised("TypeError", "* wants int"))?,
                    None => digits(&mut letters),
                }),
                false => None,
            };
            if width < 0 {
                spec.align = Some('<');
            }
            if width.saturating_abs().max(precision.unwrap_or(0)) > WIDEST {
                return Err(self.unknown(span, "A format of this width"));
            }
            spec.width = usize::try_from(width.unsigned_abs()).unwrap_or(0);
            spec.precision = precision.map(|precision| usize::try_from(precision).unwrap_or(0));
            letters.next_if(|next| "hlL".contains(*next));
            let Some(letter) = letters.next() else {
                return Err(raised("ValueError", "incomplete format"));
            };
            if letter == '%' {
                out.push('%');
                continue;
            }
            let value = match &named {
                Some(value) => value,
                None => next()?,
            };
            // Zeros are put before numbers only, and never behind them.
            spec.letter = Some(letter);
            out.push_str(&self.one(value, spec, span)?);
            self.bounded(out.len(), span)?;
        }
        let is_mapping = matches!(with.kind, Kind::Dict(_) | Kind::List(_) | Kind::Bytes(_));
        if values.next().is_some() && !by_name && !is_mapping {
            let message = "not all arguments converted during string formatting";
            return Err(raised("TypeError", message));
        }
        Ok(out)
    }

    fn one(&self, value: &Value, mut spec: Spec, span: Span) -> Result<String, Stop> {
        let letter = spec.letter.unwrap_or('s');
        let raised = |class: &str, message: String| Stop::raised(class, message, span);
        if spec.align == Some('<') {
            spec.zero = false;
        }
        let wanted = |what: &str| {
            let class = value.type_name();
            raised("TypeError", format!("%{letter} format: {what} is required, not {class}"))
        };
        let sign_of = |is_negative: bool| match (is_negative, spec.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(_)) => " ",
            (false, None) => "",
        };
        match letter {
            's' | 'r' | 'a' => {
                let text = if letter == 's' { self.str(value)? } else { self.repr(value)? };
                if letter == 'a' && !text.is_ascii() {
                    return Err(self.unknown(span, "The format `%a`"));
                }
                spec.zero = false;
                Ok(spec.pad("", &cut(&text, spec.precision), '>'))
            }
            'c' => {
                let letter = match &value.kind {
                    Kind::Text(text) if text.chars().count() == 1 => text.clone(),
                    _ => {
                        let code = whole(value).ok_or_else(|| wanted("a character"))?;
                        let letter = u32::try_from(code).ok().and_then(char::from_u32);
                        let message = "%c arg not in range(0x110000)";
                        letter.ok_or_else(|| raised("OverflowError", message.into()))?.into()
                    }
                };
                spec.zero = false;
                Ok(spec.pad("", &letter, '>'))
            }
            'd' | 'i' | 'u' | 'o' | 'x' | 'X' => {
                let number = match (whole(value), &value.kind) {
                    (Some(number), _) => number,
                    (None, Kind::Float(number))
                        if matches!(letter, 'd' | 'i' | 'u') && number.abs() < 9e18 =>
                    {
                        number.trunc() as i64
                    }
                    (None, Kind::Float(_)) if matches!(letter, 'd' | 'i' | 'u') => {
                        return Err(self.unclear(value));
                    }
                    _ if super::operator::is_known(value) => return Err(wanted("a real number")),
                    _ => return Err(self.unclear(value)),
                };
                let positive = number.unsigned_abs();
                let digits = match letter {
                    'o' => format!("{positive:o}"),
                    'x' => format!("{positive:x}"),
                    'X' => format!("{positive:X}"),
                    _ => positive.to_string(),
                };
                let prefix = match (spec.alternate, letter) {
                    (true, 'o' | 'x' | 'X') => format!("{}0{letter}", sign_of(number < 0)),
                    _ => sign_of(number < 0).into(),
                };
                let zeros = spec.precision.unwrap_or(0).saturating_sub(digits.len());
                Ok(spec.pad(&prefix, &("0".repeat(zeros) + &digits), '>'))
            }
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
                let Some(number) = number_of(value) else {
                    return Err(match super::operator::is_known(value) {
                        true => raised("TypeError", "must be real number".into()),
                        false => self.unclear(value),
                    });
                };
                if !number.is_finite() {
                    return Err(self.unknown(span, "A number without end"));
                }
                match decimal(number.abs(), &spec) {
                    Ok(digits) => Ok(spec.pad(sign_of(number.is_sign_negative()), &digits, '>')),
                    Err(Misfit::Raised(class, message)) => Err(raised(class, message)),
                    Err(Misfit::Unknown) => {
                        Err(self.unknown(span, &format!("The format `%{letter}`")))
                    }
                }
            }
            _ => Err(raised("ValueError", format!("unsupported format character '{letter}'"))),
        }
    }
}
