//! Who this machine is to its cloud. A cloud tells it to programs in variables of their environment, and where there are
//! none, by a service on the host that the library asks by itself. Nothing else is taken from the environment: where
//! requests go and what they ask for stands in the settings of a place.

use object_store::{
    aws::AmazonS3Builder, azure::MicrosoftAzureBuilder, gcp::GoogleCloudStorageBuilder,
};

/// Keys, a role of a Kubernetes service account, and those of a container.
const AWS: [&str; 10] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ENDPOINT_URL_STS",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];
/// An application, a workload identity, and the identity of a hosted application.
const AZURE: [&str; 6] = [
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_AUTHORITY_HOST",
    "IDENTITY_ENDPOINT",
];
const GOOGLE: [&str; 1] = ["GOOGLE_APPLICATION_CREDENTIALS"];

/// A variable of an environment.
type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// That of this process.
pub(super) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

pub(super) fn aws(builder: AmazonS3Builder, environment: Environment<'_>) -> AmazonS3Builder {
    told(&AWS, environment).fold(builder, |builder, (key, value)| match key.parse() {
        Ok(key) => builder.with_config(key, value),
        Err(_) => builder,
    })
}

pub(super) fn azure(
    builder: MicrosoftAzureBuilder,
    environment: Environment<'_>,
) -> MicrosoftAzureBuilder {
    told(&AZURE, environment).fold(builder, |builder, (key, value)| match key.parse() {
        Ok(key) => builder.with_config(key, value),
        Err(_) => builder,
    })
}

pub(super) fn google(
    builder: GoogleCloudStorageBuilder,
    environment: Environment<'_>,
) -> GoogleCloudStorageBuilder {
    told(&GOOGLE, environment).fold(builder, |builder, (key, value)| match key.parse() {
        Ok(key) => builder.with_config(key, value),
        Err(_) => builder,
    })
}

/// The variables that are set, by the library's names for them.
fn told(
    names: &'static [&'static str],
    environment: Environment<'_>,
) -> impl Iterator<Item = (String, String)> {
    names
        .iter()
        .filter_map(move |&name| Some((name.to_ascii_lowercase(), environment(name)?)))
}

#[cfg(test)]
mod tests {
    use object_store::{aws::AmazonS3ConfigKey, azure::AzureConfigKey, gcp::GoogleConfigKey};

    use super::*;

    #[test]
    fn who_the_machine_is_is_taken_from_the_environment_and_nothing_else() {
        let everything = |name: &str| Some(format!("value of {name}"));
        let builder = aws(AmazonS3Builder::new(), &everything);
        for (key, name) in [
            (AmazonS3ConfigKey::AccessKeyId, AWS[0]),
            (AmazonS3ConfigKey::SecretAccessKey, AWS[1]),
            (AmazonS3ConfigKey::Token, AWS[2]),
            (AmazonS3ConfigKey::RoleArn, AWS[3]),
            (AmazonS3ConfigKey::RoleSessionName, AWS[4]),
            (AmazonS3ConfigKey::WebIdentityTokenFile, AWS[5]),
            (AmazonS3ConfigKey::StsEndpoint, AWS[6]),
            (AmazonS3ConfigKey::ContainerCredentialsRelativeUri, AWS[7]),
            (AmazonS3ConfigKey::ContainerCredentialsFullUri, AWS[8]),
            (AmazonS3ConfigKey::ContainerAuthorizationTokenFile, AWS[9]),
        ] {
            let value = builder.get_config_value(&key);
            assert_eq!(value, everything(name), "{name}");
        }
        assert_eq!(builder.get_config_value(&AmazonS3ConfigKey::Endpoint), None);
        let builder = azure(MicrosoftAzureBuilder::new(), &everything);
        for (key, name) in [
            (AzureConfigKey::ClientId, "AZURE_CLIENT_ID"),
            (
                AzureConfigKey::FederatedTokenFile,
                "AZURE_FEDERATED_TOKEN_FILE",
            ),
            (AzureConfigKey::MsiEndpoint, "IDENTITY_ENDPOINT"),
        ] {
            assert_eq!(builder.get_config_value(&key), everything(name), "{name}");
        }
        let builder = google(GoogleCloudStorageBuilder::new(), &everything);
        assert_eq!(
            builder.get_config_value(&GoogleConfigKey::ApplicationCredentials),
            everything(GOOGLE[0])
        );
    }
}
