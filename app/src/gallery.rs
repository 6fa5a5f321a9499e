//! Pages made from sample data, in every language: a test that they can be made, and pictures to look at.
//!
//! Written to `target/gallery/*.html`, beside which the built styles lie in `target/site`.

mod access;
mod projects;
mod samples;

use std::{fs, path::PathBuf, sync::Arc};

use hozon_model::{Page as ListPage, Policy, Role};
use hydration_context::SsrSharedContext;
use leptos::prelude::*;

use self::samples::{backup, backups, failed_job, jobs, restore_plan, running_job, user};
use crate::{
    actions::{KeyForm, PolicyForm},
    flash::{Done, Flash, Form},
    help::Guide,
    layout::{Page, Section},
    made_key::MadeKey,
    pages,
    rights::Rights,
    session::IdentityProvider,
    text::{self, LOCALES, Locale, say, say_in},
    visit::{Address, Theme, Visit},
};

fn visit(locale: Locale, theme: Theme, path: &str) -> Visit {
    let uri = path.parse().expect("a path");
    Visit {
        locale,
        theme,
        zone: jiff::tz::TimeZone::get("Asia/Tokyo").expect("a zone"),
        now: samples::now(),
        address: Address::of(&uri),
    }
}

/// The rights of somebody who may do everything.
fn owner() -> Rights {
    Rights::of_role(&Role::OrganizationOwner)
}

/// Those of somebody who only looks.
fn reader() -> Rights {
    Rights::of_role(&Role::ReadOnly)
}

/// Renders a page as the server would, around a context that the server would give.
fn render<V: IntoView + 'static>(
    visit: Visit,
    flash: Option<Flash>,
    page: impl FnOnce() -> V + Send + 'static,
) -> String {
    let (lang, theme) = (text::tag(visit.locale), visit.theme.as_str());
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let body = owner.with(|| {
        provide_context(visit);
        provide_context(Some(user()));
        provide_context(flash);
        leptos_meta::provide_meta_context();
        page().into_view().to_html()
    });
    format!(
        "<!DOCTYPE html><html lang=\"{lang}\" data-theme=\"{theme}\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"stylesheet\" href=\"../site/pkg/hozon.css\"><body>{body}</body></html>"
    )
}

fn keep(name: &str, locale: Locale, theme: Theme, html: &str) {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/gallery");
    fs::create_dir_all(&directory).expect("a directory under target");
    let path = directory.join(format!(
        "{name}-{}-{}.html",
        text::tag(locale),
        theme.as_str()
    ));
    fs::write(&path, html).expect("a file under target");
}

/// Every page in every language and both themes; `check` sees each.
fn each(
    name: &str,
    path: &'static str,
    flash: Option<Flash>,
    page: impl Fn() -> AnyView + Clone + Send + 'static,
    check: impl Fn(Locale, &str),
) {
    for locale in LOCALES {
        for theme in [Theme::Light, Theme::Dark] {
            let page = page.clone();
            let html = render(visit(locale, theme, path), flash.clone(), page);
            keep(name, locale, theme, &html);
            assert!(
                !html.contains("{{"),
                "{name} in {locale:?} has a word with a hole"
            );
            check(locale, &html);
        }
    }
}

#[test]
fn the_list_of_backups() {
    let page = || {
        let list = ListPage {
            items: backups(),
            total: 131,
            page: 2,
            page_size: 25,
        };
        view! {
            <Page section=Section::Backups title=say!(backups.title) about=say!(backups.about) action=pages::backups::create_link("/backups?dialog=create".to_owned(), pages::backups::Lacking::default()).into_any()>
                {pages::backups::filtered_list(list, Address::new("/backups").with("state", "available"), Vec::new())}
            </Page>
        }
        .into_any()
    };
    each(
        "backups",
        "/backups?state=available",
        Some(Flash::Done(Done::Backup)),
        page,
        |locale, html| {
            for backup in backups() {
                assert!(
                    html.contains(&backup.name),
                    "{locale:?} lacks {}",
                    backup.name
                );
            }
        },
    );
}

#[test]
fn nothing_yet() {
    let page = || {
        view! { <Page section=Section::Backups title=say!(backups.title)>{pages::backups::nothing_yet(false, "/".to_owned(), pages::backups::Lacking::default())}</Page> }.into_any()
    };
    each("empty", "/backups", None, page, |_, html| {
        assert!(html.contains("class=\"drawing\""));
    });
}

#[test]
fn one_backup_with_its_dialogs() {
    let here = || Address::new("/backups/backup0_0123456789abcde");
    each(
        "backup",
        "/backups/x",
        None,
        move || pages::backup::page(backup(), jobs(), &owner(), &here(), None),
        |_, html| {
            assert!(html.contains("medium_articles") && html.contains("蔵書"));
        },
    );
    let verify = move || {
        let dialog = pages::backup::verify::dialog(&backup().summary, &Address::default(), &here());
        pages::backup::page(backup(), jobs(), &owner(), &here(), Some(dialog))
    };
    each(
        "verify",
        "/backups/x?dialog=verify",
        None,
        verify,
        |_, html| {
            assert!(html.contains("hozon backup verify backup0_0123456789abcde --level read"));
            let path = "in01-0123456789abcde/backups/backup0_0123456789abcde/verify";
            assert!(html.contains(&format!(
                "curl -X POST http://localhost:8790/v2/clusters/{path}"
            )));
        },
    );
    let delete = move || {
        let dialog = pages::backup::delete::confirmation(
            &backup().summary,
            Ok(samples::delete_plan()),
            &here(),
        );
        pages::backup::page(backup(), jobs(), &owner(), &here(), Some(dialog))
    };
    each(
        "delete",
        "/backups/x?dialog=delete",
        None,
        delete,
        |_, html| {
            assert!(html.contains("autofocus") && html.contains("1,204"));
        },
    );
    let restore = move || {
        let dialog = pages::backup::restore::at_options(
            &backup(),
            samples::clusters(),
            &here(),
            &Address::default(),
        );
        pages::backup::page(backup(), jobs(), &owner(), &here(), Some(dialog))
    };
    each(
        "restore",
        "/backups/x?dialog=restore",
        None,
        restore,
        |_, html| assert!(html.contains("_restored") || html.contains("suffix")),
    );
    let review = move || {
        let dialog = pages::backup::restore::at_review(
            &backup(),
            Ok(restore_plan()),
            &samples::clusters(),
            &here(),
            &Address::default(),
        );
        pages::backup::page(backup(), jobs(), &owner(), &here(), Some(dialog))
    };
    each(
        "review",
        "/backups/x?dialog=restore&step=review",
        None,
        review,
        |_, html| {
            assert!(
                html.contains("disabled"),
                "a restore that would be refused can be asked for"
            );
        },
    );
}

#[test]
fn what_may_not_be_done_is_shown_with_the_privilege_that_is_missing() {
    let here = || Address::new("/backups/backup0_0123456789abcde");
    each(
        "backup-reader",
        "/backups/x",
        None,
        move || pages::backup::page(backup(), jobs(), &reader(), &here(), None),
        |_, html| {
            for action in ["edit", "delete", "verify", "export", "restore"] {
                assert!(html.contains(&format!("backup:{action}")), "{action}");
            }
            assert!(!html.contains("dialog=delete") && !html.contains("/api/pin_backup"));
        },
    );
    each(
        "job-reader",
        "/jobs/x",
        None,
        || pages::job::page(running_job(), &reader(), None),
        |_, html| assert!(html.contains("job:cancel") && !html.contains("/api/cancel_job")),
    );
}

#[test]
fn creating_a_backup() {
    let page = || {
        let query = Address::of(
            &"/backups?dialog=create&scope=collections&name=%E6%AF%8E%E6%97%A5"
                .parse()
                .expect("a path"),
        )
        .query;
        let dialog = pages::backups::create::form(
            &query,
            "/backups".to_owned(),
            &samples::clusters(),
            Ok(samples::collections()),
        );
        view! { <Page section=Section::Backups title=say!(backups.title) dialog=Some(dialog)>{pages::backups::nothing_yet(false, "/".to_owned(), pages::backups::Lacking::default())}</Page> }.into_any()
    };
    let refused = Flash::Refused(Form::Create, samples::refusal());
    each(
        "create",
        "/backups?dialog=create",
        Some(refused),
        page,
        |_, html| {
            assert!(html.contains("毎日"), "what was typed is lost");
            assert!(html.contains("role=\"alert\""), "the refusal is not shown");
        },
    );
}

#[test]
fn jobs_and_one_job() {
    let list = || {
        view! { <Page section=Section::Jobs title=say!(jobs.title)><pages::jobs::JobsTable jobs=jobs() /></Page> }.into_any()
    };
    each("jobs", "/jobs", None, list, |_, html| {
        assert!(html.contains("42 %"));
    });
    each(
        "job",
        "/jobs/x",
        None,
        || pages::job::page(running_job(), &owner(), None),
        |locale, html| {
            let words: [&str; 3] = ["Copying files", "ファイルをコピー中", "正在复制文件"];
            assert!(
                LOCALES
                    .iter()
                    .zip(words)
                    .any(|(known, word)| *known == locale && html.contains(word))
            );
        },
    );
    each(
        "failed",
        "/jobs/x",
        None,
        || pages::job::page(failed_job(), &owner(), None),
        |locale, html| {
            assert!(html.contains(text::sentence(
                locale,
                hozon_model::ErrorCode::SourceFileVanished
            )));
        },
    );
}

#[test]
fn the_door() {
    each(
        "sign-in",
        "/sign-in",
        None,
        || view! { <pages::sign_in::SignInPage /> }.into_any(),
        |_, html| {
            assert!(html.contains("current-password"));
        },
    );
    each(
        "sign-in-provider",
        "/sign-in?next=%2Fjobs&provider=refused",
        None,
        || {
            provide_context(IdentityProvider(Some("Example".to_owned())));
            view! { <pages::sign_in::SignInPage /> }.into_any()
        },
        |locale, html| {
            assert!(html.contains("/oidc/sign-in?next=%2Fjobs") && html.contains("Example"));
            let refused = hozon_model::ErrorCode::IdentityRefused;
            assert!(html.contains(text::sentence(locale, refused)));
        },
    );
    each(
        "sign-in-code",
        "/sign-in/code",
        Some(Flash::Refused(Form::SignInCode, samples::refusal())),
        || pages::sign_in_code::page("/jobs".to_owned()),
        |_, html| {
            assert!(html.contains("one-time-code") && html.contains("role=\"alert\""));
            assert!(html.contains("/sign-in?next=%2Fjobs"));
        },
    );
    each(
        "welcome",
        "/welcome/x",
        None,
        || pages::welcome::invitation("x".to_owned(), &user()),
        |_, html| {
            assert!(html.contains("minlength=\"12\""));
        },
    );
    each(
        "set-up",
        "/set-up?token=x",
        Some(Flash::Refused(Form::SetUp, samples::refusal())),
        || {
            let set = pages::set_up::Set {
                repository: "s3://backups/hozon".to_owned(),
                listen: Some(([0, 0, 0, 0], 8790).into()),
                tls: false,
            };
            pages::set_up::form("x".to_owned(), "admin".to_owned(), set)
        },
        |locale, html| {
            assert!(html.contains("value=\"admin\"") && html.contains("minlength=\"12\""));
            assert!(html.contains("0.0.0.0:8790") && html.contains("s3://backups/hozon"));
            assert!(html.contains(say_in!(locale, set_up.in_the_clear)));
            assert!(html.contains("role=\"alert\""));
        },
    );
    each(
        "set-up-waiting",
        "/set-up?wait=3",
        None,
        || pages::set_up::waiting(Some(3)),
        |_, html| {
            assert!(html.contains("hozon serve") && html.contains("hozon admin link"));
            assert!(html.contains("role=\"alert\"") && !html.contains("type=\"password\""));
        },
    );
    each(
        "set-up-wrong",
        "/set-up?token=x",
        None,
        pages::set_up::wrong,
        |_, html| assert!(html.contains("hozon admin link")),
    );
    each(
        "set-up-over",
        "/set-up",
        None,
        pages::set_up::over,
        |_, html| assert!(html.contains("href=\"/sign-in\"")),
    );
    each(
        "not-found",
        "/nowhere",
        None,
        || view! { <pages::not_found::NotFound /> }.into_any(),
        |_, html| assert!(html.contains("/backups")),
    );
}

#[test]
fn clusters() {
    each(
        "cluster",
        "/clusters/x",
        None,
        || pages::cluster::page(projects::cluster_told(true, false)),
        |_, html| {
            assert!(html.contains("class=\"checks\""));
        },
    );
    each(
        "cluster-add",
        "/clusters/new?name=demo",
        None,
        || {
            let query = Address::new("/").with("name", "demo").query;
            pages::cluster_add::page(&query, projects::projects())
        },
        |_, html| {
            assert!(
                html.contains("value=\"demo\"") && !html.contains("type=\"password\" value=\"d")
            );
            assert!(
                html.contains("id=\"ca_certificate\"") && html.contains("hozon cluster add demo")
            );
        },
    );
}

#[test]
fn integrations_and_an_export() {
    each(
        "integrations",
        "/integrations",
        None,
        || pages::integrations::page(samples::integrations(), None),
        |_, html| assert!(html.contains("書庫") && html.contains("s3://exports/hozon")),
    );
    each(
        "integration",
        "/integrations/x",
        None,
        || {
            let integration = samples::integrations().remove(0);
            let policy = Some("{ \"Version\": \"2012-10-17\" }".to_owned());
            let missing = pages::integration::Lacking::default();
            pages::integration::page(
                integration,
                policy,
                missing,
                Some(Ok(samples::probe())),
                None,
            )
        },
        |_, html| assert!(html.contains("If-None-Match") && html.contains("2012-10-17")),
    );
    let refused = Flash::Refused(Form::Integration, samples::refusal());
    each(
        "integration-add",
        "/integrations/new?provider=s3_compatible",
        Some(refused),
        || {
            let query = Address::new("/")
                .with("provider", "s3_compatible")
                .with("name", "書庫")
                .with("tried", "pfsss")
                .query;
            pages::integration_add::page(&query, None, projects::projects())
        },
        |_, html| {
            assert!(html.contains("value=\"書庫\"") && html.contains("id=\"endpoint\""));
            assert!(html.contains("id=\"project\"") && html.contains("hozon integration add"));
        },
    );
    for (name, integrations) in [
        ("export", samples::integrations()),
        ("export-none", Vec::new()),
    ] {
        let page = move || {
            let here = Address::new("/backups/x");
            let form = crate::actions::ExportForm::of(&here.query, "backup0_1");
            let region = Some("ap-northeast-1".to_owned());
            let summary = backup().summary;
            let dialog = pages::backup::export::form(&summary, region, &integrations, form, &here);
            pages::backup::page(backup(), jobs(), &owner(), &here, Some(dialog))
        };
        each(name, "/backups/x?dialog=export", None, page, |_, html| {
            assert!(html.contains("ap-northeast-1") || html.contains("/integrations/new"));
        });
    }
}

#[test]
fn an_adoption() {
    for (name, path) in [
        ("adopt", "/backups/adopt"),
        (
            "adopt-found",
            "/backups/adopt?integration=own&within=exports",
        ),
        (
            "adopt-dialog",
            "/backups/adopt?integration=own&dialog=adopt&directory=exports%2Fb&backup=backup0_1",
        ),
    ] {
        let page = move || {
            let uri = path.parse().expect("a path");
            let query = Address::of(&uri).query;
            let found = query.get("integration").map(|_| Ok(samples::archives()));
            let form = crate::actions::AdoptForm::of(&query);
            let asked = query.get("dialog").is_some();
            let integrations = samples::integrations();
            pages::adopt::page(&integrations, &samples::clusters(), form, found, asked)
        };
        each(name, path, None, page, |_, html| {
            assert!(html.contains("書庫"));
            assert_eq!(html.contains("手作り"), path.contains('?'));
            assert_eq!(html.contains("id=\"adopt-name\""), path.contains("dialog"));
        });
    }
}

#[test]
fn help() {
    each(
        "help",
        "/en/help",
        None,
        pages::help::guides_page,
        |locale, html| {
            for guide in Guide::ALL {
                assert!(html.contains(&guide.href(locale)), "{}", guide.slug());
            }
        },
    );
    each(
        "guide",
        "/en/help/restore",
        None,
        || pages::help::guide_page(Guide::Restore),
        |_, html| {
            assert!(html.contains("<h2 id=\"names\">") && html.contains("href=\"#names\""));
        },
    );
}

#[test]
fn policies() {
    let lines = || {
        let on = samples::clusters().remove(0);
        let off = hozon_model::Cluster {
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

fn key_lines() -> Vec<pages::access_keys::Line> {
    let places = pages::access::places::Places {
        projects: Vec::new(),
        clusters: samples::clusters(),
    };
    let line = |key: hozon_model::ApiKey| pages::access_keys::Line {
        grants: places.grants(&key.grants),
        expired: key.expires_at.is_some(),
        may_remove: key.expires_at.is_none(),
        key,
    };
    samples::api_keys().into_iter().map(line).collect()
}

#[test]
fn api_keys() {
    let told = |made: Option<MadeKey>, may_make: bool| pages::access_keys::Told {
        keys: Ok(key_lines()),
        made,
        may_make,
        address: "http://localhost:8790".to_owned(),
    };
    each(
        "keys",
        "/access/keys",
        None,
        move || pages::access_keys::page(told(None, false), None),
        |locale, html| {
            for shown in [
                "key:create",
                "key:delete",
                "terraform",
                "class=\"badge bad\"",
            ] {
                assert!(html.contains(shown), "{locale:?} lacks {shown}");
            }
            assert!(!html.contains("Bearer"));
        },
    );
    let made = MadeKey {
        name: "夜間ジョブ".to_owned(),
        secret: "hozon_0123456789".to_owned(),
    };
    each(
        "key-made",
        "/access/keys",
        Some(Flash::Done(Done::Key)),
        move || pages::access_keys::page(told(Some(made.clone()), true), None),
        |_, html| {
            assert!(html.contains("Authorization: Bearer hozon_0123456789"));
            assert!(html.contains("http://localhost:8790/v2/backups"));
        },
    );
    let nothing = || pages::access_keys::Told {
        keys: Ok(Vec::new()),
        made: None,
        may_make: true,
        address: String::new(),
    };
    each(
        "keys-none",
        "/access/keys",
        None,
        move || pages::access_keys::page(nothing(), None),
        |_, html| assert!(html.contains("class=\"empty\"") && html.contains("/access/keys/new")),
    );
    let refused = Flash::Refused(Form::Key, samples::refusal());
    each(
        "key-add",
        "/access/keys/new",
        Some(refused),
        || {
            let query = Address::new("/").with("project", "search").query;
            let missing = hozon_model::Privilege::new(
                hozon_model::Resource::Key,
                hozon_model::Action::Create,
            );
            let (roles, places) = (
                vec![access::keepers()],
                pages::access::places::Places::default(),
            );
            pages::access_keys::add::page(KeyForm::of(&query), roles, places, Some(missing))
        },
        |_, html| {
            assert!(html.contains("hozon key create --role read_only@search --days 90"));
            assert!(html.contains("保管係") && html.contains("role=\"alert\""));
            assert!(!html.contains("value=\"organization_owner\""));
        },
    );
}

#[test]
fn sessions_and_the_reference_of_the_apis() {
    let told = |others| pages::access_sessions::Told {
        own: samples::sessions(),
        here: Some("here".to_owned()),
        others,
        may_end: false,
        two_steps: samples::two_steps(false),
    };
    each(
        "sessions",
        "/access/sessions",
        None,
        move || pages::access_sessions::page(told(Some(samples::sessions())), None, None),
        |_, html| {
            assert!(html.contains("/api/end_session") && html.contains("/api/end_other_sessions"));
            assert!(html.contains("user:edit") && html.contains("10.0.0.90"));
        },
    );
    let refused = Flash::Refused(Form::Password, samples::refusal());
    each(
        "password",
        "/access/sessions?dialog=password",
        Some(refused),
        move || pages::access_sessions::page(told(None), None, Some("password")),
        |_, html| {
            assert!(html.contains("user:view") && html.contains("current-password"));
            assert!(html.contains("role=\"alert\""), "the refusal is not shown");
        },
    );
    each(
        "two-steps",
        "/access/sessions?dialog=two-steps",
        Some(Flash::Refused(Form::ConfirmTotp, samples::refusal())),
        move || pages::access_sessions::page(told(None), None, Some("two-steps")),
        |_, html| {
            assert!(html.contains("class=\"qr\"") && html.contains("GEZDGNBVGY3TQOJQ"));
            assert!(html.contains("/api/confirm_totp") && html.contains("role=\"alert\""));
        },
    );
    each(
        "two-steps-off",
        "/access/sessions?dialog=two-steps-off",
        None,
        move || {
            let told = pages::access_sessions::Told {
                two_steps: samples::two_steps(true),
                ..told(None)
            };
            pages::access_sessions::page(told, None, Some("two-steps-off"))
        },
        |_, html| {
            assert!(html.contains("/api/end_totp") && html.contains("abcd-efgh-ijkl-mnop"));
            assert!(!html.contains("/api/begin_totp"));
        },
    );
    each(
        "api-reference",
        "/access/api?api=api/v1",
        None,
        || {
            let (served, address) = (samples::served_apis(), "http://localhost:8790");
            pages::access_api::page(&served, Some("api/v1"), address, Theme::Dark)
        },
        |_, html| {
            assert!(html.contains("/api/v1/docs/index.html?theme=dark"));
            assert!(html.contains("curl http://localhost:8790/api/v1/list"));
        },
    );
}
