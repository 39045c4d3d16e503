//! OTLP over HTTP, encoded as JSON: what the specification calls `ExportTraceServiceRequest`.
//!
//! Written out rather than taken from the exporter's crate, which brings a second stack of gRPC and protobuf for
//! one POST.

use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::time::Duration;

/// A batch is small; a collector that needs longer is not well.
const SEND_WITHIN: Duration = Duration::from_secs(10);

#[derive(Clone, Debug)]
pub struct Span {
    /// 32 hexadecimal digits.
    pub trace_id: String,
    /// 16 hexadecimal digits.
    pub span_id: String,
    pub parent: Option<String>,
    pub name: String,
    pub kind: SpanKind,
    pub began: DateTime<Utc>,
    pub ended: DateTime<Utc>,
    pub attributes: Vec<(&'static str, Attribute)>,
    /// What went wrong, in a word.
    pub error: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanKind {
    Internal,
    Client,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Attribute {
    Text(String),
    Number(i64),
    Share(f64),
    Flag(bool),
    List(Vec<String>),
}

impl Attribute {
    fn encode(&self) -> Value {
        match self {
            Self::Text(text) => json!({"stringValue": text}),
            // 64-bit integers are strings in protobuf's JSON
            Self::Number(number) => json!({"intValue": number.to_string()}),
            Self::Share(share) => json!({"doubleValue": share}),
            Self::Flag(flag) => json!({"boolValue": flag}),
            Self::List(list) => {
                let values: Vec<Value> = list.iter().map(|t| json!({"stringValue": t})).collect();
                json!({"arrayValue": {"values": values}})
            }
        }
    }
}

impl Span {
    fn encode(&self) -> Value {
        let nanos = |at: DateTime<Utc>| at.timestamp_nanos_opt().unwrap_or_default().to_string();
        let attributes: Vec<Value> = self
            .attributes
            .iter()
            .map(|(name, value)| json!({"key": name, "value": value.encode()}))
            .collect();
        let mut span = json!({
            "traceId": self.trace_id,
            "spanId": self.span_id,
            "name": self.name,
            "kind": match self.kind { SpanKind::Internal => 1, SpanKind::Client => 3 },
            "startTimeUnixNano": nanos(self.began),
            "endTimeUnixNano": nanos(self.ended),
            "attributes": attributes,
            "status": match &self.error {
                Some(error) => json!({"code": 2, "message": error}),
                None => json!({"code": 0}),
            },
        });
        if let Some(parent) = &self.parent {
            span["parentSpanId"] = json!(parent);
        }
        span
    }
}

/// Somebody who collects.
pub(super) struct Collector {
    url: reqwest::Url,
    headers: HeaderMap,
    client: reqwest::Client,
}

impl Collector {
    pub fn new(url: &str, headers: Vec<(String, SecretString)>) -> Result<Self, String> {
        let url = reqwest::Url::parse(url).map_err(|error| format!("{url} is no URL: {error}"))?;
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let wrong = || format!("the header {name} cannot be sent");
            let header = HeaderName::try_from(name.as_str()).map_err(|_| wrong())?;
            let mut value = HeaderValue::try_from(value.expose_secret()).map_err(|_| wrong())?;
            value.set_sensitive(true);
            map.insert(header, value);
        }
        crate::llm::install_crypto();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(SEND_WITHIN)
            .user_agent(concat!("queryforge/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| error.without_url().to_string())?;
        Ok(Self {
            url,
            headers: map,
            client,
        })
    }

    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    pub async fn send(&self, service: &str, spans: &[Span]) -> Result<(), String> {
        let text = |text: &str| json!({"stringValue": text});
        let body = json!({"resourceSpans": [{
            "resource": {"attributes": [
                {"key": "service.name", "value": text(service)},
                {"key": "service.version", "value": text(env!("CARGO_PKG_VERSION"))},
            ]},
            "scopeSpans": [{
                "scope": {"name": "queryforge", "version": env!("CARGO_PKG_VERSION")},
                "spans": spans.iter().map(Span::encode).collect::<Vec<_>>(),
            }],
        }]});
        let answer = self
            .client
            .post(self.url.clone())
            .headers(self.headers.clone())
            .json(&body)
            .send()
            .await
            .map_err(|error| error.without_url().to_string())?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status => Err(format!("it answered {status}")),
        }
    }
}
