//! Models of many kinds and the tables that SQLAlchemy makes of them, recorded by `tests/models/record.py`.
#![allow(clippy::unwrap_used)]

use ambix_core::sqlite::ddl;
use ambix_python::read_models;
use std::collections::BTreeSet;
use std::path::Path;

/// A statement by what matters: the columns of a table in their order, its constraints in any.
fn normalised(statement: &str) -> String {
    let mut lines = statement.trim().lines().map(|line| line.trim().trim_end_matches(','));
    let first = lines.next().unwrap_or_default().to_string();
    let is_constraint = |line: &&str| {
        ["PRIMARY KEY", "CONSTRAINT", "FOREIGN KEY", "UNIQUE", "CHECK", ")"]
            .iter()
            .any(|word| line.starts_with(word))
    };
    let (mut constraints, columns): (Vec<&str>, Vec<&str>) = lines.partition(is_constraint);
    constraints.sort_unstable();
    [vec![first.as_str()], columns, constraints].concat().join("\n    ")
}

fn check(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/models");
    let text = std::fs::read_to_string(folder.join(format!("{name}.py"))).unwrap();
    let expected = std::fs::read_to_string(folder.join(format!("{name}.sql"))).unwrap();
    let pieces: Vec<&str> = text.split("# file: ").filter(|piece| !piece.is_empty()).collect();
    let files: Vec<(String, String)> = match text.starts_with("# file: ") {
        true => pieces.iter().map(|piece| piece.split_once('\n').unwrap()).collect(),
        false => vec![("models.py", text.as_str())],
    }
    .into_iter()
    .map(|(path, text): (&str, &str)| (path.into(), text.into()))
    .collect();
    let models = read_models(&files);
    let errors: Vec<String> = models
        .diagnostics
        .iter()
        .map(|error| format!("{}: {error}", error.place.as_ref().unwrap()))
        .collect();
    assert_eq!(errors, [""; 0], "{name}");
    let tables = models.schema.tables.iter().map(|table| ddl::create_table(table).unwrap());
    let made: BTreeSet<String> = tables
        .chain(models.schema.indexes.iter().map(ddl::create_index))
        .map(|statement| normalised(&statement))
        .collect();
    let wanted: BTreeSet<String> =
        expected.split(";\n").filter(|one| !one.trim().is_empty()).map(normalised).collect();
    let missing: Vec<&String> = wanted.difference(&made).collect();
    let more: Vec<&String> = made.difference(&wanted).collect();
    assert!(
        missing.is_empty() && more.is_empty(),
        "{name}: SQLAlchemy makes\n{}\nand not\n{}",
        missing.into_iter().cloned().collect::<Vec<_>>().join("\n"),
        more.into_iter().cloned().collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn annotations_of_every_form() {
    check("annotated");
}

#[test]
fn columns_that_python_calls_otherwise() {
    check("column_keys");
}

#[test]
fn what_annotated_brings_and_where_columns_stand() {
    check("annotated_columns");
}

#[test]
fn names_in_an_enum_and_what_is_worked_out_of_members() {
    check("enum_members");
}

#[test]
fn enum_classes_by_name_and_by_value() {
    check("enum_classes");
}

#[test]
fn sqlmodel_tables() {
    check("fields_of_sqlmodel");
}

#[test]
fn constants_functions_loops_and_star_arguments() {
    check("followed");
}

#[test]
fn classes_in_one_table_and_in_several() {
    check("inheritance");
}

#[test]
fn mixins_and_what_their_functions_give() {
    check("mixins");
}

#[test]
fn types_of_which_only_the_sql_is_known() {
    check("types_of_sql");
}

#[test]
fn types_of_other_databases_that_sqlite_writes_as_those_do() {
    check("types_of_other_databases");
}

#[test]
fn a_convention_names_a_check_after_its_first_column() {
    check("named_checks");
}

#[test]
fn columns_that_are_added_later_and_functions_by_their_module() {
    check("later");
}

#[test]
fn names_of_tables_from_those_of_classes() {
    check("table_names");
}

#[test]
fn types_that_the_files_define() {
    check("own_types");
}

#[test]
fn several_files_of_one_package() {
    check("several_files");
}
