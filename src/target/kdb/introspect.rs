//! What a kdb+ process says of its tables, asked with functions of ours.

use super::session::Session;
use super::value::{K, Kind, Scalar, Table as KTable};
use super::{SMALL_ANSWER, json, unexpected};
use crate::schema::{Column, ForeignKey, Schema, Table};
use crate::target::TargetError;
use crate::target::sampling::{self, Look, MAX_VALUES};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// One look at a column.
pub(super) const QUESTION_TIMEOUT: Duration = Duration::from_secs(5);
/// Tables of a process that has more are not read: it has a table for each symbol, or somebody is lying.
const MOST_TABLES: usize = 10_000;
/// The newest rows of a table, of which values are read.
const LOOKED_AT: i64 = 100_000;

/// The partition's column, and for each table: name, `meta`, keys, whether it is partitioned, rows.
///
/// `.Q.pt` and `.Q.pf` exist where a partitioned database was loaded.
const TABLES: &str = "{[x] p:@[value;`.Q.pt;`symbol$()]; \
    (@[value;`.Q.pf;`];{[p;t] (t;0!meta t;keys t;t in p;@[{[t] count value t};t;0N])}[p] each tables[])}";

/// Table, column, partition's column (or none), rows to look at, values wanted: the values, the most frequent first.
///
/// Of a partitioned table only the newest partition is read.
const VALUES: &str = "{[t;c;f;m;n] s:(enlist c)!enlist c; \
    d:neg[m] sublist $[null f;?[value t;();0b;s];?[value t;enlist(=;f;last value `.Q.pv);0b;s]]; \
    n sublist key desc count each group (0!d) c}";

/// The same, for the smallest and the largest value.
const RANGE: &str = "{[t;c;f;m] s:(enlist c)!enlist c; \
    d:neg[m] sublist $[null f;?[value t;();0b;s];?[value t;enlist(=;f;last value `.Q.pv);0b;s]]; \
    v:(0!d) c; (min v;max v)}";

pub(super) async fn introspect(
    session: &mut Session,
    look_until: Instant,
) -> Result<Schema, TargetError> {
    let question = K::List(vec![K::text(TABLES), K::Nothing]);
    let answer = session.ask(&question, SMALL_ANSWER * 4).await?;
    let (partition, found) = tables(answer).ok_or_else(unexpected)?;
    let mut schema = Schema::default();
    let mut is_of_use = true;
    for Found {
        mut table,
        partitioned,
    } in found
    {
        let by = partitioned.then_some(partition.as_str());
        for column in &mut table.columns {
            // of the partition's own column the newest one is all that would be seen
            if is_of_use && Instant::now() < look_until && by != Some(&column.name) {
                is_of_use = look(session, &table.name, column, by, table.row_estimate).await?;
            }
        }
        schema.tables.push(table);
    }
    schema.tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(schema)
}

struct Found {
    table: Table,
    partitioned: bool,
}

/// Reads the answer to [`TABLES`].
fn tables(answer: K) -> Option<(String, Vec<Found>)> {
    let K::List(parts) = answer else { return None };
    let [partition, found] = <[K; 2]>::try_from(parts).ok()?;
    let partition = name(&partition)?;
    let found = match found {
        K::List(found) if found.len() <= MOST_TABLES => found,
        // no tables at all
        K::Vector { items, .. } if items.len() == 0 => Vec::new(),
        _ => return None,
    };
    let read = found
        .into_iter()
        .map(|one| table(one, &partition))
        .collect::<Option<_>>()?;
    Some((partition, read))
}

fn table(found: K, partition: &str) -> Option<Found> {
    let K::List(parts) = found else { return None };
    let [table_name, meta, keys, is_partitioned, count] = <[K; 5]>::try_from(parts).ok()?;
    let K::Table(meta) = meta else { return None };
    let partitioned = matches!(is_partitioned, K::Atom(Kind::Boolean, Scalar::Byte(1)));
    let count = match count {
        K::Atom(Kind::Long, Scalar::Long(count)) => u64::try_from(count).ok(),
        K::Atom(Kind::Int, Scalar::Int(count)) => u64::try_from(count).ok(),
        _ => None,
    };
    let (columns, foreign_keys) = columns(&meta)?;
    Some(Found {
        table: Table {
            name: name(&table_name)?,
            columns,
            primary_key: keys
                .symbols()
                .map(|keys| keys.iter().map(lossy).collect())
                .unwrap_or_default(),
            foreign_keys,
            description: (partitioned && !partition.is_empty())
                .then(|| format!("Partitioned by {partition}: the first condition is on it")),
            row_estimate: count,
            ..Table::default()
        },
        partitioned,
    })
}

/// Of `meta`: name, type's letter, foreign key.
fn columns(meta: &KTable) -> Option<(Vec<Column>, Vec<ForeignKey>)> {
    let names = meta.column("c")?.symbols()?;
    let letters = meta.column("t")?.chars()?;
    let foreign = meta.column("f").and_then(K::symbols);
    if letters.len() != names.len() {
        return None;
    }
    let mut columns = Vec::new();
    let mut foreign_keys = Vec::new();
    for (at, column) in names.iter().enumerate() {
        let column = lossy(column);
        if let Some(other) = foreign
            .and_then(|all| all.get(at))
            .filter(|f| !f.is_empty())
        {
            foreign_keys.push(ForeignKey {
                columns: vec![column.clone()],
                ref_namespace: None,
                ref_table: lossy(other),
                ref_columns: Vec::new(),
            });
        }
        columns.push(Column {
            name: column,
            data_type: type_name(char::from(letters[at])),
            nullable: true,
            ..Column::default()
        });
    }
    Some((columns, foreign_keys))
}

/// A capital letter is a column of vectors; of chars, that is texts.
fn type_name(letter: char) -> String {
    match Kind::of_letter(letter.to_ascii_lowercase()) {
        Some(kind) if letter.is_ascii_lowercase() => kind.name().to_owned(),
        Some(Kind::Char) => "string".to_owned(),
        Some(kind) => format!("{}[]", kind.name()),
        None => "list".to_owned(),
    }
}

/// Values or range of one column; a server that will not say is no error. False when the session is of no use
/// any more: an answer that nobody waited for may still come.
async fn look(
    session: &mut Session,
    table: &str,
    column: &mut Column,
    partition: Option<&str>,
    rows: Option<u64>,
) -> Result<bool, TargetError> {
    let look = Look::at(column);
    let mut question = vec![
        K::text(if look == Look::Range { RANGE } else { VALUES }),
        K::symbol(table),
        K::symbol(&column.name),
        K::symbol(partition.unwrap_or_default()),
        K::long(LOOKED_AT),
    ];
    match look {
        Look::Values | Look::Labels(_) => {
            question.push(K::long(i64::try_from(MAX_VALUES + 1).unwrap_or(i64::MAX)));
        }
        Look::Range => {}
        Look::Nothing => return Ok(true),
    }
    let answer = match timeout(
        QUESTION_TIMEOUT,
        session.ask(&K::List(question), SMALL_ANSWER),
    )
    .await
    {
        Ok(Ok(answer)) => answer,
        Ok(Err(TargetError::Query { .. })) => return Ok(true),
        Ok(Err(error)) => return Err(error),
        Err(_) => return Ok(false),
    };
    if look == Look::Range {
        let parts = items(&answer);
        if let [least, most] = parts.as_slice() {
            column.range = json::literal(least).zip(json::literal(most));
        }
        return Ok(true);
    }
    let seen: Vec<String> = items(&answer)
        .iter()
        .filter_map(json::literal)
        .map(
            |value| match value.char_indices().nth(sampling::VALUE_CHARS + 1) {
                Some((end, _)) => value[..end].to_owned(),
                None => value,
            },
        )
        .collect();
    let is_whole = partition.is_none() && rows.is_some_and(|rows| rows <= LOOKED_AT as u64);
    (column.values, column.values_complete) = sampling::chosen(seen, &look, is_whole);
    Ok(true)
}

/// The items of a list, each by itself.
fn items(list: &K) -> Vec<K> {
    match list {
        K::List(items) => items.clone(),
        K::Vector { kind, items, .. } => (0..items.len())
            .filter_map(|at| Some(K::Atom(*kind, items.get(at)?)))
            .collect(),
        _ => Vec::new(),
    }
}

fn name(value: &K) -> Option<String> {
    match value {
        K::Atom(Kind::Symbol, Scalar::Symbol(name)) => Some(lossy(name)),
        _ => None,
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
