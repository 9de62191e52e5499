//! The engine: what brings a database from one revision to another.
//!
//! It does no I/O. [`Exchange::next`] gives a request, the host performs it and calls again with the
//! answer. Each revision becomes one atomic list of statements: the assertion that the database is
//! where the plan says, the changes, the version rows and the journal row. So a database is always
//! at a revision, never between two.

mod accept;
mod alter;
mod differences;
mod event;
mod exchange;
mod journal;
mod kept;
mod list;
mod loss;
mod model;
mod offline;
mod prepare;
mod refusal;
mod request;
mod run;
mod settings;
mod state;
mod version_table;

pub use accept::{accept, refuse_edited};
pub use alter::alter;
pub use differences::{Differences, differences};
pub use event::Event;
pub use exchange::{Exchange, Host, Next};
pub use journal::{JOURNAL_TABLE, hash};
pub use kept::{KEPT, is_kept};
pub use loss::{count_losses, losses};
pub use model::Model;
pub use offline::{OfflineSettings, Part, Transactions, offline, offline_stamp};
pub use request::{Answer, Failure, Origin, Request, Role, Rows, Statement, Value};
pub use run::{
    Body, Port, ScriptDirectory, directives_on, downgrade, ensure_version, holds_rows, keeps, plan,
    stamp, statements_of, statements_of_step, take_back, upgrade,
};
pub use settings::Settings;
pub use state::{DatabaseState, JournalRow, query};
pub use version_table::{VERSION_TABLE, VersionTable};
