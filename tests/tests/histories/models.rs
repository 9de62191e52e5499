//! The models of published applications, and the tables that SQLAlchemy makes of them, which `histories/models.py`
//! recorded.

use crate::{Surroundings, beside};
use ambix_core::sqlite::ddl;
use ambix_python::{Metadata, imported_modules, read_models_of};
use std::collections::BTreeSet;
use std::path::Path;

struct Application {
    name: &'static str,
    package: &'static str,
    base: &'static str,
    /// The files, or folders of files, that have models.
    files: &'static [&'static str],
    /// What is named instead of read, with the table that is missing for it.
    gaps: &'static [(&'static str, &'static str)],
}

const APPLICATIONS: &[Application] = &[
    Application {
        name: "aim",
        package: "aim",
        base: "aim.storage.structured.sql_engine.models.Base",
        files: &["aim/storage/structured/sql_engine/models.py"],
        gaps: &[],
    },
    Application {
        name: "dstack",
        package: "dstack",
        base: "dstack._internal.server.models.BaseModel",
        files: &["dstack/_internal/server/models.py"],
        gaps: &[],
    },
    Application {
        name: "mlflow",
        package: "mlflow-skinny",
        base: "mlflow.store.db.base_sql_model.Base",
        files: &[
            "mlflow/store/tracking/dbmodels/models.py",
            "mlflow/store/model_registry/dbmodels/models.py",
            "mlflow/store/workspace/dbmodels/models.py",
        ],
        gaps: &[
            // Values of a protocol buffer that is made at run time.
            (
                "models.py:325:36: a value that only Python can work out cannot be read as SQL",
                "runs",
            ),
            // SQLite would refuse these too.
            ("models.py:951:9: `Index` names no column", "trace_tags"),
            ("models.py:982:9: `Index` names no column", "trace_request_metadata"),
        ],
    },
    Application {
        name: "open-webui",
        package: "open-webui",
        base: "open_webui.internal.db.Base",
        files: &["open_webui/models"],
        gaps: &[],
    },
];

#[test]
fn models_make_the_tables_that_sqlalchemy_makes() {
    let Some(surroundings) = Surroundings::find("the test of published models") else { return };
    let mut wrong = Vec::new();
    for application in APPLICATIONS {
        let folder = surroundings.packages.join(application.package);
        let files = with_imports(&folder, application.files);
        let target = Metadata::Imported { dotted: application.base.into() };
        let models = read_models_of(&files, "env.py", &[target]);
        let mut told: Vec<String> = models
            .diagnostics
            .iter()
            .map(|error| format!("{}: {error}", error.place.as_ref().unwrap()))
            .collect();
        for (gap, _) in application.gaps {
            match told.iter().position(|error| error.ends_with(gap)) {
                Some(at) => drop(told.remove(at)),
                None => wrong.push(format!("{}: it is not said that {gap}", application.name)),
            }
        }
        wrong.extend(told.iter().map(|error| format!("{}: {error}", application.name)));
        let tables = models.schema.tables.iter().map(|table| ddl::create_table(table).unwrap());
        let indexes = models.schema.indexes.iter().map(ddl::create_index);
        let made: BTreeSet<String> = tables.chain(indexes).map(|one| normalised(&one)).collect();
        let recorded =
            std::fs::read_to_string(beside("models").join(format!("{}.sql", application.name)));
        let wanted: BTreeSet<String> = recorded
            .unwrap()
            .split(";\n")
            .filter(|one| !one.trim().is_empty())
            .filter(|one| !application.gaps.iter().any(|(_, table)| is_of(one, table)))
            .map(normalised)
            .collect();
        println!("{}: {} tables and indexes", application.name, wanted.len());
        for (sign, statements) in [("-", wanted.difference(&made)), ("+", made.difference(&wanted))]
        {
            wrong.extend(statements.map(|one| format!("{}: {sign}{one}", application.name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a statement makes a table or an index of it.
fn is_of(statement: &str, table: &str) -> bool {
    let first = statement.trim().lines().next().unwrap_or_default();
    first.starts_with(&format!("CREATE TABLE {table} ")) || first.contains(&format!(" ON {table} "))
}

/// The files of a package with all that they import of it, each with its path in the package.
fn with_imports(folder: &Path, files: &[&str]) -> Vec<(String, String)> {
    let mut open: Vec<String> = Vec::new();
    for file in files {
        match folder.join(file).read_dir() {
            Ok(inside) => open.extend(
                inside.map(|one| format!("{file}/{}", one.unwrap().file_name().to_string_lossy())),
            ),
            Err(_) => open.push((*file).into()),
        }
    }
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    while let Some(path) = open.pop() {
        if !path.ends_with(".py") || !seen.insert(path.clone()) {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(folder.join(&path)) else { continue };
        for module in imported_modules(&path, &text).unwrap_or_default() {
            let relative = module.trim_start_matches('.');
            let parts: Vec<&str> = path.split('/').collect();
            let above = match module.len() - relative.len() {
                0 => 0,
                level => parts.len().saturating_sub(level),
            };
            let mut base = parts[..above].to_vec();
            base.extend(relative.split('.').filter(|part| !part.is_empty()));
            let base = base.join("/");
            open.extend([format!("{base}.py"), format!("{base}/__init__.py")]);
        }
        found.push((path, text));
    }
    found.sort();
    found
}

/// A statement by what matters: the columns of a table in their order, its constraints in any.
fn normalised(statement: &str) -> String {
    let mut lines = statement.trim().lines().map(|line| line.trim().trim_end_matches(','));
    let first = lines.next().unwrap_or_default();
    let is_constraint = |line: &&str| {
        ["PRIMARY KEY", "CONSTRAINT", "FOREIGN KEY", "UNIQUE", "CHECK", ")"]
            .iter()
            .any(|word| line.starts_with(word))
    };
    let (mut constraints, columns): (Vec<&str>, Vec<&str>) = lines.partition(is_constraint);
    constraints.sort_unstable();
    [vec![first], columns, constraints].concat().join("\n    ")
}
