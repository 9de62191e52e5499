//! Functions of SQLAlchemy that make expressions: `func.lower(name)`, `case(…)`, `cast(…)`, `text("…")`.

use super::super::arguments::Arguments;
use super::super::nature::{Nature, of_function};
use super::super::{called, data_type};
use super::method::{collated, distinct, ordered, suffix};
use super::part::{ALONE, AND, CLAUSE, OR, Part};
use super::says_nothing;
use super::text::sent_text;
use super::{Expressions, owner};
use crate::value::{Call, Kind, Value};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::sqlite::quote;

impl Expressions<'_> {
    /// A call; nothing if it makes no expression.
    pub(super) fn call(&self, value: &Value, call: &Call) -> Result<Option<Part>, Diagnostic> {
        if let Some(found) = self.custom(&call.callee, call)? {
            return Ok(Some(found));
        }
        if let Some(found) = self.scalar(value)? {
            return Ok(Some(found));
        }
        if let Some((of, name)) = self.called_part(call)? {
            return match self.method(value, of, name, call)? {
                Some(part) => Ok(Some(part)),
                None => {
                    let message = format!("`.{name}()` of an expression is not read");
                    let error = self.source.unsupported(value.span, message);
                    Err(error.hint("Write it as SQL: `sa.text(\"…\")`."))
                }
            };
        }
        let Some(path) = call.callee.path() else { return Ok(None) };
        if let Some((module, function)) = path.dotted.rsplit_once('.')
            && module.starts_with("sqlalchemy")
            && (module.ends_with(".func")
                || module == "sqlalchemy.sql.functions"
                    && function.starts_with(|first: char| first.is_ascii_lowercase()))
        {
            return self.function(value, function, call).map(Some);
        }
        let name = match called(value) {
            Some((name, _)) => name,
            // A literal as any other, that nobody takes for a parameter.
            None if path.dotted == "alembic.op.inline_literal" => "literal",
            None => return Ok(None),
        };
        let mut given = Arguments::of(self.source, name, call, value.span);
        let found = self.named(value, name, &mut given)?;
        if found.is_some() {
            given.finish()?;
        }
        Ok(found)
    }

    /// What a method is called on, if that is an expression, and the method.
    pub(super) fn called_part<'v>(
        &self,
        call: &'v Call,
    ) -> Result<Option<(Part, &'v str)>, Diagnostic> {
        if let Kind::Member(of, name) = &call.callee.kind {
            return Ok(self.part(of)?.map(|part| (part, name.as_str())));
        }
        let Some((of, name)) = owner(&call.callee) else { return Ok(None) };
        Ok((self.column)(&of).map(|column| (self.column_part(column), name)))
    }

    fn function(&self, value: &Value, name: &str, call: &Call) -> Result<Part, Diagnostic> {
        let known = name.to_ascii_lowercase();
        let what = format!("func.{name}");
        let mut given = Arguments::of(self.source, &what, call, value.span);
        let mut texts = Vec::new();
        let mut natures = Vec::new();
        while let Some(argument) = given.next() {
            let part = self.value(argument, None)?;
            natures.push(part.nature);
            texts.push(part.within(CLAUSE));
        }
        let nature = match given.keyword("type_") {
            Some(of) => Nature::of_type(data_type(self.source, of)?.as_ref()),
            None => of_function(&known, &natures),
        };
        given.finish()?;
        // SQLAlchemy knows some functions that SQL writes without parentheses.
        let sql = match known.as_str() {
            "now" | "current_timestamp" => "CURRENT_TIMESTAMP".into(),
            "current_date" => "CURRENT_DATE".into(),
            "current_time" => "CURRENT_TIME".into(),
            "count" if texts.is_empty() => "count(*)".into(),
            "char_length" => format!("length({})", texts.join(", ")),
            _ => format!("{name}({})", texts.join(", ")),
        };
        Ok(Part::whole(sql, nature))
    }

    /// What a function of that name makes; nothing if it makes no expression.
    fn named(
        &self,
        value: &Value,
        name: &str,
        given: &mut Arguments,
    ) -> Result<Option<Part>, Diagnostic> {
        Ok(Some(match name {
            "and_" | "or_" => {
                let values: Vec<&Value> = std::iter::from_fn(|| given.next()).collect();
                let operator = if name == "and_" { AND } else { OR };
                self.joined(value, values, operator)?
            }
            "not_" => {
                let inner = given.required("clause")?;
                if says_nothing(inner) {
                    return Err(self.nothing(inner));
                }
                self.value(inner, None)?.negate()
            }
            // A column may be named by a string here.
            "desc" | "asc" | "nulls_first" | "nullsfirst" | "nulls_last" | "nullslast" => {
                let of = given.required("column")?;
                ordered(self.column_or(of)?, suffix(name).unwrap_or_default())
            }
            "collate" => {
                let of = given.required("expression")?;
                let of = self.column_or(of)?;
                collated(of, &given.required_text("collation")?)
            }
            "column" => {
                let name = given.required_text("text")?;
                let of = match given.either("type_") {
                    Some(of) => data_type(self.source, of)?,
                    None => None,
                };
                given.ignore(&["_selectable"]);
                let nature = Nature::of_type(of.as_ref());
                Part { data_type: of, ..Part::whole(quote::name(&name), nature) }
            }
            "literal" | "bindparam" => {
                if name == "bindparam" {
                    given.required_text("key")?;
                }
                let inner = given.required("value")?;
                let of = match given.either("type_") {
                    Some(of) => data_type(self.source, of)?,
                    None => None,
                };
                given.ignore(&["unique", "required", "quote", "literal_execute"]);
                let part = self.value(inner, of.as_ref())?;
                match of {
                    Some(of) => {
                        let nature = Nature::of_type(Some(&of));
                        Part { nature, data_type: Some(of), ..part }
                    }
                    None => part,
                }
            }
            "cast" => {
                let (of, to) = (given.required("expression")?, given.required("type_")?);
                let of = self.value(of, None)?;
                self.cast(of, to)?
            }
            "type_coerce" => {
                let (of, to) = (given.required("expression")?, given.required("type_")?);
                let to = data_type(self.source, to)?;
                let part = self.value(of, to.as_ref())?;
                let nature = Nature::of_type(to.as_ref());
                Part { nature, data_type: to, ..part }
            }
            "between" => {
                let of = given.required("expr")?;
                let (low, high) = (given.required("lower_bound")?, given.required("upper_bound")?);
                given.refuse(&["symmetric"])?;
                let of = self.value(of, None)?;
                self.between(of, low, high)?
            }
            "distinct" => {
                let of = given.required("expr")?;
                distinct(self.value(of, None)?)
            }
            "tuple_" => {
                let mut texts = Vec::new();
                while let Some(item) = given.next() {
                    texts.push(self.operand(item, None, CLAUSE)?);
                }
                Part::whole(format!("({})", texts.join(", ")), Nature::Unknown)
            }
            "extract" => {
                let field = given.required_text("field")?;
                let of = given.required("expr")?;
                let format = match field.as_str() {
                    "month" => "%m",
                    "day" => "%d",
                    "year" => "%Y",
                    "second" => "%S",
                    "hour" => "%H",
                    "doy" => "%j",
                    "minute" => "%M",
                    "epoch" => "%s",
                    "dow" => "%w",
                    "week" => "%W",
                    _ => {
                        let message = format!("{field} is not a valid extract argument.");
                        return Err(self.source.unsupported(value.span, message));
                    }
                };
                let of = self.value(of, None)?.sql;
                Part::whole(format!("CAST(STRFTIME('{format}', {of}) AS INTEGER)"), Nature::Integer)
            }
            "case" => self.case(given)?,
            "true" => Part::constant(true),
            "false" => Part::constant(false),
            "null" => Part::whole("NULL", Nature::Unknown),
            "text" | "literal_column" => {
                let value = given.required("text")?;
                let text = given.expect_text("text", value)?;
                let of = match given.either("type_") {
                    Some(of) => data_type(self.source, of)?,
                    None => None,
                };
                let nature = Nature::of_type(of.as_ref());
                let sql = match name {
                    "text" => sent_text(self.source, value, &text)?,
                    _ => text,
                };
                Part { data_type: of, ..Part::whole(sql, nature) }
            }
            _ => return Ok(None),
        }))
    }

    /// An expression, or a column by its name.
    pub(super) fn column_or(&self, value: &Value) -> Result<Part, Diagnostic> {
        match value.text() {
            Some(name) => Ok(Part::whole(quote::name(name), Nature::Unknown)),
            None => self.value(value, None),
        }
    }

    /// `CAST(of AS to)`.
    pub(super) fn cast(&self, of: Part, to: &Value) -> Result<Part, Diagnostic> {
        let to_type = data_type(self.source, to)?;
        let sql = match &to_type {
            Some(of) => {
                of.sql().map_err(|unknown| self.source.unsupported(to.span, unknown.to_string()))?
            }
            None => "NULL".into(),
        };
        let nature = Nature::of_type(to_type.as_ref());
        let sql = format!("CAST({} AS {sql})", of.sql);
        Ok(Part { data_type: to_type, ..Part::whole(sql, nature) })
    }

    /// `case((condition, result), …, else_=…)`, `case({value: result}, value=…, else_=…)`.
    fn case(&self, given: &mut Arguments) -> Result<Part, Diagnostic> {
        let of = match given.keyword("value") {
            Some(value) => Some(self.value(value, None)?),
            None => None,
        };
        let mut sql = String::from("CASE");
        if let Some(of) = &of {
            sql += &format!(" {}", of.sql);
        }
        let mut nature = Nature::Unknown;
        let mut when = |condition: &Value, result: &Value| {
            let condition = match (&of, self.part(condition)?) {
                (_, Some(part)) => part,
                (Some(of), None) => self.beside(condition, of)?,
                (None, None) => self.value(condition, None)?,
            };
            let result = self.value(result, None)?;
            nature = result.nature;
            sql += &format!(" WHEN {} THEN {}", condition.within(ALONE), result.sql);
            Ok::<(), Diagnostic>(())
        };
        let mut is_empty = true;
        while let Some(argument) = given.next() {
            is_empty = false;
            match &argument.kind {
                Kind::Dict(entries) => {
                    entries.iter().try_for_each(|(value, result)| when(value, result))?;
                }
                _ => match argument.items() {
                    Some([condition, result]) => when(condition, result)?,
                    _ => return Err(given.unexpected("whens", "tuples or a dict", argument)),
                },
            }
        }
        if is_empty {
            given.required("whens")?;
        }
        if let Some(other) = given.keyword("else_").filter(|it| !matches!(it.kind, Kind::None)) {
            sql += &format!(" ELSE {}", self.value(other, None)?.sql);
        }
        Ok(Part::whole(sql + " END", nature))
    }
}
