//! How many rows a plan looks at.
//!
//! EXPLAIN says how many rows a node gives, after its filter. Looking at them costs all the same, so a sequential scan
//! counts with its whole table, a node below a nested loop as often as it is repeated, and what streams into a
//! LIMIT (or into us, who show only so many) as far as it is read.

use crate::target::SHOWN_ROWS;
use serde_json::Value;
use sqlx::postgres::PgConnection;
use std::collections::HashMap;

/// Table sizes by schema and name.
type Sizes = HashMap<(String, String), f64>;

pub(super) async fn rows_read(
    connection: &mut PgConnection,
    top: &Value,
) -> Result<f64, sqlx::Error> {
    let mut scanned = Vec::new();
    scans(top, &mut scanned);
    let (schemas, names): (Vec<String>, Vec<String>) = scanned.into_iter().unzip();
    let sizes: Sizes = if names.is_empty() {
        Sizes::new()
    } else {
        sqlx::query_as::<_, (String, String, f64)>(
            "select distinct n.nspname::text, c.relname::text, greatest(c.reltuples, 0)::float8
               from unnest($1::text[], $2::text[]) as wanted (schema, name)
               join pg_catalog.pg_namespace n on n.nspname = wanted.schema
               join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = wanted.name",
        )
        .bind(schemas)
        .bind(names)
        .persistent(false)
        .fetch_all(connection)
        .await?
        .into_iter()
        .map(|(schema, name, rows)| ((schema, name), rows))
        .collect()
    };
    let shown = top["Plan Rows"].as_f64().unwrap_or(1.0).max(1.0);
    Ok(read_by(top, &sizes, 1.0, (SHOWN_ROWS / shown).min(1.0)))
}

fn word<'v>(node: &'v Value, key: &str) -> &'v str {
    node[key].as_str().unwrap_or_default()
}

fn children(node: &Value) -> impl Iterator<Item = &Value> {
    node["Plans"].as_array().into_iter().flatten()
}

/// Tables that are read from end to end.
fn scans(node: &Value, found: &mut Vec<(String, String)>) {
    if matches!(word(node, "Node Type"), "Seq Scan" | "Sample Scan") {
        found.push((
            word(node, "Schema").to_owned(),
            word(node, "Relation Name").to_owned(),
        ));
    }
    for child in children(node) {
        scans(child, found);
    }
}

/// `times`: how often the node runs; `share`: the part of its rows that is asked for.
fn read_by(node: &Value, sizes: &Sizes, times: f64, share: f64) -> f64 {
    let rows = node["Plan Rows"].as_f64().unwrap_or(1.0).max(1.0);
    let kind = word(node, "Node Type");
    let own = match kind {
        "Seq Scan" | "Sample Scan" => {
            let table = (
                word(node, "Schema").to_owned(),
                word(node, "Relation Name").to_owned(),
            );
            sizes.get(&table).copied().unwrap_or(rows).max(rows)
        }
        "Nested Loop" | "Hash Join" | "Merge Join" | "Function Scan" | "Recursive Union" => rows,
        _ if kind.contains("Scan") => rows,
        "Materialize" => rows,
        _ => 0.0,
    };
    let share_below = match kind {
        "Limit" => {
            let below: f64 = children(node)
                .next()
                .and_then(|child| child["Plan Rows"].as_f64())
                .unwrap_or(rows);
            (rows / below.max(1.0)).min(1.0) * share
        }
        // these give nothing before they have read all
        "Sort" | "Incremental Sort" | "Aggregate" | "Group" | "Hash" | "Materialize"
        | "Memoize" | "WindowAgg" | "Unique" | "SetOp" | "Recursive Union" | "Bitmap Heap Scan"
        | "BitmapOr" | "BitmapAnd" => 1.0,
        _ => share,
    };
    let outer = children(node)
        .next()
        .and_then(|child| child["Plan Rows"].as_f64())
        .unwrap_or(1.0)
        .max(1.0);
    let below: f64 = children(node)
        .map(|child| {
            let inner = word(child, "Parent Relationship") == "Inner";
            match kind {
                // read once and kept
                "Materialize" => read_by(child, sizes, 1.0, share_below),
                "Nested Loop" if inner => read_by(child, sizes, times * outer * share, 1.0),
                "Hash Join" if inner => read_by(child, sizes, times, 1.0),
                _ => read_by(child, sizes, times, share_below),
            }
        })
        .sum();
    own * share * times + below
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_plan_reads_what_its_scans_read_as_often_as_they_run() {
        let scan = |name: &str, rows: f64, side: &str| {
            json!({"Node Type": "Seq Scan", "Schema": "public", "Relation Name": name,
                   "Plan Rows": rows, "Parent Relationship": side})
        };
        let sizes: Sizes = [("big", 1e6), ("small", 100.0)]
            .map(|(name, rows)| (("public".to_owned(), name.to_owned()), rows))
            .into();
        let count = json!({"Node Type": "Aggregate", "Plan Rows": 1.0, "Plans": [scan("big", 10.0, "Outer")]});
        let first =
            json!({"Node Type": "Limit", "Plan Rows": 10.0, "Plans": [scan("big", 1e6, "Outer")]});
        let cross = json!({"Node Type": "Aggregate", "Plan Rows": 1.0, "Plans": [
            {"Node Type": "Nested Loop", "Plan Rows": 1e8, "Parent Relationship": "Outer", "Plans": [
                scan("big", 1e6, "Outer"),
                {"Node Type": "Materialize", "Plan Rows": 100.0, "Parent Relationship": "Inner",
                 "Plans": [scan("small", 100.0, "Outer")]}]}]});
        for (plan, least, most) in [(count, 1e6, 1e6), (first, 10.0, 10.0), (cross, 1e8, 3e8)] {
            let read = read_by(&plan, &sizes, 1.0, 1.0);
            assert!((least..=most).contains(&read), "{plan}: {read}");
        }
    }
}
