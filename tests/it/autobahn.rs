//! The Autobahn test suite against an echo made of our own sockets: the same upgrade, the same buffers, the same
//! pieces. The product has no such route.
//!
//! The suite is Python 2 code:
//!
//! ```sh
//! python2.7 -m pip install --target $DIR -r tests/autobahn/requirements.txt
//! QF_AUTOBAHN=$DIR cargo test --test it autobahn -- --ignored --nocapture
//! ```

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use futures::StreamExt;
use queryforge::server::ws::socket::{Data, Socket, Upgrade, write_message};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;

/// Its largest message is 16 MiB; ours are at most 1 MiB, and larger ones are tried in `closing.rs`.
const MAX_MESSAGE_BYTES: usize = 32 * 1024 * 1024;

/// A site directory, because some packages only work in one.
const LAUNCH: &str = "import os, site, sys
site.addsitedir(os.environ['QF_AUTOBAHN'])
from autobahntestsuite.wstest import run
sys.exit(run())";

async fn echo(upgrade: Upgrade) -> Response {
    upgrade.reading_up_to(MAX_MESSAGE_BYTES).then(echo_all)
}

async fn echo_all(mut socket: Socket) {
    while let Some(Ok(message)) = socket.next().await {
        let kind = match message {
            Message::Text(_) => Data::Text,
            Message::Binary(_) => Data::Binary,
            // the answer goes out while we read on
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_) => continue,
        };
        if write_message(&mut socket, kind, message.into_data())
            .await
            .is_err()
        {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Python 2.7 and some minutes; see above"]
async fn autobahn_finds_no_case_that_fails() {
    let packages = PathBuf::from(
        std::env::var_os("QF_AUTOBAHN").expect("QF_AUTOBAHN names where the suite is installed"),
    );
    let python = std::env::var("QF_PYTHON2").unwrap_or_else(|_| "python2.7".to_owned());
    let cases = std::env::var("QF_AUTOBAHN_CASES").unwrap_or_else(|_| "*".to_owned());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let listener = queryforge::server::without_delay(listener);
    let router = Router::new().route("/", get(echo));
    let serving = tokio::spawn(async move {
        axum::serve(listener, router).await.expect("it serves");
    });
    let dir = tempfile::Builder::new()
        .prefix("qf-autobahn-")
        .tempdir()
        .expect("a directory");
    let spec = json!({
        "outdir": dir.path().join("reports"),
        "servers": [{"agent": "echo", "url": format!("ws://{address}/")}],
        "cases": cases.split(',').collect::<Vec<_>>(),
        // compression is neither offered nor wanted
        "exclude-cases": ["12.*", "13.*"],
        "exclude-agent-cases": {},
    });
    let spec_file = dir.path().join("spec.json");
    std::fs::write(&spec_file, spec.to_string()).expect("written");
    let output = tokio::task::spawn_blocking(move || {
        Command::new(python)
            .args(["-c", LAUNCH])
            .args(["-m", "fuzzingclient", "-s"])
            .arg(spec_file)
            .env("QF_AUTOBAHN", packages)
            .output()
            .expect("Python 2.7 runs")
    });
    let output = tokio::time::timeout(Duration::from_secs(1800), output)
        .await
        .expect("the suite ends within half an hour")
        .expect("it does not panic");
    serving.abort();
    let index = std::fs::read_to_string(dir.path().join("reports/index.json"))
        .unwrap_or_else(|_| panic!("no report:\n{}", String::from_utf8_lossy(&output.stderr)));
    let index: Value = serde_json::from_str(&index).expect("JSON");
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (case, report) in index["echo"].as_object().expect("cases") {
        for part in ["behavior", "behaviorClose"] {
            let said = report[part].as_str().unwrap_or("?");
            *counts.entry(format!("{part} {said}")).or_default() += 1;
            if !["OK", "NON-STRICT", "INFORMATIONAL"].contains(&said) {
                wrong.push(format!("{case}: {part} {said}"));
            }
        }
    }
    println!("{counts:#?}");
    assert!(!counts.is_empty());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
