//! What the person sees: standard output and standard error, as Alembic writes them.

use crate::colour::{self, Colours};
use crate::files::{Folder, reason};
use crate::progress::Progress;
use crate::report;
use ambix_commands::{LogLine, Output};
use ambix_core::diagnostic::{Diagnostic, Hint};
use ambix_core::engine::{Event, Role, Statement};
use ambix_core::sqlite::alter::Phase;
use std::io::{self, BufWriter, ErrorKind, IsTerminal as _, Stdout, Write as _};

/// The exit code of a line that is no command, as argparse has it.
const USAGE: u8 = 2;

/// Standard output and standard error.
pub(crate) struct Terminal {
    program: String,
    folder: Folder,
    out: BufWriter<Stdout>,
    out_colours: Colours,
    error_colours: Colours,
    progress: Progress,
    quiet: bool,
    /// Whether there is a log: Alembic writes errors into it only once env.py has set it up.
    logs: bool,
    /// The error that was told last. How it is shown depends on the exit code, which comes after it.
    ending: Option<Diagnostic>,
    /// Why nothing more can be written to standard output.
    broken: Option<io::Error>,
}

impl Terminal {
    /// The terminal of a program of that name; places in files are relative to the folder.
    /// If `quiet`, errors are not told on standard output.
    pub(crate) fn new(program: &str, folder: Folder, quiet: bool) -> Self {
        Self {
            program: program.into(),
            folder,
            out: BufWriter::new(io::stdout()),
            out_colours: Colours::of(&io::stdout()),
            error_colours: Colours::of(&io::stderr()),
            progress: Progress::new(),
            quiet,
            logs: false,
            ending: None,
            broken: None,
        }
    }

    /// Shows what a command says.
    pub(crate) fn tell(&mut self, output: Output) {
        self.show_ending();
        match output {
            Output::Line(line) => self.line(&line),
            Output::Log(line) => {
                self.logs = true;
                self.log(&line);
            }
            Output::Note(text) => self.note(&text),
            Output::Diagnostic(error) if error.is_error() => self.ending = Some(error),
            Output::Diagnostic(warning) => self.warn(&warning),
            Output::Event(Event::Planned(steps)) => self.progress.plan(steps.len()),
            Output::Event(Event::Finished(_)) => self.progress.advance(),
            Output::Event(_) => {}
        }
    }

    /// A statement of a list has run, which is not committed yet.
    pub(crate) fn ran(&mut self, statement: &Statement) {
        if let Role::Operation { part: Some(part), .. } = &statement.origin.role
            && let Phase::Copy(Some(copied)) = part.phase
        {
            self.progress.copy(&part.table, copied.done, copied.total);
        }
    }

    /// A line on standard error that is not the command's.
    pub(crate) fn note(&mut self, line: &str) {
        self.write_error(&format!("{line}\n"));
    }

    /// `hint: …` on standard error.
    pub(crate) fn hint(&mut self, hint: &Hint) {
        let line = report::shown_hint(hint, &self.program, self.error_colours);
        self.note(&line);
    }

    /// Lets another program write, after everything that was said and with the bar out of the way.
    pub(crate) fn lend<T>(&mut self, work: impl FnOnce() -> T) -> T {
        self.flush();
        self.progress.aside(work)
    }

    /// The line that the person answers; `None` if nobody sits there.
    pub(crate) fn ask(&mut self, question: &str) -> Option<String> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return None;
        }
        self.lend(|| {
            eprint!("{question} ");
            let mut line = String::new();
            let read = io::stdin().read_line(&mut line).ok()?;
            (read > 0).then(|| line.trim().into())
        })
    }

    /// Everything that was said is out.
    pub(crate) fn flush(&mut self) {
        let Self { out, progress, broken, .. } = self;
        if broken.is_none() && !out.buffer().is_empty() {
            *broken = progress.aside(|| out.flush()).err();
        }
    }

    /// Ends with an exit code, and gives it back; 1 if standard output could not be written.
    pub(crate) fn end(&mut self, exit_code: u8) -> u8 {
        self.progress.end();
        match self.ending.take() {
            Some(error) if exit_code == USAGE => self.usage(&error),
            Some(error) => self.failed(&error),
            None => {}
        }
        self.flush();
        match self.broken.take() {
            // Whoever read it has seen enough.
            None => exit_code,
            Some(error) if error.kind() == ErrorKind::BrokenPipe => exit_code,
            Some(error) => {
                self.note(&format!("standard output could not be written: {}", reason(&error)));
                exit_code.max(1)
            }
        }
    }

    fn show_ending(&mut self) {
        if let Some(error) = self.ending.take() {
            self.failed(&error);
        }
    }

    fn line(&mut self, line: &str) {
        if self.broken.is_none() {
            let line = self.out_colours.listing(line);
            self.broken = writeln!(self.out, "{line}").err();
        }
    }

    fn log(&mut self, line: &LogLine) {
        if !self.error_colours.0 {
            return self.note(&line.to_string());
        }
        let style = match line.level {
            "INFO" => colour::GOOD,
            "DEBUG" => colour::FAINT,
            "ERROR" | "CRITICAL" => colour::BAD,
            _ => colour::WARNING,
        };
        let level = self.error_colours.paint(style, &format!("{:<5.5}", line.level));
        let logger = self.error_colours.paint(colour::FAINT, &format!("[{}]", line.logger));
        self.note(&format!("{level} {logger} {}", line.message));
    }

    fn warn(&mut self, warning: &Diagnostic) {
        let word = self.error_colours.paint(colour::WARNING, "warning:");
        let details = self.details(warning);
        self.write_error(&format!("{word} {}\n{details}", warning.message));
    }

    /// An error as Alembic shows it: in the log and on standard output. Then the rest.
    fn failed(&mut self, error: &Diagnostic) {
        if self.logs {
            let message = error.message.clone();
            let logger = "alembic.util.messaging";
            self.log(&LogLine { level: "ERROR", logger, message });
        }
        if !self.quiet {
            self.line(&format!("FAILED: {}", error.message));
        } else if !self.logs {
            self.note(&format!("FAILED: {}", error.message));
        }
        let details = self.details(error);
        self.write_error(&details);
    }

    /// An error as argparse shows it: the usage and one line. Then the rest.
    fn usage(&mut self, error: &Diagnostic) {
        let mut rest = error.clone();
        if rest.hints.first().is_some_and(|hint| hint.text.starts_with("usage:")) {
            let usage = rest.hints.remove(0);
            self.note(&usage.text);
        }
        self.note(&error.message);
        let details = self.details(&rest);
        self.write_error(&details);
    }

    fn details(&self, diagnostic: &Diagnostic) -> String {
        report::details(diagnostic, &self.program, &self.folder, self.error_colours)
    }

    /// In order with standard output, which may be the same terminal.
    fn write_error(&mut self, text: &str) {
        self.flush();
        // Nobody can be told that standard error is gone.
        let _ = self.progress.aside(|| io::stderr().lock().write_all(text.as_bytes()));
    }
}
