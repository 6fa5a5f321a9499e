//! Every action that the audit may name. Who shows the audit to people has words for each of these.

/// All actions, `noun.verb`, in the order of the alphabet.
pub const AUDIT_ACTIONS: &[&str] = &[
    "audit.export",
    "backup.adopt",
    "backup.copy",
    "backup.create",
    "backup.delete",
    "backup.export",
    "backup.pin",
    "backup.rename",
    "backup.restore",
    "backup.unpin",
    "backup.verify",
    "cluster.add",
    "cluster.edit",
    "cluster.provision",
    "cluster.remove",
    "export.remove",
    "integration.add",
    "integration.remove",
    "job.cancel",
    "job.retry",
    "key.create",
    "key.remove",
    "link.make",
    "link.use",
    "password.set",
    "policy.pause",
    "policy.remove",
    "policy.resume",
    "policy.run",
    "policy.set",
    "project.create",
    "project.edit",
    "project.remove",
    "repository.add",
    "repository.remove",
    "role.create",
    "role.edit",
    "role.remove",
    "secrets.rotate",
    "session.begin",
    "session.clear",
    "session.end",
    "session.revoke",
    "setup.finish",
    "setup.link",
    "totp.off",
    "totp.on",
    "user.add",
    "user.bind",
    "user.grant",
    "user.remove",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_a_noun_and_a_verb_and_there_once() {
        for action in AUDIT_ACTIONS {
            let word =
                |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase());
            let (noun, verb) = action.split_once('.').unwrap();
            assert!(word(noun) && word(verb), "{action}");
        }
        assert!(AUDIT_ACTIONS.is_sorted_by(|one, next| one < next));
    }
}
