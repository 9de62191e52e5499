//! The columns that `__table_args__` names, as attributes of the class.

use super::Follower;
use super::class::Mapping;
use super::table_args::table_args;
use crate::sqlalchemy::{Columns, NamedColumn, TableDeclaration, called, named_column};
use crate::syntax::Source;
use crate::value::{Kind, Value};
use ambix_core::diagnostic::{Diagnostic, Span};

/// Reads `__table_args__` of a class of which the columns are declared.
pub(super) fn read_args(
    follower: &Follower,
    mapping: &Mapping,
    mut arguments: Value,
    declaration: &mut TableDeclaration,
) -> Result<(), Diagnostic> {
    let world = &follower.host;
    let declared = std::mem::take(&mut declaration.columns);
    let columns = |name: &str| {
        let of = |name: &str| {
            let mut all = declared.iter();
            let column = all.find(|column| column.attribute.as_deref() == Some(name))?;
            Some(NamedColumn::new(column.name.clone()?, column.data_type.as_ref()))
        };
        if let Some(column) = of(name) {
            return Some(column);
        }
        // `cls.name`, `Item.__table__.c.name`
        let (_, rest) = name.split_once('#')?;
        let (id, rest) = rest.split_once('.')?;
        let id: usize = id.parse().ok()?;
        let is_here = id == mapping.id || world.line(mapping.id).contains(&id);
        is_here.then(|| of(rest))?
    };
    name_columns(&mut arguments, &|value| columns(&value.path()?.dotted).map(|column| column.name));
    let items = arguments.items().unwrap_or_default();
    declaration.about = about(mapping.source, items, &columns);
    let read = table_args(mapping.source, &arguments, &columns, declaration);
    declaration.columns = declared;
    read
}

/// Writes the members of Enum classes that are compared with a column as the type of the column stores them.
pub(super) fn bind_members(follower: &mut Follower, line: &[usize], value: &mut Value) {
    let column = match &value.kind {
        Kind::Operation(left, _, _) => left.path().map(|path| path.dotted.to_string()),
        Kind::Call(call) => {
            call.callee.path().and_then(|path| Some(path.dotted.rsplit_once('.')?.0.to_string()))
        }
        _ => None,
    };
    let column = column.and_then(|name| {
        let name = name.rsplit('.').next().unwrap_or_default().to_string();
        line.iter().find_map(|id| follower.host.class_of(*id)?.value(&name).cloned())
    });
    match &mut value.kind {
        Kind::Tuple(items) | Kind::List(items) => {
            items.iter_mut().for_each(|item| bind_members(follower, line, item));
        }
        Kind::Dict(items) => {
            items.iter_mut().for_each(|(_, item)| bind_members(follower, line, item))
        }
        Kind::Operation(left, _, right) | Kind::Either(left, right) => {
            bind_members(follower, line, left);
            bind_members(follower, line, right);
            if let Some(column) = column {
                stored(follower, &column, right);
            }
        }
        Kind::Call(call) => {
            for argument in &mut call.arguments {
                bind_members(follower, line, argument);
                if let Some(column) = &column {
                    stored(follower, column, argument);
                }
            }
            call.keywords.iter_mut().for_each(|word| bind_members(follower, line, &mut word.value));
        }
        Kind::Unary(_, of) => bind_members(follower, line, of),
        _ => {}
    }
}

/// What the types of the files make of members of Enum classes on their way to the database.
fn stored(follower: &mut Follower, column: &Value, value: &mut Value) {
    if let Kind::List(items) | Kind::Tuple(items) | Kind::Set(items) = &mut value.kind {
        return items.iter_mut().for_each(|item| stored(follower, column, item));
    }
    let Some((id, member)) = value.path().and_then(|path| follower.host.parts(path)) else {
        return;
    };
    if member.is_empty() || !follower.host.is_enum(id) {
        return;
    }
    let Some(call) = column.call() else { return };
    let types = call.arguments.iter().chain(call.keywords.iter().map(|keyword| &keyword.value));
    for of in types {
        if called(of).is_some_and(|(name, _)| name == "Enum") {
            value.kind = Kind::Text(member.to_string());
            return;
        }
        if let Some(text) = super::types::bound(follower, of, value) {
            *value = text;
            return;
        }
    }
}

/// Writes out the columns that constraints name: `UniqueConstraint(name)` as `UniqueConstraint("name")`.
pub(super) fn name_columns(value: &mut Value, column: &dyn Fn(&Value) -> Option<String>) {
    let class = called(value).map(|(class, _)| class.to_string());
    let named = |value: &mut Value| {
        if let Some(name) = column(value) {
            value.kind = Kind::Text(name);
        }
    };
    match (&mut value.kind, class.as_deref()) {
        (Kind::Tuple(items) | Kind::List(items), _) => {
            items.iter_mut().for_each(|item| name_columns(item, column))
        }
        (Kind::Call(call), Some("UniqueConstraint" | "PrimaryKeyConstraint")) => {
            call.arguments.iter_mut().for_each(named);
        }
        (Kind::Call(call), Some("ForeignKeyConstraint")) => {
            if let Some(Kind::List(items) | Kind::Tuple(items)) =
                call.arguments.first_mut().map(|of| &mut of.kind)
            {
                items.iter_mut().for_each(named);
            }
        }
        _ => {}
    }
}

/// The columns of each `CheckConstraint` on an expression, by its place, as far as they are known: SQLAlchemy looks for
/// them level by level, so of several the first is only clear in a comparison of two.
pub(super) fn about(source: Source, items: &[Value], columns: Columns) -> Vec<(Span, Vec<String>)> {
    let mut found = Vec::new();
    for item in items {
        let Some(("CheckConstraint", call)) = called(item) else { continue };
        let Some(condition) = call.arguments.first() else { continue };
        let mut names: Vec<String> = Vec::new();
        let name = |value: &Value| match called(value) {
            Some(("column", call)) => super::lookup::written_name(call).map(String::from),
            _ => named_column(source, value, columns).map(|column| column.name),
        };
        condition.visit(&mut |value| {
            // `cls.price.in_`
            let inner =
                || columns(value.path()?.dotted.rsplit_once('.')?.0).map(|column| column.name);
            if let Some(name) = name(value).or_else(inner)
                && !names.contains(&name)
            {
                names.push(name);
            }
        });
        let is_plain = matches!(&condition.kind, Kind::Operation(left, _, right)
            if name(left).is_some() && name(right).is_some());
        if names.len() > 1 && !is_plain {
            names.clear();
        } else if names.is_empty() {
            continue;
        }
        found.push((item.span, names));
    }
    found
}
