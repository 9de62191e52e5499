//! What scripts use of Python's standard library, as far as it does not depend on the moment or the machine.

use super::pattern::replaced;
use super::{Evaluator, Stop};
use crate::value::{Call, Kind, Origin, Path, Value};
use ambix_core::diagnostic::Span;

/// Modules that only say something to somebody.
const SILENT: &[&str] = &["logging", "warnings", "loguru", "structlog", "rich", "pprint"];

impl<'a> Evaluator<'a> {
    /// A call of something imported; nothing if it is not known here.
    pub(super) fn library(
        &mut self,
        name: &str,
        call: &Call,
        span: Span,
    ) -> Result<Option<Kind>, Stop> {
        if name.starts_with("sqlalchemy.") {
            return Ok(None);
        }
        let first = call.arguments.first();
        let root = name.split('.').next().unwrap_or(name);
        if SILENT.contains(&root) {
            return Ok(Some(match name {
                // Something that can be called itself: `logging.getLogger(__name__).info(…)`.
                "logging.getLogger" | "structlog.get_logger" => Kind::Name(logger()),
                _ => Kind::None,
            }));
        }
        Ok(Some(match (name, first) {
            ("json.dumps", Some(value)) => match crate::script::json(value) {
                Ok(text) if call.keywords.is_empty() => Kind::Text(text),
                Ok(_) => return Err(self.unknown(span, "`json.dumps` with options")),
                Err(part) => return Err(self.unclear(part)),
            },
            ("re.sub", Some(_)) => match call.arguments.as_slice() {
                [pattern, template, text] if call.keywords.is_empty() => {
                    self.substituted(pattern, template, text, span)?
                }
                _ => return Err(self.unknown(span, "`re.sub` with options")),
            },
            ("textwrap.dedent", Some(value)) => match value.text() {
                Some(text) => Kind::Text(dedent(text)),
                None => return Err(self.unclear(value)),
            },
            ("inspect.cleandoc", Some(value)) => match value.text() {
                Some(text) => Kind::Text(dedent(text).trim().into()),
                None => return Err(self.unclear(value)),
            },
            ("itertools.chain", _) => {
                let mut items = Vec::new();
                for argument in &call.arguments {
                    items.extend(self.iterated(argument.clone())?);
                }
                self.iterator(items, None)
            }
            ("itertools.chain.from_iterable", Some(value)) => {
                let mut items = Vec::new();
                for inner in self.iterated(value.clone())? {
                    items.extend(self.iterated(inner)?);
                }
                self.iterator(items, None)
            }
            ("functools.reduce", Some(function)) => {
                let function = function.clone();
                let over = call.arguments.get(1).cloned();
                let mut items = match over {
                    Some(over) => self.iterated(over)?.into_iter(),
                    None => return Ok(None),
                };
                let total = call.arguments.get(2).cloned().or_else(|| items.next());
                let Some(mut total) = total else {
                    let message = "reduce() of empty iterable with no initial value";
                    return Err(Stop::raised("TypeError", message, span));
                };
                for item in items {
                    total = self.call_with(&function, vec![total, item], span)?;
                }
                total.kind
            }
            ("collections.OrderedDict", None) => Kind::Dict(Vec::new()),
            ("copy.copy" | "copy.deepcopy", Some(value)) => value.kind.clone(),
            _ => return Ok(None),
        }))
    }
}

impl Evaluator<'_> {
    /// `re.sub(pattern, template, text)`
    pub(super) fn substituted(
        &self,
        pattern: &Value,
        template: &Value,
        text: &Value,
        span: Span,
    ) -> Result<Kind, Stop> {
        let known = |value: &Value| match value.text() {
            Some(text) => Ok(String::from(text)),
            None => Err(self.unclear(value)),
        };
        // A pattern can be tried in many ways.
        self.spend(500, span)?;
        let found = replaced(&known(pattern)?, &known(template)?, &known(text)?);
        found
            .map(Kind::Text)
            .map_err(|what| self.unknown(span, &format!("In a regular expression, {what}")))
    }
}

/// A logger: whatever is said to it is heard by nobody.
fn logger() -> Path {
    Path { dotted: "logging.logger".into(), origin: Origin::Imported }
}

/// A text without the blanks that all of its lines begin with.
fn dedent(text: &str) -> String {
    let blank = |line: &str| line.trim().is_empty();
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let common = text.split('\n').filter(|line| !blank(line)).map(indent).min().unwrap_or(0);
    let lines = text.split('\n').map(|line| match blank(line) {
        true => "",
        false => line.get(common..).unwrap_or_default(),
    });
    lines.collect::<Vec<_>>().join("\n")
}
