//! The model adapters against a scripted model behind real HTTP.

mod aimock;
mod anthropic;
mod faults;
mod gemini;
mod openai;
mod switchboard;

use futures::StreamExt;
use queryforge::llm::{ChatModel, ChatRequest, Chunk, Limits, LlmError, Message, Role, ToolCall};
use std::time::Duration;

/// Must not be found in anything that is shown or logged.
const KEY: &str = "sk-canary-7f3a9c51d2e84b60";

/// Long enough for a busy machine, short enough for the tests that wait for them.
fn short(limits: &mut Limits) {
    limits.first_token = Duration::from_millis(3000);
    limits.silence = Duration::from_millis(1500);
}

fn question(text: &str) -> ChatRequest {
    ChatRequest {
        system: "You write SQL.".into(),
        messages: vec![Message {
            role: Role::User,
            content: text.into(),
            tool_calls: Vec::new(),
            tool_call_id: None,
        }],
        ..ChatRequest::default()
    }
}

/// All of a reply: its text, its other chunks, and how it failed if it did.
async fn read(
    adapter: &dyn ChatModel,
    request: ChatRequest,
) -> (String, Vec<Chunk>, Option<LlmError>) {
    let mut text = String::new();
    let mut others = Vec::new();
    let mut stream = match adapter.stream(request).await {
        Ok(stream) => stream,
        Err(error) => return (text, others, Some(error)),
    };
    while let Some(chunk) = stream.next().await {
        match chunk {
            Ok(Chunk::Text(part)) => text.push_str(&part),
            Ok(chunk) => others.push(chunk),
            Err(error) => return (text, others, Some(error)),
        }
    }
    (text, others, None)
}

/// A conversation in which two tools were called at once and have answered.
fn after_two_tools(first: ToolCall, second: ToolCall) -> Vec<Message> {
    let message = |role, content: &str| Message {
        role,
        content: content.into(),
        tool_calls: Vec::new(),
        tool_call_id: None,
    };
    let answer = |call: &ToolCall, content: &str| Message {
        tool_call_id: Some(call.id.clone()),
        ..message(Role::Tool, content)
    };
    vec![
        message(Role::User, "describe orders"),
        Message {
            tool_calls: vec![first.clone(), second.clone()],
            ..message(Role::Assistant, "")
        },
        answer(&first, "3 rows"),
        answer(&second, r#"{"min": 1}"#),
    ]
}
