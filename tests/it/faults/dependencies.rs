//! What we depend on goes away: PostgreSQL and Redis refuse, dawdle, fall silent, are cut off in the middle of a
//! message, lose an answer, are restarted, flushed, exhausted; one of them, or both at once.
//!
//! 24 faults, each at four moments of a turn: 96. The process is a real one; it stops itself (SIGSTOP) at the
//! moment that is wanted, so that the fault is there before the next thing it does. Every turn completes or
//! ends in an error that says what it is, and afterwards everything is as it should be. With Redis gone the
//! turn completes, and its reader is shown all of it in one piece.

use super::checker;
use super::questions::{self, Way, question};
use crate::support::model::ScriptedModel;
use crate::support::program::{Program, Variables};
use crate::support::proxy::{Proxy, Weather};
use crate::support::redis::RedisServer;
use crate::support::server::scratch;
use crate::support::tab::{Doors, Tab, input};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use queryforge::store::embedded::Cluster;
use sqlx::{Connection, PgConnection, PgPool};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use uuid::Uuid;

/// What befalls a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Weather(Weather),
    /// At once and without a goodbye, in the middle of what it was doing.
    Restarted,
    /// Redis forgets everything.
    Flushed,
    /// Every connection of the pool waits, for a table that somebody has locked.
    Exhausted,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    postgres: Option<Trouble>,
    redis: Option<Trouble>,
}

const SLOW: Trouble = Trouble::Weather(Weather::Slow(Duration::from_millis(100)));
const REFUSED: Trouble = Trouble::Weather(Weather::Refused);
const SILENT: Trouble = Trouble::Weather(Weather::BlackHole);
const CUT_ANSWER: Trouble = Trouble::Weather(Weather::CutAnswer(3));
const CUT_REQUEST: Trouble = Trouble::Weather(Weather::CutRequest(9));
const LOST_ANSWER: Trouble = Trouble::Weather(Weather::LoseAnswer);
use Trouble::{Exhausted, Flushed, Restarted};

#[rustfmt::skip]
const FAULTS: [Fault; 24] = [
    postgres(REFUSED), postgres(SLOW), postgres(SILENT), postgres(CUT_ANSWER),
    postgres(CUT_REQUEST), postgres(LOST_ANSWER), postgres(Restarted), postgres(Exhausted),
    redis(REFUSED), redis(SLOW), redis(SILENT), redis(CUT_ANSWER),
    redis(CUT_REQUEST), redis(LOST_ANSWER), redis(Restarted), redis(Flushed),
    both(REFUSED, REFUSED), both(SLOW, SLOW), both(SILENT, SILENT), both(CUT_ANSWER, CUT_ANSWER),
    both(LOST_ANSWER, LOST_ANSWER), both(Restarted, Restarted), both(Exhausted, Flushed), both(Restarted, REFUSED),
];

const fn postgres(trouble: Trouble) -> Fault {
    Fault {
        postgres: Some(trouble),
        redis: None,
    }
}

const fn redis(trouble: Trouble) -> Fault {
    Fault {
        postgres: None,
        redis: Some(trouble),
    }
}

const fn both(postgres: Trouble, redis: Trouble) -> Fault {
    Fault {
        postgres: Some(postgres),
        redis: Some(redis),
    }
}

/// Before the submit is committed, while text streams, before the model's reply is, before the end is.
const MOMENTS: [&str; 4] = [
    "turn.before_commit",
    "after TEXT_MESSAGE_START",
    "reply.before_commit",
    "end.before_commit",
];

/// How long PostgreSQL is in trouble; Redis is for as long as the turn runs.
const TROUBLED: Duration = Duration::from_millis(1200);

/// How long a turn may take for its end when only Redis is in trouble: a turn that waits for it would
/// wait for ever.
const WITHOUT_REDIS: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_befalls_a_dependency_every_turn_ends_and_says_how() {
    // every fault once, the moments in turn
    let cases = |moment: usize| {
        (0..FAULTS.len()).filter(move |fault| fault % MOMENTS.len() == (moment + fault / 8) % 4)
    };
    run(cases).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes some minutes"]
async fn ninety_six_faults_of_dependencies() {
    run(|_| 0..FAULTS.len()).await;
}

async fn run<C: Iterator<Item = usize>>(cases: impl Fn(usize) -> C) {
    queryforge::llm::install_crypto();
    let began = Instant::now();
    let model = Arc::new(questions::model().await);
    let lanes = MOMENTS.iter().enumerate().map(|(at, moment)| {
        let cases: Vec<Fault> = cases(at).map(|fault| FAULTS[fault]).collect();
        let model = model.clone();
        async move {
            let dir = scratch();
            let mut lane = Lane::open(&dir, &model, moment).await;
            let mut outcomes = Vec::new();
            for fault in cases {
                outcomes.push(lane.case(fault).await);
            }
            lane.cluster.stop().await;
            outcomes
        }
    });
    let outcomes: Vec<Outcome> = futures::future::join_all(lanes)
        .await
        .into_iter()
        .flatten()
        .collect();
    let completed = outcomes.iter().filter(|case| case.completed).count();
    let findings: Vec<&String> = outcomes.iter().flat_map(|case| &case.findings).collect();
    println!(
        "{} faults in {:.0} s: {completed} turns completed, {} ended in an error that says what it is; {} findings",
        outcomes.len(),
        began.elapsed().as_secs_f64(),
        outcomes.len() - completed,
        findings.len(),
    );
    assert!(findings.is_empty(), "{findings:#?}");
}

struct Outcome {
    completed: bool,
    findings: Vec<String>,
}

/// An installation of one process, and everything it depends on behind doors of ours.
struct Lane {
    moment: &'static str,
    cluster: Cluster,
    postgres_door: Proxy,
    redis: RedisServer,
    redis_door: Proxy,
    program: Program,
    dataset: String,
}

const DATABASE: &str = "faults";

impl Lane {
    async fn open(dir: &TempDir, model: &ScriptedModel, moment: &'static str) -> Self {
        let cluster = Cluster::start(dir.path()).await.expect("PostgreSQL starts");
        cluster.ensure_database(DATABASE).await.expect("a database");
        let socket = cluster.socket_dir().join(".s.PGSQL.5432");
        let postgres_door = Proxy::before_unix(socket).await;
        let redis = RedisServer::start();
        let redis_door = Proxy::before_tcp(redis.address).await;
        let variables = Variables::default()
            .with(
                "DATABASE_URL",
                format!(
                    "postgres://queryforge@{}/{DATABASE}?sslmode=disable",
                    postgres_door.address
                ),
            )
            .with("REDIS_URL", format!("redis://{}", redis_door.address))
            .with("QF_DATA_DIR", dir.path().join("data").display())
            .with("OPENAI_BASE_URL", model.base_url())
            .with("OPENAI_MODEL", "scripted")
            .with("QF_LEASE_SECONDS", 3)
            .with("QF_PAUSE_AT", moment);
        let program = Program::start(&variables, dir.path()).await;
        let mut lane = Self {
            moment,
            cluster,
            postgres_door,
            redis,
            redis_door,
            program,
            dataset: String::new(),
        };
        let pool = lane.pool().await;
        let id: Uuid = sqlx::query_scalar("select id from datasets where name = 'Northwind'")
            .fetch_one(&pool)
            .await
            .expect("the sample is installed");
        lane.dataset = id.to_string();
        lane
    }

    /// Not through the door.
    async fn pool(&self) -> PgPool {
        let began = Instant::now();
        loop {
            match PgPool::connect(&self.cluster.url(DATABASE)).await {
                Ok(pool) => return pool,
                Err(error) => assert!(
                    began.elapsed() < Duration::from_secs(30),
                    "PostgreSQL does not come back: {error}"
                ),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn case(&mut self, fault: Fault) -> Outcome {
        let doors = Doors::default();
        doors.set(&[self.program.address]);
        let mut tab = Tab::new(Uuid::now_v7(), &doors, 0);
        let conversation = tab.conversation;
        let run = Uuid::now_v7();
        let (words, _) = question(Way::Straight);
        let frame = input(conversation, run, &self.dataset, &words);
        let mut findings = Vec::new();

        tab.connect_if_needed().await;
        let (over, is_over) = tokio::sync::watch::channel(false);
        let asking = async {
            let ended = tab.ask(&frame).await;
            over.send_replace(true);
            ended
        };
        let (ended, in_trouble) = tokio::join!(asking, self.trouble(fault, is_over));
        findings.extend(in_trouble);
        let completed = ended.succeeded();
        if !completed && (ended.code().is_empty() || !ended.retryable()) {
            findings.push(format!("it ended in {}", ended.event));
        }
        if fault.postgres.is_none() {
            if !completed {
                findings.push(format!("without Redis it ended in {}", ended.event));
            }
            if tab.stretches.len() != 1 || tab.snapshots != 0 {
                findings.push(format!(
                    "without Redis its reader was shown {} stretches and {} snapshots",
                    tab.stretches.len(),
                    tab.snapshots
                ));
            }
        }

        // as if nothing had been
        let (words, _) = question(Way::Straight);
        let (over, is_over) = tokio::sync::watch::channel(false);
        // a question that was sent twice may come to the moment once more after its answer: until all is checked
        let checked = async {
            let mut ended = tab
                .ask(&input(conversation, Uuid::now_v7(), &self.dataset, &words))
                .await;
            for _ in 0..3 {
                if ended.succeeded() {
                    break;
                }
                // a connection that broke unnoticed is found out by whoever uses it next
                let again = input(conversation, Uuid::now_v7(), &self.dataset, &words);
                ended = tab.ask(&again).await;
            }
            if !ended.succeeded() {
                findings.push(format!("after it, a question ended in {}", ended.event));
            }
            let pool = self.pool().await;
            findings.extend(checker::conversation(&pool, &[&tab], None, &doors).await);
            pool.close().await;
            over.send_replace(true);
        };
        tokio::join!(checked, self.keep_going(is_over));
        let moment = self.moment;
        for finding in &mut findings {
            *finding = format!("{fault:?} {moment}: {finding}");
        }
        if !findings.is_empty() {
            findings.push(self.program.log());
        }
        Outcome {
            completed,
            findings,
        }
    }

    /// Waits for the moment, lets the trouble begin, and ends it.
    async fn trouble(
        &mut self,
        fault: Fault,
        mut over: tokio::sync::watch::Receiver<bool>,
    ) -> Vec<String> {
        let pid = self.pid();
        let began = Instant::now();
        while !is_stopped(pid) {
            if *over.borrow() {
                return vec![format!("{} was never reached", self.moment)];
            }
            assert!(
                began.elapsed() < Duration::from_secs(60),
                "{} is not reached: {}",
                self.moment,
                self.program.log()
            );
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let mut locked = None;
        match fault.postgres {
            Some(Trouble::Weather(weather)) => self.postgres_door.set(weather),
            Some(trouble @ (Restarted | Exhausted)) => {
                let mode = if trouble == Restarted {
                    // whoever writes is held in the middle of it
                    "exclusive"
                } else {
                    "access exclusive"
                };
                locked = Some(self.lock(mode).await);
            }
            Some(Flushed) | None => {}
        }
        match fault.redis {
            Some(Trouble::Weather(weather)) => self.redis_door.set(weather),
            Some(Restarted) => self.redis.restart(),
            Some(Flushed) => self.flush(),
            Some(Exhausted) | None => {}
        }
        let mut crowd = Vec::new();
        if fault.postgres == Some(Exhausted) {
            // more than the pool has connections
            let url = format!("http://{}/api/v1/conversations", self.program.address);
            crowd.extend((0..24).map(|_| tokio::spawn(reqwest::get(url.clone()))));
        }

        let begun = Instant::now();
        let mut quit = fault.postgres == Some(Restarted);
        let mut in_trouble = fault.postgres.is_some();
        let mut findings = Vec::new();
        loop {
            proceed(pid);
            if quit && begun.elapsed() > Duration::from_millis(200) {
                quit = false;
                self.kill_postgres();
                drop(locked.take());
            }
            if in_trouble && begun.elapsed() > TROUBLED {
                in_trouble = false;
                self.postgres_door.set(Weather::Clear);
                drop(locked.take());
                if fault.redis.is_some() {
                    self.redis_door.set(Weather::Clear);
                }
            }
            if *over.borrow() && !in_trouble {
                break;
            }
            if fault.postgres.is_none() && begun.elapsed() > WITHOUT_REDIS {
                findings.push(format!("the turn still waits after {WITHOUT_REDIS:?}"));
                self.redis_door.set(Weather::Clear);
                let _ = over.wait_for(|over| *over).await;
                break;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        self.redis_door.set(Weather::Clear);
        for one in crowd {
            let _ = one.await;
        }
        findings
    }

    /// Nobody is stopped for long.
    async fn keep_going(&self, over: tokio::sync::watch::Receiver<bool>) {
        while !*over.borrow() {
            proceed(self.pid());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.program.pid()).expect("a process id"))
    }

    /// On a connection of its own; gone when that is dropped.
    async fn lock(&self, mode: &str) -> PgConnection {
        let mut connection = PgConnection::connect(&self.cluster.url(DATABASE))
            .await
            .expect("not through the door");
        let statement = format!("begin; lock table turns in {mode} mode");
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .expect("a lock");
        connection
    }

    /// What PostgreSQL calls an immediate shutdown: the next start recovers. Its supervisor starts it again.
    fn kill_postgres(&self) {
        let pid = self.cluster.pid().expect("it runs");
        let pid = Pid::from_raw(i32::try_from(pid).expect("a process id"));
        kill(pid, Signal::SIGQUIT).expect("it is ours");
    }

    fn flush(&self) {
        let mut connection = self.redis.connection().expect("Redis answers");
        let _: () = redis::cmd("FLUSHALL")
            .query(&mut connection)
            .expect("it forgets");
    }
}

fn is_stopped(pid: Pid) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // the name, in parentheses, may hold anything
    stat.rsplit(')')
        .next()
        .is_some_and(|rest| rest.trim_start().starts_with('T'))
}

fn proceed(pid: Pid) {
    if is_stopped(pid) {
        let _ = kill(pid, Signal::SIGCONT);
    }
}
