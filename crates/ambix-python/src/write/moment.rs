use std::fmt;

/// A date and time of day as a revision file tells it.
///
/// The host knows the clock and the time zones; here is only the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The year of the calendar that everybody uses, continued backwards.
    pub year: i64,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 59.
    pub second: u32,
    /// 0 to 999999.
    pub microsecond: u32,
    /// Seconds east of Greenwich if a time zone was asked for. It is written out only then.
    pub offset: Option<i32>,
    /// Seconds since 1970 began in Greenwich.
    pub epoch: i64,
}

const DAY: i64 = 86_400;

impl Moment {
    /// The moment `epoch` seconds and `microsecond` after 1970 began, where the clocks are `offset`
    /// seconds ahead of Greenwich. With `names_zone` the offset is written out: Alembic does so when
    /// `timezone` is set.
    ///
    /// ```
    /// use ambix_python::Moment;
    /// assert_eq!(Moment::new(1_772_600_767, 80_009, 0, false).to_string(), "2026-03-04 05:06:07.080009");
    /// assert_eq!(Moment::new(1_772_600_767, 0, 32_400, true).to_string(), "2026-03-04 14:06:07+09:00");
    /// ```
    pub fn new(epoch: i64, microsecond: u32, offset: i32, names_zone: bool) -> Self {
        let local = epoch.saturating_add(i64::from(offset));
        let (year, month, day) = civil(local.div_euclid(DAY));
        let seconds = local.rem_euclid(DAY) as u32;
        Self {
            year,
            month,
            day,
            hour: seconds / 3600,
            minute: seconds / 60 % 60,
            second: seconds % 60,
            microsecond: microsecond.min(999_999),
            offset: names_zone.then_some(offset),
            epoch,
        }
    }

    /// Reads what [`Moment`] writes: `2026-03-04 05:06:07.080009+09:00`, the fraction and the offset as
    /// one likes. Without an offset the clocks are taken for those of Greenwich.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_once([' ', 'T'])?;
        let zone = time.find(['+', '-', 'Z']).unwrap_or(time.len());
        let (time, zone) = time.split_at(zone);
        let [year, month, day] = numbers(date, '-')?;
        let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
        let [hour, minute, second] = numbers(clock, ':')?;
        let valid = (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60
            && fraction.len() <= 6
            && fraction.bytes().all(|digit| digit.is_ascii_digit());
        if !valid {
            return None;
        }
        let microsecond = format!("{fraction:0<6}").parse().ok()?;
        let offset = offset_of(zone)?;
        let local = days(year, month, day) * DAY + hour * 3600 + minute * 60 + second;
        let seconds = offset.unwrap_or(0);
        Some(Self::new(local - i64::from(seconds), microsecond, seconds, offset.is_some()))
    }
}

/// As Python's `str()` writes it.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)?;
        write!(f, " {:02}:{:02}:{:02}", self.hour, self.minute, self.second)?;
        if self.microsecond > 0 {
            write!(f, ".{:06}", self.microsecond)?;
        }
        let Some(offset) = self.offset else { return Ok(()) };
        let (sign, seconds) = (if offset < 0 { '-' } else { '+' }, offset.unsigned_abs());
        write!(f, "{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60)?;
        match seconds % 60 {
            0 => Ok(()),
            rest => write!(f, ":{rest:02}"),
        }
    }
}

fn numbers(text: &str, between: char) -> Option<[i64; 3]> {
    let mut parts = text.split(between).map(|part| {
        let digits =
            (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse().ok()).flatten()
    });
    let all = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(all)
}

fn offset_of(zone: &str) -> Option<Option<i32>> {
    let sign = match zone.chars().next() {
        None => return Some(None),
        Some('Z') if zone.len() == 1 => return Some(Some(0)),
        Some('+') => 1,
        Some('-') => -1,
        _ => return None,
    };
    let digits: String = zone.chars().skip(1).filter(|letter| *letter != ':').collect();
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits || !matches!(digits.len(), 4 | 6) {
        return None;
    }
    let part = |at: usize| digits.get(at..at + 2).and_then(|part| part.parse::<i32>().ok());
    let seconds = part(0)? * 3600 + part(2)? * 60 + part(4).unwrap_or(0);
    Some(Some(sign * seconds))
}

/// The date of the day that many days after 1970-01-01, by counting in eras of 400 years whose years
/// begin in March, so that the leap day is the last of its year.
fn civil(days: i64) -> (i64, u32, u32) {
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month as u32, day as u32)
}

/// The other way round.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let year_of_era = year.rem_euclid(400);
    let month = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * month + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    year.div_euclid(400) * 146_097 + of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_python_writes_them_and_read_back() {
        for text in [
            "2026-03-04 05:06:07.080009",
            "2026-03-04 05:06:07",
            "2026-03-04 14:06:07.080009+09:00",
            "2026-03-04 00:06:07-05:30",
            "1969-12-31 23:59:59+00:00",
            "2024-02-29 12:00:00.500000",
            "1883-11-18 12:03:58-04:56:02",
        ] {
            assert_eq!(Moment::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn every_day_of_eight_hundred_years_is_counted() {
        let mut last = (0, 0, 0);
        for day in -150_000..150_000 {
            let (year, month, date) = civil(day);
            assert!((year, month, date) > last);
            last = (year, month, date);
            assert_eq!(days(year, i64::from(month), i64::from(date)), day);
        }
        assert_eq!(civil(0), (1970, 1, 1));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in ["", "2026-03-04", "2026-13-04 00:00:00", "x 00:00:00", "2026-03-04 5:6", "9 1"]
        {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }
}
