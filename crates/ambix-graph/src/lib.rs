//! The graph of revisions, and the value for what is wrong with it.
//!
//! A crate of its own because it is the one part whose time grows with the number of revisions: WebAssembly
//! has it compiled for speed, and all else for size. [`ambix_core`] hands both modules on, so that whoever
//! uses the engine has no other name to know.
//!
//! [`ambix_core`]: https://docs.rs/ambix-core
#![no_std]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod diagnostic;
pub mod revision;
pub mod sort;
