//! The files: models and revision scripts.

mod field;
mod indent;
pub(crate) use field::line_html;
mod problems;
mod tabs;

use yew::prelude::*;

use crate::app::Message;
use crate::session::{Desk, Files, Reading, Shared};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) files: Shared<Files>,
    pub(crate) desk: Shared<Desk>,
    pub(crate) reading: Shared<Reading>,
    pub(crate) read_only: bool,
    pub(crate) send: Callback<Message>,
}

#[component]
pub(crate) fn Editor(props: &Props) -> Html {
    let list = use_node_ref();
    let (area, scroller) = (use_node_ref(), use_node_ref());
    let leaving = use_mut_ref(String::new);
    let path = AttrValue::from(props.desk.active.clone());
    let text = AttrValue::from(props.files.get(&path).unwrap_or_default().to_owned());
    let jump = props.desk.jump.clone().filter(|jump| jump.path == props.desk.active);
    {
        let list = list.clone();
        use_effect_with(path.clone(), move |_| tabs::bring_into_sight(&list));
    }
    {
        let (area, scroller, text) = (area.clone(), scroller.clone(), text.clone());
        use_effect_with(jump.clone(), move |jump| {
            if let Some(jump) = jump {
                field::go_to(&area, &scroller, &text, jump);
            }
        });
    }
    let parts = field::Parts { area, scroller, leaving };
    html! {
        <>
            { tabs::tabs(props, &list) }
            { field::field(props, &path, &text, jump.as_ref(), parts) }
            { problems::problems(props, &path) }
        </>
    }
}
