//! `queryforge import`: examples from JSON lines or Markdown, into a dataset of a running server.

use super::Done;
use super::remote::{Remote, block_on, dataset_id};
use crate::knowledge::example_files::{json_lines, markdown};
use clap::Args;
use serde_json::{Value, json};
use std::io::Read;
use std::process::ExitCode;

#[derive(Args)]
pub struct Arguments {
    /// Name or id of the dataset
    #[arg(long, short)]
    dataset: String,
    /// A .jsonl or .md file; `-` is standard input, read as JSON lines
    file: String,
    /// Where the server is; QF_SERVER names it too
    #[arg(long, default_value_t = crate::config::server_url())]
    server: String,
}

/// Examples sent at once.
const BATCH: usize = 500;

pub fn run(arguments: Arguments) -> Done {
    block_on(import(arguments))
}

async fn import(arguments: Arguments) -> Done {
    let text = if arguments.file == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        text
    } else {
        std::fs::read_to_string(&arguments.file)
            .map_err(|error| format!("{} cannot be read: {error}", arguments.file))?
    };
    let entries = if arguments.file.ends_with(".md") {
        markdown(&text)
    } else {
        json_lines(&text)
    };
    let remote = Remote::new(&arguments.server)?;
    let id = dataset_id(&remote, &arguments.dataset).await?;
    let (mut added, mut known, mut wrong) = (0, 0, 0);
    let mut good: Vec<(usize, Value)> = Vec::new();
    for (line, entry) in entries {
        match entry {
            Ok(draft) => good.push((line, serde_json::to_value(draft)?)),
            Err(message) => {
                wrong += 1;
                println!("line {line}: {message}");
            }
        }
    }
    for batch in good.chunks(BATCH) {
        let items: Vec<&Value> = batch.iter().map(|(_, draft)| draft).collect();
        let answer = remote
            .post(
                &format!("schemas/{id}/examples/import"),
                &json!({"items": items}),
            )
            .await
            .map_err(|error| {
                // what was sent before is kept, and sending it again adds nothing twice
                format!("stopped at line {}: {error}", batch[0].0)
            })?;
        added += answer["added"].as_u64().unwrap_or(0);
        known += answer["known"].as_u64().unwrap_or(0);
        for error in answer["errors"].as_array().into_iter().flatten() {
            let item = error["item"]
                .as_u64()
                .and_then(|item| usize::try_from(item).ok());
            let line = item
                .and_then(|item| batch.get(item))
                .map_or(0, |(line, _)| *line);
            wrong += 1;
            println!(
                "line {line}: {}",
                error["message"].as_str().unwrap_or_default()
            );
        }
    }
    println!("{added} added, {known} known already, {wrong} with errors");
    Ok(if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
