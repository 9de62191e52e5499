//! Rules about the files in the repository, by name and by text.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::process;

/// Around 400 lines is a lot; this is where a file has become two.
const LONGEST: usize = 500;

/// The one place for colours.
const TOKENS: &str = "web/styles/tokens.css";

/// Colours have names, so that light and dark (and contrast) are decided in one place.
pub(super) fn colours() -> anyhow::Result<Vec<String>> {
    let is_page = |path: &Path| path.starts_with("web") || path == Path::new("index.html");
    faults_by_line(
        |path| is_page(path) && path != Path::new(TOKENS) && is_styled(path),
        |line| Some(format!("{} is a colour: name it in {TOKENS}", hex_colour(line)?)),
    )
}

/// From a name like `utils` nobody finds the room; what is in there belongs to somebody.
pub(super) fn names() -> anyhow::Result<Vec<String>> {
    let faults = files()?.into_iter().filter_map(|path| {
        let name = path.iter().find_map(empty_name)?;
        Some(format!("{}: `{name}` says nothing about what is inside", path.display()))
    });
    Ok(faults.collect())
}

/// What cannot be read in one sitting does more than one thing.
pub(super) fn lengths() -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    for path in files()?.into_iter().filter(|path| has_extension(path, &["rs", "ts", "css", "mjs"]))
    {
        let lines = fs::read_to_string(&path)?.lines().count();
        if lines > LONGEST {
            faults.push(format!("{}: {lines} lines, and around 400 is a lot", path.display()));
        }
    }
    Ok(faults)
}

/// What works only in one person's folder does not work.
pub(super) fn machine_paths() -> anyhow::Result<Vec<String>> {
    faults_by_line(
        |_| true,
        |line| Some(format!("{} is a folder of one machine", machine_path(line)?)),
    )
}

/// The files that git has or would take, as long as they are there.
fn files() -> anyhow::Result<Vec<PathBuf>> {
    let mut git = process::command("git");
    // `-z`: names as they are, not quoted.
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = process::output(&mut git)?;
    let paths = listed.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from);
    Ok(paths.filter(|path| path.is_file()).collect())
}

/// Asks `fault` about each line of the files that `concerns` picks. Files that are not text have no lines.
fn faults_by_line(
    concerns: impl Fn(&Path) -> bool,
    fault: impl Fn(&str) -> Option<String>,
) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    for path in files()?.into_iter().filter(|path| concerns(path)) {
        let Ok(text) = String::from_utf8(fs::read(&path)?) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            if let Some(fault) = fault(line) {
                faults.push(format!("{}:{}: {fault}", path.display(), number + 1));
            }
        }
    }
    Ok(faults)
}

fn is_styled(path: &Path) -> bool {
    has_extension(path, &["css", "html", "rs", "svg", "js", "mjs"])
}

fn has_extension(path: &Path, kinds: &[&str]) -> bool {
    path.extension().and_then(OsStr::to_str).is_some_and(|kind| kinds.contains(&kind))
}

fn empty_name(part: &OsStr) -> Option<&str> {
    let stem = part.to_str()?.split('.').next()?;
    let words = ["util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"];
    words.contains(&stem.to_ascii_lowercase().as_str()).then_some(stem)
}

/// The first `#` with 3, 4, 6 or 8 hexadecimal digits. `&#123;` is a letter of HTML, not a colour.
fn hex_colour(line: &str) -> Option<&str> {
    line.match_indices('#').find_map(|(at, _)| {
        let after = &line[at + 1..];
        let word = after
            .find(|letter: char| !letter.is_alphanumeric() && !"_-".contains(letter))
            .unwrap_or(after.len());
        let digits = &after[..word];
        let is_colour = [3, 4, 6, 8].contains(&digits.len())
            && digits.chars().all(|digit| digit.is_ascii_hexdigit())
            && !line[..at].ends_with('&');
        is_colour.then(|| &line[at..=at + word])
    })
}

/// The first absolute path into a folder where people keep their checkouts; not the same word in an address.
fn machine_path(line: &str) -> Option<&str> {
    ["work", "root", "home"].iter().find_map(|folder| {
        let path = format!("/{folder}/");
        line.match_indices(&path).find_map(|(at, _)| {
            let goes_on = |letter: char| letter.is_alphanumeric() || "_-.~/$}".contains(letter);
            let starts_here = !line[..at].ends_with(goes_on);
            starts_here.then(|| &line[at..at + path.len()])
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_found_however_long() {
        assert_eq!(hex_colour("a { color: #fff; }"), Some("#fff"));
        assert_eq!(hex_colour("stroke=\"#A1B2c3d4\""), Some("#A1B2c3d4"));
        assert_eq!(hex_colour("#not-a-colour #123456"), Some("#123456"));
    }

    #[test]
    fn other_words_after_a_number_sign_are_no_colours() {
        for line in [
            "#[derive(Debug)]",
            "issue #12",
            "&#123;",
            "<a href=\"#terminal\">",
            "#face-up {",
            "#12345",
        ] {
            assert_eq!(hex_colour(line), None, "{line}");
        }
    }

    #[test]
    fn machine_paths_are_told_from_addresses() {
        let folder = ["", "home", "ada", "ambix"].join("/");
        assert_eq!(
            machine_path(&format!("see {folder}")),
            Some(["", "home", ""].join("/").as_str())
        );
        assert_eq!(machine_path("https://example.org/home/page"), None);
        assert_eq!(machine_path("target/work/dir"), None);
    }

    #[test]
    fn a_name_must_say_something() {
        assert_eq!(empty_name(OsStr::new("utils.rs")), Some("utils"));
        assert_eq!(empty_name(OsStr::new("Helpers")), Some("Helpers"));
        assert_eq!(empty_name(OsStr::new("utility_room.rs")), None);
    }
}
