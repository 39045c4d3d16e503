//! A provider's key inside a model's own words, taken out before anybody sees them.
//!
//! A gateway that prints its environment, or a model that was shown its own request, may say the key in a reply. A
//! reply comes in pieces of any size, so the key may be cut anywhere: what could be the beginning of it is held back
//! until the next piece shows what it is. Ordinary text is not delayed: up to three characters of a beginning pass.

use super::Chunk;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;

/// What stands for the key.
const MARK: &str = "[key]";

/// Keys shorter than this are fillers for servers that want none ("ollama", "EMPTY"), and words of any text.
const SHORTEST_KEY: usize = 8;

/// Any part of a key of this length is taken out. Shorter parts are words: "sk-no-key-required" has "required" in it.
const RUN: usize = 12;

/// A beginning this short is not held back; fewer than one text in a hundred has four characters in common with a
/// random key.
const PASSES: usize = 4;

/// A key, made ready to be looked for.
pub struct Sought {
    key: SecretString,
    /// By two characters, whether the key has them side by side: most text is let through on this alone.
    pairs: [u64; 256],
}

impl Sought {
    /// `None` for a key that cannot be told from ordinary words.
    pub fn new(key: &SecretString) -> Option<Arc<Self>> {
        let text = key.expose_secret().trim();
        if text.len() < SHORTEST_KEY || !text.is_ascii() {
            return None;
        }
        let mut pairs = [0; 256];
        for pair in text.as_bytes().windows(2) {
            let at = pair_at(pair[0], pair[1]);
            pairs[at / 64] |= 1 << (at % 64);
        }
        Some(Arc::new(Self {
            key: SecretString::from(text.to_owned()),
            pairs,
        }))
    }

    fn bytes(&self) -> &[u8] {
        self.key.expose_secret().as_bytes()
    }

    fn has(&self, part: &[u8]) -> bool {
        self.bytes().windows(part.len()).any(|own| own == part)
    }

    fn has_pair(&self, first: u8, second: u8) -> bool {
        let at = pair_at(first, second);
        first.is_ascii() && second.is_ascii() && self.pairs[at / 64] & (1 << (at % 64)) != 0
    }

    /// Whether something of `text` could be the beginning of the key that is held back.
    fn is_near(&self, text: &[u8]) -> bool {
        text.windows(PASSES).any(|four| {
            four.windows(2).all(|pair| self.has_pair(pair[0], pair[1])) && self.has(four)
        })
    }

    fn run(&self) -> usize {
        RUN.min(self.bytes().len())
    }
}

fn pair_at(first: u8, second: u8) -> usize {
    usize::from(first & 127) * 128 + usize::from(second & 127)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Shown,
    Held,
    Hidden,
}

/// One reply on its way.
pub struct Echo {
    sought: Option<Arc<Sought>>,
    /// The longest end of what came that stands in the key.
    tail: Vec<(u8, Fate)>,
    /// The last character that went out was hidden.
    marked: bool,
}

impl Echo {
    pub fn new(sought: Option<Arc<Sought>>) -> Self {
        Self {
            sought,
            tail: Vec::new(),
            marked: false,
        }
    }

    /// As much of the text so far as is certain.
    pub fn push(&mut self, text: String) -> String {
        let Some(sought) = self.sought.clone() else {
            return text;
        };
        let passed = self.tail.iter().all(|(_, fate)| *fate == Fate::Shown);
        if passed {
            let mut seam: Vec<u8> = self.tail.iter().map(|(byte, _)| *byte).collect();
            seam.extend(text.bytes().take(PASSES - 1));
            if !sought.is_near(&seam) && !sought.is_near(text.as_bytes()) {
                self.passed(&sought, &text);
                return text;
            }
        }
        let mut out = Vec::with_capacity(text.len());
        for byte in text.bytes() {
            self.take(&sought, byte, &mut out);
        }
        if self.tail.len() < PASSES {
            for at in 0..self.tail.len() {
                let (byte, fate) = self.tail[at];
                self.show(byte, fate, &mut out);
                self.tail[at].1 = Fate::Shown;
            }
        }
        whole(out)
    }

    /// What is left at the end.
    pub fn end(&mut self) -> String {
        let mut out = Vec::new();
        for (byte, fate) in std::mem::take(&mut self.tail) {
            self.show(byte, fate, &mut out);
        }
        whole(out)
    }

    /// A text that is whole.
    pub fn without(sought: &Option<Arc<Sought>>, text: &str) -> String {
        let mut echo = Self::new(sought.clone());
        let mut out = echo.push(text.to_owned());
        out.push_str(&echo.end());
        out
    }

    /// `chunk` as it may be passed on, behind what was held back before it. The last one of a reply is its stop.
    pub fn chunks(&mut self, chunk: Chunk) -> [Option<Chunk>; 2] {
        let text = |text: String| (!text.is_empty()).then_some(Chunk::Text(text));
        match chunk {
            Chunk::Text(said) => [text(self.push(said)), None],
            Chunk::Stop(stop) => [text(self.end()), Some(Chunk::Stop(stop))],
            Chunk::ToolCall(mut call) if self.sought.is_some() => {
                call.id = Self::without(&self.sought, &call.id);
                call.name = Self::without(&self.sought, &call.name);
                self.clean(&mut call.arguments);
                [Some(Chunk::ToolCall(call)), None]
            }
            other => [Some(other), None],
        }
    }

    fn clean(&self, value: &mut serde_json::Value) {
        use serde_json::Value;
        match value {
            Value::String(text) => *text = Self::without(&self.sought, text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.clean(item)),
            Value::Object(members) => {
                let cleaned = std::mem::take(members).into_iter().map(|(name, mut item)| {
                    self.clean(&mut item);
                    (Self::without(&self.sought, &name), item)
                });
                *members = cleaned.collect();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// `text` has gone out as it is: remembers the end that may go on as the key.
    fn passed(&mut self, sought: &Sought, text: &str) {
        let mut bytes: Vec<u8> = self.tail.iter().map(|(byte, _)| *byte).collect();
        bytes.extend_from_slice(&text.as_bytes()[text.len().saturating_sub(PASSES - 1)..]);
        let most = bytes.len().min(PASSES - 1);
        let end = (0..=most)
            .rev()
            .find(|size| *size == 0 || sought.has(&bytes[bytes.len() - size..]))
            .unwrap_or(0);
        self.tail = bytes[bytes.len() - end..]
            .iter()
            .map(|byte| (*byte, Fate::Shown))
            .collect();
        self.marked &= text.is_empty();
    }

    fn take(&mut self, sought: &Sought, byte: u8, out: &mut Vec<u8>) {
        loop {
            let mut longer: Vec<u8> = self.tail.iter().map(|(byte, _)| *byte).collect();
            longer.push(byte);
            if sought.has(&longer) {
                break;
            }
            if self.tail.is_empty() {
                self.show(byte, Fate::Held, out);
                return;
            }
            let (first, fate) = self.tail.remove(0);
            self.show(first, fate, out);
        }
        self.tail.push((byte, Fate::Held));
        if self.tail.len() >= sought.run() {
            for (_, fate) in &mut self.tail {
                if *fate == Fate::Held {
                    *fate = Fate::Hidden;
                }
            }
        }
    }

    fn show(&mut self, byte: u8, fate: Fate, out: &mut Vec<u8>) {
        match fate {
            Fate::Shown => {}
            Fate::Held => {
                out.push(byte);
                self.marked = false;
            }
            Fate::Hidden if self.marked => {}
            Fate::Hidden => {
                out.extend_from_slice(MARK.as_bytes());
                self.marked = true;
            }
        }
    }
}

fn whole(bytes: Vec<u8>) -> String {
    // only ASCII is held back, so no character is ever cut
    String::from_utf8(bytes).expect("whole characters went in")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::{StopReason, ToolCall};
    use proptest::prelude::*;

    const KEY: &str = "sk-canary-51c7d0aa93fe4b82";

    fn sought(key: &str) -> Option<Arc<Sought>> {
        Sought::new(&SecretString::from(key.to_owned()))
    }

    /// `text` in pieces of these sizes, in characters, round and round.
    fn through(key: &str, text: &str, sizes: &[usize]) -> String {
        let mut echo = Echo::new(sought(key));
        let mut out = String::new();
        let mut chars = text.chars().peekable();
        for size in sizes.iter().cycle() {
            if chars.peek().is_none() {
                break;
            }
            let piece: String = chars.by_ref().take((*size).max(1)).collect();
            out.push_str(&echo.push(piece));
        }
        out.push_str(&echo.end());
        out
    }

    #[test]
    fn a_key_is_taken_out_however_it_is_cut() {
        for (text, expected) in [
            (
                format!("select '{KEY}' as k"),
                "select '[key]' as k".to_owned(),
            ),
            (format!("{KEY}{KEY}"), "[key]".to_owned()),
            (
                "part 51c7d0aa93fe4b82!".to_owned(),
                "part [key]!".to_owned(),
            ),
            (format!("größer {KEY} 😀"), "größer [key] 😀".to_owned()),
            ("sk-canary-51".to_owned(), "[key]".to_owned()),
            // too little of it to be of use to anybody
            ("sk-canary-5".to_owned(), "sk-canary-5".to_owned()),
            ("select skis".to_owned(), "select skis".to_owned()),
        ] {
            for size in 1..60 {
                let out = through(KEY, &text, &[size]);
                for run in KEY.as_bytes().windows(RUN) {
                    let run = std::str::from_utf8(run).expect("ASCII");
                    assert!(!out.contains(run), "{size}: {out}");
                }
                assert_eq!(out.contains(MARK), expected.contains(MARK), "{size}: {out}");
            }
            assert_eq!(through(KEY, &text, &[100]), expected);
        }
    }

    #[test]
    fn words_that_stand_for_no_key_are_ordinary_words() {
        for key in ["ollama", "EMPTY", "no"] {
            let text = format!("select {key} from customers");
            assert_eq!(through(key, &text, &[3]), text);
        }
        let text = "select required from customers";
        assert_eq!(through("sk-no-key-required", text, &[3]), text);
    }

    #[test]
    fn tools_are_called_without_it_and_a_stop_comes_last() {
        let mut echo = Echo::new(sought(KEY));
        let call = ToolCall {
            id: "1".into(),
            name: "sample_data".into(),
            arguments: serde_json::json!({"table": [format!("a{KEY}b")], "n": 1}),
        };
        let [Some(Chunk::ToolCall(call)), None] = echo.chunks(Chunk::ToolCall(call)) else {
            panic!("a call");
        };
        assert_eq!(call.arguments["table"][0], "a[key]b");
        assert_eq!(echo.chunks(Chunk::Text(KEY[..11].to_owned())), [None, None]);
        assert_eq!(
            echo.chunks(Chunk::Stop(StopReason::End)),
            [
                Some(Chunk::Text("sk-canary-5".to_owned())),
                Some(Chunk::Stop(StopReason::End))
            ]
        );
    }

    proptest! {
        #[test]
        fn no_cut_lets_a_run_through_and_nothing_else_is_lost(
            parts in prop::collection::vec(prop_oneof![
                Just(KEY.to_owned()), (0_usize..20).prop_map(|at| KEY[at..].to_owned()),
                (4_usize..26).prop_map(|to| KEY[..to].to_owned()), "[a-z é\\-0-9]{0,8}"], 0..6),
            sizes in prop::collection::vec(1_usize..12, 1..5),
        ) {
            let text = parts.concat();
            let out = through(KEY, &text, &sizes);
            for run in KEY.as_bytes().windows(RUN + PASSES) {
                let run = std::str::from_utf8(run).expect("ASCII");
                prop_assert!(!out.contains(run), "{out}");
            }
            if !out.contains(MARK) {
                prop_assert_eq!(out, text);
            }
        }
    }
}
