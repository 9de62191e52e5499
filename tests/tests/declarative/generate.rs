//! Random models, in the styles in which people write them.

use ambix_tests::dice::Dice;
use std::fmt::Write as _;

const HEAD: &str = "\
import enum
import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, List, Literal, Optional, Union

import sqlalchemy as sa
from sqlalchemy import (
    BigInteger, Boolean, CheckConstraint, Column, Computed, Date, DateTime, Double, Enum, Float, ForeignKey,
    ForeignKeyConstraint, Identity, Index, Integer, Interval, JSON, LargeBinary, MetaData, Numeric, PickleType,
    PrimaryKeyConstraint, SmallInteger, String, Table, Text, Time, Unicode, UniqueConstraint, Uuid, desc, func,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, declarative_base, declared_attr, mapped_column, relationship

SIZE = 20


class Mood(enum.Enum):
    happy = \"h\"
    sad = \"s\"
    so_so = \"so-so\"


class Level(str, enum.Enum):
    LOW = \"low\"
    HIGH = \"high\"


key = Annotated[int, mapped_column(primary_key=True)]
short = Annotated[str, 30]
looked_up = Annotated[str, mapped_column(String(12), index=True)]
moment = Annotated[datetime, mapped_column(nullable=False, server_default=func.now())]
owner = Annotated[Optional[int], mapped_column(ForeignKey(\"root.id\", ondelete=\"SET NULL\"))]
";

const CONVENTIONS: [&str; 3] = [
    "{\"ix\": \"ix_%(column_0_label)s\", \"uq\": \"uq_%(table_name)s_%(column_0_name)s\", \
     \"ck\": \"ck_%(table_name)s_%(constraint_name)s\", \
     \"fk\": \"fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s\", \"pk\": \"pk_%(table_name)s\"}",
    "{\"ix\": \"%(column_0_N_name)s_idx\", \"uq\": \"%(table_name)s_%(column_0_N_label)s_key\", \
     \"fk\": \"%(table_name)s_%(column_0N_name)s_fkey\"}",
    "{\"pk\": \"%(table_name)s_pkey\", \"uq\": \"%(constraint_name)s_uq\"}",
];

const TYPES: [&str; 36] = [
    "Integer",
    "Integer()",
    "BigInteger",
    "SmallInteger()",
    "String",
    "String(50)",
    "String(length=SIZE)",
    "String(8, collation=\"NOCASE\")",
    "Unicode(10)",
    "Text",
    "sa.UnicodeText()",
    "Boolean",
    "Boolean(create_constraint=True, name=\"is_flag\")",
    "DateTime",
    "DateTime(timezone=True)",
    "Date()",
    "Time",
    "Interval()",
    "Numeric(10, 2)",
    "Numeric(precision=8)",
    "Float",
    "Float(53)",
    "Double",
    "LargeBinary",
    "LargeBinary(16)",
    "JSON",
    "PickleType",
    "Uuid",
    "Enum(\"a\", \"bc\", \"it's\", name=\"letters\")",
    "Enum(\"x\", \"y\", name=\"xy\", create_constraint=True)",
    "Enum(Mood)",
    "Enum(Level, values_callable=lambda of: [one.value for one in of], native_enum=False)",
    "sa.VARCHAR(7)",
    "sa.TIMESTAMP",
    "String(40).with_variant(Text(), \"sqlite\")",
    "sqlite.JSON()",
];

/// What stands in `Mapped[…]`, without and with a type of its own.
const PYTHON: [&str; 18] = [
    "int",
    "str",
    "float",
    "bool",
    "bytes",
    "datetime",
    "date",
    "time",
    "timedelta",
    "Decimal",
    "uuid.UUID",
    "Mood",
    "Level",
    "Literal[\"on\", \"off\"]",
    "short",
    "looked_up",
    "moment",
    "owner",
];

const DEFAULTS: [&str; 10] = [
    "\"5\"",
    "\"it's\"",
    "text(\"7\")",
    "text(\"(1 + 2)\")",
    "text(\"'t'\")",
    "func.now()",
    "func.current_timestamp()",
    "sa.true()",
    "sa.null()",
    "sa.literal_column(\"8\")",
];

/// The text of a module for a seed. Its tables are in `metadata`.
pub(crate) fn module(seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let mut text = String::from(HEAD);
    base(&mut dice, &mut text);
    let mixins = mixins(&mut dice, &mut text);
    let mut tables = vec!["root".to_string()];
    for number in 0..dice.between(1, 4) {
        let table = format!("t{number}");
        match dice.percent(15) {
            true => core_table(&mut dice, &mut text, &table, &tables),
            false => class(&mut dice, &mut text, number, &mixins, &tables),
        }
        tables.push(table);
    }
    text
}

fn base(dice: &mut Dice, text: &mut String) {
    let convention = match dice.percent(50) {
        true => format!("naming_convention={}", dice.one(&CONVENTIONS)),
        false => String::new(),
    };
    let _ = match dice.between(0, 2) {
        0 => write!(
            text,
            "\nmetadata = MetaData({convention})\nBase = declarative_base(metadata=metadata)\n"
        ),
        1 => write!(
            text,
            "\n\nclass Base(DeclarativeBase):\n    metadata = MetaData({convention})\n    type_annotation_map = \
             {{short: String(30), Decimal: Numeric(12, 4), Level: Enum(Level, native_enum=False, length=16)}}\n\n\n\
             metadata = Base.metadata\n"
        ),
        _ => write!(
            text,
            "\n\nclass Base(DeclarativeBase):\n    metadata = MetaData({convention})\n\n    id: Mapped[key]\n\n\n\
             metadata = Base.metadata\n"
        ),
    };
    text.push_str(
        "\n\nclass Root(Base):\n    __tablename__ = \"root\"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n    \
         code: Mapped[str] = mapped_column(String(9), unique=True)\n",
    );
}

fn mixins(dice: &mut Dice, text: &mut String) -> Vec<&'static str> {
    const ALL: [(&str, &str); 4] = [
        (
            "Stamped",
            "    made = Column(DateTime, server_default=func.now(), nullable=False)\n    changed: Mapped[Optional[datetime]]\n",
        ),
        (
            "Owned",
            "    @declared_attr\n    def owner_id(cls):\n        return Column(Integer, ForeignKey(\"root.id\"), index=True)\n",
        ),
        (
            "Ranked",
            "    rank: Mapped[int] = mapped_column(sort_order=5, server_default=text(\"0\"))\n    \
             label: Mapped[str] = mapped_column(String(6), sort_order=-1, unique=True)\n",
        ),
        (
            "Checked",
            "    points = Column(Integer)\n\n    @declared_attr.directive\n    def __table_args__(cls):\n        return \
             (CheckConstraint(\"points > 0\", name=f\"{cls.__tablename__}_points\"),)\n",
        ),
    ];
    let count = dice.between(0, 2);
    let chosen = dice.some(&ALL, count);
    for (name, body) in &chosen {
        let _ = write!(text, "\n\nclass {name}:\n{body}");
    }
    chosen.into_iter().map(|(name, _)| name).collect()
}

fn class(dice: &mut Dice, text: &mut String, number: usize, mixins: &[&str], tables: &[String]) {
    let count = dice.between(0, mixins.len());
    let mut bases: Vec<&str> = dice.some(mixins, count);
    bases.push("Base");
    let _ = write!(text, "\n\nclass T{number}({}):\n", bases.join(", "));
    let name = format!("    __tablename__ = \"t{number}\"\n");
    let arguments_first = dice.percent(50);
    // Columns that an expression in the class may name.
    let mut named: Vec<String> = Vec::new();
    let mut all: Vec<String> = Vec::new();
    let mut body = String::new();
    let key = match dice.between(0, 3) {
        0 => "    id = Column(Integer, primary_key=True)\n",
        1 => "    id: Mapped[int] = mapped_column(primary_key=True)\n",
        2 => "    id: Mapped[key]\n",
        _ => "    id = mapped_column(\"key\", BigInteger, Identity(), primary_key=True)\n",
    };
    body.push_str(key);
    for column in 0..dice.between(1, 7) {
        let attribute = format!("c{column}");
        let (line, is_value) = attribute_of(dice, &attribute, tables);
        let _ = writeln!(body, "    {line}");
        if is_value {
            named.push(attribute.clone());
        }
        all.push(match line.contains("_named\"") {
            true => format!("{attribute}_named"),
            false => attribute,
        });
    }
    if dice.percent(20) {
        body.push_str("    root = relationship(\"Root\")\n");
    }
    if dice.percent(20) {
        body.push_str("\n    def shown(self):\n        return str(self.id)\n\n");
    }
    let arguments = match bases.contains(&"Checked") {
        true => String::new(),
        false => table_arguments(dice, number, &named, &all),
    };
    match arguments_first && named.is_empty() {
        true => text.push_str(&[name, arguments, body].concat()),
        false => text.push_str(&[name, body, arguments].concat()),
    }
}

/// One column of a class, and whether its name is bound to it in the body of the class.
fn attribute_of(dice: &mut Dice, name: &str, tables: &[String]) -> (String, bool) {
    let written = if dice.percent(15) { format!("\"{name}_named\", ") } else { String::new() };
    match dice.between(0, 4) {
        0 => {
            let python = python(dice);
            (format!("{name}: Mapped[{python}]"), false)
        }
        1 | 2 => {
            let python = python(dice);
            let words = words(dice, true);
            let kind = match dice.percent(40) {
                true => format!("{}, ", dice.one(&TYPES)),
                false => String::new(),
            };
            let line = format!("{name}: Mapped[{python}] = mapped_column({written}{kind}{words})");
            (line.replace(", )", ")"), true)
        }
        3 if dice.percent(40) => {
            let target = dice.one(tables).clone();
            let column = if target == "root" && dice.percent(30) { "code" } else { "id" };
            let options = dice.one(&[
                "",
                ", ondelete=\"CASCADE\"",
                ", onupdate=\"CASCADE\", ondelete=\"SET NULL\"",
                ", name=\"fk_own\"",
                ", deferrable=True, initially=\"DEFERRED\"",
            ]);
            let kind = dice.one(&["", "Integer, "]);
            let words = words(dice, false);
            let line = format!(
                "{name} = Column({written}{kind}ForeignKey(\"{target}.{column}\"{options}), {words})"
            );
            (line.replace(", )", ")"), true)
        }
        _ => {
            let what = dice.one(&["Column", "mapped_column"]);
            let item = match dice.between(0, 9) {
                0 => "Integer, Computed(\"1 + 1\")".to_string(),
                1 => format!("Integer, CheckConstraint(\"{name} > 0\")"),
                2 => format!("Integer, CheckConstraint(\"{name} < 9\", name=\"small\")"),
                _ => (*dice.one(&TYPES)).to_string(),
            };
            let words = match item.contains("Computed") {
                true => String::new(),
                false => words(dice, *what == "mapped_column"),
            };
            (format!("{name} = {what}({written}{item}, {words})").replace(", )", ")"), true)
        }
    }
}

fn python(dice: &mut Dice) -> String {
    let python = *dice.one(&PYTHON);
    match dice.between(0, 5) {
        0 => format!("Optional[{python}]"),
        1 => format!("Union[{python}, None]"),
        2 if !python.contains('"') => format!("\"{python} | None\""),
        3 if !python.contains('"') => format!("\"Optional[{python}]\""),
        _ => python.into(),
    }
}

fn words(dice: &mut Dice, is_mapped: bool) -> String {
    let mut words: Vec<String> = Vec::new();
    for (chance, word) in [
        (20, "nullable=True"),
        (20, "nullable=False"),
        (12, "index=True"),
        (6, "index=False"),
        (12, "unique=True"),
        (5, "unique=False"),
        (6, "doc=\"words\""),
        (6, "comment=\"words\""),
        (6, "info={\"a\": 1}"),
        (8, "default=3"),
        (4, "onupdate=func.now()"),
        (3, "sqlite_on_conflict_not_null=\"IGNORE\""),
    ] {
        let is_new = !words.iter().any(|known| known.split('=').next() == word.split('=').next());
        if dice.percent(chance) && is_new {
            words.push(word.into());
        }
    }
    if dice.percent(20) {
        words.push(format!("server_default={}", dice.one(&DEFAULTS)));
    }
    if is_mapped && dice.percent(8) {
        words.push(format!("sort_order={}", dice.one(&["-1", "1", "3"])));
    }
    words.join(", ")
}

fn table_arguments(dice: &mut Dice, number: usize, named: &[String], all: &[String]) -> String {
    let mut items = Vec::new();
    let one = |dice: &mut Dice, of: &[String]| dice.one(of).clone();
    for item in 0..dice.between(0, 3) {
        let name = format!("n{number}_{item}");
        let maybe_name = match dice.percent(60) {
            true => format!(", name=\"{name}\""),
            false => String::new(),
        };
        if !all.is_empty() {
            let column = one(dice, all);
            items.push(match dice.between(0, 5) {
                0 => format!("UniqueConstraint(\"{column}\"{maybe_name})"),
                1 => {
                    let other = one(dice, all);
                    format!("UniqueConstraint(\"{column}\", \"{other}\"{maybe_name})")
                }
                2 => format!("Index(\"{name}\", \"{column}\")"),
                3 => format!("Index(\"{name}\", text(\"{column} DESC\"), unique=True)"),
                4 => format!("CheckConstraint(\"{column} <> 'x'\"{maybe_name})"),
                _ => {
                    format!("Index(\"{name}\", \"{column}\", sqlite_where=text(\"{column} > 1\"))")
                }
            });
        }
        if !named.is_empty() && dice.percent(50) {
            let column = one(dice, named);
            items.push(match dice.between(0, 5) {
                0 => format!("Index(\"{name}_e\", func.lower({column}))"),
                1 => format!("Index(\"{name}_e\", {column}.desc())"),
                2 => format!("Index(\"{name}_e\", {column}, sqlite_where={column} != None)"),
                3 => format!("CheckConstraint({column} != None{maybe_name})"),
                4 => format!("UniqueConstraint({column}{maybe_name})"),
                _ => format!("Index(None, {column})"),
            });
        }
    }
    let options = dice.one(&[
        "",
        "",
        "{\"sqlite_autoincrement\": True}",
        "{\"comment\": \"a table\", \"mysql_engine\": \"InnoDB\"}",
        "{\"sqlite_with_rowid\": False}",
    ]);
    if items.is_empty() && !options.is_empty() {
        return format!("    __table_args__ = {options}\n");
    }
    if !options.is_empty() {
        items.push((*options).into());
    }
    match items.is_empty() {
        true => String::new(),
        false => format!("    __table_args__ = ({},)\n", items.join(", ")),
    }
}

fn core_table(dice: &mut Dice, text: &mut String, table: &str, tables: &[String]) {
    let mut items = vec!["Column(\"id\", Integer, primary_key=True)".to_string()];
    let mut names = Vec::new();
    for number in 0..dice.between(1, 5) {
        let name = format!("c{number}");
        let words = words(dice, false);
        let item = match dice.percent(20) {
            true => format!("ForeignKey(\"{}.id\")", dice.one(tables)),
            false => (*dice.one(&TYPES)).to_string(),
        };
        let key = if dice.percent(10) { format!("key=\"k{number}\", ") } else { String::new() };
        names.push(if key.is_empty() { name.clone() } else { format!("k{number}") });
        items.push(format!("Column(\"{name}\", {item}, {key}{words})").replace(", )", ")"));
    }
    for item in 0..dice.between(0, 2) {
        let column = dice.one(&names).clone();
        items.push(match dice.between(0, 2) {
            0 => format!("UniqueConstraint(\"{column}\", name=\"u_{table}_{item}\")"),
            1 => format!("Index(\"i_{table}_{item}\", \"{column}\")"),
            _ => format!("CheckConstraint(\"id > {item}\")"),
        });
    }
    let _ = write!(
        text,
        "\n\n{table} = Table(\n    \"{table}\",\n    metadata,\n    {},\n)\n",
        items.join(",\n    ")
    );
    if dice.percent(30) {
        let column = dice.one(&names).clone();
        let _ = writeln!(text, "Index(\"later_{table}\", {table}.c.{column})");
    }
}
