use super::tables::Tables;
use crate::sqlalchemy::{Built, name_parts};
use crate::syntax::Source;
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::schema::{Constraint, Index, NamingConvention, Table};

/// What directives are read with, at one place of a script.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    /// The script.
    pub(super) source: Source<'a>,
    /// The tables that names stand for here.
    pub(super) tables: &'a Tables,
    /// Names for what has none.
    pub(super) convention: &'a NamingConvention,
}

impl Reader<'_> {
    /// Gives the constraints of a table and its indexes the names of the convention. `span` is where they are
    /// declared.
    ///
    /// # Errors
    /// If the convention cannot be filled in.
    pub(super) fn name_parts(
        &self,
        table: &mut Table,
        indexes: &mut [Index],
        span: Span,
    ) -> Result<(), Diagnostic> {
        name_parts(self.convention, table, indexes, &[])
            .map_err(|message| self.unnamed(message, span))
    }

    /// The same for a table as it is declared, of which some constraints were made by types.
    ///
    /// # Errors
    /// If the convention cannot be filled in.
    pub(super) fn name_built(&self, built: &mut Built, span: Span) -> Result<(), Diagnostic> {
        let Built { table, indexes, type_checks, .. } = built;
        name_parts(self.convention, table, indexes, &[type_checks])
            .map_err(|message| self.unnamed(message, span))
    }

    /// The same for a constraint of `table`.
    ///
    /// # Errors
    /// If the convention cannot be filled in.
    pub(super) fn name_constraint(
        &self,
        constraint: &mut Constraint,
        table: &str,
        span: Span,
    ) -> Result<(), Diagnostic> {
        let named = constraint.name_by(self.convention, table);
        named.map_err(|message| self.unnamed(message, span))
    }

    /// The error where the convention cannot make a name.
    pub(super) fn unnamed(&self, message: String, span: Span) -> Diagnostic {
        self.source.unsupported(span, message).hint("Give it a name of its own: `op.f(\"…\")`.")
    }
}
