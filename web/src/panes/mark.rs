use yew::prelude::*;

/// The cap of an alembic with its beak, and the drop that leaves it. index.html has the same drawing.
pub(crate) fn mark() -> Html {
    html! {
        <svg viewBox="0 0 32 32" aria-hidden="true" fill="none" stroke="currentColor"
            stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
            <path d="M5 27h14M7 27c-1.5-2-2-4-2-5.500 0-3.500 3-5.500 3-8.500h8c0 3 3 5 3 8.500 0 1.500-.500 3.500-2 5.500" />
            <path d="M8 13C7 8 9 4.500 13 4.500c4.500 0 7 2 9.500 6.500l4.500 7.500" />
            <path d="M16 13c2.500 0 4-1 5.500-3.500" />
            <path d="M28 23.500c1.200 1.700 1.200 3.500-.500 3.500s-1.700-1.800-.500-3.500l.500-.800z" fill="currentColor" />
        </svg>
    }
}
