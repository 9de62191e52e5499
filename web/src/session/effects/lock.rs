//! Which tab writes: the one that holds a lock of the browser's
//! (<https://www.w3.org/TR/web-locks/>), which ends with the tab, however that ends.

use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

const NAME: &str = "ambix-playground";

#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        callback: &Function,
    ) -> Result<Promise, JsValue>;
}

/// How to ask.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Way {
    /// Only if nobody holds it.
    IfFree,
    /// Wait until nobody holds it.
    Wait,
    /// Take it away from whoever holds it.
    Steal,
}

/// What came of it.
pub(crate) enum Outcome {
    /// It is ours, until the value is dropped.
    Ours(Held),
    /// Another tab has it.
    Taken,
    /// Another tab took it away from us.
    Lost,
    /// This browser knows no locks.
    Unknown,
}

/// The lock, held.
pub(crate) struct Held(Function);

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::NULL);
    }
}

/// Asks for the lock. `told` may be called twice: when it is ours, and when it is lost.
pub(crate) fn request(way: Way, told: impl Fn(Outcome) + 'static) {
    let told = Rc::new(told);
    let Some(manager) = manager() else {
        told(Outcome::Unknown);
        return;
    };
    let options = Object::new();
    let option = match way {
        Way::IfFree => Some("ifAvailable"),
        Way::Wait => None,
        Way::Steal => Some("steal"),
    };
    if let Some(option) = option {
        let _ = Reflect::set(&options, &JsValue::from_str(option), &JsValue::TRUE);
    }
    let granted = {
        let told = Rc::clone(&told);
        Closure::once_into_js(move |lock: JsValue| -> JsValue {
            if lock.is_null() {
                told(Outcome::Taken);
                return JsValue::UNDEFINED;
            }
            // The lock is held as long as this promise is open.
            Promise::new(&mut |resolve, _| told(Outcome::Ours(Held(resolve)))).into()
        })
    };
    match manager.request(NAME, &options, granted.unchecked_ref()) {
        Ok(ended) => spawn_local(async move {
            if JsFuture::from(ended).await.is_err() {
                told(Outcome::Lost);
            }
        }),
        Err(_) => told(Outcome::Unknown),
    }
}

fn manager() -> Option<LockManager> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &JsValue::from_str("locks")).ok()?;
    locks.is_object().then(|| locks.unchecked_into())
}
