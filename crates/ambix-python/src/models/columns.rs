//! The columns of a class: its own, and those of its mixins.

use super::attribute::{annotate, column, declared, mentions_columns, other};
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
    for (position, above) in line.iter().enumerate() {
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
        let members = members(&class, is_own);
        declaration.columns.reserve(members.len());
        for member in members {
            let name = member.name();
            if name.starts_with("__") || seen.contains_key(name) {
                continue;
            }
            // What has no value here gives way to what a mixin has.
            if matches!(member, Member::Attribute(one) if one.value.is_none()) {
                let behind = line.get(position + 1..).unwrap_or_default();
                let mut behind = behind.iter().filter(|id| !found.mapped.contains_key(id));
                if behind.any(|id| has_column(follower, *id, name, is_own)) {
                    continue;
                }
            }
            seen.insert(name.clone(), ());
            let read = match member {
                Member::Attribute(attribute) => {
                    let mut attribute = std::borrow::Cow::Borrowed(attribute);
                    if !is_own && attribute.annotation.is_none() {
                        // The model may say of what type the column of a mixin is.
                        let mut own = mapping.class.attributes.iter();
                        if let Some(own) = own.find(|own| own.name == *name) {
                            attribute.to_mut().annotation.clone_from(&own.annotation);
                        }
                    }
                    column(follower, mapping.id, table, source, &attribute)
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
    ambix_core::sort::sort_by_key(&mut declaration.columns, |column| {
        column.sort_order.unwrap_or(0)
    });
    named
}

/// Whether a class has a column of that name; one with a value, if it is not asked for the model itself.
fn has_column(follower: &Follower, id: usize, name: &str, is_own: bool) -> bool {
    let attributes = follower.host.class_of(id).map_or(&[][..], |class| &class.attributes);
    attributes.iter().any(|one| {
        let is_mapped = || one.annotation.as_ref().and_then(super::annotation::mapped).is_some();
        one.name == name
            && match &one.value {
                Some(value) => !is_own || table_part(value).is_some(),
                None => is_own && is_mapped(),
            }
    })
}

/// A column of another file stands where the class does.
fn here(column: &mut ColumnDeclaration, span: Span) {
    column.span = span;
    column.foreign_keys.iter_mut().for_each(|(_, of)| *of = span);
    column.checks.iter_mut().for_each(|(_, of)| *of = span);
}

#[derive(Clone, Copy)]
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

/// Attributes and functions in SQLAlchemy's order; of several with one name the last counts.
fn members(class: &Class, is_own: bool) -> Vec<Member<'_>> {
    let mut all: Vec<Member> = class.attributes.iter().map(Member::Attribute).collect();
    all.extend(class.functions.iter().map(Member::Function));
    ambix_core::sort::sort_by_key(&mut all, Member::start);
    let (mut bound, mut annotated) = (Vec::new(), Vec::new());
    let mut last: LiteMap<&Name, Member> = LiteMap::new();
    for member in all {
        let name = member.name();
        let (value, annotation) = match member {
            Member::Attribute(of) => (of.value.is_some(), of.annotation.as_ref()),
            Member::Function(_) => (true, None),
        };
        if value && !bound.contains(&name) {
            bound.push(name);
        }
        if annotation.is_some() && !annotated.contains(&name) {
            annotated.push(name);
        }
        // `name: int` alone is no column, and says nothing beside a value elsewhere in the class.
        if value
            || annotation.and_then(super::annotation::mapped).is_some() && !last.contains_key(name)
        {
            last.insert(name, member);
        }
    }
    let order = merged(&bound, &annotated);
    let mut members: Vec<Member> = order.iter().filter_map(|name| last.remove(name)).collect();
    if !is_own {
        // Of a mixin, the columns are copied before its functions are called.
        ambix_core::sort::sort_by_key(&mut members, |one| {
            usize::from(matches!(one, Member::Function(_)))
        });
    }
    members
}

/// The names in the body of a class, of which SQLAlchemy has two lists: what has a value, and what has an annotation.
/// What is in both is where the two meet. Source: `merge_lists_w_ordering` of SQLAlchemy.
fn merged<'c>(bound: &[&'c Name], annotated: &[&'c Name]) -> Vec<&'c Name> {
    let (mut current, mut other) = (bound.iter(), annotated.iter());
    let mut both: Vec<&Name> =
        bound.iter().filter(|name| annotated.contains(name)).copied().collect();
    let mut order = Vec::new();
    while let Some(name) = current.next() {
        match both.iter().position(|one| one == name) {
            Some(at) => {
                both.swap_remove(at);
                std::mem::swap(&mut current, &mut other);
            }
            None => order.push(*name),
        }
    }
    order.extend(other);
    order
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
        Some(what @ ("Column" | "mapped_column")) => {
            let returns = function.returns.as_ref().filter(|_| what == "mapped_column");
            // The place of the column within the function, which may be of another file.
            let mut column = declared(follower, table, source, &spread(value, function.span))?;
            column.name.get_or_insert_with(|| function.name.to_string());
            if let Some(mapped) = returns.and_then(super::annotation::mapped) {
                annotate(follower, mapping.id, table, source, &mapped, &mut column)?;
            }
            Ok(Some(column))
        }
        _ => other(follower, source, &function.name, &value).map(|()| None),
    }
}
