use crate::diagnostic::{Code, Diagnostic};
use alloc::{format, string::String, vec::Vec};
use compact_str::CompactString;
use core::fmt;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// The ids of a few revisions: mostly of one, for which nothing is allocated.
pub type RevisionIds = SmallVec<[RevisionId; 1]>;

/// The id of a revision: `1975ea83b712`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RevisionId(CompactString);

impl RevisionId {
    /// Checks an id that a file or a person gives.
    ///
    /// # Errors
    /// If it is empty or holds a character that addresses use: `@`, `-`, `+`, `:`.
    pub fn new(text: impl AsRef<str>) -> Result<Self, Diagnostic> {
        let text = text.as_ref();
        let is_illegal = |byte: &u8| matches!(byte, b'@' | b'-' | b'+' | b':');
        if !text.is_empty() && !text.as_bytes().iter().any(is_illegal) {
            return Ok(Self(text.into()));
        }
        if text.is_empty() {
            return Err(Diagnostic::error(
                Code::IllegalRevisionId,
                "A revision identifier may not be empty",
            )
            .hint("leave --rev-id out, and an id is made"));
        }
        let mut illegal = Vec::from(["+", "-", ":", "@"]);
        illegal.retain(|character| text.contains(character));
        Err(Diagnostic::error(
            Code::IllegalRevisionId,
            format!(
                "Character(s) '{}' not allowed in revision identifier '{text}'",
                illegal.join(", ")
            ),
        )
        .hint("addresses such as head-2 use these characters; take letters, digits and '_'"))
    }

    /// An id as a database stores it, whatever it holds.
    pub fn stored(text: impl AsRef<str>) -> Self {
        Self(text.as_ref().into())
    }

    /// The id as a name of the graph.
    pub(super) fn name(&self) -> CompactString {
        self.0.clone()
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RevisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Ids as Alembic lists them: `a, b`; empty for none.
pub(crate) fn joined(ids: &[RevisionId]) -> String {
    let ids: Vec<&str> = ids.iter().map(RevisionId::as_str).collect();
    ids.join(", ")
}
