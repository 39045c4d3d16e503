use super::{KEY, after_two_tools, question, read, short};
use crate::support::model::{Reply, ScriptedModel, anything};
use queryforge::llm::gemini::{Gemini, GeminiAuth, GeminiSettings};
use queryforge::llm::{Chunk, StopReason, Tool, ToolCall, Usage};
use secrecy::SecretString;
use serde_json::{Value, json};

fn adapter(model: &ScriptedModel) -> Gemini {
    adapter_with(model, |_| {})
}

fn adapter_with(model: &ScriptedModel, change: impl FnOnce(&mut GeminiSettings)) -> Gemini {
    let mut settings = GeminiSettings::new(SecretString::from(KEY), "scripted");
    settings.base_url = format!("{}/v1beta", model.root_url());
    short(&mut settings.limits);
    change(&mut settings);
    Gemini::new(settings).expect("the settings are valid")
}

fn data(value: Value) -> String {
    format!("data: {value}\r\n\r\n")
}

#[tokio::test]
async fn a_reply_arrives_in_pieces_under_the_key_in_a_header() {
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
        request.max_tokens = Some(500);
        request.response_schema = Some(json!({"type": "object", "additionalProperties": false}));
        let (text, others, error) = read(&adapter(&model), request).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(text, "select 'Zoë 😀'");
        let usage = Usage {
            input_tokens: 120,
            output_tokens: 9,
            cached_input_tokens: 0,
        };
        assert_eq!(others, [Chunk::Usage(usage), Chunk::Stop(StopReason::End)]);
    }
    let sent = &model.requests()[0];
    assert_eq!(sent.path, "/v1beta/models/scripted:streamGenerateContent");
    assert_eq!(sent.headers["x-goog-api-key"], KEY);
    assert_eq!(
        sent.body,
        json!({"contents": [{"role": "user", "parts": [{"text": "how many orders?"}]}],
            "systemInstruction": {"parts": [{"text": "You write SQL."}]},
            "generationConfig": {"temperature": 0.2, "maxOutputTokens": 500, "responseMimeType": "application/json",
                "responseJsonSchema": {"type": "object", "additionalProperties": false}}})
    );
}

#[tokio::test]
async fn thoughts_are_not_said_and_are_paid_as_output() {
    let model = ScriptedModel::start().await;
    model.on(
        anything(),
        Reply::raw([
            data(json!({"candidates": [{"content": {"parts": [{"text": "hm", "thought": true}]}}], "usageMetadata": {"promptTokenCount": 9}})),
            data(json!({"candidates": [{"content": {"parts": [{"text": "select 1"}]}}], "usageMetadata": {"promptTokenCount": 9}})),
            data(json!({"candidates": [{"content": {"parts": [{"text": "", "thoughtSignature": "xyz"}]}, "finishReason": "STOP"}],
                "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 4, "thoughtsTokenCount": 30, "cachedContentTokenCount": 5}})),
        ]),
    );
    let (text, others, error) = read(&adapter(&model), question("x")).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(text, "select 1");
    let usage = |output_tokens, cached_input_tokens| {
        Chunk::Usage(Usage {
            input_tokens: 9,
            output_tokens,
            cached_input_tokens,
        })
    };
    assert_eq!(
        others,
        [usage(0, 0), usage(34, 5), Chunk::Stop(StopReason::End)]
    );
}

#[tokio::test]
async fn tools_go_there_and_back_with_the_signature_of_the_thought() {
    let model = ScriptedModel::start().await;
    model.on(
        anything(),
        Reply::raw([
            data(json!({"candidates": [{"content": {"parts": [
                {"functionCall": {"id": "fc-1", "name": "sample_data", "args": {"table": "orders"}}, "thoughtSignature": "c2lnbmVk"},
                {"functionCall": {"name": "column_stats"}}]}, "finishReason": "STOP"}]})),
        ])
        .times(1),
    );
    model.on(anything(), Reply::text("done"));
    let adapter = adapter(&model);
    let mut request = question("describe orders");
    request.tools = vec![Tool {
        name: "sample_data".into(),
        description: "Rows".into(),
        parameters: json!({"type": "object"}),
    }];
    let (_, others, error) = read(&adapter, request.clone()).await;
    assert!(error.is_none(), "{error:?}");
    let calls: Vec<ToolCall> = others
        .iter()
        .filter_map(|chunk| match chunk {
            Chunk::ToolCall(call) => Some(call.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(calls.len(), 2);
    assert_ne!(calls[0].id, calls[1].id);
    assert_eq!(calls[1].arguments, json!({}));
    assert_eq!(others.last(), Some(&Chunk::Stop(StopReason::ToolCalls)));

    request.messages = after_two_tools(calls[0].clone(), calls[1].clone());
    let (text, _, error) = read(&adapter, request).await;
    assert_eq!(
        (text.as_str(), error.map(|e| e.to_string())),
        ("done", None)
    );
    let sent = model.requests()[1].body.clone();
    assert_eq!(
        sent["tools"],
        json!([{"functionDeclarations": [{"name": "sample_data", "description": "Rows", "parametersJsonSchema": {"type": "object"}}]}])
    );
    assert_eq!(
        sent["contents"][1],
        json!({"role": "model", "parts": [
            {"functionCall": {"name": "sample_data", "args": {"table": "orders"}, "id": "fc-1"}, "thoughtSignature": "c2lnbmVk"},
            {"functionCall": {"name": "column_stats", "args": {}}}]})
    );
    assert_eq!(
        sent["contents"][2],
        json!({"role": "user", "parts": [
            {"functionResponse": {"name": "sample_data", "response": {"result": "3 rows"}, "id": "fc-1"}},
            {"functionResponse": {"name": "column_stats", "response": {"min": 1}}}]})
    );
}

#[tokio::test]
async fn every_way_to_stop_and_to_fail_has_its_meaning() {
    let model = ScriptedModel::start().await;
    let adapter = adapter(&model);
    for (reply, expected) in [
        (Reply::text("x"), StopReason::End),
        (Reply::text("x").stop("length"), StopReason::Length),
        (Reply::text("x").stop("refusal"), StopReason::Refusal),
        (
            Reply::raw([data(json!({"promptFeedback": {"blockReason": "SAFETY"}}))]),
            StopReason::Refusal,
        ),
    ] {
        model.on(anything(), reply.clone().times(1));
        let (_, others, error) = read(&adapter, question("x")).await;
        assert!(error.is_none(), "{reply:?}: {error:?}");
        assert_eq!(others.last(), Some(&Chunk::Stop(expected)), "{reply:?}");
    }
    let error = |code: u64, status: &str, message: &str| {
        json!({"error": {"code": code, "status": status, "message": message,
            "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"}]}})
    };
    for (reply, expected) in [
        (Reply::status(400).body("application/json", error(400, "INVALID_ARGUMENT", "API key not valid. [API_KEY_INVALID]").to_string()), "refused the key"),
        (Reply::status(429).body("application/json", error(429, "RESOURCE_EXHAUSTED", "quota").to_string()), "busy"),
        (Reply::status(503), "failed with status 503"),
        (Reply::status(400).body("application/json", error(400, "INVALID_ARGUMENT", "The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).").to_string()), "does not fit"),
        (Reply::raw([data(error(503, "UNAVAILABLE", KEY))]), "failed with status 529"),
        (Reply::raw([data(json!({"candidates": [{"finishReason": "MALFORMED_FUNCTION_CALL"}]}))]), "MALFORMED_FUNCTION_CALL"),
        (Reply::text("select 1").chunked(2).end_after(2), "it ended without a stop reason"),
        (Reply::text("select 1").chunked(2).cut_after(2), "broke off"),
        (Reply::text("select 1").chunked(2).stall_after(2), "did not answer within 1500 ms"),
    ] {
        model.on(anything(), reply.clone().times(1));
        let (_, _, error) = read(&adapter, question("x")).await;
        let error = error.unwrap_or_else(|| panic!("{reply:?} passed"));
        assert!(error.to_string().contains(expected), "{reply:?}: {error}");
        if let queryforge::llm::LlmError::RateLimited { retry_after_ms } = error {
            assert_eq!(retry_after_ms, Some(34_000));
        }
    }
    assert!(!format!("{adapter:?}").contains(&KEY[..8]));
}

#[tokio::test]
async fn an_older_api_gets_the_older_form_of_a_schema() {
    let model = ScriptedModel::start().await;
    let refusal = |message: &str| {
        let body =
            json!({"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": message}});
        Reply::status(400)
            .body("application/json", body.to_string())
            .times(1)
    };
    model.on(anything(), refusal("Invalid JSON payload received. Unknown name \"responseJsonSchema\" at 'generation_config': Cannot find field."));
    model.on(anything(), refusal("Invalid JSON payload received. Unknown name \"parametersJsonSchema\" at 'tools[0].function_declarations[0]': Cannot find field."));
    model.on(anything(), Reply::text("{}"));
    let schema = json!({"type": "object", "additionalProperties": false, "properties": {"a": {"type": "string"}}});
    let plain = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let mut request = question("x");
    request.response_schema = Some(schema.clone());
    request.tools = vec![Tool {
        name: "t".into(),
        description: "d".into(),
        parameters: schema,
    }];
    let (_, _, error) = read(&adapter(&model), request).await;
    assert!(error.is_none(), "{error:?}");
    let sent = model.requests().pop().expect("sent").body;
    assert_eq!(sent["generationConfig"]["responseSchema"], plain);
    assert_eq!(
        sent["tools"][0]["functionDeclarations"][0],
        json!({"name": "t", "description": "d", "parameters": plain})
    );
}

#[tokio::test]
async fn vertex_takes_a_bearer_token_and_a_model_name_cannot_leave_its_place_in_the_path() {
    let model = ScriptedModel::start().await;
    model.on(anything(), Reply::text("x"));
    let adapter = adapter_with(&model, |settings| {
        settings.base_url = format!(
            "{}/v1/projects/p/locations/l/publishers/google/",
            model.root_url()
        );
        settings.auth = GeminiAuth::Bearer(SecretString::from(KEY));
    });
    let mut request = question("x");
    request.model = Some("models/a/../../../b?x=y#z".into());
    let (_, _, error) = read(&adapter, request).await;
    assert!(error.is_none(), "{error:?}");
    let sent = &model.requests()[0];
    assert_eq!(sent.headers["authorization"], format!("Bearer {KEY}"));
    assert_eq!(
        sent.path,
        "/v1/projects/p/locations/l/publishers/google/models/a%2F..%2F..%2F..%2Fb%3Fx=y%23z:streamGenerateContent"
    );

    let vertex = GeminiSettings::vertex(
        "p",
        "europe-west1",
        GeminiAuth::Bearer(SecretString::from(KEY)),
        "m",
    );
    assert_eq!(
        vertex.base_url,
        "https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/europe-west1/publishers/google"
    );
}
