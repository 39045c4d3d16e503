//! Two processes that die now and then, and tabs whose sockets are cut all the time: whatever a tab was shown,
//! joined, is the log, byte for byte.
//!
//! The log is what both processes read and write in Redis. Each conversation has three tabs: one that asks, one
//! on each process that only reads; all but the last are cut every few frames. What a process showed to
//! its own sockets in the moment of its death may be in no log; whoever saw that is given a snapshot.

use super::Part;
use super::checker::{self, SharedLog};
use super::questions::{self, Way, question};
use crate::support::program::{Program, Variables};
use crate::support::redis::RedisServer;
use crate::support::server::scratch;
use crate::support::tab::{Doors, Tab, input, retry};
use futures::stream::{self, StreamExt};
use queryforge::store::embedded::Cluster;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sqlx::PgPool;
use std::cell::Cell;
use std::time::{Duration, Instant};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_two_dying_processes_show_is_the_log_byte_for_byte() {
    run(Plan {
        conversations: 6,
        at_once: 6,
        answered_between_kills: 2,
        kills: 3,
        first_seed: 0,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes some minutes"]
async fn a_thousand_turns_over_two_dying_processes() {
    let part = Part::of_environment();
    run(Plan {
        conversations: 500 / part.of,
        at_once: 8,
        answered_between_kills: 20,
        kills: 36 / part.of,
        first_seed: part.number as u64 * 1000,
    })
    .await;
}

struct Plan {
    /// At least; people go on asking until enough processes have died.
    conversations: usize,
    at_once: usize,
    /// A process dies when so many questions, on average, were answered since the other one did. A time would not do:
    /// on a slow machine processes would be killed faster than they answer.
    answered_between_kills: usize,
    /// At least.
    kills: usize,
    /// Of the first conversation; the next one has the next.
    first_seed: u64,
}

/// Questions of one conversation that are answered.
const QUESTIONS: usize = 2;

#[derive(Default)]
struct Report {
    turns: usize,
    asked_again: usize,
    cuts: usize,
    snapshots: usize,
    steps: usize,
    frames: usize,
    findings: Vec<String>,
}

async fn run(plan: Plan) {
    queryforge::llm::install_crypto();
    let dir = scratch();
    let cluster = Cluster::start(dir.path()).await.expect("PostgreSQL starts");
    cluster.ensure_database("drops").await.expect("a database");
    let redis = RedisServer::start();
    let model = questions::model().await;
    let variables = Variables::default()
        .with("DATABASE_URL", cluster.url("drops"))
        .with("REDIS_URL", redis.url())
        .with("QF_DATA_DIR", dir.path().join("data").display())
        .with("OPENAI_BASE_URL", model.base_url())
        .with("OPENAI_MODEL", "scripted")
        .with("QF_LEASE_SECONDS", 1.5);
    let mut processes = [
        Program::start(&variables, dir.path()).await,
        Program::start(&variables, dir.path()).await,
    ];
    let doors = Doors::default();
    let addresses = |processes: &[Program; 2]| [processes[0].address, processes[1].address];
    doors.set(&addresses(&processes));
    let pool = PgPool::connect(&cluster.url("drops"))
        .await
        .expect("it is there");
    let dataset: Uuid = sqlx::query_scalar("select id from datasets where name = 'Northwind'")
        .fetch_one(&pool)
        .await
        .expect("the sample is installed");
    let dataset = dataset.to_string();

    let began = Instant::now();
    let done = Cell::new(false);
    let (kills, answered) = (Cell::new(0), Cell::new(0));
    let asking = async {
        // a fast machine answers many before anybody dies
        let goes_on = |number: &usize| {
            std::future::ready(*number < plan.conversations || kills.get() < plan.kills)
        };
        let reports: Vec<Report> = stream::iter(0..)
            .take_while(goes_on)
            .map(|number| {
                let seed = plan.first_seed + number as u64;
                conversation(seed, &answered, &doors, &dataset, &pool, &redis)
            })
            .buffer_unordered(plan.at_once)
            .collect()
            .await;
        done.set(true);
        reports
    };
    let killing = async {
        let mut random = StdRng::seed_from_u64(plan.first_seed);
        loop {
            let until = answered.get() + random.random_range(1..2 * plan.answered_between_kills);
            while answered.get() < until && !done.get() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            // at any moment of those that are being answered
            let moment = Duration::from_millis(random.random_range(0..250));
            tokio::time::sleep(moment).await;
            if done.get() {
                return;
            }
            let victim = kills.get() % 2;
            processes[victim].kill();
            kills.set(kills.get() + 1);
            processes[victim] = Program::start(&variables, dir.path()).await;
            doors.set(&addresses(&processes));
        }
    };
    let (reports, ()) = tokio::join!(asking, killing);
    let kills = kills.get();
    let mut report = Report::default();
    for one in reports {
        report.turns += one.turns;
        report.asked_again += one.asked_again;
        report.cuts += one.cuts;
        report.snapshots += one.snapshots;
        report.steps += one.steps;
        report.frames += one.frames;
        report.findings.extend(one.findings);
    }
    println!(
        "{} turns ({} of them asked again) with {} cuts and {kills} kills in {:.0} s: {} frames in {} pieces with snapshots between, {} of them of what the store had because a stream was late; {} findings",
        report.turns,
        report.asked_again,
        report.cuts,
        began.elapsed().as_secs_f64(),
        report.frames,
        report.snapshots + report.steps,
        report.steps,
        report.findings.len(),
    );
    if !report.findings.is_empty() {
        println!("{}", processes[0].log());
        println!("{}", processes[1].log());
    }
    cluster.stop().await;
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
    assert!(kills >= plan.kills, "{kills} died");
    assert!(report.cuts > plan.conversations, "nobody was cut");
}

async fn conversation(
    seed: u64,
    answered: &Cell<usize>,
    doors: &Doors,
    dataset: &str,
    pool: &PgPool,
    redis: &RedisServer,
) -> Report {
    let id = Uuid::now_v7();
    let mut random = StdRng::seed_from_u64(seed);
    let tab = |door, cut_every| {
        let mut tab = Tab::new(id, doors, door);
        tab.cut_every = cut_every;
        tab
    };
    let mut asker = tab(seed as usize, Some(random.random_range(3..15)));
    let mut cut = tab(0, Some(random.random_range(1..9)));
    let mut calm = tab(1, None);
    let mut report = Report::default();
    cut.connect_if_needed().await;
    calm.connect_if_needed().await;
    for _ in 0..QUESTIONS {
        let (words, _) = question(Way::Straight);
        let mut run = Uuid::now_v7();
        let mut frame = input(id, run, dataset, &words);
        loop {
            let (ended, one, other) =
                tokio::join!(asker.ask(&frame), cut.follow(run), calm.follow(run));
            report.turns += 1;
            for seen in [&one, &other] {
                if seen.event != ended.event {
                    report.findings.push(format!(
                        "{run} ended with {} for one and {} for another",
                        ended.event, seen.event
                    ));
                }
            }
            if ended.succeeded() {
                answered.set(answered.get() + 1);
                break;
            }
            assert!(
                ended.code() == "SERVER_RESTART" && ended.retryable(),
                "{run} ended in {}",
                ended.event
            );
            report.asked_again += 1;
            let failed = run;
            run = Uuid::now_v7();
            frame = retry(id, run, dataset, failed);
        }
    }
    let shared = shared_log(redis, id).await;
    let tabs = [&asker, &cut, &calm];
    let found = checker::conversation(pool, &tabs, Some(&shared), doors).await;
    report.findings.extend(found);
    for tab in tabs {
        report.cuts += tab.cuts;
        report.snapshots += tab.snapshots;
        report.steps += tab.steps;
        report.frames += tab
            .stretches
            .iter()
            .map(|one| one.frames.len())
            .sum::<usize>();
    }
    report
}

/// The conversation's stream, once it holds the end that everybody has seen.
async fn shared_log(redis: &RedisServer, id: Uuid) -> SharedLog {
    let client = redis::Client::open(redis.url()).expect("a URL");
    let mut connection = client
        .get_multiplexed_async_connection()
        .await
        .expect("Redis answers");
    let reply: redis::streams::StreamRangeReply = redis::cmd("XRANGE")
        .arg(format!("qf:c:{id}"))
        .arg("-")
        .arg("+")
        .query_async(&mut connection)
        .await
        .expect("a stream");
    reply
        .ids
        .iter()
        .map(|entry| {
            let (seq, _) = entry.id.split_once('-').expect("<seq>-0");
            let frame = entry.get::<String>("f").expect("every entry has a frame");
            (seq.parse().expect("a number"), frame)
        })
        .collect()
}
