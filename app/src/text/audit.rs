//! Words for what the audit tells: what was done, on what kind of thing, and what came of it.

use hozon_model::ErrorCode;
use serde_json::Value;

use super::{Locale, locale, say_in, sentence};

/// What was done; none for an action that this Hozon does not know.
pub(crate) fn audit_action(locale: Locale, action: &str) -> Option<&'static str> {
    Some(match action {
        "audit.export" => say_in!(locale, audit_actions.audit_export),
        "backup.adopt" => say_in!(locale, audit_actions.backup_adopt),
        "backup.copy" => say_in!(locale, audit_actions.backup_copy),
        "backup.create" => say_in!(locale, audit_actions.backup_create),
        "backup.delete" => say_in!(locale, audit_actions.backup_delete),
        "backup.export" => say_in!(locale, audit_actions.backup_export),
        "backup.pin" => say_in!(locale, audit_actions.backup_pin),
        "backup.rename" => say_in!(locale, audit_actions.backup_rename),
        "backup.restore" => say_in!(locale, audit_actions.backup_restore),
        "backup.unpin" => say_in!(locale, audit_actions.backup_unpin),
        "backup.verify" => say_in!(locale, audit_actions.backup_verify),
        "cluster.add" => say_in!(locale, audit_actions.cluster_add),
        "cluster.edit" => say_in!(locale, audit_actions.cluster_edit),
        "cluster.provision" => say_in!(locale, audit_actions.cluster_provision),
        "cluster.remove" => say_in!(locale, audit_actions.cluster_remove),
        "export.remove" => say_in!(locale, audit_actions.export_remove),
        "integration.add" => say_in!(locale, audit_actions.integration_add),
        "integration.remove" => say_in!(locale, audit_actions.integration_remove),
        "job.cancel" => say_in!(locale, audit_actions.job_cancel),
        "job.retry" => say_in!(locale, audit_actions.job_retry),
        "key.create" => say_in!(locale, audit_actions.key_create),
        "key.remove" => say_in!(locale, audit_actions.key_remove),
        "link.make" => say_in!(locale, audit_actions.link_make),
        "link.use" => say_in!(locale, audit_actions.link_use),
        "password.set" => say_in!(locale, audit_actions.password_set),
        "policy.pause" => say_in!(locale, audit_actions.policy_pause),
        "policy.remove" => say_in!(locale, audit_actions.policy_remove),
        "policy.resume" => say_in!(locale, audit_actions.policy_resume),
        "policy.run" => say_in!(locale, audit_actions.policy_run),
        "policy.set" => say_in!(locale, audit_actions.policy_set),
        "project.create" => say_in!(locale, audit_actions.project_create),
        "project.edit" => say_in!(locale, audit_actions.project_edit),
        "project.remove" => say_in!(locale, audit_actions.project_remove),
        "repository.add" => say_in!(locale, audit_actions.repository_add),
        "repository.remove" => say_in!(locale, audit_actions.repository_remove),
        "role.create" => say_in!(locale, audit_actions.role_create),
        "role.edit" => say_in!(locale, audit_actions.role_edit),
        "role.remove" => say_in!(locale, audit_actions.role_remove),
        "secrets.rotate" => say_in!(locale, audit_actions.secrets_rotate),
        "session.begin" => say_in!(locale, audit_actions.session_begin),
        "session.end" => say_in!(locale, audit_actions.session_end),
        "session.clear" => say_in!(locale, audit_actions.session_clear),
        "session.revoke" => say_in!(locale, audit_actions.session_revoke),
        "setup.finish" => say_in!(locale, audit_actions.setup_finish),
        "setup.link" => say_in!(locale, audit_actions.setup_link),
        "totp.off" => say_in!(locale, audit_actions.totp_off),
        "totp.on" => say_in!(locale, audit_actions.totp_on),
        "user.add" => say_in!(locale, audit_actions.user_add),
        "user.bind" => say_in!(locale, audit_actions.user_bind),
        "user.grant" => say_in!(locale, audit_actions.user_grant),
        "user.remove" => say_in!(locale, audit_actions.user_remove),
        _ => return None,
    })
}

/// The kinds of things that something is done to, by the first word of an action.
pub(crate) fn audit_kind(locale: Locale, kind: &str) -> Option<&'static str> {
    Some(match kind {
        "audit" => say_in!(locale, audit_kinds.audit),
        "backup" => say_in!(locale, audit_kinds.backup),
        "cluster" => say_in!(locale, audit_kinds.cluster),
        "export" => say_in!(locale, audit_kinds.export),
        "integration" => say_in!(locale, audit_kinds.integration),
        "job" => say_in!(locale, audit_kinds.job),
        "key" => say_in!(locale, audit_kinds.key),
        "link" => say_in!(locale, audit_kinds.link),
        "password" => say_in!(locale, audit_kinds.password),
        "policy" => say_in!(locale, audit_kinds.policy),
        "project" => say_in!(locale, audit_kinds.project),
        "repository" => say_in!(locale, audit_kinds.repository),
        "role" => say_in!(locale, audit_kinds.role),
        "secrets" => say_in!(locale, audit_kinds.secrets),
        "session" => say_in!(locale, audit_kinds.session),
        "setup" => say_in!(locale, audit_kinds.setup),
        "totp" => say_in!(locale, audit_kinds.totp),
        "user" => say_in!(locale, audit_kinds.user),
        _ => return None,
    })
}

/// The error that a line's outcome names; none for `ok`, and for a code that this Hozon does not know.
pub(crate) fn audit_error(outcome: &str) -> Option<ErrorCode> {
    serde_json::from_value(Value::String(outcome.to_owned())).ok()
}

/// An outcome in words; of an error the sentence without its full stop.
pub(crate) fn audit_outcome(outcome: &str) -> String {
    let locale = locale();
    match (outcome, audit_error(outcome)) {
        ("ok", _) => say_in!(locale, audit.ok).to_owned(),
        ("failed", _) => say_in!(locale, audit.failed).to_owned(),
        (_, Some(code)) => sentence(locale, code)
            .trim_end_matches(['.', '。'])
            .to_owned(),
        (_, None) => outcome.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use hozon_engine::AUDIT_ACTIONS;

    use super::*;
    use crate::text::LOCALES;

    #[test]
    fn every_action_has_words_of_its_own_in_every_language() {
        for locale in LOCALES {
            let mut said = BTreeSet::new();
            for action in AUDIT_ACTIONS {
                let words = audit_action(locale, action).expect(action);
                assert!(!words.is_empty() && said.insert(words), "{action}: {words}");
                let (kind, _) = action.split_once('.').expect("a noun and a verb");
                assert!(audit_kind(locale, kind).is_some(), "{kind}");
            }
            assert_eq!(audit_action(locale, "backup.sing"), None);
        }
    }

    #[test]
    fn an_outcome_is_an_error_only_where_one_has_that_code() {
        for code in ErrorCode::ALL {
            let word = serde_json::to_value(code).expect("a code is a word");
            assert_eq!(audit_error(word.as_str().expect("text")), Some(*code));
        }
        for other in ["ok", "failed", "", "PermissionDenied"] {
            assert_eq!(audit_error(other), None, "{other}");
        }
    }
}
