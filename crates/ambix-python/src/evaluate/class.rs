//! Classes of the file, as far as scripts use them: members of an `Enum`, and other constants.

use super::frame::{Frame, FrameId};
use super::operator::equal;
use super::{Evaluator, Host, Stop};
use crate::value::{Call, Keyword, Kind, Origin, Path, Value};
use ambix_core::diagnostic::Span;
use ruff_python_ast::{Stmt, StmtClassDef};

/// A class statement.
pub(super) struct Class {
    /// The last part of the name of each class that it inherits from.
    pub(super) bases: Vec<String>,
    is_enum: bool,
    /// What is assigned in it.
    members: Vec<(String, Value)>,
}

impl<'a, H: Host> Evaluator<'a, H> {
    /// Takes note of a class and its constants. What else is in it is an error where it is used.
    pub(super) fn define_class(&mut self, class: &'a StmtClassDef, frame: FrameId, span: Span) {
        let name = class.name.as_str();
        let mut bases = Vec::new();
        for base in class.arguments.iter().flat_map(|arguments| &arguments.args) {
            if let Ok(base) = self.eval(base, frame) {
                bases.extend(base.path().map(|path| path.last().to_string()));
            }
        }
        let is_enum = bases.iter().any(|base| {
            matches!(base.as_str(), "Enum" | "IntEnum" | "StrEnum")
                || self.classes.get(base).is_some_and(|base| base.is_enum)
        });
        let inner = self.push_frame(Frame::within(frame));
        let mut members = Vec::new();
        for statement in &class.body {
            let Some((member, expression)) = crate::value::assignment(statement) else { continue };
            if let Stmt::Assign(_) | Stmt::AnnAssign(_) = statement
                && let Ok(value) = self.eval(expression, inner)
            {
                self.bind(inner, member, value.clone());
                members.push((member.to_string(), value));
            }
        }
        self.classes.insert(name.into(), Class { bases, is_enum, members });
        let path = Path { dotted: name.into(), origin: Origin::Defined };
        self.bind(frame, name, Value { kind: Kind::Name(path), span });
    }

    fn class(&self, path: &Path) -> Option<&Class> {
        (path.origin == Origin::Defined).then(|| self.classes.get(&path.dotted)).flatten()
    }

    /// The members of an `Enum`, each with its value; those that begin with an underscore are none.
    fn members(&self, path: &Path) -> Option<impl Iterator<Item = &(String, Value)>> {
        let class = self.class(path).filter(|class| class.is_enum)?;
        Some(class.members.iter().filter(|(name, _)| !name.starts_with('_')))
    }

    /// What a loop over an `Enum` goes over.
    pub(super) fn members_of(&self, value: &Value) -> Option<Vec<Value>> {
        let path = value.path()?;
        let members = self.members(path)?;
        Some(
            members
                .map(|(name, _)| {
                    let dotted = format!("{}.{name}", path.dotted);
                    let path = Path { dotted, origin: Origin::Defined };
                    Value { kind: Kind::Name(path), span: value.span }
                })
                .collect(),
        )
    }

    /// An attribute of a class of the file, or of a member of an `Enum`.
    pub(super) fn attribute_of_class(&self, path: &Path, name: &str) -> Option<Kind> {
        if let Some(class) = self.class(path) {
            let (_, value) = class.members.iter().find(|(known, _)| known == name)?;
            return (!class.is_enum || name.starts_with('_')).then(|| value.kind.clone());
        }
        let (class, member) = path.dotted.rsplit_once('.')?;
        let path = Path { dotted: class.into(), origin: path.origin };
        let (_, value) = self.members(&path)?.find(|(known, _)| known == member)?;
        match name {
            "value" => Some(value.kind.clone()),
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
        let Some(mut members) = self.members(path) else { return Ok(None) };
        let found = members.find(|(name, value)| match by_name {
            true => key.text() == Some(name),
            false => equal(value, key) == Some(true),
        });
        match found {
            Some((name, _)) => {
                let dotted = format!("{}.{name}", path.dotted);
                Ok(Some(Kind::Name(Path { dotted, origin: Origin::Defined })))
            }
            None if by_name => Err(self.missing_key(key, span)),
            None => {
                let message = format!("{} is not a valid {}", self.repr(key)?, path.last());
                Err(Stop::raised("ValueError", message, span))
            }
        }
    }

    /// `sa.Enum(Status)` with the members written out, as SQLAlchemy does it.
    pub(super) fn spelled_out(&mut self, call: Call, span: Span) -> Result<Call, Stop> {
        let is_enum = call.callee.path().and_then(|path| path.within("sqlalchemy")) == Some("Enum");
        let class = call.arguments.first().and_then(Value::path).filter(|_| is_enum);
        let Some(class) = class.cloned() else { return Ok(call) };
        let Some(members) = self.members(&class) else { return Ok(call) };
        let names: Vec<Value> =
            members.map(|(name, _)| Value { kind: Kind::Text(name.clone()), span }).collect();
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
