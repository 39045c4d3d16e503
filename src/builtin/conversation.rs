//! What a message is for, and the answers that need no query: greetings and descriptions of the schema.

use crate::builtin::follow_up::leaning;
use crate::builtin::lexicon::{is_filler, is_weak};
use crate::builtin::linking::Linker;
use crate::builtin::planning::{plural, readable};
use crate::builtin::tokens::tokens;
use crate::builtin::{Intent, IntentKind, MOST_WORDS};
use crate::schema::{Schema, Table};

/// Columns that are listed of a table when nothing else was asked.
const MAX_COLUMNS: usize = 30;
/// Tables that are listed of a dataset.
const MAX_TABLES: usize = 40;

pub fn intent(question: &str, linker: &Linker, has_previous: bool) -> Intent {
    let mut words = tokens(question);
    // what a message is for stands at its beginning
    words.truncate(MOST_WORDS);
    let text: Vec<&str> = words.iter().map(|token| token.text.as_str()).collect();
    let line = text.join(" ");
    let made = |kind, follow_up, confidence, reasoning: &str| Intent {
        kind,
        follow_up,
        confidence,
        reasoning: reasoning.to_owned(),
    };
    if text.is_empty() {
        return made(
            IntentKind::Clarification,
            false,
            0.9,
            "There are no words in the message.",
        );
    }
    let units = linker.units(&words);
    let named = units
        .iter()
        .filter(|unit| {
            unit.tables.iter().chain(&[]).any(|hit| hit.1 > 0.6)
                || unit.columns.iter().any(|hit| hit.1 > 0.6)
                || !unit.values.is_empty()
        })
        .count();
    if let Some(reason) = greeting(&line, text.len(), named) {
        return made(IntentKind::Greeting, false, 0.96, reason);
    }
    if let Some((confidence, reason)) = about_schema(&line, &units) {
        return made(IntentKind::SchemaDescription, false, confidence, reason);
    }
    let leans = leaning(&line);
    let names_table = units
        .iter()
        .any(|unit| unit.tables.first().is_some_and(|hit| hit.1 > 0.8));
    // "top customers" stands on its own, "Canada?" does not
    if has_previous && leans >= 0.6 && !(leans < 0.7 && (names_table || named == 0)) {
        let reason = "It is worded as a change to the previous question.";
        return made(IntentKind::QueryGeneration, true, leans, reason);
    }
    let content: Vec<_> = units
        .iter()
        .filter(|unit| !unit.punctuation && !is_filler(&unit.text) && !is_weak(&unit.text))
        .collect();
    let known = content
        .iter()
        .filter(|unit| {
            unit.is_name()
                || !unit.values.is_empty()
                || unit.number.is_some()
                || unit.date.is_some()
                || crate::builtin::lexicon::is_revenue(&unit.text)
        })
        .count();
    let asks = [
        "what", "which", "who", "how", "list", "show", "give", "find", "count", "top", "average",
        "total", "number", "compare", "when", "where", "return", "get",
    ]
    .iter()
    .any(|start| text[0] == *start);
    if content.is_empty() && !asks {
        return made(
            IntentKind::Clarification,
            false,
            0.75,
            "It says nothing that a query could be about.",
        );
    }
    let share = known as f32 / content.len().max(1) as f32;
    let confidence = (0.45 + 0.35 * share + if asks { 0.17 } else { 0.05 }).min(0.95);
    if known == 0 && !asks {
        return made(
            IntentKind::Clarification,
            false,
            0.55,
            "None of its words are in this dataset.",
        );
    }
    made(
        IntentKind::QueryGeneration,
        false,
        confidence,
        if share > 0.6 {
            "It asks about names or values of this dataset."
        } else {
            "It reads like a question, but most of its words are not in this dataset."
        },
    )
}

/// It asks for a change of the data ("drop table x", "please delete all orders"), not for a query. After a
/// previous question "remove the filter" is a change to that question.
pub fn wants_to_write(question: &str, has_previous: bool) -> bool {
    let words = tokens(question);
    let mut text = words
        .iter()
        .map(|token| token.text.as_str())
        .skip_while(|word| {
            [
                "please", "can", "could", "would", "you", "now", "and", "then", "just", "i",
                "want", "to", "like", "let", "us", "me",
            ]
            .contains(word)
        });
    let (verb, next) = (text.next().unwrap_or(""), text.next().unwrap_or(""));
    let rest: Vec<&str> = text.collect();
    // "drops in revenue", "update me on", "create a list of"
    if [
        "in", "of", "by", "rate", "rates", "me", "us", "off", "offs", "time", "date",
    ]
    .contains(&next)
        || next.is_empty()
    {
        return false;
    }
    let objects = [
        "table",
        "tables",
        "database",
        "schema",
        "view",
        "index",
        "all",
        "everything",
        "every",
        "from",
        "into",
        "rows",
        "row",
        "records",
        "record",
        "column",
        "user",
        "role",
    ];
    match verb {
        "drop" | "truncate" | "delete" | "erase" | "wipe" | "purge" | "remove" => {
            !has_previous || objects.contains(&next) || rest.contains(&"from") && verb == "delete"
        }
        "insert" | "alter" | "grant" | "revoke" => true,
        "update" => !has_previous || rest.contains(&"set"),
        "create" => {
            objects[..6].contains(&next)
                || objects[..6].iter().any(|o| rest.first() == Some(o))
                    && rest.get(1) != Some(&"of")
        }
        _ => false,
    }
}

fn greeting(line: &str, words: usize, named: usize) -> Option<&'static str> {
    const HELLO: &[&str] = &[
        "hi",
        "hello",
        "hey",
        "hallo",
        "good morning",
        "good afternoon",
        "good evening",
        "greetings",
        "howdy",
        "thanks",
        "thank you",
        "bye",
        "goodbye",
        "yo",
        "cheers",
    ];
    const HELP: &[&str] = &[
        "help",
        "help me",
        "what can you do",
        "what can i ask",
        "who are you",
        "what are you",
        "how does this work",
        "how do you work",
        "how do i use this",
        "how can you help",
        "what can i do here",
        "what questions can i ask",
        "how are you",
    ];
    let starts = |list: &[&str]| {
        list.iter()
            .any(|start| line == *start || line.starts_with(&format!("{start} ")))
    };
    if HELP
        .iter()
        .any(|ask| line == *ask || line.starts_with(ask) && words <= ask.split(' ').count() + 3)
        && named == 0
    {
        return Some("It asks what I can do.");
    }
    (starts(HELLO) && words <= 5 && named == 0).then_some("It is a greeting.")
}

fn about_schema(
    line: &str,
    units: &[crate::builtin::linking::Unit],
) -> Option<(f32, &'static str)> {
    let has = |part: &str| format!(" {line} ").contains(&format!(" {part} "));
    let schema_word = [
        "tables",
        "table",
        "columns",
        "column",
        "fields",
        "field",
        "schema",
        "database",
        "dataset",
        "structure",
        "datasets",
        "views",
    ]
    .iter()
    .any(|word| has(word));
    // a dataset may itself be about tables
    let own = units.iter().any(|unit| {
        unit.is(&["table", "tables", "column", "columns", "field", "fields"])
            && unit.tables.iter().any(|hit| hit.1 > 0.8)
    });
    let value = units
        .iter()
        .any(|unit| !unit.values.is_empty() && !unit.is_name());
    if own {
        return None;
    }
    const WHOLE: &[&str] = &[
        "what tables",
        "which tables",
        "list tables",
        "list the tables",
        "list all tables",
        "list all the tables",
        "show tables",
        "show the tables",
        "show me the tables",
        "show all tables",
        "show me all tables",
        "how many tables",
        "the schema",
        "describe the database",
        "describe the dataset",
        "describe this dataset",
        "what data is",
        "what data do",
        "what data are",
        "what is in this",
        "what is in the database",
        "what is in the dataset",
        "what columns",
        "which columns",
        "what fields",
        "which fields",
        "columns of",
        "columns in",
        "columns does",
        "columns are",
        "fields of",
        "fields in",
        "structure of",
        "what does this database",
        "what does this dataset",
        "what kind of data",
        "what information is",
        "what information do",
        "what can be found",
        "data dictionary",
        "primary key",
        "foreign keys",
        "how are the tables",
        "tables related",
        "tables connected",
        "what is this dataset",
        "what is this database",
        "about this dataset",
        "about this database",
        "overview of the data",
        "overview of this data",
    ];
    if WHOLE.iter().any(|part| has(part)) && !has("rows in") {
        return Some((0.95, "It asks how the data is organised."));
    }
    let table = units
        .iter()
        .any(|unit| unit.tables.first().is_some_and(|hit| hit.1 > 0.6));
    let column = units
        .iter()
        .any(|unit| unit.columns.first().is_some_and(|hit| hit.1 > 0.8));
    let about = line.starts_with("describe ")
        || line.starts_with("explain ")
        || has("what does") && has("mean")
        || has("meaning of")
        || line.starts_with("tell me about ")
        || has("definition of");
    if about && (table || column || schema_word) && !value {
        return Some((0.92, "It asks what a table or a column is."));
    }
    if has("what does") && has("contain") && (has("table") || table) && !value {
        return Some((0.9, "It asks what a table holds."));
    }
    None
}

/// Answers a question about the schema in a few lines of Markdown.
pub fn describe(question: &str, schema: &Schema, linker: &Linker) -> String {
    let words = tokens(question);
    let units = linker.units(&words);
    let line: String = words
        .iter()
        .map(|token| token.text.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    let mut tables: Vec<usize> = Vec::new();
    for unit in &units {
        if let Some((table, score)) = unit.best_table()
            && score > 0.6
            && !tables.contains(&table)
        {
            tables.push(table);
        }
    }
    let columns: Vec<_> = units
        .iter()
        .filter_map(|unit| {
            unit.columns
                .first()
                .filter(|hit| hit.1 > 0.8)
                .map(|hit| (hit.0, unit))
        })
        .collect();
    let asks_columns = ["columns", "fields", "structure"]
        .iter()
        .any(|word| line.contains(word));
    // "what does freight mean": a column
    if let Some((id, _)) = columns
        .first()
        .filter(|_| !asks_columns && (tables.is_empty() || line.contains("mean")))
        && !line.contains("tables")
    {
        return one_column(
            schema,
            columns
                .iter()
                .map(|(id, _)| *id)
                .collect::<Vec<_>>()
                .first()
                .copied()
                .unwrap_or(*id),
        );
    }
    if line.contains("which tables") || line.contains("what tables") {
        if let Some((id, unit)) = columns.first().filter(|_| tables.is_empty()) {
            let holders: Vec<String> = unit
                .columns
                .iter()
                .filter(|hit| hit.1 > 0.8)
                .map(|hit| format!("`{}`", schema.tables[hit.0.table].name))
                .collect();
            return format!(
                "`{}` is a column of {}.",
                schema.tables[id.table].columns[id.column].name,
                list(&holders)
            );
        }
    }
    match tables.as_slice() {
        [] => overview(schema),
        some => some
            .iter()
            .take(3)
            .map(|&table| one_table(schema, linker, table))
            .collect::<Vec<_>>()
            .join("\n\n"),
    }
}

fn overview(schema: &Schema) -> String {
    if schema.tables.is_empty() {
        return "This dataset has no tables yet.".into();
    }
    let mut text = format!(
        "This dataset has {} {}:\n",
        schema.tables.len(),
        if schema.tables.len() == 1 {
            "table"
        } else {
            "tables"
        }
    );
    for table in schema.tables.iter().take(MAX_TABLES) {
        text.push_str(&format!("\n- **{}**", table.name));
        if let Some(rows) = table.row_estimate {
            text.push_str(&format!(" ({} rows)", thousands(&rows.to_string())));
        }
        match &table.description {
            Some(description) => text.push_str(&format!(": {}", first_sentence(description))),
            None => {
                let names: Vec<String> = table
                    .columns
                    .iter()
                    .take(6)
                    .map(|column| column.name.clone())
                    .collect();
                let more = if table.columns.len() > 6 { ", …" } else { "" };
                text.push_str(&format!(": {}{more}", names.join(", ")));
            }
        }
    }
    if schema.tables.len() > MAX_TABLES {
        text.push_str(&format!(
            "\n- … and {} more",
            schema.tables.len() - MAX_TABLES
        ));
    }
    text
}

fn one_table(schema: &Schema, linker: &Linker, at: usize) -> String {
    let table = &schema.tables[at];
    let mut text = format!("**{}**", table.name);
    if let Some(rows) = table.row_estimate {
        text.push_str(&format!(
            " has {} rows and {} columns.",
            thousands(&rows.to_string()),
            table.columns.len()
        ));
    } else {
        text.push_str(&format!(" has {} columns.", table.columns.len()));
    }
    if let Some(description) = &table.description {
        text.push_str(&format!(" {}", first_sentence(description)));
    }
    text.push('\n');
    for column in table.columns.iter().take(MAX_COLUMNS) {
        text.push_str(&format!("\n- `{}`", column.name));
        if !column.data_type.is_empty() {
            text.push_str(&format!(" ({})", column.data_type));
        }
        let mut facts = Vec::new();
        if table.primary_key.contains(&column.name) {
            facts.push("primary key".to_owned());
        }
        facts.extend(points_to(table, &column.name));
        if let Some(description) = &column.description {
            facts.push(first_sentence(description));
        } else if column.values_complete && !column.values.is_empty() && column.values.len() <= 6 {
            facts.push(format!("one of {}", column.values.join(", ")));
        } else if let Some((low, high)) = &column.range {
            facts.push(format!("{low} to {high}"));
        }
        if !facts.is_empty() {
            text.push_str(&format!(": {}", facts.join("; ")));
        }
    }
    if table.columns.len() > MAX_COLUMNS {
        text.push_str(&format!(
            "\n- … and {} more",
            table.columns.len() - MAX_COLUMNS
        ));
    }
    let children: Vec<String> = linker
        .graph
        .edges_at(at)
        .filter(|edge| {
            edge.parent == at
                && edge.child != at
                && edge.origin == crate::builtin::joins::Origin::Declared
        })
        .map(|edge| format!("`{}`", schema.tables[edge.child].name))
        .collect();
    if !children.is_empty() {
        text.push_str(&format!("\n\nRows of {} refer to it.", list(&children)));
    }
    text
}

fn one_column(schema: &Schema, id: crate::builtin::catalogue::ColumnId) -> String {
    let table = &schema.tables[id.table];
    let column = &table.columns[id.column];
    let mut text = format!("`{}` is a column of **{}**", column.name, table.name);
    if !column.data_type.is_empty() {
        text.push_str(&format!(" ({})", column.data_type));
    }
    text.push('.');
    if let Some(description) = &column.description {
        text.push_str(&format!(" {description}"));
    }
    if let Some(target) = points_to(table, &column.name) {
        text.push_str(&format!(" It {}.", target));
    }
    if !column.values.is_empty() {
        let some: Vec<String> = column
            .values
            .iter()
            .filter(|value| !value.is_empty())
            .take(5)
            .cloned()
            .collect();
        text.push_str(&format!(
            " {} {}.",
            if column.values_complete && column.values.len() <= 5 {
                "Its values are"
            } else {
                "Frequent values are"
            },
            list(&some)
        ));
    }
    if let Some((low, high)) = &column.range {
        text.push_str(&format!(" It runs from {low} to {high}."));
    }
    text
}

fn points_to(table: &Table, column: &str) -> Option<String> {
    table
        .foreign_keys
        .iter()
        .find(|foreign| foreign.columns.iter().any(|own| own == column))
        .map(|foreign| format!("refers to `{}`", foreign.ref_table))
}

fn first_sentence(text: &str) -> String {
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    text[..end].trim().to_owned()
}

/// A greeting that says what this dataset is about and what can be asked.
pub fn greet(question: &str, schema: &Schema, suggestions: &[String]) -> String {
    let lower = question.to_lowercase();
    if lower.contains("thank") || lower.contains("cheers") {
        return "You are welcome. Ask on whenever you like.".into();
    }
    if lower.contains("bye") {
        return "Goodbye. The conversation is kept.".into();
    }
    let names: Vec<String> = schema
        .tables
        .iter()
        .filter(|table| !table.is_view)
        .take(5)
        .map(|table| plural(&readable(&table.name)))
        .collect();
    let about = match names.len() {
        0 => "This dataset has no tables yet.".to_owned(),
        _ => format!(
            "This dataset knows about {}{}.",
            list(&names),
            if schema.tables.len() > names.len() {
                " and more"
            } else {
                ""
            }
        ),
    };
    let mut text = format!(
        "Hello. Ask a question in plain words and I turn it into a query and its answer. {about}"
    );
    if !suggestions.is_empty() {
        text.push_str("\n\nFor example:\n");
        for suggestion in suggestions {
            text.push_str(&format!("\n- {suggestion}"));
        }
    }
    text
}

pub fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// `1297` as `1,297`; only whole numbers of five and more digits, or four with a separator in prose.
pub fn thousands(digits: &str) -> String {
    let (sign, rest) = digits
        .strip_prefix('-')
        .map_or(("", digits), |rest| ("-", rest));
    let (whole, fraction) = rest
        .split_once('.')
        .map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    match fraction {
        Some(fraction) => format!("{sign}{out}.{fraction}"),
        None => format!("{sign}{out}"),
    }
}
