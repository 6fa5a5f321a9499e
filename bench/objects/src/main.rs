//! How many small objects a second go from one place of an S3 service to another: by the service itself, and streaming
//! through this process, as exports and copies move files.
//!
//! Usage: `hozon-objects URL ENDPOINT REGION ACCESS_KEY OBJECTS BYTES`, with the secret key on standard input. Writes the
//! objects to `URL/from` and leaves them there, for others to copy them, too. Prints one line of JSON.

use std::{
    env,
    io::{self, Read},
    process::ExitCode,
    sync::Arc,
    time::Instant,
};

use futures::{StreamExt, TryStreamExt, stream};
use hozon_engine::{
    Error, Result,
    model::{StorageCredentials, StorageLocation},
    store::{Digest, Route, Store, Stores},
};
use tokio_util::sync::CancellationToken;

/// As many at once as exports move.
const AT_ONCE: usize = 16;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> std::result::Result<String, String> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [url, endpoint, region, access_key, objects, bytes] = &arguments[..] else {
        return Err(
            "usage: hozon-objects URL ENDPOINT REGION ACCESS_KEY OBJECTS BYTES <key".into(),
        );
    };
    let number = |text: &str| {
        text.parse::<usize>()
            .map_err(|error| format!("`{text}`: {error}"))
    };
    let (objects, bytes) = (number(objects)?, number(bytes)?);
    let mut secret_key = String::new();
    io::stdin()
        .read_to_string(&mut secret_key)
        .map_err(|error| format!("the key: {error}"))?;
    let credentials = StorageCredentials::S3Keys {
        access_key: access_key.clone(),
        secret_key: secret_key.trim().to_owned(),
        session_token: None,
    };
    let stores = Stores::default();
    let open = |endpoint: &str| {
        let location = StorageLocation {
            url: url.clone(),
            endpoint: Some(endpoint.to_owned()),
            region: Some(region.clone()),
        };
        stores
            .open(&location, &credentials)
            .map_err(|error| error.to_string())
    };
    let store = open(endpoint)?;
    // The same service under an address that is written otherwise is taken for another one, so bytes stream.
    let apart = open(&format!("{endpoint}//"))?;
    let rates = measure(&store, &apart, objects, &vec![7_u8; bytes]).await;
    let [written, by_service, streaming] = rates.map_err(|error| error.to_string())?;
    Ok(format!(
        r#"{{"written": {written:.1}, "by_service": {by_service:.1}, "streaming": {streaming:.1}}}"#
    ))
}

/// Objects a second: written, copied by the service, streamed.
async fn measure(
    store: &Arc<dyn Store>,
    apart: &Arc<dyn Store>,
    objects: usize,
    content: &[u8],
) -> Result<[f64; 3]> {
    let expected = Digest {
        size: content.len() as u64,
        blake3: blake3::hash(content).to_hex().to_string(),
    };
    let started = Instant::now();
    stream::iter(0..objects)
        .map(|number| async move {
            store
                .put(&name("from", number), content.to_vec().into())
                .await
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await?;
    let written = rate(objects, started);
    let by_service = Route::new(store.clone(), store.clone());
    let streaming = Route::new(store.clone(), apart.clone());
    let rates = [
        written,
        carried(&by_service, objects, "by-service", &expected).await?,
        carried(&streaming, objects, "streaming", &expected).await?,
    ];
    if !by_service.is_by_service() || streaming.is_by_service() {
        return Err(Error::new(
            hozon_engine::ErrorCode::StorageUnreachable,
            store.location().url.as_str(),
        )
        .because(format!(
            "copies went another way than was asked for: {:?}",
            by_service.refusal()
        )));
    }
    Ok(rates)
}

async fn carried(route: &Route, objects: usize, to: &str, expected: &Digest) -> Result<f64> {
    let (cancel, uncounted) = (CancellationToken::new(), |_: u64| {});
    let (cancel, uncounted) = (&cancel, &uncounted);
    let started = Instant::now();
    stream::iter(0..objects)
        .map(|number| async move {
            let (path, to_path) = (name("from", number), name(to, number));
            route
                .carry(&path, &to_path, expected, uncounted, cancel)
                .await
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await?;
    Ok(rate(objects, started))
}

fn name(directory: &str, number: usize) -> String {
    format!("{directory}/{number:06}")
}

fn rate(objects: usize, since: Instant) -> f64 {
    objects as f64 / since.elapsed().as_secs_f64()
}
