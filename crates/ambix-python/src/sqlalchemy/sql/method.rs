//! What is called on an expression: `account.c.id.in_([1])`, `account.c.name.like("a%")`.

use super::super::arguments::Arguments;
use super::super::nature::Nature;
use super::operation::{compared, is_null, is_or_not};
use super::part::{AND, CLAUSE, COMPARISON, CONCAT, CONTAINS, Operator, Part};
use super::{Expressions, literal_nature};
use crate::value::{Call, Kind, Value};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::sqlite::quote;

/// Whether `method` is one of an expression that is given itself only: `account.c.name.desc()`.
pub(super) fn suffix(method: &str) -> Option<&'static str> {
    match method {
        "desc" => Some(" DESC"),
        "asc" => Some(" ASC"),
        "nulls_first" | "nullsfirst" => Some(" NULLS FIRST"),
        "nulls_last" | "nullslast" => Some(" NULLS LAST"),
        _ => None,
    }
}

/// An order: what stands behind it binds less than comparisons.
pub(super) fn ordered(part: Part, suffix: &str) -> Part {
    let nature = part.nature;
    Part::whole(part.within(Operator(3, "order")) + suffix, nature)
}

/// A collation.
pub(super) fn collated(part: Part, name: &str) -> Part {
    let collate = Operator(4, "COLLATE");
    let nature = part.nature;
    Part::new(format!("{} COLLATE {}", part.within(collate), quote::name(name)), collate, nature)
}

/// The words for LIKE and its opposite.
const LIKE: (&str, &str) = ("LIKE", "NOT LIKE");

impl Expressions<'_> {
    /// `of.name(…)`; nothing if no expression has that method.
    pub(super) fn method(
        &self,
        value: &Value,
        of: Part,
        name: &str,
        call: &Call,
    ) -> Result<Option<Part>, Diagnostic> {
        let what = format!(".{name}");
        let mut given = Arguments::of(self.source, &what, call, value.span);
        let found = self.called_on(&mut given, of, name)?;
        if found.is_some() {
            given.finish()?;
        }
        Ok(found)
    }

    fn called_on(
        &self,
        given: &mut Arguments,
        of: Part,
        name: &str,
    ) -> Result<Option<Part>, Diagnostic> {
        if let Some(suffix) = suffix(name) {
            return Ok(Some(ordered(of, suffix)));
        }
        if let Some(found) = self.like(given, &of, name)? {
            return Ok(Some(found));
        }
        let compare = |left: Part, right: Part, words| compared(left, right, words, COMPARISON);
        let part = match name {
            "collate" => collated(of, &given.required_text("collation")?),
            "label" => {
                given.required_text("name")?;
                of
            }
            "distinct" => distinct(of),
            "cast" => {
                let to = given.required("type_")?;
                self.cast(of, to)?
            }
            "is_"
            | "is_not"
            | "isnot"
            | "is_distinct_from"
            | "is_not_distinct_from"
            | "isnot_distinct_from" => {
                let right = given.required("other")?;
                let (is, is_not) = match is_null(right) {
                    true => is_or_not(of, "NULL"),
                    false => {
                        let right = self.against(right, &of)?.within(COMPARISON);
                        is_or_not(of, &right)
                    }
                };
                let opposite = matches!(name, "is_not" | "isnot" | "is_distinct_from");
                let (sql, negated) = if opposite { (is_not, is) } else { (is, is_not) };
                Part::condition(sql, negated, COMPARISON)
            }
            "in_" | "not_in" | "notin_" => {
                let among = given.required("other")?;
                let of = self.among(of, among)?;
                if name == "in_" { of } else { of.negate() }
            }
            "between" => {
                let (low, high) = (given.required("cleft")?, given.required("cright")?);
                given.refuse(&["symmetric"])?;
                self.between(of, low, high)?
            }
            "match" | "regexp_match" => {
                let right = given.required("other")?;
                let right = self.against(right, &of)?;
                match name {
                    "match" => compare(of, right, ("MATCH", "NOT MATCH")),
                    _ => compare(of, right, ("REGEXP", "NOT REGEXP")),
                }
            }
            "concat" => {
                let right = given.required("other")?;
                let right = self.against(right, &of)?;
                joined(of, right, CONCAT, Nature::Text)
            }
            // Of functions: over which rows they work.
            "filter" => {
                let rows: Vec<Value> = std::iter::from_fn(|| given.next()).cloned().collect();
                let nature = of.nature;
                let sql = format!("{} FILTER (WHERE {})", of.sql, self.conditions(&rows)?);
                Part::whole(sql, nature)
            }
            "over" => {
                let mut clauses = Vec::new();
                for (name, words) in [("partition_by", "PARTITION BY"), ("order_by", "ORDER BY")] {
                    let Some(value) = given.keyword(name) else { continue };
                    let items = value.items().unwrap_or(std::slice::from_ref(value));
                    let items = items.iter().map(|item| Ok(self.column_or(item)?.within(CLAUSE)));
                    let items = items.collect::<Result<Vec<String>, Diagnostic>>()?;
                    clauses.push(format!("{words} {}", items.join(", ")));
                }
                let nature = of.nature;
                Part::whole(format!("{} OVER ({})", of.sql, clauses.join(" ")), nature)
            }
            "bitwise_not" => {
                let not = Operator(8, "~");
                Part::new(format!("~{}", of.within(not)), not, Nature::Integer)
            }
            _ => {
                let word = match name {
                    "bitwise_and" => "&",
                    "bitwise_or" => "|",
                    "bitwise_lshift" => "<<",
                    "bitwise_rshift" => ">>",
                    _ => return Ok(None),
                };
                let right = given.required("other")?;
                let right = self.against(right, &of)?;
                joined(of, right, Operator(7, word), Nature::Integer)
            }
        };
        Ok(Some(part))
    }

    /// What stands beside `other`: an expression, or a literal of its type.
    fn against(&self, value: &Value, other: &Part) -> Result<Part, Diagnostic> {
        match self.part(value)? {
            Some(part) => Ok(part),
            None => self.beside(value, other),
        }
    }

    /// `of BETWEEN low AND high`.
    pub(super) fn between(&self, of: Part, low: &Value, high: &Value) -> Result<Part, Diagnostic> {
        let low = self.against(low, &of)?.within(AND);
        let high = self.against(high, &of)?.within(AND);
        let of = of.within(COMPARISON);
        let sql = |word: &str| format!("{of} {word} {low} AND {high}");
        Ok(Part::condition(sql("BETWEEN"), sql("NOT BETWEEN"), COMPARISON))
    }

    /// `of IN (…)`; what is not in it stands in parentheses, as SQLAlchemy has it.
    fn among(&self, of: Part, among: &Value) -> Result<Part, Diagnostic> {
        let list = match among.items() {
            Some([]) => "SELECT 1 FROM (SELECT 1) WHERE 1!=1".to_string(),
            Some(items) => {
                let one = |item: &Value| Ok(self.against(item, &of)?.within(CLAUSE));
                let tuples = items.iter().all(|item| item.items().is_some());
                let texts = items.iter().map(|item| match item.items() {
                    Some(inner) => {
                        let inner: Result<Vec<String>, Diagnostic> =
                            inner.iter().map(one).collect();
                        Ok(format!("({})", inner?.join(", ")))
                    }
                    None => one(item),
                });
                let texts = texts.collect::<Result<Vec<String>, Diagnostic>>()?.join(", ");
                if tuples { format!("VALUES {texts}") } else { texts }
            }
            None => match self.subquery(among)? {
                Some(select) => select,
                None => {
                    let sql = self.value(among, None)?.sql;
                    let inner = sql.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
                    inner.unwrap_or(&sql).to_string()
                }
            },
        };
        let of = of.within(COMPARISON);
        let negated = format!("({of} NOT IN ({list}))");
        Ok(Part::condition(format!("{of} IN ({list})"), negated, COMPARISON))
    }

    /// LIKE and its kin: `contains`, `startswith`, `endswith`, each with `i` for any case of the letters.
    fn like(
        &self,
        given: &mut Arguments,
        of: &Part,
        name: &str,
    ) -> Result<Option<Part>, Diagnostic> {
        let positive = name.strip_prefix("not_").or_else(|| name.strip_prefix("not"));
        let word = positive.unwrap_or(name);
        let any_case = word.starts_with('i');
        let (before, after) = match word.strip_prefix('i').unwrap_or(word) {
            "like" => (false, false),
            "contains" => (true, true),
            "startswith" => (false, true),
            "endswith" => (true, false),
            _ => return Ok(None),
        };
        let right = given.required("other")?;
        let mut escape = given.either("escape").and_then(Value::text).map(String::from);
        let joins = before || after;
        let escapes = joins && given.flag("autoescape")?.unwrap_or(false);
        let outer = if joins { CONCAT } else { COMPARISON };
        let pattern = match (&right.kind, escapes) {
            (Kind::Text(text), true) => {
                let escape = escape.get_or_insert_with(|| "/".into()).as_str();
                let mut text = text.replace(escape, &escape.repeat(2));
                for letter in ["%", "_"].into_iter().filter(|letter| *letter != escape) {
                    text = text.replace(letter, &format!("{escape}{letter}"));
                }
                quote::text(&text)
            }
            (_, true) => {
                let message = "String value expected when autoescape=True";
                return Err(self.source.unsupported(right.span, message));
            }
            _ => self.against(right, of)?.within(outer),
        };
        let lower = |sql: String| if any_case { format!("lower({sql})") } else { sql };
        let mut pattern = lower(pattern);
        if before {
            pattern = format!("'%' || {pattern}");
        }
        if after {
            pattern += " || '%'";
        }
        if let Some(escape) = escape {
            pattern += &format!(" ESCAPE {}", quote::text(&escape));
        }
        let left = lower(of.clone().within(COMPARISON));
        let sql = |word: &str| format!("{left} {word} {pattern}");
        let operator = if joins { CONTAINS } else { COMPARISON };
        let part = Part::condition(sql(LIKE.0), sql(LIKE.1), operator);
        Ok(Some(if positive.is_some() { part.negate() } else { part }))
    }

    /// `of.op("||")(right)`, `of.bool_op("GLOB")(right)`; nothing if it is something else.
    pub(super) fn custom(&self, operator: &Value, call: &Call) -> Result<Option<Part>, Diagnostic> {
        let Some(inner) = operator.call() else { return Ok(None) };
        let Some((of, name)) = self.called_part(inner)? else { return Ok(None) };
        if !matches!(name, "op" | "bool_op") {
            return Ok(None);
        }
        let mut given = Arguments::of(self.source, ".op", inner, operator.span);
        let word = given.required_text("opstring")?;
        let strength = match given.either("precedence").map(|value| &value.kind) {
            Some(Kind::Int(strength)) => i8::try_from(*strength).unwrap_or(0),
            _ => 0,
        };
        let compares = given.flag("is_comparison")?.unwrap_or(false) || name == "bool_op";
        given.ignore(&["return_type", "python_impl", "operator_class", "visit_name"]);
        given.finish()?;
        let [right] = call.arguments.as_slice() else { return Ok(None) };
        let right = match self.part(right)? {
            Some(part) => part,
            None => Part::whole((self.literal)(right, None)?, literal_nature(right)),
        };
        let nature = if compares { Nature::Boolean } else { of.nature };
        let operator = Operator(strength, "custom");
        let sql = format!("{} {word} {}", of.within(operator), right.within(operator));
        Ok(Some(Part::new(sql, operator, nature)))
    }
}

fn joined(left: Part, right: Part, operator: Operator, nature: Nature) -> Part {
    let sql = format!("{} {} {}", left.within(operator), operator.1, right.within(operator));
    Part::new(sql, operator, nature)
}

/// `DISTINCT of`.
pub(super) fn distinct(of: Part) -> Part {
    let nature = of.nature;
    Part::new(format!("DISTINCT {}", of.within(COMPARISON)), Operator(5, "DISTINCT"), nature)
}
