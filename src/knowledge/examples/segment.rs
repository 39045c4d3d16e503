//! An inverted index over the questions of some examples, built once.

use super::KnownExample;
use crate::knowledge::wording;
use std::collections::HashMap;
use std::sync::Arc;

/// BM25's usual constants; a stem counts once in a question.
const K1: f32 = 1.2;
const B: f32 = 0.75;
/// Of fewer wordings than these one cannot tell which stems are rare.
const FEW: usize = 100;

#[cfg(test)]
thread_local! {
    /// Wordings that searches of this thread have looked at.
    pub(super) static VISITED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
    /// Wordings that were taken apart to build segments.
    pub(super) static BUILT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

#[derive(Debug, Default)]
pub(super) struct Segment {
    examples: Vec<Arc<KnownExample>>,
    /// Question and variants by their key.
    by_key: HashMap<Box<str>, Vec<u32>>,
    /// Stem to the wordings that have it.
    postings: HashMap<Box<str>, Vec<u32>>,
    /// One entry a wording: whose it is, and how many stems it has.
    wordings: Vec<(u32, u16)>,
    mean_length: f32,
}

impl Segment {
    pub fn build(examples: Vec<Arc<KnownExample>>) -> Self {
        let mut segment = Self::default();
        for (at, example) in examples.iter().enumerate() {
            let at = at as u32;
            for question in std::iter::once(&example.question).chain(&example.variants) {
                segment
                    .by_key
                    .entry(wording::key(question).into())
                    .or_default()
                    .push(at);
                let stems = wording::stems(question);
                #[cfg(test)]
                BUILT.with(|built| built.set(built.get() + 1));
                let wording = segment.wordings.len() as u32;
                segment
                    .wordings
                    .push((at, stems.len().min(usize::from(u16::MAX)) as u16));
                for stem in stems {
                    segment
                        .postings
                        .entry(stem.into())
                        .or_default()
                        .push(wording);
                }
            }
        }
        let total: f32 = segment
            .wordings
            .iter()
            .map(|(_, length)| f32::from(*length))
            .sum();
        segment.mean_length = (total / segment.wordings.len().max(1) as f32).max(1.0);
        segment.examples = examples;
        segment
    }

    pub fn len(&self) -> usize {
        self.examples.len()
    }

    pub fn examples(&self) -> impl Iterator<Item = &Arc<KnownExample>> {
        self.examples.iter()
    }

    pub fn same(&self, key: &str) -> impl Iterator<Item = &Arc<KnownExample>> {
        self.by_key
            .get(key)
            .into_iter()
            .flatten()
            .map(|at| &self.examples[*at as usize])
    }

    fn weight(&self, having: usize) -> f32 {
        let all = self.wordings.len().max(FEW) as f32;
        let having = having as f32;
        (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
    }

    /// The best `limit` wordings by BM25, with the weighted share of stems that they and the question
    /// have in common.
    pub fn near(&self, stems: &[String], limit: usize) -> Vec<(&Arc<KnownExample>, f32)> {
        if self.wordings.is_empty() {
            return Vec::new();
        }
        let mut scores = vec![0.0f32; self.wordings.len()];
        let mut shared = vec![0.0f32; self.wordings.len()];
        let mut touched: Vec<u32> = Vec::new();
        let mut asked = 0.0;
        for stem in stems {
            let found = self
                .postings
                .get(stem.as_str())
                .map_or(&[][..], Vec::as_slice);
            #[cfg(test)]
            VISITED.with(|visited| visited.set(visited.get() + found.len()));
            let weight = self.weight(found.len());
            asked += weight;
            for &wording in found {
                let at = wording as usize;
                let length = f32::from(self.wordings[at].1);
                if shared[at] == 0.0 {
                    touched.push(wording);
                }
                shared[at] += weight;
                scores[at] +=
                    weight * (K1 + 1.0) / (1.0 + K1 * (1.0 - B + B * length / self.mean_length));
            }
        }
        let by_score = |a: &u32, b: &u32| {
            scores[*b as usize]
                .total_cmp(&scores[*a as usize])
                .then(a.cmp(b))
        };
        if touched.len() > limit {
            touched.select_nth_unstable_by(limit, by_score);
            touched.truncate(limit);
        }
        touched.sort_unstable_by(by_score);
        // what a wording has besides is estimated from its length: a stem of middling weight each
        let middling = asked / stems.len().max(1) as f32;
        touched
            .into_iter()
            .map(|wording| {
                let at = wording as usize;
                let (example, length) = self.wordings[at];
                let in_common = stems
                    .iter()
                    .filter(|stem| {
                        self.postings
                            .get(stem.as_str())
                            .is_some_and(|found| found.binary_search(&wording).is_ok())
                    })
                    .count();
                let besides = f32::from(length) - in_common as f32;
                let all = asked + besides.max(0.0) * middling;
                let similarity = if all > 0.0 { shared[at] / all } else { 0.0 };
                (&self.examples[example as usize], similarity.min(1.0))
            })
            .collect()
    }
}
