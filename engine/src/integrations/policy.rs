//! The policy document that lets Hozon do what an integration needs, to be pasted where the service asks for one.

use hozon_model::{IntegrationProvider, StorageLocation};
use serde_json::json;

/// An IAM policy for a bucket of S3; none for other services.
pub(super) fn of(storage: &StorageLocation) -> Option<String> {
    let s3 = matches!(
        IntegrationProvider::of(storage)?,
        IntegrationProvider::S3 | IntegrationProvider::S3Compatible
    );
    if !s3 {
        return None;
    }
    let place = storage.url.strip_prefix("s3://")?;
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let partition = match storage.region.as_deref() {
        Some(region) if region.starts_with("cn-") => "aws-cn",
        Some(region) if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    };
    let objects = if prefix.is_empty() {
        format!("arn:{partition}:s3:::{bucket}/*")
    } else {
        format!("arn:{partition}:s3:::{bucket}/{prefix}/*")
    };
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
                "Resource": format!("arn:{partition}:s3:::{bucket}"),
            },
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
                "Resource": objects,
            },
        ],
    });
    serde_json::to_string_pretty(&policy).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(url: &str, region: Option<&str>) -> StorageLocation {
        StorageLocation {
            url: url.to_owned(),
            endpoint: None,
            region: region.map(str::to_owned),
        }
    }

    #[test]
    fn the_policy_names_the_bucket_and_no_more() {
        let policy = of(&place("s3://exports/hozon", Some("cn-north-1"))).unwrap();
        assert!(policy.contains("\"arn:aws-cn:s3:::exports\""), "{policy}");
        assert!(policy.contains("\"arn:aws-cn:s3:::exports/hozon/*\""));
        let policy = of(&place("s3://exports", None)).unwrap();
        assert!(policy.contains("\"arn:aws:s3:::exports/*\""), "{policy}");
        assert_eq!(of(&place("file:///exports", None)), None);
    }
}
