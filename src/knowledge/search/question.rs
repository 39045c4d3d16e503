//! A question taken apart into concepts, each with the terms of the index that may stand for it.

use super::index::Index;
use super::lexicon::Lexicon;
use super::typos::edits_allowed;
use super::weights::WEIGHTS;
use super::words::{Language, Spoken, Stemmers, is_little, pairs, spoken_words, weight_of};
use std::collections::HashMap;

/// One thing a question talks about: usually a word.
#[derive(Clone, Debug)]
pub(super) struct Concept {
    /// As it stands in the question.
    pub mention: (usize, usize),
    /// What it counts for, in 0..=1.
    pub weight: f32,
    /// Terms that may stand for it, each with how sure that is, in 0..=1.
    pub terms: Vec<(u32, f32)>,
    /// No term is worth more than this, because the word itself is no rarer: in tables, in namespaces.
    pub ceiling: (f32, f32),
}

const NO_CEILING: (f32, f32) = (f32::MAX, f32::MAX);

pub(super) struct Question {
    pub words: Vec<Spoken>,
    pub concepts: Vec<Concept>,
    /// Words that say something and that nothing in the index stands for; names of things not counted.
    pub unknown: usize,
}

impl Question {
    /// How much of what the question says the best schema has, in 0..=1, by rarity: `best` is the evidence it has.
    pub fn explained(&self, idf: &[f32], best: f32) -> f32 {
        let said: f32 = self
            .concepts
            .iter()
            .map(|concept| {
                let rarest = concept.terms.iter().map(|(term, _)| idf[*term as usize]);
                concept.weight * rarest.fold(0.0, f32::max).min(concept.ceiling.0)
            })
            .sum();
        let rarest = idf.iter().copied().fold(1.0, f32::max);
        let unknown = self.unknown as f32 * rarest * 0.5;
        if said + unknown <= 0.0 {
            0.0
        } else {
            (best / (said + unknown)).min(1.0)
        }
    }
}

/// Words of one question that are embedded; longer ones are pasted, not asked.
const ASKED: usize = 32;

/// Words of the schema by the word of a question that means nearly the same.
pub(super) type Meant = HashMap<String, Vec<(u32, f32)>>;

/// The words of a question that may mean a name, and the pairs of them that stand side by side ("family name"), each once,
/// as they are compared.
pub(super) fn telling_words(text: &str) -> Vec<String> {
    let language = Language::of_question(text);
    let words = spoken_words(text);
    let says = |word: &Spoken| {
        !word.paired
            && word.folded.len() > 2
            && word.folded.chars().all(char::is_alphabetic)
            && !is_little(&word.folded, language)
    };
    let mut telling: Vec<String> = Vec::new();
    for word in words.iter().filter(|word| says(word)) {
        if !telling.contains(&word.folded) && telling.len() < ASKED {
            telling.push(word.folded.clone());
        }
    }
    let pairs = words.windows(2).filter(|pair| pair.iter().all(says));
    for pair in pairs.filter(|pair| is_pair(text, pair)) {
        let both = pair_of(&pair[0], &pair[1]);
        if !telling.contains(&both) && telling.len() < 2 * ASKED {
            telling.push(both);
        }
    }
    telling
}

fn is_pair(text: &str, pair: &[Spoken]) -> bool {
    matches!(text.get(pair[0].end..pair[1].start), Some(" " | "-"))
}

fn pair_of(first: &Spoken, second: &Spoken) -> String {
    format!("{} {}", first.folded, second.folded)
}

impl Question {
    pub fn new(
        text: &str,
        index: &Index,
        stemmers: &Stemmers,
        lexicon: &Lexicon,
        meant: &Meant,
    ) -> Self {
        let language = Language::of_question(text);
        let words = spoken_words(text);
        let mut concepts: Vec<Concept> = Vec::new();
        let mut unknown = 0;
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
            let weight = weight_of(&word.folded, asks)
                * if word.quoted {
                    WEIGHTS.quoted
                } else if word.capital {
                    WEIGHTS.capital
                } else if is_adverb(&word.folded) {
                    WEIGHTS.adverb
                } else {
                    1.0
                };
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
            if !word.quoted
                && let Some(near) = meant.get(&word.folded)
            {
                let beside = if terms.0.is_empty() {
                    1.0
                } else {
                    WEIGHTS.meant_beside
                };
                for (term, trust) in near {
                    terms.add(*term, trust * beside);
                }
            }
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
            if terms.0.is_empty() {
                unknown += usize::from(weight > 0.5 && !word.capital && !word.quoted);
            } else {
                concepts.push(Concept {
                    mention: (word.start, word.end),
                    weight,
                    terms: terms.0,
                    ceiling: reach.ceiling(&word.folded),
                });
            }
        }
        for pair in words.windows(2).filter(|pair| is_pair(text, pair)) {
            let Some(near) = meant.get(&pair_of(&pair[0], &pair[1])) else {
                continue;
            };
            if near.is_empty() || pair.iter().any(|word| word.quoted) {
                continue;
            }
            concepts.push(Concept {
                mention: (pair[0].start, pair[1].end),
                weight: WEIGHTS.pair,
                terms: near.clone(),
                ceiling: NO_CEILING,
            });
        }
        merge_repeated(&mut concepts);
        give_to_owner(&mut concepts, WEIGHTS.taken);
        Self {
            words,
            concepts,
            unknown,
        }
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

/// A term belongs to the concept that names it best; another that reaches it by a detour counts less there.
fn give_to_owner(concepts: &mut [Concept], taken: f32) {
    let mut owner: HashMap<u32, (usize, f32)> = HashMap::new();
    for (number, concept) in concepts.iter().enumerate() {
        for (term, trust) in &concept.terms {
            let best = owner.entry(*term).or_insert((number, 0.0));
            if *trust * concept.weight > best.1 {
                *best = (number, *trust * concept.weight);
            }
        }
    }
    for (number, concept) in concepts.iter_mut().enumerate() {
        for (term, trust) in &mut concept.terms {
            if owner[term].0 != number {
                *trust *= taken;
            }
        }
    }
}

/// "directly", "specifically": they colour a verb. Not "monthly" or "family", which the schema may have.
fn is_adverb(folded: &str) -> bool {
    folded.len() > 6
        && folded.ends_with("ly")
        && ![
            "monthly",
            "weekly",
            "yearly",
            "quarterly",
            "family",
            "assembly",
            "elderly",
            "anomaly",
            "supply",
            "biweekly",
        ]
        .contains(&folded)
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
        let direct = self.index.term(&stem);
        if let Some(term) = direct {
            terms.add(term, trust);
        }
        let detour = if direct.is_some() {
            WEIGHTS.synonym_beside
        } else {
            WEIGHTS.synonym_instead
        };
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
                terms.add(term, how * trust * detour);
            }
        }
        for kind in self.lexicon.kinds(folded) {
            if let Some(term) = self.index.term(kind) {
                terms.add(term, WEIGHTS.kind * trust);
            }
        }
        for long in self.lexicon.long_form(folded) {
            self.english(
                &self.stemmers.stem(Language::English, long),
                0.85 * trust,
                terms,
            );
        }
        if folded.len() >= 4 && self.language == Language::English {
            for term in self.index.shortened_terms(folded) {
                terms.add(*term, WEIGHTS.skeleton * trust);
            }
        }
        if !terms.0.is_empty() || trust < 1.0 {
            return;
        }
        // a question of few words may not tell its language
        let guessed = match self.language {
            Language::English => Language::German,
            told => told,
        };
        if !self.lexicon.is_known(folded) {
            let own = self.stemmers.stem(guessed, folded);
            for english in self.lexicon.english_for(guessed, folded, &own) {
                self.english(english, 0.8 * trust, terms);
            }
            if terms.0.is_empty() {
                for part in self.lexicon.compound(guessed, self.stemmers, folded) {
                    self.english(&part, 0.7 * trust, terms);
                }
            }
        }
        if !terms.0.is_empty() {
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

    /// What a concept is worth at most: as much as its own word, where the schema has it.
    fn ceiling(&self, folded: &str) -> (f32, f32) {
        let stem = self.stemmers.stem(Language::English, folded);
        match self.index.term(&stem) {
            Some(term) => (
                self.index.table_idf[term as usize] + WEIGHTS.above,
                self.index.group_idf[term as usize] + WEIGHTS.above,
            ),
            None => NO_CEILING,
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
                ceiling: NO_CEILING,
            });
        }
    }
    for pair in pairs(&run.folded) {
        if let Some(term) = index.term(&pair) {
            concepts.push(Concept {
                mention,
                weight: 1.0,
                terms: vec![(term, 1.0)],
                ceiling: NO_CEILING,
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
