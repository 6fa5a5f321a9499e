//! Who comes in, and by what.

use hozon_engine::accounts::TotpSetup;
use hozon_model::*;
use jiff::{SignedDuration, Timestamp};

use super::ago;
use crate::pages::access_sessions::two_steps::TwoSteps;

pub(in crate::gallery) fn user() -> User {
    User {
        name: "admin".to_owned(),
        grants: vec![Grant::owner()],
        created_at: ago(60 * 24 * 40),
        has_password: false,
        has_totp: false,
        has_identity: false,
    }
}

pub(in crate::gallery) fn api_keys() -> Vec<ApiKey> {
    let key = |name: &str, cluster_ids: Vec<ClusterId>, expires_at: Option<Timestamp>| ApiKey {
        id: KeyId::new(format!("key-{name}")),
        name: name.to_owned(),
        grants: vec![Grant {
            role: Role::ReadWrite,
            scope: Some(Scope {
                project_id: ProjectId::default(),
                cluster_ids,
            }),
        }],
        created_by: "admin".to_owned(),
        created_at: ago(60 * 24 * 40),
        expires_at,
        last_used_at: expires_at.map(|_| ago(60)),
    };
    let cluster = ClusterId::new("in01-0123456789abcde");
    vec![
        key("夜間ジョブ", Vec::new(), None),
        key("terraform", vec![cluster], Some(ago(10))),
    ]
}

pub(in crate::gallery) fn sessions() -> Vec<Session> {
    let session = |id: &str, minutes: i64| Session {
        id: id.to_owned(),
        user: "admin".to_owned(),
        created_at: ago(minutes),
        expires_at: ago(minutes) + SignedDuration::from_hours(12),
        origin: format!("console 10.0.0.{minutes}"),
    };
    vec![session("here", 5), session("elsewhere", 90)]
}

/// With recovery codes that were just made, or a secret that waits for its first code.
pub(in crate::gallery) fn two_steps(on: bool) -> TwoSteps {
    let setup = TotpSetup {
        secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned(),
        url: "otpauth://totp/Hozon:admin?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Hozon"
            .to_owned(),
    };
    TwoSteps {
        has_password: true,
        on,
        left: 9,
        setup: (!on).then_some(setup),
        made: on.then(|| ["abcd-efgh-ijkl-mnop"; 10].join("\n")),
    }
}

pub(in crate::gallery) fn served_apis() -> Vec<ServedApi> {
    let api = |base: &str, method: &str, path: &str, name: &str| ServedApi {
        base: base.to_owned(),
        operations: vec![ApiOperation {
            method: method.to_owned(),
            path: path.to_owned(),
            name: name.to_owned(),
        }],
    };
    vec![
        api("/v2", "GET", "/backups", "listBackups"),
        api("/api/v1", "POST", "/create", "create"),
    ]
}
