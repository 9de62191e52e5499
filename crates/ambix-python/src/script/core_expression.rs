//! What names and literals in a statement come to: `account.c.id == 3`.

use super::bulk_insert::Target;
use super::reader::Reader;
use super::stored::stored;
use crate::sqlalchemy::{AND, Arguments, NamedColumn, Nature, Operands, WHOLE, sql};
use crate::value::{Kind, Origin, Value};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::schema::DataType;
use ambix_core::sqlite::{insert, quote};

/// What names in a statement mean.
pub(super) struct Scope<'a, 's> {
    pub(super) reader: &'a Reader<'s>,
    pub(super) given: &'a Arguments<'s>,
    /// The table that the statement is about.
    pub(super) table: &'a str,
    pub(super) columns: &'a [Target<'a>],
}

impl Scope<'_, '_> {
    /// The column that a value names: `account.c.id`, `account.c["id"]`.
    pub(super) fn column(&self, value: &Value) -> Option<&Target<'_>> {
        match &value.kind {
            Kind::Name(path) if path.origin == Origin::Defined => self.named(&path.dotted),
            Kind::Subscript(of, items) => {
                let path = of.path().filter(|path| path.origin == Origin::Defined)?;
                let [name] = items.as_slice() else { return None };
                self.named(&format!("{}.{}", path.dotted, name.text()?))
            }
            _ => None,
        }
    }

    fn named(&self, dotted: &str) -> Option<&Target<'_>> {
        let (rest, name) = dotted.rsplit_once('.')?;
        let (table, word) = rest.rsplit_once('.')?;
        // A column of another table is nothing that this statement knows.
        let declared = self.reader.tables.named(table)?;
        let is_this = declared.call()?.arguments.first()?.text() == Some(self.table);
        (is_this && matches!(word, "c" | "columns"))
            .then(|| self.columns.iter().find(|column| column.name == name))?
    }

    /// What a column of type `of` is set to.
    pub(super) fn value(&self, value: &Value, of: Option<&DataType>) -> Result<String, Diagnostic> {
        self.with(of, |operands| operands.operand(value, WHOLE, None))
    }

    /// A condition.
    pub(super) fn condition(&self, value: &Value) -> Result<String, Diagnostic> {
        self.with(None, |operands| operands.operand(value, AND, None))
    }

    fn with(
        &self,
        of: Option<&DataType>,
        read: impl Fn(&Operands) -> Result<String, Diagnostic>,
    ) -> Result<String, Diagnostic> {
        let type_of = |value: &Value| self.column(value).and_then(|it| it.data_type.as_ref());
        let leaf = |value: &Value, beside: Option<&Value>| {
            self.leaf(value, beside.and_then(type_of).or(of))
        };
        let column =
            |value: &Value| self.column(value).map(|it| Nature::of_type(it.data_type.as_ref()));
        read(&Operands { leaf: &leaf, column: &column, source: self.reader.source })
    }

    /// A column, a literal, or SQL that needs no table.
    fn leaf(&self, value: &Value, of: Option<&DataType>) -> Result<String, Diagnostic> {
        if let Some(column) = self.column(value) {
            return Ok(format!("{}.{}", quote::name(self.table), quote::name(&column.name)));
        }
        let column = |dotted: &str| {
            let Target { name, data_type, .. } = self.named(dotted)?;
            Some(NamedColumn::new(name.clone(), data_type.as_ref()))
        };
        match sql(self.reader.source, value, &column) {
            Some(sql) => sql,
            None => Ok(insert::value(&stored(self.given, value, of)?)),
        }
    }
}
