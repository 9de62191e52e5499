//! Expressions over columns: conditions that nearly all rows meet, and values.

use super::names::mention;
use crate::dice::Dice;

/// A condition for CHECK and WHERE; one that rows seldom break.
pub fn condition(dice: &mut Dice, columns: &[String]) -> String {
    let a = some(dice, columns);
    let b = some(dice, columns);
    match dice.between(0, 9) {
        0 => format!("typeof({a}) <> 'nothing, (really'"),
        1 => format!("{a} IS NULL OR length({a}) < 1000"),
        2 => format!("{a} IS NOT 'it''s'"),
        3 => format!("{a} IN (1, 'x', NULL) OR 1"),
        4 => format!("CASE WHEN {a} = 'END' THEN 1 ELSE {b} IS {b} END"),
        5 => format!("coalesce({a}, 0) <> -987654"),
        6 => format!("{a} NOT BETWEEN 70001 AND 70002 OR {b} IS NULL"),
        7 => format!("({a} ISNULL) + ({b} NOTNULL) >= 0"),
        8 => format!("NOT ({a} LIKE 'zz%' ESCAPE '!' AND {b} GLOB 'q*') OR {a} IS NULL"),
        _ => format!("{a} IS NULL OR {a} <> x'ab'"),
    }
}

/// A value that is the same each time it is computed from one row.
pub fn value(dice: &mut Dice, columns: &[String]) -> String {
    let a = some(dice, columns);
    let b = some(dice, columns);
    match dice.between(0, 7) {
        0 => format!("coalesce({a}, 'x') || ',)'"),
        1 => format!("typeof({a})"),
        2 => format!("length({a}) + 1"),
        3 => format!("CASE {a} WHEN {b} THEN 1 ELSE 0 END"),
        4 => format!("lower({a})"),
        5 => format!("{a} || {b}"),
        6 => format!("abs(length({b})) - -1"),
        _ => format!("({a} IS {b})"),
    }
}

fn some(dice: &mut Dice, columns: &[String]) -> String {
    let name = dice.one(columns);
    mention(dice, name)
}

/// A literal for DEFAULT and for rows.
pub fn literal(dice: &mut Dice, declared_type: &str) -> String {
    let upper = declared_type.to_ascii_uppercase();
    let kind = match upper.as_str() {
        _ if dice.percent(10) && upper != "ANY" => dice.between(0, 3),
        t if t.contains("INT") => 0,
        t if t.contains("REAL") || t.contains("DOUB") || t.contains("DEC") => 1,
        t if t.contains("TEXT") || t.contains("CHAR") => 2,
        t if t.contains("BLOB") => 3,
        _ => dice.between(0, 3),
    };
    let some: &[&str] = match kind {
        0 => &["0", "1", "-1", "42", "7", "1000000007", "9007199254740993", "0x1F", "12", "99"],
        1 => &["1.5", "-0.0", "1e300", "0.1", "-2.5e-3", "3.0", "12345678.875", "1e15"],
        2 => &["'draft'", "''", "'it''s'", "'12'", "'1.50'", "'ä\n,)'", "' x '", "'0012'", "'zz'"],
        _ => &["x''", "x'00'", "x'ab'", "x'00ff10'", "X'C3'"],
    };
    (*dice.one(some)).to_string()
}

/// What may follow DEFAULT, in all the forms that there are.
pub fn default(dice: &mut Dice, declared_type: &str, only_constant: bool) -> String {
    match dice.between(0, 11) {
        0..=4 => literal(dice, declared_type),
        5 => "NULL".into(),
        6 => format!("({})", literal(dice, declared_type)),
        7 => format!("+{}", dice.between(0, 9)),
        8 => "TRUE".into(),
        9 if !only_constant => "CURRENT_TIMESTAMP".into(),
        10 if !only_constant => "(length('a,)') + 1)".into(),
        _ => (*dice.one(&["draft", "- 5", "( 1 )", "1_000", "\"quoted\"", "-1.5e2"])).to_string(),
    }
}
