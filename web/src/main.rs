//! The playground: Alembic's tutorial in a browser tab, on the real engine.
//!
//! [`session`] is what the page knows, [`app`] what it does, [`panes`] what it shows; [`draw`] places
//! the picture of the history and [`ui`] holds widgets that know nothing of databases.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod app;
mod draw;
mod panes;
mod session;
mod ui;

fn main() {
    // The shell of the page, which index.html paints first, is replaced.
    if let Some(page) = gloo::utils::document().get_element_by_id("page") {
        yew::Renderer::<app::App>::with_root(page).render();
    }
}
