//! What was typed and is not stored yet, kept where it can be written at once: a page that goes away
//! does not wait for IndexedDB.

use super::App;
use crate::session::effects::preference;
use crate::session::{Action, Files};

const DRAFT: &str = "draft";

/// The draft with this text of this file; other files in it stay.
fn with(draft: Option<&str>, path: &str, text: &str) -> Option<String> {
    let mut texts = read(draft);
    texts.retain(|(of, _)| of != path);
    texts.push((path.into(), text.into()));
    serde_json::to_string(&texts).ok()
}

/// Paths and texts. What cannot be read is no draft.
fn read(draft: Option<&str>) -> Vec<(String, String)> {
    draft.and_then(|draft| serde_json::from_str(draft).ok()).unwrap_or_default()
}

/// What a draft changes in these files. A file that is not there any more does not come back.
fn changes(draft: Option<&str>, files: &Files) -> Vec<(String, String)> {
    let is_news = |(path, text): &(String, String)| files.get(path).is_some_and(|old| old != text);
    read(draft).into_iter().filter(is_news).collect()
}

impl App {
    /// Keeps a file that was just edited until it is stored.
    pub(super) fn keep_draft(&self, path: &str) {
        if self.store.is_none() || self.database.is_none() || !self.may_write() {
            return;
        }
        if let Some(text) = self.session.files.get(path) {
            let draft = with(preference::get(DRAFT).as_deref(), path, text);
            preference::set(DRAFT, draft.as_deref());
        }
    }

    /// Everything is stored.
    pub(super) fn drop_draft(&self) {
        preference::set(DRAFT, None);
    }

    /// What the last page had no time to store comes over the files that were loaded.
    pub(super) fn take_in_draft(&mut self) {
        if self.store.is_none() || !self.may_write() {
            return;
        }
        for (path, text) in changes(preference::get(DRAFT).as_deref(), &self.session.files) {
            self.reduce(Action::Edit(path, text));
            self.dirty = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::MODELS;

    #[test]
    fn the_last_text_of_each_file_is_kept() {
        let mut draft = None;
        for (path, text) in [(MODELS, "1"), ("versions/gone.py", "2"), (MODELS, "3")] {
            draft = with(draft.as_deref(), path, text);
        }
        let mut files = Files::default();
        assert_eq!(changes(draft.as_deref(), &files), [(MODELS.to_owned(), "3".to_owned())]);
        files.set(MODELS, "3".into());
        assert!(changes(draft.as_deref(), &files).is_empty());
        assert!(changes(Some("no JSON"), &files).is_empty());
    }
}
