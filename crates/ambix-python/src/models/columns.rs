//! The columns of a class: its own, and those of its mixins.

use super::attribute::{annotate, column, declared, mentions_columns, other};
use super::class::{Mapping, computed};
use super::types::spread;
use super::{Follower, Found};
use crate::sqlalchemy::{ColumnDeclaration, TableDeclaration, table_part};
use crate::syntax::Source;
use crate::value::{Attribute, Class, Method};
use ambix_core::diagnostic::{Diagnostic, Span};
use hashbrown::{HashMap, HashSet};
use ruff_python_ast::name::Name;
use rustc_hash::FxBuildHasher;

/// Collects the columns of a class and of its mixins, in SQLAlchemy's order: its own first.
pub(super) fn columns<'a>(
    follower: &mut Follower<'a>,
    mapping: &Mapping<'a>,
    line: &[usize],
    table: &str,
    declaration: &mut TableDeclaration,
    found: &mut Found<'a>,
) {
    let mut seen: HashSet<Name, FxBuildHasher> = HashSet::default();
    for (position, above) in line.iter().enumerate() {
        let Some(class) = follower.host.class_of(*above).cloned() else { continue };
        let is_own = *above == mapping.id;
        if !is_own && found.mapped.contains_key(above) {
            // What it has is in its own table, with all that it inherits.
            for of in follower.host.line(*above) {
                let Some(class) = follower.host.class_of(of) else { continue };
                for attribute in &class.attributes {
                    seen.insert(attribute.name.clone());
                }
                for function in &class.functions {
                    seen.insert(function.name.clone());
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
            if name.starts_with("__") || seen.contains(name) {
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
            seen.insert(name.clone());
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
                    column.attribute = Some(name.clone());
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
    let mut names: HashMap<&Name, usize, FxBuildHasher> = HashMap::default();
    let mut said: Vec<Said> = Vec::with_capacity(all.len());
    let (mut bound, mut annotated) = (Vec::new(), Vec::new());
    for member in all {
        let at = *names.entry(member.name()).or_insert(said.len());
        if at == said.len() {
            said.push(Said::default());
        }
        let Some(of) = said.get_mut(at) else { continue };
        let (value, annotation) = match member {
            Member::Attribute(of) => (of.value.is_some(), of.annotation.as_ref()),
            Member::Function(_) => (true, None),
        };
        if value && !std::mem::replace(&mut of.is_bound, true) {
            bound.push(at);
        }
        if annotation.is_some() && !std::mem::replace(&mut of.is_annotated, true) {
            annotated.push(at);
        }
        // `name: int` alone is no column, and says nothing beside a value elsewhere in the class.
        if value || annotation.and_then(super::annotation::mapped).is_some() && of.member.is_none()
        {
            of.member = Some(member);
        }
    }
    let order = merged(&bound, &annotated, &mut said);
    let mut members: Vec<Member> =
        order.into_iter().filter_map(|at| said.get_mut(at)?.member.take()).collect();
    if !is_own {
        // Of a mixin, the columns are copied before its functions are called.
        ambix_core::sort::sort_by_key(&mut members, |one| {
            usize::from(matches!(one, Member::Function(_)))
        });
    }
    members
}

/// What the body of a class says of one name.
#[derive(Default)]
struct Said<'c> {
    is_bound: bool,
    is_annotated: bool,
    /// What makes the column, if one does.
    member: Option<Member<'c>>,
}

/// The names in the body of a class, of which SQLAlchemy has two lists: what has a value, and what has an annotation.
/// What is in both is where the two meet. Source: `merge_lists_w_ordering` of SQLAlchemy.
fn merged(bound: &[usize], annotated: &[usize], said: &mut [Said]) -> Vec<usize> {
    let (mut current, mut other) = (bound.iter(), annotated.iter());
    let mut order = Vec::with_capacity(said.len());
    while let Some(at) = current.next() {
        match said.get_mut(*at) {
            Some(of) if of.is_bound && of.is_annotated => {
                of.is_annotated = false;
                std::mem::swap(&mut current, &mut other);
            }
            _ => order.push(*at),
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
