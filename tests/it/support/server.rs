//! Servers under test, in this process, on a port of their own; their PostgreSQL is real.

use super::model::ScriptedModel;
use metrics_exporter_prometheus::PrometheusBuilder;
use queryforge::app::App;
use queryforge::config::Settings;
use queryforge::conversation::Conversations;
use queryforge::server::{self, Server, auth};
use queryforge::store::embedded::Cluster;
use serde_json::Value;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::OnceCell;
use tokio::task::JoinHandle;

/// A server of a test's own.
pub struct TestServer {
    pub address: SocketAddr,
    pub app: Arc<App>,
    pub conversations: Arc<Conversations>,
    /// In the shared cluster; none with a private one.
    pub database: Option<String>,
    serving: JoinHandle<()>,
    _dir: TempDir,
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A directory that the unprivileged user of PostgreSQL may enter; only itself is removed on drop.
pub fn scratch() -> TempDir {
    let dir = tempfile::Builder::new()
        .prefix("qf-it-")
        .tempdir()
        .expect("a temporary directory");
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755))
        .expect("it is ours");
    dir
}

/// One PostgreSQL for all tests that bring a database of their own. It dies with this process.
pub async fn cluster() -> &'static Cluster {
    static CLUSTER: OnceCell<(Cluster, TempDir)> = OnceCell::const_new();
    let (cluster, _) = CLUSTER
        .get_or_init(|| async {
            // a runtime of its own: a test's ends with the test
            let (sender, receiver) = tokio::sync::oneshot::channel();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Runtime::new().expect("a runtime");
                runtime.block_on(async {
                    let dir = scratch();
                    removed_with_us(&dir);
                    let cluster = Cluster::start(dir.path()).await.expect("PostgreSQL starts");
                    let _ = sender.send((cluster, dir));
                    std::future::pending::<()>().await;
                });
            });
            receiver.await.expect("the cluster's thread lives")
        })
        .await;
    cluster
}

/// Removes the directory when this process is gone: what a static holds is never dropped.
fn removed_with_us(dir: &TempDir) {
    let path = dir.path();
    assert!(
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("qf-it-"))
    );
    let child = std::process::Command::new("sh")
        // standard input ends with us; PostgreSQL needs a moment to notice the same
        .args(["-c", "read _; sleep 3; exec rm -rf -- \"$0\""])
        .arg(path)
        .stdin(std::process::Stdio::piped())
        .spawn()
        .expect("a shell");
    std::mem::forget(child);
}

fn owned(variables: &[(&'static str, &str)]) -> HashMap<&'static str, String> {
    variables
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect()
}

impl TestServer {
    /// With the private cluster and all three samples, and the built-in generator.
    pub async fn with_samples() -> Self {
        Self::start(HashMap::new(), None).await
    }

    /// As [`Self::with_samples`], with these settings.
    pub async fn with_samples_and(variables: &[(&'static str, &str)]) -> Self {
        Self::start(owned(variables), None).await
    }

    /// In a database of its own in the shared cluster, with the SQLite samples.
    pub async fn start_with(variables: &[(&'static str, &str)]) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let cluster = cluster().await;
        let database = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        cluster
            .ensure_database(&database)
            .await
            .expect("a database");
        Self::start(owned(variables), Some(database)).await
    }

    /// With a model that is scripted.
    pub async fn with_model(model: &ScriptedModel) -> Self {
        Self::with_model_and(model, &[]).await
    }

    /// As [`Self::with_model`], with these settings.
    pub async fn with_model_and(model: &ScriptedModel, variables: &[(&'static str, &str)]) -> Self {
        let base_url = model.base_url();
        let of_model = [
            ("OPENAI_BASE_URL", base_url.as_str()),
            ("OPENAI_MODEL", "scripted"),
        ];
        Self::start_with(&[&of_model, variables].concat()).await
    }

    /// Another process over the same database.
    pub async fn beside(&self, variables: &[(&'static str, &str)]) -> Self {
        let database = self.database.clone().expect("in the shared cluster");
        Self::start(owned(variables), Some(database)).await
    }

    /// A session of the test's own in the server's database.
    pub async fn session(&self) -> sqlx::PgConnection {
        use sqlx::Connection as _;
        let database = self.database.as_deref().expect("in the shared cluster");
        let url = cluster().await.url(database);
        sqlx::PgConnection::connect(&url)
            .await
            .expect("it takes another session")
    }

    async fn start(mut variables: HashMap<&'static str, String>, database: Option<String>) -> Self {
        if let Some(database) = &database {
            variables.insert("DATABASE_URL", cluster().await.url(database));
        }
        queryforge::llm::install_crypto();
        let dir = scratch();
        variables.insert("QF_DATA_DIR", dir.path().join("data").display().to_string());
        for (name, value) in [
            ("PORT", "0"),
            ("QF_OLLAMA_DISCOVERY", "off"),
            ("QF_SUBMITS_PER_MINUTE", "0"),
            ("QF_RUNNING_TURNS", "0"),
            ("QF_SOCKETS", "0"),
            ("QF_EXECUTES_PER_MINUTE", "0"),
            ("QF_REFRESHES_PER_MINUTE", "0"),
        ] {
            variables.entry(name).or_insert_with(|| value.to_owned());
        }
        let mut settings =
            Settings::from_variables(|name| variables.get(name).cloned()).expect("valid settings");
        // this program is the tests'
        settings.duckdb_worker = env!("CARGO_BIN_EXE_queryforge").into();
        let policy = auth::Policy::local(&settings).expect("loopback");
        let listener = TcpListener::bind((settings.host, 0)).await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let app = App::start(settings).await.expect("the app starts");
        let conversations = Conversations::start(app.clone());
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let router = Server::new(conversations.clone(), policy, metrics).router();
        let serving = tokio::spawn(async move {
            axum::serve(server::without_delay(listener), router.into_make_service())
                .await
                .expect("it serves");
        });
        Self {
            address,
            app,
            conversations,
            database,
            serving,
            _dir: dir,
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub async fn dataset(&self, name: &str) -> String {
        let known = self.app.datasets().await;
        known
            .iter()
            .find(|dataset| dataset.name == name)
            .expect(name)
            .id
            .to_string()
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        let response = reqwest::get(self.url(path)).await.expect("an answer");
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or(Value::Null))
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.send(reqwest::Method::POST, path, body).await
    }

    pub async fn send(&self, method: reqwest::Method, path: &str, body: Value) -> (u16, Value) {
        let response = reqwest::Client::new()
            .request(method, self.url(path))
            .json(&body)
            .send()
            .await
            .expect("an answer");
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or(Value::Null))
    }

    /// Asks over REST and waits; the body of a 200.
    pub async fn ask(&self, dataset: &str, question: &str) -> Value {
        let dataset = self.dataset(dataset).await;
        let (status, body) = self
            .post(
                "/api/v1/query",
                serde_json::json!({"query": question, "dataset_id": dataset}),
            )
            .await;
        assert_eq!(status, 200, "{question}: {body}");
        body
    }
}
