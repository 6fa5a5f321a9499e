//! Names that a restore uses: targets, and the scratch names under which it works until all is whole.

use hozon_model::{CollectionName, JobId, Rename, RestoreOptions};

use crate::{Error, ErrorCode, Result};

/// The directory, under a cluster's root path, where files are put for Milvus to import.
pub(crate) const STAGING: &str = "hozon-restore";

/// Every scratch collection's name begins so.
const SCRATCH: &str = "hozon_restore_";

/// The name of every collection that makes room for a restored one begins so.
const ASIDE: &str = "hozon_replaced_";

/// Milvus allows names up to 255 bytes.
const LONGEST: usize = 255;

/// What tells one restore's scratch names from another's.
fn tag(job: &JobId) -> &str {
    let text = job.as_str().trim_start_matches("job-");
    text.get(..12).unwrap_or(text)
}

/// The scratch name of the `number`th collection of a restore.
pub(crate) fn scratch(job: &JobId, database: &str, number: usize) -> CollectionName {
    CollectionName {
        database: database.to_owned(),
        name: format!("{SCRATCH}{}_{number}", tag(job)),
    }
}

/// What the collection at `target` is called while the `number`th one of a restore takes its place.
///
/// # Errors
/// `InvalidInput` if Milvus would not take so long a name.
pub(crate) fn aside(job: &JobId, target: &CollectionName, number: usize) -> Result<CollectionName> {
    let name = format!("{ASIDE}{}_{number}_{}", tag(job), target.name);
    if name.len() > LONGEST {
        return Err(Error::new(ErrorCode::InvalidInput, target.to_string())
            .because("its name is too long to be put aside")
            .hint("restore it under a suffix, and rename it by hand"));
    }
    Ok(CollectionName {
        database: target.database.clone(),
        name,
    })
}

/// The number and the former name of a collection that this restore put aside.
pub(crate) fn put_aside(job: &JobId, aside: &CollectionName) -> Option<(usize, CollectionName)> {
    let (number, name) = aside
        .name
        .strip_prefix(ASIDE)?
        .strip_prefix(tag(job))?
        .strip_prefix('_')?
        .split_once('_')?;
    let former = CollectionName {
        database: aside.database.clone(),
        name: name.to_owned(),
    };
    Some((number.parse().ok()?, former))
}

/// Whether a collection is the scratch of some restore: no backup takes it.
pub(crate) fn is_scratch(name: &str) -> bool {
    name.starts_with(SCRATCH)
}

/// Whether a collection is a scratch of this restore.
pub(crate) fn is_scratch_of(job: &JobId, name: &str) -> bool {
    name.strip_prefix(SCRATCH)
        .and_then(|rest| rest.strip_prefix(tag(job)))
        .is_some_and(|rest| rest.starts_with('_'))
}

/// Where a restore's files are staged.
pub(crate) fn staging(job: &JobId) -> String {
    format!("{STAGING}/{job}")
}

/// Refuses a suffix that Milvus would not take.
pub(crate) fn check_suffix(suffix: &str) -> Result<()> {
    if suffix.chars().all(of_a_name) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::InvalidInput, "suffix")
        .because(format!(
            "`{suffix}` holds other than letters, digits and `_`"
        ))
        .hint("write it like `_restored`"))
}

/// Refuses a name of a collection or database that Milvus would not take.
fn check_name(option: &str, name: &str) -> Result<()> {
    let begins = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    if begins && name.len() <= LONGEST && name.chars().all(of_a_name) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::InvalidInput, option)
        .because(format!("Milvus takes no name like `{name}`"))
        .hint(format!(
            "use letters, digits and `_`, at most {LONGEST}, and begin with a letter or `_`"
        )))
}

fn of_a_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// Refuses what no target can be made of, whatever the backup holds.
pub(crate) fn check_names(options: &RestoreOptions) -> Result<()> {
    check_suffix(&options.suffix)?;
    if let Some(database) = &options.database {
        check_name("database", database)?;
    }
    for Rename { to, .. } in &options.renames {
        check_name("rename", &to.database)?;
        if to.name != Rename::ALL {
            check_name("rename", &to.name)?;
        }
    }
    Ok(())
}

/// A collection's name after the restore.
pub(crate) fn target(source: &CollectionName, options: &RestoreOptions) -> Result<CollectionName> {
    let target = options.target(source);
    if target.name.len() > LONGEST {
        return Err(Error::new(ErrorCode::InvalidInput, "suffix")
            .because(format!("`{}` is longer than {LONGEST} bytes", target.name))
            .hint("choose a shorter suffix"));
    }
    Ok(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scratch_names_belong_to_one_job_only() {
        let (one, other) = (
            JobId::new("job-aaaaaaaaaaaaaaaaaaaaaa"),
            JobId::new("job-aaaaaaaaaaabbbbbbbbbbb"),
        );
        let name = scratch(&one, "default", 3).name;
        assert!(is_scratch_of(&one, &name));
        assert!(!is_scratch_of(&other, &name));
        assert!(!is_scratch_of(&one, "articles"));
    }

    #[test]
    fn what_is_put_aside_keeps_its_name_and_its_number() {
        let (job, other) = (
            JobId::new("job-aaaaaaaaaaaaaaaaaaaaaa"),
            JobId::new("job-aaaaaaaaaaabbbbbbbbbbb"),
        );
        let target: CollectionName = "shop.my_books_2".parse().unwrap();
        let name = aside(&job, &target, 12).unwrap();
        assert_eq!(put_aside(&job, &name), Some((12, target)));
        assert_eq!(put_aside(&other, &name), None);
        let long: CollectionName = "b".repeat(LONGEST).parse().unwrap();
        assert_eq!(
            aside(&job, &long, 0).unwrap_err().code(),
            ErrorCode::InvalidInput
        );
    }

    #[test]
    fn the_closest_rule_names_a_target() {
        let options = RestoreOptions {
            suffix: "_old".to_owned(),
            database: Some("attic".to_owned()),
            renames: vec![
                "shop.*:store.*".parse().unwrap(),
                "shop.books:books".parse().unwrap(),
            ],
            ..RestoreOptions::whole(hozon_model::BackupId::new("b"))
        };
        let named = |source: &str| {
            target(&source.parse().unwrap(), &options)
                .unwrap()
                .to_string()
        };
        assert_eq!(named("shop.books"), "default.books");
        assert_eq!(named("shop.prices"), "store.prices_old");
        assert_eq!(named("default.prices"), "attic.prices_old");
    }

    #[test]
    fn a_name_milvus_would_refuse_is_refused_here() {
        for bad in ["1st", "a-b", "本", ""] {
            let options = RestoreOptions {
                database: Some(bad.to_owned()),
                ..RestoreOptions::whole(hozon_model::BackupId::new("b"))
            };
            assert_eq!(
                check_names(&options).unwrap_err().code(),
                ErrorCode::InvalidInput,
                "{bad}"
            );
        }
    }

    #[test]
    fn a_suffix_milvus_would_refuse_is_refused_here() {
        assert!(check_suffix("_2026").is_ok());
        assert!(check_suffix("").is_ok());
        for bad in ["-x", "復元", "a b", "a.b"] {
            assert_eq!(
                check_suffix(bad).unwrap_err().code(),
                ErrorCode::InvalidInput
            );
        }
    }
}
