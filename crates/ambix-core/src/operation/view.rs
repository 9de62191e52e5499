use alloc::{boxed::Box, string::String};
use serde::{Deserialize, Serialize};

/// `CREATE OR REPLACE VIEW`: a view in the place of the one of this name, if there is one. The triggers on it
/// stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplaceView {
    /// The view.
    pub name: String,
    /// Its CREATE VIEW.
    pub create: String,
    /// The statement that it was read from, if its author wrote it as one.
    #[serde(skip)]
    pub written: Option<Box<str>>,
}
