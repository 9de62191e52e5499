//! Which `MetaData` object a table belongs to.

use super::Files;
use super::world::{DEPTH, What, World, is_sqlalchemy, keyword};
use crate::environment::Metadata;
use crate::value::{Call, Kind, Origin, Value};

/// One `MetaData` object, by the number of what makes it.
pub(super) type MetadataId = usize;

/// That of `SQLModel`, which no file makes.
const SQLMODEL: MetadataId = usize::MAX;

impl World<'_> {
    /// The object that a value is: `metadata`, `Base.metadata`. A base or a registry stands for its own.
    /// `None` if the files do not tell.
    pub(super) fn metadata(&self, value: &Value) -> Option<MetadataId> {
        self.metadata_value(value, DEPTH)
    }

    /// The object that the table is in that a value names.
    pub(super) fn metadata_of_value(&self, value: &Value) -> Option<MetadataId> {
        self.metadata_of(self.parts(value.path()?)?.0, DEPTH)
    }

    /// The object that the tables of a class are in.
    pub(super) fn metadata_of_class(&self, id: usize) -> Option<MetadataId> {
        self.metadata_of(id, DEPTH)
    }

    fn metadata_value(&self, value: &Value, depth: usize) -> Option<MetadataId> {
        let depth = depth.checked_sub(1)?;
        let path = value.path()?;
        if path.origin == Origin::Imported && path.dotted.starts_with("sqlmodel.") {
            return matches!(path.last(), "SQLModel" | "metadata").then_some(SQLMODEL);
        }
        let (id, rest) = self.parts(path)?;
        match rest {
            ""
            | "metadata"
            | "registry"
            | "registry.metadata"
            | "mapped"
            | "mapped_as_dataclass"
            | "as_declarative_base" => self.metadata_of(id, depth),
            _ => None,
        }
    }

    fn metadata_of(&self, id: usize, depth: usize) -> Option<MetadataId> {
        let depth = depth.checked_sub(1)?;
        match &self.entities.get(id)?.what {
            What::Metadata(_) => Some(id),
            What::Table(value) => self.metadata_value(table_metadata(value.call()?)?, depth),
            What::Base(value) => {
                let call = value.call()?;
                if let Some(given) = keyword(call, "metadata").filter(|value| !value.is_nothing()) {
                    return self.metadata_value(given, depth);
                }
                let registry = call.callee.path().and_then(|path| self.parts(path));
                match registry {
                    Some((registry, "generate_base")) => self.metadata_of(registry, depth),
                    _ => Some(id),
                }
            }
            What::Class(class) => {
                let own = class.value("metadata").or_else(|| class.value("registry"));
                if let Some(value) = own {
                    return self.metadata_value(value, depth);
                }
                for decorator in &class.decorators {
                    let decorator = decorator.call().map_or(decorator, |call| &call.callee);
                    if is_sqlalchemy(decorator, &["as_declarative"]) {
                        return Some(id);
                    }
                    if let Some(found) = self.metadata_value(decorator, depth) {
                        return Some(found);
                    }
                }
                let is_base = |base: &Value| {
                    is_sqlalchemy(base, &["DeclarativeBase", "DeclarativeBaseNoMeta"])
                };
                if class.bases.iter().any(is_base) {
                    return Some(id);
                }
                // Several bases share the depth, so that bases of bases cannot multiply without an end.
                let depth = depth / class.bases.len().max(1);
                class.bases.iter().find_map(|base| self.metadata_value(base, depth))
            }
            What::Object { .. } => None,
        }
    }

    /// The call that makes a `MetaData` object, if somebody wrote one.
    pub(super) fn metadata_call(&self, id: MetadataId) -> Option<&Call> {
        match &self.entities.get(id)?.what {
            What::Metadata(value) => value.call(),
            _ => None,
        }
    }
}

/// The argument of `Table` that says which `MetaData` it belongs to.
pub(super) fn table_metadata(call: &Call) -> Option<&Value> {
    let by_position = usize::from(call.arguments.first().is_some_and(|name| name.text().is_some()));
    keyword(call, "metadata").or_else(|| call.arguments.get(by_position))
}

impl Files<'_> {
    /// The object that env.py, the file at the path `env`, names as a target.
    pub(super) fn target(&mut self, env: &str, target: &Metadata) -> Option<MetadataId> {
        let evaluator = self.evaluator.as_mut()?;
        let (value, rest) = match target {
            Metadata::Here { name } => {
                let file = evaluator.host.sources.iter().position(|file| file.path == env)?;
                let (first, rest) = name.split_once('.').unwrap_or((name, ""));
                (evaluator.open().global(file, first)?, rest)
            }
            Metadata::Imported { dotted } => {
                let ends = dotted.char_indices().rev().filter(|(_, letter)| *letter == '.');
                let mut ends = ends.map(|(at, _)| at);
                ends.find_map(|at| {
                    let module = dotted.get(..at)?;
                    let file = evaluator.open().file_of(module)?;
                    evaluator.host.set_root(file, module);
                    let name = dotted.get(at + 1..)?;
                    let (first, rest) = name.split_once('.').unwrap_or((name, ""));
                    Some((evaluator.open().global(file, first)?, rest))
                })?
            }
        };
        let mut value = value;
        for name in rest.split('.').filter(|name| !name.is_empty()) {
            value = {
                let span = value.span;
                evaluator.open().attribute(value, name, span).ok()?
            };
        }
        match value.kind {
            Kind::Name(_) => evaluator.host.metadata(&value),
            _ => None,
        }
    }
}
