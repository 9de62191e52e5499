//! Random schemas with rows, which SQLite accepts: every clause of its grammar, in every layout.

mod expression;
mod foreign_key;
mod index;
mod layout;
pub mod names;
mod plan;
pub mod rows;
mod table;
mod trigger;
mod view;

pub use expression::{condition, default, literal, value};
pub use plan::{ColumnPlan, TablePlan};

use crate::dice::Dice;
use ambix_core::engine::Value;
use layout::Layout;
use names::Names;
use rusqlite::Connection;

/// How often something that SQLite refuses is made anew.
const ATTEMPTS: usize = 4;

/// A schema with its rows, as statements that SQLite takes in this order with foreign keys off.
#[derive(Debug, Default)]
pub struct RandomSchema {
    /// The CREATE statements.
    pub statements: Vec<String>,
    /// What fills the tables.
    pub rows: Vec<String>,
    /// What the tables are.
    pub tables: Vec<TablePlan>,
    /// The names of the views.
    pub views: Vec<String>,
}

impl RandomSchema {
    /// The schema of this seed.
    pub fn new(seed: u64) -> Self {
        let dice = &mut Dice::new(seed);
        let layout = Layout::new(dice);
        let database = Database::new();
        let mut names = Names::new();
        let mut schema = Self::default();
        let count = dice.between(1, 5);
        let plans: Vec<TablePlan> = (0..count)
            .map(|_| {
                let name = names.fresh(dice);
                TablePlan::new(dice, name)
            })
            .collect();
        for at in 0..plans.len() {
            let make = |dice: &mut Dice| table::create(dice, &plans, at);
            if schema.accepted(dice, layout, &database, make) {
                schema.tables.push(plans[at].clone());
            }
        }
        if schema.tables.is_empty() {
            return schema;
        }
        let tables = schema.tables.clone();
        for _ in 0..dice.between(0, 4) {
            let table = dice.one(&tables).clone();
            let name = names.fresh(dice);
            schema.accepted(dice, layout, &database, |dice| index::create(dice, &name, &table));
        }
        schema.add_views(dice, layout, &database, &mut names);
        for _ in 0..dice.between(0, 3) {
            let table = dice.one(&tables).clone();
            let name = names.fresh(dice);
            let make = |dice: &mut Dice| trigger::create(dice, &name, &table, &tables);
            schema.accepted(dice, layout, &database, make);
        }
        rows::add(dice, &database, &mut schema);
        schema
    }

    fn add_views(
        &mut self,
        dice: &mut Dice,
        layout: Layout,
        database: &Database,
        names: &mut Names,
    ) {
        let tables = self.tables.clone();
        for _ in 0..dice.between(0, 2) {
            let name = names.fresh(dice);
            let mut columns = Vec::new();
            let make = |dice: &mut Dice| {
                let (sql, shown) = view::create(dice, &name, &tables);
                columns = shown;
                sql
            };
            if !self.accepted(dice, layout, database, make) {
                continue;
            }
            self.views.push(name.clone());
            if dice.percent(40) {
                let other = dice.one(&tables).clone();
                let trigger = names.fresh(dice);
                let make =
                    |dice: &mut Dice| trigger::instead(dice, &trigger, &name, &columns, &other);
                self.accepted(dice, layout, database, make);
            }
        }
    }

    fn accepted(
        &mut self,
        dice: &mut Dice,
        layout: Layout,
        database: &Database,
        mut make: impl FnMut(&mut Dice) -> String,
    ) -> bool {
        for _ in 0..ATTEMPTS {
            let sql = make(dice);
            let sql = layout.apply(dice, &sql);
            if database.accepts(&sql) {
                self.statements.push(sql);
                return true;
            }
        }
        false
    }

    /// A database in memory that holds it; foreign keys are off.
    pub fn open(&self) -> Connection {
        let database = Database::new();
        for sql in self.statements.iter().chain(&self.rows) {
            let done = database.0.execute_batch(sql);
            done.unwrap_or_else(|error| panic!("{error}\n{sql}"));
        }
        database.0
    }
}

impl TablePlan {
    /// A name for the rowid that no column has; none where there is no rowid.
    pub fn rowid_name(&self) -> Option<&'static str> {
        let is_free = |alias: &&str| {
            !self.columns.iter().any(|column| column.name.eq_ignore_ascii_case(alias))
        };
        let alias = ["rowid", "_rowid_", "oid"].into_iter().find(is_free);
        alias.filter(|_| !self.without_rowid)
    }
}

/// The SQLite that says what it accepts.
struct Database(Connection);

impl Database {
    fn new() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        Self(connection)
    }

    /// Runs a statement; one that fails leaves nothing behind.
    fn accepts(&self, sql: &str) -> bool {
        self.0.execute_batch("SAVEPOINT attempt").unwrap();
        let accepted = self.0.execute_batch(sql).is_ok();
        if self.0.is_autocommit() {
            // ON CONFLICT ROLLBACK has ended everything.
            return false;
        }
        if !accepted {
            self.0.execute_batch("ROLLBACK TO attempt").unwrap();
        }
        self.0.execute_batch("RELEASE attempt").unwrap();
        accepted
    }

    fn try_rows(&self, sql: &str) -> rusqlite::Result<Vec<Vec<Value>>> {
        crate::rows(&self.0, sql).map(|found| found.rows)
    }

    fn rows(&self, sql: &str) -> Vec<Vec<Value>> {
        self.try_rows(sql).unwrap_or_default()
    }
}
