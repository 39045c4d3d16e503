//! Turns played again: the same events, or what differs today and why.

use super::query;
use crate::support::client::Client;
use crate::support::model::{Reply, ScriptedModel, anything, asked, task};
use crate::support::server::TestServer;
use queryforge::conversation::replay::{World, replay};
use queryforge::ids::TurnId;
use serde_json::{Value, json};
use std::path::Path;
use uuid::Uuid;

/// A turn as it was seen: its id and its events, without sequence numbers.
struct Seen {
    turn: TurnId,
    what: String,
    events: Vec<Value>,
}

fn without_sequence(mut event: Value) -> Value {
    if let Some(metadata) = event["metadata"].as_object_mut() {
        metadata.remove("qf.seq");
        if metadata.is_empty() {
            event.as_object_mut().expect("an event").remove("metadata");
        }
    }
    event
}

async fn watch(client: &mut Client, dataset: &str, question: &str, provider: Option<&str>) -> Seen {
    let run = Uuid::now_v7();
    let mut qf = json!({"datasetId": dataset});
    if let Some(provider) = provider {
        qf["modelConfig"] = json!({"provider": provider});
    }
    let input = json!({"threadId": client.conversation, "runId": run,
        "messages": [{"id": Uuid::now_v7(), "role": "user", "content": question}],
        "tools": [], "context": [], "forwardedProps": {"qf": qf}});
    client.send(input).await;
    seen(client, run, question).await
}

async fn seen(client: &mut Client, run: Uuid, what: &str) -> Seen {
    let events = client.until_terminal().await;
    Seen {
        turn: TurnId(run),
        what: what.to_owned(),
        events: events.into_iter().map(without_sequence).collect(),
    }
}

fn questions(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/questions")
        .join(format!("{name}.jsonl"));
    std::fs::read_to_string(path)
        .expect("the questions are in the repository")
        .lines()
        .map(|line| {
            let row: Value = serde_json::from_str(line).expect("JSON");
            row["question"].as_str().expect("words").to_owned()
        })
        .collect()
}

/// Every way in which a turn can go, with a model.
fn script(model: &ScriptedModel) {
    model.on(asked("delete"), query("delete from customers", 0.9));
    model.on(asked("Remove"), query("delete from customers", 0.9));
    model.on(
        asked("there is no column `land`"),
        query(
            "select count(*) from customers where country = 'Germany'",
            0.9,
        ),
    );
    model.on(
        asked("in Germany"),
        query("select count(*) from customers where land = 'Germany'", 0.9),
    );
    model.on(
        asked("best customers"),
        Reply::text("CLARIFY: Best by what?\n- by revenue\n- by number of orders\n"),
    );
    model.on(
        asked("the weather"),
        Reply::text("I know nothing of the weather."),
    );
    model.on(asked("wrong key"), Reply::status(401));
    model.on(
        asked("cut short"),
        query("select company_name, country, city from customers", 0.9).cut_after(4),
    );
    model.on(
        asked("two readings"),
        Reply::text("```sql\nselect count(*) from orders\n```\nExplanation: All orders.\nConfidence: 0.6\nAlternative: only shipped\n```sql\nselect count(*) from orders where shipped_date is not null\n```\n"),
    );
    model.on(
        asked("for ever"),
        query("select company_name from customers", 0.9).stall_after(3),
    );
    model.on(task("answer_question"), Reply::text("There are some."));
    model.on(
        anything(),
        query(
            "select company_name, country from customers order by 1",
            0.88,
        ),
    );
}

#[tokio::test]
async fn turns_come_to_the_very_events_they_came_to() {
    replays(5, 2, 5).await;
}

/// `cargo test --test it two_hundred_turns -- --ignored`: a minute on a quiet machine.
#[tokio::test]
#[ignore = "takes a minute; the one above is the same with forty turns"]
async fn two_hundred_turns_come_to_the_very_events_they_came_to() {
    replays(45, 6, 5).await;
}

/// So many questions to each sample's built-in generator, rounds of every way in which a model's turn can go, and turns
/// that are stopped.
async fn replays(questions_each: usize, rounds: usize, stopped: usize) {
    let model = ScriptedModel::start().await;
    script(&model);
    let base = model.base_url();
    let server = TestServer::with_samples_and(&[
        ("OPENAI_BASE_URL", base.as_str()),
        ("OPENAI_MODEL", "scripted"),
        ("ANSWER_MODEL", "openai:wordy"),
    ])
    .await;
    let mut all: Vec<Seen> = Vec::new();

    for (name, file) in [
        ("Northwind", "northwind"),
        ("Bike share", "bike_1"),
        ("Chinook", "chinook"),
    ] {
        let known = server.app.datasets().await;
        let names: Vec<&str> = known.iter().map(|dataset| dataset.name.as_str()).collect();
        let name = *names
            .iter()
            .find(|known| known.to_lowercase().contains(&name.to_lowercase()[..4]))
            .unwrap_or_else(|| panic!("{name} is not among {names:?}"));
        let dataset = server.dataset(name).await;
        // some in one conversation, so that they refer to each other
        let mut client = Client::open(&server, Uuid::now_v7()).await;
        for (at, question) in questions(file).into_iter().take(questions_each).enumerate() {
            if at % 5 == 0 {
                client = Client::open(&server, Uuid::now_v7()).await;
            }
            all.push(watch(&mut client, &dataset, &question, Some("builtin")).await);
        }
    }

    let dataset = server.dataset("Northwind").await;
    let by_model = [
        "List all customers",
        "How many customers are in Germany?",
        "Who are the best customers?",
        "What about the weather?",
        "Please Remove all customers",
        "Try it with the wrong key",
        "A list that is cut short",
        "Orders, in two readings",
        "hello",
        "what tables are there?",
    ];
    for round in 0..rounds {
        for question in by_model {
            // what was said before stands in the prompt, and the script goes by what stands there
            let mut client = Client::open(&server, Uuid::now_v7()).await;
            all.push(
                watch(
                    &mut client,
                    &dataset,
                    &format!("{question} {}", "!".repeat(round)),
                    None,
                )
                .await,
            );
        }
    }

    for round in 0..stopped {
        // stopped in the middle of its query
        let mut client = Client::open(&server, Uuid::now_v7()).await;
        let run = client
            .submit(&dataset, &format!("Names for ever {round}"))
            .await;
        let mut events = Vec::new();
        loop {
            let event = client.next().await.expect("a frame");
            let has_begun = event["type"] == "TEXT_MESSAGE_CONTENT";
            events.push(event);
            if has_begun {
                break;
            }
        }
        client.send(json!({"type": "abort", "runId": run})).await;
        events.extend(client.until_terminal().await);
        all.push(Seen {
            turn: TurnId(run),
            what: "stopped".to_owned(),
            events: events.into_iter().map(without_sequence).collect(),
        });
    }

    assert_eq!(all.len(), 3 * questions_each + 10 * rounds + stopped);
    let mut ends = std::collections::BTreeMap::new();
    for seen in &all {
        let end = seen.events.last().expect("an end");
        let kind = end["outcome"]["type"]
            .as_str()
            .or(end["code"].as_str())
            .expect("a kind");
        *ends.entry(kind.to_owned()).or_insert(0) += 1;
        let replayed = replay(&server.app, seen.turn, World::AsItWas)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", seen.what));
        for (at, (was, is)) in seen.events.iter().zip(&replayed.events).enumerate() {
            assert_eq!(was, is, "{}: event {at}", seen.what);
        }
        assert_eq!(seen.events.len(), replayed.events.len(), "{}", seen.what);
        assert!(
            replayed.is_identical(),
            "{}: {:?}",
            seen.what,
            replayed.changed
        );
    }
    for kind in [
        "success",
        "interrupt",
        "cancelled",
        "MAX_ATTEMPTS",
        "LLM_UNAVAILABLE",
    ] {
        assert!(ends.contains_key(kind), "no turn ended in {kind}: {ends:?}");
    }
}

#[tokio::test]
async fn a_turn_of_yesterday_shows_what_a_changed_schema_changes() {
    let model = ScriptedModel::start().await;
    model.on(
        anything(),
        query("select count(fax) as n from customers", 0.9),
    );
    let server = super::server(&model, &[]).await;
    let answer = server
        .ask("Northwind", "How many customers have a fax?")
        .await;
    let turn: TurnId = answer["turn"]["turn_id"]
        .as_str()
        .expect("an id")
        .parse()
        .expect("a UUID");

    let same = replay(&server.app, turn, World::Today)
        .await
        .expect("it is there");
    assert_eq!(same.differences, Vec::<String>::new());

    let file = server
        .app
        .settings
        .data_dir
        .join("samples/northwind.sqlite");
    let connection = rusqlite::Connection::open(&file).expect("a database");
    connection
        .execute_batch("alter table customers rename column fax to telefax")
        .expect("it is ours");
    drop(connection);
    let dataset = server.dataset("Northwind").await;
    server
        .app
        .refresh(dataset.parse().expect("a UUID"), None)
        .await
        .expect("it is read anew");

    let exact = replay(&server.app, turn, World::AsItWas)
        .await
        .expect("it is there");
    assert!(
        exact.is_identical(),
        "the past has not changed: {:?}",
        exact.changed
    );

    let today = replay(&server.app, turn, World::Today)
        .await
        .expect("it is there");
    assert!(!today.is_identical());
    let all = today.differences.join("\n");
    assert!(
        all.contains("Gone: customers.fax") && all.contains("New: customers.telefax"),
        "{all}"
    );
    assert!(
        all.contains("The prompt of generate_query/1 differs"),
        "{all}"
    );
    assert!(
        all.contains("The query of attempt 1 is refused now"),
        "{all}"
    );

    let path = format!(
        "/api/v1/conversations/{}/turns/{turn}/replay?today=true",
        answer["turn"]["conversation_id"].as_str().expect("an id")
    );
    let (status, report) = server.get(&path).await;
    assert_eq!(status, 200, "{report}");
    assert_eq!(report["identical"], false);
}

#[tokio::test]
async fn what_people_taught_since_changes_nothing_of_a_turn_that_is_played_again() {
    let model = ScriptedModel::start().await;
    model.on(
        anything(),
        query("select count(*) as n from orders where total > 1000", 0.9),
    );
    let server = super::server(&model, &[]).await;
    let ddl = "create table customers (id integer primary key, name text not null, country text); \
        create table orders (id integer primary key, customer_id integer references customers(id), total numeric(10,2));";
    let (status, body) = server
        .post(
            "/api/v1/schemas",
            json!({"name": "Shop", "dialect": "postgres", "ddl": ddl}),
        )
        .await;
    assert_eq!(status, 201, "{body}");
    let id = body["dataset_id"].as_str().expect("an id").to_owned();
    let dataset = format!("/api/v1/schemas/{id}");
    let taught = json!({"key": "VIP customer", "value": "total over 10000"});
    let (status, directive) = server.post(&format!("{dataset}/directives"), taught).await;
    assert_eq!(status, 201, "{directive}");

    let mut all = Vec::new();
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    for (question, provider) in [
        ("How many VIP customers are there?", Some("builtin")),
        ("How many of them are in Germany?", Some("builtin")),
        ("How many large orders are there?", None),
        ("what tables are there?", Some("builtin")),
        ("hello", Some("builtin")),
        ("How many purple unicorns are there?", Some("builtin")),
    ] {
        all.push(watch(&mut client, &id, question, provider).await);
    }

    // everything that can be taught, taught otherwise
    let at = directive["directive_id"].as_str().expect("an id");
    let (status, _) = server
        .send(
            reqwest::Method::PUT,
            &format!("{dataset}/directives/{at}"),
            json!({"key": "VIP customer", "value": "total over 5"}),
        )
        .await;
    assert_eq!(status, 200);
    for (path, body) in [
        (
            "examples",
            json!({"question": "How many large orders are there?", "query": "select count(*) from customers"}),
        ),
        (
            "relationships",
            json!({"from_table": "orders", "from_columns": ["customer_id"], "to_table": "customers", "to_columns": ["id"], "kind": "many_to_one"}),
        ),
        (
            "directives",
            json!({"key": "purple unicorn", "value": "customers"}),
        ),
    ] {
        let (status, answer) = server.post(&format!("{dataset}/{path}"), body).await;
        // a join that the schema has already is no news
        assert!(status == 201 || status == 409, "{path}: {answer}");
    }
    let renamed: Vec<(Uuid,)> =
        sqlx::query_as("update datasets set name = 'Store' where name = 'Shop' returning id")
            .fetch_all(&mut server.session().await)
            .await
            .expect("a table");
    assert_eq!(renamed.len(), 1);

    for seen in &all {
        let replayed = replay(&server.app, seen.turn, World::AsItWas)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", seen.what));
        for (at, (was, is)) in seen.events.iter().zip(&replayed.events).enumerate() {
            assert_eq!(was, is, "{}: event {at}", seen.what);
        }
        assert!(replayed.is_identical(), "{}", seen.what);
    }
    // today it is another query
    let today = replay(&server.app, all[0].turn, World::Today)
        .await
        .expect("it is there");
    assert!(!today.is_identical());
}
