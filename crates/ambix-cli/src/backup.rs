//! The copy of the database that is made before a revision that destroys data.

use crate::clock;
use crate::database::Database;
use crate::files::reason;
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Copies the database `app.db` to `app.<UTC time>[-n].backup.db` beside it, so that whatever knows a database
/// by its ending knows the copy too, and removes all but the `keep` newest
/// copies of it. Gives the path of the copy; `None` for a database in memory, or one that is not there yet.
///
/// # Errors
/// What SQLite or the system says; there is no half copy then, and no older one was removed.
pub(crate) fn make(database: &mut Database, keep: usize) -> Result<Option<PathBuf>, String> {
    let Some(file) = database.file().map(Path::to_path_buf) else { return Ok(None) };
    // A file's rights go with its content.
    let Ok(rights) = fs::metadata(&file).map(|metadata| metadata.permissions()) else {
        return Ok(None);
    };
    let (Some(folder), Some(name)) = (file.parent(), file.file_name().and_then(OsStr::to_str))
    else {
        return Ok(None);
    };
    let in_folder = |error: std::io::Error| {
        format!(
            "the copy of {} could not be made: {}: {}",
            file.display(),
            folder.display(),
            reason(&error)
        )
    };
    let unfinished = tempfile::Builder::new()
        .prefix(&format!("{name}."))
        .suffix(".unfinished-backup")
        .tempfile_in(folder)
        .map_err(in_folder)?
        .into_temp_path();
    database.copy_to(&unfinished).map_err(|why| format!("the copy could not be made: {why}"))?;
    fs::set_permissions(&unfinished, rights).map_err(in_folder)?;
    fs::File::open(&unfinished).and_then(|copy| copy.sync_all()).map_err(in_folder)?;
    let copy = name_it(unfinished, folder, name, &clock::stamp()).map_err(in_folder)?;
    remove_older(folder, name, &copy, keep);
    Ok(Some(copy))
}

/// Gives the finished copy its name, with a number if there is one of this second.
fn name_it(
    mut unfinished: tempfile::TempPath,
    folder: &Path,
    name: &str,
    time: &str,
) -> std::io::Result<PathBuf> {
    let mut number = 1;
    loop {
        let (before, after) = around(name);
        let copy = folder.join(match number {
            1 => format!("{before}{time}{after}"),
            number => format!("{before}{time}-{number}{after}"),
        });
        match unfinished.persist_noclobber(&copy) {
            Ok(()) => return Ok(copy),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
                unfinished = error.path;
                number += 1;
            }
            Err(error) => return Err(error.error),
        }
    }
}

/// Removes all but the newest copies. One that cannot be removed stays: the new one is there.
fn remove_older(folder: &Path, name: &str, newest: &Path, keep: usize) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut copies: Vec<(String, u64, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let (time, number) = time_of(entry.file_name().to_str()?, name)?;
            Some((time, number, entry.path())).filter(|(_, _, path)| path != newest)
        })
        .collect();
    copies.sort();
    // Besides the newest one.
    let surplus = (copies.len() + 1).saturating_sub(keep.max(1));
    for (_, _, path) in copies.into_iter().take(surplus) {
        let _ = fs::remove_file(path);
    }
}

/// What stands before and after the time in the names of the copies of a database.
fn around(name: &str) -> (String, String) {
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => {
            (format!("{stem}."), format!(".backup.{ending}"))
        }
        _ => (format!("{name}."), ".backup".into()),
    }
}

/// Time and number in the name of a copy of the database `name`.
fn time_of(copy: &str, name: &str) -> Option<(String, u64)> {
    let (before, after) = around(name);
    let middle = copy.strip_prefix(&before)?.strip_suffix(&after)?;
    let (time, rest) = middle.split_at_checked("20261122-082731".len())?;
    let is_time = time.bytes().enumerate().all(|(at, byte)| match at {
        8 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let number = match rest {
        "" => 1,
        rest => rest.strip_prefix('-')?.parse().ok()?,
    };
    is_time.then(|| (time.into(), number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interrupt::Interrupt;
    use rusqlite::Connection;

    fn database(file: &Path) -> Database {
        let mut database = Database::new(Interrupt::default());
        database.connect(Some(file.into()), false);
        database
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_copy_lies_beside_the_database_and_holds_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.db");
        let writer = Connection::open(&file).unwrap();
        writer.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t AS SELECT 7 AS a").unwrap();
        let copy = make(&mut database(&file), 3).unwrap().unwrap();
        assert!(
            time_of(copy.file_name().unwrap().to_str().unwrap(), "app.db").is_some(),
            "{copy:?}"
        );
        let copied = Connection::open(&copy).unwrap();
        assert_eq!(copied.query_row("SELECT a FROM t", [], |row| row.get::<_, i64>(0)).unwrap(), 7);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
            assert_eq!(mode(&copy), mode(&file));
        }
    }

    #[test]
    fn the_newest_are_kept_and_what_is_no_copy_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.db");
        Connection::open(&file).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
        let others = [
            "app.20200101-000000.backup.txt",
            "app.mine.backup.db",
            "other.20200101-000000.backup.db",
        ];
        let old = [
            "app.20200101-000000.backup.db",
            "app.20200101-000000-10.backup.db",
            "app.20200101-000000-9.backup.db",
        ];
        for name in others.iter().chain(&old) {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let first = make(&mut database(&file), 3).unwrap().unwrap();
        let there = names(folder.path());
        assert!(there.contains(&"app.20200101-000000-10.backup.db".into()), "{there:?}");
        assert!(there.contains(&"app.20200101-000000-9.backup.db".into()), "{there:?}");
        assert!(!there.contains(&"app.20200101-000000.backup.db".into()), "{there:?}");

        let second = make(&mut database(&file), 3).unwrap().unwrap();
        assert_ne!(first, second, "nothing is overwritten");
        make(&mut database(&file), 1).unwrap();
        let there = names(folder.path());
        assert_eq!(there.len(), 1 + others.len() + 1, "{there:?}");
        assert!(others.iter().all(|other| there.contains(&(*other).into())), "{there:?}");
    }

    #[test]
    fn no_file_no_copy() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(make(&mut database(&folder.path().join("app.db")), 3), Ok(None));
        assert_eq!(make(&mut Database::new(Interrupt::default()), 3), Ok(None));
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn what_is_no_database_is_not_copied() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.db");
        fs::write(&file, "x".repeat(5000)).unwrap();
        let why = make(&mut database(&file), 3).unwrap_err();
        assert!(why.contains("file is not a database"), "{why}");
        assert_eq!(names(folder.path()), ["app.db"]);
    }

    #[test]
    fn an_interrupted_copy_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.db");
        Connection::open(&file).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
        let interrupt = Interrupt::default();
        let mut database = Database::new(interrupt.clone());
        database.connect(Some(file), false);
        interrupt.set();
        assert!(make(&mut database, 3).is_err());
        drop(database);
        assert_eq!(names(folder.path()), ["app.db"]);
    }
}
