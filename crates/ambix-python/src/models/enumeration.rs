//! Enum classes and their members.

use super::world::World;
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
    pub(super) fn members(&self, id: usize) -> Vec<(String, Value)> {
        let Some(class) = self.class_of(id) else { return Vec::new() };
        let mut members: Vec<(String, Value)> = Vec::new();
        let is_text = self.is_above(id, "enum", &["StrEnum"]);
        let names_itself = self.line(id).into_iter().any(|id| {
            self.class_of(id).is_some_and(|class| class.function("_generate_next_value_").is_some())
        });
        let mut last = 0;
        for attribute in &class.attributes {
            let Some(value) = &attribute.value else { continue };
            if attribute.name.starts_with('_') || matches!(value.kind, Kind::Function(_)) {
                continue;
            }
            let mut value = value.clone();
            if value.named().is_some_and(|path| path.within("enum") == Some("auto")) {
                value.kind = match (is_text, names_itself) {
                    (_, true) => Kind::Text(attribute.name.clone()),
                    (true, _) => Kind::Text(attribute.name.to_lowercase()),
                    _ => Kind::Int(last + 1),
                };
            }
            if let Kind::Int(number) = value.kind {
                last = last.max(number);
            }
            let is_same = |other: &Value| match (&other.kind, &value.kind) {
                (Kind::Int(one), Kind::Int(other)) => one == other,
                (Kind::Text(one), Kind::Text(other)) => one == other,
                _ => false,
            };
            if !members.iter().any(|(_, other)| is_same(other)) {
                members.push((attribute.name.clone(), value));
            }
        }
        members
    }

    pub(super) fn is_member(&self, id: usize, name: &str) -> bool {
        self.members(id).iter().any(|(member, _)| member == name)
    }

    pub(super) fn member_name(&self, of: &Value, name: &str) -> Value {
        let dotted = format!("{}.{name}", of.path().map_or("", |path| &path.dotted));
        Value { kind: Kind::Name(Path { dotted, origin: Origin::Defined }), span: of.span }
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
        let (_, value) = self.members(id).into_iter().find(|(known, _)| known == member)?;
        match name {
            "value" | "_value_" => Some(Value { span, ..value }),
            "name" | "_name_" => Some(Value { kind: Kind::Text(member.into()), span }),
            _ => None,
        }
    }
}
