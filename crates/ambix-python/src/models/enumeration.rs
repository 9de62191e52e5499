//! Enum classes and their members.

use super::world::World;
use crate::evaluate::{Auto, named_members};
use crate::value::{Attribute, Call, Class, Kind, Method, Origin, Path, Value};
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
        let named = self.named_members(id).into_iter();
        named.filter(|(name, of, _)| name == of).map(|(name, _, value)| (name, value)).collect()
    }

    /// The names in an Enum, each with the name of the member that it is for, and the value of that.
    pub(super) fn named_members(&self, id: usize) -> Vec<(&str, &str, Value)> {
        let Some(class) = self.class_of(id) else { return Vec::new() };
        let names_itself = self.line(id).into_iter().any(|id| {
            self.class_of(id).is_some_and(|class| class.function("_generate_next_value_").is_some())
        });
        let auto = match names_itself {
            true => Auto::Name,
            false if self.is_above(id, "enum", &["StrEnum"]) => Auto::SmallName,
            false => Auto::Number,
        };
        named_members(class, auto)
    }

    /// The member that a name in an Enum is for.
    pub(super) fn member_called(&self, id: usize, name: &str) -> Option<&str> {
        if !self.is_enum(id) {
            return None;
        }
        self.named_members(id).into_iter().find(|(known, _, _)| *known == name).map(|(_, of, _)| of)
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
            "__str__" if self.method(id, name).is_none() => {
                let is_value = self.is_above(id, "enum", &["StrEnum", "IntEnum", "IntFlag"]);
                let text = match value.kind {
                    Kind::Text(text) if is_value => text,
                    Kind::Int(number) if is_value => number.to_string(),
                    _ => format!("{}.{member}", self.class_of(id)?.name),
                };
                Some(Value { kind: Kind::Text(text), span })
            }
            _ => None,
        }
    }

    fn method(&self, id: usize, name: &str) -> Option<&Method> {
        self.line(id).into_iter().find_map(|id| self.class_of(id)?.function(name))
    }

    /// `Mood.sad.code`, where that is a property, or set by `__init__` from the value.
    pub(super) fn getter_of_member(
        &mut self,
        of: &Value,
        name: &str,
    ) -> Option<(Call, Option<Value>)> {
        let (id, member) = self.parts(of.path()?)?;
        if member.is_empty() || !self.is_enum(id) {
            return None;
        }
        let called = |function: &Method, arguments| Call {
            callee: function.value.clone(),
            arguments,
            keywords: Vec::new(),
        };
        if let Some(function) = self.method(id, name) {
            let is_property = function.decorators.iter().any(|one| {
                one.path().is_some_and(|path| matches!(path.last(), "property" | "cached_property"))
            });
            let is_getter = is_property || name == "__str__";
            return is_getter.then(|| (called(function, vec![of.clone()]), None));
        }
        let (_, value) = self.members(id).into_iter().find(|(known, _)| *known == member)?;
        self.method(id, "__init__")?;
        let object = self.object(id, of.span);
        let mut arguments = vec![object.clone()];
        match value.kind {
            Kind::Tuple(items) => arguments.extend(items),
            _ => arguments.push(value),
        }
        Some((called(self.method(id, "__init__")?, arguments), Some(object)))
    }
}

/// The class of `Enum("Mood", "sad happy")`, `Enum("Mood", ["sad", "happy"])`, `Enum("Mood", {"sad": 1})`.
pub(super) fn functional_enum(path: &Path, call: &Call, span: Span) -> Option<Class> {
    if path.origin != Origin::Imported || !path.dotted.starts_with("enum.") {
        return None;
    }
    let [name, names] = call.arguments.as_slice() else { return None };
    let text = |text: &str| Value { kind: Kind::Text(text.into()), span };
    let words: Vec<Value>;
    let names = match &names.kind {
        Kind::Text(names) => {
            let names = names.split([',', ' ', '\t', '\n']).filter(|name| !name.is_empty());
            words = names.map(text).collect();
            &words
        }
        Kind::List(names) | Kind::Tuple(names) => names,
        Kind::Dict(names) => {
            words = names.iter().map(|(name, value)| tuple(name, value, span)).collect();
            &words
        }
        _ => return None,
    };
    let start = super::world::keyword(call, "start");
    let mut class = Class { name: name.text()?.into(), span, ..Class::default() };
    class.bases.push(call.callee.clone());
    class.bases.extend(super::world::keyword(call, "type").cloned());
    for (at, item) in names.iter().enumerate() {
        let (name, value) = match (item.items(), start.map(|start| &start.kind)) {
            (Some([name, value]), _) => (name.text()?, value.clone()),
            (None, Some(Kind::Int(start))) => {
                let number = start.saturating_add(i64::try_from(at).ok()?);
                (item.text()?, Value { kind: Kind::Int(number), span })
            }
            (None, None) => {
                let dotted = "enum.auto".into();
                let auto = Path { dotted, origin: Origin::Imported };
                (item.text()?, Value { kind: Kind::Name(auto), span })
            }
            _ => return None,
        };
        class.attributes.push(Attribute::new(name.into(), value, span));
    }
    Some(class)
}

fn tuple(name: &Value, value: &Value, span: Span) -> Value {
    Value { kind: Kind::Tuple(vec![name.clone(), value.clone()]), span }
}
