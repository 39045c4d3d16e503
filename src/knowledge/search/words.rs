//! From text and identifiers to the words that are compared: split, folded, stemmed.

use rust_stemmers::{Algorithm, Stemmer};
use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Lower case, without accents, so that `Größe`, `grosse` and `GRÖSSE` are one word.
///
/// Marks are dropped from Latin, Greek and Cyrillic only; Hangul stays composed.
pub(in crate::knowledge) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .nfc()
        .flat_map(char::to_lowercase)
        .fold(String::with_capacity(text.len()), |mut out, c| {
            match c {
                'ß' => out.push_str("ss"),
                'æ' => out.push_str("ae"),
                'ø' => out.push('o'),
                'ł' => out.push('l'),
                _ => out.push(c),
            }
            out
        })
}

/// Languages written without spaces, or with endings glued on, are compared by pairs of characters.
pub(super) fn is_paired_script(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7af}' // Hangul
        | '\u{3040}'..='\u{30ff}' // kana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' // Han
        | '\u{0e00}'..='\u{0e7f}') // Thai
}

/// The pairs of neighbouring characters of a run; a run of one stands for itself.
pub(in crate::knowledge) fn pairs(run: &str) -> Vec<String> {
    let chars: Vec<char> = run.chars().collect();
    if chars.len() < 2 {
        return vec![run.to_owned()];
    }
    chars.windows(2).map(|pair| pair.iter().collect()).collect()
}

/// A word of a question, with where it stands there.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::knowledge) struct Spoken {
    pub folded: String,
    pub start: usize,
    pub end: usize,
    /// Written with a capital although it does not begin the sentence.
    pub capital: bool,
    /// Within quotation marks.
    pub quoted: bool,
    /// In a script that is compared by pairs.
    pub paired: bool,
}

/// The words of a question, identifiers within it taken apart.
pub(in crate::knowledge) fn spoken_words(question: &str) -> Vec<Spoken> {
    let quotes = quoted_ranges(question);
    let mut out: Vec<Spoken> = Vec::new();
    let mut begins = true;
    let mut last_end = 0;
    for (at, word) in question.unicode_word_indices() {
        if question[last_end..at].contains(['.', '?', '!', ';', ':']) {
            begins = true;
        }
        last_end = at + word.len();
        let quoted = quotes
            .iter()
            .any(|(from, to)| at >= *from && last_end <= *to);
        let word = word
            .strip_suffix("'s")
            .or_else(|| word.strip_suffix("’s"))
            .unwrap_or(word);
        for part in parts_of(word) {
            let offset = part.as_ptr() as usize - word.as_ptr() as usize;
            let paired = part.chars().all(is_paired_script);
            let start = at + offset;
            // the segmenter gives Han one character at a time: neighbours belong together
            if paired
                && let Some(before) = out.last_mut()
                && before.paired
                && before.end == start
            {
                before.folded.push_str(&fold(part));
                before.end += part.len();
                continue;
            }
            out.push(Spoken {
                folded: fold(part),
                start,
                end: start + part.len(),
                capital: !begins && part.chars().next().is_some_and(char::is_uppercase),
                quoted,
                paired,
            });
        }
        begins = false;
    }
    out
}

/// The words of an identifier or a phrase, folded: `NumTstTakr`, `order_details`, `Percent (%) Eligible`.
pub(super) fn identifier_words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .flat_map(parts_of)
        .map(fold)
        .filter(|word| !(word.len() == 1 && word.as_bytes()[0].is_ascii_digit()))
        .collect()
}

/// An English word as it is called when there is one of it. Models of sentences put `musicians` nearer to `singers` than
/// to `singer`, so what is embedded is of one number.
pub(super) fn singular(word: &str) -> String {
    let bare = |ending: &str| word.strip_suffix(ending).filter(|bare| bare.len() > 2);
    if ENDING_IN_IE.split(' ').any(|odd| word.ends_with(odd)) {
        return word.strip_suffix('s').unwrap_or(word).to_owned();
    }
    if ["series", "species"]
        .iter()
        .any(|same| word.ends_with(same))
    {
        return word.to_owned();
    }
    if let Some(bare) = bare("ies") {
        return format!("{bare}y");
    }
    if ["sses", "shes", "ches", "xes", "zzes"]
        .iter()
        .any(|ending| word.ends_with(ending))
    {
        return bare("es").unwrap_or(word).to_owned();
    }
    if ["ss", "us", "is", "ics", "as", "os"]
        .iter()
        .any(|ending| word.ends_with(ending))
    {
        return word.to_owned();
    }
    bare("s").unwrap_or(word).to_owned()
}

const ENDING_IN_IE: &str = "movies cookies calories rookies zombies selfies";

/// Cuts at underscores, at changes of letter case, between letters and digits, and between scripts.
///
/// One or two letters before digits stay with them: `A12`, `Q3`, `K12`.
fn parts_of(word: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    let mut parts = Vec::new();
    let mut from = 0;
    let mut letters = 0;
    for i in 0..chars.len() {
        let (at, c) = chars[i];
        let before = (i > 0).then(|| chars[i - 1].1);
        let after = chars.get(i + 1).map(|(_, c)| *c);
        let cut = match before {
            None => false,
            Some(b) if !b.is_alphanumeric() || !c.is_alphanumeric() => true,
            Some(b) if is_paired_script(b) != is_paired_script(c) => true,
            Some(b) if b.is_alphabetic() && c.is_numeric() => letters > 2,
            Some(b) if b.is_numeric() && c.is_alphabetic() => true,
            Some(b) if b.is_lowercase() && c.is_uppercase() => true,
            Some(b) if b.is_uppercase() && c.is_uppercase() => {
                after.is_some_and(char::is_lowercase)
            }
            _ => false,
        };
        if cut {
            push_part(&mut parts, &word[from..at]);
            from = at;
            letters = 0;
        }
        letters += usize::from(c.is_alphabetic());
    }
    push_part(&mut parts, &word[from..]);
    parts
}

fn push_part<'a>(parts: &mut Vec<&'a str>, part: &'a str) {
    if part.chars().any(char::is_alphanumeric) {
        parts.push(part);
    }
}

fn quoted_ranges(question: &str) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut open: Option<(usize, char)> = None;
    let mut before = ' ';
    for (at, c) in question.char_indices() {
        match open {
            Some((from, close)) if c == close => {
                let after = question[at + c.len_utf8()..].chars().next().unwrap_or(' ');
                // an apostrophe inside a word closes nothing
                if c != '\'' || !after.is_alphanumeric() {
                    ranges.push((from, at));
                    open = None;
                }
            }
            Some(_) => {}
            None => {
                let close = match c {
                    '"' => Some('"'),
                    '\'' if !before.is_alphanumeric() => Some('\''),
                    '“' | '„' => Some('”'),
                    '‘' => Some('’'),
                    '«' => Some('»'),
                    '「' => Some('」'),
                    '`' => Some('`'),
                    _ => None,
                };
                open = close.map(|close| (at + c.len_utf8(), close));
            }
        }
        before = c;
    }
    ranges
}

/// Languages that have a stemmer here and that a question may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::knowledge) enum Language {
    English,
    German,
    French,
    Spanish,
    Italian,
    Portuguese,
    Dutch,
    Russian,
    Other,
}

impl Language {
    pub const STEMMED: [Self; 8] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Italian,
        Self::Portuguese,
        Self::Dutch,
        Self::Russian,
    ];

    /// By script first, then by the little words that no sentence goes without.
    pub fn of_question(question: &str) -> Self {
        if question
            .chars()
            .any(|c| ('\u{400}'..='\u{4ff}').contains(&c))
        {
            return Self::Russian;
        }
        if question.chars().any(is_paired_script) {
            return Self::Other;
        }
        let words: Vec<String> = question.unicode_words().map(fold).collect();
        let mut best = (0, Self::English);
        for (language, _) in LITTLE_WORDS {
            let count = words
                .iter()
                .filter(|word| {
                    LITTLE
                        .get(word.as_str())
                        .is_some_and(|l| l.contains(language))
                })
                .count();
            if count > best.0 {
                best = (count, *language);
            }
        }
        best.1
    }

    fn stemmer(self) -> Option<Stemmer> {
        Some(Stemmer::create(match self {
            Self::English => Algorithm::English,
            Self::German => Algorithm::German,
            Self::French => Algorithm::French,
            Self::Spanish => Algorithm::Spanish,
            Self::Italian => Algorithm::Italian,
            Self::Portuguese => Algorithm::Portuguese,
            Self::Dutch => Algorithm::Dutch,
            Self::Russian => Algorithm::Russian,
            Self::Other => return None,
        }))
    }
}

/// Stemmers are cheap to use and not free to make: one of each.
pub(in crate::knowledge) struct Stemmers(HashMap<Language, Stemmer>);

impl Stemmers {
    pub fn new() -> Self {
        Self(
            Language::STEMMED
                .into_iter()
                .filter_map(|language| Some((language, language.stemmer()?)))
                .collect(),
        )
    }

    /// `folded` reduced to what its inflections share; short words and codes stay.
    pub fn stem(&self, language: Language, folded: &str) -> String {
        if folded.len() < 4 || folded.chars().any(char::is_numeric) {
            // `ids`, `nos`: too short for the stemmer to dare
            return match folded.strip_suffix('s') {
                Some(bare) if folded.len() == 3 && bare != "i" && language == Language::English => {
                    if matches!(
                        folded,
                        "bus" | "gas" | "his" | "its" | "was" | "has" | "gps" | "sms" | "yes"
                    ) {
                        folded.to_owned()
                    } else {
                        bare.to_owned()
                    }
                }
                _ => folded.to_owned(),
            };
        }
        match self.0.get(&language) {
            Some(stemmer) => stemmer.stem(folded).into_owned(),
            None => folded.to_owned(),
        }
    }
}

const LITTLE_WORDS: &[(Language, &str)] = &[
    (
        Language::English,
        "the of in is are what which how many for with and that each show list find all who to by me have has from was were",
    ),
    (
        Language::German,
        "der die das den dem des ein eine einen einer und oder in ist sind wie viele welche welcher welches fur mit von zu auf aus jeder jede jedes zeige alle nach bei im am haben hat wird werden nicht sich wo wer was gib es",
    ),
    (
        Language::French,
        "le la les un une des du de et ou est sont combien quel quelle quels quelles pour avec dans par chaque qui que dont sur aux au tous toutes ont",
    ),
    (
        Language::Spanish,
        "el la los las un una de del y o es son cuantos cuantas cual cuales para con en por cada que todos todas muestra lista tienen tiene",
    ),
    (
        Language::Italian,
        "il lo la gli le un una di del della dei delle e o sono quanti quante quale quali per con in da ogni che tutti tutte mostra hanno nel",
    ),
    (
        Language::Portuguese,
        "o os as um uma de do da dos das e ou sao quantos quantas qual quais para com em por cada que todos todas mostre tem no na",
    ),
    (
        Language::Dutch,
        "de het een van en of is zijn hoeveel welke voor met in per elke die dat alle toon geef op naar heeft hebben er wat",
    ),
];

/// Words that say nothing about which table is meant, in any sentence.
pub(in crate::knowledge) fn is_little(folded: &str, language: Language) -> bool {
    LITTLE.get(folded).is_some_and(|languages| {
        languages
            .iter()
            .any(|l| *l == language || *l == Language::English)
    })
}

/// How much a word of the question says about tables: asking and counting words say little.
///
/// `asks` tells that the word stands where a command does: `show` in "Show all shows".
pub(super) fn weight_of(folded: &str, asks: bool) -> f32 {
    match ASKING.get(folded) {
        Some(Asking::Command) if asks => 0.0,
        Some(Asking::Command) => 0.6,
        Some(Asking::Counting) => 0.25,
        None => 1.0,
    }
}

/// Each little word with its languages; those under English count in a question of any language.
static LITTLE: LazyLock<HashMap<&str, Vec<Language>>> = LazyLock::new(|| {
    let mut words: HashMap<&str, Vec<Language>> = HashMap::new();
    let everywhere = [
        (Language::English, ENGLISH_FILLERS),
        (Language::English, FOREIGN_FILLERS),
    ];
    for (language, list) in LITTLE_WORDS.iter().chain(&everywhere) {
        for word in list.split_whitespace() {
            words.entry(word).or_default().push(*language);
        }
    }
    words
});

enum Asking {
    Command,
    Counting,
}

static ASKING: LazyLock<HashMap<&str, Asking>> = LazyLock::new(|| {
    let counting = COUNTING
        .split_whitespace()
        .map(|word| (word, Asking::Counting));
    let commands = COMMANDS
        .split_whitespace()
        .map(|word| (word, Asking::Command));
    counting.chain(commands).collect()
});

const ENGLISH_FILLERS: &str = "a an the this that these those it its itself he she his her hers him they them their theirs \
we us our ours you your yours i me my mine who whom whose what which where when why how \
is are was were be been being am do does did doing done have has had having can could will would shall should may might must \
of in on at by for from with without within to into onto upon about above below under over between among across through during before after since until than then as if so because while \
and or nor but not no yes only also too both either neither any some all each every other another such same own more less very much many few \
there here just please \
ever never still already per via whether out up down off again \
most least top bottom highest lowest largest smallest biggest greatest maximum minimum max min first last \
s t d ll re ve m don doesn didn isn aren wasn weren hasn haven won let lets \
want need know like see look looking exactly respectively ascending descending alphabetical alphabetically lexicographic lexicographical sorted sort ordered unique distinct different various \
refers refer means mean equal equals greater larger smaller fewer higher lower lesser one ones two three corresponding regardless including include includes among list's them along together using use used based according";

const COMMANDS: &str = "tell show list find give get return display provide retrieve fetch select compute calculate identify determine state mention describe indicate report output print present name count sort order rank group";

const COUNTING: &str = "number numbers count counts total totals sum average avg mean median amount amounts percentage percent ratio rate share difference times time \
name names id ids code codes type types kind kinds sort value date dates year years month day days description long old new big small high low earliest latest youngest oldest longest shortest common popular full people person record records entry entries row rows table column value values data database information info detail details";

const FOREIGN_FILLERS: &str = "몇 명 개 모두 모든 각 가장 무엇 무엇인가요 얼마 얼마인가요 어떤 어느 어디 누구 있나요 인가요 입니까 보여 보여줘 보여주세요 알려 알려줘 알려주세요 찾아줘 찾아 나열 그리고 또는 의 가 이 은 는 을 를 에 에서 로 으로 와 과 하는 있는 없는 한 수 것 중 및 별 \
的 是 在 有 和 或 与 中 每 个 多少 什么 哪 哪些 哪个 几 所有 列出 显示 给出 请 吗 了 被 它 它们 他们 那 这 最 各 以及 按 对 从";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_of_each() {
        for (word, one) in [
            ("musicians", "musician"),
            ("cities", "city"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("sizes", "size"),
            ("movies", "movie"),
            ("tv series", "tv series"),
            ("status", "status"),
            ("class", "class"),
            ("analysis", "analysis"),
            ("family names", "family name"),
            ("bus", "bus"),
            ("ids", "ids"),
        ] {
            assert_eq!(singular(word), one, "{word}");
        }
    }

    #[test]
    fn identifiers_come_apart_where_a_reader_would_cut_them() {
        for (identifier, words) in [
            ("order_details", "order details"),
            ("NumTstTakr", "num tst takr"),
            ("HTTPServerID", "http server id"),
            (
                "Percent (%) Eligible Free (K-12)",
                "percent eligible free k 12",
            ),
            ("A12", "a12"),
            ("address1", "address"),
            ("sales2019", "sales 2019"),
            ("Größe", "grosse"),
            ("고객_이름", "고객 이름"),
            ("고객ID", "고객 id"),
        ] {
            assert_eq!(
                identifier_words(identifier).join(" "),
                words,
                "{identifier}"
            );
        }
    }

    #[test]
    fn a_question_keeps_where_its_words_stand() {
        let question = "Orders from \"New York\" in Züri?";
        let words = spoken_words(question);
        let york = &words[3];
        assert_eq!(&question[york.start..york.end], "York");
        assert!(york.quoted && york.capital);
        assert_eq!(words[5].folded, "zuri");
        assert!(!words[0].capital, "the first word always has a capital");
    }

    #[test]
    fn chinese_characters_form_one_run() {
        let words = spoken_words("每个客户的订单");
        assert_eq!(words.len(), 1);
        assert_eq!(pairs("客户订"), ["客户", "户订"]);
    }

    #[test]
    fn the_language_is_told_by_its_little_words() {
        for (question, language) in [
            ("How many orders are there?", Language::English),
            ("Wie viele Bestellungen gibt es?", Language::German),
            ("Combien de commandes par client ?", Language::French),
            ("¿Cuántos pedidos tiene cada cliente?", Language::Spanish),
            ("Сколько заказов?", Language::Russian),
            ("주문이 몇 건인가요?", Language::Other),
            ("orders", Language::English),
        ] {
            assert_eq!(Language::of_question(question), language, "{question}");
        }
    }
}
