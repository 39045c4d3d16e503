//! Names: a column in sight, a table, the clock, or a mistake.

use super::value::{Column, Value};
use super::verbs;
use super::{Read, Reader};
use crate::query::catalog::{TableFound, TableId};
use crate::query::resolve::nearest;
use crate::schema::ValueKind;

impl Reader<'_> {
    /// A name that is no verb: a column in sight, a table, the clock, or a mistake.
    pub(super) fn named(&mut self, name: &str, at: usize) -> Read<Value> {
        if let Some(column) = self.in_sight(name) {
            if let Some(id) = column.origin {
                self.resolved.columns.insert(id);
            }
            return Ok(Value {
                column,
                ..Value::default()
            });
        }
        if !self.scope.is_empty() && name == "i" {
            return Ok(Value {
                column: Column {
                    name: "x".to_owned(),
                    kind: Some(ValueKind::Integer),
                    ..Column::default()
                },
                ..Value::default()
            });
        }
        if let Some((first, rest)) = name.split_once('.')
            && !first.is_empty()
            && let Some(column) = self.in_sight(first)
        {
            // along a foreign key, or a part of a date
            if let Some(id) = column.origin {
                self.resolved.columns.insert(id);
            }
            return Ok(Value {
                column: Column {
                    name: rest.rsplit('.').next().unwrap_or(rest).to_owned(),
                    ..Column::default()
                },
                ..Value::default()
            });
        }
        if let Some(kind) = verbs::clock(name) {
            return Ok(Value {
                column: Column {
                    name: "x".to_owned(),
                    kind: Some(kind),
                    ..Column::default()
                },
                ..Value::default()
            });
        }
        if let TableFound::One(id) | TableFound::Elsewhere(id) = self.catalog.find(None, name) {
            return Ok(self.table(id));
        }
        if verbs::is_harmful(name) {
            return Err(self.harmful_at(name, at));
        }
        let (code, what) = if self.scope.is_empty() {
            ("unknown_table", "table")
        } else {
            ("unknown_column", "column")
        };
        let names: Vec<&str> = if self.scope.is_empty() {
            self.catalog
                .tables
                .iter()
                .map(|table| table.name.as_str())
                .collect()
        } else {
            let columns = self.scope.iter().rev().flatten();
            columns.map(|column| column.name.as_str()).collect()
        };
        let home = self
            .catalog
            .homes(name)
            .first()
            .filter(|_| !self.scope.is_empty());
        let suggestion = nearest(name, names.into_iter())
            .or_else(|| {
                let verbs = verbs::names().filter(|_| home.is_none());
                nearest(name, verbs)
            })
            .map(str::to_owned);
        let message = match (&suggestion, home) {
            (Some(other), _) => format!("there is no {what} `{name}`; did you mean `{other}`?"),
            (None, Some(&home)) => format!(
                "column `{name}` exists in table `{}`, which is not in FROM",
                self.catalog.shown(home)
            ),
            (None, None) => format!("there is no {what} `{name}`"),
        };
        let mut finding = self.error_at(at, code, message);
        finding.suggestion = suggestion;
        self.findings.push(finding);
        Ok(Value::default())
    }

    pub(super) fn table(&mut self, id: TableId) -> Value {
        self.resolved.tables.insert(id);
        let columns = self
            .catalog
            .table(id)
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| Column {
                name: column.name.clone(),
                origin: Some((id, at as u32)),
                kind: Some(column.kind).filter(|kind| *kind != ValueKind::Other),
            })
            .collect();
        Value {
            table: Some(columns),
            ..Value::default()
        }
    }

    pub(super) fn in_sight(&self, name: &str) -> Option<Column> {
        self.scope
            .iter()
            .rev()
            .flatten()
            .find(|column| column.name == name)
            .cloned()
    }

    pub(super) fn all_in(&mut self, symbols: &[String], columns: &[Column], at: usize) {
        for symbol in symbols {
            match columns.iter().find(|column| column.name == *symbol) {
                Some(column) => self.resolved.columns.extend(column.origin),
                None => {
                    let names = columns.iter().map(|column| column.name.as_str());
                    let suggestion = nearest(symbol, names).map(|name| format!("`{name}"));
                    let mut finding = self.error_at(
                        at,
                        "unknown_column",
                        format!("the table has no column `{symbol}`"),
                    );
                    finding.suggestion = suggestion;
                    self.findings.push(finding);
                }
            }
        }
    }
}
