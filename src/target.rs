//! Customers' databases: introspect, explain, run read-only, cancel.
//!
//! One file per engine, all behind [`Target`]. Nothing here accepts text: only a
//! [`ReadOnly`], which only the checker can make.

pub mod duckdb;
mod errand;
pub mod kdb;
pub mod mysql;
pub mod postgres;
mod sampling;
pub mod sqlite;

use crate::query::{Dialect, ReadOnly};
use crate::schema::{Schema, ValueKind};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// One live target database.
#[async_trait]
pub trait Target: Send + Sync {
    fn dialect(&self) -> Dialect;

    /// Connects, reads the rights the connection has, and goes away.
    async fn probe(&self) -> Result<Rights, TargetError>;

    /// Tables, columns, keys, comments, estimates, ranges and sample values.
    async fn introspect(&self) -> Result<Schema, TargetError>;

    /// The engine's own dry run. [`TargetError::Query`] when the engine refuses the query.
    async fn explain(
        &self,
        query: &ReadOnly,
        cancel: &CancellationToken,
    ) -> Result<Plan, TargetError>;

    /// Runs the query in a read-only transaction that is always rolled back.
    ///
    /// Cancelling stops the statement on the server, not only the wait for it.
    async fn run(
        &self,
        query: &ReadOnly,
        limits: &RunLimits,
        cancel: &CancellationToken,
    ) -> Result<Rows, TargetError>;
}

/// Behind a dataset that was made from DDL or JSON: there is no database.
pub struct Unconnected(pub Dialect);

#[async_trait]
impl Target for Unconnected {
    fn dialect(&self) -> Dialect {
        self.0
    }

    async fn probe(&self) -> Result<Rights, TargetError> {
        Err(not_connected())
    }

    async fn introspect(&self) -> Result<Schema, TargetError> {
        Err(not_connected())
    }

    /// Nothing is estimated, and nothing refused.
    async fn explain(&self, _: &ReadOnly, _: &CancellationToken) -> Result<Plan, TargetError> {
        Ok(Plan::default())
    }

    async fn run(
        &self,
        _: &ReadOnly,
        _: &RunLimits,
        _: &CancellationToken,
    ) -> Result<Rows, TargetError> {
        Err(not_connected())
    }
}

fn not_connected() -> TargetError {
    TargetError::Unreachable("this dataset was made without a database".to_owned())
}

/// What the account of a connection may do beyond reading.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rights {
    /// Why this account could change something, one sentence each; empty is what we want.
    pub can_write: Vec<String>,
    pub server_version: String,
}

/// The engine's estimate of a query. Units are the engine's own, so only compare within one engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub estimated_rows: Option<f64>,
    pub estimated_cost: Option<f64>,
    /// About how many rows the engine would look at, those that joins put together among them.
    #[serde(default)]
    pub rows_read: Option<f64>,
    pub text: String,
}

#[derive(Clone, Debug)]
pub struct RunLimits {
    pub max_rows: usize,
    pub max_bytes: usize,
    /// Enforced by the server where it can, and by us a little later.
    pub timeout: Duration,
}

impl RunLimits {
    /// As configured for every query that a person asks for or writes.
    pub fn of(limits: &crate::config::Limits) -> Self {
        Self {
            max_rows: limits.result_rows,
            max_bytes: limits.result_bytes,
            timeout: limits.statement,
        }
    }
}

/// The rows of one query.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    pub columns: Vec<ResultColumn>,
    /// JSON scalars. Integers beyond 2^53 and decimals are strings, so that no digit is lost.
    pub rows: Vec<Vec<serde_json::Value>>,
    /// There was more than the limits let through.
    pub truncated: bool,
    pub elapsed_ms: u64,
}

impl Rows {
    /// Shows NUL as `␀`: SQLite and MySQL have it in texts, and our own store cannot keep it.
    pub fn with_visible_nul(mut self) -> Self {
        let texts = self
            .rows
            .iter_mut()
            .flatten()
            .filter_map(|value| match value {
                serde_json::Value::String(text) => Some(text),
                _ => None,
            });
        for text in self
            .columns
            .iter_mut()
            .map(|column| &mut column.name)
            .chain(texts)
            .filter(|text| text.contains('\0'))
        {
            *text = text.replace('\0', "␀");
        }
        self
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ResultColumn {
    pub name: String,
    /// As the engine names it.
    #[serde(rename = "type")]
    pub data_type: String,
    pub kind: ValueKind,
}

/// Rows after which a result is cut, unless configured otherwise: what streams is read no further.
const SHOWN_ROWS: f64 = 10_000.0;

/// How long work that has no time limit of its own (a dry run, reading the catalogue) may wait for its turn.
const TURN: Duration = Duration::from_secs(30);

#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// Cannot be reached, or dropped the connection.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// The engine refused the query itself; `position` is a 1-based character offset into it.
    #[error("the database refused the query: {message}")]
    Query {
        message: String,
        position: Option<usize>,
        hint: Option<String>,
    },
    /// The account of the connection could change something; why is said.
    #[error(
        "the account can do more than read: {0} Use one that can only read, or allow it for this connection"
    )]
    MayWrite(String),
    /// Its server is older than what we write for it understands; both versions are said.
    #[error("{0}")]
    TooOld(String),
    #[error("the query took longer than {0:?}")]
    Timeout(Duration),
    #[error("the query was cancelled")]
    Cancelled,
    #[error("{0}")]
    Other(String),
}

impl TargetError {
    /// What whoever named the connection can do, when reading its database ends so.
    ///
    /// Servers and drivers know why they let nobody in, each in its own words, and give few of them a number.
    pub fn remedy(&self, dialect: Dialect) -> &'static str {
        let said = match self {
            Self::Unreachable(said) | Self::Other(said) => said.to_ascii_lowercase(),
            Self::MayWrite(_) => return "`may_write` of the connection allows it.",
            Self::TooOld(_) => return "Upgrade it, or name another server.",
            Self::Timeout(_) => return "Try again, or name a database with fewer tables.",
            Self::Query { .. } => return "Check what the account may read.",
            Self::Cancelled => return "Try again.",
        };
        let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if says(&["password file"]) {
            "Check the path of password_file, and that this server may read it."
        } else if says(&["unknown database"]) || says(&["database \""]) && says(&["does not exist"])
        {
            "Check the database's name."
        } else if says(&["to database", "permission denied for database"]) {
            "Check the database's name, and that the account may use it."
        } else if says(&[
            "authentication failed",
            "access denied",
            "no password",
            "password",
            "does not exist",
            "refused the user",
        ]) {
            "Check the user, and the password in the file that password_file names."
        } else if says(&["pg_hba", "is not allowed to connect"]) {
            "Let this machine in at the database's server, with TLS or without as the connection says."
        } else if says(&["tls", "ssl", "certificate", "handshake"]) {
            "Check `tls`: whether the server speaks it, and whether its certificate is good for the host."
        } else if says(&["connection refused"])
            || says(&["error communicating"]) && says(&["no such file"])
        {
            "Check host and port (or the socket), and that the server runs and listens there."
        } else if says(&["lookup", "resolve", "name or service", "hostname"]) {
            "Check how the host is spelled."
        } else if says(&["no answer", "timed out", "unreachable", "no route"]) {
            "Check host and port, and that no firewall stands between."
        } else if says(&["too many connections", "remaining connection slots"]) {
            "The server has no room for another connection; try again later."
        } else if says(&["duckdb", "library"]) {
            "Check the path, that the file is a DuckDB database, and that the library is there."
        } else if says(&["file", "directory"]) || dialect == Dialect::Sqlite {
            "Check the path: it is one of the machine that QueryForge runs on."
        } else {
            "Check kind, host and port: another program may listen there."
        }
    }

    /// Of an error that the server itself did not speak of.
    fn of_driver(error: &sqlx::Error) -> Self {
        let message = error.to_string();
        match error {
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Configuration(_) => {
                Self::Unreachable(message)
            }
            _ => Self::Other(message),
        }
    }
}

/// Memory of this process, in KiB.
#[cfg(test)]
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    kib.and_then(|kib| kib.parse().ok()).expect("a number")
}
