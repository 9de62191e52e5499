//! Random models, in the plain ways that applications write them.

use ambix_tests::dice::Dice;

const TABLES: [&str; 4] = ["account", "item", "Order Line", "user"];
const COLUMNS: [&str; 6] = ["title", "rank", "Due Date", "group", "price", "note"];
const TYPES: [&str; 12] = [
    "Integer",
    "String(30)",
    "String(50)",
    "String",
    "Text",
    "Boolean",
    "DateTime",
    "Numeric(10, 2)",
    "Numeric(12, 2)",
    "Float",
    "JSON",
    "Enum('a', 'bc', name='letters')",
];
const DEFAULTS: [&str; 6] = ["'x'", "'it\\'s'", "text('5')", "text('1 + 2')", "func.now()", "''"];

const OPTIONS: [&str; 5] = [
    "mysql_engine='InnoDB', mysql_charset='utf8mb4'",
    "sqlite_autoincrement=False",
    "sqlite_autoincrement=True, postgresql_partition_by='LIST (id)'",
    "sqlite_with_rowid=False, oracle_compress=6",
    "info={'owner': 'me'}, comment='one\\'s own', mariadb_engine=None",
];

/// A module; those of other seeds have tables and columns of the same names.
pub(crate) fn module(seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let convention = match dice.percent(30) {
        true => {
            "naming_convention={'ix': 'ix_%(table_name)s_%(column_0_name)s', \
             'uq': 'uq_%(table_name)s_%(column_0_N_name)s', \
             'fk': 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s', \
             'pk': 'pk_%(table_name)s', 'ck': 'ck_%(table_name)s_%(constraint_name)s'}"
        }
        false => "",
    };
    let count = dice.between(1, 4);
    let tables = dice.some(&TABLES, count);
    let declared: Vec<String> = tables.iter().map(|name| table(&mut dice, name, &tables)).collect();
    format!("from sqlalchemy import *\n\nmetadata = MetaData({convention})\n{}", declared.join(""))
}

fn table(dice: &mut Dice, name: &str, tables: &[&str]) -> String {
    let count = dice.between(1, 5);
    let columns = dice.some(&COLUMNS, count);
    let mut items = vec!["Column('id', Integer, primary_key=True)".to_string()];
    for column in &columns {
        items.push(self::column(dice, column, tables));
    }
    let slug = name.replace(' ', "_").to_lowercase();
    if dice.percent(30) {
        let named =
            if dice.percent(60) { format!(", name='uq_{slug}_two'") } else { String::new() };
        let two = dice.some(&columns, 2);
        let names: Vec<String> = two.iter().map(|name| format!("'{name}'")).collect();
        // One column alone may be UNIQUE by itself already.
        if names.len() == 2 {
            items.push(format!("UniqueConstraint({}{named})", names.join(", ")));
        }
    }
    if dice.percent(40) {
        let unique = if dice.percent(30) { ", unique=True" } else { "" };
        let two = dice.some(&columns, 2);
        let names: Vec<String> = two.iter().map(|name| format!("'{name}'")).collect();
        items.push(format!("Index('{slug}_keys', {}{unique})", names.join(", ")));
    }
    if dice.percent(20) {
        items.push(format!("CheckConstraint('id > {}', name='positive')", dice.between(0, 1)));
    }
    if dice.percent(15) {
        items.push((*dice.one(&OPTIONS)).into());
    }
    format!("\nTable('{name}', metadata,\n    {})\n", items.join(",\n    "))
}

fn column(dice: &mut Dice, name: &str, tables: &[&str]) -> String {
    let mut arguments = vec![format!("'{name}'")];
    if dice.percent(20) {
        let referred = dice.one(tables);
        let delete = if dice.percent(40) { ", ondelete='CASCADE'" } else { "" };
        let named = match dice.percent(30) {
            true => format!(", name='fk_{}'", dice.number() % 1_000_000),
            false => String::new(),
        };
        arguments.push("Integer".into());
        arguments.push(format!("ForeignKey('{referred}.id'{delete}{named})"));
    } else {
        arguments.push((*dice.one(&TYPES)).into());
    }
    if dice.percent(50) {
        arguments.push(format!("nullable={}", if dice.percent(50) { "True" } else { "False" }));
    }
    if dice.percent(25) {
        arguments.push(format!("server_default={}", dice.one(&DEFAULTS)));
    }
    match dice.between(0, 5) {
        0 => arguments.push("unique=True".into()),
        1 => arguments.push("index=True".into()),
        _ => {}
    }
    if dice.percent(10) {
        // Behind the type and the key.
        let place =
            arguments.iter().position(|it| it.starts_with("ForeignKey")).map_or(2, |at| at + 1);
        let check = format!("CheckConstraint('id > 0', name='{}')", name.to_lowercase());
        arguments.insert(place, check);
    }
    format!("Column({})", arguments.join(", "))
}
