//! What the server adds to a question: a whole turn with a model that answers at once, stage by stage.
//!
//! `cargo bench --bench turn [-- turns]`; what is measured, and how, is in `benches/README.md`.

#[path = "support/client.rs"]
mod client;
#[path = "support/model.rs"]
mod model;
#[path = "support/server.rs"]
mod server;
#[path = "support/stages.rs"]
mod stages;
#[path = "support/thread.rs"]
mod thread;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::routing::get;
use client::{Client, decode, is_kind, submit};
use futures::StreamExt;
use model::ScriptedModel;
use queryforge::store::embedded::Cluster;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use server::Served;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use stages::Stages;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use thread::{ProcessorClock, on_own_thread};
use tokio::net::TcpListener;
use uuid::Uuid;

const TURNS: usize = 300;

/// Before anything counts: connections, statements and caches.
const WARM_UP: usize = 20;

/// Each has an answer from the built-in generator; the scripted model then says the same query.
const QUESTIONS: [&str; 6] = [
    "How many orders are there?",
    "Show the name and price of all products, most expensive first",
    "Top 5 customers by revenue",
    "Revenue by category",
    "How many products does each supplier provide?",
    "Which products are out of stock?",
];

fn main() {
    let turns = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .next()
        .unwrap_or(TURNS);
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(measure(turns));
}

async fn measure(turns: usize) {
    queryforge::llm::install_crypto();
    let stages = Stages::install();
    let model = ScriptedModel::start();
    let dir = server::scratch();
    let cluster = Cluster::start(dir.path()).await.expect("PostgreSQL starts");
    let served = server::serve(&dir, &cluster, &model);
    let (bare, bare_clock) = serve_bare(cluster.options("queryforge"));

    let mut builtin = Measured::default();
    let mut scripted = Measured::default();
    let mut peers = [Measured::default(), Measured::default()];
    for at in 0..WARM_UP + turns {
        if at == WARM_UP {
            builtin.forget();
            scripted.forget();
            peers.iter_mut().for_each(Measured::forget);
        }
        let question = QUESTIONS[at % QUESTIONS.len()];
        let (query, rows) =
            one_turn(&served, &stages, question, Some("builtin"), &mut builtin).await;
        // tokens as a model has them: about four characters
        let reply = format!("```sql\n{query}\n```\nExplanation: as asked.\nConfidence: 0.9\n");
        model.say(in_pieces(&reply, 4));
        let (same, same_rows) = one_turn(&served, &stages, question, None, &mut scripted).await;
        assert_eq!(
            (&same, same_rows),
            (&query, rows),
            "the model said it, word for word"
        );
        for (peer, commits) in peers.iter_mut().zip(["no", "three"]) {
            one_echo(bare, &bare_clock, &format!("{commits} {query}"), peer, rows).await;
        }
    }
    cluster.stop().await;

    println!(
        "{turns} turns each, every one in a conversation and on a socket of its own; milliseconds.\n"
    );
    builtin.print("Built-in generator");
    scripted.print("Scripted model that answers at once");
    peers[0].print("Bare: the socket, `select 1`, the same query, its rows back");
    peers[1].print("Bare, durable: the socket, three commits, the same query, its rows back");
    println!("p50 / p99 of a whole turn, as a multiple of the bare ones:");
    for (name, ours) in [
        ("built-in generator", &builtin),
        ("scripted model", &scripted),
    ] {
        for (peer, theirs) in ["bare", "bare, durable"].iter().zip(&peers) {
            println!(
                "  {name} / {peer}: {:.1} / {:.1}, processor time of the server's thread {:.1}",
                ours.whole(50) / theirs.whole(50),
                ours.whole(99) / theirs.whole(99),
                ours.processor() / theirs.processor(),
            );
        }
    }
}

fn in_pieces(text: &str, size: usize) -> impl Iterator<Item = &str> {
    assert!(text.is_ascii(), "pieces are cut between bytes");
    text.as_bytes()
        .chunks(size)
        .map(|piece| std::str::from_utf8(piece).expect("it is ASCII"))
}

/// Times by name, in milliseconds, in the order in which the names first came.
#[derive(Default)]
struct Measured {
    names: Vec<String>,
    times: BTreeMap<String, Vec<f64>>,
    processor: Vec<f64>,
}

const WHOLE: &str = "whole turn";

impl Measured {
    fn add(&mut self, name: &str, time: Duration) {
        if !self.times.contains_key(name) {
            self.names.push(name.to_owned());
        }
        let times = self.times.entry(name.to_owned()).or_default();
        times.push(time.as_secs_f64() * 1000.0);
    }

    fn forget(&mut self) {
        *self = Self::default();
    }

    fn whole(&self, percent: usize) -> f64 {
        percentile(&self.times[WHOLE], percent)
    }

    /// A mean: the clock is read while nothing runs, but it is a sum.
    fn processor(&self) -> f64 {
        self.processor.iter().sum::<f64>() / self.processor.len() as f64
    }

    fn print(&self, title: &str) {
        println!("{title}\n{:<44}{:>9}{:>9}{:>9}", "", "p50", "p99", "share");
        let whole: f64 = self.times[WHOLE].iter().sum();
        for name in &self.names {
            let times = &self.times[name];
            println!(
                "  {name:<42}{:>9.3}{:>9.3}{:>8.0}%",
                percentile(times, 50),
                percentile(times, 99),
                times.iter().sum::<f64>() / whole * 100.0
            );
        }
        println!(
            "  {:<42}{:>9.3}  (mean)\n",
            "processor time of the server's thread",
            self.processor()
        );
    }
}

fn percentile(times: &[f64], percent: usize) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

/// One question on a new conversation; the query that was written, and how many rows it had.
async fn one_turn(
    served: &Served,
    stages: &Stages,
    question: &str,
    provider: Option<&str>,
    measured: &mut Measured,
) -> (String, u64) {
    let conversation = Uuid::now_v7();
    let mut client = Client::open(served.address, &format!("/ws/{conversation}")).await;
    let frame = submit(conversation, &served.dataset, question, provider);
    let processor = served.clock.read();
    let submitted = Instant::now();
    client.send(frame).await;
    let mut accepted = None;
    let last = loop {
        let frame = client.next().await;
        if is_kind(&frame, "RUN_STARTED") {
            accepted = Some(submitted.elapsed());
        }
        if ["RUN_FINISHED", "RUN_ERROR", "error"]
            .iter()
            .any(|kind| is_kind(&frame, kind))
        {
            break frame;
        }
    };
    let whole = submitted.elapsed();
    let result = decode(&last)["result"].clone();
    measured.add(WHOLE, whole);
    measured.add("until RUN_STARTED is here", accepted.expect("it began"));
    let mut in_stages = Duration::ZERO;
    for (stage, time) in stages.take() {
        measured.add(&stage, time);
        in_stages += time;
    }
    measured.add("outside of stages", whole.saturating_sub(in_stages));

    // the server's thread is idle again by now, or its clock would be behind
    tokio::time::sleep(Duration::from_millis(5)).await;
    measured
        .processor
        .push((served.clock.read() - processor).as_secs_f64() * 1000.0);
    let query = result["query"].as_str();
    let query = query.unwrap_or_else(|| panic!("{question}: no query in {result}"));
    (
        query.to_owned(),
        result["rowCount"].as_u64().expect("it was run"),
    )
}

async fn one_echo(
    address: SocketAddr,
    clock: &ProcessorClock,
    frame: &str,
    measured: &mut Measured,
    rows: u64,
) {
    let mut client = Client::open(address, "/").await;
    let processor = clock.read();
    let submitted = Instant::now();
    client.send(frame.to_owned()).await;
    let echoed = client.next().await;
    measured.add(WHOLE, submitted.elapsed());
    let echoed: Vec<Value> = serde_json::from_str(&echoed).expect("rows");
    assert_eq!(echoed.len() as u64, rows, "the same rows");
    tokio::time::sleep(Duration::from_millis(5)).await;
    measured
        .processor
        .push((clock.read() - processor).as_secs_f64() * 1000.0);
}

// ---------------------------------------------------------------- the bare server

#[derive(Clone)]
struct Bare {
    pool: PgPool,
    sample: Arc<Mutex<Connection>>,
}

fn serve_bare(options: sqlx::postgres::PgConnectOptions) -> (SocketAddr, ProcessorClock) {
    on_own_thread("bare", || async {
        let pool = PgPoolOptions::new()
            .connect_with(options)
            .await
            .expect("PostgreSQL takes it");
        sqlx::raw_sql(
            "create table bench_turns (id uuid primary key, question text, rows jsonb, status text)",
        )
        .execute(&pool)
        .await
        .expect("a table");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/northwind.sqlite");
        let sample = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .expect("the sample is in the repository");
        let bare = Bare {
            pool,
            sample: Arc::new(Mutex::new(sample)),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let router = Router::new().route("/", get(upgrade)).with_state(bare);
        tokio::spawn(async { axum::serve(listener, router).await });
        address
    })
}

async fn upgrade(State(bare): State<Bare>, upgrade: WebSocketUpgrade) -> axum::response::Response {
    upgrade.on_upgrade(move |socket| async move {
        // a client that has what it wanted goes away
        let _ = bare.answer(socket).await;
    })
}

impl Bare {
    async fn answer(&self, mut socket: WebSocket) -> Result<(), axum::Error> {
        while let Some(Ok(Message::Text(text))) = socket.next().await {
            let (commits, query) = text.split_once(' ').expect("how, then the query");
            let durable = commits == "three";
            let id = Uuid::now_v7();
            let begin = match durable {
                true => sqlx::query("insert into bench_turns (id, question) values ($1, $2)")
                    .bind(id)
                    .bind(query.to_owned()),
                false => sqlx::query("select 1"),
            };
            begin
                .execute(&self.pool)
                .await
                .expect("PostgreSQL takes it");
            let rows = self.rows(query.to_owned()).await;
            let rows = serde_json::to_string(&rows).expect("rows are JSON");
            if durable {
                sqlx::query("update bench_turns set rows = $2::jsonb where id = $1")
                    .bind(id)
                    .bind(&rows)
                    .execute(&self.pool)
                    .await
                    .expect("PostgreSQL takes it");
                sqlx::query("update bench_turns set status = 'succeeded' where id = $1")
                    .bind(id)
                    .execute(&self.pool)
                    .await
                    .expect("PostgreSQL takes it");
            }
            socket.send(Message::text(rows)).await?;
        }
        Ok(())
    }

    async fn rows(&self, query: String) -> Vec<Vec<Value>> {
        let sample = self.sample.clone();
        let work = move || {
            let sample = sample.lock().expect("nothing panics with it");
            let mut statement = sample.prepare(&query).expect("it was valid for the server");
            let columns = statement.column_count();
            let rows = statement
                .query_map([], |row| {
                    (0..columns).map(|at| row.get_ref(at).map(json)).collect()
                })
                .expect("it runs");
            rows.collect::<Result<_, _>>().expect("it runs to its end")
        };
        tokio::task::spawn_blocking(work)
            .await
            .expect("it does not panic")
    }
}

fn json(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
        ValueRef::Blob(bytes) => bytes.len().into(),
    }
}
