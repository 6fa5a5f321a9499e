//! Fields of forms, each with its label and, where one is needed, a hint.

use leptos::prelude::*;

use crate::text::say;

/// A labelled control.
#[component]
pub(crate) fn Field(
    /// The control's identifier.
    id: &'static str,
    #[prop(into)] label: String,
    #[prop(into, optional)] hint: Option<String>,
    #[prop(optional)] optional: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>
                {label}
                {optional.then(|| view! { <span class="field-optional">{format!(" ({})", say!(common.optional))}</span> })}
            </label>
            {children()}
            {hint.map(|hint| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
        </div>
    }
}

/// A line of text.
#[component]
pub(crate) fn Input(
    id: &'static str,
    /// The name under which it is sent.
    name: &'static str,
    #[prop(into, optional)] value: String,
    #[prop(optional)] kind: Option<&'static str>,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] hinted: bool,
    #[prop(optional)] shortest: Option<u32>,
    #[prop(optional)] longest: Option<u32>,
    #[prop(optional)] pattern: Option<&'static str>,
    #[prop(optional)] placeholder: Option<&'static str>,
) -> impl IntoView {
    view! {
        <input
            id=id
            name=name
            type=kind.unwrap_or("text")
            value=value
            autocomplete=autocomplete.unwrap_or("off")
            required=required
            autofocus=autofocus
            minlength=shortest
            maxlength=longest
            pattern=pattern
            placeholder=placeholder
            aria-describedby=hinted.then(|| format!("{id}-hint"))
        />
    }
}

/// Text of several lines, as it stands in a file. What was typed before is not shown again.
#[component]
pub(crate) fn FileText(
    id: &'static str,
    /// The name under which it is sent.
    name: &'static str,
    placeholder: &'static str,
) -> impl IntoView {
    view! {
        <textarea id=id name=name rows="4" spellcheck="false" autocomplete="off" placeholder=placeholder aria-describedby=format!("{id}-hint")></textarea>
    }
}

/// One of several, in little space.
#[component]
pub(crate) fn Select(
    id: &'static str,
    name: &'static str,
    /// Values, and what they are called.
    options: Vec<(String, String)>,
    #[prop(into)] value: String,
) -> impl IntoView {
    view! {
        <select id=id name=name>
            {options
                .into_iter()
                .map(|(key, label)| {
                    let selected = key == value;
                    view! { <option value=key selected=selected>{label}</option> }
                })
                .collect::<Vec<_>>()}
        </select>
    }
}

/// Several choices under one name.
#[component]
pub(crate) fn Choices(
    #[prop(into)] legend: String,
    #[prop(into, optional)] hint: Option<String>,
    /// Whether there may be many, and they shall scroll.
    #[prop(optional)]
    many: bool,
    /// Added to the class.
    #[prop(optional)]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <fieldset class=format!("choices {class}")>
            <legend>{legend}</legend>
            {hint.map(|hint| view! { <p class="hint">{hint}</p> })}
            <div class=if many { "choices-many" } else { "choices-few" }>{children()}</div>
        </fieldset>
    }
}

/// One choice: a radio button, or a check box where several can be had.
#[component]
pub(crate) fn Choice(
    name: &'static str,
    #[prop(into)] value: String,
    #[prop(into)] label: String,
    #[prop(into, optional)] hint: Option<String>,
    #[prop(optional)] several: bool,
    #[prop(optional)] disabled: bool,
    checked: bool,
) -> impl IntoView {
    view! {
        <label class="choice">
            <input type=if several { "checkbox" } else { "radio" } name=name value=value checked=checked disabled=disabled />
            <span class="choice-label">{label}</span>
            {hint.map(|hint| view! { <span class="choice-hint">{hint}</span> })}
        </label>
    }
}
