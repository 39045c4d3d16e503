//! The reply to `generate_query`, taken apart while it streams.
//!
//! The prompt asks for the query in one fenced block first, then `Explanation:` and `Confidence:`. Models
//! do what they like, so this also takes prose around the block, no block, a block without a language, JSON,
//! thoughts in `<think>`, and `CLARIFY:` instead of a query. It works character by character, so where
//! the network cut the text cannot matter.

mod words;

use words::{Label, Parts, as_share, label, may_become_label, share};

/// What a piece of text brought.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// More of the query; joined, all deltas are exactly [`Parsed::Query`]'s `query`.
    QueryDelta(String),
    Explanation(String),
    /// In 0..=1.
    Confidence(f32),
    Clarify {
        message: String,
        options: Vec<String>,
    },
}

/// What the whole reply was.
#[derive(Clone, Debug, PartialEq)]
pub enum Parsed {
    Query {
        /// Without blank space around it and without closing semicolons.
        query: String,
        explanation: Option<String>,
        /// What the model says of itself, in 0..=1.
        confidence: Option<f32>,
        /// Other readings of the question, each with its query, as the model put them.
        alternatives: Vec<Alternative>,
        /// Further blocks that look like queries; they were passed over.
        others: usize,
        /// The block was never closed: the reply may have been cut short.
        open_ended: bool,
    },
    /// The model asks back. There may be no options.
    Clarify {
        message: String,
        options: Vec<String>,
    },
    /// Words and no query.
    Words(String),
}

/// Another reading of the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// What is read otherwise, in a few words.
    pub reading: String,
    pub query: String,
}

/// The incremental parser of one reply.
#[derive(Debug, Default)]
pub struct Splitter {
    state: State,
    /// Everything that is not a query: before it and after it.
    prose: String,
    query: String,
    /// Read as part of the query, and perhaps not of it: closing blanks, semicolons, backticks, or
    /// what may become a label.
    held: String,
    /// The line being read within the query.
    line: String,
    /// A block's language, or the JSON, or a block that is passed over.
    block: String,
    fenced: bool,
    others: usize,
    alternatives: Vec<Alternative>,
    json: Option<serde_json::Map<String, serde_json::Value>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum State {
    #[default]
    Before,
    /// Behind an opening fence, in its language.
    Language,
    Query,
    After,
    /// In a block that is no query, before one was found or after.
    Passing {
        after: bool,
    },
    Json {
        fenced: bool,
    },
    Clarify,
}

const FENCE: &str = "```";

/// What a block may be that is no query. Anything else, named or not, is taken for one.
const NO_QUERY: [&str; 14] = [
    "text",
    "txt",
    "plaintext",
    "markdown",
    "md",
    "bash",
    "sh",
    "shell",
    "python",
    "yaml",
    "csv",
    "html",
    "xml",
    "mermaid",
];

impl Splitter {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece of the reply in. At most one [`Event::QueryDelta`] comes back.
    pub fn feed(&mut self, text: &str) -> Vec<Event> {
        let from = self.query.len();
        for c in text.chars() {
            self.push(c);
        }
        self.delta_from(from)
    }

    /// The end of the reply: what was held back, then what the reply was.
    pub fn finish(mut self) -> (Vec<Event>, Parsed) {
        let from = self.query.len();
        let open_ended = match self.state {
            State::Query => {
                self.flush(true);
                self.fenced && !self.query.is_empty()
            }
            State::Json { .. } => {
                self.read_json();
                false
            }
            _ => false,
        };
        if self.query.is_empty()
            && let Some(json) = self.json.take()
        {
            return answered_in_json(json);
        }
        if self.query.is_empty() && self.state != State::Clarify {
            self.find_unfenced();
        }
        let mut events = self.delta_from(from);
        let parsed = self.parsed(open_ended);
        match &parsed {
            Parsed::Query {
                explanation,
                confidence,
                ..
            } => {
                events.extend(explanation.clone().map(Event::Explanation));
                events.extend(confidence.map(Event::Confidence));
            }
            Parsed::Clarify { message, options } => events.push(Event::Clarify {
                message: message.clone(),
                options: options.clone(),
            }),
            Parsed::Words(_) => {}
        }
        (events, parsed)
    }

    fn delta_from(&self, from: usize) -> Vec<Event> {
        let delta = &self.query[from..];
        match delta.is_empty() {
            true => Vec::new(),
            false => vec![Event::QueryDelta(delta.to_owned())],
        }
    }

    fn push(&mut self, c: char) {
        match self.state {
            State::Before => self.before(c),
            State::Language => self.language(c),
            State::Query => self.in_query(c),
            State::After => {
                self.prose.push(c);
                if let Some(rest) = self.prose.strip_suffix(FENCE) {
                    self.prose.truncate(rest.len());
                    self.block.clear();
                    self.state = State::Passing { after: true };
                }
            }
            State::Passing { after } => {
                self.block.push(c);
                if self.block.ends_with(FENCE) {
                    if after && looks_like_query(after_language(&self.block)) {
                        self.further_query();
                    }
                    self.state = if after { State::After } else { State::Before };
                }
            }
            State::Json { fenced } => {
                self.block.push(c);
                if fenced && self.block.ends_with(FENCE) {
                    self.block.truncate(self.block.len() - FENCE.len());
                    self.read_json();
                    self.state = match self.json {
                        Some(_) => State::After,
                        None => State::Before,
                    };
                }
            }
            State::Clarify => self.prose.push(c),
        }
    }

    /// A block behind the query: another reading's query when the line before it says so.
    fn further_query(&mut self) {
        let said = self.prose.trim_end();
        let at = said.rfind('\n').map_or(0, |at| at + 1);
        let Some((Label::Alternative, reading)) = label(&said[at..]) else {
            self.others += 1;
            return;
        };
        self.alternatives.push(Alternative {
            reading: reading.trim().to_owned(),
            query: bare(after_language(&self.block)).to_owned(),
        });
        self.prose.truncate(at);
    }

    fn before(&mut self, c: char) {
        self.prose.push(c);
        if self.prose.ends_with("</think>") || self.prose.ends_with("</thinking>") {
            self.prose.clear();
            return;
        }
        let said = self.prose.trim_start();
        if said.starts_with("<think") {
            return;
        }
        if said == "{" {
            self.block = self.prose.split_off(self.prose.len() - 1);
            self.state = State::Json { fenced: false };
        } else if let Some(rest) = self.prose.strip_suffix(FENCE) {
            self.prose.truncate(rest.len());
            self.block.clear();
            self.state = State::Language;
        } else if c == ':' {
            let line = self.prose.rsplit('\n').next().unwrap_or_default();
            if matches!(label(line), Some((Label::Clarify, _))) {
                self.state = State::Clarify;
            }
        } else if (c == '(' || c.is_whitespace()) && begins_query(said) {
            let begun = said.to_owned();
            self.prose.clear();
            self.begin_query(false, &begun);
        }
    }

    fn language(&mut self, c: char) {
        if !c.is_whitespace() && c != '`' {
            self.block.push(c);
            // ```{"query": …}```
            if self.block == "{" {
                self.state = State::Json { fenced: true };
            }
            return;
        }
        let word = std::mem::take(&mut self.block).to_ascii_lowercase();
        if c == '`' {
            // A fence of more than three, or an empty block: nothing to read here.
            self.state = State::Before;
        } else if word == "json" {
            self.state = State::Json { fenced: true };
        } else if NO_QUERY.contains(&word.as_str()) {
            self.state = State::Passing { after: false };
        } else if matches!(word.as_str(), "select" | "with") {
            let begun = format!("{word}{c}");
            self.begin_query(true, &begun);
        } else {
            self.begin_query(true, "");
        }
    }

    fn begin_query(&mut self, fenced: bool, begun: &str) {
        self.state = State::Query;
        self.fenced = fenced;
        self.line.clear();
        for c in begun.chars() {
            self.push(c);
        }
    }

    fn in_query(&mut self, c: char) {
        // A block without a language may hold JSON.
        if c == '{' && self.fenced && self.query.is_empty() && self.held.trim().is_empty() {
            self.held.clear();
            self.block = "{".to_owned();
            self.state = State::Json { fenced: true };
            return;
        }
        self.held.push(c);
        if c == '\n' {
            self.line.clear();
        } else {
            self.line.push(c);
        }
        if self.held.ends_with(FENCE) && self.closes() {
            self.held.truncate(self.held.len() - FENCE.len());
            self.end_query();
            return;
        }
        match label(&self.line) {
            Some((Label::Explanation | Label::Confidence | Label::Alternative, _)) => {
                let line = std::mem::take(&mut self.line);
                self.held.truncate(self.held.len() - line.len());
                self.end_query();
                self.prose.push('\n');
                self.prose.push_str(&line);
            }
            _ if may_become_label(&self.line) => {}
            _ => self.flush(false),
        }
    }

    /// Whether three backticks are a fence. In the middle of a line the first of them may end a MySQL
    /// name: "from `orders````".
    fn closes(&self) -> bool {
        if self.line.trim_start() == FENCE {
            return true;
        }
        let held = &self.held[..self.held.len() - FENCE.len()];
        let ticks = |text: &str| text.matches('`').count();
        (ticks(&self.query) + ticks(held)).is_multiple_of(2)
    }

    fn end_query(&mut self) {
        self.flush(true);
        // An empty block is no query; there may be a better one.
        self.state = match self.query.is_empty() {
            true => State::Before,
            false => State::After,
        };
    }

    /// Moves what is surely of the query out of `held`.
    fn flush(&mut self, at_end: bool) {
        if self.query.is_empty() {
            self.held = self.held.trim_start().to_owned();
        }
        let sure = |c: char| c.is_whitespace() || c == ';' || (c == '`' && !at_end);
        let keep = self.held.trim_end_matches(sure).len();
        self.query.push_str(&self.held[..keep]);
        self.held.drain(..keep);
        if at_end {
            self.held.clear();
        }
    }

    fn read_json(&mut self) {
        let text = std::mem::take(&mut self.block);
        let end = text.rfind('}').map_or(0, |at| at + 1);
        if let Ok(serde_json::Value::Object(map)) = serde_json::from_str(&text[..end])
            && (word(&map, &QUERY_NAMES).is_some() || word(&map, &CLARIFY_NAMES).is_some())
        {
            self.json = Some(map);
        } else if self.state == (State::Json { fenced: false }) {
            self.prose.push_str(&text);
        }
    }

    /// A query after some words, without a block. Looked for at the end only: the block may come yet.
    fn find_unfenced(&mut self) {
        if self.prose.trim_start().starts_with("<think") {
            self.prose.clear();
            return;
        }
        let mut at = 0;
        for line in self.prose.split_inclusive('\n') {
            let rest = &self.prose[at..];
            if rest.starts_with("SELECT ") || rest.starts_with("SELECT\n") || begins_cte(rest) {
                let query = self.prose.split_off(at);
                self.begin_query(false, &query);
                if self.state == State::Query {
                    self.end_query();
                }
                return;
            }
            at += line.len();
        }
    }

    fn parsed(&self, open_ended: bool) -> Parsed {
        let parts = Parts::of(&self.prose);
        if !self.query.is_empty() {
            return Parsed::Query {
                query: self.query.clone(),
                explanation: parts.explanation.or(parts.words),
                confidence: parts.confidence,
                alternatives: self.alternatives.clone(),
                others: self.others,
                open_ended,
            };
        }
        match parts.clarify {
            Some((message, options)) => Parsed::Clarify { message, options },
            None => Parsed::Words(self.prose.trim().to_owned()),
        }
    }
}

fn answered_in_json(map: serde_json::Map<String, serde_json::Value>) -> (Vec<Event>, Parsed) {
    let query = word(&map, &QUERY_NAMES).unwrap_or_default();
    let query = bare(query);
    if query.is_empty() {
        let message = word(&map, &CLARIFY_NAMES).unwrap_or_default().to_owned();
        let options: Vec<String> = map
            .get("options")
            .and_then(|v| v.as_array())
            .into_iter()
            .flatten()
            .filter_map(|option| option.as_str().map(str::to_owned))
            .collect();
        let parsed = Parsed::Clarify {
            message: message.clone(),
            options: options.clone(),
        };
        return (vec![Event::Clarify { message, options }], parsed);
    }
    let explanation = word(&map, &["explanation", "reasoning", "description"]).map(str::to_owned);
    let confidence = map.get("confidence").and_then(|value| match value {
        serde_json::Value::String(text) => share(text),
        other => other.as_f64().and_then(as_share),
    });
    let mut events = vec![Event::QueryDelta(query.to_owned())];
    events.extend(explanation.clone().map(Event::Explanation));
    events.extend(confidence.map(Event::Confidence));
    let parsed = Parsed::Query {
        query: query.to_owned(),
        explanation,
        confidence,
        alternatives: alternatives(&map),
        others: 0,
        open_ended: false,
    };
    (events, parsed)
}

/// Without blank space around it and without closing semicolons.
fn bare(query: &str) -> &str {
    query
        .trim()
        .trim_end_matches(|c: char| c.is_whitespace() || c == ';')
}

/// `"alternatives": [{"reading": …, "query": …}]`, or one alone.
fn alternatives(map: &serde_json::Map<String, serde_json::Value>) -> Vec<Alternative> {
    let list = match map.get("alternatives").or_else(|| map.get("alternative")) {
        Some(serde_json::Value::Array(list)) => list.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    list.iter()
        .filter_map(|one| {
            let one = one.as_object()?;
            Some(Alternative {
                reading: word(one, &["reading", "explanation", "description"])?.to_owned(),
                query: bare(word(one, &QUERY_NAMES)?).to_owned(),
            })
        })
        .collect()
}

/// Names that models give these members when they answer in JSON.
const QUERY_NAMES: [&str; 5] = ["query", "sql", "sql_query", "q", "generated_query"];
const CLARIFY_NAMES: [&str; 4] = [
    "clarify",
    "clarification",
    "clarification_question",
    "message",
];

fn word<'m>(
    map: &'m serde_json::Map<String, serde_json::Value>,
    names: &[&str],
) -> Option<&'m str> {
    names
        .iter()
        .find_map(|name| map.get(*name)?.as_str())
        .filter(|text| !text.trim().is_empty())
}

/// A reply that begins with its query. "Select" and "With" begin sentences; "SELECT", "select" and a whole
/// `with x as (` begin queries.
fn begins_query(said: &str) -> bool {
    let head = said.trim_end();
    head == "SELECT" || head == "select" || (said.ends_with('(') && begins_cte(said))
}

/// `with [recursive] name [(columns)] as [[not] materialized] (`, in one case throughout.
fn begins_cte(text: &str) -> bool {
    let Some(rest) = text
        .strip_prefix("WITH")
        .or_else(|| text.strip_prefix("with"))
    else {
        return false;
    };
    let head: String = rest.chars().take(300).collect();
    let lower = head.to_ascii_lowercase();
    head.starts_with(char::is_whitespace)
        && lower.match_indices('(').any(|(at, _)| {
            let mut words = lower[..at].split_whitespace().rev().peekable();
            if words.peek() == Some(&"materialized") {
                words.next();
                if words.peek() == Some(&"not") {
                    words.next();
                }
            }
            words.next() == Some("as") && words.count() <= 8
        })
}

fn after_language(block: &str) -> &str {
    let block = block.trim_end_matches('`');
    match block.split_once(char::is_whitespace) {
        Some((language, rest)) if !NO_QUERY.contains(&language) => rest,
        _ => "",
    }
}

fn looks_like_query(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    ["select", "with"]
        .iter()
        .any(|word| first.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests;
