//! Asking a model within a turn: the one way there, for every stage.
//!
//! Here a call gets its model, its account, its budget and its place in the journal.

use super::checkpoint::Checkpoint;
use super::journal::Failure;
use super::{Context, TurnError};
use crate::app::Use;
use crate::llm::ledger::estimated_tokens;
use crate::llm::switchboard::{Call, CallOptions};
use crate::llm::{ChatRequest, Chunk, LlmError, StopReason, Usage};
use crate::prompts::Rendered;
use crate::protocol::{GeneratorKind, GeneratorName};
use crate::store::StoredReply;
use futures::StreamExt;
use serde::{Deserialize, Serialize};

/// What was sent and what came back, as the journal keeps it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exchanged {
    pub hash: String,
    pub system: String,
    pub user: String,
    pub provider: String,
    pub model: String,
    /// Who was tried before, and why not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<String>,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<StopReason>,
    /// Neither this nor a stop: the turn ended, or the reply was dropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// A model that answers; dropping it hangs up.
pub struct Asked<'a> {
    context: &'a Context<'a>,
    at: String,
    source: Source,
    exchanged: Exchanged,
    /// Where the reply is stored before its stop is told.
    checkpoint: Option<Checkpoint>,
    stopping: Option<StopReason>,
}

enum Source {
    Live(Call),
    /// Pieces that are still to come.
    Quoted(Vec<Piece>),
}

/// What a model's reply brings.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Text(String),
    Stop(StopReason),
}

/// Whether a remembered reply will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    MayRecall,
    Fresh,
}

/// Asks, and waits for the first piece of the reply; `None` when there is no model for that.
pub async fn ask<'a>(
    context: &'a Context<'a>,
    wanted: Use,
    prompt: &Rendered,
    attempt: u32,
    memory: Memory,
) -> Result<Option<Asked<'a>>, TurnError> {
    let at = format!("call/{}/{attempt}", prompt.task);
    let chosen = context
        .app
        .models
        .pick(wanted, &context.question.model_config);
    let is_model = context
        .journal
        .value(format!("model/{}/{attempt}", prompt.task), || {
            chosen.is_some()
        });
    if !is_model {
        return Ok(None);
    }
    let exchanged = Exchanged {
        hash: prompt.hash.clone(),
        system: prompt.system.clone(),
        user: prompt.user.clone(),
        ..Exchanged::default()
    };
    if !context.journal.is_live() {
        let Some(recorded) = context.journal.read::<Exchanged>(&at) else {
            return Err(TurnError::Cancelled);
        };
        return quoted(context, at, exchanged, recorded).map(Some);
    }
    let Some(chosen) = chosen else {
        return Ok(None);
    };
    let mut request = ChatRequest {
        response_schema: prompt.output.clone(),
        ..ChatRequest::asking(&prompt.system, &prompt.user)
    };
    let mut options = CallOptions {
        provider: None,
        scope: context.question.workspace_id.to_string(),
        fresh: memory == Memory::Fresh,
        account: Some(context.ledger.account(prompt.task, attempt)),
    };
    chosen.apply(&mut request, &mut options);
    let checkpoint = Checkpoint::of(prompt.task, attempt, options.provider.as_deref(), &request);
    if let Some(reply) = checkpoint.kept(context).await? {
        let recorded = Exchanged {
            provider: reply.provider,
            model: reply.model,
            text: reply.text,
            usage: Some(reply.usage),
            stop: Some(reply.stop),
            ..Exchanged::default()
        };
        return quoted(context, at, exchanged, recorded).map(Some);
    }
    let mut asked = Asked {
        context,
        at,
        source: Source::Quoted(Vec::new()),
        exchanged,
        checkpoint: Some(checkpoint),
        stopping: None,
    };
    let most = estimated_tokens(&request) + u64::from(chosen.reply_tokens());
    let called = context
        .or_cancelled(async {
            context.reserve(most).await?;
            Ok(chosen.board.call(request, &options).await?)
        })
        .await;
    match called {
        Ok(call) => {
            asked.exchanged.provider.clone_from(&call.provider);
            asked.exchanged.model.clone_from(&call.model);
            for passed in &call.passed_over {
                tracing::warn!(
                    provider = passed.provider,
                    model = passed.model,
                    error = TurnError::Model(passed.error.clone()).for_log(),
                    "a model was passed over"
                );
                let why = crate::llm::ledger::kind(&passed.error).replace('_', " ");
                asked
                    .exchanged
                    .passed_over
                    .push(format!("{} ({why})", passed.model));
            }
            asked.source = Source::Live(call);
            Ok(Some(asked))
        }
        Err(error) => {
            if !matches!(error, TurnError::Cancelled) {
                asked.exchanged.failure = Some(Failure::from(&error));
            }
            // dropping it writes it down
            Err(error)
        }
    }
}

/// The whole reply and whose it is, for calls that nobody watches; `None` when there is no model for that.
pub async fn complete<'a>(
    context: &'a Context<'a>,
    wanted: Use,
    prompt: &Rendered,
    attempt: u32,
) -> Result<Option<(String, GeneratorName)>, TurnError> {
    let Some(mut asked) = ask(context, wanted, prompt, attempt, Memory::MayRecall).await? else {
        return Ok(None);
    };
    let mut text = String::new();
    loop {
        match asked.next().await? {
            Piece::Text(piece) => text.push_str(&piece),
            Piece::Stop(_) => return Ok(Some((text, asked.generator()))),
        }
    }
}

fn quoted<'a>(
    context: &'a Context<'a>,
    at: String,
    exchanged: Exchanged,
    recorded: Exchanged,
) -> Result<Asked<'a>, TurnError> {
    // last first
    let mut pieces: Vec<Piece> = recorded.stop.map(Piece::Stop).into_iter().collect();
    if !recorded.text.is_empty() {
        pieces.push(Piece::Text(recorded.text.clone()));
    }
    let asked = Asked {
        context,
        at,
        source: Source::Quoted(pieces),
        exchanged: Exchanged {
            provider: recorded.provider,
            model: recorded.model,
            passed_over: recorded.passed_over,
            usage: recorded.usage,
            failure: recorded.failure,
            ..exchanged
        },
        checkpoint: None,
        stopping: None,
    };
    // it failed before it had begun
    match &asked.exchanged.failure {
        Some(failure) if asked.exchanged.provider.is_empty() => {
            Err(TurnError::Recorded(failure.clone()))
        }
        _ => Ok(asked),
    }
}

impl Asked<'_> {
    pub fn generator(&self) -> GeneratorName {
        GeneratorName {
            kind: GeneratorKind::Model,
            name: self.exchanged.model.clone(),
            provider: Some(self.exchanged.provider.clone()),
        }
    }

    /// Who was tried before, and why not.
    pub fn passed_over(&self) -> &[String] {
        &self.exchanged.passed_over
    }

    /// The next piece; the last one is a stop. Loses nothing when dropped while waiting.
    pub async fn next(&mut self) -> Result<Piece, TurnError> {
        loop {
            if let Some(stop) = self.stopping {
                // before it is used, so that a crash does not cost the call
                if let Some(checkpoint) = &self.checkpoint {
                    checkpoint.keep(self.context, &self.reply(stop)).await?;
                }
                self.stopping = None;
                self.count(self.exchanged.usage.unwrap_or_default());
                self.took(&Piece::Stop(stop));
                return Ok(Piece::Stop(stop));
            }
            let chunk = match &mut self.source {
                Source::Quoted(pieces) => {
                    let Some(piece) = pieces.pop() else {
                        return Err(self.fails_again());
                    };
                    if let Piece::Stop(_) = piece {
                        self.count(self.exchanged.usage.unwrap_or_default());
                    }
                    self.took(&piece);
                    return Ok(piece);
                }
                Source::Live(call) => call.chunks.next().await,
            };
            match chunk {
                Some(Ok(Chunk::Text(text))) => {
                    // PostgreSQL keeps no NUL, and nothing that we ask for needs one
                    let piece = Piece::Text(text.replace('\0', ""));
                    self.took(&piece);
                    return Ok(piece);
                }
                Some(Ok(Chunk::Usage(usage))) => self.exchanged.usage = Some(usage),
                Some(Ok(Chunk::ToolCall(_))) => {}
                Some(Ok(Chunk::Stop(stop))) => self.stopping = Some(stop),
                Some(Err(error)) => return Err(self.failed(error)),
                None => {
                    let error = LlmError::Broken("it ended without a stop reason".to_owned());
                    return Err(self.failed(error));
                }
            }
        }
    }

    fn reply(&self, stop: StopReason) -> StoredReply {
        StoredReply {
            provider: self.exchanged.provider.clone(),
            model: self.exchanged.model.clone(),
            text: self.exchanged.text.clone(),
            usage: self.exchanged.usage.unwrap_or_default(),
            stop,
        }
    }

    fn took(&mut self, piece: &Piece) {
        match piece {
            Piece::Text(text) => self.exchanged.text.push_str(text),
            Piece::Stop(stop) => self.exchanged.stop = Some(*stop),
        }
    }

    fn failed(&mut self, error: LlmError) -> TurnError {
        let error = TurnError::from(error);
        self.exchanged.failure = Some(Failure::from(&error));
        error
    }

    fn fails_again(&self) -> TurnError {
        match &self.exchanged.failure {
            Some(failure) => TurnError::Recorded(failure.clone()),
            None => TurnError::Cancelled,
        }
    }

    fn count(&self, usage: Usage) {
        if usage != Usage::default() {
            self.context.add_usage(&self.generator(), usage);
        }
    }
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        self.context.journal.write(&self.at, &self.exchanged);
    }
}
