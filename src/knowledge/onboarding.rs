//! A schema as somebody hands it in: DDL text, a whole dump, or JSON.

use super::overlay;
use crate::query::ddl::{self, DdlError};
use crate::query::{Dialect, Verdict, check};
use crate::schema::{Column, Schema, ValueKind};
use crate::store::RelationshipKind;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use utoipa::ToSchema;

/// Bytes of DDL or JSON in one request.
pub const MAX_SCHEMA_BYTES: usize = 64 * 1024 * 1024;
const MAX_TABLES: usize = 50_000;
const MAX_COLUMNS: usize = 4_096;
/// Of all tables together: what is kept in memory for each is counted in kilobytes.
const MAX_COLUMNS_IN_ALL: usize = 250_000;
const MAX_NAME_BYTES: usize = 512;

/// A schema that was handed in, and what of it could not be used, one sentence each.
#[derive(Clone, Debug, PartialEq)]
pub struct Onboarded {
    pub schema: Schema,
    pub notes: Vec<String>,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum OnboardError {
    #[error(
        "The DDL gives no table: {0}. Send the CREATE TABLE statements in the dataset's dialect."
    )]
    Ddl(#[from] DdlError),
    #[error(
        "The schema is not as documented: {0}. It reads {{\"tables\": [{{\"name\", \"columns\": [{{\"name\", \"type\"}}]}}]}}."
    )]
    Json(String),
    #[error("The schema has no tables.")]
    Empty,
    #[error("{0}")]
    TooLarge(String),
    #[error("{0}")]
    Name(String),
}

pub fn from_ddl(text: &str, dialect: Dialect) -> Result<Onboarded, OnboardError> {
    let read = ddl::read(text, dialect)?;
    let mut schema = read.schema;
    let mut notes = read.unread;
    // a view may stand on another one: as long as one more can be read, go on
    let mut views = read.views;
    loop {
        let before = views.len();
        views.retain(|view| match check(&view.query, dialect, &schema) {
            Verdict::Reject(_) => true,
            Verdict::Accept(query) => {
                let columns = query
                    .output
                    .iter()
                    .map(|output| {
                        let origin = output.origin.as_ref().and_then(|origin| {
                            let at = overlay::find_table(&schema, &origin.table)?;
                            schema.tables[at].column(&origin.column)
                        });
                        Column {
                            name: output.name.clone(),
                            data_type: match (origin, output.kind) {
                                (Some(origin), _) => origin.data_type.clone(),
                                (None, Some(kind)) => declared(kind).to_owned(),
                                (None, None) => String::new(),
                            },
                            nullable: true,
                            ..Column::default()
                        }
                    })
                    .collect();
                schema.tables.push(crate::schema::Table {
                    namespace: view.namespace.clone(),
                    name: view.name.clone(),
                    is_view: true,
                    columns,
                    ..Default::default()
                });
                false
            }
        });
        if views.is_empty() || views.len() == before {
            break;
        }
    }
    for view in views {
        notes.push(format!(
            "The view {} could not be read and is left out.",
            view.name
        ));
    }
    tidy(schema, notes)
}

pub fn from_json(value: serde_json::Value) -> Result<Onboarded, OnboardError> {
    let schema: Schema =
        serde_json::from_value(value).map_err(|error| OnboardError::Json(error.to_string()))?;
    tidy(schema, Vec::new())
}

fn declared(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Integer => "bigint",
        ValueKind::Decimal => "numeric",
        ValueKind::Float => "double precision",
        ValueKind::Boolean => "boolean",
        ValueKind::Text => "text",
        ValueKind::Date => "date",
        ValueKind::Time => "time",
        ValueKind::Timestamp => "timestamp",
        ValueKind::Interval => "interval",
        ValueKind::Uuid => "uuid",
        ValueKind::Json => "json",
        ValueKind::Array | ValueKind::Binary | ValueKind::Other => "",
    }
}

/// What later stages rely on: names that are names, no table or column twice, keys that lead somewhere.
pub fn tidy(mut schema: Schema, mut notes: Vec<String>) -> Result<Onboarded, OnboardError> {
    if schema.tables.len() > MAX_TABLES {
        return Err(OnboardError::TooLarge(format!(
            "The schema has {} tables; at most {MAX_TABLES} can be kept.",
            schema.tables.len()
        )));
    }
    let columns: usize = schema.tables.iter().map(|table| table.columns.len()).sum();
    if columns > MAX_COLUMNS_IN_ALL {
        return Err(OnboardError::TooLarge(format!(
            "The schema has {columns} columns in all; at most {MAX_COLUMNS_IN_ALL} can be kept. Make several datasets of it."
        )));
    }
    schema.tables.retain(|table| {
        if table.columns.is_empty() {
            notes.push(format!("{} has no columns and is left out.", table.name));
        }
        !table.columns.is_empty()
    });
    if schema.tables.is_empty() {
        return Err(OnboardError::Empty);
    }
    let mut seen: HashSet<(Option<&str>, &str)> = HashSet::new();
    for table in &schema.tables {
        usable("table", &table.name)?;
        if !seen.insert((table.namespace.as_deref(), &table.name)) {
            return Err(OnboardError::Name(format!(
                "The table {} is there twice.",
                table.name
            )));
        }
        if table.columns.len() > MAX_COLUMNS {
            return Err(OnboardError::TooLarge(format!(
                "The table {} has {} columns; at most {MAX_COLUMNS} can be kept.",
                table.name,
                table.columns.len()
            )));
        }
        let mut columns = HashSet::new();
        for column in &table.columns {
            usable("column", &column.name)?;
            if !columns.insert(column.name.as_str()) {
                return Err(OnboardError::Name(format!(
                    "The table {} has the column {} twice.",
                    table.name, column.name
                )));
            }
        }
    }
    let known: HashMap<&str, HashSet<&str>> = schema
        .tables
        .iter()
        .map(|table| {
            let columns = table.columns.iter().map(|column| column.name.as_str());
            (table.name.as_str(), columns.collect())
        })
        .collect();
    let mut dead: Vec<(usize, usize)> = Vec::new();
    for (at, table) in schema.tables.iter().enumerate() {
        for (place, key) in table.foreign_keys.iter().enumerate() {
            let own = key.columns.iter().all(|name| table.column(name).is_some());
            let other = known.get(key.ref_table.as_str()).is_some_and(|columns| {
                key.ref_columns
                    .iter()
                    .all(|name| columns.contains(name.as_str()))
            });
            if !own || !other || key.columns.is_empty() {
                notes.push(format!(
                    "A foreign key of {} to {} leads nowhere and is left out.",
                    table.name, key.ref_table
                ));
                dead.push((at, place));
            }
        }
    }
    for (at, place) in dead.into_iter().rev() {
        schema.tables[at].foreign_keys.remove(place);
    }
    for table in &mut schema.tables {
        let columns: HashSet<String> = table.columns.iter().map(|c| c.name.clone()).collect();
        table.primary_key.retain(|name| columns.contains(name));
    }
    Ok(Onboarded { schema, notes })
}

fn usable(what: &str, name: &str) -> Result<(), OnboardError> {
    if name.trim().is_empty() {
        return Err(OnboardError::Name(format!("A {what} has no name.")));
    }
    if name.len() > MAX_NAME_BYTES || name.contains('\0') {
        let shown: String = name.chars().take(40).collect();
        return Err(OnboardError::Name(format!(
            "The {what} name {shown:?}… cannot be used: at most {MAX_NAME_BYTES} bytes, no NUL."
        )));
    }
    Ok(())
}

/// A table, column or relationship, as onboarding reports it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum SchemaNode {
    Table {
        name: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        namespace: Option<String>,
        is_view: bool,
        column_count: usize,
        primary_key: Vec<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        row_estimate: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    },
    Column {
        table: String,
        name: String,
        #[serde(rename = "type")]
        data_type: String,
        nullable: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    },
    Relationship {
        from_table: String,
        from_columns: Vec<String>,
        to_table: String,
        to_columns: Vec<String>,
        relationship: RelationshipKind,
    },
}

/// The schema in nodes: each table, its columns, and then what joins what.
pub fn nodes(schema: &Schema) -> Vec<SchemaNode> {
    let mut nodes = Vec::new();
    for table in &schema.tables {
        nodes.push(SchemaNode::Table {
            name: table.name.clone(),
            namespace: table.namespace.clone(),
            is_view: table.is_view,
            column_count: table.columns.len(),
            primary_key: table.primary_key.clone(),
            row_estimate: table.row_estimate,
            description: table.description.clone(),
        });
        nodes.extend(table.columns.iter().map(|column| SchemaNode::Column {
            table: table.name.clone(),
            name: column.name.clone(),
            data_type: column.data_type.clone(),
            nullable: column.nullable,
            description: column.description.clone(),
        }));
    }
    for table in &schema.tables {
        for key in &table.foreign_keys {
            let primary = || {
                overlay::find_table(schema, &key.ref_table)
                    .map(|at| schema.tables[at].primary_key.clone())
                    .unwrap_or_default()
            };
            nodes.push(SchemaNode::Relationship {
                from_table: table.name.clone(),
                from_columns: key.columns.clone(),
                to_table: key.ref_table.clone(),
                to_columns: if key.ref_columns.is_empty() {
                    primary()
                } else {
                    key.ref_columns.clone()
                },
                relationship: overlay::kind_of(table, key),
            });
        }
    }
    nodes
}

#[cfg(test)]
mod tests;
