//! What a turn was told from outside, kept so that it can be played again.
//!
//! A turn is a function of its question, its dataset's version and what the world answered: models, target
//! databases, clocks, fresh ids, settings, and what people taught us since (descriptions, joins, glossary, examples,
//! vectors: none of them is part of a dataset's version). Every such answer goes through the journal. Live, it is asked for and
//! written down; played again, it is read back in the same order, and nothing outside is touched. So the
//! same code comes to the same events, or shows what in it has changed.

use super::TurnError;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::future::Future;
use std::sync::Mutex;

/// All that was written of one turn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Written {
    pub entries: Vec<Entry>,
    /// By message: the sizes, in bytes, of the deltas its text was sent in. They depend on the clock.
    #[serde(default)]
    pub cuts: BTreeMap<String, Vec<usize>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// What was asked for: `explain/1`, `ms/query_generation/2`.
    pub at: String,
    pub value: Value,
}

/// What is done when the journal has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Live,
    /// Exactly as it was: somebody or something stopped the turn here.
    Exact,
    /// With what is known today: models are quoted, the rest is asked anew.
    Today,
}

#[derive(Debug)]
pub struct Journal {
    mode: Mode,
    written: Mutex<Written>,
    read: Mutex<Read>,
}

#[derive(Debug, Default)]
struct Read {
    entries: HashMap<String, VecDeque<Value>>,
    cuts: BTreeMap<String, VecDeque<usize>>,
}

/// An error as the person saw it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    pub code: String,
    pub message: String,
    pub retryable: bool,
}

impl From<&TurnError> for Failure {
    fn from(error: &TurnError) -> Self {
        Self {
            code: error.code().to_owned(),
            message: error.user_message(),
            retryable: error.retryable(),
        }
    }
}

impl Journal {
    pub fn live() -> Self {
        Self {
            mode: Mode::Live,
            written: Mutex::default(),
            read: Mutex::default(),
        }
    }

    /// Plays `written` again; where it stops, the turn was stopped.
    pub fn exact(written: Written) -> Self {
        Self::reading(written, Mode::Exact)
    }

    /// Plays a turn with what is known today: only what models said, and what was run, is read back.
    pub fn today(mut written: Written) -> Self {
        written
            .entries
            .retain(|entry| QUOTED.iter().any(|kind| entry.at.starts_with(kind)));
        written.cuts.clear();
        Self::reading(written, Mode::Today)
    }

    fn reading(written: Written, mode: Mode) -> Self {
        let mut read = Read::default();
        for entry in written.entries {
            read.entries
                .entry(entry.at)
                .or_default()
                .push_back(entry.value);
        }
        for (message, cuts) in written.cuts {
            read.cuts.insert(message, cuts.into());
        }
        Self {
            mode,
            written: Mutex::default(),
            read: Mutex::new(read),
        }
    }

    pub fn is_live(&self) -> bool {
        self.mode == Mode::Live
    }

    pub fn is_exact(&self) -> bool {
        self.mode == Mode::Exact
    }

    /// Begins a stage; fails where the turn was stopped before it.
    pub fn enter(&self, at: String) -> Result<(), TurnError> {
        if self.is_exact() && self.read::<()>(&at).is_none() {
            return Err(TurnError::Cancelled);
        }
        self.write(at, &());
        Ok(())
    }

    /// Everything written so far.
    pub fn written(&self) -> Written {
        self.written.lock().expect("nothing panics with it").clone()
    }

    /// Writes `value` down.
    pub fn write<T: Serialize>(&self, at: impl Into<String>, value: &T) {
        let value = serde_json::to_value(value).expect("what is journalled has string keys");
        let at = at.into();
        let mut written = self.written.lock().expect("nothing panics with it");
        written.entries.push(Entry { at, value });
    }

    /// The next value that was written there.
    pub fn read<T: DeserializeOwned>(&self, at: &str) -> Option<T> {
        let value = {
            let mut read = self.read.lock().expect("nothing panics with it");
            read.entries.get_mut(at)?.pop_front()?
        };
        serde_json::from_value(value).ok()
    }

    /// What `make` gives, or gave when this turn first ran.
    pub fn value<T: Serialize + DeserializeOwned>(
        &self,
        at: impl Into<String>,
        make: impl FnOnce() -> T,
    ) -> T {
        let at = at.into();
        let value = self.read(&at).unwrap_or_else(make);
        self.write(at, &value);
        value
    }

    /// As [`Self::value`], for what takes time and does not fail.
    pub async fn found<T: Serialize + DeserializeOwned>(
        &self,
        at: impl Into<String>,
        make: impl Future<Output = T>,
    ) -> T {
        let at = at.into();
        let value = match self.read(&at) {
            Some(value) => value,
            None => make.await,
        };
        self.write(at, &value);
        value
    }

    /// What `make` fetches from outside, or fetched when this turn first ran.
    ///
    /// Fails as it failed then; with [`TurnError::Cancelled`] when the turn was stopped before it was there.
    pub async fn fetched<T: Serialize + DeserializeOwned>(
        &self,
        at: impl Into<String>,
        make: impl Future<Output = Result<T, TurnError>>,
    ) -> Result<T, TurnError> {
        let at = at.into();
        let done = match (self.read::<Result<T, Failure>>(&at), self.mode) {
            (Some(Ok(value)), _) => Ok(value),
            (Some(Err(failure)), _) => Err(TurnError::Recorded(failure)),
            (None, Mode::Exact) => return Err(TurnError::Cancelled),
            (None, Mode::Live | Mode::Today) => make.await,
        };
        match &done {
            Ok(value) => self.write(at, &Ok::<&T, Failure>(value)),
            // the turn ended in the middle of it: there is no answer to write down
            Err(TurnError::Cancelled) => {}
            Err(error) => self.write(at, &Err::<(), Failure>(Failure::from(error))),
        }
        done
    }

    /// A delta of so many bytes was sent.
    pub fn wrote_cut(&self, message: &str, bytes: usize) {
        let mut written = self.written.lock().expect("nothing panics with it");
        match written.cuts.get_mut(message) {
            Some(cuts) => cuts.push(bytes),
            None => {
                written.cuts.insert(message.to_owned(), vec![bytes]);
            }
        }
    }

    /// The size of the next delta of that message, if `pending` bytes are enough for it.
    pub fn next_cut(&self, message: &str, pending: usize) -> Option<usize> {
        let mut read = self.read.lock().expect("nothing panics with it");
        let cuts = read.cuts.get_mut(message)?;
        let next = *cuts.front()?;
        if next > pending {
            return None;
        }
        cuts.pop_front()
    }
}

/// What [`Journal::today`] keeps: models, and the world's doings that must not be done twice.
const QUOTED: [&str; 4] = ["call/", "intent/", "run/", "probe/"];

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_fetched_comes_back_in_order_and_nothing_is_fetched_again() {
        let live = Journal::live();
        for answer in [1, 2] {
            let got = live.fetched("explain/1", async { Ok(answer) }).await;
            assert_eq!(got.expect("fetched"), answer);
        }
        let failed: Result<u8, _> = live
            .fetched("run/1", async { Err(TurnError::NoQuery) })
            .await;
        failed.expect_err("it failed");
        live.value("today", || "2026-11-20".to_owned());

        let again = Journal::exact(live.written());
        let forbidden = async || -> Result<u8, TurnError> { panic!("nothing outside is touched") };
        for answer in [1, 2] {
            let got = again.fetched("explain/1", forbidden()).await;
            assert_eq!(got.expect("read back"), answer);
        }
        let failed = again
            .fetched("run/1", forbidden())
            .await
            .expect_err("as then");
        assert_eq!(failed.code(), "GENERATION_FAILED");
        assert_eq!(failed.user_message(), TurnError::NoQuery.user_message());
        assert_eq!(again.value("today", String::new), "2026-11-20");
        let ended = again.fetched("run/2", forbidden()).await.expect_err("over");
        assert!(matches!(ended, TurnError::Cancelled), "{ended}");
        assert_eq!(again.written(), {
            let mut all = live.written();
            all.cuts.clear();
            all
        });
    }

    #[tokio::test]
    async fn today_quotes_models_and_asks_the_rest_anew() {
        let live = Journal::live();
        live.write("call/generate_query/1", &"select 1");
        live.value("today", || "2020-01-01".to_owned());
        let today = Journal::today(live.written());
        let said: Option<String> = today.read("call/generate_query/1");
        assert_eq!(said.as_deref(), Some("select 1"));
        assert_eq!(today.value("today", || "now".to_owned()), "now");
    }
}
