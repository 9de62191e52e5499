//! The names of the file, and those of each call of a function.

use super::operator::size;
use super::{Evaluator, Stop};
use crate::value::{Kind, Origin, Path, Value};
use ambix_core::diagnostic::{Diagnostic, Span};
use hashbrown::HashMap;
use ruff_python_ast::name::Name;
use rustc_hash::FxBuildHasher;

pub(super) type FrameId = usize;

/// Names and what they stand for.
#[derive(Default)]
pub(super) struct Frame {
    /// Where names are looked up that are not here; nothing for the file itself.
    pub(super) around: Option<FrameId>,
    names: HashMap<Name, Binding, FxBuildHasher>,
    /// Names that belong to a frame around it (`global`, `nonlocal`), and how far out.
    elsewhere: Vec<(Name, FrameId)>,
    /// Modules of which everything was imported by `*`.
    pub(super) stars: Vec<String>,
}

struct Binding {
    bound: Bound,
    /// Whether it is a list, a dict or a set that has another name too.
    is_shared: bool,
}

/// What a name stands for, or why that could not be followed.
pub(super) type Known<'f> = Result<&'f Value, &'f Diagnostic>;

enum Bound {
    Value(Value),
    /// What it stands for could not be followed.
    Failed(Box<Diagnostic>),
}

impl Frame {
    /// Names within those of another frame.
    pub(super) fn within(around: FrameId) -> Self {
        Self { around: Some(around), ..Self::default() }
    }

    pub(super) fn bind(&mut self, name: &str, value: Value) {
        self.names.insert(name.into(), Binding { bound: Bound::Value(value), is_shared: false });
    }

    /// The same for what has another name.
    pub(super) fn rebind(&mut self, name: &str, value: Value) {
        self.names.insert(name.into(), Binding { bound: Bound::Value(value), is_shared: true });
    }

    pub(super) fn fail(&mut self, name: &str, error: Diagnostic) {
        let named =
            Binding { bound: Bound::Failed(Box::new(error)), is_shared: self.is_shared(name) };
        self.names.insert(name.into(), named);
    }

    /// A name belongs to another frame from here on.
    pub(super) fn leave_to(&mut self, name: &str, home: FrameId) {
        self.elsewhere.retain(|(known, _)| known.as_str() != name);
        self.elsewhere.push((name.into(), home));
    }

    fn elsewhere(&self, name: &str) -> Option<FrameId> {
        self.elsewhere.iter().find(|(known, _)| known.as_str() == name).map(|(_, home)| *home)
    }

    pub(super) fn forget(&mut self, name: &str) -> bool {
        self.names.remove(name).is_some()
    }

    pub(super) fn share(&mut self, name: &str) {
        if let Some(named) = self.names.get_mut(name) {
            named.is_shared = true;
        }
    }

    pub(super) fn is_shared(&self, name: &str) -> bool {
        self.names.get(name).is_some_and(|named| named.is_shared)
    }

    pub(super) fn value(&self, name: &str) -> Option<Known<'_>> {
        self.names.get(name).map(|named| match &named.bound {
            Bound::Value(value) => Ok(value),
            Bound::Failed(error) => Err(&**error),
        })
    }

    /// All names that stand for something.
    pub(super) fn values(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.names.iter().filter_map(|(name, named)| match &named.bound {
            Bound::Value(value) => Some((name.as_str(), value)),
            Bound::Failed(_) => None,
        })
    }

    pub(super) fn value_mut(&mut self, name: &str) -> Option<&mut Value> {
        match &mut self.names.get_mut(name)?.bound {
            Bound::Value(value) => Some(value),
            Bound::Failed(_) => None,
        }
    }
}

impl Evaluator<'_> {
    /// Forgets the names of a frame that nobody looks into again; no frame may be within it.
    pub(super) fn drop_frame(&mut self, frame: FrameId) {
        if frame + 1 == self.frames.len() {
            self.frames.pop();
        }
    }

    /// A frame for the names of what begins here.
    pub(super) fn push_frame(&mut self, frame: Frame) -> FrameId {
        self.frames.push(frame);
        self.frames.len() - 1
    }

    /// The frame that a name is bound in, seen from `frame`.
    pub(super) fn home(&self, name: &str, frame: FrameId) -> Option<FrameId> {
        self.found(name, frame).map(|(home, _)| home)
    }

    /// The same with what the name stands for there, if that is known yet.
    fn found(&self, name: &str, frame: FrameId) -> Option<(FrameId, Option<Known<'_>>)> {
        let mut at = Some(frame);
        while let Some(id) = at {
            let here = self.frames.get(id)?;
            if let Some(elsewhere) = here.elsewhere(name) {
                return Some((elsewhere, self.frames.get(elsewhere)?.value(name)));
            }
            if let Some(value) = here.value(name) {
                return Some((id, Some(value)));
            }
            at = here.around;
        }
        None
    }

    /// The frame of the file that a frame is in.
    pub(super) fn top(&self, frame: FrameId) -> FrameId {
        let mut at = frame;
        while let Some(around) = self.frames.get(at).and_then(|here| here.around) {
            at = around;
        }
        at
    }

    /// What a name stands for.
    pub(super) fn lookup(&self, name: &str, frame: FrameId, span: Span) -> Result<Kind, Stop> {
        match self.found(name, frame).and_then(|(_, found)| found) {
            Some(Ok(value)) => {
                self.spend(size(value) / 2, span)?;
                Ok(value.kind.clone())
            }
            Some(Err(error)) => Err(error.clone().into()),
            None => Ok(Kind::Name(self.unbound(name, frame))),
        }
    }

    /// A name that the file does not bind: one of Python's own, or one that a `*` brings.
    fn unbound(&self, name: &str, frame: FrameId) -> Path {
        let star = self
            .frames
            .get(self.top(frame))
            .and_then(|frame| frame.stars.iter().find(|module| module.starts_with("sqlalchemy")));
        match star {
            Some(module) if comes_with_a_star(name) => {
                Path { dotted: format!("{module}.{name}").into(), origin: Origin::Imported }
            }
            _ => Path { dotted: name.into(), origin: Origin::Unbound },
        }
    }

    /// Binds a name in a frame, or where `global` or `nonlocal` says.
    pub(super) fn bind(&mut self, frame: FrameId, name: &str, value: Value) {
        let home = self.frames.get(frame).and_then(|here| here.elsewhere(name));
        let value = match value.kind {
            Kind::Name(_) => value,
            _ => self.host.name(name, value),
        };
        if let Some(frame) = self.frames.get_mut(home.unwrap_or(frame)) {
            frame.bind(name, value);
        }
    }
}

/// Whether `from sqlalchemy import *` may bring this name: its classes do, and some functions.
fn comes_with_a_star(name: &str) -> bool {
    const FUNCTIONS: &[&str] = &[
        "and_",
        "backref",
        "case",
        "cast",
        "column",
        "column_property",
        "composite",
        "declarative_base",
        "declared_attr",
        "deferred",
        "desc",
        "false",
        "func",
        "literal",
        "literal_column",
        "mapped_column",
        "not_",
        "null",
        "or_",
        "registry",
        "relationship",
        "select",
        "synonym",
        "table",
        "text",
        "true",
    ];
    name.starts_with(char::is_uppercase) || FUNCTIONS.contains(&name)
}
