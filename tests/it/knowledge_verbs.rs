//! `queryforge onboard` and `queryforge import`, as a person types them beside a running server.

use crate::support::server::{TestServer, scratch};
use serde_json::json;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Runs the program in `dir`; what it printed, what it complained of, and whether it was content.
async fn run(dir: &Path, server: &str, verb: &[&str]) -> (String, String, bool) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_queryforge"));
    command
        .args(verb)
        .env("QF_SERVER", server)
        .current_dir(dir)
        .stdin(Stdio::null());
    let done = tokio::task::spawn_blocking(move || command.output());
    let done = tokio::time::timeout(Duration::from_secs(60), done).await;
    let output = done
        .expect("it ends within 60 s")
        .expect("it is waited for")
        .expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (
        text(output.stdout),
        text(output.stderr),
        output.status.success(),
    )
}

#[tokio::test]
async fn a_dump_is_onboarded_examples_are_imported_and_a_refresh_says_what_it_breaks() {
    let server = TestServer::start_with(&[]).await;
    let here = format!("http://{}", server.address);
    let dir = scratch();
    let write = |name: &str, text: &str| {
        std::fs::write(dir.path().join(name), text).expect("the directory is ours");
    };
    write(
        "ferry.sql",
        "SET client_encoding = 'UTF8';\n\
         create table boats (id integer primary key, name text);\n\
         create table crossings (id integer primary key, boat_id integer references boats(id), cars integer);\n\
         COPY boats (id, name) FROM stdin;\n1\tMorning Star; the old one\n\\.\n",
    );
    let (said, complaint, well) = run(
        dir.path(),
        &here,
        &["onboard", "ferry.sql", "--dialect", "postgres"],
    )
    .await;
    assert!(well, "{said}{complaint}");
    assert!(
        said.contains("ferry (") && said.contains("2 tables, 5 columns"),
        "{said}"
    );
    let id = server.dataset("ferry").await;
    assert!(said.contains(&id), "{said}");

    write(
        "known.md",
        "# Ferries\n\n## How many cars crossed?\nAlso: total cars\nCategory: traffic\n\
         ```sql\nselect sum(cars) from crossings\n```\n\n## Names\n```sql\nselect nome from boats\n```\n",
    );
    let (said, complaint, well) = run(
        dir.path(),
        &here,
        &["import", "--dataset", "Ferry", "known.md"],
    )
    .await;
    assert!(!well, "one of the two cannot be: {said}{complaint}");
    assert!(
        said.contains("1 added, 0 known already, 1 with errors") && said.contains("line 10: "),
        "{said}"
    );
    let examples = server
        .get(&format!("/api/v1/schemas/{id}/examples"))
        .await
        .1;
    assert_eq!(examples["items"][0]["question"], "How many cars crossed?");
    assert_eq!(examples["items"][0]["trust"], "staged", "nothing ran yet");
    write(
        "known.jsonl",
        &format!(
            "{}\n{}\n",
            json!({"question": "How many cars crossed?", "query": "select sum(cars) from crossings"}),
            json!({"question": "Which boats are there?", "query": "select name from boats"})
        ),
    );
    let (said, complaint, well) = run(
        dir.path(),
        &here,
        &["import", "--dataset", &id, "known.jsonl"],
    )
    .await;
    assert!(well, "{said}{complaint}");
    assert!(
        said.contains("1 added, 1 known already, 0 with errors"),
        "{said}"
    );

    write(
        "ferry.sql",
        "create table boats (id integer primary key, name text);\n\
         create table crossings (id integer primary key, boat_id integer references boats(id), vehicles integer);\n",
    );
    let (said, complaint, well) =
        run(dir.path(), &here, &["onboard", "ferry.sql", "--refresh"]).await;
    assert!(well, "{said}{complaint}");
    assert!(
        said.contains("broken example \"How many cars crossed?\"") && said.contains("cars"),
        "{said}"
    );
    assert!(!said.contains("Which boats"), "what is sound stays: {said}");
}

#[tokio::test]
async fn a_verb_without_a_server_or_with_a_wrong_name_says_what_to_do() {
    let server = TestServer::start_with(&[]).await;
    let here = format!("http://{}", server.address);
    let dir = scratch();
    std::fs::write(
        dir.path().join("one.jsonl"),
        "{\"question\":\"a\",\"query\":\"select 1\"}\n",
    )
    .expect("the directory is ours");
    for (server, verb, complaint) in [
        // nobody listens on port 9 of loopback
        (
            "http://127.0.0.1:9",
            ["import", "--dataset", "Northwind", "one.jsonl"],
            "Start one with `queryforge serve`",
        ),
        (
            &here,
            ["import", "--dataset", "Southwind", "one.jsonl"],
            "there is no dataset 'Southwind'; there are ",
        ),
        (
            &here,
            ["import", "--dataset", "Northwind", "two.jsonl"],
            "two.jsonl cannot be read",
        ),
        (
            &here,
            ["onboard", "--dialect", "postgres", "two.sql"],
            "two.sql cannot be read",
        ),
        (
            &here,
            ["onboard", "--dialect", "cobol", "one.jsonl"],
            "cobol",
        ),
    ] {
        let (said, heard, well) = run(dir.path(), server, &verb).await;
        assert!(
            !well && heard.contains(complaint),
            "{verb:?}: {said}{heard}"
        );
    }
}
