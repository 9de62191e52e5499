//! Ctrl-C and SIGTERM: noticed at once, acted upon where it is safe.

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Whether somebody wants the program to end. Clones see the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupt(Arc<AtomicUsize>);

impl Interrupt {
    /// Listens from now on. The first signal is only noted: the running statement is stopped, its
    /// revision rolled back and the program ended from there. The second one ends it on the spot,
    /// which SQLite's journal survives too.
    ///
    /// Where the system refuses to tell of a signal, that signal ends the program as it always does.
    pub(crate) fn listen() -> Self {
        let interrupt = Self::default();
        let again = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            let number = usize::try_from(signal).unwrap_or_default();
            // In this order: the first signal must not find the flag that it sets itself.
            let _ = flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&again));
            let _ = flag::register(signal, Arc::clone(&again));
            let _ = flag::register_usize(signal, Arc::clone(&interrupt.0), number);
        }
        interrupt
    }

    /// Whether the program is to end.
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed) != 0
    }

    /// The exit code if the program is to end: 130 after Ctrl-C, 143 after SIGTERM.
    pub(crate) fn exit_code(&self) -> Option<u8> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            signal => Some(u8::try_from(128 + signal).unwrap_or(u8::MAX)),
        }
    }

    /// What a signal does, for tests.
    #[cfg(test)]
    pub(crate) fn set(&self) {
        self.0.store(2, Ordering::Relaxed);
    }
}
