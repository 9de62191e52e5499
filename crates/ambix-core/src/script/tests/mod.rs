//! The format by examples.

mod mistakes;
mod reading;
mod writing;

use super::*;
use crate::operation::Operation;
use alloc::{string::String, vec::Vec};

/// A header that is enough, and below it `sections`.
fn with_header(sections: &str) -> String {
    alloc::format!("-- revision: a1\n{sections}")
}

/// The statements of a section.
fn statements(section: &Section) -> Vec<&str> {
    section
        .directives
        .iter()
        .map(|directive| match &directive.operation {
            Operation::Execute(execute) => execute.sql.as_str(),
            other => panic!("{} is no statement", other.name()),
        })
        .collect()
}
