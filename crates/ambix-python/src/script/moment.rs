//! Python's dates and times: `datetime.date(2020, 1, 2)`.

use crate::sqlalchemy::Arguments;
use crate::syntax::Source;
use crate::value::{Call, Kind, Origin, Value};
use crate::write::repr;
use ambix_core::diagnostic::Diagnostic;

/// A date, a time of day, or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Moment {
    /// Year, month and day.
    pub(super) date: Option<[u32; 3]>,
    /// Hour, minute, second and microsecond.
    pub(super) time: Option<[u32; 4]>,
    /// Whether it says that it is in UTC.
    utc: bool,
}

impl Moment {
    /// The date as SQLAlchemy stores it.
    pub(super) fn stored_date(&self) -> Option<String> {
        self.date.map(|[year, month, day]| format!("{year:04}-{month:02}-{day:02}"))
    }

    /// The time of day as SQLAlchemy stores it; midnight if there is none.
    pub(super) fn stored_time(&self) -> String {
        let [hour, minute, second, fraction] = self.time.unwrap_or_default();
        format!("{hour:02}:{minute:02}:{second:02}.{fraction:06}")
    }

    /// What Python's SQLite driver stores if no type says more; `None` for a time of day, which it refuses.
    pub(super) fn untyped(&self) -> Option<String> {
        let date = self.stored_date()?;
        if self.time.is_none() {
            return Some(date);
        }
        let time = self.stored_time();
        let time = time.strip_suffix(".000000").unwrap_or(&time);
        Some(format!("{date} {time}{}", if self.utc { "+00:00" } else { "" }))
    }
}

/// The moment that a call makes; `None` if the value is no call of a class of the module `datetime`.
pub(super) fn moment(source: Source, value: &Value) -> Option<Result<Moment, Diagnostic>> {
    let call = value.call()?;
    let path = call.callee.path().filter(|path| path.origin == Origin::Imported)?;
    let (class, method) = match path.dotted.strip_prefix("datetime.")?.split_once('.') {
        Some((class, method)) => (class, Some(method)),
        None => (path.last(), None),
    };
    let (has_date, has_time) = match class {
        "date" => (true, false),
        "datetime" => (true, true),
        "time" => (false, true),
        _ => return None,
    };
    match method {
        None => Some(fields(source, class, call, value, has_date, has_time)),
        Some("fromisoformat") => Some(from_text(source, class, call, value, has_date, has_time)),
        Some(_) => None,
    }
}

fn fields(
    source: Source,
    class: &str,
    call: &Call,
    value: &Value,
    has_date: bool,
    has_time: bool,
) -> Result<Moment, Diagnostic> {
    let mut given = Arguments::of(source, class, call, value.span);
    let mut moment = Moment::default();
    if has_date {
        let mut date = [0; 3];
        for (field, name) in date.iter_mut().zip(["year", "month", "day"]) {
            let value = given.required(name)?;
            *field = number(&given, name, value)?;
        }
        moment.date = Some(date);
    }
    if has_time {
        let mut time = [0; 4];
        for (field, name) in time.iter_mut().zip(["hour", "minute", "second", "microsecond"]) {
            if let Some(value) = given.either(name) {
                *field = number(&given, name, value)?;
            }
        }
        moment.time = Some(time);
        if let Some(zone) = given.either("tzinfo") {
            moment.utc = match zone.path().map(|path| path.dotted.as_str()) {
                Some("datetime.timezone.utc" | "datetime.UTC") => true,
                _ if zone.is_nothing() => false,
                _ => return Err(given.unexpected("tzinfo", "`datetime.timezone.utc`", zone)),
            };
        }
        given.ignore(&["fold"]);
    }
    given.finish()?;
    check(moment).map_err(|message| source.unsupported(value.span, message))
}

fn number(given: &Arguments, name: &str, value: &Value) -> Result<u32, Diagnostic> {
    match value.kind {
        // What is no such number is out of every range.
        Kind::Int(number) => Ok(u32::try_from(number).unwrap_or(u32::MAX)),
        _ => Err(given.unexpected(name, "a whole number", value)),
    }
}

fn from_text(
    source: Source,
    class: &str,
    call: &Call,
    value: &Value,
    has_date: bool,
    has_time: bool,
) -> Result<Moment, Diagnostic> {
    let what = format!("{class}.fromisoformat");
    let mut given = Arguments::of(source, &what, call, value.span);
    let text = given.required_text("date_string")?;
    given.finish()?;
    let read = parse(&text, has_date, has_time).ok_or_else(|| {
        let message = format!("Invalid isoformat string: {}", repr::string(&text));
        source.unsupported(value.span, message)
    })?;
    check(read).map_err(|message| source.unsupported(value.span, message))
}

fn parse(text: &str, has_date: bool, has_time: bool) -> Option<Moment> {
    let (date, rest) = if has_date { text.split_at_checked(10)? } else { ("", text) };
    let mut moment = Moment::default();
    if has_date {
        let [year, month, day] = parts(date, '-', [4, 2, 2])?;
        moment.date = Some([year, month, day]);
    }
    if !has_time {
        return rest.is_empty().then_some(moment);
    }
    moment.time = Some([0; 4]);
    if has_date && rest.is_empty() {
        return Some(moment);
    }
    let clock = if has_date { rest.strip_prefix(|_| true)? } else { rest };
    let without = clock.strip_suffix('Z').or_else(|| clock.strip_suffix("+00:00"));
    moment.utc = without.is_some();
    let (clock, fraction) = match without.unwrap_or(clock).split_once('.') {
        Some((clock, fraction)) if matches!(fraction.len(), 3 | 6) => (clock, fraction),
        Some(_) => return None,
        None => (without.unwrap_or(clock), "0"),
    };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction = fraction.parse::<u32>().ok()? * if fraction.len() == 3 { 1000 } else { 1 };
    let [hour, minute, second] = match clock.len() {
        5 => parts(&format!("{clock}:00"), ':', [2, 2, 2])?,
        _ => parts(clock, ':', [2, 2, 2])?,
    };
    moment.time = Some([hour, minute, second, fraction]);
    Some(moment)
}

/// Three numbers with so many digits each.
fn parts(text: &str, between: char, digits: [usize; 3]) -> Option<[u32; 3]> {
    let mut numbers = [0; 3];
    let mut pieces = text.split(between);
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let piece = pieces.next()?;
        if piece.len() != digits || !piece.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = piece.parse().ok()?;
    }
    pieces.next().is_none().then_some(numbers)
}

/// The moment if there is such a one, or what Python says of it.
fn check(moment: Moment) -> Result<Moment, &'static str> {
    if let Some([year, month, day]) = moment.date {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u32::from(leap),
            _ => 31,
        };
        if !(1..=9999).contains(&year) {
            return Err("year is out of range");
        }
        if !(1..=12).contains(&month) {
            return Err("month must be in 1..12");
        }
        if !(1..=days).contains(&day) {
            return Err("day is out of range for month");
        }
    }
    let [hour, minute, second, fraction] = moment.time.unwrap_or_default();
    match () {
        () if hour > 23 => Err("hour must be in 0..23"),
        () if minute > 59 => Err("minute must be in 0..59"),
        () if second > 59 => Err("second must be in 0..59"),
        () if fraction > 999_999 => Err("microsecond must be in 0..999999"),
        () => Ok(moment),
    }
}
