//! How true confidence is over answers whose right ones are known, and which weights that speaks for.
//!
//! `QF_EVAL_DIR=… cargo test --test it weights -- --ignored --nocapture` prints what `docs/calibration.md` shows.

use super::recorded::answered;
use crate::questions::answers_alike;
use crate::support::model::{Reply, ScriptedModel, anything};
use queryforge::cache::Cache;
use queryforge::calibration::{Calibration, Reliability, Signals};
use queryforge::knowledge::{Datasets, LiveDataset};
use queryforge::query::Dialect;
use queryforge::store::{DatasetConnection, LOCAL_WORKSPACE, NewDataset, Origin};
use queryforge::target::{Target, TargetError, sqlite};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// As `answering::confidence` has it.
const BUILTIN_AT_MOST: f32 = queryforge::answering::confidence::BUILTIN_AT_MOST;

/// Whole schemas are held out: questions of one schema resemble each other. Every other one, by name.
const HELD_OUT: [&str; 5] = [
    "bird:california_schools",
    "bird:superhero",
    "spider:car_1",
    "spider:network_1",
    "spider:tvshow",
];

/// A question, who answers it, and how it is judged.
struct Case {
    schema: String,
    database: PathBuf,
    question: String,
    /// None: the built-in generator answers.
    reply: Option<String>,
    judge: Judge,
}

enum Judge {
    Known(bool),
    /// By the rows of this query.
    Gold(String),
}

struct Labelled {
    schema: String,
    signals: Signals,
    right: bool,
}

fn lines(path: PathBuf) -> Vec<Value> {
    std::fs::read_to_string(path)
        .expect("it is there")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn cases(dir: &Path) -> Vec<Case> {
    let mut all = Vec::new();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    for row in lines(dir.join("replay/spider_dev.jsonl")) {
        let case = |reply: Option<String>, judge: Judge| Case {
            schema: text(&row["schema_id"]),
            database: dir.join(text(&row["db"])),
            question: text(&row["question"]),
            reply,
            judge,
        };
        for prediction in row["predictions"].as_array().expect("a list") {
            let right = prediction["verdict"] == "match";
            all.push(case(Some(text(&prediction["sql"])), Judge::Known(right)));
        }
        all.push(case(None, Judge::Gold(text(&row["gold_sql"]))));
    }
    for file in ["bird_minidev", "bird_dev_dail"] {
        for row in lines(dir.join(format!("replay/{file}.jsonl"))) {
            let schema = text(&row["schema_id"]);
            let name = schema.replace("bird:", "");
            for prediction in row["predictions"].as_array().expect("a list") {
                let right = match prediction["synthetic"].as_str() {
                    Some("agree") => true,
                    Some("differ" | "differs") => false,
                    // zeros and nulls say nothing
                    _ => continue,
                };
                let said = if prediction["sql"].is_string() {
                    "sql"
                } else {
                    "raw"
                };
                all.push(Case {
                    schema: schema.clone(),
                    database: dir.join(format!("databases/bird_synth/{name}.s1.sqlite")),
                    question: format!("{} ({})", text(&row["question"]), text(&row["evidence"])),
                    reply: Some(text(&prediction[said])),
                    judge: Judge::Known(right),
                });
            }
        }
    }
    all
}

fn confidence(calibration: &Calibration, signals: &Signals) -> f32 {
    let confidence = calibration.confidence(signals);
    match signals.builtin {
        true => confidence.min(BUILTIN_AT_MOST),
        false => confidence,
    }
}

fn table(title: &str, calibration: &Calibration, answers: &[&Labelled]) {
    let of = answers
        .iter()
        .map(|answer| (confidence(calibration, &answer.signals), answer.right));
    let reliability = Reliability::of(of);
    println!(
        "\n{title}: {} answers, Brier {:.3}, calibration error {:.3}",
        reliability.answers,
        reliability.brier.unwrap_or_default(),
        reliability.calibration_error.unwrap_or_default()
    );
    println!("| shown | answers | mean shown | right |\n|---|---|---|---|");
    for bin in &reliability.bins {
        println!(
            "| {:.1} to {:.1} | {} | {:.2} | {:.2} |",
            bin.from, bin.to, bin.answers, bin.confidence, bin.right
        );
    }
}

#[tokio::test]
#[ignore = "needs the evaluation data; prints figures"]
async fn weights_that_recorded_answers_speak_for() {
    let dir = std::env::var("QF_EVAL_DIR").expect("QF_EVAL_DIR names the evaluation data");
    let cases = cases(Path::new(&dir));
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
            Ok(Arc::new(target) as Arc<dyn Target>)
        }
        _ => Err(TargetError::Other("only SQLite here".to_owned())),
    };
    let store = server.app.store.clone();
    let datasets = Datasets::new(store.clone(), Cache::local(), Arc::new(open), None);
    let mut live: HashMap<PathBuf, Arc<LiveDataset>> = HashMap::new();
    let mut labelled = Vec::new();
    for case in &cases {
        if !live.contains_key(&case.database) {
            let new = NewDataset {
                workspace_id: LOCAL_WORKSPACE,
                name: case.database.display().to_string(),
                description: String::new(),
                dialect: Dialect::Sqlite,
                connection: DatasetConnection::Sqlite {
                    path: case.database.clone(),
                },
                questions: Vec::new(),
                origin: Origin::Connection,
            };
            let dataset = store.upsert_dataset(&new).await.expect("a dataset");
            let ready = datasets.live(&dataset).await.expect("it can be read");
            live.insert(case.database.clone(), ready);
        }
        let dataset = &live[&case.database];
        if let Some(sql) = &case.reply {
            let reply = format!("```sql\n{sql}\n```\nExplanation: as asked.\n");
            model.on(anything(), Reply::text(reply).chunked(4_000).times(1));
        }
        let provider = case.reply.is_none().then_some("builtin");
        let asked = model.requests().len();
        let answer = answered(&server, dataset, "-", &case.question, None, provider).await;
        if case.reply.is_some() && model.requests().len() == asked {
            // the message was taken for something else; its reply shall not be the next one's
            let body = json!({"model": "scripted", "stream": true, "messages": []});
            let url = format!("{}/chat/completions", model.base_url());
            let client = reqwest::Client::new();
            client.post(url).json(&body).send().await.expect("loopback");
            continue;
        }
        let Some((query, Some((signals, _)))) = answer else {
            continue;
        };
        let right = match &case.judge {
            Judge::Known(right) => *right,
            Judge::Gold(gold) => {
                let target = dataset.target.as_ref();
                match answers_alike(gold, &query, target, &dataset.snapshot).await {
                    Some(right) => right,
                    None => continue,
                }
            }
        };
        labelled.push(Labelled {
            schema: case.schema.clone(),
            signals,
            right,
        });
    }
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for answer in &labelled {
        *sizes.entry(&answer.schema).or_default() += 1;
    }
    println!("{sizes:?}\nheld out: {HELD_OUT:?}");
    let (kept, fitted_on): (Vec<&Labelled>, Vec<&Labelled>) = labelled
        .iter()
        .partition(|answer| HELD_OUT.contains(&answer.schema.as_str()));
    // recorded models say nothing of how sure they are, and none was refused before or near an example; the built-in
    // generator was developed on some of these questions: nothing can be learnt of what those are worth
    let silent = ["bias", "stated", "builtin", "refused", "differs", "example"];
    let shipped = Calibration::default();
    let fitted = Calibration::fitted_but(
        &silent,
        fitted_on
            .iter()
            .map(|answer| (&answer.signals, answer.right)),
    );
    for weight in fitted.weights() {
        println!(
            "{}: shipped {:.2}, fitted {:.2}",
            weight.signal, weight.prior, weight.weight
        );
    }
    for (who, builtin) in [("models", false), ("the built-in generator", true)] {
        let of: Vec<&Labelled> = kept
            .iter()
            .copied()
            .filter(|answer| answer.signals.builtin == builtin)
            .collect();
        table(&format!("{who}, as shipped"), &shipped, &of);
        table(&format!("{who}, fitted"), &fitted, &of);
    }
    table("all, as shipped", &shipped, &kept);
    table("all, fitted", &fitted, &kept);
}
