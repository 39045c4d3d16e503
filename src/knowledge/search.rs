//! Search over one schema snapshot: which tables, columns and values a question is about.

use crate::schema::Schema;
use serde::{Deserialize, Serialize};

/// An index over one snapshot; built once per version, shared, never changed.
pub struct SearchIndex {}

/// What a question seems to be about, each list best first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub tables: Vec<TableHit>,
    pub columns: Vec<ColumnHit>,
    pub values: Vec<ValueHit>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableHit {
    /// Position in [`Schema::tables`].
    #[serde(skip)]
    pub table: usize,
    pub name: String,
    /// In 0..=1, comparable within one search only.
    pub score: f32,
    /// One phrase: `name matches "orders"`, `joins orders and products`.
    pub why: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnHit {
    pub table: String,
    pub name: String,
    pub score: f32,
}

/// A word of the question that is a value in the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueHit {
    pub table: String,
    pub column: String,
    /// As it stands in the data.
    pub value: String,
    /// As it stands in the question.
    pub mention: String,
    pub score: f32,
}

impl SearchIndex {
    pub fn build(schema: &Schema) -> Self {
        let _ = schema;
        Self {}
    }

    /// At most `limit` tables; the cut is adaptive below that.
    pub fn search(&self, question: &str, limit: usize) -> Found {
        let _ = (question, limit);
        Found::default()
    }
}
