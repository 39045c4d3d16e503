//! One turn, for the doors that answer one question: the same frames as on the WebSocket, from its
//! RUN_STARTED to its terminal event.

use super::ApiError;
use crate::conversation::{Conversation, Conversations, Frame, Snapshot, Tail};
use crate::ids::TurnId;
use crate::protocol::{Event, PROTOCOL_VERSION};
use crate::store::TurnStatus;
use serde::Deserialize;
use std::collections::VecDeque;
use std::sync::Arc;

/// Frames taken from the log at once.
const BATCH_BYTES: usize = 256 * 1024;
/// Messages that a replay of an ended turn shows at most.
const REPLAYED_MESSAGES: i64 = 200;

/// A cursor into a conversation's log that stops at the end of one turn.
pub struct Follower {
    conversations: Arc<Conversations>,
    conversation: Arc<Conversation>,
    turn: TurnId,
    cursor: u64,
    place: Place,
    /// Frames that do not come from the log: a snapshot, a replay.
    ready: VecDeque<Frame>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Frames of other turns come first.
    Before,
    Inside,
    Ended,
}

/// What a reader is given next.
pub enum Step {
    /// In order, never empty.
    Frames(Vec<Frame>),
    /// The terminal event was among the frames before.
    Ended,
    /// The server stops: come back with the cursor.
    Stopped,
}

impl Follower {
    /// From RUN_STARTED on, of a turn that was begun when the log had come to `tip`.
    pub fn started(
        conversations: &Arc<Conversations>,
        conversation: Arc<Conversation>,
        turn: TurnId,
        tip: u64,
    ) -> Self {
        Self {
            conversations: conversations.clone(),
            conversation,
            turn,
            cursor: tip,
            place: Place::Before,
            ready: VecDeque::new(),
        }
    }

    /// A turn that was begun before: what comes after `after`, or else its whole state and what follows.
    pub async fn attached(
        conversations: &Arc<Conversations>,
        conversation: Arc<Conversation>,
        turn: TurnId,
        after: Option<u64>,
    ) -> Result<Self, ApiError> {
        let mut follower = Self::started(conversations, conversation, turn, 0);
        if let Some(after) = after
            && follower.goes_on(after).await?
        {
            return Ok(follower);
        }
        follower.take_snapshot().await?;
        Ok(follower)
    }

    /// Whether the log still leads from `after` to the end of the turn; then it is the cursor.
    async fn goes_on(&mut self, after: u64) -> Result<bool, ApiError> {
        // also when another process runs the turn: then its stream leads there
        if !self.conversation.holds(after).await {
            return Ok(false);
        }
        let log = self.conversation.log();
        let Tail::Frames(tail) = log.read_after(after, usize::MAX) else {
            return Ok(false);
        };
        self.cursor = after;
        for frame in &tail {
            match Boundary::of(frame) {
                Boundary::Start(turn) if turn == self.turn => {
                    self.place = Place::Before;
                    return Ok(true);
                }
                // the cursor was behind our turn's end
                Boundary::Start(_) => return Ok(false),
                Boundary::End => {
                    // of ours, unless ours begins further on
                    let later = tail
                        .iter()
                        .any(|frame| Boundary::of(frame) == Boundary::Start(self.turn));
                    self.place = if later { Place::Before } else { Place::Inside };
                    return Ok(true);
                }
                Boundary::None => {}
            }
        }
        self.place = Place::Inside;
        self.is_running().await
    }

    async fn is_running(&self) -> Result<bool, ApiError> {
        if self.conversation.log().running_turn() == Some(self.turn) {
            return Ok(true);
        }
        let store = &self.conversations.app().store;
        let turn = store.turn(&self.conversation.owner, self.turn).await?;
        Ok(turn.status == TurnStatus::Running)
    }

    /// The state of the turn in as few frames as possible; then the log goes on.
    async fn take_snapshot(&mut self) -> Result<(), ApiError> {
        let Snapshot { frames, cursor, .. } = self.conversation.snapshot().await?;
        let is_ours = frames
            .iter()
            .any(|frame| Boundary::of(frame) == Boundary::Start(self.turn));
        if is_ours {
            let ended = frames
                .iter()
                .any(|frame| Boundary::of(frame) == Boundary::End);
            self.place = if ended { Place::Ended } else { Place::Inside };
            self.cursor = cursor;
            self.ready.extend(frames);
            return Ok(());
        }
        self.take_replay().await
    }

    /// An ended turn that others came after: its terminal event, as it is stored.
    async fn take_replay(&mut self) -> Result<(), ApiError> {
        let store = &self.conversations.app().store;
        let owner = &self.conversation.owner;
        let Some((terminal, seq)) = store.terminal_event(owner, self.turn).await? else {
            // it runs, but this log does not know of it (yet)
            self.place = Place::Before;
            self.cursor = self.conversation.log().tip();
            return Ok(());
        };
        let messages = store
            .messages(self.conversation.id, REPLAYED_MESSAGES)
            .await?;
        let started = Event::RunStarted {
            thread_id: self.conversation.id,
            run_id: self.turn,
            protocol_version: PROTOCOL_VERSION,
            input: None,
        };
        for event in [started, Event::MessagesSnapshot { messages }] {
            self.ready.push_back(Frame {
                seq: 0,
                bytes: event.encode(None, None),
            });
        }
        self.ready.push_back(Frame {
            seq,
            bytes: terminal.into(),
        });
        self.place = Place::Ended;
        Ok(())
    }

    /// Waits for what comes next.
    pub async fn next(&mut self) -> Result<Step, ApiError> {
        let stopped = self.conversations.stopped();
        loop {
            if !self.ready.is_empty() {
                return Ok(Step::Frames(self.ready.drain(..).collect()));
            }
            if self.place == Place::Ended {
                return Ok(Step::Ended);
            }
            match self.conversation.log().read_after(self.cursor, BATCH_BYTES) {
                Tail::Gone => {
                    // evicted while we waited for a slow reader, or another log took its place
                    let owner = self.conversation.owner.clone();
                    let id = self.conversation.id;
                    self.conversation = self.conversations.open(&owner, id).await?;
                    self.take_snapshot().await?;
                }
                Tail::Frames(frames) if !frames.is_empty() => {
                    self.cursor = frames.last().map_or(self.cursor, |frame| frame.seq);
                    self.keep_ours(frames);
                }
                Tail::Frames(_) => {
                    let mut tip = self.conversation.log().watch();
                    let cursor = self.cursor;
                    tokio::select! {
                        biased;
                        () = stopped.cancelled() => return Ok(Step::Stopped),
                        more = tip.wait_for(|tip| *tip > cursor) => {
                            if more.is_err() {
                                return Ok(Step::Stopped);
                            }
                        }
                    }
                }
            }
        }
    }

    fn keep_ours(&mut self, frames: Vec<Frame>) {
        for frame in frames {
            let boundary = Boundary::of(&frame);
            match (self.place, boundary) {
                (Place::Before, Boundary::Start(turn)) if turn == self.turn => {
                    self.place = Place::Inside;
                    self.ready.push_back(frame);
                }
                (Place::Before | Place::Ended, _) => {}
                (Place::Inside, Boundary::End) => {
                    self.place = Place::Ended;
                    self.ready.push_back(frame);
                }
                (Place::Inside, _) => self.ready.push_back(frame),
            }
        }
    }
}

/// Where a turn begins and ends among frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Boundary {
    Start(TurnId),
    End,
    None,
}

impl Boundary {
    fn of(frame: &Frame) -> Self {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Started {
            run_id: TurnId,
        }
        // every event is encoded with its type first
        if frame.bytes.starts_with(br#"{"type":"RUN_STARTED""#) {
            return serde_json::from_slice(&frame.bytes)
                .map_or(Self::None, |started: Started| Self::Start(started.run_id));
        }
        let ends = [&br#"{"type":"RUN_FINISHED""#[..], br#"{"type":"RUN_ERROR""#];
        if ends.iter().any(|end| frame.bytes.starts_with(end)) {
            return Self::End;
        }
        Self::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ConversationId;
    use crate::protocol::Outcome;

    #[test]
    fn the_encoding_of_events_shows_where_a_turn_begins_and_ends() {
        let (thread_id, run_id) = (ConversationId::new(), TurnId::new());
        for (event, boundary) in [
            (
                Event::RunStarted {
                    thread_id,
                    run_id,
                    protocol_version: PROTOCOL_VERSION,
                    input: None,
                },
                Boundary::Start(run_id),
            ),
            (
                Event::RunFinished {
                    thread_id,
                    run_id,
                    outcome: Outcome::Cancelled,
                    result: None,
                    usage: vec![],
                },
                Boundary::End,
            ),
            (
                Event::RunError {
                    message: "x".into(),
                    code: "LIMIT".into(),
                },
                Boundary::End,
            ),
            (
                Event::TextMessageContent {
                    message_id: "m".into(),
                    delta: r#"{"type":"RUN_ERROR""#.into(),
                },
                Boundary::None,
            ),
        ] {
            let bytes = event.encode(Some(1), None);
            assert_eq!(Boundary::of(&Frame { seq: 1, bytes }), boundary);
        }
    }
}
