//! From what a client sends to a turn that can be committed: which words are new, which question they
//! are about, and why an input is refused.

use super::gate::Pass;
use crate::answering::context::{Question, Reference, Retry, shortened};
use crate::answering::cost;
use crate::app::App;
use crate::ids::{ConversationId, TurnId};
use crate::knowledge::{DatasetError, LiveDataset};
use crate::protocol::{
    BadFrame, EchoedInput, ModelConfig, Options, PendingQuery, RefusalCode, ResumeEntry,
    ResumeStatus, RunAgentInput, WireMessage, says_nothing,
};
use crate::store::{LOCAL_WORKSPACE, NewTurn, StoreError, Turn, TurnStatus};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use uuid::Uuid;

/// Turns that a follow-up can refer to: the last ten messages (requirements 0.4).
const REFERENCES: i64 = crate::answering::earlier::SHOWN_TURNS;

/// A title is the first question, cut here.
const TITLE_CHARS: usize = 80;

/// An input as it came, and the trace it belongs to.
#[derive(Debug)]
pub struct Submit {
    pub input: RunAgentInput,
    pub trace_id: String,
    /// Of this process.
    pub lease_owner: Uuid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub turn: TurnId,
    /// `false`: the same submit came before.
    pub started: bool,
}

/// Why an input was refused; nothing was started and nothing is lost.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    pub code: RefusalCode,
    pub message: String,
    pub retry_after_ms: Option<u64>,
}

impl Refusal {
    pub fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            retry_after_ms: None,
        }
    }

    pub fn busy() -> Self {
        Self {
            retry_after_ms: Some(1000),
            ..Self::new(
                RefusalCode::ThreadBusy,
                "The previous question of this conversation is still being answered. Wait for it, or stop it.",
            )
        }
    }

    /// The id of a turn was used with other content.
    pub fn reused() -> Self {
        Self::new(
            RefusalCode::RunIdReused,
            "This runId was used with other content. Send a new question with a new runId.",
        )
    }

    /// Too much is running already. Those who are told so do not all come back at once.
    pub fn overloaded() -> Self {
        Self {
            retry_after_ms: Some(1000 + rand::random::<u64>() % 2000),
            ..Self::new(
                RefusalCode::Overloaded,
                "More questions are being answered than this server can take. Send yours again in a moment.",
            )
        }
    }

    pub fn draining() -> Self {
        Self {
            retry_after_ms: Some(3000),
            ..Self::new(
                RefusalCode::Draining,
                "The server is restarting. Your question was not started; send it again in a moment.",
            )
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => {
                Self::new(RefusalCode::NotFound, "There is no such conversation.")
            }
            StoreError::Nul => Self::new(
                RefusalCode::BadFrame,
                "The question holds a NUL character (\\u0000). Remove it.",
            ),
            error => {
                tracing::error!(%error, "a submit could not be committed");
                Self {
                    retry_after_ms: Some(2000),
                    ..Self::new(
                        RefusalCode::Unavailable,
                        "QueryForge's own database cannot be used right now. Your question was not started; try again in a moment.",
                    )
                }
            }
        }
    }
}

impl From<BadFrame> for Refusal {
    fn from(error: BadFrame) -> Self {
        Self::new(RefusalCode::BadFrame, error.message)
    }
}

impl From<DatasetError> for Refusal {
    fn from(error: DatasetError) -> Self {
        match error {
            DatasetError::NotFound => Self::new(RefusalCode::NotFound, error.to_string()),
            DatasetError::NoSource => Self::new(RefusalCode::Unavailable, error.to_string()),
            DatasetError::Store(error) => error.into(),
            DatasetError::Target(error) => {
                tracing::warn!(%error, "a dataset's schema cannot be read");
                Self {
                    retry_after_ms: Some(5000),
                    ..Self::new(
                        RefusalCode::Unavailable,
                        "The database of this dataset cannot be reached, so its schema cannot be read. Try again when it is back.",
                    )
                }
            }
        }
    }
}

/// A submit that can be committed.
pub struct Prepared {
    pub turn: NewTurn,
    pub question: Question,
    pub dataset: Arc<LiveDataset>,
    pub options: Options,
    pub resume: Vec<ResumeEntry>,
    /// The person declined to answer what we asked.
    pub declined: bool,
    /// A turn that a crash or a restart ended, whose finished model calls are not paid for again.
    pub resumes: Option<TurnId>,
}

impl Prepared {
    /// What RUN_STARTED shows: only what is new.
    pub fn echo(&self) -> EchoedInput {
        EchoedInput {
            thread_id: self.turn.conversation_id,
            run_id: self.turn.id,
            messages: self.turn.messages.clone(),
            tools: [],
            context: [],
            forwarded_props: Some(json!({"qf": self.options})),
            resume: self.resume.clone(),
        }
    }
}

/// What a turn's `input` column holds: the question behind what was said.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct StoredInput {
    /// In full, also when this turn only answered what we asked about it.
    question: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    choice: Option<String>,
    /// What was wrong with an earlier answer, when this was another try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry: Option<Retry>,
    options: Options,
}

/// `pass` is given back once only the dataset is missing: another's schema may take long to be read.
pub(super) async fn prepare(
    app: &App,
    owner: &str,
    submit: Submit,
    pass: Option<Pass>,
) -> Result<Prepared, Refusal> {
    let Submit {
        input,
        trace_id,
        lease_owner,
    } = submit;
    let options = input.options()?;
    let resume = input.resume.clone().unwrap_or_default();
    within_bounds(&input, &options, &resume)?;
    let messages = new_messages(app, &input).await?;
    let said = messages
        .iter()
        .map(|message| match message {
            WireMessage::User { content, .. } => content.as_str(),
            _ => "",
        })
        .collect::<Vec<_>>()
        .join("\n");
    let said = match says_nothing(&said) {
        true => String::new(),
        false => said.trim().to_owned(),
    };
    let limit_bytes = app.settings.limits.question_bytes;
    if said.len() > limit_bytes {
        return Err(Refusal::new(
            RefusalCode::TooLarge,
            format!(
                "The question has {} bytes; at most {limit_bytes} are answered. Shorten it.",
                said.len()
            ),
        ));
    }

    let earlier = app
        .store
        .recent_turns(owner, input.thread_id, REFERENCES)
        .await?;
    let earlier: Vec<Turn> = earlier
        .into_iter()
        .filter(|turn| turn.turn_id != input.run_id)
        .collect();
    let about = about(app, owner, &options, &resume, &said, &earlier).await?;
    let (model_config, execute) = match &about.resumed {
        // what it was asked with still holds
        Some((_, before)) => (
            options.model_config.clone().or(before.model_config.clone()),
            options.execute.or(before.execute),
        ),
        None => (options.model_config.clone(), options.execute),
    };
    if let Some(provider) = model_config
        .as_ref()
        .and_then(|config| config.provider.as_deref())
        && !app.models.knows(provider)
    {
        return Err(unknown_provider(provider, &app.models.providers()));
    }

    drop(pass);
    let (dataset, dataset_reason) = dataset(
        app,
        owner,
        &options,
        &about,
        input.thread_id,
        &about.question,
    )
    .await?;
    let summary = if earlier.len() < REFERENCES as usize {
        None
    } else {
        app.store.summary(input.thread_id).await?
    };
    let references = references(app, &earlier).await?;

    let shown = if said.is_empty() {
        about
            .choice
            .clone()
            .unwrap_or_else(|| about.question.clone())
    } else {
        said
    };
    let stored = StoredInput {
        question: about.question.clone(),
        choice: about.choice.clone(),
        retry: about.retry.clone(),
        options: Options {
            model_config: model_config.clone(),
            execute,
            ..options.clone()
        },
    };
    let question = Question {
        turn_id: input.run_id,
        conversation_id: input.thread_id,
        workspace_id: LOCAL_WORKSPACE,
        owner: owner.to_owned(),
        text: about.question.clone(),
        choice: about.choice,
        references,
        summary: summary.map(|(summary, _)| summary),
        feedback: about.retry,
        confirmed: about.confirmed,
        execute: execute.unwrap_or(true),
        model_config: model_config.unwrap_or_else(ModelConfig::default),
        dataset_reason,
    };
    let turn = NewTurn {
        id: input.run_id,
        conversation_id: input.thread_id,
        workspace_id: LOCAL_WORKSPACE,
        owner: owner.to_owned(),
        dataset_id: Some(dataset.dataset.id),
        input_hash: hash(&messages, &resume, &options),
        input: serde_json::to_value(&stored).expect("it has string keys"),
        title: title(&about.question),
        question: shown,
        messages,
        lease_owner,
        lease: app.settings.limits.lease,
        trace_id,
    };
    Ok(Prepared {
        turn,
        question,
        dataset,
        options,
        resume,
        declined: about.declined,
        resumes: about.resumed.map(|(turn, _)| turn),
    })
}

/// What was asked and answered before. A turn that answered a question of ours is about the question behind it, of
/// which it shows only the choice.
async fn references(app: &App, earlier: &[Turn]) -> Result<Vec<Reference>, Refusal> {
    let mut all = Vec::new();
    for (at, turn) in earlier.iter().enumerate() {
        if turn.status != TurnStatus::Succeeded {
            continue;
        }
        let mut question = turn.question.clone();
        let answers_ours = at
            .checked_sub(1)
            .is_some_and(|before| earlier[before].status == TurnStatus::Interrupted);
        if answers_ours
            && let Ok(stored) =
                serde_json::from_value::<StoredInput>(app.store.turn_input(turn.turn_id).await?)
        {
            question = match &stored.choice {
                Some(choice) => format!("{} ({choice})", stored.question),
                None => stored.question,
            };
        }
        all.push(Reference {
            question,
            query: turn.result.query.clone(),
            answer: turn.result.answer.clone(),
        });
    }
    Ok(all)
}

/// The person's messages that no other turn of the conversation holds: stock clients send the
/// whole history again.
async fn new_messages(app: &App, input: &RunAgentInput) -> Result<Vec<WireMessage>, Refusal> {
    // what an assistant said last separates history from what is new
    let tail = input
        .messages
        .iter()
        .rposition(|message| message.role != "user" && message.role != "system")
        .map_or(0, |at| at + 1);
    let said: Vec<WireMessage> = input.messages[tail..]
        .iter()
        .filter(|message| message.role == "user")
        .map(|message| WireMessage::User {
            id: message.id.clone(),
            content: message.text(),
        })
        .collect();
    let ids: Vec<&str> = said.iter().map(WireMessage::id).collect();
    let known = app
        .store
        .messages_of_other_turns(input.thread_id, input.run_id, &ids)
        .await?;
    Ok(said
        .into_iter()
        .filter(|message| !known.iter().any(|id| id == message.id()))
        .collect())
}

/// Everything a client sends is echoed to every tab, so everything has a size.
fn within_bounds(
    input: &RunAgentInput,
    options: &Options,
    resume: &[ResumeEntry],
) -> Result<(), Refusal> {
    let too_large = |what: &str, limit: usize| {
        Err(Refusal::new(
            RefusalCode::TooLarge,
            format!("{what} has at most {limit} bytes."),
        ))
    };
    let ids = input.messages.iter().map(|message| &message.id);
    let names = options
        .model_config
        .iter()
        .flat_map(|config| [&config.provider, &config.model].into_iter().flatten());
    if ids.chain(names).any(|name| name.len() > MAX_NAME_BYTES) {
        return too_large("The id of a message, a provider or a model", MAX_NAME_BYTES);
    }
    if resume.len() > 8
        || serde_json::to_string(resume).is_ok_and(|text| text.len() > MAX_RESUME_BYTES)
    {
        return too_large("An answer to a clarification", MAX_RESUME_BYTES);
    }
    let own = input.run_id.to_string();
    let mut seen = std::collections::HashSet::new();
    for message in &input.messages {
        // the turn's own messages are named after it
        if message.role == "user" && message.id.starts_with(&format!("{own}-")) {
            return Err(Refusal::new(
                RefusalCode::BadFrame,
                "A message's id must not begin with the runId and a dash.",
            ));
        }
        if !seen.insert(&message.id) {
            return Err(Refusal::new(
                RefusalCode::BadFrame,
                "Two messages have the same id. Every message has one of its own.",
            ));
        }
    }
    Ok(())
}

/// The code of a turn that a crash or a restart ended.
pub const SERVER_RESTART: &str = "SERVER_RESTART";

const MAX_NAME_BYTES: usize = 200;
const MAX_RESUME_BYTES: usize = 16 * 1024;

/// The question that a turn is about.
struct About {
    question: String,
    choice: Option<String>,
    retry: Option<Retry>,
    /// A query that may run whatever it costs.
    confirmed: Option<PendingQuery>,
    declined: bool,
    /// Of the turn that this one continues.
    dataset: Option<crate::ids::DatasetId>,
    /// The turn that a restart ended and that this one does over, and what it was asked with.
    resumed: Option<(TurnId, Options)>,
}

async fn about(
    app: &App,
    owner: &str,
    options: &Options,
    resume: &[ResumeEntry],
    said: &str,
    earlier: &[Turn],
) -> Result<About, Refusal> {
    let asked = earlier
        .last()
        .filter(|turn| turn.status == TurnStatus::Interrupted);
    if let Some(entry) = resume.first() {
        let pending = asked.and_then(|turn| {
            turn.interrupt
                .as_ref()
                .filter(|interrupt| interrupt.id == entry.interrupt_id)
                .map(|interrupt| (turn, interrupt))
        });
        let Some((turn, interrupt)) = pending else {
            return Err(expired(
                "This was answered already, or another question came in between. Ask again.",
            ));
        };
        if interrupt.expires_at < app.store.now() {
            return Err(expired(
                "It is too long ago that we asked. Ask your question again.",
            ));
        }
        let choice = choice(entry).or_else(|| (!said.is_empty()).then(|| said.to_owned()));
        let declined = entry.status == ResumeStatus::Cancelled;
        if choice.is_none() && !declined {
            return Err(Refusal::new(
                RefusalCode::BadFrame,
                "The answer names no choice: resume[0].payload is {\"choice\": …}.",
            ));
        }
        return continued(app, turn, choice, declined).await;
    }
    // typed instead of clicked
    if let Some(turn) = asked
        && let Some(interrupt) = &turn.interrupt
        && let Some(option) = interrupt
            .options()
            .iter()
            .find(|option| option.eq_ignore_ascii_case(said))
    {
        return continued(app, turn, Some((*option).to_owned()), false).await;
    }
    if let Some(retry_of) = options.retry_of {
        let turn = app.store.turn(owner, retry_of).await?;
        let stored = app.store.turn_input(retry_of).await?;
        let restarted = turn
            .error
            .as_ref()
            .is_some_and(|error| error.code == SERVER_RESTART);
        // nothing was wrong with it: it is done over with the same words, so that the model calls it
        // finished are not paid for twice. A takeover by another process without being asked would have to go
        // on in the middle of a text that was shown, for a person who may be gone, and would carry a
        // question that kills its process from one process to the next
        if restarted && said.is_empty() {
            if let Ok(stored) = serde_json::from_value::<StoredInput>(stored) {
                return Ok(About {
                    question: stored.question,
                    choice: stored.choice,
                    retry: stored.retry,
                    confirmed: None,
                    declined: false,
                    dataset: turn.dataset_id,
                    resumed: Some((retry_of, stored.options)),
                });
            }
            return Err(Refusal::new(
                RefusalCode::BadFrame,
                "That turn cannot be done over. Ask its question again.",
            ));
        }
        return Ok(About {
            question: original_question(stored, &turn),
            choice: None,
            retry: Some(Retry {
                query: turn.result.query.clone(),
                feedback: if said.is_empty() {
                    "Try again, differently.".to_owned()
                } else {
                    said.to_owned()
                },
            }),
            confirmed: None,
            declined: false,
            dataset: turn.dataset_id,
            resumed: None,
        });
    }
    if said.is_empty() {
        return Err(Refusal::new(
            RefusalCode::BadFrame,
            "There is no question in this input. Send a new user message with its text.",
        ));
    }
    Ok(About {
        question: said.to_owned(),
        choice: None,
        retry: None,
        confirmed: None,
        declined: false,
        dataset: None,
        resumed: None,
    })
}

async fn continued(
    app: &App,
    turn: &Turn,
    choice: Option<String>,
    declined: bool,
) -> Result<About, Refusal> {
    let stored = app.store.turn_input(turn.turn_id).await?;
    let question = original_question(stored, turn);
    let pending = turn
        .interrupt
        .as_ref()
        .and_then(|interrupt| interrupt.pending.clone());
    if let (Some(pending), Some(choice)) = (pending, &choice) {
        let runs = choice.eq_ignore_ascii_case(cost::RUN);
        let narrower = Retry {
            query: Some(pending.query.clone()),
            feedback: format!(
                "It would read about {} rows. Read fewer: {}.",
                cost::spoken(pending.rows_read),
                if choice.eq_ignore_ascii_case(cost::NARROW) {
                    "filter it, or aggregate a smaller part"
                } else {
                    choice
                }
            ),
        };
        return Ok(About {
            question,
            choice: None,
            retry: (!runs).then_some(narrower),
            confirmed: runs.then_some(pending),
            declined,
            dataset: turn.dataset_id,
            resumed: None,
        });
    }
    Ok(About {
        question,
        choice,
        retry: None,
        confirmed: None,
        declined,
        dataset: turn.dataset_id,
        resumed: None,
    })
}

fn original_question(stored: Value, turn: &Turn) -> String {
    serde_json::from_value::<StoredInput>(stored)
        .map_or_else(|_| turn.question.clone(), |stored| stored.question)
}

fn choice(entry: &ResumeEntry) -> Option<String> {
    let payload = entry.payload.as_ref()?;
    payload
        .as_str()
        .or_else(|| payload["choice"].as_str())
        .map(str::trim)
        .filter(|choice| !choice.is_empty())
        .map(str::to_owned)
}

fn expired(message: &str) -> Refusal {
    Refusal::new(RefusalCode::ExpiredInterrupt, message)
}

/// The dataset that was named, else the one the conversation is about, else the one that fits best.
async fn dataset(
    app: &App,
    owner: &str,
    options: &Options,
    about: &About,
    conversation: ConversationId,
    question: &str,
) -> Result<(Arc<LiveDataset>, Option<String>), Refusal> {
    let named = match options.dataset_id.or(about.dataset) {
        Some(id) => Some(id),
        None => match app.store.conversation(owner, conversation).await {
            Ok(conversation) => conversation.dataset_id,
            Err(StoreError::NotFound) => None,
            Err(error) => return Err(error.into()),
        },
    };
    match named {
        Some(id) => Ok((app.dataset(id).await?, None)),
        None => {
            let routed = app.route(question).await?;
            Ok((routed.live, Some(routed.why)))
        }
    }
}

/// Another model than the one that was asked for would be a surprise, on a bill and in an answer.
fn unknown_provider(provider: &str, configured: &[&str]) -> Refusal {
    Refusal::new(
        RefusalCode::UnknownProvider,
        format!(
            "The provider '{}' is not configured here. Name one of {}, or none for the usual one.",
            shortened(provider, 60),
            configured.join(", ")
        ),
    )
}

/// Of everything that makes the input what it is.
fn hash(messages: &[WireMessage], resume: &[ResumeEntry], options: &Options) -> Vec<u8> {
    let all = json!([messages, resume, options]);
    Sha256::digest(all.to_string()).to_vec()
}

fn title(question: &str) -> String {
    let line = question.lines().next().unwrap_or_default();
    let mut title: String = line.chars().take(TITLE_CHARS).collect();
    if title.len() < line.len() {
        title.push('…');
    }
    title
}
