use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

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
    let list = use_node_ref();
    let count = props.names.len();
    let chosen = props.chosen;
    let onkeydown = {
        let (list, onchoose) = (list.clone(), props.onchoose.clone());
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
            let tab = list
                .cast::<web_sys::Element>()
                .and_then(|list| list.children().item(to as u32));
            if let Some(tab) = tab.and_then(|tab| {
                wasm_bindgen::JsCast::dyn_into::<HtmlElement>(tab).ok()
            }) {
                // It is there and can take the focus, so this does not fail.
                let _ = tab.focus();
            }
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
            <div class="tab-group" role="tablist" aria-label={&props.label} ref={list}
                onkeydown={onkeydown}>
                { for props.names.iter().enumerate().map(tab) }
            </div>
            if props.children != Html::default() {
                <div class="tabs-end">{ props.children.clone() }</div>
            }
        </div>
    }
}
