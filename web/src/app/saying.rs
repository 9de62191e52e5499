//! Callbacks of what sends one message. A closure at each place would be compiled at each place.

use yew::Callback;

use super::Message;

/// Sends this message.
pub(crate) fn saying<Event: 'static>(
    send: &Callback<Message>,
    message: fn() -> Message,
) -> Callback<Event> {
    send.reform(move |_| message())
}

/// Sends the message about this text: a path, a line.
pub(crate) fn saying_of<Event: 'static>(
    send: &Callback<Message>,
    text: &str,
    message: fn(String) -> Message,
) -> Callback<Event> {
    let text = text.to_owned();
    send.reform(move |_| message(text.clone()))
}
