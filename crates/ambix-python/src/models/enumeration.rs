//! Enum classes and their members.

use super::world::World;
use crate::evaluate::{Auto, members};
use crate::value::{Kind, Origin, Path, Value};
use ambix_core::diagnostic::Span;

impl World<'_> {
    pub(super) fn is_enum(&self, id: usize) -> bool {
        const CLASSES: &[&str] = &["Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum"];
        self.is_above(id, "enum", CLASSES)
    }

    /// Whether the members of an Enum are texts too.
    pub(super) fn is_text_enum(&self, id: usize) -> bool {
        let is_str = |base: &Value| {
            base.path().is_some_and(|path| path.origin == Origin::Unbound && path.dotted == "str")
        };
        self.is_above(id, "enum", &["StrEnum"])
            || self.line(id).into_iter().any(|id| self.bases(id).iter().any(is_str))
    }

    /// The members of an Enum with their values, without those that are another name for one.
    pub(super) fn members(&self, id: usize) -> Vec<(&str, Value)> {
        let Some(class) = self.class_of(id) else { return Vec::new() };
        let names_itself = self.line(id).into_iter().any(|id| {
            self.class_of(id).is_some_and(|class| class.function("_generate_next_value_").is_some())
        });
        let auto = match names_itself {
            true => Auto::Name,
            false if self.is_above(id, "enum", &["StrEnum"]) => Auto::SmallName,
            false => Auto::Number,
        };
        members(class, auto)
    }

    pub(super) fn is_member(&self, id: usize, name: &str) -> bool {
        self.members(id).iter().any(|(member, _)| *member == name)
    }

    pub(super) fn member_name(&self, of: &Value, name: &str) -> Value {
        let dotted = format!("{}.{name}", of.path().map_or("", |path| &path.dotted));
        Value {
            kind: Kind::Name(Path { dotted: dotted.into(), origin: Origin::Defined }),
            span: of.span,
        }
    }

    /// `Mood.sad.value`, `Mood.sad.name`
    pub(super) fn member_of_enum(
        &self,
        id: usize,
        member: &str,
        name: &str,
        span: Span,
    ) -> Option<Value> {
        if !self.is_enum(id) {
            return None;
        }
        let (_, value) = self.members(id).into_iter().find(|(known, _)| *known == member)?;
        match name {
            "value" | "_value_" => Some(Value { span, ..value }),
            "name" | "_name_" => Some(Value { kind: Kind::Text(member.into()), span }),
            _ => None,
        }
    }
}
