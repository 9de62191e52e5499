use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::focus_item;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What the tabs choose between.
    pub(crate) label: AttrValue,
    /// Begins the ids: tab `x-0` controls the panel `x-panel`.
    pub(crate) id: AttrValue,
    pub(crate) names: Vec<AttrValue>,
    pub(crate) chosen: usize,
    pub(crate) onchoose: Callback<usize>,
    /// What stands at the end of the row.
    #[prop_or_default]
    pub(crate) children: Html,
}

/// A row of tabs; arrow keys go from one to the next.
#[component]
pub(crate) fn Tabs(props: &Props) -> Html {
    let count = props.names.len();
    let chosen = props.chosen;
    let onkeydown = {
        let onchoose = props.onchoose.clone();
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
    let tab = |(at, name): (usize, &AttrValue)| {
        let is_chosen = at == chosen;
        let onclick = props.onchoose.reform(move |_: MouseEvent| at);
        html! {
            <button key={at} type="button" class="tab" role="tab"
                id={format!("{}-{at}", props.id)}
                aria-selected={is_chosen.to_string()} aria-controls={format!("{}-panel", props.id)}
                tabindex={if is_chosen { "0" } else { "-1" }}
                data-focus={is_chosen.then_some("")} {onclick}>
                { name }
            </button>
        }
    };
    html! {
        <div class="tabs">
            <div class="tab-group" role="tablist" aria-label={&props.label}
                onkeydown={onkeydown}>
                { for props.names.iter().enumerate().map(tab) }
            </div>
            if props.children != Html::default() {
                <div class="tabs-end">{ props.children.clone() }</div>
            }
        </div>
    }
}
