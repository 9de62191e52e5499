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
        }
    }

    /// So many revisions are going to run.
    pub(crate) fn plan(&mut self, revisions: usize) {
        self.end();
        (self.began, self.planned, self.finished) = (Instant::now(), revisions, 0);
        self.show();
    }

    /// One of them has run.
    pub(crate) fn advance(&mut self) {
        self.finished += 1;
        self.show();
        if self.finished >= self.planned {
            self.end();
        }
    }

    /// The bar goes.
    pub(crate) fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    /// Does something that writes to the terminal, with the bar out of the way.
    pub(crate) fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        match &self.bar {
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
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} revisions") {
                bar.set_style(style.progress_chars("█▌ "));
            }
            bar
        });
        bar.set_position(u64::try_from(self.finished).unwrap_or(u64::MAX));
    }
}
