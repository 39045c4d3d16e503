//! How many rows a plan looks at, from EXPLAIN (FORMAT JSON) and the schema's estimates.
//!
//! DuckDB says how many rows a step gives, after its filter. Its joins by hash or by order read each side once; what
//! tries each row with each counts as it does.

use serde_json::Value;
use std::fmt::Write;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Work {
    /// Rows looked at.
    pub rows: f64,
    /// Some step tries each row of one side with each of the other.
    pub nested: bool,
    /// Rows that the topmost step gives.
    pub given: Option<f64>,
    /// A line for each step.
    pub text: String,
}

/// `size`: about how many rows there are of a table so called. None where the plan has another form.
pub(super) fn of(plan: &str, size: &dyn Fn(&str) -> Option<f64>) -> Option<Work> {
    let plan: Value = serde_json::from_str(plan).ok()?;
    let top = plan.as_array()?.first()?;
    top.get("name")?;
    let mut work = Work {
        given: estimated(top),
        ..Work::default()
    };
    work.step(top, 0, size);
    Some(work)
}

fn children(step: &Value) -> impl Iterator<Item = &Value> {
    step["children"].as_array().into_iter().flatten()
}

fn estimated(step: &Value) -> Option<f64> {
    let estimate = &step["extra_info"]["Estimated Cardinality"];
    estimate
        .as_f64()
        .or_else(|| estimate.as_str()?.trim().parse().ok())
}

impl Work {
    /// Rows that `step` gives.
    fn step(&mut self, step: &Value, depth: usize, size: &dyn Fn(&str) -> Option<f64>) -> f64 {
        let name = step["name"].as_str().unwrap_or_default().trim();
        let info = &step["extra_info"];
        let table = info["Table"].as_str().unwrap_or_default();
        let _ = write!(self.text, "{:indent$}{name}", "", indent = depth * 2);
        if !table.is_empty() {
            let _ = write!(self.text, " on {table}");
        }
        if let Some(rows) = estimated(step) {
            let _ = write!(self.text, " (rows {rows})");
        }
        self.text.push('\n');

        let below: Vec<f64> = children(step)
            .map(|child| self.step(child, depth + 1, size))
            .collect();
        let most = below.iter().copied().fold(0.0, f64::max);
        let pairs: f64 = below.iter().product();
        match name {
            "CROSS_PRODUCT" | "NESTED_LOOP_JOIN" | "BLOCKWISE_NL_JOIN" => {
                self.rows += pairs;
                self.nested |= below.iter().filter(|rows| **rows > 1.0).count() > 1;
                if name == "CROSS_PRODUCT" {
                    return pairs;
                }
                estimated(step).unwrap_or(most)
            }
            _ if name.contains("JOIN") => {
                let rows = estimated(step).unwrap_or(most);
                self.rows += rows;
                rows
            }
            _ if name.contains("SCAN") && below.is_empty() => {
                let rows = estimated(step).unwrap_or(1.0);
                let last = table.rsplit('.').next().unwrap_or(table);
                let whole = size(last.trim_matches('"')).unwrap_or(rows);
                self.rows += whole.max(rows);
                rows
            }
            _ => estimated(step).unwrap_or(most),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_with_each_counts_as_often_as_it_is_tried() {
        let scan = |table: &str, rows: &str| {
            json!({"name": "SEQ_SCAN", "children": [], "extra_info": {"Table": format!("shop.main.{table}"),
                   "Estimated Cardinality": rows}})
        };
        let size = |name: &str| (name == "big").then_some(1e6);
        let join = |kind: &str, rows: &str| {
            json!({"name": kind, "extra_info": {"Estimated Cardinality": rows},
            "children": [scan("big", "200000"), scan("small", "100")]})
        };
        for (plan, rows, nested) in [
            (scan("big", "10"), 1e6, false),
            (join("HASH_JOIN", "1000"), 1_001_100.0, false),
            (join("IE_JOIN", "1000"), 1_001_100.0, false),
            (join("NESTED_LOOP_JOIN", "1000"), 21_000_100.0, true),
            (join("BLOCKWISE_NL_JOIN", "1000"), 21_000_100.0, true),
            (
                json!({"name": "CROSS_PRODUCT", "extra_info": {},
                    "children": [join("CROSS_PRODUCT", "7"), scan("other", "10")]}),
                221_000_110.0,
                true,
            ),
            (
                json!({"name": "UNGROUPED_AGGREGATE", "children": [{"name": "EMPTY_RESULT", "children": []}]}),
                0.0,
                false,
            ),
        ] {
            let work = of(&json!([plan]).to_string(), &size).expect("a plan");
            assert!((work.rows - rows).abs() < 0.5, "{plan}: {work:?}");
            assert_eq!(work.nested, nested, "{plan}: {work:?}");
        }
        assert_eq!(of("┌───┐", &size), None);
    }
}
