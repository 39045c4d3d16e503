//! Meaning beside words: how near a question's vector is to each table's.

use super::languages::{self, KnownLanguages};
use super::weights::WEIGHTS;
use crate::schema::Schema;
use std::collections::HashMap;

/// Vectors of all tables and of the words of their names, made by one embedder.
pub(super) struct SchemaVectors {
    embedder: String,
    dimension: usize,
    /// One after another, each of length one.
    tables: Vec<f32>,
    words: Vec<f32>,
    /// Per word the term it belongs to.
    terms: Vec<u32>,
    known: KnownLanguages,
}

/// How near a question is to each table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Nearness {
    /// From 0 for an ordinary table to 1 for the nearest of them.
    pub tables: Vec<f32>,
    /// Of the nearest.
    pub cosine: f32,
    /// How many standard deviations the nearest stands above the mean.
    pub peak: f32,
    /// How far the embedder knows the question's language, in 0..=1.
    pub understood: f32,
}

/// Vectors that do not belong to the index they were handed to.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum VectorMismatch {
    #[error("{vectors} vectors for {texts} texts")]
    Count { vectors: usize, texts: usize },
    #[error("vectors of different dimensions")]
    Dimension,
    #[error("a vector without direction")]
    Direction,
}

impl SchemaVectors {
    /// `vectors` are those of `tables` documents, then of a word for each of `terms`, then of [`languages::probes`].
    pub fn new(
        embedder: &str,
        vectors: &[Vec<f32>],
        tables: usize,
        terms: Vec<u32>,
    ) -> Result<Self, VectorMismatch> {
        let probes = languages::probes().len();
        let texts = tables + terms.len() + probes;
        if vectors.len() != texts {
            return Err(VectorMismatch::Count {
                vectors: vectors.len(),
                texts,
            });
        }
        let dimension = vectors.first().map_or(0, Vec::len);
        if dimension == 0 && tables > 0 {
            return Err(VectorMismatch::Dimension);
        }
        let mut numbers = Vec::with_capacity(dimension * vectors.len());
        for vector in vectors {
            if vector.len() != dimension {
                return Err(VectorMismatch::Dimension);
            }
            let length = length(vector).ok_or(VectorMismatch::Direction)?;
            numbers.extend(vector.iter().map(|x| x / length));
        }
        let mut words = numbers.split_off(dimension * tables);
        let probes = words.split_off(dimension * terms.len());
        let likeness = |a: usize, b: usize| {
            let vector = |n: usize| &probes[n * dimension..(n + 1) * dimension];
            dot(vector(a), vector(b))
        };
        Ok(Self {
            embedder: embedder.to_owned(),
            dimension,
            tables: numbers,
            words,
            terms,
            known: KnownLanguages::told_by(likeness),
        })
    }

    /// How far the embedder knows the language of `question`, in 0..=1.
    pub fn understands(&self, question: &str) -> f32 {
        self.known.of(question)
    }

    pub fn embedder(&self) -> &str {
        &self.embedder
    }

    /// None when the vector is of another dimension, or of no direction.
    ///
    /// Cosines of one model bunch together (two unrelated English texts may have 0.2 or 0.7), so what counts is how
    /// far a table stands out from the others.
    pub fn nearness(&self, question: &[f32]) -> Option<Nearness> {
        if question.len() != self.dimension || self.dimension == 0 {
            return None;
        }
        let length = length(question)?;
        let cosines: Vec<f32> = self
            .tables
            .chunks_exact(self.dimension)
            .map(|table| dot(table, question) / length)
            .collect();
        let count = cosines.len() as f32;
        let mean = cosines.iter().sum::<f32>() / count;
        let most = cosines.iter().copied().fold(f32::MIN, f32::max);
        // in a schema of few tables all may be near: then the mean is no ordinary table
        let floor = if cosines.len() < FEW {
            mean.min(most - 0.3)
        } else {
            mean
        };
        let range = (most - floor).max(0.05);
        let spread = (cosines.iter().map(|c| (c - mean) * (c - mean)).sum::<f32>() / count).sqrt();
        Some(Nearness {
            tables: cosines
                .iter()
                .map(|c| ((c - floor) / range).max(0.0))
                .collect(),
            cosine: most,
            peak: (most - mean) / spread.max(0.01),
            understood: 1.0,
        })
    }

    /// The schema's words that mean nearly what a word of a question means, each with how far to trust it.
    ///
    /// Nothing for a vector that does not fit.
    pub fn meant(&self, word: &[f32], may_be: impl Fn(u32) -> bool) -> Vec<(u32, f32)> {
        let Some(length) = length(word).filter(|_| word.len() == self.dimension) else {
            return Vec::new();
        };
        let mut near: Vec<(u32, f32)> = self
            .words
            .chunks_exact(self.dimension)
            .zip(&self.terms)
            .filter(|(_, term)| may_be(**term))
            .map(|(known, term)| (*term, dot(known, word) / length))
            .filter(|(_, cosine)| *cosine > WEIGHTS.meant_from)
            .collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1));
        near.truncate(MEANT);
        for (_, trust) in &mut near {
            *trust = (*trust - WEIGHTS.meant_from) / (WEIGHTS.meant_to - WEIGHTS.meant_from);
            *trust = WEIGHTS.meant * trust.min(1.0);
        }
        near
    }
}

/// Words of the schema that one word of a question may stand for by its meaning alone.
const MEANT: usize = 6;

fn length(vector: &[f32]) -> Option<f32> {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    (length.is_finite() && length >= f32::MIN_POSITIVE).then_some(length)
}

/// Tables; of fewer the mean says nothing.
const FEW: usize = 20;

/// Summed in eight lanes, which the compiler turns into vector instructions.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a_lanes, a_rest) = a.as_chunks::<8>();
    let (b_lanes, b_rest) = b.as_chunks::<8>();
    let mut sums = [0.0f32; 8];
    for (a, b) in a_lanes.iter().zip(b_lanes) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

/// What to embed for each table: its names as words, `shop orders: id, customer id, placed on`, and its description.
///
/// A word that many namespaces share (`prod_sales`, `prod_hr`) says nothing about one of them and is left out, and so is
/// what stands before a colon (`erp:sales`).
pub(super) fn documents(schema: &Schema) -> Vec<String> {
    let words = |name: &str| super::words::identifier_words(name).join(" ");
    let mut namespaces: HashMap<&str, Vec<String>> = HashMap::new();
    for table in &schema.tables {
        if let Some(name) = table.namespace.as_deref() {
            namespaces.entry(name).or_insert_with(|| {
                let own = name.rsplit_once(':').map_or(name, |(_, own)| own);
                super::words::identifier_words(own)
            });
        }
    }
    let mut having: HashMap<&str, usize> = HashMap::new();
    for word in namespaces.values().flatten() {
        *having.entry(word).or_default() += 1;
    }
    let telling = |name: &str| -> String {
        let common = (namespaces.len() / 4).max(3);
        let words = namespaces[name]
            .iter()
            .filter(|word| having[word.as_str()] < common);
        words.map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    schema
        .tables
        .iter()
        .map(|table| {
            let columns: Vec<String> = table.columns.iter().map(|c| words(&c.name)).collect();
            let namespace = table.namespace.as_deref().filter(|name| *name != "public");
            let mut text = namespace.map(telling).unwrap_or_default();
            for part in [words(&table.name), table.synonyms.join(", ")] {
                if !part.is_empty() {
                    text.push(' ');
                    text.push_str(&part);
                }
            }
            text.push_str(": ");
            text.push_str(&columns.join(", "));
            if let Some(description) = &table.description {
                text.push_str(". ");
                text.push_str(description);
            }
            text.trim().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With the vectors that every schema has.
    fn with_probes(vectors: &[Vec<f32>]) -> Vec<Vec<f32>> {
        let probe = vectors[0].clone();
        let probes = languages::probes().into_iter().map(|_| probe.clone());
        vectors.iter().cloned().chain(probes).collect()
    }

    #[test]
    fn the_nearest_table_is_at_one_whatever_the_lengths() {
        let vectors = [vec![2.0, 0.0], vec![0.0, 0.1], vec![3.0, 3.0]];
        let tables =
            SchemaVectors::new("m", &with_probes(&vectors), 3, vec![]).expect("three of two");
        let near = tables.nearness(&[0.0, 7.0]).expect("the same dimension");
        assert_eq!(near.tables[1], 1.0);
        assert!(near.tables[2] > near.tables[0] && (near.cosine - 1.0).abs() < 1e-6);
        assert_eq!(tables.nearness(&[1.0]), None);
    }

    #[test]
    fn vectors_of_another_schema_are_refused() {
        let two = [vec![1.0], vec![1.0]];
        assert!(matches!(
            SchemaVectors::new("m", &with_probes(&two), 3, vec![]),
            Err(VectorMismatch::Count { .. })
        ));
        let uneven = [vec![1.0], vec![1.0, 2.0]];
        assert!(matches!(
            SchemaVectors::new("m", &with_probes(&uneven), 2, vec![]),
            Err(VectorMismatch::Dimension)
        ));
    }
}
