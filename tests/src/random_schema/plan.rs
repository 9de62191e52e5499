//! What the tables of a schema are to be, before they are written: so that they can refer to each other.

use super::names::Names;
use crate::dice::Dice;

/// A table to be.
#[derive(Clone, Debug, Default)]
pub struct TablePlan {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<ColumnPlan>,
    /// The columns of its primary key, by place; empty where it has none.
    pub primary_key: Vec<usize>,
    /// The sets of columns that are UNIQUE.
    pub uniques: Vec<Vec<usize>>,
    /// STRICT.
    pub strict: bool,
    /// WITHOUT ROWID.
    pub without_rowid: bool,
    /// AUTOINCREMENT.
    pub autoincrement: bool,
}

/// A column to be.
#[derive(Clone, Debug)]
pub struct ColumnPlan {
    /// Its name.
    pub name: String,
    /// Its type; empty for none.
    pub data_type: String,
    /// Whether its value is computed from other columns.
    pub generated: bool,
}

const TYPES: [&str; 26] = [
    "",
    "",
    "INTEGER",
    "INTEGER",
    "INT",
    "TEXT",
    "TEXT",
    "REAL",
    "BLOB",
    "NUMERIC",
    "VARCHAR(20)",
    "DECIMAL(10, 2)",
    "DOUBLE PRECISION",
    "long varchar",
    "\"odd type\"",
    "[x y]",
    "'text'",
    "NATIVE CHARACTER(70)",
    "BOOLEAN",
    "DATETIME",
    "unsigned big int",
    "FLOAT( -1 , +2 )",
    "`b`",
    "JSON",
    "KEY",
    "any",
];

const STRICT_TYPES: [&str; 6] = ["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"];

impl TablePlan {
    /// A table with columns and keys.
    pub(super) fn new(dice: &mut Dice, name: String) -> Self {
        let mut names = Names::new();
        let strict = dice.percent(15);
        let mut columns = Vec::new();
        for nth in 0..dice.between(1, 6) {
            let data_type = if strict { *dice.one(&STRICT_TYPES) } else { *dice.one(&TYPES) };
            let generated = nth > 0 && dice.percent(12);
            columns.push(ColumnPlan {
                name: names.fresh(dice),
                data_type: data_type.into(),
                generated,
            });
        }
        let mut plan = Self { name, columns, strict, ..Self::default() };
        let ordinary = plan.ordinary();
        match dice.between(0, 9) {
            0 | 1 => {}
            2..=4 => {
                plan.primary_key = vec![ordinary[0]];
                plan.columns[ordinary[0]].data_type = "INTEGER".into();
                plan.autoincrement = dice.percent(40);
            }
            5 | 6 => plan.primary_key = dice.some(&ordinary, 1),
            _ => {
                let count = dice.between(1, 3);
                plan.primary_key = dice.some(&ordinary, count);
            }
        }
        plan.without_rowid =
            !plan.primary_key.is_empty() && !plan.autoincrement && dice.percent(20);
        for _ in 0..dice.between(0, 2) {
            let count = dice.between(1, 2);
            plan.uniques.push(dice.some(&ordinary, count));
        }
        plan
    }

    /// The places of the columns that can be written to.
    pub fn ordinary(&self) -> Vec<usize> {
        (0..self.columns.len()).filter(|at| !self.columns[*at].generated).collect()
    }

    /// The names of all columns.
    pub fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// The names of the columns at these places.
    pub(super) fn named(&self, places: &[usize]) -> Vec<String> {
        places.iter().map(|at| self.columns[*at].name.clone()).collect()
    }

    /// What a foreign key can refer to: the primary key and the sets of UNIQUE columns.
    pub(super) fn keys(&self) -> Vec<Vec<usize>> {
        let primary = (!self.primary_key.is_empty()).then(|| self.primary_key.clone());
        primary.into_iter().chain(self.uniques.iter().cloned()).collect()
    }

    /// Whether the column is the rowid by another name.
    pub fn is_rowid(&self, at: usize) -> bool {
        self.primary_key == [at]
            && !self.without_rowid
            && self.columns[at].data_type.eq_ignore_ascii_case("INTEGER")
    }
}
