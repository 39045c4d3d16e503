//! A question taken apart into concepts, each with the terms of the index that may stand for it.

use super::index::Index;
use super::lexicon::Lexicon;
use super::typos::edits_allowed;
use super::words::{Language, Spoken, Stemmers, is_little, pairs, spoken_words, weight_of};

/// One thing a question talks about: usually a word.
#[derive(Clone, Debug)]
pub(super) struct Concept {
    /// As it stands in the question.
    pub mention: (usize, usize),
    /// What it counts for, in 0..=1.
    pub weight: f32,
    /// Terms that may stand for it, each with how sure that is, in 0..=1.
    pub terms: Vec<(u32, f32)>,
}

pub(super) struct Question {
    pub words: Vec<Spoken>,
    pub concepts: Vec<Concept>,
}

impl Question {
    pub fn new(text: &str, index: &Index, stemmers: &Stemmers, lexicon: &Lexicon) -> Self {
        let language = Language::of_question(text);
        let words = spoken_words(text);
        let mut concepts: Vec<Concept> = Vec::new();
        for (i, word) in words.iter().enumerate() {
            if word.paired {
                run_concepts(word, index, lexicon, &mut concepts);
                continue;
            }
            if is_little(&word.folded, language) || is_phrase_filler(&words, i) {
                continue;
            }
            let asks = i == 0
                || matches!(
                    words[i - 1].folded.as_str(),
                    "please" | "and" | "to" | "me" | "you" | "also"
                );
            let weight = weight_of(&word.folded, asks) * if word.quoted { 0.35 } else { 1.0 };
            if weight == 0.0 {
                continue;
            }
            let mut terms = Terms::default();
            let reach = Reach {
                index,
                stemmers,
                lexicon,
                language,
            };
            reach.expand(&word.folded, 1.0, &mut terms);
            // "high schooler" may be one word there
            for j in [i.wrapping_sub(1), i + 1] {
                let Some(other) = words.get(j) else { continue };
                if other.paired || is_little(&other.folded, language) {
                    continue;
                }
                let glued = if j < i {
                    format!("{}{}", other.folded, word.folded)
                } else {
                    format!("{}{}", word.folded, other.folded)
                };
                if let Some(term) = index.term(&stemmers.stem(Language::English, &glued)) {
                    terms.add(term, 1.0);
                }
            }
            if !terms.0.is_empty() {
                concepts.push(Concept {
                    mention: (word.start, word.end),
                    weight,
                    terms: terms.0,
                });
            }
        }
        merge_repeated(&mut concepts);
        Self { words, concepts }
    }
}

/// A concept mentioned twice counts once.
fn merge_repeated(concepts: &mut Vec<Concept>) {
    let mut seen: Vec<u32> = Vec::new();
    concepts.retain(|concept| {
        let lead = concept.terms[0];
        if lead.1 < 0.99 {
            return true;
        }
        let first = !seen.contains(&lead.0);
        seen.push(lead.0);
        first
    });
}

#[derive(Default)]
struct Terms(Vec<(u32, f32)>);

impl Terms {
    fn add(&mut self, term: u32, strength: f32) {
        match self.0.iter_mut().find(|(known, _)| *known == term) {
            Some((_, best)) => *best = best.max(strength),
            None => self.0.push((term, strength)),
        }
    }
}

struct Reach<'a> {
    index: &'a Index,
    stemmers: &'a Stemmers,
    lexicon: &'a Lexicon,
    language: Language,
}

impl Reach<'_> {
    fn expand(&self, folded: &str, trust: f32, terms: &mut Terms) {
        let stem = self.stemmers.stem(Language::English, folded);
        if let Some(term) = self.index.term(&stem) {
            terms.add(term, trust);
        }
        if self.language != Language::English {
            let own = self.stemmers.stem(self.language, folded);
            for term in self.index.foreign_terms(self.language, &own) {
                terms.add(*term, 0.95 * trust);
            }
            for english in self.lexicon.english_for(self.language, folded, &own) {
                self.english(english, 0.9 * trust, terms);
            }
        }
        for (near, how) in self.lexicon.near(&stem) {
            if let Some(term) = self.index.term(near) {
                terms.add(term, how * trust);
            }
        }
        for long in self.lexicon.long_form(folded) {
            self.english(
                &self.stemmers.stem(Language::English, long),
                0.85 * trust,
                terms,
            );
        }
        if !terms.0.is_empty() || trust < 1.0 {
            return;
        }
        for part in self.index.parts_of(folded) {
            self.expand(&part, 0.7, terms);
        }
        if !terms.0.is_empty() || self.lexicon.is_known(folded) {
            return;
        }
        for (term, edits) in self.index.near_terms(folded, edits_allowed(folded)) {
            terms.add(term, if edits == 1 { 0.75 } else { 0.5 });
        }
    }

    fn english(&self, stem: &str, trust: f32, terms: &mut Terms) {
        if let Some(term) = self.index.term(stem) {
            terms.add(term, trust);
        }
        for (near, how) in self.lexicon.near(stem) {
            if let Some(term) = self.index.term(near) {
                terms.add(term, how * trust * 0.9);
            }
        }
    }
}

/// A run in a script without spaces: known words by the lexicon, and every pair that the index has.
fn run_concepts(run: &Spoken, index: &Index, lexicon: &Lexicon, concepts: &mut Vec<Concept>) {
    let mention = (run.start, run.end);
    for (_, english) in lexicon.within(&run.folded) {
        let mut terms = Terms::default();
        for stem in english {
            if let Some(term) = index.term(stem) {
                terms.add(term, 0.9);
            }
            for (near, how) in lexicon.near(stem) {
                if let Some(term) = index.term(near) {
                    terms.add(term, how * 0.8);
                }
            }
        }
        if !terms.0.is_empty() {
            let weight = english
                .iter()
                .map(|w| weight_of(w, false))
                .fold(0.0, f32::max);
            concepts.push(Concept {
                mention,
                weight,
                terms: terms.0,
            });
        }
    }
    for pair in pairs(&run.folded) {
        if let Some(term) = index.term(&pair) {
            concepts.push(Concept {
                mention,
                weight: 1.0,
                terms: vec![(term, 1.0)],
            });
        }
    }
}

/// "in alphabetical order", "order by", "number of": words of asking, not of the subject.
fn is_phrase_filler(words: &[Spoken], i: usize) -> bool {
    let at = |j: Option<usize>| {
        j.and_then(|j| words.get(j))
            .map_or("", |w| w.folded.as_str())
    };
    let before = at(i.checked_sub(1));
    let after = at(Some(i + 1));
    match words[i].folded.as_str() {
        "order" | "ordered" => {
            after == "by"
                || matches!(
                    before,
                    "ascending"
                        | "descending"
                        | "alphabetical"
                        | "alphabetic"
                        | "in"
                        | "lexicographic"
                        | "lexicographical"
                        | "chronological"
                        | "reverse"
                        | "increasing"
                        | "decreasing"
                        | "and"
                )
        }
        "number" | "count" | "list" | "kind" | "average" | "total" | "sum" => after == "of",
        "many" | "much" | "old" | "long" | "often" => before == "how",
        _ => false,
    }
}
