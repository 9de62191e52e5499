use wasm_bindgen::JsCast as _;
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

/// Which way the line that is moved runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Axis {
    /// Between a left and a right part.
    Vertical,
    /// Between an upper and a lower part.
    Horizontal,
}

/// The smallest and the largest share of the first part, in per cent.
const LIMITS: (f64, f64) = (15.0, 85.0);
const STEP: f64 = 2.0;

/// The line between two parts of its parent, moved by the pointer or by keys.
///
/// The label says what it changes: "Width of the editor". The share is that of the first part, in per cent.
pub(crate) fn splitter(label: &'static str, axis: Axis, share: f64, onmove: Callback<f64>) -> Html {
    let onkeydown = {
        let onmove = onmove.clone();
        move |event: KeyboardEvent| {
            let to = match (event.key().as_str(), axis) {
                ("ArrowLeft", Axis::Vertical) | ("ArrowUp", Axis::Horizontal) => share - STEP,
                ("ArrowRight", Axis::Vertical) | ("ArrowDown", Axis::Horizontal) => share + STEP,
                ("Home", _) => LIMITS.0,
                ("End", _) => LIMITS.1,
                _ => return,
            };
            event.prevent_default();
            onmove.emit(to.clamp(LIMITS.0, LIMITS.1));
        }
    };
    let onpointerdown = |event: PointerEvent| {
        if let Some(line) = line(&event) {
            // Without capture the line would lose a fast pointer; it can still be moved by keys.
            let _ = line.set_pointer_capture(event.pointer_id());
        }
    };
    let onpointermove = move |event: PointerEvent| {
        let Some(line) = line(&event).filter(|line| line.has_pointer_capture(event.pointer_id()))
        else {
            return;
        };
        let Some(parent) = line.parent_element() else { return };
        let whole = parent.get_bounding_client_rect();
        let to = match axis {
            Axis::Vertical => (f64::from(event.client_x()) - whole.left()) / whole.width(),
            Axis::Horizontal => (f64::from(event.client_y()) - whole.top()) / whole.height(),
        };
        if to.is_finite() {
            onmove.emit((to * 100.0).clamp(LIMITS.0, LIMITS.1));
        }
    };
    let orientation = match axis {
        Axis::Vertical => "vertical",
        Axis::Horizontal => "horizontal",
    };
    html! {
        <div class="splitter" role="separator" tabindex="0" aria-label={label}
            aria-orientation={orientation} aria-valuenow={format!("{share:.0}")}
            aria-valuemin={LIMITS.0.to_string()} aria-valuemax={LIMITS.1.to_string()}
            {onkeydown} {onpointerdown} {onpointermove} />
    }
}

fn line(event: &PointerEvent) -> Option<Element> {
    event.target()?.dyn_into().ok()
}
