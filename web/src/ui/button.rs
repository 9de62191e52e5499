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

/// A button. It is no component: there are many, and none has a state.
pub(crate) struct Button {
    label: AttrValue,
    name: Option<AttrValue>,
    icon: Option<Icon>,
    kind: Kind,
    disabled: bool,
    bare: bool,
    class: &'static str,
    onclick: Callback<()>,
}

impl Button {
    /// A normal one with this written on it.
    pub(crate) fn new(label: impl Into<AttrValue>, onclick: Callback<()>) -> Self {
        Self {
            label: label.into(),
            name: None,
            icon: None,
            kind: Kind::Normal,
            disabled: false,
            bare: false,
            class: "",
            onclick,
        }
    }

    /// Its full name, where the label is too short alone.
    pub(crate) fn name(self, name: impl Into<AttrValue>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    pub(crate) fn icon(self, icon: Icon) -> Self {
        Self { icon: Some(icon), ..self }
    }

    pub(crate) fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    pub(crate) fn disabled(self, disabled: bool) -> Self {
        Self { disabled, ..self }
    }

    /// The label is only read, not shown.
    pub(crate) fn bare(self) -> Self {
        Self { bare: true, ..self }
    }

    /// A class that says on which screens it is.
    pub(crate) fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    pub(crate) fn html(self) -> Html {
        let kind = match self.kind {
            Kind::Normal => "normal",
            Kind::Main => "main",
            Kind::Danger => "danger",
            Kind::Plain => "plain",
            Kind::Link => "link",
        };
        let onclick = self.onclick.reform(|event: MouseEvent| event.stop_propagation());
        let name = self.name.or_else(|| self.bare.then(|| self.label.clone()));
        html! {
            <button type="button" class={classes!("button", self.class)} data-kind={kind}
                disabled={self.disabled} aria-label={name.clone()}
                title={name.filter(|_| self.bare)} {onclick}>
                { self.icon.map(Icon::html) }
                if !self.bare { { self.label } }
            </button>
        }
    }
}
