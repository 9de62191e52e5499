use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::focus_item;

/// A row of tabs; arrow keys go from one to the next.
///
/// The label says what they choose between. The id begins the ids: tab `x-0` controls the panel `x-panel`.
pub(crate) fn tabs(
    label: &'static str,
    id: &'static str,
    names: &[&'static str],
    chosen: usize,
    onchoose: &Callback<usize>,
) -> Html {
    let count = names.len();
    let onkeydown = {
        let onchoose = onchoose.clone();
        move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowLeft" => (chosen + count - 1) % count,
                "ArrowRight" => (chosen + 1) % count,
                "Home" => 0,
                "End" => count - 1,
                _ => return,
            };
            event.prevent_default();
            onchoose.emit(to);
            focus_item(&event, "[role=tablist]", to);
        }
    };
    let tab = |(at, name): (usize, &&'static str)| {
        let is_chosen = at == chosen;
        let onclick = onchoose.reform(move |_: MouseEvent| at);
        html! {
            <button key={at} type="button" class="tab" role="tab"
                id={format!("{id}-{at}")}
                aria-selected={is_chosen.to_string()} aria-controls={format!("{id}-panel")}
                tabindex={if is_chosen { "0" } else { "-1" }}
                data-focus={is_chosen.then_some("")} {onclick}>
                { *name }
            </button>
        }
    };
    html! {
        <div class="tabs">
            <div class="tab-group" role="tablist" aria-label={label}
                onkeydown={onkeydown}>
                { for names.iter().enumerate().map(tab) }
            </div>
        </div>
    }
}
