//! What our layer adds to a call of a model, how fast it reads a stream, how soon it hangs up, and how long a
//! person waits for the first token when the model takes 800 ms.
//!
//! `cargo bench --bench llm`; what is measured, and how, is in `benches/README.md`.

#[path = "support/client.rs"]
mod client;
#[path = "support/model.rs"]
mod model;
#[path = "support/server.rs"]
mod server;
#[path = "support/thread.rs"]
mod thread;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use client::{Client, decode, is_kind, submit};
use futures::{StreamExt, stream};
use model::ScriptedModel;
use queryforge::llm::ledger::Ledger;
use queryforge::llm::openai::{OpenAi, OpenAiSettings};
use queryforge::llm::switchboard::{CallOptions, Switchboard, SwitchboardSettings, read};
use queryforge::llm::{ChatModel, ChatRequest, Message, Role};
use queryforge::store::embedded::Cluster;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use thread::on_own_thread;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use uuid::Uuid;

fn main() {
    queryforge::llm::install_crypto();
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(async {
            overhead().await;
            parsing().await;
            hanging_up().await;
            first_token().await;
        });
}

fn request() -> ChatRequest {
    ChatRequest {
        system: "You write SQL. ".repeat(200),
        messages: vec![Message {
            role: Role::User,
            content: "How many orders are there?".into(),
            tool_calls: Vec::new(),
            tool_call_id: None,
        }],
        ..ChatRequest::default()
    }
}

fn board(base_url: &str) -> Switchboard {
    let adapter = OpenAi::new(OpenAiSettings::new(base_url, model::MODEL)).expect("a URL");
    let models: Vec<Arc<dyn ChatModel>> = vec![Arc::new(adapter)];
    Switchboard::new(
        models,
        SwitchboardSettings {
            lines: 1_000,
            ..SwitchboardSettings::default()
        },
    )
}

fn percentile(times: &mut [f64], percent: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    times[(times.len() - 1) * percent / 100]
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

const CALLS: usize = 5_000;
const A_SECOND: f64 = 1_000.0;

/// Whole calls at a steady rate, ours and bare ones in turn; each is timed from when it was due.
async fn overhead() {
    let model = ScriptedModel::start();
    model.say(["```sql\nselect 1\n```"]);
    let url = format!("{}/chat/completions", model.base_url());
    let bare = reqwest::Client::new();
    let body = serde_json::json!({"model": model::MODEL, "stream": true,
        "messages": [{"role": "system", "content": "You write SQL. ".repeat(200)},
                     {"role": "user", "content": "How many orders are there?"}]})
    .to_string();
    let ours = Arc::new(board(&model.base_url()));
    let (mut of_ours, mut of_bare) = (Vec::new(), Vec::new());
    let (sender, mut times) = mpsc::channel(CALLS);
    let began = Instant::now();
    for at in 0..CALLS {
        let due = began + Duration::from_secs_f64(at as f64 / A_SECOND);
        tokio::time::sleep_until(due.into()).await;
        let sender = sender.clone();
        if at % 2 == 0 {
            let ours = ours.clone();
            tokio::spawn(async move {
                let begun = Instant::now();
                let options = CallOptions {
                    account: Some(Ledger::default().account("bench", 1)),
                    ..CallOptions::default()
                };
                let call = ours.call(request(), &options).await.expect("it answers");
                read(call.chunks).await.expect("whole");
                sender
                    .send((true, milliseconds(begun)))
                    .await
                    .expect("room");
            });
        } else {
            let post = bare
                .post(&url)
                .header("content-type", "application/json")
                .body(body.clone());
            tokio::spawn(async move {
                let begun = Instant::now();
                let answer = post.send().await.expect("it answers");
                answer.bytes().await.expect("whole");
                sender
                    .send((false, milliseconds(begun)))
                    .await
                    .expect("room");
            });
        }
    }
    drop(sender);
    while let Some((is_ours, ms)) = times.recv().await {
        if is_ours { &mut of_ours } else { &mut of_bare }.push(ms);
    }
    // the first ones open connections
    let skip = of_ours.len() / 20;
    let (mut ours, mut bare) = (of_ours.split_off(skip), of_bare.split_off(skip));
    println!(
        "{CALLS} calls at {A_SECOND:.0} a second, ours and bare ones in turn; milliseconds, p50 / p99:"
    );
    let (o50, o99) = (percentile(&mut ours, 50), percentile(&mut ours, 99));
    let (b50, b99) = (percentile(&mut bare, 50), percentile(&mut bare, 99));
    println!(
        "  ours {o50:.2} / {o99:.2}, bare {b50:.2} / {b99:.2}, added {:.2} / {:.2}",
        o50 - b50,
        o99 - b99
    );
}

const TOKENS: usize = 50_000;
const ROUNDS: usize = 7;

/// Processor-bound: one long stream, read by our adapter and by nobody.
async fn parsing() {
    let model = ScriptedModel::start();
    model.say((0..TOKENS).map(|_| "tok "));
    let url = format!("{}/chat/completions", model.base_url());
    let bare = reqwest::Client::new();
    let ours = board(&model.base_url());
    let (mut parsed, mut bytes) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let began = Instant::now();
        let call = ours
            .call(request(), &CallOptions::default())
            .await
            .expect("it answers");
        let reply = read(call.chunks).await.expect("whole");
        assert_eq!(reply.text.len(), 4 * TOKENS);
        parsed.push(milliseconds(began));
        let began = Instant::now();
        let answer = bare.post(&url).body("{}").send().await.expect("it answers");
        let mut body = answer.bytes_stream();
        let mut size = 0;
        while let Some(part) = body.next().await {
            size += part.expect("it does not break").len();
        }
        assert!(size > TOKENS);
        bytes.push(milliseconds(began));
    }
    let (parsed, bytes) = (percentile(&mut parsed, 50), percentile(&mut bytes, 50));
    println!(
        "\nA stream of {TOKENS} tokens: read into text in {parsed:.0} ms, its bytes alone in {bytes:.0} ms, ratio {:.2}",
        bytes / parsed
    );
}

/// Says when its caller has gone.
struct Gone(mpsc::Sender<Instant>);

impl Drop for Gone {
    fn drop(&mut self) {
        // more room than calls
        let _ = self.0.try_send(Instant::now());
    }
}

async fn endless(State(gone): State<mpsc::Sender<Instant>>, _request: Bytes) -> Response {
    let gone = Gone(gone);
    let event = Bytes::from_static(
        b"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n",
    );
    let body = stream::unfold(gone, move |gone| {
        let event = event.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            Some((Ok::<_, Infallible>(event), gone))
        }
    });
    (
        [(header::CONTENT_TYPE, "text/event-stream")],
        Body::from_stream(body),
    )
        .into_response()
}

const CANCELS: usize = 100;

/// From dropping a reply to its provider seeing the connection closed.
async fn hanging_up() {
    let (sender, mut gone) = mpsc::channel(CANCELS);
    let (address, _): (SocketAddr, _) = on_own_thread("provider", || async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let router = Router::new()
            .route("/v1/chat/completions", post(endless))
            .with_state(sender);
        tokio::spawn(async { axum::serve(listener, router).await });
        address
    });
    let ours = board(&format!("http://{address}/v1"));
    let mut times = Vec::new();
    for _ in 0..CANCELS {
        let mut call = ours
            .call(request(), &CallOptions::default())
            .await
            .expect("it begins");
        call.chunks.next().await.expect("a piece").expect("well");
        let dropped = Instant::now();
        drop(call);
        // closing is work of the runtime's, not of the drop itself
        let seen = gone.recv().await.expect("the provider lives");
        times.push(seen.saturating_duration_since(dropped).as_secs_f64() * 1000.0);
    }
    let (p50, p99) = (percentile(&mut times, 50), percentile(&mut times, 99));
    println!(
        "\nFrom giving a reply up to its provider seeing it, {CANCELS} times: p50 {p50:.1} ms, p99 {p99:.1} ms"
    );
}

const TURNS: usize = 60;
const TO_FIRST_TOKEN: Duration = Duration::from_millis(800);

/// From a question to its first stage event and to the first token of its query, by a model of 800 ms.
async fn first_token() {
    let model = ScriptedModel::start();
    model.say([
        "```sql\n",
        "select count(*) ",
        "from orders\n",
        "```\nConfidence: 0.9\n",
    ]);
    model.after(TO_FIRST_TOKEN);
    let dir = server::scratch();
    let cluster = Cluster::start(dir.path()).await.expect("PostgreSQL starts");
    let served = server::serve(&dir, &cluster, &model);
    let (mut stage, mut token) = (Vec::new(), Vec::new());
    let clock = served.clock.read();
    for turn in 0..TURNS + 5 {
        let conversation = Uuid::now_v7();
        let mut client = Client::open(served.address, &format!("/ws/{conversation}")).await;
        // at 0.2, so nothing is remembered
        let question = format!("How many orders are there? ({turn})");
        let began = Instant::now();
        client
            .send(submit(conversation, &served.dataset, &question, None))
            .await;
        let (mut first_stage, mut first_token) = (None, None);
        loop {
            let frame = client.next().await;
            // a refusal would be measured for ever
            decode(&frame);
            if is_kind(&frame, "STEP_STARTED") {
                first_stage.get_or_insert_with(|| milliseconds(began));
            } else if is_kind(&frame, "TEXT_MESSAGE_CONTENT") {
                first_token.get_or_insert_with(|| milliseconds(began));
            } else if is_kind(&frame, "RUN_FINISHED") || is_kind(&frame, "RUN_ERROR") {
                break;
            }
        }
        // the first ones open connections and fill caches
        if turn >= 5 {
            stage.push(first_stage.expect("every turn has stages"));
            token.push(first_token.expect("every turn here has a query"));
        }
    }
    let processor = served.clock.read().saturating_sub(clock).as_secs_f64() * 1000.0;
    cluster.stop().await;
    println!(
        "\nA turn takes {:.1} ms of the server's thread.",
        processor / (TURNS + 5) as f64
    );
    println!(
        "\n{TURNS} questions, a model of {} ms to its first token: first stage event p50 {:.1} ms, p95 {:.1} ms; first token of the query p50 {:.0} ms, p95 {:.0} ms",
        TO_FIRST_TOKEN.as_millis(),
        percentile(&mut stage, 50),
        percentile(&mut stage, 95),
        percentile(&mut token, 50),
        percentile(&mut token, 95),
    );
}
