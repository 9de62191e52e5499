//! Two programs that upgrade one database.

use crate::project::{Project, answered};
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

#[test]
fn several_that_start_at_once_run_one_after_the_other() {
    let project = Project::with_tables(12);
    let upgrades: Vec<_> = std::thread::scope(|scope| {
        let upgrade = || answered(&mut project.command(&["upgrade", "head"]));
        let threads: Vec<_> = (0..5).map(|_| scope.spawn(upgrade)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let ran: usize = upgrades.iter().map(|one| one.error.matches("Running upgrade").count()).sum();
    assert!(upgrades.iter().all(|one| one.exit_code == Some(0)), "{upgrades:?}");
    assert_eq!(ran, 12, "each revision once: {upgrades:?}");
    assert!(
        upgrades.iter().all(|one| matches!(one.error.matches("Running upgrade").count(), 0 | 12))
    );
    assert_eq!(project.files("app.db"), ["app.db"]);
}

#[test]
fn whoever_waits_says_so_and_then_goes_on() {
    let project = Project::with_tables(1);
    let path = project.path("app.db-ambix-lock");
    let other = File::create(&path).unwrap();
    other.lock().unwrap();
    let mut child = project.command(&["upgrade", "head"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut error = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("waiting for another program that upgrades") {
        line.clear();
        assert_ne!(error.read_line(&mut line).unwrap(), 0, "it did not wait");
    }
    assert!(line.contains("app.db …"), "{line}");
    fs::remove_file(&path).unwrap();
    drop(other);
    let mut rest = String::new();
    error.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{rest}");
    assert_eq!(project.types_well("current"), "r0001 (head)\n");
}

#[test]
fn a_lock_file_that_was_left_behind_does_not_matter() {
    let project = Project::with_tables(1);
    fs::write(project.path("app.db-ambix-lock"), "").unwrap();
    project.types_well("upgrade head");
    assert_eq!(project.files("app.db"), ["app.db"]);
}
