//! Alembic's own options, by its rules.

use super::hook::hooks;
use super::ini::Ini;
use super::location::{self, Separator, absolute, plain, resolved, separator, split};
use super::toml_file::{Entry, TomlFile, Value};
use super::{Configuration, Layout, filled_in, nothing, wrong};
use ambix_core::diagnostic::{Code, Diagnostic, Place};
use ambix_python::{FILE_TEMPLATE, SLUG_LENGTH};

/// Where Alembic's options are.
pub(super) struct AlembicOptions<'a> {
    pub(super) ini: Option<&'a Ini>,
    /// `[tool.alembic]`.
    pub(super) toml: Option<&'a TomlFile>,
    pub(super) section: &'a str,
    pub(super) folder: &'a str,
}

impl AlembicOptions<'_> {
    /// Whether an option is set.
    pub(super) fn has(&self, name: &str) -> bool {
        self.ini.is_some_and(|ini| ini.raw(self.section, name).is_some())
            || self.toml.is_some_and(|toml| toml.get(name).is_some())
    }

    pub(super) fn read(&self) -> Result<Configuration, Diagnostic> {
        let Some(location) = self.text("script_location")? else {
            let message = "No 'script_location' key found in configuration.";
            return Err(wrong(message)
                .hint_command("make a project here", "init")
                .hint("Or name the configuration: `-c FILE`, and its section: `-n NAME`."));
        };
        let prepend_sys_path: Vec<String> = self
            .list("prepend_sys_path", &["path_separator"], true)?
            .unwrap_or_default()
            .iter()
            .map(|path| absolute(self.folder, path))
            .collect();
        let script_location = resolved(self.folder, &prepend_sys_path, &location);
        let named =
            self.list("version_locations", &["path_separator", "version_path_separator"], false)?;
        let named = named.filter(|locations| !locations.is_empty());
        let names_version_locations = named.is_some();
        let version_locations = match named {
            Some(locations) => locations
                .iter()
                .map(|location| resolved(self.folder, &prepend_sys_path, location))
                .collect(),
            None => vec![absolute(&script_location, "versions")],
        };
        let mut warnings = Vec::new();
        if self.flag("sourceless")? {
            let message =
                "The setting sourceless has no effect: Ambix reads revisions from .py files";
            let warning = Diagnostic::warning(Code::Configuration, message)
                .hint("Keep the .py files beside the compiled ones.");
            warnings.push(self.placed(warning, "sourceless"));
        }
        self.output_encoding()?;
        Ok(Configuration {
            layout: Layout::Alembic,
            script_location_text: match location::is_absolute(&location) || !location.contains(':')
            {
                true => plain(&location),
                false => script_location.clone(),
            },
            script_location,
            version_locations,
            names_version_locations,
            recursive_version_locations: self.flag("recursive_version_locations")?,
            prepend_sys_path,
            file_template: self.text("file_template")?.unwrap_or_else(|| FILE_TEMPLATE.into()),
            truncate_slug_length: self.slug_length()?,
            timezone: self.text("timezone")?.filter(|zone| !zone.is_empty()),
            revision_environment: self.revision_environment()?,
            hooks: hooks(self.ini, self.toml),
            warnings,
            ..nothing()
        })
    }

    fn of_ini(&self, name: &str) -> Result<Option<String>, Diagnostic> {
        self.ini.map_or(Ok(None), |ini| ini.get(self.section, name))
    }

    fn of_toml(&self, name: &str) -> Option<(&TomlFile, &Entry)> {
        let toml = self.toml?;
        Some((toml, toml.get(name)?))
    }

    /// The error with the place of the option.
    fn placed(&self, diagnostic: Diagnostic, name: &str) -> Diagnostic {
        match self.place(name) {
            Some(place) => diagnostic.at(place),
            None => diagnostic,
        }
    }

    fn place(&self, name: &str) -> Option<Place> {
        let of_ini = self.ini.and_then(|ini| ini.place(self.section, name));
        of_ini.or_else(|| self.of_toml(name).map(|(toml, entry)| toml.place(entry.span)))
    }

    fn text(&self, name: &str) -> Result<Option<String>, Diagnostic> {
        if let Some(text) = self.of_ini(name)? {
            return Ok(Some(text));
        }
        let Some((toml, entry)) = self.of_toml(name) else { return Ok(None) };
        match &entry.value {
            Value::Text(text) => filled_in(toml, text, entry.span).map(Some),
            Value::Number(number) => Ok(Some(number.to_string())),
            Value::Flag(flag) => Ok(Some(flag.to_string())),
            Value::Other => {
                Err(toml
                    .error(entry.span, format!("unsupported TOML value type for key: '{name}'")))
            }
            Value::List(_) | Value::Table(_) => {
                Err(toml.error(entry.span, format!("text expected for TOML parameter '{name}'")))
            }
        }
    }

    /// Alembic's booleans: exactly `true` in an ini file, a boolean in TOML.
    fn flag(&self, name: &str) -> Result<bool, Diagnostic> {
        if let Some(text) = self.of_ini(name)? {
            return Ok(text == "true");
        }
        match self.of_toml(name) {
            None => Ok(false),
            Some((_, Entry { value: Value::Flag(flag), .. })) => Ok(*flag),
            Some((toml, entry)) => Err(toml
                .error(entry.span, format!("boolean value expected for TOML parameter '{name}'"))
                .hint("Write true or false without quotes.")),
        }
    }

    /// This one is more generous.
    fn revision_environment(&self) -> Result<bool, Diagnostic> {
        let name = "revision_environment";
        let Some(text) = self.text(name)? else { return Ok(false) };
        match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "on" | "y" | "t" | "1" => Ok(true),
            "false" | "no" | "off" | "n" | "f" | "0" => Ok(false),
            _ => {
                let error = wrong(format!("String is not true/false: '{text}'"));
                Err(self.placed(error.hint(format!("Write `{name} = true` or `false`.")), name))
            }
        }
    }

    fn slug_length(&self) -> Result<usize, Diagnostic> {
        let name = "truncate_slug_length";
        let Some(text) = self.text(name)? else { return Ok(SLUG_LENGTH) };
        match text.trim().parse::<usize>() {
            Ok(0) => Ok(SLUG_LENGTH),
            Ok(length) => Ok(length),
            Err(_) => {
                let error = wrong(format!("{name} must be a whole number, not '{text}'"));
                Err(self.placed(error.hint("Without it names are cut at 40 characters."), name))
            }
        }
    }

    fn output_encoding(&self) -> Result<(), Diagnostic> {
        let name = "output_encoding";
        let Some(text) = self.text(name)? else { return Ok(()) };
        let plain = text.trim().to_lowercase().replace(['-', '_'], "");
        if plain == "utf8" {
            return Ok(());
        }
        let error = wrong(format!("Ambix writes files in UTF-8, and {name} asks for '{text}'"));
        Err(self.placed(error.hint("Take the setting out."), name))
    }

    /// A list of paths: split by one of the separators in an ini file, a list in TOML.
    fn list(
        &self,
        name: &str,
        separators: &[&str],
        colons: bool,
    ) -> Result<Option<Vec<String>>, Diagnostic> {
        if let Some(text) = self.of_ini(name)?.filter(|text| !text.is_empty()) {
            let mut found = Separator::Legacy;
            for option in separators {
                if let Some(value) = self.of_ini(option)? {
                    found = separator(option, Some(&value))
                        .map_err(|error| self.placed(error, option))?;
                    break;
                }
            }
            return Ok(Some(split(&text, found, colons)));
        }
        let Some((toml, entry)) = self.of_toml(name) else { return Ok(None) };
        let wrong = || {
            toml.error(entry.span, format!("list of texts expected for TOML parameter '{name}'"))
                .hint(format!("Write `{name} = [\"…\"]`."))
        };
        let Value::List(items) = &entry.value else { return Err(wrong()) };
        let mut list = Vec::new();
        for item in items {
            let Value::Text(text) = item else { return Err(wrong()) };
            list.push(filled_in(toml, text, entry.span)?);
        }
        Ok(Some(list))
    }
}
