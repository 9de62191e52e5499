//! A piece of SQL with what decides how it stands within another one.
//!
//! Source: SQLAlchemy's `_PRECEDENCE` and `is_precedent` in `sql/operators.py`, and `self_group` of its elements.

use super::super::nature::Nature;
use ambix_core::schema::DataType;

/// An operator of SQL: how tightly it holds its operands together, and its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Operator(pub(super) i8, pub(super) &'static str);

/// No operator: needs no parentheses anywhere.
pub(super) const WHOLE: Operator = Operator(i8::MAX, "");
/// What stands alone, in parentheses if an operator made it.
pub(crate) const ALONE: Operator = Operator(i8::MAX - 1, "alone");
/// What stands between commas, or makes up a clause.
pub(super) const CLAUSE: Operator = Operator(-1, ",");
/// What is asked whether it is true: the condition of a WHERE.
pub(super) const CONDITION: Operator = Operator(-10, "condition");
pub(super) const AND: Operator = Operator(3, "AND");
pub(super) const OR: Operator = Operator(2, "OR");
pub(super) const NOT: Operator = Operator(5, "NOT");
pub(super) const CONCAT: Operator = Operator(5, "||");
/// Comparisons: they are told apart nowhere.
pub(super) const COMPARISON: Operator = Operator(5, "=");
/// LIKE with a pattern that is put together.
pub(super) const CONTAINS: Operator = Operator(-100, "LIKE");

/// A piece of SQL.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) sql: String,
    /// What made it.
    pub(super) operator: Operator,
    pub(super) nature: Nature,
    /// The type of a column, which a literal beside it has too.
    pub(super) data_type: Option<DataType>,
    /// The same with NOT, where the operator has a word for it.
    pub(super) negated: Option<String>,
}

impl Part {
    pub(super) fn new(sql: String, operator: Operator, nature: Nature) -> Self {
        Self { sql, operator, nature, data_type: None, negated: None }
    }

    /// What no operator made.
    pub(super) fn whole(sql: impl Into<String>, nature: Nature) -> Self {
        Self::new(sql.into(), WHOLE, nature)
    }

    /// One of SQLAlchemy's two constants.
    pub(super) fn constant(value: bool) -> Self {
        let (sql, negated) = if value { ("1", "0") } else { ("0", "1") };
        Self { negated: Some(negated.into()), ..Self::whole(sql, Nature::Boolean) }
    }

    /// What is true or false, with the same that is false or true.
    pub(super) fn condition(sql: String, negated: String, operator: Operator) -> Self {
        Self { negated: Some(negated), ..Self::new(sql, operator, Nature::Boolean) }
    }

    /// The SQL as an operand of `outer`. A value that is true or false is compared where it is a condition: SQLite
    /// has numbers for both.
    pub(super) fn within(self, outer: Operator) -> String {
        if self.operator == WHOLE {
            let is_condition = matches!(outer, AND | OR | CONDITION);
            return match is_condition && self.nature == Nature::Boolean {
                true => self.sql + " = 1",
                false => self.sql,
            };
        }
        let joins = self.operator == outer && matches!(outer.1, "+" | "*" | "||" | "AND" | "OR");
        match !joins && self.operator.0 <= outer.0 {
            true => format!("({})", self.sql),
            false => self.sql,
        }
    }

    /// The opposite.
    pub(super) fn negate(self) -> Self {
        match self.negated {
            Some(negated) => Self { sql: negated, negated: Some(self.sql), ..self },
            None if self.operator != WHOLE => {
                Self::new(format!("NOT ({})", self.sql), NOT, Nature::Boolean)
            }
            None if self.nature == Nature::Boolean => {
                let (no, yes) = (format!("{} = 0", self.sql), format!("{} = 1", self.sql));
                Self::condition(no, yes, COMPARISON)
            }
            None => Self::new(format!("NOT {}", self.sql), NOT, Nature::Boolean),
        }
    }
}
