//! Every word of a schema, and where it stands.

use super::joins::Joins;
use super::lexicon::Lexicon;
use super::typos::Typos;
use super::words::{Language, Stemmers, identifier_words, is_paired_script, pairs, singular};
use crate::schema::Schema;
use std::collections::{BTreeMap, HashMap, HashSet};

pub(super) const NONE: u32 = u32::MAX;

/// What kind of text a word stands in; a match in a name is worth more than one in a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    TableName,
    TableSynonym,
    TableDescription,
    ColumnName,
    ColumnSynonym,
    ColumnDescription,
    /// The schema or catalogue that a table belongs to; all its tables share one unit.
    Namespace,
}

/// One piece of text: a name, a synonym, a description.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub field: Field,
    /// [`NONE`] for a namespace.
    pub table: u32,
    /// Position in the table, or [`NONE`].
    pub column: u32,
    pub group: u32,
    /// What all its words weigh together: a match of them all is a full match.
    pub mass: f32,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Posting {
    pub unit: u32,
    /// 1 for the word itself, less for what it was derived from.
    pub strength: f32,
}

pub(super) struct Index {
    pub units: Vec<Unit>,
    pub table_group: Vec<u32>,
    /// The groups are namespaces, not guessed from foreign keys.
    pub groups_are_named: bool,
    pub group_tables: Vec<Vec<u32>>,
    pub postings: Vec<Vec<Posting>>,
    /// How much rarer than others a term is, by tables that have it.
    pub table_idf: Vec<f32>,
    /// The same by namespaces that have it; equal to `table_idf` where there is only one.
    pub group_idf: Vec<f32>,
    terms: HashMap<String, u32>,
    /// Terms by the stem their words have in other languages than English.
    foreign: HashMap<(Language, String), Vec<u32>>,
    /// All words, for typing errors.
    pub typos: Typos,
    typo_terms: Vec<u32>,
    /// Words that no list knows, by their consonants: `tkr` for `takr`.
    skeletons: HashMap<String, Vec<u32>>,
    /// Names of several words, each with a term of its own, from `first_phrase` on.
    phrases: Vec<(String, u32)>,
    first_phrase: u32,
    parts: Parts,
}

impl Index {
    /// `table_group` says for each table which of the `groups`, by name, it belongs to.
    pub fn build(
        schema: &Schema,
        (table_group, groups): (Vec<u32>, Vec<String>),
        stemmers: &Stemmers,
        lexicon: &Lexicon,
    ) -> Self {
        let mut group_tables = vec![Vec::new(); groups.len()];
        for (table, group) in table_group.iter().enumerate() {
            group_tables[*group as usize].push(table as u32);
        }
        let parts = Parts::new(schema, lexicon);
        let mut draft = Draft {
            stemmers,
            lexicon,
            parts: &parts,
            units: Vec::new(),
            slots: Vec::new(),
            postings: Vec::new(),
            terms: HashMap::new(),
            words: HashMap::new(),
            named: BTreeMap::new(),
        };
        for (group, name) in groups.iter().enumerate() {
            draft.add(Field::Namespace, NONE, NONE, group as u32, name);
        }
        for (number, table) in schema.tables.iter().enumerate() {
            let at = number as u32;
            let group = table_group[number];
            draft.add(Field::TableName, at, NONE, group, bare_name(table));
            for synonym in &table.synonyms {
                draft.add(Field::TableSynonym, at, NONE, group, synonym);
            }
            if let Some(text) = &table.description {
                draft.add(Field::TableDescription, at, NONE, group, text);
            }
            for (position, column) in table.columns.iter().enumerate() {
                let position = position as u32;
                draft.add(Field::ColumnName, at, position, group, &column.name);
                for synonym in &column.synonyms {
                    draft.add(Field::ColumnSynonym, at, position, group, synonym);
                }
                if let Some(text) = &column.description {
                    draft.add(Field::ColumnDescription, at, position, group, text);
                }
            }
        }
        let first_phrase = draft.postings.len() as u32;
        let phrases = draft.add_phrases();
        let Draft {
            mut units,
            slots,
            postings,
            terms,
            words,
            ..
        } = draft;
        let mut table_idf = Vec::with_capacity(postings.len());
        let mut group_idf = Vec::with_capacity(postings.len());
        for list in &postings {
            let mut tables = HashSet::new();
            let mut in_groups = HashSet::new();
            for posting in list {
                let unit = &units[posting.unit as usize];
                in_groups.insert(unit.group);
                if unit.table != NONE {
                    tables.insert(unit.table);
                }
            }
            table_idf.push(idf(schema.tables.len(), tables.len()));
            group_idf.push(idf(groups.len(), in_groups.len()));
        }
        if groups.len() == 1 {
            group_idf.clone_from(&table_idf);
        }
        for (unit, slots) in units.iter_mut().zip(&slots) {
            unit.mass = slots.iter().map(|term| table_idf[*term as usize]).sum();
        }
        let mut foreign: HashMap<(Language, String), Vec<u32>> = HashMap::new();
        for (word, term) in &words {
            for language in Language::STEMMED {
                if language != Language::English {
                    let list = foreign
                        .entry((language, stemmers.stem(language, word)))
                        .or_default();
                    if !list.contains(term) {
                        list.push(*term);
                    }
                }
            }
        }
        let mut skeletons: HashMap<String, Vec<u32>> = HashMap::new();
        for (word, term) in &words {
            if word.is_ascii() && word.len() >= 3 && !lexicon.is_known(word) {
                let skeleton = skeleton_of(word);
                // a word that keeps most of its vowels is a word
                if skeleton.len() >= 3 && skeleton.len() * 4 >= word.len() * 3 {
                    skeletons.entry(skeleton).or_default().push(*term);
                }
            }
        }
        let mut listed: Vec<(String, u32)> = words.into_iter().collect();
        listed.sort();
        let (entries, typo_terms) = listed.into_iter().unzip();
        Self {
            units,
            groups_are_named: groups.iter().any(|name| !name.is_empty()),
            table_group,
            group_tables,
            postings,
            table_idf,
            group_idf,
            terms,
            foreign,
            typos: Typos::new(entries),
            typo_terms,
            skeletons,
            phrases,
            first_phrase,
            parts,
        }
    }

    pub fn term(&self, stem: &str) -> Option<u32> {
        self.terms.get(stem).copied()
    }

    pub fn foreign_terms(&self, language: Language, stem: &str) -> &[u32] {
        self.foreign
            .get(&(language, stem.to_owned()))
            .map_or(&[], Vec::as_slice)
    }

    /// For each term a word that stands for it, by the words' order, then names of several words: what has a meaning
    /// without its sentence.
    pub fn vocabulary(&self) -> Vec<(u32, String)> {
        let mut taken: HashSet<u32> = HashSet::new();
        let words = self.typos.entries().zip(&self.typo_terms);
        let words = words
            .filter(|(word, _)| word.len() > 2 && word.chars().all(char::is_alphabetic))
            .filter(|(_, term)| taken.insert(**term))
            .map(|(word, term)| (*term, singular(word)));
        let phrases = self.phrases.iter();
        words
            .chain(phrases.map(|(text, term)| (*term, text.clone())))
            .take(VOCABULARY)
            .collect()
    }

    /// Whether the term is a whole name of several words.
    pub fn is_phrase(&self, term: u32) -> bool {
        term >= self.first_phrase
    }

    /// Terms whose words are a slip away from `folded`, with the number of slips.
    pub fn near_terms(&self, folded: &str, allowed: usize) -> Vec<(u32, usize)> {
        self.typos
            .near(folded, allowed)
            .into_iter()
            .map(|(number, edits)| (self.typo_terms[number as usize], edits))
            .collect()
    }

    /// Terms that are `folded` with its vowels left out: `takr` for `taker`, `schl` for `school`.
    pub fn shortened_terms(&self, folded: &str) -> &[u32] {
        self.skeletons
            .get(&skeleton_of(folded))
            .map_or(&[], Vec::as_slice)
    }

    /// The words that a glued word is made of, or none.
    pub fn parts_of(&self, folded: &str) -> Vec<String> {
        self.parts.split(folded)
    }
}

/// Words of one schema that are embedded, at most: memory and an hour of a small model's time.
const VOCABULARY: usize = 30_000;

/// The first letter and the consonants after it, doubled ones once.
fn skeleton_of(word: &str) -> String {
    let mut skeleton = String::with_capacity(word.len());
    for (place, letter) in word.trim_end_matches('s').chars().enumerate() {
        if (place == 0 || !matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u'))
            && !skeleton.ends_with(letter)
        {
            skeleton.push(letter);
        }
    }
    skeleton
}

/// BM25's weight of a word that `having` of `all` have.
pub(super) fn idf(all: usize, having: usize) -> f32 {
    let (all, having) = (all as f32, having.min(all) as f32);
    (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
}

/// Which namespace each table belongs to. A catalogue merged by name (`shop.orders`) has its namespaces in the names.
pub(super) fn namespaces_of(schema: &Schema) -> (Vec<u32>, Vec<String>) {
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut names = Vec::new();
    let table_group = schema
        .tables
        .iter()
        .map(|table| {
            let name = table
                .namespace
                .as_deref()
                .unwrap_or_else(|| table.name.rsplit_once('.').map_or("", |(prefix, _)| prefix));
            *numbers.entry(name).or_insert_with(|| {
                names.push(name.to_owned());
                names.len() as u32 - 1
            })
        })
        .collect();
    (table_group, names)
}

/// A large schema of one namespace falls apart into what foreign keys hold together, and a question is about one
/// of the parts; unless one part is nearly everything, where that would say nothing.
pub(super) fn parts_of_one(schema: &Schema, joins: &Joins) -> Option<(Vec<u32>, Vec<String>)> {
    let tables = schema.tables.len();
    if tables < PARTS_FROM {
        return None;
    }
    let part = joins.neighbourhoods();
    let parts = part.iter().max().map_or(0, |last| *last as usize + 1);
    let mut sizes = vec![0; parts];
    for part in &part {
        sizes[*part as usize] += 1;
    }
    let largest = sizes.iter().copied().max().unwrap_or(0);
    (largest * 3 <= tables).then(|| (part, vec![String::new(); parts]))
}

/// Tables; a smaller schema has one subject.
const PARTS_FROM: usize = 40;

fn bare_name(table: &crate::schema::Table) -> &str {
    match table.namespace {
        Some(_) => &table.name,
        None => table
            .name
            .rsplit_once('.')
            .map_or(&table.name, |(_, bare)| bare),
    }
}

/// A name as one says it, where that is two or three words.
fn phrase_of(name: &str) -> Option<String> {
    let words = identifier_words(name);
    let said = words.iter().all(|word| {
        word.len() > 1
            && word
                .chars()
                .all(|c| c.is_alphabetic() && !is_paired_script(c))
    });
    ((2..=3).contains(&words.len()) && said).then(|| {
        let mut words = words;
        let last = words.pop().map(|word| singular(&word)).unwrap_or_default();
        words.push(last);
        words.join(" ")
    })
}

struct Draft<'a> {
    stemmers: &'a Stemmers,
    lexicon: &'a Lexicon,
    parts: &'a Parts,
    units: Vec<Unit>,
    /// Per unit the term of each of its words.
    slots: Vec<Vec<u32>>,
    postings: Vec<Vec<Posting>>,
    terms: HashMap<String, u32>,
    words: HashMap<String, u32>,
    /// Units by their name, where that is of several words.
    named: BTreeMap<String, Vec<u32>>,
}

impl Draft<'_> {
    fn add(&mut self, field: Field, table: u32, column: u32, group: u32, text: &str) {
        let unit = self.units.len() as u32;
        let mut slots = Vec::new();
        for word in identifier_words(text) {
            if word.chars().any(is_paired_script) {
                for pair in pairs(&word) {
                    let term = self.term(pair);
                    slots.push(term);
                    self.post(term, unit, 1.0);
                }
                continue;
            }
            let term = self.word(&word);
            slots.push(term);
            self.post(term, unit, 1.0);
            if matches!(field, Field::TableDescription | Field::ColumnDescription) {
                continue;
            }
            for long in self.lexicon.long_form(&word).to_vec() {
                let term = self.word(&long);
                self.post(term, unit, 0.9);
            }
            for part in self.parts.split(&word) {
                for long in self.lexicon.long_form(&part).to_vec() {
                    let term = self.word(&long);
                    self.post(term, unit, 0.8);
                }
                let term = self.word(&part);
                self.post(term, unit, 0.85);
            }
        }
        if matches!(
            field,
            Field::TableName | Field::TableSynonym | Field::ColumnName | Field::ColumnSynonym
        ) && let Some(phrase) = phrase_of(text)
        {
            self.named.entry(phrase).or_default().push(unit);
        }
        self.slots.push(slots);
        self.units.push(Unit {
            field,
            table,
            column,
            group,
            mass: 0.0,
        });
    }

    /// A term for each name of several words: what a question says in two words may be one of them.
    fn add_phrases(&mut self) -> Vec<(String, u32)> {
        let named = std::mem::take(&mut self.named);
        let phrases = named.into_iter().map(|(phrase, units)| {
            let term = self.postings.len() as u32;
            let strength = 1.0;
            self.postings.push(
                units
                    .into_iter()
                    .map(|unit| Posting { unit, strength })
                    .collect(),
            );
            (phrase, term)
        });
        phrases.collect()
    }

    fn word(&mut self, word: &str) -> u32 {
        if let Some(term) = self.words.get(word) {
            return *term;
        }
        let stem = self.stemmers.stem(Language::English, word);
        let term = self.term(stem);
        self.words.insert(word.to_owned(), term);
        term
    }

    fn term(&mut self, stem: String) -> u32 {
        if let Some(term) = self.terms.get(&stem) {
            return *term;
        }
        let term = self.postings.len() as u32;
        self.postings.push(Vec::new());
        self.terms.insert(stem, term);
        term
    }

    fn post(&mut self, term: u32, unit: u32, strength: f32) {
        let list = &mut self.postings[term as usize];
        match list.last_mut() {
            Some(last) if last.unit == unit => last.strength = last.strength.max(strength),
            _ => list.push(Posting { unit, strength }),
        }
    }
}

/// Takes glued words apart (`orderdetails`, `custname`, `Kundennummer`) by the words known from elsewhere.
struct Parts {
    vocabulary: HashSet<String>,
}

/// Shorter pieces are found in anything.
const SHORTEST_PART: usize = 3;

impl Parts {
    fn new(schema: &Schema, lexicon: &Lexicon) -> Self {
        let mut vocabulary: HashSet<String> = HashSet::new();
        let names = schema.tables.iter().flat_map(|table| {
            std::iter::once(table.name.as_str())
                .chain(table.columns.iter().map(|c| c.name.as_str()))
        });
        for name in names {
            let words = identifier_words(name);
            // a word that stands among others is a word; one alone may be glued itself
            if words.len() > 1 {
                vocabulary.extend(words.into_iter().filter(|w| w.len() >= 4));
            }
        }
        vocabulary.extend(
            lexicon
                .known()
                .chain(lexicon.abbreviations())
                .filter(|w| w.len() >= SHORTEST_PART)
                .map(String::from),
        );
        Self { vocabulary }
    }

    fn split(&self, word: &str) -> Vec<String> {
        if !(6..=40).contains(&word.len())
            || !word.is_ascii()
            || word.bytes().any(|b| b.is_ascii_digit())
        {
            return Vec::new();
        }
        // best[i]: fewest pieces that make word[i..], and where the first of them ends
        let n = word.len();
        let mut best: Vec<Option<(usize, usize, usize)>> = vec![None; n + 1];
        best[n] = Some((0, n, n));
        for from in (0..n).rev() {
            for to in from + 2..=n {
                let piece = &word[from..to];
                let whole = from == 0 && to == n;
                let ends = to == n && from > 0 && matches!(piece, "id" | "ids" | "no" | "nr");
                let known = !whole
                    && (ends || (to - from >= SHORTEST_PART && self.vocabulary.contains(piece)));
                if !known {
                    continue;
                }
                for link in ["", "s", "n", "en", "es"] {
                    let next = to + link.len();
                    if next > n || !word[to..].starts_with(link) || (next == n && !link.is_empty())
                    {
                        continue;
                    }
                    let Some((pieces, ..)) = best[next] else {
                        continue;
                    };
                    let cost = pieces + 2 + usize::from(!link.is_empty());
                    if best[from].is_none_or(|(least, ..)| cost < least) {
                        best[from] = Some((cost, to, next));
                    }
                }
            }
        }
        let mut parts = Vec::new();
        let mut at = 0;
        while at < n {
            let Some((_, to, next)) = best[at] else {
                return Vec::new();
            };
            parts.push(word[at..to].to_owned());
            at = next;
        }
        if parts.len() > 3 { Vec::new() } else { parts }
    }
}
