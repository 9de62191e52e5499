use ambix_core::diagnostic::{Code, Diagnostic};

/// Which files hold the configuration, as they were named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFiles {
    /// The ini file.
    pub ini: String,
    /// The `pyproject.toml`.
    pub toml: String,
    /// Whether one of them was named, by `-c` or by the environment variable. An `ambix.toml` that
    /// happens to lie beside is then not meant.
    pub named: bool,
}

/// Which files are meant by the options `-c` and by the environment variable `ALEMBIC_CONFIG`: one ini
/// file at most and one `pyproject.toml` at most, which is known by its name.
///
/// # Errors
/// If two of a kind are named, in Alembic's words.
///
/// ```
/// use ambix_commands::configuration::config_files;
/// let files = config_files(&["other.ini".into()], None).unwrap();
/// assert_eq!((files.ini.as_str(), files.toml.as_str()), ("other.ini", "pyproject.toml"));
/// ```
pub fn config_files(
    options: &[String],
    environment_variable: Option<&str>,
) -> Result<ConfigFiles, Diagnostic> {
    let is_toml = |name: &str| name.rsplit(['/', '\\']).next() == Some("pyproject.toml");
    let variable = environment_variable.filter(|name| !name.is_empty());
    let (mut ini, mut toml) = (None, None);
    for name in options {
        let (slot, message) = match is_toml(name) {
            true => (&mut toml, "pyproject.toml indicated more than once"),
            false => (&mut ini, "only one ini file may be indicated"),
        };
        if slot.replace(name.clone()).is_some() {
            return Err(Diagnostic::error(Code::Configuration, message)
                .hint("Give `-c` once for each kind of file."));
        }
    }
    let default = |toml: bool, name: &str| match variable {
        Some(variable) if is_toml(variable) == toml => variable.to_string(),
        _ => name.to_string(),
    };
    Ok(ConfigFiles {
        ini: ini.unwrap_or_else(|| default(false, "alembic.ini")),
        toml: toml.unwrap_or_else(|| default(true, "pyproject.toml")),
        named: !options.is_empty() || variable.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(options: &[&str], variable: Option<&str>) -> Result<(String, String), String> {
        let options: Vec<String> = options.iter().map(|option| (*option).into()).collect();
        let files =
            config_files(&options, variable).map_err(|error| error.into_details().message)?;
        Ok((files.ini, files.toml))
    }

    #[test]
    fn files_are_those_that_alembic_would_take() {
        for (options, variable, ini, toml) in [
            (&[][..], None, "alembic.ini", "pyproject.toml"),
            (&["a.ini"], None, "a.ini", "pyproject.toml"),
            (&["x/pyproject.toml"], None, "alembic.ini", "x/pyproject.toml"),
            (&["x/pyproject.toml", "b.cfg"], None, "b.cfg", "x/pyproject.toml"),
            (&[], Some("e.ini"), "e.ini", "pyproject.toml"),
            (&[], Some("e/pyproject.toml"), "alembic.ini", "e/pyproject.toml"),
            (&["a.ini"], Some("e.ini"), "a.ini", "pyproject.toml"),
            (&[], Some(""), "alembic.ini", "pyproject.toml"),
        ] {
            assert_eq!(files(options, variable), Ok((ini.into(), toml.into())));
        }
    }

    #[test]
    fn two_of_a_kind_are_refused() {
        assert_eq!(
            files(&["a.ini", "a.ini"], None).unwrap_err(),
            "only one ini file may be indicated"
        );
        assert_eq!(
            files(&["pyproject.toml", "x/pyproject.toml"], None).unwrap_err(),
            "pyproject.toml indicated more than once"
        );
    }
}
