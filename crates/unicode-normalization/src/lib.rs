//! Stands in for the crate of the same name, which the Python parser asks for the normal form (NFKC) of names
//! that are not ASCII.
//!
//! The real one holds tables of tens of kilobytes that every first visit of the page would load. Here a name is
//! the letters that were written, which is the normal form already wherever a keyboard wrote them; two names
//! that differ only in how an accent is put together, or in a ligature, are two names. The workspace's
//! `[patch]` section puts this crate in the other's place.
#![no_std]

use core::str::Chars;

/// Normal forms of a text.
pub trait UnicodeNormalization<'a> {
    /// Its characters as they are.
    fn nfkc(self) -> Chars<'a>;
}

impl<'a> UnicodeNormalization<'a> for &'a str {
    fn nfkc(self) -> Chars<'a> {
        self.chars()
    }
}
