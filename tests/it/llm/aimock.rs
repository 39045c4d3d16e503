//! The adapters against somebody else's idea of the providers: npm `@copilotkit/aimock`.
//!
//! Needs Node and `npm install --prefix tests/aimock`; says so and passes where they are missing.

use super::{question, read, short};
use queryforge::llm::anthropic::{Anthropic, AnthropicSettings};
use queryforge::llm::gemini::{Gemini, GeminiSettings};
use queryforge::llm::openai::{OpenAi, OpenAiSettings};
use queryforge::llm::reply::{Parsed, Splitter};
use queryforge::llm::{ChatModel, Chunk, Limits, StopReason};
use secrecy::SecretString;
use serde_json::json;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// The process, killed when dropped, and where it listens.
pub(super) async fn start(fixtures: &str) -> Option<(Child, String)> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aimock");
    let program = home.join("node_modules/@copilotkit/aimock/dist/cli.js");
    if !program.exists() {
        println!("skipped: run `npm install --prefix tests/aimock` for this test");
        return None;
    }
    let started = Command::new("node")
        .arg(program)
        .args(["--port", "0", "--chunk-size", "5", "--fixtures"])
        .arg(home.join(fixtures))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let Ok(mut child) = started else {
        println!("skipped: this test needs node");
        return None;
    };
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let url = tokio::time::timeout(Duration::from_secs(20), async {
        while let Some(line) = lines.next_line().await.expect("it prints text") {
            if let Some((_, url)) = line.split_once("listening on ") {
                return url.trim().to_owned();
            }
        }
        panic!("aimock ended before it listened");
    })
    .await
    .expect("aimock listens within 20 s");
    // Somebody must go on reading, or its log blocks it.
    let reader = tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    drop(reader);
    Some((child, url))
}

pub(super) fn adapters_at(url: &str, limits: Limits) -> [Box<dyn ChatModel>; 3] {
    let mut openai = OpenAiSettings::new(format!("{url}/v1"), "gpt");
    openai.api_key = Some(SecretString::from("k"));
    openai.limits = limits;
    let mut anthropic = AnthropicSettings::new(SecretString::from("k"), "claude");
    anthropic.base_url = url.to_owned();
    anthropic.limits = limits;
    let mut gemini = GeminiSettings::new(SecretString::from("k"), "gemini");
    gemini.base_url = format!("{url}/v1beta");
    gemini.limits = limits;
    [
        Box::new(OpenAi::new(openai).expect("valid")),
        Box::new(Anthropic::new(anthropic).expect("valid")),
        Box::new(Gemini::new(gemini).expect("valid")),
    ]
}

#[tokio::test]
async fn three_providers_as_a_third_party_plays_them() {
    let Some((_process, url)) = start("fixtures.json").await else {
        return;
    };
    let mut limits = Limits::default();
    short(&mut limits);
    for adapter in adapters_at(&url, limits) {
        let name = adapter.provider().to_owned();
        let (text, others, error) = read(adapter.as_ref(), question("how many orders?")).await;
        assert!(error.is_none(), "{name}: {error:?}");
        assert_eq!(others.last(), Some(&Chunk::Stop(StopReason::End)), "{name}");
        let mut splitter = Splitter::new();
        splitter.feed(&text);
        let (_, parsed) = splitter.finish();
        let Parsed::Query {
            query, confidence, ..
        } = parsed
        else {
            panic!("{name}: {parsed:?}");
        };
        assert_eq!(query, "select count(*) from orders where name = 'Zoë 😀'");
        assert_eq!(confidence, Some(0.93), "{name}");

        let (_, others, error) = read(adapter.as_ref(), question("describe orders")).await;
        assert!(error.is_none(), "{name}: {error:?}");
        let calls: Vec<_> = others
            .iter()
            .filter_map(|chunk| match chunk {
                Chunk::ToolCall(call) => Some((call.name.as_str(), call.arguments.clone())),
                _ => None,
            })
            .collect();
        assert_eq!(
            calls,
            [
                ("sample_data", json!({"table": "orders", "limit": 5})),
                ("column_stats", json!({"column": "total"}))
            ],
            "{name}"
        );
        assert_eq!(
            others.last(),
            Some(&Chunk::Stop(StopReason::ToolCalls)),
            "{name}"
        );

        for (asked, expected) in [
            ("cut short", "broke off"),
            ("too fast", "busy"),
            ("overloaded", "failed with status 503"),
            ("asleep", "did not answer within 3000 ms"),
        ] {
            let (_, _, error) = read(adapter.as_ref(), question(asked)).await;
            let error = error.unwrap_or_else(|| panic!("{name}: {asked} passed"));
            assert!(
                error.to_string().contains(expected),
                "{name}: {asked}: {error}"
            );
        }
    }
}
