//! `match`.

use super::frame::FrameId;
use super::operator::{compared, is_known};
use super::statement::Flow;
use super::{Evaluator, Stop};
use crate::syntax::span_of;
use crate::value::{Kind, Value};
use ruff_python_ast::{CmpOp, Pattern, Singleton, StmtMatch};

impl<'a> Evaluator<'a> {
    /// The first case that fits.
    pub(super) fn choose(&mut self, choice: &'a StmtMatch, frame: FrameId) -> Result<Flow, Stop> {
        let subject = self.eval(&choice.subject, frame)?;
        for case in &choice.cases {
            if !self.fits(&case.pattern, &subject, frame)? {
                continue;
            }
            if let Some(guard) = &case.guard {
                let guard = self.eval(guard, frame)?;
                if !self.truth(&guard)? {
                    continue;
                }
            }
            return self.block(&case.body, frame);
        }
        Ok(Flow::Ended)
    }

    fn fits(
        &mut self,
        pattern: &'a Pattern,
        subject: &Value,
        frame: FrameId,
    ) -> Result<bool, Stop> {
        let span = span_of(pattern);
        self.step(span)?;
        match pattern {
            Pattern::MatchValue(wanted) => {
                let wanted = self.eval(&wanted.value, frame)?;
                compared(CmpOp::Eq, subject, &wanted).ok_or_else(|| self.unclear(subject))
            }
            Pattern::MatchSingleton(wanted) => {
                let kind = match wanted.value {
                    Singleton::None => Kind::None,
                    Singleton::True => Kind::Bool(true),
                    Singleton::False => Kind::Bool(false),
                };
                let wanted = Value { kind, span };
                compared(CmpOp::Is, subject, &wanted).ok_or_else(|| self.unclear(subject))
            }
            Pattern::MatchAs(named) => {
                if let Some(inner) = &named.pattern
                    && !self.fits(inner, subject, frame)?
                {
                    return Ok(false);
                }
                if let Some(name) = &named.name {
                    self.bind(frame, name.as_str(), subject.clone());
                }
                Ok(true)
            }
            Pattern::MatchOr(choices) => {
                for pattern in &choices.patterns {
                    if self.fits(pattern, subject, frame)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Pattern::MatchSequence(sequence) => {
                let is_list = matches!(subject.kind, Kind::List(_) | Kind::Tuple(_));
                if !is_list && is_known(subject) && !matches!(subject.kind, Kind::View(..)) {
                    return Ok(false);
                }
                let has_star =
                    sequence.patterns.iter().any(|one| matches!(one, Pattern::MatchStar(_)));
                let items = match subject.items() {
                    Some(items) if is_list && !has_star => items,
                    _ => return Err(self.unknown(span, "A pattern of this kind")),
                };
                if items.len() != sequence.patterns.len() {
                    return Ok(false);
                }
                for (pattern, item) in sequence.patterns.iter().zip(items) {
                    if !self.fits(pattern, item, frame)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Pattern::MatchClass(wanted)
                if wanted.arguments.patterns.is_empty() && wanted.arguments.keywords.is_empty() =>
            {
                let class = self.eval(&wanted.cls, frame)?;
                let is = super::types::is_instance(subject, &class);
                is.ok_or_else(|| self.unclear(subject))
            }
            Pattern::MatchMapping(_) | Pattern::MatchClass(_) | Pattern::MatchStar(_) => {
                Err(self.unknown(span, "A pattern of this kind"))
            }
        }
    }
}
