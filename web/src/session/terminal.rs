use ambix_core::diagnostic::Diagnostic;

use super::Recall;

/// One thing that the terminal shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entry {
    /// A command line that was run.
    Command(String),
    /// Standard output.
    Line(String),
    /// The log, which Alembic writes to standard error.
    Log(String),
    /// An error or a warning, with its hints.
    Problem(Box<Diagnostic>),
    /// Something that the page itself says.
    Note(String),
}

/// The terminal: what it shows, what was typed, what is being typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terminal {
    /// Everything shown, each with a number that it keeps.
    pub(crate) entries: Vec<(usize, Entry)>,
    /// The line in the prompt.
    pub(crate) prompt: String,
    /// Grows whenever the prompt should get the focus.
    pub(crate) focus: u32,
    /// The commands (`upgrade`) that have succeeded.
    pub(crate) done: Vec<String>,
    /// The last command, if it failed and nothing has changed since.
    pub(crate) failed: Option<Failed>,
    /// What the first error of the running command says to type.
    hint: Option<String>,
    complained: bool,
    serial: usize,
    typed: Vec<String>,
    /// Which of the typed lines the prompt shows, while somebody looks through them.
    recalled: Option<usize>,
}

/// A command line that ended in an error.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failed {
    pub(crate) line: String,
    /// The way out that its first error names, as a command line.
    pub(crate) hint: Option<String>,
}

/// How many entries are kept: enough to scroll through, few enough to draw.
const KEPT: usize = 1000;

impl Terminal {
    pub(crate) fn push(&mut self, entry: Entry) {
        self.serial += 1;
        self.entries.push((self.serial, entry));
        if self.entries.len() > KEPT {
            self.entries.drain(..self.entries.len() - KEPT);
        }
    }

    /// A command begins: it is shown and remembered, and leaves the prompt if it stands there.
    pub(crate) fn begin(&mut self, line: &str) {
        self.push(Entry::Command(line.into()));
        if self.typed.last().is_none_or(|last| last != line) {
            self.typed.push(line.into());
        }
        self.recalled = None;
        self.failed = None;
        (self.hint, self.complained) = (None, false);
        if self.prompt.trim() == line {
            self.prompt.clear();
        }
    }

    /// The running command has met an error, or warns.
    pub(crate) fn complain(&mut self, found: Diagnostic) {
        if found.is_error() && !self.complained {
            let command = found.hints.first().and_then(|hint| hint.command.as_ref());
            self.hint = command.map(|command| format!("alembic {command}"));
            self.complained = true;
        }
        self.push(Entry::Problem(Box::new(found)));
    }

    /// A command has ended.
    pub(crate) fn end(&mut self, line: &str, exit_code: u8) {
        if exit_code != 0 {
            self.failed = Some(Failed { line: line.into(), hint: self.hint.take() });
        } else if let Some(command) = line.split_whitespace().nth(1)
            && !self.done.iter().any(|done| done == command)
        {
            // `alembic upgrade head`: the second word is the command.
            self.done.push(command.into());
        }
    }

    /// The line becomes the prompt's, and the prompt gets the focus.
    pub(crate) fn type_line(&mut self, line: &str) {
        self.prompt = line.into();
        self.recalled = None;
        self.focus += 1;
    }

    /// ↑ and ↓: an older or newer line that was typed. Beyond the newest is the empty line.
    pub(crate) fn recall(&mut self, way: Recall) {
        let at = match (way, self.recalled) {
            (Recall::Older, None) => self.typed.len().checked_sub(1),
            (Recall::Older, Some(at)) => Some(at.saturating_sub(1)),
            (Recall::Newer, at) => at.map(|at| at + 1).filter(|at| *at < self.typed.len()),
        };
        self.recalled = at;
        self.prompt = at.and_then(|at| self.typed.get(at)).cloned().unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_lines_come_back_newest_first() {
        let mut terminal = Terminal::default();
        for line in ["alembic heads", "alembic heads", "alembic current"] {
            terminal.begin(line);
        }
        let mut seen = Vec::new();
        for way in [Recall::Older, Recall::Older, Recall::Older, Recall::Newer, Recall::Newer] {
            terminal.recall(way);
            seen.push(terminal.prompt.clone());
        }
        assert_eq!(
            seen,
            ["alembic current", "alembic heads", "alembic heads", "alembic current", ""]
        );
    }

    #[test]
    fn old_entries_make_room() {
        let mut terminal = Terminal::default();
        for nth in 0..KEPT + 5 {
            terminal.push(Entry::Line(nth.to_string()));
        }
        assert_eq!(terminal.entries.len(), KEPT);
        assert_eq!(terminal.entries[0], (6, Entry::Line("5".into())));
    }
}
