//! Functions of env.py that leave something out (`include_name`, `include_object`): with parity the revision has the lines
//! that real Alembic writes with the same env.py, and by default it runs and leaves nothing to do.

use crate::{body_of, programs, written};
use ambix_tests::compare::lines;
use ambix_tests::folder::Folder;
use ambix_tests::project::models_project;
use ambix_tests::shell::Program;
use std::process::Command;

const MODELS: &str = r#"
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, UniqueConstraint

metadata = MetaData()
t = Table("t", metadata, Column("id", Integer, primary_key=True), Column("a", Integer),
    Column("skip", Integer, info={"skip_autogenerate": True}), Index("ix_t_a", "a"), Index("tmp_x", "a"))
marked = Table("marked", metadata, Column("id", Integer, primary_key=True), info={"skip_autogenerate": True})
child = Table("child", metadata, Column("id", Integer, primary_key=True), Column("t_id", ForeignKey("t.id")),
    UniqueConstraint("t_id", name="uq_skip"))
"#;

const DATABASE: [&str; 6] = [
    "CREATE TABLE t (id INTEGER NOT NULL, b INTEGER, PRIMARY KEY (id))",
    "CREATE INDEX old_ix ON t (b)",
    "CREATE TABLE legacy (id INTEGER NOT NULL PRIMARY KEY, x INTEGER)",
    "CREATE INDEX lx ON legacy (x)",
    "CREATE TABLE other (id INTEGER NOT NULL, PRIMARY KEY (id))",
    "CREATE TABLE child (id INTEGER NOT NULL, t_id INTEGER, z INTEGER, PRIMARY KEY (id), \
     CONSTRAINT uq_old UNIQUE (z))",
];

const OBJECT: &str = "def include_object(object, name, type_, reflected, compare_to):\n    ";
const NAME: &str = "def include_name(name, type_, parent_names):\n    ";

/// What stands in env.py before its functions, their body, and which function it is.
const FUNCTIONS: [(&str, &str, &str); 13] = [
    (
        "",
        OBJECT,
        "if type_ == 'column' and not reflected and object.info.get('skip_autogenerate', False):\n        return False\n    return True",
    ),
    ("", OBJECT, "return not object.info.get('skip_autogenerate', False)"),
    ("", OBJECT, "return not (type_ == 'table' and reflected and compare_to is None)"),
    ("", OBJECT, "return type_ != 'foreign_key_constraint'"),
    ("", OBJECT, "return not (type_ == 'index' and object.table.name == 't')"),
    (
        "LEFT_OUT = {'legacy', 'tmp_x', 'uq_old'}",
        OBJECT,
        "return name not in LEFT_OUT and not (name or '').startswith('old_')",
    ),
    (
        "import re",
        OBJECT,
        "return not (type_ == 'table' and re.search(r'^(leg|oth)', name)) and not re.fullmatch('tmp_.', name or '')",
    ),
    (
        "left_out = config.get_section('left_out', {}).get('tables', '').split(',')",
        OBJECT,
        "return not (type_ == 'table' and name in left_out)",
    ),
    (
        "",
        OBJECT,
        "if type_ == 'column' and object.table.name == 'child':\n        return name != 'z'\n    return 'other' != name",
    ),
    ("", NAME, "return type_ != 'table' or name in target_metadata.tables"),
    (
        "",
        NAME,
        "if type_ == 'table':\n        return parent_names['schema_qualified_table_name'] in target_metadata.tables\n    elif type_ == 'column':\n        return name != 'b' or parent_names['table_name'] != 't'\n    return True",
    ),
    ("", NAME, "return not (type_ == 'unique_constraint' or name == 'legacy')"),
    ("", NAME, "return type_ != 'index'"),
];

fn project(before: &str, head: &str, body: &str) -> Folder {
    let keyword = if head == NAME { "include_name" } else { "include_object" };
    let option = (format!("{before}\n{head}{body}\n"), format!("{keyword}={keyword}"));
    let folder = models_project(MODELS, &Default::default(), &[option]);
    let ini = folder.files().remove("alembic.ini").expect("an alembic.ini");
    folder.write("alembic.ini", &format!("{ini}\n[left_out]\ntables = legacy,other\n"));
    DATABASE.iter().for_each(|statement| folder.execute(statement));
    folder
}

/// The lines of both functions, in no order: Alembic walks over sets.
fn sorted(folder: &Folder) -> Vec<String> {
    let text = written(folder);
    let bodies = ["upgrade", "downgrade"].map(|name| lines(&body_of(&text, name)));
    let mut lines: Vec<String> = bodies.concat().iter().map(|line| line.trim().into()).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn with_parity_functions_leave_out_what_they_leave_out_of_alembics() {
    let program = Program::under_test();
    let Some(alembic) = programs::alembic("the test of include_name and include_object") else {
        return;
    };
    if program.is_alembic {
        return;
    }
    let mut parity = crate::REVISION.to_vec();
    parity.push("--alembic-parity");
    for (before, head, body) in FUNCTIONS {
        let ours = project(before, head, body);
        let run = program.run(&ours.here, &parity, &[]).unwrap();
        assert_eq!(run.exit_code, 0, "{body}\n{}", run.tail());
        let theirs = project(before, head, body);
        let output = Command::new(&alembic)
            .args(crate::REVISION)
            .current_dir(&theirs.here)
            .output()
            .expect("Alembic starts");
        assert!(output.status.success(), "{body}\n{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(sorted(&theirs), sorted(&ours), "{body}");
    }
}

#[test]
fn what_functions_leave_out_stays_as_it_is() {
    let program = Program::under_test();
    if program.is_alembic {
        return;
    }
    let mut ran = 0;
    for (before, head, body) in FUNCTIONS {
        let folder = project(before, head, body);
        let run = program.run(&folder.here, &crate::REVISION, &[]).unwrap();
        assert_eq!(run.exit_code, 0, "{body}\n{}", run.tail());
        // A column goes, and its index shall stay: the file says so.
        let is_impossible = written(&folder).contains("still mentioned by index old_ix");
        for command in [&["upgrade", "head"][..], &["check"], &["downgrade", "base"]] {
            let run = program.run(&folder.here, command, &[]).unwrap();
            let expected = if is_impossible { 255 } else { 0 };
            assert_eq!(run.exit_code, expected, "{body}\n{command:?}\n{}", run.tail());
            if is_impossible {
                break;
            }
        }
        ran += usize::from(!is_impossible);
    }
    assert_eq!(ran, 10);
}

#[test]
fn a_function_that_only_python_can_follow_is_an_error_with_its_line() {
    let program = Program::under_test();
    if program.is_alembic {
        return;
    }
    let folder = project("import os", OBJECT, "return os.path.exists(name)");
    let run = program.run(&folder.here, &crate::REVISION, &[]).unwrap();
    assert_eq!(run.exit_code, 255, "{}", run.tail());
    let told = run.tail();
    assert!(told.contains("`os.path.exists`") && told.contains("env.py:17"), "{told}");
    assert!(told.contains("exclude_tables"), "{told}");
}
