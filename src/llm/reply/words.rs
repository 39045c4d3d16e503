//! The words around a query: labels, a question back, a confidence.

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Label {
    Explanation,
    Confidence,
    Clarify,
    /// Another reading of the question; its query follows in a block.
    Alternative,
}

const LABELS: [(&str, Label); 4] = [
    ("explanation", Label::Explanation),
    ("confidence", Label::Confidence),
    ("clarify", Label::Clarify),
    ("alternative", Label::Alternative),
];

/// Markdown that may stand around a label.
fn decoration(c: char) -> bool {
    matches!(c, '*' | '#' | '_' | '>' | ' ' | '\t')
}

/// The label a line begins with, decorated or not, and what follows it.
pub(super) fn label(line: &str) -> Option<(Label, &str)> {
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
pub(super) fn may_become_label(line: &str) -> bool {
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

/// What the words around a query say.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) explanation: Option<String>,
    pub(super) confidence: Option<f32>,
    pub(super) clarify: Option<(String, Vec<String>)>,
    /// Everything without a label.
    pub(super) words: Option<String>,
}

impl Parts {
    pub(super) fn of(prose: &str) -> Self {
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
                Some(Label::Explanation | Label::Alternative) => {}
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
pub(super) fn share(text: &str) -> Option<f32> {
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

pub(super) fn as_share(value: f64) -> Option<f32> {
    match value {
        v if (0.0..=1.0).contains(&v) => Some(v as f32),
        v if (1.0..=100.0).contains(&v) => Some((v / 100.0) as f32),
        _ => None,
    }
}
