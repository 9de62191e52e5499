//! Small wishes about the page itself, kept apart from the project: losing them harms nobody.

/// What was wished, if anything was.
pub(crate) fn get(name: &str) -> Option<String> {
    storage()?.get_item(&key(name)).ok()?
}

/// Keeps a wish, or forgets it. A browser that refuses to store it is not an error.
pub(crate) fn set(name: &str, value: Option<&str>) {
    if let Some(storage) = storage() {
        let _ = match value {
            Some(value) => storage.set_item(&key(name), value),
            None => storage.remove_item(&key(name)),
        };
    }
}

const QUESTION_MARK: &str = "question-mark";

/// Whether the key `?` may be used: keys without Ctrl or Alt disturb those who speak to their computer.
pub(crate) fn question_mark() -> bool {
    get(QUESTION_MARK).is_none()
}

/// Switches the key `?` on or off.
pub(crate) fn set_question_mark(on: bool) {
    set(QUESTION_MARK, (!on).then_some("off"));
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn key(name: &str) -> String {
    format!("ambix-{name}")
}
