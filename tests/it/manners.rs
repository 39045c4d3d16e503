//! Wrong requests: whatever comes in, the answer has one shape and says what to do.

use crate::support::server::TestServer;
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use uuid::Uuid;

/// Every refusal is JSON of our shape; nothing is ever our fault. The body.
async fn refused_well(response: Response, what: &str) -> Option<Value> {
    let status = response.status().as_u16();
    assert!(status < 500, "{what}: {status} {:?}", response.text().await);
    if status < 400 {
        return None;
    }
    let kind = response
        .headers()
        .get("content-type")
        .map(|kind| kind.to_str().expect("ASCII").to_owned())
        .unwrap_or_default();
    let text = response.text().await.expect("a body");
    assert_eq!(kind, "application/json", "{what}: {status} {text}");
    let body: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(body["status"], "error", "{what}: {body}");
    for member in [
        &body["error"]["code"],
        &body["error"]["message"],
        &body["trace_id"],
    ] {
        assert!(
            member.as_str().is_some_and(|text| !text.is_empty()),
            "{what}: {body}"
        );
    }
    assert!(body["error"]["details"].is_object(), "{what}: {body}");
    Some(body)
}

#[tokio::test]
async fn every_documented_route_refuses_what_is_wrong_in_one_shape() {
    let server = TestServer::start_with(&[]).await;
    let client = Client::new();
    let (_, document) = server.get("/api/v1/openapi.json").await;
    let routes = document["paths"].as_object().expect("paths");
    assert!(routes.len() >= 12);
    let long = "x".repeat(4000);
    let ids = [
        "not-a-uuid",
        "%00",
        "%ff%fe",
        "..%2f..%2f",
        "0",
        "%F0%9F%98%80",
        long.as_str(),
    ];
    let parameters = [
        "limit=x&cursor=x&offset=x&before=x&after=x",
        "limit=99999999999999999999&cursor=-1",
        "before=-262142-01-01T00:00:00Z",
        "before=%2B262142-12-31T23:59:59Z",
        "search=%00&limit=0",
        "search=%ff",
        "limit=&cursor=&before=",
    ];
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let bodies = [
        "",
        "{",
        "[]",
        "null",
        "5",
        "{}",
        r#"{"unknown":1}"#,
        r#"{"query":"\u0000"}"#,
        r#"{"query":{"a":1},"title":7,"rating":"sideways"}"#,
        deep.as_str(),
    ];
    let mut asked = 0;
    for (path, documented) in routes {
        for method in [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ] {
            let send = |path: &str| client.request(method.clone(), server.url(path));
            let known = filled(path, &Uuid::now_v7().to_string());
            let Some(operation) = documented.get(method.as_str().to_lowercase()) else {
                let what = format!("{method} {known}");
                let response = send(&known).send().await.expect("an answer");
                assert_eq!(response.status(), 405, "{what}");
                assert!(response.headers().contains_key("allow"), "{what}");
                refused_well(response, &what).await;
                continue;
            };
            let takes_body = !operation["requestBody"].is_null();
            let right_body = |request: reqwest::RequestBuilder| match takes_body {
                true => request.json(&json!({})),
                false => request,
            };
            for id in ids.iter().filter(|_| path.contains('{')) {
                let path = filled(path, id);
                let response = right_body(send(&path)).send().await.expect("an answer");
                let what = format!("{method} {path:.60}");
                assert!(
                    response.status().is_client_error(),
                    "{what} {}",
                    response.status()
                );
                refused_well(response, &what).await;
                asked += 1;
            }
            for query in parameters {
                let path = format!("{known}?{query}");
                let response = right_body(send(&path)).send().await.expect("an answer");
                refused_well(response, &format!("{method} {path}")).await;
                asked += 1;
            }
            for body in bodies.iter().filter(|_| takes_body) {
                for kind in ["application/json", "text/plain"] {
                    let request = send(&known)
                        .header("content-type", kind)
                        .body((*body).to_owned());
                    let response = request.send().await.expect("an answer");
                    let what = format!("{method} {known} with {body:.40} as {kind}");
                    let is_default = *body == "{}" && kind == "application/json";
                    assert!(
                        response.status().is_client_error()
                            || is_default
                            || response.status() == 201,
                        "{what}"
                    );
                    refused_well(response, &what).await;
                    asked += 1;
                }
            }
            if takes_body {
                let large = format!("\"{}\"", "x".repeat(3 * 1024 * 1024));
                let request = send(&known)
                    .header("content-type", "application/json")
                    .body(large);
                // the server may hang up while we still send
                if let Ok(response) = request.send().await {
                    // a schema and an import of examples may be as large
                    let status = response.status();
                    assert!(
                        matches!(status.as_u16(), 400 | 404 | 413 | 422),
                        "{method} {known}: {status}"
                    );
                    refused_well(response, &format!("{method} {known} with 3 MiB")).await;
                }
            }
        }
    }
    assert!(asked > 200, "{asked} requests try little");
    assert_eq!(server.get("/readyz").await.0, 200);
}

fn filled(path: &str, id: &str) -> String {
    let mut filled = String::new();
    for part in path.split_inclusive(['{', '}']) {
        match part.strip_suffix('}') {
            Some(_) => filled.push_str(id),
            None => filled.push_str(part.trim_end_matches('{')),
        }
    }
    filled
}

#[tokio::test]
async fn what_is_not_there_says_so_in_the_same_shape() {
    let server = TestServer::start_with(&[]).await;
    let client = Client::new();
    for (method, path, status, code) in [
        (Method::GET, "/api/v1/nothing", 404, "not_found"),
        (Method::POST, "/api/nothing", 404, "not_found"),
        (Method::GET, "/nothing.js", 404, "not_found"),
        (Method::POST, "/", 405, "method_not_allowed"),
        (Method::POST, "/healthz", 405, "method_not_allowed"),
        (Method::DELETE, "/metrics", 405, "method_not_allowed"),
        (Method::GET, "/ws/x", 426, "upgrade_required"),
        (Method::POST, "/ws/x", 405, "method_not_allowed"),
        (
            Method::GET,
            "/ws/x?after[]=1&after=%ff",
            426,
            "upgrade_required",
        ),
        (Method::GET, "/api/v1/results/none.csv", 404, "not_found"),
    ] {
        let what = format!("{method} {path}");
        let response = client
            .request(method, server.url(path))
            .send()
            .await
            .expect("an answer");
        assert_eq!(response.status().as_u16(), status, "{what}");
        let body = refused_well(response, &what).await.expect("a refusal");
        assert_eq!(body["error"]["code"], code, "{what}");
    }
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_may_read_the_answers() {
    let server = TestServer::start_with(&[("ALLOWED_ORIGINS", "https://bi.example.com")]).await;
    let client = Client::new();
    let preflight = client
        .request(Method::OPTIONS, server.url("/api/v1/agui"))
        .header("origin", "https://bi.example.com")
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "content-type,last-event-id,x-run-id",
        )
        .send()
        .await
        .expect("an answer");
    assert!(preflight.status().is_success());
    let of = |response: &Response, name: &str| {
        response
            .headers()
            .get(name)
            .map(|value| value.to_str().expect("ASCII").to_owned())
    };
    assert_eq!(
        of(&preflight, "access-control-allow-origin").as_deref(),
        Some("https://bi.example.com")
    );
    assert!(
        of(&preflight, "access-control-allow-headers")
            .expect("headers")
            .contains("last-event-id")
    );
    let own = format!("http://{}", server.address);
    for (origin, status, allowed) in [
        (
            "https://bi.example.com",
            200,
            Some("https://bi.example.com"),
        ),
        (own.as_str(), 200, None),
        ("https://evil.example", 403, None),
    ] {
        let request = client
            .get(server.url("/api/v1/status"))
            .header("origin", origin);
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), status, "{origin}");
        assert_eq!(
            of(&response, "access-control-allow-origin").as_deref(),
            allowed,
            "{origin}"
        );
    }
}

#[tokio::test]
async fn what_nobody_can_see_is_no_title_and_no_question() {
    let server = TestServer::start_with(&[]).await;
    let (_, made) = server.post("/api/v1/conversations", json!({})).await;
    let path = format!(
        "/api/v1/conversations/{}",
        made["conversation_id"].as_str().expect("an id")
    );
    for nothing in [
        " ",
        "\u{200b}",
        "\u{1b}\u{7}",
        "\u{feff}\u{2060}\u{202e}",
        "\u{3164}",
    ] {
        let (status, body) = server
            .post("/api/v1/conversations", json!({"title": nothing}))
            .await;
        assert_eq!(status, 400, "{nothing:?}: {body}");
        let (status, _) = server
            .send(Method::PATCH, &path, json!({"title": nothing}))
            .await;
        assert_eq!(status, 400, "{nothing:?}");
        let (status, body) = server
            .post("/api/v1/query", json!({"query": nothing}))
            .await;
        assert_eq!(
            (status, &body["error"]["code"]),
            (400, &json!("bad_frame")),
            "{nothing:?}"
        );
    }
}

#[tokio::test]
async fn an_id_that_is_taken_does_not_name_the_constraint() {
    let server = TestServer::start_with(&[]).await;
    let id = Uuid::now_v7();
    let (status, _) = server
        .post("/api/v1/conversations", json!({"conversation_id": id}))
        .await;
    assert_eq!(status, 201);
    let (status, body) = server
        .post("/api/v1/conversations", json!({"conversation_id": id}))
        .await;
    assert_eq!((status, &body["error"]["code"]), (409, &json!("conflict")));
    assert_eq!(body["error"]["details"], json!({}));
    assert!(!body.to_string().contains("pkey"), "{body}");
}

#[tokio::test]
async fn what_the_database_refuses_is_shown_at_its_line_and_column() {
    let server = TestServer::with_samples().await;
    let chinook = server.dataset("Chinook").await;
    let query = "select total\nfrom invoice\nwhere total > 'abc'";
    let (status, body) = server
        .post(
            "/api/v1/execute",
            json!({"dataset_id": chinook, "query": query}),
        )
        .await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (422, &json!("query_refused")),
        "{body}"
    );
    let finding = &body["error"]["details"]["findings"][0];
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&json!(3), &json!(15)),
        "{body}"
    );
    // an answer that is larger than a value may be is the query's fault, not ours
    let query = "select repeat(repeat('x', 1000000), 2000) as huge from invoice limit 1";
    let (status, body) = server
        .post(
            "/api/v1/execute",
            json!({"dataset_id": chinook, "query": query}),
        )
        .await;
    assert_eq!(status, 422, "{body}");
}

#[tokio::test]
async fn work_for_a_target_database_has_a_pace_and_results_have_room() {
    let server = TestServer::start_with(&[
        ("QF_EXECUTES_PER_MINUTE", "3"),
        ("QF_REFRESHES_PER_MINUTE", "1"),
        ("QF_STORED_RESULT_BYTES", "60000"),
    ])
    .await;
    let dataset = server.dataset("Northwind").await;
    let run = |query: &str| {
        server.post(
            "/api/v1/execute",
            json!({"dataset_id": dataset, "query": query}),
        )
    };
    let mut results = Vec::new();
    for _ in 0..3 {
        let (status, page) = run("select order_id, ship_name, ship_address from orders").await;
        assert_eq!(status, 200, "{page}");
        results.push(page["result_id"].as_str().expect("an id").to_owned());
    }
    let (status, body) = run("select 1 as one from orders limit 1").await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (429, &json!("rate_limited"))
    );
    // what is refused costs the database nothing, and is not counted
    assert_eq!(run("select nothing from orders").await.0, 422);
    let mut kept = Vec::new();
    for result in &results {
        kept.push(server.get(&format!("/api/v1/results/{result}")).await.0);
    }
    assert_eq!(
        kept,
        [404, 404, 200],
        "the oldest make room, the newest stays"
    );

    let refresh = format!("/api/v1/schemas/{dataset}/refresh");
    assert_eq!(server.post(&refresh, json!({})).await.0, 200);
    let response = Client::new()
        .post(server.url(&refresh))
        .send()
        .await
        .expect("an answer");
    assert_eq!(response.status(), 429);
    let wait: u64 = response.headers()["retry-after"]
        .to_str()
        .expect("ASCII")
        .parse()
        .expect("seconds");
    assert!((1..=60).contains(&wait));
    let nobody = format!("/api/v1/schemas/{}/refresh", Uuid::now_v7());
    assert_eq!(server.post(&nobody, json!({})).await.0, 404);
}

#[tokio::test]
async fn numbers_below_the_least_are_refused_with_what_is_allowed() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let id = Uuid::now_v7();
    for (path, name, allowed) in [
        (
            "/api/v1/conversations?limit=-1".to_owned(),
            "limit",
            "1 to 200",
        ),
        (
            "/api/v1/conversations?limit=0".to_owned(),
            "limit",
            "1 to 200",
        ),
        (
            "/api/v1/feedback/recent?limit=-5".to_owned(),
            "limit",
            "1 to 200",
        ),
        ("/api/v1/usage?days=-1".to_owned(), "days", "1 to 366"),
        (
            format!("/api/v1/schemas/{dataset}/quality?weeks=-3"),
            "weeks",
            "1 to 104",
        ),
        (
            format!("/api/v1/schemas/{dataset}/examples?offset=-1"),
            "offset",
            "0 or more",
        ),
        (
            format!("/api/v1/schemas/{dataset}/examples?limit=-1"),
            "limit",
            "1 to 500",
        ),
        (
            format!("/api/v1/results/{id}?limit=-1"),
            "limit",
            "1 to 10000",
        ),
        (
            format!("/api/v1/results/{id}?cursor=-1"),
            "cursor",
            "0 or more",
        ),
        (
            format!("/api/v1/agui?runId={id}&offset=-2"),
            "number",
            "0 or more",
        ),
    ] {
        let (status, body) = server.get(&path).await;
        let message = body["error"]["message"].as_str().unwrap_or_default();
        assert_eq!(status, 400, "{path}: {body}");
        assert!(
            message.contains(name) && message.contains(allowed),
            "{path}: {message}"
        );
    }
    let query = json!({"dataset_id": dataset, "query": "select 1 as one", "limit": -1});
    let (status, body) = server.post("/api/v1/execute", query).await;
    assert_eq!(status, 400, "{body}");
    // more than the most is the most
    let (status, body) = server.get("/api/v1/conversations?limit=100000").await;
    assert_eq!(status, 200, "{body}");
}

#[tokio::test]
async fn an_array_is_taken_for_no_object_and_no_member_is_dropped() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    for (path, body) in [
        (
            "/api/v1/query".to_owned(),
            json!(["How many orders are there?"]),
        ),
        (
            "/api/v1/query".to_owned(),
            json!({"query": "How many orders are there?", "dataset_id": dataset, "model_config": ["openai", "x"]}),
        ),
        (
            "/api/v1/execute".to_owned(),
            json!(["select 1 as one", dataset]),
        ),
        (
            format!("/api/v1/schemas/{dataset}/directives"),
            json!(["AOV", "avg(freight)"]),
        ),
        (
            format!("/api/v1/schemas/{dataset}/examples/import"),
            json!({"items": [["How many?", "select count(*) as n from orders"]]}),
        ),
    ] {
        let (status, answer) = server.post(&path, body).await;
        assert_eq!(status, 400, "{path}: {answer}");
        assert_eq!(answer["error"]["code"], "bad_request", "{path}: {answer}");
    }
    let said = json!({"table": "orders", "column": "ship_via", "values": [{"value": "1", "meaning": "by sea"}]});
    let (status, answer) = server
        .send(
            Method::PUT,
            &format!("/api/v1/schemas/{dataset}/annotations"),
            said,
        )
        .await;
    let message = answer["error"]["message"].as_str().unwrap_or_default();
    assert_eq!(status, 400, "{answer}");
    assert!(
        message.contains("`values`") && message.contains("meanings"),
        "{message}"
    );
}

#[tokio::test]
async fn a_glossary_word_that_questions_use_anyway_comes_with_a_warning() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let path = format!("/api/v1/schemas/{dataset}/directives");
    for (key, warned) in [
        ("how many", true),
        ("orders", true),
        ("late shipment", false),
    ] {
        let word = json!({"key": key, "value": "shipped_date > required_date"});
        let (status, body) = server.post(&path, word).await;
        assert_eq!(status, 201, "{body}");
        let warning = body["warning"].as_str();
        assert_eq!(warning.is_some(), warned, "{body}");
        assert!(
            warning.is_none_or(|warning| warning.contains(key)),
            "{body}"
        );
    }
    let (_, listed) = server.get(&path).await;
    let warned = listed["items"].as_array().expect("a list");
    assert_eq!(
        warned
            .iter()
            .filter(|item| item["warning"].is_string())
            .count(),
        2,
        "{listed}"
    );
}
