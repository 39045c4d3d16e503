//! Stage 2: which tables, columns and values the question is about.

use super::precedent::Precedents;
use super::{Context, TurnError};
use crate::knowledge::meaning::Searched;
use crate::knowledge::search::Found;
use crate::knowledge::wording;
use crate::protocol::StageName;
use crate::store::Directive;

/// A schema of at most so many tables is shown whole: nothing can be missed then, and a model's provider
/// can cache it. Thirty tables of ten columns are some 4,000 tokens.
const WHOLE_SCHEMA_TABLES: usize = 30;

/// How many tables are put before the generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breadth {
    Normal,
    /// After an escalation: the right table may have been missing.
    Wide,
}

/// What was found, and the positions in the schema of the tables to use.
#[derive(Clone, Debug)]
pub struct Retrieved {
    pub found: Found,
    /// Best first; never empty.
    pub tables: Vec<usize>,
    /// How far the best table stands out, in 0..=1.
    pub margin: f32,
}

pub async fn retrieve(
    context: &Context<'_>,
    precedents: &Precedents,
    breadth: Breadth,
    attempt: u32,
) -> Result<Retrieved, TurnError> {
    context
        .stage(StageName::SchemaRetrieval, attempt, async {
            let schema = &context.dataset.schema;
            if schema.tables.is_empty() {
                return Err(TurnError::EmptySchema);
            }
            let limit = context.bounds().retrieved_tables;
            let limit = match breadth {
                Breadth::Normal => limit,
                Breadth::Wide => limit.saturating_mul(3),
            };
            let mut text = context.question.search_text();
            // an organisation's own word leads to the tables that its meaning speaks of
            let meant: Vec<(String, String)> =
                context.journal.value(format!("glossary/{attempt}"), || {
                    directives_in(&text, &context.dataset.directives)
                });
            for (_, meaning) in &meant {
                text.push('\n');
                text.push_str(meaning);
            }
            let (found, notice) = search(context, &text, limit, attempt).await;
            let mut tables: Vec<usize> = found.tables.iter().map(|hit| hit.table).collect();
            // tables of the query that a follow-up edits stay in view
            if let Some((_, query)) = context.question.previous() {
                for table in context.dataset.tables_of(query) {
                    if !tables.contains(&table) {
                        tables.push(table);
                    }
                }
            }
            // and so do those of the nearest examples
            for near in precedents.near.iter().filter(|near| !near.negative).take(3) {
                for table in context.dataset.positions(&near.reads) {
                    if !tables.contains(&table) {
                        tables.push(table);
                    }
                }
            }
            if schema.tables.len() <= limit.max(WHOLE_SCHEMA_TABLES) {
                for table in 0..schema.tables.len() {
                    if !tables.contains(&table) {
                        tables.push(table);
                    }
                }
            }
            if tables.is_empty() {
                return Err(TurnError::NoRelevantSchema {
                    nearest: context.journal.value(format!("nearest/{attempt}"), || {
                        context.dataset.index.nearest(&text, 5)
                    }),
                });
            }
            let margin = match found.tables.as_slice() {
                [] => 0.0,
                [_] => 1.0,
                [first, second, ..] if first.score > 0.0 => {
                    ((first.score - second.score) / first.score).clamp(0.0, 1.0)
                }
                _ => 0.0,
            };
            let mut finding = finding(&found, tables.len());
            if let Some(notice) = notice {
                finding.push_str("; ");
                finding.push_str(&notice);
            }
            for (word, _) in &meant {
                finding.push_str(&format!("; {word} is in the glossary"));
            }
            if let Some(why) = &context.question.dataset_reason {
                finding = format!(
                    "In {}, because {why}. {finding}",
                    context.dataset_name().name
                );
            }
            let examples = precedents.near.len();
            if examples > 0 {
                let noun = if examples == 1 { "example" } else { "examples" };
                finding.push_str(&format!("; {examples} {noun} like it"));
            }
            // for whoever reads the record
            let names: Vec<&str> = tables
                .iter()
                .map(|at| schema.tables[*at].name.as_str())
                .collect();
            context.journal.write(format!("tables/{attempt}"), &names);
            Ok((
                Retrieved {
                    found,
                    tables,
                    margin,
                },
                finding,
            ))
        })
        .await
}

/// What the search finds, and why meaning did not count.
async fn search(
    context: &Context<'_>,
    text: &str,
    limit: usize,
    attempt: u32,
) -> (Found, Option<String>) {
    let searching = async {
        let Searched { found, notice } = context.dataset.search.find(text, limit).await;
        let positions: Vec<usize> = found.tables.iter().map(|hit| hit.table).collect();
        (found, positions, notice)
    };
    let (mut found, positions, notice) = context
        .journal
        .found(format!("search/{attempt}"), searching)
        .await;
    // which the journal does not keep with the hit
    for (hit, position) in found.tables.iter_mut().zip(positions) {
        hit.table = position;
    }
    (found, notice)
}

/// The glossary's words that the question has, each with what it means.
fn directives_in(question: &str, directives: &[Directive]) -> Vec<(String, String)> {
    let asked = format!(" {} ", wording::stems(question).join(" "));
    let named = directives.iter().filter(|directive| {
        let key = wording::stems(&directive.key).join(" ");
        !key.is_empty() && asked.contains(&format!(" {key} "))
    });
    let named = named.take(MAX_DIRECTIVES);
    named
        .map(|directive| {
            let meaning = format!("{} {}", directive.value, directive.context);
            (directive.key.clone(), meaning)
        })
        .collect()
}

/// Of one question; more would drown it.
const MAX_DIRECTIVES: usize = 5;

fn finding(found: &Found, offered: usize) -> String {
    let names: Vec<&str> = found
        .tables
        .iter()
        .take(6)
        .map(|hit| hit.name.as_str())
        .collect();
    let mut finding = match names.len() {
        0 => format!("No table stands out; all {offered} are considered"),
        1 => format!("1 table: {}", names[0]),
        _ => format!("{} tables: {}", found.tables.len(), names.join(", ")),
    };
    if found.tables.len() > names.len() {
        finding.push_str(", …");
    }
    for value in found.values.iter().take(3) {
        finding.push_str(&format!(
            "; '{}' is in {}.{}",
            value.value, value.table, value.column
        ));
    }
    finding
}
