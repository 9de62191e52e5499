//! How the page looks to this person: colours and shares of the panes. Kept apart from the project.

use super::App;
use crate::session::effects::preference;

const THEME: &str = "theme";
const SHARES: &str = "shares";

/// Which colours are used. index.html reads the same preference before anything is painted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    const fn word(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::System => "Theme: system",
            Self::Light => "Theme: light",
            Self::Dark => "Theme: dark",
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    pub(super) fn preferred() -> Self {
        let word = preference::get(THEME);
        [Self::Light, Self::Dark]
            .into_iter()
            .find(|theme| theme.word() == word.as_deref())
            .unwrap_or_default()
    }
}

/// The shares of the parts, in per cent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shares {
    /// Of the left column.
    pub(super) column: f64,
    /// Of the editor in its column.
    pub(super) left: f64,
    /// Of the graph in its column.
    pub(super) right: f64,
}

impl Default for Shares {
    fn default() -> Self {
        Self { column: 52.0, left: 56.0, right: 46.0 }
    }
}

/// Which share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Share {
    Column,
    Left,
    Right,
}

impl Shares {
    pub(super) fn preferred() -> Self {
        let text = preference::get(SHARES).unwrap_or_default();
        let numbers: Vec<f64> = text
            .split(' ')
            .filter_map(|number| number.parse().ok())
            .filter(|number| (15.0..=85.0).contains(number))
            .collect();
        match numbers[..] {
            [column, left, right] => Self { column, left, right },
            _ => Self::default(),
        }
    }

    fn set(&mut self, share: Share, value: f64) {
        match share {
            Share::Column => self.column = value,
            Share::Left => self.left = value,
            Share::Right => self.right = value,
        }
        let Self { column, left, right } = self;
        preference::set(SHARES, Some(&format!("{column:.1} {left:.1} {right:.1}")));
    }
}

impl App {
    pub(super) fn next_theme(&mut self) {
        self.theme = self.theme.next();
        preference::set(THEME, self.theme.word());
        if let Some(root) = gloo::utils::document().document_element() {
            // An attribute with a valid name can always be set.
            let _ = match self.theme.word() {
                Some(word) => root.set_attribute("data-theme", word),
                None => root.remove_attribute("data-theme"),
            };
        }
    }

    pub(super) fn split(&mut self, share: Share, value: f64) {
        self.shares.set(share, value);
    }
}
