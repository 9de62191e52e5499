//! Random models A and B: what autogenerate writes runs as it is, up, down and up again, and leaves
//! nothing to be done.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_core::diagnostic::{Code, Diagnostic};
use ambix_core::schema::{Constraint, Schema};
use ambix_core::sqlite::catalog;
use ambix_tests::{Typist, rows};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Columns, each always declared in the same way, so that only their being there differs. A column
/// that must have a value has a default, or it could not be added to a table with rows.
const COLUMNS: [(&str, &str); 8] = [
    ("name", "Column(String(50), nullable=False, server_default='it''s')"),
    ("order", "Column(Integer)"),
    ("Größe", "Column('Größe', Numeric(10, 2), server_default=text('1.5'))"),
    ("at", "Column(DateTime, server_default=text('0'))"),
    ("note", "Column(Text)"),
    ("flag", "Column(Boolean, nullable=False, server_default=text('0'))"),
    ("data", "Column(LargeBinary)"),
    ("select", "Column(String)"),
];

const TABLES: [&str; 4] = ["items", "group", "a b", "Tags"];

/// For each table that is there, the columns that are there: (column, whether it has an index, unique).
type Model = BTreeMap<usize, BTreeMap<usize, (bool, bool)>>;

fn model() -> impl Strategy<Value = Model> {
    let columns = proptest::collection::btree_map(0..COLUMNS.len(), any::<(bool, bool)>(), 0..6);
    proptest::collection::btree_map(0..TABLES.len(), columns, 0..4)
}

fn python(model: &Model) -> String {
    let mut text = String::from(
        "from sqlalchemy import Boolean, Column, DateTime, Index, Integer, LargeBinary, \
         Numeric, String, Text, text\nfrom .database import Base\n",
    );
    for (table, columns) in model {
        text.push_str(&format!(
            "\n\nclass T{table}(Base):\n    __tablename__ = {:?}\n",
            TABLES[*table]
        ));
        text.push_str("    id = Column(Integer, primary_key=True)\n");
        let indexes = columns.iter().filter(|(_, (indexed, _))| *indexed);
        let indexes: Vec<String> = indexes
            .map(|(column, (_, unique))| {
                let unique = if *unique { "True" } else { "False" };
                format!("Index('ix_{table}_{column}', {:?}, unique={unique})", COLUMNS[*column].0)
            })
            .collect();
        if !indexes.is_empty() {
            text.push_str(&format!("    __table_args__ = ({},)\n", indexes.join(", ")));
        }
        for column in columns.keys() {
            let (name, declared) = COLUMNS[*column];
            let declared = match name {
                "Größe" => declared.to_string(),
                _ => declared.replacen("Column(", &format!("Column({name:?}, "), 1),
            };
            text.push_str(&format!("    c{column} = {declared}\n"));
        }
    }
    text
}

/// What the database holds, without the order of columns, which an undone DROP COLUMN does not keep.
fn held(typist: &Typist) -> Schema {
    let (mut schema, diagnostics) =
        catalog::read(&rows(&typist.database, catalog::SELECT).unwrap());
    assert!(diagnostics.is_empty());
    for table in &mut schema.tables {
        table.sql = None;
        table.columns.sort_by(|a, b| a.name.cmp(&b.name));
        table.constraints.sort_by_key(|constraint| matches!(constraint, Constraint::Check(_)));
    }
    for index in &mut schema.indexes {
        index.sql = None;
    }
    schema.tables.sort_by(|a, b| a.name.cmp(&b.name));
    schema.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    schema
}

/// Writes a revision from the models and gives its text.
fn autogenerate(typist: &mut Typist, model: &Model, id: &str) -> String {
    typist.files.insert("models.py".into(), python(model));
    let answered =
        typist.types_well(&format!("alembic revision --autogenerate -m x --rev-id {id}"));
    // Models that have nothing to do with each other can look renamed.
    let is_proposal = |found: &&Diagnostic| found.code == Code::PossibleRename;
    let wrong: Vec<_> = answered.diagnostics.iter().filter(|it| !is_proposal(it)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    typist.files[&format!("versions/{id}_x.py")].clone()
}

fn cases() -> u32 {
    if std::env::var_os("AMBIX_TEST_ALL").is_some() { 5_000 } else { 200 }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn from_one_to_another_and_back(a in model(), b in model()) {
        let mut typist = Typist::new("");
        autogenerate(&mut typist, &a, "aaaa");
        typist.types_well("alembic upgrade head");
        let at_a = held(&typist);
        prop_assert_eq!(at_a.tables.len(), a.len());
        autogenerate(&mut typist, &b, "bbbb");
        typist.types_well("alembic upgrade head");
        let at_b = held(&typist);
        let empty = autogenerate(&mut typist, &b, "cccc");
        prop_assert!(empty.contains("please adjust! ###\n    pass\n"), "{}", empty);
        typist.types_well("alembic downgrade aaaa");
        prop_assert_eq!(&held(&typist), &at_a);
        typist.types_well("alembic upgrade head");
        prop_assert_eq!(&held(&typist), &at_b);
        typist.types_well("alembic downgrade base");
        prop_assert_eq!(held(&typist), Schema::default());
    }
}
