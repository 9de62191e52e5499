//! The files: models and revision scripts.

mod field;
mod indent;
pub(crate) use field::line_html;
mod problems;
mod tabs;

use yew::prelude::*;

use crate::app::Message;
use crate::session::{Desk, Files, Reading, Shared};
use field::Field;
use tabs::FileTabs;

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
    let path = AttrValue::from(props.desk.active.clone());
    let text = AttrValue::from(props.files.get(&path).unwrap_or_default().to_owned());
    let jump = props.desk.jump.clone().filter(|jump| jump.path == props.desk.active);
    html! {
        <>
            <FileTabs desk={props.desk.clone()} reading={props.reading.clone()}
                read_only={props.read_only} send={props.send.clone()} />
            <Field key={path.to_string()} path={path.clone()} {text} reading={props.reading.clone()}
                {jump} read_only={props.read_only} send={props.send.clone()} />
            { problems::problems(props, &path) }
        </>
    }
}
