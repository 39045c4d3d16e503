//! Many queries at once: JSON lines in, JSON lines out.

use super::{Checker, Dialect, Finding, Verdict, ddl};
use crate::schema::Schema;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::sync::Arc;

/// One line of input. `schema` is the JSON of a [`Schema`] or DDL text; `schema_file` a path to either.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    dialect: Dialect,
    #[serde(default)]
    schema: Option<Value>,
    #[serde(default)]
    schema_file: Option<String>,
    sql: String,
}

/// Checks every line of `input` (`{id, dialect, schema | schema_file, sql}`) and writes one line for each:
/// `{id, verdict, findings, tables, columns, output}`, with `layer` when `explain` asks which layer decided.
///
/// A line that cannot be read is answered with a finding; only a failing `input` or `output` ends the run.
pub fn check_lines(
    mut input: impl BufRead,
    mut output: impl Write,
    explain: bool,
) -> io::Result<()> {
    let mut checkers = Checkers::default();
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if input.read_until(b'\n', &mut bytes)? == 0 {
            return output.flush();
        }
        let text = String::from_utf8_lossy(&bytes);
        if text.trim().is_empty() {
            continue;
        }
        let answer = answer(&text, &mut checkers, explain);
        serde_json::to_writer(&mut output, &answer)?;
        output.write_all(b"\n")?;
    }
}

fn answer(text: &str, checkers: &mut Checkers, explain: bool) -> Value {
    let line: Line = match serde_json::from_str(text) {
        Ok(line) => line,
        Err(error) => {
            // the id is told even when the rest is wrong
            let id = serde_json::from_str::<Value>(text)
                .ok()
                .and_then(|value| value.get("id").cloned())
                .unwrap_or(Value::Null);
            return rejected(
                id,
                vec![finding(
                    "bad_line",
                    format!("this line cannot be read: {error}"),
                )],
                explain,
            );
        }
    };
    let checker = match checkers.of(&line) {
        Ok(checker) => checker,
        Err(message) => return rejected(line.id, vec![finding("bad_schema", message)], explain),
    };
    match checker.check(&line.sql) {
        Verdict::Accept(query) => {
            let mut answer = json!({
                "id": line.id,
                "verdict": "accept",
                "findings": query.warnings,
                "tables": query.tables,
                "columns": query.columns,
                "output": query.output,
            });
            if explain {
                answer["layer"] = json!("all layers passed");
            }
            answer
        }
        Verdict::Reject(findings) => rejected(line.id, findings, explain),
    }
}

fn rejected(id: Value, findings: Vec<Finding>, explain: bool) -> Value {
    let layer = findings.first().map(|finding| layer(&finding.code));
    let mut answer = json!({
        "id": id,
        "verdict": "reject",
        "findings": findings,
        "tables": [],
        "columns": [],
        "output": [],
    });
    if explain {
        answer["layer"] = json!(layer);
    }
    answer
}

/// Which layer of the checker a code belongs to.
fn layer(code: &str) -> &'static str {
    match code {
        "bad_line" | "bad_schema" => "0 input",
        "too_long" | "nul_byte" | "too_complex" | "executable_comment" => "1 caps",
        "syntax_error"
        | "not_a_statement"
        | "not_a_query"
        | "multiple_statements"
        | "write_statement"
        | "ddl_statement"
        | "select_into"
        | "locking_clause"
        | "parser_failed"
        | "unsupported"
        | "missing_alias" => "2 one query",
        "unknown_table"
        | "unknown_column"
        | "unknown_alias"
        | "ambiguous_column"
        | "duplicate_alias"
        | "system_catalog"
        | "setop_arity"
        | "scalar_subquery_arity"
        | "group_by_violation"
        | "aggregate_misuse"
        | "window_misuse"
        | "type_mismatch"
        | "unknown_window"
        | "distinct_order" => "3 names",
        _ => "4 functions, operators and casts",
    }
}

fn finding(code: &str, message: String) -> Finding {
    Finding {
        code: code.to_owned(),
        message,
        line: 0,
        column: 0,
        suggestion: None,
    }
}

/// Checkers by where their schema came from: the same file or text is read once.
#[derive(Default)]
struct Checkers {
    known: HashMap<(Dialect, String), Result<Arc<Checker>, String>>,
}

/// Schemas kept at once; beyond it the oldest knowledge is simply dropped.
const MAX_KEPT: usize = 200;

impl Checkers {
    fn of(&mut self, line: &Line) -> Result<Arc<Checker>, String> {
        let key = match (&line.schema_file, &line.schema) {
            (Some(path), _) => format!("file {path}"),
            (None, Some(Value::String(ddl))) => format!("ddl {ddl}"),
            (None, Some(schema)) => format!("json {schema}"),
            (None, None) => return Err("the line names no schema".to_owned()),
        };
        let key = (line.dialect, key);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let schema = match (&line.schema_file, &line.schema) {
            (Some(path), _) => std::fs::read_to_string(path)
                .map_err(|error| format!("{path}: {error}"))
                .and_then(|text| schema_from_text(&text, line.dialect)),
            (None, Some(Value::String(text))) => schema_from_text(text, line.dialect),
            (None, Some(value)) => {
                serde_json::from_value(value.clone()).map_err(|error| error.to_string())
            }
            (None, None) => unreachable!("answered above"),
        };
        let checker = schema.map(|schema| Arc::new(Checker::new(&schema, line.dialect)));
        if self.known.len() >= MAX_KEPT {
            self.known.clear();
        }
        self.known.insert(key, checker.clone());
        checker
    }
}

fn schema_from_text(text: &str, dialect: Dialect) -> Result<Schema, String> {
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|error| error.to_string());
    }
    ddl::schema_from_ddl(text, dialect).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(input: &str, explain: bool) -> Vec<Value> {
        let mut output = Vec::new();
        check_lines(input.as_bytes(), &mut output, explain).expect("in memory");
        String::from_utf8(output)
            .expect("JSON is UTF-8")
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect()
    }

    #[test]
    fn a_bad_line_is_answered_and_the_next_one_is_read() {
        let schema = r#"{"tables":[{"name":"t","columns":[{"name":"a","type":"int"}]}]}"#;
        let input = format!(
            "{}\nnonsense\n{}\n{}\n{}\n",
            format_args!(
                r#"{{"id":1,"dialect":"sqlite","schema":{schema},"sql":"select a from t"}}"#
            ),
            r#"{"id":"x","dialect":"cobol","sql":"select 1"}"#,
            format_args!(
                r#"{{"id":2,"dialect":"postgres","schema":"create table t (a int)","sql":"select b from t"}}"#
            ),
            r#"{"id":3,"dialect":"mysql","schema_file":"/nowhere/at/all","sql":"select 1"}"#,
        );
        let answers = run(&input, true);
        let told: Vec<_> = answers
            .iter()
            .map(|answer| {
                format!(
                    "{} {} {}",
                    answer["id"], answer["verdict"], answer["findings"][0]["code"]
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                r#"1 "accept" null"#,
                r#"null "reject" "bad_line""#,
                r#""x" "reject" "bad_line""#,
                r#"2 "reject" "unknown_column""#,
                r#"3 "reject" "bad_schema""#,
            ]
        );
        assert_eq!(answers[0]["output"][0]["origin"]["table"], "t");
        assert_eq!(answers[3]["layer"], "3 names");
    }
}
