//! The way to our database: every statement has a deadline, and one that is down is not waited for again
//! and again.
//!
//! Three deadlines nest. The server stops a statement itself ([`STATEMENT`]); a server that does not answer
//! at all is left after [`PATIENCE`], its connection thrown away; who finds no free connection is told so
//! after [`ACQUIRE`]. All three are [`StoreError::Unavailable`](super::StoreError::Unavailable).

use crate::breaker::Breaker;
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt, TryStreamExt};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgQueryResult, PgRow};
use sqlx::{Either, Error, Execute, Executor, Postgres};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// On the server. Ours are all short; the longest writes 10,000 rows of a result.
const STATEMENT: Duration = Duration::from_secs(10);
/// On this side, for a server or a network that is silent.
const PATIENCE: Duration = Duration::from_secs(12);
/// For a connection: longer, and the pool is exhausted or the server gone.
const ACQUIRE: Duration = Duration::from_secs(3);
/// Two cores of a small server are busy with fewer.
const CONNECTIONS: u32 = 12;

/// Our connections; cheap to clone. A statement is run on a reference to it, as on sqlx's own pool.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    pool: PgPool,
    breaker: Arc<Breaker>,
}

impl Pool {
    pub(super) async fn connect(options: PgConnectOptions) -> Result<Self, Error> {
        let milliseconds = |limit: Duration| limit.as_millis().to_string();
        let options = options.application_name("queryforge").options([
            ("statement_timeout", milliseconds(STATEMENT)),
            ("lock_timeout", milliseconds(STATEMENT / 2)),
            // whatever else goes wrong, a session does not keep its locks
            (
                "idle_in_transaction_session_timeout",
                milliseconds(STATEMENT),
            ),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(ACQUIRE)
            .connect_with(options)
            .await?;
        Ok(Self {
            pool,
            breaker: Arc::new(Breaker::new(Duration::from_millis(500))),
        })
    }

    /// A connection, for what needs the same one several times.
    pub(super) async fn acquire(&self) -> Result<PoolConnection<Postgres>, Error> {
        if !self.breaker.allows(Instant::now()) {
            return Err(Error::PoolTimedOut);
        }
        let acquired = self.pool.acquire().await;
        self.heard(&acquired);
        acquired
    }

    pub(super) async fn close(&self) {
        // connections in use are waited for, but not for ever
        let _ = tokio::time::timeout(ACQUIRE, self.pool.close()).await;
    }

    fn heard<T>(&self, outcome: &Result<T, Error>) {
        match outcome {
            Err(Error::Io(_) | Error::PoolTimedOut | Error::Tls(_)) => {
                if self.breaker.failed(Instant::now()) {
                    tracing::error!(
                        "our database does not answer; asking it once every half second"
                    );
                }
            }
            _ => self.breaker.succeeded(),
        }
    }

    async fn run<'q, E>(&self, query: E) -> Result<Vec<Either<PgQueryResult, PgRow>>, Error>
    where
        E: 'q + Execute<'q, Postgres>,
    {
        let mut connection = self.acquire().await?;
        let answer = tokio::time::timeout(
            PATIENCE,
            (&mut *connection).fetch_many(query).try_collect::<Vec<_>>(),
        )
        .await;
        match answer {
            Ok(answer) => {
                self.heard(&answer);
                answer
            }
            Err(_) => {
                // whatever it still says would be taken for the answer to the next statement
                drop(connection.detach());
                let silent = Err(Error::Io(std::io::ErrorKind::TimedOut.into()));
                self.heard(&silent);
                silent
            }
        }
    }
}

impl<'p> Executor<'p> for &'p Pool {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        // our statements return pages, so that the whole answer fits one deadline
        let answer = async move { self.run(query).await.map(|rows| stream::iter(rows).map(Ok)) };
        stream::once(answer).try_flatten().boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        async move {
            let rows = self.run(query).await?;
            Ok(rows.into_iter().find_map(Either::right))
        }
        .boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: sqlx::SqlStr,
        parameters: &'e [<Postgres as sqlx::Database>::TypeInfo],
    ) -> BoxFuture<'e, Result<<Postgres as sqlx::Database>::Statement, Error>>
    where
        'p: 'e,
    {
        async move {
            let mut connection = self.acquire().await?;
            (&mut *connection).prepare_with(sql, parameters).await
        }
        .boxed()
    }

    fn describe<'e>(
        self,
        sql: sqlx::SqlStr,
    ) -> BoxFuture<'e, Result<sqlx::Describe<Postgres>, Error>>
    where
        'p: 'e,
    {
        async move {
            let mut connection = self.acquire().await?;
            (&mut *connection).describe(sql).await
        }
        .boxed()
    }
}
