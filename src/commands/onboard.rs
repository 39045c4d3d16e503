//! `queryforge onboard`: a dataset from DDL, from schema JSON or from a database, on a running server.

use super::Done;
use super::remote::{Remote, dataset_id};
use clap::Args;
use serde_json::{Value, json};
use std::process::ExitCode;

#[derive(Args)]
pub struct Arguments {
    /// A file of DDL (or a whole dump), a JSON file, an SQLite database, or an http(s) address of one of the first two
    source: String,
    /// The dataset's name; the file's name without it
    #[arg(long, short)]
    name: Option<String>,
    /// postgres, mysql, sqlite, duckdb or kdb; needed for DDL
    #[arg(long, short)]
    dialect: Option<String>,
    /// Replace the schema of the dataset of that name, and say what that breaks
    #[arg(long)]
    refresh: bool,
    /// Where the server is; QF_SERVER names it too
    #[arg(long, default_value_t = crate::config::server_url())]
    server: String,
}

#[derive(Debug, thiserror::Error)]
enum OnboardError {
    #[error("{path} cannot be read: {reason}")]
    Unreadable { path: String, reason: String },
    #[error("{0} is neither JSON nor text")]
    NoText(String),
}

/// An SQLite database begins so.
const SQLITE: &[u8] = b"SQLite format 3\0";

pub fn run(arguments: Arguments) -> Done {
    super::remote::block_on(onboard(arguments))
}

async fn onboard(arguments: Arguments) -> Done {
    let remote = Remote::new(&arguments.server)?;
    let bytes = fetched(&arguments.source).await?;
    let name = arguments
        .name
        .clone()
        .unwrap_or_else(|| stem(&arguments.source));
    let mut body = if bytes.starts_with(SQLITE) {
        let path = std::fs::canonicalize(&arguments.source)?;
        json!({"connection": {"kind": "sqlite", "path": path}})
    } else {
        let text =
            String::from_utf8(bytes).map_err(|_| OnboardError::NoText(arguments.source.clone()))?;
        match serde_json::from_str::<Value>(&text) {
            Ok(schema) => json!({"schema": schema}),
            Err(_) => json!({"ddl": text}),
        }
    };
    let answer = if arguments.refresh {
        let id = dataset_id(&remote, &name).await?;
        if body.get("connection").is_some() {
            body = json!({});
        }
        remote.post(&format!("schemas/{id}/refresh"), &body).await?
    } else {
        body["name"] = json!(name);
        if let Some(dialect) = &arguments.dialect {
            body["dialect"] = json!(dialect);
        }
        remote.post("schemas", &body).await?
    };
    let id = answer["dataset_id"].as_str().unwrap_or_default();
    println!("{name} ({id}), version {}", answer["version"]);
    if let Some(tables) = answer["table_count"].as_u64() {
        println!("{tables} tables, {} columns", answer["column_count"]);
    }
    for note in answer["notes"].as_array().into_iter().flatten() {
        println!("note: {}", note.as_str().unwrap_or_default());
    }
    let broken = answer["report"]["broken"].as_array();
    for one in broken.into_iter().flatten() {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        println!(
            "broken {} \"{}\": {}",
            text(&one["kind"]),
            text(&one["title"]),
            text(&one["findings"][0]["message"])
        );
        if let Some(proposal) = one["proposal"].as_str() {
            println!("  proposed: {}", proposal.replace('\n', " "));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn fetched(source: &str) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let unreadable = |reason: String| OnboardError::Unreadable {
        path: source.to_owned(),
        reason,
    };
    if source.starts_with("http://") || source.starts_with("https://") {
        let response = reqwest::get(source)
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(|error| unreadable(error.to_string()))?;
        return Ok(response.bytes().await?.to_vec());
    }
    Ok(std::fs::read(source).map_err(|error| unreadable(error.to_string()))?)
}

fn stem(source: &str) -> String {
    let last = source.rsplit('/').next().unwrap_or(source);
    last.split('.')
        .next()
        .filter(|stem| !stem.is_empty())
        .unwrap_or("dataset")
        .to_owned()
}
