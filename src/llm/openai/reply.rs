//! Reading a streamed chat completion.

use crate::llm::failure::{self, Redactor};
use crate::llm::sse::{Decode, Step};
use crate::llm::{Chunk, LlmError, StopReason, ToolCall, Usage};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::VecDeque;

/// The decoder of one reply.
pub(super) struct Reply {
    calls: Vec<Fragments>,
    stop: Option<StopReason>,
    refused: bool,
    redactor: Redactor,
}

/// One tool call as it comes in.
#[derive(Default)]
struct Fragments {
    index: u64,
    id: String,
    name: String,
    arguments: String,
}

#[derive(Deserialize)]
struct Completion {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<WireUsage>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    index: u64,
    /// `delta` in a stream, `message` in a whole reply.
    #[serde(alias = "message")]
    delta: Option<Delta>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<Value>,
    /// What a reasoning model thinks: a sign of life, not a part of the reply.
    #[serde(alias = "reasoning")]
    reasoning_content: Option<Value>,
    refusal: Option<String>,
    tool_calls: Option<Vec<CallDelta>>,
}

#[derive(Deserialize)]
struct CallDelta {
    index: Option<u64>,
    id: Option<String>,
    function: Option<FunctionDelta>,
}

#[derive(Deserialize)]
struct FunctionDelta {
    name: Option<String>,
    /// A string by the standard; some servers send the object itself.
    arguments: Option<Value>,
}

#[derive(Deserialize)]
struct WireUsage {
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
    prompt_tokens_details: Option<PromptTokens>,
}

#[derive(Deserialize)]
struct PromptTokens {
    cached_tokens: Option<u64>,
}

impl Reply {
    pub(super) fn new(redactor: Redactor) -> Self {
        Self {
            calls: Vec::new(),
            stop: None,
            refused: false,
            redactor,
        }
    }

    fn read(&mut self, completion: Completion, out: &mut VecDeque<Chunk>) -> Step {
        let mut step = Step::Waiting;
        for choice in completion.choices {
            if choice.index != 0 {
                continue;
            }
            if let Some(delta) = choice.delta
                && self.delta(delta, out)
            {
                step = Step::Alive;
            }
            if let Some(reason) = choice.finish_reason.filter(|reason| !reason.is_empty()) {
                self.stop = Some(match reason.as_str() {
                    "length" | "max_tokens" => StopReason::Length,
                    "tool_calls" | "function_call" => StopReason::ToolCalls,
                    "content_filter" | "refusal" => StopReason::Refusal,
                    _ => StopReason::End,
                });
            }
        }
        if let Some(usage) = completion.usage {
            out.push_back(Chunk::Usage(Usage {
                input_tokens: usage.prompt_tokens.unwrap_or(0),
                output_tokens: usage.completion_tokens.unwrap_or(0),
                cached_input_tokens: usage
                    .prompt_tokens_details
                    .and_then(|details| details.cached_tokens)
                    .unwrap_or(0),
            }));
        }
        step
    }

    /// Whether there was anything in it.
    fn delta(&mut self, delta: Delta, out: &mut VecDeque<Chunk>) -> bool {
        let mut alive = delta
            .reasoning_content
            .is_some_and(|thought| !text_of(&thought).is_empty());
        let text = delta.content.as_ref().map(text_of).unwrap_or_default();
        if !text.is_empty() {
            out.push_back(Chunk::Text(text));
            alive = true;
        }
        if delta.refusal.is_some_and(|text| !text.is_empty()) {
            self.refused = true;
            alive = true;
        }
        for call in delta.tool_calls.into_iter().flatten() {
            self.call(call);
            alive = true;
        }
        alive
    }

    fn call(&mut self, delta: CallDelta) {
        let id = delta.id.unwrap_or_default();
        let (name, arguments) = match delta.function {
            Some(function) => (
                function.name.unwrap_or_default(),
                match function.arguments {
                    None | Some(Value::Null) => String::new(),
                    Some(Value::String(text)) => text,
                    Some(other) => other.to_string(),
                },
            ),
            None => Default::default(),
        };
        // The newest of that index. Some servers give every parallel call the index 0, or none: a
        // new id begins a new call.
        let index = delta.index;
        let known = self
            .calls
            .iter_mut()
            .rev()
            .find(|call| index.is_none_or(|index| call.index == index))
            .filter(|call| id.is_empty() || call.id.is_empty() || call.id == id);
        let call = match known {
            Some(call) => call,
            None => {
                self.calls.push(Fragments {
                    index: index.unwrap_or(self.calls.len() as u64),
                    ..Fragments::default()
                });
                self.calls.last_mut().expect("it was pushed just now")
            }
        };
        if call.id.is_empty() {
            call.id = id;
        }
        if call.name.is_empty() {
            call.name = name;
        }
        call.arguments.push_str(&arguments);
    }

    fn error(&self, completion: &Completion) -> Option<LlmError> {
        let error = completion.error.as_ref().filter(|error| !error.is_null())?;
        Some(failure::of_event(error, &self.redactor))
    }

    fn malformed(&self, error: &serde_json::Error) -> LlmError {
        LlmError::Broken(
            self.redactor
                .clean(&format!("an event that is no chat completion: {error}")),
        )
    }
}

/// Text, or the text parts of a list of parts (Databricks, Mistral).
fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter_map(|part| part.get("text")?.as_str())
            .collect(),
        _ => String::new(),
    }
}

impl Decode for Reply {
    fn event(&mut self, data: &str, out: &mut VecDeque<Chunk>) -> Result<Step, LlmError> {
        if data.trim() == "[DONE]" {
            return Ok(Step::Done);
        }
        let completion: Completion =
            serde_json::from_str(data).map_err(|error| self.malformed(&error))?;
        match self.error(&completion) {
            Some(error) => Err(error),
            None => Ok(self.read(completion, out)),
        }
    }

    fn whole(&mut self, body: &str, out: &mut VecDeque<Chunk>) -> Result<(), LlmError> {
        let completion: Completion =
            serde_json::from_str(body).map_err(|error| self.malformed(&error))?;
        self.read(completion, out);
        Ok(())
    }

    fn stop(&mut self, out: &mut VecDeque<Chunk>) -> Result<Option<StopReason>, LlmError> {
        let Some(stop) = self.stop else {
            return Ok(None);
        };
        if self.refused {
            return Ok(Some(StopReason::Refusal));
        }
        // A call that was cut short by the limit on tokens is no call.
        if self.calls.is_empty() || matches!(stop, StopReason::Length | StopReason::Refusal) {
            return Ok(Some(stop));
        }
        for (at, call) in self.calls.drain(..).enumerate() {
            let arguments = if call.arguments.trim().is_empty() {
                json!({})
            } else {
                serde_json::from_str(&call.arguments).map_err(|_| {
                    LlmError::Broken("the arguments of a tool call are not JSON".into())
                })?
            };
            out.push_back(Chunk::ToolCall(ToolCall {
                id: if call.id.is_empty() {
                    format!("call_{at}")
                } else {
                    call.id
                },
                name: call.name,
                arguments,
            }));
        }
        Ok(Some(StopReason::ToolCalls))
    }

    fn stopped(&self) -> bool {
        self.stop.is_some()
    }
}
