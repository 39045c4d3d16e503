//! Model calls that outlive a crash: a reply is stored before it is used.
//!
//! A turn that a restart ended can be done over (`retryOf`). Its finished calls are then replayed from the
//! store, if they are asked with the same words; only the call that was under way is made again.

use super::{Context, TurnError};
use crate::failpoint::reached;
use crate::llm::ChatRequest;
use crate::store::{StoreError, StoredReply};
use sha2::{Digest, Sha256};
use std::time::{Duration, Instant};

/// How long a reply waits for a store that is away: used without being stored, it might be paid for twice.
const KEEP_WITHIN: Duration = Duration::from_secs(10);

/// Which call of a turn it is.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    task: String,
    attempt: u32,
    request_hash: Vec<u8>,
}

impl Checkpoint {
    /// `provider` and `request` are everything that decides what a model answers.
    pub fn of(task: &str, attempt: u32, provider: Option<&str>, request: &ChatRequest) -> Self {
        let request = serde_json::to_vec(request).expect("a request has string keys");
        let mut hash = Sha256::new();
        hash.update(provider.unwrap_or_default());
        hash.update([0]);
        hash.update(request);
        Self {
            task: task.to_owned(),
            attempt,
            request_hash: hash.finalize().to_vec(),
        }
    }

    /// What this call was answered in the turn that is done over.
    pub async fn kept(&self, context: &Context<'_>) -> Result<Option<StoredReply>, TurnError> {
        let Some(resumes) = context.checkpoints.and_then(|all| all.resumes) else {
            return Ok(None);
        };
        let store = &context.app.store;
        let kept = store
            .kept_reply(resumes, &self.task, self.attempt, &self.request_hash)
            .await?;
        if let Some(reply) = &kept {
            metrics::counter!("queryforge_model_replies_replayed").increment(1);
            // under this turn too: it may be ended by a restart as well
            self.keep(context, reply).await?;
        }
        Ok(kept)
    }

    /// Stores a reply; waits for a store that is away. Dropped and called again, it does the same.
    pub async fn keep(&self, context: &Context<'_>, reply: &StoredReply) -> Result<(), TurnError> {
        let Some(checkpoints) = context.checkpoints else {
            return Ok(());
        };
        let began = Instant::now();
        loop {
            reached(format_args!("reply.before_commit"));
            let kept = context
                .app
                .store
                .keep_reply(
                    checkpoints.lease,
                    &self.task,
                    self.attempt,
                    &self.request_hash,
                    reply,
                )
                .await;
            reached(format_args!("reply.after_commit"));
            match kept {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(TurnError::Lost),
                Err(StoreError::Unavailable(_)) if began.elapsed() < KEEP_WITHIN => {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}
