//! How many rows a plan looks at, from EXPLAIN FORMAT=JSON.
//!
//! MariaDB and MySQL name things differently and nest them alike: a `query_block` holds a `nested_loop` of tables, each
//! read once for every row of those before it; what is sorted, grouped, materialized or united wraps such blocks. A
//! subquery that depends on its outer row is read for each of those that its condition is asked about. What is joined
//! by a hash is read once.

use serde_json::{Map, Value};
use std::fmt::Write;

/// What one plan tells.
#[derive(Debug, Default)]
pub(super) struct Cost {
    pub rows_read: f64,
    /// Rows that the outermost joins give, before grouping and LIMIT.
    pub rows: f64,
    /// The engine's own figure, where it has one.
    pub cost: Option<f64>,
    /// Tables that are read.
    pub tables: usize,
    /// A line for each of them.
    pub text: String,
}

/// None where the plan has another form.
///
/// `dependent`: numbers of the SELECTs that MariaDB's other EXPLAIN says are run again for each row.
pub(super) fn of(plan: &Value, dependent: &[i64]) -> Option<Cost> {
    let block = plan.get("query_block")?;
    let mut walk = Walk {
        cost: Cost {
            cost: number(&block["cost_info"]["query_cost"]).or_else(|| number(&block["cost"])),
            ..Cost::default()
        },
        dependent,
    };
    let read = walk.read(block, 1.0);
    let mut cost = walk.cost;
    cost.rows_read = read.looked_at;
    cost.rows = read.given;
    Some(cost)
}

/// Of a part of a plan.
#[derive(Clone, Copy)]
struct Read {
    looked_at: f64,
    given: f64,
    /// The most rows that any of its conditions is asked about.
    met: f64,
}

impl Read {
    fn nothing(times: f64) -> Self {
        Self {
            looked_at: 0.0,
            given: times,
            met: times,
        }
    }
}

struct Walk<'d> {
    cost: Cost,
    dependent: &'d [i64],
}

impl Walk<'_> {
    /// `times`: how often the part runs.
    fn read(&mut self, part: &Value, times: f64) -> Read {
        let mut read = Read::nothing(times);
        match part {
            Value::Array(parts) => {
                read.given = 0.0;
                for part in parts {
                    let one = self.read(part, times);
                    read.looked_at += one.looked_at;
                    read.given += one.given;
                    read.met = read.met.max(one.met);
                }
            }
            Value::Object(parts) => {
                for (name, part) in parts.iter().filter(|(name, _)| !is_subquery(name)) {
                    let one = match (name.as_str(), part) {
                        ("nested_loop", Value::Array(steps)) => self.nested_loop(steps, times),
                        ("table", Value::Object(table)) => {
                            self.table(table, times, is_hashed(parts, table))
                        }
                        // filled once
                        ("materialized" | "materialized_from_subquery", part) => {
                            read.looked_at += self.read(part, 1.0).looked_at;
                            continue;
                        }
                        (_, part @ (Value::Object(_) | Value::Array(_))) if holds_tables(name) => {
                            self.read(part, times)
                        }
                        _ => continue,
                    };
                    read.looked_at += one.looked_at;
                    read.given = one.given;
                    read.met = read.met.max(one.met);
                }
                read.looked_at += self.subqueries(parts, read.met);
            }
            _ => {}
        }
        read
    }

    /// Rows that the subqueries named in `parts` look at, where `met` rows ask for what depends on them.
    fn subqueries(&mut self, parts: &Map<String, Value>, met: f64) -> f64 {
        let mut looked_at = 0.0;
        for (_, part) in parts.iter().filter(|(name, _)| is_subquery(name)) {
            for subquery in part.as_array().into_iter().flatten() {
                let times = if self.depends(subquery) { met } else { 1.0 };
                looked_at += self.read(subquery, times).looked_at;
            }
        }
        looked_at
    }

    /// MySQL says so; MariaDB keeps a cache for it, or says so elsewhere.
    fn depends(&self, subquery: &Value) -> bool {
        let number = subquery["query_block"]["select_id"].as_i64();
        subquery["dependent"] == Value::Bool(true)
            || subquery.get("expression_cache").is_some()
            || number.is_some_and(|number| self.dependent.contains(&number))
    }

    fn nested_loop(&mut self, steps: &[Value], times: f64) -> Read {
        let mut read = Read::nothing(times);
        for step in steps {
            let one = self.read(step, read.given.max(1.0));
            read.looked_at += one.looked_at;
            read.given = one.given;
            read.met = read.met.max(one.met);
        }
        read
    }

    fn table(&mut self, table: &Map<String, Value>, times: f64, hashed: bool) -> Read {
        let field = |name: &str| table.get(name).and_then(number);
        // `select 1` has a table that is none
        let Some(rows) = field("rows").or_else(|| field("rows_examined_per_scan")) else {
            return Read::nothing(times);
        };
        let share = field("filtered").unwrap_or(100.0) / 100.0;
        self.cost.tables += 1;
        let word = |name: &str| table.get(name).and_then(Value::as_str).unwrap_or_default();
        let key = match word("key") {
            "" => String::new(),
            key => format!(" using {key}"),
        };
        let _ = writeln!(
            self.cost.text,
            "{} {}{key} (rows {rows} x {times})",
            word("table_name"),
            word("access_type"),
        );
        let mut read = if hashed {
            let pairs = times.max(rows);
            Read {
                looked_at: rows + pairs,
                given: pairs,
                met: pairs,
            }
        } else {
            Read {
                looked_at: rows * times,
                given: rows * times * share,
                met: rows * times,
            }
        };
        for (name, part) in table {
            if name.starts_with("materialized") {
                read.looked_at += self.read(part, 1.0).looked_at;
            }
        }
        read.looked_at += self.subqueries(table, read.met);
        read
    }
}

/// MariaDB writes numbers, MySQL numbers and numbers in quotes.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// `subqueries`, `attached_subqueries`, `select_list_subqueries`, …
fn is_subquery(name: &str) -> bool {
    name.ends_with("subqueries")
}

/// Figures, conditions and lists of columns hold none.
fn holds_tables(name: &str) -> bool {
    !matches!(
        name,
        "cost_info" | "used_columns" | "used_key_parts" | "possible_keys" | "ref" | "windows"
    )
}

/// A hash of `table` finds the rows that equal: MariaDB's BNLH, and MySQL's "hash join" where a condition equates two
/// columns (it calls so what tries each row with each, too). `step` is what holds the table.
fn is_hashed(step: &Map<String, Value>, table: &Map<String, Value>) -> bool {
    let word = |of: &Map<String, Value>, key: &str| {
        let word = of.get(key).and_then(Value::as_str);
        word.unwrap_or_default().to_owned()
    };
    if word(step, "join_type").ends_with('H') || word(table, "key").starts_with("#hash#") {
        return true;
    }
    word(table, "using_join_buffer") == "hash join"
        && equates_two_tables(&word(table, "attached_condition"))
}

/// Whether a condition, as MySQL writes it, holds only where a column of one table equals one of another.
fn equates_two_tables(condition: &str) -> bool {
    split(condition, " and ").into_iter().any(|term| {
        let sides: Vec<Option<&str>> = split(term, " = ").into_iter().map(table_of).collect();
        matches!(sides[..], [Some(one), Some(other)] if one != other)
    })
}

/// The parts of a condition between `mark`s that stand in none of its brackets and quotes, without the brackets
/// around the whole.
fn split<'t>(text: &'t str, mark: &str) -> Vec<&'t str> {
    let text = text.trim();
    let mut parts = Vec::new();
    let (mut depth, mut begin) = (0_usize, 0);
    let mut quote = None;
    let mut escaped = false;
    // where the bracket that opens the text is closed
    let mut closed = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some('\'' | '"'), '\\') => escaped = true,
            // a doubled one ends the quote and begins it again
            (Some(open), _) if open == c => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 && closed.is_none() {
                    closed = Some(at);
                }
            }
            (None, _) if depth == 0 && at >= begin && text[at..].starts_with(mark) => {
                parts.push(&text[begin..at]);
                begin = at + mark.len();
            }
            _ => {}
        }
    }
    if text.starts_with('(') && closed == Some(text.len() - 1) {
        return split(&text[1..text.len() - 1], mark);
    }
    parts.push(&text[begin..]);
    parts
}

/// `` `shop`.`orders` `` of `` `shop`.`orders`.`id` ``; None for what is no column.
fn table_of(side: &str) -> Option<&str> {
    let names = side.strip_prefix('`')?.strip_suffix('`')?;
    let plain = |name: &str| !name.is_empty() && !name.contains('`');
    if !names.split("`.`").all(plain) {
        return None;
    }
    names.rsplit_once("`.`").map(|(table, _)| table)
}

/// Whether MariaDB's plan has subqueries of which its JSON does not say how often they run.
pub(super) fn has_subqueries(plan: &Value) -> bool {
    match plan {
        Value::Array(parts) => parts.iter().any(has_subqueries),
        Value::Object(parts) => {
            parts.contains_key("subqueries") || parts.values().any(has_subqueries)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_engines_say_what_a_join_a_subquery_and_a_materialized_table_read() {
        let table = |name: &str, rows: u64, filtered: f64| json!({"table": {"table_name": name, "access_type": "ALL", "rows": rows, "filtered": filtered}});
        let mysql = |name: &str, rows: u64, filtered: &str| {
            json!({"table": {"table_name": name, "access_type": "ALL", "rows_examined_per_scan": rows,
                             "filtered": filtered, "cost_info": {"read_cost": "1.0"}}})
        };
        for (what, block, read, tables) in [
            (
                "no table",
                json!({"table": {"message": "No tables used"}}),
                0.0,
                0,
            ),
            (
                "MariaDB: a join",
                json!({"nested_loop": [table("a", 1_000, 10.0), table("b", 50, 100.0)]}),
                6_000.0,
                2,
            ),
            (
                "MySQL: a join",
                json!({"cost_info": {"query_cost": "12.5"},
                "nested_loop": [mysql("a", 1_000, "10.00"), mysql("b", 50, "100.00")]}),
                6_000.0,
                2,
            ),
            (
                "MariaDB: sorted, grouped",
                json!({"filesort": {"sort_key": "x", "temporary_table":
                {"nested_loop": [table("a", 1_000, 100.0)]}}}),
                1_000.0,
                1,
            ),
            (
                "MySQL: sorted, grouped",
                json!({"ordering_operation": {"using_filesort": true, "grouping_operation":
                {"using_temporary_table": true, "table": mysql("a", 1_000, "100.00")["table"]}}}),
                1_000.0,
                1,
            ),
            (
                "MariaDB: a buffer",
                json!({"nested_loop": [table("a", 1_000, 100.0),
                {"block-nl-join": {"table": table("b", 1_000, 100.0)["table"], "buffer_type": "flat"}}]}),
                1_001_000.0,
                2,
            ),
            (
                "MariaDB: for each row",
                json!({"nested_loop": [table("a", 1_000, 100.0)], "subqueries":
                [{"expression_cache": {"query_block": {"nested_loop": [table("b", 20, 100.0)]}}}]}),
                21_000.0,
                2,
            ),
            (
                "MySQL: for each row",
                json!({"table": mysql("a", 1_000, "100.00")["table"], "select_list_subqueries":
                [{"dependent": true, "query_block": {"table": mysql("b", 20, "100.00")["table"]}}]}),
                21_000.0,
                2,
            ),
            (
                "MariaDB: for each row, without a cache",
                json!({"nested_loop": [table("a", 1_000, 10.0)], "subqueries":
                [{"query_block": {"select_id": 7, "nested_loop": [table("b", 20, 100.0)]}}]}),
                21_000.0,
                2,
            ),
            (
                "MariaDB: a hash",
                json!({"nested_loop": [table("a", 1_000, 100.0),
                {"block-nl-join": {"table": table("b", 1_000, 100.0)["table"], "join_type": "BNLH"}}]}),
                3_000.0,
                2,
            ),
            (
                "MySQL: a hash",
                json!({"nested_loop": [table("a", 1_000, 100.0), {"table": {"table_name": "b", "rows": 1_000,
                "filtered": "10.00", "using_join_buffer": "hash join",
                "attached_condition": "(`t`.`b`.`x` = `t`.`a`.`x`)"}}]}),
                3_000.0,
                2,
            ),
            (
                "MySQL: what it calls a hash",
                json!({"nested_loop": [table("a", 1_000, 100.0), {"table": {"table_name": "b", "rows": 1_000,
                "filtered": "10.00", "using_join_buffer": "hash join",
                "attached_condition": "((`t`.`b`.`x` + `t`.`a`.`x`) = <cache>(-(1)))"}}]}),
                1_001_000.0,
                2,
            ),
            (
                "once",
                json!({"nested_loop": [table("a", 1_000, 100.0)], "subqueries":
                [{"query_block": {"nested_loop": [table("b", 20, 100.0)]}}]}),
                1_020.0,
                2,
            ),
            (
                "MariaDB: united",
                json!({"union_result": {"query_specifications": [
                {"query_block": {"nested_loop": [table("a", 10, 100.0)]}},
                {"query_block": {"nested_loop": [table("b", 20, 100.0)]}}]}}),
                30.0,
                2,
            ),
            (
                "MySQL: filled first",
                json!({"table": {"table_name": "<derived2>", "rows_examined_per_scan": 5,
                "filtered": "100.00", "materialized_from_subquery":
                    {"query_block": {"table": mysql("a", 1_000, "100.00")["table"]}}}}),
                1_005.0,
                2,
            ),
        ] {
            let cost = of(&json!({"query_block": block}), &[7]).expect(what);
            assert!((cost.rows_read - read).abs() < 0.5, "{what}: {cost:?}");
            assert_eq!(cost.tables, tables, "{what}: {cost:?}");
        }
        assert!(of(&json!({"query": "another form"}), &[]).is_none());
    }

    #[test]
    fn a_hash_needs_an_equality_of_two_tables_that_always_holds() {
        for (condition, is_hashed) in [
            ("(`t`.`b`.`x` = `t`.`a`.`x`)", true),
            ("((`t`.`b`.`x` = `t`.`a`.`x`) and (`t`.`b`.`y` > 5))", true),
            ("((`t`.`b`.`y` > 5) and (`t`.`b`.`x` = `t`.`a`.`x`))", true),
            ("(`b`.`x` = `a`.`x`)", true),
            (
                "((`t`.`b`.`n` = ') or (') and (`t`.`b`.`x` = `t`.`a`.`x`))",
                true,
            ),
            ("((`t`.`b`.`x` = `t`.`a`.`x`) or (`t`.`a`.`y` > 5))", false),
            (
                "((`t`.`b`.`z` > 1) and ((`t`.`b`.`x` = `t`.`a`.`x`) or (`t`.`a`.`y` > 5)))",
                false,
            ),
            ("(`t`.`b`.`x` = `t`.`b`.`y`)", false),
            (
                "((`t`.`b`.`x` = `t`.`b`.`y`) and (`t`.`b`.`x` > `t`.`a`.`x`))",
                false,
            ),
            ("(not((`t`.`b`.`x` = `t`.`a`.`x`)))", false),
            ("(`t`.`b`.`n` = 'a` = `b')", false),
            ("((`t`.`b`.`x` + `t`.`a`.`x`) = <cache>(-(1)))", false),
            ("((`t`.`b`.`x` = `t`.`a`.`x`) = `t`.`a`.`y`)", false),
            ("", false),
        ] {
            assert_eq!(equates_two_tables(condition), is_hashed, "{condition}");
        }
    }

    #[test]
    fn a_plan_is_asked_for_its_subqueries_by_their_name_alone() {
        let named =
            json!({"query_block": {"nested_loop": [{"table": {"table_name": "subqueries"}}]}});
        let nested = json!({"query_block": {"nested_loop": [{"table": {"subqueries": []}}]}});
        assert!(!has_subqueries(&named));
        assert!(has_subqueries(&nested));
    }
}
