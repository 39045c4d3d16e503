//! Reads what is kept and what was shown, and says what does not agree.

use crate::support::tab::{Doors, Stretch, Tab, content_of};
use serde_json::Value;
use sqlx::PgPool;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Everything found wrong, a sentence each; empty is what is wanted.
pub type Findings = Vec<String>;

#[derive(sqlx::FromRow)]
struct TurnRow {
    id: Uuid,
    status: String,
    terminal_event: Option<String>,
    terminal_seq: Option<i64>,
}

/// The frames of a conversation as another process can read them, by sequence number.
pub type SharedLog = BTreeMap<u64, String>;

/// Compares the tabs of one conversation with the tables, with each other, and with the shared log if
/// there is one.
pub async fn conversation(
    pool: &PgPool,
    tabs: &[&Tab],
    shared: Option<&SharedLog>,
    doors: &Doors,
) -> Findings {
    let id = tabs[0].conversation;
    let mut findings = Findings::new();
    let turns: Vec<TurnRow> = sqlx::query_as(
        "select id, status, terminal_event, terminal_seq from turns
          where conversation_id = $1 order by started_at",
    )
    .bind(id)
    .fetch_all(pool)
    .await
    .expect("the checker's own way to PostgreSQL");
    let stored: Vec<(String, Uuid, Value)> = sqlx::query_as(
        "select id, turn_id, message from messages where conversation_id = $1 order by position",
    )
    .bind(id)
    .fetch_all(pool)
    .await
    .expect("the checker's own way to PostgreSQL");

    let mut numbers = HashSet::new();
    for turn in &turns {
        let TurnRow {
            id: run, status, ..
        } = turn;
        match (&turn.terminal_event, turn.terminal_seq) {
            _ if status == "running" => findings.push(format!("{run} is still running")),
            (Some(_), Some(seq)) => {
                if !numbers.insert(seq) {
                    findings.push(format!("{run} ended with {seq}, as another turn did"));
                }
            }
            _ => findings.push(format!("{run} is {status} without a terminal event")),
        }
    }
    for tab in tabs {
        findings.extend(acknowledged(tab, &turns, &stored));
        findings.extend(ends(tab, &turns));
        findings.extend(shown(tab, &turns, &stored));
    }
    findings.extend(joined(tabs, shared, &turns, &numbers));
    findings.extend(fetched(tabs, doors).await);
    findings.iter_mut().for_each(|finding| {
        *finding = format!("{id}: {finding}");
    });
    findings
}

/// What was acknowledged is there.
fn acknowledged(tab: &Tab, turns: &[TurnRow], stored: &[(String, Uuid, Value)]) -> Findings {
    let mut findings = Findings::new();
    for run in &tab.acknowledged {
        if !turns.iter().any(|turn| turn.id == *run) {
            findings.push(format!("{run} was acknowledged and is lost"));
        }
    }
    // a question has its run's id; a retry says nothing new
    for id in tab.messages.keys() {
        let is_question = id.parse::<Uuid>().is_ok();
        if is_question && !stored.iter().any(|(known, ..)| known == id) {
            findings.push(format!("the question {id} was shown and is lost"));
        }
    }
    findings
}

/// Every turn has one end, the one that is kept.
fn ends(tab: &Tab, turns: &[TurnRow]) -> Findings {
    let mut findings = Findings::new();
    for (run, seen) in &tab.terminals {
        if seen.len() != 1 {
            findings.push(format!("{run} was shown {} different ends", seen.len()));
        }
        let kept = turns
            .iter()
            .find(|turn| turn.id == *run)
            .and_then(|turn| turn.terminal_event.as_ref());
        if kept != seen.last() {
            findings.push(format!(
                "{run} was shown the end {:?}, and {kept:?} is kept",
                seen.last()
            ));
        }
    }
    findings
}

/// What the tab shows at the end is what is kept, once each.
fn shown(tab: &Tab, turns: &[TurnRow], stored: &[(String, Uuid, Value)]) -> Findings {
    let mut findings = Findings::new();
    for turn in turns {
        // a tab that was not there for it, and was not told of it by a snapshot
        if !tab.terminals.contains_key(&turn.id) {
            continue;
        }
        let whole = turn.status == "succeeded";
        for (id, _, message) in stored.iter().filter(|(_, run, _)| *run == turn.id) {
            let kept = content_of(message);
            match tab.messages.get(id) {
                Some(shown) if *shown == kept => {}
                // of a turn that died, the last second need not be kept
                Some(shown) if !whole && shown.starts_with(&kept) => {}
                Some(shown) => findings.push(format!(
                    "{id} shows {:?}, kept is {:?}",
                    shortened(shown),
                    shortened(&kept)
                )),
                None => findings.push(format!("{id} is kept and not shown")),
            }
        }
        let own = format!("{}-", turn.id);
        for id in tab.messages.keys().filter(|id| id.starts_with(&own)) {
            if whole && !stored.iter().any(|(known, ..)| known == id) {
                findings.push(format!("{id} is shown and not kept"));
            }
        }
    }
    findings
}

fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}

/// Every stretch that a tab was shown, and the shared log, tell of the same events, without a gap.
fn joined(
    tabs: &[&Tab],
    shared: Option<&SharedLog>,
    turns: &[TurnRow],
    stored_ends: &HashSet<i64>,
) -> Findings {
    let mut findings = Findings::new();
    let stretches: Vec<&Stretch> = tabs.iter().flat_map(|tab| &tab.stretches).collect();
    let mut all: BTreeMap<u64, &str> = BTreeMap::new();
    let shown = stretches.iter().flat_map(|stretch| &stretch.frames);
    let frames = shown.map(|(seq, frame)| (*seq, frame.as_str()));
    let kept = shared.into_iter().flatten();
    for (seq, frame) in frames.chain(kept.map(|(seq, frame)| (*seq, frame.as_str()))) {
        match all.insert(seq, frame) {
            Some(other) if other != frame => {
                findings.push(format!("{seq} is {other} for one and {frame} for another"));
            }
            _ => {}
        }
    }
    for stretch in &stretches {
        let (Some(after), Some((last, _))) = (stretch.after, stretch.frames.last()) else {
            continue;
        };
        let own: BTreeSet<u64> = stretch.frames.iter().map(|(seq, _)| *seq).collect();
        let due: BTreeSet<u64> = match shared {
            Some(shared) => shared
                .range(after + 1..=*last)
                .map(|(seq, _)| *seq)
                .collect(),
            // without a shared log a process knows of another one's events only what is stored
            None => stretches
                .iter()
                .filter(|other| !other.doors.is_disjoint(&stretch.doors))
                .flat_map(|other| other.frames.iter().map(|(seq, _)| *seq))
                .filter(|seq| (after + 1..=*last).contains(seq))
                .collect(),
        };
        let missing: Vec<&u64> = due.difference(&own).collect();
        if !missing.is_empty() {
            findings.push(format!(
                "a tab was shown {after} to {last} without {missing:?}"
            ));
        }
        // Frames that a process showed its own sockets and died before others could read them. Whoever saw
        // one is told so: the next thing such a tab gets is a snapshot. Neither a beginning nor an end is such a frame:
        // both were committed, with their numbers, before they were shown, and everybody learns them from the store.
        let Some(shared) = shared else { continue };
        let readable = |seq: u64, frame: &str| {
            shared.contains_key(&seq)
                || stored_ends.contains(&(seq as i64))
                || begins(frame).is_some_and(|run| turns.iter().any(|turn| turn.id == run))
        };
        let orphan = stretch
            .frames
            .iter()
            .find(|(seq, frame)| !readable(*seq, frame))
            .map(|(seq, _)| *seq);
        let Some(orphan) = orphan else { continue };
        let rejoined: Vec<&u64> = own
            .range(orphan..)
            .filter(|seq| shared.contains_key(seq))
            .collect();
        if !rejoined.is_empty() {
            findings.push(format!(
                "a tab was shown {orphan}, which nobody else can read, and then {rejoined:?} as if in one piece"
            ));
        }
    }
    findings
}

/// The turn that this frame begins.
fn begins(frame: &str) -> Option<Uuid> {
    let event: Value = serde_json::from_str(frame).ok()?;
    (event["type"] == "RUN_STARTED").then(|| event["runId"].as_str()?.parse().ok())?
}

/// Whoever saw the end of a turn can fetch it, with its rows, wherever they ask.
async fn fetched(tabs: &[&Tab], doors: &Doors) -> Findings {
    let mut findings = Findings::new();
    let id = tabs[0].conversation;
    let fetch = async |path: String| -> Value {
        let began = Instant::now();
        loop {
            // a process may die while it answers
            for door in doors.all() {
                if let Ok(answer) = reqwest::get(format!("http://{door}/api/v1{path}")).await
                    && answer.status() != 503
                    && let Ok(body) = answer.json().await
                {
                    return body;
                }
            }
            if began.elapsed() > Duration::from_secs(30) {
                return Value::from("nobody answers");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let turns = fetch(format!("/conversations/{id}/turns")).await;
    let mut looked_at = HashSet::new();
    for (run, frame) in tabs.iter().flat_map(|tab| &tab.terminals) {
        let event: Value = frame
            .last()
            .and_then(|frame| serde_json::from_str(frame).ok())
            .expect("frames are JSON");
        if event["type"] != "RUN_FINISHED" || !looked_at.insert(run) {
            continue;
        }
        let turn = turns["items"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|turn| turn["turn_id"] == run.to_string());
        let Some(turn) = turn else {
            findings.push(format!("{run} was finished and cannot be fetched: {turns}"));
            continue;
        };
        if turn["query"] != event["result"]["query"] {
            findings.push(format!(
                "{run} is fetched with another query than was shown"
            ));
        }
        if let Some(result) = event["result"]["resultId"].as_str() {
            let page = fetch(format!("/results/{result}")).await;
            let rows = page["rows"].as_array().map(Vec::len);
            if rows
                != event["result"]["rowCount"]
                    .as_u64()
                    .map(|count| count as usize)
            {
                findings.push(format!("the rows of {run} cannot be fetched: {page}"));
            }
        }
    }
    findings
}

/// At most one repeated model call for a question whose turn died once.
pub fn repeated_calls(
    calls: &HashMap<String, usize>,
    mark: &str,
    undisturbed: usize,
    deaths: usize,
) -> Findings {
    let made = calls.get(mark).copied().unwrap_or(0);
    if made > undisturbed + deaths {
        return vec![format!(
            "the question {mark} cost {made} model calls: {undisturbed} and {deaths} deaths"
        )];
    }
    if made < undisturbed {
        return vec![format!(
            "the question {mark} was answered with {made} calls instead of {undisturbed}"
        )];
    }
    Vec::new()
}
