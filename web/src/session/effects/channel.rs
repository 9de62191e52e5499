//! What tabs with the same project tell each other.

use gloo::events::EventListener;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

const NAME: &str = "ambix-playground";

/// A word to the other tabs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Word {
    /// The tab that writes has stored something new.
    Stored,
    /// Another tab wants to write: store everything and let it.
    Yield,
}

impl Word {
    const fn text(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Yield => "yield",
        }
    }
}

/// The connection to the other tabs.
pub(crate) struct Channel {
    channel: BroadcastChannel,
    _listener: EventListener,
}

impl Channel {
    /// Opens it; `None` in a browser that has none.
    pub(crate) fn open(heard: impl Fn(Word) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(NAME).ok()?;
        let listener = EventListener::new(&channel, "message", move |event| {
            let text = event.dyn_ref::<MessageEvent>().and_then(|event| event.data().as_string());
            let word = [Word::Stored, Word::Yield]
                .into_iter()
                .find(|word| text.as_deref() == Some(word.text()));
            if let Some(word) = word {
                heard(word);
            }
        });
        Some(Self { channel, _listener: listener })
    }

    /// Tells the others. Nobody listening is no error.
    pub(crate) fn say(&self, word: Word) {
        let _ = self.channel.post_message(&JsValue::from_str(word.text()));
    }
}
