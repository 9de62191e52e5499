//! Python's formats of one value: `format(value, "08.3f")`, and the digits that `%` writes.

use super::operator::{number_of, whole};
use crate::value::{Kind, Value};
use crate::write::repr;

/// Why a value cannot be written by a format.
pub(super) enum Misfit {
    /// Python raises that.
    Raised(&'static str, String),
    /// It is not known here.
    Unknown,
}

/// The widest field that is followed.
const WIDEST: usize = 10_000;

/// `[[fill]align][sign][#][0][width][,][.precision][type]`
#[derive(Default)]
pub(super) struct Spec {
    pub(super) fill: Option<char>,
    pub(super) align: Option<char>,
    pub(super) sign: Option<char>,
    pub(super) alternate: bool,
    pub(super) zero: bool,
    pub(super) width: usize,
    pub(super) grouping: Option<char>,
    pub(super) precision: Option<usize>,
    pub(super) letter: Option<char>,
}

impl Spec {
    fn read(text: &str) -> Result<Self, Misfit> {
        let invalid = || Misfit::Raised("ValueError", "Invalid format specifier".into());
        let mut spec = Self::default();
        let letters: Vec<char> = text.chars().collect();
        let is_align = |letter: Option<&char>| matches!(letter, Some('<' | '>' | '^' | '='));
        let mut rest = letters.as_slice();
        if is_align(rest.get(1)) {
            (spec.fill, spec.align) = (rest.first().copied(), rest.get(1).copied());
            rest = rest.get(2..).unwrap_or_default();
        } else if is_align(rest.first()) {
            spec.align = rest.first().copied();
            rest = rest.get(1..).unwrap_or_default();
        }
        if let Some((sign @ ('+' | '-' | ' '), after)) = rest.split_first() {
            (spec.sign, rest) = (Some(*sign), after);
        }
        if let Some(('z', _)) = rest.split_first() {
            return Err(Misfit::Unknown);
        }
        if let Some(('#', after)) = rest.split_first() {
            (spec.alternate, rest) = (true, after);
        }
        if let Some(('0', after)) = rest.split_first() {
            (spec.zero, rest) = (true, after);
        }
        spec.width = number(&mut rest)?.unwrap_or(0);
        if let Some((grouping @ (',' | '_'), after)) = rest.split_first() {
            (spec.grouping, rest) = (Some(*grouping), after);
        }
        if let Some(('.', after)) = rest.split_first() {
            rest = after;
            spec.precision = Some(number(&mut rest)?.ok_or_else(invalid)?);
        }
        match rest {
            [] => Ok(spec),
            [letter] => {
                spec.letter = Some(*letter);
                Ok(spec)
            }
            _ => Err(invalid()),
        }
    }

    /// The text in its width, where it is put as `align` says if the format does not.
    pub(super) fn pad(&self, sign: &str, text: &str, align: char) -> String {
        let fill = self.fill.unwrap_or(if self.zero { '0' } else { ' ' });
        let align = self.align.unwrap_or(if self.zero && align == '>' { '=' } else { align });
        let missing = self.width.saturating_sub(sign.chars().count() + text.chars().count());
        let fills = |count: usize| core::iter::repeat_n(fill, count).collect::<String>();
        match align {
            '<' => format!("{sign}{text}{}", fills(missing)),
            '^' => {
                let before = missing / 2;
                format!("{}{sign}{text}{}", fills(before), fills(missing - before))
            }
            '=' => format!("{sign}{}{text}", fills(missing)),
            _ => format!("{}{sign}{text}", fills(missing)),
        }
    }

    fn sign_of(&self, is_negative: bool) -> &'static str {
        match (is_negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            (false, _) => "",
        }
    }
}

fn number(rest: &mut &[char]) -> Result<Option<usize>, Misfit> {
    let digits = rest.iter().take_while(|letter| letter.is_ascii_digit()).count();
    let (number, after) = rest.split_at(digits);
    *rest = after;
    if number.is_empty() {
        return Ok(None);
    }
    let number: usize = number.iter().collect::<String>().parse().map_err(|_| Misfit::Unknown)?;
    if number > WIDEST { Err(Misfit::Unknown) } else { Ok(Some(number)) }
}

/// `format(value, spec)` with a format that is not empty.
pub(super) fn with_spec(value: &Value, spec: &str) -> Result<String, Misfit> {
    let class = value.type_name();
    let spec = match &value.kind {
        Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) | Kind::Text(_) => Spec::read(spec)?,
        Kind::None
        | Kind::List(_)
        | Kind::Tuple(_)
        | Kind::Dict(_)
        | Kind::Set(_)
        | Kind::Bytes(_) => {
            let message = format!("unsupported format string passed to {class}.__format__");
            return Err(Misfit::Raised("TypeError", message));
        }
        _ => return Err(Misfit::Unknown),
    };
    let unknown_letter = |letter: char| {
        let message = format!("Unknown format code '{letter}' for object of type '{class}'");
        Misfit::Raised("ValueError", message)
    };
    let not_allowed = |what: &str| Misfit::Raised("ValueError", format!("{what} not allowed"));
    if spec.zero && spec.grouping.is_some() {
        return Err(Misfit::Unknown);
    }
    if let Kind::Text(text) = &value.kind {
        return match spec.letter {
            Some('s') | None => {
                if spec.sign.is_some() || spec.alternate || spec.grouping.is_some() {
                    return Err(not_allowed("This in a string format specifier is"));
                }
                if spec.align == Some('=') {
                    return Err(not_allowed("'=' alignment in a string format specifier is"));
                }
                Ok(spec.pad("", &cut(text, spec.precision), '<'))
            }
            Some(letter) => Err(unknown_letter(letter)),
        };
    }
    match (whole(value), spec.letter) {
        (Some(number), None | Some('d' | 'n' | 'b' | 'o' | 'x' | 'X' | 'c')) => {
            if spec.precision.is_some() {
                return Err(not_allowed("Precision"));
            }
            let positive = number.unsigned_abs();
            let digits = match spec.letter {
                Some('b') => format!("{positive:b}"),
                Some('o') => format!("{positive:o}"),
                Some('x') => format!("{positive:x}"),
                Some('X') => format!("{positive:X}"),
                Some('c') => {
                    let letter = u32::try_from(number).ok().and_then(char::from_u32);
                    let Some(letter) = letter else {
                        let message = "%c arg not in range(0x110000)".into();
                        return Err(Misfit::Raised("OverflowError", message));
                    };
                    if spec.sign.is_some() || spec.alternate || spec.grouping.is_some() {
                        return Err(not_allowed("This with integer format specifier 'c' is"));
                    }
                    return Ok(spec.pad("", &letter.to_string(), '>'));
                }
                _ => positive.to_string(),
            };
            let by = if matches!(spec.letter, Some('b' | 'o' | 'x' | 'X')) { 4 } else { 3 };
            if spec.grouping == Some(',') && by == 4
                || spec.grouping.is_some() && spec.letter == Some('n')
            {
                return Err(not_allowed("This grouping with this format is"));
            }
            let sign = spec.sign_of(number < 0);
            let prefix = match spec.letter {
                Some(letter @ ('b' | 'o' | 'x' | 'X')) if spec.alternate => {
                    format!("{sign}0{letter}")
                }
                _ => sign.into(),
            };
            Ok(spec.pad(&prefix, &grouped(&digits, spec.grouping, by), '>'))
        }
        (_, Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' | 'n')) | (None, None) => {
            let number = number_of(value).ok_or(Misfit::Unknown)?;
            if !number.is_finite() {
                return Err(Misfit::Unknown);
            }
            let digits = decimal(number.abs(), &spec)?;
            let sign = spec.sign_of(number.is_sign_negative());
            let (digits, rest) = match digits.find(['.', 'e', 'E', '%']) {
                Some(at) => digits.split_at(at),
                None => (digits.as_str(), ""),
            };
            let digits = grouped(digits, spec.grouping, 3) + rest;
            Ok(spec.pad(sign, &digits, '>'))
        }
        (_, Some(letter)) => Err(unknown_letter(letter)),
    }
}

/// A number that is not negative, by the letter and the precision of a format.
pub(super) fn decimal(number: f64, spec: &Spec) -> Result<String, Misfit> {
    let precision = spec.precision.unwrap_or(6);
    let text = match spec.letter {
        Some('f' | 'F') => format!("{number:.precision$}"),
        Some('%') => format!("{:.precision$}%", number * 100.0),
        Some('e' | 'E') => exponential(number, precision),
        Some('g' | 'G' | 'n') => general(number, precision.max(1), spec.alternate, 0),
        None if spec.precision.is_none() => repr::float(number),
        None => general(number, precision.max(1), spec.alternate, 1),
        Some(_) => return Err(Misfit::Unknown),
    };
    if spec.alternate && !text.contains('.') {
        return Err(Misfit::Unknown);
    }
    Ok(if matches!(spec.letter, Some('E' | 'G' | 'F')) { text.to_uppercase() } else { text })
}

/// `1.500000e+00`
fn exponential(number: f64, precision: usize) -> String {
    let text = format!("{number:.precision$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{digits}e{sign}{exponent:0>2}")
}

/// So many digits that count, with an exponent where the number is very large or small. What is written without a
/// letter keeps `least` digits behind the point.
fn general(number: f64, precision: usize, keeps_zeros: bool, least: usize) -> String {
    let by_exponent = exponential(number, precision - 1);
    let (_, exponent) = by_exponent.split_once('e').unwrap_or_default();
    let exponent: i64 = exponent.parse().unwrap_or(0);
    let most = i64::try_from(precision - least).unwrap_or(i64::MAX);
    if exponent < -4 || exponent >= most {
        let (digits, exponent) = by_exponent.split_once('e').unwrap_or_default();
        return format!("{}e{exponent}", trimmed(digits, keeps_zeros));
    }
    let decimals = usize::try_from(most + i64::try_from(least).unwrap_or(0) - 1 - exponent);
    let text = format!("{number:.*}", decimals.unwrap_or(0));
    let text = trimmed(&text, keeps_zeros);
    if least > 0 && !text.contains('.') { format!("{text}.0") } else { text.into() }
}

fn trimmed(digits: &str, keeps_zeros: bool) -> &str {
    match digits.contains('.') && !keeps_zeros {
        true => digits.trim_end_matches('0').trim_end_matches('.'),
        false => digits,
    }
}

fn grouped(digits: &str, by: Option<char>, size: usize) -> String {
    let Some(separator) = by else { return digits.into() };
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(size) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// The text, as long as a precision allows.
pub(super) fn cut(text: &str, precision: Option<usize>) -> String {
    match precision {
        Some(most) => text.chars().take(most).collect(),
        None => text.into(),
    }
}
