use super::Icon;
use yew::prelude::*;

/// How loud a button is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Kind {
    #[default]
    Normal,
    Main,
    Danger,
    Plain,
    Link,
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What is written on it.
    pub(crate) label: AttrValue,
    /// Its full name, where the label is too short alone.
    #[prop_or_default]
    pub(crate) name: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) icon: Option<Icon>,
    #[prop_or_default]
    pub(crate) kind: Kind,
    #[prop_or_default]
    pub(crate) disabled: bool,
    /// Whether the label is only read, not shown.
    #[prop_or_default]
    pub(crate) bare: bool,
    /// A class that says on which screens it is.
    #[prop_or_default]
    pub(crate) class: Classes,
    pub(crate) onclick: Callback<()>,
}

#[component]
pub(crate) fn Button(props: &Props) -> Html {
    let kind = match props.kind {
        Kind::Normal => "normal",
        Kind::Main => "main",
        Kind::Danger => "danger",
        Kind::Plain => "plain",
        Kind::Link => "link",
    };
    let onclick = props.onclick.reform(|event: MouseEvent| event.stop_propagation());
    let name = props.name.clone().or_else(|| props.bare.then(|| props.label.clone()));
    html! {
        <button type="button" class={classes!("button", props.class.clone())} data-kind={kind}
            disabled={props.disabled} aria-label={name.clone()}
            title={name.filter(|_| props.bare)} {onclick}>
            { props.icon.map(Icon::html) }
            if !props.bare { { &props.label } }
        </button>
    }
}
