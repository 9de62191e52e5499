//! A temporary folder with a project in it, and the database `app.db` of that project.

use crate::rows;
use crate::schema::statements;
use crate::sql_text::canonical;
use rusqlite::{Connection, Error, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The project's folder; it goes away with this value.
pub struct Folder {
    /// The project.
    pub here: PathBuf,
    /// The folder that holds the project alone.
    pub top: PathBuf,
    _temporary: TempDir,
}

impl Folder {
    /// An empty project.
    pub fn new() -> Self {
        let temporary = TempDir::with_prefix("ambix-test-").unwrap();
        let top = temporary.path().canonicalize().unwrap();
        let here = top.join("project");
        fs::create_dir(&here).unwrap();
        Self { here, top, _temporary: temporary }
    }

    /// Writes a file; folders on the way to it are made.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.here.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Takes away a file or a folder.
    pub fn remove(&self, path: &str) {
        let path = self.here.join(path);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.unwrap();
    }

    /// The files by path, and the folders (with a slash at the end, and no text). Databases and what Python
    /// keeps for itself are left out.
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        collect(&self.here, "", &mut files);
        files
    }

    /// The database; an empty one in memory where the project has none, so that looking makes none.
    pub fn database(&self) -> Connection {
        let path = self.here.join("app.db");
        if path.exists() { Connection::open(path) } else { Connection::open_in_memory() }.unwrap()
    }

    /// Runs a statement on the project's database, which is made if it is not there.
    pub fn execute(&self, statement: &str) {
        let database = Connection::open(self.here.join("app.db")).unwrap();
        database.execute_batch(statement).unwrap();
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    let left_out = [".db", ".pyc", "-journal", "-wal", "-shm"];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_string_lossy());
        if name.contains("__pycache__") || left_out.iter().any(|end| name.ends_with(end)) {
            continue;
        }
        if path.is_dir() {
            let inside = format!("{name}/");
            collect(&path, &inside, files);
            files.insert(inside, String::new());
        } else {
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into();
            files.insert(name, text);
        }
    }
}

/// Makes a version table with these rows, as Alembic makes it; without rows it makes none.
pub fn stand_at(database: &Connection, versions: &[String]) {
    if versions.is_empty() {
        return;
    }
    let create = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, \
                  CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))";
    database.execute_batch(create).unwrap();
    for version in versions {
        database.execute("INSERT INTO alembic_version VALUES (?)", [version]).unwrap();
    }
}

/// The rows of the version table, sorted, if there is one.
pub fn versions(database: &Connection) -> Option<Vec<String>> {
    let read = || -> Result<Vec<String>> {
        let select = "SELECT version_num FROM alembic_version ORDER BY 1";
        database.prepare(select)?.query_map([], |row| row.get(0))?.collect()
    };
    match read() {
        Ok(versions) => Some(versions),
        Err(Error::SqliteFailure(_, Some(message))) if message.starts_with("no such table") => None,
        Err(error) => panic!("the version table: {error}"),
    }
}

/// Everything that a database holds, a line each: to see that nothing has changed. An empty version table is
/// as good as none.
pub fn content(database: &Connection) -> Vec<String> {
    let mut lines: Vec<String> =
        statements(database).iter().map(|statement| canonical(statement)).collect();
    lines.sort_unstable();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'alembic_version' \
                  ORDER BY name";
    for table in rows(database, tables).unwrap().rows {
        let name = table[0].as_text().unwrap();
        let select = format!("SELECT * FROM \"{}\"", name.replace('"', "\"\""));
        let rows = rows(database, &select).unwrap().rows;
        lines.extend(rows.iter().map(|row| format!("{name}: {row:?}")));
    }
    lines.extend(versions(database).unwrap_or_default().iter().map(|id| format!("at {id}")));
    lines
}
