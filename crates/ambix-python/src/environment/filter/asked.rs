//! Asking the functions about one thing after another.

use super::desk::{Desk, text, thing_value};
use super::thing::{Thing, things_of};
use super::{Function, Gone};
use crate::evaluate::{Evaluator, Stop};
use crate::syntax::span_of;
use crate::value::{Kind, Value};
use ambix_core::diagnostic::Span;
use ambix_core::schema::Schema;
use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, Stmt};

/// Asks the functions about one thing after another.
pub(super) struct Asked<'a, 's> {
    pub(super) evaluator: Evaluator<'a, Desk<'s>>,
    pub(super) body: &'a [Stmt],
    /// The database and the models.
    pub(super) sides: [&'s Schema; 2],
    pub(super) parity: bool,
    pub(super) gone: [Gone; 2],
}

impl<'a, 's: 'a> Asked<'a, 's> {
    fn function(&mut self, function: &Function) -> Result<Value, Stop> {
        let nothing = Value { kind: Kind::None, span: Span::new(0, 0) };
        Ok(match function {
            Function::Named(name) => self.evaluator.open().constant(name).unwrap_or(Ok(nothing))?,
            Function::Lambda(at) => {
                let mut find = Find { at: *at, found: None };
                find.visit_body(self.body);
                match find.found {
                    Some(lambda) => self.evaluator.open().value(lambda)?,
                    None => nothing,
                }
            }
        })
    }

    /// Asks about each name in the database.
    pub(super) fn names(&mut self, function: &Function) -> Result<(), Stop> {
        let function = self.function(function)?;
        let [database, models] = self.sides;
        for (place, table) in database.tables.iter().enumerate() {
            let other = (models.tables.iter())
                .position(|other| other.name.eq_ignore_ascii_case(&table.name));
            if !self.includes_name(&function, Thing::Table(table), None)? {
                self.gone[0].tables.push(place);
                if let Some(other) = other.filter(|_| !self.parity) {
                    self.gone[1].tables.push(other);
                }
                continue;
            }
            let within = Some(table.name.as_str());
            // Of a table that goes only the indexes are looked at by themselves.
            let is_there = other.is_some();
            for (at, column) in table.columns.iter().enumerate().filter(|_| is_there) {
                if !self.includes_name(&function, Thing::Column(table, column), within)? {
                    self.leave_both(Thing::Column(table, column), place, at);
                }
            }
            for (at, constraint) in table.constraints.iter().enumerate().filter(|_| is_there) {
                if !self.includes_name(&function, Thing::Constraint(table, constraint), within)? {
                    self.leave_both(Thing::Constraint(table, constraint), place, at);
                }
            }
            for (at, index) in database.indexes.iter().enumerate() {
                if index.table.eq_ignore_ascii_case(&table.name)
                    && !self.includes_name(&function, Thing::Index(index), within)?
                {
                    self.leave_both(Thing::Index(index), place, at);
                }
            }
        }
        Ok(())
    }

    /// Leaves out what the database has, and unless Alembic is followed to the letter also what the models have for it.
    fn leave_both(&mut self, thing: Thing<'s>, table: usize, at: usize) {
        self.leave(0, &thing, table, at);
        if self.parity {
            return;
        }
        let [database, models] = self.sides;
        let name = database.tables.get(table).map(|table| table.name.as_str()).unwrap_or_default();
        let other = things_of(models, name).find(|(other, ..)| thing.is_like(other));
        if let Some((other, table, at)) = other {
            self.leave(1, &other, table, at);
        }
    }

    fn leave(&mut self, side: usize, thing: &Thing<'_>, table: usize, at: usize) {
        let gone = &mut self.gone[side];
        match thing {
            Thing::Table(_) => gone.tables.push(at),
            Thing::Column(..) => gone.columns.push((table, at)),
            Thing::Index(_) => gone.indexes.push(at),
            Thing::Constraint(..) => gone.constraints.push((table, at)),
        }
    }

    fn includes_name(
        &mut self,
        function: &Value,
        thing: Thing<'s>,
        table: Option<&str>,
    ) -> Result<bool, Stop> {
        let Some(kind) = thing.kind() else { return Ok(true) };
        let span = function.span;
        let none = || Value { kind: Kind::None, span };
        let mut parents = vec![(text("schema_name", span), none())];
        if let Some(table) = table {
            parents.push((text("table_name", span), text(table, span)));
        }
        if let Some(table) = table.or(thing.name()) {
            parents.push((text("schema_qualified_table_name", span), text(table, span)));
        }
        let name = thing.name().map_or_else(none, |name| text(name, span));
        let parents = Value { kind: Kind::Dict(parents), span };
        self.evaluator.open().holds(function, vec![name, text(kind, span), parents])
    }

    /// Asks about each object: one of the models with what the database has for it, then what only the database has.
    pub(super) fn objects(&mut self, function: &Function) -> Result<(), Stop> {
        let function = self.function(function)?;
        for side in [1, 0] {
            let (here, there) = (self.sides[side], self.sides[1 - side]);
            for (place, table) in here.tables.iter().enumerate() {
                if self.gone[side].tables.contains(&place) {
                    continue;
                }
                let mut others = there.tables.iter().enumerate().filter(|(at, other)| {
                    other.name.eq_ignore_ascii_case(&table.name)
                        && !self.gone[1 - side].tables.contains(at)
                });
                let other = others.next();
                // What both have was asked about with the models.
                if side == 1 || other.is_none() {
                    let compare_to = other.map(|(_, table)| Thing::Table(table));
                    if !self.includes(&function, Thing::Table(table), side, compare_to)? {
                        self.gone[side].tables.push(place);
                        if let Some((at, _)) = other {
                            self.gone[1 - side].tables.push(at);
                        }
                        continue;
                    }
                }
                for (thing, _, at) in things_of(here, &table.name) {
                    // Those of a table that is added or goes are its own matter, but for indexes.
                    if other.is_none() && !matches!(thing, Thing::Index(_)) {
                        continue;
                    }
                    let compared = things_of(there, &table.name).find(|(it, ..)| thing.is_like(it));
                    if side == 0 && compared.is_some() {
                        continue;
                    }
                    let compare_to = compared.map(|(it, ..)| it);
                    if !self.includes(&function, thing, side, compare_to)? {
                        self.leave(side, &thing, place, at);
                        if let Some((it, table, at)) = compared {
                            self.leave(1 - side, &it, table, at);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn includes(
        &mut self,
        function: &Value,
        thing: Thing<'s>,
        side: usize,
        compare_to: Option<Thing<'s>>,
    ) -> Result<bool, Stop> {
        let Some(kind) = thing.kind() else { return Ok(true) };
        let span = function.span;
        let none = || Value { kind: Kind::None, span };
        let things = &mut self.evaluator.host.things;
        things.clear();
        things.extend([Some(thing), compare_to].into_iter().flatten().map(|it| (it, side)));
        if let Some((_, side)) = things.get_mut(1) {
            *side = 1 - *side;
        }
        let arguments = vec![
            thing_value(0, span),
            thing.name().map_or_else(none, |name| text(name, span)),
            text(kind, span),
            Value { kind: Kind::Bool(side == 0), span },
            compare_to.map_or_else(none, |_| thing_value(1, span)),
        ];
        self.evaluator.open().holds(function, arguments)
    }
}

/// Finds the expression at a place.
struct Find<'a> {
    at: Span,
    found: Option<&'a Expr>,
}

impl<'a> Visitor<'a> for Find<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if span_of(expression) == self.at {
            self.found = Some(expression);
        } else if self.found.is_none() {
            walk_expr(self, expression);
        }
    }
}
