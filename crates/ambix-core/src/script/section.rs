use super::cursor::Cursor;
use super::header::{self, Header, Parsed, error};
use super::mark::{self, Mark, is_alone, mark};
use crate::diagnostic::{Code, Diagnostic, Place, Span};
use crate::operation::{Directive, Execute, Operation};
use crate::revision::{Direction, irreversible};
use crate::sqlite::split::in_trigger_body;
use crate::sqlite::standard;
use crate::sqlite::token::{Token, TokenKind, tokens};
use alloc::{format, string::String, vec::Vec};

/// A `.sql` revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// What it says of itself.
    pub header: Header,
    /// What it does, or why that cannot be known.
    pub upgrade: Result<Section, Diagnostic>,
    /// How it is taken back, or why it cannot be.
    pub downgrade: Result<Section, Diagnostic>,
}

/// What a revision does in one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// One statement each, without its semicolon; a statement that SQLite lacks as the operations that carry it
    /// out.
    pub directives: Vec<Directive>,
    /// Whether the statements run in a transaction. Otherwise there is exactly one.
    pub transaction: bool,
}

/// Reads the `.sql` revision in the file `path`. It takes time in proportion to the text's length.
///
/// # Errors
/// What [`super::read_header`] refuses, and a section that stands twice. What is wrong within a section
/// (a missing semicolon, an open text, comment or trigger, a misplaced `-- transaction: none`) is the
/// error of that section alone, and of the other one too if its line was swallowed.
pub fn read(path: &str, text: &str) -> Result<Script, Diagnostic> {
    let Parsed { header, transaction, irreversible: declared, body } = header::parse(path, text)?;
    let mut reader = Reader {
        text,
        cursor: Cursor::new(path, text),
        done: Vec::new(),
        part: None,
        open: Vec::new(),
        depth: Vec::new(),
    };
    let rest = text.get(body..).unwrap_or_default();
    for token in tokens(rest) {
        let span = Span::new(token.span.start + body, token.span.end + body);
        reader.token(Token { kind: token.kind, span })?;
    }
    reader.end_of_file();
    let mut parts = reader.done;
    if let Some(header_says) = transaction {
        let is_empty = |part: &Part| part.directives.is_empty();
        let all_empty = parts.iter().all(is_empty);
        for part in parts.iter_mut().filter(|part| all_empty || !is_empty(part)) {
            part.transaction_none.get_or_insert(header_says);
        }
    }
    // What swallowed the rest of the file swallowed the other section's line, if there was one.
    let swallower = parts.iter().find(|part| part.is_unclosed).and_then(|part| part.error.clone());
    let mut take = |direction| match parts.iter().position(|part| part.direction == direction) {
        Some(at) => parts.swap_remove(at).finish(path, text),
        None => Err(swallower.clone().unwrap_or_else(|| missing(path, text, &header, direction))),
    };
    let (upgrade, mut downgrade) = (take(Direction::Upgrade), take(Direction::Downgrade));
    if let Some(declared) = declared {
        let place = Place::in_text(path, text, declared);
        downgrade = Err(one_way(&header, &downgrade, place));
    }
    Ok(Script { header, upgrade, downgrade })
}

/// A section while it is read.
struct Part {
    direction: Direction,
    mark: Place,
    directives: Vec<Directive>,
    transaction_none: Option<Span>,
    /// The first thing that is wrong.
    error: Option<Diagnostic>,
    /// Whether the error is something open that goes on to the end of the file.
    is_unclosed: bool,
}

struct Reader<'a> {
    text: &'a str,
    cursor: Cursor<'a>,
    done: Vec<Part>,
    part: Option<Part>,
    /// The tokens of the statement so far, as places in `text`.
    open: Vec<Token>,
    /// Which of them are parentheses that are not closed yet.
    depth: Vec<Span>,
}

impl Reader<'_> {
    fn token(&mut self, token: Token) -> Result<(), Diagnostic> {
        let said = token.span.of(self.text);
        match token.kind {
            TokenKind::Space => {}
            TokenKind::Comment if said.starts_with("--") => {
                if is_alone(self.text, token.span.start) {
                    return self.line(token.span);
                }
            }
            TokenKind::Comment if said.len() < 4 || !said.ends_with("*/") => {
                self.unclosed("comment", "*/", token.span);
            }
            TokenKind::Comment => {}
            TokenKind::Broken => {
                let opening = said.trim_start_matches(['x', 'X']);
                match opening.get(..1) {
                    Some("'") => self.unclosed("text", "'", token.span),
                    Some("[") => self.unclosed("name", "]", token.span),
                    Some(quote) => self.unclosed("name", quote, token.span),
                    None => {}
                }
            }
            _ if said == ";" && !in_trigger_body(self.text, &self.open) => self.statement(),
            _ => {
                match said {
                    "(" => self.depth.push(token.span),
                    ")" => drop(self.depth.pop()),
                    _ => {}
                }
                self.open.push(token);
            }
        }
        Ok(())
    }

    /// A comment on a line of its own.
    fn line(&mut self, line: Span) -> Result<(), Diagnostic> {
        match mark(self.text, line) {
            Mark::Section(direction) => self.section(direction, line),
            // Within a statement it is a comment like any other.
            Mark::AlmostSection(direction) if self.open.is_empty() => {
                let place = self.cursor.place(line);
                Err(self.first_error(mark::almost(place, direction)))
            }
            Mark::Word { word, value }
                if word.of(self.text).eq_ignore_ascii_case(header::TRANSACTION) =>
            {
                self.transaction(line, value);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn section(&mut self, direction: Direction, line: Span) -> Result<(), Diagnostic> {
        if !self.open.is_empty() {
            // The statement begins above the line, and places are told in their order.
            let error = self.unfinished(Some(mark::name(direction)));
            self.fail(error);
            self.open.clear();
        }
        self.depth.clear();
        self.done.extend(self.part.take());
        let place = self.cursor.place(line);
        if let Some(first) = self.done.iter().find(|part| part.direction == direction) {
            let name = mark::name(direction);
            let twice = error(format!("The section `-- {name}` begins twice")).at(place).hint(
                format!("it also begins in line {}; make one section of the two", first.mark.line),
            );
            return Err(self.first_error(twice));
        }
        self.part = Some(Part {
            direction,
            mark: place,
            directives: Vec::new(),
            transaction_none: None,
            error: None,
            is_unclosed: false,
        });
        Ok(())
    }

    /// What is wrong further up, or else `error`.
    fn first_error(&self, error: Diagnostic) -> Diagnostic {
        let found = self.done.iter().chain(&self.part).find_map(|part| part.error.clone());
        found.unwrap_or(error)
    }

    fn transaction(&mut self, line: Span, value: Span) {
        let is_first = self.open.is_empty()
            && self.part.as_ref().is_some_and(|part| part.directives.is_empty());
        let mistake = if !is_first {
            Some(
                error("`-- transaction: none` stands too low")
                    .at(Place::in_text(self.cursor.file(), self.text, line))
                    .hint(
                        "put it directly below the line that begins the section, or in the header",
                    ),
            )
        } else {
            let place = |span| Place::in_text(self.cursor.file(), self.text, span);
            header::only_none(self.text, value, &place).err()
        };
        match (mistake, &mut self.part) {
            (Some(mistake), _) => self.fail(mistake),
            (None, Some(part)) => part.transaction_none = Some(value),
            (None, None) => {}
        }
    }

    /// The statement so far is whole.
    fn statement(&mut self) {
        if let (Some(first), Some(last)) = (self.open.first(), self.open.last()) {
            let span = Span::new(first.span.start, last.span.end);
            let place = self.cursor.place(span);
            let operations = match self.meaning(span) {
                Ok(operations) => operations,
                Err(mistake) => {
                    self.fail(mistake);
                    Vec::new()
                }
            };
            if let Some(part) = &mut self.part {
                part.directives.extend(
                    operations
                        .into_iter()
                        .map(|operation| Directive { operation, place: Some(place.clone()) }),
                );
            }
        }
        self.open.clear();
        self.depth.clear();
    }

    /// What the statement at `span` does.
    fn meaning(&self, span: Span) -> Result<Vec<Operation>, Diagnostic> {
        let text = span.of(self.text);
        let sql = text.replace("\r\n", "\n");
        match standard::read(&sql) {
            Ok(None) => Ok(Vec::from([Operation::Execute(Execute::new(sql))])),
            Ok(Some(mut operations)) => {
                // Line ends that are longer in the file would shift what is within.
                let offset = (sql.len() == text.len()).then_some(span.start);
                operations.iter_mut().for_each(|operation| self.put_in_file(operation, offset));
                Ok(operations)
            }
            Err(mistake) => {
                // In the file, line ends may be longer.
                let mistake = standard::read(text).err().unwrap_or(mistake);
                let at = |within: usize| span.start + within;
                let place = Span::new(at(mistake.span.start), at(mistake.span.end));
                let place = Place::in_text(self.cursor.file(), self.text, place);
                Err(mistake.diagnostic.at(place))
            }
        }
    }

    /// Makes places in a statement, which begins at `offset`, places in the file.
    fn put_in_file(&self, operation: &mut Operation, offset: Option<usize>) {
        let Operation::AlterTable(alter) = operation else { return };
        for place in &mut alter.places.0 {
            let spans = place.take().map(|place| place.span).zip(offset);
            let span = spans.map(|(span, at)| Span::new(at + span.start, at + span.end));
            *place = span.map(|span| Place::in_text(self.cursor.file(), self.text, span));
        }
    }

    fn end_of_file(&mut self) {
        let in_trigger = in_trigger_body(self.text, &self.open);
        let is_unclosed = self.part.as_ref().is_some_and(|part| part.is_unclosed);
        if is_unclosed || self.open.is_empty() {
            self.open.clear();
        } else if in_trigger || !self.depth.is_empty() {
            let error = self.unfinished(None);
            self.fail(error);
        } else {
            self.statement();
        }
        self.done.extend(self.part.take());
    }

    /// The statement so far does not end before the line of the section `next`, or before the file does.
    fn unfinished(&mut self, next: Option<&str>) -> Diagnostic {
        let before: String = next.map_or("the file ends".into(), |name| format!("`-- {name}`"));
        let statement = Span::new(
            self.open.first().map_or(0, |token| token.span.start),
            self.open.last().map_or(0, |token| token.span.end),
        );
        if in_trigger_body(self.text, &self.open) {
            return error(format!("The trigger that begins here has no END; before {before}"))
                .at(self.cursor.place(statement))
                .hint("end its last statement with a semicolon, and the trigger with END;");
        }
        if let Some(open) = self.depth.last() {
            return error(format!("The parenthesis that opens here is not closed before {before}"))
                .at(self.cursor.place(*open))
                .hint("close it with ), and end the statement with a semicolon");
        }
        let comment =
            next.map(|name| format!("if `-- {name}` is a comment, put it between /* and */"));
        let missing =
            error(format!("The statement that begins here has no semicolon before {before}"))
                .at(self.cursor.place(statement))
                .hint("end it with a semicolon");
        comment.into_iter().fold(missing, Diagnostic::hint)
    }

    /// Something opens at `span` and is not closed up to the end of the file.
    fn unclosed(&mut self, what: &str, closing: &str, span: Span) {
        let place = self.cursor.place(Span::new(span.start, span.start + 1));
        let quote = if closing == "'" { "; within a text, ' is written ''" } else { "" };
        self.fail(
            error(format!("The {what} that opens here is never closed"))
                .at(place)
                .hint(format!("close it with {closing}{quote}")),
        );
        if let Some(part) = &mut self.part {
            part.is_unclosed = true;
        }
    }

    fn fail(&mut self, error: Diagnostic) {
        if let Some(part) = &mut self.part {
            part.error.get_or_insert(error);
        }
    }
}

impl Part {
    fn finish(self, path: &str, text: &str) -> Result<Section, Diagnostic> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let is_plain = |directive: &Directive| matches!(directive.operation, Operation::Execute(_));
        if let Some(directive) = self.directives.iter().find(|directive| !is_plain(directive))
            && let (Some(_), Some(place)) = (self.transaction_none, &directive.place)
        {
            return Err(error(
                "SQLite has no such statement, and what does the same needs a transaction",
            )
            .at(place.clone())
            .hint("take the line `-- transaction: none` out"));
        }
        match (self.transaction_none, self.directives.len()) {
            (None, _) | (Some(_), 1) => Ok(Section {
                directives: self.directives,
                transaction: self.transaction_none.is_none(),
            }),
            (Some(span), count) => {
                let name = mark::name(self.direction);
                Err(error(format!(
                    "`-- transaction: none` is for one statement, and the section `-- {name}` has {count}"
                ))
                .at(Place::in_text(path, text, span))
                .hint(match count {
                    0 => "take the line out",
                    _ => "put the statement that cannot be in a transaction into a revision of its own",
                }))
            }
        }
    }
}

/// The error for the downgrade of a revision that says that it has none.
fn one_way(
    header: &Header,
    downgrade: &Result<Section, Diagnostic>,
    declared: Place,
) -> Diagnostic {
    match downgrade {
        Err(missing) if missing.code == Code::Irreversible => {
            let reason = header.irreversible.as_deref().unwrap_or_default();
            irreversible(&header.revision, reason, &header.down_revision).at(declared)
        }
        _ => error(format!(
            "Revision {} says that it is irreversible, and has a section `-- downgrade` too",
            header.revision
        ))
        .at(declared)
        .hint("take one of the two out"),
    }
}

/// The error for a section that is not there.
fn missing(path: &str, text: &str, header: &Header, direction: Direction) -> Diagnostic {
    let name = mark::name(direction);
    let end = Place::in_text(path, text, Span::new(text.len(), text.len()));
    let revision = &header.revision;
    match direction {
        Direction::Upgrade => {
            error(format!("{path} does not say what revision {revision} does: it has no `-- upgrade`"))
                .at(end)
                .hint("write a line `-- upgrade` above the statements")
        }
        Direction::Downgrade => Diagnostic::error(
            Code::Irreversible,
            format!("Revision {revision} cannot be taken back: {path} has no `-- downgrade`"),
        )
        .at(end)
        .hint(format!(
            "write a line `-- {name}` at the end of {path}, and below it the statements that undo the \
             revision; none, if there is nothing to undo"
        ))
        .hint("if it cannot be undone, say so in the header: `-- irreversible: REASON`"),
    }
}
