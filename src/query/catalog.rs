//! A schema made ready for looking names up as one engine does.

use super::{ColumnRef, Dialect};
use crate::schema::{Schema, ValueKind};
use std::collections::HashMap;

/// A table of a [`Catalog`].
pub(super) type TableId = u32;
/// A table, and a column within it.
pub(super) type ColumnId = (u32, u32);

#[derive(Debug)]
pub(super) struct Catalog {
    pub dialect: Dialect,
    pub tables: Vec<Table>,
    by_key: HashMap<String, Vec<TableId>>,
    /// Which tables have a column of that key.
    by_column: HashMap<String, Vec<TableId>>,
    namespaces: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Table {
    pub namespace: Option<String>,
    pub name: String,
    pub columns: Vec<Column>,
    /// Positions of the primary key's columns.
    pub primary_key: Vec<u32>,
    /// The engine's estimate.
    pub rows: Option<f64>,
    by_key: HashMap<String, u32>,
}

#[derive(Debug)]
pub(super) struct Column {
    pub key: String,
    pub name: String,
    /// The first word of the declared type, lower-cased.
    pub declared: String,
    pub kind: ValueKind,
}

/// The answer to a table's name.
pub(super) enum TableFound {
    One(TableId),
    None,
    /// Only in another namespace than the engine would look in.
    Elsewhere(TableId),
}

impl Catalog {
    pub fn new(schema: &Schema, dialect: Dialect) -> Self {
        let mut catalog = Self {
            dialect,
            tables: Vec::with_capacity(schema.tables.len()),
            by_key: HashMap::with_capacity(schema.tables.len()),
            by_column: HashMap::new(),
            namespaces: Vec::new(),
        };
        for table in &schema.tables {
            let id = catalog.tables.len() as TableId;
            let columns: Vec<Column> = table
                .columns
                .iter()
                .map(|column| Column {
                    key: column_key(&column.name, dialect),
                    name: column.name.clone(),
                    declared: first_word(&column.data_type),
                    kind: column.kind(),
                })
                .collect();
            let mut by_key = HashMap::with_capacity(columns.len());
            for (at, column) in columns.iter().enumerate() {
                by_key.entry(column.key.clone()).or_insert(at as u32);
                let homes = catalog.by_column.entry(column.key.clone()).or_default();
                if homes.last() != Some(&id) {
                    homes.push(id);
                }
            }
            let primary_key = table
                .primary_key
                .iter()
                .filter_map(|name| by_key.get(&column_key(name, dialect)).copied())
                .collect();
            let key = table_key(&table.name, dialect);
            catalog.by_key.entry(key).or_default().push(id);
            if let Some(namespace) = &table.namespace
                && !catalog.namespaces.contains(namespace)
            {
                catalog.namespaces.push(namespace.clone());
            }
            catalog.tables.push(Table {
                namespace: table.namespace.clone(),
                name: table.name.clone(),
                columns,
                primary_key,
                rows: table.row_estimate.map(|rows| rows as f64),
                by_key,
            });
        }
        catalog
    }

    pub fn table(&self, id: TableId) -> &Table {
        &self.tables[id as usize]
    }

    pub fn column(&self, id: ColumnId) -> &Column {
        &self.tables[id.0 as usize].columns[id.1 as usize]
    }

    pub fn column_ref(&self, id: ColumnId) -> ColumnRef {
        ColumnRef {
            table: self.shown(id.0),
            column: self.column(id).name.clone(),
        }
    }

    /// The table's name, with its namespace where the name alone could be another's.
    pub fn shown(&self, id: TableId) -> String {
        let table = self.table(id);
        let key = table_key(&table.name, self.dialect);
        match &table.namespace {
            Some(namespace) if self.by_key[&key].len() > 1 => {
                format!("{namespace}.{}", table.name)
            }
            _ => table.name.clone(),
        }
    }

    /// `key` and `namespace` already folded as the engine folds them.
    pub fn find(&self, namespace: Option<&str>, key: &str) -> TableFound {
        let Some(ids) = self.by_key.get(key) else {
            return TableFound::None;
        };
        match namespace {
            Some(wanted) => ids
                .iter()
                .find(|&&id| match &self.table(id).namespace {
                    Some(own) => column_key(own, self.dialect) == column_key(wanted, self.dialect),
                    None => Some(wanted) == default_namespace(self.dialect),
                })
                .map_or(TableFound::None, |&id| TableFound::One(id)),
            None => {
                let at_hand = ids.iter().find(|&&id| match &self.table(id).namespace {
                    None => true,
                    Some(own) => {
                        self.namespaces.len() == 1
                            || Some(own.as_str()) == default_namespace(self.dialect)
                    }
                });
                match at_hand {
                    Some(&id) => TableFound::One(id),
                    None => TableFound::Elsewhere(ids[0]),
                }
            }
        }
    }

    /// Tables that have a column of that key.
    pub fn homes(&self, key: &str) -> &[TableId] {
        self.by_column.get(key).map_or(&[], Vec::as_slice)
    }

    /// Whether some column is declared with this type: an enum or a domain of the customer's own.
    pub fn declares(&self, data_type: &str) -> bool {
        let word = first_word(data_type);
        self.tables
            .iter()
            .any(|table| table.columns.iter().any(|column| column.declared == word))
    }
}

impl Table {
    pub fn find(&self, key: &str) -> Option<u32> {
        self.by_key.get(key).copied()
    }
}

/// Under which a column is found, from its name in the schema or in quotes.
pub(super) fn column_key(name: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Postgres | Dialect::Kdb => name.to_owned(),
        Dialect::Mysql => name.to_lowercase(),
        Dialect::Sqlite | Dialect::Duckdb => name.to_ascii_lowercase(),
    }
}

/// As [`column_key`]; MySQL keeps the case of tables apart, as it does on Linux.
pub(super) fn table_key(name: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Mysql => name.to_owned(),
        _ => column_key(name, dialect),
    }
}

/// What stands before a table's name when the schema says nothing.
pub(super) fn default_namespace(dialect: Dialect) -> Option<&'static str> {
    match dialect {
        Dialect::Postgres => Some("public"),
        Dialect::Sqlite | Dialect::Duckdb => Some("main"),
        Dialect::Mysql | Dialect::Kdb => None,
    }
}

fn first_word(data_type: &str) -> String {
    data_type
        .trim()
        .split(|c: char| c == '(' || c.is_whitespace())
        .next()
        .unwrap_or("")
        .trim_matches('"')
        .to_ascii_lowercase()
}
