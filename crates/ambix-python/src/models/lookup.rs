//! The tables and columns that names in the files stand for: `account.c.id`, `User.id`.

use super::annotation::mapped;
use super::file::{CoreTable, Declared, ModelFile};
use crate::sqlalchemy::called;
use crate::value::{Call, Class, Kind, Origin, Path, Value};
use std::collections::{BTreeMap, BTreeSet};

/// How many names may stand for one another before it is taken for a circle.
pub(super) const DEPTH: usize = 64;

/// A table as far as its names go.
#[derive(Default)]
pub(super) struct Shape {
    pub(super) table: String,
    columns: BTreeSet<String>,
    /// The columns of a class, by their attributes.
    attributes: BTreeMap<String, String>,
}

/// Every table that has a name in Python.
pub(super) struct Lookup<'a, 'b> {
    pub(super) files: &'b [ModelFile<'a>],
    /// For each file, its tables by name.
    shapes: Vec<BTreeMap<&'b str, Shape>>,
}

impl<'a, 'b> Lookup<'a, 'b> {
    pub(super) fn of(files: &'b [ModelFile<'a>]) -> Self {
        let shapes = files.iter().map(|file| {
            let mut shapes = BTreeMap::new();
            let mut add = |name: &'b str, shape: Shape| {
                if file.names.is_bound_once(name) {
                    shapes.insert(name, shape);
                }
            };
            for declared in &file.declared {
                match declared {
                    Declared::Class(class) => {
                        if let Some(shape) = class_shape(class) {
                            add(&class.name, shape);
                        }
                    }
                    Declared::Table(table) => {
                        for name in &table.names {
                            add(name, table_shape(table));
                        }
                    }
                }
            }
            shapes
        });
        Self { files, shapes: shapes.collect() }
    }

    /// The table and the column that a value in a file names.
    pub(super) fn column(&self, file: usize, value: &Value) -> Option<(&str, String)> {
        let (shape, rest) = self.named(file, &dotted(value)?, DEPTH)?;
        Some((&shape.table, shape.column(&rest)?))
    }

    /// The table that a value in a file names, with a class standing for its own.
    pub(super) fn table(&self, file: usize, value: &Value) -> Option<&str> {
        let (shape, rest) = self.named(file, value.path()?, DEPTH)?;
        matches!(rest.as_str(), "" | "__table__").then_some(shape.table.as_str())
    }

    /// The table of which the value uses a column first.
    pub(super) fn owner(&self, file: usize, value: &Value) -> Option<&str> {
        let mut owner = None;
        value.visit(&mut |value| {
            if owner.is_some() {
                return;
            }
            owner = self.column(file, value).map(|(table, _)| table).or_else(|| {
                // `account.c.id.desc`.
                let path = value.path()?;
                let (column, _) = path.dotted.rsplit_once('.')?;
                let path = Path { dotted: column.into(), origin: path.origin };
                let (shape, rest) = self.named(file, &path, DEPTH)?;
                shape.column(&rest).map(|_| shape.table.as_str())
            });
        });
        owner
    }

    /// The column of `table` that a dotted name in a file stands for.
    pub(super) fn column_of(&self, file: usize, table: &str, dotted: &str) -> Option<String> {
        let first = dotted.split('.').next().unwrap_or(dotted);
        let defined = self.files.get(file)?.names.resolve(first).origin == Origin::Defined;
        let origin = if defined { Origin::Defined } else { Origin::Imported };
        let (shape, rest) = self.named(file, &Path { dotted: dotted.into(), origin }, DEPTH)?;
        (shape.table == table).then(|| shape.column(&rest))?
    }

    /// The table at the beginning of a name, and the rest of the name.
    fn named(&self, file: usize, path: &Path, depth: usize) -> Option<(&Shape, String)> {
        let depth = depth.checked_sub(1)?;
        match path.origin {
            Origin::Unbound => None,
            Origin::Defined => {
                let (first, rest) = path.dotted.split_once('.').unwrap_or((&path.dotted, ""));
                if let Some(shape) = self.shapes.get(file)?.get(first) {
                    return Some((shape, rest.into()));
                }
                let file_of = self.files.get(file)?;
                let value =
                    file_of.values.get(first).filter(|_| file_of.names.is_bound_once(first));
                self.named(file, &longer(value?.path()?, rest), depth)
            }
            Origin::Imported => {
                let (other, path) = self.imported(file, path)?;
                self.named(other, &path, depth)
            }
        }
    }

    /// The file that an imported name comes from, and what it is called there.
    pub(super) fn imported(&self, file: usize, path: &Path) -> Option<(usize, Path)> {
        let dots = path.dotted.len() - path.dotted.trim_start_matches('.').len();
        let ends = path.dotted.char_indices().rev().filter(|(_, letter)| *letter == '.');
        ends.filter_map(|(at, _)| Some((path.dotted.get(..at)?, path.dotted.get(at + 1..)?)))
            .find_map(|(module, name)| {
                // In `.tables` and `..` the dots belong to the module.
                let module = if module.len() < dots { path.dotted.get(..dots)? } else { module };
                let other = self.module(file, module)?;
                let (first, rest) = name.split_once('.').unwrap_or((name, ""));
                Some((other, longer(&self.files.get(other)?.names.resolve(first), rest)))
            })
    }

    /// The file of a module that another file imports.
    fn module(&self, from: usize, module: &str) -> Option<usize> {
        let path = |file: &ModelFile<'a>| file.source.path.replace('\\', "/");
        let relative = module.trim_start_matches('.');
        let level = module.len() - relative.len();
        let relative = relative.replace('.', "/");
        let mut folder = path(self.files.get(from)?);
        for _ in 0..level {
            folder.truncate(folder.rfind('/').unwrap_or(0));
        }
        let join = |folder: &str, name: &str| match (folder, name) {
            ("", name) | (name, "") => name.to_string(),
            _ => format!("{folder}/{name}"),
        };
        let module = if level == 0 { relative } else { join(&folder, &relative) };
        let wanted = [format!("{module}.py"), join(&module, "__init__.py")];
        let all = self.files.iter().enumerate();
        let matching = all.filter(|(_, file)| {
            let path = path(file);
            let is = |wanted: &String| {
                let above = path.strip_suffix(wanted.as_str());
                above.is_some_and(|above| above.is_empty() || level == 0 && above.ends_with('/'))
            };
            wanted.iter().any(is)
        });
        // Which folders Python looks in is not known here: the one that is nearest to the top.
        matching.min_by_key(|(_, file)| file.source.path.len()).map(|(at, _)| at)
    }
}

impl Shape {
    /// The column that the rest of a name stands for, after the name of the table or the class.
    fn column(&self, rest: &str) -> Option<String> {
        let (collection, name) =
            match rest.strip_prefix("__table__.").unwrap_or(rest).split_once('.') {
                Some(parts) => parts,
                None => return self.attributes.get(rest).cloned(),
            };
        let known = matches!(collection, "c" | "columns") && self.columns.contains(name);
        known.then(|| name.into())
    }
}

/// A name with more parts after it.
pub(super) fn longer(path: &Path, rest: &str) -> Path {
    let dot = if rest.is_empty() { "" } else { "." };
    Path { dotted: format!("{}{dot}{rest}", path.dotted), origin: path.origin }
}

/// A name, with `account.c["id"]` as `account.c.id`.
pub(super) fn dotted(value: &Value) -> Option<Path> {
    match &value.kind {
        Kind::Name(path) => Some(path.clone()),
        Kind::Subscript(of, items) => match (of.path(), items.as_slice()) {
            (Some(path), [name]) if matches!(path.last(), "c" | "columns") => {
                name.text().filter(|name| !name.contains('.')).map(|name| longer(path, name))
            }
            _ => None,
        },
        _ => None,
    }
}

fn class_shape(class: &Class) -> Option<Shape> {
    let mut shape = match (class.value("__tablename__"), class.value("__table__")) {
        (Some(name), _) => Shape { table: name.text()?.into(), ..Shape::default() },
        (None, Some(table)) => {
            let mut shape = called_shape(called(table)?.1);
            shape.attributes =
                shape.columns.iter().map(|name| (name.clone(), name.clone())).collect();
            return Some(shape);
        }
        (None, None) => return None,
    };
    for attribute in &class.attributes {
        let name = match &attribute.value {
            Some(value) => called(value).and_then(|(class, call)| {
                let named = || written_name(call).unwrap_or(&attribute.name).to_string();
                matches!(class, "Column" | "mapped_column").then(named)
            }),
            None => attribute.annotation.as_ref().and_then(mapped).map(|_| attribute.name.clone()),
        };
        if let Some(name) = name {
            shape.columns.insert(name.clone());
            shape.attributes.insert(attribute.name.clone(), name);
        }
    }
    Some(shape)
}

fn table_shape(table: &CoreTable) -> Shape {
    called(&table.value).map(|(_, call)| called_shape(call)).unwrap_or_default()
}

fn called_shape(call: &Call) -> Shape {
    let columns = call.arguments.iter().filter_map(|value| match called(value)? {
        ("Column", call) => written_name(call).map(String::from),
        _ => None,
    });
    Shape {
        table: written_name(call).unwrap_or_default().into(),
        columns: columns.collect(),
        attributes: BTreeMap::new(),
    }
}

/// The name that a call gives to what it makes.
fn written_name(call: &Call) -> Option<&str> {
    let by_keyword = || {
        let keyword = call.keywords.iter().find(|keyword| keyword.name == "name")?;
        keyword.value.text()
    };
    call.arguments.first().and_then(Value::text).or_else(by_keyword)
}
