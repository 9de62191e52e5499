//! Widgets. Nothing here knows what a revision is.

mod button;
mod dialog;
mod focus;
mod icon;
mod splitter;
mod tabs;

pub(crate) use button::{Button, Kind};
pub(crate) use dialog::Dialog;
pub(crate) use focus::focus_item;
pub(crate) use icon::Icon;
pub(crate) use splitter::{Axis, splitter};
pub(crate) use tabs::tabs;
