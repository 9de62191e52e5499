//! The `.sql` revision format: reading a file of it, and writing one.
//!
//! ```sql
//! -- revision: 1975ea83b712
//! -- revises: ae1027a6acf
//! -- branch-labels: accounts
//! -- depends-on: 27c6a30d7c24
//! -- message: add a column
//! --   All that follows is indented deeper than the word, and is message too.
//! -- created: 2026-11-22 08:27:31.462407
//!
//! -- upgrade
//!
//! ALTER TABLE account ADD COLUMN last_transaction_date DATETIME;
//!
//! -- downgrade
//!
//! ALTER TABLE account DROP COLUMN last_transaction_date;
//! ```
//!
//! **Marks.** A mark is a `--` comment that has a line to itself. Case and blanks do not matter. It is
//! found by tokens: what stands in a text, in a block comment, or behind a statement on its line is no
//! mark. `-- upgrade` and `-- downgrade` (a colon may follow) begin the sections, in either order. One of
//! these two lines before the statement above it has its semicolon is an error, since it cannot be known
//! which of the two was meant; so is a line that is nearly one of them.
//!
//! **Header.** What stands before the first section. A line `-- word: value` there is a word of the header:
//! an unknown one is an error, so that a slip of the pen loses nothing. Other comments are comments. The
//! order of the words is free, and only `revision` must be there. `revises` and the other lists are
//! separated by commas or blanks; nothing, or `base`, is none. Directly below `-- message:` each `--` line
//! belongs to the message if it is indented deeper than the word, or is neither a mark nor `word: value`.
//!
//! `-- irreversible` or `-- irreversible: reason` says that the revision cannot be taken back; then it has no
//! section `-- downgrade`, and a downgrade through it is refused with the reason before anything runs. It is
//! the one word that needs no colon. `-- keep-data: true` (or `false`, whatever the settings say) keeps the
//! content of the columns and tables that the upgrade drops, for the downgrade.
//!
//! **Sections.** Statements end with a semicolon; the last one of the file may do without. A section may be
//! empty: it does nothing. Where there is no `-- downgrade` the revision cannot be taken back.
//! `-- transaction: none`, in the header or before the first statement of a section, is for the one
//! statement that cannot be in a transaction, such as VACUUM. In the header it is for each section that
//! has a statement.
//!
//! **Statements.** They are SQLite's, and run word for word. What standard SQL has and SQLite lacks is carried out
//! too, without a loss ([`crate::sqlite::standard`]; the same in `op.execute` of a Python script):
//!
//! ```sql
//! ALTER TABLE [IF EXISTS] t action, …;
//!   -- ALTER [COLUMN] c SET NOT NULL | DROP NOT NULL | SET DEFAULT value | DROP DEFAULT
//!   --                | [SET DATA] TYPE type [COLLATE name] | DROP EXPRESSION
//!   -- ADD [COLUMN] [IF NOT EXISTS] definition      also what SQLite's own ADD COLUMN refuses, such as UNIQUE
//!   -- DROP [COLUMN] [IF EXISTS] c [CASCADE | RESTRICT]
//!   -- ADD [CONSTRAINT n] CHECK … | UNIQUE … | PRIMARY KEY … | FOREIGN KEY …
//!   -- DROP CONSTRAINT [IF EXISTS] n
//!   -- DROP CHECK (…) | UNIQUE (a, b) | PRIMARY KEY | FOREIGN KEY (a)             those that have no name
//!   -- RENAME CONSTRAINT n TO m | RENAME INDEX i TO j | RENAME TO u | RENAME [COLUMN] a TO b
//! ALTER INDEX [IF EXISTS] i RENAME TO j;
//! CREATE OR REPLACE [TEMP] VIEW v AS …;             -- the triggers on it stay
//! CREATE OR REPLACE [TEMP] TRIGGER g … END;
//! DROP TRIGGER [IF EXISTS] g ON t;
//! ```
//!
//! Line ends of Windows are read as line ends, in texts too, so that a checkout does not decide what a
//! revision does.

mod cursor;
mod header;
mod mark;
mod nearest;
mod section;
#[cfg(test)]
mod tests;
mod write;

pub use header::{Header, read_header};
pub use section::{Script, Section, read};
pub use write::{NewSqlScript, statements, write};
