//! A bar for long work.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal as _};
use std::time::{Duration, Instant};

/// More revisions than this are long work from the start.
const MANY: usize = 20;

/// Fewer become long work after this.
const LONG: Duration = Duration::from_secs(1);

/// How far the revisions of a plan are: shown on standard error if that is a terminal.
pub(crate) struct Progress {
    is_terminal: bool,
    began: Instant,
    planned: usize,
    finished: usize,
    bar: Option<ProgressBar>,
    /// The rows of a table that is made anew.
    rows: Option<ProgressBar>,
}

fn new_bar(length: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("█▌ "));
    }
    bar
}

impl Progress {
    /// Nothing is planned yet.
    pub(crate) fn new() -> Self {
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            is_terminal: io::stderr().is_terminal() && !is_dumb,
            began: Instant::now(),
            planned: 0,
            finished: 0,
            bar: None,
            rows: None,
        }
    }

    /// So many revisions are going to run.
    pub(crate) fn plan(&mut self, revisions: usize) {
        self.end();
        (self.began, self.planned, self.finished) = (Instant::now(), revisions, 0);
        self.show();
    }

    /// So many rows of a table that is made anew are copied, of so many.
    pub(crate) fn copy(&mut self, table: &str, done: u64, total: u64) {
        if !self.is_terminal || self.began.elapsed() <= LONG {
            return;
        }
        let bar = self.rows.get_or_insert_with(|| {
            // The other bar counts revisions; it comes back with the next one.
            if let Some(bar) = self.bar.take() {
                bar.finish_and_clear();
            }
            new_bar(total, "{bar:30} {human_pos}/{human_len} rows of {msg}")
        });
        bar.set_message(table.to_owned());
        bar.set_length(total);
        bar.set_position(done);
    }

    /// One of them has run.
    pub(crate) fn advance(&mut self) {
        self.finished += 1;
        self.end_of_copy();
        self.show();
        if self.finished >= self.planned {
            self.end();
        }
    }

    /// The bar goes.
    pub(crate) fn end(&mut self) {
        self.end_of_copy();
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn end_of_copy(&mut self) {
        if let Some(rows) = self.rows.take() {
            rows.finish_and_clear();
        }
    }

    /// Does something that writes to the terminal, with the bar out of the way.
    pub(crate) fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        match self.rows.as_ref().or(self.bar.as_ref()) {
            Some(bar) => bar.suspend(work),
            None => work(),
        }
    }

    fn show(&mut self) {
        let is_long = self.planned > MANY || self.began.elapsed() > LONG;
        if !self.is_terminal || !is_long || self.finished >= self.planned {
            return;
        }
        let length = u64::try_from(self.planned).unwrap_or(u64::MAX);
        let bar = self.bar.get_or_insert_with(|| new_bar(length, "{bar:30} {pos}/{len} revisions"));
        bar.set_position(u64::try_from(self.finished).unwrap_or(u64::MAX));
    }
}
