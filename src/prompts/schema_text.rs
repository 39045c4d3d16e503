//! How a schema reads in a prompt: like `create table`, because models have read millions of those.

use super::{clip, line};
use crate::query::{Dialect, spelling};
use crate::schema::{Column, Schema, Table};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A column with more known values than this shows only the most frequent ones, as examples.
const ALL_VALUES: usize = 20;
const SOME_VALUES: usize = 6;
const VALUE_CHARS: usize = 40;
const DESCRIPTION_CHARS: usize = 200;

/// The tables of those names in that order, or all of them when none is named; unknown names are left out.
///
/// Comments, values, ranges and declared types come from the data and are treated as hostile: one line
/// each, clipped, quoted.
pub fn schema_text<S: AsRef<str>>(schema: &Schema, tables: &[S], dialect: Dialect) -> String {
    let chosen: Vec<&Table> = if tables.is_empty() {
        schema.tables.iter().collect()
    } else {
        let mut seen = BTreeSet::new();
        tables
            .iter()
            .filter_map(|name| find(schema, name.as_ref()))
            .filter(|table| seen.insert((&table.namespace, &table.name)))
            .collect()
    };
    let mut out = String::new();
    for table in chosen {
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        write_table(&mut out, table, schema, dialect);
    }
    out
}

/// By name, or by namespace and name (`sales.orders`).
fn find<'s>(schema: &'s Schema, name: &str) -> Option<&'s Table> {
    schema.table(name).or_else(|| {
        let (namespace, name) = name.split_once('.')?;
        schema
            .tables
            .iter()
            .find(|table| table.name == name && table.namespace.as_deref() == Some(namespace))
    })
}

fn write_table(out: &mut String, table: &Table, schema: &Schema, dialect: Dialect) {
    let kind = if table.is_view { "VIEW" } else { "TABLE" };
    let mut about = Vec::new();
    if let Some(rows) = table.row_estimate {
        about.push(format!("about {rows} rows"));
    }
    about.extend(described(table.description.as_deref()));
    about.extend(also(&table.synonyms));
    let _ = write!(out, "CREATE {kind} {} (", full_name(table, schema, dialect));
    if !about.is_empty() {
        let _ = write!(out, " -- {}", about.join("; "));
    }
    out.push('\n');

    let keys = keys(table, schema, dialect);
    let last = table.columns.len().saturating_sub(1);
    for (at, column) in table.columns.iter().enumerate() {
        let comma = if at == last && keys.is_empty() {
            ""
        } else {
            ","
        };
        let _ = write!(out, "  {}{comma}", definition(column, dialect));
        let about = about_column(column);
        if !about.is_empty() {
            let _ = write!(out, " -- {}", about.join("; "));
        }
        out.push('\n');
    }
    for (at, key) in keys.iter().enumerate() {
        let comma = if at + 1 == keys.len() { "" } else { "," };
        let _ = writeln!(out, "  {key}{comma}");
    }
    out.push_str(");");
}

fn definition(column: &Column, dialect: Dialect) -> String {
    let mut text = quoted(&column.name, dialect);
    let declared = clip(&line(&column.data_type), 60);
    if !declared.is_empty() {
        let _ = write!(text, " {declared}");
    }
    if !column.nullable {
        text.push_str(" NOT NULL");
    }
    text
}

fn about_column(column: &Column) -> Vec<String> {
    let mut about: Vec<String> = described(column.description.as_deref())
        .into_iter()
        .collect();
    about.extend(also(&column.synonyms));
    let all = column.values_complete && column.values.len() <= ALL_VALUES;
    let shown = if all { ALL_VALUES } else { SOME_VALUES };
    let values: Vec<String> = column
        .values
        .iter()
        .take(shown)
        .map(|value| literal(value))
        .collect();
    match values.as_slice() {
        [] => {}
        [one] if all => about.push(format!("always {one}")),
        _ if all => about.push(format!("one of {}", values.join(", "))),
        _ => about.push(format!("e.g. {}", values.join(", "))),
    }
    if let Some((least, most)) = &column.range {
        about.push(format!(
            "from {} to {}",
            clip(&line(least), VALUE_CHARS),
            clip(&line(most), VALUE_CHARS)
        ));
    }
    about
}

fn described(description: Option<&str>) -> Option<String> {
    let text = clip(&line(description?), DESCRIPTION_CHARS);
    (!text.is_empty()).then_some(text)
}

fn also(synonyms: &[String]) -> Option<String> {
    let names: Vec<String> = synonyms
        .iter()
        .take(8)
        .map(|name| clip(&line(name), VALUE_CHARS))
        .collect();
    (!names.is_empty()).then(|| format!("also called {}", names.join(", ")))
}

fn keys(table: &Table, schema: &Schema, dialect: Dialect) -> Vec<String> {
    let mut keys = Vec::new();
    if !table.primary_key.is_empty() {
        keys.push(format!(
            "PRIMARY KEY ({})",
            list(&table.primary_key, dialect)
        ));
    }
    for key in &table.foreign_keys {
        let other = schema.tables.iter().find(|t| {
            t.name == key.ref_table
                && (key.ref_namespace.is_none() || t.namespace == key.ref_namespace)
        });
        let name = match other {
            Some(other) => full_name(other, schema, dialect),
            None => quoted(&key.ref_table, dialect),
        };
        let columns = match (&key.ref_columns[..], other) {
            ([], Some(other)) => &other.primary_key[..],
            (columns, _) => columns,
        };
        let mut text = format!(
            "FOREIGN KEY ({}) REFERENCES {name}",
            list(&key.columns, dialect)
        );
        if !columns.is_empty() {
            let _ = write!(text, " ({})", list(columns, dialect));
        }
        keys.push(text);
    }
    keys
}

fn list(names: &[String], dialect: Dialect) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name, dialect)).collect();
    names.join(", ")
}

/// With its namespace, where a query needs it: outside `public` and `main`, or where two tables share
/// a name.
fn full_name(table: &Table, schema: &Schema, dialect: Dialect) -> String {
    let name = quoted(&table.name, dialect);
    let Some(namespace) = &table.namespace else {
        return name;
    };
    let twins = schema
        .tables
        .iter()
        .filter(|t| t.name == table.name)
        .count();
    if twins < 2 && matches!(namespace.as_str(), "public" | "main") {
        return name;
    }
    format!("{}.{name}", quoted(namespace, dialect))
}

/// A name as a query must write it.
fn quoted(name: &str, dialect: Dialect) -> String {
    let name = clip(&name.replace(|c: char| c.is_control(), " "), 128);
    spelling::written(&name, dialect)
}

/// A value as a query would write it.
fn literal(value: &str) -> String {
    format!("'{}'", clip(&line(value), VALUE_CHARS).replace('\'', "''"))
}
