//! Policies, and that of one cluster.

use hozon_model::{Cluster, Policy};

use super::{each, owner, samples};
use crate::{
    actions::PolicyForm,
    flash::{Flash, Form},
    pages,
    text::LOCALES,
};

#[test]
fn policies() {
    let lines = || {
        let on = samples::clusters().remove(0);
        let off = Cluster {
            name: "staging".to_owned(),
            ..on.clone()
        };
        vec![
            pages::policies::Line {
                cluster: on,
                policy: Some(samples::policy()),
                next_run: Some(samples::now()),
                last_run: samples::policy_runs().pop(),
            },
            pages::policies::Line {
                cluster: off,
                policy: None,
                next_run: None,
                last_run: None,
            },
        ]
    };
    each(
        "policies",
        "/policies",
        None,
        move || pages::policies::page(lines()),
        |locale, html| {
            let words: [&str; 3] = [
                "Mon, Thu at 02:30",
                "毎週 月・木 02:30",
                "每周一、周四 02:30",
            ];
            let here = LOCALES
                .iter()
                .zip(words)
                .find(|(known, _)| **known == locale);
            assert!(here.is_some_and(|(_, word)| html.contains(word)), "{html}");
        },
    );
    let told = |policy: Option<Policy>| pages::policy::Told {
        cluster: samples::clusters().remove(0),
        form: PolicyForm::of("demo", &samples::policy().options).offering(["大阪".to_owned()]),
        trying: false,
        preview: Ok((samples::policy().options, samples::policy_preview())),
        runs: policy
            .as_ref()
            .map(|_| samples::policy_runs())
            .unwrap_or_default(),
        longest: 30,
        rights: owner(),
        policy,
    };
    each(
        "policy",
        "/policies/x",
        None,
        move || pages::policy::page(told(Some(samples::policy())), false),
        |_, html| {
            assert!(html.contains("2026") && html.contains("class=\"tag going\""));
            assert!(html.contains("id=\"copy-days-0\"") && html.contains("大阪"));
            assert!(html.contains("hozon policy set demo --weekly mon,thu --at 02:30"));
        },
    );
    each(
        "policy-off",
        "/policies/x?dialog=off",
        None,
        move || pages::policy::page(told(Some(samples::policy())), true),
        |_, html| {
            assert!(html.contains("autofocus") && html.contains("hozon policy off demo"));
        },
    );
    let refused = Flash::Refused(Form::Policy, samples::refusal());
    each(
        "policy-none",
        "/policies/x",
        Some(refused),
        move || pages::policy::page(told(None), false),
        |_, html| {
            assert!(html.contains("role=\"alert\""), "the refusal is not shown");
            assert!(
                !html.contains("/api/pause_policy"),
                "there is nothing to pause"
            );
        },
    );
}
