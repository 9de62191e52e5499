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
    for definition in [
        "class String(TypeDecorator):\n    impl = Integer\n",
        "String = make()\n",
        "def String(): pass\n",
        "if True:\n    String = Integer\n",
    ] {
        let found = errors(&format!("{definition}{MODEL}    a = Column(String)\n"));
        assert!(found[0].ends_with("the column type String is not known"), "{found:?}");
    }
    let body = format!(
        "try:\n    from sqlalchemy import Text\nexcept ImportError:\n    Text = None\n{MODEL}    a = Column(Text)\n"
    );
    assert!(columns(&body).contains("sa.Text()"));
}

#[test]
fn models_in_functions_and_classes_are_reported() {
    let model = "__tablename__ = 'x'";
    for (body, place, name) in [
        (format!("class Outer:\n    class Inner(Base):\n        {model}\n"), "3:11", "Inner"),
        (format!("{MODEL}    class Inner:\n        a = Column(Integer)\n"), "5:11", "Inner"),
        (
            format!("def make():\n    class Made(Base):\n        {model}\n    return Made\n"),
            "3:11",
            "Made",
        ),
        (
            format!(
                "async def make():\n    if x:\n        class Made(Base):\n            {model}\n"
            ),
            "4:15",
            "Made",
        ),
        (
            format!(
                "class A:\n    def make(self):\n        class Made(Base):\n            {model}\n"
            ),
            "4:15",
            "Made",
        ),
        (
            format!("if x:\n    def make():\n        class Made(Base):\n            {model}\n"),
            "4:15",
            "Made",
        ),
        (
            format!("match x:\n    case 1:\n        class Made(Base):\n            {model}\n"),
            "4:15",
            "Made",
        ),
    ] {
        let expected = format!("{place}: The class {name} stands inside of another statement");
        assert_eq!(errors(&body), [expected], "{body}");
    }
    columns(&format!(
        "def f():\n    class Plain: pass\n{MODEL}    class Config:\n        orm_mode = True\n"
    ));
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
