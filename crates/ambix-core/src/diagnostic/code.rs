//! The codes of diagnostics, each with the explanation that `explain CODE` and the page's "Why?" print.

use core::fmt;
use serde::{Serialize, Serializer};

macro_rules! codes {
    ($($name:ident $word:literal $explanation:literal)*) => {
        /// What kind of trouble a [`Diagnostic`](super::Diagnostic) tells of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $explanation] $name,)*
        }

        impl Code {
            /// Every code, in the order of their list.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The word: `multiple-heads`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $word),* }
            }

            /// What it means, why it is so, and what to do.
            pub const fn explanation(self) -> &'static str {
                match self { $(Code::$name => $explanation),* }
            }
        }
    };
}

codes! {
    // Revisions and targets.
    UnknownRevision "unknown-revision"
        "The word names no revision. A revision is named by its id, by the first characters of its id (as many as make it clear), or by `head`, `base`, `+N` or `-N`. The command `history` lists all ids."
    AmbiguousRevision "ambiguous-revision"
        "Several revisions begin with these characters. Type some more of the id."
    MultipleHeads "multiple-heads"
        "A head is a revision that no other revision follows. When two revisions follow the same one there are two heads, and `head` does not say which is meant. Name the revision, or use `heads` for all of them."
    RelativeTarget "relative-target"
        "`+N` and `-N` count revisions from where the database is. There are fewer revisions in that direction than were asked for, or the way forks."
    InvalidTarget "invalid-target"
        "An upgrade goes to a revision that follows the current one, a downgrade to one that it follows. This revision lies in the other direction or on another branch."
    OverlappingRows "overlapping-rows"
        "The version table holds a revision and one that it follows. The second row says nothing that the first does not, and Alembic never writes both: somebody edited the table. Delete the older row."
    IllegalRevisionId "illegal-revision-id"
        "A revision id may not hold `@`, `-`, `+` or `:`, since these have a meaning in addresses such as `head-2`."
    DuplicateRevision "duplicate-revision"
        "Two files declare the same revision id. Ids must be unique: give one of the two another id."
    MissingParent "missing-parent"
        "A revision says that it follows a revision of which there is no file. Restore the file, or correct `down_revision`."
    RevisionCycle "revision-cycle"
        "The revisions follow each other in a circle, so none of them can be first. Correct `down_revision` in one of the files named."
    UnsupportedHeader "unsupported-header"
        "The file's header asks for something that this version of Ambix does not do yet. Nothing was changed."
    // The database.
    DatabaseBehind "database-behind"
        "The models can only be compared with a database that is at the newest revision; otherwise what older revisions do would be generated again. Upgrade first."
    HeadMoved "head-moved"
        "Between planning and running, the database came to stand at another revision: another tab or program changed it. Nothing of this revision was applied."
    EditedRevision "edited-revision"
        "The revision's operations are not the ones that were applied to this database. Comments and formatting do not count. Restore the file; or take the revision back and apply it again as it is now, which costs the rows of the tables that it makes."
    UnknownCurrent "unknown-current"
        "The database says that it is at a revision of which there is no file. It was probably upgraded by newer code. Get the newer revision files."
    StatementFailed "statement-failed"
        "SQLite refused a statement. A revision is applied as a whole or not at all, so the database is exactly as it was before this revision."
    DatabaseFailed "database-failed"
        "The database could not be read or written. What SQLite or the host said is in the message."
    UnreadableSql "unreadable-sql"
        "The text of this CREATE statement could not be read. It is kept as it is; only an operation that needs to understand it is refused."
    ForbiddenStatement "forbidden-statement"
        "Ambix runs each revision in one transaction with its bookkeeping, so a revision may not begin, commit or roll back transactions or switch foreign keys itself."
    // Operations.
    UnsupportedOperation "unsupported-operation"
        "This version of Ambix does not do this operation yet. It says so before anything of the revision runs, rather than do something else."
    UncomparedChange "uncompared-change"
        "Models and database differ in something that this version of Ambix sees but does not write into a revision yet."
    // Files.
    PythonSyntax "python-syntax"
        "The file is not Python that can be read. The message says what was expected at that place."
    PythonUnsupported "python-unsupported"
        "The file is valid Python, but Ambix reads Python without running it, and this is a construct that it does not know. Nothing was changed."
    RevisionFile "revision-file"
        "A revision file must set `revision` and `down_revision` at its top level."
    FileFailed "file-failed"
        "A file of the project could not be read or written."
    // Commands.
    Usage "usage"
        "The command line was not understood. `help` lists the commands, `COMMAND --help` the options of one."
    HostFailed "host-failed"
        "The program around the engine answered a request with something else than what was asked. This is a mistake in that program."
}

impl Code {
    /// The code of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == word)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;

    #[test]
    fn every_word_is_unique_and_found_again() {
        let words: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(words.len(), Code::ALL.len());
        for code in Code::ALL {
            assert_eq!(Code::from_word(code.as_str()), Some(*code));
        }
    }
}
