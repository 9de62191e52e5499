//! SQLite's SQL: reading it without losing anything, and writing it.
//!
//! Everything starts from tokens with spans ([`token`]), so that a later change can be an edit of the
//! stored text. The schema is read from the texts in `sqlite_schema` alone, never from pragmas: the
//! text says everything, and it is one SELECT.

pub mod alter;
pub mod catalog;
pub mod create_index;
pub mod create_table;
pub(crate) mod cursor;
pub mod ddl;
pub mod insert;
pub mod mention;
pub mod objects;
pub mod quote;
pub mod rename;
pub mod split;
pub mod standard;
pub mod token;
