//! Members and roles.

use std::collections::BTreeSet;

use hozon_model::{
    CustomRole, ErrorCode, ErrorReport, Grant, Privilege, Project, ProjectId, ProjectPlan, Role,
    Scope, Session, User,
};
use jiff::SignedDuration;

use super::{each, samples};
use crate::{
    actions::RoleForm,
    flash::{Flash, Form},
    pages::{
        access::{AccessTab, places::Places, refused},
        member, member_add, members, role, role_add, roles,
    },
    visit::Address,
};

fn places() -> Places {
    let project = Project {
        id: ProjectId::default(),
        name: "検索".to_owned(),
        plan: ProjectPlan::default(),
        created_at: samples::now(),
        clusters: 1,
    };
    Places {
        projects: vec![project],
        clusters: samples::clusters(),
    }
}

pub(super) fn keepers() -> CustomRole {
    CustomRole {
        name: "保管係".to_owned(),
        description: String::new(),
        privileges: BTreeSet::from(
            ["backup:view", "backup:verify"]
                .map(|name| name.parse::<Privilege>().expect("a privilege")),
        ),
        created_at: samples::now(),
    }
}

fn hanako() -> User {
    let scope = Scope {
        project_id: ProjectId::default(),
        cluster_ids: vec![samples::clusters().remove(0).id],
    };
    User {
        name: "花子".to_owned(),
        grants: vec![
            Grant {
                role: Role::ReadOnly,
                scope: None,
            },
            Grant {
                role: Role::Custom(keepers().name),
                scope: Some(scope),
            },
        ],
        created_at: samples::now(),
        has_password: true,
        has_totp: false,
        has_identity: false,
    }
}

fn told(may: bool) -> member::Told {
    let session = Session {
        id: "0123456789abcdef".to_owned(),
        user: "花子".to_owned(),
        created_at: samples::now(),
        expires_at: samples::now() + SignedDuration::from_hours(12),
        origin: "console 192.0.2.1".to_owned(),
    };
    member::Told {
        user: hanako(),
        places: places(),
        roles: vec![keepers()],
        sessions: vec![session],
        link: may.then(|| "http://localhost:8790/welcome/abc234".to_owned()),
        own: false,
        may_edit: may,
        may_delete: may,
    }
}

#[test]
fn members_and_one_of_them() {
    each(
        "members",
        "/access/members",
        None,
        || members::page(vec![samples::user(), hanako()], &places(), true),
        |_, html| assert!(html.contains("保管係") && html.contains("/access/members/new")),
    );
    each(
        "member",
        "/access/members/x",
        None,
        || member::page(told(true), None),
        |_, html| {
            assert!(html.contains("/welcome/abc234") && html.contains("192.0.2.1"));
            assert!(html.contains("/api/revoke_role"));
        },
    );
    each(
        "member-barred",
        "/access/members/x",
        None,
        || member::page(told(false), None),
        |_, html| {
            assert!(html.contains("user:edit") && html.contains("user:delete"));
            assert!(!html.contains("/api/make_link") && !html.contains("dialog="));
        },
    );
    let with_a_code = || {
        let mut told = told(true);
        told.user.has_totp = true;
        told
    };
    each(
        "member-two-steps",
        "/access/members/x?dialog=two-steps",
        None,
        move || {
            let dialog = member::two_steps::dialog(&with_a_code());
            member::page(with_a_code(), Some(dialog))
        },
        |_, html| {
            assert!(html.contains("hozon user totp off 花子") && html.contains("autofocus"));
            assert!(html.contains("/api/remove_totp"));
        },
    );
    let refused_last = ErrorReport {
        code: ErrorCode::LastOwner,
        subject: "admin".to_owned(),
        detail: "no other user owns the organization".to_owned(),
        hint: "make somebody else an owner first".to_owned(),
    };
    each(
        "member-remove",
        "/access/members/x?dialog=remove",
        Some(Flash::Refused(Form::RemoveMember, refused_last)),
        || {
            let dialog = member::remove::dialog(&told(true));
            member::page(told(true), Some(dialog))
        },
        |_, html| {
            assert!(html.contains("role=\"alert\"") && html.contains("autofocus"));
            assert!(html.contains("hozon user remove 花子"));
        },
    );
    each(
        "member-grant",
        "/access/members/x?dialog=grant",
        None,
        || {
            let dialog = member::grants::dialog(&told(true), &Address::new("/").query);
            member::page(told(true), Some(dialog))
        },
        |_, html| {
            let line =
                "hozon user grant 花子 --role read_only --role 保管係@検索/demo --role read_only";
            assert!(html.contains(line), "{html}");
        },
    );
}

#[test]
fn adding_a_member() {
    let refused = Flash::Refused(Form::Member, samples::refusal());
    each(
        "member-add",
        "/access/members/new",
        Some(refused),
        || {
            let query = Address::new("/")
                .with("name", "花子")
                .with("role", "保管係")
                .with("place", "clusters")
                .and("clusters[]", ["検索/demo"])
                .query;
            member_add::page(&query, vec![keepers()], places())
        },
        |_, html| {
            assert!(html.contains("role=\"alert\"") && html.contains("value=\"花子\""));
            assert!(html.contains("hozon user add 花子 --role 保管係@検索/demo"));
        },
    );
}

#[test]
fn who_may_not_see_a_page_is_told_why() {
    let report = || ErrorReport {
        code: ErrorCode::PermissionDenied,
        subject: "user:view".to_owned(),
        detail: "`花子` has no role with it for the organization".to_owned(),
        hint: String::new(),
    };
    each(
        "members-barred",
        "/access/members",
        None,
        move || refused(AccessTab::Members, report()),
        |_, html| assert!(html.contains("user:view") && html.contains("/access/roles")),
    );
}

#[test]
fn roles_and_one_of_them() {
    each(
        "roles",
        "/access/roles",
        None,
        || roles::page(vec![keepers()], true),
        |_, html| assert!(html.contains("backup:restore") && html.contains("保管係")),
    );
    each(
        "roles-none",
        "/access/roles",
        None,
        || roles::page(Vec::new(), false),
        |_, html| {
            assert!(html.contains("class=\"drawing\"") && html.contains("class=\"withheld\""));
        },
    );
    each(
        "role-add",
        "/access/roles/new",
        None,
        || {
            let query = Address::new("/")
                .with("name", "保管係")
                .and("privileges[]", ["backup:view"])
                .query;
            role_add::page(&query)
        },
        |_, html| assert!(html.contains("hozon role create 保管係 --privilege backup:view")),
    );
    let told = |lock| role::Told {
        role: Role::Custom("保管係".to_owned()),
        form: RoleForm::editing(&keepers(), &Address::new("/").query),
        lock,
        holders: role::Holders {
            members: Some(vec![("花子".to_owned(), "検索".to_owned())]),
            keys: vec![("nightly".to_owned(), "検索".to_owned())],
        },
        may_delete: true,
    };
    each(
        "role",
        "/access/roles/x",
        None,
        move || role::page(told(None), None),
        |_, html| assert!(html.contains("/api/edit_role") && html.contains("nightly")),
    );
    each(
        "role-barred",
        "/access/roles/x",
        None,
        move || role::page(told(Some(role::Lock::NoRight)), None),
        |_, html| assert!(html.contains("disabled") && !html.contains("hozon role edit")),
    );
    each(
        "role-remove",
        "/access/roles/x?dialog=remove",
        None,
        move || {
            let dialog = role::remove::dialog(&told(None));
            role::page(told(None), Some(dialog))
        },
        |_, html| {
            assert!(html.contains("disabled"), "a role in use can be removed");
            assert!(html.contains("花子") && html.contains("autofocus"));
        },
    );
}
