//! Leases: saying that our turns are alive, hearing that they should stop, ending those of the dead.
//!
//! All times are the database's: whether a lease has run out is decided there, and our own clock may be years
//! off. What this process measures are only pauses.

use super::cancel::Reason;
use super::follow::took_over;
use super::log::fold::is_terminal;
use super::registry::Conversations;
use super::submit::SERVER_RESTART;
use super::turn::RESTARTED;
use crate::cache::{Entry, StreamFrame};
use crate::ids::{ConversationId, TurnId};
use crate::protocol::{Event, Qf};
use crate::store::{ErrorRecord, FinishedTurn, StoreError, TurnStatus};
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// A lease is renewed, and those of the dead are looked for, so many times in its length: with a lease of 15 s
/// nothing is left running after 18. After the store was away, everybody has as long to renew before
/// anybody is taken for dead, and whoever takes a dead owner's turn has as long to end it, twice over.
const TIMES_A_LEASE: u32 = 5;
/// A lease of nothing would be renewed all the time.
const AT_LEAST: Duration = Duration::from_millis(100);
/// How soon a person who stops a turn in another process is heard.
const LISTEN_EVERY: Duration = Duration::from_millis(500);
/// How often old results and replies are looked for, and the time is asked.
const CLEAN_EVERY: Duration = Duration::from_secs(3600);
const ASK_TIME_EVERY: Duration = Duration::from_secs(60);

impl Conversations {
    fn part_of_lease(&self) -> Duration {
        (self.app.settings.limits.lease / TIMES_A_LEASE).max(AT_LEAST)
    }

    pub(super) fn keep_leases(self: &Arc<Self>) {
        let conversations = self.clone();
        let keeping = async move {
            let mut renewed: Option<Instant> = None;
            let renew_every = conversations.part_of_lease();
            loop {
                tokio::select! {
                    // turns that are still ending need their leases: this goes on until the very end
                    () = conversations.stop.cancelled() => return,
                    () = conversations.shared.look_at_leases.notified() => renewed = None,
                    () = conversations.frame_refused() => renewed = None,
                    () = tokio::time::sleep(LISTEN_EVERY.min(renew_every)) => {}
                }
                if conversations.shared.running_turns() == 0 {
                    continue;
                }
                let due = renewed.is_none_or(|at| at.elapsed() >= renew_every);
                let done = match due {
                    true => conversations.renew().await,
                    false => conversations.hear_cancels().await,
                };
                match done {
                    Ok(()) if due => renewed = Some(Instant::now()),
                    Ok(()) => {}
                    Err(error) => {
                        // again at the next tick, so that we are among the first when it is back
                        renewed = None;
                        tracing::warn!(%error, "leases could not be renewed");
                    }
                }
            }
        };
        self.shared.tasks.spawn(keeping);
    }

    async fn frame_refused(&self) {
        match &self.app.streams {
            Some(streams) => streams.refused().await,
            None => std::future::pending().await,
        }
    }

    async fn renew(&self) -> Result<(), StoreError> {
        let held = self.shared.leases();
        let renewed = self
            .app
            .store
            .renew_leases(&held, self.app.settings.limits.lease)
            .await?;
        for lease in held {
            let found = renewed
                .iter()
                .find(|renewed| renewed.turn == lease.turn && renewed.fence == lease.fence);
            match found {
                // its end may just have been committed; then nobody listens to this any more
                None => self.shared.cancel(lease.turn, Reason::Lost),
                Some(renewed) if renewed.cancel => {
                    self.shared.cancel(lease.turn, Reason::Person);
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    async fn hear_cancels(&self) -> Result<(), StoreError> {
        let store = &self.app.store;
        for turn in store.cancels_requested(self.shared.lease_owner).await? {
            self.shared.cancel(turn, Reason::Person);
        }
        Ok(())
    }

    pub(super) fn keep_sweeping(self: &Arc<Self>) {
        let conversations = self.clone();
        let sweeping = async move {
            let mut tick = tokio::time::interval(conversations.part_of_lease());
            tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            let mut back_since: Option<Instant> = None;
            let mut away = false;
            let (mut cleaned, mut asked): (Option<Instant>, Option<Instant>) = (None, None);
            loop {
                tokio::select! {
                    () = conversations.stop.cancelled() => return,
                    _ = tick.tick() => {}
                }
                conversations.forget_idle();
                match conversations.app.store.expired_turns().await {
                    Err(error) => {
                        away = true;
                        tracing::warn!(%error, "turns of dead owners could not be looked for");
                    }
                    Ok(expired) => {
                        if std::mem::take(&mut away) {
                            back_since = Some(Instant::now());
                        }
                        if back_since
                            .is_none_or(|back| back.elapsed() >= conversations.part_of_lease())
                        {
                            conversations.end_expired(expired).await;
                        }
                    }
                }
                if asked.is_none_or(|asked| asked.elapsed() >= ASK_TIME_EVERY) {
                    asked = Some(Instant::now());
                    // the next minute asks again
                    let _ = conversations.app.store.ask_time().await;
                }
                if cleaned.is_none_or(|cleaned| cleaned.elapsed() >= CLEAN_EVERY) {
                    cleaned = Some(Instant::now());
                    conversations.clean().await;
                }
            }
        };
        self.shared.tasks.spawn(sweeping);
    }

    async fn end_expired(&self, expired: Vec<(TurnId, ConversationId)>) {
        for (turn, conversation) in expired {
            // one of ours that is late: renewed at the next tick
            if self.shared.runs(turn) {
                self.shared.look_at_leases.notify_one();
                continue;
            }
            if let Err(error) = self.end_dead_turn(turn, conversation).await {
                tracing::warn!(%turn, %error, "turn {turn} could not be ended");
            }
        }
    }

    /// Takes the lease, which stops the old owner's writes, and ends the turn as any owner does.
    async fn end_dead_turn(
        &self,
        turn: TurnId,
        conversation: ConversationId,
    ) -> Result<(), StoreError> {
        let taken = self
            .app
            .store
            .take_over(
                turn,
                conversation,
                // Not by our own name: the same submit, sent again to us before this turn has ended, would find a
                // turn of ours that nobody runs, begin it once more, and with the number that its end has.
                Uuid::now_v7(),
                self.part_of_lease() * 2,
            )
            .await?;
        let Some(taken) = taken else { return Ok(()) };
        // If the answer to our commit is lost, or the log cannot be brought to the end at once, this sees to it.
        if let Some(open) = self.looked_at(conversation, &taken.owner) {
            self.follow(&open, turn);
        }
        // above everything the dead owner had, so that its readers and Redis take it for the last word
        let seq = *taken.lease.numbers().start();
        let event = Event::RunError {
            message: RESTARTED.to_owned(),
            code: SERVER_RESTART.to_owned(),
        };
        let qf = Qf {
            trace_id: Some(taken.trace_id),
            retryable: Some(true),
            ..Qf::default()
        };
        let bytes = event.encode(Some(seq), Some(&qf));
        let row = FinishedTurn {
            lease: taken.lease,
            status: TurnStatus::Failed,
            stages: taken.stages,
            result: None,
            error: Some(ErrorRecord {
                code: SERVER_RESTART.to_owned(),
                message: RESTARTED.to_owned(),
                stage: None,
                retryable: true,
            }),
            interrupt: None,
            usage: taken.usage,
            messages: taken.messages,
            rows: None,
            terminal_event: String::from_utf8(bytes.to_vec()).expect("JSON is UTF-8"),
            terminal_seq: seq,
        };
        if !self.app.store.finish_turn(&row).await? {
            return Ok(());
        }
        tracing::warn!(%turn, "turn {turn} was ended: its owner died");
        metrics::counter!("queryforge_turns_swept").increment(1);
        if let Some(streams) = &self.app.streams {
            // An owner that died before its RUN_STARTED was out: without the number of the frame before it
            // nobody adds the end to the turn before, and everybody asks the store.
            let newest = streams.backlog(conversation).await.pop();
            let previous = newest
                .filter(|frame| !ends_turn(&frame.bytes))
                .map(|frame| frame.seq);
            streams.publish(Entry {
                conversation,
                frame: StreamFrame {
                    seq,
                    previous,
                    bytes: bytes.clone(),
                },
                begins: None,
            });
        }
        if let Some(open) = self.looked_at(conversation, &taken.owner) {
            took_over(self, &open, turn, seq, bytes).await;
        }
        Ok(())
    }

    async fn clean(&self) {
        let store = &self.app.store;
        let lifetime = self.app.settings.limits.result_lifetime;
        if let Err(error) = store.delete_old_results(lifetime).await {
            tracing::warn!(%error, "old results could not be deleted");
        }
        if let Err(error) = store.delete_old_replies(lifetime).await {
            tracing::warn!(%error, "old model replies could not be deleted");
        }
    }
}

fn ends_turn(frame: &[u8]) -> bool {
    serde_json::from_slice(frame).is_ok_and(|event| is_terminal(&event))
}
