//! Language, theme and account: each a form, so that they work before (or without) any script.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    actions::{SetLanguage, SetTheme, SignOut},
    session,
    text::{self, LOCALES, say},
    visit::{Address, Theme, Visit},
    widgets::{Glyph, Icon},
};

/// The languages, each by its own name.
#[component]
pub(super) fn LanguageSwitch(id: &'static str) -> impl IntoView {
    let visit = Visit::current();
    view! {
        <button type="button" class="rail-button" popovertarget=id title=say!(nav.language)>
            <Icon glyph=Glyph::Globe />
            <span class="only-heard">{say!(nav.language)}": "</span>
            <span class="rail-word">{text::own_name(visit.locale)}</span>
        </button>
        <form class="menu upward" popover id=id method="post" action=SetLanguage::url()>
            <input type="hidden" name="back" value=visit.address.to_string() />
            <ul>
                {LOCALES
                    .into_iter()
                    .map(|locale| {
                        let current = locale == visit.locale;
                        view! {
                            <li>
                                <button name="language" value=text::tag(locale) lang=text::tag(locale) aria-current=current.then_some("true")>
                                    {current.then(|| view! { <Icon glyph=Glyph::Check /> })}
                                    {text::own_name(locale)}
                                </button>
                            </li>
                        }
                    })
                    .collect::<Vec<_>>()}
            </ul>
        </form>
    }
}

/// As the system has it, light, or dark.
#[component]
pub(super) fn ThemeSwitch() -> impl IntoView {
    let visit = Visit::current();
    let name = |theme| match theme {
        Theme::Auto => say!(nav.theme_auto),
        Theme::Light => say!(nav.theme_light),
        Theme::Dark => say!(nav.theme_dark),
    };
    view! {
        <button type="button" class="rail-button" popovertarget="rail-theme" title=say!(nav.theme)>
            <Icon glyph=Glyph::Moon />
            <span class="only-heard">{say!(nav.theme)}": "</span>
            <span class="rail-word">{name(visit.theme)}</span>
        </button>
        <form class="menu upward" popover id="rail-theme" method="post" action=SetTheme::url()>
            <input type="hidden" name="back" value=visit.address.to_string() />
            <ul>
                {Theme::ALL
                    .into_iter()
                    .map(|theme| {
                        let current = theme == visit.theme;
                        view! {
                            <li>
                                <button name="theme" value=theme.as_str() aria-current=current.then_some("true")>
                                    {current.then(|| view! { <Icon glyph=Glyph::Check /> })}
                                    {name(theme)}
                                </button>
                            </li>
                        }
                    })
                    .collect::<Vec<_>>()}
            </ul>
        </form>
    }
}

/// Who is signed in, and the way out; for those who are not, the way in, and back to where they are.
#[component]
pub(super) fn AccountMenu() -> impl IntoView {
    let Some(user) = session::user() else {
        let next = Visit::current().address.to_string();
        let href = Address::new("/sign-in").with("next", next).to_string();
        return view! {
            <a class="rail-button" href=href title=say!(sign_in.title)>
                <Icon glyph=Glyph::Person />
                <span class="rail-word">{say!(sign_in.title)}</span>
            </a>
        }
        .into_any();
    };
    let roles = text::roles(&user.grants);
    view! {
            <button type="button" class="rail-button" popovertarget="rail-account" title=say!(nav.account)>
                <Icon glyph=Glyph::Person />
                <span class="only-heard">{say!(nav.account)}": "</span>
                <span class="rail-word">{user.name.clone()}</span>
            </button>
            <form class="menu upward" popover id="rail-account" method="post" action=SignOut::url()>
                <p class="menu-head">
                    <strong>{user.name}</strong>
                    <span>{roles}</span>
                </p>
                <ul>
                    <li>
                        <button><Icon glyph=Glyph::Exit />{say!(nav.sign_out)}</button>
                    </li>
                </ul>
            </form>
    }
    .into_any()
}
