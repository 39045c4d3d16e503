//! Golden messages: one JSON file per message of the wire, written and checked here, read by the browser
//! app's tests. `UPDATE_GOLDEN=1 cargo test --test it golden` writes them anew; the difference is reviewed.

use queryforge::ids::{ConversationId, ResultId, TurnId};
use queryforge::protocol::{
    AnswerKind, Chart, ChartKind, Control, EchoedInput, Event, GeneratorKind, GeneratorName,
    Interrupt, InterruptReason, Outcome, PROTOCOL_VERSION, Qf, RESULT_ACTIVITY, RefusalCode,
    ResultContent, RunResult, StageName, TextKind, TokenUsage, Trust, WireMessage,
};
use queryforge::query::Dialect;
use queryforge::schema::ValueKind;
use queryforge::target::ResultColumn;
use serde_json::json;
use std::path::Path;
use uuid::Uuid;

fn all() -> Vec<(&'static str, Vec<u8>)> {
    let thread_id = ConversationId(Uuid::from_u128(1));
    let run_id = TurnId(Uuid::from_u128(2));
    let result_id = ResultId(Uuid::from_u128(3));
    let message_id = format!("{run_id}-a1");
    let user = WireMessage::User {
        id: "message-1".into(),
        content: "How many customers are there per country?".into(),
    };
    let builtin = GeneratorName {
        kind: GeneratorKind::Builtin,
        name: "built-in generator".into(),
        provider: None,
    };
    let attempt = Qf {
        attempt: Some(1),
        ..Qf::default()
    };
    let event = |event: Event, qf: Option<Qf>| event.encode(Some(7), qf.as_ref()).to_vec();
    let finished = |outcome, result| Event::RunFinished {
        thread_id,
        run_id,
        outcome,
        result,
        usage: vec![TokenUsage {
            provider: "openai".into(),
            model: "a-model".into(),
            input_tokens: 900,
            output_tokens: 40,
            cached_input_tokens: 800,
        }],
    };
    vec![
        (
            "run_started",
            event(
                Event::RunStarted {
                    thread_id,
                    run_id,
                    protocol_version: PROTOCOL_VERSION,
                    input: Some(Box::new(EchoedInput {
                        thread_id,
                        run_id,
                        messages: vec![user.clone()],
                        tools: [],
                        context: [],
                        forwarded_props: Some(json!({"qf": {}})),
                        resume: vec![],
                    })),
                },
                None,
            ),
        ),
        (
            "step_started",
            event(
                Event::StepStarted {
                    step_name: StageName::SchemaRetrieval,
                },
                Some(attempt.clone()),
            ),
        ),
        (
            "step_finished",
            event(
                Event::StepFinished {
                    step_name: StageName::SchemaRetrieval,
                },
                Some(Qf {
                    ms: Some(41),
                    finding: Some("3 tables: orders, customers, payments".into()),
                    ..attempt.clone()
                }),
            ),
        ),
        (
            "text_message_start",
            event(
                Event::TextMessageStart {
                    message_id: message_id.clone(),
                    role: "assistant",
                },
                Some(Qf {
                    kind: Some(TextKind::Query),
                    dialect: Some(Dialect::Postgres),
                    ..attempt
                }),
            ),
        ),
        (
            "text_message_content",
            event(
                Event::TextMessageContent {
                    message_id: message_id.clone(),
                    delta: "SELECT \"É\" …\n".into(),
                },
                None,
            ),
        ),
        (
            "text_message_end",
            event(
                Event::TextMessageEnd {
                    message_id: message_id.clone(),
                },
                None,
            ),
        ),
        (
            "activity_snapshot",
            event(
                Event::ActivitySnapshot {
                    message_id: format!("{run_id}-result"),
                    activity_type: RESULT_ACTIVITY,
                    content: Box::new(ResultContent {
                        result_id,
                        columns: vec![
                            ResultColumn {
                                name: "country".into(),
                                data_type: "character varying".into(),
                                kind: ValueKind::Text,
                            },
                            ResultColumn {
                                name: "revenue".into(),
                                data_type: "numeric".into(),
                                kind: ValueKind::Decimal,
                            },
                        ],
                        rows: vec![
                            vec![json!("USA"), json!("523.06")],
                            vec![json!(null), json!("0.10")],
                        ],
                        row_count: 2,
                        truncated: false,
                        elapsed_ms: 5,
                        chart: Some(Chart {
                            kind: ChartKind::Bar,
                            x: "country".into(),
                            y: vec!["revenue".into()],
                        }),
                    }),
                },
                None,
            ),
        ),
        (
            "messages_snapshot",
            event(
                Event::MessagesSnapshot {
                    messages: vec![
                        user,
                        WireMessage::Assistant {
                            id: message_id,
                            content: "SELECT 1".into(),
                            metadata: Some(json!({"qf": {"kind": "query"}})),
                        },
                    ],
                },
                None,
            ),
        ),
        (
            "run_finished_success",
            event(
                finished(
                    Outcome::Success,
                    Some(Box::new(RunResult {
                        example: None,
                        category: None,
                        dataset: None,
                        kind: AnswerKind::Query,
                        query: Some("SELECT 1".into()),
                        dialect: Some(Dialect::Postgres),
                        explanation: Some("I counted rows.".into()),
                        confidence: 0.5,
                        trust: Trust::Unverified,
                        attempts: 1,
                        result_id: Some(result_id),
                        row_count: Some(2),
                        truncated: Some(false),
                        generator: builtin,
                        answer: Some("There are 2.".into()),
                        suggestions: vec!["And by city?".into()],
                    })),
                ),
                None,
            ),
        ),
        (
            "run_finished_interrupt",
            event(
                finished(
                    Outcome::Interrupt {
                        interrupts: vec![Interrupt {
                            id: "interrupt-1".into(),
                            reason: InterruptReason::Clarification,
                            message: "Best by what?".into(),
                            response_schema: json!({
                                "type": "object",
                                "properties": {"choice": {"type": "string", "enum": ["by revenue", "by count"]}},
                                "required": ["choice"],
                            }),
                            expires_at: chrono::DateTime::UNIX_EPOCH,
                            pending: None,
                        }],
                    },
                    None,
                ),
                None,
            ),
        ),
        (
            "run_finished_cancelled",
            event(finished(Outcome::Cancelled, None), None),
        ),
        (
            "run_error",
            event(
                Event::RunError {
                    message: "The model did not answer in time.".into(),
                    code: "LLM_TIMEOUT".into(),
                },
                Some(Qf {
                    trace_id: Some("0123456789abcdef".into()),
                    stage: Some(StageName::QueryGeneration),
                    retryable: Some(true),
                    ..Qf::default()
                }),
            ),
        ),
        ("ping", Control::Ping.encode().to_vec()),
        (
            "error",
            Control::Error {
                run_id: Some(run_id.to_string()),
                code: RefusalCode::ThreadBusy,
                message: "The previous question is still being answered.".into(),
                retry_after_ms: Some(1000),
            }
            .encode()
            .to_vec(),
        ),
    ]
}

#[test]
fn every_message_is_as_the_golden_files_have_it() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    for (name, bytes) in all() {
        let message: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        let text = format!(
            "{}\n",
            serde_json::to_string_pretty(&message).expect("JSON")
        );
        let path = dir.join(format!("{name}.json"));
        if update {
            std::fs::create_dir_all(&dir).expect("a directory");
            std::fs::write(&path, text).expect("written");
            continue;
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            text, golden,
            "{name} changed on the wire; see this file's head"
        );
    }
}
