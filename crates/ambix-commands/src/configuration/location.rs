//! Paths as text, put together as Python's pathlib does it, and lists of them.

use ambix_core::diagnostic::{Code, Diagnostic};

/// Whether a path is absolute: on Windows also one with a drive.
pub(super) fn is_absolute(path: &str) -> bool {
    path.starts_with('/')
        || (cfg!(windows)
            && (path.starts_with('\\') || path.get(1..3).is_some_and(|c| c == ":/" || c == ":\\")))
}

/// A path as pathlib writes it: without `.` and doubled slashes; `..` stays.
pub(crate) fn plain(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.into() };
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let start = if path.starts_with('/') { "/" } else { "" };
    match parts.as_slice() {
        [] if start.is_empty() => ".".into(),
        parts => format!("{start}{}", parts.join("/")),
    }
}

/// An absolute path without `.` and `..`, to tell whether two are the same.
pub fn without_detours(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." if parts.len() > 1 => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The absolute form of a path that is meant from `folder`.
///
/// ```
/// use ambix_commands::configuration::absolute;
/// assert_eq!(absolute("/project", "./db//versions"), "/project/db/versions");
/// assert_eq!(absolute("/project", "/other"), "/other");
/// ```
pub fn absolute(folder: &str, path: &str) -> String {
    match plain(path) {
        path if is_absolute(&path) => path,
        path if path == "." => plain(folder),
        path => format!("{}/{path}", plain(folder).trim_end_matches('/')),
    }
}

/// The folder that a path is in.
pub(super) fn parent(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((parent, _)) => parent,
        None => "",
    }
}

/// Where a `script_location` or version location is: a path, or `package:folder`, which is looked for
/// where Python looks for packages first.
pub(super) fn resolved(folder: &str, sys_path: &[String], location: &str) -> String {
    if !is_absolute(location)
        && let Some((package, inner)) = location.split_once(':')
    {
        let root = sys_path.first().map_or(folder, String::as_str);
        let inner = inner.replace(':', "/");
        return absolute(folder, &format!("{root}/{}/{inner}", package.replace('.', "/")));
    }
    absolute(folder, location)
}

/// How a list of paths in an ini file is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Letter(char),
    /// Blanks and commas (and colons): what Alembic did before there was a setting.
    Legacy,
}

/// The meaning of `path_separator`.
pub(super) fn separator(name: &str, value: Option<&str>) -> Result<Separator, Diagnostic> {
    Ok(Separator::Letter(match value {
        None => return Ok(Separator::Legacy),
        Some("space") => ' ',
        Some("newline") => '\n',
        Some("os") if cfg!(windows) => ';',
        Some("os" | ":") => ':',
        Some(";") => ';',
        Some(other) => {
            let message = format!(
                "'{other}' is not a valid value for {name}; expected 'space', 'newline', 'os', ':', ';'"
            );
            return Err(Diagnostic::error(Code::Configuration, message));
        }
    }))
}

/// The parts of a list of paths. `colons` says whether colons split it in the old way.
pub(super) fn split(text: &str, separator: Separator, colons: bool) -> Vec<String> {
    match separator {
        Separator::Letter(letter) => {
            let parts = text.split(letter).filter(|part| !part.is_empty());
            // A value that begins in the next line begins with an empty part that was a line break.
            parts.map(|part| part.trim().to_string()).filter(|part| !part.is_empty()).collect()
        }
        Separator::Legacy => {
            let ends = |letter: char| letter == ' ' || letter == ',' || (colons && letter == ':');
            let parts = text.split(ends).map(str::trim).filter(|part| !part.is_empty());
            parts.map(Into::into).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_put_together_as_pathlib_does() {
        for (path, expected) in [
            ("versions", "/p/versions"),
            ("./a//b/.", "/p/a/b"),
            ("../a", "/p/../a"),
            ("/a/../b/", "/a/../b"),
            (".", "/p"),
            ("", "/p"),
        ] {
            assert_eq!(absolute("/p", path), expected);
        }
        assert_eq!(
            resolved("/p", &["/p/src".into()], "app.db:migrations"),
            "/p/src/app/db/migrations"
        );
        assert_eq!(resolved("/p", &[], "app:migrations:new"), "/p/app/migrations/new");
        assert_eq!(absolute("/", "a"), "/a");
    }

    #[test]
    fn lists_are_split_as_alembic_does() {
        let letter = |name| separator("path_separator", Some(name)).unwrap();
        assert_eq!(split("/a:/b c", letter(":"), true), ["/a", "/b c"]);
        assert_eq!(split("\n/a\n  /b\n", letter("newline"), true), ["/a", "/b"]);
        assert_eq!(split("/a  /b", letter("space"), true), ["/a", "/b"]);
        assert_eq!(split("/a, /b  /c", Separator::Legacy, false), ["/a", "/b", "/c"]);
        assert_eq!(split(".:src", Separator::Legacy, true), [".", "src"]);
        assert_eq!(split("C:x y", Separator::Legacy, false), ["C:x", "y"]);
        assert_eq!(
            separator("path_separator", Some("comma")).unwrap_err().message,
            "'comma' is not a valid value for path_separator; expected 'space', 'newline', 'os', ':', ';'"
        );
    }
}
