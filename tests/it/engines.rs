//! Databases besides the samples: listed in a file, read, asked and answered, with and without a model.

use crate::support::client::{Client, transcript};
use crate::support::mariadb::MariaDb;
use crate::support::model::{Reply, ScriptedModel, anything, asked};
use crate::support::server::{TestServer, scratch};
use insta::assert_snapshot;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use uuid::Uuid;

/// A server whose datasets are the samples and these.
async fn with_datasets(datasets: &Value, more: &[(&'static str, &str)]) -> (TestServer, TempDir) {
    let dir = scratch();
    let file = dir.path().join("datasets.json");
    std::fs::write(&file, json!({ "datasets": datasets }).to_string()).expect("written");
    let file = file.display().to_string();
    let mut variables = vec![("QF_DATASETS", file.as_str())];
    variables.extend(more);
    (TestServer::start_with(&variables).await, dir)
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A kdb+ server made of somebody else's codec, and its dataset; None, with a printed line, where it was not built.
async fn ticks() -> Option<(Killed, Value, TempDir)> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/kdb-peer/debug/kdb-peer");
    if !program.exists() {
        println!("skipped: `make kdb-peer` builds what this test speaks with");
        return None;
    }
    let mut process = Command::new(program)
        .args(["serve", "reader", "secret"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let out = process.stdout.take().expect("it is piped");
    let out = tokio::process::ChildStdout::from_std(out).expect("a pipe");
    let mut lines = BufReader::new(out).lines();
    let port = tokio::time::timeout(Duration::from_secs(30), lines.next_line())
        .await
        .expect("it prints its port")
        .expect("text")
        .expect("a line");
    let port: u16 = port.parse().expect("a port");
    let dir = scratch();
    let password = dir.path().join("password");
    std::fs::write(&password, "secret\n").expect("written");
    let dataset = json!({
        "name": "Ticks", "description": "Trades of three shares", "questions": ["How many trades are there?"],
        "connection": {"kind": "kdb", "port": port, "user": "reader", "password_file": password},
    });
    Some((Killed(process), dataset, dir))
}

#[tokio::test]
async fn a_model_is_told_that_top_is_not_q_and_its_q_runs_on_a_kdb_server() {
    let Some((_kdb, dataset, _dir)) = ticks().await else {
        return;
    };
    let model = ScriptedModel::start().await;
    let said = |q: &str| {
        Reply::text(format!(
            "```q\n{q}\n```\nExplanation: the volume-weighted price.\nConfidence: 0.9\n"
        ))
        .chunked(7)
    };
    model.on(
        asked("q has no TOP"),
        said("select vwap:size wavg price by sym from trade"),
    );
    model.on(anything(), said("select top 10 from trade"));
    let (server, _files) = with_datasets(
        &json!([dataset]),
        &[
            ("OPENAI_BASE_URL", &model.base_url()),
            ("OPENAI_MODEL", "scripted"),
        ],
    )
    .await;
    let dataset = server.dataset("Ticks").await;
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client.submit(&dataset, "What is the vwap per share?").await;
    let events = client.until_terminal().await;
    assert_snapshot!(transcript(&events));
    let end = events.last().expect("an end");
    assert_eq!(end["result"]["rowCount"], 3, "{end}");
    assert_eq!(end["result"]["dialect"], "kdb");
    let first = model.requests()[0].body.to_string();
    for part in [
        "Write q, not SQL",
        "vwap:size wavg price",
        "100.5",
        "AAPL",
        "GOOG",
    ] {
        assert!(first.contains(part), "the prompt lacks {part}");
    }
}

#[tokio::test]
async fn a_kdb_dataset_is_read_asked_without_a_model_and_written_to_by_nobody() {
    let Some((_kdb, dataset, _dir)) = ticks().await else {
        return;
    };
    let (server, _files) = with_datasets(&json!([dataset]), &[]).await;
    let id = server.dataset("Ticks").await;
    let (status, schema) = server.get(&format!("/api/v1/schemas/{id}")).await;
    assert_eq!(status, 200, "{schema}");
    let tables = schema["schema"]["tables"].as_array().expect("tables");
    assert_eq!(tables.len(), 2);
    assert_eq!(tables[1]["name"], "trade");
    assert_eq!(
        tables[1]["columns"][2]["values"],
        json!(["AAPL", "MSFT", "GOOG"])
    );

    let answer = server.ask("Ticks", "How many trades are there?").await;
    assert_eq!(
        answer["turn"]["query"], "select trade_count:count i from trade",
        "{answer}"
    );
    assert_eq!(answer["result"]["rows"], json!([[6]]));
    // what a person writes is checked as well
    for (query, code, rows) in [
        ("select from trade", 200, json!(6)),
        ("delete from `trade", 422, Value::Null),
        ("select `.q.system[\"ls\"] from trade", 422, Value::Null),
        ("select from tade", 422, Value::Null),
    ] {
        let (status, page) = server
            .post("/api/v1/execute", json!({"dataset_id": id, "query": query}))
            .await;
        assert_eq!(
            (status, &page["row_count"]),
            (code, &rows),
            "{query}: {page}"
        );
    }
}

/// The shop of `reader`, whose password is `secret`.
pub const MARIADB: &str = "
create database shop character set utf8mb4;
create user reader@localhost identified by 'secret';
grant select on shop.* to reader@localhost;
create table shop.customers (id int primary key, name varchar(40), country varchar(40));
create table shop.orders (id bigint unsigned primary key, customer_id int, total decimal(20, 2),
    foreign key (customer_id) references shop.customers (id));
insert into shop.customers values (1, 'Ann', 'Germany'), (2, 'Bob', 'Germany'), (3, 'Zoë', 'France');
insert into shop.orders values (9007199254740993, 1, 12.50), (2, 3, 0.10);
create table shop.visits (id int primary key, customer_id int);
insert into shop.visits select seq, seq % 3 from seq_1_to_5000;
analyze table shop.visits;
";

#[tokio::test]
async fn a_mariadb_is_listed_read_and_asked() {
    let Some(mariadb) = MariaDb::start(MARIADB).await else {
        return;
    };
    let socket = mariadb.data_dir().join("s");
    let password = mariadb.dir().join("password");
    std::fs::write(&password, "secret\n").expect("written");
    let shop = |name: &str, user: &str, more: Value| {
        let mut connection =
            json!({"kind": "mysql", "socket": socket, "database": "shop", "user": user});
        for (key, value) in more.as_object().expect("an object") {
            connection[key] = value.clone();
        }
        json!({"name": name, "connection": connection})
    };
    let (server, _files) = with_datasets(
        &json!([
            shop("Shop", "reader", json!({"password_file": password})),
            shop("As root", "root", json!({})),
            shop("As root, on purpose", "root", json!({"may_write": true})),
            shop("Wrong password", "reader", json!({})),
            shop(
                "No password",
                "reader",
                json!({"password_file": "/nowhere"})
            ),
        ]),
        &[("QF_ASK_ABOVE_ROWS", "1000")],
    )
    .await;
    let answer = server
        .ask("Shop", "How many customers are there per country?")
        .await;
    assert_eq!(
        answer["result"]["rows"],
        json!([["Germany", 2], ["France", 1]]),
        "{answer}"
    );
    let id = server.dataset("Shop").await;
    let query = "select o.id, c.name, o.total from orders o join customers c on c.id = o.customer_id order by o.total";
    let (status, page) = server
        .post("/api/v1/execute", json!({"dataset_id": id, "query": query}))
        .await;
    assert_eq!(status, 200, "{page}");
    assert_eq!(
        page["rows"],
        json!([[2, "Zoë", "0.10"], ["9007199254740993", "Ann", "12.50"]])
    );

    // what would read much is asked about, by the server's own plan
    for (query, confirmed, expected) in [
        ("select count(*) as n from visits", false, 409),
        ("select count(*) as n from visits", true, 200),
        ("select * from visits where id = 7", false, 200),
        ("select * from visits limit 3", false, 200),
    ] {
        let body = json!({"dataset_id": id, "query": query, "confirm_cost": confirmed});
        let (status, page) = server.post("/api/v1/execute", body).await;
        assert_eq!(status, expected, "{query}: {page}");
    }

    // an account that can write is refused, unless somebody said that it may
    let schema = async |name: &str| {
        let id = server.dataset(name).await;
        server.get(&format!("/api/v1/schemas/{id}")).await
    };
    let (status, shown) = schema("As root, on purpose").await;
    assert_eq!(status, 200);
    // and whoever looks at such a dataset is told
    let why = shown["can_write"][0].as_str().unwrap_or_default();
    assert!(why.contains("ALL PRIVILEGES"), "{}", shown["can_write"]);
    assert_eq!(schema("Shop").await.1["can_write"], json!([]));
    for name in ["As root", "Wrong password", "No password"] {
        let (status, refused) = schema(name).await;
        assert!(status >= 500, "{name}: {status} {refused}");
    }
}
