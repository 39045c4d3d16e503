//! Which drawing a result suggests, if any.

use crate::protocol::{Chart, ChartKind};
use crate::schema::ValueKind;
use crate::target::{ResultColumn, Rows};
use serde_json::Value;

/// More bars than this cannot be read.
const MAX_BARS: usize = 60;
const MAX_SERIES: usize = 4;

/// One number alone is a value; something over time a line; named amounts bars; two numbers points.
pub fn suggest(rows: &Rows) -> Option<Chart> {
    let columns = &rows.columns;
    // a chart names its columns, so two of one name cannot be told apart
    let distinct: std::collections::HashSet<&str> =
        columns.iter().map(|column| column.name.as_str()).collect();
    if distinct.len() != columns.len() || columns.is_empty() || rows.rows.is_empty() {
        return None;
    }
    let amounts: Vec<&ResultColumn> = columns
        .iter()
        .enumerate()
        .filter(|(at, column)| is_amount(*at, column, rows))
        .map(|(_, column)| column)
        .collect();
    let chart = |kind, x: &ResultColumn, y: &[&ResultColumn]| {
        Some(Chart {
            kind,
            x: x.name.clone(),
            y: y.iter()
                .take(MAX_SERIES)
                .map(|column| column.name.clone())
                .collect(),
        })
    };
    if rows.rows.len() == 1 {
        return match (columns.as_slice(), amounts.as_slice()) {
            ([only], [amount]) => chart(ChartKind::Value, only, &[amount]),
            _ => None,
        };
    }
    let label = columns
        .iter()
        .find(|column| !amounts.iter().any(|amount| amount.name == column.name));
    match (label, amounts.as_slice()) {
        (_, []) => None,
        (Some(label), amounts) if label.kind.is_temporal() || is_period(label, rows) => {
            chart(ChartKind::Line, label, amounts)
        }
        (Some(label), amounts)
            if columns.len() - amounts.len() <= 2
                && rows.rows.len() <= MAX_BARS
                && matches!(
                    label.kind,
                    ValueKind::Text | ValueKind::Boolean | ValueKind::Integer | ValueKind::Other
                ) =>
        {
            chart(ChartKind::Bar, label, amounts)
        }
        (None, [x, y]) => chart(ChartKind::Scatter, x, &[y]),
        _ => None,
    }
}

/// A number that measures something: not a key, not a year.
fn is_amount(at: usize, column: &ResultColumn, rows: &Rows) -> bool {
    let name = column.name.to_lowercase();
    let numeric = column.kind.is_number()
        || (column.kind == ValueKind::Other
            && rows
                .rows
                .iter()
                .all(|row| row[at].is_number() || row[at].is_null()));
    numeric
        && name != "id"
        && !name.ends_with("_id")
        && !column.name.ends_with("Id")
        && !column.name.ends_with("ID")
        && !PERIODS.iter().any(|period| name == *period)
}

const PERIODS: &[&str] = &[
    "year", "quarter", "month", "week", "day", "hour", "date", "weekday", "decade",
];

/// A column such as `month` whose values are `2012-03`, or `year` with numbers.
fn is_period(column: &ResultColumn, rows: &Rows) -> bool {
    let name = column.name.to_lowercase();
    if PERIODS
        .iter()
        .any(|period| name == *period || name.ends_with(&format!("_{period}")))
    {
        return true;
    }
    let Some(at) = rows
        .columns
        .iter()
        .position(|other| other.name == column.name)
    else {
        return false;
    };
    column.kind == ValueKind::Text
        && rows.rows.iter().all(|row| match &row[at] {
            Value::String(text) => {
                let digits = text.len() >= 7 && text.as_bytes()[..4].iter().all(u8::is_ascii_digit);
                digits && text.as_bytes()[4] == b'-'
            }
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rows(columns: &[(&str, ValueKind)], rows: Vec<Vec<Value>>) -> Rows {
        Rows {
            columns: columns
                .iter()
                .map(|(name, kind)| ResultColumn {
                    name: (*name).to_owned(),
                    data_type: String::new(),
                    kind: *kind,
                })
                .collect(),
            rows,
            truncated: false,
            elapsed_ms: 0,
        }
    }

    #[test]
    fn each_shape_of_result_has_its_drawing() {
        use ValueKind::*;
        let two = |a: Value, b: Value| vec![vec![a.clone(), b.clone()], vec![a, b]];
        for (result, expected) in [
            (
                rows(&[("count", Integer)], vec![vec![json!(5)]]),
                Some(ChartKind::Value),
            ),
            (
                rows(
                    &[("genre", Text), ("n", Integer)],
                    two(json!("Rock"), json!(3)),
                ),
                Some(ChartKind::Bar),
            ),
            (
                rows(
                    &[("day", Date), ("n", Integer)],
                    two(json!("2020-01-01"), json!(3)),
                ),
                Some(ChartKind::Line),
            ),
            (
                rows(
                    &[("month", Text), ("n", Integer)],
                    two(json!("2020-01"), json!(3)),
                ),
                Some(ChartKind::Line),
            ),
            (
                rows(
                    &[("year", Integer), ("n", Decimal)],
                    two(json!(2020), json!("3.5")),
                ),
                Some(ChartKind::Line),
            ),
            (
                rows(
                    &[("price", Decimal), ("weight", Float)],
                    two(json!("1"), json!(2.0)),
                ),
                Some(ChartKind::Scatter),
            ),
            (
                rows(
                    &[("customer_id", Integer), ("name", Text)],
                    two(json!(1), json!("a")),
                ),
                None,
            ),
            (
                rows(&[("name", Text)], vec![vec![json!("a")], vec![json!("b")]]),
                None,
            ),
            (
                rows(&[("n", Integer), ("n", Integer)], two(json!(1), json!(2))),
                None,
            ),
            (rows(&[("genre", Text), ("n", Integer)], vec![]), None),
        ] {
            assert_eq!(
                suggest(&result).map(|chart| chart.kind),
                expected,
                "{:?}",
                result.columns
            );
        }
    }
}
