//! SQL as text in one spacing, so that two ways to write a statement can be compared. It is kept apart from
//! the reader of the product on purpose: the one must not hide the mistakes of the other.

use regex::Regex;
use std::sync::LazyLock;

static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?xs) \s+ | --[^\n]* | /\*.*?\*/ | '(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*` | \[[^\]]*\] |
        [A-Za-z_\x{80}-\x{10ffff}][\w$]* | \d+(?:\.\d*)?(?:[eE][+-]?\d+)? |
        <> | <= | >= | == | != | \|\| | ."#,
    )
    .unwrap()
});
static CREATE_TABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^\s*CREATE\s+(TEMP\w*\s+)?TABLE\b").unwrap());
static SPACINGS: LazyLock<[(Regex, &str); 4]> = LazyLock::new(|| {
    [(r"\s*\(\s*", " ("), (r"\s+\)", ")"), (r"\s+,", ","), (r"\s*\.\s*", ".")]
        .map(|(spacing, instead)| (Regex::new(spacing).unwrap(), instead))
});

/// The words that begin a constraint of a table.
const CONSTRAINTS: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// A CREATE TABLE in its parts.
pub struct CreateTable {
    /// What is before the parenthesis.
    pub head: Vec<String>,
    /// The columns and constraints, each as its tokens.
    pub elements: Vec<Vec<String>>,
    /// What follows: `STRICT`, `WITHOUT ROWID`.
    pub tail: Vec<String>,
}

/// The tokens of a statement without blanks and comments.
pub fn tokens(sql: &str) -> Vec<String> {
    let tokens = TOKEN.find_iter(sql).map(|token| token.as_str());
    let matters = |token: &&str| {
        !token.trim().is_empty() && !token.starts_with("--") && !token.starts_with("/*")
    };
    tokens.filter(matters).map(String::from).collect()
}

/// Tokens as text: one blank between them and before `(`, none after `(` and before `)` and `,`, none
/// round `.`. As in the recording, this holds inside quotes too.
pub fn join<S: AsRef<str>>(tokens: &[S]) -> String {
    let tokens: Vec<&str> = tokens.iter().map(AsRef::as_ref).collect();
    let mut text = tokens.join(" ");
    for (spacing, instead) in SPACINGS.iter() {
        text = spacing.replace_all(&text, *instead).into();
    }
    text.trim().into()
}

/// A statement in one spacing; of a CREATE TABLE the constraints are sorted, behind the columns.
pub fn canonical(sql: &str) -> String {
    if !CREATE_TABLE.is_match(sql) {
        return join(&tokens(sql));
    }
    let table = create_table(sql);
    if table.elements.is_empty() {
        return join(&tokens(sql));
    }
    let (constraints, columns): (Vec<_>, Vec<_>) =
        table.elements.iter().partition(|element| is_constraint(element));
    let mut elements: Vec<String> = columns.into_iter().map(|column| join(column)).collect();
    let mut constraints: Vec<String> = constraints.into_iter().map(|item| join(item)).collect();
    constraints.sort_unstable();
    elements.append(&mut constraints);
    let text = format!("{} ({})", join(&table.head), elements.join(", "));
    if table.tail.is_empty() { text } else { format!("{text} {}", join(&table.tail)) }
}

/// Takes a CREATE TABLE apart.
pub fn create_table(sql: &str) -> CreateTable {
    let mut table = CreateTable { head: Vec::new(), elements: Vec::new(), tail: Vec::new() };
    let mut depth = 0;
    let mut element = Vec::new();
    let mut tokens = tokens(sql).into_iter();
    table.head.extend(tokens.by_ref().take_while(|token| token != "("));
    for token in tokens.by_ref() {
        match token.as_str() {
            "(" => depth += 1,
            ")" if depth == 0 => break,
            ")" => depth -= 1,
            "," if depth == 0 => {
                table.elements.push(std::mem::take(&mut element));
                continue;
            }
            _ => {}
        }
        element.push(token);
    }
    if !element.is_empty() {
        table.elements.push(element);
    }
    table.tail.extend(tokens);
    table
}

/// Whether an element of a table is a constraint, not a column.
pub fn is_constraint(element: &[String]) -> bool {
    element.first().is_some_and(|word| CONSTRAINTS.contains(&word.to_uppercase().as_str()))
}

/// A name without its quotes.
pub fn unquoted(token: &str) -> String {
    for quote in ['"', '`', '\''] {
        if let Some(inside) = token.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inside.replace(&format!("{quote}{quote}"), &quote.to_string());
        }
    }
    let bracketed = token.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    bracketed.unwrap_or(token).into()
}

/// The tokens inside the parentheses that open at `at` or later, and where they close.
pub fn parenthesised(tokens: &[String], at: usize) -> (&[String], usize) {
    let is = |token: &String, mark| token == mark;
    let Some(open) = (at..tokens.len()).find(|&at| is(&tokens[at], "(")) else {
        return (&[], tokens.len());
    };
    let mut depth = 0;
    for close in open..tokens.len() {
        match tokens[close].as_str() {
            "(" => depth += 1,
            ")" if depth == 1 => return (&tokens[open + 1..close], close),
            ")" => depth -= 1,
            _ => {}
        }
    }
    (&tokens[open + 1..], tokens.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spacing_and_sorted_constraints() {
        let sql = "CREATE TABLE t (\n\tid INTEGER NOT NULL, -- the key\n\tUNIQUE (b,a), \
                   v DECIMAL(8 , 2), CHECK (v>main . x)\n)STRICT";
        let canonical_sql = "CREATE TABLE t (id INTEGER NOT NULL, v DECIMAL (8, 2), \
                             CHECK (v > main.x), UNIQUE (b, a)) STRICT";
        assert_eq!(canonical(sql), canonical_sql);
    }

    #[test]
    fn what_is_in_quotes_is_one_token() {
        let sql = "CREATE  VIEW v AS SELECT 'a;  --b', \"x  y\"";
        assert_eq!(canonical(sql), "CREATE VIEW v AS SELECT 'a;  --b', \"x  y\"");
    }

    #[test]
    fn names_lose_their_quotes() {
        let names = ["\"a\"\"b\"", "`a`", "[a b]", "plain"].map(unquoted);
        assert_eq!(names, ["a\"b", "a", "a b", "plain"]);
    }
}
