//! Python's operators between SQLAlchemy's expressions as SQL: `column("a") > 1`, `and_(…)`, `account.c.id.in_([1])`.
//!
//! Source: SQLAlchemy's `sql/operators.py` and `SQLCompiler`.

use super::called;
use super::nature::{ColumnNature, nature, plus};
use crate::syntax::Source;
use crate::value::{Kind, Path, Value};
use ambix_core::diagnostic::{Diagnostic, Span};

/// How tightly an expression holds together.
pub(crate) type Strength = u8;
const OR: Strength = 1;
/// What an operand of AND must have at least.
pub(crate) const AND: Strength = 2;
const COMPARISON: Strength = 3;
const ARITHMETIC: Strength = 4;
/// Needs no parentheses anywhere.
pub(crate) const WHOLE: Strength = 5;

/// SQL and how tightly it holds together.
pub(crate) type Expression = Result<(String, Strength), Diagnostic>;

/// Gives the SQL of an operand that has no operator in it. The second is what it is compared with, which says what
/// type a literal has.
type Leaf<'a> = &'a dyn Fn(&Value, Option<&Value>) -> Result<String, Diagnostic>;

/// What operators stand between.
pub(crate) struct Operands<'a> {
    /// The SQL of an operand without operators.
    pub(crate) leaf: Leaf<'a>,
    /// What is known of the columns.
    pub(crate) column: ColumnNature<'a>,
    /// The file.
    pub(crate) source: Source<'a>,
}

/// Whether a value is made by operators, or by a function or method that stands for one.
pub(crate) fn has_operator(value: &Value) -> bool {
    match &value.kind {
        Kind::Operation(..) | Kind::Either(..) => true,
        Kind::Call(_) => is_connective(value) || method(value).is_some(),
        _ => false,
    }
}

/// Whether it is true or false.
pub(super) fn is_condition(value: &Value) -> bool {
    match &value.kind {
        Kind::Operation(_, operator, _) => {
            matches!(*operator, "&" | "==" | "!=" | "<" | "<=" | ">" | ">=")
        }
        Kind::Either(..) => true,
        Kind::Call(_) => is_connective(value) || method(value).is_some(),
        _ => false,
    }
}

/// Whether it is `and_()`, `or_()`, or made of nothing but those, which SQLAlchemy leaves out.
pub(crate) fn says_nothing(value: &Value) -> bool {
    match &value.kind {
        Kind::Operation(left, "&", right) | Kind::Either(left, right) => {
            says_nothing(left) && says_nothing(right)
        }
        _ => called(value).is_some_and(|(name, call)| {
            matches!(name, "and_" | "or_") && call.arguments.iter().all(says_nothing)
        }),
    }
}

fn is_connective(value: &Value) -> bool {
    called(value).is_some_and(|(name, _)| matches!(name, "and_" | "or_" | "not_"))
}

/// What the method of an operator is called on, and the method.
fn method(value: &Value) -> Option<(Value, &str)> {
    const METHODS: &[&str] = &[
        "between", "in_", "is_", "is_not", "isnot", "like", "not_in", "not_like", "notin_",
        "notlike",
    ];
    let callee = &value.call()?.callee;
    let (of, name) = match &callee.kind {
        Kind::Member(of, name) => ((**of).clone(), name.as_str()),
        Kind::Name(path) => {
            let (of, name) = path.dotted.rsplit_once('.')?;
            let path = Path { dotted: of.into(), origin: path.origin };
            (Value { kind: Kind::Name(path), span: callee.span }, name)
        }
        _ => return None,
    };
    METHODS.contains(&name).then_some((of, name))
}

impl Operands<'_> {
    /// The SQL of an operand of an operator that needs at least this strength.
    pub(crate) fn operand(
        &self,
        value: &Value,
        needed: Strength,
        beside: Option<&Value>,
    ) -> Result<String, Diagnostic> {
        let (sql, strength) = self.expression(value, beside)?;
        Ok(if strength < needed { format!("({sql})") } else { sql })
    }

    /// The SQL of a value.
    pub(crate) fn expression(&self, value: &Value, beside: Option<&Value>) -> Expression {
        if says_nothing(value) {
            let message = "A condition of nothing has no meaning in SQL";
            let error = self.source.unsupported(value.span, message);
            return Err(error.hint("Leave it out, or write what it shall say: `sa.true()`."));
        }
        match &value.kind {
            Kind::Operation(left, operator, right) => self.operation(left, operator, right),
            Kind::Either(left, right) => self.joined([&**left, &**right], OR, " OR "),
            _ if is_connective(value) => self.connective(value),
            _ => match method(value) {
                Some((of, name)) => self.method(value, &of, name),
                None => Ok(((self.leaf)(value, beside)?, WHOLE)),
            },
        }
    }

    fn joined<'v>(
        &self,
        values: impl IntoIterator<Item = &'v Value>,
        strength: Strength,
        word: &str,
    ) -> Expression {
        let mut parts = Vec::new();
        for value in values {
            if !says_nothing(value) {
                parts.push(self.expression(value, None)?);
            }
        }
        if let [_] = parts.as_slice() {
            return Ok(parts.remove(0));
        }
        let parts = parts.into_iter().map(|(sql, of)| match of < strength {
            true => format!("({sql})"),
            false => sql,
        });
        Ok((parts.collect::<Vec<_>>().join(word), strength))
    }

    fn operation(&self, left: &Value, operator: &str, right: &Value) -> Expression {
        let written = match operator {
            "&" => return self.joined([left, right], AND, " AND "),
            "==" | "!=" if matches!(right.kind, Kind::None) => {
                let not = if operator == "==" { "" } else { "NOT " };
                let left = self.operand(left, ARITHMETIC, None)?;
                return Ok((format!("{left} IS {not}NULL"), COMPARISON));
            }
            "==" => "=",
            "+" => self.plus(left, right)?,
            other => other,
        };
        // Operators of a kind are not told apart: what is within one stands in parentheses.
        let (strength, needed) = match operator {
            "==" | "!=" | "<" | "<=" | ">" | ">=" => (COMPARISON, ARITHMETIC),
            _ => (ARITHMETIC, WHOLE),
        };
        let first = self.operand(left, needed, Some(right))?;
        let second = self.operand(right, needed, Some(left))?;
        // Python's division is one of fractions.
        let second = if operator == "/" { format!("({second} + 0.0)") } else { second };
        Ok((format!("{first} {written} {second}"), strength))
    }

    /// `+` as SQL.
    fn plus(&self, left: &Value, right: &Value) -> Result<&'static str, Diagnostic> {
        let of = |value: &Value| nature(self.source, value, self.column);
        plus(of(left), of(right)).ok_or_else(|| {
            let span = Span::new(left.span.start, right.span.end);
            let message = "It is not known whether this `+` joins texts or adds numbers";
            self.source.unsupported(span, message).hint(
                "Write it as SQL, with `||` or `+`: `sa.text(\"a || b\")`; or give a column its type: \
                 `sa.column(\"a\", sa.String)`.",
            )
        })
    }

    fn connective(&self, value: &Value) -> Expression {
        let Some((name, call)) = called(value) else { return self.expression(value, None) };
        match name {
            "and_" => self.joined(&call.arguments, AND, " AND "),
            "or_" => self.joined(&call.arguments, OR, " OR "),
            _ => {
                if let Some(inner) = call.arguments.first().filter(|one| says_nothing(one)) {
                    return self.expression(inner, None);
                }
                let inner = self.joined(&call.arguments, AND, " AND ")?;
                Ok((format!("NOT ({})", inner.0), AND))
            }
        }
    }

    fn method(&self, value: &Value, of: &Value, name: &str) -> Expression {
        let arguments = value.call().map_or(&[][..], |call| &call.arguments);
        let left = self.operand(of, ARITHMETIC, None)?;
        let at = |at: usize| match arguments.get(at) {
            Some(argument) => self.operand(argument, ARITHMETIC, Some(of)),
            None => (self.leaf)(value, None),
        };
        let word = match name {
            "is_" => "IS",
            "is_not" | "isnot" => "IS NOT",
            "like" => "LIKE",
            "not_like" | "notlike" => "NOT LIKE",
            "in_" => "IN",
            "not_in" | "notin_" => "NOT IN",
            _ => return Ok((format!("{left} BETWEEN {} AND {}", at(0)?, at(1)?), COMPARISON)),
        };
        let right = match arguments.first().and_then(Value::items) {
            Some(items) => {
                let items = items.iter().map(|item| self.operand(item, WHOLE, Some(of)));
                format!("({})", items.collect::<Result<Vec<_>, _>>()?.join(", "))
            }
            None => at(0)?,
        };
        Ok((format!("{left} {word} {right}"), COMPARISON))
    }
}
