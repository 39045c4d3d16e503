//! The event log of one conversation: one sequence, any number of readers, two ways to resume.
//!
//! A reader is a cursor, not a queue: it asks for what comes after the last frame it sent, so a slow
//! one costs no memory and gets bigger batches. An event is encoded once and its bytes are shared.
//!
//! Sequence numbers come from blocks that the store hands out, so they are above everything that any
//! client ever saw, also after a crash. Gaps are legal; a number is never used twice.

use crate::ids::{ConversationId, TurnId};
use crate::protocol::{
    Event, MAX_EVENT_BYTES, PROTOCOL_VERSION, Qf, RESULT_ACTIVITY, StageName, TextKind, WireMessage,
};
use crate::store::StageRecord;
use bytes::Bytes;
use serde_json::json;
use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// What a log keeps at most while a turn runs, in bytes and in frames.
const MAX_LOG_BYTES: usize = 4 * 1024 * 1024;
const MAX_LOG_FRAMES: usize = 2000;

/// A snapshot is cut to the newest messages above this.
const MAX_SNAPSHOT_BYTES: usize = 2 * 1024 * 1024;

/// An event as it crosses the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// 0 on a frame of a snapshot that is not its last.
    pub seq: u64,
    /// JSON text.
    pub bytes: Bytes,
}

/// What a reader gets for its cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tail {
    /// In order; empty when the reader has everything.
    Frames(Vec<Frame>),
    /// The cursor is not in the log (any more): the reader needs a snapshot.
    Gone,
}

pub struct ConversationLog {
    conversation: ConversationId,
    state: Mutex<State>,
    /// The highest sequence number published; readers wait on it.
    tip: watch::Sender<u64>,
}

struct State {
    /// Everything up to and including this one was dropped.
    floor: u64,
    frames: VecDeque<Frame>,
    size_bytes: usize,
    tip: u64,
    /// Numbers that may be used next.
    blocks: VecDeque<RangeInclusive<u64>>,
    turn: Option<TurnFold>,
    /// How many turns began here; tells a snapshot that it was overtaken.
    turns_begun: u64,
    last_event: Instant,
    /// Another log took this one's place: nothing is added and nobody is served any more.
    retired: bool,
}

/// The newest turn, as a client would have it after its events.
#[derive(Clone, Debug)]
struct TurnFold {
    id: TurnId,
    messages: Vec<WireMessage>,
    open_texts: Vec<OpenText>,
    open_stages: Vec<(StageName, u32)>,
    stages: Vec<StageRecord>,
    terminal: Option<Frame>,
}

#[derive(Clone, Debug)]
struct OpenText {
    id: String,
    qf: Option<Qf>,
}

/// What a turn has said so far, for the store.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    pub messages: Vec<WireMessage>,
    pub stages: Vec<StageRecord>,
}

impl ConversationLog {
    /// A log that stands at `tip`; `last` is the terminal event that has this number, if there is one.
    pub fn new(conversation: ConversationId, tip: u64, last: Option<(TurnId, Bytes)>) -> Self {
        Self {
            conversation,
            state: Mutex::new(State {
                floor: tip,
                frames: VecDeque::new(),
                size_bytes: 0,
                tip,
                blocks: VecDeque::new(),
                turn: last.map(|(id, bytes)| TurnFold {
                    id,
                    messages: Vec::new(),
                    open_texts: Vec::new(),
                    open_stages: Vec::new(),
                    stages: Vec::new(),
                    terminal: Some(Frame { seq: tip, bytes }),
                }),
                turns_begun: 0,
                last_event: Instant::now(),
                retired: false,
            }),
            tip: watch::Sender::new(tip),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // a panic in one turn must not close the log to everybody else
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // ------------------------------------------------------------ the writer's side

    /// Numbers `from..=to` are now this log's to use.
    pub fn extend_sequence(&self, block: RangeInclusive<u64>) {
        self.state().blocks.push_back(block);
    }

    /// How many events can be appended before the next block is needed.
    pub fn remaining_sequence(&self) -> u64 {
        let state = self.state();
        state
            .blocks
            .iter()
            // a block that was used up still has its last number as both ends
            .filter(|block| !block.is_empty())
            .map(|block| block.end() - block.start() + 1)
            .sum()
    }

    /// Begins a turn: from here on its events are folded for snapshots.
    ///
    /// Numbers left from an earlier turn are not used any more: another process may have gone past them.
    pub fn begin_turn(&self, id: TurnId, said: Vec<WireMessage>) {
        let mut state = self.state();
        state.blocks.clear();
        state.turns_begun += 1;
        state.turn = Some(TurnFold {
            id,
            messages: said,
            open_texts: Vec::new(),
            open_stages: Vec::new(),
            stages: Vec::new(),
            terminal: None,
        });
    }

    /// Gives the event the next number and shows it to every reader.
    ///
    /// # Panics
    /// Without a number left (see [`Self::remaining_sequence`]).
    pub fn append(&self, event: &Event, qf: Option<&Qf>) {
        let mut state = self.state();
        let seq = state.next_sequence();
        let bytes = event.encode(Some(seq), qf);
        state.push(Frame { seq, bytes }, event, qf);
        self.publish(state);
    }

    /// The number and the bytes that a terminal event will have, so that both can be committed first.
    pub fn prepare_terminal(&self, event: &Event, qf: Option<&Qf>) -> Frame {
        let mut state = self.state();
        let seq = state.next_sequence();
        Frame {
            seq,
            bytes: event.encode(Some(seq), qf),
        }
    }

    /// Publishes what [`Self::prepare_terminal`] made, once it is committed.
    pub fn append_terminal(&self, frame: Frame, event: &Event) {
        let mut state = self.state();
        state.push(frame, event, None);
        self.publish(state);
    }

    fn publish(&self, state: MutexGuard<'_, State>) {
        let tip = if state.retired { u64::MAX } else { state.tip };
        drop(state);
        self.tip.send_replace(tip);
    }

    /// Steps and texts that were begun and not ended, as the events that end them, innermost first.
    pub fn closing_events(&self) -> Vec<(Event, Option<Qf>)> {
        let state = self.state();
        let Some(turn) = &state.turn else {
            return Vec::new();
        };
        let texts = turn.open_texts.iter().rev().map(|text| {
            let message_id = text.id.clone();
            (Event::TextMessageEnd { message_id }, None)
        });
        let stages = turn.open_stages.iter().rev().map(|(step_name, attempt)| {
            let qf = Qf {
                attempt: Some(*attempt),
                finding: Some("stopped".to_owned()),
                ..Qf::default()
            };
            (
                Event::StepFinished {
                    step_name: *step_name,
                },
                Some(qf),
            )
        });
        texts.chain(stages).collect()
    }

    /// What the newest turn has said so far.
    pub fn progress(&self) -> Progress {
        let state = self.state();
        state
            .turn
            .as_ref()
            .map_or_else(Progress::default, |turn| Progress {
                messages: turn.messages.clone(),
                stages: turn.stages.clone(),
            })
    }

    /// Forgets the frames of a log where nothing runs and nothing was said for `limit`; a reader at the tip
    /// loses nothing. Whether it was so.
    pub fn forget_if_idle(&self, limit: Duration) -> bool {
        let mut state = self.state();
        let runs = state
            .turn
            .as_ref()
            .is_some_and(|turn| turn.terminal.is_none());
        if runs || state.last_event.elapsed() <= limit {
            return false;
        }
        state.frames.clear();
        state.frames.shrink_to_fit();
        state.size_bytes = 0;
        state.floor = state.tip;
        true
    }

    /// Sends every reader away: another log has taken this one's place, and knows what this one does not.
    pub fn retire(&self) {
        let mut state = self.state();
        state.retired = true;
        state.turn = None;
        state.frames.clear();
        state.size_bytes = 0;
        state.floor = u64::MAX;
        drop(state);
        self.tip.send_replace(u64::MAX);
    }

    /// The turn that has begun here and not ended.
    pub fn running_turn(&self) -> Option<TurnId> {
        let state = self.state();
        let turn = state.turn.as_ref()?;
        turn.terminal.is_none().then_some(turn.id)
    }

    pub fn is_running(&self) -> bool {
        self.running_turn().is_some()
    }

    // ------------------------------------------------------------ the readers' side

    /// Tells a reader when there is more.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.tip.subscribe()
    }

    pub fn tip(&self) -> u64 {
        self.state().tip
    }

    /// Whether a client that saw `after` can go on with a tail.
    pub fn holds(&self, after: u64) -> bool {
        self.state().holds(after)
    }

    /// What comes after `cursor`, at most about `max_bytes` (and at least one frame).
    ///
    /// `cursor` is one the log has given out; one that fell off its end is [`Tail::Gone`].
    pub fn read_after(&self, cursor: u64, max_bytes: usize) -> Tail {
        let state = self.state();
        if cursor < state.floor {
            return Tail::Gone;
        }
        let first = state.frames.partition_point(|frame| frame.seq <= cursor);
        let mut size_bytes = 0;
        let frames = state
            .frames
            .range(first..)
            .take_while(|frame| {
                let fits = size_bytes == 0 || size_bytes + frame.bytes.len() <= max_bytes;
                size_bytes += frame.bytes.len();
                fits
            })
            .cloned()
            .collect();
        Tail::Frames(frames)
    }

    /// How many turns began here so far; see [`Self::snapshot`].
    pub fn turns_begun(&self) -> u64 {
        self.state().turns_begun
    }

    /// The whole state in as few events as possible, and the cursor to go on from.
    ///
    /// `history` are the stored messages, read while `turns_begun` was the count. `None`: another turn
    /// began since, and the history must be read again.
    pub fn snapshot(&self, history: &[WireMessage], turns_begun: u64) -> Option<(Vec<Frame>, u64)> {
        let state = self.state();
        if state.turns_begun != turns_begun {
            return None;
        }
        let cursor = state.tip;
        let Some(turn) = &state.turn else {
            return Some((Vec::new(), cursor));
        };
        let mut events = vec![
            (
                Event::RunStarted {
                    thread_id: self.conversation,
                    run_id: turn.id,
                    protocol_version: PROTOCOL_VERSION,
                    input: None,
                },
                None,
            ),
            (
                Event::MessagesSnapshot {
                    messages: merged(history, &turn.messages),
                },
                None,
            ),
        ];
        let terminal = turn.terminal.clone();
        if terminal.is_none() {
            events.extend(turn.open_stages.iter().map(|(step_name, attempt)| {
                let qf = Qf {
                    attempt: Some(*attempt),
                    ..Qf::default()
                };
                (
                    Event::StepStarted {
                        step_name: *step_name,
                    },
                    Some(qf),
                )
            }));
            events.extend(turn.open_texts.iter().map(|text| {
                (
                    Event::TextMessageStart {
                        message_id: text.id.clone(),
                        role: "assistant",
                    },
                    text.qf.clone(),
                )
            }));
        }
        drop(state);
        let last = events.len() - 1;
        let mut frames: Vec<Frame> = events
            .iter()
            .enumerate()
            .map(|(at, (event, qf))| {
                let seq = (terminal.is_none() && at == last).then_some(cursor);
                Frame {
                    seq: seq.unwrap_or(0),
                    bytes: event.encode(seq, qf.as_ref()),
                }
            })
            .collect();
        frames.extend(terminal);
        Some((frames, cursor))
    }
}

/// Stored messages and the newest turn's, which win; cut to the newest ones that fit a snapshot.
fn merged(history: &[WireMessage], turn: &[WireMessage]) -> Vec<WireMessage> {
    let newer: std::collections::HashSet<&str> = turn.iter().map(WireMessage::id).collect();
    let mut size_bytes = 0;
    let mut messages: Vec<WireMessage> = history
        .iter()
        .filter(|message| !newer.contains(message.id()))
        .chain(turn)
        .rev()
        .take_while(|message| {
            size_bytes += serde_json::to_string(message).map_or(0, |text| text.len());
            size_bytes <= MAX_SNAPSHOT_BYTES
        })
        .cloned()
        .collect();
    messages.reverse();
    messages
}

impl State {
    fn holds(&self, after: u64) -> bool {
        !self.retired && after == self.floor
            || self
                .frames
                .binary_search_by_key(&after, |frame| frame.seq)
                .is_ok()
    }

    fn next_sequence(&mut self) -> u64 {
        while let Some(block) = self.blocks.front_mut() {
            if let Some(seq) = block.next() {
                assert!(seq > self.tip, "a sequence number went backwards");
                return seq;
            }
            self.blocks.pop_front();
        }
        panic!("the writer reserves numbers before it appends");
    }

    fn push(&mut self, frame: Frame, event: &Event, qf: Option<&Qf>) {
        if self.retired {
            return;
        }
        if frame.bytes.len() > MAX_EVENT_BYTES {
            // whoever emitted it should have cut it; a turn without its end would be worse
            tracing::error!(
                seq = frame.seq,
                size_bytes = frame.bytes.len(),
                "event {} is larger than an event may be",
                frame.seq
            );
        }
        if let Some(turn) = &mut self.turn {
            turn.apply(event, qf);
            if event.is_terminal() {
                turn.terminal = Some(frame.clone());
            }
        }
        self.tip = frame.seq;
        self.last_event = Instant::now();
        self.size_bytes += frame.bytes.len();
        self.frames.push_back(frame);
        while self.frames.len() > MAX_LOG_FRAMES || self.size_bytes > MAX_LOG_BYTES {
            let dropped = self.frames.pop_front().expect("it is over its size");
            self.size_bytes -= dropped.bytes.len();
            self.floor = dropped.seq;
        }
    }
}

impl TurnFold {
    fn apply(&mut self, event: &Event, qf: Option<&Qf>) {
        match event {
            Event::StepStarted { step_name } => {
                let attempt = qf.and_then(|qf| qf.attempt).unwrap_or(1);
                self.open_stages.push((*step_name, attempt));
            }
            Event::StepFinished { step_name } => {
                self.open_stages.retain(|(open, _)| open != step_name);
                self.stages.push(StageRecord {
                    name: *step_name,
                    attempt: qf.and_then(|qf| qf.attempt).unwrap_or(1),
                    ms: qf.and_then(|qf| qf.ms).unwrap_or(0),
                    finding: qf.and_then(|qf| qf.finding.clone()).unwrap_or_default(),
                });
            }
            Event::TextMessageStart { message_id, .. } => {
                let kind = qf.and_then(|qf| qf.kind).unwrap_or(TextKind::Answer);
                self.open_texts.push(OpenText {
                    id: message_id.clone(),
                    qf: qf.cloned(),
                });
                self.messages.push(WireMessage::Assistant {
                    id: message_id.clone(),
                    content: String::new(),
                    metadata: Some(json!({"qf": {"kind": kind}})),
                });
            }
            Event::TextMessageContent { message_id, delta } => {
                for message in self.messages.iter_mut().rev() {
                    if let WireMessage::Assistant { id, content, .. } = message
                        && id == message_id
                    {
                        content.push_str(delta);
                        break;
                    }
                }
            }
            Event::TextMessageEnd { message_id } => {
                self.open_texts.retain(|text| text.id != *message_id);
            }
            Event::ActivitySnapshot {
                message_id,
                content,
                ..
            } => {
                self.messages.retain(|message| message.id() != message_id);
                self.messages.push(WireMessage::Activity {
                    id: message_id.clone(),
                    activity_type: RESULT_ACTIVITY.to_owned(),
                    content: serde_json::to_value(content).expect("a result has string keys"),
                });
            }
            Event::RunStarted { .. }
            | Event::MessagesSnapshot { .. }
            | Event::RunFinished { .. }
            | Event::RunError { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> ConversationLog {
        let log = ConversationLog::new(ConversationId::new(), 0, None);
        log.begin_turn(TurnId::new(), Vec::new());
        log.extend_sequence(1..=10_000);
        log
    }

    fn delta(text: &str) -> Event {
        Event::TextMessageContent {
            message_id: "m".into(),
            delta: text.into(),
        }
    }

    fn frames(tail: Tail) -> Vec<Frame> {
        match tail {
            Tail::Frames(frames) => frames,
            Tail::Gone => panic!("the cursor is gone"),
        }
    }

    #[test]
    fn every_cut_gives_the_same_bytes_as_an_undisturbed_reader() {
        let log = log();
        for number in 0..300 {
            log.append(&delta(&number.to_string()), None);
        }
        let whole = frames(log.read_after(0, usize::MAX));
        assert_eq!(whole.len(), 300);
        for cut in 0..300 {
            let mut read = frames(log.read_after(0, usize::MAX));
            read.truncate(cut);
            let cursor = read.last().map_or(0, |frame| frame.seq);
            assert!(log.holds(cursor));
            read.extend(frames(log.read_after(cursor, usize::MAX)));
            assert_eq!(read, whole);
        }
    }

    #[test]
    fn a_log_that_is_full_drops_its_oldest_and_says_so() {
        let log = log();
        for _ in 0..MAX_LOG_FRAMES + 10 {
            log.append(&delta("x"), None);
        }
        assert_eq!(log.read_after(0, usize::MAX), Tail::Gone);
        assert!(!log.holds(0));
        assert!(log.holds(10), "the floor itself can be resumed from");
        assert_eq!(frames(log.read_after(10, usize::MAX)).len(), MAX_LOG_FRAMES);
    }

    #[test]
    fn gaps_between_blocks_are_legal_and_cannot_be_resumed_from() {
        let log = ConversationLog::new(ConversationId::new(), 0, None);
        log.begin_turn(TurnId::new(), Vec::new());
        log.extend_sequence(1..=1);
        log.append(&delta("a"), None);
        log.extend_sequence(4097..=4097);
        log.append(&delta("b"), None);
        assert_eq!(log.tip(), 4097);
        assert!(log.holds(1) && !log.holds(2) && !log.holds(9999));
        assert_eq!(log.remaining_sequence(), 0);
    }

    #[tokio::test]
    async fn readers_of_a_retired_log_are_woken_and_sent_away() {
        let log = log();
        log.append(&delta("a"), None);
        let cursor = log.tip();
        let mut tip = log.watch();
        log.retire();
        tip.wait_for(|tip| *tip > cursor)
            .await
            .expect("the log is still there");
        assert_eq!(log.read_after(cursor, 1), Tail::Gone);
        assert!(!log.holds(cursor));
    }

    #[test]
    fn a_batch_is_bounded_but_never_empty_while_there_is_more() {
        let log = log();
        for _ in 0..10 {
            log.append(&delta("some text"), None);
        }
        assert_eq!(frames(log.read_after(0, 1)).len(), 1);
        let size = frames(log.read_after(0, 1))[0].bytes.len();
        assert_eq!(frames(log.read_after(0, size * 3)).len(), 3);
    }

    #[test]
    fn a_snapshot_in_mid_turn_carries_the_partial_text_and_what_is_open() {
        let log = log();
        let attempt = Qf {
            attempt: Some(2),
            ..Qf::default()
        };
        log.append(
            &Event::StepStarted {
                step_name: StageName::QueryGeneration,
            },
            Some(&attempt),
        );
        log.append(
            &Event::TextMessageStart {
                message_id: "m".into(),
                role: "assistant",
            },
            None,
        );
        log.append(&delta("select "), None);
        log.append(&delta("1"), None);
        let (frames, cursor) = log.snapshot(&[], log.turns_begun()).expect("not overtaken");
        assert_eq!(cursor, 4);
        let types: Vec<String> = frames
            .iter()
            .map(|frame| {
                let event: serde_json::Value =
                    serde_json::from_slice(&frame.bytes).expect("a frame is JSON");
                if event["type"] == "MESSAGES_SNAPSHOT" {
                    assert_eq!(event["messages"][0]["content"], "select 1");
                }
                event["type"].as_str().expect("typed").to_owned()
            })
            .collect();
        assert_eq!(
            types,
            [
                "RUN_STARTED",
                "MESSAGES_SNAPSHOT",
                "STEP_STARTED",
                "TEXT_MESSAGE_START"
            ]
        );
        assert_eq!(frames.last().map(|frame| frame.seq), Some(4));
        assert_eq!(
            log.snapshot(&[], 0),
            None,
            "a history read too early is refused"
        );
    }
}
