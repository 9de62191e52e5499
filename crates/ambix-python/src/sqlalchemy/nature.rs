//! What kind of values an expression has, as far as it decides what `+` means: it joins texts, and adds all else.
//!
//! Sources: SQLAlchemy's `Concatenable` and `NullType`, whose comparators decide it; the types of the functions in its
//! `sql/functions.py`; and SQLite's own list of functions.

use ambix_core::schema::DataType;

/// What is known of an expression's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    /// They are of a type whose values `+` joins.
    Text,
    /// They are true or false.
    Boolean,
    /// They are whole numbers.
    Integer,
    /// They are of another type.
    Other,
    /// SQLAlchemy knows no type, and SQLite gives a number: `length(a)`.
    Counted,
    /// Nothing is known.
    Unknown,
}

impl Nature {
    /// That of a column; one without a type is not known.
    pub(crate) fn of_type(of: Option<&DataType>) -> Self {
        let Some(of) = of else { return Self::Unknown };
        match of.class.strip_prefix("sqlite.").unwrap_or(&of.class) {
            "String" | "Text" | "Unicode" | "UnicodeText" | "VARCHAR" | "TEXT" | "CHAR"
            | "NVARCHAR" | "NCHAR" | "CLOB" | "Enum" | "JSON" => Self::Text,
            "Boolean" | "BOOLEAN" => Self::Boolean,
            "Integer" | "INTEGER" | "SmallInteger" | "SMALLINT" | "BigInteger" | "BIGINT" => {
                Self::Integer
            }
            _ => Self::Other,
        }
    }

    /// That of what an operator makes of two values; the right one is what decides where nothing is known of the left.
    pub(super) fn joined(self, operator: &str, right: Self) -> Self {
        match (self, operator) {
            (Self::Integer, _) if operator == "/" || right == Self::Other => Self::Other,
            _ if self.is_known() => self,
            (_, "+" | "*") if right.is_known() => right,
            (_, "+") if self == Self::Unknown && right == Self::Unknown => Self::Unknown,
            _ => Self::Counted,
        }
    }

    const fn is_known(self) -> bool {
        !matches!(self, Self::Counted | Self::Unknown)
    }

    /// Whether it has a type that is none of texts.
    const fn is_other(self) -> bool {
        self.is_known() && !matches!(self, Self::Text)
    }
}

/// What `+` is in SQL between two values: `||`, `+`, or nothing if it cannot be known.
pub(super) fn plus(left: Nature, right: Nature) -> Option<&'static str> {
    match (left, right) {
        _ if left.is_other() || right.is_other() => Some("+"),
        (Nature::Text, _) | (_, Nature::Text) => Some("||"),
        (Nature::Counted, _) | (_, Nature::Counted) => Some("+"),
        _ => None,
    }
}

/// That of what a function gives, by the natures of its arguments.
pub(super) fn of_function(name: &str, arguments: &[Nature]) -> Nature {
    match name {
        // Those whose type is that of their first argument with one.
        "coalesce" | "max" | "min" | "sum" => {
            let known = arguments.iter().find(|nature| nature.is_known());
            let counts = if name == "sum" { Nature::Counted } else { Nature::Unknown };
            known.copied().unwrap_or(counts)
        }
        "concat" | "aggregate_strings" | "user" | "current_user" | "session_user" => Nature::Text,
        "count" | "char_length" | "rank" | "dense_rank" => Nature::Integer,
        "now" | "current_date" | "current_time" | "current_timestamp" | "localtime"
        | "localtimestamp" | "percent_rank" | "cume_dist" => Nature::Other,
        "abs" | "avg" | "ceil" | "ceiling" | "changes" | "exp" | "floor" | "instr"
        | "json_array_length" | "julianday" | "last_insert_rowid" | "length" | "ln" | "log"
        | "mod" | "octet_length" | "pow" | "power" | "random" | "round" | "sign" | "sqrt"
        | "total" | "total_changes" | "trunc" | "unicode" | "unixepoch" => Nature::Counted,
        _ => Nature::Unknown,
    }
}
