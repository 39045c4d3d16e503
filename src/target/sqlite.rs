//! An SQLite file as a customer's database.
//!
//! The file is opened read-only, and what a statement may do is decided by SQLite itself while it compiles
//! it: an authorizer lets it select, read and call functions from a list, and nothing else: no
//! ATTACH, no PRAGMA, no write, not even to a temporary table. On top: `query_only`, defensive mode,
//! an untrusted schema (functions with side effects cannot hide in views), no extensions, tight limits.
//!
//! SQLite runs in our process, on blocking threads of which each file gets a few. A progress handler
//! looks every few thousand instructions whether to stop, for a timeout, a cancel, or because whoever
//! asked is gone. Memory is bounded by a heap limit that holds for all SQLite in the process.
//!
//! A file in WAL mode needs its `-shm` file, which SQLite makes beside it when it is not there;
//! nothing else is ever written.

mod cost;
mod introspect;
mod sandbox;

use self::sandbox::Access;
use super::errand::busy;
use super::{Plan, ResultColumn, Rights, Rows, RunLimits, TURN, Target, TargetError};
use crate::query::{Dialect, ReadOnly};
use crate::schema::{Schema, ValueKind};
use async_trait::async_trait;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode};
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// One SQLite file, through a few connections of its own.
pub struct SqliteTarget {
    file: Arc<SqliteFile>,
    settings: Settings,
}

#[derive(Clone, Debug)]
pub struct Settings {
    /// At most so many at once, each with a thread; the next query waits, within its own timeout.
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

struct SqliteFile {
    path: PathBuf,
    idle: Mutex<Vec<(Connection, Identity)>>,
    slots: Arc<Semaphore>,
}

/// Which file a path led to: an upload that replaces it makes another one.
type Identity = (u64, u64);

/// What SQLite gets to notice that it should stop, before the asker is answered without it.
const GRACE: Duration = Duration::from_millis(400);
/// Instructions between two looks at the clock: some tens of microseconds.
const INSTRUCTIONS: i32 = 5_000;
/// A longer value is cut and ends in `…`. In characters.
const VALUE_CHARS: usize = 65_536;
/// The largest integer every JSON reader keeps exactly: 2^53.
const EXACT: u64 = 1 << 53;

impl SqliteTarget {
    /// Opens nothing yet.
    pub fn new(path: impl Into<PathBuf>, settings: Settings) -> Self {
        Self {
            file: Arc::new(SqliteFile {
                path: path.into(),
                idle: Mutex::default(),
                slots: Arc::new(Semaphore::new(settings.connections.max(1))),
            }),
            settings,
        }
    }

    /// Runs `work` on a connection and a thread of its own, and tells SQLite to stop it `allowed` after it got
    /// them, when `cancel` says so, or when the returned future is dropped. It may wait `patience` for its turn.
    ///
    /// SQLite looks between instructions, and one can take long: the answer comes on time all the same, and the
    /// slot stays taken until the thread is done.
    async fn within<T: Send + 'static>(
        &self,
        patience: Duration,
        allowed: Duration,
        cancel: &CancellationToken,
        access: Access,
        work: impl FnOnce(&Connection) -> Result<T, rusqlite::Error> + Send + 'static,
    ) -> Result<T, TargetError> {
        let stop = cancel.child_token();
        let _stop_when_dropped = stop.clone().drop_guard();
        let slot = tokio::select! {
            slot = Arc::clone(&self.file.slots).acquire_owned() => slot.expect("nobody closes it"),
            () = stop.cancelled() => return Err(TargetError::Cancelled),
            () = tokio::time::sleep(patience) => return Err(busy()),
        };
        let deadline = Instant::now() + allowed;
        let file = Arc::clone(&self.file);
        let stopped = stop.clone();
        let work = move || {
            // held until the thread is done, not only until nobody waits for it
            let _slot = slot;
            let (connection, identity) = file.connection()?;
            let outcome = sandbox::confine(&connection, access).and_then(|()| {
                let stop = stop.clone();
                connection.progress_handler(
                    INSTRUCTIONS,
                    Some(move || stop.is_cancelled() || Instant::now() >= deadline),
                )?;
                work(&connection)
            });
            let outcome = outcome.map_err(|error| match refused(error) {
                Refusal::Interrupted if stop.is_cancelled() => TargetError::Cancelled,
                Refusal::Interrupted => TargetError::Timeout(allowed),
                Refusal::Error(error) => error,
            });
            if connection.progress_handler(0, None::<fn() -> bool>).is_ok() {
                file.keep(connection, identity);
            }
            outcome
        };
        let late = async {
            let reason = tokio::select! {
                () = stopped.cancelled() => TargetError::Cancelled,
                () = tokio::time::sleep_until(deadline.into()) => TargetError::Timeout(allowed),
            };
            tokio::time::sleep(GRACE).await;
            reason
        };
        tokio::select! {
            outcome = tokio::task::spawn_blocking(work) => {
                outcome.unwrap_or_else(|error| Err(TargetError::Other(error.to_string())))
            }
            reason = late => Err(reason),
        }
    }
}

impl SqliteFile {
    fn connection(&self) -> Result<(Connection, Identity), TargetError> {
        let unreachable = |error: &dyn std::fmt::Display| {
            TargetError::Unreachable(format!("{}: {error}", self.path.display()))
        };
        // no links left in it, and no `file:` in front that would make it a URI
        let path = fs::canonicalize(&self.path).map_err(|error| unreachable(&error))?;
        let metadata = fs::metadata(&path).map_err(|error| unreachable(&error))?;
        if !metadata.is_file() {
            return Err(unreachable(&"not a file"));
        }
        let identity = (metadata.dev(), metadata.ino());
        let mut idle = self.idle.lock().expect("no code panics while holding it");
        idle.retain(|(_, opened)| *opened == identity);
        if let Some(found) = idle.pop() {
            return Ok(found);
        }
        drop(idle);
        let connection = open(&path).map_err(|error| match refused(error) {
            Refusal::Error(TargetError::Query { message, .. }) => unreachable(&message),
            Refusal::Error(other) => other,
            Refusal::Interrupted => unreachable(&"interrupted"),
        })?;
        Ok((connection, identity))
    }

    fn keep(&self, connection: Connection, identity: Identity) {
        let mut idle = self.idle.lock().expect("no code panics while holding it");
        idle.push((connection, identity));
    }
}

fn open(path: &Path) -> Result<Connection, rusqlite::Error> {
    let connection = sandbox::open(path)?;
    // reads the header: a file that is no database is found out here
    connection.query_row("pragma schema_version", (), |_| Ok(()))?;
    Ok(connection)
}

#[async_trait]
impl Target for SqliteTarget {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    /// An SQLite file knows no accounts: that we open it read-only is the whole of it.
    async fn probe(&self) -> Result<Rights, TargetError> {
        let work = |connection: &Connection| {
            connection.query_row("select count(*) from sqlite_schema", (), |_| Ok(()))
        };
        let never = CancellationToken::new();
        self.within(
            TURN,
            self.settings.explain_timeout,
            &never,
            Access::Catalogue,
            work,
        )
        .await?;
        Ok(Rights {
            can_write: Vec::new(),
            server_version: format!("SQLite {}", rusqlite::version()),
        })
    }

    async fn introspect(&self) -> Result<Schema, TargetError> {
        // looking at values ends before this does, so that what was found is kept
        let allowed = self.settings.introspect_timeout;
        let look_until = Instant::now() + allowed;
        let work = move |connection: &Connection| introspect::introspect(connection, look_until);
        let never = CancellationToken::new();
        let allowed = allowed + introspect::STATEMENT_TIMEOUT;
        self.within(TURN, allowed, &never, Access::Catalogue, work)
            .await
    }

    async fn explain(
        &self,
        query: &ReadOnly,
        cancel: &CancellationToken,
    ) -> Result<Plan, TargetError> {
        let text = query.text().to_owned();
        let query = query.clone();
        let work = move |connection: &Connection| explain(connection, &text, &query);
        self.within(
            TURN,
            self.settings.explain_timeout,
            cancel,
            Access::Query,
            work,
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
        let allowed = limits.timeout;
        let limits = limits.clone();
        let work = move |connection: &Connection| run(connection, &text, &limits);
        self.within(allowed, allowed, cancel, Access::Query, work)
            .await
    }
}

/// SQLite's plan says how and not how much: the schema's estimates do, of what is read from end to end.
fn explain(connection: &Connection, text: &str, query: &ReadOnly) -> Result<Plan, rusqlite::Error> {
    // by itself first: positions are then the text's own, and it must be a query
    prepared(connection, text)?;
    let mut statement = connection.prepare(&format!("explain query plan {text}"))?;
    let mut rows = statement.query(())?;
    let mut depths: Vec<(i64, usize)> = Vec::new();
    let mut steps = Vec::new();
    let mut text = String::new();
    while let Some(row) = rows.next()? {
        let (id, parent): (i64, i64) = (row.get(0)?, row.get(1)?);
        let above = depths.iter().find(|(id, _)| *id == parent);
        let depth = above.map_or(0, |(_, depth)| depth + 1);
        depths.push((id, depth));
        let detail: String = row.get(3)?;
        let _ = writeln!(text, "{:indent$}{detail}", "", indent = depth * 2);
        steps.push(cost::Step { id, parent, detail });
    }
    let work = cost::of(&steps, &|name| query.size_of(name));
    Ok(Plan {
        rows_read: work.scans.then(|| {
            // the checker knows of a LIMIT, the plan of an index
            if work.nested {
                work.rows
            } else {
                work.rows.min(query.rows_read)
            }
        }),
        text,
        ..Plan::default()
    })
}

/// Compiled, under the authorizer's eyes; and for the one statement it is not asked about (VACUUM), under ours.
fn prepared<'c>(
    connection: &'c Connection,
    text: &str,
) -> Result<rusqlite::Statement<'c>, rusqlite::Error> {
    let statement = connection.prepare(text)?;
    for (is_so, message) in [
        (!statement.readonly(), "not authorized"),
        (
            statement.column_count() == 0,
            "the query has no columns to show",
        ),
        (
            statement.parameter_count() > 0,
            "the query has a placeholder (?) without a value",
        ),
    ] {
        if is_so {
            let error = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_ERROR);
            return Err(rusqlite::Error::SqliteFailure(error, Some(message.into())));
        }
    }
    Ok(statement)
}

fn run(connection: &Connection, text: &str, limits: &RunLimits) -> Result<Rows, rusqlite::Error> {
    let begun = Instant::now();
    let mut statement = prepared(connection, text)?;
    let mut columns: Vec<Shape> = statement
        .columns()
        .iter()
        .map(|column| Shape {
            name: column.name().to_owned(),
            declared: column.decl_type().unwrap_or_default().to_owned(),
            seen: Seen::default(),
        })
        .collect();
    let mut rows = Vec::new();
    let mut truncated = false;
    let mut bytes = 0;
    let mut found = statement.query(())?;
    'rows: while let Some(row) = found.next()? {
        if rows.len() == limits.max_rows {
            truncated = true;
            break;
        }
        let mut values = Vec::with_capacity(columns.len());
        for (place, column) in columns.iter_mut().enumerate() {
            let (value, size, cut) = column.value(row.get_ref(place)?);
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
    Ok(Rows {
        columns: columns.into_iter().map(Shape::column).collect(),
        rows,
        truncated,
        elapsed_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

/// One result column: what its origin declares, and what its values turn out to be.
///
/// In SQLite a declaration is a wish; an expression has not even that.
struct Shape {
    name: String,
    declared: String,
    seen: Seen,
}

#[derive(Default)]
struct Seen {
    integer: bool,
    real: bool,
    text: bool,
    blob: bool,
}

impl Shape {
    /// As JSON, its size in bytes, and whether it was cut.
    fn value(&mut self, value: ValueRef<'_>) -> (Value, usize, bool) {
        match value {
            ValueRef::Null => (Value::Null, 5, false),
            ValueRef::Integer(number) => {
                self.seen.integer = true;
                let value = match number {
                    0 | 1 if self.declared_kind() == ValueKind::Boolean => Value::Bool(number == 1),
                    _ if number.unsigned_abs() <= EXACT => Value::from(number),
                    _ => Value::String(number.to_string()),
                };
                (value, 8, false)
            }
            ValueRef::Real(number) => {
                self.seen.real = true;
                let value = serde_json::Number::from_f64(number)
                    .map_or_else(|| Value::String(number.to_string()), Value::Number);
                (value, 12, false)
            }
            ValueRef::Text(bytes) => {
                self.seen.text = true;
                let text = String::from_utf8_lossy(bytes);
                let (value, cut) = match text.char_indices().nth(VALUE_CHARS) {
                    Some((end, _)) => (format!("{}…", &text[..end]), true),
                    None => (text.into_owned(), false),
                };
                let size = value.len() + 3;
                (Value::String(value), size, cut)
            }
            ValueRef::Blob(bytes) => {
                self.seen.blob = true;
                let shown = &bytes[..bytes.len().min(VALUE_CHARS / 2)];
                let mut value = String::with_capacity(2 + 2 * shown.len());
                value.push_str("\\x");
                for byte in shown {
                    let _ = write!(value, "{byte:02x}");
                }
                let cut = shown.len() < bytes.len();
                if cut {
                    value.push('…');
                }
                let size = value.len() + 3;
                (Value::String(value), size, cut)
            }
        }
    }

    fn declared_kind(&self) -> ValueKind {
        ValueKind::of_declared(&self.declared)
    }

    fn column(self) -> ResultColumn {
        let seen = match self.seen {
            Seen { blob: true, .. } => Some(("BLOB", ValueKind::Binary)),
            Seen { text: true, .. } => Some(("TEXT", ValueKind::Text)),
            Seen { real: true, .. } => Some(("REAL", ValueKind::Float)),
            Seen { integer: true, .. } => Some(("INTEGER", ValueKind::Integer)),
            Seen { .. } => None,
        };
        let declared = self.declared_kind();
        let kind = match (declared, seen) {
            (ValueKind::Other, Some((_, kind))) => kind,
            // words in a column of numbers: nobody can add them up
            (kind, Some((_, ValueKind::Text))) if kind.is_number() => ValueKind::Text,
            (ValueKind::Integer, Some((_, ValueKind::Float))) => ValueKind::Float,
            (kind, _) => kind,
        };
        ResultColumn {
            name: self.name,
            data_type: if self.declared.is_empty() {
                seen.map_or_else(String::new, |(name, _)| name.to_owned())
            } else {
                self.declared
            },
            kind,
        }
    }
}

enum Refusal {
    /// By our progress handler: who knows why it fired knows the error.
    Interrupted,
    Error(TargetError),
}

/// Whose fault an error is: what a better query would avoid is a [`TargetError::Query`].
fn refused(error: rusqlite::Error) -> Refusal {
    let query = |message: String, position| {
        Refusal::Error(TargetError::Query {
            message,
            position,
            hint: None,
        })
    };
    match error {
        rusqlite::Error::SqlInputError {
            msg, sql, offset, ..
        } => {
            let before = usize::try_from(offset)
                .ok()
                .and_then(|offset| sql.get(..offset));
            let position = before.map(|text| text.chars().count() + 1);
            query(msg, position)
        }
        rusqlite::Error::MultipleStatement => query("one statement at a time".into(), None),
        rusqlite::Error::SqliteFailure(error, message) => {
            let message = message.unwrap_or_else(|| error.to_string());
            match error.code {
                ErrorCode::OperationInterrupted => Refusal::Interrupted,
                ErrorCode::CannotOpen
                | ErrorCode::NotADatabase
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::SystemIoFailure
                | ErrorCode::PermissionDenied => Refusal::Error(TargetError::Unreachable(message)),
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
                    Refusal::Error(TargetError::Other("the file is being written to".into()))
                }
                ErrorCode::OutOfMemory => Refusal::Error(TargetError::Other(
                    "the query needs more memory than it may have".into(),
                )),
                _ => query(message, None),
            }
        }
        other => Refusal::Error(TargetError::Other(other.to_string())),
    }
}

#[cfg(test)]
mod tests;
