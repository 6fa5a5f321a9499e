//! The address of a place in storage, from the parts that a form asks for.

/// The URL of a place by provider (as in commands and APIs), account, bucket and path; of a local directory the path
/// alone counts.
pub fn place_url(provider: &str, account: &str, bucket: &str, path: &str) -> String {
    let (account, bucket) = (account.trim(), bucket.trim());
    let start = match provider {
        "local" => "file://".to_owned(),
        "azure" => format!("az://{account}/{bucket}"),
        "gcs" => format!("gs://{bucket}"),
        _ => format!("s3://{bucket}"),
    };
    match path.trim().trim_matches('/') {
        "" => start,
        path => format!("{start}/{path}"),
    }
}
