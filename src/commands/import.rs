//! `queryforge import`: examples from JSON lines or Markdown, into a dataset of a running server.

use super::Done;
use super::remote::{Remote, block_on, dataset_id};
use crate::knowledge::learning::{ExampleDraft, TAGS};
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

/// What stands at a line: an example, or what is wrong there.
type Entry = (usize, Result<ExampleDraft, String>);

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
    let remote = Remote::new(&arguments.server);
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

/// `{"question", "query", "variants"?, "tags"?, "note"?, "negative"?}` a line.
fn json_lines(text: &str) -> Vec<Entry> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| {
            let draft = serde_json::from_str(line).map_err(|error| error.to_string());
            (at + 1, draft)
        })
        .collect()
}

/// A heading is a question, the fenced block below it its query; between them `Also: …` is another wording, `Category: …`
/// a tag, `Wrong` marks a query that must not be given, and other words are its note.
fn markdown(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut open: Option<(usize, ExampleDraft)> = None;
    let mut fence: Option<String> = None;
    let close = |open: &mut Option<(usize, ExampleDraft)>, entries: &mut Vec<Entry>| {
        if let Some((line, draft)) = open.take() {
            // a heading without a query is a title, unless there was something below it
            if draft.query.is_empty() {
                if !draft.note.is_empty() || !draft.variants.is_empty() {
                    entries.push((line, Err(format!("\"{}\" has no query", draft.question))));
                }
            } else {
                entries.push((line, Ok(draft)));
            }
        }
    };
    for (at, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if let Some(mark) = &fence {
            if trimmed == mark {
                fence = None;
            } else if let Some((_, draft)) = &mut open {
                if !draft.query.is_empty() {
                    draft.query.push('\n');
                }
                draft.query.push_str(line);
            }
            continue;
        }
        if trimmed.starts_with("```") {
            fence = Some("```".to_owned());
            let second = open
                .as_ref()
                .is_some_and(|(_, draft)| !draft.query.is_empty());
            if open.is_none() || second {
                entries.push((
                    at + 1,
                    Err("a query without a question above it".to_owned()),
                ));
                close(&mut open, &mut entries);
            }
        } else if let Some(question) = trimmed.strip_prefix('#') {
            close(&mut open, &mut entries);
            let question = question.trim_start_matches('#').trim().to_owned();
            open = Some((
                at + 1,
                ExampleDraft {
                    question,
                    query: String::new(),
                    variants: Vec::new(),
                    tags: Default::default(),
                    note: String::new(),
                    negative: false,
                },
            ));
        } else if let Some((_, draft)) = &mut open
            && !trimmed.is_empty()
        {
            let tag = trimmed.split_once(':').and_then(|(name, value)| {
                let name = name.trim().to_lowercase().replace(' ', "_");
                Some((
                    TAGS.into_iter().find(|tag| *tag == name)?,
                    value.trim().to_owned(),
                ))
            });
            if let Some((tag, value)) = tag {
                draft.tags.insert(tag.to_owned(), value);
            } else if let Some(variant) = trimmed.strip_prefix("Also:") {
                draft.variants.push(variant.trim().to_owned());
            } else if trimmed.eq_ignore_ascii_case("wrong") {
                draft.negative = true;
            } else {
                if !draft.note.is_empty() {
                    draft.note.push(' ');
                }
                draft.note.push_str(trimmed);
            }
        }
    }
    if fence.is_some() {
        let line = open.as_ref().map_or(0, |(line, _)| *line);
        open = None;
        entries.push((line, Err("the query's block is not closed".to_owned())));
    }
    close(&mut open, &mut entries);
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_gives_questions_with_their_queries_and_says_where_one_is_missing() {
        let text = "# Sales\n\n## How many orders?\nAlso: number of orders\nCategory: sales\nOne row a day.\n\
            ```sql\nselect count(*)\nfrom orders\n```\n\n## Never so\nWrong\n```\nselect 1\n```\n## Nothing\nbut words\n\
            ## Twice\n```\nselect 2\n```\n```\nselect 3\n```\n## Open\n```\nselect 4\n";
        let entries = markdown(text);
        let seen: Vec<(usize, Result<&str, &str>)> = entries
            .iter()
            .map(|(line, entry)| {
                let entry = entry.as_ref();
                (
                    *line,
                    entry
                        .map(|draft| draft.query.as_str())
                        .map_err(String::as_str),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                (3, Ok("select count(*)\nfrom orders")),
                (12, Ok("select 1")),
                (17, Err("\"Nothing\" has no query")),
                (23, Err("a query without a question above it")),
                (19, Ok("select 2")),
                (26, Err("the query's block is not closed")),
            ]
        );
        let first = entries[0].1.as_ref().expect("an example");
        assert_eq!(first.variants, ["number of orders"]);
        assert_eq!(first.tags["category"], "sales");
        assert_eq!(first.note, "One row a day.");
        assert!(entries[1].1.as_ref().is_ok_and(|draft| draft.negative));
    }

    #[test]
    fn each_line_of_json_stands_for_itself() {
        let entries =
            json_lines("{\"question\":\"a\",\"query\":\"b\"}\n\nnot json\n{\"question\":\"c\"}\n");
        let seen: Vec<(usize, bool)> = entries
            .iter()
            .map(|(line, entry)| (*line, entry.is_ok()))
            .collect();
        assert_eq!(seen, [(1, true), (3, false), (4, false)]);
    }
}
