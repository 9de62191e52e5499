use super::mark::{self, BYTE_ORDER_MARK, IRREVERSIBLE, Mark, is_alone, mark, trimmed};
use super::nearest::nearest;
use crate::diagnostic::{Code, Diagnostic, Place, Span};
use crate::revision::RevisionId;
use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

/// What a `.sql` revision says of itself before its sections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Its id.
    pub revision: String,
    /// The revisions that it follows: none for a base, several for a merge.
    pub down_revision: Vec<String>,
    /// The labels of the branch that it begins.
    pub branch_labels: Vec<String>,
    /// The revisions that have to be applied before it although it does not follow them.
    pub depends_on: Vec<String>,
    /// What it is about, several lines perhaps, without the white space around them.
    pub message: String,
    /// When it was made, as it is written there.
    pub created: Option<String>,
    /// Why it cannot be taken back, if it says so; empty if it does not say why.
    pub irreversible: Option<String>,
    /// Whether what it drops is kept for the downgrade; nothing where the settings decide.
    pub keep_data: Option<bool>,
}

const REVISION: &str = "revision";
const REVISES: &str = "revises";
const BRANCH_LABELS: &str = "branch-labels";
const DEPENDS_ON: &str = "depends-on";
const MESSAGE: &str = "message";
const CREATED: &str = "created";
pub(super) const TRANSACTION: &str = "transaction";
const KEEP_DATA: &str = "keep-data";

/// The words of a header, in the order in which they are written.
const WORDS: [&str; 9] = [
    REVISION,
    REVISES,
    BRANCH_LABELS,
    DEPENDS_ON,
    MESSAGE,
    CREATED,
    TRANSACTION,
    IRREVERSIBLE,
    KEEP_DATA,
];

/// Words that Alembic's users may write, and what they are called here.
const OTHER_NAMES: [(&str, &str); 5] = [
    ("down-revision", REVISES),
    ("down_revision", REVISES),
    ("create-date", CREATED),
    ("create_date", CREATED),
    ("keep_data", KEEP_DATA),
];

/// Reads the header of the `.sql` revision in the file `path`, and nothing of what the revision does. It
/// takes no longer for a long file, but for a look for NUL bytes.
///
/// # Errors
/// With the place and a way out: a word that is not known, stands twice or lacks its value, an id that
/// may not be one, a missing `-- revision:`, a statement before the first section, a NUL byte.
pub fn read_header(path: &str, text: &str) -> Result<Header, Diagnostic> {
    parse(path, text).map(|parsed| parsed.header)
}

/// A header, and what else is known after reading it.
pub(super) struct Parsed {
    pub(super) header: Header,
    /// `-- transaction: none`, if it is there.
    pub(super) transaction: Option<Span>,
    /// Where it says that it is irreversible.
    pub(super) irreversible: Option<Span>,
    /// Where the first section begins; the end of the text if there is none.
    pub(super) body: usize,
}

/// The lines of a header, taken apart.
#[derive(Default)]
struct Words {
    /// Where each word's value is.
    values: Vec<(&'static str, Span)>,
    /// The lines of the message but for the first.
    message: Vec<String>,
    body: usize,
}

impl Words {
    fn value(&self, word: &str) -> Option<Span> {
        self.values.iter().find(|(known, _)| *known == word).map(|(_, span)| *span)
    }
}

pub(super) fn parse(path: &str, text: &str) -> Result<Parsed, Diagnostic> {
    let place = |span: Span| Place::in_text(path, text, span);
    if let Some(at) = text.find('\0') {
        return Err(error("The file holds a NUL byte, which no SQL can")
            .at(place(Span::new(at, at + 1)))
            .hint("save the file as UTF-8 text"));
    }
    let words = words(text, &place)?;
    let value = |word: &str| words.value(word);
    let Some(id) = value(REVISION).filter(|span| !span.of(text).is_empty()) else {
        return Err(error(format!("The header of {path} does not say the revision's id"))
            .at(place(value(REVISION).unwrap_or_default()))
            .hint(
                "write `-- revision: ID` above `-- upgrade`, with an id that no other file has",
            ));
    };
    let ids = ids(text, id);
    if ids.len() > 1 {
        return Err(error(format!("'{}' is more than one id", id.of(text)))
            .at(place(id))
            .hint("an id in a .sql revision has no blanks and no commas"));
    }
    checked(text, id, &place)?;
    if id.of(text).eq_ignore_ascii_case("base") {
        return Err(error("'base' is no id: it stands for what is before the first revision")
            .at(place(id))
            .hint("take another id"));
    }
    let list = |word: &str| value(word).map(|span| self::ids(text, span)).unwrap_or_default();
    let texts = |spans: Vec<Span>| spans.iter().map(|span| span.of(text).to_owned()).collect();
    let mut message = value(MESSAGE).map(|span| span.of(text).to_owned()).unwrap_or_default();
    for line in &words.message {
        message.push('\n');
        message.push_str(line);
    }
    let transaction = value(TRANSACTION);
    if let Some(span) = transaction {
        only_none(text, span, &place)?;
    }
    let header = Header {
        revision: id.of(text).to_owned(),
        down_revision: texts(revises(text, list(REVISES), &place)?),
        branch_labels: texts(list(BRANCH_LABELS)),
        depends_on: texts(list(DEPENDS_ON)),
        message: message.trim().to_owned(),
        created: value(CREATED)
            .map(|span| span.of(text).to_owned())
            .filter(|text| !text.is_empty()),
        irreversible: value(IRREVERSIBLE).map(|span| span.of(text).to_owned()),
        keep_data: match value(KEEP_DATA) {
            Some(span) => Some(flag(text, span, &place)?),
            None => None,
        },
    };
    Ok(Parsed { header, transaction, irreversible: value(IRREVERSIBLE), body: words.body })
}

/// Takes the header apart, line by line. It cannot hold texts, so no tokens are needed.
fn words(text: &str, place: &dyn Fn(Span) -> Place) -> Result<Words, Diagnostic> {
    let mut words = Words::default();
    // Where the message's word begins in its line, while its next line could still go on with it.
    let mut in_message: Option<usize> = None;
    let mut at = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{c}']).len();
        if blanks > 0 {
            let lines = rest.as_bytes()[..blanks].iter().filter(|byte| **byte == b'\n').count();
            in_message = in_message.filter(|_| lines < 2);
            at += blanks;
            continue;
        }
        if let Some(comment) = rest.strip_prefix("/*") {
            let Some(length) = comment.find("*/") else {
                return Err(error("The comment that begins here is never closed")
                    .at(place(Span::new(at, at + 2)))
                    .hint("close it with */"));
            };
            in_message = None;
            at += length + 4;
            continue;
        }
        if !rest.starts_with("--") {
            let line = rest.lines().next().unwrap_or_default();
            return Err(error("A statement stands above the first section")
                .at(place(Span::new(at, at + line.len())))
                .hint("put it below the line `-- upgrade`; above are only comments"));
        }
        let line = Span::new(at, at + rest.find('\n').unwrap_or(rest.len()));
        at = line.end;
        if !is_alone(text, line.start) {
            continue;
        }
        let content = &text[line.start + 2..line.end];
        let content = content.strip_suffix('\r').unwrap_or(content);
        let indent = content.len() - content.trim_start_matches([' ', '\t']).len();
        if let Some(column) = in_message.filter(|column| indent > *column) {
            words.message.push(content[indent.min(column + 2)..].to_owned());
            continue;
        }
        match mark(text, line) {
            Mark::Section(_) => {
                words.body = line.start;
                return Ok(words);
            }
            Mark::AlmostSection(direction) => return Err(mark::almost(place(line), direction)),
            Mark::Word { word, value } => {
                let known = known(text, word, in_message.is_some(), place)?;
                // The blanks at the end of a message's line are part of it.
                let end = line.start + 2 + content.len();
                let value = Span { end: if known == MESSAGE { end } else { value.end }, ..value };
                if let Some(first) = words.value(known) {
                    return Err(error(format!("The header says `{known}` twice"))
                        .at(place(word))
                        .hint(format!(
                            "it is also in line {}; take one of them out",
                            place(first).line
                        )));
                }
                words.values.push((known, value));
                in_message = (known == MESSAGE).then_some(indent);
            }
            Mark::Comment if in_message.is_some() => {
                words.message.push(content.strip_prefix(' ').unwrap_or(content).to_owned());
            }
            Mark::Comment => {}
        }
    }
    words.body = text.len();
    Ok(words)
}

/// The word of the header at `span`.
fn known(
    text: &str,
    span: Span,
    in_message: bool,
    place: &dyn Fn(Span) -> Place,
) -> Result<&'static str, Diagnostic> {
    let said = span.of(text);
    if let Some(known) = WORDS.iter().find(|known| said.eq_ignore_ascii_case(known)) {
        return Ok(known);
    }
    let mut unknown = error(format!("`{said}` is no word of a revision's header")).at(place(span));
    let other = OTHER_NAMES.iter().find(|(other, _)| said.eq_ignore_ascii_case(other));
    if let Some(meant) = other.map(|(_, known)| *known).or_else(|| nearest(said, &WORDS, 3)) {
        unknown = unknown.hint(format!("did you mean `-- {meant}:`?"));
    }
    unknown = unknown.hint(format!("the words are {}", WORDS.join(", ")));
    Err(match in_message {
        true => unknown.hint("if it belongs to the message, indent it deeper than `message`"),
        false => {
            unknown.hint("if it is a comment, put it between /* and */, or below `-- upgrade`")
        }
    })
}

/// The words of a list that is separated by commas or blanks.
fn ids(text: &str, list: Span) -> Vec<Span> {
    let mut start = list.start;
    let mut ids = Vec::new();
    for part in list.of(text).split(|c: char| c == ',' || c.is_whitespace()) {
        if !part.is_empty() {
            ids.push(Span::new(start, start + part.len()));
        }
        // The separator need not be one byte long.
        let after = text.get(start + part.len()..).and_then(|rest| rest.chars().next());
        start += part.len() + after.map_or(0, char::len_utf8);
    }
    ids
}

/// The ids that a revision follows, without `base`.
fn revises(
    text: &str,
    ids: Vec<Span>,
    place: &dyn Fn(Span) -> Place,
) -> Result<Vec<Span>, Diagnostic> {
    let is_base = |id: &&Span| id.of(text).eq_ignore_ascii_case("base");
    match ids.iter().find(is_base) {
        Some(_) if ids.len() == 1 => return Ok(Vec::new()),
        Some(base) => {
            return Err(error(
                "`base` stands for no revision, and other revisions stand beside it",
            )
            .at(place(*base))
            .hint("take `base` out, or the others"));
        }
        None => {}
    }
    for id in &ids {
        checked(text, *id, place)?;
    }
    Ok(ids)
}

fn checked(text: &str, id: Span, place: &dyn Fn(Span) -> Place) -> Result<(), Diagnostic> {
    RevisionId::new(trimmed(text, id).of(text)).map(|_| ()).map_err(|illegal| illegal.at(place(id)))
}

/// The value of `keep-data`.
fn flag(text: &str, value: Span, place: &dyn Fn(Span) -> Place) -> Result<bool, Diagnostic> {
    match value.of(text) {
        said if said.eq_ignore_ascii_case("true") => Ok(true),
        said if said.eq_ignore_ascii_case("false") => Ok(false),
        said => Err(error(format!("`{KEEP_DATA}` cannot be '{said}'"))
            .at(place(value))
            .hint("write `-- keep-data: true` or `-- keep-data: false`")),
    }
}

/// Checks the value of `transaction`.
pub(super) fn only_none(
    text: &str,
    value: Span,
    place: &dyn Fn(Span) -> Place,
) -> Result<(), Diagnostic> {
    if value.of(text).eq_ignore_ascii_case("none") {
        return Ok(());
    }
    Err(error(format!("`transaction` cannot be '{}'", value.of(text)))
        .at(place(value))
        .hint("write `-- transaction: none` for a statement that cannot be in a transaction")
        .hint("leave the line out for all others"))
}

pub(super) fn error(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::SqlRevision, message)
}
