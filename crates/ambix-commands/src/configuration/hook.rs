//! Post-write hooks: programs that are run on a new revision file.

use super::ini::Ini;
use super::toml_file::{TomlFile, Value};
use ambix_core::diagnostic::{Code, Diagnostic, Place};

/// What stands for the new file's path in a hook's options.
pub const REVISION_SCRIPT_FILENAME: &str = "REVISION_SCRIPT_FILENAME";

/// A program to be run on a new revision file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Its name, for `Running post write hook 'name' ...`.
    pub name: String,
    /// What is run.
    pub kind: HookKind,
    /// Its arguments, with [`REVISION_SCRIPT_FILENAME`] for the path; see [`Hook::arguments`].
    pub options: Vec<String>,
    /// The folder in which it is run, if not the current one.
    pub cwd: Option<String>,
}

/// What a hook runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookKind {
    /// A program on the PATH.
    Exec {
        /// Its name or path.
        executable: String,
    },
    /// A console script of an installed Python package.
    ConsoleScripts {
        /// Its name. Without Python, the program of that name is the nearest thing.
        entrypoint: String,
    },
    /// A Python module: `python -m module`.
    Module {
        /// Its name.
        module: String,
    },
}

/// A hook that cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookError {
    /// The error, in Alembic's words.
    pub diagnostic: Diagnostic,
    /// The name to announce before the error (`Running post write hook 'name' ...`, then `  FAILED`);
    /// None where Alembic finds it before it announces anything.
    pub announced: Option<String>,
}

impl Hook {
    /// The arguments for the new file at `path`.
    pub fn arguments(&self, path: &str) -> Vec<String> {
        self.options.iter().map(|option| option.replace(REVISION_SCRIPT_FILENAME, path)).collect()
    }
}

/// A hook's settings as they are written: names and values.
struct Written<'a> {
    name: String,
    options: Vec<(String, String)>,
    place: Option<Place>,
    absent: Option<&'a str>,
}

/// The hooks of an ini file's section `post_write_hooks`, which counts as soon as it is there, else those
/// of the TOML table.
///
/// Each hook or its error comes in its turn, since Alembic runs the ones before it.
///
/// # Errors
/// If the section's values cannot be filled in, or the TOML has another form.
pub(super) fn hooks(
    ini: Option<&Ini>,
    toml: Option<&TomlFile>,
) -> Result<Vec<Result<Hook, HookError>>, Diagnostic> {
    let written = match (ini, toml) {
        (Some(ini), _) if ini.has_section(SECTION) => of_ini(ini)?,
        (_, Some(toml)) => of_toml(toml)?,
        _ => Vec::new(),
    };
    Ok(written.into_iter().map(hook).collect())
}

const SECTION: &str = "post_write_hooks";

fn of_ini(ini: &Ini) -> Result<Vec<Written<'_>>, Diagnostic> {
    let names = ini.get(SECTION, "hooks")?.unwrap_or_default();
    let mut hooks = Vec::new();
    for name in names.split([' ', ',']).map(str::trim).filter(|name| !name.is_empty()) {
        let start = format!("{}.", name.to_lowercase());
        let mut options = Vec::new();
        for option in ini.names(SECTION).into_iter().filter(|option| option.starts_with(&start)) {
            let value = ini.get(SECTION, option)?.unwrap_or_default();
            options.push((option[start.len()..].to_string(), value));
        }
        hooks.push(Written {
            name: name.into(),
            options,
            place: ini.place(SECTION, "hooks"),
            absent: None,
        });
    }
    Ok(hooks)
}

fn of_toml(toml: &TomlFile) -> Result<Vec<Written<'_>>, Diagnostic> {
    let Some(entry) = toml.get(SECTION) else { return Ok(Vec::new()) };
    let wrong = || {
        toml.error(entry.span, "post_write_hooks must be tables: [[tool.alembic.post_write_hooks]]")
    };
    let Value::List(tables) = &entry.value else { return Err(wrong()) };
    let mut hooks = Vec::new();
    for table in tables {
        let Value::Table(entries) = table else { return Err(wrong()) };
        let mut options = Vec::new();
        for entry in entries {
            let Value::Text(text) = &entry.value else {
                let message = format!("{} of a post write hook must be a text", entry.name);
                return Err(toml.error(entry.span, message));
            };
            options.push((entry.name.clone(), super::filled_in(toml, text, entry.span)?));
        }
        let name = options.iter().find(|(name, _)| name == "name").map(|(_, value)| value.clone());
        hooks.push(Written {
            name: name.clone().unwrap_or_default(),
            options,
            place: Some(toml.place(entry.span)),
            absent: name.is_none().then_some("name"),
        });
    }
    Ok(hooks)
}

fn hook(written: Written<'_>) -> Result<Hook, HookError> {
    let name = written.name;
    let failed = |message: String, hint: &str, announced: bool| {
        let mut diagnostic = Diagnostic::error(Code::Configuration, message).hint(hint);
        diagnostic.place = written.place.clone();
        HookError { diagnostic, announced: announced.then(|| name.clone()) }
    };
    if written.absent.is_some() {
        return Err(failed(
            "A post write hook has no name".into(),
            "Write `name = \"…\"` into its table.",
            false,
        ));
    }
    let option = |wanted: &str| {
        let mut options = written.options.iter();
        options.find(|(name, _)| name == wanted).map(|(_, value)| value.clone())
    };
    let required = |wanted: &str| {
        option(wanted).ok_or_else(|| {
            let message = format!("Key {name}.{wanted} is required for post write hook '{name}'");
            failed(
                message,
                &format!("Write `{name}.{wanted} = …` into the section [post_write_hooks]."),
                true,
            )
        })
    };
    let Some(kind) = option("type") else {
        let message = format!(
            "Key '{name}.type' (or 'type' in toml) is required for post write hook '{name}'"
        );
        return Err(failed(message, "The types are exec, module and console_scripts.", false));
    };
    let kind = match kind.as_str() {
        "exec" => HookKind::Exec { executable: required("executable")? },
        "console_scripts" => HookKind::ConsoleScripts { entrypoint: required("entrypoint")? },
        "module" => HookKind::Module { module: required("module")? },
        other => {
            let message = format!("No formatter with name '{other}' registered");
            let hint = "The types are exec, module and console_scripts; functions that env.py registers \
                        need Python.";
            return Err(failed(message, hint, true));
        }
    };
    let mut line = option("options").unwrap_or_default();
    if !line.contains(REVISION_SCRIPT_FILENAME) {
        line = format!("{REVISION_SCRIPT_FILENAME} {line}");
    }
    let Some(options) = shlex::split(&line) else {
        let message =
            format!("The options of post write hook '{name}' have a quote that is not closed");
        return Err(failed(message, "They are split as a shell does it.", true));
    };
    Ok(Hook { kind, options, cwd: option("cwd"), name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(section: &str) -> Vec<Result<Hook, HookError>> {
        let text = format!("[post_write_hooks]\n{section}");
        let ini = Ini::read("alembic.ini", &text, "/p").unwrap();
        hooks(Some(&ini), None).unwrap()
    }

    #[test]
    fn hooks_are_read_in_their_order() {
        let found = of(
            "hooks = black, Ruff\nblack.type = console_scripts\nblack.entrypoint = black\n\
            black.options = -l 79 REVISION_SCRIPT_FILENAME\nRuff.type = exec\nruff.executable = %(here)s/ruff\n\
            ruff.options = check 'a b'\nruff.cwd = %(here)s\n",
        );
        let black = found[0].clone().unwrap();
        assert_eq!(black.kind, HookKind::ConsoleScripts { entrypoint: "black".into() });
        assert_eq!(black.arguments("/p/a.py"), ["-l", "79", "/p/a.py"]);
        let ruff = found[1].clone().unwrap();
        assert_eq!(ruff.name, "Ruff");
        assert_eq!(ruff.kind, HookKind::Exec { executable: "/p/ruff".into() });
        assert_eq!(ruff.arguments("/p/a b.py"), ["/p/a b.py", "check", "a b"]);
        assert_eq!(ruff.cwd.as_deref(), Some("/p"));
        assert_eq!(of(""), []);
    }

    #[test]
    fn hooks_of_toml_are_tables() {
        let text = "[[post_write_hooks]]\nname = 'fmt'\ntype = 'module'\nmodule = 'ruff'\n";
        let toml = TomlFile::read("pyproject.toml", text, "/p").unwrap();
        let found = hooks(None, Some(&toml)).unwrap();
        assert_eq!(found[0].clone().unwrap().kind, HookKind::Module { module: "ruff".into() });
        // An ini section of that name, even an empty one, comes before.
        let ini = Ini::read("alembic.ini", "[post_write_hooks]\n", "/p").unwrap();
        assert_eq!(hooks(Some(&ini), Some(&toml)).unwrap(), []);
        let toml = TomlFile::read("pyproject.toml", "post_write_hooks = 1\n", "/p").unwrap();
        assert!(hooks(None, Some(&toml)).is_err());
    }

    #[test]
    fn hooks_that_cannot_run_say_why_in_alembics_words() {
        for (section, message, announced) in [
            (
                "hooks = fmt",
                "Key 'fmt.type' (or 'type' in toml) is required for post write hook 'fmt'",
                None,
            ),
            (
                "hooks = fmt\nfmt.type = nosuch",
                "No formatter with name 'nosuch' registered",
                Some("fmt"),
            ),
            (
                "hooks = fmt\nfmt.type = exec",
                "Key fmt.executable is required for post write hook 'fmt'",
                Some("fmt"),
            ),
            (
                "hooks = fmt\nfmt.type = console_scripts",
                "Key fmt.entrypoint is required for post write hook 'fmt'",
                Some("fmt"),
            ),
            (
                "hooks = fmt\nfmt.type = module",
                "Key fmt.module is required for post write hook 'fmt'",
                Some("fmt"),
            ),
            (
                "hooks = f\nf.type = exec\nf.executable = x\nf.options = 'a",
                "The options of post write hook 'f' have a quote that is not closed",
                Some("f"),
            ),
        ] {
            let error = of(section)[0].clone().unwrap_err();
            assert_eq!(error.diagnostic.message, message);
            assert_eq!(error.announced.as_deref(), announced);
        }
    }
}
