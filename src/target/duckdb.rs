//! A DuckDB file as a customer's database, read by a process of its own.
//!
//! DuckDB is a large C++ program, and a file is a program for it as much as a query is; so it never runs in ours.
//! For each piece of work we start ourselves again as `queryforge duckdb-worker` (`worker`): with an empty environment,
//! with limits on memory, files and processor time, without network and other files where the kernel lets us, killed
//! when we go.
//! There it loads DuckDB's own library (`library`), opens the file read-only with `enable_external_access` off and
//! the configuration locked, and answers over a pipe. Cancelling is killing: nothing is left to wait for.
//!
//! The library is found when it is needed, at `QF_DUCKDB_LIBRARY` or where the system's loader looks. Building
//! against it would want a build of our own for whoever uses DuckDB; building DuckDB costs 24 minutes of a
//! processor; and the `duckdb` crate brings Arrow with it. About fifty functions of the C API, which is kept
//! stable, cost nothing. `scripts/duckdb-library` fetches the official build.

mod cost;
mod introspect;
mod library;
mod values;
pub mod worker;

use self::worker::{Answer, Request};
use super::{Plan, Rights, Rows, RunLimits, Target, TargetError};
use crate::query::{Dialect, ReadOnly};
use crate::schema::Schema;
use async_trait::async_trait;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

/// One DuckDB file.
pub struct DuckDbTarget {
    path: PathBuf,
    settings: Settings,
    slots: Arc<Semaphore>,
}

#[derive(Clone, Debug)]
pub struct Settings {
    /// The program that has the verb `duckdb-worker`: this one.
    pub program: PathBuf,
    /// None: where the system's loader looks for `libduckdb.so`.
    pub library: Option<PathBuf>,
    /// At most so many processes at once; the next query waits, within its own timeout.
    pub workers: usize,
    /// What DuckDB may use for one query. It spills nothing to disk.
    pub memory_mib: u64,
    pub threads: u32,
    pub explain_timeout: Duration,
    /// How long [`Target::introspect`] may look at values; what it has not seen by then stays unseen.
    pub introspect_timeout: Duration,
}

impl Settings {
    pub fn new(program: PathBuf, library: Option<PathBuf>) -> Self {
        Self {
            program,
            library,
            workers: 2,
            memory_mib: 1024,
            threads: 2,
            explain_timeout: Duration::from_secs(10),
            introspect_timeout: Duration::from_secs(60),
        }
    }
}

/// A worker that has the file open.
struct Worker {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    version: String,
}

/// What an answer may be besides its rows, in bytes.
const SLACK: usize = 1 << 20;
/// JSON of a value is at most so many times its counted size: a control character becomes six.
const AS_JSON: usize = 6;
/// Schemas and plans stay below this.
const SMALL_ANSWER: usize = 64 << 20;

impl DuckDbTarget {
    /// Starts nothing yet.
    pub fn new(path: impl Into<PathBuf>, settings: Settings) -> Self {
        Self {
            path: path.into(),
            slots: Arc::new(Semaphore::new(settings.workers.max(1))),
            settings,
        }
    }

    /// Runs `work` with a worker of its own, which is killed in any case: when `work` is done, after `allowed`, when
    /// `cancel` says so, or when the returned future is dropped.
    async fn within<T>(
        &self,
        allowed: Duration,
        cancel: &CancellationToken,
        work: impl AsyncFnOnce(&mut Worker) -> Result<T, TargetError>,
    ) -> Result<T, TargetError> {
        let deadline = Instant::now() + allowed;
        let whole = async {
            let _slot = Arc::clone(&self.slots)
                .acquire_owned()
                .await
                .expect("nobody closes it");
            let mut worker = self.start(allowed).await?;
            let outcome = work(&mut worker).await;
            let _ = worker.child.start_kill();
            outcome
        };
        tokio::select! {
            outcome = whole => outcome,
            () = cancel.cancelled() => Err(TargetError::Cancelled),
            () = sleep_until(deadline) => Err(TargetError::Timeout(allowed)),
        }
    }

    async fn start(&self, allowed: Duration) -> Result<Worker, TargetError> {
        let path = tokio::fs::canonicalize(&self.path).await.map_err(|error| {
            TargetError::Unreachable(format!("{}: {error}", self.path.display()))
        })?;
        let mut child = Command::new(&self.settings.program)
            .arg("duckdb-worker")
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                TargetError::Unreachable(format!("DuckDB's process cannot be started: {error}"))
            })?;
        let mut worker = Worker {
            input: child.stdin.take().expect("it is piped"),
            output: BufReader::new(child.stdout.take().expect("it is piped")),
            child,
            version: String::new(),
        };
        let open = Request::Open {
            library: self.settings.library.clone(),
            path,
            memory_mib: self.settings.memory_mib,
            threads: self.settings.threads,
            // every thread of it, and some to open the file
            processor_seconds: (allowed.as_secs() + 5)
                .saturating_mul(u64::from(self.settings.threads) + 1),
        };
        match worker.ask(&open, SLACK).await? {
            Answer::Opened { version } => worker.version = version,
            _ => return Err(unexpected()),
        }
        Ok(worker)
    }
}

impl Worker {
    /// The answer to `request`, read up to `most` bytes.
    async fn ask(&mut self, request: &Request, most: usize) -> Result<Answer, TargetError> {
        let mut line = serde_json::to_vec(request).expect("requests have string keys");
        line.push(b'\n');
        let mut answer = Vec::new();
        let asked = async {
            self.input.write_all(&line).await?;
            self.input.flush().await?;
            (&mut self.output)
                .take(most as u64)
                .read_until(b'\n', &mut answer)
                .await
        };
        let died = |what: &str| TargetError::Other(format!("DuckDB's process {what}"));
        asked.await.map_err(|_| died("ended while it worked"))?;
        if answer.is_empty() {
            // a crash, or more memory or processor time than it may have
            return Err(died(
                "ended while it worked: the query may need more memory than it is given",
            ));
        }
        if answer.last() != Some(&b'\n') {
            return Err(died("answered with more than was asked for"));
        }
        match serde_json::from_slice(&answer) {
            Ok(Answer::Failed {
                message,
                position,
                unreachable,
            }) => Err(refused(message, position, unreachable)),
            Ok(answer) => Ok(answer),
            Err(_) => Err(unexpected()),
        }
    }

    /// Rows of a query of ours or a checked one.
    async fn rows(
        &mut self,
        sql: &str,
        max_rows: usize,
        max_bytes: usize,
    ) -> Result<Rows, TargetError> {
        let request = Request::Run {
            sql: sql.to_owned(),
            max_rows,
            max_bytes,
        };
        let most = max_bytes.saturating_mul(AS_JSON).saturating_add(SLACK);
        match self.ask(&request, most).await? {
            Answer::Rows(rows) => Ok(rows),
            _ => Err(unexpected()),
        }
    }
}

#[async_trait]
impl Target for DuckDbTarget {
    fn dialect(&self) -> Dialect {
        Dialect::Duckdb
    }

    /// A file knows no accounts: that it is opened read-only is the whole of it.
    async fn probe(&self) -> Result<Rights, TargetError> {
        let never = CancellationToken::new();
        let allowed = self.settings.explain_timeout;
        self.within(allowed, &never, async |worker: &mut Worker| {
            Ok(Rights {
                can_write: Vec::new(),
                server_version: format!("DuckDB {}", worker.version.trim_start_matches('v')),
            })
        })
        .await
    }

    async fn introspect(&self) -> Result<Schema, TargetError> {
        let allowed = self.settings.introspect_timeout;
        let look_until = Instant::now() + allowed;
        let never = CancellationToken::new();
        let allowed = allowed + introspect::STATEMENT_TIMEOUT;
        self.within(allowed, &never, async |worker: &mut Worker| {
            introspect::introspect(worker, look_until).await
        })
        .await
    }

    async fn explain(
        &self,
        query: &ReadOnly,
        cancel: &CancellationToken,
    ) -> Result<Plan, TargetError> {
        let allowed = self.settings.explain_timeout;
        let request = Request::Explain {
            sql: query.text().to_owned(),
        };
        self.within(allowed, cancel, async |worker: &mut Worker| {
            match worker.ask(&request, SMALL_ANSWER).await? {
                Answer::Plan { text } => {
                    let Some(work) = cost::of(&text, &|name| query.size_of(name)) else {
                        return Ok(Plan {
                            rows_read: Some(query.rows_read),
                            text,
                            ..Plan::default()
                        });
                    };
                    // the checker knows of a LIMIT, the plan of what is joined by a hash
                    let rows_read = if work.nested {
                        work.rows
                    } else {
                        work.rows.min(query.rows_read)
                    };
                    Ok(Plan {
                        estimated_rows: work.given,
                        estimated_cost: None,
                        rows_read: Some(rows_read),
                        text: work.text,
                    })
                }
                _ => Err(unexpected()),
            }
        })
        .await
    }

    async fn run(
        &self,
        query: &ReadOnly,
        limits: &RunLimits,
        cancel: &CancellationToken,
    ) -> Result<Rows, TargetError> {
        let begun = Instant::now();
        let mut rows = self
            .within(limits.timeout, cancel, async |worker: &mut Worker| {
                worker
                    .rows(query.text(), limits.max_rows, limits.max_bytes)
                    .await
            })
            .await?;
        rows.elapsed_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(rows)
    }
}

/// DuckDB says what kind of error it is before the colon.
fn refused(message: String, position: Option<usize>, unreachable: bool) -> TargetError {
    if unreachable {
        return TargetError::Unreachable(message);
    }
    let kind = message.split(':').next().unwrap_or_default();
    match kind {
        "Out of Memory Error"
        | "IO Error"
        | "FATAL Error"
        | "INTERNAL Error"
        | "Permission Error" => TargetError::Other(message),
        _ => TargetError::Query {
            message,
            position,
            hint: None,
        },
    }
}

fn unexpected() -> TargetError {
    TargetError::Other(
        "DuckDB's process answered with something else than was asked for".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_fault_an_error_is_is_in_its_first_words() {
        for (message, is_the_querys) in [
            ("Binder Error: Referenced column \"x\" not found", true),
            (
                "Conversion Error: Could not convert string 'a' to INT32",
                true,
            ),
            ("Out of Memory Error: failed to allocate", false),
            ("IO Error: Could not read", false),
        ] {
            let error = refused(message.to_owned(), None, false);
            assert_eq!(
                matches!(error, TargetError::Query { .. }),
                is_the_querys,
                "{message}"
            );
        }
    }
}
