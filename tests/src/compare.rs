//! How what was recorded is compared with what a program did. The rules are in `recorded/README.md`.

use serde::Deserialize;
use similar::TextDiff;
use std::collections::BTreeMap;

/// What a comparison found wrong: one sentence, then a diff.
pub type Compared = Result<(), String>;

/// How exactly two texts must agree.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// Letter by letter.
    #[default]
    Exact,
    /// The same lines, in any order.
    Lines,
    /// The same lines in any order, each the same words in any order: a list inside a line is a set.
    Words,
    /// Any order in which each revision follows those that it needs. Lines are compared exactly.
    Partial,
    /// Not at all: Alembic itself says something else each time.
    Unstable,
}

/// How much of a diff is shown.
const DIFF_LINES: usize = 26;

/// The words of a line, sorted. Blanks, commas and parentheses part them.
pub fn words(line: &str) -> Vec<&str> {
    let parts = line.split(|letter: char| letter.is_whitespace() || ",()".contains(letter));
    let mut words: Vec<&str> = parts.filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words
}

/// Compares two lists of lines. `what` begins the sentence that says that they differ.
pub fn same(what: &str, want: &[String], got: &[String], how: How) -> Compared {
    let sorted = |lines: &[String]| {
        let mut lines = lines.to_vec();
        lines.sort_unstable();
        lines
    };
    let sorted_words = |lines: &[String]| {
        let mut lines: Vec<String> = lines.iter().map(|line| words(line).join(" ")).collect();
        lines.sort_unstable();
        lines
    };
    let (equal, in_order) = match how {
        How::Unstable => (true, false),
        How::Exact | How::Partial => (want == got, true),
        How::Lines => (sorted(want) == sorted(got), false),
        How::Words => (sorted_words(want) == sorted_words(got), false),
    };
    match (equal, in_order) {
        (true, _) => Ok(()),
        (false, true) => Err(diff(what, &want.join("\n"), &got.join("\n"))),
        (false, false) => Err(diff(what, &sorted(want).join("\n"), &sorted(got).join("\n"))),
    }
}

/// Compares two texts: exactly, or as lists of lines.
pub fn same_text(what: &str, want: &str, got: &str, how: How) -> Compared {
    match how {
        How::Exact if want == got => Ok(()),
        How::Exact => Err(diff(what, want, got)),
        _ => same(what, &lines(want), &lines(got), how),
    }
}

/// Compares files by name and text.
pub fn same_files(
    what: &str,
    want: &BTreeMap<String, String>,
    got: &BTreeMap<String, String>,
) -> Compared {
    let listing = |files: &BTreeMap<String, String>| {
        let listed = files.iter().map(|(name, text)| format!("[{name}]\n{text}"));
        listed.collect::<Vec<_>>().join("\n")
    };
    if want == got { Ok(()) } else { Err(diff(what, &listing(want), &listing(got))) }
}

/// Compares the error of a command, and its exit code with that: 255 with an error, 0 without. `wanted`
/// are the texts of which any is right; none means that there is no error.
pub fn same_error(wanted: &[String], got: Option<&str>, exit_code: i32) -> Compared {
    match got {
        Some(got) if !wanted.iter().any(|want| want == got) => {
            let want = wanted.first().map_or("(none)", String::as_str);
            Err(diff("error", want, got))
        }
        None if !wanted.is_empty() => Err(format!("no error\n-{}", wanted[0])),
        Some(_) if exit_code != 255 => Err(format!("an error with exit code {exit_code}")),
        None if exit_code != 0 => Err(format!("no error, but exit code {exit_code}")),
        _ => Ok(()),
    }
}

/// The lines of a text.
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(String::from).collect()
}

fn diff(what: &str, want: &str, got: &str) -> String {
    let diff = TextDiff::from_lines(want, got);
    let mut unified = diff.unified_diff();
    unified.context_radius(1).missing_newline_hint(false).header("expected", "got");
    let whole = unified.to_string();
    let whole: Vec<&str> = whole.lines().collect();
    let shown = whole[..whole.len().min(DIFF_LINES)].join("\n");
    match whole.len().saturating_sub(DIFF_LINES) {
        0 => format!("{what} differs\n{shown}"),
        more => format!("{what} differs\n{shown}\n... {more} more lines"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(want: &str, got: &str, how: How) -> Compared {
        same_text("text", want, got, how)
    }

    #[test]
    fn each_way_to_compare_forgives_only_what_it_says() {
        assert!(compared("a, b\nc", "a, b\nc", How::Exact).is_ok());
        assert!(compared("a, b\nc", "c\na, b", How::Exact).is_err());
        assert!(compared("a, b\nc", "c\na, b", How::Lines).is_ok());
        assert!(compared("a, b\nc", "c\nb, a", How::Lines).is_err());
        assert!(compared("a, b\nc", "c\nb, a", How::Words).is_ok());
        assert!(compared("a, b\nc", "c\nb, a, a", How::Words).is_err());
        assert!(compared("a", "b", How::Unstable).is_ok());
    }

    #[test]
    fn an_error_goes_with_its_exit_code() {
        let wanted = ["no".to_string()];
        assert!(same_error(&wanted, Some("no"), 255).is_ok());
        assert!(same_error(&wanted, Some("no"), 1).is_err());
        assert!(same_error(&wanted, None, 0).is_err());
        assert!(same_error(&[], Some("no"), 255).is_err());
        assert!(same_error(&[], None, 0).is_ok());
    }

    #[test]
    fn a_difference_is_shown_with_its_surroundings() {
        let problem = compared("a\nb\nc\nd", "a\nb\nx\nd", How::Exact).unwrap_err();
        assert!(problem.ends_with("@@ -2,3 +2,3 @@\n b\n-c\n+x\n d"), "{problem}");
    }
}
