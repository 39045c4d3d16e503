//! Committing a submit: once, whoever else sends it, and whatever becomes of the connection.

use super::Refusal;
use super::cancel::Cancel;
use super::shared::Shared;
use super::submit::Prepared;
use crate::app::App;
use crate::failpoint::reached;
use crate::protocol::{OnBusy, RefusalCode};
use crate::store::{Begun, Lease, StoreError, TurnLimits};
use std::time::{Duration, Instant};

/// How long a commit is tried whose outcome is unknown; repeating it by its id is harmless.
const COMMIT_WITHIN: Duration = Duration::from_secs(4);

/// How long a submit that interrupts waits for a turn of another process: longer than a dead one's lease.
const YIELD_WITHIN: Duration = Duration::from_secs(25);
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How often the other process is reminded.
const REMIND_EVERY: u32 = 20;

/// A turn that is ours to run.
pub struct Begin {
    pub lease: Lease,
    /// Of the terminal event of the turn before.
    pub previous_seq: u64,
}

/// Commits it. `None`: the same submit came before, and runs elsewhere or has ended.
pub async fn begin(
    app: &App,
    shared: &Shared,
    prepared: &Prepared,
    cancel: &Cancel,
) -> Result<Option<Begin>, Refusal> {
    let began = Instant::now();
    let limits = match prepared.resume.is_empty() {
        true => TurnLimits {
            of_owner: limited(app.settings.limits.running_turns_per_owner),
            of_workspace: limited(app.settings.limits.running_turns_per_workspace),
        },
        // the answer to a question of ours is never shed
        false => TurnLimits::default(),
    };
    let interrupts = prepared.options.on_busy == Some(OnBusy::Interrupt);
    let mut looks = 0;
    loop {
        if shared.is_draining() {
            return Err(Refusal::draining());
        }
        reached(format_args!("turn.before_commit"));
        let begun = app.store.begin_turn(&prepared.turn, limits).await;
        reached(format_args!("turn.after_commit"));
        match begun {
            Ok(Begun::Started {
                lease,
                previous_seq,
            }) => {
                return Ok(Some(Begin {
                    lease,
                    previous_seq,
                }));
            }
            // committed by a statement whose answer never came
            Ok(Begun::Attached { ours: Some(lease) }) if !shared.runs(lease.turn) => {
                return Ok(Some(Begin {
                    lease,
                    previous_seq: 0,
                }));
            }
            Ok(Begun::Attached { .. }) => {
                shared.look_elsewhere.notify_one();
                return Ok(None);
            }
            Ok(Begun::Reused) => return Err(Refusal::reused()),
            Ok(Begun::Busy)
                if interrupts && !cancel.is_cancelled() && began.elapsed() < YIELD_WITHIN =>
            {
                if looks % REMIND_EVERY == 0 {
                    // the process that runs it looks twice a second; a store that stumbles is asked again
                    let _ = app
                        .store
                        .request_cancel(prepared.turn.conversation_id, None)
                        .await;
                }
                looks += 1;
                tokio::time::sleep(LOOK_EVERY).await;
            }
            Ok(Begun::Busy) => {
                shared.look_elsewhere.notify_one();
                return Err(Refusal::busy());
            }
            Ok(Begun::OwnerFull) => {
                let limit = app.settings.limits.running_turns_per_owner;
                return Err(Refusal {
                    retry_after_ms: Some(2000),
                    ..Refusal::new(
                        RefusalCode::RateLimited,
                        format!(
                            "{limit} of your questions are being answered already. Wait for one of them, or stop one."
                        ),
                    )
                });
            }
            Ok(Begun::WorkspaceFull) => return Err(Refusal::overloaded()),
            Err(StoreError::Unavailable(error)) if began.elapsed() < COMMIT_WITHIN => {
                tracing::warn!(turn = %prepared.turn.id, %error, "the beginning of turn {} is tried again", prepared.turn.id);
                tokio::time::sleep(LOOK_EVERY * 2).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn limited(limit: usize) -> Option<usize> {
    (limit != usize::MAX).then_some(limit)
}
