//! Processes that die of SIGKILL: at every stage, before and after every commit and every event, and at any
//! moment. What was acknowledged is kept, everything ends, nothing is there twice.
//!
//! A lane is an installation of two processes over one database. In each round a process that will die at
//! a named place takes the questions of several tabs. When it has died the tabs find the other process by
//! themselves, and ask again what was lost; in every fourth round there is no other, and the dead one is
//! started anew.

use super::Part;
use super::checker;
use super::questions::{self, Way, question};
use crate::support::model::ScriptedModel;
use crate::support::program::{Program, Variables};
use crate::support::server::scratch;
use crate::support::tab::{Doors, Tab, input, retry};
use queryforge::store::embedded::Cluster;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sqlx::PgPool;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use uuid::Uuid;

/// Twelve points, each with the places (see `queryforge::failpoint`) that are on either side of it.
const POINTS: [(&str, Way, &[&str]); 12] = [
    (
        "the submit's commit",
        Way::Straight,
        &["turn.before_commit", "turn.after_commit"],
    ),
    (
        "intent",
        Way::Straight,
        &[
            "after RUN_STARTED",
            "before intent_classification",
            "in intent_classification",
            "after intent_classification",
        ],
    ),
    (
        "retrieval",
        Way::Straight,
        &[
            "before schema_retrieval",
            "in schema_retrieval",
            "after schema_retrieval",
        ],
    ),
    (
        "analysis",
        Way::Straight,
        &[
            "before query_analysis",
            "in query_analysis",
            "after query_analysis",
        ],
    ),
    (
        "generation",
        Way::Straight,
        &[
            "before query_generation",
            "before the model's call",
            "reply.before_commit",
            "reply.after_commit",
            "after the model's reply",
            "after query_generation",
        ],
    ),
    (
        "a piece of text",
        Way::Straight,
        &[
            "before TEXT_MESSAGE_START",
            "before TEXT_MESSAGE_CONTENT",
            "after TEXT_MESSAGE_CONTENT",
            "after TEXT_MESSAGE_END",
        ],
    ),
    (
        "saving what was said so far",
        Way::Slowly,
        &["progress.before_commit", "progress.after_commit"],
    ),
    (
        "validation",
        Way::Straight,
        &[
            "before query_validation",
            "in query_validation",
            "after query_validation",
        ],
    ),
    (
        "refinement",
        Way::Twice,
        &[
            "before query_refinement",
            "in query_refinement",
            "after query_refinement",
        ],
    ),
    (
        "execution",
        Way::Straight,
        &[
            "before query_execution",
            "in query_execution",
            "after query_execution",
        ],
    ),
    (
        "the result",
        Way::Straight,
        &["before ACTIVITY_SNAPSHOT", "after ACTIVITY_SNAPSHOT"],
    ),
    (
        "the end",
        Way::Straight,
        &[
            "end.before_commit",
            "end.after_commit",
            "after the terminal event",
        ],
    ),
];

/// Tabs, each with a conversation of its own, that ask the process which will die.
const TABS: usize = 3;

/// Nothing is running any more so long after a process died (protocol.md, section 4).
const AT_REST_WITHIN: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_kills_at_twelve_points_lose_nothing_and_double_nothing() {
    let plan = Plan {
        kills: 54,
        at_random: 6,
        lanes: 6,
        lease_seconds: 1.5,
        part: Part::WHOLE,
    };
    run(plan).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a quarter of an hour"]
async fn six_hundred_kills_at_twelve_points() {
    let plan = Plan {
        kills: 600,
        at_random: 100,
        lanes: 5,
        lease_seconds: 1.5,
        part: Part::of_environment(),
    };
    run(plan).await;
}

/// With the lease that an installation has.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes some minutes"]
async fn twenty_four_kills_with_a_lease_of_fifteen_seconds() {
    let plan = Plan {
        kills: 24,
        at_random: 0,
        lanes: 6,
        lease_seconds: 15.0,
        part: Part::WHOLE,
    };
    run(plan).await;
}

struct Plan {
    /// At named places.
    kills: usize,
    /// Besides, at random moments.
    at_random: usize,
    lanes: usize,
    lease_seconds: f64,
    part: Part,
}

/// Where one process is to die.
#[derive(Clone, Copy, Debug)]
enum Death {
    At {
        way: Way,
        place: &'static str,
    },
    /// After so long.
    Within(Duration),
}

async fn run(plan: Plan) {
    queryforge::llm::install_crypto();
    let dir = scratch();
    let cluster = Cluster::start(dir.path()).await.expect("PostgreSQL starts");
    let model = Arc::new(questions::model().await);
    let mut random = StdRng::seed_from_u64(plan.kills as u64);
    let deaths: Vec<Death> = (0..plan.kills)
        .map(|kill| {
            let (_, way, places) = POINTS[kill % POINTS.len()];
            let place = places[kill / POINTS.len() % places.len()];
            Death::At { way, place }
        })
        .chain((0..plan.at_random).map(|_| {
            let ms = random.random_range(0..900);
            Death::Within(Duration::from_millis(ms))
        }))
        .enumerate()
        // whole rounds of the twelve points, so that a part has all of them
        .filter(|(kill, _)| plan.part.has(kill / POINTS.len()))
        .map(|(_, death)| death)
        .collect();
    let planned = deaths.len();
    let began = Instant::now();
    let mut lanes = Vec::new();
    for at in 0..plan.lanes {
        let mine: Vec<Death> = (0..)
            .map_while(|round| deaths.get(round * plan.lanes + at).copied())
            .collect();
        let seed = (plan.part.number * plan.lanes + at) as u64;
        let lane = Lane::open(&cluster, &dir, &model, at, seed, plan.lease_seconds);
        lanes.push(async move { lane.await.run(mine).await });
    }
    let reports = futures::future::join_all(lanes).await;
    let mut report = Report::default();
    for lane in reports {
        report.add(lane);
    }
    println!(
        "{} kills in {:.0} s: {} questions, {} turns lost to a kill and asked again, at rest after {:.1} s at most; {} findings",
        report.kills,
        began.elapsed().as_secs_f64(),
        report.questions,
        report.asked_again,
        report.at_rest.as_secs_f64(),
        report.findings.len(),
    );
    cluster.stop().await;
    assert!(
        report.findings.is_empty(),
        "{} findings:\n{}",
        report.findings.len(),
        report.findings.join("\n")
    );
    assert_eq!(report.kills, planned);
    assert!(
        report.asked_again > planned / 4,
        "kills that disturb nobody prove nothing: {} of {planned}",
        report.asked_again,
    );
    assert!(
        report.at_rest <= AT_REST_WITHIN,
        "a turn ran on for {:?}",
        report.at_rest
    );
}

#[derive(Default)]
struct Report {
    kills: usize,
    questions: usize,
    asked_again: usize,
    /// The longest time from a death to the end of the last turn it disturbed.
    at_rest: Duration,
    findings: Vec<String>,
}

impl Report {
    fn add(&mut self, other: Report) {
        self.kills += other.kills;
        self.questions += other.questions;
        self.asked_again += other.asked_again;
        self.at_rest = self.at_rest.max(other.at_rest);
        self.findings.extend(other.findings);
    }
}

struct Lane<'a> {
    dir: &'a TempDir,
    model: Arc<ScriptedModel>,
    pool: PgPool,
    variables: Variables,
    dataset: String,
    survivor: Program,
    random: StdRng,
}

/// What one tab asked in a round.
struct Asked {
    tab: Tab,
    way: Way,
    /// With how many of its turns died.
    questions: Vec<(String, usize)>,
}

impl<'a> Lane<'a> {
    async fn open(
        cluster: &Cluster,
        dir: &'a TempDir,
        model: &Arc<ScriptedModel>,
        number: usize,
        seed: u64,
        lease_seconds: f64,
    ) -> Self {
        let database = format!("lane_{number}");
        cluster
            .ensure_database(&database)
            .await
            .expect("a database");
        let variables = Variables::default()
            .with("DATABASE_URL", cluster.url(&database))
            .with("QF_DATA_DIR", dir.path().join(&database).display())
            .with("OPENAI_BASE_URL", model.base_url())
            .with("OPENAI_MODEL", "scripted")
            .with("QF_LEASE_SECONDS", lease_seconds);
        let survivor = Program::start(&variables, dir.path()).await;
        let pool = PgPool::connect(&cluster.url(&database))
            .await
            .expect("it is there");
        let id: Uuid = sqlx::query_scalar("select id from datasets where name = 'Northwind'")
            .fetch_one(&pool)
            .await
            .expect("the sample is installed");
        Self {
            dir,
            model: model.clone(),
            pool,
            variables,
            dataset: id.to_string(),
            survivor,
            random: StdRng::seed_from_u64(seed),
        }
    }

    async fn run(mut self, deaths: Vec<Death>) -> Report {
        let mut report = Report::default();
        let mut victim = match deaths.first() {
            Some(death) => Program::start(&self.armed(*death), self.dir.path()).await,
            None => return report,
        };
        for (round, death) in deaths.iter().enumerate() {
            let begun = report.findings.len();
            // the next one starts while this one's turns wait for their lease to run out
            let next = deaths.get(round + 1).map(|next| self.armed(*next));
            let dir = self.dir.path();
            let next = async {
                match &next {
                    Some(variables) => Some(Program::start(variables, dir).await),
                    None => None,
                }
            };
            let (next, ()) = tokio::join!(
                next,
                self.round(victim, *death, round % 4 == 3, &mut report)
            );
            for finding in &mut report.findings[begun..] {
                *finding = format!("{death:?}: {finding}");
            }
            println!("{death:?}: {} findings", report.findings[begun..].len());
            match next {
                Some(next) => victim = next,
                None => break,
            }
        }
        report
    }

    fn armed(&mut self, death: Death) -> Variables {
        match death {
            Death::At { place, .. } => {
                // the first to come there, or one of those after it
                let times = self.random.random_range(1..=TABS);
                let armed = format!("{place}:{times}");
                self.variables.clone().with("QF_FAIL_AT", armed)
            }
            Death::Within(_) => self.variables.clone(),
        }
    }

    async fn round(&mut self, mut victim: Program, death: Death, alone: bool, report: &mut Report) {
        let way = match death {
            Death::At { way, .. } => way,
            Death::Within(_) => Way::Straight,
        };
        let doors = Doors::default();
        match alone {
            true => doors.set(&[victim.address]),
            false => doors.set(&[victim.address, self.survivor.address]),
        }
        if alone {
            self.survivor.kill();
        }

        let (dead, is_dead) = tokio::sync::watch::channel(false);
        let tabs = futures::future::join_all((0..TABS).map(|_| {
            let is_dead = is_dead.clone();
            let (doors, dataset) = (&doors, &self.dataset);
            async move {
                let mut asked = Asked {
                    tab: Tab::new(Uuid::now_v7(), doors, 0),
                    way,
                    questions: Vec::new(),
                };
                // a place may be passed by all of them before it is fatal
                loop {
                    asked.ask(dataset).await;
                    if *is_dead.borrow() {
                        return asked;
                    }
                }
            }
        }));
        let killing = async {
            let began = Instant::now();
            if let Death::Within(delay) = death {
                tokio::time::sleep(delay).await;
                victim.kill();
            }
            while victim.is_running() {
                assert!(
                    began.elapsed() < Duration::from_secs(60),
                    "{death:?} is never reached: {}",
                    victim.log()
                );
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let died = chrono::Utc::now();
            dead.send_replace(true);
            if let Death::At { .. } = death {
                assert!(
                    victim.said("QF_FAIL_AT: ending"),
                    "it died by itself: {}",
                    victim.log()
                );
            }
            if alone {
                // the same again, without the sentence of death
                self.survivor = Program::start(&self.variables, self.dir.path()).await;
                doors.set(&[self.survivor.address]);
            }
            died
        };
        let (mut all, died) = tokio::join!(tabs, killing);
        let running: i64 =
            sqlx::query_scalar("select count(*) from turns where status = 'running'")
                .fetch_one(&self.pool)
                .await
                .expect("the checker's own way to PostgreSQL");
        if running > 0 {
            report.findings.push(format!("{running} turns still run"));
        }
        let longest: Option<f64> = sqlx::query_scalar(
            "select max(extract(epoch from finished_at - $1))::float8 from turns
              where error ->> 'code' = 'SERVER_RESTART' and finished_at > $1",
        )
        .bind(died)
        .fetch_one(&self.pool)
        .await
        .expect("the checker's own way to PostgreSQL");
        let longest = Duration::from_secs_f64(longest.unwrap_or(0.0).max(0.0));
        report.at_rest = report.at_rest.max(longest);
        report.kills += 1;

        // the conversation goes on
        all[0].ask(&self.dataset).await;
        let calls = questions::calls(&self.model);
        for asked in &all {
            let found = checker::conversation(&self.pool, &[&asked.tab], None, &doors).await;
            report.findings.extend(found);
            for (mark, deaths) in &asked.questions {
                report.questions += 1;
                report.asked_again += deaths;
                // earlier questions stand in the prompt, too, and the script goes by words
                let found =
                    checker::repeated_calls(&calls, mark, asked.way.calls(), (*deaths).min(1));
                report.findings.extend(found);
            }
        }
    }
}

impl Asked {
    /// One question, asked again when its turn died, until it is answered.
    async fn ask(&mut self, dataset: &str) {
        let (words, mark) = question(self.way);
        let conversation = self.tab.conversation;
        let mut run = Uuid::now_v7();
        let mut ended = self
            .tab
            .ask(&input(conversation, run, dataset, &words))
            .await;
        let mut deaths = 0;
        while !ended.succeeded() {
            assert!(
                ended.code() == "SERVER_RESTART" && ended.retryable(),
                "{run} ended in {}",
                ended.event
            );
            deaths += 1;
            assert!(deaths < 5, "{mark} dies again and again");
            let failed = run;
            run = Uuid::now_v7();
            let again = retry(conversation, run, dataset, failed);
            ended = self.tab.ask(&again).await;
        }
        assert_eq!(
            ended.event["result"]["query"],
            questions::query(),
            "the query that the model wrote"
        );
        self.questions.push((mark, deaths));
    }
}
