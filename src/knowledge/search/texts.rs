//! Search over many short texts, such as the questions of a dataset's examples: which of them resemble this one.
//!
//! BM25 over stemmed words (character pairs where words are not written apart), with near-synonyms at less trust.
//! In process and changed in place: an example verified a moment ago is found by the next question.

use super::words::{Language, is_little, pairs, spoken_words};
use super::{LANGUAGE, LanguageTools};
use sha2::{Digest, Sha256};
use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};
use std::hash::Hash;
use std::mem::size_of;
use unicode_normalization::UnicodeNormalization;

/// Texts by an id of the caller's choice; an id has one text.
///
/// Reading needs `&self`, changing `&mut self`: share it behind a lock, or rebuild and swap it.
#[derive(Clone, Debug)]
pub struct TextIndex<Id> {
    /// Slots; a removed text leaves an empty one until the next compaction.
    texts: Vec<Option<Entry<Id>>>,
    slots: HashMap<Id, u32>,
    terms: HashMap<Box<str>, u32>,
    /// By term: the slots that have it, each with how often, see [`posting`].
    postings: Vec<Vec<u32>>,
    /// By term: how many living texts have it.
    frequency: Vec<u32>,
    by_normal: HashMap<u128, Vec<u32>>,
    /// Of all living texts, in terms.
    length: u64,
    removed: usize,
}

#[derive(Clone, Debug)]
struct Entry<Id> {
    id: Id,
    normal: u128,
    /// Each once.
    terms: Box<[u32]>,
    length: u32,
}

/// A text that resembles the question.
#[derive(Clone, Debug, PartialEq)]
pub struct TextHit<Id> {
    pub id: Id,
    /// BM25 against what the question's own text would have, in 0..=1: the order of the answer.
    pub score: f32,
    /// The weight of the words both have, of all that either has, in 0..=1; 1 means the same words in any order.
    /// Unlike `score` it compares across questions and sinks with what the text has besides.
    pub likeness: f32,
}

const K1: f32 = 1.2;
/// Short texts differ little in length, and a longer question is no worse an example.
const B: f32 = 0.4;
/// What "how", "many", "the" keep of their weight: in a small collection they would look rare.
const LITTLE: f32 = 0.3;
/// What a near-synonym keeps of its trust.
const SYNONYM: f32 = 0.6;
/// Removed texts are swept once they are so many and a quarter of all.
const SWEEP_FROM: usize = 64;

/// A slot and how often its text has the term, 15 at most, in one number.
fn posting(slot: u32, times: u32) -> u32 {
    slot << 4 | times.min(15)
}

impl<Id> Default for TextIndex<Id> {
    fn default() -> Self {
        Self {
            texts: Vec::new(),
            slots: HashMap::new(),
            terms: HashMap::new(),
            postings: Vec::new(),
            frequency: Vec::new(),
            by_normal: HashMap::new(),
            length: 0,
            removed: 0,
        }
    }
}

impl<Id: Clone + Eq + Hash> TextIndex<Id> {
    pub fn build<T: AsRef<str>>(texts: impl IntoIterator<Item = (Id, T)>) -> Self {
        let mut index = Self::default();
        for (id, text) in texts {
            index.add(id, text.as_ref());
        }
        index
    }

    pub fn len(&self) -> usize {
        self.slots.len()
    }

    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    pub fn contains(&self, id: &Id) -> bool {
        self.slots.contains_key(id)
    }

    /// Adds the text, in place of the one of that id.
    pub fn add(&mut self, id: Id, text: &str) {
        self.remove(&id);
        let slot = self.texts.len() as u32;
        let mut times: Vec<(u32, u32)> = Vec::new();
        for term in terms_of(text) {
            let number = self.number(term.stem);
            match times.iter_mut().find(|(known, _)| *known == number) {
                Some((_, times)) => *times += 1,
                None => times.push((number, 1)),
            }
        }
        let length = times.iter().map(|(_, times)| times).sum();
        for (term, times) in &times {
            self.postings[*term as usize].push(posting(slot, *times));
            self.frequency[*term as usize] += 1;
        }
        let normal = digest(&normalised(text));
        self.by_normal.entry(normal).or_default().push(slot);
        self.length += u64::from(length);
        self.texts.push(Some(Entry {
            id: id.clone(),
            normal,
            terms: times.iter().map(|(term, _)| *term).collect(),
            length,
        }));
        self.slots.insert(id, slot);
    }

    /// Whether there was a text of that id.
    pub fn remove(&mut self, id: &Id) -> bool {
        let Some(slot) = self.slots.remove(id) else {
            return false;
        };
        let Some(entry) = self.texts[slot as usize].take() else {
            return false;
        };
        for term in &entry.terms {
            self.frequency[*term as usize] -= 1;
        }
        if let Some(same) = self.by_normal.get_mut(&entry.normal) {
            same.retain(|other| *other != slot);
            if same.is_empty() {
                self.by_normal.remove(&entry.normal);
            }
        }
        self.length -= u64::from(entry.length);
        self.removed += 1;
        if self.removed >= SWEEP_FROM && self.removed * 4 >= self.texts.len() {
            self.sweep();
        }
        true
    }

    /// The texts that are `text` but for letter case, spacing and sentence punctuation: see [`normalised`].
    pub fn equal(&self, text: &str) -> Vec<Id> {
        let slots = self.by_normal.get(&digest(&normalised(text)));
        slots
            .into_iter()
            .flatten()
            .filter_map(|slot| Some(self.texts[*slot as usize].as_ref()?.id.clone()))
            .collect()
    }

    /// At most `k` texts that share a word of the question or its near-synonym, best first; of equals the older.
    pub fn search(&self, question: &str, k: usize) -> Vec<TextHit<Id>> {
        self.search_where(question, k, |_| true)
    }

    /// As [`Self::search`], among the texts whose id is `wanted`.
    pub fn search_where(
        &self,
        question: &str,
        k: usize,
        wanted: impl Fn(&Id) -> bool,
    ) -> Vec<TextHit<Id>> {
        if k == 0 || self.is_empty() {
            return Vec::new();
        }
        let asked = self.asked(question);
        let average = self.length as f32 / self.len() as f32;
        let fullness = |times: f32, length: f32| {
            times * (K1 + 1.0) / (times + K1 * (1.0 - B + B * length / average.max(1.0)))
        };
        let own_length: f32 = asked.iter().map(|concept| concept.times).sum();
        let own: f32 = asked
            .iter()
            .map(|concept| concept.weight * fullness(concept.times, own_length))
            .sum();
        let mut scores = vec![0.0f32; self.texts.len()];
        // a text that has a word and its synonym is paid once, for the word
        let mut paid = vec![0u16; self.texts.len()];
        for (concept, number) in asked.iter().zip(1u16..) {
            for (term, trust) in &concept.terms {
                let worth = concept.weight * trust;
                for posting in &self.postings[*term as usize] {
                    let slot = (posting >> 4) as usize;
                    if std::mem::replace(&mut paid[slot], number) == number {
                        continue;
                    }
                    if let Some(entry) = &self.texts[slot] {
                        scores[slot] +=
                            worth * fullness((posting & 15) as f32, entry.length as f32);
                    }
                }
            }
        }
        let mut best: BinaryHeap<Ranked> = BinaryHeap::with_capacity(k.min(self.len()) + 1);
        for (slot, score) in scores.iter().enumerate() {
            let ranked = Ranked {
                score: *score,
                slot: slot as u32,
            };
            // the heap's top is the worst of the best
            if *score <= 0.0
                || (best.len() == k && best.peek().is_some_and(|worst| ranked >= *worst))
            {
                continue;
            }
            if !self.texts[slot].as_ref().is_some_and(|e| wanted(&e.id)) {
                continue;
            }
            best.push(ranked);
            if best.len() > k {
                best.pop();
            }
        }
        let hits = best.into_sorted_vec().into_iter().filter_map(|ranked| {
            let entry = self.texts[ranked.slot as usize].as_ref()?;
            Some(TextHit {
                id: entry.id.clone(),
                score: (ranked.score / own.max(f32::MIN_POSITIVE)).min(1.0),
                likeness: self.likeness(&asked, entry),
            })
        });
        hits.collect()
    }

    /// About how much it holds, in bytes, the ids' own heap not counted.
    pub fn memory_bytes(&self) -> usize {
        let per_entry: usize = self
            .texts
            .iter()
            .flatten()
            .map(|entry| entry.terms.len() * size_of::<u32>())
            .sum();
        let lists: usize = self.postings.iter().map(|list| list.capacity() * 4).sum();
        let words: usize = self.terms.keys().map(|word| word.len()).sum();
        let same: usize = self
            .by_normal
            .values()
            .map(|list| list.capacity() * 4)
            .sum();
        // a slot of a hash map costs its entry and a byte of control
        let map = |capacity: usize, entry: usize| capacity * 8 / 7 * (entry + 1);
        per_entry
            + lists
            + words
            + same
            + self.texts.capacity() * size_of::<Option<Entry<Id>>>()
            + self.postings.capacity() * size_of::<Vec<u32>>()
            + self.frequency.capacity() * size_of::<u32>()
            + map(self.terms.capacity(), size_of::<(Box<str>, u32)>())
            + map(self.slots.capacity(), size_of::<(Id, u32)>())
            + map(self.by_normal.capacity(), size_of::<(u128, Vec<u32>)>())
    }

    fn number(&mut self, stem: String) -> u32 {
        match self.terms.get(stem.as_str()) {
            Some(number) => *number,
            None => {
                let number = self.postings.len() as u32;
                self.terms.insert(stem.into(), number);
                self.postings.push(Vec::new());
                self.frequency.push(0);
                number
            }
        }
    }

    fn rarity(&self, term: u32) -> f32 {
        super::index::idf(self.len(), self.frequency[term as usize] as usize)
    }

    /// The question's words that any text has, or whose synonyms any has; unknown words count as the rarest.
    fn asked(&self, question: &str) -> Vec<Asked> {
        let LanguageTools { lexicon, .. } = &**LANGUAGE;
        let mut asked: Vec<Asked> = Vec::new();
        let mut seen: HashMap<String, usize> = HashMap::new();
        for word in terms_of(question) {
            if let Some(place) = seen.get(&word.stem) {
                asked[*place].times += 1.0;
                continue;
            }
            // more words than anybody asks with; the counter of paid concepts is small
            if asked.len() == usize::from(u16::MAX) - 1 {
                break;
            }
            let own = self.terms.get(word.stem.as_str()).copied();
            let mut terms: Vec<(u32, f32)> = own.map(|term| (term, 1.0)).into_iter().collect();
            for (near, trust) in lexicon.near(&word.stem) {
                if let Some(term) = self.terms.get(near.as_str()) {
                    terms.push((*term, trust * SYNONYM));
                }
            }
            terms[usize::from(own.is_some())..].sort_by(|a, b| b.1.total_cmp(&a.1));
            let rarity = match own {
                Some(term) => self.rarity(term),
                None => super::index::idf(self.len(), 0),
            };
            seen.insert(word.stem, asked.len());
            asked.push(Asked {
                own,
                weight: rarity * word.weight,
                times: 1.0,
                terms,
            });
        }
        // a synonym that the question names itself belongs to that word
        let named: Vec<u32> = asked.iter().filter_map(|concept| concept.own).collect();
        for concept in &mut asked {
            let own = concept.own;
            concept
                .terms
                .retain(|(term, _)| Some(*term) == own || !named.contains(term));
        }
        asked
    }

    fn likeness(&self, asked: &[Asked], entry: &Entry<Id>) -> f32 {
        let mut shared = 0.0;
        let mut all = 0.0;
        let mut of_text: f32 = entry.terms.iter().map(|term| self.rarity(*term)).sum();
        for concept in asked {
            let met = concept
                .terms
                .iter()
                .find(|(term, _)| entry.terms.contains(term));
            if let Some((term, trust)) = met {
                shared += concept.weight * trust;
                of_text -= self.rarity(*term);
            }
            all += concept.weight;
        }
        // a text's little words are not told apart any more: those that the question lacks weigh in full
        (shared / (all + of_text.max(0.0)).max(f32::MIN_POSITIVE)).min(1.0)
    }

    /// Drops the empty slots.
    fn sweep(&mut self) {
        let mut moved = vec![u32::MAX; self.texts.len()];
        let mut next = 0;
        for (slot, entry) in self.texts.iter().enumerate() {
            if entry.is_some() {
                moved[slot] = next;
                next += 1;
            }
        }
        self.texts.retain(Option::is_some);
        for list in &mut self.postings {
            list.retain_mut(|posting| {
                let slot = moved[(*posting >> 4) as usize];
                *posting = slot << 4 | (*posting & 15);
                slot != u32::MAX
            });
        }
        let lists = self.by_normal.values_mut().flatten();
        for slot in self.slots.values_mut().chain(lists) {
            *slot = moved[*slot as usize];
        }
        self.removed = 0;
    }
}

/// One word of a question.
struct Asked {
    own: Option<u32>,
    weight: f32,
    times: f32,
    /// Terms that may stand for it, the surest first.
    terms: Vec<(u32, f32)>,
}

/// A score and whose; the best is the least, so that a heap's top is the worst.
#[derive(PartialEq)]
struct Ranked {
    score: f32,
    slot: u32,
}

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .score
            .total_cmp(&self.score)
            .then(self.slot.cmp(&other.slot))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

struct Term {
    stem: String,
    weight: f32,
}

fn terms_of(text: &str) -> Vec<Term> {
    let LanguageTools { stemmers, .. } = &**LANGUAGE;
    let language = Language::of_question(text);
    let mut terms = Vec::new();
    for word in spoken_words(text) {
        if word.paired {
            terms.extend(
                pairs(&word.folded)
                    .into_iter()
                    .map(|stem| Term { stem, weight: 1.0 }),
            );
            continue;
        }
        let weight = if is_little(&word.folded, language) {
            LITTLE
        } else {
            1.0
        };
        terms.push(Term {
            stem: stemmers.stem(language, &word.folded),
            weight,
        });
    }
    terms
}

/// What two askings of the same question share: letter case, spacing and sentence punctuation do not count.
///
/// Careful on purpose, because an equal question is answered without another look: accents, signs (`>`, `-5`, `%`),
/// figures (`1,000.5`, `2024-01-31`) and the letter case within quotation marks do count.
pub fn normalised(text: &str) -> String {
    let text: Vec<char> = text.nfkc().collect();
    let mut out = String::with_capacity(text.len());
    let mut quote: Option<char> = None;
    let mut gap = false;
    for (i, c) in text.iter().copied().enumerate() {
        let before = i.checked_sub(1).map_or(' ', |i| text[i]);
        let after = text.get(i + 1).copied().unwrap_or(' ');
        let kept = match c {
            '\'' | '’' if before.is_alphanumeric() && after.is_alphanumeric() => continue,
            '"' | '“' | '”' | '„' | '«' | '»' | '\'' | '‘' | '’' | '`' | '「' | '」' =>
            {
                let closes = quote.is_some_and(|open| open == closing(c));
                if closes {
                    quote = None;
                    out.push('"');
                    gap = true;
                    continue;
                }
                if quote.is_none()
                    && text[i + 1..]
                        .iter()
                        .any(|other| closing(*other) == closing(c))
                {
                    quote = Some(closing(c));
                    if !out.is_empty() {
                        out.push(' ');
                    }
                    out.push('"');
                    gap = false;
                    continue;
                }
                quote.is_some()
            }
            _ if quote.is_some() => true,
            '.' | ',' | ':' | '-' | '/' if before.is_numeric() && after.is_numeric() => true,
            // a sign of its own: "-5", "- 5" is a dash
            '-' => after.is_numeric() && !before.is_alphanumeric(),
            '.' | ',' | ';' | ':' | '?' | '!' | '(' | ')' | '[' | ']' | '{' | '}' | '_' | '/'
            | '…' | '–' | '—' | '¿' | '¡' | '。' | '、' | '！' | '？' | '，' => false,
            c => !c.is_whitespace() && !c.is_control(),
        };
        if !kept {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) && !out.is_empty() {
            out.push(' ');
        }
        if quote.is_some() {
            out.push(c);
        } else {
            out.extend(c.to_lowercase());
        }
    }
    out
}

/// One sign for each kind of quotation marks.
fn closing(mark: char) -> char {
    match mark {
        '“' | '”' | '„' | '"' | '«' | '»' => '"',
        '‘' | '’' | '\'' | '`' => '\'',
        '「' | '」' => '」',
        other => other,
    }
}

fn digest(normal: &str) -> u128 {
    let hash = Sha256::digest(normal.as_bytes());
    let (first, _) = hash.split_at(16);
    first
        .iter()
        .fold(0, |sum, byte| sum << 8 | u128::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUESTIONS: [&str; 7] = [
        "How many orders were shipped in 2024?",
        "Which customers placed the most orders?",
        "List all products that are discontinued",
        "What is the average salary per department?",
        "지난달 고객별 주문 금액은 얼마인가요?",
        "Wie viele Bestellungen gab es in Bayern?",
        "How many employees are there?",
    ];

    fn index() -> TextIndex<usize> {
        TextIndex::build(QUESTIONS.into_iter().enumerate())
    }

    #[test]
    fn the_example_that_resembles_most_comes_first() {
        let index = index();
        for (question, first) in [
            ("how many orders did we ship", 0),
            ("which clients have the most orders", 1),
            ("show discontinued goods", 2),
            ("mean salaries by department", 3),
            ("고객별 주문 금액", 4),
            ("Bestellung aus Bayern", 5),
            ("how many employees", 6),
        ] {
            let hits = index.search(question, 3);
            assert_eq!(
                hits.first().map(|hit| hit.id),
                Some(first),
                "{question}: {hits:?}"
            );
            assert!(hits.windows(2).all(|pair| pair[0].score >= pair[1].score));
        }
        assert!(index.search("", 3).is_empty());
        assert!(index.search("zzyzx", 3).is_empty());
        assert!(index.search("orders", 0).is_empty());
    }

    #[test]
    fn the_same_words_are_wholly_alike_and_others_less() {
        let index = index();
        let same = index.search("How many employees are there", 1).remove(0);
        assert!((same.score - 1.0).abs() < 1e-5, "{same:?}");
        assert!((same.likeness - 1.0).abs() < 1e-5, "{same:?}");
        let other = index.search("How many departments are there", 1).remove(0);
        assert!(other.likeness < 0.5, "{other:?}");
    }

    #[test]
    fn a_text_is_found_once_added_and_gone_once_removed() {
        let mut index = index();
        index.add(7, "revenue by region");
        assert_eq!(index.search("regional revenue", 1)[0].id, 7);
        index.add(7, "hires by quarter");
        assert!(
            index.search("revenue", 1).is_empty(),
            "its old text is gone"
        );
        assert_eq!(index.search("hires", 1)[0].id, 7);
        assert!(index.remove(&7) && !index.remove(&7));
        assert!(index.search("hires", 1).is_empty());
        assert_eq!(index.len(), QUESTIONS.len());
        assert!(
            index
                .search_where("orders", 9, |id| *id != 0)
                .iter()
                .all(|hit| hit.id != 0)
        );
    }

    #[test]
    fn many_changes_leave_what_a_fresh_build_would() {
        let mut index = TextIndex::default();
        for n in 0..2_000usize {
            index.add(
                n % 300,
                &format!("{} number {n}", QUESTIONS[n % QUESTIONS.len()]),
            );
            if n % 3 == 0 {
                index.remove(&(n * 7 % 300));
            }
        }
        assert!(
            index.texts.len() < 600,
            "slots are swept: {}",
            index.texts.len()
        );
        let mut texts: Vec<(usize, String)> = Vec::new();
        for n in 0..2_000usize {
            texts.retain(|(id, _)| *id != n % 300);
            texts.push((
                n % 300,
                format!("{} number {n}", QUESTIONS[n % QUESTIONS.len()]),
            ));
            if n % 3 == 0 {
                texts.retain(|(id, _)| *id != n * 7 % 300);
            }
        }
        let fresh = TextIndex::build(texts);
        assert_eq!(index.len(), fresh.len());
        for question in QUESTIONS {
            assert_eq!(
                index.search(question, 20),
                fresh.search(question, 20),
                "{question}"
            );
        }
    }

    #[test]
    fn equal_means_the_same_question_and_nothing_looser() {
        let index = TextIndex::build([
            (1, "How many orders are above 1,000.50?"),
            (2, "Orders with status \"Open\""),
            (3, "Customers with a balance of -5"),
        ]);
        for (question, equal) in [
            ("how many  orders are above 1,000.50", vec![1]),
            ("How many orders are above 1,000.50 ?!", vec![1]),
            ("how many orders are above 100050", vec![]),
            ("how many orders are above 1,000", vec![]),
            ("how many orders are > 1,000.50", vec![]),
            ("orders, with status “Open”.", vec![2]),
            ("orders with status 'Open'", vec![2]),
            ("orders with status \"open\"", vec![]),
            ("customers with a balance of 5", vec![]),
            ("Customers with a balance of -5?", vec![3]),
        ] {
            assert_eq!(
                index.equal(question),
                equal,
                "{question}: {}",
                normalised(question)
            );
        }
    }

    #[test]
    fn a_question_of_nonsense_costs_no_more_than_its_length() {
        let index = index();
        let long =
            "orders ".repeat(5_000) + &(0..70_000).map(|n| format!("w{n} ")).collect::<String>();
        assert!(index.search(&long, 3).len() <= 3);
    }
}
