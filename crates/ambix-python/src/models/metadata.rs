//! Which `MetaData` object a table belongs to.

use super::file::Declared;
use super::lookup::{DEPTH, Lookup, longer};
use crate::environment::Metadata;
use crate::sqlalchemy::called;
use crate::value::{Call, Class, Kind, Origin, Path, Value};

/// One `MetaData` object that is made in the files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MetadataId {
    /// The file, by its number.
    pub(super) file: usize,
    /// Where in it the object is made.
    pub(super) at: usize,
}

/// A `MetaData` object and the call that makes it, if somebody wrote one.
#[derive(Clone)]
pub(super) struct FoundMetadata<'b> {
    pub(super) id: MetadataId,
    pub(super) call: Option<&'b Call>,
}

impl<'a, 'b> Lookup<'a, 'b> {
    /// The object that a value is: `metadata`, `Base.metadata`, `MetaData()`. A base or a registry stands
    /// for its own. `None` if the files do not tell.
    pub(super) fn metadata(&self, file: usize, value: &'b Value) -> Option<FoundMetadata<'b>> {
        self.metadata_value(file, value, "", DEPTH)
    }

    /// The object that env.py, the file at the path `env`, names as a target.
    pub(super) fn target(&self, env: &str, target: &Metadata) -> Option<MetadataId> {
        self.target_metadata(env, target).map(|found| found.id)
    }

    /// The same, with the call that makes it.
    pub(super) fn target_metadata(
        &self,
        env: &str,
        target: &Metadata,
    ) -> Option<FoundMetadata<'b>> {
        let file = self.files.iter().position(|file| file.source.path == env);
        match target {
            Metadata::Here { name } => {
                let path = Path { dotted: name.clone(), origin: Origin::Defined };
                self.metadata_path(file?, &path, DEPTH)
            }
            Metadata::Imported { dotted } => {
                // The module is looked for by its name, so that any file will do to begin with.
                let path = Path { dotted: dotted.clone(), origin: Origin::Imported };
                self.metadata_path(file.unwrap_or(0), &path, DEPTH)
            }
        }
    }

    /// The object that what a file declares is in.
    pub(super) fn metadata_of(
        &self,
        file: usize,
        declared: &'b Declared,
    ) -> Option<FoundMetadata<'b>> {
        match declared {
            Declared::Class(class) => self.metadata_of_class(file, class),
            Declared::Table(table) => self.metadata(file, table.metadata()?),
        }
    }

    /// The object that the tables of a class are in.
    pub(super) fn metadata_of_class(
        &self,
        file: usize,
        class: &'b Class,
    ) -> Option<FoundMetadata<'b>> {
        self.class_metadata(file, class, DEPTH)
    }

    fn metadata_value(
        &self,
        file: usize,
        value: &'b Value,
        rest: &str,
        depth: usize,
    ) -> Option<FoundMetadata<'b>> {
        let depth = depth.checked_sub(1)?;
        if let Some(path) = value.path() {
            return self.metadata_path(file, &longer(path, rest), depth);
        }
        let call = value.call()?;
        let id = MetadataId { file, at: value.span.start };
        match called(value).map(|(name, _)| name) {
            Some("MetaData") => Some(FoundMetadata { id, call: Some(call) }),
            Some("declarative_base" | "registry" | "automap_base") => match given(call) {
                Some(metadata) => self.metadata_value(file, metadata, "", depth),
                None => Some(FoundMetadata { id, call: None }),
            },
            // `Base = mapper_registry.generate_base()`.
            _ => {
                let path = call.callee.path()?;
                let registry = path.dotted.strip_suffix(".generate_base")?;
                let path = Path { dotted: registry.into(), origin: path.origin };
                self.metadata_path(file, &path, depth)
            }
        }
    }

    fn metadata_path(&self, file: usize, path: &Path, depth: usize) -> Option<FoundMetadata<'b>> {
        let depth = depth.checked_sub(1)?;
        match path.origin {
            Origin::Unbound => None,
            Origin::Imported => {
                let (other, path) = self.imported(file, path)?;
                self.metadata_path(other, &path, depth)
            }
            Origin::Defined => {
                let (first, rest) = path.dotted.split_once('.').unwrap_or((&path.dotted, ""));
                let of = self.files.get(file).filter(|of| of.names.is_bound_once(first))?;
                if let Some(class) = of.classes().find(|class| class.name == first) {
                    return self.class_metadata(file, class, depth);
                }
                if let Some(value) = of.values.get(first) {
                    return self.metadata_value(file, value, rest, depth);
                }
                // `account.metadata` of a table.
                of.declared.iter().find_map(|declared| match declared {
                    Declared::Table(table) if table.names.iter().any(|name| name == first) => {
                        self.metadata_value(file, table.metadata()?, "", depth)
                    }
                    _ => None,
                })
            }
        }
    }

    fn class_metadata(
        &self,
        file: usize,
        class: &'b Class,
        depth: usize,
    ) -> Option<FoundMetadata<'b>> {
        let depth = depth.checked_sub(1)?;
        if let Some(value) = class.value("metadata").or_else(|| class.value("registry")) {
            return self.metadata_value(file, value, "", depth);
        }
        let is_declarative = |base: &&'b Value| {
            let name = base.path().and_then(|path| path.within("sqlalchemy"));
            matches!(name, Some("DeclarativeBase" | "DeclarativeBaseNoMeta"))
        };
        if class.bases.iter().any(|base| is_declarative(&base)) {
            let id = MetadataId { file, at: class.span.start };
            return Some(FoundMetadata { id, call: None });
        }
        // Several bases share the depth, so that bases of bases cannot multiply without an end.
        let depth = depth / class.bases.len().max(1);
        class.bases.iter().find_map(|base| self.metadata_value(file, base, "", depth))
    }

    /// The value that a name stands for: a dict that is written elsewhere.
    pub(super) fn value(&self, file: usize, value: &'b Value) -> Option<&'b Value> {
        let (mut file, mut value) = (file, value);
        for _ in 0..DEPTH {
            let Kind::Name(path) = &value.kind else { return Some(value) };
            let path = match path.origin {
                Origin::Unbound => return None,
                Origin::Defined => path.clone(),
                Origin::Imported => {
                    let path;
                    (file, path) = self.imported(file, value.path()?)?;
                    path
                }
            };
            let of = self.files.get(file).filter(|of| of.names.is_bound_once(&path.dotted))?;
            value = of.values.get(&path.dotted)?;
        }
        None
    }
}

/// The argument `metadata=`.
fn given(call: &Call) -> Option<&Value> {
    let keyword = call.keywords.iter().find(|keyword| keyword.name == "metadata");
    keyword.map(|keyword| &keyword.value).filter(|value| !value.is_nothing())
}
