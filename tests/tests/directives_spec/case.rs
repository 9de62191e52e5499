//! The files: sections of a case under its name, each a word with a colon and lines below it.

use std::fmt::{self, Write};
use std::path::{Path, PathBuf};

/// What a case is given; the other sections are what comes of it.
const INPUTS: [&str; 4] = ["convention", "before", "script", "upgrade.sql"];

/// One family of directives.
pub(crate) struct File {
    pub(crate) path: PathBuf,
    /// What stands above the first case.
    prose: String,
    pub(crate) cases: Vec<Case>,
}

/// One script and what comes of it.
pub(crate) struct Case {
    pub(crate) name: String,
    /// Why it is so, if that is worth saying.
    prose: String,
    inputs: Vec<Section>,
    pub(crate) results: Vec<Section>,
}

/// A word and what stands below it.
#[derive(PartialEq)]
pub(crate) struct Section {
    pub(crate) word: String,
    pub(crate) text: String,
}

impl Section {
    /// Blanks at the ends of lines are left out, and tabs are four blanks: nobody sees them.
    pub(crate) fn new(word: &str, text: &str) -> Self {
        let lines: Vec<String> =
            text.lines().map(|line| line.replace('\t', "    ").trim_end().to_string()).collect();
        Self { word: word.into(), text: lines.join("\n").trim_end().to_string() }
    }
}

impl Case {
    /// A section that the case is given.
    pub(crate) fn input(&self, word: &str) -> Option<String> {
        self.inputs.iter().find(|section| section.word == word).map(|section| section.text.clone())
    }
}

impl File {
    pub(crate) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let mut parts = text.split("\n## ");
        let prose = parts.next().unwrap_or_default().trim_end().to_string();
        let cases = parts.map(|part| read_case(part, path)).collect();
        Self { path: path.into(), prose, cases }
    }
}

fn read_case(text: &str, path: &Path) -> Case {
    let (name, body) = text.split_once('\n').unwrap_or((text, ""));
    let mut case =
        Case { name: name.into(), prose: String::new(), inputs: Vec::new(), results: Vec::new() };
    let mut sections: Vec<(String, String)> = Vec::new();
    for line in body.lines() {
        let is_indented = line.starts_with("    ") || line.trim().is_empty();
        match (line.strip_suffix(':').filter(|_| !is_indented), sections.last_mut()) {
            (Some(word), _) if !word.contains(' ') => sections.push((word.into(), String::new())),
            (_, Some((_, text))) if is_indented => {
                text.push_str(line.strip_prefix("    ").unwrap_or_default());
                text.push('\n');
            }
            (_, None) => {
                case.prose.push_str(line);
                case.prose.push('\n');
            }
            (_, Some(_)) => panic!("{}: {name}: {line:?} is not indented", path.display()),
        }
    }
    for (word, text) in sections {
        let section = Section::new(&word, &text);
        match INPUTS.contains(&word.as_str()) {
            true => case.inputs.push(section),
            false => case.results.push(section),
        }
    }
    case.prose = case.prose.trim().into();
    case
}

/// Sections as they stand in a file.
pub(crate) fn text_of(sections: &[Section]) -> String {
    let mut text = String::new();
    for Section { word, text: lines } in sections {
        let _ = writeln!(text, "{word}:");
        for line in lines.lines() {
            let _ = writeln!(text, "{}", format!("    {line}").trim_end());
        }
    }
    text
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.prose)?;
        for case in &self.cases {
            writeln!(f, "\n## {}", case.name)?;
            if !case.prose.is_empty() {
                writeln!(f, "{}", case.prose)?;
            }
            write!(f, "{}{}", text_of(&case.inputs), text_of(&case.results))?;
        }
        Ok(())
    }
}
