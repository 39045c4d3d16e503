//! Playing a turn again: exactly as it was, or as it would go today.
//!
//! Exactly: the same code over the recorded question, schema version and answers from outside, so the same
//! events, or a way to find out what in the code changed. Today: the schema, settings and rules in force now, models
//! quoted, so the difference that they make.

use super::closing::{Record, Told};
use super::submit::Prepared;
use super::turn;
use super::{ConversationLog, submit};
use crate::answering::asking::Exchanged;
use crate::answering::journal::{Journal, Written};
use crate::answering::{self, Context, Sink, TurnError};
use crate::app::App;
use crate::ids::TurnId;
use crate::knowledge::{DatasetError, LiveDataset};
use crate::protocol::{Event, PROTOCOL_VERSION, Qf};
use crate::query::Verdict;
use crate::store::{Lease, NewTurn, SEQUENCE_BLOCK, StoreError};
use async_trait::async_trait;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error(
        "there is no record of turn {0}. It does not exist, it is still running, or its process died before it ended."
    )]
    NoRecord(TurnId),
    #[error("the record of this turn cannot be read: {0}. It was made by version {1}.")]
    Unreadable(serde_json::Error, String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Dataset(#[from] DatasetError),
}

/// Which world a turn is played in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    AsItWas,
    Today,
}

/// A turn that was played again.
#[derive(Debug)]
pub struct Replayed {
    /// From RUN_STARTED to the end, without sequence numbers.
    pub events: Vec<Value>,
    /// Positions in `events` of those that are not what they were, or have no counterpart.
    pub changed: Vec<usize>,
    /// Events of the recorded turn that did not come.
    pub missing: usize,
    /// Versions of the dataset, then and in this replay.
    pub versions: (i32, i32),
    /// Of the program that ran the turn.
    pub program: String,
    /// What differs and why, one sentence each; empty for a turn that goes as it went.
    pub differences: Vec<String>,
}

impl Replayed {
    pub fn is_identical(&self) -> bool {
        self.changed.is_empty() && self.missing == 0
    }
}

pub async fn replay(app: &App, turn: TurnId, world: World) -> Result<Replayed, ReplayError> {
    let stored = app
        .store
        .turn_record(turn)
        .await?
        .ok_or(ReplayError::NoRecord(turn))?;
    let record: Record = serde_json::from_str(&stored.record)
        .map_err(|error| ReplayError::Unreadable(error, stored.version.clone()))?;
    let then = stored.dataset_version;
    let (dataset, journal) = match world {
        World::AsItWas => (
            app.dataset_at(record.dataset, then).await?,
            Journal::exact(record.written.clone()),
        ),
        World::Today => (
            app.dataset(record.dataset).await?,
            Journal::today(record.written.clone()),
        ),
    };
    let now = dataset.version;
    let prepared = prepared(&record, dataset.clone());
    let (events, told, written) =
        play(app, &prepared, journal, record.timed_out, record.restarting).await;
    let changed: Vec<usize> = told
        .iter()
        .enumerate()
        .filter(|(at, digest)| record.digests.get(*at) != Some(digest))
        // RUN_STARTED comes first and has no digest
        .map(|(at, _)| at + 1)
        .collect();
    let missing = record.digests.len().saturating_sub(told.len());
    let differences = match world {
        World::AsItWas => Vec::new(),
        World::Today => {
            let before = app.dataset_at(record.dataset, then).await?;
            differences(&record.written, &written, &before, &dataset)
        }
    };
    Ok(Replayed {
        events,
        changed,
        missing,
        versions: (then, now),
        program: stored.version,
        differences,
    })
}

fn prepared(record: &Record, dataset: Arc<LiveDataset>) -> Prepared {
    let question = &record.question;
    Prepared {
        turn: NewTurn {
            id: question.turn_id,
            conversation_id: question.conversation_id,
            workspace_id: question.workspace_id,
            owner: question.owner.clone(),
            dataset_id: Some(record.dataset),
            input_hash: Vec::new(),
            input: Value::Null,
            question: question.text.clone(),
            title: String::new(),
            messages: record.messages.clone(),
            lease_owner: Uuid::nil(),
            lease: std::time::Duration::ZERO,
            trace_id: record.trace_id.clone(),
        },
        question: question.clone(),
        dataset,
        options: record.options.clone(),
        resume: record.resume.clone(),
        declined: record.declined,
        resumes: None,
    }
}

async fn play(
    app: &App,
    prepared: &submit::Prepared,
    journal: Journal,
    timed_out: bool,
    restarting: bool,
) -> (Vec<Value>, Vec<String>, Written) {
    // its numbers are thrown away; it knows what is open when a turn is stopped
    let log = ConversationLog::new(prepared.turn.conversation_id, 0, None, None);
    log.begin_turn(prepared.turn.id, prepared.turn.messages.clone(), 0);
    log.extend_sequence(1..=u64::from(u32::MAX));
    let sink = Stage {
        log,
        told: Told::default(),
        events: Mutex::default(),
    };
    sink.show(
        &Event::RunStarted {
            thread_id: prepared.turn.conversation_id,
            run_id: prepared.turn.id,
            protocol_version: PROTOCOL_VERSION,
            input: Some(Box::new(prepared.echo())),
        },
        None,
    );
    let cancel = CancellationToken::new();
    let context = Context::new(app, &prepared.question, &prepared.dataset, &sink, &cancel)
        .with_journal(journal);
    let done = if prepared.declined {
        Err(TurnError::Cancelled)
    } else {
        match answering::answer(&context).await {
            Err(TurnError::Cancelled) if timed_out => Err(TurnError::TimeLimit),
            done => done,
        }
    };
    let stage = *context.stage.lock().expect("nothing panics with it");
    let usage = context
        .usage
        .lock()
        .expect("nothing panics with it")
        .clone();
    let written = context.written();
    drop(context);
    // nothing is written with it
    let lease = Lease {
        turn: prepared.turn.id,
        conversation: prepared.turn.conversation_id,
        fence: SEQUENCE_BLOCK,
    };
    let (event, qf, _) = turn::end(prepared, lease, done, stage, usage, restarting);
    if !matches!(event, Event::RunError { .. }) {
        for (closing, qf) in sink.log.closing_events() {
            sink.emit(closing, qf);
        }
    }
    sink.emit(event, qf);
    let events = sink.events.into_inner().expect("nothing panics with it");
    (events, sink.told.digests(), written)
}

/// Takes a replayed turn's events.
struct Stage {
    log: ConversationLog,
    told: Told,
    events: Mutex<Vec<Value>>,
}

impl Stage {
    fn show(&self, event: &Event, qf: Option<&Qf>) {
        let value = serde_json::from_slice(&event.encode(None, qf)).expect("an event is JSON");
        self.events
            .lock()
            .expect("nothing panics with it")
            .push(value);
        self.log.append(event, qf);
    }
}

#[async_trait]
impl Sink for Stage {
    async fn ready(&self) -> Result<(), TurnError> {
        Ok(())
    }

    fn emit(&self, event: Event, qf: Option<Qf>) {
        self.told.add(&event, qf.as_ref());
        self.show(&event, qf.as_ref());
    }
}

/// What changed between two runs of one turn, from the cause to the effect.
fn differences(
    then: &Written,
    now: &Written,
    before: &LiveDataset,
    after: &LiveDataset,
) -> Vec<String> {
    let mut all = Vec::new();
    if before.version != after.version {
        all.push(format!(
            "The schema is at version {} now; it was at {}.{}",
            after.version,
            before.version,
            schema_changes(before, after)
        ));
    }
    compare(then, now, "today", &mut all, |was: String, is: String| {
        format!("Today is {is}; it was {was}.")
    });
    compare(
        then,
        now,
        "tables/1",
        &mut all,
        |was: Vec<String>, is: Vec<String>| {
            let missing = |from: &[String], of: &[String]| {
                let left: Vec<&str> = from
                    .iter()
                    .filter(|table| !of.contains(table))
                    .map(String::as_str)
                    .collect();
                if left.is_empty() {
                    "none".to_owned()
                } else {
                    left.join(", ")
                }
            };
            if was.iter().collect::<BTreeSet<_>>() == is.iter().collect::<BTreeSet<_>>() {
                return "Retrieval ranks the same tables otherwise.".to_owned();
            }
            format!(
                "Retrieval finds other tables: no longer {}; new {}.",
                missing(&was, &is),
                missing(&is, &was)
            )
        },
    );
    for entry in &then.entries {
        if !entry.at.starts_with("call/") {
            continue;
        }
        compare(
            then,
            now,
            &entry.at,
            &mut all,
            |was: Exchanged, is: Exchanged| {
                if was.hash == is.hash {
                    return String::new();
                }
                format!(
                    "The prompt of {} differs ({} is {} now), so a model may say something else; its old reply is quoted here.{}",
                    entry.at.trim_start_matches("call/"),
                    &was.hash[..8.min(was.hash.len())],
                    &is.hash[..8.min(is.hash.len())],
                    changed_lines(&was, &is)
                )
            },
        );
    }
    // the query that was run, checked by the rules of today
    for (name, query) in queries(then) {
        if let Verdict::Reject(findings) = after.check_generated(&query) {
            let why = findings
                .first()
                .map_or("", |finding| finding.message.as_str());
            all.push(format!("{name} is refused now: {why}."));
        }
    }
    compare(then, now, "calibration", &mut all, |_: Value, is: Value| {
        format!(
            "Confidence is weighed otherwise: it was fitted on {} judged answers since.",
            is["answers"]
        )
    });
    all.retain(|difference| !difference.is_empty());
    all
}

/// Adds what `say` makes of an entry that is in both and not the same.
fn compare<T: serde::de::DeserializeOwned>(
    then: &Written,
    now: &Written,
    at: &str,
    all: &mut Vec<String>,
    say: impl FnOnce(T, T) -> String,
) {
    let find = |written: &Written| {
        let entry = written.entries.iter().find(|entry| entry.at == at)?;
        Some(entry.value.clone())
    };
    let (Some(was), Some(is)) = (find(then), find(now)) else {
        return;
    };
    if was == is {
        return;
    }
    if let (Ok(was), Ok(is)) = (serde_json::from_value(was), serde_json::from_value(is)) {
        all.push(say(was, is));
    }
}

/// Queries that models wrote, by what they are called.
fn queries(written: &Written) -> Vec<(String, String)> {
    written
        .entries
        .iter()
        .filter(|entry| entry.at.starts_with("call/generate_query/"))
        .filter_map(|entry| {
            let exchanged: Exchanged = serde_json::from_value(entry.value.clone()).ok()?;
            let mut splitter = crate::llm::reply::Splitter::new();
            splitter.feed(&exchanged.text);
            match splitter.finish().1 {
                crate::llm::reply::Parsed::Query { query, .. } => {
                    let attempt = entry.at.rsplit('/').next().unwrap_or_default();
                    Some((format!("The query of attempt {attempt}"), query))
                }
                _ => None,
            }
        })
        .collect()
}

fn schema_changes(before: &LiveDataset, after: &LiveDataset) -> String {
    let columns = |live: &LiveDataset| -> BTreeSet<String> {
        live.schema
            .tables
            .iter()
            .flat_map(|table| {
                table
                    .columns
                    .iter()
                    .map(|column| format!("{}.{} {}", table.name, column.name, column.data_type))
            })
            .collect()
    };
    let (before, after) = (columns(before), columns(after));
    let list = |names: Vec<&String>| {
        let shown: Vec<&str> = names.iter().take(5).map(|name| name.as_str()).collect();
        let more = names.len().saturating_sub(shown.len());
        match more {
            0 => shown.join(", "),
            more => format!("{} and {more} more", shown.join(", ")),
        }
    };
    let mut text = String::new();
    let gone: Vec<&String> = before.difference(&after).collect();
    let new: Vec<&String> = after.difference(&before).collect();
    if !gone.is_empty() {
        text.push_str(&format!(" Gone: {}.", list(gone)));
    }
    if !new.is_empty() {
        text.push_str(&format!(" New: {}.", list(new)));
    }
    text
}

/// The first lines of a prompt that are not what they were.
fn changed_lines(was: &Exchanged, is: &Exchanged) -> String {
    let lines = |exchanged: &Exchanged| -> Vec<String> {
        let both = format!("{}\n{}", exchanged.system, exchanged.user);
        both.lines().map(str::to_owned).collect()
    };
    let (was, is) = (lines(was), lines(is));
    let only = |from: &[String], of: &[String]| -> Option<String> {
        let known: BTreeSet<&String> = of.iter().collect();
        let line = from.iter().find(|line| !known.contains(line))?;
        Some(crate::answering::context::shortened(line.trim(), 120))
    };
    match (only(&was, &is), only(&is, &was)) {
        (None, None) => String::new(),
        (was, is) => format!(
            " First difference: “{}” was “{}”.",
            is.unwrap_or_default(),
            was.unwrap_or_default()
        ),
    }
}
