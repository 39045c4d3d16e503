//! What is in a MySQL database: three questions to its catalogue, then a bounded look at the values.

use super::refused;
use crate::schema::{Column, ForeignKey, Schema, Table};
use crate::target::TargetError;
use crate::target::sampling::{Look, MAX_VALUES, SAMPLE_ROWS, SMALL_ROWS, VALUE_CHARS, chosen};
use sqlx::mysql::{MySqlConnection, MySqlRow};
use sqlx::{AssertSqlSafe, Row};
use std::collections::HashMap;
use std::fmt::Write;
use std::time::Duration;
use tokio::time::Instant;

pub(super) const STATEMENT_TIMEOUT: Duration = Duration::from_secs(5);

pub(super) async fn introspect(
    connection: &mut MySqlConnection,
    look_until: Instant,
) -> Result<Schema, TargetError> {
    let mut tables = catalogue(connection)
        .await
        .map_err(|error| refused(error, ""))?;
    for table in &mut tables {
        if Instant::now() > look_until {
            tracing::warn!("no time left to look at values; the rest of the tables go without");
            break;
        }
        if let Err(error) = look_at_values(connection, table).await {
            if !matches!(error, sqlx::Error::Database(_)) {
                return Err(refused(error, ""));
            }
            tracing::warn!(%error, table = table.name, "its values stay unseen");
        }
    }
    Ok(Schema { tables })
}

async fn catalogue(connection: &mut MySqlConnection) -> Result<Vec<Table>, sqlx::Error> {
    let mut tables = Vec::new();
    let mut place_of: HashMap<String, usize> = HashMap::new();
    for row in sqlx::query(TABLES).fetch_all(&mut *connection).await? {
        let is_view = text(&row, "kind")?.as_deref() != Some("BASE TABLE");
        let name = text(&row, "name")?.unwrap_or_default();
        place_of.insert(name.clone(), tables.len());
        tables.push(Table {
            name,
            is_view,
            // a view's comment is the word VIEW
            description: text(&row, "comment")?.filter(|words| !is_view && !words.is_empty()),
            ..Table::default()
        });
    }
    for row in sqlx::query(COLUMNS).fetch_all(&mut *connection).await? {
        let table = text(&row, "table_of")?.unwrap_or_default();
        let Some(place) = place_of.get(&table) else {
            continue;
        };
        tables[*place].columns.push(Column {
            name: text(&row, "name")?.unwrap_or_default(),
            data_type: text(&row, "type")?.unwrap_or_default(),
            nullable: text(&row, "nullable")?.as_deref() == Some("YES"),
            // MariaDB writes the expression, which for no default is NULL
            default: text(&row, "default_value")?.filter(|words| words != "NULL"),
            description: text(&row, "comment")?.filter(|words| !words.is_empty()),
            ..Column::default()
        });
    }
    let mut last = String::new();
    for row in sqlx::query(KEYS).fetch_all(&mut *connection).await? {
        let table = text(&row, "table_of")?.unwrap_or_default();
        let Some(place) = place_of.get(&table) else {
            continue;
        };
        let column = text(&row, "name")?.unwrap_or_default();
        let key = format!("{table}\0{}", text(&row, "key_name")?.unwrap_or_default());
        let foreign_keys = &mut tables[*place].foreign_keys;
        match (text(&row, "ref_table")?, text(&row, "ref_column")?) {
            (Some(ref_table), Some(ref_column)) => {
                if key != last {
                    foreign_keys.push(ForeignKey {
                        ref_table,
                        ..ForeignKey::default()
                    });
                }
                if let Some(foreign_key) = foreign_keys.last_mut() {
                    foreign_key.columns.push(column);
                    foreign_key.ref_columns.push(ref_column);
                }
            }
            _ => tables[*place].primary_key.push(column),
        }
        last = key;
    }
    tables.retain(|table| !table.columns.is_empty());
    Ok(tables)
}

/// The catalogue's texts come with all kinds of collations, some of them binary.
fn text(row: &MySqlRow, name: &str) -> Result<Option<String>, sqlx::Error> {
    let bytes: Option<Vec<u8>> = row.try_get_unchecked(name)?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

async fn look_at_values(
    connection: &mut MySqlConnection,
    table: &mut Table,
) -> Result<(), sqlx::Error> {
    let name = quoted(&table.name);
    let rows: i64 = sqlx::query(AssertSqlSafe(format!(
        "select count(*) from (select 1 from {name} limit {}) as t",
        SMALL_ROWS + 1
    )))
    .persistent(false)
    .fetch_one(&mut *connection)
    .await?
    .try_get_unchecked(0)?;
    let is_small = rows <= SMALL_ROWS;
    table.row_estimate = if is_small {
        u64::try_from(rows).ok()
    } else {
        estimate(connection, &table.name).await?
    };
    let source = if is_small {
        name.clone()
    } else {
        format!("(select * from {name} limit {SAMPLE_ROWS}) as t")
    };
    let looks: Vec<Look> = table.columns.iter().map(Look::at).collect();
    let ranged: Vec<usize> = (0..looks.len())
        .filter(|place| is_small && looks[*place] == Look::Range)
        .collect();
    if !ranged.is_empty() {
        let mut sql = String::from("select 1");
        for place in &ranged {
            let column = quoted(&table.columns[*place].name);
            let _ = write!(
                sql,
                ", cast(min({column}) as char), cast(max({column}) as char)"
            );
        }
        let _ = write!(sql, " from {name}");
        let row = sqlx::query(AssertSqlSafe(sql))
            .persistent(false)
            .fetch_one(&mut *connection)
            .await?;
        for (nth, place) in ranged.iter().enumerate() {
            let least: Option<String> = row.try_get_unchecked(1 + 2 * nth)?;
            table.columns[*place].range = least.zip(row.try_get_unchecked(2 + 2 * nth)?);
        }
    }
    for (look, column) in looks.iter().zip(&mut table.columns) {
        if *look != Look::Values {
            continue;
        }
        let quoted_column = quoted(&column.name);
        let found = sqlx::query(AssertSqlSafe(format!(
            "select left(cast({quoted_column} as char), {}) as seen, count(*) as n from {source}
              where {quoted_column} is not null group by seen order by n desc, seen limit {}",
            VALUE_CHARS + 1,
            MAX_VALUES + 1
        )))
        .persistent(false)
        .fetch_all(&mut *connection)
        .await?;
        let mut seen = Vec::with_capacity(found.len());
        for row in &found {
            seen.push(text(row, "seen")?.unwrap_or_default());
        }
        (column.values, column.values_complete) = chosen(seen, look, is_small);
    }
    Ok(())
}

async fn estimate(
    connection: &mut MySqlConnection,
    table: &str,
) -> Result<Option<u64>, sqlx::Error> {
    sqlx::query(
        "select cast(table_rows as unsigned) from information_schema.tables
          where table_schema = database() and table_name = ?",
    )
    .bind(table)
    .fetch_one(connection)
    .await?
    .try_get_unchecked(0)
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

const TABLES: &str = "
select table_name as name, table_type as kind, table_comment as comment
  from information_schema.tables
 where table_schema = database() and table_type in ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')
 order by table_name";

const COLUMNS: &str = "
select table_name as table_of, column_name as name, column_type as type, is_nullable as nullable,
       column_default as default_value, column_comment as comment
  from information_schema.columns
 where table_schema = database()
 order by table_name, ordinal_position";

const KEYS: &str = "
select table_name as table_of, constraint_name as key_name, column_name as name,
       referenced_table_name as ref_table, referenced_column_name as ref_column
  from information_schema.key_column_usage
 where table_schema = database()
   and (constraint_name = 'PRIMARY' or referenced_table_schema = database())
 order by table_name, constraint_name, ordinal_position";
