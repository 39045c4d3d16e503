//! MySQL and MariaDB as a customer's database.
//!
//! Each query gets a connection of its own, which is closed afterwards: MySQL has user variables, named locks
//! and session settings, and nothing of one query may be left for the next. On it:
//!
//! - `set session transaction read only` and `autocommit = 0`. (`start transaction read only` would not do: the
//!   implicit commit of DROP or ALTER ends it on MariaDB, and with it the protection.)
//! - a time limit for statements (`max_execution_time`, on MariaDB `max_statement_time`), limits for locks, and
//!   `sql_select_limit`, with which the server itself stops after the rows we show;
//! - a known `sql_mode`, because quotes and backslashes mean what it says, and the checker has to read the
//!   same query as the server.
//!
//! The checked text runs as a prepared statement, of which the protocol takes one at a time. There is no cursor
//! around it as for PostgreSQL, for a derived table loses its order here; and the protocol sends a row whole, however
//! large. So where the columns' types let a row be larger than we would read (a LONGTEXT, MariaDB's JSON), the server
//! is first asked how large its largest row is.
//!
//! Cancelling is `kill query` from a second connection (`errand.rs`).

mod cost;
mod introspect;
mod rights;
mod values;

use self::values::Shape;
use super::errand::{Errands, Server, Work};
use super::{Plan, ResultColumn, Rights, Rows, RunLimits, TURN, Target, TargetError};
use crate::query::{Dialect, ReadOnly};
use crate::schema::Schema;
use async_trait::async_trait;
use futures::TryStreamExt;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlDatabaseError};
use sqlx::{AssertSqlSafe, Column, Connection, Either, Executor, Row, SqlSafeStr, Statement};
use std::fmt::Write;
use std::time::Duration;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

/// One MySQL or MariaDB database.
pub struct MySqlTarget {
    errands: Errands<Sessions>,
    settings: Settings,
}

#[derive(Clone, Debug)]
pub struct Settings {
    /// At most so many at once; the next query waits, within its own timeout.
    pub connections: usize,
    pub explain_timeout: Duration,
    /// How long [`Target::introspect`] may look at values; what it has not seen by then stays unseen.
    pub introspect_timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connections: 4,
            explain_timeout: Duration::from_secs(5),
            introspect_timeout: Duration::from_secs(60),
        }
    }
}

/// How sessions are made.
struct Sessions {
    options: MySqlConnectOptions,
}

/// A connection that can only read, for one piece of work.
struct Session {
    connection: MySqlConnection,
    /// The server's number for it, by which another connection can stop its statement.
    id: u64,
    version: String,
}

const CONNECT_PATIENCE: Duration = Duration::from_secs(10);
const CANCEL_PATIENCE: Duration = Duration::from_secs(2);
/// The largest row that is read, in bytes. What is shown of one value is far less.
const ROW_BYTES: u64 = 8 << 20;
/// Columns that cannot hold more count as nothing.
const SMALL_BYTES: u64 = 4 << 10;
/// Waiting for a lock is waiting for somebody else.
const LOCK_SECONDS: u64 = 5;

impl MySqlTarget {
    /// Connects to nothing yet. The options name the database that unqualified names belong to.
    pub fn new(options: MySqlConnectOptions, settings: Settings) -> Self {
        let options = options
            // both would change the sql_mode we set, and the first the meaning of `||`
            .pipes_as_concat(false)
            .no_engine_substitution(false)
            .charset("utf8mb4");
        Self {
            errands: Errands::new(Sessions { options }, settings.connections),
            settings,
        }
    }

    /// Runs `work` on a session of its own. `rows`: how many the server gives at most.
    async fn within<T: Send + 'static>(
        &self,
        patience: Duration,
        allowed: Duration,
        rows: Option<usize>,
        cancel: &CancellationToken,
        work: impl Work<MySqlConnection, T>,
    ) -> Result<T, TargetError> {
        let work = settled(allowed, rows, work);
        self.errands.run(patience, allowed, cancel, work).await
    }
}

#[async_trait]
impl Server for Sessions {
    type Session = Session;
    type Id = u64;

    async fn open(&self) -> Result<Session, TargetError> {
        let mut connection = timeout(
            CONNECT_PATIENCE,
            MySqlConnection::connect_with(&self.options),
        )
        .await
        .map_err(|_| TargetError::Unreachable("no answer within ten seconds".into()))?
        .map_err(|error| match error {
            // whatever the server has against us here, it is not about a query
            sqlx::Error::Database(said) => TargetError::Unreachable(said.message().to_owned()),
            other => refused(other, ""),
        })?;
        let opened = async {
            let row = sqlx::query("select connection_id(), version()")
                .fetch_one(&mut connection)
                .await?;
            Ok((row.try_get_unchecked(0)?, row.try_get_unchecked(1)?))
        };
        let (id, version): (u64, String) = opened.await.map_err(|error| refused(error, ""))?;
        if let Some(said) = rights::too_old(&version) {
            return Err(TargetError::TooOld(said));
        }
        Ok(Session {
            connection,
            id,
            version,
        })
    }

    fn id(session: &Session) -> u64 {
        session.id
    }

    async fn stop(&self, id: &u64) -> Result<(), sqlx::Error> {
        let mut second = MySqlConnection::connect_with(&self.options).await?;
        sqlx::query(AssertSqlSafe(format!("kill query {id}")))
            .execute(&mut second)
            .await?;
        second.close().await
    }

    /// An account sees its own sessions, whatever else it may not see.
    async fn is_there(&self, id: &u64) -> Result<bool, sqlx::Error> {
        let mut second = MySqlConnection::connect_with(&self.options).await?;
        let there = sqlx::query("select 1 from information_schema.processlist where id = ?")
            .bind(*id)
            .fetch_optional(&mut second)
            .await?
            .is_some();
        second.close().await?;
        Ok(there)
    }

    /// Open results are discarded with the connection, and what was begun is rolled back.
    async fn finish(&self, session: Session, answer: Box<dyn FnOnce() + Send>) {
        let _ = timeout(CANCEL_PATIENCE, session.connection.close_hard()).await;
        answer();
    }

    async fn abandon(session: Session) {
        let _ = session.connection.close_hard().await;
    }
}

/// `work`, on a session that can only read.
fn settled<T: Send + 'static>(
    allowed: Duration,
    rows: Option<usize>,
    work: impl Work<MySqlConnection, T>,
) -> impl Work<Session, T> {
    move |session: &mut Session| {
        Box::pin(async move {
            let begun = Instant::now();
            settle(session, allowed, rows)
                .await
                .map_err(|error| refused(error, ""))?;
            work(&mut session.connection)
                .await
                .map_err(|error| match error {
                    // the server's timeout arrives as an error of the statement
                    TargetError::Other(_) if begun.elapsed() >= allowed => {
                        TargetError::Timeout(allowed)
                    }
                    other => other,
                })
        })
    }
}

/// What holds for the whole life of the connection.
async fn settle(
    session: &mut Session,
    allowed: Duration,
    rows: Option<usize>,
) -> Result<(), sqlx::Error> {
    let connection = &mut session.connection;
    sqlx::query("set session transaction read only")
        .execute(&mut *connection)
        .await?;
    // the server takes at most a year
    let milliseconds = allowed.as_millis().clamp(1, 31_536_000_000);
    // only MySQL's own ONLY_FULL_GROUP_BY knows that a key decides about its row's other columns
    let (time_limit, group_by) = if is_mariadb(&session.version) {
        #[allow(clippy::cast_precision_loss, reason = "a time, in seconds")]
        let seconds = milliseconds as f64 / 1_000.0;
        (format!("max_statement_time = {seconds:.3}"), "")
    } else {
        (
            format!("max_execution_time = {milliseconds}"),
            "ONLY_FULL_GROUP_BY,",
        )
    };
    let rows = rows.map_or_else(String::new, |rows| format!(", sql_select_limit = {rows}"));
    sqlx::query(AssertSqlSafe(format!(
        "set session sql_mode = '{group_by}STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
             {time_limit}, autocommit = 0, lock_wait_timeout = {LOCK_SECONDS},
             innodb_lock_wait_timeout = {LOCK_SECONDS}, group_concat_max_len = 1048576{rows}"
    )))
    .execute(connection)
    .await?;
    Ok(())
}

fn is_mariadb(version: &str) -> bool {
    version.to_ascii_lowercase().contains("mariadb")
}

#[async_trait]
impl Target for MySqlTarget {
    fn dialect(&self) -> Dialect {
        Dialect::Mysql
    }

    async fn probe(&self) -> Result<Rights, TargetError> {
        let never = CancellationToken::new();
        self.within(
            TURN,
            CONNECT_PATIENCE,
            None,
            &never,
            |connection: &mut MySqlConnection| Box::pin(rights::probe(connection)),
        )
        .await
    }

    async fn introspect(&self) -> Result<Schema, TargetError> {
        let allowed = self.settings.introspect_timeout;
        let look_until = Instant::now() + allowed;
        let never = CancellationToken::new();
        // one statement may still be running when there is no time left for another
        self.within(
            TURN,
            allowed + introspect::STATEMENT_TIMEOUT,
            None,
            &never,
            move |connection: &mut MySqlConnection| {
                Box::pin(introspect::introspect(connection, look_until))
            },
        )
        .await
    }

    async fn explain(
        &self,
        query: &ReadOnly,
        cancel: &CancellationToken,
    ) -> Result<Plan, TargetError> {
        let text = query.text().to_owned();
        let rows = query.rows_counted.then_some(query.rows_read);
        self.within(
            TURN,
            self.settings.explain_timeout,
            None,
            cancel,
            move |connection: &mut MySqlConnection| Box::pin(explain(connection, text, rows)),
        )
        .await
    }

    async fn run(
        &self,
        query: &ReadOnly,
        limits: &RunLimits,
        cancel: &CancellationToken,
    ) -> Result<Rows, TargetError> {
        let text = query.text().to_owned();
        let limits = limits.clone();
        // one more than we show, so that we know when there was more
        let rows = limits.max_rows.saturating_add(1);
        self.within(
            limits.timeout,
            limits.timeout,
            Some(rows),
            cancel,
            move |connection: &mut MySqlConnection| Box::pin(run(connection, text, limits)),
        )
        .await
    }
}

/// The server's own judgement of the text as it is; it has to be a query.
async fn prepared(
    connection: &mut MySqlConnection,
    text: &str,
) -> Result<sqlx::mysql::MySqlStatement, TargetError> {
    let statement = connection
        .prepare(AssertSqlSafe(text.to_owned()).into_sql_str())
        .await
        .map_err(|error| refused(error, text))?;
    let has_parameters = match statement.parameters() {
        Some(Either::Left(types)) => !types.is_empty(),
        Some(Either::Right(count)) => count > 0,
        None => false,
    };
    for (is_so, message) in [
        (
            statement.columns().is_empty(),
            "the query has no columns to show",
        ),
        (
            has_parameters,
            "the query has a placeholder (?) without a value",
        ),
    ] {
        if is_so {
            return Err(TargetError::Query {
                message: message.into(),
                position: None,
                hint: None,
            });
        }
    }
    Ok(statement)
}

/// `rows`: of the tables, where the schema has them all counted; a LIMIT is in them and not in the server's plan.
async fn explain(
    connection: &mut MySqlConnection,
    text: String,
    rows: Option<f64>,
) -> Result<Plan, TargetError> {
    prepared(connection, &text).await?;
    let row = sqlx::query(AssertSqlSafe(format!("explain format=json {text}")))
        .persistent(false)
        .fetch_one(&mut *connection)
        .await
        .map_err(|error| refused(error, &text))?;
    let said: String = row
        .try_get_unchecked(0)
        .map_err(|error| refused(error, &text))?;
    let plan: Option<serde_json::Value> = serde_json::from_str(&said).ok();
    let dependent = if plan.as_ref().is_some_and(cost::has_subqueries) {
        dependent(connection, &text).await?
    } else {
        Vec::new()
    };
    let cost = plan.and_then(|plan| cost::of(&plan, &dependent));
    let Some(cost) = cost else {
        return Ok(Plan {
            text: said,
            rows_read: rows,
            ..Plan::default()
        });
    };
    let rows_read = match rows {
        Some(rows) if cost.tables == 1 => cost.rows_read.min(rows),
        _ => cost.rows_read,
    };
    Ok(Plan {
        estimated_rows: Some(cost.rows),
        estimated_cost: cost.cost.or(Some(cost.rows_read)),
        rows_read: Some(rows_read),
        text: cost.text,
    })
}

/// Numbers of the SELECTs that are run again for each row around them, of which MariaDB's JSON says nothing.
async fn dependent(connection: &mut MySqlConnection, text: &str) -> Result<Vec<i64>, TargetError> {
    let steps = sqlx::query(AssertSqlSafe(format!("explain {text}")))
        .persistent(false)
        .fetch_all(connection)
        .await
        .map_err(|error| refused(error, text))?;
    let mut dependent = Vec::new();
    for step in &steps {
        let number: Option<i64> = step.try_get_unchecked(0).unwrap_or(None);
        let kind: Option<String> = step.try_get_unchecked(1).unwrap_or(None);
        let kind = kind.unwrap_or_default();
        if kind.starts_with("DEPENDENT") || kind.starts_with("UNCACHEABLE") {
            dependent.extend(number);
        }
    }
    Ok(dependent)
}

/// Refuses a result of which one row is larger than [`ROW_BYTES`]: the protocol has no pieces of a row.
///
/// Only where the columns' types let a row be so large; the server then looks at the whole result once more.
async fn check_rows(
    connection: &mut MySqlConnection,
    text: &str,
    shapes: &[Shape],
) -> Result<(), TargetError> {
    let possible: u64 = shapes.iter().map(|shape| shape.longest_bytes).sum();
    if possible <= ROW_BYTES {
        return Ok(());
    }
    let Some(text) = crate::query::as_subquery(text, Dialect::Mysql) else {
        return Ok(());
    };
    let mut names = String::new();
    let mut sizes = String::from("0");
    for (place, shape) in shapes.iter().enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        let _ = write!(names, "{comma}c{place}");
        if shape.longest_bytes > SMALL_BYTES {
            let _ = write!(sizes, " + coalesce(octet_length(c{place}), 0)");
        }
    }
    let measured =
        format!("with qf_result ({names}) as (\n{text}\n) select max({sizes}) from qf_result");
    let row = sqlx::query(AssertSqlSafe(measured))
        .persistent(false)
        .fetch_one(connection)
        .await
        .map_err(|error| refused(error, ""))?;
    let largest: Option<i64> = row
        .try_get_unchecked(0)
        .map_err(|error| refused(error, ""))?;
    match largest.and_then(|bytes| u64::try_from(bytes).ok()) {
        Some(bytes) if bytes > ROW_BYTES => Err(TargetError::Query {
            message: format!(
                "a row of the result has {bytes} bytes; at most {ROW_BYTES} can be shown"
            ),
            position: None,
            hint: Some("Show a part of the long values, as in left(column, 1000).".to_owned()),
        }),
        _ => Ok(()),
    }
}

async fn run(
    connection: &mut MySqlConnection,
    text: String,
    limits: RunLimits,
) -> Result<Rows, TargetError> {
    let begun = Instant::now();
    let statement = prepared(connection, &text).await?;
    let shapes: Vec<Shape> = statement
        .columns()
        .iter()
        .map(|column| Shape::of(column.type_info()))
        .collect();
    check_rows(connection, &text, &shapes).await?;
    let columns = statement
        .columns()
        .iter()
        .zip(&shapes)
        .map(|(column, shape)| ResultColumn {
            name: column.name().to_owned(),
            data_type: shape.engine_name.clone(),
            kind: shape.kind,
        })
        .collect();
    let mut rows = Vec::new();
    let mut truncated = false;
    let mut bytes = 0;
    let mut stream = statement.query().fetch(&mut *connection);
    'rows: while let Some(row) = stream
        .try_next()
        .await
        .map_err(|error| refused(error, &text))?
    {
        if rows.len() == limits.max_rows {
            truncated = true;
            break;
        }
        let mut values = Vec::with_capacity(shapes.len());
        for (place, shape) in shapes.iter().enumerate() {
            let (value, size, cut) = shape
                .value(&row, place)
                .map_err(|error| refused(error, &text))?;
            bytes += size;
            if bytes > limits.max_bytes {
                truncated = true;
                break 'rows;
            }
            truncated |= cut;
            values.push(value);
        }
        rows.push(values);
    }
    drop(stream);
    Ok(Rows {
        columns,
        rows,
        truncated,
        elapsed_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

/// Whose fault an error is, is decided by its number: what a better query would avoid is a
/// [`TargetError::Query`].
fn refused(error: sqlx::Error, text: &str) -> TargetError {
    let sqlx::Error::Database(database) = &error else {
        return TargetError::of_driver(&error);
    };
    let Some(error) = database.try_downcast_ref::<MySqlDatabaseError>() else {
        return TargetError::Other(database.to_string());
    };
    let message = error.message().to_owned();
    match error.number() {
        // too many connections, no entry, no such database, a server that goes away
        1040 | 1044 | 1045 | 1049 | 1053 | 1079 | 1203 | 1226 => TargetError::Unreachable(message),
        // stopped by a time limit or by somebody; a lock, the memory, the disk
        1317 | 3024 | 1969 | 1205 | 1213 | 1021 | 1037 | 1038 | 1041 | 1114 | 1153 => {
            TargetError::Other(message)
        }
        _ => TargetError::Query {
            position: near(&message, text),
            message,
            hint: None,
        },
    }
}

/// MySQL quotes the text from where it stopped understanding, and nothing more exact.
fn near(message: &str, text: &str) -> Option<usize> {
    let (_, quoted) = message.split_once(" near '")?;
    let (quoted, _) = quoted.rsplit_once("' at line ")?;
    if quoted.is_empty() {
        return Some(text.chars().count() + 1);
    }
    let mut found = text.match_indices(quoted);
    let (at, _) = found.next()?;
    // twice the same: no telling which
    found
        .next()
        .is_none()
        .then(|| text[..at].chars().count() + 1)
}

#[cfg(test)]
mod tests;
