//! Names that a restore uses: targets, and the scratch names under which it works until all is whole.

use hozon_model::{CollectionName, JobId, RestoreOptions};

use crate::{Error, ErrorCode, Result};

/// The directory, under a cluster's root path, where files are put for Milvus to import.
pub(crate) const STAGING: &str = "hozon-restore";

/// Every scratch collection's name begins so.
const SCRATCH: &str = "hozon_restore_";

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
    if suffix
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    {
        return Ok(());
    }
    Err(Error::new(ErrorCode::InvalidInput, "suffix")
        .because(format!(
            "`{suffix}` holds other than letters, digits and `_`"
        ))
        .hint("write it like `_restored`"))
}

/// A collection's name after the restore.
pub(crate) fn target(source: &CollectionName, options: &RestoreOptions) -> Result<CollectionName> {
    let name = format!("{}{}", source.name, options.suffix);
    if name.len() > LONGEST {
        return Err(Error::new(ErrorCode::InvalidInput, "suffix")
            .because(format!("`{name}` is longer than {LONGEST} bytes"))
            .hint("choose a shorter suffix"));
    }
    Ok(CollectionName {
        database: source.database.clone(),
        name,
    })
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
