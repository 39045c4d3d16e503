//! Real model output: what published systems wrote for public questions, through the pipeline.
//!
//! `QF_EVAL_DIR` names a folder with `replay/*.jsonl` and `databases/`.
//! `QF_EVAL_DIR=… cargo test --test it recorded -- --ignored --nocapture` prints the figures.

use crate::engines::MARIADB;
use crate::support::mariadb::MariaDb;
use crate::support::model::{Reply, ScriptedModel, anything};
use crate::support::server::{TestServer, cluster};
use async_trait::async_trait;
use queryforge::answering::context::{Context, Question, Sink};
use queryforge::answering::{Answer, TurnError, answer};
use queryforge::cache::Cache;
use queryforge::calibration::Signals;
use queryforge::ids::{ConversationId, TurnId};
use queryforge::knowledge::{Datasets, LiveDataset};
use queryforge::llm::reply::{Parsed, Splitter};
use queryforge::protocol::{Event, ModelConfig, Qf};
use queryforge::query::{Dialect, Verdict};
use queryforge::schema::{Schema, Table};
use queryforge::store::{DatasetConnection, LOCAL_WORKSPACE, NewDataset, ServerConnection};
use queryforge::target::mysql::MySqlTarget;
use queryforge::target::{RunLimits, Target, TargetError, postgres, sqlite};
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// One recorded reply.
struct Prediction {
    id: String,
    question: String,
    database: PathBuf,
    /// As a model would send it.
    reply: String,
    /// What the engine says of the query when nobody checks it first.
    error: Option<String>,
    rows: Option<usize>,
}

fn read(dir: &Path) -> Vec<Prediction> {
    let mut all = Vec::new();
    for (file, bird) in [
        ("spider_dev", false),
        ("bird_minidev", true),
        ("bird_dev_dail", true),
    ] {
        let path = dir.join("replay").join(format!("{file}.jsonl"));
        let lines = std::fs::read_to_string(&path).expect("the predictions are there");
        for line in lines.lines() {
            let row: Value = serde_json::from_str(line).expect("one question a line");
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let database = if bird {
                let schema = text(&row["schema_id"]).replace("bird:", "");
                dir.join(format!("databases/bird_synth/{schema}.s1.sqlite"))
            } else {
                dir.join(text(&row["db"]))
            };
            for prediction in row["predictions"].as_array().expect("predictions") {
                if bird && prediction["dialect"] != "sqlite" {
                    continue;
                }
                let (reply, error) = if bird {
                    let said = if prediction["sql"].is_string() {
                        "sql"
                    } else {
                        "raw"
                    };
                    (text(&prediction[said]), prediction["bind_error"].as_str())
                } else {
                    (text(&prediction["sql"]), prediction["error"].as_str())
                };
                let works = prediction["binds"] == true || prediction["exec"] == "ok";
                all.push(Prediction {
                    id: format!("{} {}", text(&row["id"]), text(&prediction["model"])),
                    question: text(&row["question"]),
                    database: database.clone(),
                    reply: format!(
                        "```sql\n{reply}\n```\nExplanation: as asked.\nConfidence: 0.9\n"
                    ),
                    error: (!works).then(|| error.unwrap_or("it fails").to_owned()),
                    rows: prediction["n_rows"].as_u64().map(|rows| rows as usize),
                });
            }
        }
    }
    all
}

/// Takes events and forgets them, but for the findings of validation.
#[derive(Default)]
struct Quiet {
    reached_execution: Mutex<bool>,
}

#[async_trait]
impl Sink for Quiet {
    async fn ready(&self) -> Result<(), TurnError> {
        Ok(())
    }

    fn emit(&self, event: Event, _qf: Option<Qf>) {
        if matches!(event, Event::StepStarted { step_name } if step_name.as_str() == "query_execution")
        {
            *self.reached_execution.lock().expect("no panic") = true;
        }
    }
}

/// The names in an engine's complaint: `no such column: T1.Make` is about `make`.
fn culprit(error: &str) -> Option<String> {
    let name = error.rsplit_once(": ")?.1.trim();
    let bare = name.rsplit('.').next().unwrap_or(name);
    (!bare.is_empty() && !bare.contains(' ')).then(|| bare.to_lowercase())
}

#[tokio::test]
#[ignore = "needs the evaluation data"]
async fn recorded_models_are_refused_when_their_query_fails_and_only_then() {
    let dir = std::env::var("QF_EVAL_DIR").expect("QF_EVAL_DIR names the evaluation data");
    let predictions = read(Path::new(&dir));
    let model = ScriptedModel::start().await;
    let server = super::server(
        &model,
        &[
            ("MAX_REFINEMENT_ITERATIONS", "0"),
            ("MAX_ESCALATION_ITERATIONS", "0"),
        ],
    )
    .await;
    let open = |connection: &DatasetConnection| match connection {
        DatasetConnection::Sqlite { path } => {
            let target = sqlite::SqliteTarget::new(path.clone(), sqlite::Settings::default());
            Ok(Arc::new(target) as Arc<dyn queryforge::target::Target>)
        }
        _ => Err(TargetError::Other("only SQLite here".to_owned())),
    };
    let datasets = Datasets::new(
        server.app.store.clone(),
        Cache::local(),
        Arc::new(open),
        None,
    );
    let mut live: HashMap<PathBuf, Arc<LiveDataset>> = HashMap::new();
    let (mut ran, mut caught, mut located, mut differing, mut several) = (0, 0, 0, 0, 0);
    let (mut refused, mut missed) = (Vec::new(), Vec::new());
    for prediction in &predictions {
        if !live.contains_key(&prediction.database) {
            let new = NewDataset {
                workspace_id: LOCAL_WORKSPACE,
                name: prediction.database.display().to_string(),
                description: String::new(),
                dialect: Dialect::Sqlite,
                connection: DatasetConnection::Sqlite {
                    path: prediction.database.clone(),
                },
                questions: Vec::new(),
                origin: queryforge::store::Origin::Connection,
            };
            let dataset = server
                .app
                .store
                .upsert_dataset(&new)
                .await
                .expect("a dataset");
            let ready = datasets.live(&dataset).await.expect("it can be read");
            live.insert(prediction.database.clone(), ready);
        }
        let dataset = &live[&prediction.database];
        model.on(
            anything(),
            Reply::text(&prediction.reply).chunked(4_000).times(1),
        );
        let accepted = accepted(&server, dataset, &prediction.id, &prediction.question).await;
        match (&prediction.error, accepted) {
            (None, Some(query)) => {
                ran += 1;
                let Verdict::Accept(query) = dataset.check(&query) else {
                    panic!("{}: it was accepted a moment ago", prediction.id);
                };
                let limits = RunLimits {
                    max_rows: 100_000,
                    max_bytes: 64 << 20,
                    timeout: Duration::from_secs(30),
                };
                let cancel = CancellationToken::new();
                let rows = dataset.target.run(&query, &limits, &cancel).await;
                match rows {
                    Ok(rows) if prediction.rows.is_none_or(|n| n == rows.rows.len()) => {}
                    // a bare list of a table is given a limit
                    Ok(rows) if rows.rows.len() == 100 => {}
                    _ => differing += 1,
                }
            }
            (None, None) => refused.push(prediction.id.clone()),
            (Some(_), None) => {
                caught += 1;
                if guidance_names(dataset, prediction) {
                    located += 1;
                }
            }
            // of a reply with several statements the first is taken, and it was that one which passed
            (Some(error), Some(_)) if error.contains("one statement at a time") => several += 1,
            (Some(error), Some(query)) => {
                missed.push(format!("{}: {error}: {query}", prediction.id))
            }
        }
    }
    println!(
        "{} predictions: {ran} run, {caught} of {} caught before they ran, {located} of those named in the guidance, {} refused that execute, {several} replies with several queries of which the first was taken, {differing} with another number of rows",
        predictions.len(),
        caught + missed.len(),
        refused.len()
    );
    for line in refused.iter().take(40) {
        println!("refused: {}", line.chars().take(400).collect::<String>());
    }
    for line in missed.iter().take(40) {
        println!("missed: {}", line.chars().take(400).collect::<String>());
    }
    assert!(
        missed.is_empty(),
        "{} that fail were let through",
        missed.len()
    );
    assert!(
        refused.is_empty(),
        "{} that execute were refused",
        refused.len()
    );
}

/// Answers the question by whatever the scripted model says next; the query, if it was let through.
async fn accepted(
    server: &TestServer,
    dataset: &LiveDataset,
    id: &str,
    question: &str,
) -> Option<String> {
    // certain of a kind: what is under test is what the model wrote
    let choice = Some("as written".to_owned());
    answered(server, dataset, id, question, choice, None)
        .await
        .map(|(query, _)| query)
}

/// The query that a question comes to without being run, and what spoke for it.
pub(super) async fn answered(
    server: &TestServer,
    dataset: &LiveDataset,
    id: &str,
    question: &str,
    choice: Option<String>,
    provider: Option<&str>,
) -> Option<(String, Option<(Signals, f32)>)> {
    let question = Question {
        turn_id: TurnId::new(),
        conversation_id: ConversationId::new(),
        workspace_id: LOCAL_WORKSPACE,
        owner: "local".to_owned(),
        text: question.to_owned(),
        choice,
        references: Vec::new(),
        summary: None,
        feedback: None,
        confirmed: None,
        execute: false,
        model_config: ModelConfig {
            provider: provider.map(str::to_owned),
            ..ModelConfig::default()
        },
        dataset_reason: None,
    };
    let (sink, cancel) = (Quiet::default(), CancellationToken::new());
    let context = Context::new(&server.app, &question, dataset, &sink, &cancel);
    let outcome = answer(&context).await;
    assert!(!*sink.reached_execution.lock().expect("no panic"));
    match outcome {
        Ok(Answer::Finished(result)) => {
            let noted = context.noted.lock().expect("no panic");
            let signals = noted.signals.clone().zip(noted.confidence);
            result.query.clone().map(|query| (query, signals))
        }
        Ok(Answer::Asked(_)) | Err(TurnError::MaxAttempts { .. }) => None,
        Err(error) => panic!("{id}: {error}"),
    }
}

/// The query in a reply, as the pipeline takes it out.
fn query_in(reply: &str) -> Option<String> {
    let mut splitter = Splitter::new();
    splitter.feed(reply);
    match splitter.finish().1 {
        Parsed::Query { query, .. } => Some(query),
        _ => None,
    }
}

/// Where the tables of a BIRD schema are made again, empty, and asked what they think of a query.
enum Engine {
    Postgres(sqlx::PgPool),
    Mysql(sqlx::MySqlPool),
}

impl Engine {
    /// What it says of a query that nobody checks first.
    async fn complaint(&self, query: &str) -> Option<String> {
        // prepared, so that a second statement is an error and does nothing
        let explain = sqlx::AssertSqlSafe(format!("explain {query}"));
        let done = match self {
            Self::Postgres(pool) => sqlx::query(explain).fetch_all(pool).await.map(|_| ()),
            Self::Mysql(pool) => sqlx::query(explain).fetch_all(pool).await.map(|_| ()),
        };
        done.err().map(|error| error.to_string())
    }
}

/// The tables of `schema` as its authors made them in that engine: PostgreSQL folds plain names, MySQL keeps them.
fn ddl(schema: &Schema, dialect: Dialect) -> Vec<String> {
    let name = |name: &str| {
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        match dialect {
            Dialect::Mysql => format!("`{name}`"),
            _ if plain => format!("\"{}\"", name.to_lowercase()),
            _ => format!("\"{name}\""),
        }
    };
    let kind = |declared: &str| {
        let declared = declared.to_uppercase();
        let is = |words: &[&str]| words.iter().any(|word| declared.contains(word));
        match dialect {
            _ if is(&["INT"]) => "bigint",
            Dialect::Mysql if is(&["REAL", "FLOA", "DOUB", "NUM", "DEC"]) => "double",
            _ if is(&["REAL", "FLOA", "DOUB", "NUM", "DEC"]) => "double precision",
            _ if is(&["DATE"]) => "date",
            _ => "text",
        }
    };
    let table = |table: &Table| {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| format!("{} {}", name(&column.name), kind(&column.data_type)))
            .collect();
        format!(
            "create table {} ({})",
            name(&table.name),
            columns.join(", ")
        )
    };
    schema.tables.iter().map(table).collect()
}

/// GPT-4's queries for PostgreSQL and MySQL. The engine's own word counts, over tables made after the SQLite ones.
#[tokio::test]
#[ignore = "needs the evaluation data"]
async fn recorded_queries_for_postgresql_and_mysql_fare_as_their_engines_say() {
    let dir = std::env::var("QF_EVAL_DIR").expect("QF_EVAL_DIR names the evaluation data");
    let dir = Path::new(&dir);
    let Some(mariadb) = MariaDb::start(MARIADB).await else {
        return;
    };
    let socket = mariadb.data_dir().join("s");
    let (cluster, model) = (cluster().await, ScriptedModel::start().await);
    let server = super::server(
        &model,
        &[
            ("MAX_REFINEMENT_ITERATIONS", "0"),
            ("MAX_ESCALATION_ITERATIONS", "0"),
        ],
    )
    .await;
    let mysql = move |database: &str| {
        sqlx::mysql::MySqlConnectOptions::new()
            .socket(&socket)
            .username("root")
            .database(database)
    };
    let opens = mysql.clone();
    let open = move |connection: &DatasetConnection| -> Result<Arc<dyn Target>, TargetError> {
        Ok(match connection {
            DatasetConnection::Postgres(server) => Arc::new(postgres::PostgresTarget::new(
                cluster.options(&server.database),
                postgres::Settings::default(),
            )),
            DatasetConnection::Mysql(server) => Arc::new(MySqlTarget::new(
                opens(&server.database),
                queryforge::target::mysql::Settings::default(),
            )),
            _ => return Err(TargetError::Other("not here".to_owned())),
        })
    };
    let datasets = Datasets::new(
        server.app.store.clone(),
        Cache::local(),
        Arc::new(open),
        None,
    );
    let text =
        std::fs::read_to_string(dir.join("replay/bird_minidev.jsonl")).expect("they are there");
    let mut live: HashMap<(Dialect, String), (Engine, Arc<LiveDataset>)> = HashMap::new();
    let (mut all, mut wrong) = (0, Vec::new());
    let mut seen: std::collections::BTreeMap<(&str, &str), usize> = Default::default();
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).expect("one question a line");
        let schema = row["schema_id"]
            .as_str()
            .expect("a name")
            .replace("bird:", "");
        for prediction in row["predictions"].as_array().expect("predictions") {
            let (dialect, engine_name) = match prediction["dialect"].as_str() {
                Some("postgres") => (Dialect::Postgres, "PostgreSQL"),
                Some("mysql") => (Dialect::Mysql, "MariaDB"),
                _ => continue,
            };
            let key = (dialect, schema.clone());
            if !live.contains_key(&key) {
                let path = dir.join(format!("databases/bird_synth/{schema}.s1.sqlite"));
                let sqlite = sqlite::SqliteTarget::new(path, sqlite::Settings::default());
                let known = sqlite.introspect().await.expect("it can be read");
                let database = format!("recorded_{schema}");
                let of = ServerConnection {
                    database: database.clone(),
                    // ours, and empty
                    may_write: true,
                    ..ServerConnection::default()
                };
                let (engine, connection) = match dialect {
                    Dialect::Mysql => {
                        let root = sqlx::MySqlPool::connect_with(mysql("shop"))
                            .await
                            .expect("it runs");
                        let make = format!("create database {database}");
                        sqlx::raw_sql(sqlx::AssertSqlSafe(make))
                            .execute(&root)
                            .await
                            .expect("a database");
                        let pool = sqlx::MySqlPool::connect_with(mysql(&database))
                            .await
                            .expect("it runs");
                        for table in ddl(&known, dialect) {
                            sqlx::raw_sql(sqlx::AssertSqlSafe(table))
                                .execute(&pool)
                                .await
                                .expect("a table");
                        }
                        (Engine::Mysql(pool), DatasetConnection::Mysql(of))
                    }
                    _ => {
                        cluster
                            .ensure_database(&database)
                            .await
                            .expect("a database");
                        let pool = sqlx::PgPool::connect_with(cluster.options(&database))
                            .await
                            .expect("it runs");
                        for table in ddl(&known, dialect) {
                            sqlx::raw_sql(sqlx::AssertSqlSafe(table))
                                .execute(&pool)
                                .await
                                .expect("a table");
                        }
                        (Engine::Postgres(pool), DatasetConnection::Postgres(of))
                    }
                };
                let new = NewDataset {
                    workspace_id: LOCAL_WORKSPACE,
                    name: format!("{engine_name} {schema}"),
                    description: String::new(),
                    dialect,
                    connection,
                    questions: Vec::new(),
                    origin: queryforge::store::Origin::Connection,
                };
                let dataset = server
                    .app
                    .store
                    .upsert_dataset(&new)
                    .await
                    .expect("a dataset");
                let ready = datasets.live(&dataset).await.expect("it can be read");
                live.insert(key.clone(), (engine, ready));
            }
            let (engine, dataset) = &live[&key];
            let raw = prediction["raw"].as_str().expect("words");
            let reply = format!("```sql\n{raw}\n```\nExplanation: as asked.\nConfidence: 0.9\n");
            let query = query_in(&reply).unwrap_or_else(|| raw.to_owned());
            let complaint = engine.complaint(&query).await;
            model.on(anything(), Reply::text(&reply).chunked(4_000).times(1));
            let id = format!("{engine_name} {}", row["id"].as_str().expect("an id"));
            let question = row["question"].as_str().expect("words");
            let accepted = accepted(&server, dataset, &id, question).await;
            all += 1;
            let outcome = match (&complaint, &accepted) {
                (None, Some(_)) => "let through",
                (Some(_), None) => "caught",
                (None, None) => "refused though it is sound",
                (Some(_), Some(_)) => "missed",
            };
            *seen.entry((engine_name, outcome)).or_default() += 1;
            if complaint.is_some() != accepted.is_none() {
                wrong.push(format!("{id}: {outcome}: {complaint:?}: {query}"));
            }
        }
    }
    println!("{all} predictions: {seen:?}");
    assert_eq!(wrong, Vec::<String>::new());
}

/// Whether what the next attempt is told has the place, or the name, of what is wrong.
fn guidance_names(dataset: &LiveDataset, prediction: &Prediction) -> bool {
    let Some(query) = query_in(&prediction.reply) else {
        return false;
    };
    let Verdict::Reject(findings) = dataset.check_generated(&query) else {
        return false;
    };
    let culprit = prediction.error.as_deref().and_then(culprit);
    findings.iter().any(|finding| match &culprit {
        Some(culprit) => finding.message.to_lowercase().contains(culprit.as_str()),
        None => finding.line > 0,
    })
}
