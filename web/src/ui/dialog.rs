use web_sys::HtmlDialogElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) title: AttrValue,
    /// Called when it is closed without an answer: Escape, or the browser's own way.
    pub(crate) onclose: Callback<()>,
    pub(crate) children: Html,
}

/// A modal dialog: the browser keeps the focus inside, and gives it back afterwards.
#[component]
pub(crate) fn Dialog(props: &Props) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            let shown = dialog.cast::<HtmlDialogElement>();
            if let Some(dialog) = &shown {
                // It is in the document and closed, the only things that could be wrong.
                let _ = dialog.show_modal();
            }
            // Closing, not only removing, gives the focus back.
            move || {
                if let Some(dialog) = shown {
                    dialog.close();
                }
            }
        });
    }
    let oncancel = props.onclose.reform(|event: Event| event.prevent_default());
    html! {
        <dialog class="dialog" ref={dialog} aria-labelledby="dialog-title" {oncancel}>
            <div class="dialog-body">
                <h2 id="dialog-title">{ &props.title }</h2>
                { props.children.clone() }
            </div>
        </dialog>
    }
}
