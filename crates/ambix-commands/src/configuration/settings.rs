//! Ambix's own settings: the section `[ambix]` of an ini file, `[tool.ambix]` of `pyproject.toml`, or an
//! `ambix.toml`, which is all that a project of our own needs.

use super::ini::Ini;
use super::toml_file::{TomlFile, Value};
use ambix_core::diagnostic::{Code, Diagnostic, Place};

/// A setting, for the parser and for documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What it means, as a sentence.
    pub about: &'static str,
}

/// What a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number that is not negative.
    Number,
    /// Texts: a list in TOML, separated by commas or line breaks in an ini file.
    List,
}

/// Every setting of Ambix. Paths are relative to the file that they stand in.
pub const KEYS: &[Key] = &[
    Key {
        name: "revisions",
        takes: Takes::List,
        about: "The folders with the revision files. With this key the project is one of Ambix's own, without env.py.",
    },
    Key {
        name: "recursive",
        takes: Takes::Flag,
        about: "Whether folders inside of `revisions` are read too.",
    },
    Key {
        name: "file_template",
        takes: Takes::Text,
        about: "The names of new revision files, as in alembic.ini: `%%(rev)s_%%(slug)s`.",
    },
    Key {
        name: "truncate_slug_length",
        takes: Takes::Number,
        about: "How much of the message goes into a file's name: 40 characters.",
    },
    Key {
        name: "timezone",
        takes: Takes::Text,
        about: "The time zone of dates in new revisions; without it local time.",
    },
    Key {
        name: "url",
        takes: Takes::Text,
        about: "Where the database is: `sqlite:///app.db`. It takes the place of what env.py says; the environment variable AMBIX_URL comes before it.",
    },
    Key {
        name: "models",
        takes: Takes::List,
        about: "The files with the SQLAlchemy models. They take the place of env.py's `target_metadata`.",
    },
    Key {
        name: "schema",
        takes: Takes::Text,
        about: "A file of CREATE statements that says what the database should be, instead of models.",
    },
    Key {
        name: "version_table",
        takes: Takes::Text,
        about: "The name of the version table: `alembic_version`.",
    },
    Key {
        name: "journal",
        takes: Takes::Flag,
        about: "Whether applied revisions are written into a journal in the database: true, but false in an Alembic project.",
    },
    Key {
        name: "backups",
        takes: Takes::Number,
        about: "How many copies of the database are kept that were made before a revision destroyed data; 0 makes none.",
    },
    Key {
        name: "keep_data",
        takes: Takes::Flag,
        about: "Whether the content of columns and tables that a revision drops is kept in the database for its downgrade: false. A revision can say otherwise itself.",
    },
    Key {
        name: "foreign_keys",
        takes: Takes::Flag,
        about: "Whether foreign keys are in force while a revision runs: false, unless env.py switches them on.",
    },
    Key {
        name: "render_as_batch",
        takes: Takes::Flag,
        about: "Whether generated operations stand in `batch_alter_table`.",
    },
    Key { name: "compare_type", takes: Takes::Flag, about: "Whether types are compared: true." },
    Key {
        name: "compare_server_default",
        takes: Takes::Flag,
        about: "Whether defaults in the database are compared: false as in Alembic, and true where the model is `schema.sql`.",
    },
    Key {
        name: "exclude_tables",
        takes: Takes::List,
        about: "Tables that a comparison leaves alone; `*` stands for any letters. They count instead of `include_name` and `include_object`.",
    },
    Key {
        name: "exclude_objects",
        takes: Takes::List,
        about: "Indexes, constraints and columns (`table.column`) that a comparison leaves alone; `*` stands for any letters.",
    },
    Key {
        name: "ignore",
        takes: Takes::List,
        about: "Keywords of env.py's `context.configure` that only Python can follow and that Ambix may do without: `on_version_apply`.",
    },
];

/// The settings that were made; None and empty where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    values: Vec<Setting>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Setting {
    name: &'static str,
    value: Made,
    /// The absolute path of the folder of its file.
    here: String,
    place: Option<Place>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Made {
    Text(String),
    Flag(bool),
    Number(u64),
    List(Vec<String>),
}

impl Settings {
    /// A text; see [`KEYS`].
    pub fn text(&self, name: &str) -> Option<&str> {
        match &self.get(name)?.value {
            Made::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A flag.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)?.value {
            Made::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// A number.
    pub fn number(&self, name: &str) -> Option<u64> {
        match self.get(name)?.value {
            Made::Number(number) => Some(number),
            _ => None,
        }
    }

    /// A list; empty if nothing is said.
    pub fn list(&self, name: &str) -> &[String] {
        match self.get(name).map(|setting| &setting.value) {
            Some(Made::List(list)) => list,
            _ => &[],
        }
    }

    /// A list or a text of paths, absolute.
    pub fn paths(&self, name: &str) -> Vec<String> {
        let Some(setting) = self.get(name) else { return Vec::new() };
        let list = match &setting.value {
            Made::List(list) => list.as_slice(),
            Made::Text(text) => std::slice::from_ref(text),
            _ => &[],
        };
        list.iter().map(|path| super::absolute(&setting.here, path)).collect()
    }

    /// The absolute folder from which the setting's paths are meant.
    pub fn folder(&self, name: &str) -> Option<&str> {
        self.get(name).map(|setting| setting.here.as_str())
    }

    /// Where it is set.
    pub fn place(&self, name: &str) -> Option<&Place> {
        self.get(name)?.place.as_ref()
    }

    /// Whether the settings take the place of a keyword of `context.configure`, so that nobody has to
    /// read its value.
    pub fn replaces(&self, keyword: &str) -> bool {
        let ignored = self.list("ignore").iter().any(|name| name == keyword);
        ignored
            || match keyword {
                "target_metadata" => self.get("models").or(self.get("schema")).is_some(),
                "include_name" | "include_object" => {
                    self.get("exclude_tables").or(self.get("exclude_objects")).is_some()
                }
                name => KEYS.iter().any(|key| key.name == name) && self.get(name).is_some(),
            }
    }

    fn get(&self, name: &str) -> Option<&Setting> {
        self.values.iter().find(|setting| setting.name == name)
    }

    /// Adds settings that count where nothing was said before.
    pub(super) fn or(mut self, other: Self) -> Self {
        for setting in other.values {
            if self.get(setting.name).is_none() {
                self.values.push(setting);
            }
        }
        self
    }
}

/// The settings in the section `[ambix]`.
///
/// # Errors
/// If a key is not known or its value is of another kind.
pub(super) fn of_ini(ini: &Ini, here: &str) -> Result<Settings, Diagnostic> {
    const SECTION: &str = "ambix";
    let mut settings = Settings::default();
    for name in ini.names(SECTION) {
        let place = ini.place(SECTION, name);
        let wrong = |error: Diagnostic| match &place {
            Some(place) => error.at(place.clone()),
            None => error,
        };
        let key = key(name).map_err(wrong)?;
        let text = ini.get(SECTION, name)?.unwrap_or_default();
        let value = match key.takes {
            Takes::Text => Made::Text(text),
            Takes::Flag => match text.as_str() {
                "true" => Made::Flag(true),
                "false" => Made::Flag(false),
                _ => return Err(wrong(mismatch(key))),
            },
            Takes::Number => Made::Number(text.parse().map_err(|_| wrong(mismatch(key)))?),
            Takes::List => {
                let items = text.split([',', '\n']).map(str::trim).filter(|item| !item.is_empty());
                Made::List(items.map(Into::into).collect())
            }
        };
        settings.values.push(Setting { name: key.name, value, here: here.into(), place });
    }
    Ok(settings)
}

/// The settings in a table of TOML.
///
/// # Errors
/// If a key is not known or its value is of another kind.
pub(super) fn of_toml(toml: &TomlFile) -> Result<Settings, Diagnostic> {
    let mut settings = Settings::default();
    for entry in &toml.entries {
        let place = toml.place(entry.span);
        let wrong = |error: Diagnostic| error.at(place.clone());
        let key = key(&entry.name).map_err(wrong)?;
        let text = |text: &str| super::filled_in(toml, text, entry.span);
        let value = match (key.takes, &entry.value) {
            (Takes::Text, Value::Text(value)) => Made::Text(text(value)?),
            (Takes::Flag, Value::Flag(flag)) => Made::Flag(*flag),
            (Takes::Number, Value::Number(number)) => {
                Made::Number(u64::try_from(*number).map_err(|_| wrong(mismatch(key)))?)
            }
            (Takes::List, Value::Text(value)) => Made::List(vec![text(value)?]),
            (Takes::List, Value::List(items)) => {
                let mut list = Vec::new();
                for item in items {
                    let Value::Text(item) = item else { return Err(wrong(mismatch(key))) };
                    list.push(text(item)?);
                }
                Made::List(list)
            }
            _ => return Err(wrong(mismatch(key))),
        };
        settings.values.push(Setting {
            name: key.name,
            value,
            here: toml.here.clone(),
            place: Some(place),
        });
    }
    Ok(settings)
}

fn key(name: &str) -> Result<&'static Key, Diagnostic> {
    if let Some(key) = KEYS.iter().find(|key| key.name == name) {
        return Ok(key);
    }
    let near = |key: &&Key| strsim::damerau_levenshtein(key.name, name);
    let nearest = KEYS.iter().min_by_key(near).filter(|key| near(key) <= name.len().div_ceil(2));
    let hint = match nearest {
        Some(key) => format!("Is `{}` meant?", key.name),
        None => {
            let names: Vec<_> = KEYS.iter().map(|key| key.name).collect();
            format!("The settings are {}.", names.join(", "))
        }
    };
    Err(Diagnostic::error(Code::Configuration, format!("Ambix has no setting `{name}`")).hint(hint))
}

fn mismatch(key: &Key) -> Diagnostic {
    let expected = match key.takes {
        Takes::Text => "a text",
        Takes::Flag => "true or false",
        Takes::Number => "a whole number that is not negative",
        Takes::List => "a list of texts",
    };
    Diagnostic::error(Code::Configuration, format!("`{}` must be {expected}", key.name))
        .hint(key.about)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ini(text: &str) -> Result<Settings, Diagnostic> {
        of_ini(&Ini::read("alembic.ini", &format!("[ambix]\n{text}"), "/p").unwrap(), "/p")
    }

    fn toml(text: &str) -> Result<Settings, Diagnostic> {
        of_toml(&TomlFile::read("ambix.toml", text, "/p").unwrap())
    }

    #[test]
    fn both_kinds_of_file_say_the_same() {
        let from_ini = ini("url = sqlite:///%(here)s/a.db\njournal = true\nbackups = 3\n\
            models = app/a.py,\n  app/b.py\nignore = on_version_apply\n")
        .unwrap();
        let from_toml = toml(
            "url = 'sqlite:///%(here)s/a.db'\njournal = true\nbackups = 3\n\
            models = ['app/a.py', 'app/b.py']\nignore = 'on_version_apply'\n",
        )
        .unwrap();
        for settings in [from_ini, from_toml] {
            assert_eq!(settings.text("url"), Some("sqlite:////p/a.db"));
            assert_eq!(settings.flag("journal"), Some(true));
            assert_eq!(settings.number("backups"), Some(3));
            assert_eq!(settings.paths("models"), ["/p/app/a.py", "/p/app/b.py"]);
            assert_eq!(settings.flag("compare_type"), None);
            assert!(settings.replaces("on_version_apply") && settings.replaces("target_metadata"));
            assert!(!settings.replaces("include_object") && !settings.replaces("render_item"));
            assert_eq!(settings.place("journal").unwrap().column, 1);
        }
    }

    #[test]
    fn wrong_settings_are_refused_with_their_place() {
        for (text, expected, hint) in [
            ("\njurnal = true", "2: Ambix has no setting `jurnal`", "Is `journal` meant?"),
            (
                "exclude_table = ['a']",
                "1: Ambix has no setting `exclude_table`",
                "Is `exclude_tables` meant?",
            ),
            (
                "zzzzzzzzzzzzz = 1",
                "1: Ambix has no setting `zzzzzzzzzzzzz`",
                "The settings are revisions, recursive",
            ),
            ("journal = 'yes'", "1: `journal` must be true or false", "Whether applied revisions"),
            (
                "backups = -1",
                "1: `backups` must be a whole number that is not negative",
                "How many",
            ),
            ("models = [1]", "1: `models` must be a list of texts", "The files"),
            ("url = 5", "1: `url` must be a text", "Where the database is"),
        ] {
            let error = toml(text).unwrap_err();
            assert_eq!(
                format!("{}: {}", error.place.as_ref().unwrap().line, error.message),
                expected
            );
            assert!(error.hints[0].text.starts_with(hint), "{}", error.hints[0].text);
        }
        let error = ini("backups = many").unwrap_err();
        assert_eq!(error.message, "`backups` must be a whole number that is not negative");
        assert_eq!(error.into_details().place.unwrap().line, 2);
        let error = ini("journal = yes").unwrap_err();
        assert_eq!(error.message, "`journal` must be true or false");
    }

    #[test]
    fn every_key_is_explained_once() {
        for (at, key) in KEYS.iter().enumerate() {
            assert!(key.about.ends_with('.'), "{}", key.name);
            assert!(KEYS[at + 1..].iter().all(|other| other.name != key.name));
        }
    }
}
