//! An error or a warning, shown: where it is with the line of the file, the statement, the ways out.

use crate::colour::{self, Colours};
use crate::files::Folder;
use ambix_commands::Answer;
use ambix_core::diagnostic::{Diagnostic, Hint, Place, Span};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// As many lines of a statement are shown.
const STATEMENT_LINES: usize = 20;

/// What follows the message: place, statement and hints, as lines for standard error.
pub(crate) fn details(
    diagnostic: &Diagnostic,
    program: &str,
    folder: &Folder,
    colours: Colours,
) -> String {
    let mut text = String::new();
    if let Some(place) = &diagnostic.place {
        text.push_str(&shown_place(place, diagnostic.is_error(), folder, colours));
        text.push('\n');
    }
    if let Some(statement) = &diagnostic.statement {
        text.push_str(&colours.paint(colour::FAINT, "the statement:"));
        text.push('\n');
        let lines: Vec<&str> = statement.lines().collect();
        for line in lines.iter().take(STATEMENT_LINES) {
            text.push_str(&format!("    {line}\n"));
        }
        if let Some(more) = lines.len().checked_sub(STATEMENT_LINES).filter(|more| *more > 0) {
            text.push_str(&format!("    … ({more} more lines)\n"));
        }
    }
    for hint in &diagnostic.hints {
        text.push_str(&shown_hint(hint, program, colours));
        text.push('\n');
    }
    text
}

/// `hint: list all revisions: ambix history`.
pub(crate) fn shown_hint(hint: &Hint, program: &str, colours: Colours) -> String {
    let word = colours.paint(colour::HINT, "hint:");
    match &hint.command {
        Some(command) => {
            let command = colours.paint(colour::HINT, &format!("{program} {command}"));
            format!("{word} {}: {command}", hint.text)
        }
        None => format!("{word} {}", hint.text),
    }
}

/// `file:line:column` with the line of the file and a caret; without these if the file has changed.
fn shown_place(place: &Place, is_error: bool, folder: &Folder, colours: Colours) -> String {
    let text = match folder.read(&place.file) {
        Answer::Text(text) => text,
        _ => return format!("  --> {}", from_here(place, folder)),
    };
    let Some(span) = underlined(place, &text) else {
        return format!("  --> {}", from_here(place, folder));
    };
    let level = if is_error { Level::ERROR } else { Level::WARNING };
    let annotation = AnnotationKind::Primary.span(span.start..span.end);
    let snippet = Snippet::source(&text).path(from_here(place, folder).file).annotation(annotation);
    let report = [Group::with_level(level).element(snippet)];
    let renderer = if colours.0 { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&report)
}

/// The place, with the path of its file from the current folder on.
fn from_here(place: &Place, folder: &Folder) -> Place {
    let file = folder.path(&place.file);
    match file.strip_prefix(folder.path("")).ok().and_then(|file| file.to_str()) {
        Some(file) => Place { file: file.into(), ..place.clone() },
        None => place.clone(),
    }
}

/// What is underlined of the file's text as it is now: the first line of the place, at least one
/// character. `None` if the place is not in this text.
fn underlined(place: &Place, text: &str) -> Option<Span> {
    let Span { start, end } = place.span;
    let meant = text.get(start..end.max(start))?;
    let there = Place::in_text(place.file.as_str(), text, place.span);
    if (there.line, there.column) != (place.line, place.column) {
        return None;
    }
    let first = meant.lines().next().unwrap_or_default().trim_end();
    let at_least =
        text[start..].chars().next().filter(|letter| *letter != '\n').map_or(0, char::len_utf8);
    Some(Span::new(start, start + first.len().max(at_least)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ambix_core::diagnostic::Code;

    const SCRIPT: &str = "def upgrade():\n    op.execute(\n        \"SELEC 1\")\n";

    fn shown(script: &str, diagnostic: Diagnostic) -> String {
        let kept = tempfile::tempdir().unwrap();
        std::fs::write(kept.path().join("a.py"), script).unwrap();
        details(&diagnostic, "alembic", &Folder::new(kept.path()), Colours(false))
    }

    fn error_at(words: &str) -> Diagnostic {
        let start = SCRIPT.find(words).unwrap();
        let place = Place::in_text("a.py", SCRIPT, Span::new(start, start + words.len()));
        Diagnostic::error(Code::StatementFailed, "near \"SELEC\": syntax error").at(place)
    }

    #[test]
    fn the_place_the_statement_and_the_ways_out() {
        let mut error = error_at("\"SELEC 1\"")
            .hint("nothing was applied")
            .hint_command("list all revisions", "history");
        error.statement = Some("SELEC 1".into());
        let expected = "\x20--> a.py:3:9
  |
3 |         \"SELEC 1\")
  |         ^^^^^^^^^
the statement:
    SELEC 1
hint: nothing was applied
hint: list all revisions: alembic history
";
        assert_eq!(shown(SCRIPT, error), expected);
    }

    #[test]
    fn of_several_lines_the_first_is_underlined() {
        let text = shown(SCRIPT, error_at("op.execute(\n        \"SELEC 1\")"));
        assert!(text.contains("2 |     op.execute(\n  |     ^^^^^^^^^^^\n"), "{text}");
    }

    #[test]
    fn a_place_that_is_no_longer_there_is_only_named() {
        let error = error_at("\"SELEC 1\"");
        for changed in [
            "",
            "# new\n# lines\n# above\ndef upgrade():\n    pass\n",
            "äöüäöüäöüäöüäöüäöüäöüäöüäöü",
        ] {
            assert_eq!(shown(changed, error.clone()), "  --> a.py:3:9\n", "{changed:?}");
        }
        let gone = Place { file: "gone.py".into(), line: 1, column: 1, span: Span::new(0, 1) };
        assert_eq!(
            shown("", Diagnostic::error(Code::RevisionFile, "").at(gone)),
            "  --> gone.py:1:1\n"
        );
    }

    #[test]
    fn odd_places_are_shown_too() {
        for (start, end) in [(0, 0), (SCRIPT.len(), SCRIPT.len()), (14, 15), (5, 2)] {
            let place = Place::in_text("a.py", SCRIPT, Span::new(start, end));
            let text = shown(SCRIPT, Diagnostic::warning(Code::RevisionFile, "").at(place));
            assert!(text.contains("a.py:"), "{start}..{end}: {text}");
        }
    }
}
