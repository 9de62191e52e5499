//! ini files as Python's `ConfigParser` reads them, as far as Alembic uses it.
//!
//! Sections, `DEFAULT`, `=` and `:`, values that go on in indented lines, whole-line comments with `#` and
//! `;`, names in lower case, doubles refused, `%(name)s` filled in when a value is asked for.

use ambix_core::diagnostic::{Code, Diagnostic, Place, Span};
use std::collections::BTreeMap;

/// An ini file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ini {
    path: String,
    text: String,
    sections: BTreeMap<String, Section>,
    defaults: Section,
}

type Section = BTreeMap<String, Entry>;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    value: String,
    /// Where its name stands.
    span: Span,
}

/// How deep `%(name)s` may lead: ConfigParser's limit.
const DEPTH: usize = 10;

const DEFAULT: &str = "DEFAULT";

impl Ini {
    /// Reads an ini file. `here` is the absolute path of its folder, for `%(here)s`.
    ///
    /// # Errors
    /// With the line, in ConfigParser's words: a line before the first section, a section or an option
    /// that stands there twice, a line that is neither an option nor the rest of one.
    pub fn read(path: &str, text: &str, here: &str) -> Result<Self, Diagnostic> {
        let mut ini = Self { path: path.into(), text: text.into(), ..Self::default() };
        let mut reading = Reading::default();
        let mut at = text.len() - text.trim_start_matches('\u{feff}').len();
        while at < text.len() {
            let rest = text.get(at..).unwrap_or_default();
            let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
            ini.line(&mut reading, at, rest.get(..length).unwrap_or_default())?;
            at += length;
        }
        let entry = Entry { value: here.into(), span: Span::default() };
        ini.defaults.entry("here".into()).or_insert(entry);
        for section in ini.sections.values_mut().chain([&mut ini.defaults]) {
            for entry in section.values_mut() {
                entry.value.truncate(entry.value.trim_end().len());
            }
        }
        Ok(ini)
    }

    fn line(&mut self, reading: &mut Reading, at: usize, line: &str) -> Result<(), Diagnostic> {
        let value = line.trim();
        let is_comment = value.starts_with(['#', ';']);
        if value.is_empty() || is_comment {
            // An empty line may belong to a value, a comment never does.
            if let (false, Some(entry)) = (is_comment, self.open(reading)) {
                entry.value.push('\n');
            }
            return Ok(());
        }
        let indent = line.chars().take_while(|letter| letter.is_whitespace()).count();
        let start = at + line.len() - line.trim_start().len();
        let span = Span::new(start, start + value.len());
        if indent > reading.indent
            && let Some(entry) = self.open(reading)
        {
            entry.value.push('\n');
            entry.value.push_str(value);
            return Ok(());
        }
        reading.indent = indent;
        let header = value.strip_prefix('[').and_then(|rest| rest.rsplit_once(']'));
        if let Some((name, _)) = header.filter(|(name, _)| !name.is_empty()) {
            if name != DEFAULT && self.sections.contains_key(name) {
                return Err(self.error(span, format!("section '{name}' already exists")));
            }
            if name != DEFAULT {
                self.sections.insert(name.into(), Section::new());
            }
            reading.section = Some(name.into());
            reading.option = None;
            return Ok(());
        }
        let Some(section) = reading.section.clone() else {
            let message = format!("File contains no section headers: {value}");
            return Err(self.error(span, message).hint("Begin the file with `[alembic]`."));
        };
        let Some((name, to)) =
            value.split_once(['=', ':']).filter(|(name, _)| !name.trim().is_empty())
        else {
            return Err(self
                .error(span, format!("Source contains parsing errors: {value}"))
                .hint("An option is written `name = value`, and what goes on is indented."));
        };
        let name = name.trim_end().to_lowercase();
        let entry = Entry { value: to.trim().into(), span: Span::new(start, start + name.len()) };
        let options = match section.as_str() {
            DEFAULT => &mut self.defaults,
            _ => self.sections.entry(section.clone()).or_default(),
        };
        if options.contains_key(&name) {
            let message = format!("option '{name}' in section '{section}' already exists");
            return Err(self.error(entry.span, message).hint("Delete one of the two."));
        }
        options.insert(name.clone(), entry);
        reading.option = Some(name);
        Ok(())
    }

    /// The option whose value may go on.
    fn open(&mut self, reading: &Reading) -> Option<&mut Entry> {
        let options = match reading.section.as_deref()? {
            DEFAULT => &mut self.defaults,
            section => self.sections.get_mut(section)?,
        };
        options.get_mut(reading.option.as_ref()?)
    }

    fn error(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        let place = Place::in_text(&self.path, &self.text, span);
        let message = format!("{}, line {}: {}", self.path, place.line, message.into());
        Diagnostic::error(Code::Configuration, message).at(place)
    }

    /// Whether there is such a section.
    pub fn has_section(&self, section: &str) -> bool {
        self.sections.contains_key(section)
    }

    /// The names of the options that the section itself has, in alphabetical order.
    pub fn names(&self, section: &str) -> Vec<&str> {
        let section = self.sections.get(section);
        section.iter().flat_map(|options| options.keys()).map(String::as_str).collect()
    }

    /// The place of an option.
    pub fn place(&self, section: &str, name: &str) -> Option<Place> {
        let entry = self.entry(section, name)?;
        Some(Place::in_text(&self.path, &self.text, entry.span))
    }

    /// The value of an option as it is written.
    pub fn raw(&self, section: &str, name: &str) -> Option<&str> {
        self.entry(section, name).map(|entry| entry.value.as_str())
    }

    /// The value of an option, with `%(name)s` filled in; None if the section does not have it.
    ///
    /// # Errors
    /// If it names an option that is not there, or has a `%` that is neither doubled nor begins a name.
    pub fn get(&self, section: &str, name: &str) -> Result<Option<String>, Diagnostic> {
        let Some(entry) = self.entry(section, name) else { return Ok(None) };
        let mut out = String::new();
        self.fill_in(section, name, entry, &entry.value, 1, &mut out)?;
        Ok(Some(out))
    }

    /// The names of its sections, without that of the defaults.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.keys().map(String::as_str)
    }

    /// The names of the options of a section, those of the defaults included.
    pub fn options(&self, section: &str) -> Vec<&str> {
        let own = self.sections.get(section).into_iter().flat_map(BTreeMap::keys);
        let defaults = self
            .defaults
            .keys()
            .filter(|name| !self.sections.get(section).is_some_and(|own| own.contains_key(*name)));
        own.chain(defaults).map(String::as_str).collect()
    }

    fn entry(&self, section: &str, name: &str) -> Option<&Entry> {
        let name = name.to_lowercase();
        if section == DEFAULT {
            return self.defaults.get(&name);
        }
        let options = self.sections.get(section)?;
        options.get(&name).or_else(|| self.defaults.get(&name))
    }

    fn fill_in(
        &self,
        section: &str,
        name: &str,
        entry: &Entry,
        value: &str,
        depth: usize,
        out: &mut String,
    ) -> Result<(), Diagnostic> {
        if depth > DEPTH {
            let message = format!(
                "Recursion limit exceeded in value substitution: option '{name}' in section \
                 '{section}' contains an interpolation key which cannot be substituted in {DEPTH} steps"
            );
            return Err(self.error(entry.span, message));
        }
        let mut rest = value;
        while let Some((before, after)) = rest.split_once('%') {
            out.push_str(before);
            if let Some(after) = after.strip_prefix('%') {
                out.push('%');
                rest = after;
                continue;
            }
            let Some(inner) = after.strip_prefix('(') else {
                let found: String = after.chars().take(20).collect();
                let message = format!("'%' must be followed by '%' or '(', found: '%{found}'");
                return Err(self.error(entry.span, message).hint("Write `%%` for a percent sign."));
            };
            let Some((key, after)) = inner.split_once(")s").filter(|(key, _)| !key.contains(')'))
            else {
                let found: String = after.chars().take(20).collect();
                let message = format!("bad interpolation variable reference '%{found}'");
                return Err(self
                    .error(entry.span, message)
                    .hint("In an ini file `%` is doubled: `%%(year)d`."));
            };
            let Some(other) = self.entry(section, key) else {
                let message = format!(
                    "Bad value substitution: option '{name}' in section '{section}' contains an \
                     interpolation key '{key}' which is not a valid option name"
                );
                return Err(self
                    .error(entry.span, message)
                    .hint("In an ini file `%` is doubled: `%%(rev)s`."));
            };
            if other.value.contains('%') {
                self.fill_in(section, name, entry, &other.value, depth + 1, out)?;
            } else {
                out.push_str(&other.value);
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(())
    }
}

/// Where the reading is.
#[derive(Default)]
struct Reading {
    section: Option<String>,
    option: Option<String>,
    indent: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Ini {
        Ini::read("alembic.ini", text, "/project").unwrap()
    }

    #[test]
    fn values_are_read_as_config_parser_reads_them() {
        let ini = read(
            "# comment\n[DEFAULT]\nroot = %(here)s/x\n\n[alembic]\nScript_Location = %(root)s/m\n\
             url: sqlite:///a=b:c ; no comment\nlist =\n    one\n    # no\n\n    two\n  three\n\nempty =\n\
             ; c\n  \nhalf = 50%%\nequals == 1\n[a]b] tail\nx=1\n",
        );
        for (name, expected) in [
            ("script_location", Some("/project/x/m")),
            ("SCRIPT_LOCATION", Some("/project/x/m")),
            ("url", Some("sqlite:///a=b:c ; no comment")),
            ("list", Some("\none\n\ntwo\nthree")),
            ("empty", Some("")),
            ("half", Some("50%")),
            ("equals", Some("= 1")),
            ("here", Some("/project")),
            ("nothing", None),
        ] {
            assert_eq!(ini.get("alembic", name).unwrap().as_deref(), expected, "{name}");
        }
        assert_eq!(ini.get("a]b", "x").unwrap().as_deref(), Some("1"));
        assert_eq!(ini.get("none", "x").unwrap(), None);
        assert_eq!(ini.place("alembic", "url").unwrap().line, 7);
    }

    #[test]
    fn line_endings_and_marks_do_not_matter() {
        let ini = read("\u{feff}[alembic]\r\nx = 1\r\ny =\r\n  2\r\n  3\r\n");
        assert_eq!(ini.get("alembic", "x").unwrap().as_deref(), Some("1"));
        assert_eq!(ini.get("alembic", "y").unwrap().as_deref(), Some("\n2\n3"));
    }

    #[test]
    fn wrong_files_are_refused_with_the_line() {
        for (text, expected) in [
            ("x = 1\n", "line 1: File contains no section headers: x = 1"),
            ("[a]\nx = 1\nX = 2\n", "line 3: option 'x' in section 'a' already exists"),
            ("[a]\n[b]\n[a]\n", "line 3: section 'a' already exists"),
            ("[a]\nword\n", "line 2: Source contains parsing errors: word"),
            ("[a]\n= 1\n", "line 2: Source contains parsing errors: = 1"),
        ] {
            let error = Ini::read("alembic.ini", text, "/").unwrap_err();
            assert_eq!(error.message, format!("alembic.ini, {expected}"));
        }
    }

    #[test]
    fn wrong_percent_signs_are_refused_where_they_are_asked_for() {
        let ini = read("[a]\nx = %(rev)s\ny = 5%\nz = %(year)d\nr = %(r)s\ng = 1\n");
        assert_eq!(ini.get("a", "g").unwrap().as_deref(), Some("1"));
        for (name, expected) in [
            (
                "x",
                "line 2: Bad value substitution: option 'x' in section 'a' contains an interpolation key 'rev' which is not a valid option name",
            ),
            ("y", "line 3: '%' must be followed by '%' or '(', found: '%'"),
            ("z", "line 4: bad interpolation variable reference '%(year)d'"),
            (
                "r",
                "line 5: Recursion limit exceeded in value substitution: option 'r' in section 'a' contains an interpolation key which cannot be substituted in 10 steps",
            ),
        ] {
            let error = ini.get("a", name).unwrap_err();
            assert_eq!(error.message, format!("alembic.ini, {expected}"));
        }
    }
}
