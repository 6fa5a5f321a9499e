//! Asks one address of `/v2` from many clients at once, each as soon as its last answer is there: how many answers come
//! in a second, and how long the slowest hundredth waits. Every answer must be a good one; the first that is not ends it,
//! because figures of refusals are worth nothing.
//!
//! Usage: `hozon-load URL CLIENTS SECONDS`, with the API key on standard input. A quarter of the time more is spent
//! before, and not counted among the waits. Prints one line of JSON.

use std::{
    env,
    io::{self, Read},
    process::ExitCode,
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

/// What a good answer of `/v2` begins with.
const GOOD: &[u8] = br#"{"code":0,"#;

/// What one client saw.
struct Seen {
    /// Every answer, those before the counting began among them.
    answers: usize,
    /// How long each counted answer took.
    waits: Vec<Duration>,
}

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

async fn run() -> Result<String, String> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [url, clients, seconds] = &arguments[..] else {
        return Err("usage: hozon-load URL CLIENTS SECONDS <key".to_owned());
    };
    let clients: usize = number("CLIENTS", clients)?;
    let seconds: u32 = number("SECONDS", seconds)?;
    let mut key = String::new();
    io::stdin()
        .read_to_string(&mut key)
        .map_err(|error| format!("the key: {error}"))?;
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .map_err(|error| error.to_string())?;
    let length = Duration::from_secs(seconds.into());
    let begun = Instant::now();
    let counted_from = begun + length / 4;
    let until = counted_from + length;
    let mut asking = JoinSet::new();
    for _ in 0..clients {
        let (client, url, key) = (client.clone(), url.clone(), key.trim().to_owned());
        asking.spawn(async move { ask_again(&client, &url, &key, counted_from, until).await });
    }
    let (mut answers, mut waits) = (0, Vec::new());
    while let Some(seen) = asking.join_next().await {
        let mut seen = seen.map_err(|error| error.to_string())??;
        answers += seen.answers;
        waits.append(&mut seen.waits);
    }
    if waits.is_empty() {
        return Err("nothing was answered while it was counted".to_owned());
    }
    waits.sort_unstable();
    Ok(format!(
        r#"{{"answers": {answers}, "counted": {}, "seconds": {seconds}, "p50_ms": {:.3}, "p99_ms": {:.3}, "longest_ms": {:.3}}}"#,
        waits.len(),
        rank(&waits, 50),
        rank(&waits, 99),
        rank(&waits, 100),
    ))
}

/// One client: the next question follows the answer at once.
async fn ask_again(
    client: &reqwest::Client,
    url: &str,
    key: &str,
    counted_from: Instant,
    until: Instant,
) -> Result<Seen, String> {
    let mut seen = Seen {
        answers: 0,
        waits: Vec::new(),
    };
    loop {
        let asked = Instant::now();
        if asked >= until {
            return Ok(seen);
        }
        let answer = client
            .get(url)
            .bearer_auth(key)
            .send()
            .await
            .map_err(|error| error.to_string())?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(|error| error.to_string())?;
        if !status.is_success() || !body.starts_with(GOOD) {
            let body = String::from_utf8_lossy(&body);
            return Err(format!("{url} answered {status}: {body}"));
        }
        seen.answers += 1;
        if asked >= counted_from {
            seen.waits.push(asked.elapsed());
        }
    }
}

/// The wait that so many of a hundred do not exceed, in milliseconds; `sorted` holds at least one.
fn rank(sorted: &[Duration], percent: usize) -> f64 {
    let place = (sorted.len() * percent).div_ceil(100).max(1) - 1;
    sorted[place].as_secs_f64() * 1000.0
}

fn number<T: std::str::FromStr>(what: &str, text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("{what}: `{text}` is not such a number"))
}
