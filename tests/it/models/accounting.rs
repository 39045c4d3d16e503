//! What was asked, what it cost, and where it ends.

use super::{calls, outcomes, query, server};
use crate::support::client::Client;
use crate::support::model::{Reply, ScriptedModel, anything, task};
use crate::support::server::TestServer;
use queryforge::access::{Caller, Role};
use queryforge::ids::TurnId;
use queryforge::llm::Usage;
use queryforge::llm::ledger::CallRecord;
use queryforge::store::{
    Budget, BudgetScope, CallsOf, LOCAL_WORKSPACE, Reservation, Store, UsageBy,
};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

const COUNT: &str = "select count(*) as n from customers";

#[tokio::test]
async fn every_try_is_stored_with_its_tokens_and_its_cost_and_summed_up() {
    let model = ScriptedModel::start().await;
    model.on(anything(), Reply::status(503).times(1));
    model.on(anything(), query(COUNT, 0.9).usage(1_000_000, 200_000));
    let server = server(&model, &[("QF_MODEL_PRICES", "scripted=2/0.5/10")]).await;
    let answer = server
        .ask("Northwind", "How many customers are there?")
        .await;
    let calls = calls(&server, &answer["turn"]).await;
    assert_eq!(
        outcomes(&calls),
        ["generate_query provider", "generate_query ok"]
    );
    assert_eq!(
        calls[0]["usage"]["input_tokens"], 0,
        "a refusal costs nothing"
    );
    let ok = &calls[1];
    assert_eq!(ok["cost"], 4.0);
    assert_eq!((&ok["tries"], &ok["attempt"]), (&json!(2), &json!(1)));
    assert!(ok["first_token_ms"].is_u64() && ok["ms"].is_u64());

    for (by, key) in [
        ("model", "openai:scripted"),
        ("user", "local"),
        ("task", "generate_query"),
    ] {
        let (status, report) = server.get(&format!("/api/v1/usage?by={by}")).await;
        assert_eq!(status, 200, "{report}");
        let row = &report["rows"][0];
        assert_eq!(row["key"], key);
        assert_eq!(
            (&row["calls"], &row["failed"]),
            (&json!(2), &json!(1)),
            "{row}"
        );
        assert_eq!(row["cost_usd"], 4.0);
        assert_eq!(row["input_tokens"], 1_000_000);
    }
    let (_, report) = server.get("/api/v1/usage?by=day&days=2").await;
    assert_eq!(report["rows"].as_array().expect("rows").len(), 1);
    assert_eq!(report["today"]["workspace"]["used"], 1_200_000);
    assert_eq!(report["today"]["workspace"]["reserved"], 0);
    let (status, _) = server.get("/api/v1/usage?by=star").await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn the_same_question_at_temperature_0_is_answered_from_memory_at_no_cost() {
    let model = ScriptedModel::start().await;
    model.on(anything(), query(COUNT, 0.9).usage(500, 50));
    let server = server(&model, &[("QF_TEMPERATURE", "0")]).await;
    server
        .ask("Northwind", "How many customers are there?")
        .await;
    let again = server
        .ask("Northwind", "How many customers are there?")
        .await;
    assert_eq!(model.requests().len(), 1, "the second one is remembered");
    let calls = calls(&server, &again["turn"]).await;
    assert_eq!(outcomes(&calls), ["generate_query remembered"]);
    assert_eq!(calls[0]["cost"], 0.0);
    assert_eq!(calls[0]["usage"]["input_tokens"], 0);
}

#[tokio::test]
async fn a_budget_is_never_passed_and_says_when_there_is_more() {
    const LIMIT: i64 = 20_000;
    let model = ScriptedModel::start().await;
    model.on(anything(), query(COUNT, 0.9).usage(5_000, 1_000));
    let limit = LIMIT.to_string();
    let server = server(
        &model,
        &[
            ("QF_TOKENS_PER_DAY_PER_USER", limit.as_str()),
            ("QF_MAX_TOKENS", "1000"),
        ],
    )
    .await;
    let dataset = server.dataset("Northwind").await;
    let mut refused: Option<Value> = None;
    for turn in 0..10 {
        let question = json!({"query": "How many customers are there?", "dataset_id": dataset});
        let (status, body) = server.post("/api/v1/query", question).await;
        if status == 429 {
            assert!(turn > 0, "the first one fits: {body}");
            refused = Some(body);
            break;
        }
        assert_eq!(status, 200, "{body}");
    }
    let refused = refused.expect("ten turns are more than the budget");
    assert_eq!(refused["error"]["code"], "TOKEN_BUDGET");
    let message = refused["error"]["message"].as_str().expect("words");
    assert!(
        message.contains("Your tokens") && message.contains("00:00 UTC"),
        "{message}"
    );
    let (_, report) = server.get("/api/v1/usage").await;
    let user = &report["today"]["user"];
    assert!(user["used"].as_i64() <= Some(LIMIT), "{user}");
    assert_eq!(
        (&user["reserved"], &user["limit"]),
        (&json!(0), &json!(LIMIT))
    );

    // the built-in generator needs no tokens
    let question = json!({"query": "How many customers are there?", "dataset_id": dataset,
        "model_config": {"provider": "builtin"}});
    let (status, body) = server.post("/api/v1/query", question).await;
    assert_eq!(status, 200, "{body}");
}

#[tokio::test]
async fn turns_at_once_share_a_budget_and_none_slips_through() {
    let model = ScriptedModel::start().await;
    model.on(anything(), query(COUNT, 0.9).usage(9_000, 500));
    let server = server(
        &model,
        &[("QF_TOKENS_PER_DAY", "20000"), ("QF_MAX_TOKENS", "9000")],
    )
    .await;
    let dataset = server.dataset("Northwind").await;
    let asked = (0..6).map(|_| {
        let question = json!({"query": "How many customers are there?", "dataset_id": dataset});
        server.post("/api/v1/query", question)
    });
    let answers = futures::future::join_all(asked).await;
    let count = |wanted: u16| {
        answers
            .iter()
            .filter(|(status, _)| *status == wanted)
            .count()
    };
    assert_eq!(count(200) + count(429), 6, "{answers:?}");
    // each holds 9,000 and its prompt, so a third one never fits beside two
    assert!((1..=2).contains(&count(200)), "{}", count(200));
    assert_eq!(model.requests().len(), count(200));
    let (_, report) = server.get("/api/v1/usage").await;
    assert_eq!(report["today"]["workspace"]["reserved"], 0);
    assert!(report["today"]["workspace"]["used"].as_i64() <= Some(20_000));
}

#[tokio::test]
async fn a_key_that_its_provider_echoes_is_in_no_event_no_record_and_no_account() {
    const KEY: &str = "sk-canary-51c7d0aa93fe4b82";
    let model = ScriptedModel::start().await;
    let body =
        json!({"error": {"message": format!("key {KEY} may not use this model"), "type": KEY}});
    model.on(
        anything(),
        Reply::status(400).body("application/json", body.to_string()),
    );
    let server = server(&model, &[("OPENAI_API_KEY", KEY)]).await;
    let dataset = server.dataset("Northwind").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    let run = client
        .submit(&dataset, "How many customers are there?")
        .await;
    let end = client.until_terminal().await.pop().expect("an end");
    assert_eq!(end["code"], "LLM_UNAVAILABLE", "{end}");
    assert_eq!(
        model.requests()[0].headers["authorization"],
        format!("Bearer {KEY}")
    );

    for text in told(&server, &client, run).await {
        assert!(
            !text.contains("canary") && !text.contains("93fe4b82"),
            "{text}"
        );
    }
}

/// Everything that is shown and kept of a turn.
async fn told(server: &TestServer, client: &Client, run: Uuid) -> Vec<String> {
    let mut everything = client.frames.clone();
    for path in ["", "/calls", "/replay"] {
        let base = format!("/api/v1/conversations/{}/turns", client.conversation);
        let path = match path {
            "" => base,
            path => format!("{base}/{run}{path}"),
        };
        let (status, body) = server.get(&path).await;
        assert_eq!(status, 200, "{path}: {body}");
        everything.push(body.to_string());
    }
    let record = server
        .app
        .store
        .turn_record(TurnId(run))
        .await
        .expect("a store");
    everything.push(record.expect("it is kept").record);
    let kept: Vec<String> = sqlx::query_scalar("select m::text from model_replies m")
        .fetch_all(&mut server.session().await)
        .await
        .expect("a table");
    everything.extend(kept);
    everything
}

#[tokio::test]
async fn a_key_that_a_model_says_itself_reaches_nobody_however_its_stream_is_cut() {
    const KEY: &str = "sk-canary-51c7d0aa93fe4b82";
    let model = ScriptedModel::start().await;
    let says = format!(
        "My key is {KEY}.\n```sql\nselect '{KEY}' as k, count(*) as n from customers\n```\nExplanation: with {KEY}.\nConfidence: 0.9\n"
    );
    for size in [1, 3, 7, 26, 4_000] {
        model.on(anything(), Reply::text(&says).chunked(size).times(1));
    }
    let server = server(&model, &[("OPENAI_API_KEY", KEY)]).await;
    let dataset = server.dataset("Northwind").await;
    for _ in 0..5 {
        let mut client = Client::open(&server, Uuid::now_v7()).await;
        let run = client
            .submit(&dataset, "How many customers are there?")
            .await;
        let end = client.until_terminal().await.pop().expect("an end");
        let query = end["result"]["query"].as_str().expect("a query");
        assert!(query.contains("[key]"), "{query}");
        for text in told(&server, &client, run).await {
            assert!(
                !text.contains("canary-51") && !text.contains("51c7d0aa93"),
                "{text}"
            );
        }
    }
}

#[tokio::test]
async fn a_provider_that_is_not_configured_is_refused_by_name() {
    let model = ScriptedModel::start().await;
    model.on(anything(), query(COUNT, 0.9));
    let server = server(&model, &[]).await;
    let dataset = server.dataset("Northwind").await;
    let ask = |provider: &str| {
        json!({"query": "How many customers are there?", "dataset_id": dataset,
            "model_config": {"provider": provider}})
    };
    let (status, body) = server.post("/api/v1/query", ask("antropic")).await;
    assert_eq!(
        (status, &body["error"]["code"]),
        (422, &json!("unknown_provider"))
    );
    let message = body["error"]["message"].as_str().expect("words");
    assert!(
        message.contains("'antropic'") && message.contains("openai, builtin"),
        "{message}"
    );
    assert!(model.requests().is_empty(), "nobody else was asked instead");
    let (status, body) = server.post("/api/v1/query", ask("openai")).await;
    assert_eq!(status, 200, "{body}");
}

fn call(tokens: u64) -> CallRecord {
    CallRecord {
        id: Uuid::now_v7(),
        task: "generate_query".into(),
        attempt: 1,
        tries: 1,
        provider: "openai".into(),
        model: "scripted".into(),
        outcome: "ok".into(),
        usage: Usage {
            input_tokens: tokens,
            ..Usage::default()
        },
        estimated: false,
        cost: Some(1.0),
        first_token_ms: None,
        ms: 1,
        started_at: chrono::Utc::now(),
    }
}

#[tokio::test]
async fn tokens_that_a_dead_process_held_are_given_back_and_counted_once() {
    let server = TestServer::start_with(&[]).await;
    let store: &Store = &server.app.store;
    let day = chrono::Utc::now().date_naive();
    let (owner, budget) = (
        "ann",
        Budget {
            workspace: None,
            owner: Some(1_000),
        },
    );
    let reserve = async |turn: TurnId, tokens: u64, lifetime: Duration| {
        let wanted = Reservation {
            turn,
            day,
            tokens,
            lifetime,
        };
        store
            .reserve_tokens(LOCAL_WORKSPACE, owner, budget, wanted)
            .await
            .expect("a store")
    };
    let today = async || {
        let (_, user) = store
            .token_day(LOCAL_WORKSPACE, owner, day)
            .await
            .expect("a store");
        (user.used, user.reserved)
    };
    let hour = Duration::from_secs(3600);
    let (dead, slow, alive) = (TurnId::new(), TurnId::new(), TurnId::new());
    assert_eq!(reserve(dead, 600, Duration::ZERO).await, Ok(()));
    assert_eq!(reserve(slow, 300, Duration::ZERO).await, Ok(()));
    // both are past their time, so there is room
    assert_eq!(reserve(alive, 700, hour).await, Ok(()));
    assert_eq!(today().await, (0, 700));
    assert_eq!(
        reserve(TurnId::new(), 400, hour).await,
        Err(BudgetScope::Owner)
    );
    assert_eq!(today().await, (0, 700), "what was refused is not held");
    // one that was slower than anybody waits for takes nothing from the others
    let of = |turn| CallsOf {
        workspace: LOCAL_WORKSPACE,
        owner,
        turn,
        day: Some(day),
    };
    store
        .add_model_calls(of(slow), &[call(50)])
        .await
        .expect("a store");
    assert_eq!(today().await, (50, 700));
    for _ in 0..2 {
        store
            .add_model_calls(of(alive), &[])
            .await
            .expect("a store");
        assert_eq!(today().await, (50, 0), "settled, and settled once");
    }
}

#[tokio::test]
async fn people_see_their_own_usage_and_administrators_everybodys() {
    let server = TestServer::start_with(&[]).await;
    let store = &server.app.store;
    for (owner, tokens) in [("ann", 10), ("ben", 500)] {
        let of = CallsOf {
            workspace: LOCAL_WORKSPACE,
            owner,
            turn: TurnId::new(),
            day: None,
        };
        store
            .add_model_calls(of, &[call(tokens)])
            .await
            .expect("a store");
    }
    let seen = async |caller: &Caller| {
        let whose = caller.sees_usage_of();
        let rows = store
            .usage(LOCAL_WORKSPACE, whose, UsageBy::User, 2)
            .await
            .expect("a store");
        rows.into_iter()
            .map(|row| (row.key, row.input_tokens))
            .collect::<Vec<_>>()
    };
    let ann = Caller {
        owner: "ann".to_owned(),
        role: Role::User,
    };
    assert_eq!(seen(&ann).await, [("ann".to_owned(), 10)]);
    assert_eq!(seen(&Caller::local()).await.len(), 2);
    // the one person of local mode is the administrator
    let (_, report) = server.get("/api/v1/usage?by=user").await;
    assert_eq!(report["rows"].as_array().expect("rows").len(), 2);
    assert!(report["today"]["workspace"].is_object(), "{report}");
}

#[tokio::test]
async fn a_model_that_describes_a_schema_is_paid_for_out_of_the_same_budget() {
    let model = ScriptedModel::start().await;
    model.on(
        task("describe_schema"),
        Reply::text("{\"table\": \"regions\", \"description\": \"Parts of the world.\"}")
            .usage(700, 60),
    );
    let server = server(
        &model,
        &[("QF_TOKENS_PER_DAY", "30000"), ("QF_MAX_TOKENS", "1000")],
    )
    .await;
    let dataset = server.dataset("Northwind").await;
    let path = format!("/api/v1/schemas/{dataset}/enrich");
    let (status, body) = server.post(&path, json!({})).await;
    assert_eq!(status, 200, "{body}");
    let (_, report) = server.get("/api/v1/usage?by=task").await;
    let row = &report["rows"][0];
    assert_eq!(row["key"], "enrich_schema", "{report}");
    let calls = model.requests().len() as u64;
    assert_eq!(row["calls"], calls);
    assert_eq!(row["input_tokens"], 700 * calls);
    let today = &report["today"]["workspace"];
    assert_eq!(
        (&today["used"], &today["reserved"]),
        (&json!(760 * calls), &json!(0))
    );
    // until it is used up
    let mut last = status;
    for _ in 0..40 {
        last = server.post(&path, json!({})).await.0;
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
    let (_, report) = server.get("/api/v1/usage").await;
    let today = &report["today"]["workspace"];
    assert_eq!(today["reserved"], 0);
    assert!(today["used"].as_i64() <= Some(30_000), "{today}");
}
