//! Python's operators between expressions.

use super::super::called;
use super::super::nature::{Nature, plus};
use super::part::{AND, COMPARISON, CONCAT, OR, Operator, Part};
use super::{Expressions, literal_nature};
use crate::value::{Kind, Value};
use ambix_core::diagnostic::Diagnostic;
use ambix_core::schema::DataType;

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

/// The value of True and `true()`.
fn constant(value: &Value) -> Option<bool> {
    match (&value.kind, called(value)) {
        (Kind::Bool(flag), _) => Some(*flag),
        (_, Some(("true", _))) => Some(true),
        (_, Some(("false", _))) => Some(false),
        _ => None,
    }
}

/// Whether it is None or `null()`.
pub(super) fn is_null(value: &Value) -> bool {
    matches!(value.kind, Kind::None) || called(value).is_some_and(|(name, _)| name == "null")
}

/// The type that a literal has beside a value of type `of`: the same, if it can be of that.
fn shared<'a>(literal: &Value, of: Option<&'a DataType>) -> Option<&'a DataType> {
    match &literal.kind {
        Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) => None,
        Kind::Text(_) => of.filter(|of| Nature::of_type(Some(of)) == Nature::Text),
        _ => of,
    }
}

impl Expressions<'_> {
    /// Two operands, of which the type of one is that of the other if that is a literal, and whether the first is one;
    /// nothing if both are.
    fn two(&self, left: &Value, right: &Value) -> Result<Option<(Part, Part, bool)>, Diagnostic> {
        Ok(match (self.part(left)?, self.part(right)?) {
            (None, None) => None,
            (Some(left), Some(right)) => Some((left, right, false)),
            (Some(left), None) => {
                let right = self.beside(right, &left)?;
                Some((left, right, false))
            }
            (None, Some(right)) => Some((self.beside(left, &right)?, right, true)),
        })
    }

    /// A literal beside an expression.
    pub(super) fn beside(&self, literal: &Value, other: &Part) -> Result<Part, Diagnostic> {
        let of = shared(literal, other.data_type.as_ref());
        Ok(Part::whole((self.literal)(literal, of)?, literal_nature(literal)))
    }

    /// `left operator right`.
    pub(super) fn operation(
        &self,
        whole: &Value,
        left: &Value,
        operator: &str,
        right: &Value,
    ) -> Result<Option<Part>, Diagnostic> {
        let (strength, word) = match operator {
            "&" => return self.joined(whole, [left, right], AND).map(Some),
            "|" => return self.joined(whole, [left, right], OR).map(Some),
            "==" | "!=" if is_null(right) => {
                let Some(left) = self.part(left)? else { return Ok(None) };
                let (is, is_not) = is_or_not(left, "NULL");
                let (sql, negated) = if operator == "==" { (is, is_not) } else { (is_not, is) };
                return Ok(Some(Part::condition(sql, negated, COMPARISON)));
            }
            "==" => (5, ("=", "!=")),
            "!=" => (5, ("!=", "=")),
            "<" => (5, ("<", ">=")),
            ">=" => (5, (">=", "<")),
            ">" => (5, (">", "<=")),
            "<=" => (5, ("<=", ">")),
            "+" => (7, ("+", "")),
            "-" => (7, ("-", "")),
            "*" => (8, ("*", "")),
            "/" | "//" => (8, ("/", "")),
            "%" => (8, ("%", "")),
            _ => return Ok(None),
        };
        let Some((first, second, mirrored)) = self.two(left, right)? else { return Ok(None) };
        if strength == 5 {
            // Python asks the other side where a literal stands first.
            return Ok(Some(match mirrored {
                true => compared(second, first, mirror(word), COMPARISON),
                false => compared(first, second, word, COMPARISON),
            }));
        }
        let nature = first.nature.joined(operator, second.nature);
        let made = match operator {
            "+" => match plus(first.nature, second.nature) {
                Some("||") => CONCAT,
                Some(_) => Operator(7, "+"),
                None => return Err(self.unknown_plus(whole)),
            },
            _ => Operator(strength, word.0),
        };
        let is_whole = second.nature == Nature::Integer;
        let (first, mut second) = (first.within(made), second.within(made));
        // Python's division is one of fractions.
        if operator == "/" {
            second = format!("({second} + 0.0)");
        }
        let sql = format!("{first} {} {second}", made.1);
        let sql = if operator == "//" && !is_whole { format!("FLOOR({sql})") } else { sql };
        Ok(Some(Part::new(sql, made, nature)))
    }

    fn unknown_plus(&self, whole: &Value) -> Diagnostic {
        let message = "It is not known whether this `+` joins texts or adds numbers";
        self.source.unsupported(whole.span, message).hint(
            "Write it as SQL, with `||` or `+`: `sa.text(\"a || b\")`; or give a column its type: \
             `sa.column(\"a\", sa.String)`.",
        )
    }

    /// `-of`, `~of`.
    pub(super) fn unary(&self, operator: &str, of: &Value) -> Result<Option<Part>, Diagnostic> {
        let Some(part) = self.part(of)? else { return Ok(None) };
        if operator == "~" {
            return Ok(Some(part.negate()));
        }
        let nature = part.nature;
        let minus = Operator(8, "negative");
        Ok(Some(Part::new(format!("-{}", part.within(minus)), minus, nature)))
    }

    /// Conditions with AND or OR between them. True says nothing in AND, and False says all; so the other way round.
    pub(super) fn joined<'v>(
        &self,
        whole: &Value,
        values: impl IntoIterator<Item = &'v Value>,
        operator: Operator,
    ) -> Result<Part, Diagnostic> {
        let mut parts = Vec::new();
        let mut constants = false;
        for value in values {
            if says_nothing(value) {
                continue;
            }
            match constant(value) {
                Some(flag) if flag == (operator == AND) => constants = true,
                Some(flag) => return Ok(Part::constant(flag)),
                None => parts.push(self.value(value, None)?),
            }
        }
        if parts.len() < 2 {
            return match parts.pop() {
                Some(part) => Ok(part),
                None if constants => Ok(Part::constant(operator == AND)),
                None => Err(self.nothing(whole)),
            };
        }
        let parts: Vec<String> = parts.into_iter().map(|part| part.within(operator)).collect();
        let sql = parts.join(if operator == AND { " AND " } else { " OR " });
        Ok(Part::new(sql, operator, Nature::Boolean))
    }

    /// The error for a condition that is none.
    pub(super) fn nothing(&self, value: &Value) -> Diagnostic {
        let message = "A condition of nothing has no meaning in SQL";
        let hint = "Leave it out, or write what it shall say: `sa.true()`.";
        self.source.unsupported(value.span, message).hint(hint)
    }
}

/// Two operands with the word for it and the word for the opposite between them.
pub(super) fn compared(left: Part, right: Part, words: (&str, &str), operator: Operator) -> Part {
    let (left, right) = (left.within(operator), right.within(operator));
    let sql = |word: &str| format!("{left} {word} {right}");
    Part::condition(sql(words.0), sql(words.1), operator)
}

/// `left IS right`, and `left IS NOT right`.
pub(super) fn is_or_not(left: Part, right: &str) -> (String, String) {
    let left = left.within(COMPARISON);
    (format!("{left} IS {right}"), format!("{left} IS NOT {right}"))
}

/// The comparison seen from the other side.
fn mirror((word, _): (&str, &str)) -> (&'static str, &'static str) {
    match word {
        "<" => (">", "<="),
        "<=" => (">=", "<"),
        ">" => ("<", ">="),
        ">=" => ("<=", ">"),
        "=" => ("=", "!="),
        _ => ("!=", "="),
    }
}
