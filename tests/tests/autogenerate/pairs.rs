//! Random schemas, and the same with some differences.

use ambix_tests::dice::Dice;
use rusqlite::Connection;

const TABLES: [&str; 3] = ["item", "Order Line", "user"];
const COLUMNS: [&str; 6] = ["a", "b", "c", "Due Date", "group", "e"];
const TYPES: [&str; 7] =
    ["INTEGER", "TEXT", "VARCHAR(20)", "NUMERIC(10, 2)", "REAL", "DATE", "BLOB"];

/// A schema to be.
#[derive(Clone)]
pub(crate) struct Plan {
    tables: Vec<Table>,
    readers: Vec<Reader>,
}

/// A view or a trigger that reads a column.
#[derive(Clone)]
struct Reader {
    number: usize,
    table: &'static str,
    column: &'static str,
    sql: String,
}

#[derive(Clone)]
struct Table {
    name: &'static str,
    /// The first is `id`, which foreign keys refer to.
    columns: Vec<Column>,
    key: Vec<&'static str>,
    constraints: Vec<Constraint>,
    is_strict: bool,
    has_rowid: bool,
    autoincrement: bool,
    /// Number and statement.
    indexes: Vec<Index>,
}

#[derive(Clone)]
struct Column {
    name: &'static str,
    data_type: &'static str,
    /// NOT NULL comes with a default, so that it can be added to rows.
    not_null: bool,
    default: Option<&'static str>,
    collation: Option<&'static str>,
    generated: Option<&'static str>,
    /// Its values are the default, or none.
    is_new: bool,
}

#[derive(Clone, PartialEq)]
struct Constraint {
    columns: Vec<&'static str>,
    refers_to: Option<&'static str>,
    sql: String,
}

#[derive(Clone)]
struct Index {
    number: usize,
    column: &'static str,
    is_unique: bool,
    sql: String,
}

impl Plan {
    pub(crate) fn new(dice: &mut Dice) -> Self {
        let count = dice.between(1, 3);
        let names = dice.some(&TABLES, count);
        let tables = names.into_iter().map(|name| Table::new(dice, name)).collect();
        Self { tables, readers: Vec::new() }.settled(dice, None)
    }

    pub(crate) fn changed(&self, dice: &mut Dice) -> Self {
        let mut plan = self.clone();
        if plan.tables.len() > 1 && dice.percent(15) {
            plan.tables.remove(0);
        }
        for table in &mut plan.tables {
            table.change(dice);
        }
        let free = TABLES.iter().find(|name| self.tables.iter().all(|it| it.name != **name));
        if let Some(name) = free
            && dice.percent(30)
        {
            plan.tables.push(Table::new(dice, name));
        }
        plan.settled(dice, Some(self))
    }

    /// With constraints and indexes that fit the columns; most of those from before stay. A table that has just been made
    /// has no rows to refer to.
    fn settled(mut self, dice: &mut Dice, before: Option<&Self>) -> Self {
        let has_rows = |table: &&Table| {
            before.is_none_or(|plan| plan.tables.iter().any(|old| old.name == table.name))
        };
        let names: Vec<&'static str> =
            self.tables.iter().filter(has_rows).map(|table| table.name).collect();
        for table in &mut self.tables {
            table.settle(dice, &names);
        }
        let has = |reader: &Reader| {
            let table = self.tables.iter().find(|table| table.name == reader.table);
            table.is_some_and(|table| table.columns.iter().any(|it| it.name == reader.column))
        };
        self.readers.retain(|reader| has(reader) && dice.percent(75));
        if dice.percent(35) {
            let new = Reader::new(dice, &self.tables);
            self.readers.retain(|reader| reader.number != new.number);
            self.readers.push(new);
        }
        self
    }

    /// The same with another name for a table, or for a column of one, and what was renamed: table, old name, new name.
    pub(crate) fn renamed(
        &self,
        before: &Self,
        dice: &mut Dice,
    ) -> Option<(Self, Option<&'static str>, &'static str, &'static str)> {
        const TABLE: &str = "goods";
        const COLUMN: &str = "Other Name";
        let both = |table: &&Table| before.tables.iter().any(|old| old.name == table.name);
        let tables: Vec<&Table> = self.tables.iter().filter(both).collect();
        let table = *dice.one(&tables);
        let old = before.tables.iter().find(|old| old.name == table.name)?;
        let mut plan = self.clone();
        if dice.percent(50) {
            plan.rename_table(table.name, TABLE);
            return Some((plan, None, table.name, TABLE));
        }
        let kept = table.columns[1..]
            .iter()
            .filter(|column| old.columns.iter().any(|it| it.name == column.name) && !column.is_new);
        let column = kept.map(|column| column.name).next()?;
        plan.rename_column(table.name, column, COLUMN);
        Some((plan, Some(table.name), column, COLUMN))
    }

    fn rename_table(&mut self, from: &'static str, to: &'static str) {
        let text = |sql: &mut String| *sql = sql.replace(&quoted(from), &quoted(to));
        for table in &mut self.tables {
            if table.name == from {
                table.name = to;
            }
            for one in &mut table.constraints {
                one.refers_to = one.refers_to.map(|name| if name == from { to } else { name });
                text(&mut one.sql);
            }
            table.indexes.iter_mut().for_each(|index| text(&mut index.sql));
        }
        self.readers.iter_mut().for_each(|reader| text(&mut reader.sql));
    }

    fn rename_column(&mut self, of: &str, from: &'static str, to: &'static str) {
        let name = |name: &mut &'static str| {
            if *name == from {
                *name = to;
            }
        };
        let text = |sql: &mut String| *sql = sql.replace(&quoted(from), &quoted(to));
        for table in self.tables.iter_mut().filter(|table| table.name == of) {
            table.columns.iter_mut().for_each(|column| name(&mut column.name));
            table.key.iter_mut().for_each(name);
            for one in &mut table.constraints {
                one.columns.iter_mut().for_each(name);
                text(&mut one.sql);
            }
            for index in &mut table.indexes {
                name(&mut index.column);
                text(&mut index.sql);
            }
        }
        let readers = self.readers.iter_mut().filter(|reader| reader.table == of);
        readers.for_each(|reader| text(&mut reader.sql));
    }

    /// Whether a column goes, with its values, that has to have some: unique ones, or those of another table.
    pub(crate) fn loses_values(&self, to: &Self) -> bool {
        self.tables.iter().any(|table| {
            let other = to.tables.iter().find(|other| other.name == table.name);
            let is_gone = |name: &&'static str| match other {
                Some(other) => !other.ordinary().contains(name),
                None => false,
            };
            let is_gone_table = |name: &str| to.tables.iter().all(|other| other.name != name);
            if table.constraints.iter().filter_map(|one| one.refers_to).any(is_gone_table) {
                return true;
            }
            let bound = table.constraints.iter().flat_map(|one| &one.columns).chain(&table.key);
            let unique = table.indexes.iter().filter(|index| index.is_unique);
            bound.chain(unique.map(|index| &index.column)).any(is_gone)
        })
    }

    pub(crate) fn sql(&self) -> String {
        let indexes = |table: &Table| table.indexes.iter().map(|index| index.sql.clone()).collect();
        let statements = self.tables.iter().flat_map(|table| {
            let indexes: Vec<String> = indexes(table);
            std::iter::once(table.sql()).chain(indexes)
        });
        let readers = self.readers.iter().map(|reader| reader.sql.clone());
        statements.chain(readers).map(|sql| sql + ";\n").collect()
    }

    pub(crate) fn made(&self) -> Result<Connection, String> {
        let database = Connection::open_in_memory().unwrap();
        database.execute_batch(&self.sql()).map_err(|error| format!("{error}\n{}", self.sql()))?;
        Ok(database)
    }

    /// Three rows in each table: no two values of a column are equal, none is NULL, and each is an id.
    pub(crate) fn fill(&self, database: &Connection) -> Result<(), String> {
        database.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        for table in &self.tables {
            let ordinary = table.ordinary();
            for row in 1..=3 {
                let values = vec![row.to_string(); ordinary.len()].join(", ");
                let names = list(&ordinary);
                let sql = format!("INSERT INTO \"{}\" ({names}) VALUES ({values})", table.name);
                database.execute_batch(&sql).map_err(|error| format!("{error} in {sql}"))?;
            }
        }
        Ok(())
    }
}

impl Table {
    fn new(dice: &mut Dice, name: &'static str) -> Self {
        let count = dice.between(2, 5);
        let columns = dice.some(&COLUMNS, count);
        let columns = columns.into_iter().map(|name| Column::new(dice, name));
        Self {
            name,
            columns: std::iter::once(Column::id()).chain(columns).collect(),
            key: Vec::new(),
            constraints: Vec::new(),
            is_strict: false,
            has_rowid: true,
            autoincrement: false,
            indexes: Vec::new(),
        }
    }

    fn change(&mut self, dice: &mut Dice) {
        if self.columns.len() > 2 && dice.percent(25) {
            let at = dice.between(1, self.columns.len() - 1);
            self.columns.remove(at);
        }
        for column in &mut self.columns[1..] {
            if dice.percent(20) {
                let was_generated = column.generated.is_some();
                *column = Column { is_new: was_generated, ..Column::new(dice, column.name) };
            }
        }
        let free = COLUMNS.iter().find(|name| self.columns.iter().all(|it| it.name != **name));
        if let Some(name) = free
            && dice.percent(35)
        {
            self.columns.push(Column { is_new: true, ..Column::new(dice, name) });
        }
    }

    /// The columns that can be written to.
    fn ordinary(&self) -> Vec<&'static str> {
        let ordinary = self.columns.iter().filter(|column| column.generated.is_none());
        ordinary.map(|column| column.name).collect()
    }

    fn settle(&mut self, dice: &mut Dice, tables: &[&'static str]) {
        if dice.percent(25) {
            self.is_strict = dice.percent(30);
            self.has_rowid = dice.percent(60);
            self.autoincrement = dice.percent(50);
        }
        // What has values of its own: all else is of these.
        let full: Vec<&'static str> = self
            .columns
            .iter()
            .filter(|column| column.generated.is_none() && !column.is_new)
            .map(|column| column.name)
            .collect();
        self.key.retain(|name| full.contains(name));
        if self.key.is_empty() || dice.percent(15) {
            let count = dice.between(usize::from(!self.has_rowid), 2);
            self.key = dice.some(&full, count);
        }
        self.autoincrement &= self.key == ["id"] && self.has_rowid;
        if self.is_strict {
            // Only whole numbers are in there.
            for column in &mut self.columns[1..] {
                if !["INTEGER", "TEXT", "REAL"].contains(&column.data_type) {
                    column.data_type = "TEXT";
                }
                column.generated = column.generated.map(|_| "id + 1");
            }
        }
        let numbers: Vec<&'static str> = self
            .columns
            .iter()
            .filter(|column| full.contains(&column.name) && column.data_type != "BLOB")
            .map(|column| column.name)
            .collect();
        let fits = |columns: &[&'static str]| columns.iter().all(|name| full.contains(name));
        self.constraints.retain(|one| {
            let is_there = one.refers_to.is_none_or(|table| tables.contains(&table));
            let is_number = one.refers_to.is_none() || numbers.contains(&one.columns[0]);
            fits(&one.columns) && is_there && is_number && dice.percent(80)
        });
        for _ in 0..dice.between(0, 2) {
            let new = Constraint::new(dice, self.name, [&full, &numbers, tables]);
            if self.constraints.iter().all(|one| one.sql != new.sql) {
                self.constraints.push(new);
            }
        }
        let all: Vec<&'static str> = self.columns.iter().map(|column| column.name).collect();
        let fits = |index: &Index| match index.is_unique {
            true => full.contains(&index.column),
            false => all.contains(&index.column),
        };
        self.indexes.retain(|index| fits(index) && dice.percent(80));
        for _ in 0..dice.between(0, 2) {
            let new = Index::new(dice, self.name, &all, &full);
            self.indexes.retain(|index| index.number != new.number);
            self.indexes.push(new);
        }
    }

    fn sql(&self) -> String {
        let mut lines: Vec<String> =
            self.columns.iter().map(|column| column.sql(self.autoincrement)).collect();
        if self.key != ["id"] {
            lines.push("UNIQUE (\"id\")".into());
        }
        if !self.key.is_empty() && !self.autoincrement {
            lines.push(format!("PRIMARY KEY ({})", list(&self.key)));
        }
        lines.extend(self.constraints.iter().map(|one| one.sql.clone()));
        let options = [(self.is_strict, "STRICT"), (!self.has_rowid, "WITHOUT ROWID")];
        let options: Vec<&str> =
            options.iter().filter(|(is_set, _)| *is_set).map(|(_, words)| *words).collect();
        format!("CREATE TABLE \"{}\" ({}) {}", self.name, lines.join(", "), options.join(", "))
    }
}

impl Column {
    fn id() -> Self {
        Self {
            name: "id",
            data_type: "INTEGER",
            not_null: true,
            default: None,
            collation: None,
            generated: None,
            is_new: false,
        }
    }

    fn new(dice: &mut Dice, name: &'static str) -> Self {
        let not_null = dice.percent(30);
        let data_type = *dice.one(&TYPES);
        let is_text = ["TEXT", "VARCHAR(20)"].contains(&data_type);
        let default = *dice.one(&["2", "'2'", "(1 + 1)", "1"]);
        Self {
            name,
            data_type,
            not_null,
            default: (not_null || dice.percent(30)).then_some(default),
            collation: (is_text && dice.percent(25)).then(|| *dice.one(&["NOCASE", "RTRIM"])),
            generated: dice.percent(10).then(|| *dice.one(&["id + 1", "id * 2"])),
            is_new: false,
        }
    }

    fn sql(&self, autoincrement: bool) -> String {
        let mut sql = format!("\"{}\" {}", self.name, self.data_type);
        if autoincrement && self.name == "id" {
            sql += " PRIMARY KEY AUTOINCREMENT";
        }
        if let Some(collation) = self.collation {
            sql += &format!(" COLLATE {collation}");
        }
        if let Some(generated) = self.generated {
            let kind = if self.not_null { "STORED" } else { "VIRTUAL" };
            return sql + &format!(" AS ({generated}) {kind}");
        }
        if let Some(default) = self.default {
            sql += &format!(" DEFAULT {default}");
        }
        sql + if self.not_null { " NOT NULL" } else { "" }
    }
}

impl Constraint {
    /// One that the rows keep.
    fn new(dice: &mut Dice, table: &str, [full, numbers, tables]: [&[&'static str]; 3]) -> Self {
        let count = dice.between(1, 2);
        let mut columns = dice.some(full, count);
        let mut refers_to = None;
        let mut sql = match dice.percent(50) {
            true => format!("CONSTRAINT \"{table}_{}\" ", dice.number() % 1_000_000),
            false => String::new(),
        };
        match dice.between(0, 2) {
            0 => sql += &format!("UNIQUE ({})", list(&columns)),
            1 => {
                columns.truncate(1);
                sql += &format!("CHECK (\"{}\" <> {})", columns[0], dice.between(900, 903));
            }
            _ => {
                // A BLOB is no number to SQLite.
                columns = dice.some(numbers, 1);
                if columns.is_empty() {
                    columns.push("id");
                }
                let referred = *dice.one(tables);
                let action = *dice.one(&["NO ACTION", "CASCADE", "SET NULL"]);
                refers_to = Some(referred);
                sql += &format!(
                    "FOREIGN KEY (\"{}\") REFERENCES \"{referred}\" (\"id\") ON DELETE {action}",
                    columns[0]
                );
            }
        }
        Self { columns, refers_to, sql }
    }
}

impl Index {
    fn new(dice: &mut Dice, table: &str, all: &[&'static str], full: &[&'static str]) -> Self {
        let is_unique = dice.percent(25);
        let column = *dice.one(if is_unique { full } else { all });
        let key = match dice.between(0, 4) {
            0 => format!("\"{column}\" DESC"),
            1 => format!("lower(\"{column}\")"),
            2 => format!("\"{column}\" COLLATE NOCASE"),
            _ => format!("\"{column}\""),
        };
        let condition = match dice.percent(20) {
            true => format!(" WHERE \"{column}\" > {}", dice.between(0, 2)),
            false => String::new(),
        };
        let number = dice.between(1, 4);
        let unique = if is_unique { "UNIQUE " } else { "" };
        let sql = format!(
            "CREATE {unique}INDEX \"ix {table} {number}\" ON \"{table}\" ({key}){condition}"
        );
        Self { number, column, is_unique, sql }
    }
}

impl Reader {
    fn new(dice: &mut Dice, tables: &[Table]) -> Self {
        let Table { name: table, columns, .. } = dice.one(tables);
        let column = dice.one(columns).name;
        let number = dice.between(1, 3);
        let sql = match dice.percent(50) {
            true => format!(
                "CREATE VIEW \"reader {number}\" AS SELECT id, \"{column}\" AS it FROM \"{table}\" WHERE id > 0"
            ),
            false => format!(
                "CREATE TRIGGER \"reader {number}\" AFTER DELETE ON \"{table}\" BEGIN SELECT old.\"{column}\"; END"
            ),
        };
        Self { number, table, column, sql }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}
