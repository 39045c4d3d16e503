//! How long a search takes in a large schema (2,000 tables, 20,000 columns, 100,000 distinct values), and over 100,000
//! examples.
//!
//! Goals: built in under a second; half of all questions answered within 2 ms, 99 of 100 within 10 ms; over the examples
//! 99 of 100 within 15 ms. With vectors of 384 dimensions (noise) the same search by meaning as well.

use criterion::{Criterion, criterion_group, criterion_main};
use queryforge::ids::ExampleId;
use queryforge::knowledge::examples::ExampleIndex;
use queryforge::knowledge::search::SearchIndex;
use queryforge::schema::{Column, ForeignKey, Schema, Table};
use queryforge::store::{Example, ExampleKind, ExampleTrust, Provenance, Source};
use std::hint::black_box;
use std::time::{Duration, Instant};

const SUBJECTS: [&str; 40] = [
    "customer",
    "order",
    "invoice",
    "product",
    "employee",
    "department",
    "shipment",
    "payment",
    "account",
    "contract",
    "student",
    "course",
    "teacher",
    "patient",
    "doctor",
    "hospital",
    "flight",
    "airport",
    "passenger",
    "vehicle",
    "machine",
    "sensor",
    "event",
    "ticket",
    "message",
    "campaign",
    "warehouse",
    "supplier",
    "region",
    "country",
    "project",
    "task",
    "budget",
    "asset",
    "claim",
    "policy",
    "loan",
    "branch",
    "meter",
    "reading",
];
const PARTS: [&str; 25] = [
    "header", "line", "detail", "history", "status", "type", "log", "archive", "summary", "link",
    "note", "price", "plan", "target", "audit", "version", "group", "map", "rate", "term", "item",
    "batch", "queue", "draft", "import",
];
const ATTRIBUTES: [&str; 30] = [
    "name",
    "code",
    "status",
    "created_at",
    "updated_at",
    "amount",
    "quantity",
    "unit_price",
    "currency",
    "city",
    "street",
    "postal_code",
    "phone",
    "email",
    "valid_from",
    "valid_to",
    "owner",
    "comment",
    "category",
    "priority",
    "weight",
    "height",
    "score",
    "rating",
    "balance",
    "discount",
    "tax_rate",
    "due_date",
    "reference_no",
    "external_key",
];

fn large(tables: usize) -> Schema {
    let mut value = 0u64;
    let tables = (0..tables)
        .map(|n| {
            let subject = SUBJECTS[n % SUBJECTS.len()];
            let part = PARTS[n / SUBJECTS.len() % PARTS.len()];
            let area = n / 1_000;
            let mut columns: Vec<Column> = (0..9)
                .map(|c| Column {
                    name: ATTRIBUTES[(n * 7 + c * 3) % ATTRIBUTES.len()].to_owned(),
                    data_type: "text".to_owned(),
                    ..Column::default()
                })
                .collect();
            columns[1].values = (0..50)
                .map(|_| {
                    value += 1;
                    word(value)
                })
                .collect();
            columns.push(Column {
                name: format!("{subject}_id"),
                data_type: "bigint".to_owned(),
                ..Column::default()
            });
            Table {
                name: format!("{subject}_{part}_{area}"),
                foreign_keys: vec![ForeignKey {
                    columns: vec![format!("{subject}_id")],
                    ref_table: format!("{subject}_header_0"),
                    ..ForeignKey::default()
                }],
                columns,
                ..Table::default()
            }
        })
        .collect();
    Schema { tables }
}

/// A pronounceable word of its own for every number.
fn word(mut number: u64) -> String {
    let mut out = String::new();
    number = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
    for _ in 0..5 {
        out.push(b"bdfgklmnprstvz"[(number % 14) as usize] as char);
        number /= 14;
        out.push(b"aeiou"[(number % 5) as usize] as char);
        number /= 5;
    }
    out
}

fn questions() -> Vec<String> {
    (0..1_000usize)
        .map(|n| {
            let (a, b) = (SUBJECTS[n % 40], SUBJECTS[(n * 7 + 3) % 40]);
            let (x, y) = (ATTRIBUTES[n % 30].replace('_', " "), ATTRIBUTES[(n * 11 + 5) % 30].replace('_', " "));
            let value = word(1 + (n as u64 * 97) % 100_000);
            match n % 4 {
                0 => format!("What is the average {x} of each {a} together with the {y} of its {b}?"),
                1 => format!("List the {x} and {y} of all {a} records with status {value}"),
                2 => format!("How many {a}s have a {b} in {} whose {x} is highest, by month and region?", &value[1..]),
                _ => format!("Compare the total {y} of clients who bought goods last year with the {a} history from {value}"),
            }
        })
        .collect()
}

/// p50, p99 and the longest.
fn spread(mut times: Vec<Duration>) -> String {
    times.sort();
    format!(
        "p50 {:?}, p99 {:?}, longest {:?}",
        times[times.len() / 2],
        times[times.len() * 99 / 100],
        times[times.len() - 1]
    )
}

fn timed<T>(what: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = what();
    (done, began.elapsed())
}

/// Of this process, as the system counts it.
fn resident_bytes() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|text| text.split_whitespace().nth(1)?.parse::<usize>().ok());
    pages.unwrap_or(0) * 4096
}

fn noise(dimension: usize, seed: usize) -> Vec<f32> {
    (0..dimension)
        .map(|n| {
            let mixed = (seed * dimension + n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            ((mixed >> 40) % 2_000) as f32 / 1_000.0 - 1.0
        })
        .collect()
}

fn tables(schema: &Schema, questions: &[String]) -> SearchIndex {
    // the word lists are read once in a process
    SearchIndex::build(&Schema::default());
    let before = resident_bytes();
    let (index, built) = timed(|| SearchIndex::build(schema));
    let held = resident_bytes().saturating_sub(before);
    let times = questions
        .iter()
        .map(|question| timed(|| black_box(index.search(question, 10))).1)
        .collect();
    println!(
        "2,000 tables, 20,000 columns, 100,000 values: built in {built:?}, {} kB a table; by words {}",
        held / 1024 / schema.tables.len(),
        spread(times)
    );
    let vectors: Vec<Vec<f32>> = (0..index.texts(schema).len())
        .map(|n| noise(384, n))
        .collect();
    index.learn("noise", &vectors).expect("one for each text");
    let times = questions
        .iter()
        .map(|question| {
            let asked = SearchIndex::asked(question);
            let asked: Vec<Vec<f32>> = (0..asked.len()).map(|n| noise(384, n * 7)).collect();
            timed(|| black_box(index.search_near(question, &asked, 10))).1
        })
        .collect();
    println!(
        "the same by meaning too, {} vectors, the embedder's time not counted: {}",
        vectors.len(),
        spread(times)
    );
    index
}

/// Five times as many tables, and one of 1,600 columns.
fn larger(questions: &[String]) {
    let mut schema = large(10_000);
    schema.tables.push(Table {
        name: "wide".to_owned(),
        columns: (0..1_600)
            .map(|n| Column {
                name: format!("{}_{}", ATTRIBUTES[n % ATTRIBUTES.len()], SUBJECTS[n % 37]),
                ..Column::default()
            })
            .collect(),
        ..Table::default()
    });
    let (index, built) = timed(|| SearchIndex::build(&schema));
    let times = questions
        .iter()
        .map(|question| timed(|| black_box(index.search(question, 10))).1)
        .collect();
    println!(
        "10,000 tables and one of 1,600 columns: built in {built:?}; by words {}",
        spread(times)
    );
}

fn example(question: String) -> Example {
    let now = chrono::Utc::now();
    Example {
        example_id: ExampleId::new(),
        question,
        variants: Vec::new(),
        query: "select 1".to_owned(),
        kind: ExampleKind::Sql,
        trust: ExampleTrust::Verified,
        tags: Default::default(),
        provenance: Provenance {
            source: Source::Import,
            turn_id: None,
            by: String::new(),
        },
        note: String::new(),
        reads: Vec::new(),
        executed_at: Some(now),
        row_count: Some(1),
        verified_at: Some(now),
        verified_by: None,
        broken: None,
        created_at: now,
        updated_at: now,
        deleted: false,
    }
}

fn examples(questions: &[String]) {
    const EXAMPLES: usize = 100_000;
    let all: Vec<Example> = (0..EXAMPLES)
        .map(|n| {
            let question = &questions[n % questions.len()];
            example(format!("{question} {}", word(n as u64 % 5_000)))
        })
        .collect();
    let wordings: Vec<String> = all.iter().map(|example| example.question.clone()).collect();
    let before = resident_bytes();
    let (index, built) = timed(|| ExampleIndex::default().with_changes(1, all));
    let held = resident_bytes().saturating_sub(before);
    let times = questions
        .iter()
        .map(|question| timed(|| black_box(index.near(question, 10, 0.0))).1)
        .collect();
    println!(
        "{EXAMPLES} examples: built in {built:?}, {} MB more by the system; a search {}",
        held >> 20,
        spread(times)
    );
    let times = wordings
        .iter()
        .map(|question| timed(|| black_box(index.same(question))).1)
        .collect();
    println!("an equal question is found in {}", spread(times));
    let times = (0..200)
        .map(|n| {
            let added = vec![example(wordings[n].clone())];
            timed(|| black_box(index.with_changes(2, added))).1
        })
        .collect();
    println!("one more example: {}", spread(times));
}

fn search(c: &mut Criterion) {
    let schema = large(2_000);
    let questions = questions();
    // the tables first: memory that the examples gave back would hide what the index takes
    let index = tables(&schema, &questions);
    larger(&questions);
    examples(&questions);
    let mut turn = questions.iter().cycle();
    c.bench_function("search 2,000 tables", |b| {
        b.iter(|| index.search(turn.next().expect("a cycle has no end"), 10));
    });
    c.bench_function("build 2,000 tables", |b| {
        b.iter(|| SearchIndex::build(&schema))
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(5));
    targets = search
}
criterion_main!(benches);
