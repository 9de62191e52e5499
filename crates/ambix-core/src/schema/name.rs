use alloc::string::String;
use core::fmt;
use serde::{Deserialize, Serialize};

/// The name of an index or a constraint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Whether it is final ("conv" in SQLAlchemy): made by a naming convention or read from a database.
    /// Scripts write such a name as `op.f('…')`, so that no convention is applied to it again.
    pub conv: bool,
}

impl Name {
    /// A name that somebody wrote out.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), conv: false }
    }

    /// A name that a convention made or that a database has.
    pub fn conv(text: impl Into<String>) -> Self {
        Self { text: text.into(), conv: true }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
