//! What becomes of the values of a column that gets another type, in SQL.
//!
//! Values are converted by CAST where the change says so, and by the affinity of the new type in any case.
//! Sources: <https://sqlite.org/datatype3.html>, "Type Affinity", and <https://sqlite.org/lang_expr.html>,
//! "CAST expressions".

use crate::sqlite::quote;
use alloc::{format, string::String};

/// What a column prefers to store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Affinity {
    /// Whatever it is given.
    Blob,
    Text,
    /// INTEGER or NUMERIC, which differ only in CAST.
    Number,
    Real,
}

impl Affinity {
    /// That of a declared type (3.1, "Determination Of Column Affinity").
    pub(crate) fn of(declared: &str, is_strict: bool) -> Self {
        let declared = quote::unquoted(declared).to_ascii_uppercase();
        let has = |words: &[&str]| words.iter().any(|word| declared.contains(word));
        match () {
            () if has(&["INT"]) => Self::Number,
            () if has(&["CHAR", "CLOB", "TEXT"]) => Self::Text,
            () if has(&["BLOB"]) || declared.is_empty() => Self::Blob,
            () if has(&["REAL", "FLOA", "DOUB"]) => Self::Real,
            () if is_strict && declared == "ANY" => Self::Blob,
            () => Self::Number,
        }
    }

    /// Whether it changes values that a column of that affinity stores.
    fn converts(self, before: Self) -> bool {
        match (before, self) {
            (_, Self::Blob) | (Self::Real, Self::Number) => false,
            (before, after) => before != after,
        }
    }

    /// The value as a column of this affinity stores it.
    fn stored(self, value: &str) -> String {
        // The comparison converts a text as a column does: one that is a number as a whole.
        let is_number = format!("typeof({value}) = 'text' AND CAST({value} AS NUMERIC) = +{value}");
        match self {
            Self::Blob => value.into(),
            Self::Text => format!(
                "CASE WHEN typeof({value}) IN ('integer', 'real') THEN CAST({value} AS TEXT) ELSE {value} END"
            ),
            Self::Number => {
                let number = whole(&format!("CAST({value} AS NUMERIC)"));
                format!("CASE WHEN {is_number} THEN {number} ELSE {value} END")
            }
            Self::Real => format!(
                "CASE WHEN typeof({value}) = 'integer' OR {is_number} THEN CAST({value} AS REAL) ELSE \
                 {value} END"
            ),
        }
    }
}

/// A number as a column of numbers stores it: 3.0 as 3.
fn whole(number: &str) -> String {
    let whole = format!("CAST({number} AS INTEGER)");
    format!("CASE WHEN {whole} = {number} THEN {whole} ELSE {number} END")
}

/// A type of a column, as far as it decides what values become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stored<'a> {
    /// As it is declared.
    pub(super) declared: &'a str,
    /// Whether the table is STRICT.
    pub(super) is_strict: bool,
}

/// What becomes of values as their column gets another type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conversion {
    /// The type before.
    pub(crate) was: String,
    /// The type from now on.
    pub(crate) became: String,
    /// What is made of a value.
    pub(crate) value: String,
    /// Whether that is something else: a text that is spelt in another way, a number of another size, other
    /// bytes. That 11 is `'11'` from now on is no change.
    pub(crate) changes: String,
    /// Whether a change of the type back may not give the value back by itself: that makes `'11.0'` of 11.0, and 3
    /// of `'3.7'` by CAST.
    pub(crate) is_needed: String,
}

impl Conversion {
    /// That of a column from one type to another, with `casts` in between; nothing where no value can change.
    pub(super) fn new(
        column: &str,
        before: &Stored<'_>,
        after: &Stored<'_>,
        casts: &[String],
    ) -> Option<Self> {
        let affinity = Affinity::of(after.declared, after.is_strict);
        if casts.is_empty() && !affinity.converts(Affinity::of(before.declared, before.is_strict)) {
            return None;
        }
        let old = quote::name(column);
        let value = match casts {
            [] => affinity.stored(&old),
            [.., last] => {
                let cast = |value, data_type: &String| format!("CAST({value} AS {data_type})");
                let value = casts.iter().fold(old.clone(), cast);
                match affinity {
                    _ if last != after.declared => affinity.stored(&value),
                    Affinity::Number => whole(&value),
                    _ => value,
                }
            }
        };
        // `+` takes the column's own affinity out of the comparison.
        let differs = "CASE typeof(old) WHEN 'null' THEN 0 WHEN 'text' THEN CAST(new AS TEXT) <> +old COLLATE \
                       BINARY WHEN 'blob' THEN CAST(new AS BLOB) <> +old ELSE CAST(new AS NUMERIC) <> +old END";
        let is_whole = "typeof(new) IN ('integer', 'real') AND CAST(CAST(old AS INTEGER) AS TEXT) = +old COLLATE \
                        BINARY AND CAST(old AS INTEGER) = new";
        let both = |condition: &str| {
            format!("(SELECT {condition} FROM (SELECT {old} AS old, {value} AS new))")
        };
        let changes = both(&format!("{differs} AND NOT ({is_whole})"));
        let natural = match Affinity::of(before.declared, before.is_strict) {
            Affinity::Blob => "null",
            Affinity::Text => "text",
            Affinity::Number => "integer",
            Affinity::Real => "real",
        };
        let is_needed = both(&format!(
            "{differs} OR typeof(new) <> typeof(old) AND typeof(old) <> '{natural}'"
        ));
        Some(Self {
            was: before.declared.into(),
            became: after.declared.into(),
            value,
            changes,
            is_needed,
        })
    }
}
