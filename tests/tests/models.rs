//! Recorded models (`recorded/models.jsonl`), through the program: a revision made of them on an empty database gives
//! the tables that SQLAlchemy's `create_all` gives.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ambix_tests::compare::{Compared, How, same};
use ambix_tests::project::{alembic_project, models_project};
use ambix_tests::replay::{Listed, replay};
use ambix_tests::schema::{same_schema, statements};
use ambix_tests::shell::Program;
use ambix_tests::sql_text::canonical;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Case {
    models_py: String,
    /// The other modules of the package.
    #[serde(default)]
    files: BTreeMap<String, String>,
    expect: Expect,
}

#[derive(Deserialize)]
struct Expect {
    /// What SQLAlchemy executes.
    #[serde(default)]
    create_sql: Vec<String>,
    /// The models are wrong: an error that makes nothing.
    error: Option<String>,
}

#[test]
fn models_make_the_tables_that_sqlalchemy_makes() {
    let program = Program::under_test();
    let listed = if program.is_alembic { Listed::default() } else { Listed::read() };
    replay(include_str!("../recorded/models.jsonl"), 1, &listed, |case| judge(case, &program));
}

fn judge(case: &Case, program: &Program) -> Compared {
    let folder = models_project(&case.models_py, &case.files, &[]);
    let made = ["revision", "--autogenerate", "-m", "auto", "--rev-id", "auto00000001"];
    let revision = program.run(&folder.here, &made, &[])?;
    let last = match revision.exit_code {
        0 => program.run(&folder.here, &["upgrade", "head"], &[])?,
        _ => revision,
    };
    if let Some(error) = &case.expect.error {
        if !program.is_clean_error(&last) {
            return Err(format!("no clean error like {error}\n{}", last.tail()));
        }
        return same("the database", &[] as &[String], &statements(&folder.database()), How::Exact);
    }
    if last.exit_code != 0 {
        return Err(last.tail());
    }
    let want: Vec<String> = case.expect.create_sql.iter().map(|sql| canonical(sql)).collect();
    same_schema("the schema", &want, &folder.database())
}

#[test]
fn a_package_imports_its_own_modules() {
    let folder = alembic_project(&[], "", None);
    let env = include_str!("../recorded/project/env.py");
    let metadata = "from app.models import Base\n\ntarget_metadata = Base.metadata";
    folder.write("migrations/env.py", &env.replace("target_metadata = None", metadata));
    folder.write("app/__init__.py", "");
    folder.write("app/models/__init__.py", "from .base import Base\nfrom . import user\n");
    folder.write(
        "app/models/base.py",
        "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): pass\n",
    );
    folder.write(
        "app/models/user.py",
        "from sqlalchemy import Column, Integer\nfrom . import Base\nclass User(Base):\n    \
         __tablename__ = 'users'\n    id = Column(Integer, primary_key=True)\n",
    );
    let program = Program::under_test();
    for command in [&["revision", "--autogenerate", "-m", "auto"][..], &["upgrade", "head"]] {
        let run = program.run(&folder.here, command, &[]).unwrap();
        assert_eq!(run.exit_code, 0, "{}", run.tail());
    }
    let made = statements(&folder.database());
    assert!(made.iter().any(|sql| sql.starts_with("CREATE TABLE users")), "{made:?}");
}
