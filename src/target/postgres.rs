//! PostgreSQL as a customer's database.
//!
//! A query runs in a transaction like this one, and nothing else ever runs on such a connection:
//!
//! ```sql
//! begin read only;
//! select set_config('statement_timeout', …, true), …;   -- for this transaction only
//! -- the checked text is prepared as it is: the server's own judgement, and the columns' types
//! declare qf no scroll cursor for
//!     select left(q.c1::text, …), … from (<checked text>) as q (c1, …);
//! fetch forward … from qf;                              -- pages, until a cap is reached
//! rollback;
//! ```
//!
//! Asking for text gives every type in the server's own spelling: no digit is lost, types of extensions
//! are readable, two columns may have one name, and no single value can be larger than we allow.
//! The checked text is always sent through the extended protocol, which takes one statement only.
//!
//! **The search path** is the dataset's namespaces, because people and models write unqualified names; an empty
//! one would refuse most queries. What this gives away: who may create objects in one of those namespaces
//! could shadow a function or an operator. `pg_catalog` is searched first, `pg_temp` last, the
//! checker allows functions by name, and [`probe`](PostgresTarget::probe) reports the right to create.
//!
//! **Cancelling** asks the server from a second connection (`pg_cancel_backend`) and closes the first
//! (`errand.rs`). Should the second connection be impossible, the server notices the closed first one within a second
//! (`client_connection_check_interval`, PostgreSQL 14 and newer), and the statement timeout ends the rest.

mod cost;
mod introspect;
mod rights;
mod session;
mod values;

use self::session::Sessions;
use self::values::Shape;
use super::errand::{Errands, Work};
use super::{Plan, ResultColumn, Rights, Rows, RunLimits, TURN, Target, TargetError};
use crate::query::{Dialect, ReadOnly};
use crate::schema::Schema;
use async_trait::async_trait;
use futures::TryStreamExt;
use serde_json::Value;
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::tokenizer::{Token, Tokenizer};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgDatabaseError, PgErrorPosition, PgRow};
use sqlx::{AssertSqlSafe, Column, Either, Executor, Row, SqlSafeStr, Statement};
use std::borrow::Cow;
use std::fmt::Write;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// One PostgreSQL database, through a few connections of its own.
pub struct PostgresTarget {
    errands: Errands<Sessions>,
    settings: Settings,
}

/// How we behave towards one database.
#[derive(Clone, Debug)]
pub struct Settings {
    /// At most so many at once; the next query waits, within its own timeout.
    pub connections: usize,
    /// Where unqualified names are looked for, in this order.
    pub namespaces: Vec<String>,
    /// How long [`Target::explain`] may take.
    pub explain_timeout: Duration,
    /// How long [`Target::introspect`] may look at values; what it has not seen by then stays unseen.
    pub introspect_timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connections: 4,
            namespaces: vec!["public".to_owned()],
            explain_timeout: Duration::from_secs(5),
            introspect_timeout: Duration::from_secs(60),
        }
    }
}

/// A longer value is cut and ends in `…`. In characters: generous for text, deadly for nobody.
const VALUE_CHARS: usize = 65_536;
/// A page is asked for so that it carries about this much.
const PAGE_BYTES: usize = 1024 * 1024;
const FIRST_PAGE_ROWS: usize = 100;
const LAST_PAGE_ROWS: usize = 5_000;

impl PostgresTarget {
    /// Connects to nothing yet.
    pub fn new(options: PgConnectOptions, settings: Settings) -> Self {
        Self {
            errands: Errands::new(Sessions::new(options), settings.connections),
            settings,
        }
    }

    /// Runs `work` in a read-only transaction.
    async fn within<T: Send + 'static>(
        &self,
        patience: Duration,
        allowed: Duration,
        cancel: &CancellationToken,
        work: impl Work<PgConnection, T>,
    ) -> Result<T, TargetError> {
        let search_path = search_path(&self.settings.namespaces);
        let work = session::in_transaction(allowed, search_path, work);
        self.errands.run(patience, allowed, cancel, work).await
    }
}

#[async_trait]
impl Target for PostgresTarget {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    async fn probe(&self) -> Result<Rights, TargetError> {
        rights::probe(&self.errands.server).await
    }

    async fn introspect(&self) -> Result<Schema, TargetError> {
        introspect::introspect(
            &self.errands.server,
            &search_path(&self.settings.namespaces),
            self.settings.introspect_timeout,
        )
        .await
    }

    async fn explain(
        &self,
        query: &ReadOnly,
        cancel: &CancellationToken,
    ) -> Result<Plan, TargetError> {
        let text = query.text().to_owned();
        self.within(
            TURN,
            self.settings.explain_timeout,
            cancel,
            move |connection: &mut PgConnection| Box::pin(explain(connection, text)),
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
        self.within(
            limits.timeout,
            limits.timeout,
            cancel,
            move |connection: &mut PgConnection| Box::pin(run(connection, text, limits)),
        )
        .await
    }
}

async fn explain(connection: &mut PgConnection, text: String) -> Result<Plan, TargetError> {
    const PREFIX: &str = "explain (verbose, format json) ";
    let row = sqlx::query(AssertSqlSafe(format!("{PREFIX}{text}")))
        .persistent(false)
        .fetch_one(&mut *connection)
        .await
        .map_err(|error| refused(error, PREFIX.len()))?;
    let plans: Value = row.try_get(0).map_err(|error| refused(error, 0))?;
    let top = &plans[0]["Plan"];
    let mut lines = String::new();
    describe_plan(top, 0, &mut lines);
    let rows_read = cost::rows_read(connection, top)
        .await
        .map_err(|error| refused(error, 0))?;
    Ok(Plan {
        estimated_rows: top["Plan Rows"].as_f64(),
        estimated_cost: top["Total Cost"].as_f64(),
        rows_read: Some(rows_read),
        text: lines,
    })
}

/// One line a node, as `explain` itself would write it, with what decides about cost.
fn describe_plan(node: &Value, depth: usize, lines: &mut String) {
    let word = |key: &str| node[key].as_str().unwrap_or_default();
    let _ = write!(
        lines,
        "{:indent$}{}",
        "",
        word("Node Type"),
        indent = depth * 2
    );
    for (before, key) in [(" using ", "Index Name"), (" on ", "Relation Name")] {
        if !word(key).is_empty() {
            let _ = write!(lines, "{before}{}", word(key));
        }
    }
    let _ = writeln!(
        lines,
        " (cost {}, rows {})",
        node["Total Cost"], node["Plan Rows"]
    );
    for child in node["Plans"].as_array().into_iter().flatten() {
        describe_plan(child, depth + 1, lines);
    }
}

async fn run(
    connection: &mut PgConnection,
    text: String,
    limits: RunLimits,
) -> Result<Rows, TargetError> {
    let begun = Instant::now();
    let statement = connection
        .prepare(AssertSqlSafe(text.clone()).into_sql_str())
        .await
        .map_err(|error| refused(error, 0))?;
    let shapes: Vec<Shape> = statement
        .columns()
        .iter()
        .map(|column| Shape::of(column.type_info()))
        .collect();
    let columns: Vec<ResultColumn> = statement
        .columns()
        .iter()
        .zip(&shapes)
        .map(|(column, shape)| ResultColumn {
            name: column.name().to_owned(),
            data_type: shape.engine_name.clone(),
            kind: shape.kind,
        })
        .collect();
    let has_parameters = match statement.parameters() {
        Some(Either::Left(types)) => !types.is_empty(),
        Some(Either::Right(count)) => count > 0,
        None => false,
    };
    for (is_so, message) in [
        (columns.is_empty(), "the query has no columns to show"),
        (
            has_parameters,
            "the query has a placeholder ($1) without a value",
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

    let (prefix, declare) = cursor(&text, columns.len());
    sqlx::query(AssertSqlSafe(declare))
        .persistent(false)
        .execute(&mut *connection)
        .await
        .map_err(|error| refused(error, prefix))?;

    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut truncated = false;
    let mut bytes = 0;
    let mut page = FIRST_PAGE_ROWS.min(limits.max_rows.saturating_add(1));
    'pages: loop {
        let mut arrived = 0;
        let mut stream = sqlx::query(AssertSqlSafe(format!("fetch forward {page} from qf")))
            .persistent(false)
            .fetch(&mut *connection);
        while let Some(row) = stream
            .try_next()
            .await
            .map_err(|error| refused(error, prefix))?
        {
            arrived += 1;
            if rows.len() == limits.max_rows {
                truncated = true;
                break 'pages;
            }
            let (row, size, cut) = read(&row, &shapes)?;
            bytes += size;
            if bytes > limits.max_bytes {
                truncated = true;
                break 'pages;
            }
            truncated |= cut;
            rows.push(row);
        }
        drop(stream);
        if arrived < page {
            break;
        }
        let usual = (bytes / rows.len().max(1)).max(1);
        page = (PAGE_BYTES / usual)
            .clamp(1, LAST_PAGE_ROWS)
            .min(limits.max_rows.saturating_add(1) - rows.len());
    }
    Ok(Rows {
        columns,
        rows,
        truncated,
        elapsed_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

/// One row's values, their size in bytes, and whether one of them was cut.
fn read(row: &PgRow, shapes: &[Shape]) -> Result<(Vec<Value>, usize, bool), TargetError> {
    let mut values = Vec::with_capacity(shapes.len());
    let mut bytes = 0;
    let mut cut = false;
    for (place, shape) in shapes.iter().enumerate() {
        let text: Option<&str> = row.try_get(place).map_err(|error| refused(error, 0))?;
        // as JSON: a comma, and quotes around most
        bytes += 3 + text.map_or(4, str::len);
        values.push(match text {
            None => Value::Null,
            Some(text) => match text.char_indices().nth(VALUE_CHARS) {
                Some((end, _)) => {
                    cut = true;
                    Value::String(format!("{}…", &text[..end]))
                }
                None => shape.value(text),
            },
        });
    }
    Ok((values, bytes, cut))
}

/// The statement that opens the cursor, and how many characters of it stand before the checked text.
fn cursor(text: &str, columns: usize) -> (usize, String) {
    let mut declare = String::from("declare qf no scroll cursor for select ");
    let mut names = String::new();
    for place in 1..=columns {
        let comma = if place == 1 { "" } else { ", " };
        // one more than we show, so that we know when there was more
        let _ = write!(
            declare,
            "{comma}left(q.c{place}::text, {})",
            VALUE_CHARS + 1
        );
        let _ = write!(names, "{comma}c{place}");
    }
    declare.push_str(" from (");
    let prefix = declare.chars().count();
    // on a line of its own: the text may end in a comment
    let _ = write!(
        declare,
        "{}\n) as q ({names})",
        without_last_semicolon(text)
    );
    (prefix, declare)
}

/// The checked text as it can stand in parentheses; the same length, so that positions stay true.
fn without_last_semicolon(text: &str) -> Cow<'_, str> {
    if !text.contains(';') {
        return Cow::Borrowed(text);
    }
    let dialect = PostgreSqlDialect {};
    let Ok(tokens) = Tokenizer::new(&dialect, text).tokenize_with_location() else {
        return Cow::Borrowed(text);
    };
    let last = tokens
        .iter()
        .rev()
        .find(|token| !matches!(token.token, Token::Whitespace(_) | Token::EOF));
    let Some(semicolon) = last.filter(|token| token.token == Token::SemiColon) else {
        return Cow::Borrowed(text);
    };
    let place = semicolon.span.start;
    let line_start = text
        .split_inclusive('\n')
        .take(usize::try_from(place.line).unwrap_or(1).saturating_sub(1))
        .map(str::len)
        .sum::<usize>();
    let in_line = usize::try_from(place.column).unwrap_or(1).saturating_sub(1);
    let found = text[line_start..]
        .char_indices()
        .nth(in_line)
        .map(|(offset, char)| (line_start + offset, char));
    match found {
        Some((at, ';')) => Cow::Owned(format!("{} {}", &text[..at], &text[at + 1..])),
        _ => Cow::Borrowed(text),
    }
}

/// `pg_temp` would be searched first if it were not named.
fn search_path(namespaces: &[String]) -> String {
    let mut path = String::new();
    for namespace in namespaces {
        path.push_str(&quoted(namespace));
        path.push_str(", ");
    }
    path + "pg_temp"
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What the engine said, with positions counted in the checked text, which began after `prefix` characters.
///
/// Whose fault an error is, is decided by its class: what a better query would avoid is a
/// [`TargetError::Query`], for that is what the model gets to see.
fn refused(error: sqlx::Error, prefix: usize) -> TargetError {
    let sqlx::Error::Database(database) = &error else {
        return TargetError::of_driver(&error);
    };
    let Some(error) = database.try_downcast_ref::<PgDatabaseError>() else {
        return TargetError::Other(database.to_string());
    };
    let message = error.message().to_owned();
    match error.code() {
        // a lock that somebody else holds; the disk, the memory; an administrator
        "55P03" | "57P01" | "57P02" | "57P03" => TargetError::Other(message),
        code => match &code[..2.min(code.len())] {
            "08" | "28" | "3D" => TargetError::Unreachable(message),
            // out of memory: of this query, for the others still run
            "53" if code == "53200" => too_large(message),
            "54" => too_large(message),
            "53" | "57" | "58" | "XX" => TargetError::Other(message),
            _ => TargetError::Query {
                message: match error.detail() {
                    Some(detail) => format!("{message}: {detail}"),
                    None => message,
                },
                position: match error.position() {
                    Some(PgErrorPosition::Original(position)) if position > prefix => {
                        Some(position - prefix)
                    }
                    _ => None,
                },
                hint: error.hint().map(str::to_owned),
            },
        },
    }
}

fn too_large(message: String) -> TargetError {
    TargetError::Query {
        message: format!("The query is too large for the database: {message}"),
        position: None,
        hint: Some("Ask for less at once: fewer rows, columns or conditions.".to_owned()),
    }
}

#[cfg(test)]
mod tests;
