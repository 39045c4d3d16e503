//! Our search beside pgvector's, in one run: the same vectors, the same questions.
//!
//! `scripts/pgvector` starts a PostgreSQL with pgvector and runs this against it (`QUERYFORGE_PGVECTOR`: its address;
//! without one nothing is measured). First noise of 384 dimensions in three sizes: exact search in this process, exact
//! search and an HNSW index in the database, latency and how many of the ten nearest are found. Then, with
//! `QUERYFORGE_EVAL` and `QUERYFORGE_MODEL` as in `recall.rs`, real questions over a catalogue of 928 tables: how often all
//! tables of a question are among the first ten, by our search and by the nearest vectors alone.

use queryforge::embedding::local::LocalEmbedder;
use queryforge::knowledge::search::SearchIndex;
use queryforge::schema::Schema;
use serde_json::Value;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Row};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const DIMENSION: usize = 384;
const NEAREST: usize = 10;
const QUESTIONS: usize = 200;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let Ok(url) = std::env::var("QUERYFORGE_PGVECTOR") else {
        println!("pgvector: skipped, run scripts/pgvector");
        return;
    };
    let mut database = PgConnection::connect(&url)
        .await
        .expect("the server answers");
    run(&mut database, "create extension if not exists vector").await;
    println!(
        "{:>8}  {:34}{:>12}{:>12}{:>10}{:>12}",
        "vectors", "search", "p50", "p99", "recall", "made in"
    );
    for size in [2_000, 20_000, 100_000] {
        noise_of(&mut database, size).await;
    }
    let folder = std::env::var_os("QUERYFORGE_EVAL").map(PathBuf::from);
    let model = std::env::var_os("QUERYFORGE_MODEL").map(PathBuf::from);
    if let (Some(folder), Some(model)) = (folder, model) {
        questions_of(&mut database, &folder, &model).await;
    }
}

async fn run(database: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(database)
        .await
        .unwrap_or_else(|e| panic!("{}: {e}", &sql[..sql.len().min(80)]));
}

/// Clusters with noise around them: vectors of texts are no even cloud, and HNSW does badly in one.
fn vector(seed: usize) -> Vec<f32> {
    let random = |n: usize| {
        let mut x = (n as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        x ^= x >> 29;
        x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (x >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    };
    let centre = seed % 500;
    let raw: Vec<f32> = (0..DIMENSION)
        .map(|n| random(centre * DIMENSION + n) + 0.8 * random((seed + 1_000) * DIMENSION + n))
        .collect();
    queryforge::embedding::unit(raw).expect("noise has a direction")
}

fn literal(vector: &[f32]) -> String {
    let numbers: Vec<String> = vector.iter().map(f32::to_string).collect();
    format!("[{}]", numbers.join(","))
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum()
}

fn nearest_here(vectors: &[f32], question: &[f32]) -> Vec<i32> {
    let mut all: Vec<(f32, i32)> = vectors
        .chunks_exact(DIMENSION)
        .zip(0..)
        .map(|(vector, id)| (dot(vector, question), id))
        .collect();
    let n = NEAREST.min(all.len());
    all.select_nth_unstable_by(n - 1, |a, b| b.0.total_cmp(&a.0));
    all.truncate(n);
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    all.into_iter().map(|(_, id)| id).collect()
}

/// The statement is prepared once; the driver keeps it.
async fn nearest_there(database: &mut PgConnection, question: &[f32]) -> Vec<i32> {
    let rows = sqlx::query("select id from texts order by vector <=> $1::text::vector limit 10")
        .bind(literal(question))
        .fetch_all(database)
        .await
        .expect("the database answers");
    rows.iter().map(|row| row.get(0)).collect()
}

async fn fill(database: &mut PgConnection, vectors: &[f32]) {
    run(
        database,
        &format!("drop table if exists texts; create table texts (id integer primary key, vector vector({DIMENSION}))"),
    )
    .await;
    for (part, chunk) in vectors.chunks(DIMENSION * 500).enumerate() {
        let ids: Vec<i32> = (0..chunk.len() / DIMENSION)
            .map(|n| (part * 500 + n) as i32)
            .collect();
        let literals: Vec<String> = chunk.chunks_exact(DIMENSION).map(literal).collect();
        sqlx::query("insert into texts select * from unnest($1::integer[], $2::text[]::vector[])")
            .bind(ids)
            .bind(literals)
            .execute(&mut *database)
            .await
            .expect("the database takes them");
    }
    run(database, "analyze texts").await;
}

async fn noise_of(database: &mut PgConnection, size: usize) {
    let vectors: Vec<f32> = (0..size).flat_map(vector).collect();
    let questions: Vec<Vec<f32>> = (0..QUESTIONS).map(|n| vector(1_000_000 + n * 7)).collect();
    let mut truth = Vec::new();
    let mut times = Vec::new();
    for question in &questions {
        let began = Instant::now();
        truth.push(nearest_here(&vectors, question));
        times.push(began.elapsed());
    }
    print_row(size, "exact, in this process", times, 1.0, Duration::ZERO);
    let began = Instant::now();
    fill(database, &vectors).await;
    let mut made = began.elapsed();
    let mut name = "exact, pgvector";
    for _ in 0..2 {
        let (mut times, mut same) = (Vec::new(), 0);
        for (question, truth) in questions.iter().zip(&truth) {
            let began = Instant::now();
            let found = nearest_there(database, question).await;
            times.push(began.elapsed());
            let truth: HashSet<&i32> = truth.iter().collect();
            same += found.iter().filter(|id| truth.contains(id)).count();
        }
        let recall = same as f64 / (NEAREST * questions.len()) as f64;
        print_row(size, name, times, recall, made);
        if name == "exact, pgvector" {
            let began = Instant::now();
            run(
                database,
                "set maintenance_work_mem = '512MB'; create index on texts using hnsw (vector vector_cosine_ops)",
            )
            .await;
            made = began.elapsed();
            name = "HNSW, pgvector (its defaults)";
        }
    }
}

fn print_row(size: usize, name: &str, mut times: Vec<Duration>, recall: f64, made: Duration) {
    times.sort();
    println!(
        "{size:>8}  {name:34}{:>12.2?}{:>12.2?}{:>9.1}%{:>12.2?}",
        times[times.len() / 2],
        times[times.len() * 99 / 100],
        100.0 * recall,
        made
    );
}

async fn questions_of(database: &mut PgConnection, folder: &Path, model: &Path) {
    let model = LocalEmbedder::load(model).expect("a sentence transformer");
    let encode = |text: &String| model.encode(text).expect("numbers");
    let json = |name: &str| -> Value {
        let text = std::fs::read_to_string(folder.join(name)).expect("the folder is complete");
        serde_json::from_str(&text).expect("it is JSON")
    };
    let ids = json("catalogues.json")["dev_large"]["schemas"].clone();
    let mut whole = Schema::default();
    for schema in json("schemas.json").as_array().expect("an array") {
        let id = schema["id"].as_str().expect("an id");
        if !ids
            .as_array()
            .is_some_and(|ids| ids.iter().any(|i| i == id))
        {
            continue;
        }
        let schema: Schema = serde_json::from_value(schema.clone()).expect("our format");
        whole
            .tables
            .extend(schema.tables.into_iter().map(|mut table| {
                table.namespace = Some(id.to_owned());
                table
            }));
    }
    let index = SearchIndex::build(&whole);
    let vectors: Vec<Vec<f32>> = index.texts(&whole).iter().map(encode).collect();
    index.learn("model", &vectors).expect("one for each text");
    fill(database, &vectors[..whole.tables.len()].concat()).await;
    let text = std::fs::read_to_string(folder.join("retrieval.jsonl")).expect("it is there");
    let rows: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a row is JSON"))
        .collect();
    println!(
        "\nquestions over {} tables, complete among the first ten; the question's vector is made already",
        whole.tables.len()
    );
    for set in ["spider_dev", "spider_syn", "bird_dev", "spider2_local"] {
        let (mut ours, mut theirs) = ((0, Vec::new()), (0, Vec::new()));
        for row in rows.iter().filter(|row| row["set"] == set) {
            let question = row["question"].as_str().expect("a question");
            let gold = row["gold_tables"].as_array().expect("tables");
            let complete = |names: Vec<String>| {
                gold.iter()
                    .all(|g| names.iter().any(|n| Some(n.as_str()) == g.as_str()))
            };
            let asked: Vec<Vec<f32>> = SearchIndex::asked(question).iter().map(encode).collect();
            let began = Instant::now();
            let found = index.search_near(question, &asked, NEAREST);
            ours.1.push(began.elapsed());
            ours.0 += usize::from(complete(found.tables.into_iter().map(|t| t.name).collect()));
            let began = Instant::now();
            let found = nearest_there(database, &asked[0]).await;
            theirs.1.push(began.elapsed());
            let name = |id: &i32| {
                let table = &whole.tables[*id as usize];
                format!(
                    "{}.{}",
                    table.namespace.as_deref().unwrap_or(""),
                    table.name
                )
            };
            theirs.0 += usize::from(complete(found.iter().map(name).collect()));
        }
        for (name, (complete, mut times)) in [
            ("ours: words, meaning, joins", ours),
            ("pgvector, exact", theirs),
        ] {
            times.sort();
            println!(
                "{set:16}{:>5}  {name:30}{:>7.1}%{:>12.2?}{:>12.2?}",
                times.len(),
                100.0 * complete as f64 / times.len() as f64,
                times[times.len() / 2],
                times[times.len() * 99 / 100]
            );
        }
    }
}
