//! A template's text to its parts, by the rules of Mako's lexer.

use super::Fault;
use ambix_core::diagnostic::Span;

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// Text to be copied.
    Text(String),
    /// `${source | filter, filter}`.
    Expression { source: String, filters: Vec<String>, span: Span },
    /// `% text`.
    Control { text: String, span: Span },
}

pub(super) fn nodes(text: &str) -> Result<Vec<Node>, Fault> {
    let mut scanner =
        Scanner { text, at: after_coding(text), plain: String::new(), nodes: Vec::new() };
    while scanner.at < text.len() {
        scanner.step()?;
    }
    scanner.flush();
    Ok(scanner.nodes)
}

/// Mako takes `# … coding: utf-8` in the first line for itself.
fn after_coding(text: &str) -> usize {
    let Some((line, _)) = text.split_once('\n') else { return 0 };
    let names_one = line.match_indices("coding").any(|(at, word)| {
        let after = line.get(at + word.len()..).unwrap_or_default();
        let after = after.strip_prefix([':', '=']).map(str::trim_start);
        after.is_some_and(|after| {
            after.starts_with(|c: char| c.is_alphanumeric() || "-_.".contains(c))
        })
    });
    if line.starts_with('#') && names_one { line.len() + 1 } else { 0 }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    plain: String,
    nodes: Vec<Node>,
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn flush(&mut self) {
        if !self.plain.is_empty() {
            self.nodes.push(Node::Text(std::mem::take(&mut self.plain)));
        }
    }

    fn step(&mut self) -> Result<(), Fault> {
        if self.at == 0 || self.text.get(..self.at).is_some_and(|before| before.ends_with('\n')) {
            let blank = self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
            let line = self.rest().get(blank..).unwrap_or_default();
            if line.starts_with("%%") {
                self.plain.push_str(&self.text[self.at..self.at + blank]);
                self.at += blank + 1;
                // What follows is text, another `%` included.
                self.copy_letter();
                return Ok(());
            }
            if line.starts_with('%') || line.starts_with("##") {
                self.line(blank);
                return Ok(());
            }
        }
        if self.rest().starts_with("${") {
            return self.expression();
        }
        if self.rest().starts_with("<%") || self.rest().starts_with("</%") {
            return self.tag();
        }
        // A backslash at the end of a line joins it with the next.
        for joint in ["\\\n", "\\\r\n"] {
            if self.rest().starts_with(joint) {
                self.at += joint.len();
                return Ok(());
            }
        }
        self.copy_letter();
        Ok(())
    }

    fn copy_letter(&mut self) {
        if let Some(letter) = self.rest().chars().next() {
            self.plain.push(letter);
            self.at += letter.len_utf8();
        }
    }

    /// A line that is a comment or a control line; a backslash carries it on.
    fn line(&mut self, blank: usize) {
        let start = self.at;
        let mut end = start;
        loop {
            let rest = self.text.get(end..).unwrap_or_default();
            let Some(length) = rest.find('\n') else {
                end = self.text.len();
                break;
            };
            let line = rest.get(..length).unwrap_or_default();
            end += length + 1;
            if !line.trim_end_matches('\r').ends_with('\\') {
                break;
            }
        }
        self.at = end;
        let line = self.text.get(start + blank..end).unwrap_or_default();
        if let Some(text) = line.strip_prefix('%') {
            let text = text.replace("\\\r\n", " ").replace("\\\n", " ");
            let span = Span::new(start + blank, start + blank + line.trim_end().len());
            self.flush();
            self.nodes.push(Node::Control { text: text.trim().into(), span });
        }
    }

    fn tag(&mut self) -> Result<(), Fault> {
        for (open, close, keep) in [("<%doc>", "</%doc>", false), ("<%text>", "</%text>", true)] {
            let Some(inner) = self.rest().strip_prefix(open) else { continue };
            let Some(length) = inner.find(close) else {
                let span = Span::new(self.at, self.at + open.len());
                return Err(Fault::new(span, format!("{open} is not closed by {close}")));
            };
            let inner = inner.get(..length).unwrap_or_default().to_string();
            self.at += open.len() + length + close.len();
            if keep {
                self.plain.push_str(&inner);
            }
            return Ok(());
        }
        let length = self.rest().find(['>', '\n']).map_or(self.rest().len(), |at| at + 1);
        let span = Span::new(self.at, self.at + length);
        let what = span.of(self.text).trim_end().to_string();
        Err(Fault::new(span, format!("`{what}` is a part of Mako that Ambix does not run")))
    }

    fn expression(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let opened = Span::new(start, start + 2);
        let unclosed = || Fault::new(opened, "`${` is not closed by `}`");
        let (end, closing) = until(self.text, start + 2, &['|', '}']).ok_or_else(unclosed)?;
        let source = self.text.get(start + 2..end).unwrap_or_default();
        let (filters, end) = if closing == '|' {
            let (close, _) = until(self.text, end + 1, &['}']).ok_or_else(unclosed)?;
            (self.text.get(end + 1..close).unwrap_or_default(), close)
        } else {
            ("", end)
        };
        let filters = filters.split(',').map(str::trim).filter(|name| !name.is_empty());
        let node = Node::Expression {
            source: source.replace("\r\n", "\n").trim().into(),
            filters: filters.map(Into::into).collect(),
            span: Span::new(start, end + 1),
        };
        self.flush();
        self.nodes.push(node);
        self.at = end + 1;
        Ok(())
    }
}

/// Where one of `ends` stands outside of brackets, strings and comments of Python.
fn until(text: &str, from: usize, ends: &[char]) -> Option<(usize, char)> {
    let mut depth = 0usize;
    let mut at = from;
    loop {
        let rest = text.get(at..)?;
        let letter = rest.chars().next()?;
        if depth == 0 && ends.contains(&letter) {
            return Some((at, letter));
        }
        at += match letter {
            '#' => rest.find('\n')?,
            '"' | '\'' => string_length(rest, letter)?,
            _ => {
                match letter {
                    '(' | '[' | '{' => depth += 1,
                    ')' | ']' | '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                letter.len_utf8()
            }
        };
    }
}

/// How long the string is that `text` begins with.
fn string_length(text: &str, quote: char) -> Option<usize> {
    let three = quote.to_string().repeat(3);
    let close = if text.starts_with(&three) { three.as_str() } else { &three[..1] };
    let mut at = close.len();
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with(close) {
            return Some(at + close.len());
        }
        let mut letters = rest.chars();
        let letter = letters.next()?;
        at += letter.len_utf8();
        if letter == '\\' {
            at += letters.next()?.len_utf8();
        }
    }
}
