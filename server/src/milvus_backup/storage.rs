//! A storage as milvus-backup names it, as a place and what opens it here.

use std::{fs, net::Ipv6Addr, path::Path};

use hozon_model::{StorageCredentials, StorageLocation};

use super::{
    keys::{Part, Side, Slot, Version},
    ledger::Ledger,
    source::Problem,
};

/// Amazon's own addresses; everything else is a service of somebody's own.
const AMAZON: [&str; 2] = [".amazonaws.com", ".amazonaws.com.cn"];

/// Where a storage lies.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) location: StorageLocation,
    pub(super) credentials: StorageCredentials,
    /// A path beside it, for a repository of Hozon's own.
    pub(super) beside: String,
}

/// How the storage is signed in at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Auth {
    Keys,
    AccountKey,
    KeyFile,
    Machine,
}

/// What holds objects, and how a path in it is written.
struct Store {
    /// Without the path.
    base: String,
    endpoint: Option<String>,
    region: Option<String>,
}

/// One of the two storages.
///
/// # Errors
/// What milvus-backup would refuse as well, and what cannot be reached from here.
pub(super) fn place(ledger: &mut Ledger, side: Side) -> Result<Place, Problem> {
    let provider = ledger.take(ledger.slot(side, Part::Provider));
    if provider == "local" {
        return directory(ledger, side);
    }
    let auth = auth(ledger, side, &provider)?;
    refuse_what_does_not_apply(ledger, side, &provider, auth)?;
    let bucket = required(ledger, side, Part::Bucket)?;
    let store = match provider.as_str() {
        "azure" => azure(ledger, side, &bucket, auth)?,
        "gcpnative" => google(ledger, side, &bucket)?,
        // Its interoperable API takes static keys alone.
        "gcp" if auth == Auth::Machine => google(ledger, side, &bucket)?,
        _ => s3(ledger, side, &provider, &bucket, auth)?,
    };
    let credentials = credentials(ledger, side, auth)?;
    let root = ledger.take(ledger.slot(side, Part::Root));
    let root = root.trim_matches('/');
    let (url, beside) = if root.is_empty() {
        (store.base.clone(), format!("{}/hozon", store.base))
    } else {
        let url = format!("{}/{root}", store.base);
        let beside = format!("{url}-hozon");
        (url, beside)
    };
    Ok(Place {
        location: StorageLocation {
            url,
            endpoint: store.endpoint,
            region: store.region,
        },
        credentials,
        beside,
    })
}

fn directory(ledger: &mut Ledger, side: Side) -> Result<Place, Problem> {
    let root = ledger.take(ledger.slot(side, Part::Root));
    let root = root.trim_end_matches('/');
    if !root.starts_with('/') {
        let why = format!("`{root}` is not an absolute path: write where the directory really is");
        return Err(ledger.problem(Slot::At(side, Part::Root), why));
    }
    let seen_by_milvus = ledger.slot(side, Part::LocalPath);
    if ledger.look(seen_by_milvus).trim_end_matches('/') == root {
        ledger.take(seen_by_milvus);
    } else {
        ledger.leave(
            seen_by_milvus,
            "Hozon tells Milvus the path it knows itself: mount the directory under Milvus's own path, or restores fail",
        );
    }
    let url = format!("file://{root}");
    Ok(Place {
        beside: format!("{url}-hozon"),
        location: StorageLocation {
            url,
            endpoint: None,
            region: None,
        },
        credentials: StorageCredentials::Machine,
    })
}

fn s3(
    ledger: &mut Ledger,
    side: Side,
    provider: &str,
    bucket: &str,
    auth: Auth,
) -> Result<Store, Problem> {
    let address = address(ledger, side)?;
    let region = ledger.take(ledger.slot(side, Part::Region));
    let region = (!region.is_empty()).then_some(region);
    let base = format!("s3://{bucket}");
    if let Some(service) = amazon(&address) {
        for part in [Part::Port, Part::Tls] {
            let why = "Amazon's own service is reached with TLS, on its own port";
            ledger.leave(ledger.slot(side, part), why);
        }
        let region = region.or_else(|| region_of(service));
        if region.is_none() {
            let note =
                format!("no region is named for the bucket `{bucket}`: `us-east-1` is taken");
            ledger.notes.push(note);
        }
        return Ok(Store {
            base,
            endpoint: None,
            region,
        });
    }
    if auth == Auth::Machine {
        return Err(nobody(ledger, side));
    }
    if matches!(provider, "gcp" | "aliyun" | "tencent" | "hwc") {
        ledger.notes.push(format!(
            "the provider `{provider}` is spoken to as S3, the bucket named in the path; that was not tried on it"
        ));
    }
    let tls = ledger.take_flag(ledger.slot(side, Part::Tls));
    let port = ledger.take(ledger.slot(side, Part::Port));
    Ok(Store {
        base,
        endpoint: Some(endpoint(tls, &address, &port)),
        region,
    })
}

/// What stands before Amazon's own domain; none for whatever is not its public service of objects.
fn amazon(address: &str) -> Option<&str> {
    AMAZON
        .iter()
        .find_map(|cloud| address.strip_suffix(*cloud))
        .filter(|service| *service == "s3" || region_of(service).is_some())
}

/// `s3.eu-west-1` and `s3-eu-west-1` tell the region, `s3` does not.
fn region_of(service: &str) -> Option<String> {
    let region = service
        .strip_prefix("s3.")
        .or_else(|| service.strip_prefix("s3-"))?;
    region
        .contains('-')
        .then(|| region.trim_start_matches("dualstack.").to_owned())
}

/// A service that is not the cloud's own would be asked by nobody: the machine's identity is the cloud's.
fn nobody(ledger: &Ledger, side: Side) -> Problem {
    let part = match ledger.version {
        Version::V1 => Part::Iam,
        Version::V2 => Part::AuthType,
    };
    let why = "Hozon fetches no credentials for a service that is not the cloud's own: give it static keys";
    ledger.problem(Slot::At(side, part), why)
}

fn azure(ledger: &mut Ledger, side: Side, container: &str, auth: Auth) -> Result<Store, Problem> {
    let account = required(ledger, side, account_part(ledger.version))?;
    let address = address(ledger, side)?;
    let endpoint = if address == "core.windows.net" {
        None
    } else if auth == Auth::Machine {
        return Err(nobody(ledger, side));
    } else {
        // As milvus-backup has it: always with TLS, the account in the host's name.
        let port = ledger.take(ledger.slot(side, Part::Port));
        Some(endpoint(true, &format!("{account}.blob.{address}"), &port))
    };
    ledger.leave(ledger.slot(side, Part::Region), "Azure asks for none");
    Ok(Store {
        base: format!("az://{account}/{container}"),
        endpoint,
        region: None,
    })
}

fn google(ledger: &mut Ledger, side: Side, bucket: &str) -> Result<Store, Problem> {
    let address = address(ledger, side)?;
    if address != "storage.googleapis.com" && address != "localhost" {
        let slot = Slot::At(side, Part::Host);
        let why = format!(
            "`{address}` is not Google Cloud Storage's own address, and Hozon speaks to no other"
        );
        return Err(ledger.problem(slot, why));
    }
    ledger.leave(
        ledger.slot(side, Part::Region),
        "Google Cloud asks for none",
    );
    ledger
        .notes
        .push("Google Cloud Storage is written, but not tried yet".to_owned());
    Ok(Store {
        base: format!("gs://{bucket}"),
        endpoint: None,
        region: None,
    })
}

/// The host of a storage, as a URL writes it.
fn address(ledger: &mut Ledger, side: Side) -> Result<String, Problem> {
    let typed = ledger.take(ledger.slot(side, Part::Host));
    host(&typed).ok_or_else(|| {
        ledger.problem(
            Slot::At(side, Part::Host),
            format!("`{typed}` is not a host: write its name alone, without `http://` and port"),
        )
    })
}

/// A host as a URL writes it; none for what is no host.
pub(super) fn host(typed: &str) -> Option<String> {
    if typed.parse::<Ipv6Addr>().is_ok() {
        return Some(format!("[{typed}]"));
    }
    let plain = !typed.is_empty()
        && typed
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'));
    plain.then(|| typed.to_owned())
}

fn endpoint(tls: bool, host: &str, port: &str) -> String {
    match (tls, port) {
        (true, "443") => format!("https://{host}"),
        (true, port) => format!("https://{host}:{port}"),
        (false, "80") => format!("http://{host}"),
        (false, port) => format!("http://{host}:{port}"),
    }
}

/// How it signs in: version 2 says so, version 1 has it follow from the provider.
fn auth(ledger: &mut Ledger, side: Side, provider: &str) -> Result<Auth, Problem> {
    if ledger.version == Version::V1 {
        let machine = provider != "gcpnative" && ledger.take_flag(ledger.slot(side, Part::Iam));
        return Ok(match provider {
            _ if machine => Auth::Machine,
            "azure" => Auth::AccountKey,
            "gcpnative" => Auth::KeyFile,
            _ => Auth::Keys,
        });
    }
    let kind = ledger.take(ledger.slot(side, Part::AuthType));
    let (auth, expected) = match (provider, kind.as_str()) {
        ("azure", "sharedKey") => (Some(Auth::AccountKey), ""),
        ("gcpnative", "serviceAccount") => (Some(Auth::KeyFile), ""),
        ("azure" | "gcpnative", "default") => (Some(Auth::Machine), ""),
        ("azure", _) => (None, "sharedKey, default"),
        ("gcpnative", _) => (None, "serviceAccount, default"),
        (_, "static") => (Some(Auth::Keys), ""),
        (_, "iam" | "default") => (Some(Auth::Machine), ""),
        _ => (None, "static, iam, default"),
    };
    auth.ok_or_else(|| {
        ledger.problem(
            Slot::At(side, Part::AuthType),
            format!("`{kind}` is not for the provider `{provider}`, which takes {expected}"),
        )
    })
}

/// Version 2 refuses what its way of signing in does not use; version 1 passes it over.
fn refuse_what_does_not_apply(
    ledger: &Ledger,
    side: Side,
    provider: &str,
    auth: Auth,
) -> Result<(), Problem> {
    if ledger.version == Version::V1 {
        return Ok(());
    }
    let kind = ledger.look(ledger.slot(side, Part::AuthType));
    for (part, applies) in [
        (Part::AccessKey, auth == Auth::Keys),
        (Part::SecretKey, auth == Auth::Keys),
        (Part::SessionToken, auth == Auth::Keys),
        (Part::AccountKey, auth == Auth::AccountKey),
        (Part::KeyFile, auth == Auth::KeyFile),
        (Part::IamEndpoint, kind == "iam"),
        (Part::Account, provider == "azure"),
        (Part::LocalPath, false),
    ] {
        let slot = Slot::At(side, part);
        if ledger.is_set(slot) && !ledger.look(slot).is_empty() && !applies {
            let why = match part {
                Part::Account | Part::LocalPath => {
                    format!("it is not for the provider `{provider}`")
                }
                _ => format!("it is not for `auth.type: {kind}`"),
            };
            return Err(ledger.problem(slot, why));
        }
    }
    Ok(())
}

fn credentials(ledger: &mut Ledger, side: Side, auth: Auth) -> Result<StorageCredentials, Problem> {
    match auth {
        Auth::Machine => Ok(StorageCredentials::Machine),
        Auth::Keys => {
            let token = ledger.take(ledger.slot(side, Part::SessionToken));
            Ok(StorageCredentials::S3Keys {
                access_key: required(ledger, side, Part::AccessKey)?,
                secret_key: required(ledger, side, Part::SecretKey)?,
                session_token: (!token.is_empty()).then_some(token),
            })
        }
        Auth::AccountKey => {
            let part = match ledger.version {
                Version::V1 => Part::SecretKey,
                Version::V2 => Part::AccountKey,
            };
            Ok(StorageCredentials::AzureKey {
                key: required(ledger, side, part)?,
            })
        }
        Auth::KeyFile => {
            let given = required(ledger, side, Part::KeyFile)?;
            // Some put the file's content where its path belongs.
            if given.trim_start().starts_with('{') {
                return Ok(StorageCredentials::GoogleServiceAccount { json: given });
            }
            let json = fs::read_to_string(Path::new(given.trim())).map_err(|error| {
                ledger.problem(
                    Slot::At(side, Part::KeyFile),
                    format!("the file it names cannot be read: {error}"),
                )
            })?;
            Ok(StorageCredentials::GoogleServiceAccount { json })
        }
    }
}

/// Version 1 gives the account's name as the access key.
fn account_part(version: Version) -> Part {
    match version {
        Version::V1 => Part::AccessKey,
        Version::V2 => Part::Account,
    }
}

fn required(ledger: &mut Ledger, side: Side, part: Part) -> Result<String, Problem> {
    let value = ledger.take(ledger.slot(side, part));
    if value.is_empty() {
        return Err(ledger.problem(Slot::At(side, part), "it must not be empty"));
    }
    Ok(value)
}
