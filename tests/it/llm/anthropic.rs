use super::{KEY, after_two_tools, question, read, short};
use crate::support::model::{Reply, ScriptedModel, anything};
use queryforge::llm::anthropic::{Anthropic, AnthropicSettings};
use queryforge::llm::{ChatModel, Chunk, LlmError, StopReason, Tool, ToolCall, Usage};
use secrecy::SecretString;
use serde_json::json;
use std::time::Duration;

fn adapter(model: &ScriptedModel) -> Anthropic {
    let mut settings = AnthropicSettings::new(SecretString::from(KEY), "scripted");
    settings.base_url = model.root_url();
    short(&mut settings.limits);
    Anthropic::new(settings).expect("the settings are valid")
}

#[tokio::test]
async fn a_reply_arrives_in_pieces_and_the_system_prompt_is_marked_for_the_cache() {
    let model = ScriptedModel::start().await;
    for size in [1, 3, 1000] {
        model.on(
            anything(),
            Reply::text("select 'Zoë 😀'")
                .usage(120, 9)
                .chunked(3)
                .split_bytes(size)
                .times(1),
        );
        let mut request = question("how many orders?");
        request.temperature = Some(0.2);
        let (text, others, error) = read(&adapter(&model), request).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(text, "select 'Zoë 😀'");
        let usage = |output_tokens| {
            Chunk::Usage(Usage {
                input_tokens: 120,
                output_tokens,
                cached_input_tokens: 0,
            })
        };
        assert_eq!(others, [usage(1), usage(9), Chunk::Stop(StopReason::End)]);
    }
    let sent = &model.requests()[0];
    assert_eq!(sent.path, "/v1/messages");
    assert_eq!(sent.headers["x-api-key"], KEY);
    assert_eq!(sent.headers["anthropic-version"], "2023-06-01");
    assert_eq!(
        sent.body,
        json!({"model": "scripted", "max_tokens": 4096, "stream": true, "temperature": 0.2,
            "messages": [{"role": "user", "content": [{"type": "text", "text": "how many orders?"}]}],
            "system": [{"type": "text", "text": "You write SQL.", "cache_control": {"type": "ephemeral"}}]})
    );
}

#[tokio::test]
async fn what_the_cache_served_counts_as_input_and_is_told_apart() {
    let model = ScriptedModel::start().await;
    let event = |value: serde_json::Value| format!("event: x\ndata: {value}\n\n");
    model.on(
        anything(),
        Reply::raw([
            event(json!({"type": "message_start", "message": {"usage": {"input_tokens": 10,
                "cache_read_input_tokens": 900, "cache_creation_input_tokens": 90, "output_tokens": 1}}})),
            event(json!({"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}})),
            event(json!({"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "hm"}})),
            event(json!({"type": "something_new", "index": 0})),
            event(json!({"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "x"}})),
            event(json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 5}})),
            event(json!({"type": "message_stop"})),
        ]),
    );
    let (text, others, error) = read(&adapter(&model), question("x")).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(text, "x");
    let last = Usage {
        input_tokens: 1000,
        output_tokens: 5,
        cached_input_tokens: 900,
    };
    assert_eq!(
        others[others.len() - 2..],
        [Chunk::Usage(last), Chunk::Stop(StopReason::End)]
    );
}

#[tokio::test]
async fn tools_go_there_and_back() {
    let model = ScriptedModel::start().await;
    let reply = Reply::text("Let me look.")
        .call("sample_data", json!({"table": "orders"}))
        .call("column_stats", json!({}))
        .chunked(4);
    model.on(anything(), reply);
    let mut request = question("describe orders");
    request.tools = vec![Tool {
        name: "sample_data".into(),
        description: "Rows of a table".into(),
        parameters: json!({"type": "object"}),
    }];
    let (_, others, error) = read(&adapter(&model), request.clone()).await;
    assert!(error.is_none(), "{error:?}");
    let calls: Vec<ToolCall> = others
        .iter()
        .filter_map(|chunk| match chunk {
            Chunk::ToolCall(call) => Some(call.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(calls[0].arguments, json!({"table": "orders"}));
    assert_eq!(calls[1].arguments, json!({}));
    assert_eq!(others.last(), Some(&Chunk::Stop(StopReason::ToolCalls)));

    request.messages = after_two_tools(calls[0].clone(), calls[1].clone());
    read(&adapter(&model), request).await;
    let sent = model.requests()[1].body.clone();
    assert_eq!(
        sent["tools"],
        json!([{"name": "sample_data", "description": "Rows of a table", "input_schema": {"type": "object"}}])
    );
    assert_eq!(
        sent["messages"],
        json!([
            {"role": "user", "content": [{"type": "text", "text": "describe orders"}]},
            {"role": "assistant", "content": [
                {"type": "tool_use", "id": "call_1", "name": "sample_data", "input": {"table": "orders"}},
                {"type": "tool_use", "id": "call_2", "name": "column_stats", "input": {}}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "call_1", "content": "3 rows"},
                {"type": "tool_result", "tool_use_id": "call_2", "content": "{\"min\": 1}"}]}
        ]),
        "the results of parallel calls come in one message"
    );
}

#[tokio::test]
async fn every_way_to_stop_and_to_fail_has_its_meaning() {
    let model = ScriptedModel::start().await;
    let adapter = adapter(&model);
    for (reason, expected) in [
        ("end", StopReason::End),
        ("length", StopReason::Length),
        ("refusal", StopReason::Refusal),
        ("model_context_window_exceeded", StopReason::Length),
        ("stop_sequence", StopReason::End),
    ] {
        model.on(anything(), Reply::text("x").stop(reason).times(1));
        let (_, others, error) = read(&adapter, question("x")).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(others.last(), Some(&Chunk::Stop(expected)), "{reason}");
    }
    let error = |kind: &str, message: &str| {
        json!({"type": "error", "error": {"type": kind, "message": message}}).to_string()
    };
    let in_stream =
        |kind: &str| Reply::raw([format!("event: error\ndata: {}\n\n", error(kind, KEY))]);
    for (reply, expected) in [
        (
            Reply::status(529).body("application/json", error("overloaded_error", "Overloaded")),
            "the provider failed with status 529",
        ),
        (
            in_stream("overloaded_error"),
            "the provider failed with status 529",
        ),
        (
            in_stream("api_error"),
            "the provider failed with status 500",
        ),
        (
            in_stream("rate_limit_error"),
            "the model's provider is busy",
        ),
        (
            in_stream("authentication_error"),
            "the provider refused the key",
        ),
        (
            in_stream("invalid_request_error"),
            "the provider refused the request: [key]",
        ),
        (
            Reply::status(400).body(
                "application/json",
                error(
                    "invalid_request_error",
                    "prompt is too long: 210000 tokens > 200000 maximum",
                ),
            ),
            "the request does not fit the model's context",
        ),
        (Reply::text("select 1").chunked(2).cut_after(4), "broke off"),
        (
            Reply::text("select 1").chunked(2).end_after(4),
            "broke off: it ended without a stop reason",
        ),
        (
            Reply::text("select 1").chunked(2).malformed_after(4),
            "broke off: an event that is none of the Messages API",
        ),
        // its pings are no sign of life of the model
        (
            Reply::raw(std::iter::repeat_n(
                "event: ping\ndata: {\"type\": \"ping\"}\n\n",
                50,
            ))
            .delay(Duration::from_millis(100)),
            "did not answer within 3000 ms",
        ),
    ] {
        model.on(anything(), reply.clone().times(1));
        let (_, _, error) = read(&adapter, question("x")).await;
        let error = error
            .unwrap_or_else(|| panic!("{reply:?} passed"))
            .to_string();
        assert!(error.contains(expected), "{reply:?}: {error}");
    }
    assert!(!format!("{adapter:?}").contains(&KEY[..8]));
}

#[tokio::test]
async fn a_model_that_no_longer_knows_temperature_is_asked_without_it_from_then_on() {
    let model = ScriptedModel::start().await;
    let refusal = json!({"type": "error", "error": {"type": "invalid_request_error",
        "message": "`temperature` is deprecated for this model."}});
    model.on(
        anything(),
        Reply::status(400)
            .body("application/json", refusal.to_string())
            .times(1),
    );
    model.on(anything(), Reply::text("select 1"));
    let adapter = adapter(&model);
    let mut request = question("x");
    request.temperature = Some(0.0);
    request.response_schema = Some(json!({"type": "object"}));
    for _ in 0..2 {
        let (_, _, error) = read(&adapter, request.clone()).await;
        assert!(error.is_none(), "{error:?}");
    }
    let sent = model.requests();
    assert_eq!(sent.len(), 3);
    assert_eq!(sent[0].body["temperature"], json!(0.0));
    assert_eq!(sent[2].body["temperature"], json!(null));
    assert_eq!(
        sent[2].body["output_config"]["format"]["type"],
        "json_schema"
    );
    // another model may know it
    request.model = Some("another".into());
    let (_, _, error) = read(&adapter, request).await;
    assert!(!matches!(error, Some(LlmError::BadRequest(_))));
    assert_eq!(model.requests()[3].body["temperature"], json!(0.0));
}

#[tokio::test]
async fn the_base_url_may_end_anywhere_sensible() {
    let model = ScriptedModel::start().await;
    model.on(anything(), Reply::text("x"));
    for tail in ["", "/", "/v1", "/v1/", "/v1/messages"] {
        let mut settings = AnthropicSettings::new(SecretString::from(KEY), "m");
        settings.base_url = format!("{}{tail}", model.root_url());
        let adapter = Anthropic::new(settings).expect("valid");
        assert_eq!(adapter.provider(), "anthropic");
        let (_, _, error) = read(&adapter, question("x")).await;
        assert!(error.is_none(), "{tail}: {error:?}");
        assert_eq!(
            model.requests().last().expect("sent").path,
            "/v1/messages",
            "{tail}"
        );
    }
}
