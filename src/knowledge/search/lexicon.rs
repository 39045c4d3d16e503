//! Words that mean nearly the same to people who ask about data: general knowledge, not knowledge of a schema.
//!
//! The lists are text files beside this one. An expert's synonyms for one dataset belong to its schema,
//! where they count more.

use super::words::{Language, Stemmers, fold};
use std::collections::{HashMap, HashSet};

/// What one word may also be called, with how far to trust it, in 0..=1.
pub(super) struct Lexicon {
    /// English stem to English stems.
    near: HashMap<String, Vec<(String, f32)>>,
    /// Abbreviation to the words it stands for.
    abbreviations: HashMap<String, Vec<String>>,
    /// A word of another language, folded, to English stems.
    foreign: HashMap<String, Vec<String>>,
    /// German and other inflected words by their own stem.
    foreign_stems: HashMap<(Language, String), Vec<String>>,
    /// Every English word in the lists, folded: what is certainly a word and not an abbreviation.
    known: HashSet<String>,
    longest_foreign: usize,
    /// English stems of what kind of thing a well-known name is: `france` is a country.
    kinds: HashMap<String, Vec<String>>,
}

/// Words of one line of `synonyms.txt`: people say one for the other.
const SYNONYM: f32 = 0.75;
/// Words of one line with `>`: the first is wider than the rest.
const KIND_OF: f32 = 0.5;

/// Shorter parts of a compound are found in anything.
const SHORTEST_PART: usize = 4;
/// Bytes; a longer word is no word.
const LONGEST_COMPOUND: usize = 60;
/// What joins the parts of a German or Dutch compound.
const LINKS: [&str; 5] = ["s", "n", "en", "es", "er"];

impl Lexicon {
    pub fn new(stemmers: &Stemmers) -> Self {
        let mut lexicon = Self {
            near: HashMap::new(),
            abbreviations: HashMap::new(),
            foreign: HashMap::new(),
            foreign_stems: HashMap::new(),
            known: HashSet::new(),
            longest_foreign: 1,
            kinds: HashMap::new(),
        };
        for line in lines(include_str!("lexicon/synonyms.txt")) {
            let (heads, rest, trust) = match line.split_once('>') {
                Some((wide, narrow)) => (wide, narrow, KIND_OF),
                None => (line, line, SYNONYM),
            };
            for head in heads.split_whitespace() {
                lexicon.known.insert(fold(head));
                for other in rest.split_whitespace() {
                    lexicon.known.insert(fold(other));
                    let head = stemmers.stem(Language::English, &fold(head));
                    let other = stemmers.stem(Language::English, &fold(other));
                    if head != other {
                        add(&mut lexicon.near, &head, &other, trust);
                        add(&mut lexicon.near, &other, &head, trust);
                    }
                }
            }
        }
        for line in lines(include_str!("lexicon/abbreviations.txt")) {
            let mut words = line.split_whitespace().map(fold);
            if let Some(short) = words.next() {
                let long: Vec<String> = words.collect();
                lexicon.known.extend(long.iter().cloned());
                lexicon.abbreviations.insert(short, long);
            }
        }
        for line in lines(include_str!("lexicon/kinds.txt")) {
            let Some((kind, names)) = line.split_once(':') else {
                continue;
            };
            let kind = stemmers.stem(Language::English, kind.trim());
            for name in names.split_whitespace() {
                lexicon
                    .kinds
                    .entry(fold(name))
                    .or_default()
                    .push(kind.clone());
            }
        }
        for (language, text) in [
            (Language::Other, include_str!("lexicon/korean.txt")),
            (Language::Other, include_str!("lexicon/chinese.txt")),
            (Language::Other, include_str!("lexicon/japanese.txt")),
            (Language::German, include_str!("lexicon/german.txt")),
        ] {
            for line in lines(text) {
                let mut words = line.split_whitespace().map(fold);
                let Some(word) = words.next() else { continue };
                let english: Vec<String> = words
                    .map(|w| stemmers.stem(Language::English, &w))
                    .collect();
                lexicon.longest_foreign = lexicon.longest_foreign.max(word.chars().count());
                if language != Language::Other {
                    lexicon
                        .foreign_stems
                        .entry((language, stemmers.stem(language, &word)))
                        .or_default()
                        .extend(english.iter().cloned());
                }
                lexicon.foreign.entry(word).or_default().extend(english);
            }
        }
        lexicon
    }

    /// Near-synonyms of an English stem.
    pub fn near(&self, stem: &str) -> &[(String, f32)] {
        self.near.get(stem).map_or(&[], Vec::as_slice)
    }

    /// The words an abbreviation stands for: `qty` is quantity, `dob` is date of birth.
    pub fn long_form(&self, short: &str) -> &[String] {
        self.abbreviations.get(short).map_or(&[], Vec::as_slice)
    }

    /// The kinds of thing that a well-known name stands for.
    pub fn kinds(&self, folded: &str) -> &[String] {
        self.kinds.get(folded).map_or(&[], Vec::as_slice)
    }

    pub fn is_known(&self, folded: &str) -> bool {
        self.known.contains(folded)
    }

    pub fn abbreviations(&self) -> impl Iterator<Item = &str> {
        self.abbreviations.keys().map(String::as_str)
    }

    pub fn known(&self) -> impl Iterator<Item = &str> {
        self.known.iter().map(String::as_str)
    }

    /// English stems for a word of another language that has spaces.
    pub fn english_for(&self, language: Language, folded: &str, stem: &str) -> &[String] {
        if language == Language::English {
            return &[];
        }
        self.foreign
            .get(folded)
            .or_else(|| self.foreign_stems.get(&(language, stem.to_owned())))
            .map_or(&[], Vec::as_slice)
    }

    /// English stems for the parts of a compound that no list has as a whole: `Kundennummer`, `Lieferadresse`.
    ///
    /// The first part is a known word of the language, perhaps with a letter that links it; what follows is known too,
    /// or a word of two parts itself, or taken as it is (`Bestelldetails`).
    pub fn compound(&self, language: Language, stemmers: &Stemmers, folded: &str) -> Vec<String> {
        let known = |part: &str| -> Option<&[String]> {
            if part.len() < SHORTEST_PART {
                return None;
            }
            let stem = stemmers.stem(language, part);
            let found = self.english_for(language, part, &stem);
            (!found.is_empty()).then_some(found)
        };
        if !folded.is_ascii() || folded.len() > LONGEST_COMPOUND {
            return Vec::new();
        }
        let splits = || {
            let places = SHORTEST_PART..folded.len().saturating_sub(SHORTEST_PART - 1);
            places.rev().filter_map(|at| {
                let (head, tail) = folded.split_at(at);
                let unlinked = LINKS.iter().filter_map(|link| head.strip_suffix(link));
                let first = std::iter::once(head).chain(unlinked).find_map(known)?;
                Some((first, tail))
            })
        };
        // where both parts are known it is split there
        if let Some((first, second)) =
            splits().find_map(|(first, tail)| Some((first, known(tail)?)))
        {
            return [first, second].concat();
        }
        let Some((first, tail)) = splits().next() else {
            return Vec::new();
        };
        let mut english = first.to_vec();
        let further = self.compound(language, stemmers, tail);
        if further.is_empty() {
            english.push(stemmers.stem(Language::English, tail));
        }
        english.extend(further);
        english
    }

    /// The words known in a run without spaces, longest first from the left, each with its English stems.
    pub fn within(&self, run: &str) -> Vec<(String, &[String])> {
        let chars: Vec<char> = run.chars().collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            let longest = self.longest_foreign.min(chars.len() - at);
            let word = (1..=longest).rev().find_map(|length| {
                let word: String = chars[at..at + length].iter().collect();
                let english = self.foreign.get(&word)?;
                // one syllable is a word only where it stands alone, perhaps with a particle
                let alone =
                    length > 1 || !is_hangul(chars[at]) || (at == 0 && is_particle(&chars[1..]));
                alone.then_some((length, word, english.as_slice()))
            });
            match word {
                Some((length, word, english)) => {
                    found.push((word, english));
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }
}

fn is_hangul(c: char) -> bool {
    ('\u{ac00}'..='\u{d7af}').contains(&c)
}

/// What Korean puts after a noun: case, plural, "per".
fn is_particle(rest: &[char]) -> bool {
    let rest: String = rest.iter().collect();
    let plain = rest.strip_prefix('들').unwrap_or(&rest);
    [
        "", "은", "는", "이", "가", "을", "를", "의", "에", "에서", "에게", "로", "으로", "와",
        "과", "도", "만", "별", "별로", "마다", "이나", "나", "까지", "부터", "인",
    ]
    .contains(&plain)
}

fn add(near: &mut HashMap<String, Vec<(String, f32)>>, from: &str, to: &str, trust: f32) {
    let list = near.entry(from.to_owned()).or_default();
    match list.iter_mut().find(|(word, _)| word == to) {
        Some((_, known)) => *known = known.max(trust),
        None => list.push((to.to_owned(), trust)),
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| line.split('#').next().unwrap_or("").trim())
        .filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syllable_is_a_word_only_where_it_stands_alone() {
        let lexicon = Lexicon::new(&Stemmers::new());
        for (run, words) in [
            ("고객별", vec!["고객"]),
            ("가수들의", vec!["가수"]),
            ("자동차제조사", vec!["자동차", "제조사"]),
            ("차는", vec!["차"]),
            ("주세요", vec![]),
            ("다시", vec![]),
            ("客户订单", vec!["客户", "订单"]),
        ] {
            let found: Vec<String> = lexicon.within(run).into_iter().map(|(w, _)| w).collect();
            assert_eq!(found, words, "{run}");
        }
    }

    #[test]
    fn compounds_are_understood_by_their_parts() {
        let stemmers = Stemmers::new();
        let lexicon = Lexicon::new(&stemmers);
        for (word, part) in [
            ("kundennummer", "custom"),
            ("kundennummer", "number"),
            ("bestelldetails", "order"),
            ("bestelldetails", "detail"),
            ("produktpreise", "price"),
        ] {
            let parts = lexicon.compound(Language::German, &stemmers, word);
            assert!(parts.contains(&part.to_owned()), "{word}: {parts:?}");
        }
        for word in ["kunden", "xyzzyplugh", "größe"] {
            let parts = lexicon.compound(Language::German, &stemmers, word);
            assert!(parts.is_empty(), "{word}: {parts:?}");
        }
    }

    #[test]
    fn every_line_of_the_lists_is_used() {
        let stemmers = Stemmers::new();
        let lexicon = Lexicon::new(&stemmers);
        let near = |word: &str| -> Vec<String> {
            let stem = stemmers.stem(Language::English, word);
            lexicon
                .near(&stem)
                .iter()
                .map(|(near, _)| near.clone())
                .collect()
        };
        assert!(near("customers").contains(&"client".to_owned()));
        assert!(near("client").contains(&"custom".to_owned()), "both ways");
        assert_eq!(lexicon.long_form("qty"), ["quantity"]);
        assert_eq!(lexicon.kinds("france"), ["countri"]);
        for language in ["Rechnungen", "Bestellung"] {
            let folded = fold(language);
            let stem = stemmers.stem(Language::German, &folded);
            assert!(
                !lexicon
                    .english_for(Language::German, &folded, &stem)
                    .is_empty()
            );
        }
    }
}
