//! Ctrl-C and SIGTERM.
#![cfg(unix)]

use crate::project::Project;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::time::Duration;

/// A table, and then a statement that never ends.
fn endless() -> Project {
    let project = Project::with_tables(1);
    project.revision(
        "r0002",
        Some("r0001"),
        "op.execute(\"INSERT INTO t1 (id) VALUES (7)\")\n    op.execute(\"INSERT INTO t1 (id) WITH RECURSIVE \
         n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n) SELECT count(*) FROM n\")",
        "pass",
    );
    project
}

/// Starts an upgrade, sends the signal when standard error has said `when`; gives exit code and the
/// rest of standard error.
fn interrupted(project: &Project, signal: &str, when: &str) -> (Option<i32>, String) {
    let mut child = project.command(&["upgrade", "head"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut error = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains(when) {
        line.clear();
        assert_ne!(error.read_line(&mut line).unwrap(), 0, "it never said {when:?}");
    }
    std::thread::sleep(Duration::from_millis(100));
    let kill = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let mut rest = String::new();
    error.read_to_string(&mut rest).unwrap();
    (child.wait().unwrap().code(), rest)
}

#[test]
fn the_revision_that_was_running_is_undone() {
    for (signal, expected) in [("-INT", 130), ("-TERM", 143)] {
        let project = endless();
        let (exit_code, error) = interrupted(&project, signal, "r0001 -> r0002");
        assert_eq!(exit_code, Some(expected), "{error}");
        assert_eq!(
            error,
            "Interrupted: nothing of the upgrade to r0002 is applied. The upgrade to r0001 before it is \
             whole.\nhint: see where the database is: ambix current\n"
        );
        assert_eq!(project.types_well("current"), "r0001\n");
        assert_eq!(project.number("SELECT count(*) FROM t1"), 0);
        assert_eq!(project.files("app.db"), ["app.db"]);
    }
}

#[test]
fn waiting_for_another_program_ends_at_once() {
    let project = Project::with_tables(1);
    let other = File::create(project.path("app.db-ambix-lock")).unwrap();
    other.lock().unwrap();
    let (exit_code, error) = interrupted(&project, "-INT", "waiting for another program");
    assert_eq!(exit_code, Some(130));
    assert!(error.starts_with("Interrupted: the database is as it was.\n"), "{error}");
    assert!(!project.path("app.db").exists());
}
