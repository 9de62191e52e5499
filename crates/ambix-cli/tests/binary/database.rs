//! Databases that are not there, or not to be had.

use crate::project::Project;
use std::fs;

#[test]
fn looking_at_a_database_that_is_not_there_makes_none() {
    let project = Project::with_tables(1);
    assert_eq!(project.types_well("current"), "");
    assert_eq!(project.files("app.db"), [""; 0]);
}

#[test]
fn a_file_that_is_no_database() {
    let project = Project::with_tables(1);
    fs::write(project.path("app.db"), "These are my notes. ".repeat(100)).unwrap();
    for line in ["current", "upgrade head"] {
        let answered = project.types(line);
        assert_eq!(answered.exit_code, Some(255), "{answered:?}");
        assert!(answered.out.starts_with("FAILED: file is not a database: "), "{answered:?}");
        assert!(answered.out.contains("app.db (it is no SQLite database"), "{answered:?}");
    }
}

#[test]
fn a_folder_that_is_not_there() {
    let project = Project::with_tables(1);
    let mut command = project.command(&["upgrade", "head"]);
    let answered = crate::project::answered(command.env("AMBIX_URL", "sqlite:///data/app.db"));
    assert_eq!(answered.exit_code, Some(255), "{answered:?}");
    assert!(answered.out.starts_with("FAILED: unable to open database file: "), "{answered:?}");
    assert!(answered.out.contains("there is no folder"), "{answered:?}");
}

#[test]
fn a_database_that_another_program_is_writing() {
    let project = Project::with_tables(2);
    project.types_well("upgrade r0001");
    let other = rusqlite::Connection::open(project.path("app.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let answered = project.types("upgrade head");
    assert_eq!(answered.exit_code, Some(255), "{answered:?}");
    assert!(answered.out.starts_with("FAILED: database is locked: "), "{answered:?}");
    assert!(answered.out.contains("(another program is using it; "), "{answered:?}");
    other.execute_batch("ROLLBACK").unwrap();
    project.types_well("upgrade head");
}

#[cfg(unix)]
#[test]
fn a_database_that_may_not_be_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = Project::with_tables(2);
    project.types_well("upgrade r0001");
    let rights = |file: u32, folder: u32| {
        for (path, mode) in [("app.db", file), (".", folder)] {
            fs::set_permissions(project.path(path), fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    rights(0o444, 0o555);
    if fs::write(project.path("probe"), "").is_ok() {
        eprintln!("not tested: this user may write everywhere");
        return;
    }
    assert_eq!(project.types_well("current"), "r0001\n");
    let answered = project.types("upgrade head");
    rights(0o644, 0o755);
    assert_eq!(answered.exit_code, Some(255), "{answered:?}");
    assert!(answered.out.contains("attempt to write a readonly database"), "{answered:?}");
    assert!(answered.out.contains("you need the right to write it"), "{answered:?}");
}
