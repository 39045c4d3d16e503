//! A kdb+ process as a customer's database, over q's IPC protocol.
//!
//! Each piece of work gets a connection of its own, which is closed afterwards. What is sent is always one of the
//! fixed functions of ours in this file and `introspect`, with the checked query as an argument: the bytes that
//! were checked are parsed by the server as they are, and never become part of a text of ours.
//!
//! A query runs within `reval`, which forbids it every write (the server has it since 3.3; an older one is
//! reported by [`Target::probe`]). The server cuts the result to the rows and bytes that we show before it sends it;
//! `decode` holds for one that does not.
//!
//! Cancelling closes the connection. q has no cancel: a process works on one question at a time, notices that
//! nobody waits only when it is done, and everybody else waits meanwhile. What ends a query early is the
//! server's own `-T` (seconds), which an installation should set on the process we are given: best a replica
//! or a read-only process of its own, started with `-b`. The same goes for its time limit: ours only ends our waiting.
//!
//! No kdb+ was at hand where this was written. The codec is held against other people's codecs (`tests/kdb-peer`),
//! the functions of ours against a peer that recognizes them; that a real q understands them is known from q's
//! documentation alone.

pub mod decode;
pub mod encode;
mod introspect;
mod json;
mod session;
pub mod value;

use self::session::Session;
use self::value::{K, Scalar};
use super::{Plan, Rights, Rows, RunLimits, Target, TargetError};
use crate::query::{Dialect, OutputColumn, ReadOnly};
use crate::schema::Schema;
use async_trait::async_trait;
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

/// One kdb+ process.
pub struct KdbTarget {
    address: Address,
    slots: Arc<Semaphore>,
    settings: Settings,
}

/// Where it listens, and as whom we come.
#[derive(Clone, Debug)]
pub struct Address {
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: Option<SecretString>,
}

#[derive(Clone, Debug)]
pub struct Settings {
    /// At most so many at once. A kdb+ process answers one question after the other, so more would only queue there.
    pub connections: usize,
    pub explain_timeout: Duration,
    /// How long [`Target::introspect`] may look at values; what it has not seen by then stays unseen.
    pub introspect_timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connections: 2,
            explain_timeout: Duration::from_secs(5),
            introspect_timeout: Duration::from_secs(60),
        }
    }
}

/// Answers to questions of ours about a server stay far below this, in bytes.
const SMALL_ANSWER: usize = 4 << 20;
/// What an answer may be beyond the bytes that we show: type bytes, names, a row that is cut here and not there.
const SLACK: usize = 1 << 20;

/// `parse` and no more: the server's own judgement of the syntax.
const PARSE: &str = "{[t] parse t;}";

/// Text, rows, bytes: the result cut to both, with how many rows it had.
///
/// A keyed table loses its keys, so that all of it are columns. `-22!` is the size that a value has on the wire.
const RUN: &str = "{[t;n;b] p:parse t; r:$[.z.K>=3.3;reval p;eval p]; \
    if[99h=type r;if[(98h=type key r)&98h=type value r;r:0!r]]; \
    c:$[0h>type r;1;count r]; \
    if[(type[r] within 0 99h)&not 10h=type r;r:n sublist r]; \
    if[(98h=type r)&b<s:-22!r;r:(1|floor(count r)*b%s) sublist r]; \
    (c;r)}";

const PROBE: &str = "(.z.K;.z.k)";

/// `reval` came with this version.
const REVAL_SINCE: f64 = 3.3;

impl KdbTarget {
    /// Connects to nothing yet.
    pub fn new(address: Address, settings: Settings) -> Self {
        Self {
            address,
            slots: Arc::new(Semaphore::new(settings.connections.max(1))),
            settings,
        }
    }

    /// Runs `work` on a session of its own, which is closed in any case: when `work` is done, after `allowed`, when
    /// `cancel` says so, or when the returned future is dropped.
    async fn within<T>(
        &self,
        allowed: Duration,
        cancel: &CancellationToken,
        work: impl AsyncFnOnce(&mut Session) -> Result<T, TargetError>,
    ) -> Result<T, TargetError> {
        let deadline = Instant::now() + allowed;
        let whole = async {
            let _slot = Arc::clone(&self.slots)
                .acquire_owned()
                .await
                .expect("nobody closes it");
            let mut session = Session::open(&self.address).await?;
            work(&mut session).await
        };
        tokio::select! {
            outcome = whole => outcome,
            () = cancel.cancelled() => Err(TargetError::Cancelled),
            () = sleep_until(deadline) => Err(TargetError::Timeout(allowed)),
        }
    }
}

#[async_trait]
impl Target for KdbTarget {
    fn dialect(&self) -> Dialect {
        Dialect::Kdb
    }

    async fn probe(&self) -> Result<Rights, TargetError> {
        let never = CancellationToken::new();
        self.within(
            self.settings.explain_timeout,
            &never,
            async |session: &mut Session| {
                let answer = session.ask(&K::text(PROBE), SMALL_ANSWER).await?;
                rights(&answer).ok_or_else(unexpected)
            },
        )
        .await
    }

    async fn introspect(&self) -> Result<Schema, TargetError> {
        let allowed = self.settings.introspect_timeout;
        let look_until = Instant::now() + allowed;
        let never = CancellationToken::new();
        // one question may still be on its way when there is no time left for another
        self.within(
            allowed + introspect::QUESTION_TIMEOUT,
            &never,
            async |session: &mut Session| introspect::introspect(session, look_until).await,
        )
        .await
    }

    /// q estimates nothing, so this is the server's parser alone; that names exist is the checker's to say.
    async fn explain(
        &self,
        query: &ReadOnly,
        cancel: &CancellationToken,
    ) -> Result<Plan, TargetError> {
        let question = K::List(vec![K::text(PARSE), K::text(query.text())]);
        self.within(
            self.settings.explain_timeout,
            cancel,
            async |session: &mut Session| session.ask(&question, SMALL_ANSWER).await,
        )
        .await?;
        Ok(Plan {
            text: "q shows no plan; the server parsed the query".to_owned(),
            ..Plan::default()
        })
    }

    async fn run(
        &self,
        query: &ReadOnly,
        limits: &RunLimits,
        cancel: &CancellationToken,
    ) -> Result<Rows, TargetError> {
        let begun = Instant::now();
        let number = |limit: usize| K::long(i64::try_from(limit).unwrap_or(i64::MAX / 2));
        // a table of one byte a value becomes JSON of about four
        let bytes = limits.max_bytes.min(MOST_BYTES);
        let question = K::List(vec![
            K::text(RUN),
            K::text(query.text()),
            number(limits.max_rows.min(MOST_ROWS)),
            number(bytes),
        ]);
        let answer = self
            .within(limits.timeout, cancel, async |session: &mut Session| {
                session.ask(&question, bytes + SLACK).await
            })
            .await?;
        let mut rows = result(answer, &query.output, limits)?;
        rows.elapsed_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(rows)
    }
}

/// Whatever the limits say, one answer is never larger; q itself stops at 2 GiB.
const MOST_BYTES: usize = 256 << 20;
/// `sublist` takes a long, of which the largest means infinity.
const MOST_ROWS: usize = 1 << 31;

/// What [`RUN`] answered: how many rows there were, and those that we are given.
fn result(answer: K, output: &[OutputColumn], limits: &RunLimits) -> Result<Rows, TargetError> {
    let K::List(parts) = answer else {
        return Err(unexpected());
    };
    let [K::Atom(_, Scalar::Long(count)), value] =
        <[K; 2]>::try_from(parts).map_err(|_| unexpected())?
    else {
        return Err(unexpected());
    };
    let count = usize::try_from(count).map_err(|_| unexpected())?;
    Ok(json::rows(value, count, output, limits))
}

fn rights(answer: &K) -> Option<Rights> {
    // a float and a date: a list of two kinds
    let K::List(parts) = answer else {
        return None;
    };
    let [K::Atom(_, Scalar::Float(version)), released @ K::Atom(..)] = parts.as_slice() else {
        return None;
    };
    let mut can_write = Vec::new();
    if *version < REVAL_SINCE {
        can_write.push(format!(
            "kdb+ {version:.1} is older than {REVAL_SINCE} and has no reval: nothing on the server keeps a query from writing."
        ));
    }
    Some(Rights {
        can_write,
        server_version: format!("kdb+ {version:.1} {}", json::text(released)),
    })
}

fn unexpected() -> TargetError {
    TargetError::Other("the kdb+ server answered with something else than was asked for".to_owned())
}

#[cfg(test)]
mod tests;
