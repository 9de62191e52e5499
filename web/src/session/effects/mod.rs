//! What touches the browser: one file for each thing that it is asked for.

pub(crate) mod channel;
pub(crate) mod clock;
pub(crate) mod download;
pub(crate) mod inspect;
pub(crate) mod lock;
pub(crate) mod preference;
pub(crate) mod store;
