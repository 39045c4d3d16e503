//! What a provider's refusal means, in our words and without its keys.

use super::LlmError;
use super::echo::{Echo, Sought};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::time::Duration;

/// As much of a provider's own words as an error keeps.
const MESSAGE_CHARS: usize = 500;

/// Runs of a key at least this long are taken out of what a provider says. Some echo a part of it.
const KEY_RUN: usize = 8;

/// Shorter ones are no keys but fillers ("x", "no"), and common in any text.
const SHORTEST_KEY: usize = 4;

/// Takes a key out of any text that is about to become an error or a log line.
#[derive(Clone, Default)]
pub struct Redactor {
    key: Option<SecretString>,
    sought: Option<Arc<Sought>>,
}

impl Redactor {
    pub fn new(key: Option<&SecretString>) -> Self {
        Self {
            key: key.cloned(),
            sought: key.and_then(Sought::new),
        }
    }

    /// For what the model itself says.
    pub fn echo(&self) -> Echo {
        Echo::new(self.sought.clone())
    }

    /// `text` in one line, without the key or any run of it, clipped.
    pub fn clean(&self, text: &str) -> String {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        // Before clipping, so that no half of a key survives at the end.
        let safe = match &self.key {
            Some(key) => without_runs(&line, key.expose_secret()),
            None => line,
        };
        match safe.char_indices().nth(MESSAGE_CHARS) {
            Some((end, _)) => format!("{}…", &safe[..end]),
            None => safe,
        }
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor")
    }
}

fn without_runs(text: &str, key: &str) -> String {
    let key: Vec<char> = key.trim().chars().collect();
    let chars: Vec<char> = text.chars().collect();
    let run = KEY_RUN.min(key.len());
    if key.len() < SHORTEST_KEY {
        return text.to_owned();
    }
    let runs: std::collections::HashSet<&[char]> = key.windows(run).collect();
    let mut hidden = vec![false; chars.len()];
    for (start, window) in chars.windows(run).enumerate() {
        if runs.contains(window) {
            hidden[start..start + run].fill(true);
        }
    }
    let mut out = String::with_capacity(text.len());
    for (at, c) in chars.iter().enumerate() {
        if !hidden[at] {
            out.push(*c);
        } else if at == 0 || !hidden[at - 1] {
            out.push_str("[key]");
        }
    }
    out
}

/// The error that an answer without success stands for.
pub fn of_status(
    status: StatusCode,
    headers: &HeaderMap,
    body: &str,
    redactor: &Redactor,
) -> LlmError {
    let said = message_of(body);
    match status.as_u16() {
        401 | 403 => LlmError::Unauthorized,
        429 => LlmError::RateLimited {
            retry_after_ms: retry_after_ms(headers).or_else(|| retry_delay_ms(body)),
        },
        413 => LlmError::ContextTooLong,
        300..=399 => LlmError::BadRequest(format!(
            "the endpoint redirects ({status}), and redirects are not followed; check its base URL"
        )),
        400..=499 if status != StatusCode::REQUEST_TIMEOUT => {
            if says_context_is_full(body) {
                LlmError::ContextTooLong
            } else if says_key_is_wrong(body) {
                LlmError::Unauthorized
            } else {
                LlmError::BadRequest(redactor.clean(&format!("{}: {said}", status.as_u16())))
            }
        }
        503 if headers.contains_key("retry-after") => LlmError::RateLimited {
            retry_after_ms: retry_after_ms(headers),
        },
        // llama.cpp and some gateways report a full context as a server error.
        _ if says_context_is_full(body) => LlmError::ContextTooLong,
        status => LlmError::Provider { status },
    }
}

/// An error object that came inside a stream, after a status of 200.
pub fn of_event(error: &serde_json::Value, redactor: &Redactor) -> LlmError {
    let text = error.to_string();
    if says_context_is_full(&text) {
        return LlmError::ContextTooLong;
    }
    let word = |name: &str| error.get(name).and_then(|v| v.as_str()).unwrap_or_default();
    let code = error.get("code").and_then(|v| match v {
        serde_json::Value::Number(n) => n.as_u64(),
        serde_json::Value::String(s) => s.parse().ok(),
        _ => None,
    });
    let kinds = [word("type"), word("code"), word("status")].map(str::to_ascii_lowercase);
    let is = |names: &[&str]| kinds.iter().any(|kind| names.contains(&kind.as_str()));
    if code == Some(429)
        || is(&[
            "rate_limit_error",
            "rate_limit_exceeded",
            "resource_exhausted",
        ])
    {
        return LlmError::RateLimited {
            retry_after_ms: retry_delay_ms(&text),
        };
    }
    if matches!(code, Some(401 | 403))
        || is(&[
            "authentication_error",
            "permission_error",
            "unauthenticated",
            "permission_denied",
        ])
    {
        return LlmError::Unauthorized;
    }
    for (names, status) in [
        (&["overloaded_error", "unavailable"][..], 529),
        (&["api_error", "server_error", "internal"], 500),
        (&["timeout_error", "deadline_exceeded"], 504),
    ] {
        if is(names) {
            return LlmError::Provider { status };
        }
    }
    if is(&["request_too_large"]) {
        return LlmError::ContextTooLong;
    }
    match code {
        Some(status @ 500..=599) => LlmError::Provider {
            status: status as u16,
        },
        _ if code == Some(400) || is(&["invalid_request_error", "invalid_argument"]) => {
            LlmError::BadRequest(redactor.clean(&message_of(&text)))
        }
        _ => LlmError::Broken(redactor.clean(&message_of(&text))),
    }
}

/// What went wrong below HTTP. The URL stays out of it: it may carry a password.
pub fn of_transport(error: reqwest::Error, redactor: &Redactor) -> LlmError {
    let connecting = error.is_connect();
    let timed_out = error.is_timeout();
    let error = error.without_url();
    let mut words = vec![error.to_string()];
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        let word = cause.to_string();
        if !words.contains(&word) {
            words.push(word);
        }
        source = cause.source();
    }
    let said = redactor.clean(&words.join(": "));
    if connecting || timed_out || error.is_request() {
        LlmError::Unreachable(said)
    } else {
        LlmError::Broken(said)
    }
}

/// The provider's own sentence: `error.message`, `error`, `message` or `detail` of its JSON; for an HTML
/// page (a proxy, a gateway, a login) only that it is one.
pub fn message_of(body: &str) -> String {
    let trimmed = body.trim_start();
    if trimmed.starts_with('<') {
        return "a page of HTML instead of an API's answer".to_owned();
    }
    let Ok(mut json) = serde_json::from_str::<serde_json::Value>(trimmed) else {
        return if trimmed.is_empty() {
            "no reason given".to_owned()
        } else {
            body.to_owned()
        };
    };
    // Gemini wraps its error in a list when it streams.
    if let Some(first) = json.as_array_mut().and_then(|list| list.first_mut()) {
        json = first.take();
    }
    let error = json.get("error").unwrap_or(&json);
    for name in ["message", "detail", "error"] {
        if let Some(text) = error.get(name).and_then(|v| v.as_str()) {
            return text.to_owned();
        }
    }
    match error {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// How OpenAI, Azure, vLLM, llama.cpp, Ollama, Anthropic and Gemini say it.
fn says_context_is_full(body: &str) -> bool {
    let lower = body.to_ascii_lowercase();
    [
        "context_length_exceeded",
        "maximum context length",
        "exceed_context_size",
        "exceeds the available context",
        "context window",
        "prompt is too long",
        "input is too long",
        "input length and `max_tokens` exceed",
        "input token count",
        "reduce the length of the messages",
    ]
    .iter()
    .any(|sign| lower.contains(sign))
}

/// Gemini answers a wrong key with 400.
fn says_key_is_wrong(body: &str) -> bool {
    body.contains("API_KEY_INVALID") || body.contains("invalid_api_key")
}

/// `retry-after-ms` (OpenAI, Azure), else `Retry-After` in seconds or as a date.
pub fn retry_after_ms(headers: &HeaderMap) -> Option<u64> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(ms) = text("retry-after-ms").and_then(|ms| ms.parse::<f64>().ok()) {
        return milliseconds(ms);
    }
    let value = text("retry-after")?;
    if let Ok(seconds) = value.parse::<f64>() {
        return milliseconds(seconds * 1000.0);
    }
    let at = chrono::DateTime::parse_from_rfc2822(value).ok()?;
    let wait = at.with_timezone(&chrono::Utc) - chrono::Utc::now();
    Some(wait.num_milliseconds().max(0) as u64)
}

/// Gemini names the wait in the body: `"retryDelay": "34s"`.
fn retry_delay_ms(body: &str) -> Option<u64> {
    let after = body.split_once("\"retryDelay\"")?.1;
    let value = after.split('"').nth(1)?;
    milliseconds(value.strip_suffix('s')?.parse::<f64>().ok()? * 1000.0)
}

fn milliseconds(ms: f64) -> Option<u64> {
    let day = Duration::from_secs(86_400).as_millis() as f64;
    (ms.is_finite() && ms >= 0.0).then(|| ms.min(day).ceil() as u64)
}
