//! `script.py.mako`: what a new revision file looks like.
//!
//! A template is plain text with Mako's line comments, line joins, `<%doc>`, `<%text>`, `% if` lines and
//! `${…}`; in the braces stand the names that Alembic gives a template and the small part of Python that
//! standard templates and their variants use ([`expression`]). Everything else is an error with its line.

mod expression;
mod lexer;
mod method;
mod names;
mod render;

use crate::write::NewScript;
use ambix_core::diagnostic::{Code, Diagnostic, Place, Span};
use lexer::Node;

/// The text of Alembic's standard `script.py.mako`, which new projects get.
pub const STANDARD_TEMPLATE: &str = include_str!("script.py.mako");

/// A `script.py.mako`, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    path: String,
    text: String,
    nodes: Vec<Node>,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// If it uses a part of Mako that is not known here, or something in it is not closed.
    pub fn read(path: &str, text: &str) -> Result<Self, Diagnostic> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match lexer::nodes(text) {
            Ok(nodes) => Ok(Self { path: path.into(), text: text.into(), nodes }),
            Err(fault) => Err(fault.diagnostic(path, text)),
        }
    }

    /// The text of a revision script by this template.
    ///
    /// As in [`write_script`](crate::write_script), a message that would end the docstring that it stands
    /// in is escaped.
    ///
    /// # Errors
    /// If an expression asks for a name that is not given or for something that is not known here.
    ///
    /// ```
    /// use ambix_python::{NewScript, Template};
    /// let template = Template::read("script.py.mako", "revision = ${repr(up_revision)}\n").unwrap();
    /// let script = NewScript { revision: "ae10".into(), ..NewScript::default() };
    /// assert_eq!(template.render(&script).unwrap(), "revision = 'ae10'\n");
    /// ```
    pub fn render(&self, script: &NewScript) -> Result<String, Diagnostic> {
        render::render(&self.nodes, &names::of(script))
            .map_err(|fault| fault.diagnostic(&self.path, &self.text))
    }
}

/// What is wrong with a template, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fault {
    span: Span,
    why: String,
}

impl Fault {
    fn new(span: Span, why: impl Into<String>) -> Self {
        Self { span, why: why.into() }
    }

    fn diagnostic(self, path: &str, text: &str) -> Diagnostic {
        let place = Place::in_text(path, text, self.span);
        let message =
            format!("Template rendering failed; see {path}, line {}: {}", place.line, self.why);
        Diagnostic::error(Code::TemplateUnsupported, message).at(place).hint(
            "Ambix fills in templates without Python: plain text, `${…}` with the names of Alembic's \
             standard template, `% if` lines, comments.",
        )
    }
}

#[cfg(test)]
mod tests;
