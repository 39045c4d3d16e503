use super::{KEY, question, read, short};
use crate::support::model::{Reply, ScriptedModel, anything};
use futures::StreamExt;
use queryforge::llm::openai::{OpenAi, OpenAiSettings};
use queryforge::llm::reach::Reach;
use queryforge::llm::{ChatModel, Chunk, LlmError, StopReason, Tool, ToolCall, Usage, ollama};
use secrecy::SecretString;
use serde_json::json;
use std::time::{Duration, Instant};

fn adapter(model: &ScriptedModel) -> OpenAi {
    adapter_with(model, |_| {})
}

fn adapter_with(model: &ScriptedModel, change: impl FnOnce(&mut OpenAiSettings)) -> OpenAi {
    let mut settings = OpenAiSettings::new(model.base_url(), "scripted");
    settings.api_key = Some(SecretString::from(KEY));
    change(&mut settings);
    OpenAi::new(settings).expect("the settings are valid")
}

#[tokio::test]
async fn a_reply_arrives_in_pieces_with_usage_and_ends_in_a_stop_reason() {
    let model = ScriptedModel::start().await;
    model.on(
        anything(),
        Reply::text("select count(*) from orders")
            .usage(120, 9)
            .chunked(3),
    );
    let (text, others, error) = read(&adapter(&model), question("how many orders?")).await;
    assert_eq!(error.map(|e| e.to_string()), None);
    assert_eq!(text, "select count(*) from orders");
    let usage = Usage {
        input_tokens: 120,
        output_tokens: 9,
        cached_input_tokens: 0,
    };
    assert_eq!(others, [Chunk::Usage(usage), Chunk::Stop(StopReason::End)]);

    let sent = &model.requests()[0];
    assert_eq!(sent.headers["authorization"], format!("Bearer {KEY}"));
    assert_eq!(sent.body["stream_options"], json!({"include_usage": true}));
    assert_eq!(
        sent.body["messages"][0],
        json!({"role": "system", "content": "You write SQL."})
    );
}

#[tokio::test]
async fn any_cut_of_the_bytes_gives_the_same_text_even_inside_a_character() {
    let model = ScriptedModel::start().await;
    let said = "select 'Zoë 😀 naïve – 東京' as name";
    for size in [1, 2, 3, 5, 7, 64] {
        model.on(
            anything(),
            Reply::text(said).chunked(2).split_bytes(size).times(1),
        );
        let (text, _, error) = read(&adapter(&model), question("x")).await;
        assert!(error.is_none(), "{size}: {error:?}");
        assert_eq!(text, said, "pieces of {size} bytes");
    }
}

#[tokio::test]
async fn parallel_tool_calls_are_put_together_by_index() {
    let model = ScriptedModel::start().await;
    let reply = Reply::text("Let me look.")
        .call("sample_data", json!({"table": "orders", "limit": 5}))
        .call("column_stats", json!({"column": "total"}))
        .chunked(4);
    model.on(anything(), reply);
    let mut request = question("describe orders");
    request.tools = vec![Tool {
        name: "sample_data".into(),
        description: "Rows of a table".into(),
        parameters: json!({"type": "object", "properties": {"table": {"type": "string"}}}),
    }];
    let (text, others, error) = read(&adapter(&model), request).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(text, "Let me look.");
    let calls: Vec<&ToolCall> = others
        .iter()
        .filter_map(|chunk| match chunk {
            Chunk::ToolCall(call) => Some(call),
            _ => None,
        })
        .collect();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].arguments, json!({"table": "orders", "limit": 5}));
    assert_eq!(
        (calls[1].name.as_str(), calls[1].id.as_str()),
        ("column_stats", "call_1")
    );
    assert_eq!(others.last(), Some(&Chunk::Stop(StopReason::ToolCalls)));
}

#[tokio::test]
async fn servers_that_give_every_call_the_index_0_are_understood() {
    let model = ScriptedModel::start().await;
    let event = |call: serde_json::Value, finish: serde_json::Value| {
        format!(
            "data: {}\n\n",
            json!({"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": finish}]})
        )
    };
    model.on(
        anything(),
        Reply::raw([
            event(json!({"index": 0, "id": "a", "function": {"name": "one", "arguments": "{\"x\":1}"}}), json!(null)),
            event(json!({"index": 0, "id": "b", "function": {"name": "two", "arguments": {"y": 2}}}), json!("stop")),
        ]),
    );
    let (_, others, error) = read(&adapter(&model), question("x")).await;
    assert!(error.is_none(), "{error:?}");
    let call = |id: &str, name: &str, arguments| {
        Chunk::ToolCall(ToolCall {
            id: id.into(),
            name: name.into(),
            arguments,
        })
    };
    assert_eq!(
        others,
        [
            call("a", "one", json!({"x": 1})),
            call("b", "two", json!({"y": 2})),
            Chunk::Stop(StopReason::ToolCalls)
        ]
    );
}

#[tokio::test]
async fn every_refusal_has_a_meaning() {
    let model = ScriptedModel::start().await;
    let html = "<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>";
    let said = |message: &str| json!({"error": {"message": message}}).to_string();
    for (reply, expected) in [
        (Reply::status(401), "the provider refused the key"),
        (Reply::status(403), "the provider refused the key"),
        (
            Reply::status(429).header("retry-after", "7"),
            "the model's provider is busy",
        ),
        (Reply::status(500), "the provider failed with status 500"),
        (Reply::status(529), "the provider failed with status 529"),
        (
            Reply::status(502).body("text/html", html),
            "the provider failed with status 502",
        ),
        (
            Reply::status(404).body("text/html", html),
            "the provider refused the request: 404: a page of HTML instead of an API's answer",
        ),
        (
            Reply::status(404).body("application/json", said("model 'x' not found")),
            "the provider refused the request: 404: model 'x' not found",
        ),
        (
            Reply::status(400).body(
                "application/json",
                said("This model's maximum context length is 8192 tokens."),
            ),
            "the request does not fit the model's context",
        ),
        (
            Reply::status(307).header("location", "http://169.254.169.254/"),
            "the provider refused the request: the endpoint redirects (307 Temporary Redirect), and redirects are not followed; check its base URL",
        ),
        (
            Reply::status(200).body("text/html", html),
            "the stream broke off: a stream was asked for and text/html came: a page of HTML instead of an API's answer",
        ),
    ] {
        model.on(anything(), reply.clone().times(1));
        let (_, _, error) = read(&adapter(&model), question("x")).await;
        assert_eq!(
            error.expect("it is refused").to_string(),
            expected,
            "{reply:?}"
        );
    }
    assert_eq!(model.requests().len(), 11, "no request was sent twice");
}

#[tokio::test]
async fn a_busy_provider_says_how_long_to_wait() {
    let model = ScriptedModel::start().await;
    for (name, value, least, most) in [
        ("retry-after", "7", 7000, 7000),
        ("retry-after", "0.5", 500, 500),
        ("retry-after-ms", "1234", 1234, 1234),
        (
            "retry-after",
            &(chrono::Utc::now() + chrono::Duration::seconds(60)).to_rfc2822(),
            50_000,
            60_000,
        ),
    ] {
        model.on(anything(), Reply::status(429).header(name, value).times(1));
        let (_, _, error) = read(&adapter(&model), question("x")).await;
        let Some(LlmError::RateLimited {
            retry_after_ms: Some(ms),
        }) = error
        else {
            panic!("{name}: {value} gave {error:?}");
        };
        assert!((least..=most).contains(&ms), "{name}: {value} gave {ms}");
    }
}

#[tokio::test]
async fn a_stream_without_its_end_is_an_error_and_never_a_short_answer() {
    let model = ScriptedModel::start().await;
    for (reply, expected) in [
        (
            Reply::text("select 1 from orders").chunked(4).cut_after(3),
            "broke off",
        ),
        (
            Reply::text("select 1 from orders").chunked(4).end_after(3),
            "broke off: it ended without a stop reason",
        ),
        (
            Reply::text("select 1 from orders")
                .chunked(4)
                .malformed_after(3),
            "broke off: an event that is no chat completion",
        ),
        (
            Reply::raw(["data: {\"error\": {\"message\": \"upstream died\"}}\n\n"]),
            "broke off: upstream died",
        ),
        (
            Reply::raw(["data: [DONE]\n\n"]),
            "broke off: it ended without a stop reason",
        ),
        (
            Reply::raw([""]),
            "broke off: it ended without a stop reason",
        ),
    ] {
        model.on(anything(), reply.clone().times(1));
        let (_, _, error) = read(&adapter(&model), question("x")).await;
        let error = error.unwrap_or_else(|| panic!("{reply:?} passed"));
        assert!(matches!(error, LlmError::Broken(_)), "{reply:?}: {error:?}");
        assert!(error.to_string().contains(expected), "{reply:?}: {error}");
    }
    assert_eq!(model.requests().len(), 6, "no request was sent twice");
}

#[tokio::test]
async fn a_slow_first_token_and_a_silent_stream_are_timeouts() {
    let model = ScriptedModel::start().await;
    let adapter = adapter_with(&model, |settings| short(&mut settings.limits));
    let keep_alive = std::iter::repeat_n(": keep-alive\n\n", 100);
    for (reply, limit) in [
        (Reply::text("x").first_delay(Duration::from_secs(30)), 3000),
        (Reply::text("x").stall_after(1), 3000),
        (
            Reply::raw(keep_alive).delay(Duration::from_millis(100)),
            3000,
        ),
        (Reply::text("select 1").chunked(2).stall_after(3), 1500),
        // one byte at a time: never silent on the wire, and never done
        (
            Reply::text("select 1")
                .chunked(2)
                .split_bytes(1)
                .delay(Duration::from_millis(100)),
            3000,
        ),
    ] {
        model.on(anything(), reply.clone().times(1));
        let began = Instant::now();
        let (_, _, error) = read(&adapter, question("x")).await;
        assert!(
            matches!(error, Some(LlmError::Timeout(ms)) if ms == limit),
            "{reply:?}: {error:?}"
        );
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "{:?}",
            began.elapsed()
        );
    }
}

#[tokio::test]
async fn a_reader_that_takes_its_time_is_not_a_silent_model() {
    let model = ScriptedModel::start().await;
    model.on(anything(), Reply::text("select 1").chunked(1));
    let adapter = adapter_with(&model, |settings| short(&mut settings.limits));
    let mut stream = adapter.stream(question("x")).await.expect("it answers");
    stream
        .next()
        .await
        .expect("a first chunk")
        .expect("of text");
    model.idle().await;
    tokio::time::sleep(Duration::from_millis(2000)).await; // the reader's own pause, longer than the limit
    let rest: Vec<_> = stream.collect().await;
    assert!(rest.iter().all(Result::is_ok), "{rest:?}");
}

#[tokio::test]
async fn dropping_the_stream_hangs_up() {
    let model = ScriptedModel::start().await;
    model.on(
        anything(),
        Reply::text("select 1").chunked(2).stall_after(3),
    );
    let mut stream = adapter(&model)
        .stream(question("x"))
        .await
        .expect("it answers");
    stream.next().await.expect("a chunk").expect("of text");
    let began = Instant::now();
    drop(stream);
    model.hung_up(1).await;
    println!(
        "the scripted model saw the hang-up after {:?}",
        began.elapsed()
    );
    assert!(began.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn a_key_is_in_no_error_and_no_debug_print() {
    let model = ScriptedModel::start().await;
    let echo = |status| {
        Reply::status(status).body(
            "application/json",
            json!({"error": {"message": format!("bad key {KEY}, starts with {}", &KEY[..12])}})
                .to_string(),
        )
    };
    let adapter = adapter(&model);
    for reply in [
        echo(400),
        echo(401),
        echo(422),
        echo(500),
        Reply::raw([format!(
            "data: {{\"error\": {{\"message\": \"{KEY}\"}}}}\n\n"
        )]),
        Reply::raw([format!("data: {KEY}\n\n")]),
        Reply::status(200).body("text/plain", KEY),
    ] {
        model.on(anything(), reply.times(1));
        let (_, _, error) = read(&adapter, question("x")).await;
        let error = error.expect("it fails");
        for shown in [error.to_string(), format!("{error:?}")] {
            assert!(!shown.contains(&KEY[..8]), "{shown}");
        }
    }
    assert!(!format!("{adapter:?}").contains(&KEY[..8]));
    let mut settings = OpenAiSettings::new("http://127.0.0.1:1/v1?key=hunter2", "m");
    settings.api_key = Some(SecretString::from(KEY));
    assert!(!format!("{settings:?}").contains(&KEY[..8]));
    let nobody = OpenAi::new(settings).expect("a valid URL");
    let (_, _, error) = read(&nobody, question("x")).await;
    let error = error.expect("nobody listens on port 1");
    assert!(matches!(error, LlmError::Unreachable(_)), "{error:?}");
    assert!(!error.to_string().contains("hunter2"), "{error}");
    let error = OpenAi::new(OpenAiSettings::new("http://user:hunter2@127.0.0.1:1", "m"));
    let error = error.expect_err("a password in the URL").to_string();
    assert!(!error.contains("hunter2"), "{error}");
}

#[tokio::test]
async fn a_line_without_end_is_refused_and_not_kept() {
    let model = ScriptedModel::start().await;
    let big = "x".repeat(64 << 10);
    let pieces: Vec<String> = std::iter::once("data: ".to_owned())
        .chain(std::iter::repeat_n(big, 160))
        .collect();
    model.on(anything(), Reply::raw(pieces));
    let began = Instant::now();
    let (_, _, error) = read(&adapter(&model), question("x")).await;
    println!("10 MB in one line: {error:?} after {:?}", began.elapsed());
    assert!(
        matches!(&error, Some(LlmError::Broken(said)) if said.contains("line")),
        "{error:?}"
    );
    assert!(
        began.elapsed() < Duration::from_secs(30),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn a_parameter_that_an_endpoint_does_not_know_is_left_out_from_then_on() {
    let model = ScriptedModel::start().await;
    let refusal = |message: &str| {
        Reply::status(400)
            .body(
                "application/json",
                json!({"error": {"message": message}}).to_string(),
            )
            .times(1)
    };
    model.on(
        anything(),
        refusal("Unsupported value: 'temperature' does not support 0.2 with this model."),
    );
    model.on(
        anything(),
        refusal("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
    );
    model.on(anything(), Reply::text("select 1"));
    let adapter = adapter(&model);
    let mut request = question("x");
    request.temperature = Some(0.2);
    request.max_tokens = Some(500);
    for _ in 0..2 {
        let (text, _, error) = read(&adapter, request.clone()).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(text, "select 1");
    }
    let sent = model.requests();
    assert_eq!(sent.len(), 4, "the second call knew");
    assert_eq!(sent[0].body["temperature"], json!(0.2));
    assert_eq!(sent[3].body["temperature"], json!(null));
    assert_eq!(sent[3].body["max_completion_tokens"], json!(500));
}

#[tokio::test]
async fn a_server_that_does_not_stream_is_read_all_the_same() {
    let model = ScriptedModel::start().await;
    let whole = json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": "select 1"},
        "finish_reason": "stop"}], "usage": {"prompt_tokens": 5, "completion_tokens": 2}});
    model.on(
        anything(),
        Reply::status(200).body("application/json", whole.to_string()),
    );
    let (text, others, error) = read(&adapter(&model), question("x")).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(text, "select 1");
    assert_eq!(others.last(), Some(&Chunk::Stop(StopReason::End)));
}

#[tokio::test]
async fn a_schema_for_the_reply_is_asked_for_strictly_only_when_it_is_closed() {
    let model = ScriptedModel::start().await;
    model.on(anything(), Reply::text("{}"));
    let closed = json!({"type": "object", "properties": {"a": {"type": "string"}},
        "required": ["a"], "additionalProperties": false});
    let open = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    for (schema, strict) in [(closed, true), (open, false)] {
        let mut request = question("x");
        request.response_schema = Some(schema.clone());
        read(&adapter(&model), request).await;
        let sent = model.requests().pop().expect("it was sent").body["response_format"].clone();
        assert_eq!(sent["type"], "json_schema");
        assert_eq!(sent["json_schema"]["schema"], schema);
        assert_eq!(sent["json_schema"]["strict"], json!(strict));
    }
}

#[tokio::test]
async fn an_ollama_on_this_machine_is_found_without_being_told() {
    let model = ScriptedModel::start().await;
    assert!(
        ollama::discover(&model.root_url()).await.is_none(),
        "no models, no Ollama"
    );
    model.installed(&["nomic-embed-text:latest", "llama3.1:8b", "qwen2.5-coder:7b"]);
    model.on(anything(), Reply::text("select 1"));
    let found = ollama::discover(&model.root_url())
        .await
        .expect("it is there");
    assert_eq!(
        (found.provider(), found.model()),
        ("ollama", "qwen2.5-coder:7b")
    );
    let (text, _, _) = read(&found, question("x")).await;
    assert_eq!(text, "select 1");
    assert_eq!(model.requests()[0].path, "/v1/chat/completions");
    assert!(ollama::discover("http://127.0.0.1:1").await.is_none());
}

#[tokio::test]
async fn an_endpoint_that_must_be_public_cannot_be_in_our_network() {
    let model = ScriptedModel::start().await;
    model.on(anything(), Reply::text("never"));
    let public = |base: String| {
        let mut settings = OpenAiSettings::new(base, "m");
        settings.reach = Reach::Public;
        OpenAi::new(settings)
    };
    assert!(matches!(
        public(model.base_url()),
        Err(LlmError::BadRequest(_))
    ));
    let named = public(model.base_url().replace("127.0.0.1", "localhost")).expect("a name");
    let (_, _, error) = read(&named, question("x")).await;
    assert!(
        matches!(&error, Some(LlmError::Unreachable(said)) if said.contains("public internet")),
        "{error:?}"
    );
    assert_eq!(model.requests().len(), 0);
}

#[tokio::test]
async fn a_long_reply_costs_little_however_small_its_pieces() {
    let model = ScriptedModel::start().await;
    let said = "select 1 ".repeat(2_000);
    let event = |text: &str| {
        format!(
            "data: {}\n\n",
            json!({"choices": [{"index": 0, "delta": {"content": text}}]})
        )
    };
    let mut body: String = said.chars().map(|c| event(&c.to_string())).collect();
    body.push_str(
        "data: {\"choices\": [{\"delta\": {}, \"finish_reason\": \"stop\"}]}\n\ndata: [DONE]\n\n",
    );
    let pieces: Vec<Vec<u8>> = body.as_bytes().chunks(1_000).map(<[u8]>::to_vec).collect();
    model.on(anything(), Reply::raw(pieces));
    let began = Instant::now();
    let (text, _, error) = read(&adapter(&model), question("x")).await;
    println!("18,000 events in {:?}", began.elapsed());
    assert!(error.is_none(), "{error:?}");
    assert_eq!(text, said);
    assert!(
        began.elapsed() < Duration::from_secs(60),
        "{:?}",
        began.elapsed()
    );
}
