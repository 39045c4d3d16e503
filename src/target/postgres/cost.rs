//! How many rows a plan looks at.
//!
//! EXPLAIN says how many rows a node gives, after its filter. Looking at them costs all the same, so a sequential scan
//! counts with its whole table, a node below a nested loop and a subquery of its own for each row as often as it is
//! repeated, and what streams into a LIMIT (or into us, who show only so many) as far as it is read. How often a
//! condition holds for combinations of rows, or for what was computed of them, nobody knows: where a plan has one,
//! a LIMIT saves nothing.

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
    scanned.sort_unstable();
    scanned.dedup();
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
    Ok(Work::of(top, &sizes).rows(top))
}

/// The least that one row costs the server is a part of a page, and a page costs no more than this by default; so a
/// plan's cost, divided by it, is never more than the rows it works through.
const PAGE_COST: f64 = 4.0;
/// What one more row costs that is in memory already, by default: to fetch it, and to ask a condition or two.
const ROW_COST: f64 = 0.0175;
/// What the planner takes for how often a computed value equals another.
const GUESSED_EQUAL: f64 = 0.005;

fn word<'v>(node: &'v Value, key: &str) -> &'v str {
    node[key].as_str().unwrap_or_default()
}

fn children(node: &Value) -> impl Iterator<Item = &Value> {
    node["Plans"].as_array().into_iter().flatten()
}

fn rows_of(node: &Value) -> f64 {
    node["Plan Rows"].as_f64().unwrap_or(1.0).max(1.0)
}

fn cost_of(node: &Value) -> f64 {
    node["Total Cost"].as_f64().unwrap_or_default()
}

/// Whether each row of the parent has this run again.
fn is_subplan(node: &Value) -> bool {
    word(node, "Parent Relationship") == "SubPlan"
}

/// A scan that no index leads.
fn reads_all(node: &Value) -> bool {
    match word(node, "Node Type") {
        "Seq Scan" | "Sample Scan" => true,
        "Index Scan" | "Index Only Scan" => node.get("Index Cond").is_none(),
        _ => false,
    }
}

/// Tables that are read.
fn scans(node: &Value, found: &mut Vec<(String, String)>) {
    if !word(node, "Relation Name").is_empty() {
        found.push(table(node));
    }
    for child in children(node) {
        scans(child, found);
    }
}

fn table(node: &Value) -> (String, String) {
    (
        word(node, "Schema").to_owned(),
        word(node, "Relation Name").to_owned(),
    )
}

/// How many equalities `condition` has of which a side is computed: `((a.x + b.x) = 1)`.
fn guesses(condition: &str) -> usize {
    condition.matches(") = ").count() + condition.matches(" = (").count()
}

/// Rows that an index leads to, before a filter leaves `rows` of them: what was guessed of the filter, as far as the
/// node's cost bears it out.
fn before_filter(node: &Value, rows: f64, size: f64) -> f64 {
    let guessed = i32::try_from(guesses(word(node, "Filter"))).unwrap_or(i32::MAX);
    let paid = (cost_of(node) - node["Startup Cost"].as_f64().unwrap_or_default()) / ROW_COST;
    (rows / GUESSED_EQUAL.powi(guessed))
        .min(paid)
        .min(size)
        .max(rows)
}

/// Pairs that a hash or an order brings together, before a filter leaves `rows` of them: what the join itself costs.
fn before_join_filter(node: &Value, rows: f64, pairs: f64) -> f64 {
    if node.get("Join Filter").is_none() {
        return rows;
    }
    let inputs: f64 = children(node).map(cost_of).sum();
    ((cost_of(node) - inputs) / ROW_COST).min(pairs).max(rows)
}

/// The part of its outer rows for which a nested loop runs what stands below its Memoize.
fn misses(nested_loop: &Value, memoize: &Value, outer: f64) -> f64 {
    let others: f64 = children(nested_loop)
        .filter(|child| !std::ptr::eq(*child, memoize))
        .map(cost_of)
        .sum();
    let each = (cost_of(nested_loop) - others) / outer.max(1.0);
    (each / cost_of(memoize).max(ROW_COST)).clamp(1.0 / outer.max(1.0), 1.0)
}

/// Somewhere in the plan rows are kept by a condition that no statistics speak of.
fn is_guessed(node: &Value) -> bool {
    guesses(word(node, "Filter")) + guesses(word(node, "Join Filter")) > 0
        || word(node, "Node Type") == "Nested Loop" && node.get("Join Filter").is_some()
        || word(node, "Filter").contains("SubPlan")
        || children(node).any(is_guessed)
}

/// CTEs by name, and what each gives.
fn ctes(node: &Value, found: &mut HashMap<String, f64>) {
    if let Some(name) = word(node, "Subplan Name").strip_prefix("CTE ") {
        found.insert(name.to_owned(), rows_of(node));
    }
    for child in children(node) {
        ctes(child, found);
    }
}

/// How a node is run.
#[derive(Clone, Copy)]
struct Run {
    times: f64,
    /// The part of its rows that is asked for.
    share: f64,
    /// Processes that each do a part of it.
    workers: f64,
}

struct Work<'p> {
    sizes: &'p Sizes,
    ctes: HashMap<String, f64>,
    guessed: bool,
}

impl<'p> Work<'p> {
    fn of(top: &Value, sizes: &'p Sizes) -> Self {
        let mut named = HashMap::new();
        ctes(top, &mut named);
        Self {
            sizes,
            ctes: named,
            guessed: is_guessed(top),
        }
    }

    /// Of the whole plan.
    fn rows(&self, top: &Value) -> f64 {
        let share = if self.guessed {
            1.0
        } else {
            (SHOWN_ROWS / rows_of(top)).min(1.0)
        };
        let run = Run {
            times: 1.0,
            share,
            workers: 1.0,
        };
        let startup = top["Startup Cost"].as_f64().unwrap_or_default();
        let cost = startup + (cost_of(top) - startup).max(0.0) * share;
        self.by(top, run).max(cost / PAGE_COST)
    }

    fn by(&self, node: &Value, run: Run) -> f64 {
        let rows = rows_of(node);
        let kind = word(node, "Node Type");
        let size = || {
            let size = self.sizes.get(&table(node)).copied().unwrap_or(rows);
            let workers = if node["Parallel Aware"] == Value::Bool(true) {
                run.workers
            } else {
                1.0
            };
            (size / workers).max(rows)
        };
        let inputs: Vec<f64> = children(node)
            .filter(|child| matches!(word(child, "Parent Relationship"), "Outer" | "Inner"))
            .map(rows_of)
            .collect();
        let pairs: f64 = inputs.iter().product();
        let own = match kind {
            _ if reads_all(node) => size(),
            "Index Scan" | "Index Only Scan" | "Bitmap Heap Scan" => {
                before_filter(node, rows, size())
            }
            "Hash Join" | "Merge Join" => before_join_filter(node, rows, pairs),
            "CTE Scan" => {
                let whole = self.ctes.get(word(node, "CTE Name")).copied();
                whole.unwrap_or(rows).max(rows)
            }
            "Nested Loop" | "Function Scan" | "Recursive Union" | "Materialize" => rows,
            _ if kind.contains("Scan") => rows,
            _ => 0.0,
        };
        let below = Run {
            share: match kind {
                "Limit" if !self.guessed => {
                    let below = inputs.first().copied().unwrap_or(rows);
                    (rows / below).min(1.0) * run.share
                }
                // these give nothing before they have read all
                "Sort" | "Incremental Sort" | "Aggregate" | "Group" | "Hash" | "Materialize"
                | "Memoize" | "WindowAgg" | "Unique" | "SetOp" | "Recursive Union"
                | "Bitmap Heap Scan" | "BitmapOr" | "BitmapAnd" => 1.0,
                _ => run.share,
            },
            ..run
        };
        let outer = inputs.first().copied().unwrap_or(1.0);
        let planned = node["Workers Planned"].as_f64().unwrap_or(0.0);
        // a leader with few workers works too, as the planner has it
        let workers = (planned + (1.0 - 0.3 * planned).max(0.0)).max(1.0);
        let children: f64 = children(node)
            .map(|child| {
                let inner = word(child, "Parent Relationship") == "Inner";
                let once = Run {
                    times: 1.0,
                    ..below
                };
                let run = match kind {
                    _ if is_subplan(child) => Run {
                        times: self.repeats(node, child, own.max(outer), run),
                        share: 1.0,
                        workers: 1.0,
                    },
                    _ if word(child, "Parent Relationship") == "InitPlan" => Run {
                        share: 1.0,
                        workers: 1.0,
                        ..once
                    },
                    // read once and kept
                    "Materialize" => once,
                    "Gather" | "Gather Merge" => Run {
                        times: run.times * workers,
                        workers,
                        ..below
                    },
                    "Nested Loop" if inner => {
                        let part = match word(child, "Node Type") {
                            "Memoize" => misses(node, child, outer),
                            _ => 1.0,
                        };
                        Run {
                            times: run.times * outer * run.share * part,
                            share: 1.0,
                            ..run
                        }
                    }
                    "Hash Join" if inner => Run { share: 1.0, ..run },
                    _ => below,
                };
                self.by(child, run)
            })
            .sum();
        own * run.share * run.times + children
    }

    /// How often a subplan runs: for each row that its parent looks at, or gives; hashed, once.
    fn repeats(&self, node: &Value, subplan: &Value, looked_at: f64, run: Run) -> f64 {
        let name = word(subplan, "Subplan Name");
        let hashed = format!("hashed {name}");
        let filters = [
            "Filter",
            "Join Filter",
            "Index Cond",
            "Hash Cond",
            "One-Time Filter",
        ];
        let read: Vec<&str> = filters.iter().map(|key| word(node, key)).collect();
        let given = node["Output"].as_array().into_iter().flatten();
        let mut said = read.iter().copied().chain(given.filter_map(Value::as_str));
        if said.any(|text| names(text, &hashed)) {
            return 1.0;
        }
        let rows = if read.iter().any(|text| names(text, name)) {
            looked_at
        } else {
            rows_of(node)
        };
        (rows * run.share * run.times).max(1.0)
    }
}

/// Whether `name` stands in `text` as a whole: `SubPlan 1` is not in `(SubPlan 10)`.
fn names(text: &str, name: &str) -> bool {
    let part_of_it = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        !text[..at].ends_with(part_of_it) && !text[at + name.len()..].starts_with(part_of_it)
    })
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
        // what the two give is cut short, what they are asked about is not: nobody knows how often it holds
        let asked = json!({"Node Type": "Limit", "Plan Rows": 10.0, "Plans": [
            {"Node Type": "Nested Loop", "Plan Rows": 5e5, "Parent Relationship": "Outer",
             "Join Filter": "((big.x + small.x) = '-1'::integer)", "Plans": [
                scan("big", 1e6, "Outer"),
                {"Node Type": "Materialize", "Plan Rows": 100.0, "Parent Relationship": "Inner",
                 "Plans": [scan("small", 100.0, "Outer")]}]}]});
        let subplan = |filter: &str| {
            json!({"Node Type": "Seq Scan", "Schema": "public", "Relation Name": "small",
            "Plan Rows": 1.0, "Filter": filter, "Plans": [
                {"Node Type": "Seq Scan", "Schema": "public", "Relation Name": "big", "Plan Rows": 5e3,
                 "Parent Relationship": "SubPlan", "Subplan Name": "SubPlan 1"}]})
        };
        let paired = json!({"Node Type": "Aggregate", "Plan Rows": 1.0, "Total Cost": 1_506_648.0, "Plans": [
            {"Node Type": "Hash Join", "Plan Rows": 4e5, "Total Cost": 1_505_648.0, "Parent Relationship": "Outer",
             "Hash Cond": "(big.country = small.country)", "Join Filter": "((big.x + small.x) = '-1'::integer)",
             "Plans": [scan("big", 1e6, "Outer"), scan("small", 100.0, "Inner")]}]});
        for (plan, least, most) in [
            (count, 1e6, 1e6),
            (first, 10.0, 10.0),
            (cross, 1e8, 3e8),
            (asked, 1e8, 3e8),
            (subplan("((SubPlan 1) = 0)"), 1e8, 1.1e8),
            (subplan("(NOT (hashed SubPlan 1))"), 1e6, 1.1e6),
            (
                subplan("(((SubPlan 1) = 0) AND (NOT (hashed SubPlan 10)))"),
                1e8,
                1.1e8,
            ),
            // asked about in what it gives: for its one row
            (subplan("((SubPlan 10) = 0)"), 1e6, 1.1e6),
            (
                subplan("(ANY (small.x = (hashed SubPlan 1).col1))"),
                1e6,
                1.1e6,
            ),
            (paired, 7e7, 1e8),
        ] {
            let read = Work::of(&plan, &sizes).rows(&plan);
            assert!((least..=most).contains(&read), "{plan}: {read}");
        }
    }
}
