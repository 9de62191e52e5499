//! What SQLite refused, in its own words, with the file and a way out.

use rusqlite::ErrorCode;
use std::path::Path;

/// SQLite's message. Of an error in the SQL only that: where in which statement it is, is said elsewhere.
fn words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        error => error.to_string(),
    }
}

/// The message for a failure of the database in `file`, or of one in memory.
///
/// Where the trouble is the file rather than the SQL, it is named, and what can be done.
pub(crate) fn describe(error: &rusqlite::Error, file: Option<&Path>) -> String {
    let message = words(error);
    let way_out = match (error.sqlite_error_code(), file) {
        (Some(code), Some(file)) => way_out(code, file),
        _ => None,
    };
    match (way_out, file) {
        (Some(way_out), Some(file)) => format!("{message}: {} ({way_out})", file.display()),
        _ => message,
    }
}

fn way_out(code: ErrorCode, file: &Path) -> Option<String> {
    let folder = file.parent().filter(|folder| !folder.is_dir());
    let text = match code {
        ErrorCode::CannotOpen if file.is_dir() => {
            "this is a folder; let the database's address name a file".into()
        }
        ErrorCode::CannotOpen => match folder {
            Some(folder) => format!(
                "there is no folder {}; make it, or correct the database's address",
                folder.display()
            ),
            None => "you need the right to read and write it and its folder".into(),
        },
        ErrorCode::NotADatabase => {
            "it is no SQLite database, or an encrypted one; let the database's \
                                    address name another file"
                .into()
        }
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            "another program is using it; run the command again when that is done".into()
        }
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => {
            "you need the right to write it and its folder".into()
        }
        ErrorCode::DiskFull => "make room and run the command again".into(),
        ErrorCode::DatabaseCorrupt => {
            "the file is damaged; go back to a copy, or see what sqlite3's .recover can save".into()
        }
        ErrorCode::SystemIoFailure => {
            "the system could not read or write it; look after the disk".into()
        }
        _ => return None,
    };
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    #[test]
    fn an_error_in_the_sql_is_only_the_message() {
        let connection = Connection::open_in_memory().unwrap();
        for sql in ["SELEC 1", "SELECT * FROM nowhere"] {
            let error = connection.prepare(sql).unwrap_err();
            let text = describe(&error, Some(Path::new("app.db")));
            assert!(!text.contains("app.db") && !text.contains("offset"), "{text}");
        }
    }

    #[test]
    fn a_full_disk_names_the_file_and_the_way_out() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA max_page_count = 2; CREATE TABLE t (a)").unwrap();
        let error =
            connection.execute_batch("INSERT INTO t VALUES (zeroblob(100000))").unwrap_err();
        assert_eq!(
            describe(&error, Some(Path::new("app.db"))),
            "database or disk is full: app.db (make room and run the command again)"
        );
        assert_eq!(describe(&error, None), "database or disk is full");
    }
}
