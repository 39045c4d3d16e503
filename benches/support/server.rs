//! The whole server in this process, on a private PostgreSQL, as `queryforge serve` would have it.

use super::model::{MODEL, ScriptedModel};
use super::thread::{ProcessorClock, on_own_thread};
use metrics_exporter_prometheus::PrometheusBuilder;
use queryforge::app::App;
use queryforge::config::Settings;
use queryforge::conversation::Conversations;
use queryforge::server::{self, Server, auth};
use queryforge::store::embedded::Cluster;
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// A directory that the unprivileged user of PostgreSQL may enter; only itself is removed on drop.
pub fn scratch() -> TempDir {
    let dir = tempfile::Builder::new()
        .prefix("qf-bench-")
        .tempdir()
        .expect("a temporary directory");
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755))
        .expect("it is ours");
    dir
}

pub struct Served {
    pub address: SocketAddr,
    /// The SQLite sample Northwind.
    pub dataset: String,
    /// Of the thread that everything asynchronous runs on.
    pub clock: ProcessorClock,
}

/// Serves on one thread, with a log that is written and thrown away.
pub fn serve(dir: &TempDir, cluster: &Cluster, model: &ScriptedModel) -> Served {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("info,sqlx=warn,hyper=warn"))
        .json()
        .flatten_event(true)
        .with_writer(io::sink)
        .init();
    let data = dir.path().join("data");
    let variables: HashMap<&str, String> = [
        ("PORT", "0".to_owned()),
        ("QF_DATA_DIR", data.display().to_string()),
        ("DATABASE_URL", cluster.url("queryforge")),
        ("OPENAI_BASE_URL", model.base_url()),
        ("OPENAI_MODEL", MODEL.to_owned()),
        ("QF_SUBMITS_PER_MINUTE", "0".to_owned()),
        ("QF_SOCKETS", "0".to_owned()),
        // a refused query is not asked for again
        ("MAX_REFINEMENT_ITERATIONS", "0".to_owned()),
        ("MAX_ESCALATION_ITERATIONS", "0".to_owned()),
    ]
    .into();
    let settings = Settings::from_variables(|name| variables.get(name).cloned())
        .expect("the settings are valid");
    let ((address, dataset), clock) = on_own_thread("server", || async {
        let policy = auth::Policy::local(&settings).expect("loopback");
        let listener = TcpListener::bind((settings.host, 0)).await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let app = App::start(settings).await.expect("the app starts");
        let datasets = app.datasets().await;
        let northwind = datasets.iter().find(|one| one.name == "Northwind");
        let dataset = northwind.expect("a sample").id.to_string();
        let router = Server::new(Conversations::start(app), policy, metrics).router();
        tokio::spawn(async {
            axum::serve(server::without_delay(listener), router.into_make_service()).await
        });
        (address, dataset)
    });
    Served {
        address,
        dataset,
        clock,
    }
}
