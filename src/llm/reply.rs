//! The reply to `generate_query`, taken apart while it streams.
//!
//! The prompt asks for the query in one fenced block first, then `Explanation:` and `Confidence:`. Models
//! do what they like, so this also takes prose around the block, no block, a block without a language, JSON,
//! thoughts in `<think>`, and `CLARIFY:` instead of a query. It works character by character, so where
//! the network cut the text cannot matter.

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
                        self.others += 1;
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
            Some((Label::Explanation | Label::Confidence, _)) => {
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
    let query = query
        .trim()
        .trim_end_matches(|c: char| c.is_whitespace() || c == ';');
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
        others: 0,
        open_ended: false,
    };
    (events, parsed)
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

#[derive(Clone, Copy, Debug, PartialEq)]
enum Label {
    Explanation,
    Confidence,
    Clarify,
}

const LABELS: [(&str, Label); 3] = [
    ("explanation", Label::Explanation),
    ("confidence", Label::Confidence),
    ("clarify", Label::Clarify),
];

/// Markdown that may stand around a label.
fn decoration(c: char) -> bool {
    matches!(c, '*' | '#' | '_' | '>' | ' ' | '\t')
}

/// The label a line begins with, decorated or not, and what follows it.
fn label(line: &str) -> Option<(Label, &str)> {
    let bare = line.trim_start_matches(decoration);
    LABELS.iter().find_map(|(name, label)| {
        let (head, tail) = bare.split_at_checked(name.len())?;
        if !head.eq_ignore_ascii_case(name) {
            return None;
        }
        let rest = tail.trim_start_matches(decoration).strip_prefix(':')?;
        Some((*label, rest.trim_start_matches(decoration)))
    })
}

/// Whether more text could still make a label of this line.
fn may_become_label(line: &str) -> bool {
    let bare = line.trim_start_matches(decoration);
    LABELS.iter().any(|(name, _)| {
        let common = bare.len().min(name.len());
        match bare.split_at_checked(common) {
            Some((head, tail)) => {
                name[..common].eq_ignore_ascii_case(head)
                    && tail.trim_start_matches(decoration).is_empty()
                    && bare.len() < 40
            }
            None => false,
        }
    })
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

/// What the words around a query say.
#[derive(Default)]
struct Parts {
    explanation: Option<String>,
    confidence: Option<f32>,
    clarify: Option<(String, Vec<String>)>,
    /// Everything without a label.
    words: Option<String>,
}

impl Parts {
    fn of(prose: &str) -> Self {
        let mut sections: Vec<(Option<Label>, Vec<&str>)> = vec![(None, Vec::new())];
        for line in prose.lines() {
            match label(line) {
                Some((label, rest)) => sections.push((Some(label), vec![rest])),
                None => sections
                    .last_mut()
                    .expect("there is one from the start")
                    .1
                    .push(line),
            }
        }
        let mut parts = Self::default();
        for (label, lines) in sections {
            let text = lines.join("\n").trim().to_owned();
            match label {
                None => parts.words = Some(text).filter(|text| !text.is_empty()),
                Some(Label::Explanation) if !text.is_empty() => {
                    parts.explanation.get_or_insert(text);
                }
                Some(Label::Confidence) => parts.confidence = parts.confidence.or(share(&text)),
                Some(Label::Clarify) => {
                    parts.clarify.get_or_insert_with(|| clarification(&lines));
                }
                Some(Label::Explanation) => {}
            }
        }
        parts
    }
}

/// The question, and the options below it.
fn clarification(lines: &[&str]) -> (String, Vec<String>) {
    let mut message = Vec::new();
    let mut options = Vec::new();
    for line in lines {
        let line = line.trim();
        match bullet(line) {
            Some(option) if !option.is_empty() => options.push(option.to_owned()),
            _ if line.is_empty() => {}
            _ if options.is_empty() => message.push(line),
            // Words behind the options belong to nobody.
            _ => {}
        }
    }
    (message.join(" "), options)
}

/// What stands behind `- `, `* `, `• `, `1. ` or `a) `.
fn bullet(line: &str) -> Option<&str> {
    for mark in ["- ", "* ", "• "] {
        if let Some(rest) = line.strip_prefix(mark) {
            return Some(rest.trim());
        }
    }
    let (mark, rest) = line.split_once(['.', ')'])?;
    let counts = (1..=2).contains(&mark.len())
        && (mark.chars().all(|c| c.is_ascii_digit())
            || (mark.len() == 1 && mark.chars().all(|c| c.is_ascii_alphabetic())));
    (counts && rest.starts_with(' ')).then(|| rest.trim())
}

/// `0.85`, `.85`, `0,85`, `85%`, `85 %`, `0.85 (sure)`, `9/10` as a share of one.
fn share(text: &str) -> Option<f32> {
    let text = text.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '.');
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let value: f64 = number
        .trim_end_matches(['.', ','])
        .replace(',', ".")
        .parse()
        .ok()?;
    let rest = rest.trim_start();
    if rest.starts_with('%') {
        return as_share(value / 100.0);
    }
    if let Some(of) = rest.strip_prefix('/') {
        let digits: String = of
            .trim_start()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        let of: f64 = digits.parse().ok().filter(|of| *of > 0.0)?;
        return as_share(value / of);
    }
    as_share(value)
}

fn as_share(value: f64) -> Option<f32> {
    match value {
        v if (0.0..=1.0).contains(&v) => Some(v as f32),
        v if (1.0..=100.0).contains(&v) => Some((v / 100.0) as f32),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str, sizes: &[usize]) -> (String, Vec<Event>, Parsed) {
        let mut splitter = Splitter::new();
        let mut events = Vec::new();
        let chars: Vec<char> = text.chars().collect();
        let mut rest = &chars[..];
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, after) = rest.split_at((*size).clamp(1, rest.len()));
            events.extend(splitter.feed(&piece.iter().collect::<String>()));
            rest = after;
        }
        let (last, parsed) = splitter.finish();
        events.extend(last);
        let mut joined = String::new();
        events.retain(|event| match event {
            Event::QueryDelta(delta) => {
                joined.push_str(delta);
                false
            }
            _ => true,
        });
        (joined, events, parsed)
    }

    fn query(query: &str, explanation: Option<&str>, confidence: Option<f32>) -> Parsed {
        Parsed::Query {
            query: query.into(),
            explanation: explanation.map(str::to_owned),
            confidence,
            others: 0,
            open_ended: false,
        }
    }

    fn clarify(message: &str, options: &[&str]) -> Parsed {
        Parsed::Clarify {
            message: message.into(),
            options: options.iter().map(|o| (*o).to_owned()).collect(),
        }
    }

    fn cases() -> Vec<(&'static str, Parsed)> {
        let one = || query("select 1", None, None);
        vec![
            (
                "```sql\nSELECT a\nFROM t\n```\nExplanation: All of a.\nConfidence: 0.92\n",
                query("SELECT a\nFROM t", Some("All of a."), Some(0.92)),
            ),
            ("```sql\nselect 1;\n```", one()),
            ("```\nselect 1\n```", one()),
            ("```SQL\n\n  select 1 ; \n\n```\n", one()),
            ("```postgresql\nselect 1\n```", one()),
            ("```sql select 1```", one()),
            ("```select 1```", one()),
            (
                "Sure! ```sql\nselect 1\n``` Hope it helps.",
                query("select 1", Some("Sure!  Hope it helps."), None),
            ),
            (
                "Here is the query you asked for:\n\n```sql\nselect 1\n```",
                query("select 1", Some("Here is the query you asked for:"), None),
            ),
            ("select 1", one()),
            (
                "  select 1;\n\nExplanation: One.\nConfidence: 85%",
                query("select 1", Some("One."), Some(0.85)),
            ),
            (
                "SELECT\n  1\nConfidence: .7",
                query("SELECT\n  1", None, Some(0.7)),
            ),
            (
                "WITH x AS (SELECT 1 AS a) SELECT a FROM x",
                query("WITH x AS (SELECT 1 AS a) SELECT a FROM x", None, None),
            ),
            (
                "with recursive x(n) as not materialized (select 1) select n from x",
                query(
                    "with recursive x(n) as not materialized (select 1) select n from x",
                    None,
                    None,
                ),
            ),
            (
                "With pleasure. Use this:\n```sql\nselect 1\n```",
                query("select 1", Some("With pleasure. Use this:"), None),
            ),
            (
                "Select is what you need (really):\n```sql\nselect 1\n```",
                query("select 1", Some("Select is what you need (really):"), None),
            ),
            (
                "The answer:\nSELECT 1\nFROM t",
                query("SELECT 1\nFROM t", Some("The answer:"), None),
            ),
            // a fence that is never closed
            (
                "```sql\nselect 1",
                Parsed::Query {
                    query: "select 1".into(),
                    explanation: None,
                    confidence: None,
                    others: 0,
                    open_ended: true,
                },
            ),
            (
                "```sql\nselect 1\n\nExplanation: One.\nConfidence: 0.9",
                query("select 1", Some("One."), Some(0.9)),
            ),
            // labels in Markdown, and words that only begin like labels
            (
                "```sql\nselect 1\n```\n**Explanation:** One.\n\n**Confidence**: 0.9",
                query("select 1", Some("One."), Some(0.9)),
            ),
            (
                "```sql\nselect 1\n```\n### Explanation:\nOne.\nTwo.\n\nConfidence: 9/10",
                query("select 1", Some("One.\nTwo."), Some(0.9)),
            ),
            (
                "```sql\nselect\nexplanation, confidence\nfrom t\n```",
                query("select\nexplanation, confidence\nfrom t", None, None),
            ),
            (
                "```sql\nselect *\nfrom t\nwhere a\n> 1\n```",
                query("select *\nfrom t\nwhere a\n> 1", None, None),
            ),
            (
                "```sql\nselect a from exp\n```",
                query("select a from exp", None, None),
            ),
            (
                "Explanation: One.\nConfidence: 0.5\n```sql\nselect 1\n```",
                query("select 1", Some("One."), Some(0.5)),
            ),
            // backticks of MySQL next to fences
            (
                "```sql\nselect `a` from `t`\n```",
                query("select `a` from `t`", None, None),
            ),
            (
                "```sql select `a` from `t````",
                query("select `a` from `t`", None, None),
            ),
            ("```sql\nselect '`'\n```", query("select '`'", None, None)),
            (
                "select `a` from `t`",
                query("select `a` from `t`", None, None),
            ),
            // two queries, and blocks that are none
            (
                "```sql\nselect 1\n```\nor\n```sql\nselect 2\n```",
                Parsed::Query {
                    query: "select 1".into(),
                    explanation: Some("or".into()),
                    confidence: None,
                    others: 1,
                    open_ended: false,
                },
            ),
            ("```text\nthinking…\n```\n```sql\nselect 1\n```", one()),
            ("``` ```\n```sql\nselect 1\n```", one()),
            ("```sql\n```\n```sql\nselect 1\n```", one()),
            (
                "```sql\nselect 1\n```\n```text\n1 row\n```\nConfidence: 1",
                query("select 1", None, Some(1.0)),
            ),
            // JSON, bare and in blocks
            (
                r#"{"query": "select 1;", "explanation": "One.", "confidence": 0.8}"#,
                query("select 1", Some("One."), Some(0.8)),
            ),
            (
                "```json\n{\"sql\": \"select 1\", \"confidence\": \"80%\"}\n```",
                query("select 1", None, Some(0.8)),
            ),
            ("```\n{\"sql\": \"select 1\"}\n```", one()),
            (
                "```json\n{\"plan\": [\"count\"]}\n```\n```sql\nselect 1\n```",
                one(),
            ),
            (
                r#"{"clarification": "Which year?", "options": ["2024", "2025"]}"#,
                clarify("Which year?", &["2024", "2025"]),
            ),
            // thoughts
            (
                "<think>\nMaybe ```sql\nselect 2\n``` no.\n</think>\n\n```sql\nselect 1\n```",
                one(),
            ),
            ("I wonder.\n</think>\n```sql\nselect 1\n```", one()),
            // unclear
            (
                "CLARIFY: Which revenue?\n- gross\n- net\n",
                clarify("Which revenue?", &["gross", "net"]),
            ),
            (
                "**CLARIFY:** Which\nrevenue?\n1. gross\n2) net\n\nTell me.",
                clarify("Which revenue?", &["gross", "net"]),
            ),
            (
                "CLARIFY: Like ```select 1```?",
                clarify("Like ```select 1```?", &[]),
            ),
            // nothing
            ("", Parsed::Words(String::new())),
            (
                "I cannot help with that.",
                Parsed::Words("I cannot help with that.".into()),
            ),
            (
                "{\"query\": \"select",
                Parsed::Words("{\"query\": \"select".into()),
            ),
            ("<think>endless", Parsed::Words(String::new())),
        ]
    }

    #[test]
    fn replies_of_all_kinds_are_understood() {
        for (text, expected) in cases() {
            let (joined, events, parsed) = split(text, &[usize::MAX]);
            assert_eq!(parsed, expected, "{text}");
            if let Parsed::Query {
                query,
                explanation,
                confidence,
                ..
            } = &parsed
            {
                assert_eq!(&joined, query, "the deltas of {text}");
                let said = usize::from(explanation.is_some()) + usize::from(confidence.is_some());
                assert_eq!(events.len(), said, "{text}: {events:?}");
            } else {
                assert_eq!(joined, "", "{text}");
            }
        }
    }

    #[test]
    fn one_character_at_a_time_is_the_same_reply() {
        for (text, expected) in cases() {
            for sizes in [&[1][..], &[2], &[3], &[1, 5, 2]] {
                let (joined, _, parsed) = split(text, sizes);
                assert_eq!(parsed, expected, "{text} in pieces of {sizes:?}");
                if let Parsed::Query { query, .. } = &parsed {
                    assert_eq!(&joined, query, "{text}");
                }
            }
        }
    }

    #[test]
    fn the_query_streams_while_it_is_written() {
        let mut splitter = Splitter::new();
        let mut seen = Vec::new();
        for piece in [
            "``",
            "`sq",
            "l\nSEL",
            "ECT a ",
            "FROM t",
            ";\n",
            "``",
            "`\nExpl",
            "anation: x",
        ] {
            seen.push(splitter.feed(piece));
        }
        let delta = |text: &str| vec![Event::QueryDelta(text.into())];
        assert_eq!(
            seen,
            [
                vec![],
                vec![],
                delta("SEL"),
                delta("ECT a"),
                delta(" FROM t"),
                vec![],
                vec![],
                vec![],
                vec![]
            ]
        );
    }

    proptest! {
        #[test]
        fn any_cut_of_any_text_gives_the_same_result(
            parts in prop::collection::vec(
                prop_oneof![
                    Just("```".to_owned()), Just("`".to_owned()), Just("sql\n".to_owned()), Just("\n".to_owned()),
                    Just("select 1".to_owned()), Just("WITH x AS (".to_owned()), Just("Explanation:".to_owned()),
                    Just("**Confidence**: 0.5".to_owned()), Just("CLARIFY:".to_owned()), Just("- a\n".to_owned()),
                    Just("{\"sql\": \"select 2\"}".to_owned()), Just("<think>".to_owned()), Just("</think>".to_owned()),
                    Just("json\n".to_owned()), Just(";".to_owned()), Just(" ".to_owned()), "[a-zé😀 `:{}*\n;]{0,8}",
                ],
                0..12,
            ),
            sizes in prop::collection::vec(1_usize..7, 1..5),
        ) {
            let text = parts.concat();
            let (joined_whole, events_whole, whole) = split(&text, &[usize::MAX]);
            let (joined, events, parsed) = split(&text, &sizes);
            prop_assert_eq!(&parsed, &whole);
            prop_assert_eq!(&joined, &joined_whole);
            prop_assert_eq!(events, events_whole);
            match &parsed {
                Parsed::Query { query, .. } => prop_assert_eq!(&joined, query),
                _ => prop_assert_eq!(joined, ""),
            }
        }
    }
}
