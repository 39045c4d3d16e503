//! A result in words. Every number said is in the rows, or counts them.

use crate::builtin::conversation::{list, thousands};
use crate::builtin::tokens::identifier_words;
use crate::schema::ValueKind;
use crate::target::ResultColumn;
use serde_json::Value;

/// Names that a top list mentions before it stops.
const MENTIONED: usize = 3;

/// Columns of a result that is told as a series though it is not grouped.
const WIDEST_SERIES: usize = 4;

/// A short answer to `question` from its rows.
pub fn narrate(
    question: &str,
    sql: &str,
    columns: &[ResultColumn],
    rows: &[Vec<Value>],
    truncated: bool,
) -> String {
    let Some(first) = rows.first() else {
        return nothing(sql);
    };
    if rows.len() == 1 && columns.len() == 1 {
        return one_value(question, &columns[0], &first[0]);
    }
    if rows.len() == 1 {
        let parts: Vec<String> = columns
            .iter()
            .zip(first)
            .take(8)
            .filter(|(_, value)| !value.is_null())
            .map(|(column, value)| format!("{} {}", heading(&column.name), said(value, column)))
            .collect();
        if parts.is_empty() {
            return "There is one row, and all its values are empty.".into();
        }
        return format!("One row: {}.", list(&parts));
    }
    let count = if truncated {
        format!("More than {}", thousands(&rows.len().to_string()))
    } else {
        thousands(&rows.len().to_string())
    };
    if let Some(told) = ranking(sql, columns, rows) {
        return format!(
            "{told} {}",
            if rows.len() > MENTIONED {
                format!("{count} rows in all.")
            } else {
                String::new()
            }
        )
        .trim()
        .to_owned();
    }
    let names: Vec<String> = rows
        .iter()
        .filter_map(|row| label(columns, row))
        .take(MENTIONED)
        .collect();
    match names.is_empty() {
        true => format!("{count} rows."),
        false => {
            let more = if rows.len() > names.len() || truncated {
                ", …"
            } else {
                ""
            };
            format!("{count} rows: {}{more}", names.join(", "))
                .trim_end_matches(',')
                .to_owned()
                + if more.is_empty() { "." } else { "" }
        }
    }
}

fn one_value(question: &str, column: &ResultColumn, value: &Value) -> String {
    let name = heading(&column.name);
    if value.is_null() {
        return "There is no value: no row has one under these conditions.".into();
    }
    let text = said(value, column);
    let asked = question.trim().to_lowercase();
    let counts = name == "count" || name.ends_with(" count") || name.starts_with("count ");
    if counts {
        let noun = name
            .strip_suffix(" count")
            .or_else(|| name.strip_prefix("count "))
            .unwrap_or_default();
        let noun = if noun.is_empty() {
            "The count".to_owned()
        } else {
            format!("The number of {}", crate::builtin::planning::plural(noun))
        };
        return format!("{noun} is {text}.");
    }
    if name == "percent" {
        return format!("It is {text} percent.");
    }
    if column.kind == ValueKind::Text && (asked.starts_with("who") || asked.starts_with("which")) {
        return format!("{text}.");
    }
    format!("The {name} is {text}.")
}

fn nothing(sql: &str) -> String {
    let conditions = conditions(sql);
    match conditions.as_slice() {
        [] => "There are no rows.".into(),
        [one] => format!("No rows match. The condition {one} leaves nothing."),
        many => format!(
            "No rows match. One of the conditions may be too narrow: {}.",
            list(many)
        ),
    }
}

/// Conditions of the outer WHERE, as they are written; at most four.
fn conditions(sql: &str) -> Vec<String> {
    use sqlparser::ast::{BinaryOperator, Expr, SetExpr, Statement};
    fn split(expr: &Expr, out: &mut Vec<String>) {
        match expr {
            Expr::BinaryOp {
                left,
                op: BinaryOperator::And,
                right,
            } => {
                split(left, out);
                split(right, out);
            }
            other if out.len() < 4 => out.push(format!("`{other}`")),
            _ => {}
        }
    }
    if sql.len() > 20_000 {
        return Vec::new();
    }
    let parsed = sqlparser::parser::Parser::new(&sqlparser::dialect::GenericDialect {})
        .with_recursion_limit(60)
        .try_with_sql(sql)
        .and_then(|mut parser| parser.parse_statements());
    let mut out = Vec::new();
    if let Ok(statements) = parsed
        && let Some(Statement::Query(query)) = statements.first()
        && let SetExpr::Select(select) = query.body.as_ref()
    {
        if let Some(selection) = &select.selection {
            split(selection, &mut out);
        }
        if let Some(having) = &select.having {
            split(having, &mut out);
        }
    }
    out
}

/// "Rock leads with 1,297; Latin has 579 and Metal 374."
fn ranking(sql: &str, columns: &[ResultColumn], rows: &[Vec<Value>]) -> Option<String> {
    let measure = (0..columns.len()).rev().find(|&at| {
        columns[at].kind.is_number()
            && !is_key(&columns[at].name)
            && !is_time(&columns[at].name)
            && rows
                .iter()
                .all(|row| number(&row[at]).is_some() || row[at].is_null())
    })?;
    let names: Vec<usize> = (0..columns.len())
        .filter(|&at| at != measure && !is_key(&columns[at].name))
        .collect();
    let names = if names.is_empty() {
        (0..columns.len()).filter(|&at| at != measure).collect()
    } else {
        names
    };
    if names.is_empty() {
        return None;
    }
    let series: Vec<f64> = rows
        .iter()
        .filter_map(|row| number(&row[measure]))
        .collect();
    if series.len() < 2 || series.len() != rows.len() {
        return None;
    }
    let falls = series.windows(2).all(|pair| pair[0] >= pair[1]);
    let rises = series.windows(2).all(|pair| pair[0] <= pair[1]);
    let amount = |row: &Vec<Value>| said(&row[measure], &columns[measure]);
    let name = |row: &Vec<Value>| -> String {
        let parts: Vec<String> = names
            .iter()
            .take(2)
            .filter(|&&at| {
                !row[at].is_null() && (!columns[at].kind.is_number() || names.len() == 1)
            })
            .map(|&at| said(&row[at], &columns[at]))
            .collect();
        if parts.is_empty() {
            "(none)".into()
        } else {
            parts.join(" ")
        }
    };
    let written = sql.to_ascii_lowercase();
    let ordered = written.contains("order by");
    if written.contains("partition by") {
        let firsts: Vec<String> = rows
            .iter()
            .take(MENTIONED)
            .map(|row| format!("{} with {}", name(row), amount(row)))
            .collect();
        return Some(format!("Best within each group: {}.", list(&firsts)));
    }
    // wide rows that nobody ranked are a list, not a series
    if columns.len() > WIDEST_SERIES && !ordered && !written.contains("group by") {
        return None;
    }
    let time = names
        .iter()
        .any(|&at| is_time(&columns[at].name) || columns[at].kind.is_temporal());
    let what = heading(&columns[measure].name);
    if time {
        let high = (0..rows.len()).max_by(|a, b| series[*a].total_cmp(&series[*b]))?;
        let low = (0..rows.len()).min_by(|a, b| series[*a].total_cmp(&series[*b]))?;
        if series[high] == series[low] {
            return Some(format!("The {what} stays at {}.", amount(&rows[high])));
        }
        return Some(format!(
            "The {what} is highest in {} with {} and lowest in {} with {}.",
            name(&rows[high]),
            amount(&rows[high]),
            name(&rows[low]),
            amount(&rows[low])
        ));
    }
    if falls && ordered || falls && !rises {
        let rest: Vec<String> = rows
            .iter()
            .skip(1)
            .take(MENTIONED - 1)
            .map(|row| format!("{} {}", name(row), amount(row)))
            .collect();
        if series[0] == series[1] {
            return Some(format!(
                "{} and {} lead with {} each.",
                name(&rows[0]),
                name(&rows[1]),
                amount(&rows[0])
            ));
        }
        return Some(format!(
            "{} leads with {}; then {}.",
            name(&rows[0]),
            amount(&rows[0]),
            list(&rest)
        ));
    }
    if rises && ordered {
        let rest: Vec<String> = rows
            .iter()
            .skip(1)
            .take(MENTIONED - 1)
            .map(|row| format!("{} {}", name(row), amount(row)))
            .collect();
        return Some(format!(
            "{} has the lowest {what}, {}; then {}.",
            name(&rows[0]),
            amount(&rows[0]),
            list(&rest)
        ));
    }
    let high = (0..rows.len()).max_by(|a, b| series[*a].total_cmp(&series[*b]))?;
    Some(format!(
        "The highest {what} is {} for {}.",
        amount(&rows[high]),
        name(&rows[high])
    ))
}

fn label(columns: &[ResultColumn], row: &[Value]) -> Option<String> {
    let named = |at: &usize| columns[*at].kind == ValueKind::Text && !row[*at].is_null();
    let first_last: Vec<usize> = (0..columns.len())
        .filter(|at| {
            named(at) && ["first name", "last name"].contains(&heading(&columns[*at].name).as_str())
        })
        .collect();
    if first_last.len() == 2 {
        return Some(format!(
            "{} {}",
            said(&row[first_last[0]], &columns[first_last[0]]),
            said(&row[first_last[1]], &columns[first_last[1]])
        ));
    }
    let by_name = (0..columns.len()).find(|at| {
        named(at)
            && ["name", "title"]
                .iter()
                .any(|word| heading(&columns[*at].name).ends_with(word))
    });
    let at = by_name
        .or_else(|| (0..columns.len()).find(named))
        .or_else(|| (0..columns.len()).find(|at| !row[*at].is_null()))?;
    Some(said(&row[at], &columns[at]))
}

fn is_key(name: &str) -> bool {
    identifier_words(name)
        .last()
        .is_some_and(|word| ["id", "key", "uuid", "code"].contains(&word.as_str()))
}

fn is_time(name: &str) -> bool {
    identifier_words(name).iter().any(|word| {
        [
            "year", "month", "quarter", "week", "day", "date", "hour", "weekday",
        ]
        .contains(&word.as_str())
    })
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn heading(name: &str) -> String {
    let words = identifier_words(name).join(" ");
    if words.is_empty() {
        name.to_owned()
    } else {
        words
    }
}

/// A value as people write it: digits grouped, fractions at two places, no empty time of day.
fn said(value: &Value, column: &ResultColumn) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.into(),
        Value::Number(_) | Value::String(_)
            if column.kind.is_number() && !is_time(&column.name) && !is_key(&column.name) =>
        {
            match value {
                Value::Number(number) if number.is_f64() => {
                    fraction(number.as_f64().unwrap_or_default())
                }
                Value::Number(number) => thousands(&number.to_string()),
                Value::String(text) => match text.split_once('.') {
                    Some((_, digits)) if digits.len() > 2 => {
                        text.parse().map_or_else(|_| text.clone(), fraction)
                    }
                    _ if text
                        .bytes()
                        .all(|b| b.is_ascii_digit() || b == b'.' || b == b'-') =>
                    {
                        thousands(text)
                    }
                    _ => text.clone(),
                },
                _ => String::new(),
            }
        }
        Value::String(text) => {
            let day = text
                .strip_suffix(" 00:00:00")
                .or_else(|| text.strip_suffix("T00:00:00"))
                .unwrap_or(text);
            let day = day.strip_suffix("T00:00:00Z").unwrap_or(day);
            shortened(day)
        }
        other => other.to_string(),
    }
}

fn fraction(number: f64) -> String {
    let small = number != 0.0 && number.abs() < 0.01;
    let text = if small {
        format!("{number:.4}")
    } else {
        format!("{number:.2}")
    };
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    };
    thousands(&text)
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let cut: String = text.chars().take(LONGEST - 1).collect();
    format!("{cut}…")
}
