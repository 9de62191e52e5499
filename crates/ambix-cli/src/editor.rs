//! Letting a person edit a file, with Alembic's choice of editor (`alembic.util.editor`).

use ambix_commands::Answer;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is tried where nobody has chosen, as in Alembic.
const EDITORS: &[&str] = if cfg!(windows) {
    &["code.exe", "notepad++.exe", "notepad.exe"]
} else {
    &["sensible-editor", "editor", "nano", "vim", "code"]
};

/// Opens the file in the editor and waits. Fails in Alembic's words.
pub(crate) fn edit(file: &Path) -> Answer {
    let chosen: Vec<String> =
        ["EDITOR", "VISUAL"].iter().filter_map(|name| std::env::var(name).ok()).collect();
    let search = std::env::var_os("PATH").unwrap_or_default();
    match find(&chosen, &search) {
        Some(words) => open(&words, file),
        None => failed(
            "No suitable editor found. Please set the \"EDITOR\" or \"VISUAL\" environment variables",
        ),
    }
}

fn open(words: &[String], file: &Path) -> Answer {
    let Some((program, options)) = words.split_first() else {
        return failed("the editor has no name");
    };
    let result = Command::new(program).args(options).arg(file).status();
    let said = words.iter().map(String::as_str).chain([file.to_str().unwrap_or_default()]);
    let said: Vec<String> = said.map(quoted).collect();
    match result {
        Ok(status) if status.success() => Answer::Done,
        Ok(status) => {
            let how = match status.code() {
                Some(code) => format!("returned non-zero exit status {code}."),
                None => format!("was ended: {status}"),
            };
            failed(&format!("Command '[{}]' {how}", said.join(", ")))
        }
        Err(error) => failed(&match error.raw_os_error() {
            Some(number) => {
                format!("[Errno {number}] {}: {}", crate::files::reason(&error), quoted(program))
            }
            None => error.to_string(),
        }),
    }
}

fn failed(why: &str) -> Answer {
    Answer::Failed(format!("Error executing editor ({why})"))
}

/// The words of the editor's command: a chosen one that is there, else the first that is.
///
/// A choice is a path, a name or, other than in Alembic, one of these with options: `code --wait`.
fn find(chosen: &[String], search: &OsStr) -> Option<Vec<String>> {
    let chosen = chosen.iter().filter_map(|choice| {
        if choice.is_empty() {
            return None;
        }
        if Path::new(choice).exists() {
            return Some(vec![choice.clone()]);
        }
        let mut words = shlex::split(choice)?;
        let program = words.first_mut()?;
        *program = locate(program, search)?;
        Some(words)
    });
    let usual = EDITORS.iter().filter_map(|name| Some(vec![locate(name, search)?]));
    chosen.chain(usual).next()
}

/// The path of a program: as it is, or along the folders of `PATH`.
fn locate(program: &str, search: &OsStr) -> Option<String> {
    if program.contains(std::path::MAIN_SEPARATOR) {
        return Path::new(program).exists().then(|| program.into());
    }
    let name = match cfg!(windows) && !program.to_ascii_lowercase().ends_with(".exe") {
        true => format!("{program}.exe"),
        false => program.to_string(),
    };
    let mut paths = std::env::split_paths(search).map(|folder: PathBuf| folder.join(&name));
    paths.find(|path| path.exists()).and_then(|path| path.into_os_string().into_string().ok())
}

/// A text as Python shows it in a list.
fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut shown = String::from(quote);
    for letter in text.chars() {
        if letter == quote || letter == '\\' {
            shown.push('\\');
        }
        shown.push(letter);
    }
    shown.push(quote);
    shown
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// A folder of programs that end with a code.
    fn programs(programs: &[(&str, u8)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, code) in programs {
            let path = folder.path().join(name);
            std::fs::write(&path, format!("#!/bin/sh\nexit {code}\n")).unwrap();
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        }
        folder
    }

    #[test]
    fn the_first_choice_that_is_there_and_else_the_usual_ones() {
        let folder = programs(&[("mine", 0), ("other", 0), ("vim", 0)]);
        let found = |chosen: &[&str]| {
            let chosen: Vec<String> = chosen.iter().map(|choice| (*choice).into()).collect();
            let words = find(&chosen, folder.path().as_os_str())?;
            let name = Path::new(&words[0]).file_name()?.to_str()?.to_string();
            Some([vec![name], words[1..].to_vec()].concat().join(" "))
        };
        assert_eq!(found(&["mine", "other"]).as_deref(), Some("mine"));
        assert_eq!(found(&["gone", "other"]).as_deref(), Some("other"));
        assert_eq!(found(&["mine --wait 'a b'"]).as_deref(), Some("mine --wait a b"));
        assert_eq!(found(&["/gone/mine"]).as_deref(), Some("vim"));
        assert_eq!(found(&["", "un'closed"]).as_deref(), Some("vim"));
        assert_eq!(find(&[], OsStr::new("/nowhere")), None);
    }

    #[test]
    fn an_editor_that_fails_is_told_in_alembics_words() {
        let folder = programs(&[("bad", 1), ("good", 0)]);
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
        assert_eq!(open(&[path("good")], Path::new("a.py")), Answer::Done);
        let expected = format!(
            "Error executing editor (Command '['{}', 'it', \"it's.py\"]' returned non-zero exit status 1.)",
            path("bad")
        );
        let words = [path("bad"), "it".into()];
        assert_eq!(open(&words, Path::new("it's.py")), Answer::Failed(expected));
        let expected =
            "Error executing editor ([Errno 2] No such file or directory: 'gone-editor')";
        assert_eq!(open(&["gone-editor".into()], Path::new("a")), Answer::Failed(expected.into()));
    }
}
