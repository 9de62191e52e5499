//! SQLAlchemy's expressions as SQL: `text("…")`, `func.lower(name)`, `column("a") > 1`, `and_(…)`,
//! `account.c.id.in_([1])`.
//!
//! Sources: SQLAlchemy's `SQLCompiler` with literals in the place of parameters, and its `SQLiteCompiler`.

mod call;
mod method;
mod operation;
mod part;
mod select;
mod text;

use operation::says_nothing;
pub(crate) use part::ALONE;
pub(crate) use text::{filled_text, unescaped};

use super::arguments::explain;
use super::nature::Nature;
use super::{called, column};
use crate::syntax::Source;
use crate::value::{Kind, Path, Value};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::schema::DataType;
use ambix_core::sqlite::quote;
use part::{Operator, Part};
use std::cell::{Cell, RefCell};

/// A column that is named in an expression.
pub(crate) struct NamedColumn {
    pub(crate) name: String,
    /// Its table, where the SQL has to say it.
    pub(crate) table: Option<String>,
    pub(crate) data_type: Option<DataType>,
}

impl NamedColumn {
    /// A column of this type, if it has one.
    pub(crate) fn new(name: String, of: Option<&DataType>) -> Self {
        Self { name, table: None, data_type: of.cloned() }
    }
}

/// The columns that can be named in an expression: from the name in Python to the column.
pub(crate) type Columns<'a> = &'a dyn Fn(&str) -> Option<NamedColumn>;

/// The column that a value names; one that stands for itself may be a `Column` that goes into the table too.
pub(crate) fn named_column(source: Source, value: &Value, columns: Columns) -> Option<NamedColumn> {
    match called(value) {
        Some(("Column", call)) => {
            let declared = column(source, "Column", call, value.span).ok()?;
            Some(NamedColumn::new(declared.name?, declared.data_type.as_ref()))
        }
        _ => columns(&value.path()?.dotted),
    }
}

/// The name of a table and those of its columns.
pub(crate) type NamedTable = (String, Vec<String>);

/// Gives the SQL of a literal; the second is its type, if that is known.
type Literals<'a> = &'a dyn Fn(&Value, Option<&DataType>) -> Result<String, Diagnostic>;

/// What the parts of an expression stand for.
pub(crate) struct Expressions<'a> {
    /// The file.
    pub(crate) source: Source<'a>,
    /// The column that a value names: `account.c.id`.
    pub(crate) column: &'a dyn Fn(&Value) -> Option<NamedColumn>,
    /// The table that a value names: `account`.
    pub(crate) table: &'a dyn Fn(&Value) -> Option<NamedTable>,
    /// What literals are written as.
    pub(crate) literal: Literals<'a>,
    /// The tables that were named so far, of the statement and of each SELECT within it.
    pub(crate) tables: RefCell<Vec<Vec<String>>>,
    /// What was given a name in some SELECT, each by what it is.
    pub(crate) labels: RefCell<Vec<String>>,
    /// How deep what is read is nested; a call counts for more than an operator.
    pub(crate) depth: Cell<usize>,
}

/// The deepest nesting. What reads expressions recurses, and in a browser the stack is small.
const DEEPEST: usize = 300;
/// What a call counts for.
const CALL: usize = 8;

/// The SQL of an expression, or `None` if the value is no SQL expression at all.
pub(crate) fn sql(
    source: Source,
    value: &Value,
    columns: Columns,
) -> Option<Result<String, Diagnostic>> {
    let column = |value: &Value| named_column(source, value, columns);
    let literal = |value: &Value, _: Option<&DataType>| plain(source, value);
    let expressions = Expressions {
        source,
        column: &column,
        table: &|_| None,
        literal: &literal,
        tables: RefCell::default(),
        labels: RefCell::default(),
        depth: Cell::default(),
    };
    expressions.part(value).map(|part| part.map(|part| part.sql)).transpose()
}

/// A literal whose type is Python's.
fn plain(source: Source, value: &Value) -> Result<String, Diagnostic> {
    match &value.kind {
        Kind::Text(text) => Ok(quote::text(text)),
        Kind::Int(number) => Ok(number.to_string()),
        Kind::Float(number) => Ok(crate::write::repr::float(*number)),
        Kind::None => Ok("NULL".into()),
        Kind::Bool(flag) => Ok(if *flag { "1" } else { "0" }.into()),
        _ => {
            let message = format!("{} cannot be read as SQL", value.describe());
            let error = explain(source, value, source.unsupported(value.span, message));
            Err(error.hint("Write the SQL yourself: `text(\"lower(name)\")`."))
        }
    }
}

impl Expressions<'_> {
    /// The SQL of a value, an expression or a literal of that type, as an operand of `outer`.
    pub(crate) fn operand(
        &self,
        value: &Value,
        of: Option<&DataType>,
        outer: Operator,
    ) -> Result<String, Diagnostic> {
        Ok(self.value(value, of)?.within(outer))
    }

    /// The conditions among `values` as one, which may be empty.
    pub(crate) fn conditions(&self, values: &[Value]) -> Result<String, Diagnostic> {
        let values = values.iter().filter(|value| !says_nothing(value));
        Ok(select::all(values.map(|value| self.value(value, None)).collect::<Result<_, _>>()?))
    }

    /// The tables whose columns were named beside that of the statement.
    pub(crate) fn other_tables(&self) -> String {
        let tables = self.tables.borrow();
        let others = tables.last().map_or(&[][..], |named| named.get(1..).unwrap_or_default());
        others.iter().map(|name| quote::name(name)).collect::<Vec<_>>().join(", ")
    }

    /// An expression, or a literal of that type.
    fn value(&self, value: &Value, of: Option<&DataType>) -> Result<Part, Diagnostic> {
        match self.part(value)? {
            Some(part) => Ok(part),
            None => Ok(Part::whole((self.literal)(value, of)?, literal_nature(value))),
        }
    }

    /// An expression; nothing if the value is none.
    fn part(&self, value: &Value) -> Result<Option<Part>, Diagnostic> {
        if let Some(column) = (self.column)(value) {
            return Ok(Some(self.column_part(column)));
        }
        let depth = self.deeper(value, if value.call().is_some() { CALL } else { 1 })?;
        let found = match &value.kind {
            Kind::Operation(left, operator, right) => self.operation(value, left, operator, right),
            Kind::Either(left, right) => self.operation(value, left, "|", right),
            Kind::Unary(operator, of) => self.unary(operator, of),
            Kind::Call(call) => self.call(value, call),
            _ => Ok(None),
        };
        self.depth.set(depth);
        found
    }

    /// Goes deeper. Gives how deep it was before.
    fn deeper(&self, value: &Value, by: usize) -> Result<usize, Diagnostic> {
        let depth = self.depth.get();
        if depth + by > DEEPEST {
            let message = "The expression is nested too deeply";
            let error = self.source.unsupported(value.span, message);
            return Err(error.hint("Write it as SQL: `sa.text(\"…\")`."));
        }
        self.depth.set(depth + by);
        Ok(depth)
    }

    fn column_part(&self, column: NamedColumn) -> Part {
        let mut sql = quote::name(&column.name);
        if let Some(table) = column.table {
            sql = format!("{}.{sql}", quote::name(&table));
            if let Some(named) = self.tables.borrow_mut().last_mut()
                && !named.contains(&table)
            {
                named.push(table);
            }
        }
        let nature = Nature::of_type(column.data_type.as_ref());
        Part { data_type: column.data_type, ..Part::whole(sql, nature) }
    }
}

/// The nature of a literal: SQLAlchemy takes Python's type.
fn literal_nature(value: &Value) -> Nature {
    match &value.kind {
        Kind::Text(_) => Nature::Text,
        Kind::Bool(_) => Nature::Boolean,
        Kind::Int(_) => Nature::Integer,
        Kind::None => Nature::Unknown,
        _ => Nature::Other,
    }
}

/// What a method is called on, for a callee that is a dotted name: `account.c.id` of `account.c.id.in_`.
fn owner(callee: &Value) -> Option<(Value, &str)> {
    let path = callee.path()?;
    let (of, name) = path.dotted.rsplit_once('.')?;
    let path = Path { dotted: of.into(), origin: path.origin };
    Some((Value { kind: Kind::Name(path), span: callee.span }, name))
}
