//! The examples of one dataset, ready to be compared with a question.
//!
//! Verified and negative ones only: a staged example takes no part in answering, nor does one that does
//! not fit the schema any more. The index is a big segment and a small one of what changed since, so that
//! a change costs what changed and not all of it.

mod segment;
pub mod slots;

use super::wording;
use crate::ids::ExampleId;
use crate::store::{Example, ExampleTrust, Provenance};
use chrono::{DateTime, Utc};
use segment::Segment;
use std::collections::HashSet;
use std::sync::Arc;

/// What answering needs of an example.
#[derive(Clone, Debug)]
pub struct KnownExample {
    pub id: ExampleId,
    pub question: String,
    pub variants: Vec<String>,
    pub query: String,
    pub negative: bool,
    pub provenance: Provenance,
    pub note: String,
    pub category: Option<String>,
    pub verified_at: Option<DateTime<Utc>>,
    pub verified_by: Option<String>,
    pub reads: Vec<String>,
}

/// An example near a question.
#[derive(Clone, Debug)]
pub struct Near {
    pub example: Arc<KnownExample>,
    /// How much of both questions' words they share, rare words counting more; in 0..=1.
    pub similarity: f32,
}

#[derive(Clone, Debug, Default)]
pub struct ExampleIndex {
    /// Of the dataset's examples.
    pub version: i64,
    base: Arc<Segment>,
    recent: Arc<Segment>,
    /// Of `base`, what changed or went since it was built.
    replaced: HashSet<ExampleId>,
}

/// A recent segment beyond this is merged into the base; half a millisecond to rebuild at most.
const MAX_RECENT: usize = 1_000;
/// Candidates by words alone, of which the nearest are chosen.
const CANDIDATES: usize = 48;

impl ExampleIndex {
    /// With what changed since, bringing it to `version`.
    pub fn with_changes(&self, version: i64, changed: Vec<Example>) -> Self {
        let ids: HashSet<ExampleId> = changed.iter().map(|example| example.example_id).collect();
        let mut recent: Vec<Arc<KnownExample>> = self
            .recent
            .examples()
            .filter(|known| !ids.contains(&known.id))
            .cloned()
            .collect();
        recent.extend(changed.into_iter().filter_map(known).map(Arc::new));
        let mut replaced = self.replaced.clone();
        replaced.extend(ids);
        if recent.len() <= MAX_RECENT {
            return Self {
                version,
                base: self.base.clone(),
                recent: Arc::new(Segment::build(recent)),
                replaced,
            };
        }
        let all = self
            .base
            .examples()
            .filter(|known| !replaced.contains(&known.id))
            .cloned()
            .chain(recent)
            .collect();
        Self {
            version,
            base: Arc::new(Segment::build(all)),
            recent: Arc::default(),
            replaced: HashSet::new(),
        }
    }

    pub fn len(&self) -> usize {
        self.base.len() + self.recent.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn examples(&self) -> impl Iterator<Item = &Arc<KnownExample>> {
        let base = self.base.examples();
        base.filter(|known| !self.replaced.contains(&known.id))
            .chain(self.recent.examples())
    }

    /// Tables that a verified example reads.
    pub fn tables_read(&self) -> HashSet<String> {
        self.examples()
            .filter(|known| !known.negative)
            .flat_map(|known| known.reads.iter().cloned())
            .collect()
    }

    /// The examples of exactly this question (see [`wording::key`]), or with a variant that is.
    pub fn same(&self, question: &str) -> Vec<Arc<KnownExample>> {
        let key = wording::key(question);
        let mut found: Vec<Arc<KnownExample>> = self
            .base
            .same(&key)
            .filter(|known| !self.replaced.contains(&known.id))
            .chain(self.recent.same(&key))
            .cloned()
            .collect();
        found.dedup_by_key(|known| known.id);
        found
    }

    /// The nearest first, at most `limit`, none below `least`.
    pub fn near(&self, question: &str, limit: usize, least: f32) -> Vec<Near> {
        let stems = wording::stems(question);
        let mut found: Vec<Near> = Vec::new();
        for segment in [&self.base, &self.recent] {
            for (example, similarity) in segment.near(&stems, CANDIDATES) {
                let stale = Arc::ptr_eq(segment, &self.base) && self.replaced.contains(&example.id);
                if similarity >= least && !stale {
                    found.push(Near {
                        example: example.clone(),
                        similarity,
                    });
                }
            }
        }
        found.sort_by(|a, b| {
            b.similarity
                .total_cmp(&a.similarity)
                .then(a.example.id.cmp(&b.example.id))
        });
        let mut seen = HashSet::new();
        found.retain(|near| seen.insert(near.example.id));
        found.truncate(limit);
        found
    }
}

fn known(example: Example) -> Option<KnownExample> {
    if example.deleted || example.broken.is_some() || example.trust == ExampleTrust::Staged {
        return None;
    }
    Some(KnownExample {
        id: example.example_id,
        question: example.question,
        variants: example.variants,
        query: example.query,
        negative: example.trust == ExampleTrust::Negative,
        provenance: example.provenance,
        note: example.note,
        category: example.tags.get("category").cloned(),
        verified_at: example.verified_at,
        verified_by: example.verified_by,
        reads: example.reads,
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::store::{ExampleKind, Source};

    pub(crate) fn example(question: &str, query: &str, trust: ExampleTrust) -> Example {
        Example {
            example_id: ExampleId::new(),
            question: question.to_owned(),
            variants: Vec::new(),
            query: query.to_owned(),
            kind: ExampleKind::Sql,
            trust,
            tags: Default::default(),
            provenance: Provenance {
                source: Source::Written,
                turn_id: None,
                by: "local".into(),
            },
            note: String::new(),
            reads: Vec::new(),
            executed_at: None,
            row_count: None,
            verified_at: None,
            verified_by: None,
            broken: None,
            created_at: Utc::now(),
            updated_at: Utc::now(),
            deleted: false,
        }
    }

    #[test]
    fn the_same_question_is_found_and_a_near_one_is_near() {
        let mut artists = example(
            "Which artists have the most albums?",
            "a",
            ExampleTrust::Verified,
        );
        artists.variants = vec!["artists by number of albums".into()];
        let index = ExampleIndex::default().with_changes(
            1,
            vec![
                artists,
                example(
                    "How many customers are there per country?",
                    "b",
                    ExampleTrust::Verified,
                ),
                example("Total sales per country", "c", ExampleTrust::Negative),
                example("Longest track of each genre", "d", ExampleTrust::Staged),
            ],
        );
        assert_eq!(index.len(), 3, "a staged one takes no part");
        for (question, query) in [
            ("which artists have few albums", None),
            ("Which artists have the most albums", Some("a")),
            ("Artists by number of albums?", Some("a")),
        ] {
            let same = index.same(question);
            assert_eq!(
                same.first().map(|known| known.query.as_str()),
                query,
                "{question}"
            );
        }
        let near = index.near("number of customers in each country", 5, 0.1);
        assert_eq!(near[0].example.query, "b");
        assert!(near.iter().all(|near| near.similarity <= 1.0));
        assert!(index.near("weather in March", 5, 0.1).is_empty());
    }

    /// Work is counted, not timed: a wording looked at is some nanoseconds, on every machine.
    #[test]
    fn thousands_of_examples_cost_a_question_and_a_change_only_what_they_concern() {
        const MANY: usize = 5_000;
        let syllables = [
            "ba", "ko", "mu", "ti", "ra", "fo", "nu", "li", "sa", "do", "pe", "gu", "wi", "ha",
            "jo", "ze", "ca", "vo", "ru", "mi",
        ];
        let word = |n: usize| {
            let of = |n: usize| syllables[n % syllables.len()];
            format!("{}{}{}", of(n), of(n / 20), of(n / 7 + 3))
        };
        let question = |n: usize| format!("{} of {} in {}", word(n), word(n * 7), word(n * 13));
        let all: Vec<Example> = (0..MANY)
            .map(|n| example(&question(n), &format!("select {n}"), ExampleTrust::Verified))
            .collect();
        let index = ExampleIndex::default().with_changes(1, all.clone());
        assert_eq!(index.len(), MANY);

        let worked = |counter: &'static std::thread::LocalKey<std::cell::Cell<usize>>,
                      work: &dyn Fn()| {
            let before = counter.get();
            work();
            counter.get() - before
        };
        for n in [0, 17, 1_234, MANY - 1] {
            let asked = question(n);
            let visited = worked(&segment::VISITED, &|| {
                assert!(!index.near(&asked, 12, 0.25).is_empty(), "{asked}");
                assert!(!index.same(&asked).is_empty(), "{asked}");
            });
            assert!((1..=MANY / 20).contains(&visited), "{asked}: {visited}");
            let built = worked(&segment::BUILT, &|| drop(index.near(&asked, 12, 0.25)));
            assert_eq!(built, 0, "a question builds nothing");
        }

        // a hundred people verify one each: none of the others is read again
        let changing = worked(&segment::BUILT, &|| {
            let mut index = index.clone();
            for (at, one) in all.iter().take(100).enumerate() {
                index = index.with_changes(2 + at as i64, vec![one.clone()]);
            }
            assert_eq!(
                index.near(&question(50), 1, 0.25)[0].example.query,
                "select 50"
            );
        });
        assert!(
            changing <= 100 * 101 / 2,
            "{changing} wordings were taken apart"
        );
    }

    #[test]
    fn a_change_replaces_what_was_known_and_a_deletion_removes_it() {
        let mut one = example("Total sales", "select 1", ExampleTrust::Verified);
        let index = ExampleIndex::default().with_changes(1, vec![one.clone()]);
        // as if it were in the big segment
        let index = ExampleIndex {
            base: index.recent.clone(),
            recent: Arc::default(),
            ..index
        };
        one.query = "select 2".into();
        let index = index.with_changes(2, vec![one.clone()]);
        assert_eq!(index.same("total sales")[0].query, "select 2");
        assert_eq!(index.near("total sales", 5, 0.1).len(), 1);
        one.deleted = true;
        let index = index.with_changes(3, vec![one]);
        assert!(index.same("total sales").is_empty());
        assert!(index.near("total sales", 5, 0.1).is_empty());
        let many = (0..MAX_RECENT + 1)
            .map(|n| example(&format!("question number {n}"), "q", ExampleTrust::Verified))
            .collect();
        let index = index.with_changes(4, many);
        assert_eq!((index.base.len(), index.recent.len()), (MAX_RECENT + 1, 0));
        assert_eq!(index.same("question number 7").len(), 1);
    }
}
