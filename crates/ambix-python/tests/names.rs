//! Which value a name has, and models that stand where they are not read.
#![allow(clippy::unwrap_used)]

use ambix_core::operation::{CreateTable, Operation};
use ambix_python::{Models, read_models, render_operations};

fn read(body: &str) -> Models {
    let text = format!("from sqlalchemy import Column, Integer, String, TypeDecorator\n{body}");
    read_models(&[("models.py".into(), text)])
}

/// The place and the message of each error.
fn errors(body: &str) -> Vec<String> {
    let shown = |error: &ambix_core::diagnostic::Diagnostic| {
        let place = error.place.as_ref().unwrap();
        format!("{}:{}: {error}", place.line, place.column)
    };
    read(body).diagnostics.iter().map(shown).collect()
}

fn columns(body: &str) -> String {
    let models = read(body);
    assert_eq!(models.diagnostics, [], "{body}");
    let tables = models.schema.tables.into_iter();
    let operations: Vec<Operation> =
        tables.map(|table| Operation::CreateTable(CreateTable::new(table))).collect();
    render_operations(&operations)
}

const MODEL: &str =
    "class Item(Base):\n    __tablename__ = 'items'\n    id = Column(Integer, primary_key=True)\n";

#[test]
fn a_constant_of_the_class_hides_the_one_of_the_module() {
    for (body, length) in [
        (format!("LEN = 50\n{MODEL}    LEN = 100\n    a = Column(String(LEN))\n"), 100),
        (format!("LEN = 50\n{MODEL}    a = Column(String(LEN))\n    LEN = 100\n"), 50),
        (format!("LEN = 50\n{MODEL}    LEN = 1\n    LEN = 2\n    a = Column(String(LEN))\n"), 2),
        (format!("LEN = 50\n{MODEL}    LEN: int\n    a = Column(String(LEN))\n"), 50),
    ] {
        let shown = columns(&body);
        assert!(shown.contains(&format!("sa.String(length={length})")), "{body}{shown}");
    }
    let body = format!("LEN = 50\n{MODEL}    LEN = size()\n    a = Column(String(LEN))\n");
    let error = errors(&body).pop().unwrap();
    assert!(error.starts_with("7:23: `length` of `String` must be a plain value"), "{error}");
}

#[test]
fn an_attribute_may_be_called_like_its_type() {
    let body = format!(
        "from datetime import date\nfrom sqlalchemy.orm import Mapped, mapped_column\n\
         {MODEL}    date: Mapped[date] = mapped_column()\n"
    );
    assert!(columns(&body).contains("sa.Column('date', sa.Date(), nullable=False)"));
}

#[test]
fn a_definition_takes_the_place_of_an_import() {
    for (definition, message) in [
        ("String = make()\n", "the column type make is not known"),
        ("def String(): pass\n", "a function is no column type that can be read"),
    ] {
        let found = errors(&format!("{definition}{MODEL}    a = Column(String)\n"));
        assert!(found[0].ends_with(message), "{found:?}");
    }
    for definition in
        ["class String(TypeDecorator):\n    impl = Integer\n", "if True:\n    String = Integer\n"]
    {
        let shown = columns(&format!("{definition}{MODEL}    a = Column(String)\n"));
        assert!(shown.contains("sa.Column('a', sa.Integer(), nullable=True)"), "{shown}");
    }
    let body = format!(
        "try:\n    from sqlalchemy import Text\nexcept ImportError:\n    Text = None\n{MODEL}    a = Column(Text)\n"
    );
    assert!(columns(&body).contains("sa.Text()"));
}

#[test]
fn models_in_functions_and_classes_are_those_that_python_makes() {
    let model = "__tablename__ = 'x'\n";
    let key = "id = Column(Integer, primary_key=True)\n";
    let table = |shown: String| shown.matches("create_table('x'").count();
    for (body, tables) in [
        (format!("class Outer:\n    class Inner(Base):\n        {model}        {key}"), 1),
        (format!("def make():\n    class Made(Base):\n        {model}        {key}"), 0),
        (format!("def make():\n    class Made(Base):\n        {model}        {key}make()\n"), 1),
        (format!("if 1 > 2:\n    class Made(Base):\n        {model}        {key}"), 0),
        (format!("{MODEL}    class Config:\n        orm_mode = True\n"), 0),
    ] {
        assert_eq!(table(columns(&body)), tables, "{body}");
    }
    for (body, message) in [
        (
            format!("if settings():\n    class Made(Base):\n        {model}        {key}"),
            "2:4: What a call of `settings` comes to is only known when the script runs",
        ),
        (
            format!("match x:\n    case 1:\n        class Made(Base):\n            {model}"),
            "2:7: name 'x' is not defined",
        ),
        (
            format!(
                "async def make():\n    class Made(Base):\n        {model}t = make(Column(Integer))\n"
            ),
            "5:5: `make()` is asynchronous, which is not followed",
        ),
    ] {
        assert!(errors(&body).iter().any(|error| error == message), "{body}{:?}", errors(&body));
    }
}

#[test]
fn one_column_has_one_name() {
    let body = format!("{MODEL}    x = y = Column(String)\n");
    assert_eq!(errors(&body), ["5:5: `y` is set to the column of another name"]);
    columns(&format!("{MODEL}    x = y = 3\n"));
}

#[test]
fn a_model_has_a_primary_key() {
    let body = "class Item(Base):\n    __tablename__ = 'items'\n    id = Column(Integer)\n";
    assert_eq!(
        errors(body),
        ["2:7: Mapper Mapper[Item(items)] could not assemble any primary key columns for mapped \
          table 'items'"]
    );
    columns(&format!("{body}    __mapper_args__ = {{'primary_key': [id]}}\n"));
}
