//! Whether what a reader gives covers its text: each part in its place, and nothing but blanks, comments
//! and the words of the grammar between them.

use ambix_core::diagnostic::Span;
use ambix_core::sqlite::create_index::CreateIndex;
use ambix_core::sqlite::create_table::{Clause, CreateTable};
use ambix_core::sqlite::token::tokens;

/// Walks over a text from part to part, and puts together what it passes.
struct Walk<'a> {
    sql: &'a str,
    at: usize,
    rebuilt: String,
    /// Whether the words of gaps are looked at.
    strict: bool,
}

impl<'a> Walk<'a> {
    fn new(sql: &'a str, strict: bool) -> Self {
        Self { sql, at: 0, rebuilt: String::new(), strict }
    }

    /// Passes the gap up to `place`, in which there is nothing but `words`, blanks and comments.
    fn gap(&mut self, place: usize, words: &[&str]) -> Result<(), String> {
        let Some(gap) = self.sql.get(self.at..place) else {
            return Err(format!("{place} lies before {} or within a letter", self.at));
        };
        for token in tokens(gap).into_iter().filter(|token| token.is_significant()) {
            let text = token.span.of(gap);
            if self.strict && !words.iter().any(|word| word.eq_ignore_ascii_case(text)) {
                return Err(format!("{text} is in no part: {gap}"));
            }
        }
        self.rebuilt.push_str(gap);
        self.at = place;
        Ok(())
    }

    /// Passes a part, behind a gap.
    fn part(&mut self, span: Span, words: &[&str]) -> Result<&'a str, String> {
        self.gap(span.start, words)?;
        let Some(text) = self.sql.get(span.start..span.end) else {
            return Err(format!("{span:?} is outside of the text"));
        };
        self.rebuilt.push_str(text);
        self.at = span.end;
        Ok(text)
    }

    fn end(mut self, words: &[&str]) -> Result<String, String> {
        self.gap(self.sql.len(), words)?;
        Ok(self.rebuilt)
    }
}

const TABLE: [&str; 8] = ["CREATE", "TEMP", "TEMPORARY", "TABLE", "IF", "NOT", "EXISTS", "."];

const INDEX: [&str; 7] = ["CREATE", "UNIQUE", "INDEX", "IF", "NOT", "EXISTS", "."];

/// The text of a table, put together from its parts. `strict`: SQLite accepts the text, so that there are
/// only certain words between the parts.
///
/// # Errors
/// What is in no part, or in two.
pub fn table(sql: &str, read: &CreateTable, strict: bool) -> Result<String, String> {
    let mut walk = Walk::new(sql, strict);
    let schemas = ["main", "temp", "\"main\"", "[main]", "`main`", "'main'"];
    walk.part(read.name, &[&TABLE[..], &schemas].concat())?;
    for (nth, column) in read.columns.iter().enumerate() {
        walk.gap(column.span.start, &[if nth == 0 { "(" } else { "," }])?;
        walk.part(column.name, &[])?;
        walk.part(column.declared_type, &[])?;
        for clause in &column.clauses {
            walk.part(clause.span, &[])?;
            within(sql, clause)?;
        }
        walk.gap(column.span.end, &[])?;
    }
    walk.gap(read.end_of_columns, &[])?;
    for (nth, clause) in read.constraints.iter().enumerate() {
        let text = walk.part(clause.span, &[","])?;
        if text.is_empty() || (nth == 0 && !has_comma(sql, read.end_of_columns, clause)) {
            return Err(format!("an empty constraint, or one without a comma: {text}"));
        }
        within(sql, clause)?;
    }
    let close = walk.part(Span::new(read.close, read.close + 1), &[])?;
    if close != ")" {
        return Err(format!("{close} is no end of the columns"));
    }
    for option in &read.options {
        walk.part(*option, &[","])?;
    }
    walk.end(&[";"])
}

fn has_comma(sql: &str, from: usize, clause: &Clause) -> bool {
    let gap = &sql[from..clause.span.start];
    tokens(gap).iter().any(|token| token.span.of(gap) == ",")
}

/// Whether the parts of a clause follow each other within it.
fn within(sql: &str, clause: &Clause) -> Result<(), String> {
    let is_own = |span: &&Span| clause.span.start <= span.start && span.end <= clause.span.end;
    let referred =
        clause.referred.iter().flat_map(|to| [to.table].into_iter().chain(to.columns.clone()));
    let inner = Some(clause.inner).filter(|inner| *inner != Span::default());
    // REFERENCES behind a column is about that column, whose name stands before.
    let columns = clause.columns.iter().copied().filter(|span| is_own(&span));
    let mut spans: Vec<Span> = clause.name.into_iter().chain(columns).chain(inner).collect();
    spans.extend(referred);
    spans.extend(clause.on_conflict);
    let mut at = clause.span.start;
    for span in spans {
        if span.start < at || span.end > clause.span.end || sql.get(span.start..span.end).is_none()
        {
            return Err(format!("{span:?} is not in its place within {:?}", clause.span));
        }
        at = span.end;
    }
    Ok(())
}

/// The text of an index, put together from its parts; `strict` as in [`table`].
///
/// # Errors
/// What is in no part, or in two.
pub fn index(sql: &str, read: &CreateIndex, strict: bool) -> Result<String, String> {
    let mut walk = Walk::new(sql, strict);
    let schemas = ["main", "temp", "\"main\"", "[main]", "`main`", "'main'"];
    walk.part(read.name, &[&INDEX[..], &schemas].concat())?;
    walk.part(read.table, &["ON"])?;
    for (nth, key) in read.keys.iter().enumerate() {
        let text = walk.part(*key, &[if nth == 0 { "(" } else { "," }])?;
        if !tokens(text).iter().any(|token| token.is_significant()) {
            return Err("an empty key".into());
        }
    }
    walk.gap(read.close, &[])?;
    if let Some(predicate) = read.predicate {
        walk.part(predicate, &[")", "WHERE"])?;
    }
    walk.end(&[")", ";"])
}
