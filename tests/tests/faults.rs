//! A history of changes that is made to fail at every statement, at every COMMIT, and by a host that dies: the
//! database is always at a revision and whole, and the next run finishes.
#![allow(clippy::unwrap_used, clippy::panic)]

use ambix_core::engine::{Answer, Failure, Request, Statement};
use ambix_core::sqlite::alter::PROBED;
use ambix_tests::history::{history, upgrade, whole};
use ambix_tests::{perform, rows};
use rusqlite::Connection;
use std::path::Path;

/// The database at each revision, when nothing goes wrong, and how many statements each list has.
fn undisturbed(guarded: bool) -> (Vec<String>, Vec<usize>) {
    let (mut states, mut lists) = (Vec::new(), Vec::new());
    let database = Connection::open_in_memory().unwrap();
    states.push(whole(&database));
    upgrade("head", guarded, |request| {
        let answer = perform(&database, request);
        if let Request::Atomic(list) | Request::Rebuild(list) = request
            && answer == Answer::Done
        {
            lists.push(list.len());
            states.push(whole(&database));
        }
        answer
    })
    .unwrap();
    assert_eq!(states.len(), history().len() + 1);
    (states, lists)
}

/// What a host does wrong when it is given the list with this number.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// The statement with this number fails.
    Statement(usize),
    /// The COMMIT fails.
    Commit,
}

/// The request with a statement in it that fails; or one that makes COMMIT fail.
fn spoiled(request: &Request, fault: Fault) -> Request {
    let origin = match request {
        Request::Atomic(list) | Request::Rebuild(list) => list[0].origin.clone(),
        _ => panic!("a list"),
    };
    let statement =
        |sql: &str| Statement { sql: sql.into(), parameters: Vec::new(), origin: origin.clone() };
    let mut spoiled = request.clone();
    if let Request::Atomic(list) | Request::Rebuild(list) = &mut spoiled {
        match fault {
            Fault::Statement(at) => {
                list.insert(at, statement("SELECT json_extract('{}', 'fault')"))
            }
            Fault::Commit => list.extend([
                statement("PRAGMA defer_foreign_keys = ON"),
                statement("CREATE TABLE fault (x REFERENCES fault (y), y UNIQUE)"),
                statement("INSERT INTO fault VALUES (1, 2)"),
            ]),
        }
    }
    spoiled
}

/// Whether it is the list of a revision, and no attempt to find out what SQLite can do.
fn is_revision(request: &Request) -> bool {
    match request {
        Request::Atomic(list) | Request::Rebuild(list) => {
            list.iter().all(|statement| !statement.sql.contains(PROBED))
        }
        _ => false,
    }
}

#[test]
fn a_failing_statement_or_commit_leaves_a_revision_and_the_next_run_finishes() {
    for guarded in [false, true] {
        let (states, lists) = undisturbed(guarded);
        for (nth, statements) in lists.iter().enumerate() {
            let faults = (0..=*statements).map(Fault::Statement).chain([Fault::Commit]);
            for fault in faults {
                let database = Connection::open_in_memory().unwrap();
                let mut seen = 0;
                let result = upgrade("head", guarded, |request| {
                    if !is_revision(request) {
                        return perform(&database, request);
                    }
                    seen += 1;
                    match seen == nth + 1 {
                        // With foreign keys off a COMMIT cannot be made to fail by rows.
                        true if matches!(
                            (fault, request),
                            (Fault::Commit, Request::Rebuild(_))
                        ) =>
                        {
                            let mut list = spoiled(request, Fault::Statement(*statements));
                            if let Request::Rebuild(list) = &mut list {
                                list.truncate(*statements + 1);
                            }
                            perform(&database, &list)
                        }
                        true => perform(&database, &spoiled(request, fault)),
                        false => perform(&database, request),
                    }
                });
                assert!(result.is_err(), "{nth} {fault:?}");
                assert_eq!(whole(&database), states[nth], "{nth} {fault:?} {guarded}");
                upgrade("head", guarded, |request| perform(&database, request)).unwrap();
                assert_eq!(whole(&database), states[states.len() - 1], "{nth} {fault:?} {guarded}");
            }
        }
    }
}

#[test]
fn a_host_that_dies_leaves_a_file_that_is_at_a_revision() {
    let folder = tempfile::tempdir().unwrap();
    for guarded in [false, true] {
        let (states, lists) = undisturbed(guarded);
        for (nth, statements) in lists.iter().enumerate() {
            for dies_after in 0..=*statements {
                let file = folder.path().join("app.db");
                let left = folder.path().join("left.db");
                let database = Connection::open(&file).unwrap();
                // So that pages are written before the transaction ends.
                database.execute_batch("PRAGMA cache_size = 1; PRAGMA cache_spill = 1").unwrap();
                let mut seen = 0;
                let result = upgrade("head", guarded, |request| {
                    let (Request::Atomic(list) | Request::Rebuild(list)) = request else {
                        return perform(&database, request);
                    };
                    if !is_revision(request) {
                        return perform(&database, request);
                    }
                    seen += 1;
                    if seen != nth + 1 {
                        return perform(&database, request);
                    }
                    if matches!(request, Request::Rebuild(_)) {
                        database.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
                    }
                    database.execute_batch("BEGIN IMMEDIATE").unwrap();
                    for statement in &list[..dies_after] {
                        rows(&database, &statement.sql).unwrap();
                    }
                    // What lies on the disk at this moment is what the next program finds.
                    for suffix in ["", "-journal"] {
                        let (from, to) = (with_suffix(&file, suffix), with_suffix(&left, suffix));
                        let _ = std::fs::remove_file(&to);
                        if from.exists() {
                            std::fs::copy(from, to).unwrap();
                        }
                    }
                    Answer::Failed(Failure { message: "died".into(), statement: None })
                });
                assert!(result.is_err());
                drop(database);
                let found = Connection::open(&left).unwrap();
                assert_eq!(whole(&found), states[nth], "{nth} after {dies_after} {guarded}");
                upgrade("head", guarded, |request| perform(&found, request)).unwrap();
                assert_eq!(whole(&found), states[states.len() - 1]);
                drop(found);
                std::fs::remove_file(&file).unwrap();
                std::fs::remove_file(&left).unwrap();
            }
        }
    }
}

fn with_suffix(path: &Path, suffix: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
