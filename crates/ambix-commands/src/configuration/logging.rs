//! The sections `loggers`, `handlers` and `formatters`: which log lines are shown, and how.

use super::ini::Ini;
use ambix_core::diagnostic::{Code, Diagnostic, Place, Span};
use ambix_python::{Field, printf};

/// How bad a log line is: Python's numbers.
pub type Level = u32;

/// Python's level for what is worth knowing.
pub const INFO: Level = 20;
/// Python's level for what may be wrong.
pub const WARNING: Level = 30;
/// Python's level for errors.
pub const ERROR: Level = 40;

const STANDARD: &str = "%(levelname)-5.5s [%(name)s] %(message)s";

/// Which log lines are shown, and how they look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logging {
    /// Levels by the names of loggers; the empty name is the root.
    levels: Vec<(String, Level)>,
    /// What the handler on the root shows.
    handler: Level,
    format: String,
}

impl Logging {
    /// As Alembic's standard alembic.ini has it: Alembic's own lines, and warnings.
    pub fn standard() -> Self {
        let levels = vec![(String::new(), WARNING), ("alembic".into(), INFO)];
        Self { levels, handler: 0, format: STANDARD.into() }
    }

    /// As Python has it where nothing is set up: warnings, and nothing but their text.
    pub fn unconfigured() -> Self {
        Self {
            levels: vec![(String::new(), WARNING)],
            handler: WARNING,
            format: "%(message)s".into(),
        }
    }

    /// Whether a line of this logger (`alembic.runtime.migration`) is shown.
    pub fn shows(&self, logger: &str, level: Level) -> bool {
        let mut name = logger;
        let effective = loop {
            let found = self.levels.iter().find(|(known, level)| known == name && *level > 0);
            match (found, name.rsplit_once('.')) {
                (Some((_, level)), _) => break *level,
                (None, Some((parent, _))) => name = parent,
                (None, None) if name.is_empty() => break WARNING,
                (None, None) => name = "",
            }
        };
        level >= effective && level >= self.handler
    }

    /// The line as it is shown.
    pub fn line(&self, logger: &str, level: Level, message: &str) -> String {
        let level_name = match level {
            ..20 => "DEBUG",
            20..30 => "INFO",
            30..40 => "WARNING",
            _ => "ERROR",
        };
        let fields = [
            ("levelname", Field::Text(level_name.into())),
            ("levelno", Field::Number(level.into())),
            ("name", Field::Text(logger.into())),
            ("message", Field::Text(message.into())),
        ];
        let line = printf(&self.format, &fields).or_else(|_| printf(STANDARD, &fields));
        line.unwrap_or_else(|_| message.into())
    }
}

/// The logging that `fileConfig` sets up from an ini file.
///
/// # Errors
/// If a section is missing that Python would ask for: its `KeyError`.
pub(super) fn logging(ini: &Ini, path: &str, text: &str) -> Result<Logging, Diagnostic> {
    let missing = |section: &str| {
        let message = format!("{path} sets up no logging: it has no section [{section}]");
        Diagnostic::error(Code::Configuration, message)
            .at(Place::in_text(path, text, Span::default()))
            .hint("Copy the sections for logging from a new project (`init`), or take the call of `fileConfig` out of env.py.")
    };
    let keys = |section: &str| {
        let keys = ini.raw(section, "keys").ok_or_else(|| missing(section))?;
        let keys: Vec<String> = keys
            .split(',')
            .map(|key| key.trim().to_string())
            .filter(|key| !key.is_empty())
            .collect();
        Ok::<_, Diagnostic>(keys)
    };
    let (formatters, handlers, loggers) =
        (keys("formatters")?, keys("handlers")?, keys("loggers")?);
    let mut logging = Logging { levels: Vec::new(), handler: 0, format: "%(message)s".into() };
    for key in &loggers {
        let section = format!("logger_{key}");
        if !ini.has_section(&section) {
            return Err(missing(&section));
        }
        let level = ini.raw(&section, "level").map_or(Ok(0), |word| level(ini, &section, word))?;
        let name = match key.as_str() {
            "root" => String::new(),
            _ => ini.raw(&section, "qualname").unwrap_or(key).trim().to_string(),
        };
        logging.levels.push((name, level));
    }
    // The root's first handler is where lines go; without one they go nowhere.
    let root = ini.raw("logger_root", "handlers").unwrap_or_default();
    let handler =
        root.split(',').map(str::trim).find(|key| handlers.iter().any(|known| known == key));
    let Some(handler) = handler else {
        logging.handler = WARNING;
        return Ok(logging);
    };
    let section = format!("handler_{handler}");
    if !ini.has_section(&section) {
        return Err(missing(&section));
    }
    logging.handler =
        ini.raw(&section, "level").map_or(Ok(0), |word| level(ini, &section, word))?;
    let formatter = ini.raw(&section, "formatter").unwrap_or_default().trim();
    if formatters.iter().any(|known| known == formatter)
        && let Some(format) = ini.raw(&format!("formatter_{formatter}"), "format")
    {
        logging.format = format.into();
    }
    Ok(logging)
}

fn level(ini: &Ini, section: &str, word: &str) -> Result<Level, Diagnostic> {
    Ok(match word.trim() {
        "" | "NOTSET" => 0,
        "DEBUG" => 10,
        "INFO" => INFO,
        "WARNING" | "WARN" => WARNING,
        "ERROR" => ERROR,
        "CRITICAL" | "FATAL" => 50,
        other => {
            let message = format!("Unknown level: '{other}'");
            let mut error = Diagnostic::error(Code::Configuration, message)
                .hint("The levels are DEBUG, INFO, WARNING, ERROR and CRITICAL.");
            error.place = ini.place(section, "level");
            return Err(error);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECTIONS: &str = "[loggers]\nkeys = root,sqlalchemy,alembic\n[handlers]\nkeys = console\n\
        [formatters]\nkeys = generic\n[logger_root]\nlevel = WARNING\nhandlers = console\nqualname =\n\
        [logger_sqlalchemy]\nlevel = WARNING\nhandlers =\nqualname = sqlalchemy.engine\n\
        [logger_alembic]\nlevel = INFO\nhandlers =\nqualname = alembic\n\
        [handler_console]\nclass = StreamHandler\nargs = (sys.stderr,)\nlevel = NOTSET\nformatter = generic\n\
        [formatter_generic]\nformat = %(levelname)-5.5s [%(name)s] %(message)s\n";

    fn read(text: &str) -> Result<Logging, Diagnostic> {
        logging(&Ini::read("alembic.ini", text, "/p").unwrap(), "alembic.ini", text)
    }

    #[test]
    fn the_standard_sections_are_the_standard() {
        let logging = read(SECTIONS).unwrap();
        for logging in [logging, Logging::standard()] {
            assert!(logging.shows("alembic.runtime.migration", INFO));
            assert!(!logging.shows("sqlalchemy.engine.Engine", INFO));
            assert!(logging.shows("other", WARNING) && !logging.shows("other", INFO));
            assert_eq!(
                logging.line("alembic.runtime.migration", INFO, "Context impl SQLiteImpl."),
                "INFO  [alembic.runtime.migration] Context impl SQLiteImpl."
            );
            assert_eq!(logging.line("a", WARNING, "100%"), "WARNI [a] 100%");
        }
        assert!(!Logging::unconfigured().shows("alembic", INFO));
    }

    #[test]
    fn levels_and_formats_can_be_changed() {
        let text = SECTIONS.replace("level = INFO", "level = WARN");
        assert!(!read(&text).unwrap().shows("alembic.runtime.migration", INFO));
        let text = SECTIONS.replace("level = NOTSET", "level = ERROR");
        assert!(!read(&text).unwrap().shows("alembic.runtime.migration", WARNING));
        let text = SECTIONS.replace("[%(name)s] ", "%(name)s: ");
        assert_eq!(read(&text).unwrap().line("a", INFO, "b"), "INFO  a: b");
        let text = SECTIONS.replace("[%(name)s] ", "%(asctime)s ");
        assert_eq!(read(&text).unwrap().line("a", INFO, "b"), "INFO  [a] b");
        let text = SECTIONS.replace("level = INFO\n", "level =\n");
        assert!(!read(&text).unwrap().shows("alembic.runtime.migration", INFO));
    }

    #[test]
    fn missing_sections_are_named() {
        let error = read("[alembic]\n").unwrap_err();
        assert_eq!(error.message, "alembic.ini sets up no logging: it has no section [formatters]");
        let error = read(&SECTIONS.replace("level = INFO", "level = LOUD")).unwrap_err();
        assert_eq!(error.message, "Unknown level: 'LOUD'");
        assert_eq!(error.into_details().place.unwrap().line, 16);
        let error = read(&SECTIONS.replace("[logger_alembic]", "[logger_x]")).unwrap_err();
        assert_eq!(
            error.message,
            "alembic.ini sets up no logging: it has no section [logger_alembic]"
        );
    }
}
