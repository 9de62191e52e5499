//! One upgrade of a database at a time.
//!
//! SQLite's own lock lasts for one revision. This one lasts for the command: the system's lock on a
//! file beside the database, never on the database itself, where it could come between SQLite and its
//! locks. The system gives the lock back when the program ends, however it ends, so a lock file that
//! was left behind locks nobody out.

use crate::interrupt::Interrupt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_millis(20);

/// Waiting for longer than this is worth a line.
const WORTH_A_LINE: Duration = Duration::from_millis(500);

/// Held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// Waits until no other program upgrades the database in `file`; calls `waiting` once if that takes
    /// long.
    ///
    /// `None` where there can be no lock file (a folder that cannot be written, a file system without
    /// locks), and when the wait was interrupted. Without it SQLite's lock and the assertion that each
    /// revision begins with still keep two upgrades from mixing: the second one fails.
    pub(crate) fn wait(file: &Path, interrupt: &Interrupt, waiting: impl FnOnce()) -> Option<Self> {
        let path = lock_path(file);
        let began = Instant::now();
        let mut waiting = Some(waiting);
        while !interrupt.is_set() {
            let lock =
                OpenOptions::new().write(true).create(true).truncate(false).open(&path).ok()?;
            match lock.try_lock() {
                Ok(()) if is_at(&lock, &path) => return Some(Self { path, _file: lock }),
                // Whoever had it has removed the file since: this lock is on nothing.
                Ok(()) => continue,
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(_)) => return None,
            }
            if began.elapsed() > WORTH_A_LINE
                && let Some(waiting) = waiting.take()
            {
                waiting();
            }
            std::thread::sleep(PAUSE);
        }
        None
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While it is still held, so that nobody can have locked the same file in between. Elsewhere
        // than on Unix the file stays: there it cannot be told whether a locked file is still the one
        // of that name.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Beside the database itself, whichever name it is called by.
fn lock_path(file: &Path) -> PathBuf {
    let real = fs::canonicalize(file).ok().or_else(|| {
        let folder = fs::canonicalize(file.parent()?).ok()?;
        Some(folder.join(file.file_name()?))
    });
    let mut path = real.unwrap_or_else(|| file.into()).into_os_string();
    path.push("-ambix-lock");
    path.into()
}

/// Whether the open file is the one of that name.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(held), Ok(there)) => (held.dev(), held.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    fn lock(file: &Path) -> Option<Lock> {
        Lock::wait(file, &Interrupt::default(), || {})
    }

    #[test]
    fn one_after_the_other_and_no_file_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.db");
        let inside = Mutex::new(());
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let held = lock(&file).expect("a lock");
                        let alone = inside.try_lock().expect("nobody else");
                        std::thread::sleep(Duration::from_micros(200));
                        drop(alone);
                        drop(held);
                    }
                });
            }
        });
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_that_was_left_behind_locks_nobody_out() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.db");
        File::create(folder.path().join("app.db-ambix-lock")).unwrap();
        assert!(lock(&file).is_some());
    }

    #[test]
    fn a_link_to_a_database_is_that_database() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.db");
        File::create(&file).unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&file, folder.path().join("link.db")).unwrap();
            assert_eq!(lock_path(&folder.path().join("link.db")), lock_path(&file));
        }
    }

    #[test]
    fn a_long_wait_is_said_and_can_be_interrupted() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.db");
        let held = lock(&file);
        let interrupt = Interrupt::default();
        let mut said = 0;
        let got = Lock::wait(&file, &interrupt, || {
            said += 1;
            interrupt.set();
        });
        assert!(got.is_none());
        assert_eq!(said, 1);
        drop(held);
    }

    #[test]
    fn without_a_folder_there_is_no_lock() {
        assert!(lock(Path::new("/nowhere/at/all/app.db")).is_none());
    }
}
