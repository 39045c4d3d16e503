//! Words and values that differ from what was typed by a slip of the finger.

use std::collections::HashMap;

/// Finds entries within a small edit distance without comparing with all of them.
///
/// One edit touches at most three of a word's trigrams, a swap of neighbours four. So a word within `d` edits shares
/// all but `4d` of the typed word's trigrams; only those that do are compared.
pub(super) struct Typos {
    entries: Vec<String>,
    trigrams: HashMap<[char; 3], Vec<u32>>,
}

impl Typos {
    /// `entries` are folded; an entry's position is its number.
    pub fn new(entries: Vec<String>) -> Self {
        let mut trigrams: HashMap<[char; 3], Vec<u32>> = HashMap::new();
        for (number, entry) in entries.iter().enumerate() {
            if entry.len() < 4 || entry.len() > LONGEST {
                continue;
            }
            for trigram in trigrams_of(entry) {
                let list = trigrams.entry(trigram).or_default();
                if list.last() != Some(&(number as u32)) {
                    list.push(number as u32);
                }
            }
        }
        Self { entries, trigrams }
    }

    /// Entries at 1 to `allowed` edits from `typed` (a swap of neighbours is one), nearest first.
    pub fn near(&self, typed: &str, allowed: usize) -> Vec<(u32, usize)> {
        if allowed == 0 || typed.len() > LONGEST {
            return Vec::new();
        }
        let length = typed.chars().count();
        let trigrams = trigrams_of(typed);
        let shared = trigrams.len().saturating_sub(4 * allowed).max(1);
        let mut counts = vec![0u8; self.entries.len()];
        let mut candidates: Vec<u32> = Vec::new();
        for trigram in &trigrams {
            for number in self.trigrams.get(trigram).map_or(&[][..], Vec::as_slice) {
                let count = &mut counts[*number as usize];
                *count = count.saturating_add(1);
                if usize::from(*count) == shared {
                    candidates.push(*number);
                }
            }
        }
        let mut near: Vec<(u32, usize)> = candidates
            .into_iter()
            .filter(|number| {
                let entry = &self.entries[*number as usize];
                entry.len().abs_diff(typed.len()) <= 4 * allowed
                    && entry.chars().count().abs_diff(length) <= allowed
            })
            .filter_map(|number| {
                let edits = strsim::osa_distance(&self.entries[number as usize], typed);
                (edits > 0 && edits <= allowed).then_some((number, edits))
            })
            .collect();
        near.sort_by_key(|(number, edits)| (*edits, *number));
        near
    }

    pub fn entries(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(String::as_str)
    }

    #[cfg(test)]
    pub fn entry(&self, number: u32) -> &str {
        &self.entries[number as usize]
    }
}

/// How many slips to forgive: none in short words, where everything is near everything.
pub(super) fn edits_allowed(word: &str) -> usize {
    if word.chars().any(char::is_numeric) {
        return 0;
    }
    match word.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Bytes; longer entries are sentences, where an edit distance says nothing.
const LONGEST: usize = 64;

fn trigrams_of(word: &str) -> Vec<[char; 3]> {
    let mut padded: Vec<char> = vec!['^', '^'];
    padded.extend(word.chars());
    padded.extend(['$', '$']);
    padded.windows(3).map(|w| [w[0], w[1], w[2]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_other_words_are_not() {
        let typos = Typos::new(
            ["bavaria", "california", "beverages", "customer", "batavia"]
                .map(String::from)
                .to_vec(),
        );
        for (typed, found) in [
            ("bavraia", Some("bavaria")),
            ("bavria", Some("bavaria")),
            ("califronai", Some("california")),
            ("bevarages", Some("beverages")),
            ("costumer", Some("customer")),
            ("mountain", None),
            ("bavaria", None),
        ] {
            let near = typos.near(typed, edits_allowed(typed));
            assert_eq!(near.first().map(|(n, _)| typos.entry(*n)), found, "{typed}");
        }
    }
}
