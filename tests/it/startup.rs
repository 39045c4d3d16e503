//! The program itself: what it says when it cannot start, and how it stops.

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
            "our database cannot be used",
        ),
        (vec![("REDIS_URL", "http://x")], "REDIS_URL"),
        (vec![("QF_DATASETS", "/nowhere.json")], "QF_DATASETS"),
        (
            vec![("OPENAI_MODEL", "m"), ("OPENAI_BASE_URL", "nonsense")],
            "base URL",
        ),
    ] {
        let mut all = vec![("QF_DATA_DIR", data.as_str())];
        all.extend(variables.iter().copied());
        let said = fails(&all);
        assert!(said.contains(expected), "{variables:?} said: {said}");
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
    let mut line = String::new();
    BufReader::new(process.stdout.take().expect("piped"))
        .read_line(&mut line)
        .expect("a line");
    let address = line
        .trim()
        .strip_prefix("QueryForge is at ")
        .expect("it prints its address")
        .to_owned();
    Running { process, address }
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
