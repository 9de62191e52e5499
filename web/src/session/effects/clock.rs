//! Time and chance, which the engine does not have.

use js_sys::{Date, Uint8Array};

/// The local time as Python's `datetime` prints it: `2026-11-22 08:27:31.462407`.
pub(crate) fn now() -> String {
    let date = Date::new_0();
    // Browsers round the clock to milliseconds; the finer one counts from when the page was opened.
    let fine =
        web_sys::window().and_then(|window| window.performance()).map_or(0.0, |fine| fine.now());
    let micros = (fine * 1000.0) as u32 % 1000;
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}{micros:03}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes(),
        date.get_seconds(),
        date.get_milliseconds(),
    )
}

/// Twelve hexadecimal digits, as the id of a new revision.
pub(crate) fn new_id() -> Result<String, String> {
    let bytes = Uint8Array::new_with_length(6);
    web_sys::window()
        .and_then(|window| window.crypto().ok())
        .and_then(|crypto| crypto.get_random_values_with_js_u8_array(&bytes).ok())
        .ok_or("the browser gives no random numbers")?;
    Ok(bytes.to_vec().iter().map(|byte| format!("{byte:02x}")).collect())
}
