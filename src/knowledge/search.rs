//! Search over one schema snapshot: which tables, columns and values a question is about.
//!
//! A question becomes concepts (a word with its inflections, synonyms, abbreviations, typing errors); each concept
//! is weighed against every name, description and value of the schema; what it finds is added up per table and,
//! in a catalogue of several schemas, per schema, because one question is about one schema. Then joins are completed.

mod index;
mod joins;
mod lexicon;
mod question;
mod ranking;
mod typos;
mod values;
mod words;

use crate::schema::Schema;
use index::Index;
use joins::Joins;
use lexicon::Lexicon;
use question::Question;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, LazyLock};
use values::Values;
use words::Stemmers;

pub use ranking::Weights;

/// An index over one snapshot; built once per version, shared, never changed.
pub struct SearchIndex {
    tables: Vec<TableNames>,
    index: Index,
    joins: Joins,
    values: Values,
    language: Arc<LanguageTools>,
    weights: Weights,
}

/// What the answers name; the snapshot itself is not kept.
struct TableNames {
    /// As people know it; with its namespace where the snapshot has several.
    shown: String,
    columns: Vec<String>,
}

struct LanguageTools {
    stemmers: Stemmers,
    lexicon: Lexicon,
}

static LANGUAGE: LazyLock<Arc<LanguageTools>> = LazyLock::new(|| {
    let stemmers = Stemmers::new();
    let lexicon = Lexicon::new(&stemmers);
    Arc::new(LanguageTools { stemmers, lexicon })
});

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
    /// Its name, with its namespace in front (`sales.orders`) where the snapshot has several.
    pub name: String,
    /// In 0..=1, comparable within one search only.
    pub score: f32,
    /// One phrase: `name matches "orders"`, `joins orders and products`.
    pub why: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnHit {
    /// Named as in [`TableHit::name`].
    pub table: String,
    pub name: String,
    pub score: f32,
}

/// A word of the question that is a value in the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueHit {
    /// Named as in [`TableHit::name`].
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
        let language = LANGUAGE.clone();
        let index = Index::build(schema, &language.stemmers, &language.lexicon);
        let joins = Joins::build(schema, &index.table_group);
        let several = index.group_tables.len() > 1;
        let tables = schema
            .tables
            .iter()
            .map(|table| TableNames {
                shown: match &table.namespace {
                    Some(namespace) if several => format!("{namespace}.{}", table.name),
                    _ => table.name.clone(),
                },
                columns: table.columns.iter().map(|c| c.name.clone()).collect(),
            })
            .collect();
        Self {
            tables,
            joins,
            values: Values::build(schema),
            language,
            weights: Weights::default(),
            index,
        }
    }

    #[doc(hidden)]
    pub fn with_weights(mut self, weights: Weights) -> Self {
        self.weights = weights;
        self
    }

    /// At most `limit` tables; the cut is adaptive below that. No table at all means that nothing was recognised.
    pub fn search(&self, question: &str, limit: usize) -> Found {
        let LanguageTools { stemmers, lexicon } = &*self.language;
        let asked = Question::new(question, &self.index, stemmers, lexicon, &self.weights);
        ranking::rank(self, question, &asked, limit)
    }

    /// The `n` table names that look most like a word of the question, for when nothing was found.
    pub fn nearest(&self, question: &str, n: usize) -> Vec<String> {
        let asked: Vec<String> = words::spoken_words(question)
            .into_iter()
            .map(|word| word.folded)
            .filter(|word| {
                word.chars().count() > 2 && !words::is_little(word, words::Language::English)
            })
            .collect();
        let mut scored: Vec<(f64, &str)> = self
            .tables
            .iter()
            .map(|table| {
                let bare = table.shown.rsplit('.').next().unwrap_or(&table.shown);
                let whole = words::fold(bare);
                let parts = words::identifier_words(bare);
                let columns = table.columns.iter().map(|c| (0.7, words::fold(c)));
                let mut likeness = 0.0f64;
                for (trust, name) in parts
                    .into_iter()
                    .chain([whole])
                    .map(|p| (1.0, p))
                    .chain(columns)
                {
                    for word in &asked {
                        likeness = likeness.max(trust * strsim::jaro_winkler(word, &name));
                    }
                }
                (likeness, table.shown.as_str())
            })
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        scored
            .into_iter()
            .take(n)
            .map(|(_, name)| name.to_owned())
            .collect()
    }
}
