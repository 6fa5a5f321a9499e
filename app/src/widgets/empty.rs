//! A place where nothing is yet: a drawing, a sentence, and the way to the first thing.

use leptos::prelude::*;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Drawing {
    /// A storehouse with an open door.
    Storehouse,
    /// A sheet with nothing on it.
    Sheet,
    /// A lantern that found nothing.
    Lantern,
}

impl Drawing {
    fn path(self) -> &'static str {
        match self {
            Self::Storehouse => {
                "M12 44L60 14l48 30M22 38v46h76V38M46 84V54h28v30M46 54l-12 5v30l12-5M60 25a4.500 4.500 0 100 9 4.500 4.500 0 000-9zM8 84h104M30 48h8M82 48h8M82 56h8"
            }
            Self::Sheet => "M34 12h38l16 16v60H34zM72 12v16h16M46 44h30M46 56h30M46 68h18M20 88h80",
            Self::Lantern => {
                "M60 8v10M44 18h32M46 18c-10 14-10 40 0 54h28c10-14 10-40 0-54M44 72h32M60 72v10M52 82h16M60 34c-5 6-5 12 0 15 5-3 5-9 0-15M20 90h80"
            }
        }
    }
}

/// Says that nothing is here, and what leads on.
#[component]
pub(crate) fn Empty(
    drawing: Drawing,
    #[prop(into)] title: String,
    #[prop(into, optional)] about: Option<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <svg class="drawing" viewBox="0 0 120 96" aria-hidden="true"><path d=drawing.path() /></svg>
            <h2>{title}</h2>
            {about.map(|about| view! { <p>{about}</p> })}
            {children.map(|children| children())}
        </div>
    }
}
