//! Connections to one customer's server, and the transaction that everything runs in.

use super::refused;
use crate::target::TargetError;
use crate::target::errand::{Server, Work};
use async_trait::async_trait;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection};
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// The connections that wait for work, and how more are made.
pub(super) struct Sessions {
    options: PgConnectOptions,
    idle: Mutex<Vec<Session>>,
}

pub(super) struct Session {
    connection: PgConnection,
    backend: Backend,
    idle_since: Instant,
}

/// The server's process for a session: its number may be used again, but not at the same time.
#[derive(Clone, Debug)]
pub(super) struct Backend {
    process: i32,
    since: String,
}

/// To connect, and for what we do on a connection besides the query.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);
const CANCEL_PATIENCE: Duration = Duration::from_secs(2);
/// Memory of one sort or hash on the server, at most.
const WORK_BYTES: u64 = 64 << 20;
/// Files that one statement may fill on the server.
const TEMPORARY_BYTES: u64 = 4 << 30;
/// Longer than this unused, and a connection is closed: nobody's server keeps them for us.
const IDLE: Duration = Duration::from_secs(60);
/// Shorter than this unused, and a connection is believed to be alive.
const FRESH: Duration = Duration::from_secs(2);

impl Sessions {
    pub fn new(options: PgConnectOptions) -> Self {
        // every statement of a customer's query is new, so caching them would only fill their server
        let options = options
            .statement_cache_capacity(16)
            .application_name("queryforge");
        Self {
            options,
            idle: Mutex::default(),
        }
    }

    /// A connection for catalogue work of our own; the caller closes it.
    pub async fn connect(&self) -> Result<PgConnection, TargetError> {
        timeout(CONNECT_PATIENCE, PgConnection::connect_with(&self.options))
            .await
            .map_err(|_| TargetError::Unreachable("no answer within ten seconds".into()))?
            .map_err(|error| match error {
                // whatever the server has against us here, it is not about a query
                sqlx::Error::Database(said) => TargetError::Unreachable(said.message().to_owned()),
                other => refused(other, 0),
            })
    }

    fn take_idle(&self) -> Option<Session> {
        self.idle
            .lock()
            .expect("no code panics while holding it")
            .pop()
    }

    fn keep(&self, mut session: Session) {
        session.idle_since = Instant::now();
        let mut idle = self.idle.lock().expect("no code panics while holding it");
        // the oldest are at the front, and are dropped (and with that closed) there
        idle.retain(|session| session.idle_since.elapsed() < IDLE);
        idle.push(session);
    }
}

#[async_trait]
impl Server for Sessions {
    type Session = Session;
    type Id = Backend;

    async fn open(&self) -> Result<Session, TargetError> {
        while let Some(mut session) = self.take_idle() {
            let idle = session.idle_since.elapsed();
            if idle < FRESH {
                return Ok(session);
            }
            let alive = idle < IDLE
                && timeout(CANCEL_PATIENCE, session.connection.ping())
                    .await
                    .is_ok_and(|answer| answer.is_ok());
            if alive {
                return Ok(session);
            }
        }
        let mut connection = self.connect().await?;
        let (process, since) = sqlx::query_as(
            "select pg_backend_pid(), coalesce((select backend_start::text
                from pg_stat_activity where pid = pg_backend_pid()), '')",
        )
        .fetch_one(&mut connection)
        .await
        .map_err(|error| refused(error, 0))?;
        Ok(Session {
            connection,
            backend: Backend { process, since },
            idle_since: Instant::now(),
        })
    }

    fn id(session: &Session) -> Backend {
        session.backend.clone()
    }

    async fn stop(&self, backend: &Backend) -> Result<(), sqlx::Error> {
        let mut second = PgConnection::connect_with(&self.options).await?;
        sqlx::query("select pg_cancel_backend($1)")
            .bind(backend.process)
            .fetch_one(&mut second)
            .await?;
        second.close().await
    }

    async fn is_there(&self, backend: &Backend) -> Result<bool, sqlx::Error> {
        let mut second = PgConnection::connect_with(&self.options).await?;
        let there = sqlx::query_scalar(
            "select exists (select from pg_stat_activity
              where pid = $1 and coalesce(backend_start::text, '') = $2)",
        )
        .bind(backend.process)
        .bind(&backend.since)
        .fetch_one(&mut second)
        .await?;
        second.close().await?;
        Ok(there)
    }

    async fn finish(&self, mut session: Session, answer: Box<dyn FnOnce() + Send>) {
        let reusable = rolled_back(&mut session.connection).await;
        answer();
        if reusable && forget(&mut session.connection).await {
            self.keep(session);
        }
    }

    async fn abandon(session: Session) {
        let _ = session.connection.close_hard().await;
    }
}

/// `work`, between `begin read only` and the rollback that [`Sessions::finish`] does.
pub(super) fn in_transaction<T: Send + 'static>(
    allowed: Duration,
    search_path: String,
    work: impl Work<PgConnection, T>,
) -> impl Work<Session, T> {
    move |session: &mut Session| {
        Box::pin(async move {
            let connection = &mut session.connection;
            let begun = Instant::now();
            let settled = settle(connection, allowed, &search_path).await;
            settled.map_err(|error| refused(error, 0))?;
            work(connection).await.map_err(|error| match error {
                // the server's timeout arrives as an error of the statement
                TargetError::Other(_) if begun.elapsed() >= allowed => {
                    TargetError::Timeout(allowed)
                }
                other => other,
            })
        })
    }
}

/// Begins, and sets what holds until the transaction's end.
async fn settle(
    connection: &mut PgConnection,
    allowed: Duration,
    search_path: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("begin read only")
        .execute(&mut *connection)
        .await?;
    // a limit that is off is a century, which the server's integer does not hold
    let milliseconds = allowed.as_millis().clamp(1, i32::MAX as u128).to_string();
    // noticing a closed connection while a statement runs came with PostgreSQL 14
    let can_check = connection.server_version_num() >= Some(140_000);
    // who may set it is a superuser, or since PostgreSQL 15 who was given the right
    let may_limit_files = if connection.server_version_num() >= Some(150_000) {
        "has_parameter_privilege('temp_file_limit', 'set')"
    } else {
        "current_setting('is_superuser') = 'on'"
    };
    sqlx::query(AssertSqlSafe(format!(
        "select set_config('statement_timeout', $1, true),
                set_config('lock_timeout', $2, true),
                set_config('idle_in_transaction_session_timeout', '30000', true),
                set_config('search_path', $3, true),
                set_config('cursor_tuple_fraction', '1', true),
                set_config('standard_conforming_strings', 'on', true),
                set_config('datestyle', 'ISO, YMD', true),
                set_config('intervalstyle', 'postgres', true),
                set_config('bytea_output', 'hex', true),
                case when $4 and version() ~ 'linux'
                     then set_config('client_connection_check_interval', '1000', true) end,
                case when pg_size_bytes(current_setting('work_mem')) > {WORK_BYTES}
                     then set_config('work_mem', '{WORK_BYTES}B', true) end,
                case when {may_limit_files}
                     then set_config('temp_file_limit', '{TEMPORARY_BYTES}B', true) end"
    )))
    .bind(milliseconds)
    // waiting for a lock is waiting for somebody else: long enough to be sure, short enough to say so
    .bind(allowed.as_millis().clamp(1, 5_000).to_string())
    .bind(search_path)
    .bind(can_check)
    .fetch_one(&mut *connection)
    .await?;
    Ok(())
}

/// False when the session cannot be used again.
async fn rolled_back(connection: &mut PgConnection) -> bool {
    let rollback = sqlx::query("rollback").execute(connection);
    matches!(timeout(CANCEL_PATIENCE, rollback).await, Ok(Ok(_)))
}

/// The next user of the session finds nothing of this one: no settings, no advisory locks, no statements.
async fn forget(connection: &mut PgConnection) -> bool {
    let forget = async {
        connection.clear_cached_statements().await?;
        sqlx::query("discard all")
            .persistent(false)
            .execute(&mut *connection)
            .await
    };
    matches!(timeout(CANCEL_PATIENCE, forget).await, Ok(Ok(_)))
}
