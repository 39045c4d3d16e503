//! `queryforge ask`: the same turn as in the browser, in a terminal, over the same WebSocket.

use super::Done;
use super::remote::{Access, Remote, dataset_id};
use clap::Args;
use comfy_table::{CellAlignment, Table, presets};
use futures::{SinkExt, StreamExt};
use reqwest::header::AUTHORIZATION;
use serde_json::{Value, json};
use std::error::Error;
use std::io::{self, BufRead, IsTerminal, Write};
use std::process::ExitCode;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use uuid::Uuid;

/// Rows shown in a terminal.
const SHOWN_ROWS: usize = 50;

#[derive(Args)]
pub struct Arguments {
    /// The question, in plain language
    question: String,
    /// Name or id of the dataset; the one that fits best when absent
    #[arg(long, short)]
    dataset: Option<String>,
    /// Go on with this conversation
    #[arg(long, short)]
    conversation: Option<Uuid>,
    /// Print every event as a line of JSON
    #[arg(long)]
    json: bool,
    /// Where the server is; QF_SERVER names it too
    #[arg(long, default_value_t = crate::config::server_url())]
    server: String,
}

#[derive(Debug, thiserror::Error)]
enum AskError {
    #[error(
        "no server at {server} ({reason}). Start one with `queryforge serve`, or name it with --server."
    )]
    NoServer { server: String, reason: String },
    #[error("{0}")]
    Refused(String),
    #[error(
        "the connection was lost before the end. The turn goes on at the server: conversation {0}."
    )]
    Interrupted(Uuid),
}

pub fn run(arguments: Arguments) -> Done {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(ask(arguments))
}

async fn ask(arguments: Arguments) -> Done {
    crate::llm::install_crypto();
    let dataset = match &arguments.dataset {
        Some(name) => Some(dataset_id(&Remote::new(&arguments.server)?, name).await?),
        None => None,
    };
    let conversation = arguments.conversation.unwrap_or_else(Uuid::now_v7);
    // a conversation that is gone on with begins with a snapshot; its frames are not this turn's
    let url = format!(
        "{}/ws/{conversation}",
        arguments
            .server
            .trim_end_matches('/')
            .replacen("http", "ws", 1)
    );
    let mut request = url.as_str().into_client_request()?;
    request.headers_mut().insert(
        "sec-websocket-protocol",
        crate::protocol::SUBPROTOCOL.parse()?,
    );
    if let Some(bearer) = Access::default().bearer()? {
        request.headers_mut().insert(AUTHORIZATION, bearer);
    }
    let (mut socket, _) = connect_async(request)
        .await
        .map_err(|error| no_server(&arguments.server, &error))?;

    let mut run_id = Uuid::now_v7();
    let mut input = submit(
        conversation,
        run_id,
        &arguments.question,
        dataset.as_deref(),
        None,
    );
    loop {
        socket.send(Message::text(input.to_string())).await?;
        let mut screen = Screen::new(arguments.json);
        let end = loop {
            let Some(message) = socket.next().await else {
                return Err(AskError::Interrupted(conversation).into());
            };
            let text = match message {
                Ok(Message::Text(text)) => text,
                Ok(Message::Close(_)) | Err(_) => {
                    return Err(AskError::Interrupted(conversation).into());
                }
                Ok(_) => continue,
            };
            let event: Value = serde_json::from_str(&text)?;
            if let Some(end) = screen.show(&event, &text, run_id)? {
                break end;
            }
        };
        match end {
            End::Answered => return Ok(ExitCode::SUCCESS),
            End::Failed => return Ok(ExitCode::FAILURE),
            End::Asked(interrupt) => {
                if arguments.json || !io::stdin().is_terminal() {
                    return Ok(ExitCode::from(2));
                }
                let choice = choose(&interrupt)?;
                run_id = Uuid::now_v7();
                let answer = Some((interrupt["id"].clone(), choice.clone()));
                input = submit(conversation, run_id, &choice, dataset.as_deref(), answer);
            }
        }
    }
}

fn submit(
    conversation: Uuid,
    run: Uuid,
    text: &str,
    dataset: Option<&str>,
    answer: Option<(Value, String)>,
) -> Value {
    let mut input = json!({
        "threadId": conversation,
        "runId": run,
        "protocolVersion": crate::protocol::PROTOCOL_VERSION,
        "messages": [{"id": Uuid::now_v7(), "role": "user", "content": text}],
        "tools": [],
        "context": [],
        "forwardedProps": {"qf": {}},
    });
    if let Some(dataset) = dataset {
        input["forwardedProps"]["qf"]["datasetId"] = json!(dataset);
    }
    if let Some((interrupt, choice)) = answer {
        input["resume"] = json!([
            {"interruptId": interrupt, "status": "resolved", "payload": {"choice": choice}}
        ]);
    }
    input
}

fn no_server(server: &str, error: &dyn Error) -> AskError {
    AskError::NoServer {
        server: server.to_owned(),
        reason: error.to_string(),
    }
}

fn options(interrupt: &Value) -> Vec<&str> {
    interrupt["responseSchema"]["properties"]["choice"]["enum"]
        .as_array()
        .map(|options| options.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default()
}

/// One of the options that were shown, by its number or in its own words.
fn choose(interrupt: &Value) -> Result<String, Box<dyn Error>> {
    let options = options(interrupt);
    let mut error = io::stderr().lock();
    write!(error, "> ")?;
    error.flush()?;
    let mut line = String::new();
    if io::stdin().lock().read_line(&mut line)? == 0 {
        return Err(AskError::Refused("no choice was made".to_owned()).into());
    }
    let line = line.trim();
    let chosen = line
        .parse::<usize>()
        .ok()
        .and_then(|number| options.get(number.wrapping_sub(1)));
    Ok(chosen.map_or_else(|| line.to_owned(), |option| (*option).to_owned()))
}

enum End {
    Answered,
    Failed,
    Asked(Value),
}

/// Stages and the query on standard error as they come; rows and answer on standard output.
struct Screen {
    json: bool,
    /// The turn's own RUN_STARTED was seen; what came before is history.
    began: bool,
    answer: String,
    answer_id: Option<String>,
    result: Option<Value>,
}

impl Screen {
    fn new(json: bool) -> Self {
        Self {
            json,
            began: false,
            answer: String::new(),
            answer_id: None,
            result: None,
        }
    }

    fn show(
        &mut self,
        event: &Value,
        text: &str,
        run_id: Uuid,
    ) -> Result<Option<End>, Box<dyn Error>> {
        let kind = event["type"].as_str().unwrap_or_default();
        if kind == "error" {
            let message = event["message"].as_str().unwrap_or_default().to_owned();
            return Err(AskError::Refused(message).into());
        }
        if kind == "RUN_STARTED" && event["runId"] == json!(run_id) && !event["input"].is_null() {
            self.began = true;
        }
        if !self.began {
            return Ok(None);
        }
        if self.json {
            writeln!(io::stdout(), "{text}")?;
        }
        let mut error = io::stderr().lock();
        let words = !self.json;
        match kind {
            "STEP_FINISHED" if words => {
                let qf = &event["metadata"]["qf"];
                writeln!(
                    error,
                    "· {:<22} {:>5} ms  {}",
                    event["stepName"].as_str().unwrap_or_default(),
                    qf["ms"],
                    qf["finding"].as_str().unwrap_or_default()
                )?;
            }
            "TEXT_MESSAGE_START" => {
                let is_query = event["metadata"]["qf"]["kind"] == "query";
                self.answer_id =
                    (!is_query).then(|| event["messageId"].as_str().unwrap_or_default().to_owned());
                if is_query && words {
                    writeln!(error)?;
                }
            }
            "TEXT_MESSAGE_CONTENT" => {
                let delta = event["delta"].as_str().unwrap_or_default();
                if self.answer_id.as_deref() == event["messageId"].as_str() {
                    self.answer.push_str(delta);
                } else if words {
                    write!(error, "{delta}")?;
                    error.flush()?;
                }
            }
            "TEXT_MESSAGE_END" if words && self.answer_id.is_none() => writeln!(error, "\n")?,
            "ACTIVITY_SNAPSHOT" => self.result = Some(event["content"].clone()),
            "RUN_FINISHED" => {
                if words {
                    // to go on with: --conversation
                    let dataset = event["result"]["dataset"]["name"].as_str();
                    let conversation = event["threadId"].as_str().unwrap_or_default();
                    match dataset {
                        Some(name) => writeln!(error, "{name}, conversation {conversation}")?,
                        None => writeln!(error, "conversation {conversation}")?,
                    }
                }
                drop(error);
                return self.finish(event).map(Some);
            }
            "RUN_ERROR" => {
                if words {
                    writeln!(error, "{}", event["message"].as_str().unwrap_or_default())?;
                }
                return Ok(Some(End::Failed));
            }
            _ => {}
        }
        Ok(None)
    }

    fn finish(&mut self, event: &Value) -> Result<End, Box<dyn Error>> {
        let outcome = &event["outcome"];
        if outcome["type"] == "cancelled" {
            return Ok(End::Failed);
        }
        if outcome["type"] == "interrupt" {
            let interrupt = outcome["interrupts"][0].clone();
            if !self.json {
                eprintln!("{}", interrupt["message"].as_str().unwrap_or_default());
                for (number, option) in options(&interrupt).iter().enumerate() {
                    eprintln!("  {}. {option}", number + 1);
                }
            }
            return Ok(End::Asked(interrupt));
        }
        if !self.json {
            let mut output = io::stdout().lock();
            if let Some(result) = &self.result {
                writeln!(output, "{}", table(result))?;
            }
            writeln!(output, "{}", self.answer)?;
            let result = &event["result"];
            if result["kind"] == "query" {
                eprintln!(
                    "\n{}, by {}, confidence {:.0} %",
                    result["trust"].as_str().unwrap_or_default(),
                    result["generator"]["name"].as_str().unwrap_or_default(),
                    result["confidence"].as_f64().unwrap_or_default() * 100.0
                );
            }
        }
        Ok(End::Answered)
    }
}

fn table(result: &Value) -> String {
    let columns = result["columns"].as_array().cloned().unwrap_or_default();
    let rows = result["rows"].as_array().cloned().unwrap_or_default();
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY);
    table.set_header(columns.iter().map(|column| printable(&column["name"])));
    for row in rows.iter().take(SHOWN_ROWS) {
        table.add_row(row.as_array().into_iter().flatten().map(printable));
    }
    for (at, column) in columns.iter().enumerate() {
        let is_number = matches!(
            column["kind"].as_str(),
            Some("integer" | "decimal" | "float")
        );
        if is_number && let Some(column) = table.column_mut(at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let count = result["rowCount"].as_u64().unwrap_or_default() as usize;
    if count > rows.len().min(SHOWN_ROWS) {
        return format!("{table}\n… {} rows in all", count);
    }
    table.to_string()
}

/// A value in a terminal: no control character of the data reaches it.
fn printable(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::String(text) => text
            .chars()
            .map(|c| if c.is_control() { '\u{fffd}' } else { c })
            .collect(),
        other => other.to_string(),
    }
}
