//! Text to the pieces of words that a BERT model knows.

use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

pub(super) struct WordPiece {
    pieces: HashMap<String, usize>,
    begin: usize,
    end: usize,
    unknown: usize,
}

/// Characters; a longer word is one unknown piece.
const LONGEST_WORD: usize = 100;

impl WordPiece {
    /// One piece a line, its number the line's; none when the three pieces every model has are missing.
    pub fn new(vocabulary: &str) -> Option<Self> {
        let pieces: HashMap<String, usize> = vocabulary
            .lines()
            .enumerate()
            .map(|(number, piece)| (piece.trim_end().to_owned(), number))
            .collect();
        Some(Self {
            begin: *pieces.get("[CLS]")?,
            end: *pieces.get("[SEP]")?,
            unknown: *pieces.get("[UNK]")?,
            pieces,
        })
    }

    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// At most `longest` numbers, the first and the last of them marking begin and end.
    pub fn tokens(&self, text: &str, longest: usize) -> Vec<usize> {
        let mut tokens = vec![self.begin];
        for word in words(text) {
            self.pieces_of(&word, &mut tokens);
            if tokens.len() >= longest {
                tokens.truncate(longest - 1);
                break;
            }
        }
        tokens.push(self.end);
        tokens
    }

    /// The longest known piece from the left, again and again; all or nothing.
    fn pieces_of(&self, word: &str, tokens: &mut Vec<usize>) {
        let before = tokens.len();
        let chars: Vec<char> = word.chars().collect();
        if chars.len() > LONGEST_WORD {
            tokens.push(self.unknown);
            return;
        }
        let mut at = 0;
        while at < chars.len() {
            let found = (at + 1..=chars.len()).rev().find_map(|to| {
                let mut piece = String::from(if at > 0 { "##" } else { "" });
                piece.extend(&chars[at..to]);
                self.pieces.get(&piece).map(|number| (*number, to))
            });
            let Some((number, to)) = found else {
                tokens.truncate(before);
                tokens.push(self.unknown);
                return;
            };
            tokens.push(number);
            at = to;
        }
    }
}

/// Lower case, without accents, cut at white space; punctuation and Han characters stand alone.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in text.nfd().flat_map(char::to_lowercase) {
        if ('\u{300}'..='\u{36f}').contains(&c) {
            continue;
        }
        let alone = c.is_ascii_punctuation()
            || ('\u{2000}'..='\u{206f}').contains(&c)
            || ('\u{3000}'..='\u{303f}').contains(&c)
            || ('\u{4e00}'..='\u{9fff}').contains(&c)
            || ('\u{3400}'..='\u{4dbf}').contains(&c);
        if c.is_whitespace() || c.is_control() {
            words.push(String::new());
        } else if alone {
            words.push(c.to_string());
            words.push(String::new());
        } else if let Some(last) = words.last_mut() {
            last.push(c);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_apart_into_the_longest_known_pieces() {
        let words = WordPiece::new("[UNK]\n[CLS]\n[SEP]\nsing\n##er\n##s\nsinger\n?\nage\n中")
            .expect("a vocabulary");
        for (text, tokens) in [
            ("Singers?", vec![1, 6, 5, 7, 2]),
            ("singer age", vec![1, 6, 8, 2]),
            ("âge", vec![1, 8, 2]),
            ("singing", vec![1, 0, 2]),
            ("中中", vec![1, 9, 9, 2]),
            ("", vec![1, 2]),
        ] {
            assert_eq!(words.tokens(text, 256), tokens, "{text}");
        }
        assert_eq!(words.tokens("age age age age", 4), [1, 8, 8, 2]);
        assert!(WordPiece::new("sing\n##er").is_none());
    }
}
