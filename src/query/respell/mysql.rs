//! What only MySQL says: `a MOD b`, and the character set of a CAST or of CHAR().

use super::Text;
use sqlparser::tokenizer::Token;

/// Words before which no operand ends, though they look like names: MOD behind them begins a call.
const BEFORE_A_CALL: &[&str] = &[
    "div",
    "mod",
    "xor",
    "interval",
    "regexp",
    "rlike",
    "escape",
    "binary",
    "offset",
    "return",
    "as",
    "sql_no_cache",
    "straight_join",
    "distinctrow",
    "having",
];

impl Text {
    /// MOD between two operands.
    pub(super) fn is_remainder(&self, at: usize) -> bool {
        let operand_before = at > 0
            && match self.token(at - 1) {
                Token::Word(_) => {
                    self.names_something(at - 1)
                        && !BEFORE_A_CALL.iter().any(|word| self.says(at - 1, &[word]))
                }
                token => matches!(
                    token,
                    Token::RParen | Token::Number(..) | Token::SingleQuotedString(_)
                ),
            };
        let operand_behind = self.names_something(at + 1)
            || matches!(
                self.token(at + 1),
                Token::LParen | Token::Number(..) | Token::SingleQuotedString(_) | Token::Minus
            );
        self.says(at, &["mod"]) && operand_before && operand_behind
    }

    /// `CHARACTER SET utf8mb4` behind the type of a CAST, `USING utf8mb4` within CHAR(…): where it ends.
    pub(super) fn character_set(&self, at: usize) -> Option<usize> {
        let before = at.checked_sub(1)?;
        if self.says(at, &["using"]) {
            if !self.names_something(at + 1) || *self.token(at + 2) != Token::RParen {
                return None;
            }
            let open = self.opening(at + 2)?;
            let of_char = open > 0 && self.says(open - 1, &["char"]);
            return of_char.then_some(at + 2);
        }
        let end = if self.says(at, &["character", "set"]) {
            at + 2
        } else if self.says(at, &["charset"]) {
            at + 1
        } else {
            return None;
        };
        let typed = match self.token(before) {
            Token::RParen => self.opening(before)?.checked_sub(1)?,
            _ => before,
        };
        let cast = typed > 0 && self.says(typed, &["char"]) && {
            // CAST(x AS CHAR), CONVERT(x, CHAR)
            self.says(typed - 1, &["as"]) || *self.token(typed - 1) == Token::Comma
        };
        let named = self.names_something(end) && *self.token(end + 1) == Token::RParen;
        (cast && named).then_some(end + 1)
    }
}
