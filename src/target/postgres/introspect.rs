//! What is in a PostgreSQL database: a handful of catalogue queries, then a bounded look at the values.
//!
//! Small tables are read whole (once for ranges and the count, once for every eight columns with values);
//! of large ones a sample, and what the server's own statistics know. Nothing is ever read
//! whole that might be large, and what takes too long stays unseen: a schema without values is still a schema.

use super::session::Sessions;
use super::{quoted, refused};
use crate::schema::{Column, ForeignKey, Schema, Table};
use crate::target::TargetError;
use crate::target::sampling::{Look, MAX_VALUES, SAMPLE_ROWS, SMALL_ROWS, VALUE_CHARS, chosen};
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection, Row};
use std::collections::HashMap;
use std::fmt::Write;
use std::time::Duration;
use tokio::time::Instant;

/// Columns in one statement: fewer statements, and none that runs for ever.
const COLUMNS_AT_ONCE: usize = 8;
const CATALOGUE_TIMEOUT: &str = "20s";
const VALUES_TIMEOUT: &str = "3s";

pub(super) async fn introspect(
    sessions: &Sessions,
    search_path: &str,
    allowed: Duration,
) -> Result<Schema, TargetError> {
    let deadline = Instant::now() + allowed;
    let mut connection = sessions.connect().await?;
    let mut relations = catalogue(&mut connection, search_path)
        .await
        .map_err(|error| refused(error, 0))?;
    for relation in &mut relations {
        if Instant::now() > deadline {
            tracing::warn!("no time left to look at values; the rest of the tables go without");
            break;
        }
        if let Err(error) = look_at_values(&mut connection, relation).await {
            if !matches!(error, sqlx::Error::Database(_)) {
                return Err(refused(error, 0));
            }
            // a view that takes too long, a foreign server that is away: not worth failing for
            tracing::warn!(%error, table = relation.table.name, "its values stay unseen");
        }
    }
    let _ = connection.close().await;
    Ok(Schema {
        tables: relations
            .into_iter()
            .map(|relation| relation.table)
            .collect(),
    })
}

/// A table, with what only this module needs to know about it.
struct Relation {
    oid: i64,
    table: Table,
    /// For each column: how its values are looked at.
    looks: Vec<Look>,
    /// `pg_class.reltuples`; negative when nobody counted yet.
    estimate: i64,
    /// A plain or materialised table, of which the server can sample pages.
    can_sample: bool,
}

impl Relation {
    fn quoted_name(&self) -> String {
        let namespace = self.table.namespace.as_deref().unwrap_or("public");
        format!("{}.{}", quoted(namespace), quoted(&self.table.name))
    }

    fn places(&self, wanted: impl Fn(&Look) -> bool) -> Vec<usize> {
        let places = 0..self.looks.len();
        places.filter(|place| wanted(&self.looks[*place])).collect()
    }
}

async fn catalogue(
    connection: &mut PgConnection,
    search_path: &str,
) -> Result<Vec<Relation>, sqlx::Error> {
    session_settings(connection, search_path, CATALOGUE_TIMEOUT).await?;
    let mut relations = Vec::new();
    let mut place_of: HashMap<i64, usize> = HashMap::new();
    for row in sqlx::query(TABLES).fetch_all(&mut *connection).await? {
        let kind: String = row.try_get("kind")?;
        let oid = row.try_get("oid")?;
        place_of.insert(oid, relations.len());
        relations.push(Relation {
            oid,
            table: Table {
                namespace: row.try_get("namespace")?,
                name: row.try_get("name")?,
                is_view: matches!(kind.as_str(), "v" | "m"),
                description: row.try_get("description")?,
                ..Table::default()
            },
            looks: Vec::new(),
            estimate: row.try_get("estimate")?,
            can_sample: matches!(kind.as_str(), "r" | "m" | "p"),
        });
    }
    let labels = labels(connection).await?;
    for row in sqlx::query(COLUMNS).fetch_all(&mut *connection).await? {
        let Some(place) = place_of.get(&row.try_get("oid")?) else {
            continue;
        };
        let (column, look) = column(&row, &labels)?;
        relations[*place].table.columns.push(column);
        relations[*place].looks.push(look);
    }
    for row in sqlx::query(KEYS).fetch_all(&mut *connection).await? {
        let Some(place) = place_of.get(&row.try_get("oid")?).copied() else {
            continue;
        };
        let columns: Vec<String> = row.try_get("columns")?;
        if row.try_get("is_primary")? {
            relations[place].table.primary_key = columns;
        } else if let Some(other) = place_of.get(&row.try_get("ref_oid")?).copied() {
            let foreign_key = ForeignKey {
                columns,
                ref_namespace: relations[other].table.namespace.clone(),
                ref_table: relations[other].table.name.clone(),
                ref_columns: row.try_get("ref_columns")?,
            };
            relations[place].table.foreign_keys.push(foreign_key);
        }
    }
    relations.retain(|relation| !relation.table.columns.is_empty());
    session_settings(connection, search_path, VALUES_TIMEOUT).await?;
    Ok(relations)
}

async fn session_settings(
    connection: &mut PgConnection,
    search_path: &str,
    timeout: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "select set_config('default_transaction_read_only', 'on', false),
                set_config('statement_timeout', $1, false),
                set_config('lock_timeout', '2s', false),
                set_config('search_path', $2, false),
                set_config('datestyle', 'ISO, YMD', false)",
    )
    .bind(timeout)
    // a type is printed with its namespace when that is not on the path
    .bind(search_path)
    .execute(connection)
    .await?;
    Ok(())
}

async fn labels(connection: &mut PgConnection) -> Result<HashMap<i64, Vec<String>>, sqlx::Error> {
    let mut labels: HashMap<i64, Vec<String>> = HashMap::new();
    let rows = sqlx::query(
        "select enumtypid::int8 as oid, enumlabel::text as label
           from pg_enum order by enumtypid, enumsortorder",
    );
    for row in rows.fetch_all(connection).await? {
        let label = row.try_get("label")?;
        labels.entry(row.try_get("oid")?).or_default().push(label);
    }
    Ok(labels)
}

fn column(row: &PgRow, labels: &HashMap<i64, Vec<String>>) -> Result<(Column, Look), sqlx::Error> {
    let column = Column {
        name: row.try_get("name")?,
        data_type: row.try_get("type")?,
        nullable: row.try_get("nullable")?,
        default: row.try_get("default")?,
        description: row.try_get("description")?,
        ..Column::default()
    };
    let type_oid = row.try_get("type_oid")?;
    let look = match labels.get(&type_oid) {
        Some(labels) => Look::Labels(labels.clone()),
        None => Look::at(&column),
    };
    Ok((column, look))
}

async fn look_at_values(
    connection: &mut PgConnection,
    relation: &mut Relation,
) -> Result<(), sqlx::Error> {
    for place in 0..relation.looks.len() {
        if let Look::Labels(labels) = &relation.looks[place] {
            let column = &mut relation.table.columns[place];
            column.values = labels.clone();
            column.values_complete = true;
        }
    }
    if relation.estimate <= 0 {
        relation.estimate = bounded_count(connection, relation).await?;
    }
    let rows = u64::try_from(relation.estimate).unwrap_or_default();
    relation.table.row_estimate = Some(rows);
    if relation.estimate <= SMALL_ROWS {
        exact_ranges(connection, relation).await?;
        let source = relation.quoted_name();
        return values(connection, relation, &source, true).await;
    }
    if relation.can_sample {
        statistical_ranges(connection, relation).await?;
    }
    let source = sample(relation);
    values(connection, relation, &source, false).await
}

/// Stops at one more than a small table has.
async fn bounded_count(
    connection: &mut PgConnection,
    relation: &Relation,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(AssertSqlSafe(format!(
        "select count(*) from (select from {} limit {}) as t",
        relation.quoted_name(),
        SMALL_ROWS + 1
    )))
    .persistent(false)
    .fetch_one(connection)
    .await
}

fn sample(relation: &Relation) -> String {
    let name = relation.quoted_name();
    if !relation.can_sample {
        return format!("(select * from {name} limit {SAMPLE_ROWS}) as t");
    }
    #[allow(clippy::cast_precision_loss, reason = "a percentage of an estimate")]
    let percent = (100.0 * SAMPLE_ROWS as f64 / relation.estimate as f64).clamp(0.000_1, 100.0);
    format!("(select * from {name} tablesample system ({percent:.6}) limit {SAMPLE_ROWS}) as t")
}

async fn exact_ranges(
    connection: &mut PgConnection,
    relation: &mut Relation,
) -> Result<(), sqlx::Error> {
    let places = relation.places(|look| *look == Look::Range);
    let groups: Vec<&[usize]> = if places.is_empty() {
        vec![&[]]
    } else {
        places.chunks(COLUMNS_AT_ONCE).collect()
    };
    for group in groups {
        let mut sql = String::from("select count(*)");
        for place in group {
            let name = quoted(&relation.table.columns[*place].name);
            let _ = write!(sql, ", min({name})::text, max({name})::text");
        }
        let _ = write!(sql, " from {}", relation.quoted_name());
        let row = sqlx::query(AssertSqlSafe(sql))
            .persistent(false)
            .fetch_one(&mut *connection)
            .await?;
        relation.table.row_estimate = row.try_get::<i64, _>(0)?.try_into().ok();
        for (nth, place) in group.iter().enumerate() {
            let least: Option<String> = row.try_get(1 + 2 * nth)?;
            let most: Option<String> = row.try_get(2 + 2 * nth)?;
            relation.table.columns[*place].range = least.zip(most);
        }
    }
    Ok(())
}

/// From what ANALYZE saw: the ends of its histogram and its most common values.
async fn statistical_ranges(
    connection: &mut PgConnection,
    relation: &mut Relation,
) -> Result<(), sqlx::Error> {
    let known = sqlx::query(STATISTICS)
        .bind(relation.oid)
        .fetch_all(&mut *connection)
        .await?;
    for row in known {
        let name: String = row.try_get("name")?;
        let seen: Vec<String> = row.try_get("seen")?;
        let Some(place) = relation
            .table
            .columns
            .iter()
            .position(|column| column.name == name)
        else {
            continue;
        };
        if relation.looks[place] != Look::Range || seen.is_empty() {
            continue;
        }
        // compared as what they are, not as text
        let data_type = &relation.table.columns[place].data_type;
        let row = sqlx::query(AssertSqlSafe(format!(
            "select min(v::{data_type})::text, max(v::{data_type})::text from unnest($1::text[]) as v"
        )))
        .bind(&seen)
        .persistent(false)
        .fetch_one(&mut *connection)
        .await?;
        let least: Option<String> = row.try_get(0)?;
        let most: Option<String> = row.try_get(1)?;
        relation.table.columns[place].range = least.zip(most);
    }
    Ok(())
}

/// The distinct values in `source`, which is the whole table when `is_whole`.
async fn values(
    connection: &mut PgConnection,
    relation: &mut Relation,
    source: &str,
    is_whole: bool,
) -> Result<(), sqlx::Error> {
    let places = relation.places(|look| matches!(look, Look::Values | Look::Labels(_)));
    for group in places.chunks(COLUMNS_AT_ONCE) {
        let mut sql = String::from("select * from (");
        for (nth, place) in group.iter().enumerate() {
            let name = quoted(&relation.table.columns[*place].name);
            let union = if nth == 0 { "" } else { " union all " };
            let _ = write!(
                sql,
                "{union}(select {place}::int4 as place, left({name}::text, {}) as value, count(*) as n \
                 from {source} where {name} is not null group by 2 order by 3 desc, 2 limit {})",
                VALUE_CHARS + 1,
                MAX_VALUES + 1
            );
        }
        let _ = write!(sql, ") as v order by place, n desc, value");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .persistent(false)
            .fetch_all(&mut *connection)
            .await?;
        let mut found: HashMap<usize, Vec<String>> = HashMap::new();
        for row in rows {
            let place = usize::try_from(row.try_get::<i32, _>("place")?).unwrap_or_default();
            found.entry(place).or_default().push(row.try_get("value")?);
        }
        for place in group {
            let seen = found.remove(place).unwrap_or_default();
            let look = &relation.looks[*place];
            let column = &mut relation.table.columns[*place];
            (column.values, column.values_complete) = chosen(seen, look, is_whole);
        }
    }
    Ok(())
}

/// Every relation the role can read from; what belongs to an extension is nobody's data.
const TABLES: &str = "
select c.oid::int8 as oid, n.nspname::text as namespace, c.relname::text as name,
       c.relkind::text as kind, c.reltuples::int8 as estimate,
       obj_description(c.oid, 'pg_class') as description
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p', 'v', 'm', 'f')
   and not c.relispartition
   and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   and has_schema_privilege(n.oid, 'usage')
   and (has_table_privilege(c.oid, 'select') or has_any_column_privilege(c.oid, 'select'))
   and not exists (select from pg_depend d
                    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
 order by n.nspname <> 'public', n.nspname, c.relname";

/// A domain counts as the type below it, for that decides what one can do with its values.
const COLUMNS: &str = "
select a.attrelid::int8 as oid, a.attname::text as name,
       case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod)
            else format_type(a.atttypid, a.atttypmod) end as type,
       case when t.typtype = 'd' then t.typbasetype else t.oid end::int8 as type_oid,
       not (a.attnotnull or t.typnotnull) as nullable,
       case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as default,
       col_description(a.attrelid, a.attnum) as description
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid
  join pg_namespace n on n.oid = c.relnamespace
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
 where a.attnum > 0 and not a.attisdropped
   and c.relkind in ('r', 'p', 'v', 'm', 'f')
   and not c.relispartition
   and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
   and has_column_privilege(c.oid, a.attnum, 'select')
 order by a.attrelid, a.attnum";

const KEYS: &str = "
select k.conrelid::int8 as oid, k.contype = 'p' as is_primary, k.confrelid::int8 as ref_oid,
       array(select a.attname::text
               from unnest(k.conkey) with ordinality as u (num, nth)
               join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num
              order by u.nth) as columns,
       array(select a.attname::text
               from unnest(k.confkey) with ordinality as u (num, nth)
               join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num
              order by u.nth) as ref_columns
  from pg_constraint k
 where k.contype in ('p', 'f') and k.conparentid = 0
 order by k.conrelid, k.conname";

const STATISTICS: &str = "
select s.attname::text as name,
       coalesce((s.histogram_bounds::text::text[])[1:1], '{}')
       || coalesce((s.histogram_bounds::text::text[])[array_upper(s.histogram_bounds::text::text[], 1):], '{}')
       || coalesce(s.most_common_vals::text::text[], '{}') as seen
  from pg_stats s
  join pg_class c on c.relname = s.tablename
  join pg_namespace n on n.oid = c.relnamespace and n.nspname = s.schemaname
 where c.oid = $1::oid";
