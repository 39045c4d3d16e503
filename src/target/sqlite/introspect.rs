//! What is in an SQLite file: its catalogue, then a bounded look at the values.

use crate::schema::{Column, ForeignKey, Schema, Table};
use crate::target::sampling::{Look, MAX_VALUES, SAMPLE_ROWS, SMALL_ROWS, VALUE_CHARS, chosen};
use rusqlite::{Connection, ErrorCode};
use std::collections::HashSet;
use std::time::{Duration, Instant};

/// The caller's clock goes on for this long after `look_until`: one statement may still be running then.
pub(super) const STATEMENT_TIMEOUT: Duration = Duration::from_secs(5);

pub(super) fn introspect(
    connection: &Connection,
    look_until: Instant,
) -> Result<Schema, rusqlite::Error> {
    let mut tables = Vec::new();
    let mut list = connection.prepare(
        "select name, type from pragma_table_list
          where schema = 'main' and type in ('table', 'view', 'virtual') and name not like 'sqlite\\_%' escape '\\'
          order by name collate nocase",
    )?;
    let found = list.query_map((), |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    for found in found {
        let (name, kind) = found?;
        match table(connection, &name, kind == "view") {
            Ok(table) => tables.push(table),
            // a view over a table that is gone, a virtual table of a module we do not have
            Err(error) if is_about_the_table(&error) => {
                tracing::warn!(%error, table = name, "it cannot be read, so it is left out");
            }
            Err(error) => return Err(error),
        }
    }
    for table in &mut tables {
        if Instant::now() > look_until {
            tracing::warn!("no time left to look at values; the rest of the tables go without");
            break;
        }
        match look_at_values(connection, table) {
            Ok(()) => {}
            Err(error) if is_about_the_table(&error) => {
                tracing::warn!(%error, table = table.name, "its values stay unseen");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Schema { tables })
}

fn is_about_the_table(error: &rusqlite::Error) -> bool {
    !matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::OperationInterrupted
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::SystemIoFailure
        )
    )
}

fn table(connection: &Connection, name: &str, is_view: bool) -> Result<Table, rusqlite::Error> {
    let mut columns = Vec::new();
    let mut key: Vec<(i64, String)> = Vec::new();
    let mut statement = connection.prepare(
        // hidden = 1 is a virtual table's argument; 2 and 3 are generated columns
        "select name, type, \"notnull\", dflt_value, pk, hidden from pragma_table_xinfo(?1) where hidden <> 1",
    )?;
    let mut rows = statement.query((name,))?;
    while let Some(row) = rows.next()? {
        let column_name: String = row.get(0)?;
        let key_place: i64 = row.get(4)?;
        if key_place > 0 {
            key.push((key_place, column_name.clone()));
        }
        columns.push(Column {
            name: column_name,
            data_type: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
            nullable: !row.get::<_, bool>(2)? && key_place == 0,
            default: row.get(3)?,
            ..Column::default()
        });
    }
    key.sort();
    Ok(Table {
        name: name.to_owned(),
        is_view,
        columns,
        primary_key: key.into_iter().map(|(_, name)| name).collect(),
        foreign_keys: foreign_keys(connection, name)?,
        ..Table::default()
    })
}

fn foreign_keys(connection: &Connection, name: &str) -> Result<Vec<ForeignKey>, rusqlite::Error> {
    let mut statement = connection.prepare(
        "select id, \"table\", \"from\", \"to\" from pragma_foreign_key_list(?1) order by id desc, seq",
    )?;
    let mut rows = statement.query((name,))?;
    let mut keys: Vec<(i64, ForeignKey)> = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        if keys.last().is_none_or(|(last, _)| *last != id) {
            let ref_table = row.get(1)?;
            keys.push((
                id,
                ForeignKey {
                    ref_table,
                    ..ForeignKey::default()
                },
            ));
        }
        if let Some((_, key)) = keys.last_mut() {
            key.columns.push(row.get(2)?);
            // without a column it means the other table's primary key
            key.ref_columns.extend(row.get::<_, Option<String>>(3)?);
        }
    }
    Ok(keys.into_iter().map(|(_, key)| key).collect())
}

fn look_at_values(connection: &Connection, table: &mut Table) -> Result<(), rusqlite::Error> {
    let name = quoted(&table.name);
    let rows: i64 = connection.query_row(
        &format!(
            "select count(*) from (select 1 from {name} limit {})",
            SMALL_ROWS + 1
        ),
        (),
        |row| row.get(0),
    )?;
    let is_small = rows <= SMALL_ROWS;
    table.row_estimate = if is_small {
        u64::try_from(rows).ok()
    } else {
        estimate(connection, table)?
    };
    let source = if is_small {
        name.clone()
    } else {
        format!("(select * from {name} limit {SAMPLE_ROWS})")
    };
    let indexed = if is_small {
        HashSet::new()
    } else {
        indexed(connection, &table.name)?
    };
    for column in &mut table.columns {
        let quoted_column = quoted(&column.name);
        match Look::at(column) {
            // the ends of an index are found without reading what is between them
            Look::Range if is_small || indexed.contains(&column.name) => {
                column.range = connection.query_row(
                    &format!(
                        "select (select cast(min({quoted_column}) as text) from {name}),
                                (select cast(max({quoted_column}) as text) from {name})"
                    ),
                    (),
                    |row| {
                        let least: Option<String> = row.get(0)?;
                        Ok(least.zip(row.get(1)?))
                    },
                )?;
            }
            Look::Range => {}
            // a column without a declared type may hold anything, texts among it
            look @ (Look::Values | Look::Nothing) => {
                if look == Look::Nothing && !column.data_type.is_empty() {
                    continue;
                }
                let mut statement = connection.prepare(&format!(
                    "select substr(cast({quoted_column} as text), 1, {}) as value, count(*) as n from {source}
                      where typeof({quoted_column}) in ('text', 'integer') group by 1 order by 2 desc, 1 limit {}",
                    VALUE_CHARS + 1,
                    MAX_VALUES + 1
                ))?;
                let seen = statement
                    .query_map((), |row| row.get(0))?
                    .collect::<Result<Vec<String>, _>>()?;
                (column.values, column.values_complete) = chosen(seen, &Look::Values, is_small);
            }
            Look::Labels(_) => {}
        }
    }
    Ok(())
}

/// From the largest row number, which costs one look; tables that have none stay unknown.
fn estimate(connection: &Connection, table: &Table) -> Result<Option<u64>, rusqlite::Error> {
    if table.is_view {
        return Ok(None);
    }
    let sql = format!("select max(rowid) from {}", quoted(&table.name));
    match connection.query_row(&sql, (), |row| row.get::<_, Option<i64>>(0)) {
        Ok(largest) => Ok(largest.and_then(|largest| u64::try_from(largest).ok())),
        Err(error) if is_about_the_table(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Columns that come first in an index, or are the row number itself.
fn indexed(connection: &Connection, table: &str) -> Result<HashSet<String>, rusqlite::Error> {
    let mut statement = connection.prepare(
        "select c.name from pragma_index_list(?1) as i, pragma_index_info(i.name) as c
          where c.seqno = 0 and c.name is not null
         union
         select name from pragma_table_xinfo(?1) where pk = 1 and upper(type) = 'INTEGER'",
    )?;
    statement.query_map((table,), |row| row.get(0))?.collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
