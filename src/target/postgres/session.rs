//! Connections to one customer's server, and the transaction that everything runs in.

use super::refused;
use crate::target::TargetError;
use futures::future::BoxFuture;
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

/// What is done inside one transaction.
pub(super) trait Work<T>:
    for<'a> FnOnce(&'a mut PgConnection) -> BoxFuture<'a, Result<T, TargetError>> + Send + 'static
{
}

impl<T, F> Work<T> for F where
    F: for<'a> FnOnce(&'a mut PgConnection) -> BoxFuture<'a, Result<T, TargetError>>
        + Send
        + 'static
{
}

/// The connections that wait for work, and the right to open more.
pub(super) struct Sessions {
    options: PgConnectOptions,
    idle: Mutex<Vec<Session>>,
    slots: Arc<Semaphore>,
}

struct Session {
    connection: PgConnection,
    /// The server's process for it, by which another connection can stop its statement.
    backend: i32,
    idle_since: Instant,
}

/// A statement's own timeout is the server's; ours comes this much later, when the server did not keep it.
const GRACE: Duration = Duration::from_millis(400);
/// To connect, and for what we do on a connection besides the query.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);
const CANCEL_PATIENCE: Duration = Duration::from_secs(2);
/// Longer than this unused, and a connection is closed: nobody's server keeps them for us.
const IDLE: Duration = Duration::from_secs(60);
/// Shorter than this unused, and a connection is believed to be alive.
const FRESH: Duration = Duration::from_secs(2);

/// How a transaction's work ended.
enum Ended<T> {
    Itself(Result<T, TargetError>),
    /// We stopped it, for this reason.
    Stopped(TargetError),
}

impl Sessions {
    pub fn new(options: PgConnectOptions, connections: usize) -> Self {
        // every statement of a customer's query is new, so caching them would only fill their server
        let options = options
            .statement_cache_capacity(16)
            .application_name("queryforge");
        Self {
            options,
            idle: Mutex::default(),
            slots: Arc::new(Semaphore::new(connections.max(1))),
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

    /// Runs `work` between `begin read only` and `rollback`, and hands its outcome to `sender`.
    ///
    /// To be spawned: it must not be dropped half-way, for a session dropped inside a transaction would
    /// leave its statement running.
    pub async fn transaction<T: Send + 'static>(
        self: Arc<Self>,
        allowed: Duration,
        search_path: String,
        stop: CancellationToken,
        work: impl Work<T>,
        sender: oneshot::Sender<Result<T, TargetError>>,
    ) {
        let deadline = Instant::now() + allowed + GRACE;
        let ready = async {
            let slot = Arc::clone(&self.slots)
                .acquire_owned()
                .await
                .expect("nobody closes it");
            Ok((slot, self.session().await?))
        };
        // nothing of the customer's runs yet, so this may simply be dropped
        let ready = tokio::select! {
            ready = timeout_at(deadline, ready) => {
                ready.unwrap_or(Err(TargetError::Timeout(allowed)))
            }
            () = stop.cancelled() => Err(TargetError::Cancelled),
        };
        let (_slot, mut session) = match ready {
            Ok(ready) => ready,
            Err(error) => {
                let _ = sender.send(Err(error));
                return;
            }
        };

        let backend = session.backend;
        let ended = {
            let mut running = pin!(in_transaction(
                &mut session.connection,
                allowed,
                &search_path,
                work
            ));
            let reason = tokio::select! {
                outcome = &mut running => Ok(outcome),
                () = stop.cancelled() => Err(TargetError::Cancelled),
                () = sleep_until(deadline) => Err(TargetError::Timeout(allowed)),
            };
            match reason {
                Ok(outcome) => Ended::Itself(outcome),
                Err(reason) => {
                    self.stop_on_server(backend).await;
                    // the server says that it stopped; what else it says is of no interest
                    let _ = timeout(CANCEL_PATIENCE, running).await;
                    Ended::Stopped(reason)
                }
            }
        };
        match ended {
            Ended::Itself(outcome) => {
                let reusable = rolled_back(&mut session.connection).await;
                let _ = sender.send(outcome);
                if reusable && forget(&mut session.connection).await {
                    self.keep(session);
                }
            }
            Ended::Stopped(reason) => {
                let _ = sender.send(Err(reason));
                // never used again: nobody knows which of its answers are still on the way
                let _ = timeout(CANCEL_PATIENCE, session.connection.close_hard()).await;
            }
        }
    }

    async fn session(&self) -> Result<Session, TargetError> {
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
        let backend = sqlx::query_scalar("select pg_backend_pid()")
            .fetch_one(&mut connection)
            .await
            .map_err(|error| refused(error, 0))?;
        Ok(Session {
            connection,
            backend,
            idle_since: Instant::now(),
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

    async fn stop_on_server(&self, backend: i32) {
        let ask = async {
            let mut second = PgConnection::connect_with(&self.options).await?;
            let asked: bool = sqlx::query_scalar("select pg_cancel_backend($1)")
                .bind(backend)
                .fetch_one(&mut second)
                .await?;
            second.close().await?;
            Ok::<_, sqlx::Error>(asked)
        };
        match timeout(CANCEL_PATIENCE, ask).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, backend, "a statement could not be cancelled on the server");
            }
            Err(_) => {
                tracing::warn!(
                    backend,
                    "a statement could not be cancelled on the server in time"
                );
            }
        }
    }
}

async fn in_transaction<T>(
    connection: &mut PgConnection,
    allowed: Duration,
    search_path: &str,
    work: impl Work<T>,
) -> Result<T, TargetError> {
    let begun = Instant::now();
    let settled = settle(connection, allowed, search_path).await;
    settled.map_err(|error| refused(error, 0))?;
    work(connection).await.map_err(|error| match error {
        // the server's timeout arrives as an error of the statement
        TargetError::Other(_) if begun.elapsed() >= allowed => TargetError::Timeout(allowed),
        other => other,
    })
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
    sqlx::query(
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
                     then set_config('client_connection_check_interval', '1000', true) end",
    )
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
