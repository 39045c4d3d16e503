//! Values found in the data, as a question may mention them: "orders from Bavaria".

use super::typos::{Typos, edits_allowed};
use super::words::{Spoken, fold};
use crate::schema::Schema;
use std::collections::{HashMap, HashSet};

/// Every text value of the snapshot, by its folded spelling.
pub(super) struct Values {
    keys: HashMap<String, u32>,
    places: Vec<Vec<Place>>,
    typos: Typos,
    /// Values of several words by each longer word of theirs.
    by_word: HashMap<String, Vec<u32>>,
}

#[derive(Clone, Debug)]
pub(super) struct Place {
    pub table: u32,
    pub column: u32,
    /// As it stands in the data.
    pub text: Box<str>,
}

/// A stretch of a question that is, or nearly is, a value.
pub(super) struct Mention<'a> {
    pub start: usize,
    pub end: usize,
    pub places: &'a [Place],
    /// In 0..=1.
    pub score: f32,
}

/// Whether a word has another reason to stand in a question than being a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plainness {
    None,
    /// A common word of the language.
    Known,
    /// A word of the schema, or one that every sentence has.
    OfSchema,
}

/// Words; longer values are sentences and nobody types them in full.
const LONGEST_MENTION: usize = 6;
/// A word shared by more values than this names none of them.
const COMMON_WORD: usize = 20;

impl Values {
    pub fn build(schema: &Schema) -> Self {
        let mut keys: HashMap<String, u32> = HashMap::new();
        let mut places: Vec<Vec<Place>> = Vec::new();
        for (table, t) in schema.tables.iter().enumerate() {
            for (column, c) in t.columns.iter().enumerate() {
                for value in &c.values {
                    let key = key_of(value);
                    if key.is_empty() || key.len() > 80 || key.chars().all(|c| !c.is_alphabetic()) {
                        continue;
                    }
                    let number = *keys.entry(key).or_insert_with(|| {
                        places.push(Vec::new());
                        places.len() as u32 - 1
                    });
                    let place = Place {
                        table: table as u32,
                        column: column as u32,
                        text: value.as_str().into(),
                    };
                    let list = &mut places[number as usize];
                    if list
                        .last()
                        .is_none_or(|p| (p.table, p.column) != (place.table, place.column))
                    {
                        list.push(place);
                    }
                }
            }
        }
        let mut entries = vec![String::new(); places.len()];
        let mut by_word: HashMap<String, Vec<u32>> = HashMap::new();
        for (key, number) in &keys {
            entries[*number as usize].clone_from(key);
            if key.contains(' ') {
                for word in key.split(' ').filter(|w| w.chars().count() >= 4) {
                    let list = by_word.entry(word.to_owned()).or_default();
                    if list.len() <= COMMON_WORD {
                        list.push(*number);
                    }
                }
            }
        }
        for list in by_word.values_mut() {
            list.sort_unstable();
        }
        Self {
            keys,
            places,
            typos: Typos::new(entries),
            by_word,
        }
    }

    /// The values that `question` mentions: exact ones first, longest first, no word used twice.
    ///
    /// `plainness` tells whether a word is one the schema or the language uses anyway; such a word is a value
    /// only when it is spelt exactly so, or nearly, and then a doubtful one.
    pub fn mentions(
        &self,
        question: &str,
        words: &[Spoken],
        plainness: impl Fn(usize) -> Plainness,
    ) -> Vec<Mention<'_>> {
        if self.keys.is_empty() {
            return Vec::new();
        }
        let plainness: Vec<Plainness> = (0..words.len()).map(plainness).collect();
        let ordinary: Vec<bool> = plainness.iter().map(|p| *p != Plainness::None).collect();
        let mut used = vec![false; words.len()];
        let mut found = Vec::new();
        let mut take = |used: &mut Vec<bool>, from: usize, to: usize, number: u32, score: f32| {
            used[from..to].fill(true);
            found.push(Mention {
                start: words[from].start,
                end: words[to - 1].end,
                places: &self.places[number as usize],
                score,
            });
        };
        let stretches = |longest: usize| {
            (1..=longest.min(words.len()))
                .rev()
                .flat_map(move |n| (0..=words.len() - n).map(move |i| (i, i + n)))
        };
        let key = |from: usize, to: usize| key_of(&question[words[from].start..words[to - 1].end]);
        let marked = |from: usize, to: usize| words[from..to].iter().any(|w| w.quoted || w.capital);
        for (from, to) in stretches(LONGEST_MENTION) {
            if used[from..to].iter().any(|u| *u) {
                continue;
            }
            let plain = ordinary[from..to].iter().all(|o| *o) && !marked(from, to);
            let spelt = key(from, to);
            let exact = self
                .keys
                .get(&spelt)
                .map(|number| (*number, 1.0))
                .or_else(|| {
                    // "beverage orders", "the Germans"
                    let other = spelt
                        .strip_suffix('s')
                        .map_or_else(|| format!("{spelt}s"), String::from);
                    let number = self.keys.get(&other).filter(|_| spelt.len() > 3)?;
                    Some((*number, 0.9))
                });
            if let Some((number, score)) = exact {
                if spelt.len() < 3 && !words[from..to].iter().any(|w| w.quoted) && plain {
                    continue;
                }
                take(
                    &mut used,
                    from,
                    to,
                    number,
                    if plain { 0.45 * score } else { score },
                );
            }
        }
        for (from, to) in stretches(3) {
            let fixed = |i: usize| plainness[i] == Plainness::OfSchema;
            if used[from..to].iter().any(|u| *u) || fixed(from) || fixed(to - 1) {
                continue;
            }
            let spelt = key(from, to);
            // "canceled" for "cancelled" is a spelling, not a slip: nearly the same and long
            let known = ordinary[from] || ordinary[to - 1];
            let allowed = match (known, spelt.chars().count()) {
                (true, 0..=6) => 0,
                (true, _) => 1,
                (false, _) => edits_allowed(&spelt),
            };
            let near = self.typos.near(&spelt, allowed);
            if let Some((number, edits)) = near.first() {
                let score = match (known, edits) {
                    (true, _) => 0.5,
                    (false, 1) => 0.85,
                    (false, _) => 0.65,
                };
                take(&mut used, from, to, *number, score);
            }
        }
        for i in 0..words.len() {
            if used[i] || ordinary[i] {
                continue;
            }
            let Some(list) = self.by_word.get(&key(i, i + 1)) else {
                continue;
            };
            if list.len() <= COMMON_WORD {
                let score = if marked(i, i + 1) { 0.6 } else { 0.4 };
                let mut seen = HashSet::new();
                for number in list {
                    let place = &self.places[*number as usize][0];
                    if seen.insert((place.table, place.column)) {
                        take(&mut used, i, i + 1, *number, score);
                    }
                }
            }
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.start.cmp(&b.start)));
        found
    }
}

/// Folded words with one space between, whatever stood there.
fn key_of(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
    {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(&fold(word));
    }
    key
}
