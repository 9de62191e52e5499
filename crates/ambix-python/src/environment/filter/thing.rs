//! What the functions are asked about.

use ambix_core::schema::{Column, Constraint, Index, Schema, Table};

/// What the functions are asked about.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Thing<'s> {
    Table(&'s Table),
    Column(&'s Table, &'s Column),
    Index(&'s Index),
    Constraint(&'s Table, &'s Constraint),
}

impl Thing<'_> {
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Table(table) => Some(&table.name),
            Self::Column(_, column) => Some(&column.name),
            Self::Index(index) => Some(&index.name.text),
            Self::Constraint(_, constraint) => constraint.name().map(|name| name.text.as_str()),
        }
    }

    /// Alembic's word; nothing for what it does not ask about.
    pub(super) const fn kind(&self) -> Option<&'static str> {
        Some(match self {
            Self::Table(_) => "table",
            Self::Column(..) => "column",
            Self::Index(_) => "index",
            Self::Constraint(_, Constraint::Unique(_)) => "unique_constraint",
            Self::Constraint(_, Constraint::ForeignKey(_)) => "foreign_key_constraint",
            Self::Constraint(_, Constraint::Check(_)) => "check_constraint",
            Self::Constraint(_, Constraint::PrimaryKey(_)) => return None,
        })
    }

    /// Whether this is what the other side has for it: by its name, or by its columns where it has none.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let is_kind = self.kind() == other.kind();
        is_kind
            && match (self, other) {
                (
                    Self::Constraint(_, Constraint::Unique(one)),
                    Self::Constraint(_, Constraint::Unique(other)),
                ) if one.name.is_none() || other.name.is_none() => one.columns == other.columns,
                (
                    Self::Constraint(_, Constraint::ForeignKey(one)),
                    Self::Constraint(_, Constraint::ForeignKey(other)),
                ) if one.name.is_none() || other.name.is_none() => one.columns == other.columns,
                _ => match (self.name(), other.name()) {
                    (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
                    _ => false,
                },
            }
    }
}

/// What belongs to the table of that name, with the place of the table and its own.
pub(super) fn things_of<'s>(
    schema: &'s Schema,
    name: &str,
) -> impl Iterator<Item = (Thing<'s>, usize, usize)> {
    let place = schema.tables.iter().position(|table| table.name.eq_ignore_ascii_case(name));
    let table = place.and_then(|at| Some((at, schema.tables.get(at)?)));
    let indexes = schema.indexes.iter().enumerate();
    let of_table = table.into_iter().flat_map(|(place, table)| {
        let columns = table.columns.iter().enumerate();
        let constraints = table.constraints.iter().enumerate();
        columns
            .map(move |(at, column)| (Thing::Column(table, column), place, at))
            .chain(constraints.map(move |(at, one)| (Thing::Constraint(table, one), place, at)))
    });
    let name = table.map(|(_, table)| table.name.as_str());
    let of_table_alone = indexes
        .filter(move |(_, index)| name.is_some_and(|name| index.table.eq_ignore_ascii_case(name)));
    of_table.chain(
        of_table_alone.map(move |(at, index)| (Thing::Index(index), place.unwrap_or_default(), at)),
    )
}
