//! What the page knows, and how it changes.
//!
//! [`Session`] is a plain value and [`Session::reduce`] the only thing that changes it; neither knows
//! the browser, so both are tested without one. What touches the browser is in [`effects`].

mod action;
mod changes;
mod database_view;
mod desk;
pub(crate) mod effects;
mod files;
mod history;
mod losses;
mod proposal;
mod reading;
mod reduce;
mod shared;
mod sql_log;
mod state;
mod stored;
mod terminal;
#[cfg(test)]
mod tests;

pub(crate) use action::{Action, Recall};
pub(crate) use changes::{Changes, Preview, Sides};
pub(crate) use database_view::{DatabaseView, ROWS_SHOWN, TableView};
pub(crate) use desk::{Desk, Jump};
pub(crate) use files::{Files, MODELS, VERSIONS};
pub(crate) use history::{History, Spot};
pub(crate) use losses::losses_to;
pub(crate) use proposal::Proposal;
pub(crate) use reading::{Effect, Reading};
pub(crate) use shared::Shared;
pub(crate) use sql_log::{Run, Sent, SqlLog};
pub(crate) use state::{
    Access, Engine, LowerTab, Notice, NoticeKind, Pane, Question, Session, Storage,
};
pub(crate) use stored::{Stored, Unreadable};
pub(crate) use terminal::{Entry, Failed, Terminal};
