//! Which languages an embedder knows: told by words whose translations we know.
//!
//! An English model gives a German or Korean question a vector too, near to anything. Rather than ask who made the
//! model we look: in a language that it knows, a word is nearer to its translation than to other words.

use super::words::{Language, is_paired_script};

/// The same twelve things in each language, English first. Words that look alike across languages would tell nothing.
const PROBES: [(Spoken, [&str; THINGS]); 11] = [
    (
        Spoken::Of(Language::English),
        [
            "customer", "invoice", "city", "employee", "school", "year", "country", "song",
            "weight", "bridge", "height", "apple",
        ],
    ),
    (
        Spoken::Of(Language::German),
        [
            "Kunde",
            "Rechnung",
            "Stadt",
            "Mitarbeiter",
            "Schule",
            "Jahr",
            "Staat",
            "Lied",
            "Gewicht",
            "Brücke",
            "Höhe",
            "Apfel",
        ],
    ),
    (
        Spoken::Of(Language::French),
        [
            "client", "facture", "ville", "salarié", "école", "année", "pays", "chanson", "poids",
            "pont", "hauteur", "pomme",
        ],
    ),
    (
        Spoken::Of(Language::Spanish),
        [
            "cliente", "factura", "ciudad", "empleado", "escuela", "año", "país", "canción",
            "peso", "puente", "altura", "manzana",
        ],
    ),
    (
        Spoken::Of(Language::Italian),
        [
            "cliente",
            "fattura",
            "città",
            "dipendente",
            "scuola",
            "anno",
            "paese",
            "canzone",
            "peso",
            "ponte",
            "altezza",
            "mela",
        ],
    ),
    (
        Spoken::Of(Language::Portuguese),
        [
            "cliente",
            "fatura",
            "cidade",
            "funcionário",
            "escola",
            "ano",
            "país",
            "canção",
            "peso",
            "ponte",
            "altura",
            "maçã",
        ],
    ),
    (
        Spoken::Of(Language::Dutch),
        [
            "klant",
            "factuur",
            "stad",
            "werknemer",
            "basisschool",
            "jaar",
            "staat",
            "liedje",
            "gewicht",
            "brug",
            "hoogte",
            "appel",
        ],
    ),
    (
        Spoken::Of(Language::Russian),
        [
            "клиент",
            "счёт",
            "город",
            "сотрудник",
            "школа",
            "год",
            "страна",
            "песня",
            "вес",
            "мост",
            "высота",
            "яблоко",
        ],
    ),
    (
        Spoken::Korean,
        [
            "고객", "송장", "도시", "직원", "학교", "연도", "국가", "노래", "무게", "교량", "높이",
            "사과",
        ],
    ),
    (
        Spoken::Chinese,
        [
            "客户", "发票", "城市", "员工", "学校", "年份", "国家", "歌曲", "重量", "桥梁", "高度",
            "苹果",
        ],
    ),
    (
        Spoken::Japanese,
        [
            "顧客",
            "請求書",
            "都市",
            "従業員",
            "学校",
            "年度",
            "国",
            "歌",
            "重さ",
            "橋",
            "高さ",
            "りんご",
        ],
    ),
];

const THINGS: usize = 12;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spoken {
    Of(Language),
    Korean,
    Chinese,
    Japanese,
}

impl Spoken {
    fn of_question(question: &str) -> Self {
        let has =
            |range: std::ops::RangeInclusive<char>| question.chars().any(|c| range.contains(&c));
        if has('\u{ac00}'..='\u{d7af}') {
            Self::Korean
        } else if has('\u{3040}'..='\u{30ff}') {
            Self::Japanese
        } else if question.chars().any(is_paired_script) {
            Self::Chinese
        } else {
            Self::Of(Language::of_question(question))
        }
    }
}

/// The words to embed, language by language.
pub(super) fn probes() -> Vec<String> {
    let all = PROBES.iter().flat_map(|(_, things)| things);
    all.map(|thing| (*thing).to_owned()).collect()
}

/// Per language how far an embedder knows it, in 0..=1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct KnownLanguages([f32; PROBES.len()]);

/// Of the words, so many find their translation by chance, by borrowed words and by names: no knowledge yet ...
const GUESSED: f32 = 0.6;
/// ... and so many where the language is known.
const FLUENT: f32 = 0.9;

impl KnownLanguages {
    /// `likeness` is of two of [`probes`], by their positions.
    pub fn told_by(likeness: impl Fn(usize, usize) -> f32) -> Self {
        let mut known = [1.0; PROBES.len()];
        for (language, known) in known.iter_mut().enumerate().skip(1) {
            let found = (0..THINGS).filter(|thing| {
                let word = language * THINGS + thing;
                let own = likeness(word, *thing);
                (0..THINGS).all(|other| other == *thing || likeness(word, other) < own)
            });
            let share = found.count() as f32 / THINGS as f32;
            *known = ((share - GUESSED) / (FLUENT - GUESSED)).clamp(0.0, 1.0);
        }
        Self(known)
    }

    pub fn of(&self, question: &str) -> f32 {
        let spoken = Spoken::of_question(question);
        let at = PROBES.iter().position(|(language, _)| *language == spoken);
        at.map_or(0.0, |at| self.0[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_where_words_find_their_translations() {
        // English and Korean share a vector for each thing; all else is the same vector
        let korean = 8 * THINGS..9 * THINGS;
        let likeness = |a: usize, b: usize| {
            let knows = a < THINGS || korean.contains(&a);
            f32::from(u8::from(knows && a % THINGS == b % THINGS))
        };
        let known = KnownLanguages::told_by(likeness);
        for (question, trust) in [
            ("How many customers are there?", 1.0),
            ("고객은 몇 명인가요?", 1.0),
            ("有多少个客户？", 0.0),
            ("顧客は何人いますか", 0.0),
            ("Wie viele Kunden gibt es?", 0.0),
            ("Combien de clients y a-t-il par ville ?", 0.0),
            ("Сколько клиентов?", 0.0),
        ] {
            assert_eq!(known.of(question), trust, "{question}");
        }
        assert_eq!(probes().len(), PROBES.len() * THINGS);
    }
}
