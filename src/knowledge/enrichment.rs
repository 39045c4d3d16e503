//! A model suggests what tables and columns mean; an expert says which of it is true.

use super::LiveDataset;
use crate::llm::ledger::{Ledger, estimated_tokens};
use crate::llm::switchboard::{CallOptions, Switchboard};
use crate::llm::{ChatRequest, LlmError};
use crate::prompts::{self, DescribeSchema};
use crate::store::{Annotation, BudgetScope, NewAnnotation, StoreError};
use futures::future::BoxFuture;
use serde::Deserialize;
use std::collections::HashSet;

/// Tables put before a model in one call: small enough that the whole reply fits.
const TABLES_PER_CALL: usize = 6;
/// Tables of one request; asking again goes on where it stopped.
const MAX_TABLES: usize = 60;
const MAX_DESCRIPTION_CHARS: usize = 400;
const MAX_SYNONYMS: usize = 8;

/// What the calls are summed up under: the prompt is the one for describing a schema, the purpose is another.
const LEDGER_TASK: &str = "enrich_schema";

const TASK: &str = "Describe this schema for people who will ask questions about its data. \
For every table listed, and for each of its columns that has no comment and whose meaning its name does not make plain, \
write one line of JSON and nothing else: {\"table\": \"…\", \"column\": \"…\", \"description\": \"…\", \"synonyms\": [\"…\"]}. \
Leave \"column\" out for the table itself. A description is one sentence; synonyms are other words people use, or []. \
Say only what names, types, keys and sample values show.";

#[derive(Deserialize)]
struct Line {
    table: String,
    #[serde(default)]
    column: Option<String>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    synonyms: Vec<String>,
}

/// On what terms a model is asked.
pub struct Terms<'a> {
    /// Makes a request and its options those of the model that is meant.
    pub apply: &'a (dyn Fn(&mut ChatRequest, &mut CallOptions) + Sync),
    /// Where each try is written down.
    pub ledger: &'a Ledger,
    /// Holds that many tokens of today's budgets.
    pub hold: &'a (dyn Fn(u64) -> Holding<'a> + Sync),
    pub reply_tokens: u32,
}

pub type Holding<'a> = BoxFuture<'a, Result<Result<(), BudgetScope>, StoreError>>;

#[derive(Debug, thiserror::Error)]
pub enum SuggestError {
    #[error(transparent)]
    Model(#[from] LlmError),
    #[error("today's tokens are used up")]
    Budget(BudgetScope),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a model proposes for tables and columns without a description; nothing that an expert wrote, rejected or
/// still has to look at is proposed again.
pub async fn suggest(
    live: &LiveDataset,
    models: &Switchboard,
    terms: &Terms<'_>,
    known: &[Annotation],
) -> Result<Vec<NewAnnotation>, SuggestError> {
    let known: HashSet<(&str, Option<&str>)> = known
        .iter()
        .map(|one| (one.table.as_str(), one.column.as_deref()))
        .collect();
    let bare: Vec<&str> =
        live.schema
            .tables
            .iter()
            .filter(|table| {
                let missing = |column: Option<&str>, described: bool| {
                    !described && !known.contains(&(table.name.as_str(), column))
                };
                missing(None, table.description.is_some())
                    || table.columns.iter().any(|column| {
                        missing(Some(column.name.as_str()), column.description.is_some())
                    })
            })
            .map(|table| table.name.as_str())
            .take(MAX_TABLES)
            .collect();
    let mut suggested = Vec::new();
    for tables in bare.chunks(TABLES_PER_CALL) {
        let rendered = DescribeSchema {
            dialect: live.dialect(),
            schema: &prompts::schema_text(&live.schema, tables, live.dialect()),
            more_tables: &[],
            glossary: "",
            conversation: &[],
            question: TASK,
        }
        .render();
        let mut request = ChatRequest::asking(rendered.system, rendered.user);
        let mut options = CallOptions {
            scope: live.dataset.workspace_id.to_string(),
            account: Some(terms.ledger.account(LEDGER_TASK, 1)),
            ..CallOptions::default()
        };
        (terms.apply)(&mut request, &mut options);
        let most = estimated_tokens(&request) + u64::from(terms.reply_tokens);
        (terms.hold)(most).await?.map_err(SuggestError::Budget)?;
        let (call, reply) = models.complete(request, &options).await?;
        let model = call.model.clone();
        suggested.extend(
            lines(&reply.text)
                .into_iter()
                .filter_map(|line| usable(line, live, tables, &model))
                .filter(|new| !known.contains(&(new.table.as_str(), new.column.as_deref()))),
        );
    }
    let mut seen = HashSet::new();
    suggested.retain(|new| seen.insert((new.table.clone(), new.column.clone())));
    Ok(suggested)
}

/// The lines of a reply that are what was asked for; talk around them is passed over.
fn lines(reply: &str) -> Vec<Line> {
    reply
        .lines()
        .map(|line| line.trim().trim_end_matches(','))
        .filter(|line| line.starts_with('{'))
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

/// A line about something that is there, shortened to what a description may be.
fn usable(line: Line, live: &LiveDataset, tables: &[&str], model: &str) -> Option<NewAnnotation> {
    if !tables.contains(&line.table.as_str()) {
        return None;
    }
    let table = live.schema.table(&line.table)?;
    let column = line.column.filter(|column| !column.is_empty());
    let described = match &column {
        Some(column) => table.column(column)?.description.is_some(),
        None => table.description.is_some(),
    };
    let plain = |text: &str| -> String {
        let one_line: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        one_line
            .join(" ")
            .chars()
            .take(MAX_DESCRIPTION_CHARS)
            .collect()
    };
    let description = plain(&line.description);
    let synonyms: Vec<String> = line
        .synonyms
        .iter()
        .map(|word| plain(word))
        .filter(|word| !word.is_empty() && word.chars().count() <= 60)
        .take(MAX_SYNONYMS)
        .collect();
    if described || description.is_empty() {
        return None;
    }
    Some(NewAnnotation {
        table: line.table,
        column,
        description,
        synonyms,
        meanings: Vec::new(),
        source: model.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_read_line_by_line_whatever_stands_around() {
        let reply = "Sure! Here you are:\n```json\n{\"table\":\"t\",\"description\":\"things\"}\n\
            {\"table\": \"t\", \"column\": \"a\", \"description\": \"a thing\", \"synonyms\": [\"x\"]},\n{broken\n```\nDone.";
        let read = lines(reply);
        assert_eq!(read.len(), 2);
        assert_eq!(read[1].column.as_deref(), Some("a"));
        assert_eq!(read[1].synonyms, ["x"]);
    }
}
