//! What is asked of a policy: days, time and zone, and what is kept.

use hozon_model::{Action, PolicyCopy, PolicyState, Resource};
use leptos::{prelude::*, server_fn::ServerFn};

use super::Told;
use crate::{
    actions::{COPIES, CopyField, KEEPS, PolicyForm, SetPolicy, WEEKDAYS},
    flash::{Flash, Form},
    format::{call::Known, command::Verb},
    text::{self, say},
    widgets::{Button, Choice, Choices, Command, Field, Input, Look, Problem, Withheld},
};

/// Zones that name no place, or name one twice.
const NO_PLACES: [&str; 5] = ["posix/", "right/", "Etc/", "SystemV/", "US/"];

/// The form. It is saved by its first button; the second one only shows what would come of it.
#[component]
pub(super) fn Asked(told: Told, here: String) -> impl IntoView {
    let on = told.policy.is_some();
    let form = told.form;
    let mut fields = form.fields();
    if on {
        fields.push(("replaces".to_owned(), "on".to_owned()));
    }
    // What is not said stays as it was: that there shall be no copies any more must be said.
    let copied = told
        .policy
        .as_ref()
        .is_some_and(|policy| !policy.options.copies.is_empty());
    if copied {
        fields.push(("copied".to_owned(), "on".to_owned()));
    }
    let cluster = form.cluster.clone();
    // Setting a policy by `/v2` resumes one that is paused; the form leaves it paused.
    let paused = told
        .policy
        .as_ref()
        .is_some_and(|policy| policy.state == PolicyState::Paused);
    let known = (!paused).then(|| Known::of(&told.cluster.id));
    let submit = if on {
        say!(policy.save)
    } else {
        say!(policy.switch_on)
    };
    let save = match told.rights.missing(Resource::Policy, Action::Edit) {
        Some(missing) => {
            view! { <Withheld id="why-not-save" look=Look::Primary label=submit missing /> }
                .into_any()
        }
        None => view! { <Button look=Look::Primary label=submit /> }.into_any(),
    };
    view! {
        <form method="post" action=SetPolicy::url() class="sheet policy-form" novalidate>
            {Flash::refusal(Form::Policy).map(|report| view! { <Problem report title=say!(problem.refused) /> })}
            <input type="hidden" name="cluster" value=cluster />
            {on.then(|| view! { <input type="hidden" name="replaces" value="on" /> })}
            {copied.then(|| view! { <input type="hidden" name="copied" value="on" /> })}
            <Days form=form.clone() />
            <Keeps keeps=form.keeps longest=told.longest />
            <Copies copies=form.copies />
            <Command verb=Verb::Policy fields known />
            <footer class="sheet-buttons">
                <button class="button" formmethod="get" formaction=here formnovalidate>{say!(policy.show)}</button>
                {save}
            </footer>
            {(!on).then(|| view! { <p class="hint">{say!(policy.first_backup)}</p> })}
        </form>
    }
}

/// On which days, when, and in which zone; style shows what belongs to the kind of schedule.
#[component]
fn Days(form: PolicyForm) -> impl IntoView {
    let kind = form.kind.clone();
    let choice = move |value: &'static str, label: &'static str| {
        view! { <Choice name="kind" value label checked=kind == value /> }
    };
    let weekdays: Vec<_> = (1..=7)
        .map(|day: u8| {
            let value = day.to_string();
            let checked = form.weekdays.contains(&value);
            view! { <Choice name=WEEKDAYS value label=text::weekday(day) several=true checked /> }
        })
        .collect();
    view! {
        <fieldset class="sheet-part">
            <legend>{say!(policy.schedule)}</legend>
            <Choices legend=say!(policy.kind)>
                {choice("weekly", say!(policy.weekly))}
                {choice("monthly", say!(policy.monthly))}
                {choice("cron", say!(policy.cron))}
            </Choices>
            <Choices legend=say!(policy.weekdays) class="for-weekly weekdays">{weekdays}</Choices>
            <div class="for-monthly">
                <Field id="day" label=say!(policy.day) hint=say!(policy.day_hint)>
                    <Count id="day" value=form.day least=1 most=31 hinted=true />
                </Field>
            </div>
            <div class="for-cron">
                <Field id="cron" label=say!(policy.cron) hint=say!(policy.cron_hint)>
                    <Input id="cron" name="cron" value=form.cron hinted=true longest=200 />
                </Field>
            </div>
            <div class="pair">
                <div class="for-clock">
                    <Field id="at" label=say!(policy.at)>
                        <Input id="at" name="at" kind="time" value=form.at />
                    </Field>
                </div>
                <Field id="zone" label=say!(policy.zone) hint=say!(policy.zone_hint)>
                    <Zone value=form.zone />
                </Field>
            </div>
            <div class="for-weekly">
                <Choice name="window" value="on" label=say!(policy.window) hint=say!(policy.window_hint) several=true checked=!form.window.is_empty() />
            </div>
        </fieldset>
    }
}

/// A name of a zone, with those that there are to choose from.
#[component]
fn Zone(value: String) -> impl IntoView {
    let mut names: Vec<String> = jiff::tz::db()
        .available()
        .map(|name| name.to_string())
        .filter(|name| {
            name == "UTC"
                || name.contains('/') && !NO_PLACES.iter().any(|start| name.starts_with(start))
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    view! {
        <input id="zone" name="zone" type="text" value=value required list="zones" autocomplete="off" aria-describedby="zone-hint" />
        <datalist id="zones">
            {names.into_iter().map(|name| view! { <option value=name></option> }).collect::<Vec<_>>()}
        </datalist>
    }
}

/// For how long, and how many beyond that.
#[component]
fn Keeps(keeps: [String; 6], longest: u32) -> impl IntoView {
    let [days, last, daily, weekly, monthly, yearly] = keeps;
    let hint = say!(policy.keep_days_hint, most = longest).to_string();
    let rule = |id: &'static str, label: &'static str, value: String| {
        view! {
            <Field id label>
                <Count id value least=0 most=10_000 />
            </Field>
        }
    };
    view! {
        <fieldset class="sheet-part">
            <legend>{say!(policy.retention)}</legend>
            <Field id=KEEPS[0] label=say!(policy.keep_days) hint>
                <Count id=KEEPS[0] value=days least=1 most=longest hinted=true />
            </Field>
            <p class="hint">{say!(policy.keep_about)}</p>
            <div class="counts">
                {rule(KEEPS[1], say!(policy.keep_last), last)}
                {rule(KEEPS[2], say!(policy.keep_daily), daily)}
                {rule(KEEPS[3], say!(policy.keep_weekly), weekly)}
                {rule(KEEPS[4], say!(policy.keep_monthly), monthly)}
                {rule(KEEPS[5], say!(policy.keep_yearly), yearly)}
            </div>
        </fieldset>
    }
}

/// Where each backup is copied to, and for how long it stays there.
#[component]
fn Copies(copies: Vec<CopyField>) -> impl IntoView {
    let none = copies
        .is_empty()
        .then(|| view! { <p class="hint">{say!(copies.none)}</p> });
    let lines: Vec<_> = copies
        .into_iter()
        .enumerate()
        .map(|(number, copy)| view! { <CopyLine number copy /> })
        .collect();
    view! {
        <fieldset class="sheet-part">
            <legend>{say!(policy.copies)}</legend>
            <p class="hint">{say!(policy.copies_about)}</p>
            {none}
            {lines}
        </fieldset>
    }
}

/// One repository. The hidden field keeps name and days together, whether it is chosen or not.
#[component]
fn CopyLine(number: usize, copy: CopyField) -> impl IntoView {
    let CopyField {
        repository,
        days,
        chosen,
    } = copy;
    let id = format!("copy-days-{number}");
    let label = say!(policy.copy_days, name = repository.clone()).to_string();
    view! {
        <div class="pair">
            <Choice name=COPIES[0] value=repository.clone() label=repository.clone() several=true checked=chosen />
            <div class="field">
                <label for=id.clone()>{label}</label>
                <input type="hidden" name=COPIES[1] value=repository />
                <input id=id name=COPIES[2] type="number" inputmode="numeric" min=1 max=PolicyCopy::MOST_DAYS value=days />
            </div>
        </div>
    }
}

/// A whole number, sent under its identifier.
#[component]
fn Count(
    id: &'static str,
    value: String,
    least: u32,
    most: u32,
    #[prop(optional)] hinted: bool,
) -> impl IntoView {
    view! {
        <input
            id=id
            name=id
            type="number"
            inputmode="numeric"
            min=least
            max=most
            value=value
            aria-describedby=hinted.then(|| format!("{id}-hint"))
        />
    }
}
