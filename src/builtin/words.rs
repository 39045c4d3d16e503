//! What is said besides queries: greetings, descriptions, an answer in words from the rows.

use crate::schema::Schema;
use crate::target::ResultColumn;
use serde_json::Value;

/// A short answer from the rows; every number in it is one of theirs, or their count.
pub fn narrate(
    _question: &str,
    _sql: &str,
    columns: &[ResultColumn],
    rows: &[Vec<Value>],
    truncated: bool,
) -> String {
    match rows {
        [] => "There are no matching rows.".to_owned(),
        [row] if row.len() == 1 => format!("The {} is {}.", columns[0].name, shown(&row[0])),
        [row] => {
            let parts: Vec<String> = columns
                .iter()
                .zip(row)
                .map(|(column, value)| format!("{} {}", column.name, shown(value)))
                .collect();
            format!("{}.", parts.join(", "))
        }
        rows => {
            let first: Vec<String> = rows[0].iter().map(shown).collect();
            let more = if truncated { "More than " } else { "" };
            format!(
                "{more}{} rows; the first is {}.",
                rows.len(),
                first.join(", ")
            )
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

pub fn greet(_question: &str, schema: &Schema) -> String {
    let names: Vec<&str> = schema
        .tables
        .iter()
        .take(6)
        .map(|table| table.name.as_str())
        .collect();
    format!("Hello. Ask me about {}.", names.join(", "))
}

/// Tables, or one table's columns, in Markdown.
pub fn describe(question: &str, schema: &Schema) -> String {
    let asked = question.to_lowercase();
    if let Some(table) = schema
        .tables
        .iter()
        .find(|table| asked.contains(&table.name.to_lowercase()))
    {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| format!("- `{}` {}", column.name, column.data_type))
            .collect();
        return format!(
            "`{}` has these columns:\n\n{}",
            table.name,
            columns.join("\n")
        );
    }
    let tables: Vec<String> = schema
        .tables
        .iter()
        .map(|table| format!("- `{}`: {} columns", table.name, table.columns.len()))
        .collect();
    format!("There are these tables:\n\n{}", tables.join("\n"))
}

/// Questions of this schema that the generator can answer.
pub fn suggestions(schema: &Schema, n: usize) -> Vec<String> {
    schema
        .tables
        .iter()
        .filter(|table| !table.is_view)
        .take(n)
        .map(|table| format!("How many {} are there?", table.name.replace('_', " ")))
        .collect()
}

/// Questions that could come next.
pub fn follow_ups(_question: &str, _sql: &str, _schema: &Schema) -> Vec<String> {
    Vec::new()
}
