//! The columns of a class: its own, and those of its mixins.

use super::attribute::{column, declared, mentions_columns, other};
use super::class::{Mapping, computed};
use super::types::spread;
use super::{Follower, Found};
use crate::sqlalchemy::{ColumnDeclaration, TableDeclaration, table_part};
use crate::syntax::Source;
use crate::value::{Attribute, Class, Method};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::schema::DataType;
use litemap::LiteMap;
use ruff_python_ast::name::Name;

/// What the columns of a class and of its mixins are called in Python.
pub(super) type Named = LiteMap<Name, (String, Option<DataType>)>;

/// Collects the columns of a class and of its mixins, in SQLAlchemy's order: its own first.
pub(super) fn columns<'a>(
    follower: &mut Follower<'a>,
    mapping: &Mapping<'a>,
    line: &[usize],
    table: &str,
    declaration: &mut TableDeclaration,
    found: &mut Found<'a>,
) -> Named {
    let mut named = Named::new();
    let mut seen: LiteMap<Name, ()> = LiteMap::new();
    for above in line {
        let Some(class) = follower.host.class_of(*above).cloned() else { continue };
        let is_own = *above == mapping.id;
        if !is_own && found.mapped.contains_key(above) {
            // What it has is in its own table, with all that it inherits.
            for of in follower.host.line(*above) {
                let Some(class) = follower.host.class_of(of) else { continue };
                for attribute in &class.attributes {
                    seen.insert(attribute.name.clone(), ());
                }
                for function in &class.functions {
                    seen.insert(function.name.clone(), ());
                }
            }
            continue;
        }
        let file = follower.host.entities.get(*above).map_or(mapping.file, |entity| entity.file);
        let source = follower.host.sources.get(file).copied().unwrap_or(mapping.source);
        let members = members(&class);
        declaration.columns.reserve(members.len());
        for member in members {
            let name = member.name();
            if name.starts_with("__") || seen.insert(name.clone(), ()).is_some() {
                continue;
            }
            let read = match member {
                Member::Attribute(attribute) => {
                    column(follower, mapping.id, table, source, attribute)
                }
                Member::Function(function) => {
                    declared_attribute(follower, mapping, *above, table, source, function)
                }
            };
            match read {
                Ok(None) => {}
                Ok(Some(mut column)) => {
                    let column_name = column.name.clone().unwrap_or_default();
                    named.insert(name.clone(), (column_name, column.data_type.clone()));
                    if file != mapping.file {
                        here(&mut column, mapping.class.span);
                    }
                    declaration.columns.push(column);
                }
                Err(error) => found.report(error),
            }
        }
        for (span, statement) in &class.others {
            let message = format!("In the body of a model, {statement} is not read");
            let hint = "Write the columns one after another.";
            found.report(source.unsupported(*span, message).hint(hint));
        }
    }
    ambix_core::sort::sort_by_key(&mut declaration.columns, |column| column.sort_order);
    named
}

/// A column of another file stands where the class does.
fn here(column: &mut ColumnDeclaration, span: Span) {
    column.span = span;
    column.foreign_keys.iter_mut().for_each(|(_, of)| *of = span);
    column.checks.iter_mut().for_each(|(_, of)| *of = span);
}

enum Member<'c> {
    Attribute(&'c Attribute),
    Function(&'c Method),
}

impl<'c> Member<'c> {
    fn name(&self) -> &'c Name {
        match self {
            Self::Attribute(attribute) => &attribute.name,
            Self::Function(function) => &function.name,
        }
    }

    const fn start(&self) -> usize {
        match self {
            Self::Attribute(attribute) => attribute.span.start,
            Self::Function(function) => function.span.start,
        }
    }
}

/// Attributes and functions as they are written; of several with one name the last counts, in the place of the first.
fn members(class: &Class) -> Vec<Member<'_>> {
    let attributes = class.attributes.iter();
    // `name: int` alone, beside a value elsewhere in the class.
    let attributes = attributes.filter(|one| {
        one.value.is_some() || one.annotation.as_ref().and_then(super::annotation::mapped).is_some()
    });
    let mut all: Vec<Member> = attributes.map(Member::Attribute).collect();
    all.extend(class.functions.iter().map(Member::Function));
    ambix_core::sort::sort_by_key(&mut all, Member::start);
    let mut members: Vec<Member> = Vec::with_capacity(all.len());
    let mut at: LiteMap<&Name, usize> = LiteMap::new();
    for member in all {
        let name = member.name();
        match at.get(name).and_then(|at: &usize| members.get_mut(*at)) {
            Some(known) => *known = member,
            None => {
                at.insert(name, members.len());
                members.push(member);
            }
        }
    }
    members
}

/// The column that a function with `@declared_attr` gives.
fn declared_attribute<'a>(
    follower: &mut Follower<'a>,
    mapping: &Mapping<'a>,
    owner: usize,
    table: &str,
    source: Source<'a>,
    function: &Method,
) -> Result<Option<ColumnDeclaration>, Diagnostic> {
    let is_declared = function.decorators.iter().any(|decorator| {
        decorator.named().is_some_and(|path| path.dotted.contains("declared_attr"))
    });
    if !is_declared {
        return Ok(None);
    }
    let value = match computed(follower, mapping, owner, function) {
        Ok(value) => value,
        // A relationship, say.
        Err(error) => {
            let text = source.text.get(function.span.start..).unwrap_or_default();
            let end =
                text.find("\n    def ").or_else(|| text.find("\nclass ")).unwrap_or(text.len());
            return if mentions_columns(&text[..end]) { Err(error) } else { Ok(None) };
        }
    };
    match table_part(&value) {
        Some("Column" | "mapped_column") => {
            // The place of the column within the function, which may be of another file.
            let mut column = declared(follower, table, source, &spread(value, function.span))?;
            column.name.get_or_insert_with(|| function.name.to_string());
            Ok(Some(column))
        }
        _ => other(follower, source, &function.name, &value).map(|()| None),
    }
}
