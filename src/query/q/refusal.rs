//! What is said of a text that is refused.

use super::lex::{Token, Word, is_noun, refuse};
use super::{Read, Reader};
use crate::query::Finding;
use crate::query::lex::Place;

impl Reader<'_> {
    pub(super) fn no_adverb(&self) -> Read<()> {
        match self.peek() {
            Some(Token::Sign(sign @ ("/" | "\\" | "'" | "/:" | "\\:" | "':"))) => {
                Err(self.sign_error(sign))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn sign_error(&self, sign: &str) -> Finding {
        let message = match sign {
            "'" => "strings stand in double quotes and symbols after a backtick: `AAPL".to_owned(),
            "=" | "<" | ">" | "<>" | "<=" | ">=" => format!("something is missing before `{sign}`"),
            _ => format!("`{sign}` is not allowed here"),
        };
        self.error("operator_not_allowed", message)
    }

    pub(super) fn harmful(&self, name: &str) -> Finding {
        self.harmful_at(name, self.at)
    }

    pub(super) fn harmful_at(&self, name: &str, at: usize) -> Finding {
        if matches!(name, "update" | "delete" | "insert" | "upsert") {
            return self.error_at(at, "write_statement", writing(name));
        }
        self.error_at(
            at,
            "side_effect_function",
            format!("`{name}` is not allowed; only verbs that compute are"),
        )
    }

    pub(super) fn error(&self, code: &str, message: impl Into<String>) -> Finding {
        self.error_at(self.at, code, message)
    }

    pub(super) fn error_at(&self, at: usize, code: &str, message: impl Into<String>) -> Finding {
        let place = self.words.get(at).map_or_else(
            || Place {
                line: self.text.lines().count().max(1) as u64,
                column: self.text.lines().last().map_or(0, |l| l.chars().count()) as u64 + 1,
            },
            |word| word.at,
        );
        refuse(code, message, place)
    }
}

/// SQL written where q was wanted, with how q says it.
pub(super) fn in_sql(text: &str, words: &[Word]) -> Option<Finding> {
    let name = |at: usize| match words.get(at).map(|word| &word.token) {
        Some(Token::Name(name)) => name.to_ascii_lowercase(),
        _ => String::new(),
    };
    let number = |at: usize| match words.get(at).map(|word| &word.token) {
        Some(Token::Number(Some(number))) => Some(*number as i64),
        _ => None,
    };
    let without_star = |rest: &str| rest.trim_start_matches([' ', '*']).to_owned();
    if name(0) == "select"
        && name(1) == "top"
        && let Some(rows) = number(2)
    {
        let rest = without_star(&text[words[2].to..]);
        let mut finding = refuse(
            "syntax_error",
            format!(
                "q has no TOP: write `select[{rows}] {rest}` or `{rows} sublist select {rest}`"
            ),
            words[1].at,
        );
        finding.suggestion = Some(format!("select[{rows}] {rest}"));
        return Some(finding);
    }
    for (at, word) in words.iter().enumerate().skip(1) {
        if name(at) == "limit"
            && let Some(rows) = number(at + 1)
        {
            let before = text[..word.from].trim_end();
            let rest = without_star(
                before
                    .trim_start_matches("select")
                    .trim_start_matches("SELECT"),
            );
            let mut finding = refuse(
                "syntax_error",
                format!(
                    "q has no LIMIT: write `select[{rows}] {rest}` or `{rows} sublist select {rest}`"
                ),
                word.at,
            );
            finding.suggestion = Some(format!("select[{rows}] {rest}"));
            return Some(finding);
        }
        let followed_by = |word: &str| name(at + 1) == word;
        let said = match name(at).as_str() {
            "group" if followed_by("by") => {
                "q has no GROUP BY: write `select … by column from table`"
            }
            "order" if followed_by("by") => "q has no ORDER BY: write `` `column xasc select … ``",
            "having" => "q has no HAVING: select from the grouped select with where",
            "join" if at > 1 => "q has no JOIN: use lj, ij or aj",
            _ => continue,
        };
        if words.get(at + 1).is_some_and(|next| is_noun(&next.token)) {
            return Some(refuse("syntax_error", said, word.at));
        }
    }
    None
}

/// Of a word that changes tables: what to write instead, where a select says the same.
pub(super) fn writing(name: &str) -> String {
    let instead = match name {
        "update" => {
            "; to see computed columns beside others write `select a, b, c:price*size from t`"
        }
        "delete" => {
            "; to see what would be left write `select from t where not …`, or name the columns to keep"
        }
        _ => "",
    };
    format!("`{name}` changes tables; only select and exec may run{instead}")
}
