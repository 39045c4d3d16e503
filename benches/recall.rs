//! How often a search finds the tables that a question needs, over questions whose answers are known.
//!
//! `cargo bench --bench recall -- FOLDER`, or the folder in `QUERYFORGE_EVAL`: `schemas.json`, `catalogues.json`,
//! `retrieval.jsonl`, `korean.jsonl`, `multilingual.jsonl` and `ko_table_labels.json`, as its README describes them.
//! Without a folder nothing is measured. `QUERYFORGE_MODEL=FOLDER`, a sentence transformer, adds search by meaning
//! beside search by words; its vectors are kept in `target/recall-vectors`. "baseline" is what the folder's README says
//! of plain BM25, and of the best of BM25, MiniLM and their fusion, with our distance from it.
//! `QUERYFORGE_PREDICTIONS=FILE` also writes what was found in the merged
//! catalogue as `{"id", "tables"}` lines, for the folder's own `score.py`.
//!
//! complete@k is the share of questions with all their tables among the first k; "tables" is how many are answered on
//! average, "columns" the share of the needed columns among the first 20. The questions are divided in two halves by a
//! hash of their id: the weights were tuned on the first, so the second is the honest figure.

use queryforge::embedding::local::LocalEmbedder;
use queryforge::knowledge::search::{Found, SearchIndex};
use queryforge::schema::Schema;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const LIMIT: usize = 10;
const COLUMNS: usize = 20;

/// Set, with evidence, with labels; and the best of plain BM25, MiniLM and their fusion in `dev_large`, and BM25 alone,
/// by the folder's README.
const SETS: [(&str, bool, bool, f64, f64); 9] = [
    ("spider_dev", false, false, 87.9, 79.3),
    ("spider_syn", false, false, 76.1, 46.8),
    ("bird_dev", false, false, 67.0, 21.9),
    ("bird_dev", true, false, 72.8, 46.0),
    ("spider2_local", false, false, 57.7, 42.3),
    ("ko", false, false, 15.0, 10.0),
    ("ko", false, true, 93.8, 93.8),
    ("zh", false, false, 11.4, 0.0),
    ("de", false, false, 25.7, 2.9),
];

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
    let mut vectors = std::env::var_os("QUERYFORGE_MODEL").map(|model| Vectors::open(&model));
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
            "{:22}{:8}{:>5}{:>7}{:>7}{:>7}{:>12}{:>13}{:>17}{:>8}{:>9}{:>11}",
            "set",
            "by",
            "n",
            "R@1",
            "R@5",
            "R@10",
            "complete@5",
            "complete@10",
            "tuned/held out",
            "tables",
            "columns",
            "baseline"
        );
        let mut times = Vec::new();
        for (set, evidence, labelled, best_of_three, bm25) in SETS {
            let mut indexes: HashMap<String, SearchIndex> = HashMap::new();
            let mut words = Score::default();
            let mut meaning = Score::default();
            for row in rows.iter().filter(|row| row["set"] == set) {
                let own = row["schema_id"].as_str().expect("a row names its schema");
                let ids: Vec<&str> = match catalogues[searched]["schemas"].as_array() {
                    Some(ids) => ids.iter().filter_map(Value::as_str).collect(),
                    None => vec![own],
                };
                let key = if ids.len() > 1 { searched } else { own };
                let index = indexes.entry(key.to_owned()).or_insert_with(|| {
                    let schema = merged(&schemas, &ids, labelled.then_some(&labels));
                    let index = SearchIndex::build(&schema);
                    if let Some(vectors) = &mut vectors {
                        let made = vectors.of(&index.texts(&schema));
                        index.learn("model", &made).expect("one for each text");
                    }
                    index
                });
                let mut question = row["question"].as_str().expect("a row asks").to_owned();
                if evidence && let Some(hint) = row["evidence"].as_str() {
                    question = format!("{question} {hint}");
                }
                let began = Instant::now();
                let mut found = index.search(&question, LIMIT);
                times.push(began.elapsed());
                let id = row["id"].as_str().expect("a row has an id");
                let half = row["english_id"]
                    .as_str()
                    .unwrap_or(id)
                    .replace("spider_syn", "spider_dev");
                let half = hash(&half) / 3 % 2;
                let prefix = if ids.len() > 1 {
                    String::new()
                } else {
                    format!("{own}.")
                };
                words.add(row, &found, &prefix, half);
                if let Some(vectors) = &mut vectors {
                    let asked = vectors.of(&SearchIndex::asked(&question));
                    found = index.search_near(&question, &asked, LIMIT);
                    meaning.add(row, &found, &prefix, half);
                }
                if let Some(file) = predictions
                    .as_mut()
                    .filter(|_| ids.len() > 1 && !evidence && !labelled)
                {
                    let names: Vec<&str> = found.tables.iter().map(|t| t.name.as_str()).collect();
                    writeln!(file, "{}", json!({"id": id, "tables": names}))
                        .expect("the predictions can be written");
                }
            }
            let name = format!(
                "{set}{}{}",
                if evidence { " + evidence" } else { "" },
                if labelled { " + labels" } else { "" }
            );
            if let Some(vectors) = &mut vectors {
                vectors.keep();
            }
            let large = searched == "dev_large";
            words.print(&name, "words", large.then_some(bm25));
            if vectors.is_some() {
                meaning.print("", "meaning", large.then_some(best_of_three));
            }
        }
        times.sort();
        let at = |part: usize| times.get(times.len() * part / 100).copied();
        println!(
            "a search by words: p50 {:?}, p99 {:?}",
            at(50).unwrap_or(Duration::ZERO),
            at(99).unwrap_or(Duration::ZERO)
        );
    }
}

/// What the model made, kept between runs: making it takes minutes, searching seconds.
struct Vectors {
    model: LocalEmbedder,
    known: HashMap<String, Vec<f32>>,
    unsaved: bool,
    file: PathBuf,
}

impl Vectors {
    fn open(model: &std::ffi::OsStr) -> Self {
        let model = LocalEmbedder::load(Path::new(model)).expect("a sentence transformer");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/recall-vectors");
        std::fs::create_dir_all(&folder).expect("target can be written");
        let name = queryforge::embedding::Embedder::id(&model).replace('/', "_");
        let file = folder.join(format!("{name}.json"));
        let known = std::fs::read(&file)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Self {
            model,
            known,
            unsaved: false,
            file,
        }
    }

    fn of(&mut self, texts: &[String]) -> Vec<Vec<f32>> {
        let mut missing: Vec<&String> = texts
            .iter()
            .filter(|text| !self.known.contains_key(*text))
            .collect();
        missing.sort();
        missing.dedup();
        if !missing.is_empty() {
            let threads = std::thread::available_parallelism().map_or(1, usize::from);
            let model = &self.model;
            let encode = |text: &&String| {
                let vector = model.encode(text).expect("numbers");
                ((*text).clone(), vector)
            };
            let made: Vec<(String, Vec<f32>)> = std::thread::scope(|scope| {
                let parts = missing.chunks(missing.len().div_ceil(threads));
                let parts: Vec<_> = parts
                    .map(|part| scope.spawn(move || part.iter().map(encode).collect::<Vec<_>>()))
                    .collect();
                let made = parts.into_iter();
                made.flat_map(|part| part.join().expect("it encodes"))
                    .collect()
            });
            self.known.extend(made);
            self.unsaved = true;
        }
        texts.iter().map(|text| self.known[text].clone()).collect()
    }

    /// Writes what is new; a run that is stopped then loses one set at most.
    fn keep(&mut self) {
        if !std::mem::take(&mut self.unsaved) {
            return;
        }
        let bytes = serde_json::to_vec(&self.known).expect("strings and numbers");
        std::fs::write(&self.file, bytes).expect("target can be written");
    }
}

#[derive(Default)]
struct Score {
    rows: f64,
    sums: [f64; 6],
    halves: [(f64, f64); 2],
    returned: usize,
}

impl Score {
    fn add(&mut self, row: &Value, found: &Found, prefix: &str, half: usize) {
        let place = |names: &[String], gold: &Value| -> Vec<usize> {
            let gold = gold.as_array().map_or(&[][..], Vec::as_slice);
            let place = |g: &Value| names.iter().position(|n| Some(n.as_str()) == g.as_str());
            gold.iter()
                .map(|g| place(g).unwrap_or(usize::MAX))
                .collect()
        };
        let names: Vec<String> = found
            .tables
            .iter()
            .map(|t| format!("{prefix}{}", t.name))
            .collect();
        let places = place(&names, &row["gold_tables"]);
        let columns: Vec<String> = found
            .columns
            .iter()
            .take(COLUMNS)
            .map(|c| format!("{prefix}{}.{}", c.table, c.name))
            .collect();
        let columns = place(&columns, &row["gold_columns"]);
        let column_recall =
            columns.iter().filter(|p| **p < COLUMNS).count() as f64 / columns.len().max(1) as f64;
        let recall =
            |k: usize| places.iter().filter(|p| **p < k).count() as f64 / places.len() as f64;
        let complete = |k: usize| f64::from(u8::from(places.iter().all(|p| *p < k)));
        for (sum, value) in self.sums.iter_mut().zip([
            recall(1),
            recall(5),
            recall(10),
            complete(5),
            complete(10),
            column_recall,
        ]) {
            *sum += value;
        }
        self.rows += 1.0;
        self.halves[half].0 += complete(10);
        self.halves[half].1 += 1.0;
        self.returned += names.len();
    }

    fn print(&self, name: &str, by: &str, baseline: Option<f64>) {
        let percent = |sum: f64| 100.0 * sum / self.rows;
        let [r1, r5, r10, c5, c10, columns] = self.sums.map(percent);
        let half = |(sum, rows): (f64, f64)| 100.0 * sum / rows;
        println!(
            "{name:22}{by:8}{:>5}{r1:>7.1}{r5:>7.1}{r10:>7.1}{c5:>12.1}{c10:>13.1}{:>17}{:>8.1}{columns:>9.1}{:>11}",
            self.rows,
            format!("{:.1}/{:.1}", half(self.halves[0]), half(self.halves[1])),
            self.returned as f64 / self.rows,
            baseline.map_or(String::new(), |b| format!("{b:.1} {:+.1}", c10 - b)),
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
