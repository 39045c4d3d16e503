//! The program itself: what it says when it cannot start, and how it stops.

use crate::support::model::{Reply, ScriptedModel, anything, asked};
use crate::support::server::{cluster, scratch};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn queryforge(variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_queryforge"));
    command
        .env("QF_OLLAMA_DISCOVERY", "off")
        .env("PORT", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, value) in variables {
        command.env(name, value);
    }
    command
}

fn fails(variables: &[(&str, &str)]) -> String {
    let Output { status, stderr, .. } = queryforge(variables).output().expect("it runs");
    assert!(!status.success(), "it started: {variables:?}");
    String::from_utf8_lossy(&stderr).into_owned()
}

#[test]
fn whoever_cannot_be_served_is_told_what_to_do() {
    let dir = scratch();
    let data = dir.path().join("data").display().to_string();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("bound").port().to_string();
    let file = dir.path().join("file");
    std::fs::write(&file, "not a directory").expect("written");
    let file = file.display().to_string();
    for (variables, expected) in [
        (vec![("PORT", port.as_str())], "another port"),
        (vec![("PORT", "eighty")], "PORT is 'eighty'"),
        (vec![("HOST", "0.0.0.0")], "loopback"),
        (vec![("QF_DATA_DIR", file.as_str())], "QF_DATA_DIR"),
        (vec![("DATABASE_URL", "mysql://x")], "DATABASE_URL"),
        (
            vec![("DATABASE_URL", "postgres://nobody@127.0.0.1:1/x")],
            "DATABASE_URL names the PostgreSQL at 127.0.0.1:1",
        ),
        (vec![("RUST_LOG", "info,=,nonsense=loud")], "RUST_LOG"),
        (
            vec![("ALLOWED_ORIGINS", "bi.example.com")],
            "ALLOWED_ORIGINS is 'bi.example.com'",
        ),
        (
            vec![("GEMINI_TEMPERATURE", "3")],
            "GEMINI_TEMPERATURE is '3'",
        ),
        (vec![("REDIS_URL", "http://x")], "REDIS_URL"),
        (vec![("QF_DATASETS", "/nowhere.json")], "QF_DATASETS"),
        (
            vec![("OPENAI_MODEL", "m"), ("OPENAI_BASE_URL", "nonsense")],
            "OPENAI_BASE_URL is 'nonsense'",
        ),
    ] {
        let mut all = vec![("QF_DATA_DIR", data.as_str())];
        all.extend(variables.iter().copied());
        let said = fails(&all);
        assert!(said.contains(expected), "{variables:?} said: {said}");
    }
}

#[test]
fn a_database_that_says_nothing_is_given_up_after_a_few_seconds() {
    let dir = scratch();
    let data = dir.path().join("data").display().to_string();
    // it takes connections, and never answers
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("bound").port();
    let url = format!("postgres://ann:5ecret-canary@127.0.0.1:{port}/x");
    let began = Instant::now();
    let said = fails(&[("QF_DATA_DIR", &data), ("DATABASE_URL", &url)]);
    assert!(
        said.contains("DATABASE_URL") && said.contains("no answer within"),
        "{said}"
    );
    assert!(!said.contains("5ecret-canary"), "{said}");
    // it says so after 4 s; a busy machine is given more
    assert!(
        began.elapsed() < Duration::from_secs(60),
        "{:?}",
        began.elapsed()
    );
}

/// What people ask and keep to themselves, in every way that a turn can go.
#[tokio::test]
async fn the_log_holds_no_literal_and_no_secret() {
    const CANARIES: [&str; 5] = [
        "canary-literal",
        "canary-question",
        "canary-key",
        "canary-password",
        "canary-model",
    ];
    let cluster = cluster().await;
    cluster
        .ensure_database("canaries")
        .await
        .expect("a database");
    let url = cluster.url("canaries");
    let model = ScriptedModel::start().await;
    for (question, sql) in [
        (
            "fine canary-question",
            "select count(*) from customers where city = 'canary-literal'",
        ),
        (
            "wrong canary-question",
            "select canary_x from nowhere where a = 'canary-literal'",
        ),
        (
            "refused canary-question",
            "delete from customers where city = 'canary-literal'",
        ),
        (
            "broken canary-question",
            "select cast('canary-literal' as integer) / (freight - freight) from orders",
        ),
    ] {
        model.on(
            asked(question),
            Reply::text(format!("```sql\n{sql}\n```\nConfidence: 0.9")),
        );
    }
    model.on(
        asked("provider canary-question"),
        Reply::status(400).body(
            "application/json",
            r#"{"error":{"message":"canary-model said canary-literal"}}"#,
        ),
    );
    model.on(anything(), Reply::text("canary-model has nothing to say"));
    let dir = scratch();
    let data = dir.path().join("data").display().to_string();
    let log = dir.path().join("log");
    let file = std::fs::File::create(&log).expect("a file");
    let (process, address) = {
        let mut process = queryforge(&[
            ("QF_DATA_DIR", &data),
            ("DATABASE_URL", &url),
            ("OPENAI_BASE_URL", &model.base_url()),
            ("OPENAI_MODEL", "scripted"),
            ("OPENAI_API_KEY", "canary-key"),
            ("RUST_LOG", "debug,hyper=info,reqwest=info"),
        ])
        .stderr(file)
        .spawn()
        .expect("it runs");
        let address = address_of(&mut process);
        (process, address)
    };
    let running = Running { process, address };
    let client = reqwest::Client::new();
    let post = |path: &str, body: serde_json::Value| {
        client
            .post(format!("{}{path}", running.address))
            .json(&body)
            .send()
    };
    let schemas: serde_json::Value = client
        .get(format!("{}/api/v1/schemas", running.address))
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let items = schemas["items"].as_array().expect("items");
    let northwind = items
        .iter()
        .find(|item| item["name"] == "Northwind")
        .expect("a sample");
    let dataset = &northwind["dataset_id"];
    for question in ["fine", "wrong", "refused", "broken", "provider", "silent"] {
        let body = serde_json::json!({"query": format!("{question} canary-question"), "dataset_id": dataset});
        post("/api/v1/query", body).await.expect("an answer");
    }
    for query in [
        "select 1 from customers where city = 'canary-literal'",
        "select 'canary-literal' from nowhere",
        "insert into customers values ('canary-literal')",
        "'canary-literal",
    ] {
        let body = serde_json::json!({"query": query, "dataset_id": dataset});
        post("/api/v1/execute", body).await.expect("an answer");
    }
    let body = serde_json::json!({"title": "canary-question", "conversation_id": "canary-literal"});
    post("/api/v1/conversations", body)
        .await
        .expect("an answer");
    drop(running);
    let text = std::fs::read_to_string(&log).expect("a log");
    assert!(
        text.contains("turn") && text.contains("failed"),
        "the log says too little:\n{text}"
    );
    for canary in CANARIES {
        let lines: Vec<&str> = text.lines().filter(|line| line.contains(canary)).collect();
        assert!(
            lines.is_empty(),
            "{canary} is in the log:\n{}",
            lines.join("\n")
        );
    }
}

struct Running {
    process: Child,
    address: String,
}

fn start(variables: &[(&str, &str)]) -> Running {
    let mut process = queryforge(variables)
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    let address = address_of(&mut process);
    Running { process, address }
}

fn address_of(process: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(process.stdout.take().expect("piped"))
        .read_line(&mut line)
        .expect("a line");
    line.trim()
        .strip_prefix("QueryForge is at ")
        .expect("it prints its address")
        .to_owned()
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn a_stop_is_clean_and_quick_and_a_second_server_is_refused_its_directory() {
    let dir = scratch();
    let data = dir.path().join("data").display().to_string();
    let mut running = start(&[("QF_DATA_DIR", &data)]);
    let said = fails(&[("QF_DATA_DIR", &data)]);
    assert!(said.contains("in use by process"), "{said}");
    queryforge::llm::install_crypto();
    let ready = reqwest::get(format!("{}/readyz", running.address))
        .await
        .expect("an answer");
    assert_eq!(ready.status(), 200);

    let pid = nix::unistd::Pid::from_raw(running.process.id() as i32);
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).expect("it runs");
    let began = Instant::now();
    let status = loop {
        if let Some(status) = running.process.try_wait().expect("ours") {
            break status;
        }
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "it does not stop"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(status.success());
    // what it left can be started again
    drop(start(&[("QF_DATA_DIR", &data)]));
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let cluster = cluster().await;
    cluster.ensure_database("newer").await.expect("a database");
    let url = cluster.url("newer");
    let dir = scratch();
    let data = dir.path().join("data").display().to_string();
    drop(start(&[("QF_DATA_DIR", &data), ("DATABASE_URL", &url)]));
    let pool = sqlx::PgPool::connect(&url).await.expect("it is there");
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (9999, 'from the future', true, '', 0)",
    )
    .execute(&pool)
    .await
    .expect("a row");
    pool.close().await;
    let said = fails(&[("QF_DATA_DIR", &data), ("DATABASE_URL", &url)]);
    assert!(said.contains("newer version"), "{said}");
}
