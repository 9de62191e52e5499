//! Ids and the time.

use jiff::Zoned;
use jiff::tz::TimeZone;

/// Twelve hexadecimal digits: the end of a random UUID, as Alembic takes it.
pub(crate) fn new_id() -> String {
    let id = uuid::Uuid::new_v4().simple().to_string();
    id[id.len() - 12..].into()
}

/// The local time (`TZ` counts) as `2026-11-22 08:27:31.462407`, or that of a time zone with its
/// offset. `None` if there is no such time zone; upper and lower case are the same.
pub(crate) fn now(timezone: Option<&str>) -> Option<String> {
    shown(&Zoned::now(), timezone)
}

fn shown(now: &Zoned, timezone: Option<&str>) -> Option<String> {
    match timezone {
        None => Some(now.strftime("%Y-%m-%d %H:%M:%S%.6f").to_string()),
        Some(name) => {
            let zone = TimeZone::get(name).ok()?;
            let there = now.with_time_zone(zone);
            Some(there.strftime("%Y-%m-%d %H:%M:%S%.6f%:z").to_string())
        }
    }
}

/// The time in UTC as part of a file's name: `20261122-082731`.
pub(crate) fn stamp() -> String {
    Zoned::now().with_time_zone(TimeZone::UTC).strftime("%Y%m%d-%H%M%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_twelve_hexadecimal_digits_and_new() {
        let id = new_id();
        assert_eq!(id.len(), 12);
        assert!(id.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')), "{id}");
        assert_ne!(id, new_id());
    }

    #[test]
    fn a_time_zone_is_found_by_name_and_shows_its_offset() {
        let now: Zoned = "2026-11-22T08:27:31.4624071+00:00[UTC]".parse().unwrap();
        let at = |zone| shown(&now, zone);
        assert_eq!(at(None).as_deref(), Some("2026-11-22 08:27:31.462407"));
        assert_eq!(at(Some("utc")).as_deref(), Some("2026-11-22 08:27:31.462407+00:00"));
        assert_eq!(at(Some("Europe/Berlin")).as_deref(), Some("2026-11-22 09:27:31.462407+01:00"));
        assert_eq!(
            at(Some("america/new_york")).as_deref(),
            Some("2026-11-22 03:27:31.462407-05:00")
        );
        assert_eq!(at(Some("Moon/Crater")), None);
    }
}
