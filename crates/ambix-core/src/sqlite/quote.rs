//! Names and texts in SQL: taking quotes off and putting them on.

use alloc::{
    format,
    string::{String, ToString},
};

/// The name that a token stands for: quotes off, doubled quotes single.
pub fn unquoted(token: &str) -> String {
    let mut chars = token.chars();
    let (Some(first), Some(last)) = (chars.next(), chars.next_back()) else {
        return token.to_string();
    };
    let inner = chars.as_str();
    match (first, last) {
        ('"', '"') => inner.replace("\"\"", "\""),
        ('`', '`') => inner.replace("``", "`"),
        ('\'', '\'') => inner.replace("''", "'"),
        ('[', ']') => inner.to_string(),
        _ => token.to_string(),
    }
}

/// Whether `sql` may have this name somewhere. A quick look, for texts that are many: only a name without quotes in it
/// is certain to stand there as it is.
pub(super) fn may_have(sql: &str, name: &str) -> bool {
    let (Some(first), false) = (name.bytes().next(), name.contains(['"', '\'', '`'])) else {
        return true;
    };
    let mut parts = sql.as_bytes().windows(name.len());
    let (small, capital) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    parts.any(|part| {
        part.first().is_some_and(|byte| *byte == small || *byte == capital)
            && part.eq_ignore_ascii_case(name.as_bytes())
    })
}

/// A text as SQL: `'it''s'`.
pub fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// A name as SQL, in quotes only where SQLAlchemy's SQLite dialect puts them: a reserved word, an
/// upper-case letter, or a character that names without quotes may not have.
pub fn name(name: &str) -> String {
    let plain = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit() || c == '$')
        && name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'$'
        })
        && RESERVED.binary_search(&name).is_err();
    if plain { name.to_string() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// The words that SQLAlchemy's SQLite dialect quotes (`SQLiteIdentifierPreparer.reserved_words`).
const RESERVED: &[&str] = &[
    "add",
    "after",
    "all",
    "alter",
    "analyze",
    "and",
    "as",
    "asc",
    "attach",
    "autoincrement",
    "before",
    "begin",
    "between",
    "by",
    "cascade",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "commit",
    "conflict",
    "constraint",
    "create",
    "cross",
    "current_date",
    "current_time",
    "current_timestamp",
    "database",
    "default",
    "deferrable",
    "deferred",
    "delete",
    "desc",
    "detach",
    "distinct",
    "drop",
    "each",
    "else",
    "end",
    "escape",
    "except",
    "exclusive",
    "exists",
    "explain",
    "fail",
    "false",
    "for",
    "foreign",
    "from",
    "full",
    "glob",
    "group",
    "having",
    "if",
    "ignore",
    "immediate",
    "in",
    "index",
    "indexed",
    "initially",
    "inner",
    "insert",
    "instead",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "key",
    "left",
    "like",
    "limit",
    "match",
    "natural",
    "not",
    "notnull",
    "null",
    "of",
    "offset",
    "on",
    "or",
    "order",
    "outer",
    "plan",
    "pragma",
    "primary",
    "query",
    "raise",
    "references",
    "reindex",
    "rename",
    "replace",
    "restrict",
    "right",
    "rollback",
    "row",
    "select",
    "set",
    "table",
    "temp",
    "temporary",
    "then",
    "to",
    "transaction",
    "trigger",
    "true",
    "union",
    "unique",
    "update",
    "using",
    "vacuum",
    "values",
    "view",
    "virtual",
    "when",
    "where",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_sorted_so_that_they_can_be_found() {
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn quotes_only_where_needed() {
        assert_eq!(name("items"), "items");
        assert_eq!(name("order"), "\"order\"");
        assert_eq!(name("Item"), "\"Item\"");
        assert_eq!(name("a b\""), "\"a b\"\"\"");
        assert_eq!(name("1st"), "\"1st\"");
        assert_eq!(name(""), "\"\"");
    }

    #[test]
    fn every_quoting_comes_off() {
        for token in ["a\"b", "\"a\"\"b\"", "`a\"b`", "[a\"b]", "'a\"b'"] {
            assert_eq!(unquoted(token), "a\"b");
        }
        assert_eq!(unquoted("\""), "\"");
    }
}
