use yew::prelude::*;

/// The pictures on buttons: 16 by 16, drawn in the colour of the text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Icon {
    Plus,
    Top,
    Up,
    Down,
    Bottom,
    Cross,
    Bin,
    Copy,
    Editor,
    Terminal,
    Graph,
    Schema,
    Data,
    Sql,
    Menu,
    Theme,
    In,
    Out,
    Again,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Plus => "M8 3v10M3 8h10",
            Self::Top => "M8 14V6M4.5 9 8 5.5 11.5 9M4 2.5h8",
            Self::Up => "M8 13V4M4 8l4-4 4 4",
            Self::Down => "M8 3v9M4 8l4 4 4-4",
            Self::Bottom => "M8 2v8M4.5 7 8 10.5 11.5 7M4 13.5h8",
            Self::Cross => "M4 4l8 8M12 4l-8 8",
            Self::Bin => "M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.5 9h6l.5-9M7 7v4M9 7v4",
            Self::Copy => "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
            Self::Editor => "M3 2.5h7l3 3v8H3zM5.5 7h5M5.5 9.5h5M5.5 12h3",
            Self::Terminal => "M2 3h12v10H2zM4.5 6l2 2-2 2M8 10.5h3.5",
            Self::Graph => "M5 4.5v7M5 8c4 0 6-1 6-3M5 2.5v2M11 3v2M5 11.5v2",
            Self::Schema => "M2 3h5v4H2zM9 9h5v4H9zM7 5h4.5v4",
            Self::Data => "M2 3h12v10H2zM2 6.3h12M2 9.6h12M6.5 3v10",
            Self::Sql => "M2.5 4.5h11M2.5 8h7M2.5 11.5h9",
            Self::Menu => "M2.5 4h11M2.5 8h11M2.5 12h11",
            Self::Theme => "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11z",
            Self::In => "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 11v2.5h11V11",
            Self::Out => "M8 10.5V2M4.5 5.5 8 2l3.5 3.5M2.5 11v2.5h11V11",
            Self::Again => "M13 8a5 5 0 1 1-1.5-3.6M13 2.5v3h-3",
        }
    }

    pub(crate) fn html(self) -> Html {
        html! {
            <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor"
                stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round">
                <path d={self.path()} />
                if self == Self::Theme {
                    <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" />
                }
            </svg>
        }
    }
}
