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
    OverlappingRevisions "overlapping-revisions"
        "Two of the revisions that were asked for, or that the version table holds, imply each other: one of them needs the other. The older one says nothing that the newer one does not. Name the newer one alone. If the version table holds both, somebody edited it: `stamp --purge` with the newer one puts it right."
    IllegalRevisionId "illegal-revision-id"
        "A revision id may not hold `@`, `-`, `+` or `:`, since these have a meaning in addresses such as `head-2`."
    DuplicateRevision "duplicate-revision"
        "Two files declare the same revision id. Ids must be unique: give one of the two another id."
    MissingParent "missing-parent"
        "A revision says that it follows a revision of which there is no file. Restore the file, or correct `down_revision`."
    MissingDependency "missing-dependency"
        "A revision depends on an id or a branch label that no file declares. In `depends_on`, ids have to be written out in full. Restore the file, or correct `depends_on`."
    LabelClash "label-clash"
        "A branch label names one branch. Two revisions declare the same label, or a label is also the id of a revision. A label is written into the first revision of its branch alone; the others inherit it."
    RevisionCycle "revision-cycle"
        "The revisions follow each other in a circle, so none of them can be first. Correct `down_revision` in one of the files named."
    NotAtHeads "not-at-heads"
        "The database is not at the newest revision of every branch. `upgrade heads` brings it there."
    NotAHead "not-a-head"
        "A new revision follows a head, so that the history stays one line. To begin a branch at an older revision on purpose, add `--splice`."
    // The database.
    DatabaseBehind "database-behind"
        "The models can only be compared with a database that is at the newest revision; otherwise what older revisions do would be generated again. Upgrade first."
    Drift "drift"
        "Somebody changed the schema of this database with something else than its revisions: applied to an empty database, they make another one. The lines before the error say what differs. What a script does by the rows that it finds counts as a change, too."
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
    NoSuchTable "no-such-table"
        "A change names a table that is not there at this point of the history. Check the spelling, and which revisions come before."
    NoSuchColumn "no-such-column"
        "A change names a column that its table does not have at this point of the history. Check the spelling, and which changes come before."
    NoSuchIndex "no-such-index"
        "A change names an index that is not there at this point of the history. Check the spelling, and which revisions come before. The index of a UNIQUE or PRIMARY KEY has no name of its own."
    NoSuchConstraint "no-such-constraint"
        "A change names a constraint that its table does not have. A constraint without a name is addressed by its definition, such as `UNIQUE (a, b)`; a naming convention gives names to all."
    StillMentioned "still-mentioned"
        "An index, a constraint, a trigger, a view or a foreign key needs the column that is to be dropped. Dropping it anyway would break them or take them away silently. Drop or change them first, or say that they shall go too."
    SchemaMoved "schema-moved"
        "A table that is to be made anew is no longer what it was when its new text was worked out: another connection changed it in between. Nothing was applied. Run it again."
    RowsLost "rows-lost"
        "When a table was made anew not all of its rows arrived. The transaction was undone, and all rows are where they were. This should not happen; please report it with the revision."
    ForeignKeyViolated "foreign-key-violated"
        "When the revision had run, rows referred to rows that are not there, and more than before it. The transaction was undone. `PRAGMA foreign_key_check` lists such rows."
    BrokenView "broken-view"
        "SQLite looks through all views and triggers when it renames something, and one of them names what is not there. It was broken before. Drop it or create it anew as it should be, then go on."
    StandardSql "standard-sql"
        "This statement is none that SQLite has, and none of standard SQL that Ambix carries out in its stead: `ALTER TABLE` with `ALTER COLUMN … SET NOT NULL`, `DROP NOT NULL`, `SET DEFAULT`, `DROP DEFAULT` and `TYPE`, `ADD` and `DROP CONSTRAINT`, `RENAME CONSTRAINT` and `RENAME INDEX`; `ALTER INDEX … RENAME TO`; `CREATE OR REPLACE` of views and triggers. The message says what was expected at that place."
    UnsupportedOperation "unsupported-operation"
        "This version of Ambix does not do this operation yet. It says so before anything of the revision runs, rather than do something else."
    UncomparedChange "uncompared-change"
        "Models and database differ in something that this version of Ambix sees but does not write into a revision yet."
    PossibleRename "possible-rename"
        "A table or column goes and a like one comes. If it has only got another name, its values can stay: `revision --autogenerate --rename old:new` writes a rename, `--rename table.old:new` one of a column. Nothing is renamed that nobody has said or answered so."
    MissingValue "missing-value"
        "A column is added that may not be NULL and has no default, to a table that has rows. SQLite cannot know what they get in it: `revision --autogenerate --fill table.column=value` says it, with the value as SQL (`'text'`, `0`). A default in the models (`server_default`) says it for new rows, too."
    // Files.
    PythonSyntax "python-syntax"
        "The file is not Python that can be read. The message says what was expected at that place."
    PythonUnsupported "python-unsupported"
        "The file is valid Python, but Ambix reads Python without running it, and this is a construct that it does not know. Nothing was changed."
    PythonRaised "python-raised"
        "The script raises this exception itself, and nothing in it catches it. Nothing of this revision was run."
    LooksAtDatabase "looks-at-database"
        "The script asks which tables, columns or indexes there are and acts on the answer. It is read anew for each database, right before it runs; without a database nobody can say what it does. A script of a whole history (`upgrade head --sql`) can, since there the revisions before it give the tables."
    RevisionFile "revision-file"
        "A revision file must say which revision it is and which one it follows: `revision` and `down_revision` at the top level of a Python script, `-- revision:` and `-- revises:` at the top of an SQL file."
    SqlRevision "sql-revision"
        "A `.sql` revision is a header of comments (`-- revision:`, `-- revises:`, `-- branch-labels:`, `-- depends-on:`, `-- message:`, `-- created:`) and two sections of statements that begin with the lines `-- upgrade` and `-- downgrade`. Each statement ends with a semicolon. What cannot be understood there is an error rather than a comment, so that a slip of the pen does not change what a revision does. Nothing was changed."
    Irreversible "irreversible"
        "The revision does not say how it is taken back. A `.sql` revision says it in its section `-- downgrade`, which may be empty if there is nothing to undo."
    DeclaredIrreversible "declared-irreversible"
        "The revision says of itself that it cannot be taken back: by `-- irreversible` in a `.sql` revision, by `irreversible = True` or a `downgrade()` that only raises an error in a Python script. A downgrade that would have to go through it is refused before anything runs. The way back is a copy of the database from before it. Whoever has brought the database back by hand says so with `stamp`."
    FileFailed "file-failed"
        "A file of the project could not be read or written."
    Configuration "configuration"
        "Something in `alembic.ini`, `pyproject.toml`, `ambix.toml` or `env.py` is missing, wrong, or cannot be read without running Python. The message names the setting."
    TemplateUnsupported "template-unsupported"
        "The template of revision files, `script.py.mako`, is read as plain text with the expressions that Alembic's own templates use. This one holds something else."
    HookFailed "hook-failed"
        "A program that is to run over new revision files could not be run, or failed. The revision file is written."
    // Commands.
    Usage "usage"
        "The command line was not understood. `help` lists the commands, `COMMAND --help` the options of one."
    InvalidOptions "invalid-options"
        "The options or words of the command do not go together, or mean nothing here. The message says which."
    VerificationFailed "verification-failed"
        "A revision was applied, taken back and applied again on a scratch database, and the schema was not the same. Usually `downgrade()` forgets something that `upgrade()` does."
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
