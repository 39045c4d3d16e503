//! Everything a measurement needs, started: PostgreSQL, the model, the program, the bare server.

use super::{bare, model};
use queryforge::store::embedded::Cluster;
use sqlx::PgPool;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub struct Stand {
    pub server: Process,
    pub bare: Process,
    /// The SQLite sample Northwind.
    pub dataset: String,
    pub pool: PgPool,
    cluster: Cluster,
    variables: Vec<(String, String)>,
    redis: Option<Redis>,
    dir: TempDir,
}

/// A child that listens.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
}

impl Process {
    fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            // under overload it has much to say
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        let mut line = String::new();
        let said = child.stdout.take().expect("piped");
        BufReader::new(said)
            .read_line(&mut line)
            .expect("a line with its address");
        let address = line
            .trim()
            .rsplit_once("http://")
            .and_then(|(_, address)| address.parse().ok());
        Self {
            child,
            address: address.unwrap_or_else(|| panic!("it did not start: {line}")),
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Stand {
    pub async fn start() -> Self {
        Self::start_with(&[], false).await
    }

    /// With Redis, as an installation of several processes has.
    pub async fn start_with(more: &[(&str, &str)], with_redis: bool) -> Self {
        let model = model::start();
        let dir = tempfile::Builder::new()
            .prefix("qf-bench-")
            .tempdir()
            .expect("a temporary directory");
        // the unprivileged user of PostgreSQL has to get in
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755))
            .expect("it is ours");
        let cluster = Cluster::start(dir.path()).await.expect("PostgreSQL starts");
        let redis = with_redis.then(Redis::start);
        let mut variables: Vec<(String, String)> = [
            ("PORT", "0".to_owned()),
            ("DATABASE_URL", cluster.url("queryforge")),
            ("QF_DATA_DIR", dir.path().join("data").display().to_string()),
            ("OPENAI_BASE_URL", format!("http://{model}/v1")),
            ("OPENAI_MODEL", model::MODEL.to_owned()),
            ("QF_OLLAMA_DISCOVERY", "off".to_owned()),
            ("QF_SUBMITS_PER_MINUTE", "0".to_owned()),
            ("QF_RUNNING_TURNS", "0".to_owned()),
            ("QF_SOCKETS", "0".to_owned()),
            ("QF_WORKSPACE_TURNS", "0".to_owned()),
            ("QF_PROCESS_TURNS", "0".to_owned()),
            ("QF_MODEL_CALLS", "1000".to_owned()),
            ("MAX_REFINEMENT_ITERATIONS", "0".to_owned()),
            ("MAX_ESCALATION_ITERATIONS", "0".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        if let Some(redis) = &redis {
            variables.push(("REDIS_URL".to_owned(), redis.url()));
        }
        for (name, value) in more {
            variables.retain(|(known, _)| known != name);
            variables.push(((*name).to_owned(), (*value).to_owned()));
        }
        let server = program(&variables);
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command
            .arg(bare::VERB)
            .env("BARE_MODEL", format!("http://{model}/v1"));
        let bare = Process::start(command);
        let pool = PgPool::connect(&cluster.url("queryforge"))
            .await
            .expect("it is there");
        let dataset: uuid::Uuid =
            sqlx::query_scalar("select id from datasets where name = 'Northwind'")
                .fetch_one(&pool)
                .await
                .expect("the sample is installed");
        Self {
            server,
            bare,
            dataset: dataset.to_string(),
            pool,
            cluster,
            variables,
            redis,
            dir,
        }
    }

    /// One more process of the same installation.
    pub fn another(&self) -> Process {
        program(&self.variables)
    }

    /// Transactions and statements that our database has finished, by its own count; that a session begins is one, and
    /// left out.
    pub async fn statements(&self) -> i64 {
        // a session that rests tells what it has counted after ten seconds at the latest
        tokio::time::sleep(Duration::from_secs(12)).await;
        sqlx::query_scalar(
            "select xact_commit - sessions from pg_stat_database where datname = current_database()",
        )
        .fetch_one(&self.pool)
        .await
        .expect("PostgreSQL answers")
    }

    pub async fn stop(self) {
        drop(self.server);
        drop(self.bare);
        self.pool.close().await;
        self.cluster.stop().await;
        drop(self.redis);
        drop(self.dir);
    }
}

fn program(variables: &[(String, String)]) -> Process {
    let mut command = Command::new(env!("CARGO_BIN_EXE_queryforge"));
    command
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .env("RUST_LOG", "warn,sqlx=error");
    Process::start(command)
}

struct Redis {
    child: Child,
    address: SocketAddr,
}

impl Redis {
    fn start() -> Self {
        let address = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a port");
        let child = Command::new("redis-server")
            .args(["--port", &address.port().to_string()])
            .args(["--bind", "127.0.0.1", "--save", ""])
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is installed; `make test-packages` sees to it");
        let redis = Self { child, address };
        let began = Instant::now();
        while std::net::TcpStream::connect(redis.address).is_err() {
            assert!(
                began.elapsed() < Duration::from_secs(10),
                "Redis does not start"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        redis
    }

    fn url(&self) -> String {
        format!("redis://{}", self.address)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
