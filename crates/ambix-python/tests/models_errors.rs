//! What cannot be read in models is named, with its place and a way out.

use ambix_core::diagnostic::Code;
use ambix_core::schema::ServerDefault;
use ambix_python::read_models;

/// Lines of the form `line:column: message -> hint`.
fn errors(text: &str) -> String {
    let models = read_models(&[("models.py".into(), text.into())]);
    let mut shown = String::new();
    for error in models.diagnostics.iter().chain(&models.refused) {
        assert!(error.is_error() && error.code == Code::PythonUnsupported, "{error:?}");
        let place = error.place.as_ref().map(ToString::to_string).unwrap_or_default();
        shown += &format!("{}: {error}", place.trim_start_matches("models.py:"));
        for hint in &error.hints {
            shown += &format!(" -> {}", hint.text);
        }
        shown += "\n";
    }
    shown
}

/// Puts one attribute into a model; it stands in line 8.
fn check_attribute(attribute: &str, expected: &str) {
    let text = format!(
        "import sqlalchemy as sa
from sqlalchemy import *
from sqlalchemy.orm import Mapped, mapped_column, relationship
from .database import Base, settings
class Item(Base):
    __tablename__ = 'item'
    id = Column(Integer, primary_key=True)
    {attribute}
"
    );
    assert_eq!(errors(&text), format!("{expected}\n"), "{attribute}");
}

const WRITE_THE_VALUE: &str =
    "Ambix reads Python without running it: write the value itself in this place.";

#[test]
fn columns() {
    for (attribute, expected) in [
        (
            "x = Column(Geometry)",
            "8:16: the column type sqlalchemy.Geometry is not known -> Use one of SQLAlchemy's own \
             types, such as `String` or `Integer`.",
        ),
        (
            "x = Column(String(settings.length))",
            "8:23: `length` of `String` must be a plain value, not the name \
             `.database.settings.length` -> {value}",
        ),
        (
            "x = Column(Integer, colour='red')",
            "8:25: The argument `colour` of `Column` is not supported -> Its arguments are: name, type_, \
             nullable, primary_key, unique, index, server_default, key, comment, info, autoincrement, \
             sqlite_on_conflict_not_null, sqlite_on_conflict_primary_key, sqlite_on_conflict_unique, \
             system.",
        ),
        (
            "x = Column(Integer, ForeignKey(Other.id))",
            "8:36: `column` of `ForeignKey` must be a string, not the name `sqlalchemy.Other.id` -> \
             Write the target as a string: `ForeignKey(\"table.column\")`.",
        ),
        (
            "x = Column(Integer, ForeignKey('other'))",
            "8:36: The target of the foreign key, 'other', is not of the form table.column -> Write \
             the target as a string: `ForeignKey(\"table.column\")`.",
        ),
        (
            "x = Column(Integer, server_default=3)",
            "8:40: `server_default` of `Column` must be a string or SQL, not the number 3 -> Write a \
             string, or SQL as `text(\"…\")`.",
        ),
        (
            "x = Column(Integer, server_default=text(':a'))",
            "8:45: The SQL has a parameter, `:a`, without a value -> Write the value into the SQL, or \
             `\\\\:` for a colon.",
        ),
        (
            "x = Column(Enum(Color))",
            "8:21: `members` of `Enum` must be strings, not the name `sqlalchemy.Color` -> Write the \
             members out: `Enum(\"draft\", \"done\", name=\"state\")`.",
        ),
        (
            "x = Column()",
            "8:9: The column 'item.x' has no type -> Write the type: `Column(Integer, …)`.",
        ),
        (
            "x = Column(ForeignKey('other.id'))",
            "8:9: could not find table 'other' with which to generate a foreign key -> Write the \
             type: `Column(Integer, …)`.",
        ),
        (
            "x = Column(ForeignKey('item.x'))",
            "8:9: The foreign keys of 'item.x' lead in a circle, so it has no type -> Write the \
             type: `Column(Integer, …)`.",
        ),
        (
            "x: Mapped[list[str]]",
            "8:15: No column type is known for a subscript -> Name the type: \
             `mapped_column(String)`.",
        ),
        (
            "x = make_column()",
            "8:9: `x` is set to a call of `make_column`, which may be a column -> Nothing in \
             models.py defines `make_column`: import or define it.",
        ),
        ("id2 = Column('id', Integer)", "8:11: A column with name 'id' is already present"),
        (
            "if settings.x: x = Column(Integer)",
            "8:5: In the body of a model, an `if` is not read -> Write the columns one after another.",
        ),
    ] {
        check_attribute(attribute, &expected.replace("{value}", WRITE_THE_VALUE));
    }
}

#[test]
fn table_args() {
    for (attribute, expected) in [
        (
            "__table_args__ = (UniqueConstraint('y'),)",
            "8:23: Can't create UniqueConstraint on table 'item': no column named 'y' is present.",
        ),
        (
            "__table_args__ = (Index('ix', 'y'),)",
            "8:23: Can't create Index on table 'item': no column named 'y' is present.",
        ),
        (
            "__table_args__ = (Index('ix'))",
            "8:23: `__table_args__` must be a tuple or a dict, not a call of `sqlalchemy.Index` -> \
             Mind the comma of a tuple: `(Index(…),)`.",
        ),
        (
            "__table_args__ = {'schema': 'other'}",
            "8:23: The argument `schema` of `__table_args__` is not supported -> Leave it out.",
        ),
        (
            "__table_args__ = (ExcludeConstraint('x'),)",
            "8:23: a call of `sqlalchemy.ExcludeConstraint` is not read in `__table_args__` -> \
             {value}",
        ),
        (
            "__table_args__ = (Index('ix', settings.make()),)",
            "8:35: `columns` of `Index` must be strings or SQL, not a call of \
             `.database.settings.make` -> Write a column's name as a string, or SQL as \
             `text(\"lower(name)\")`.",
        ),
    ] {
        check_attribute(attribute, &expected.replace("{value}", WRITE_THE_VALUE));
    }
}

#[test]
fn classes_and_modules() {
    for (text, expected) in [
        (
            "from sqlalchemy import *\nimport settings\nif settings.x:\n    t = Table('t', MetaData())",
            "3:4: What the name `settings.x` comes to is only known when the script runs -> {value}",
        ),
        (
            "from sqlalchemy import Table, MetaData\nt = Table('t', MetaData(schema='s'))",
            "2:16: The argument `schema` of `MetaData` is not read yet -> Leave it out: SQLite has no \
             schemas.",
        ),
        (
            "from sqlalchemy import *\nt = Table('t', Column('id', Integer))",
            "2:16: `metadata` of `Table` must be a MetaData object, not a call of `sqlalchemy.Column` -> \
             Name it after the table: `Table(\"t\", metadata, …)`.",
        ),
        (
            "from sqlalchemy import *\nt = Table('t', m, autoload_with=engine)",
            "2:19: The argument `autoload_with` of `Table` is not supported -> Its arguments are: name, \
             metadata, sqlite_autoincrement, sqlite_with_rowid, sqlite_strict, comment, info.",
        ),
        (
            "from sqlalchemy import *\nTable('t', m, Column('id', Integer))\nTable('t', m, Column('id', Integer))",
            "3:1: Table 't' is already defined for this MetaData instance. -> Give one of them another \
             name.",
        ),
        (
            "from sqlalchemy import *\nt = Table('t', m, Column('id', Integer))\nIndex('ix', t.c.id, 'nope')",
            "3:1: Can't create Index on table 't': no column named 'nope' is present.",
        ),
        (
            "from sqlalchemy import *\nt = Table('t', m, Column('id', ForeignKey(other.c.id)))",
            "2:43: `column` of `ForeignKey` must be a string, not the name `other.c.id` -> Nothing in \
             models.py defines `other`: import or define it. -> Write the target as a string: \
             `ForeignKey(\"table.column\")`.",
        ),
        (
            "from sqlalchemy import *\nm = MetaData(naming_convention={'xx': 'a'})\nTable('t', m, Column('id', Integer))",
            "2:32: 'xx' of `naming_convention` is not read yet -> Write the dict itself: \
             `naming_convention={\"pk\": \"pk_%(table_name)s\"}`.",
        ),
        (
            "from sqlalchemy import *\nm = MetaData(naming_convention={'ck': '%(constraint_name)s'})\n\
             Table('t', m, Column('id', Integer), CheckConstraint('id > 0'))",
            "3:15: Naming convention including %(constraint_name)s token requires that constraint is \
             explicitly named. -> Give it a name of its own, with `name=`.",
        ),
        (
            "from sqlalchemy import *\nBase = make(MetaData(naming_convention={'pk': 'p'}))\n\
             Table('t', Base.metadata, Column('id', Integer))",
            "2:13: It is not known which tables this `MetaData` with its naming_convention is for -> Give \
             it to the base: `class Base(DeclarativeBase): metadata = MetaData(…)`.",
        ),
        (
            "from sqlalchemy import MetaData\nm = MetaData()\nm.naming_convention = {}",
            "3:1: A naming_convention that is set afterwards is not read -> Give it to the MetaData: \
             `MetaData(naming_convention={…})`.",
        ),
        (
            "from sqlalchemy import *\nfrom app import size\nt = Table('t', MetaData(), *size())",
            "3:29: What a call of `app.size` comes to is only known when the script runs -> {value}",
        ),
        (
            "class User(db.Model):\n    id = db.Column(db.Integer)",
            "1:7: The class User has columns but no `__tablename__` -> Add one: \
             `__tablename__ = \"…\"`; of the name `db.Model` nothing is known.",
        ),
        (
            "class User(db.Model):\n    __tablename__ = 'u'\n    id = db.Column(db.Integer)",
            "3:10: a call of `db.Column` is not known -> Nothing in models.py defines `db`: import or \
             define it. -> Import it from sqlalchemy: `from sqlalchemy import Column, Integer, String`.",
        ),
        (
            "class Item(Base):\n    __tablename__ = 'i'\n    id = Column(Integer)",
            "3:10: a call of `Column` is not known -> Nothing in models.py defines `Column`: import or \
             define it. -> Import it from sqlalchemy: `from sqlalchemy import Column, Integer, String`.",
        ),
        (
            "class Hero(SQLModel, table=True):\n    id: int",
            "1:7: Of the name `SQLModel`, which the table Hero is made from, nothing is known -> Import it: \
             `from sqlmodel import SQLModel`.",
        ),
        (
            "from sqlmodel import SQLModel\nclass Hero(SQLModel, table=True):\n    id: list[int]",
            "3:9: a subscript has no matching SQLAlchemy type -> Name the type: `Field(sa_type=JSON)`.",
        ),
        (
            "class A(Base):\n    @declared_attr\n    def __tablename__(cls): return cls.nothing",
            "3:9: `__tablename__` must be a string, not the name `A.nothing` -> Write the name itself.",
        ),
        (
            "class A(Base):\n    __tablename__ = name()",
            "2:21: `__tablename__` must be a string, not a call of `name` -> Write the name itself.",
        ),
        (
            "class A(Base):\n    __tablename__ = 'a'",
            "1:7: The model A has no columns -> Add one: `id = Column(Integer, primary_key=True)`.",
        ),
        (
            "from sqlalchemy import Column, Integer\n\
             class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n\
             class B(Base):\n    __tablename__ = 'a'\n    id = Column(Integer)",
            "6:21: Table 'a' is already defined for this MetaData instance. -> Give one of them \
             another name.",
        ),
        (
            "from sqlalchemy import Column, Integer\n\
             class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n\
             class B(A):\n    id = Column(Integer)",
            "6:10: Column 'id' on class B conflicts with existing column 'a.id'. -> If using Declarative, \
             consider using the use_existing_column parameter of mapped_column().",
        ),
        (
            "from sqlalchemy import *\n\
             t = Table('t', m, Column('a', Integer, primary_key=True), Column('b', Integer, primary_key=True, autoincrement=True))",
            "2:59: (in table 't', column 'b'): SQLite does not support autoincrement for composite primary \
             keys -> Leave out `autoincrement=True`, or make it the only column of the key.",
        ),
        (
            "from sqlalchemy import Column, Integer\nfrom .mixins import Stamps\n\
             class A(Stamps, Base):\n    __tablename__ = 'a'\n    id = Column(Integer)",
            "3:9: the name `.mixins.Stamps` is not known and may bring columns along -> Write its \
             columns into the model.",
        ),
        (
            "from sqlalchemy import Column, Integer\nif True:\n    class A(Base):\n        x = Column(Integer)",
            "3:11: The class A has columns but no `__tablename__` -> Add one: `__tablename__ = \"…\"`; of the \
             name `Base` nothing is known.",
        ),
        (
            "from sqlalchemy import Index\nIndex('ix', Item.name)",
            "2:1: It is not known to which table this `Index` belongs -> Name a column of a table that is \
             read, `Index(\"ix\", account.c.email)`, or write the index into the `Table`, or into the \
             `__table_args__` of its class.",
        ),
        (
            "from sqlalchemy.orm import *\nclass Base(DeclarativeBase): pass\nclass A(Base):\n    x = 3",
            "3:7: Class A does not have a __table__ or __tablename__ specified and does not inherit from an \
             existing table-mapped class. -> Add one: `__tablename__ = \"…\"`, or `__abstract__ = True`.",
        ),
    ] {
        let expected = expected.replace("{value}", WRITE_THE_VALUE);
        assert_eq!(errors(text), format!("{expected}\n"), "{text}");
    }
}

#[test]
fn one_mistake_does_not_hide_another() {
    let text = "from sqlalchemy import Column, Integer
class A(Base):
    __tablename__ = 'a'
    x = Column(Nope)
    y = Column(Integer, nope=1)
class B(Base):
    __tablename__ = 'b'
    z = Column(Integer, nope=2)
";
    let lines: Vec<_> = errors(text).lines().map(|line| line[..4].to_string()).collect();
    assert_eq!(lines, ["4:16", "5:25", "8:25"]);
}

#[test]
fn what_may_make_tables_is_named_where_it_is_not_followed() {
    let text = "import os
from sqlalchemy import Column, Integer, MetaData, Table
metadata = MetaData()
if os.environ.get('SHARDED'):
    Table('shard', metadata, Column('id', Integer, primary_key=True))
def make(name):
    return type(name, (Base,), {'__tablename__': name})
make('made')
exec(open('more.py').read())
if os.environ.get('QUIET'):
    print('nothing to do with tables')
";
    let known = "is only known when the script runs";
    assert_eq!(
        errors(text),
        format!(
            "4:4: What a call of `os.environ.get` comes to {known} -> {WRITE_THE_VALUE}\n\
             7:12: `type` with options is not followed -> {WRITE_THE_VALUE}\n\
             9:1: A call of `exec` is not followed -> {WRITE_THE_VALUE}\n"
        )
    );
}

#[test]
fn a_decorator_that_adds_columns_is_named() {
    let text = "from sqlalchemy import *
from sqlalchemy.orm import *
reg = registry()
def flagged(cls):
    cls.flag = Column(Integer)
    return cls
@reg.mapped
class Plain:
    __tablename__ = 'plain'
    id = Column(Integer, primary_key=True)
    at = Column(DateTime, server_default=func.CURRENT_TIMESTAMP())
Base = declarative_base()
@flagged
class More(Base):
    __tablename__ = 'more'
    id = Column(Integer, primary_key=True)
";
    assert_eq!(
        errors(text),
        "13:2: What this decorator makes of the class More is not followed -> Write what it adds into \
         the class.\n"
    );
    let models = read_models(&[("models.py".into(), text.into())]);
    let default = models.schema.tables[0].columns[1].default.as_ref();
    assert_eq!(models.schema.tables[0].name, "plain");
    assert_eq!(default, Some(&ServerDefault::Sql("CURRENT_TIMESTAMP".into())));
}

#[test]
fn an_imported_decorator_may_add_columns() {
    let model = |decorator: &str| {
        let text = format!(
            "import dataclasses, functools
from sqlalchemy import Column, Integer
from sqlalchemy.orm import DeclarativeBase, registry
from .db import mapper_registry, tracked
class Base(DeclarativeBase): pass
reg = registry()
@{decorator}
class Item(Base):
    __tablename__ = 'item'
    id = Column(Integer, primary_key=True)
"
        );
        errors(&text)
    };
    let unknown = "7:2: What this decorator makes of the class Item is not followed -> Write what it \
                   adds into the class.\n";
    assert_eq!(model("tracked"), unknown);
    assert_eq!(model("tracked(by='id')"), unknown);
    for harmless in ["functools.total_ordering", "reg.mapped", "mapper_registry.mapped"] {
        assert_eq!(model(harmless), "", "{harmless}");
    }
}

#[test]
fn a_loop_that_is_not_followed_may_have_made_columns() {
    let after = |statement: &str| {
        errors(&format!(
            "from sqlalchemy import Column, Integer
from .db import Base, things
class Item(Base):
    __tablename__ = 'item'
    id = Column(Integer, primary_key=True)
{statement}
"
        ))
    };
    assert_eq!(
        after("while True:\n    pass"),
        "7:5: This does not end within the steps that are followed -> Let the loop end sooner, or write what \
         it does as SQL.\n"
    );
    assert_eq!(
        after("for thing in things:\n    thing.make(Item)"),
        format!(
            "6:14: What the name `.db.things` comes to is only known when the script runs -> \
             {WRITE_THE_VALUE}\n"
        )
    );
    assert_eq!(
        after("for thing in things:\n    thing.connect()"),
        "",
        "what has nothing to do with models may remain open"
    );
}

#[test]
fn types_that_sqlite_has_no_word_for() {
    for written in ["postgresql.INET", "postgresql.ARRAY(Integer)", "mysql.TINYINT(1)"] {
        let class = written.split(['.', '(']).nth(1).unwrap_or_default();
        let text = format!(
            "from sqlalchemy import Column, Integer, MetaData, String, Table
from sqlalchemy.dialects import mysql, postgresql
Table('item', MetaData(), Column('id', {written}))
Table('other', MetaData(), Column('id', {written}.with_variant(String(5), 'sqlite')))
"
        );
        let text =
            text.replace("TINYINT.with", "TINYINT().with").replace("INET.with", "INET().with");
        assert_eq!(
            errors(&text),
            format!(
                "3:40: Compiler SQLiteTypeCompiler can't render element of type {class} -> Give SQLite one of \
                 its own: `{class}(…).with_variant(String(), \"sqlite\")`.\n"
            )
        );
    }
}

#[test]
fn a_regular_expression_that_is_not_followed() {
    let text = r#"import re
from sqlalchemy import Column, Integer
from .db import Base
class Item(Base):
    __tablename__ = re.sub(r"\bItem$", "items", "Item")
    id = Column(Integer, primary_key=True)
"#;
    assert_eq!(
        errors(text),
        format!(
            "5:21: In a regular expression, a `\\`, a `$` or a repetition like this is not followed -> \
             {WRITE_THE_VALUE}\n"
        )
    );
    let (many, letters) = ("a*".repeat(20) + "b", "a".repeat(90));
    let text = text.replace("\\bItem$", &many).replace("\"Item\")", &format!("\"{letters}\")"));
    assert_eq!(
        errors(&text),
        format!(
            "5:21: In a regular expression, a pattern with this many repetitions is not followed -> \
             {WRITE_THE_VALUE}\n"
        )
    );
}
