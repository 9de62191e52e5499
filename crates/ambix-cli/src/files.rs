//! The files of the project.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use ambix_commands::Answer;

/// The folder that relative paths are relative to.
#[derive(Clone, Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The folder of that path.
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where a path leads.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    /// The paths of the files in a folder, sorted. As in Alembic, a link to a file counts, and a link
    /// to a folder is not followed.
    pub(crate) fn list(&self, folder: &str, recursive: bool) -> Answer {
        let mut paths = Vec::new();
        match self.list_into(folder, recursive, &mut paths) {
            Ok(()) => {
                paths.sort();
                Answer::Paths(paths)
            }
            Err(error) if error.kind() == ErrorKind::NotADirectory => {
                Answer::Failed(reason(&error))
            }
            Err(error) => answer(&error),
        }
    }

    fn list_into(&self, folder: &str, recursive: bool, paths: &mut Vec<String>) -> io::Result<()> {
        let separator = if folder.is_empty() || folder.ends_with('/') { "" } else { "/" };
        for entry in fs::read_dir(self.path(folder))? {
            let entry = entry?;
            let name = entry.file_name();
            let path = format!("{folder}{separator}{}", name.to_string_lossy());
            if entry.file_type()?.is_dir() {
                if recursive {
                    self.list_into(&path, recursive, paths)?;
                }
            } else if !entry.path().is_dir() {
                paths.push(path);
            }
        }
        Ok(())
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: &str) -> Answer {
        let bytes = match fs::read(self.path(path)) {
            Ok(bytes) => bytes,
            Err(error) => return answer(&error),
        };
        match String::from_utf8(bytes) {
            Ok(text) => Answer::Text(text),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let before = error.as_bytes().get(..valid).unwrap_or_default();
                let byte = error.as_bytes().get(valid).copied().unwrap_or_default();
                let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
                Answer::Failed(format!(
                    "line {line} is not UTF-8 (byte 0x{byte:02x}); save the file as UTF-8"
                ))
            }
        }
    }

    /// Makes a file that is not there yet: whole, or not at all.
    pub(crate) fn write(&self, path: &str, text: &str) -> Answer {
        done(new_file(&self.path(path), text))
    }

    /// Adds to a file that is there.
    pub(crate) fn append(&self, path: &str, text: &str) -> Answer {
        let file = fs::OpenOptions::new().append(true).open(self.path(path));
        done(file.and_then(|mut file| file.write_all(text.as_bytes())))
    }

    /// Makes a folder, with those above it.
    pub(crate) fn make_folder(&self, path: &str) -> Answer {
        done(fs::create_dir_all(self.path(path)))
    }
}

fn new_file(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".").suffix(".ambix-new");
    // A temporary file is for one person only; this one becomes a file like others.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist_noclobber(path).map(|_| ()).map_err(|error| error.error)
}

fn done(result: io::Result<()>) -> Answer {
    match result {
        Ok(()) => Answer::Done,
        Err(error) => answer(&error),
    }
}

fn answer(error: &io::Error) -> Answer {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Answer::Missing,
        _ => Answer::Failed(reason(error)),
    }
}

/// The system's words, without the number that Rust adds.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(at) => text[..at].into(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Folder) {
        let kept = tempfile::tempdir().unwrap();
        let folder = Folder::new(kept.path());
        (kept, folder)
    }

    #[test]
    fn a_file_is_made_once_with_its_folders() {
        let (kept, folder) = folder();
        assert_eq!(folder.write("a/b/c.py", "eins\n"), Answer::Done);
        assert_eq!(folder.write("a/b/c.py", "zwei\n"), Answer::Failed("File exists".into()));
        assert_eq!(folder.append("a/b/c.py", "drei\n"), Answer::Done);
        assert_eq!(folder.read("a/b/c.py"), Answer::Text("eins\ndrei\n".into()));
        assert_eq!(folder.append("a/d.py", ""), Answer::Missing);
        assert_eq!(folder.read("nowhere/d.py"), Answer::Missing);
        assert_eq!(
            fs::read_dir(kept.path().join("a/b")).unwrap().count(),
            1,
            "nothing is left over"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_is_for_everybody_as_the_mask_says() {
        use std::os::unix::fs::PermissionsExt as _;
        let (kept, folder) = folder();
        folder.write("a.py", "");
        fs::write(kept.path().join("b.py"), "").unwrap();
        let mode = |name| fs::metadata(kept.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode("a.py"), mode("b.py"));
    }

    #[test]
    fn a_folder_lists_its_files() {
        let (kept, folder) = folder();
        for path in ["v/b.py", "v/a.py", "v/deep/c.py"] {
            folder.write(path, "");
        }
        fs::create_dir(kept.path().join("v/empty")).unwrap();
        let paths =
            |paths: &[&str]| Answer::Paths(paths.iter().map(|path| (*path).into()).collect());
        assert_eq!(folder.list("v", false), paths(&["v/a.py", "v/b.py"]));
        assert_eq!(folder.list("v", true), paths(&["v/a.py", "v/b.py", "v/deep/c.py"]));
        assert_eq!(folder.list("v/", false), paths(&["v/a.py", "v/b.py"]));
        assert_eq!(folder.list("w", true), Answer::Missing);
        assert!(matches!(folder.list("v/a.py", true), Answer::Failed(_)));
    }

    #[test]
    fn a_text_that_is_not_utf8_says_in_which_line() {
        let (kept, folder) = folder();
        fs::write(kept.path().join("latin.py"), b"# ok\n# caf\xe9\n").unwrap();
        let Answer::Failed(why) = folder.read("latin.py") else { panic!("it is not UTF-8") };
        assert_eq!(why, "line 2 is not UTF-8 (byte 0xe9); save the file as UTF-8");
    }
}
