//! Prompts: the files below `prompts/`, embedded, and what they become for one call.
//!
//! Templates are strict: a name that is not given is an error, found by the snapshot tests and not by a
//! customer. Everything that people or data wrote goes through `fence` or `line`: it is marked as data,
//! and it cannot end its own mark.

mod classification;
mod schema_text;

pub use classification::{Ambiguity, Classification, Complexity, Kind, QueryType};
pub use schema_text::schema_text;

use crate::query::Dialect;
use crate::target::Rows;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::sync::LazyLock;

/// What is sent for one task.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// The task's name, which is also its folder: `generate_query`.
    pub task: &'static str,
    pub system: String,
    pub user: String,
    /// The form of the reply, for tasks that answer in JSON.
    pub output: Option<serde_json::Value>,
    /// SHA-256 over all of it, in hexadecimal: equal prompts have equal hashes.
    pub hash: String,
}

/// What a message is for, and what answering it will take. The reply is a [`Classification`].
#[derive(Clone, Debug, Serialize)]
pub struct ClassifyIntent<'a> {
    /// From [`schema_text`].
    pub schema: &'a str,
    /// Definitions of the organisation; may be empty.
    pub glossary: &'a str,
    /// Of the conversation's older part; may be empty.
    pub summary: &'a str,
    /// The newest exchanges, oldest first.
    pub conversation: &'a [Exchange<'a>],
    pub previous: Option<Previous<'a>>,
    /// `2026-03-14`
    pub today: &'a str,
    pub question: &'a str,
}

/// One question to one query. The reply is read by [`crate::llm::reply`].
#[derive(Clone, Debug)]
pub struct GenerateQuery<'a> {
    pub dialect: Dialect,
    pub schema: &'a str,
    pub glossary: &'a str,
    pub examples: &'a [Example<'a>],
    pub summary: &'a str,
    pub conversation: &'a [Exchange<'a>],
    /// What a follow-up edits.
    pub previous: Option<Previous<'a>>,
    pub today: &'a str,
    pub plan: &'a [String],
    pub question: &'a str,
    /// What the person chose when asked what was meant.
    pub choice: Option<&'a str>,
    /// The query that was refused, when this is another try.
    pub attempt: Option<&'a str>,
    /// Why, and what else to heed; one thing each.
    pub guidance: &'a [String],
}

/// The answer in words, from the rows.
#[derive(Clone, Debug)]
pub struct AnswerQuestion<'a> {
    pub question: &'a str,
    pub query: &'a str,
    pub rows: &'a Rows,
}

/// A question about the schema itself.
#[derive(Clone, Debug)]
pub struct DescribeSchema<'a> {
    pub dialect: Dialect,
    pub schema: &'a str,
    /// Names of tables that `schema` leaves out.
    pub more_tables: &'a [String],
    pub glossary: &'a str,
    pub conversation: &'a [Exchange<'a>],
    pub question: &'a str,
}

/// The older part of a conversation, in a few sentences.
#[derive(Clone, Debug, Serialize)]
pub struct SummariseConversation<'a> {
    /// The summary of what came before these; may be empty.
    pub summary: &'a str,
    pub conversation: &'a [Exchange<'a>],
}

/// A question and what was said to it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Exchange<'a> {
    pub question: &'a str,
    pub query: Option<&'a str>,
    pub answer: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Previous<'a> {
    pub question: &'a str,
    pub query: &'a str,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Example<'a> {
    pub question: &'a str,
    pub query: &'a str,
    /// Shown as what to avoid.
    pub negative: bool,
}

impl ClassifyIntent<'_> {
    pub fn render(&self) -> Rendered {
        let output = serde_json::from_str(include_str!("../prompts/classify_intent/output.json"))
            .expect("the file is JSON; a test reads it");
        rendered("classify_intent", Value::from(Serde(self)), Some(output))
    }
}

impl GenerateQuery<'_> {
    pub fn render(&self) -> Rendered {
        let input = context! {
            dialect => page(self.dialect),
            schema => self.schema,
            glossary => self.glossary,
            examples => Serde(&self.examples),
            summary => self.summary,
            conversation => Serde(&self.conversation),
            previous => Serde(&self.previous),
            today => self.today,
            plan => Serde(&self.plan),
            question => self.question,
            choice => self.choice,
            attempt => self.attempt,
            guidance => Serde(&self.guidance),
        };
        rendered("generate_query", input, None)
    }
}

/// As many of a result's rows as an answer in words needs.
const ROWS_SHOWN: usize = 40;
const ROWS_CHARS: usize = 6_000;

impl AnswerQuestion<'_> {
    pub fn render(&self) -> Rendered {
        let (rows, rows_shown) = rows_text(self.rows);
        let input = context! {
            question => self.question,
            query => self.query,
            rows => rows,
            rows_shown => rows_shown,
            row_count => self.rows.rows.len(),
            truncated => self.rows.truncated,
        };
        rendered("answer_question", input, None)
    }
}

impl DescribeSchema<'_> {
    pub fn render(&self) -> Rendered {
        let input = context! {
            dialect => page(self.dialect),
            schema => self.schema,
            more_tables => Serde(&self.more_tables),
            glossary => self.glossary,
            conversation => Serde(&self.conversation),
            question => self.question,
        };
        rendered("describe_schema", input, None)
    }
}

impl SummariseConversation<'_> {
    pub fn render(&self) -> Rendered {
        rendered("summarise_conversation", Value::from(Serde(self)), None)
    }
}

/// What a prompt says about a dialect.
fn page(dialect: Dialect) -> Value {
    let (name, fence, guide) = match dialect {
        Dialect::Postgres => (
            "PostgreSQL",
            "sql",
            include_str!("../prompts/dialects/postgres.md"),
        ),
        Dialect::Mysql => ("MySQL", "sql", include_str!("../prompts/dialects/mysql.md")),
        Dialect::Sqlite => (
            "SQLite",
            "sql",
            include_str!("../prompts/dialects/sqlite.md"),
        ),
        Dialect::Duckdb => (
            "DuckDB",
            "sql",
            include_str!("../prompts/dialects/duckdb.md"),
        ),
        Dialect::Kdb => ("kdb+ (q)", "q", include_str!("../prompts/dialects/kdb.md")),
    };
    context! { name, fence, guide => guide.trim_end() }
}

macro_rules! templates {
    ($($task:literal),* $(,)?) => {
        [$(
            (concat!($task, "/system"), include_str!(concat!("../prompts/", $task, "/system.md"))),
            (concat!($task, "/user"), include_str!(concat!("../prompts/", $task, "/user.md"))),
        )*]
    };
}

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .expect("these are the usual delimiters"),
    );
    environment.add_filter("fence", fence);
    environment.add_filter("line", |text: String| line(&text));
    environment.add_filter("transcript", transcript);
    environment.add_global(
        "untrusted",
        include_str!("../prompts/untrusted.md").trim_end(),
    );
    for (name, source) in templates![
        "classify_intent",
        "generate_query",
        "answer_question",
        "describe_schema",
        "summarise_conversation",
    ] {
        environment
            .add_template(name, source)
            .expect("every template parses; a test renders each");
    }
    environment
});

fn rendered(task: &'static str, input: Value, output: Option<serde_json::Value>) -> Rendered {
    let part = |part: &str| {
        let text = ENVIRONMENT
            .get_template(&format!("{task}/{part}"))
            .and_then(|template| template.render(input.clone()))
            .expect("inputs are structs, so no name can be missing; a test renders each template");
        text.trim().to_owned()
    };
    let (system, user) = (part("system"), part("user"));
    let mut hasher = Sha256::new();
    for text in [system.as_str(), "\0", user.as_str(), "\0"] {
        hasher.update(text);
    }
    if let Some(output) = &output {
        hasher.update(output.to_string());
    }
    let mut hash = String::with_capacity(64);
    for byte in hasher.finalize() {
        let _ = write!(hash, "{byte:02x}");
    }
    Rendered {
        task,
        system,
        user,
        output,
        hash,
    }
}

/// `text` between `<tag>` and `</tag>`, unable to leave them: what looks like a closing tag within
/// it no longer is one.
fn fence(text: String, tag: String) -> String {
    // Control characters go first: one of them may stand between "<" and "/".
    let text: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let inside = text.trim_matches('\n').replace("</", "< /");
    format!("<{tag}>\n{inside}\n</{tag}>")
}

/// `text` in one line, without control characters, at most 300 characters.
fn line(text: &str) -> String {
    clip(
        &text
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
        300,
    )
}

fn clip(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// As much of one message as later questions need.
const MESSAGE_CHARS: usize = 1_500;

/// Exchanges as a play: every line of a speech but its first is indented, so that nobody can speak for
/// another.
fn transcript(exchanges: Vec<Value>) -> Result<String, minijinja::Error> {
    let mut out = String::new();
    for exchange in exchanges {
        for (speaker, part) in [
            ("person", "question"),
            ("query", "query"),
            ("assistant", "answer"),
        ] {
            let said = exchange.get_attr(part)?;
            let Some(said) = said.as_str().filter(|said| !said.trim().is_empty()) else {
                continue;
            };
            let said = clip(said.trim(), MESSAGE_CHARS).replace('\n', "\n  ");
            if !out.is_empty() {
                out.push('\n');
            }
            let _ = write!(out, "{speaker}: {said}");
        }
    }
    Ok(out)
}

/// The first rows as text, one line each, and how many they are.
fn rows_text(rows: &Rows) -> (String, usize) {
    let names: Vec<String> = rows
        .columns
        .iter()
        .map(|column| cell(&serde_json::Value::String(column.name.clone())))
        .collect();
    let mut out = names.join(" | ");
    let mut shown = 0;
    for row in rows.rows.iter().take(ROWS_SHOWN) {
        let cells: Vec<String> = row.iter().map(cell).collect();
        let text = cells.join(" | ");
        if out.len() + text.len() > ROWS_CHARS {
            break;
        }
        out.push('\n');
        out.push_str(&text);
        shown += 1;
    }
    (out, shown)
}

fn cell(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => "NULL".to_owned(),
        serde_json::Value::String(text) => clip(&line(text), 120).replace('|', "\\|"),
        other => clip(&other.to_string(), 120),
    }
}

#[cfg(test)]
mod tests;
