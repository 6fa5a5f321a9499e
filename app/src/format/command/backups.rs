//! Commands about backups.

use super::{Command, Form, quoted, until};

/// `hozon backup create`
pub(super) fn create(form: Form<'_>) -> Command {
    let command = Command::new("hozon backup create")
        .option("--cluster", form.one("cluster"))
        .option("--name", form.one("name"));
    match form.one("scope") {
        Some("database") => command.option("--database", form.one("database")),
        Some("collections") => command.list("--collections", &form.all("collections[]")),
        _ => command,
    }
}

/// `hozon backup restore`, which says only what differs from the usual.
pub(super) fn restore(form: Form<'_>) -> Command {
    let other = |name: &str, usual: &str| form.one(name).filter(|wish| *wish != usual);
    Command::new("hozon backup restore")
        .value(form.one("id"))
        .option("--suffix", form.one("suffix"))
        .option("--cluster", form.one("cluster"))
        .list("--collections", &form.all("collections[]"))
        .option("--rename", form.one("renames"))
        .option("--database", form.one("database"))
        .option("--existing", other("existing", "refuse"))
        .option("--indexes", other("indexes", "keep"))
        .option("--until", until(form).as_deref())
        .option(
            "--load-state",
            form.one("load").filter(|wish| *wish == "release"),
        )
}

/// `hozon backup verify`
pub(super) fn verify(form: Form<'_>) -> Command {
    Command::new("hozon backup verify")
        .value(form.one("id"))
        .option("--level", form.one("level"))
}

/// `hozon backup delete`
pub(super) fn delete(form: Form<'_>) -> Command {
    Command::new("hozon backup delete").value(form.one("id"))
}

/// `hozon backup export`
pub(super) fn export(form: Form<'_>) -> Command {
    Command::new("hozon backup export")
        .value(form.one("id"))
        .option("--integration", form.one("integration"))
        .option("--directory", form.one("directory"))
        .option(
            "--format",
            form.one("format").filter(|format| *format == "repository"),
        )
}

/// `hozon backup rename`
pub(super) fn rename(form: Form<'_>) -> Command {
    Command::new("hozon backup rename")
        .value(form.one("id"))
        .value(form.one("name"))
}

/// `hozon backup copy`
pub(super) fn copy(form: Form<'_>) -> Command {
    Command::new("hozon backup copy")
        .value(form.one("id"))
        .option("--to", form.one("to"))
}

/// `hozon backup adopt`: the root of the place is an empty word, and a word all the same.
pub(super) fn adopt(form: Form<'_>) -> Command {
    Command::new("hozon backup adopt")
        .word(&quoted(form.one("directory").unwrap_or_default()))
        .option("--integration", form.one("integration"))
        .option("--backup", form.one("backup"))
        .option("--cluster", form.one("cluster"))
        .option("--name", form.one("name"))
}

#[cfg(test)]
mod tests {
    use super::super::{Verb, tests::said};

    #[test]
    fn what_is_empty_is_left_out() {
        let form = [
            ("cluster", "demo"),
            ("name", ""),
            ("scope", "cluster"),
            ("collections[]", "default.a"),
        ];
        assert_eq!(
            said(Verb::Create, &form),
            "hozon backup create --cluster demo"
        );
    }

    #[test]
    fn names_of_any_language_survive_a_shell() {
        let form = [
            ("cluster", "demo"),
            ("name", "毎日の'控え'"),
            ("scope", "collections"),
            ("collections[]", "default.a"),
            ("collections[]", "文書.記事"),
        ];
        assert_eq!(
            said(Verb::Create, &form),
            r"hozon backup create --cluster demo --name '毎日の'\''控え'\''' --collections default.a,文書.記事"
        );
    }

    #[test]
    fn an_export_says_where_it_goes() {
        let form = [
            ("id", "backup0_1"),
            ("provider", "s3"),
            ("integration", "書庫"),
            ("directory", "exports/2026"),
            ("format", "milvus-backup"),
        ];
        assert_eq!(
            said(Verb::Export, &form),
            "hozon backup export backup0_1 --integration 書庫 --directory exports/2026"
        );
    }

    #[test]
    fn an_adoption_says_where_from_and_for_which_cluster() {
        let form = [
            ("integration", "書庫"),
            ("within", "exports"),
            ("directory", "exports/a b"),
            ("backup", "backup0_1"),
            ("cluster", "demo"),
            ("name", ""),
        ];
        assert_eq!(
            said(Verb::Adopt, &form),
            "hozon backup adopt 'exports/a b' --integration 書庫 --backup backup0_1 --cluster demo"
        );
        let form = [("integration", "disk"), ("directory", "")];
        assert_eq!(
            said(Verb::Adopt, &form),
            "hozon backup adopt '' --integration disk"
        );
    }

    #[test]
    fn restore_says_only_what_differs_from_the_usual() {
        let form = [("id", "backup0_1"), ("suffix", "_old"), ("load", "keep")];
        assert_eq!(
            said(Verb::Restore, &form),
            "hozon backup restore backup0_1 --suffix _old"
        );
        let form = [("id", "backup0_1"), ("suffix", ""), ("load", "release")];
        assert_eq!(
            said(Verb::Restore, &form),
            "hozon backup restore backup0_1 --load-state release"
        );
        let form = [
            ("id", "backup0_1"),
            ("renames", "shop.a:shop.b"),
            ("existing", "replace"),
            ("indexes", "keep"),
            ("until", "2026-11-21T09:00"),
            ("zone", "Asia/Tokyo"),
        ];
        assert_eq!(
            said(Verb::Restore, &form),
            "hozon backup restore backup0_1 --rename shop.a:shop.b --existing replace \
             --until '2026-11-21T09:00[Asia/Tokyo]'"
        );
    }
}
