/// The modules of `sqlalchemy.dialects` that Alembic names types of, by name.
const DIALECTS: &[&str] = &["mssql", "mysql", "oracle", "postgresql", "sqlite"];

/// The imports that these lines need beside `op` and `sa`, one in each line.
pub(crate) fn dialect_imports(bodies: &[&str]) -> String {
    let is_named = |dialect: &&&str| bodies.iter().any(|body| names(body, dialect));
    let imports: Vec<String> = DIALECTS
        .iter()
        .filter(is_named)
        .map(|dialect| format!("from sqlalchemy.dialects import {dialect}"))
        .collect();
    imports.join("\n")
}

/// Whether a module stands before a dot in Python code, outside of its strings and comments.
fn names(code: &str, module: &str) -> bool {
    let mut before = ' ';
    let mut rest = code;
    while let Some(letter) = rest.chars().next() {
        let is_begun = before.is_alphanumeric() || before == '_' || before == '.';
        let length = match letter {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '\'' | '"' => string_length(rest, letter),
            _ if !is_begun && rest.strip_prefix(module).is_some_and(|it| it.starts_with('.')) => {
                return true;
            }
            _ => letter.len_utf8(),
        };
        before = letter;
        rest = rest.get(length..).unwrap_or_default();
    }
    false
}

/// How long a string is, with its quotes. Its line breaks are escaped, as Python shows them.
fn string_length(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if letter == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialect_is_imported_where_code_names_it() {
        for (code, expected) in [
            ("sa.Column('a', sqlite.JSON())", "from sqlalchemy.dialects import sqlite"),
            (
                "x(sqlite.DATE(), postgresql.INET())",
                "from sqlalchemy.dialects import postgresql\nfrom sqlalchemy.dialects import sqlite",
            ),
            (
                "op.execute('sqlite.x')\n# isn't mysql.X\nx(mysql.YEAR())",
                "from sqlalchemy.dialects import mysql",
            ),
            ("op.execute(\"it\\\"s sqlite.x\", a.sqlite.b, my_sqlite.b, sqlite)", ""),
        ] {
            assert_eq!(dialect_imports(&[code]), expected, "{code}");
        }
    }
}
