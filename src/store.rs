//! Our own PostgreSQL: conversations, turns, results, feedback, datasets.
//!
//! One file per noun, each an `impl Store` with its SQL; nowhere else is SQL written against our
//! tables. Every function is one statement (several with CTEs where things belong together), so that
//! a caller who goes away cannot leave a transaction open in a pooled session. What cannot be one statement
//! goes through [`Store::in_transaction`], which a caller cannot cancel.
//!
//! Statements that touch a conversation and its turns lock the conversation first: two of them wait for each
//! other, and never both for ever.

mod annotations;
mod connection;
mod conversations;
mod cursor;
mod datasets;
mod digits;
mod directives;
pub mod embedded;
mod examples;
mod feedback;
mod model_calls;
mod pool;
mod relationships;
mod replies;
mod results;
mod review_items;
mod stats;
mod tickets;
mod turn_records;
mod turns;
pub mod vectors;

pub use annotations::{Annotation, AnnotationStatus, Meaning, NewAnnotation};
pub use connection::{DatasetConnection, ServerConnection, Tls};
pub use conversations::{Conversation, ConversationPage};
pub use cursor::Cursor;
pub use datasets::{Dataset, NewDataset, Origin, Versions};
pub use directives::{Directive, NewDirective};
pub use examples::{
    Example, ExampleFilter, ExampleKind, ExamplePage, ExampleTrust, NewExample, Provenance, Source,
};
pub use feedback::{
    Feedback, FeedbackCategory, FeedbackStats, NewFeedback, Rating, RecentFeedback,
};
pub use model_calls::{Budget, BudgetScope, CallsOf, Reservation, TokenDay, UsageBy, UsageRow};
pub use relationships::{NewRelationship, Relationship, RelationshipKind};
pub use replies::StoredReply;
pub use results::{NewResult, PagedResult, ResultPage, StoredResult};
pub use review_items::{NewReviewItem, Priority, ReviewReason};
pub use stats::{CategoryCount, DatasetStats, DayStats, ExampleCounts, WeekQuality};
pub use turn_records::{JudgedAnswer, TurnRecord};
pub use turns::{
    Begun, ElsewhereTurn, ErrorRecord, FinishedTurn, Lease, NewTurn, OpenItems, OpenText, Opened,
    Renewed, RunningTurn, SEQUENCE_BLOCK, SavedProgress, StageRecord, TakenOver, Turn, TurnLimits,
    TurnPage, TurnStatus,
};

use crate::ids::WorkspaceId;
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use pool::Pool;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// The one workspace of local mode; `migrations/0001_workspaces.sql` makes it.
pub const LOCAL_WORKSPACE: WorkspaceId =
    WorkspaceId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));

/// Our database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: Pool,
    /// Transactions, which outlive whoever asked for them.
    transactions: TaskTracker,
    clock: Arc<Mutex<Clock>>,
    growth: Arc<results::Growth>,
}

/// The database's time, and when we were told.
#[derive(Debug)]
struct Clock {
    told: DateTime<Utc>,
    at: Instant,
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It is not there, or belongs to somebody else: a caller cannot tell which.
    #[error("not found")]
    NotFound,
    /// A unique name or id is taken; the constraint's name says which.
    #[error("conflict: {0}")]
    Conflict(String),
    /// A text holds a NUL character, which PostgreSQL does not keep.
    #[error("a text holds a NUL character, which cannot be kept; remove it")]
    Nul,
    /// A date or a number that PostgreSQL cannot hold.
    #[error("a value is out of range: {0}")]
    OutOfRange(#[source] sqlx::Error),
    /// A text that is too long for a row or an index.
    #[error("a value is too large: {0}")]
    TooLarge(#[source] sqlx::Error),
    /// The database is down, slow or full.
    #[error("our database cannot be used: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A bug of ours.
    #[error("our database refused a statement: {0}")]
    Statement(#[source] sqlx::Error),
    #[error(
        "the database was made by a newer version of QueryForge ({0}); start that version, or use another data directory"
    )]
    Newer(String),
}

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(database) => {
                // 23505 unique_violation, 23503 foreign_key_violation: the caller's business;
                // 22021 invalid byte sequence, 22P05 the same in JSON: all our text is UTF-8 already
                // 08, 53, 57: connection, resources, operator intervention
                match database.code().as_deref() {
                    Some("23505" | "23503") => Self::Conflict(
                        database
                            .constraint()
                            .unwrap_or("unknown constraint")
                            .to_owned(),
                    ),
                    Some("22021" | "22P05") => Self::Nul,
                    // what a caller gave is outside of what a column holds
                    Some(code) if code.starts_with("22") => Self::OutOfRange(error),
                    Some(code) if code.starts_with("54") => Self::TooLarge(error),
                    Some(code)
                        if code.starts_with("08")
                            || code.starts_with("53")
                            || code.starts_with("57")
                            || code.starts_with("58")
                            // a deadlock or a lock that was not given: it goes better next time
                            || code.starts_with("40")
                            || code == "55P03" =>
                    {
                        Self::Unavailable(error)
                    }
                    _ => Self::Statement(error),
                }
            }
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            _ => Self::Statement(error),
        }
    }
}

impl Store {
    /// Connects and brings the tables up to date.
    pub async fn open(options: PgConnectOptions) -> Result<Self> {
        migrate(&options).await?;
        let store = Self {
            pool: Pool::connect(options).await?,
            transactions: TaskTracker::new(),
            clock: Arc::new(Mutex::new(Clock {
                told: DateTime::UNIX_EPOCH,
                at: Instant::now(),
            })),
            growth: Arc::default(),
        };
        store.ask_time().await?;
        Ok(store)
    }

    /// The database's time, as near as a process can know it: our own clock may be years off, and two
    /// processes must agree on when something expires.
    pub fn now(&self) -> DateTime<Utc> {
        let clock = self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        clock.told + clock.at.elapsed()
    }

    /// Sets [`Self::now`] again: two clocks do not run equally fast.
    pub async fn ask_time(&self) -> Result<()> {
        let told: DateTime<Utc> = sqlx::query_scalar("select clock_timestamp()")
            .fetch_one(&self.pool)
            .await?;
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = Clock {
            told,
            at: Instant::now(),
        };
        Ok(())
    }

    /// Runs several statements as one, for what one statement cannot do.
    ///
    /// It runs in a task of its own: a caller who goes away in the middle neither poisons the session
    /// (sqlx leaves one in an open transaction when `begin` is dropped) nor undoes what was acknowledged.
    /// Whoever is told `Ok` has it committed. `work` has [`TRANSACTION`] in all.
    pub async fn in_transaction<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c mut PgConnection) -> BoxFuture<'c, Result<T>> + Send + 'static,
    {
        let pool = self.pool.clone();
        let running = self.transactions.spawn(async move {
            let mut connection = pool.acquire().await?;
            let whole = async {
                let mut transaction = connection.begin().await?;
                let value = work(&mut transaction).await?;
                transaction.commit().await?;
                Ok(value)
            };
            match tokio::time::timeout(TRANSACTION, whole).await {
                Ok(done) => done,
                Err(_) => {
                    // its session is in no state to be used again
                    drop(connection.detach());
                    Err(StoreError::Unavailable(sqlx::Error::Io(
                        std::io::ErrorKind::TimedOut.into(),
                    )))
                }
            }
        });
        running
            .await
            .unwrap_or_else(|error| match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(StoreError::Unavailable(sqlx::Error::WorkerCrashed)),
            })
    }

    /// Answers when the database does.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("select 1").execute(&self.pool).await?;
        Ok(())
    }

    pub async fn close(&self) {
        self.transactions.close();
        let _ = tokio::time::timeout(TRANSACTION, self.transactions.wait()).await;
        self.pool.close().await;
    }
}

/// All statements of one transaction.
pub const TRANSACTION: Duration = Duration::from_secs(5);

/// On a connection of its own: a migration may take longer than a statement may.
async fn migrate(options: &PgConnectOptions) -> Result<()> {
    let options = options.clone().application_name("queryforge migration");
    let mut connection = PgConnection::connect_with(&options).await?;
    sqlx::migrate!("./migrations")
        .run(&mut connection)
        .await
        .map_err(|error| match error {
            sqlx::migrate::MigrateError::VersionMissing(version) => {
                StoreError::Newer(format!("migration {version}"))
            }
            sqlx::migrate::MigrateError::Execute(error) => error.into(),
            other => StoreError::Statement(sqlx::Error::Migrate(Box::new(other))),
        })?;
    connection.close().await?;
    Ok(())
}
