//! `queryforge serve` and `queryforge migrate`.

use super::Done;
use crate::app::App;
use crate::config::Settings;
use crate::conversation::Conversations;
use crate::server::{self, Server, auth};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::io::{self, IsTerminal};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tracing_subscriber::EnvFilter;

#[derive(Debug, thiserror::Error)]
enum ServeError {
    #[error(
        "{address} is taken by another program. Stop it, or choose another port with PORT=8001."
    )]
    PortTaken { address: SocketAddr },
    #[error(
        "RUST_LOG is '{directives}', which is no filter ({error}). It reads like info,queryforge=debug."
    )]
    LogDirectives {
        directives: String,
        error: tracing_subscriber::filter::ParseError,
    },
    #[error("cannot listen on {address}: {source}. Choose another with HOST and PORT.")]
    Listen {
        address: SocketAddr,
        source: io::Error,
    },
}

pub fn run() -> Done {
    let settings = Settings::from_env()?;
    log_to_stderr()?;
    let runtime = runtime()?;
    let done = runtime.block_on(serve(settings));
    // a thread that a target database keeps busy must not keep the process
    runtime.shutdown_timeout(Duration::from_secs(2));
    done
}

pub fn migrate() -> Done {
    let settings = Settings::from_env()?;
    log_to_stderr()?;
    runtime()?.block_on(async {
        let app = App::start(settings).await?;
        app.stop().await;
        println!("The tables are up to date.");
        Ok(ExitCode::SUCCESS)
    })
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // checking and planning recurse over queries
        .thread_stack_size(8 * 1024 * 1024)
        .build()
}

/// Who logs the text of queries, slow ones even as a warning: silent whatever is asked for, for a query's
/// literals are somebody's data.
const LITERALS: [&str; 2] = ["sqlparser", "sqlx::query"];

fn log_to_stderr() -> Result<(), ServeError> {
    let directives = crate::config::log_directives();
    let mut filter = EnvFilter::try_new(&directives)
        .map_err(|error| ServeError::LogDirectives { directives, error })?;
    for target in LITERALS {
        let off = format!("{target}=off");
        filter = filter.add_directive(off.parse().expect("a target and a level"));
    }
    let logger = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    if io::stderr().is_terminal() {
        logger.compact().init();
    } else {
        logger.json().flatten_event(true).init();
    }
    Ok(())
}

async fn serve(settings: Settings) -> Done {
    let policy = auth::Policy::local(&settings)?;
    let address = SocketAddr::new(settings.host, settings.port);
    // before anything is started: a taken port must not disturb the one who has it
    let listener = TcpListener::bind(address).await.map_err(|source| {
        if source.kind() == io::ErrorKind::AddrInUse {
            ServeError::PortTaken { address }
        } else {
            ServeError::Listen { address, source }
        }
    })?;
    let address = listener.local_addr()?;
    let metrics = PrometheusBuilder::new().install_recorder()?;
    let mut beside = JoinSet::new();
    beside.spawn(sum_up(metrics.clone()));
    let app = App::start(settings).await?;
    let conversations = Conversations::start(app.clone());
    let routes = Server::new(conversations.clone(), policy, metrics).router();
    announce(&app, address).await;

    let stopping = {
        let conversations = conversations.clone();
        async move {
            stop_signal().await;
            tracing::info!("stopping: no new questions, running ones may end");
            conversations.drain().await;
        }
    };
    let serving = axum::serve(server::without_delay(listener), routes.into_make_service())
        .with_graceful_shutdown(stopping);
    // a socket that does not close must not keep us
    tokio::select! {
        served = async { serving.await } => served?,
        () = async {
            conversations.stopped().cancelled().await;
            tokio::time::sleep(Duration::from_secs(5)).await;
        } => {}
    }
    // with what came before, and the runtime's two seconds, within the 30 s that a supervisor waits
    if tokio::time::timeout(STOP, app.stop()).await.is_err() {
        tracing::warn!("stopped without waiting for what is still open");
    }
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// What is still open when the last turn has ended, the private PostgreSQL included.
const STOP: Duration = Duration::from_secs(8);

/// Every measurement is kept as it came until it is summed up, and where nobody asks for `/metrics`, that is here.
async fn sum_up(metrics: PrometheusHandle) {
    let mut tick = tokio::time::interval(Duration::from_secs(5));
    loop {
        tick.tick().await;
        metrics.run_upkeep();
    }
}

/// The one line on standard output: where to go.
async fn announce(app: &App, address: SocketAddr) {
    let generator = app.models.name();
    tracing::info!(
        generator = generator.name,
        datasets = app.datasets().await.len(),
        "ready; queries are written by: {}",
        generator.name
    );
    println!("QueryForge is at http://{address}");
}

async fn stop_signal() {
    let mut terminate = signal(SignalKind::terminate()).expect("a runtime with signals");
    let mut interrupt = signal(SignalKind::interrupt()).expect("a runtime with signals");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
