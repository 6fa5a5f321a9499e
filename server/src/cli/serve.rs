//! `hozon serve`: console and workers in one process.

use std::{
    io::Write,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::Args;
use hozon_engine::{Engine, Error, ErrorCode, accounts::Secret};
use hozon_model::ServedApi;
use serde::Serialize;
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
};
use tokio_util::sync::CancellationToken;

use super::{
    Context,
    exit::{Exit, Failure},
};
use crate::{
    config::Settings,
    http::{self, Certificates, Site, address},
    logging::LogFormat,
    oidc::Door,
};

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Port to listen on; 0 takes a free one [default: 8790]
    #[arg(long, short)]
    pub(super) port: Option<u16>,
    /// Address to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "ADDR")]
    pub(super) bind: Option<IpAddr>,
    /// Answer as milvus-backup's server does, on its port 8080 unless one is set
    #[arg(long)]
    pub(super) compat_milvus_backup: bool,
    /// How log lines look
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) log_format: LogFormat,
}

/// What is printed once the console answers.
#[derive(Serialize)]
struct Started {
    console: String,
    /// Where the first owner is made; none once there is somebody.
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_in_link: Option<String>,
}

pub(crate) async fn run(context: &Context, settings: &Settings) -> Result<(), Failure> {
    let engine = &context.engine;
    let certificates = match settings.tls.clone() {
        Some(files) => Some(Certificates::read(files).await?),
        None => None,
    };
    let listener = TcpListener::bind(settings.listen).await.map_err(|error| {
        Error::new(ErrorCode::InvalidInput, settings.listen.to_string())
            .because(format!("cannot listen there: {error}"))
            .hint("choose another port with `--port`, or stop what listens there")
    })?;
    let listen = listener
        .local_addr()
        .map_err(|error| Error::new(ErrorCode::Internal, "listener").caused_by(error))?;
    if !listen.ip().is_loopback() && !settings.behind_tls && certificates.is_none() {
        tracing::warn!(
            "passwords and sessions cross the network in the clear: name a certificate under `[server.tls]`, or put a \
             proxy with TLS in front and set `public_url`"
        );
    }
    if settings.engine.stores.private_endpoints {
        tracing::info!(
            "stores may be at loopback and private addresses; `private_endpoints = false` under `[stores]` refuses them"
        );
    }

    // Only now: a link made by a start that fails would be lost.
    let first_link = first_start(context).await?;

    let stop = CancellationToken::new();
    // Heard from now on, before anybody is told that the server is there.
    let heard = signals()?;
    let signals = tokio::spawn(wait_for_signals(heard, stop.clone()));
    let site = Site {
        listen: Some(listen),
        public_url: settings.public_url.clone(),
        behind_tls: settings.behind_tls,
        trusted_proxies: settings.trusted_proxies.clone(),
        limits: settings.limits,
        files: std::env::var_os("LEPTOS_SITE_ROOT").map(PathBuf::from),
        apis: apis(engine, settings),
        served: served(settings),
        oidc: settings.oidc.clone().map(Door::new).transpose()?,
        stop: stop.clone(),
    };
    let router = http::router(engine, &site);
    let console = tokio::spawn(http::serve(
        listener,
        router,
        settings.limits,
        certificates,
        settings.public_url.clone(),
        stop.clone(),
    ));
    let workers = tokio::spawn(work(engine.clone(), stop.clone()));

    announce(context, settings, listen, first_link)?;
    stop.cancelled().await;
    let patience = settings.limits.shutdown_time;
    tracing::info!("stopping; requests and jobs have {} s", patience.as_secs());
    let (console, workers) = tokio::join!(console, tokio::time::timeout(patience, workers));
    signals.abort();
    console.map_err(|error| Error::new(ErrorCode::Internal, "console").caused_by(error))?;
    let Ok(workers) = workers else {
        tracing::warn!("not every job stopped in time; they go on from their last checkpoint");
        return Ok(());
    };
    workers.map_err(|error| Error::new(ErrorCode::Internal, "workers").caused_by(error))??;
    tracing::info!("stopped");
    Ok(())
}

/// The APIs that are switched on.
fn apis(engine: &Engine, settings: &Settings) -> axum::Router {
    let mut apis = axum::Router::new();
    if let Some(options) = &settings.compat_milvus_backup {
        if options.key.is_none() {
            tracing::warn!(
                "`{}` lets everybody in who reaches this port: set `key_file` under `[compat_milvus_backup]`",
                hozon_api::v1::BASE
            );
        }
        apis = apis.merge(hozon_api::v1::router(engine, options.clone()));
    }
    let own = hozon_api::own::Options {
        requests_per_second: settings.control_plane.requests_per_second,
        largest_body: settings.limits.body_bytes,
    };
    apis.merge(hozon_api::own::router(engine, own))
        .merge(hozon_api::v2::router(
            engine,
            settings.control_plane.clone(),
        ))
}

/// What they offer, the control plane first.
fn served(settings: &Settings) -> Vec<ServedApi> {
    let mut served = vec![hozon_api::v2::served()];
    if settings.compat_milvus_backup.is_some() {
        served.push(hozon_api::v1::served());
    }
    served
}

/// A server without workers would only look alive, so all stop together.
async fn work(engine: Engine, stop: CancellationToken) -> Result<(), Error> {
    let _stop_with_me = stop.clone().drop_guard();
    let no_worker_left = stop.child_token();
    let schedules = engine.run_schedules(no_worker_left.clone(), jiff::Timestamp::now);
    let workers = async {
        let _no_backups_for_nobody = no_worker_left.drop_guard();
        engine.run_workers(stop).await
    };
    let ((), ended) = tokio::join!(schedules, workers);
    if let Err(error) = &ended {
        tracing::error!(%error, "the workers stopped");
    }
    ended
}

fn signals() -> Result<(Signal, Signal), Error> {
    let unheard = |error| {
        Error::new(ErrorCode::Internal, "signals")
            .caused_by(error)
            .hint("allow this process to handle SIGINT and SIGTERM")
    };
    let interrupt = signal(SignalKind::interrupt()).map_err(unheard)?;
    Ok((interrupt, signal(SignalKind::terminate()).map_err(unheard)?))
}

/// The first signal stops gently, the second at once.
async fn wait_for_signals(
    (mut interrupt, mut terminate): (Signal, Signal),
    stop: CancellationToken,
) {
    let mut either = async || {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    either().await;
    stop.cancel();
    either().await;
    tracing::warn!("stopping at once");
    std::process::exit(Exit::Canceled as i32);
}

/// Lets the first one in: by the password of the environment, or else by a link to the set-up, as long as there is nobody.
async fn first_start(context: &Context) -> Result<Option<Secret>, Failure> {
    let password = std::env::var("HOZON_ADMIN_PASSWORD")
        .ok()
        .filter(|password| !password.is_empty());
    if let Some(password) = password {
        context.engine.ensure_administrator(Some(&password)).await?;
    }
    Ok(context.engine.begin_set_up().await?)
}

fn announce(
    context: &Context,
    settings: &Settings,
    listen: SocketAddr,
    link: Option<Secret>,
) -> Result<(), Failure> {
    let console = address::console(settings, listen);
    let started = Started {
        sign_in_link: link.map(|token| address::set_up(&console, &token)),
        console: console.to_string(),
    };
    if let Some(link) = &started.sign_in_link {
        // Whoever runs a server finds it there when its terminal is gone. It is worth nothing once it was used.
        tracing::info!("nobody has an account here yet: set Hozon up at {link}");
    }
    context.output.answer(&started, |started| {
        let mut text = format!("Console: {}\n", started.console);
        match &started.sign_in_link {
            Some(link) => text.push_str(&format!(
                "Set up:  {link}\n         (works once; the next start prints another one)\n"
            )),
            None => {
                text.push_str("Sign in: with a password, or with a link from `hozon admin link`\n");
            }
        }
        text
    })?;
    std::io::stdout()
        .flush()
        .map_err(|error| Error::new(ErrorCode::Internal, "stdout").caused_by(error))?;
    Ok(())
}
