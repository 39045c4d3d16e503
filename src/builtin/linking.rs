//! Words of a question to tables, columns and values of a schema.

use crate::builtin::catalogue::{Catalogue, ColumnId, Kind, TableId};
use crate::builtin::joins::Graph;
use crate::builtin::lexicon::{aliases, is_filler, is_light, is_statistic, is_weak, synonyms};
use crate::builtin::tokens::{Token, TokenKind, fold, identifier_words, stem, tokens};
use crate::schema::Schema;
use std::collections::{HashMap, HashSet};

/// Names longer than this many words are not looked for.
const MAX_WORDS: usize = 8;

/// An index over one schema: built once, asked often.
#[derive(Debug, Default)]
pub struct Linker {
    pub catalogue: Catalogue,
    pub graph: Graph,
    /// Stems of a phrase, run together, to what is called so.
    names: HashMap<String, Vec<NameHit>>,
    /// A value's words, folded and run together, to where it occurs.
    values: HashMap<String, Vec<ValueHit>>,
    /// The same for the stems of its words.
    stemmed_values: HashMap<String, Vec<ValueHit>>,
    /// Single words of names and values by length, for typing errors.
    vocabulary: HashMap<usize, Vec<(String, bool)>>,
    known: HashSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct NameHit {
    named: Named,
    score: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Table(TableId),
    Column(ColumnId),
}

/// A value of a column, by position in [`crate::schema::Column::values`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueHit {
    pub column: ColumnId,
    pub value: usize,
}

/// One or more tokens that belong together, with all they may mean.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// Tokens `first..end`.
    pub first: usize,
    pub end: usize,
    /// Folded words, with spaces.
    pub text: String,
    pub raw: String,
    pub stem: String,
    pub tables: Vec<(TableId, f32)>,
    pub columns: Vec<(ColumnId, f32)>,
    pub values: Vec<ValueHit>,
    pub number: Option<f64>,
    pub digits: bool,
    pub money: bool,
    pub percent: bool,
    pub quoted: bool,
    pub date: Option<chrono::NaiveDate>,
    pub punctuation: bool,
    /// What it was taken for after correcting a typing error.
    pub corrected: Option<String>,
}

impl Unit {
    pub fn is(&self, words: &[&str]) -> bool {
        words.contains(&self.text.as_str())
    }

    pub fn best_table(&self) -> Option<(TableId, f32)> {
        self.tables.first().copied()
    }

    pub fn best_column(&self) -> Option<(ColumnId, f32)> {
        self.columns.first().copied()
    }

    pub fn is_name(&self) -> bool {
        !self.tables.is_empty() || !self.columns.is_empty()
    }
}

/// What words mean before a glossary says anything of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Already {
    /// How a question is asked: "how many", "per", "top".
    Grammar,
    /// A table or column.
    Name(String),
}

impl Linker {
    /// What `key` means as it is, if questions use it anyway.
    pub fn meant_already(&self, key: &str, schema: &Schema) -> Option<Already> {
        let words = tokens(key);
        let grammar = |token: &Token| {
            is_filler(&token.text)
                || is_weak(&token.text)
                || is_grammar(&token.text)
                || crate::builtin::lexicon::is_revenue(&token.text)
                || crate::builtin::lexicon::adjective(&token.text).is_some()
                || token.number().is_some()
        };
        let stems: String = words.iter().map(|token| token.stem.as_str()).collect();
        let named = self.names.get(&stems).into_iter().flatten();
        // the glossary's own words are columns behind those of the schema
        let name = named.filter(|hit| hit.score >= 0.95).find_map(|hit| {
            Some(match hit.named {
                Named::Table(table) => format!("the table {}", schema.tables.get(table)?.name),
                Named::Column(id) => {
                    let table = schema.tables.get(id.table)?;
                    let column = table.columns.get(id.column)?;
                    format!("the column {} of {}", column.name, table.name)
                }
            })
        });
        if let Some(name) = name {
            return Some(Already::Name(name));
        }
        (!words.is_empty() && words.iter().all(grammar)).then_some(Already::Grammar)
    }

    pub fn build(schema: &Schema) -> Self {
        let catalogue = Catalogue::build(schema);
        let graph = Graph::build(schema, &catalogue);
        let mut linker = Self {
            catalogue,
            graph,
            ..Self::default()
        };
        linker.index_names(schema);
        linker.index_values(schema);
        linker
    }

    /// The question in units, longest names first, with typing errors in lone words put right.
    pub fn units(&self, question: &[Token]) -> Vec<Unit> {
        self.units_of(&self.distributed(question))
    }

    /// "first, middle and last name" as "first name, middle name and last name".
    fn distributed(&self, question: &[Token]) -> Vec<Token> {
        let mut out = question.to_vec();
        let is_link = |token: &Token| token.text == "," || token.text == "and";
        let mut at = 1;
        while at + 1 < out.len() {
            let head = out[at + 1].clone();
            let column = |word: &Token| {
                self.names
                    .get(&format!("{}{}", word.stem, head.stem))
                    .is_some_and(|hits| {
                        hits.iter()
                            .any(|hit| matches!(hit.named, Named::Column(_)) && hit.score >= 0.9)
                    })
            };
            if !(is_link(&out[at - 1]) && head.is_word() && column(&out[at])) {
                at += 1;
                continue;
            }
            // back over ", middle" and "first"
            let mut places = Vec::new();
            let mut back = at - 1;
            loop {
                while back > 0 && is_link(&out[back]) {
                    back -= 1;
                }
                if is_link(&out[back]) || !column(&out[back]) {
                    break;
                }
                places.push(back + 1);
                if back == 0 || !is_link(&out[back - 1]) {
                    break;
                }
                back -= 1;
            }
            for place in &places {
                out.insert(*place, head.clone());
            }
            at += places.len() + 2;
        }
        out
    }

    fn units_of(&self, question: &[Token]) -> Vec<Unit> {
        let mut units = Vec::new();
        let mut at = 0;
        while at < question.len() {
            let unit = (1..=MAX_WORDS.min(question.len() - at))
                .rev()
                .find_map(|len| self.unit(question, at, len))
                .unwrap_or_else(|| self.lone(question, at));
            at = unit.end;
            units.push(unit);
        }
        units
    }

    /// Columns with a value that has `word` in it as a word; at most `limit`.
    pub fn columns_with_word<'s>(
        &self,
        schema: &'s Schema,
        word: &str,
        limit: usize,
    ) -> Vec<(ColumnId, &'s str)> {
        let mut found = Vec::new();
        for (table, columns) in schema.tables.iter().map(|table| &table.columns).enumerate() {
            for (column, values) in columns.iter().map(|column| &column.values).enumerate() {
                let hit = values.iter().find(|value| {
                    value.len() >= word.len()
                        && fold(value)
                            .split(|c: char| !c.is_alphanumeric())
                            .any(|own| own == word)
                });
                if let Some(value) = hit {
                    found.push((ColumnId { table, column }, value.as_str()));
                    if found.len() == limit {
                        return found;
                    }
                }
            }
        }
        found
    }

    fn index_names(&mut self, schema: &Schema) {
        for (id, table) in schema.tables.iter().enumerate() {
            let words = self.catalogue.tables[id].words.clone();
            self.add_phrases(&words, Named::Table(id), &[]);
            for synonym in &table.synonyms {
                let words: Vec<String> = identifier_words(synonym)
                    .iter()
                    .map(|word| stem(word))
                    .collect();
                self.add_name(words.concat(), Named::Table(id), 0.97);
            }
            for (column, facts) in table.columns.iter().enumerate() {
                let column_id = ColumnId { table: id, column };
                let own = self.catalogue.column(column_id).words.clone();
                self.add_phrases(&own, Named::Column(column_id), &words);
                for synonym in &facts.synonyms {
                    let words: Vec<String> = identifier_words(synonym)
                        .iter()
                        .map(|word| stem(word))
                        .collect();
                    self.add_name(words.concat(), Named::Column(column_id), 0.97);
                }
            }
        }
        for hits in self.names.values_mut() {
            hits.sort_by(|a, b| b.score.total_cmp(&a.score));
        }
    }

    /// All phrases that can stand for a name: the whole, and parts of it with a lower score.
    fn add_phrases(&mut self, words: &[String], named: Named, table_words: &[String]) {
        for word in words {
            self.learn(word, true);
        }
        let count = words.len().min(6);
        let weight = |word: &String| {
            if table_words.contains(word)
                || (table_words.len() > 1 && table_words.concat() == *word)
            {
                0.15
            } else if is_light(word) {
                0.45
            } else {
                1.0
            }
        };
        let total: f32 = words[..count].iter().map(weight).sum();
        // the word that says what it is: the last that is not light
        let head = (0..count).rev().find(|&at| weight(&words[at]) >= 1.0);
        for mask in 1u32..(1 << count) {
            let chosen: Vec<usize> = (0..count).filter(|at| mask & (1 << at) != 0).collect();
            let phrase: String = chosen.iter().map(|&at| words[at].as_str()).collect();
            let all = chosen.len() == words.len();
            let mut score = if all {
                1.0
            } else {
                chosen.iter().map(|&at| weight(&words[at])).sum::<f32>() / total.max(0.1)
            };
            if !all && head.is_some_and(|head| !chosen.contains(&head)) {
                score *= 0.8;
            }
            let only_light = chosen.iter().all(|&at| weight(&words[at]) < 0.5);
            if !all && only_light && head.is_some() {
                score *= 0.75;
            }
            if !all {
                score *= 0.95;
            }
            // a table may be called by its last telling word: "makers" for car_makers
            let by_head = head.is_some_and(|head| chosen == [head])
                && matches!(named, Named::Table(_))
                && words.len() <= 3;
            if by_head {
                score = score.max(0.66);
            }
            if score >= 0.2 {
                self.add_name(phrase, named, score.min(1.0));
            }
        }
    }

    fn add_name(&mut self, phrase: String, named: Named, score: f32) {
        let hits = self.names.entry(phrase).or_default();
        match hits.iter_mut().find(|hit| hit.named == named) {
            Some(hit) => hit.score = hit.score.max(score),
            None => hits.push(NameHit { named, score }),
        }
    }

    fn index_values(&mut self, schema: &Schema) {
        for (table, columns) in schema.tables.iter().map(|table| &table.columns).enumerate() {
            for (column, facts) in columns.iter().enumerate() {
                let id = ColumnId { table, column };
                if matches!(self.catalogue.kind(id), Kind::Date(_) | Kind::Opaque) {
                    continue;
                }
                // a value goes by its own spelling and by what an expert says people call it
                let called = facts.meanings.iter().filter_map(|(stored, meaning)| {
                    let value = facts.values.iter().position(|value| value == stored)?;
                    Some((value, meaning))
                });
                for (value, text) in facts.values.iter().enumerate().chain(called) {
                    let words: Vec<String> = tokens(text)
                        .into_iter()
                        .filter(|t| !matches!(t.kind, TokenKind::Punctuation(_)))
                        .flat_map(|token| match token.kind {
                            TokenKind::Quoted => identifier_words(&token.text),
                            _ => vec![token.text],
                        })
                        .collect();
                    if words.is_empty() || words.len() > MAX_WORDS {
                        continue;
                    }
                    let hit = ValueHit { column: id, value };
                    self.values.entry(words.concat()).or_default().push(hit);
                    // "NorthCarolina" is "North Carolina"
                    let parts = identifier_words(text);
                    if parts.len() != words.len() && parts.concat() != words.concat() {
                        self.values.entry(parts.concat()).or_default().push(hit);
                    }
                    let stems: String = words.iter().map(|word| stem(word)).collect();
                    self.stemmed_values.entry(stems).or_default().push(hit);
                    if words.len() <= 3 {
                        for word in &words {
                            self.learn(word, false);
                        }
                    }
                }
            }
        }
    }

    fn learn(&mut self, word: &str, name: bool) {
        if word.chars().count() >= 3
            && !word.bytes().any(|b| b.is_ascii_digit())
            && self.known.insert(format!("{name}{word}"))
        {
            self.vocabulary
                .entry(word.chars().count())
                .or_default()
                .push((word.to_owned(), name));
        }
    }

    fn unit(&self, question: &[Token], at: usize, len: usize) -> Option<Unit> {
        let span = &question[at..at + len];
        if len > 1
            && span
                .iter()
                .any(|token| !matches!(token.kind, TokenKind::Word | TokenKind::Number { .. }))
        {
            return None;
        }
        let mut unit = frame(span, at);
        if span[0].kind == TokenKind::Quoted {
            unit.values = self.values_of(&identifier_or_tokens(&span[0].raw), true);
            return Some(unit);
        }
        if matches!(span[0].kind, TokenKind::Punctuation(_) | TokenKind::Date(_)) {
            return None;
        }
        let stems: String = span.iter().map(|token| token.stem.as_str()).collect();
        // "high schoolers" is "Highschooler": stems of a run of words, or the stem of the run
        let run = stem(
            &span
                .iter()
                .map(|token| token.text.as_str())
                .collect::<String>(),
        );
        let grammar = |token: &Token| is_filler(&token.text) || token.number().is_some();
        // "number of" is grammar, "dock count" is a name: a span may not begin or end in grammar
        // unless it is the whole name
        let edges_are_words = !grammar(&span[0]) && !grammar(&span[len - 1]);
        let least = if edges_are_words {
            0.28
        } else if len > 1 {
            0.93
        } else {
            0.7
        };
        let digits_only = span.iter().all(|token| token.number().is_some());
        if !digits_only {
            let found = self
                .names
                .get(&stems)
                .or_else(|| self.names.get(&run).filter(|_| len > 1));
            // "ordered", "hired", "started": what happened is no noun, unless a column is called so
            let verb = len == 1 && is_verb(&span[0].text);
            for hit in found.into_iter().flatten() {
                if verb && (matches!(hit.named, Named::Table(_)) || hit.score < 0.95) {
                    continue;
                }
                if hit.score < least {
                    continue;
                }
                match hit.named {
                    Named::Table(table) => unit.tables.push((table, hit.score)),
                    Named::Column(column) => unit.columns.push((column, hit.score)),
                }
            }
        }
        let one_letter = len == 1 && span[0].text.chars().count() == 1;
        let plain = len == 1
            && (is_filler(&span[0].text) || span[0].number().is_some() && span[0].is_word());
        if !plain
            && !one_letter
            && !(len > 1 && is_filler(&span[0].text) && is_filler(&span[len - 1].text))
        {
            let words: Vec<String> = span.iter().map(|token| token.text.clone()).collect();
            unit.values = self.values_of(
                &words,
                len == 1 && digits_only || len > 1 || span[0].is_capitalised() || !unit.is_name(),
            );
        }
        if len > 1 && unit.values.is_empty() && !unit.is_name() {
            return None;
        }
        if len > 1 && digits_only && unit.values.is_empty() {
            return None;
        }
        if unit.is_name() || !unit.values.is_empty() {
            // a longer span that only half-matches must not swallow two good names
            let best = unit
                .tables
                .first()
                .map_or(0.0, |hit| hit.1)
                .max(unit.columns.first().map_or(0.0, |hit| hit.1));
            if len > 1 && unit.values.is_empty() && best < 0.5 {
                return None;
            }
            return Some(unit);
        }
        None
    }

    /// A token that names nothing as it stands: a synonym, a typing error or a plain word.
    fn lone(&self, question: &[Token], at: usize) -> Unit {
        let token = &question[at];
        let mut unit = frame(&question[at..=at], at);
        if !token.is_word()
            || is_filler(&token.text)
            || token.number().is_some()
            || is_verb(&token.text)
        {
            return unit;
        }
        for synonym in synonyms(&token.stem) {
            for hit in self.names.get(synonym).into_iter().flatten() {
                let score = hit.score * 0.78;
                if score < 0.35 {
                    continue;
                }
                match hit.named {
                    Named::Table(table) if !unit.tables.iter().any(|hit| hit.0 == table) => {
                        unit.tables.push((table, score))
                    }
                    Named::Column(column) if !unit.columns.iter().any(|hit| hit.0 == column) => {
                        unit.columns.push((column, score))
                    }
                    _ => {}
                }
            }
        }
        unit.tables.sort_by(|a, b| b.1.total_cmp(&a.1));
        unit.columns.sort_by(|a, b| b.1.total_cmp(&a.1));
        if unit.is_name()
            || is_weak(&token.text)
            || crate::builtin::lexicon::adjective(&token.text).is_some()
            || crate::builtin::lexicon::is_revenue(&token.text)
            || is_grammar(&token.text)
        {
            return unit;
        }
        if let Some(meant) = self.correct(token) {
            let corrected = Token {
                raw: token.raw.clone(),
                stem: stem(&meant),
                text: meant.clone(),
                kind: TokenKind::Word,
            };
            if let Some(mut found) = self.unit(&[corrected], 0, 1) {
                found.first = at;
                found.end = at + 1;
                found.corrected = Some(meant);
                found.raw = token.raw.clone();
                for hit in &mut found.tables {
                    hit.1 *= 0.9;
                }
                for hit in &mut found.columns {
                    hit.1 *= 0.9;
                }
                return found;
            }
        }
        unit
    }

    fn correct(&self, token: &Token) -> Option<String> {
        if is_statistic(&token.text) {
            return None; // a median is no media
        }
        let letters = token.text.chars().count();
        let allowed = match letters {
            0..=2 => return None,
            3..=5 => 1,
            6..=8 => 2,
            _ => 2,
        };
        let mut best: Option<(usize, bool, &str)> = None;
        for length in letters.saturating_sub(allowed)..=letters + allowed {
            for (word, name) in self.vocabulary.get(&length).into_iter().flatten() {
                let same_start = word.chars().next() == token.text.chars().next();
                // names are kept as stems, so the question's stem is what compares
                let written = if *name { &token.stem } else { &token.text };
                let far = strsim::damerau_levenshtein(written, word);
                // a short word that differs is another word, unless a letter is missing or doubled
                let fits = far <= allowed
                    && far > 0
                    && same_start
                    && (letters > 4 || word.chars().count() > letters)
                    && (far < 2 || letters >= 6 && word.chars().count() >= 5);
                if fits
                    && best.is_none_or(|(least, named, _)| {
                        far < least || (far == least && *name && !named)
                    })
                {
                    best = Some((far, *name, word));
                }
            }
        }
        best.map(|(_, _, word)| word.to_owned())
    }

    fn values_of(&self, words: &[String], stems_too: bool) -> Vec<ValueHit> {
        let text = words.concat();
        if let Some(hits) = self.values.get(&text) {
            return hits.clone();
        }
        for alias in aliases(&words.join(" ")) {
            let squeezed: String = alias.split(' ').collect();
            if let Some(hits) = self.values.get(&squeezed) {
                return hits.clone();
            }
        }
        if stems_too {
            let stems: String = words.iter().map(|word| stem(word)).collect();
            if let Some(hits) = self.stemmed_values.get(&stems) {
                return hits.clone();
            }
        }
        Vec::new()
    }
}

/// A past form, or a verb that stands between any two tables.
pub fn is_verb(word: &str) -> bool {
    const NOUNS: [&str; 6] = ["speed", "seed", "feed", "breed", "need", "bed"];
    let past = word.len() > 4 && word.ends_with("ed") && !NOUNS.contains(&word);
    past || [
        "bought",
        "sold",
        "sell",
        "sells",
        "buy",
        "buys",
        "made",
        "make",
        "makes",
        "spent",
        "took",
        "take",
        "takes",
        "taken",
        "went",
        "born",
        "written",
        "wrote",
        "paid",
        "produce",
        "produces",
        "produced",
        "start",
        "starts",
        "starting",
        "end",
        "ends",
        "ending",
        "enroll",
        "register",
        "purchase",
        "live",
        "lives",
        "work",
        "works",
        "play",
        "plays",
        "playing",
        "shown",
        "design",
        "build",
        "built",
        "sent",
        "won",
        "held",
        "saves",
        "save",
        "cover",
        "covers",
        "supply",
        "supplies",
        "provide",
        "provides",
        "generate",
        "generates",
        "deliver",
        "delivers",
    ]
    .contains(&word)
}

fn is_grammar(word: &str) -> bool {
    [
        "without",
        "never",
        "except",
        "excluding",
        "outside",
        "under",
        "above",
        "below",
        "least",
        "than",
        "versus",
        "either",
        "neither",
        "nor",
        "but",
        "greater",
        "higher",
        "lower",
        "fewer",
        "less",
        "exceeding",
        "exceeds",
        "exceed",
        "sorted",
        "ordered",
        "minimum",
        "maximum",
        "min",
        "max",
        "avg",
        "sum",
        "popular",
        "common",
        "frequent",
        "latest",
        "missing",
        "empty",
        "monthly",
        "yearly",
        "daily",
        "weekly",
        "quarterly",
        "annual",
        "annually",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "average",
        "total",
        "percentage",
        "reversed",
        "reverse",
        "lexicographical",
        "alphabetical",
        "starts",
        "begins",
        "ends",
        "contains",
        "like",
        "substring",
    ]
    .contains(&word)
}

fn identifier_or_tokens(raw: &str) -> Vec<String> {
    tokens(raw)
        .into_iter()
        .filter(|token| !matches!(token.kind, TokenKind::Punctuation(_)))
        .map(|token| token.text)
        .collect()
}

fn frame(span: &[Token], at: usize) -> Unit {
    let join = |part: fn(&Token) -> &str| span.iter().map(part).collect::<Vec<_>>().join(" ");
    let alone = (span.len() == 1).then(|| &span[0]);
    let mut unit = Unit {
        first: at,
        end: at + span.len(),
        text: join(|token| &token.text),
        raw: join(|token| &token.raw),
        stem: span.iter().map(|token| token.stem.as_str()).collect(),
        number: alone.and_then(Token::number),
        ..Unit::default()
    };
    match alone.map(|token| &token.kind) {
        Some(TokenKind::Number { money, percent, .. }) => {
            unit.digits = true;
            unit.money = *money;
            unit.percent = *percent;
        }
        Some(TokenKind::Date(date)) => unit.date = Some(*date),
        Some(TokenKind::Quoted) => unit.quoted = true,
        Some(TokenKind::Punctuation(_)) => unit.punctuation = true,
        _ => {}
    }
    unit
}
