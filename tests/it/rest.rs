//! The REST API, as a program uses it.

use crate::support::server::TestServer;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

#[tokio::test]
async fn a_question_over_rest_is_the_same_turn_once() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let body = json!({
        "query": "How many customers are there per country?", "dataset_id": dataset,
        "conversation_id": Uuid::now_v7(), "query_id": Uuid::now_v7(),
    });
    let (status, first) = server.post("/api/v1/query", body.clone()).await;
    assert_eq!(status, 200, "{first}");
    assert_eq!(first["status"], "success");
    assert_eq!(first["turn"]["row_count"], 21);
    assert_eq!(first["result"]["rows"].as_array().expect("rows").len(), 21);
    assert_eq!(first["result"]["chart"]["kind"], "bar");
    let (status, second) = server.post("/api/v1/query", body.clone()).await;
    assert_eq!(status, 200);
    assert_eq!(
        second["turn"], first["turn"],
        "the same turn, not a second one"
    );
    let mut other = body;
    other["query"] = json!("How many products are there?");
    let (status, refused) = server.post("/api/v1/query", other).await;
    assert_eq!(
        (status, &refused["error"]["code"]),
        (409, &json!("run_id_reused"))
    );
}

#[tokio::test]
async fn conversations_are_made_found_renamed_and_deleted() {
    let server = TestServer::start_with(&[]).await;
    let (status, made) = server
        .post("/api/v1/conversations", json!({"title": "Quarterly"}))
        .await;
    assert_eq!(status, 201);
    let path = format!(
        "/api/v1/conversations/{}",
        made["conversation_id"].as_str().expect("an id")
    );
    let answer = server
        .ask("Northwind", "List the suppliers in Germany")
        .await;
    assert_eq!(answer["status"], "success");
    let found = |page: &Value| page["items"].as_array().expect("items").len();
    for (search, count) in [
        ("quarterly", 1),
        ("SUPPLIERS", 1),
        ("nothing like it", 0),
        ("%", 0),
    ] {
        let url = reqwest::Url::parse_with_params(
            &server.url("/api/v1/conversations"),
            [("search", search)],
        )
        .expect("a URL");
        let page: Value = reqwest::get(url)
            .await
            .expect("an answer")
            .json()
            .await
            .expect("JSON");
        assert_eq!(found(&page), count, "{search}");
    }
    let (status, renamed) = server
        .send(Method::PATCH, &path, json!({"title": "Yearly"}))
        .await;
    assert_eq!((status, &renamed["title"]), (200, &json!("Yearly")));
    let (status, _) = server
        .send(Method::PATCH, &path, json!({"title": "  "}))
        .await;
    assert_eq!(status, 400);
    let (status, _) = server.send(Method::DELETE, &path, json!({})).await;
    assert_eq!(status, 204);
    let (status, gone) = server.get(&path).await;
    assert_eq!((status, &gone["error"]["code"]), (404, &json!("not_found")));
    let (_, page) = server.get("/api/v1/conversations").await;
    assert_eq!(found(&page), 1);
}

#[tokio::test]
async fn pages_of_conversations_join_up() {
    let server = TestServer::start_with(&[]).await;
    for number in 0..7 {
        server
            .post(
                "/api/v1/conversations",
                json!({"title": format!("c{number}")}),
            )
            .await;
    }
    let mut titles = Vec::new();
    let mut path = "/api/v1/conversations?limit=3".to_owned();
    loop {
        let (_, page) = server.get(&path).await;
        for item in page["items"].as_array().expect("items") {
            titles.push(item["title"].as_str().expect("a title").to_owned());
        }
        match page["next"].as_str() {
            Some(next) => {
                path = format!(
                    "/api/v1/conversations?limit=3&before={}",
                    next.replace('+', "%2B")
                )
            }
            None => break,
        }
    }
    assert_eq!(titles, ["c6", "c5", "c4", "c3", "c2", "c1", "c0"]);
}

#[tokio::test]
async fn feedback_is_kept_replaced_and_checked() {
    let server = TestServer::start_with(&[]).await;
    let answer = server
        .ask("Northwind", "How many products are there?")
        .await;
    let conversation = answer["conversation_id"].as_str().expect("an id");
    let path = format!(
        "/api/v1/conversations/{conversation}/turns/{}/feedback",
        answer["query_id"].as_str().expect("an id")
    );
    let (status, _) = server.post(&path, json!({"rating": "up"})).await;
    assert_eq!(status, 200);
    let down = json!({"rating": "down", "category": "wrong_filter", "text": "only active ones",
                      "correction": "select count(*) from products where discontinued = 0"});
    let (status, kept) = server.post(&path, down).await;
    assert_eq!((status, &kept["category"]), (200, &json!("wrong_filter")));
    let (_, shown) = server
        .get(&format!("/api/v1/conversations/{conversation}"))
        .await;
    assert_eq!(shown["turns"][0]["feedback"]["text"], "only active ones");
    let (status, refused) = server
        .post(
            &path,
            json!({"rating": "down", "correction": "delete from products"}),
        )
        .await;
    assert_eq!(
        (status, &refused["error"]["code"]),
        (422, &json!("query_refused"))
    );
    let (status, _) = server.post(&path, json!({"rating": "sideways"})).await;
    assert_eq!(status, 400);
    let nobody = format!(
        "/api/v1/conversations/{conversation}/turns/{}/feedback",
        Uuid::now_v7()
    );
    let (status, _) = server.post(&nobody, json!({"rating": "up"})).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn an_edited_query_is_checked_before_it_runs() {
    let server = TestServer::start_with(&[]).await;
    let dataset = server.dataset("Northwind").await;
    let run = |query: &str| {
        server.post(
            "/api/v1/execute",
            json!({"dataset_id": dataset, "query": query, "limit": 5}),
        )
    };
    let (status, page) = run("select order_id, freight from orders order by 1").await;
    assert_eq!(status, 200, "{page}");
    assert_eq!(page["rows"].as_array().expect("rows").len(), 5);
    assert_eq!(page["row_count"], 830);
    let (status, later) = server
        .post(
            "/api/v1/execute",
            json!({"dataset_id": dataset, "query": "select order_id, freight from orders order by 1", "limit": 2, "offset": 3}),
        )
        .await;
    assert_eq!(status, 200, "{later}");
    let first = page["rows"].as_array().expect("rows");
    assert_eq!(later["rows"], json!(first[3..5]), "{later}");
    let result = page["result_id"].as_str().expect("an id");
    let (_, next) = server
        .get(&format!("/api/v1/results/{result}?cursor=828"))
        .await;
    assert_eq!(next["rows"].as_array().expect("rows").len(), 2);
    assert!(next["next_cursor"].is_null());
    let csv = reqwest::get(server.url(&format!("/api/v1/results/{result}.csv")))
        .await
        .expect("an answer");
    assert!(
        csv.headers()["content-type"]
            .to_str()
            .expect("text")
            .starts_with("text/csv")
    );
    assert_eq!(csv.text().await.expect("text").lines().count(), 831);

    let (status, refused) = run("select nothing_like_it from orders").await;
    assert_eq!(status, 422);
    let finding = &refused["error"]["details"]["findings"][0];
    assert_eq!(
        (&finding["code"], &finding["line"], &finding["column"]),
        (&json!("unknown_column"), &json!(1), &json!(8))
    );
    for attack in [
        "update orders set freight = 0",
        "select 1; select 2",
        "pragma journal_mode",
        "attach 'x' as y",
    ] {
        let (status, _) = run(attack).await;
        assert_eq!(status, 422, "{attack}");
    }
}

#[tokio::test]
async fn a_retry_is_told_what_was_wrong() {
    use crate::support::model::{Reply, ScriptedModel, anything, asked};
    let model = ScriptedModel::start().await;
    model.on(
        asked("only active ones"),
        Reply::text(
            "```sql\nselect count(*) from products where discontinued = 0\n```\nConfidence: 0.9",
        ),
    );
    model.on(
        anything(),
        Reply::text("```sql\nselect count(*) from products\n```\nConfidence: 0.9"),
    );
    let server = TestServer::with_model(&model).await;
    let first = server
        .ask("Northwind", "How many products are there?")
        .await;
    let (status, second) = server
        .post(
            "/api/v1/retry",
            json!({"query_id": first["query_id"], "feedback": "only active ones"}),
        )
        .await;
    assert_eq!(status, 200, "{second}");
    assert!(
        second["turn"]["query"]
            .as_str()
            .expect("a query")
            .contains("discontinued")
    );
    assert_eq!(second["conversation_id"], first["conversation_id"]);
}

#[tokio::test]
async fn wrong_requests_say_what_is_wrong() {
    let server = TestServer::start_with(&[]).await;
    let unknown = Uuid::now_v7();
    for (path, body, status, code) in [
        ("/api/v1/query", json!({"query": ""}), 400, "bad_frame"),
        (
            "/api/v1/query",
            json!({"question": "x"}),
            400,
            "bad_request",
        ),
        (
            "/api/v1/query",
            json!({"query": "x", "dataset_id": unknown}),
            404,
            "not_found",
        ),
        (
            "/api/v1/query",
            json!({"query": "x".repeat(20_000)}),
            413,
            "too_large",
        ),
        (
            "/api/v1/retry",
            json!({"query_id": unknown}),
            404,
            "not_found",
        ),
        (
            "/api/v1/execute",
            json!({"query": "select 1"}),
            400,
            "bad_request",
        ),
        ("/api/v1/nothing", json!({}), 404, "not_found"),
    ] {
        let (got, answer) = server.post(path, body).await;
        assert_eq!(
            (got, &answer["error"]["code"]),
            (status, &json!(code)),
            "{path}: {answer}"
        );
        assert_eq!(answer["status"], "error");
        assert!(!answer["trace_id"].as_str().expect("a trace id").is_empty());
    }
    let (status, _) = server.get("/api/v1/conversations/not-a-uuid").await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn health_metrics_and_documents_are_there() {
    let server = TestServer::start_with(&[]).await;
    let (status, ready) = server.get("/readyz").await;
    assert_eq!((status, &ready["ready"]), (200, &json!(true)));
    let (_, document) = server.get("/api/v1/openapi.json").await;
    for path in [
        "/api/v1/query",
        "/api/v1/retry",
        "/api/v1/execute",
        "/api/v1/conversations",
        "/api/v1/conversations/{id}",
        "/api/v1/conversations/{id}/turns",
        "/api/v1/conversations/{c}/turns/{t}/feedback",
        "/api/v1/schemas",
        "/api/v1/results/{id}",
    ] {
        assert!(
            document["paths"][path].is_object(),
            "{path} is not documented"
        );
    }
    let page = reqwest::get(server.url("/api/docs/"))
        .await
        .expect("an answer");
    assert_eq!(page.status(), 200);
    let metrics = reqwest::get(server.url("/metrics"))
        .await
        .expect("an answer");
    assert_eq!(metrics.status(), 200);
}
