use crate::diagnostic::{Code, Diagnostic};
use alloc::{format, string::String};

/// The error for a downgrade through a revision that declares itself irreversible. `reason` may be empty;
/// `down` are the revisions that it follows.
pub fn irreversible(revision: &str, reason: &str, down: &[String]) -> Diagnostic {
    let before = down.first().map_or("base", String::as_str);
    let message = match reason {
        "" => format!("Revision {revision} is irreversible: it cannot be taken back"),
        reason => format!("Revision {revision} is irreversible: {reason}"),
    };
    Diagnostic::error(Code::DeclaredIrreversible, message)
        .hint("nothing has run; the way back is a copy of the database from before that revision")
        .hint_command(
            "if you have brought the database back by hand, say where it is",
            format!("stamp {before}"),
        )
}
