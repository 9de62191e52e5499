//! What the targets share with the tests of the workspace: the same files, so that a replay is the same.

#[path = "../../src/covered.rs"]
pub mod covered;
#[path = "../../src/fuzzed.rs"]
pub mod fuzzed;
#[path = "../../src/fuzzed_python.rs"]
pub mod fuzzed_python;
