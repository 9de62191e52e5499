//! `include_name` and `include_object`: functions of env.py that say what a comparison leaves alone.
//!
//! They are followed like a revision script, and asked about every object before the comparison: what they do not
//! include is taken out of both sides. Alembic asks them as it goes (`AutogenContext.run_name_filters`,
//! `run_object_filters`), which comes to the same.

use super::{ConfigureOptions, Function};
use crate::evaluate::{Evaluator, Host, Stop, finds};
use crate::syntax::{File, parse, span_of};
use crate::value::{Kind, Origin, Path, Value};
use ambix_core::diagnostic::{Diagnostic, Span};
use ambix_core::schema::{Column, Constraint, Index, Schema, Table};
use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, Stmt};

/// The functions, and the file that they are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filters {
    path: String,
    text: String,
    include_name: Option<Function>,
    include_object: Option<Function>,
    sections: Sections,
}

/// The options of the configuration by their sections; of the main section under no name.
pub type Sections = Vec<(Option<String>, Vec<(String, String)>)>;

impl Filters {
    /// Those that the options of this env.py name and that are wanted by their keywords; nothing if there are none.
    pub fn of(
        path: &str,
        text: &str,
        options: &ConfigureOptions,
        is_wanted: impl Fn(&str) -> bool,
        sections: Sections,
    ) -> Option<Self> {
        let include_name = options.include_name.clone().filter(|_| is_wanted("include_name"));
        let include_object = options.include_object.clone().filter(|_| is_wanted("include_object"));
        include_name.as_ref().or(include_object.as_ref())?;
        let (path, text) = (path.into(), text.into());
        Some(Self { path, text, include_name, include_object, sections })
    }

    /// Takes out of both sides what they do not include. With `parity` a name is only taken out of the database, as
    /// Alembic does it: then a table of the models is one to be added.
    ///
    /// # Errors
    /// If a function cannot be followed to its end, with its line.
    pub fn reduce(
        &self,
        database: &mut Schema,
        models: &mut Schema,
        parity: bool,
    ) -> Result<(), Diagnostic> {
        let file = File::new(&self.path, &self.text);
        let source = file.source();
        let parsed = parse(source)?;
        let body = &parsed.syntax().body;
        let gone = {
            let sides = [&*database, &*models];
            let desk = Desk { sides, things: Vec::new(), sections: &self.sections };
            let mut asked = Asked {
                evaluator: Evaluator::new(source, desk, body),
                body,
                sides,
                parity,
                gone: [Gone::default(), Gone::default()],
            };
            let failed = |stop: Stop| stop.into_diagnostic(source).hint(LEAVE_OUT);
            if let Some(function) = &self.include_name {
                asked.names(function).map_err(failed)?;
            }
            if let Some(function) = &self.include_object {
                asked.objects(function).map_err(failed)?;
            }
            asked.gone
        };
        for (schema, gone) in [database, models].into_iter().zip(gone) {
            gone.leave(schema);
        }
        Ok(())
    }
}

const LEAVE_OUT: &str = "Or name what is left out, in place of the function: `exclude_tables = …` and `exclude_objects = …` in `[ambix]`.";

/// The places of what is left out of one side.
#[derive(Default)]
struct Gone {
    tables: Vec<usize>,
    indexes: Vec<usize>,
    /// With the place of the table.
    columns: Vec<(usize, usize)>,
    constraints: Vec<(usize, usize)>,
}

impl Gone {
    fn leave(&self, schema: &mut Schema) {
        let names: Vec<String> = (self.tables.iter())
            .filter_map(|at| Some(schema.tables.get(*at)?.name.to_ascii_lowercase()))
            .collect();
        for (place, table) in schema.tables.iter_mut().enumerate() {
            retain(&mut table.columns, |at| !self.columns.contains(&(place, at)));
            retain(&mut table.constraints, |at| !self.constraints.contains(&(place, at)));
        }
        retain(&mut schema.indexes, |at| !self.indexes.contains(&at));
        retain(&mut schema.tables, |at| !self.tables.contains(&at));
        schema.indexes.retain(|index| !names.contains(&index.table.to_ascii_lowercase()));
    }
}

/// Keeps what stands at these places.
fn retain<T>(list: &mut Vec<T>, stays: impl Fn(usize) -> bool) {
    let mut at = 0;
    list.retain(|_| {
        at += 1;
        stays(at - 1)
    });
}

/// What the functions are asked about.
#[derive(Clone, Copy, PartialEq)]
enum Thing<'s> {
    Table(&'s Table),
    Column(&'s Table, &'s Column),
    Index(&'s Index),
    Constraint(&'s Table, &'s Constraint),
}

impl Thing<'_> {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Table(table) => Some(&table.name),
            Self::Column(_, column) => Some(&column.name),
            Self::Index(index) => Some(&index.name.text),
            Self::Constraint(_, constraint) => constraint.name().map(|name| name.text.as_str()),
        }
    }

    /// Alembic's word; nothing for what it does not ask about.
    const fn kind(&self) -> Option<&'static str> {
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
    fn is_like(&self, other: &Self) -> bool {
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

/// Asks the functions about one thing after another.
struct Asked<'a, 's> {
    evaluator: Evaluator<'a, Desk<'s>>,
    body: &'a [Stmt],
    /// The database and the models.
    sides: [&'s Schema; 2],
    parity: bool,
    gone: [Gone; 2],
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
    fn names(&mut self, function: &Function) -> Result<(), Stop> {
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
    fn objects(&mut self, function: &Function) -> Result<(), Stop> {
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

/// What belongs to the table of that name, with the place of the table and its own.
fn things_of<'s>(
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

fn text(text: &str, span: Span) -> Value {
    Value { kind: Kind::Text(text.into()), span }
}

/// The name that stands for a thing: its number is the place in [`Desk::things`].
const THING: &str = "object#";

fn thing_value(number: usize, span: Span) -> Value {
    let path = Path { dotted: format!("{THING}{number}").into(), origin: Origin::Defined };
    Value { kind: Kind::Name(path), span }
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

/// What the functions may look at.
struct Desk<'s> {
    sides: [&'s Schema; 2],
    /// Those that are asked about right now, each with the side that it is of.
    things: Vec<(Thing<'s>, usize)>,
    sections: &'s Sections,
}

impl<'s> Desk<'s> {
    fn thing(&self, value: &Value) -> Option<(Thing<'s>, usize)> {
        let number = value.path()?.dotted.strip_prefix(THING)?;
        self.things.get(number.parse::<usize>().ok()?).copied()
    }

    fn stands_for(&mut self, thing: Thing<'s>, side: usize, span: Span) -> Value {
        let known = self.things.iter().position(|known| *known == (thing, side));
        let number = known.unwrap_or(self.things.len());
        if known.is_none() {
            self.things.push((thing, side));
        }
        thing_value(number, span)
    }
}

impl Host for Desk<'_> {
    fn call(&mut self, value: &Value) -> Result<Option<Value>, Stop> {
        let Some((call, path)) = value.call().and_then(|call| Some((call, call.callee.path()?)))
        else {
            return Ok(None);
        };
        let said = |at: usize| call.arguments.get(at).and_then(Value::text);
        let some = |kind: Kind| Ok(Some(Value { kind, span: value.span }));
        if let (Some(function @ ("search" | "match" | "fullmatch")), Some(pattern), Some(text), 2) =
            (path.within("re"), said(0), said(1), call.arguments.len())
        {
            // A match counts as true, and nobody looks into it here.
            return match finds(function, pattern, text) {
                Ok(true) => some(Kind::Bool(true)),
                Ok(false) => some(Kind::None),
                Err(_) => Ok(None),
            };
        }
        let here = value.span;
        let option = path.within("alembic.context").filter(|_| call.keywords.is_empty());
        let options = |wanted: Option<&str>| {
            let mut sections = self.sections.iter();
            Some(&sections.find(|(name, _)| name.as_deref() == wanted)?.1)
        };
        let default = call.arguments.get(1).map_or(Kind::None, |default| default.kind.clone());
        match option {
            Some("get_main_option") => {
                let mut found = options(None).into_iter().flatten();
                let found = found.find(|(name, _)| Some(name.as_str()) == said(0));
                some(found.map_or(default, |(_, text)| Kind::Text(text.clone())))
            }
            Some("get_section") if said(0).is_some() => some(match options(said(0)) {
                Some(options) => Kind::Dict(
                    (options.iter())
                        .map(|(name, value)| (text(name, here), text(value, here)))
                        .collect(),
                ),
                None => default,
            }),
            _ => Ok(None),
        }
    }

    fn attribute(&mut self, of: &Value, name: &str) -> Result<Option<Value>, Stop> {
        let span = of.span;
        let some = |kind: Kind| Ok(Some(Value { kind, span }));
        let Some((thing, side)) = self.thing(of) else {
            // `target_metadata.tables`
            if name == "tables" && matches!(of.kind, Kind::Name(_) | Kind::Call(_)) {
                let tables = &self.sides[1].tables;
                let tables = tables.iter().map(|table| {
                    let value = self.stands_for(Thing::Table(table), 1, span);
                    (text(&table.name, span), value)
                });
                return some(Kind::Dict(tables.collect()));
            }
            return Ok(None);
        };
        let named = |name: Option<&str>| match name {
            Some(name) => Kind::Text(name.into()),
            None => Kind::None,
        };
        let info = |info: Option<&String>| match info.filter(|_| side == 1) {
            Some(info) => dict(info, span),
            None => Kind::Dict(Vec::new()),
        };
        let (schema, owner) = (
            self.sides[side],
            match thing {
                Thing::Table(_) => None,
                Thing::Column(table, _) | Thing::Constraint(table, _) => Some(table),
                Thing::Index(index) => self.sides[side].table(&index.table),
            },
        );
        some(match (name, thing) {
            ("name", thing) => named(thing.name()),
            ("key", Thing::Table(_) | Thing::Column(..)) => named(thing.name()),
            ("fullname", Thing::Table(table)) => named(Some(&table.name)),
            ("schema", Thing::Table(_)) => Kind::None,
            ("comment", Thing::Table(table)) => named(table.comment.as_deref()),
            ("comment", Thing::Column(_, column)) => named(column.comment.as_deref()),
            ("info", Thing::Table(table)) => info(table.info.as_ref()),
            ("info", Thing::Column(_, column)) => info(column.info.as_ref()),
            ("nullable", Thing::Column(_, column)) => Kind::Bool(column.nullable),
            ("primary_key", Thing::Column(table, column)) => {
                let key = table.primary_key();
                Kind::Bool(key.is_some_and(|key| key.columns.contains(&column.name)))
            }
            ("info", _) => Kind::Dict(Vec::new()),
            ("unique", Thing::Index(index)) => Kind::Bool(index.unique),
            ("table", _) if owner.is_some() => {
                let Some(table) = owner else { return Ok(None) };
                return Ok(Some(self.stands_for(Thing::Table(table), side, span)));
            }
            ("columns" | "c", Thing::Table(table)) => {
                let names = table.columns.iter().map(|column| {
                    let value = self.stands_for(Thing::Column(table, column), side, span);
                    (text(&column.name, span), value)
                });
                Kind::Dict(names.collect())
            }
            ("indexes", Thing::Table(table)) => {
                let of = schema
                    .indexes
                    .iter()
                    .filter(|index| index.table.eq_ignore_ascii_case(&table.name));
                Kind::Set(of.map(|it| self.stands_for(Thing::Index(it), side, span)).collect())
            }
            _ => return Ok(None),
        })
    }

    fn items(&self, _of: &Value) -> Result<Option<Vec<Value>>, Stop> {
        Ok(None)
    }

    fn item(&mut self, _of: &Value, _key: &Value) -> Result<Option<Value>, Stop> {
        Ok(None)
    }

    fn name(&mut self, _name: &str, value: Value) -> Value {
        value
    }

    fn enter(&mut self, _value: &Value, _alias: Option<&str>) -> Result<Option<Value>, Stop> {
        Ok(None)
    }

    fn leave(&mut self) -> Result<(), Stop> {
        Ok(())
    }

    fn attempt(&mut self, _begins: bool) {}

    fn reads_models(&self) -> bool {
        true
    }
}

/// The dict that Python shows as this.
fn dict(shown: &str, span: Span) -> Kind {
    let text = format!("info = {shown}");
    let file = File::new("info", &text);
    let nothing = Schema::default();
    let desk = Desk { sides: [&nothing, &nothing], things: Vec::new(), sections: &Vec::new() };
    let read = parse(file.source()).ok().and_then(|parsed| {
        let mut evaluator = Evaluator::new(file.source(), desk, &parsed.syntax().body);
        evaluator.open().constant("info")?.ok()
    });
    read.map_or(Kind::Dict(Vec::new()), |read| Value { span, ..read }.kind)
}
