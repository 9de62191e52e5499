//! How the program was called, and what it finds around it.

use ambix_commands::Surroundings;
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// A call of the program.
pub(crate) struct Call {
    /// The name that it was called by.
    pub(crate) program: String,
    /// The words after the name.
    pub(crate) words: Vec<String>,
    /// What is around it.
    pub(crate) surroundings: Surroundings,
}

/// Reads the call from the process.
///
/// # Errors
/// A line for the person, if something of it is not Unicode or there is no current folder.
pub(crate) fn call() -> Result<Call, String> {
    let mut arguments = std::env::args_os();
    let program = program_name(arguments.next().as_deref());
    let error = |message: String| format!("{program}: error: {message}");
    let words: Result<Vec<_>, _> = arguments.map(OsString::into_string).collect();
    let words = words.map_err(|word| {
        error(format!("the argument '{}' is not valid UTF-8", word.to_string_lossy()))
    })?;
    let folder = std::env::current_dir().map_err(|why| {
        error(format!("there is no current folder: {}", crate::files::reason(&why)))
    })?;
    let folder = folder.into_os_string().into_string().map_err(|folder| {
        let folder = folder.to_string_lossy().into_owned();
        error(format!("the name of the folder '{folder}' is not valid UTF-8; rename it"))
    })?;
    let variable = |name: &str| match std::env::var_os(name).filter(|value| !value.is_empty()) {
        Some(value) => value
            .into_string()
            .map(Some)
            .map_err(|_| error(format!("the value of the variable {name} is not valid UTF-8"))),
        None => Ok(None),
    };
    let surroundings = Surroundings {
        folder,
        alembic_config: variable("ALEMBIC_CONFIG")?,
        url: variable("AMBIX_URL")?,
    };
    Ok(Call { program, words, surroundings })
}

/// The name of the program without folder and `.exe`; `ambix` if the caller gave none.
fn program_name(called: Option<&OsStr>) -> String {
    let name = called.map(Path::new).and_then(Path::file_name).map(OsStr::to_string_lossy);
    let name = name.unwrap_or_default();
    let stem = match name.len().checked_sub(4).and_then(|at| name.split_at_checked(at)) {
        Some((stem, end)) if end.eq_ignore_ascii_case(".exe") => stem,
        _ => &name,
    };
    if stem.is_empty() { "ambix".into() } else { stem.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_last_part_of_the_path_without_exe() {
        let name = |called: &str| program_name(Some(OsStr::new(called)));
        assert_eq!(name("bin/alembic"), "alembic");
        assert_eq!(name("Alembic.EXE"), "Alembic");
        assert_eq!(name("ambix-0.1"), "ambix-0.1");
        assert_eq!(name(".exe"), "ambix");
        assert_eq!(program_name(None), "ambix");
    }
}
