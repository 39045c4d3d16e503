//! What is in a DuckDB file: its catalogue, then a bounded look at the values.

use super::Worker;
use crate::schema::{Column, ForeignKey, Schema, Table};
use crate::target::sampling::{Look, MAX_VALUES, SAMPLE_ROWS, SMALL_ROWS, VALUE_CHARS, chosen};
use crate::target::{Rows, TargetError};
use serde_json::Value;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// One statement may take so long.
pub(super) const STATEMENT_TIMEOUT: Duration = Duration::from_secs(5);
const MOST_ROWS: usize = 200_000;
const MOST_BYTES: usize = 8 << 20;

const TABLES: &str = "
select schema_name, table_name, comment, estimated_size, false
  from duckdb_tables() where not internal and not temporary and database_name = current_database()
union all
select schema_name, view_name, comment, null, true
  from duckdb_views() where not internal and not temporary and database_name = current_database()
 order by 1, 2";

const COLUMNS: &str = "
select schema_name, table_name, column_name, data_type, is_nullable, column_default, comment
  from duckdb_columns() where not internal and database_name = current_database()
 order by schema_name, table_name, column_index";

const KEYS: &str = "
select schema_name, table_name, constraint_type, constraint_column_names, referenced_table, referenced_column_names
  from duckdb_constraints()
 where constraint_type in ('PRIMARY KEY', 'FOREIGN KEY') and database_name = current_database()
 order by schema_name, table_name, constraint_index";

pub(super) async fn introspect(
    worker: &mut Worker,
    look_until: Instant,
) -> Result<Schema, TargetError> {
    let mut tables = Vec::new();
    for row in ask(worker, TABLES).await?.rows {
        let [namespace, name, comment, estimate, is_view] =
            <[Value; 5]>::try_from(row).map_err(|_| super::unexpected())?;
        tables.push(Table {
            namespace: text(&namespace),
            name: text(&name).unwrap_or_default(),
            is_view: is_view == Value::Bool(true),
            description: text(&comment),
            row_estimate: estimate.as_u64(),
            ..Table::default()
        });
    }
    for row in ask(worker, COLUMNS).await?.rows {
        let [
            namespace,
            table,
            name,
            data_type,
            nullable,
            default,
            comment,
        ] = <[Value; 7]>::try_from(row).map_err(|_| super::unexpected())?;
        let Some(table) = find(&mut tables, &namespace, &table) else {
            continue;
        };
        table.columns.push(Column {
            name: text(&name).unwrap_or_default(),
            data_type: text(&data_type).unwrap_or_default(),
            nullable: nullable == Value::Bool(true),
            default: text(&default),
            description: text(&comment),
            ..Column::default()
        });
    }
    for row in ask(worker, KEYS).await?.rows {
        let [namespace, table, kind, columns, other, other_columns] =
            <[Value; 6]>::try_from(row).map_err(|_| super::unexpected())?;
        let own = namespace.clone();
        let Some(table) = find(&mut tables, &namespace, &table) else {
            continue;
        };
        if kind == "PRIMARY KEY" {
            table.primary_key = names(&columns);
        } else if let Some(ref_table) = text(&other) {
            table.foreign_keys.push(ForeignKey {
                columns: names(&columns),
                ref_namespace: text(&own),
                ref_table,
                ref_columns: names(&other_columns),
            });
        }
    }
    tables.retain(|table| !table.columns.is_empty());
    for table in &mut tables {
        for at in 0..table.columns.len() {
            if Instant::now() >= look_until {
                tracing::warn!("no time left to look at values; the rest goes without");
                return Ok(Schema { tables });
            }
            match look(worker, table, at).await {
                Ok(()) => {}
                // a view over a table that is gone
                Err(TargetError::Query { message, .. }) => {
                    tracing::warn!(message, table = table.name, "its values stay unseen");
                    break;
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(Schema { tables })
}

async fn ask(worker: &mut Worker, sql: &str) -> Result<Rows, TargetError> {
    timeout(STATEMENT_TIMEOUT, worker.rows(sql, MOST_ROWS, MOST_BYTES))
        .await
        .unwrap_or(Err(TargetError::Timeout(STATEMENT_TIMEOUT)))
}

async fn look(worker: &mut Worker, table: &mut Table, at: usize) -> Result<(), TargetError> {
    let look = match enum_labels(&table.columns[at].data_type) {
        Some(labels) => Look::Labels(labels),
        None => Look::at(&table.columns[at]),
    };
    let is_small = table
        .row_estimate
        .is_some_and(|rows| rows <= SMALL_ROWS.unsigned_abs());
    let mut source = quoted(&table.name);
    if let Some(namespace) = &table.namespace {
        source = format!("{}.{source}", quoted(namespace));
    }
    if !is_small {
        source = format!("(select * from {source} limit {SAMPLE_ROWS})");
    }
    let name = quoted(&table.columns[at].name);
    match look {
        Look::Nothing => {}
        Look::Range => {
            let sql = format!(
                "select min({name})::varchar, max({name})::varchar from {source} as t where {name} is not null"
            );
            let found = ask(worker, &sql).await?.rows.pop();
            if let Some([Value::String(least), Value::String(most)]) = found.as_deref() {
                table.columns[at].range = Some((least.clone(), most.clone()));
            }
        }
        look @ (Look::Values | Look::Labels(_)) => {
            let sql = format!(
                "select left({name}::varchar, {}), count(*) from {source} as t where {name} is not null
                  group by 1 order by 2 desc, 1 limit {}",
                VALUE_CHARS + 1,
                MAX_VALUES + 1
            );
            let seen: Vec<String> = ask(worker, &sql)
                .await?
                .rows
                .iter()
                .filter_map(|row| text(row.first()?))
                .collect();
            let column = &mut table.columns[at];
            (column.values, column.values_complete) = chosen(seen, &look, is_small);
        }
    }
    Ok(())
}

/// `ENUM('a', 'b')`.
fn enum_labels(data_type: &str) -> Option<Vec<String>> {
    let inner = data_type.strip_prefix("ENUM(")?.strip_suffix(')')?;
    let mut labels = Vec::new();
    let mut rest = inner.strip_prefix('\'')?;
    let mut label = String::new();
    while let Some(at) = rest.find('\'') {
        label.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('\'') {
            label.push('\'');
            rest = after;
            continue;
        }
        labels.push(std::mem::take(&mut label));
        match rest.strip_prefix(", '") {
            Some(next) => rest = next,
            None => break,
        }
    }
    Some(labels)
}

fn find<'t>(tables: &'t mut [Table], namespace: &Value, name: &Value) -> Option<&'t mut Table> {
    let (namespace, name) = (text(namespace), text(name)?);
    tables
        .iter_mut()
        .find(|table| table.namespace == namespace && table.name == name)
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A list of names, which comes as JSON text.
fn names(value: &Value) -> Vec<String> {
    value
        .as_str()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enums_labels_are_in_its_type() {
        assert_eq!(
            enum_labels("ENUM('new', 'it''s', 'a, b')"),
            Some(vec!["new".into(), "it's".into(), "a, b".into()])
        );
        assert_eq!(enum_labels("VARCHAR"), None);
    }
}
