//! Turns of other processes, in conversations that somebody looks at here.
//!
//! With Redis, one reader per process follows the streams of all of them over one connection. Beside it, and
//! alone where there is no Redis, the store is asked: what runs elsewhere, how far its owner has saved it,
//! what has ended. So nothing depends on a stream: it may be late, away, flushed or have holes, and then
//! readers see the turn in steps of a second instead of a frame at a time, and its end all the same.

use super::log::Taken;
use super::registry::{Conversations, stands};
use super::{Conversation, Frame};
use crate::cache::{StreamFrame, StreamReader};
use crate::ids::{ConversationId, TurnId};
use crate::store::{ElsewhereTurn, StoreError};
use bytes::Bytes;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// How often the store is asked while something is followed, and while nothing is.
const ASK_EVERY: Duration = Duration::from_millis(500);
const ASK_SELDOM: Duration = Duration::from_secs(2);
/// What two looks at the store overlap, so that nothing falls between them.
const OVERLAP: chrono::TimeDelta = chrono::TimeDelta::seconds(5);
/// A stream that is behind the store at so many looks is not to be relied on.
const PATIENT_LOOKS: u32 = 3;
/// Redis may be away for so long before the store is used instead.
const REDIS_AWAY: Duration = Duration::from_secs(1);

/// A turn of another process that is followed here.
pub struct Followed {
    turn: TurnId,
    conversation: Weak<Conversation>,
    through: Through,
    /// Looks at the store that found the log behind, one after the other.
    behind: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Through {
    Stream,
    Store,
}

impl Conversations {
    /// Follows a turn that another process runs.
    pub(super) fn follow(&self, conversation: &Arc<Conversation>, turn: TurnId) {
        let streams = self.app.streams.as_ref();
        let through = match streams.is_some_and(|streams| streams.is_up()) {
            true => Through::Stream,
            false => Through::Store,
        };
        let mut followed = self
            .followed
            .entry(conversation.id)
            .or_insert_with(|| Followed {
                turn,
                conversation: Arc::downgrade(conversation),
                through,
                behind: 0,
            });
        if followed.turn != turn {
            followed.turn = turn;
            followed.through = through;
            followed.behind = 0;
        }
        followed.conversation = Arc::downgrade(conversation);
    }

    pub(super) fn keep_following(self: &Arc<Self>) {
        let conversations = self.clone();
        let asking = async move {
            let mut since = conversations.app.store.now() - OVERLAP;
            loop {
                let pause = match conversations.followed.is_empty() {
                    true => ASK_SELDOM,
                    false => ASK_EVERY,
                };
                tokio::select! {
                    () = conversations.stop.cancelled() => return,
                    () = conversations.shared.look_elsewhere.notified() => {}
                    () = tokio::time::sleep(pause) => {}
                }
                let asked_at = conversations.app.store.now();
                match conversations.ask_store(since).await {
                    Ok(()) => since = asked_at - OVERLAP,
                    Err(error) => {
                        tracing::debug!(%error, "turns of other processes could not be looked for");
                    }
                }
            }
        };
        self.shared.tasks.spawn(asking);
        if let Some(streams) = &self.app.streams {
            let reading = self.clone().read_streams(streams.reader());
            self.shared.tasks.spawn(reading);
        }
    }

    async fn ask_store(&self, since: chrono::DateTime<chrono::Utc>) -> Result<(), StoreError> {
        if self.open.is_empty() {
            self.followed.clear();
            return Ok(());
        }
        let asked_for: Vec<TurnId> = self.followed.iter().map(|one| one.turn).collect();
        let turns = self
            .app
            .store
            .turns_elsewhere(self.shared.lease_owner, since, &asked_for)
            .await?;
        for turn in turns {
            if !self.is_elsewhere(turn.id) {
                continue;
            }
            match self.looked_at(turn.conversation_id, &turn.owner) {
                Some(conversation) => match self.compare(&conversation, &turn).await {
                    Ok(()) => {}
                    Err(error @ StoreError::Unavailable(_)) => return Err(error),
                    // of this one; the others are not to wait for it
                    Err(error) => {
                        tracing::warn!(turn = %turn.id, %error, "turn {} cannot be followed", turn.id);
                    }
                },
                None => self.unfollow(turn.conversation_id, turn.id),
            }
        }
        Ok(())
    }

    /// Brings the log of a conversation to what the store says of a turn.
    async fn compare(
        &self,
        conversation: &Arc<Conversation>,
        turn: &ElsewhereTurn,
    ) -> Result<(), StoreError> {
        let log = conversation.log();
        let is_behind = turn.seq() > log.tip();
        if !is_behind && !turn.running {
            self.unfollow(conversation.id, turn.id);
            return Ok(());
        }
        self.follow(conversation, turn.id);
        let through = {
            let Some(mut followed) = self.followed.get_mut(&conversation.id) else {
                return Ok(());
            };
            followed.behind = match is_behind {
                true => followed.behind + 1,
                false => 0,
            };
            if followed.behind >= PATIENT_LOOKS {
                followed.through = Through::Store;
            }
            followed.through
        };
        if !is_behind || through == Through::Stream {
            return Ok(());
        }
        if !turn.running || log.running_turn() != Some(turn.id) {
            return self.resynchronise(conversation).await;
        }
        if let Some(saved) = self.app.store.progress_of(turn.id).await? {
            let history = conversation.history(log.turns_begun()).await?;
            if log.adopt_progress(turn.id, saved, &history) {
                self.try_the_stream_again(conversation.id);
            }
        }
        Ok(())
    }

    /// A log that stands where the owner saved its turn stands before a frame of the stream, so that the stream may
    /// lead on from there. If it does not, the next look at the store goes on with the store.
    fn try_the_stream_again(&self, conversation: ConversationId) {
        let streams = self.app.streams.as_ref();
        if !streams.is_some_and(|streams| streams.is_up()) {
            return;
        }
        if let Some(mut followed) = self.followed.get_mut(&conversation) {
            followed.through = Through::Stream;
            followed.behind = PATIENT_LOOKS - 1;
        }
    }

    /// Begins a log again where the store stands; its readers come back for a snapshot.
    async fn resynchronise(&self, conversation: &Arc<Conversation>) -> Result<(), StoreError> {
        let log = conversation.log();
        if self.shared.runs_in(conversation.id) {
            return Ok(());
        }
        let turns_begun = log.turns_begun();
        let store = &self.app.store;
        let opened = store
            .open_conversation(&conversation.owner, conversation.id)
            .await?;
        let Some(opened) = opened else { return Ok(()) };
        let (tip, turn) = stands(&opened);
        if log.reset(tip, turn, turns_begun) {
            metrics::counter!("queryforge_logs_reset").increment(1);
            conversation.keep_history(log.turns_begun(), opened.messages);
        }
        match opened.running {
            Some(running) => {
                self.follow(conversation, running.id);
                self.try_the_stream_again(conversation.id);
            }
            None if log.tip() >= tip => drop(self.followed.remove(&conversation.id)),
            // its beginning came in this moment, from a stream that is behind: whoever follows it sees to its end
            None => {}
        }
        Ok(())
    }

    fn unfollow(&self, conversation: ConversationId, turn: TurnId) {
        self.followed
            .remove_if(&conversation, |_, followed| followed.turn == turn);
    }

    async fn read_streams(self: Arc<Self>, mut reader: StreamReader) {
        let mut away_since: Option<Instant> = None;
        loop {
            let mut after: Vec<(ConversationId, u64)> = Vec::new();
            self.followed.retain(|id, followed| {
                let Some(conversation) = followed.conversation.upgrade() else {
                    return false;
                };
                if followed.through == Through::Stream {
                    after.push((*id, conversation.log().tip()));
                }
                true
            });
            let read = tokio::select! {
                () = self.stop.cancelled() => return,
                read = reader.read(&after) => read,
            };
            match read {
                Ok(read) => {
                    if away_since.take().is_some() {
                        tracing::info!("Redis is back");
                    }
                    for (id, turn, owner) in read.begun {
                        if self.is_elsewhere(turn)
                            && let Some(conversation) = self.looked_at(id, &owner)
                        {
                            self.follow(&conversation, turn);
                        }
                    }
                    for (id, frames) in read.frames {
                        self.take(id, frames).await;
                    }
                }
                Err(error) => {
                    let since = *away_since.get_or_insert_with(|| {
                        tracing::warn!(%error, "Redis is away; following through the store");
                        Instant::now()
                    });
                    if since.elapsed() >= REDIS_AWAY {
                        for mut followed in self.followed.iter_mut() {
                            followed.through = Through::Store;
                        }
                    }
                    tokio::select! {
                        () = self.stop.cancelled() => return,
                        () = tokio::time::sleep(Duration::from_millis(200)) => {}
                    }
                }
            }
        }
    }

    async fn take(&self, id: ConversationId, frames: Vec<StreamFrame>) {
        let conversation = self
            .followed
            .get(&id)
            .and_then(|followed| followed.conversation.upgrade());
        let Some(conversation) = conversation else {
            return;
        };
        for frame in frames {
            let StreamFrame {
                seq,
                previous,
                bytes,
            } = frame;
            // the turn may have become ours since the stream was read
            if self.shared.runs_in(id) {
                return;
            }
            match conversation
                .log()
                .append_foreign(Frame { seq, bytes }, previous)
            {
                Taken::Known | Taken::Added { terminal: false } => {}
                Taken::Added { terminal: true } => drop(self.followed.remove(&id)),
                Taken::Hole => {
                    metrics::counter!("queryforge_stream_holes").increment(1);
                    if let Some(mut followed) = self.followed.get_mut(&id) {
                        followed.through = Through::Store;
                    }
                    self.shared.look_elsewhere.notify_one();
                    return;
                }
            }
        }
    }
}

/// Shows the end that this process wrote for a dead owner, of a turn that is followed here until it is shown.
pub(super) async fn took_over(
    conversations: &Conversations,
    conversation: &Arc<Conversation>,
    turn: TurnId,
    seq: u64,
    bytes: Bytes,
) {
    let log = conversation.log();
    if log.running_turn() == Some(turn) {
        if let Taken::Added { .. } = log.append_foreign(Frame { seq, bytes }, None) {
            conversations.unfollow(conversation.id, turn);
        }
    } else if let Err(error) = conversations.resynchronise(conversation).await {
        tracing::warn!(%turn, %error, "the end of turn {turn} is shown later");
    }
}
