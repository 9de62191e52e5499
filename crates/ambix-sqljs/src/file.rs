//! The bytes of a database file, looked at before SQLite gets them.

use std::fmt;

/// The first bytes of every SQLite 3 file (<https://sqlite.org/fileformat.html#magic_header_string>).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Why a file is not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It does not begin like an SQLite database.
    NoDatabase,
    /// SQLite finds damage in it, and what.
    Damaged(String),
    /// sql.js could not open it, and why.
    Failed(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDatabase => f.write_str("The file is not an SQLite database."),
            Self::Damaged(what) => write!(f, "The database in the file is damaged: {what}"),
            Self::Failed(why) => write!(f, "The file could not be opened: {why}"),
        }
    }
}

impl std::error::Error for Refused {}

/// How the program that wrote a file keeps its journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journal {
    /// Everything that was committed is in the file.
    Rollback,
    /// Write-ahead log: rows may be in a second file, `…-wal`, that is not here.
    WriteAhead,
}

/// Checks the beginning of a file.
///
/// # Errors
/// If it is not that of an SQLite database. A file without any bytes is a database without tables.
pub(crate) fn look_at(bytes: &[u8]) -> Result<Journal, Refused> {
    match bytes {
        [] => Ok(Journal::Rollback),
        _ if bytes.len() < 100 || !bytes.starts_with(MAGIC) => Err(Refused::NoDatabase),
        // "File format write version" and "read version": 2 is write-ahead logging.
        _ if bytes[18] == 2 || bytes[19] == 2 => Ok(Journal::WriteAhead),
        _ => Ok(Journal::Rollback),
    }
}

/// Whether a line of `PRAGMA quick_check` tells of damage to the file. It also tells of rows that break
/// a NOT NULL or a CHECK; these are a matter of content, and such a database works.
pub(crate) fn is_damage(line: &str) -> bool {
    line.starts_with("***") || line.contains("malformed") || line.contains("not a database")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(write_version: u8) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.resize(512, 0);
        bytes[18] = write_version;
        bytes[19] = write_version;
        bytes
    }

    #[test]
    fn a_file_begins_like_a_database_or_is_none() {
        assert_eq!(look_at(&header(1)), Ok(Journal::Rollback));
        assert_eq!(look_at(&[]), Ok(Journal::Rollback));
        assert_eq!(look_at(b"SQLite format 3\0"), Err(Refused::NoDatabase));
        assert_eq!(look_at(&[b'x'; 4096]), Err(Refused::NoDatabase));
    }

    #[test]
    fn write_ahead_logging_shows_in_the_header() {
        assert_eq!(look_at(&header(2)), Ok(Journal::WriteAhead));
    }

    #[test]
    fn rows_that_break_a_constraint_are_no_damage() {
        assert!(is_damage(
            "*** in database main ***\nTree 2 page 2 cell 0: Offset 65535 out of range"
        ));
        assert!(is_damage("database disk image is malformed"));
        assert!(!is_damage("NULL value in items.title"));
        assert!(!is_damage("ok"));
    }
}
