//! Our own PostgreSQL: conversations, turns, results, feedback, datasets.
//!
//! One file per noun, each an `impl Store` with its SQL; nowhere else is SQL written against our
//! tables. Every function is one statement (several with CTEs where things belong together), so that
//! a caller who goes away cannot leave a transaction open in a pooled session.

mod connection;
mod conversations;
mod datasets;
mod digits;
pub mod embedded;
mod feedback;
mod model_calls;
mod results;
mod turn_records;
mod turns;

pub use connection::{DatasetConnection, ServerConnection, Tls};
pub use conversations::{Conversation, ConversationPage};
pub use datasets::{Dataset, NewDataset};
pub use feedback::{Feedback, FeedbackCategory, NewFeedback, Rating};
pub use model_calls::{Budget, BudgetScope, Reservation, TokenDay, UsageBy, UsageRow};
pub use results::{NewResult, ResultPage, StoredResult};
pub use turn_records::{JudgedAnswer, TurnRecord};
pub use turns::{
    Begun, ErrorRecord, ExpiredTurn, FinishedTurn, NewTurn, SEQUENCE_BLOCK, StageRecord, Turn,
    TurnStatus,
};

use crate::ids::WorkspaceId;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use std::time::Duration;
use uuid::Uuid;

/// The one workspace of local mode; `migrations/0001_workspaces.sql` makes it.
pub const LOCAL_WORKSPACE: WorkspaceId =
    WorkspaceId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));

/// Our database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: PgPool,
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
                            || code.starts_with("58") =>
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
        let pool = PgPoolOptions::new()
            // two cores of a small server are busy with fewer
            .max_connections(12)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options.application_name("queryforge"))
            .await?;
        let store = Self { pool };
        store.migrate().await?;
        Ok(store)
    }

    async fn migrate(&self) -> Result<()> {
        sqlx::migrate!("./migrations")
            .run(&self.pool)
            .await
            .map_err(|error| match error {
                sqlx::migrate::MigrateError::VersionMissing(version) => {
                    StoreError::Newer(format!("migration {version}"))
                }
                sqlx::migrate::MigrateError::Execute(error) => error.into(),
                other => StoreError::Statement(sqlx::Error::Migrate(Box::new(other))),
            })
    }

    /// Answers when the database does.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("select 1").execute(&self.pool).await?;
        Ok(())
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }
}
