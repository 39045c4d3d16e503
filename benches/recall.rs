//! How often a search finds the tables that a question needs, over questions whose answers are known.
//!
//! `cargo bench --bench recall -- FOLDER`, or the folder in `QUERYFORGE_EVAL`: `schemas.json`, `catalogues.json`,
//! `retrieval.jsonl`, `korean.jsonl`, `multilingual.jsonl` and `ko_table_labels.json`, as its README describes them.
//! Without a folder nothing is measured. `QUERYFORGE_PREDICTIONS=FILE` also writes what was found in the merged
//! catalogue as `{"id", "tables"}` lines, for the folder's own `score.py`.
//!
//! complete@k is the share of questions with all their tables among the first k. The questions are divided in two
//! halves by a hash of their id: the weights were tuned on the first, so the second is the honest figure.

use queryforge::knowledge::search::SearchIndex;
use queryforge::schema::Schema;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const LIMIT: usize = 10;

fn main() {
    let folder = std::env::args()
        .skip(1)
        .find(|a| !a.starts_with('-'))
        .or_else(|| std::env::var("QUERYFORGE_EVAL").ok())
        .map(PathBuf::from);
    let Some(folder) = folder.filter(|f| f.join("retrieval.jsonl").is_file()) else {
        println!(
            "recall: skipped, no folder of questions (give it as an argument or in QUERYFORGE_EVAL)"
        );
        return;
    };
    let schemas = json_file(&folder.join("schemas.json"));
    let catalogues = json_file(&folder.join("catalogues.json"));
    let labels = json_file(&folder.join("ko_table_labels.json"));
    let mut rows = Vec::new();
    for file in ["retrieval.jsonl", "korean.jsonl", "multilingual.jsonl"] {
        let text = std::fs::read_to_string(folder.join(file)).expect("the folder is complete");
        rows.extend(
            text.lines()
                .map(|l| serde_json::from_str::<Value>(l).expect("a row is JSON")),
        );
    }
    let mut predictions = std::env::var_os("QUERYFORGE_PREDICTIONS")
        .map(|path| std::fs::File::create(path).expect("the predictions can be written"));

    for searched in ["dev_large", "own schema"] {
        println!("\n{searched}, at most {LIMIT} tables");
        println!(
            "{:22}{:>5}{:>8}{:>8}{:>8}{:>13}{:>13}{:>18}{:>8}",
            "set",
            "n",
            "R@1",
            "R@5",
            "R@10",
            "complete@5",
            "complete@10",
            "tuned/held out",
            "tables"
        );
        let mut times = Vec::new();
        for (set, evidence, labelled) in [
            ("spider_dev", false, false),
            ("spider_syn", false, false),
            ("bird_dev", false, false),
            ("bird_dev", true, false),
            ("spider2_local", false, false),
            ("ko", false, false),
            ("ko", false, true),
            ("zh", false, false),
            ("de", false, false),
        ] {
            let mut indexes: HashMap<String, SearchIndex> = HashMap::new();
            let mut score = Score::default();
            for row in rows.iter().filter(|row| row["set"] == set) {
                let own = row["schema_id"].as_str().expect("a row names its schema");
                let ids: Vec<&str> = match catalogues[searched]["schemas"].as_array() {
                    Some(ids) => ids.iter().filter_map(Value::as_str).collect(),
                    None => vec![own],
                };
                let key = if ids.len() > 1 { searched } else { own };
                let index = indexes.entry(key.to_owned()).or_insert_with(|| {
                    SearchIndex::build(&merged(&schemas, &ids, labelled.then_some(&labels)))
                });
                let mut question = row["question"].as_str().expect("a row asks").to_owned();
                if evidence && let Some(hint) = row["evidence"].as_str() {
                    question = format!("{question} {hint}");
                }
                let began = Instant::now();
                let found = index.search(&question, LIMIT);
                times.push(began.elapsed());
                let names: Vec<String> = found
                    .tables
                    .iter()
                    .map(|t| {
                        if ids.len() > 1 {
                            t.name.clone()
                        } else {
                            format!("{own}.{}", t.name)
                        }
                    })
                    .collect();
                let id = row["id"].as_str().expect("a row has an id");
                if let Some(file) = predictions
                    .as_mut()
                    .filter(|_| ids.len() > 1 && !evidence && !labelled)
                {
                    writeln!(file, "{}", json!({"id": id, "tables": names}))
                        .expect("the predictions can be written");
                }
                let half = row["english_id"]
                    .as_str()
                    .unwrap_or(id)
                    .replace("spider_syn", "spider_dev");
                score.add(row, &names, hash(&half) / 3 % 2);
            }
            let name = format!(
                "{set}{}{}",
                if evidence { " + evidence" } else { "" },
                if labelled { " + labels" } else { "" }
            );
            score.print(&name);
        }
        times.sort();
        println!(
            "a search: p50 {:?}, p99 {:?}",
            times
                .get(times.len() / 2)
                .copied()
                .unwrap_or(Duration::ZERO),
            times
                .get(times.len() * 99 / 100)
                .copied()
                .unwrap_or(Duration::ZERO)
        );
    }
}

#[derive(Default)]
struct Score {
    rows: f64,
    sums: [f64; 5],
    halves: [(f64, f64); 2],
    returned: usize,
}

impl Score {
    fn add(&mut self, row: &Value, names: &[String], half: usize) {
        let gold = row["gold_tables"].as_array().expect("a row has its tables");
        let places: Vec<usize> = gold
            .iter()
            .map(|g| {
                names
                    .iter()
                    .position(|n| Some(n.as_str()) == g.as_str())
                    .unwrap_or(usize::MAX)
            })
            .collect();
        let recall =
            |k: usize| places.iter().filter(|p| **p < k).count() as f64 / places.len() as f64;
        let complete = |k: usize| f64::from(u8::from(places.iter().all(|p| *p < k)));
        for (sum, value) in
            self.sums
                .iter_mut()
                .zip([recall(1), recall(5), recall(10), complete(5), complete(10)])
        {
            *sum += value;
        }
        self.rows += 1.0;
        self.halves[half].0 += complete(10);
        self.halves[half].1 += 1.0;
        self.returned += names.len();
    }

    fn print(&self, name: &str) {
        let percent = |sum: f64| 100.0 * sum / self.rows;
        let [r1, r5, r10, c5, c10] = self.sums.map(percent);
        let half = |(sum, rows): (f64, f64)| 100.0 * sum / rows;
        println!(
            "{name:22}{:>5}{r1:>8.1}{r5:>8.1}{r10:>8.1}{c5:>13.1}{c10:>13.1}{:>18}{:>8.1}",
            self.rows,
            format!("{:.1}/{:.1}", half(self.halves[0]), half(self.halves[1])),
            self.returned as f64 / self.rows
        );
    }
}

/// The schemas of `ids` as one, each table under its schema's id; with Korean labels as an expert would enter them.
fn merged(schemas: &Value, ids: &[&str], labels: Option<&Value>) -> Schema {
    let mut whole = Schema::default();
    for schema in schemas.as_array().expect("schemas.json is an array") {
        let id = schema["id"].as_str().expect("a schema has an id");
        if !ids.contains(&id) {
            continue;
        }
        let schema: Schema =
            serde_json::from_value(schema.clone()).expect("a schema is in our format");
        whole
            .tables
            .extend(schema.tables.into_iter().map(|mut table| {
                let label = labels.map(|labels| &labels[format!("{id}.{}", table.name)]);
                if let Some(label) = label
                    && let (Some(name), Some(columns)) =
                        (label["label"].as_str(), label["columns"].as_str())
                {
                    table.synonyms.push(name.to_owned());
                    table.description = Some(columns.to_owned());
                }
                table.namespace = (ids.len() > 1).then(|| id.to_owned());
                table
            }));
    }
    whole
}

fn json_file(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn hash(text: &str) -> usize {
    text.bytes().fold(7u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(byte))
    }) as usize
}
