//! What scripts use of the classes that their host does not keep: members of an `Enum`, and other constants.

use super::operator::equal;
use super::{Evaluator, Stop};
use crate::value::{Attribute, Call, Class, Keyword, Kind, Origin, Path, Value};
use ambix_core::diagnostic::Span;

/// How many classes are looked at for what a class inherits.
const BASES: usize = 60;

/// What `auto()` is in an `Enum`.
#[derive(Clone, Copy)]
pub(crate) enum Auto {
    /// One more than the largest number before it.
    Number,
    /// The name of the member.
    Name,
    /// The same in small letters, as in a `StrEnum`.
    SmallName,
}

/// The members of an `Enum` with their values, without those that are another name for one.
pub(crate) fn members(class: &Class, auto: Auto) -> Vec<(&str, Value)> {
    let mut members = named_members(class, auto);
    members.retain(|(name, of, _)| name == of);
    members.into_iter().map(|(name, _, value)| (name, value)).collect()
}

/// The names in an `Enum`, each with the name of the member that it is for, and the value of that.
pub(crate) fn named_members(class: &Class, auto: Auto) -> Vec<(&str, &str, Value)> {
    let mut members: Vec<(&str, &str, Value)> = Vec::new();
    let mut last: i64 = 0;
    for Attribute { name, value, .. } in &class.attributes {
        let Some(value) = value else { continue };
        if name.starts_with('_') || matches!(value.kind, Kind::Function(_)) {
            continue;
        }
        let mut value = value.clone();
        if value.named().is_some_and(|path| path.within("enum") == Some("auto")) {
            value.kind = match auto {
                Auto::Number => Kind::Int(last.saturating_add(1)),
                Auto::Name => Kind::Text(name.to_string()),
                Auto::SmallName => Kind::Text(name.to_lowercase()),
            };
        }
        if let Kind::Int(number) = value.kind {
            last = last.max(number);
        }
        let mut known = members.iter();
        let of = known.find(|(_, _, other)| equal(other, &value) == Some(true));
        let of = of.map_or(name.as_str(), |(_, of, _)| of);
        members.push((name, of, value));
    }
    members
}

impl Evaluator<'_> {
    /// A class that the host does not keep.
    fn class_of(&self, path: &Path) -> Option<&Class> {
        let class =
            self.classes.get(path.dotted.as_str()).filter(|_| path.origin == Origin::Defined);
        class.map(|class| &**class)
    }

    /// Whether a class inherits from one of these, which is Python's own or what a class of the file inherits.
    fn inherits(&self, class: &Class, names: &[&str]) -> bool {
        let mut open = vec![class];
        for _ in 0..BASES {
            let Some(class) = open.pop() else { return false };
            for base in class.bases.iter().filter_map(Value::path) {
                if names.contains(&base.last()) {
                    return true;
                }
                open.extend(self.class_of(base));
            }
        }
        false
    }

    fn is_enum(&self, class: &Class) -> bool {
        self.inherits(class, &["Enum", "IntEnum", "StrEnum"])
    }

    /// The members of an `Enum`, each with its value; those that begin with an underscore are none.
    fn members(&self, path: &Path) -> Option<Vec<(&str, Value)>> {
        let class = self.class_of(path).filter(|class| self.is_enum(class))?;
        let auto = match self.inherits(class, &["StrEnum"]) {
            true => Auto::SmallName,
            false => Auto::Number,
        };
        Some(members(class, auto))
    }

    /// What a loop over an `Enum` goes over.
    pub(super) fn members_of(&self, value: &Value) -> Option<Vec<Value>> {
        let path = value.path()?;
        let members = self.members(path)?.into_iter();
        Some(
            members.map(|(name, _)| Value { kind: member(path, name), span: value.span }).collect(),
        )
    }

    /// An attribute of a class of the file, or of a member of an `Enum`.
    pub(super) fn attribute_of_class(&self, path: &Path, name: &str) -> Option<Kind> {
        if let Some(class) = self.class_of(path) {
            let value = class.value(name)?;
            if !self.is_enum(class) || name.starts_with('_') {
                return Some(value.kind.clone());
            }
            // Another name for a member is that member.
            let mut members = self.members(path)?.into_iter();
            let same = members.find(|(_, known)| equal(known, value) == Some(true))?;
            return Some(member(path, same.0));
        }
        let (class, member) = path.dotted.rsplit_once('.')?;
        let path = Path { dotted: class.into(), origin: path.origin };
        let (_, value) = self.members(&path)?.into_iter().find(|(known, _)| *known == member)?;
        match name {
            "value" => Some(value.kind),
            "name" => Some(Kind::Text(member.into())),
            _ => None,
        }
    }

    /// The member of an `Enum` that has a value (`Status("a")`) or a name (`Status["A"]`).
    pub(super) fn member(
        &self,
        path: &Path,
        key: &Value,
        by_name: bool,
        span: Span,
    ) -> Result<Option<Kind>, Stop> {
        let Some(members) = self.members(path) else { return Ok(None) };
        let found = members.into_iter().find(|(name, value)| match by_name {
            true => key.text() == Some(name),
            false => equal(value, key) == Some(true),
        });
        match found {
            Some((name, _)) => Ok(Some(member(path, name))),
            None if by_name => Err(self.missing_key(key, span)),
            None => {
                let message = format!("{} is not a valid {}", self.repr(key)?, path.last());
                Err(Stop::raised("ValueError", message, span))
            }
        }
    }

    /// `sa.Enum(Status)` with the members written out, as SQLAlchemy does it.
    pub(super) fn spelled_out(&mut self, call: Call, span: Span) -> Result<Call, Stop> {
        let path = call.callee.path().filter(|path| path.dotted.ends_with("Enum"));
        let is_enum = path.and_then(|path| path.within("sqlalchemy")) == Some("Enum");
        let class = call.arguments.first().and_then(Value::path).filter(|_| is_enum);
        let Some(class) = class.cloned() else { return Ok(call) };
        let Some(members) = self.members(&class) else { return Ok(call) };
        let names: Vec<Value> = members
            .iter()
            .map(|(name, _)| Value { kind: Kind::Text((*name).into()), span })
            .collect();
        let Call { callee, mut arguments, mut keywords } = call;
        let chosen = keywords.iter().position(|keyword| keyword.name == "values_callable");
        let chosen = chosen.map(|at| keywords.remove(at).value);
        let names = match chosen {
            Some(function) if !matches!(function.kind, Kind::None) => {
                let class = arguments.swap_remove(0);
                let names = self.call_with(&function, vec![class], span)?;
                self.iterated(names)?
            }
            _ => names,
        };
        if !keywords.iter().any(|keyword| keyword.name == "name") {
            let kind = Kind::Text(class.last().to_lowercase());
            keywords.push(Keyword { name: "name".into(), value: Value { kind, span }, span });
        }
        Ok(Call { callee, arguments: names, keywords })
    }
}

/// The name of a member of an `Enum`.
fn member(class: &Path, name: &str) -> Kind {
    Kind::Name(Path { dotted: format!("{}.{name}", class.dotted).into(), origin: Origin::Defined })
}
