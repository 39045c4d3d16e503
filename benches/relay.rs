//! Tokens a second that one core relays from a model to a WebSocket, beside what a bare axum server does.
//!
//! `cargo bench --bench relay [-- rounds]`; what is measured, and how, is in `benches/README.md`.

#[path = "support/client.rs"]
mod client;
#[path = "support/model.rs"]
mod model;
#[path = "support/server.rs"]
mod server;
#[path = "support/thread.rs"]
mod thread;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::routing::get;
use client::{Client, decode, is_kind, submit};
use futures::{FutureExt, SinkExt, StreamExt};
use model::{MODEL, ScriptedModel};
use queryforge::llm::openai::{OpenAi, OpenAiSettings};
use queryforge::llm::{ChatModel, ChatRequest, Chunk, ChunkStream, Message as Said, Role};
use queryforge::store::embedded::Cluster;
use server::Served;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use thread::{ProcessorClock, on_own_thread};
use tokio::net::TcpListener;
use uuid::Uuid;

/// One reply; its events have to stay below the 16 MiB that a reply may have.
const TOKENS: usize = 50_000;
const ROUNDS: usize = 9;

/// What the bare relay does with a token.
const WAYS: [(&str, &str); 3] = [
    ("each", "bare, a frame and a write each"),
    ("batched", "bare, a frame each, written together"),
    ("coalesced", "bare, coalesced as ours"),
];

fn main() {
    let rounds = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .next()
        .unwrap_or(ROUNDS);
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(measure(rounds));
}

async fn measure(rounds: usize) {
    queryforge::llm::install_crypto();
    let tokens = query_tokens(TOKENS);
    let model = ScriptedModel::start();
    model.say(tokens.iter().map(String::as_str));
    let dir = server::scratch();
    let cluster = Cluster::start(dir.path()).await.expect("PostgreSQL starts");
    let served = server::serve(&dir, &cluster, &model);
    let (bare, bare_clock) = serve_bare(model.base_url());

    let said = tokens.concat();
    let query = said
        .trim_start_matches("```sql\n")
        .trim_end_matches("\n```");
    let mut ours = Vec::new();
    let mut theirs: [Vec<Relayed>; WAYS.len()] = Default::default();
    for round in 0..=rounds {
        let mine = through_a_turn(&served, query).await;
        let mut others = Vec::new();
        for (way, _) in WAYS {
            others.push(through_bare(bare, &bare_clock, way, &said).await);
        }
        // the first round fills caches and opens connections
        if round > 0 {
            ours.push(mine);
            for (all, other) in theirs.iter_mut().zip(others) {
                all.push(other);
            }
        }
    }
    cluster.stop().await;
    report(&ours, &theirs);
}

/// One reply, from the first frame that carries a piece of it to the one that ends it.
struct Relayed {
    frames: usize,
    elapsed: Duration,
    /// Processor time of the relay's thread.
    processor: Duration,
}

/// A fenced query in pieces as a model's tokens are: `in (1234, 1235, …)`, in lines.
fn query_tokens(count: usize) -> Vec<String> {
    let mut tokens = vec![
        "```sql\n".to_owned(),
        "select * from orders where order_id in (0".to_owned(),
    ];
    for at in tokens.len()..count - 1 {
        tokens.push(if at % 2 == 1 {
            format!("{}", 1000 + at % 9000)
        } else if at % 24 == 0 {
            ",\n".to_owned()
        } else {
            ", ".to_owned()
        });
    }
    tokens.push(")\n```".to_owned());
    tokens
}

async fn through_a_turn(served: &Served, query: &str) -> Relayed {
    let conversation = Uuid::now_v7();
    let mut client = Client::open(served.address, &format!("/ws/{conversation}")).await;
    client
        .send(submit(
            conversation,
            &served.dataset,
            "orders of a long list",
            None,
        ))
        .await;
    let mut began = None;
    let mut text = Vec::new();
    let relayed = loop {
        let frame = client.next().await;
        if is_kind(&frame, "TEXT_MESSAGE_START") {
            began = Some((Instant::now(), served.clock.read()));
        } else if is_kind(&frame, "TEXT_MESSAGE_CONTENT") {
            text.push(frame);
        } else if is_kind(&frame, "TEXT_MESSAGE_END") {
            let (instant, processor) = began.expect("a text begins before it ends");
            break Relayed {
                frames: text.len(),
                elapsed: instant.elapsed(),
                processor: served.clock.read() - processor,
            };
        } else {
            assert!(
                decode(&frame)["type"] != "RUN_ERROR",
                "it failed early: {frame}"
            );
        }
    };
    while !is_kind(&client.next().await, "RUN_ERROR") {
        // a query so long is refused; that is not what is measured
    }
    let joined: String = text
        .iter()
        .map(|frame| decode(frame)["delta"].as_str().expect("a delta").to_owned())
        .collect();
    assert_eq!(joined, query, "every token came, in order");
    relayed
}

async fn through_bare(
    address: SocketAddr,
    clock: &ProcessorClock,
    way: &str,
    said: &str,
) -> Relayed {
    let mut client = Client::open(address, "/").await;
    client.send(way.to_owned()).await;
    let mut text = vec![client.next().await];
    let (instant, processor) = (Instant::now(), clock.read());
    let relayed = loop {
        let frame = client.next().await;
        if frame.is_empty() {
            break Relayed {
                frames: text.len(),
                elapsed: instant.elapsed(),
                processor: clock.read() - processor,
            };
        }
        text.push(frame);
    };
    let joined: String = text.iter().map(|frame| frame.as_str()).collect();
    assert_eq!(joined, said, "every token came, in order");
    relayed
}

// ---------------------------------------------------------------- the bare relay

fn serve_bare(model_url: String) -> (SocketAddr, ProcessorClock) {
    on_own_thread("bare", || async {
        let model = OpenAi::new(OpenAiSettings::new(model_url, MODEL)).expect("a valid URL");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let router = Router::new()
            .route("/", get(upgrade))
            .with_state(Arc::new(model));
        tokio::spawn(async { axum::serve(listener, router).await });
        address
    })
}

async fn upgrade(
    State(model): State<Arc<OpenAi>>,
    upgrade: WebSocketUpgrade,
) -> axum::response::Response {
    upgrade.on_upgrade(move |socket| async move {
        // a client that has what it wanted goes away
        let _ = relay(socket, &model).await;
    })
}

async fn relay(mut socket: WebSocket, model: &OpenAi) -> Result<(), axum::Error> {
    while let Some(Ok(Message::Text(way))) = socket.next().await {
        let request = ChatRequest {
            messages: vec![Said {
                role: Role::User,
                content: "orders of a long list".to_owned(),
                tool_calls: Vec::new(),
                tool_call_id: None,
            }],
            ..ChatRequest::default()
        };
        let tokens = model.stream(request).await.expect("the model answers");
        match way.as_str() {
            "each" => each(&mut socket, tokens).await?,
            "batched" => batched(&mut socket, tokens).await?,
            "coalesced" => coalesced(&mut socket, tokens).await?,
            other => panic!("no way of relaying is called {other}"),
        }
        socket.send(Message::text("")).await?;
    }
    Ok(())
}

/// As one would write it first: a token comes, a frame goes.
async fn each(socket: &mut WebSocket, mut tokens: ChunkStream) -> Result<(), axum::Error> {
    while let Some(chunk) = tokens.next().await {
        if let Chunk::Text(token) = chunk.expect("the stream is whole") {
            socket.send(Message::text(token)).await?;
        }
    }
    Ok(())
}

/// A frame for every token, and a write when no more tokens are at hand.
async fn batched(socket: &mut WebSocket, mut tokens: ChunkStream) -> Result<(), axum::Error> {
    loop {
        let chunk = match tokens.next().now_or_never() {
            Some(chunk) => chunk,
            None => {
                socket.flush().await?;
                tokens.next().await
            }
        };
        match chunk {
            None => return Ok(()),
            Some(chunk) => {
                if let Chunk::Text(token) = chunk.expect("the stream is whole") {
                    socket.feed(Message::text(token)).await?;
                }
            }
        }
    }
}

/// A frame when a kilobyte is there or 33 ms have passed, as the server does it.
async fn coalesced(socket: &mut WebSocket, mut tokens: ChunkStream) -> Result<(), axum::Error> {
    let mut pending = String::new();
    let mut sent: Option<Instant> = None;
    while let Some(chunk) = tokens.next().await {
        let Chunk::Text(token) = chunk.expect("the stream is whole") else {
            continue;
        };
        pending.push_str(&token);
        let due = sent.is_none_or(|sent| sent.elapsed() >= Duration::from_millis(33));
        if due || pending.len() >= 1024 {
            sent = Some(Instant::now());
            socket
                .send(Message::text(std::mem::take(&mut pending)))
                .await?;
        }
    }
    if !pending.is_empty() {
        socket.send(Message::text(pending)).await?;
    }
    Ok(())
}

// ---------------------------------------------------------------- the table

fn report(ours: &[Relayed], theirs: &[Vec<Relayed>; WAYS.len()]) {
    println!(
        "{} replies of {TOKENS} tokens each; medians. 'One core' is processor time of the relay's one thread.\n",
        ours.len()
    );
    println!(
        "{:<40}{:>10}{:>18}{:>18}{:>13}{:>13}",
        "relay", "frames", "tokens/s, wall", "tokens/s, core", "ours, wall", "ours, core"
    );
    row("QueryForge, a whole turn around it", ours, ours);
    for ((_, name), relayed) in WAYS.iter().zip(theirs) {
        row(name, relayed, ours);
    }
    println!(
        "\nours / bare, a frame and a write each: {:.2} (goal: at least 0.7)",
        ratio(ours, &theirs[0], |one| one.processor)
    );
}

fn row(name: &str, relayed: &[Relayed], ours: &[Relayed]) {
    let rate = |of: fn(&Relayed) -> Duration| {
        TOKENS as f64 / median(relayed.iter().map(|one| of(one).as_secs_f64()))
    };
    println!(
        "{name:<40}{:>10.0}{:>18.0}{:>18.0}{:>13.2}{:>13.2}",
        median(relayed.iter().map(|one| one.frames as f64)),
        rate(|one| one.elapsed),
        rate(|one| one.processor),
        ratio(ours, relayed, |one| one.elapsed),
        ratio(ours, relayed, |one| one.processor),
    );
}

/// How fast ours is beside theirs: the median over rounds, whose members ran one after the other.
fn ratio(ours: &[Relayed], theirs: &[Relayed], of: fn(&Relayed) -> Duration) -> f64 {
    let pairs = ours.iter().zip(theirs);
    median(pairs.map(|(mine, other)| of(other).as_secs_f64() / of(mine).as_secs_f64()))
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
