//! Traces of turns, for whoever collects them: OpenTelemetry over HTTP, and so Langfuse.
//!
//! One trace a turn: the turn, its stages, and each try of a model by the conventions for generative AI,
//! whose names stand in [`names`] alone, because they still change. Off unless an endpoint is configured.
//! Spans are made from what a turn has kept when it ends, so a trace costs the turn itself nothing; they wait in
//! a bounded queue, and when a collector is slow or gone, traces are dropped and counted, never turns.

pub mod names;
mod otlp;

pub use otlp::{Attribute, Span, SpanKind};

use crate::config::TelemetrySettings;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use otlp::Collector;
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Traces that wait to be sent. The next one is dropped.
const QUEUE: usize = 256;
/// Traces sent together.
const BATCH: usize = 32;
/// How long the first of a batch waits for others.
const LINGER: Duration = Duration::from_secs(1);
/// How long stopping waits for what is queued.
const FLUSH_WITHIN: Duration = Duration::from_secs(3);

/// The spans of one turn.
pub type Trace = Vec<Span>;

pub struct Telemetry {
    queue: Option<mpsc::Sender<Trace>>,
    content: bool,
    stopping: CancellationToken,
    tasks: TaskTracker,
}

impl Telemetry {
    /// Fails when an endpoint is no URL or a header cannot be sent.
    pub fn start(settings: &TelemetrySettings) -> Result<Self, String> {
        let collectors = collectors(settings)?;
        let (stopping, tasks) = (CancellationToken::new(), TaskTracker::new());
        let queue = (!collectors.is_empty()).then(|| {
            let (queue, traces) = mpsc::channel(QUEUE);
            let service = settings.service_name.clone();
            tasks.spawn(send(traces, collectors, service, stopping.clone()));
            queue
        });
        Ok(Self {
            queue,
            content: settings.content,
            stopping,
            tasks,
        })
    }

    /// Whether anybody collects: making spans for nobody is work for nothing.
    pub fn is_on(&self) -> bool {
        self.queue.is_some()
    }

    /// Questions, prompts and replies are wanted too.
    pub fn wants_content(&self) -> bool {
        self.content
    }

    /// Queues a trace; drops it when the queue is full.
    pub fn trace(&self, trace: Trace) {
        if let Some(queue) = &self.queue
            && queue.try_send(trace).is_err()
        {
            metrics::counter!("queryforge_traces_dropped_total").increment(1);
        }
    }

    /// Sends what is queued, as far as that is quick.
    pub async fn stop(&self) {
        self.stopping.cancel();
        self.tasks.close();
        // a collector that does not answer must not keep us
        let _ = tokio::time::timeout(FLUSH_WITHIN, self.tasks.wait()).await;
    }
}

fn collectors(settings: &TelemetrySettings) -> Result<Vec<Collector>, String> {
    let mut all = Vec::new();
    if let Some(endpoint) = &settings.otlp_endpoint {
        let headers = settings
            .otlp_headers
            .as_ref()
            .map(|headers| headers.expose_secret().to_owned())
            .unwrap_or_default();
        let headers = headers
            .split(',')
            .filter(|header| !header.trim().is_empty())
            .map(|header| {
                let (name, value) = header
                    .split_once('=')
                    .ok_or("OTEL_EXPORTER_OTLP_HEADERS reads name=value,name=value")?;
                Ok((
                    name.trim().to_owned(),
                    SecretString::from(value.trim().to_owned()),
                ))
            })
            .collect::<Result<_, String>>()?;
        all.push(Collector::new(
            &format!("{}/v1/traces", endpoint.trim_end_matches('/')),
            headers,
        )?);
    }
    if let Some(langfuse) = &settings.langfuse {
        let basic = STANDARD.encode(format!(
            "{}:{}",
            langfuse.public_key.expose_secret(),
            langfuse.secret_key.expose_secret()
        ));
        let header = SecretString::from(format!("Basic {basic}"));
        let url = format!(
            "{}/api/public/otel/v1/traces",
            langfuse.host.trim_end_matches('/')
        );
        all.push(Collector::new(
            &url,
            vec![("authorization".to_owned(), header)],
        )?);
    }
    Ok(all)
}

async fn send(
    mut traces: mpsc::Receiver<Trace>,
    collectors: Vec<Collector>,
    service: String,
    stopping: CancellationToken,
) {
    loop {
        let first = tokio::select! {
            biased;
            trace = traces.recv() => trace,
            () = stopping.cancelled() => traces.try_recv().ok(),
        };
        let Some(first) = first else { return };
        let mut batch = vec![first];
        let full = async {
            while batch.len() < BATCH {
                match traces.recv().await {
                    Some(trace) => batch.push(trace),
                    None => break,
                }
            }
        };
        tokio::select! {
            () = full => {}
            () = tokio::time::sleep(LINGER) => {}
            () = stopping.cancelled() => {}
        }
        let count = batch.len() as u64;
        let spans: Vec<Span> = batch.into_iter().flatten().collect();
        for collector in &collectors {
            if let Err(error) = collector.send(&service, &spans).await {
                metrics::counter!("queryforge_traces_dropped_total").increment(count);
                tracing::warn!(host = collector.host(), %error, "{count} traces could not be sent");
            }
        }
    }
}
