//! Addresses of databases, as SQLAlchemy reads them.

use super::location::absolute;
use ambix_core::diagnostic::{Code, Diagnostic};
use percent_encoding::percent_decode_str;

/// Where a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// In memory only.
    Memory,
    /// In a file, by its absolute path.
    File(String),
}

/// What an address says.
struct Address<'a> {
    driver: &'a str,
    username: Option<String>,
    password: Option<String>,
    host: Option<&'a str>,
    database: Option<String>,
    query: Option<&'a str>,
}

/// The file that an address means: `sqlite:///relative.db`, `sqlite:////absolute.db`, `sqlite://` and
/// `sqlite:///:memory:` for none, any driver (`sqlite+aiosqlite:`), `?uri=true` with `file:` addresses.
/// Percent escapes are those of SQLAlchemy. A relative path is meant from `folder`.
///
/// # Errors
/// If it is no address, of another database, or has a host as addresses of files cannot.
///
/// ```
/// use ambix_commands::configuration::{Database, database_path};
/// let path = database_path("sqlite:///data/app.db", "/project").unwrap();
/// assert_eq!(path, Database::File("/project/data/app.db".into()));
/// ```
pub fn database_path(url: &str, folder: &str) -> Result<Database, Diagnostic> {
    let hint = "The address is the setting `sqlalchemy.url` of alembic.ini or `url` in `[ambix]`; it \
                looks like `sqlite:///app.db`.";
    let Some(address) = address(url) else {
        let message = "Could not parse SQLAlchemy URL from given URL string";
        return Err(Diagnostic::error(Code::Configuration, message).hint(hint));
    };
    let dialect = address.driver.split('+').next().unwrap_or_default();
    if dialect != "sqlite" {
        let message = match dialect {
            "driver" => "The address of the database has not been filled in: driver://…".into(),
            other => format!(
                "Ambix works on SQLite, and the address names {}: {}",
                called(other),
                masked_url(url)
            ),
        };
        return Err(Diagnostic::error(Code::Configuration, message).hint(hint));
    }
    if matches!(address.driver, "sqlite+pysqlcipher") {
        let message = "Ambix cannot open databases that are encrypted with SQLCipher";
        return Err(Diagnostic::error(Code::Configuration, message).hint(hint));
    }
    let is_some = |text: Option<&str>| text.is_some_and(|text| !text.is_empty());
    if is_some(address.host)
        || is_some(address.username.as_deref())
        || is_some(address.password.as_deref())
    {
        let message = format!(
            "Invalid SQLite URL: {}\nValid SQLite URL forms are:\n sqlite:///:memory: (or, sqlite://)\n \
             sqlite:///relative/path/to/file.db\n sqlite:////absolute/path/to/file.db",
            masked_url(url)
        );
        return Err(Diagnostic::error(Code::Configuration, message)
            .hint("A file has no host: count the slashes."));
    }
    let database = address.database.unwrap_or_default();
    let query = address.query.unwrap_or_default();
    let is = |name: &str, values: &[&str]| {
        query.split('&').filter_map(|pair| pair.split_once('=')).any(|(key, value)| {
            key == name && values.contains(&value.to_ascii_lowercase().as_str())
        })
    };
    if is("uri", &["true", "yes", "on", "y", "t", "1"]) {
        return Ok(uri_file(&database, is("mode", &["memory"]), folder));
    }
    Ok(match database.as_str() {
        "" | ":memory:" => Database::Memory,
        path => Database::File(absolute(folder, path)),
    })
}

/// `file:app.db`, `file:/abs.db`, `file:///abs.db`, `file::memory:`.
fn uri_file(database: &str, in_memory: bool, folder: &str) -> Database {
    let Some(path) = database.strip_prefix("file:") else {
        return match database {
            "" | ":memory:" => Database::Memory,
            path => Database::File(absolute(folder, path)),
        };
    };
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let path = match path.strip_prefix("//") {
        Some(rest) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default(),
        None => path,
    };
    let path = percent_decode_str(path).decode_utf8_lossy();
    let in_memory = in_memory || query.split('&').any(|pair| pair == "mode=memory");
    if in_memory || path.is_empty() || path == ":memory:" {
        return Database::Memory;
    }
    Database::File(absolute(folder, &path))
}

/// The address for a message: as SQLAlchemy writes it, the password masked.
///
/// ```
/// use ambix_commands::configuration::masked_url;
/// assert_eq!(masked_url("postgresql://ada:secret@host:1/db"), "postgresql://ada:***@host:1/db");
/// assert_eq!(masked_url("sqlite:///app.db"), "sqlite:///app.db");
/// ```
pub fn masked_url(url: &str) -> String {
    let Some((driver, rest)) = url.split_once("://") else { return url.into() };
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    // A password may hold a slash by mistake, so the last `@` of what follows is looked for too.
    match (authority.rsplit_once('@'), rest.rsplit_once('@')) {
        (Some((user, host)), _) => match user.split_once(':') {
            Some((name, _)) => format!("{driver}://{name}:***@{host}{path}"),
            None => url.into(),
        },
        (None, Some((user, host))) if authority.contains(':') => {
            let name = user.split(':').next().unwrap_or_default();
            format!("{driver}://{name}:***@{host}")
        }
        _ => url.into(),
    }
}

/// The name of a database that people know.
fn called(dialect: &str) -> &str {
    match dialect {
        "postgresql" | "postgres" => "PostgreSQL",
        "mysql" => "MySQL",
        "mariadb" => "MariaDB",
        "oracle" => "Oracle",
        "mssql" => "SQL Server",
        other => other,
    }
}

fn address(url: &str) -> Option<Address<'_>> {
    let (driver, rest) = url.split_once("://")?;
    if driver.is_empty()
        || !driver.chars().all(|letter| letter.is_alphanumeric() || "_+".contains(letter))
    {
        return None;
    }
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, Some(query)),
        None => (rest, None),
    };
    let (authority, database) = match rest.split_once('/') {
        Some((authority, database)) => (authority, Some(database)),
        None => (rest, None),
    };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    };
    let (username, password) = match user.map(|user| user.split_once(':').unwrap_or((user, ""))) {
        Some((name, password)) => (Some(decoded(name)), Some(decoded(password))),
        None => (None, None),
    };
    Some(Address {
        driver,
        username,
        password,
        host: (!host.is_empty()).then_some(host),
        database: database.map(decoded),
        query,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_files() {
        let file = |path: &str| Ok(Database::File(path.into()));
        for (url, expected) in [
            ("sqlite:///app.db", file("/p/app.db")),
            ("sqlite:////var/app.db", file("/var/app.db")),
            ("sqlite:///./data/../app.db", file("/p/data/../app.db")),
            ("sqlite+pysqlite:///app.db", file("/p/app.db")),
            ("sqlite+aiosqlite:///app.db", file("/p/app.db")),
            ("sqlite:///app.db?timeout=5&check_same_thread=false", file("/p/app.db")),
            ("sqlite:///a%20b%25.db", file("/p/a b%.db")),
            ("sqlite:///a b@c:d.db", file("/p/a b@c:d.db")),
            ("sqlite:///file:app.db?uri=true", file("/p/app.db")),
            ("sqlite:///file:/abs.db?mode=ro&uri=true", file("/abs.db")),
            ("sqlite:///file:///abs.db?uri=true", file("/abs.db")),
            ("sqlite:///file:app.db", file("/p/file:app.db")),
            ("sqlite:///file:x?mode=memory&uri=true", Ok(Database::Memory)),
            ("sqlite:///file::memory:?uri=true&cache=shared", Ok(Database::Memory)),
            ("sqlite://", Ok(Database::Memory)),
            ("sqlite:///", Ok(Database::Memory)),
            ("sqlite:///:memory:", Ok(Database::Memory)),
        ] {
            assert_eq!(database_path(url, "/p"), expected, "{url}");
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        for (url, expected) in [
            ("app.db", "Could not parse SQLAlchemy URL from given URL string"),
            ("", "Could not parse SQLAlchemy URL from given URL string"),
            (
                "driver://user:pass@localhost/dbname",
                "The address of the database has not been filled in: driver://…",
            ),
            (
                "postgresql+psycopg://ada:secret@host/db",
                "Ambix works on SQLite, and the address names PostgreSQL: postgresql+psycopg://ada:***@host/db",
            ),
            ("duckdb:///x", "Ambix works on SQLite, and the address names duckdb: duckdb:///x"),
            (
                "sqlite+pysqlcipher://:key@/x.db",
                "Ambix cannot open databases that are encrypted with SQLCipher",
            ),
            ("sqlite://app.db", "Invalid SQLite URL: sqlite://app.db"),
            ("sqlite://home/app.db", "Invalid SQLite URL: sqlite://home/app.db"),
        ] {
            let error = database_path(url, "/p").unwrap_err();
            assert_eq!(error.message.lines().next().unwrap(), expected);
            assert_eq!(error.hints.len(), 1);
        }
    }

    #[test]
    fn passwords_are_never_shown() {
        for url in ["a://u:secret@h/d", "a://u:se@cret@h/d", "a://u:secret/x@h/d", "a://:secret@h"]
        {
            assert!(!masked_url(url).contains("cret"), "{url}: {}", masked_url(url));
        }
    }
}
