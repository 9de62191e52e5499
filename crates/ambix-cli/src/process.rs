//! Other programs.

use crate::files::reason;
use ambix_commands::Answer;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

/// Runs a program in a folder, with this program's terminal, and waits for its end.
pub(crate) fn run(program: &str, arguments: &[String], folder: &Path) -> Answer {
    match Command::new(program).args(arguments).current_dir(folder).status() {
        Ok(status) if status.success() => Answer::Done,
        Ok(status) => Answer::Failed(match status.code() {
            Some(code) => format!("{program} returned non-zero exit status {code}"),
            None => format!("{program} was ended: {status}"),
        }),
        // A folder that is not there is "not found" too.
        Err(error) if error.kind() == ErrorKind::NotFound && folder.is_dir() => Answer::Missing,
        Err(error) => {
            Answer::Failed(format!("{program} in {}: {}", folder.display(), reason(&error)))
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn run_here(program: &str, arguments: &[&str], folder: &str) -> Answer {
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).into()).collect();
        run(program, &arguments, Path::new(folder))
    }

    #[test]
    fn a_program_works_fails_or_is_not_there() {
        assert_eq!(run_here("sh", &["-c", "test $(pwd) = /"], "/"), Answer::Done);
        let failed = Answer::Failed("sh returned non-zero exit status 3".into());
        assert_eq!(run_here("sh", &["-c", "exit 3"], "/"), failed);
        assert!(matches!(run_here("sh", &["-c", "kill -9 $$"], "/"), Answer::Failed(_)));
        assert_eq!(run_here("no-such-program", &[], "/"), Answer::Missing);
        assert!(matches!(run_here("sh", &[], "/nowhere"), Answer::Failed(_)));
    }
}
