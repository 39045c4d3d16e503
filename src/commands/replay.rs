//! `queryforge replay`: a turn again, from what was kept of it.

use super::Done;
use super::remote::{Access, Remote, block_on};
use clap::Args;
use serde_json::Value;
use std::process::ExitCode;
use uuid::Uuid;

#[derive(Args)]
pub struct Arguments {
    /// The turn's id (`runId`)
    turn: Uuid,
    /// Play it with the schema, rules and settings of today, and say what differs and why
    #[arg(long)]
    today: bool,
    /// Print every event as a line of JSON
    #[arg(long)]
    json: bool,
    /// Where the server is; QF_SERVER names it too
    #[arg(long, default_value_t = crate::config::server_url())]
    server: String,
    #[command(flatten)]
    access: Access,
}

pub fn run(arguments: Arguments) -> Done {
    block_on(replay(arguments))
}

async fn replay(arguments: Arguments) -> Done {
    let remote = Remote::with_access(&arguments.server, &arguments.access)?;
    // the route finds a turn by its own id; whose conversation it is in is the server's to know
    let path = format!(
        "conversations/{}/turns/{}/replay?today={}",
        Uuid::nil(),
        arguments.turn,
        arguments.today
    );
    let report = remote.get(&path).await?;
    let events = report["events"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let changed: Vec<u64> = report["changed"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_u64)
        .collect();
    if arguments.json {
        for event in events {
            println!("{event}");
        }
    } else {
        for (at, event) in events.iter().enumerate() {
            let mark = if changed.contains(&(at as u64)) {
                "≠"
            } else {
                " "
            };
            if let Some(line) = line(event) {
                println!("{mark} {line}");
            }
        }
    }
    let identical = report["identical"] == Value::Bool(true);
    eprintln!(
        "{}",
        verdict(&report, identical, changed.len(), events.len())
    );
    for difference in report["differences"].as_array().into_iter().flatten() {
        eprintln!("- {}", difference.as_str().unwrap_or_default());
    }
    Ok(if identical || arguments.today {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn verdict(report: &Value, identical: bool, changed: usize, all: usize) -> String {
    if identical {
        return format!("Identical: all {all} events are as they were.");
    }
    format!(
        "{changed} of {all} events differ, {} did not come. The turn ran under version {}.",
        report["missing"], report["program_then"]
    )
}

/// An event in a line, for reading; deltas are left to `--json`.
fn line(event: &Value) -> Option<String> {
    let kind = event["type"].as_str()?;
    let qf = &event["metadata"]["qf"];
    Some(match kind {
        "TEXT_MESSAGE_CONTENT" | "TEXT_MESSAGE_END" | "TEXT_MESSAGE_START" => return None,
        "STEP_STARTED" => return None,
        "STEP_FINISHED" => format!(
            "{} ({} ms) {}",
            event["stepName"].as_str()?,
            qf["ms"],
            qf["finding"].as_str().unwrap_or_default()
        ),
        "ACTIVITY_SNAPSHOT" => format!("{} rows", event["content"]["rowCount"]),
        "RUN_FINISHED" => format!(
            "{} {}",
            event["outcome"]["type"].as_str()?,
            event["result"]["query"].as_str().unwrap_or_default()
        ),
        "RUN_ERROR" => format!("{} {}", event["code"], event["message"]),
        _ => kind.to_owned(),
    })
}
