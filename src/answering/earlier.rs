//! The older part of a long conversation, as a running summary.
//!
//! A turn is shown the newest exchanges in full and, before them, a few sentences of what came earlier
//! (requirements 0.4). They are written after a turn, when nobody waits, and only by a model: without one the
//! built-in generator answers, which goes by the previous query alone.

use crate::app::{App, Use};
use crate::ids::{ConversationId, WorkspaceId};
use crate::llm::ChatRequest;
use crate::llm::ledger::{Ledger, estimated_tokens};
use crate::llm::switchboard::CallOptions;
use crate::prompts::{Exchange, SummariseConversation};
use crate::protocol::ModelConfig;
use crate::store::{CallsOf, StoreError, Turn, TurnStatus};

/// Turns that are shown in full: the last ten messages.
pub const SHOWN_TURNS: i64 = 5;

/// Turns that one summary takes in at most; older ones have been summarised or are left out.
const LOOK_BACK: i64 = 40;

/// As long as a summary may be, whatever a model makes of the prompt's 120 words.
const MAX_SUMMARY_CHARS: usize = 2_000;

/// Brings the conversation's summary up to date: every turn before the newest [`SHOWN_TURNS`] is in it then.
pub async fn summarise(
    app: &App,
    workspace: WorkspaceId,
    owner: &str,
    conversation: ConversationId,
) -> Result<(), StoreError> {
    let Some(chosen) = app.models.pick(Use::Summary, &ModelConfig::default()) else {
        return Ok(());
    };
    let mut turns = app
        .store
        .recent_turns(owner, conversation, LOOK_BACK)
        .await?;
    turns.truncate(turns.len().saturating_sub(SHOWN_TURNS as usize));
    let before = app.store.summary(conversation).await?;
    if let Some((_, upto)) = &before {
        turns.retain(|turn| turn.started_at > *upto);
    }
    turns.retain(|turn| turn.status == TurnStatus::Succeeded);
    let Some(last) = turns.last() else {
        return Ok(());
    };
    let exchanges: Vec<Exchange<'_>> = turns.iter().map(exchange).collect();
    let prompt = SummariseConversation {
        summary: before.as_ref().map_or("", |(summary, _)| summary),
        conversation: &exchanges,
    }
    .render();
    let ledger = Ledger::default();
    let mut request = ChatRequest::asking(prompt.system, prompt.user);
    let mut options = CallOptions {
        scope: workspace.to_string(),
        account: Some(ledger.account(prompt.task, 1)),
        ..CallOptions::default()
    };
    chosen.apply(&mut request, &mut options);
    let day = app.store.now().date_naive();
    let most = estimated_tokens(&request) + u64::from(chosen.reply_tokens());
    // that turn is over and settled: what is held for this call is all that is held under its id
    if app
        .hold_tokens(workspace, owner, last.turn_id, day, most)
        .await?
        .is_err()
    {
        return Ok(()); // today's tokens are for questions
    }
    let replied = chosen.board.complete(request, &options).await;
    // it is paid for, whatever becomes of it
    let accounted = app
        .store
        .add_model_calls(
            CallsOf {
                workspace,
                owner,
                turn: last.turn_id,
                day: Some(day),
            },
            &ledger.records(),
        )
        .await;
    match replied {
        Ok((_, reply)) if !reply.text.trim().is_empty() => {
            let summary = super::context::shortened(reply.text.trim(), MAX_SUMMARY_CHARS);
            app.store
                .keep_summary(conversation, &summary.replace('\0', ""), last.started_at)
                .await?;
        }
        Ok(_) => {}
        Err(error) => {
            let error = super::TurnError::Model(error).for_log();
            tracing::warn!(error, %conversation, "conversation {conversation} was not summarised")
        }
    }
    accounted
}

fn exchange(turn: &Turn) -> Exchange<'_> {
    Exchange {
        question: &turn.question,
        query: turn.result.query.as_deref(),
        answer: turn.result.answer.as_deref(),
    }
}
