//! What the functions may look at: the attributes of objects, the configuration, the tables of the models.

use super::Sections;
use super::thing::Thing;
use crate::evaluate::{Evaluator, Host, Stop, finds};
use crate::syntax::{File, parse};
use crate::value::{Kind, Origin, Path, Value};
use ambix_core::diagnostic::Span;
use ambix_core::schema::Schema;

pub(super) fn text(text: &str, span: Span) -> Value {
    Value { kind: Kind::Text(text.into()), span }
}

/// The name that stands for a thing: its number is the place in [`Desk::things`].
const THING: &str = "object#";

pub(super) fn thing_value(number: usize, span: Span) -> Value {
    let path = Path { dotted: format!("{THING}{number}").into(), origin: Origin::Defined };
    Value { kind: Kind::Name(path), span }
}

/// What the functions may look at.
pub(super) struct Desk<'s> {
    pub(super) sides: [&'s Schema; 2],
    /// Those that are asked about right now, each with the side that it is of.
    pub(super) things: Vec<(Thing<'s>, usize)>,
    pub(super) sections: &'s Sections,
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
        let schema = self.sides[side];
        let owner = match thing {
            Thing::Table(_) => None,
            Thing::Column(table, _) | Thing::Constraint(table, _) => Some(table),
            Thing::Index(index) => schema.table(&index.table),
        };
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
            ("table", _) => {
                return Ok(owner.map(|table| self.stands_for(Thing::Table(table), side, span)));
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
