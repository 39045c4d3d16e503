//! The event log of one conversation: one sequence, any number of readers, two ways to resume.
//!
//! A reader is a cursor, not a queue: it asks for what comes after the last frame it sent, so a slow
//! one costs no memory and gets bigger batches. An event is encoded once and its bytes are shared.
//!
//! Sequence numbers come from blocks that the store hands out, so they are above everything that any
//! client ever saw, also after a crash. Gaps are legal; a number is never used twice.
//!
//! A log has one writer at a time: the turn that runs in this process, or the stream of another process's
//! ([`ConversationLog::append_foreign`]). What it is told by a stream is checked against what it has: a
//! frame that does not follow its tip is a hole, and a log with a hole is given up.

pub(super) mod fold;

pub use fold::TurnFold;

use crate::cache::{Publisher, StreamFrame};
use crate::ids::{ConversationId, TurnId};
use crate::protocol::{Event, MAX_EVENT_BYTES, PROTOCOL_VERSION, Qf, WireMessage};
use crate::store::SavedProgress;
use bytes::Bytes;
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
    /// Where frames go besides, for readers in other processes.
    publisher: Option<Publisher>,
}

/// What became of a frame from another process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Added {
        /// It ends its turn.
        terminal: bool,
    },
    /// It is here already, or the log was given up.
    Known,
    /// Something before it is missing.
    Hole,
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

impl ConversationLog {
    /// A log that stands at `tip`, where the newest turn was as `turn` has it.
    pub fn new(
        conversation: ConversationId,
        tip: u64,
        turn: Option<TurnFold>,
        publisher: Option<Publisher>,
    ) -> Self {
        Self {
            conversation,
            state: Mutex::new(State {
                floor: tip,
                frames: VecDeque::new(),
                size_bytes: 0,
                tip,
                blocks: VecDeque::new(),
                turn,
                turns_begun: 0,
                last_event: Instant::now(),
                retired: false,
            }),
            tip: watch::Sender::new(tip),
            publisher,
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

    /// Begins a turn of this process: from here on its events are folded for snapshots.
    ///
    /// Numbers left from an earlier turn are not used any more: another process may have gone past them.
    /// `previous_seq` is of the terminal event before; a log that never saw that one has missed a turn, and
    /// its readers come back for a snapshot.
    pub fn begin_turn(&self, id: TurnId, said: Vec<WireMessage>, previous_seq: u64) {
        let mut state = self.state();
        state.blocks.clear();
        state.turns_begun += 1;
        state.turn = Some(TurnFold::begun(id, said));
        if previous_seq > state.tip && !state.retired {
            state.drop_frames();
            state.tip = previous_seq;
            state.floor = previous_seq;
        }
    }

    /// Gives the event the next number and shows it to every reader.
    ///
    /// # Panics
    /// Without a number left (see [`Self::remaining_sequence`]).
    pub fn append(&self, event: &Event, qf: Option<&Qf>) {
        let mut state = self.state();
        let seq = state.next_sequence();
        let frame = Frame {
            seq,
            bytes: event.encode(Some(seq), qf),
        };
        self.append_own(state, frame, event, qf);
    }

    fn append_own(
        &self,
        mut state: MutexGuard<'_, State>,
        frame: Frame,
        event: &Event,
        qf: Option<&Qf>,
    ) {
        if state.retired {
            return;
        }
        if let Some(turn) = &mut state.turn {
            turn.apply(event, qf);
            if event.is_terminal() {
                turn.terminal = Some(frame.clone());
            }
        }
        let previous = state.tip;
        if let Some(publisher) = &self.publisher {
            let begins = match event {
                Event::RunStarted { run_id, .. } => Some(*run_id),
                _ => None,
            };
            // within the lock, so that the stream has them in order; it does not wait
            publisher.publish(
                StreamFrame {
                    seq: frame.seq,
                    previous: Some(previous),
                    bytes: frame.bytes.clone(),
                },
                begins,
            );
        }
        state.push(frame);
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
        let state = self.state();
        self.append_own(state, frame, event, None);
    }

    // ------------------------------------------------------------ another process's turn

    /// Adds a frame that another process wrote; `previous` is the one that it wrote before.
    pub fn append_foreign(&self, frame: Frame, previous: Option<u64>) -> Taken {
        let mut state = self.state();
        if state.retired || frame.seq <= state.tip {
            return Taken::Known;
        }
        let Ok(event) = serde_json::from_slice::<serde_json::Value>(&frame.bytes) else {
            return Taken::Hole;
        };
        let terminal = fold::is_terminal(&event);
        let runs = state.turn.as_ref().is_some_and(TurnFold::runs);
        let follows = match previous {
            // never an end without its beginning: readers would take it for that of the turn before
            Some(previous) => previous == state.tip && (runs || !terminal),
            // an end that was written for a dead owner
            None => runs,
        };
        if !follows {
            return Taken::Hole;
        }
        if let Some(begun) = TurnFold::of_run_started(&event) {
            state.turns_begun += 1;
            state.turn = Some(begun);
        }
        if let Some(turn) = &mut state.turn {
            turn.apply_foreign(&event);
            if terminal {
                turn.terminal = Some(frame.clone());
            }
        }
        state.push(frame);
        self.publish(state);
        Taken::Added { terminal }
    }

    /// Goes on to what the store has of another process's turn, when its events cannot be had: readers
    /// get all messages as they are by then, in one event. Whether there was anything new.
    pub fn adopt_progress(
        &self,
        turn: TurnId,
        saved: SavedProgress,
        history: &[WireMessage],
    ) -> bool {
        let mut state = self.state();
        if state.retired || saved.seq <= state.tip {
            return false;
        }
        let seq = saved.seq;
        let fold = TurnFold::saved(turn, saved);
        let event = Event::MessagesSnapshot {
            messages: merged(history, &fold.messages),
        };
        let bytes = event.encode(Some(seq), None);
        state.turn = Some(fold);
        if bytes.len() > MAX_EVENT_BYTES {
            // they see the whole when they come back at the end of the turn
            return false;
        }
        state.push(Frame { seq, bytes });
        self.publish(state);
        true
    }

    /// Puts frames before the oldest one, for readers that come back with a cursor from another process.
    pub fn prepend(&self, backlog: &[StreamFrame]) {
        let mut state = self.state();
        if state.retired {
            return;
        }
        let Some(mut at) = backlog.iter().position(|frame| frame.seq == state.floor) else {
            return;
        };
        loop {
            let frame = &backlog[at];
            let fits = state.frames.len() < MAX_LOG_FRAMES
                && state.size_bytes + frame.bytes.len() <= MAX_LOG_BYTES;
            let Some(previous) = frame.previous.filter(|_| fits) else {
                return;
            };
            // read about now by whoever asked for it, and not to be forgotten meanwhile
            state.last_event = Instant::now();
            state.size_bytes += frame.bytes.len();
            state.frames.push_front(Frame {
                seq: frame.seq,
                bytes: frame.bytes.clone(),
            });
            state.floor = previous;
            if at == 0 || backlog[at - 1].seq != previous {
                return;
            }
            at -= 1;
        }
    }

    /// Begins again where the store stands, after a hole; readers come back for a snapshot.
    ///
    /// Nothing is done when a turn began here since `turns_begun` was the count, or when the store is behind.
    pub fn reset(&self, tip: u64, turn: Option<TurnFold>, turns_begun: u64) -> bool {
        let mut state = self.state();
        if state.retired || state.turns_begun != turns_begun || tip <= state.tip {
            return false;
        }
        state.drop_frames();
        state.blocks.clear();
        state.turns_begun += 1;
        state.turn = turn;
        state.tip = tip;
        state.floor = tip;
        state.last_event = Instant::now();
        self.publish(state);
        true
    }

    /// Everything before is not here.
    pub fn floor(&self) -> u64 {
        self.state().floor
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
        turn.closing_events()
    }

    /// What the newest turn has said so far.
    pub fn progress(&self) -> SavedProgress {
        let state = self.state();
        state
            .turn
            .as_ref()
            .map_or_else(SavedProgress::default, |turn| turn.progress(state.tip))
    }

    /// Forgets the frames of a log where nothing runs and nothing was said for `limit`; a reader at the tip
    /// loses nothing. Whether it was so.
    pub fn forget_if_idle(&self, limit: Duration) -> bool {
        let mut state = self.state();
        let runs = state.turn.as_ref().is_some_and(TurnFold::runs);
        if runs || state.last_event.elapsed() <= limit {
            return false;
        }
        state.drop_frames();
        state.frames.shrink_to_fit();
        state.floor = state.tip;
        true
    }

    /// Sends every reader away: another log has taken this one's place, and knows what this one does not.
    pub fn retire(&self) {
        let mut state = self.state();
        state.retired = true;
        state.turn = None;
        state.drop_frames();
        state.floor = u64::MAX;
        drop(state);
        self.tip.send_replace(u64::MAX);
    }

    pub fn is_retired(&self) -> bool {
        self.state().retired
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

    /// How much a client that saw `after` is owed; `None` when the log does not lead on from there.
    pub fn bytes_after(&self, after: u64) -> Option<usize> {
        let state = self.state();
        let first = state.frames.partition_point(|frame| frame.seq <= after);
        let owed = || state.frames.range(first..).map(|frame| frame.bytes.len());
        state.holds(after).then(|| owed().sum())
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
        let turn = state.turn.clone();
        // a megabyte takes milliseconds to write, and the turn goes on meanwhile
        drop(state);
        let Some(turn) = turn else {
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
        let terminal = turn.terminal;
        if terminal.is_none() {
            events.extend(turn.open.stages.iter().map(|(step_name, attempt)| {
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
            events.extend(turn.open.texts.iter().map(|text| {
                (
                    Event::TextMessageStart {
                        message_id: text.id.clone(),
                        role: "assistant",
                    },
                    text.qf.clone(),
                )
            }));
        }
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

    fn drop_frames(&mut self) {
        self.frames.clear();
        self.size_bytes = 0;
    }

    fn push(&mut self, frame: Frame) {
        if frame.bytes.len() > MAX_EVENT_BYTES {
            // whoever emitted it should have cut it; a turn without its end would be worse
            tracing::error!(
                seq = frame.seq,
                size_bytes = frame.bytes.len(),
                "event {} is larger than an event may be",
                frame.seq
            );
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

#[cfg(test)]
mod tests;
