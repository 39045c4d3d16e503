//! The parser's grammars, with what SQLite says and the parser's own SQLite does not read.

use super::Dialect;
use sqlparser::ast::{BinaryOperator, Expr};
use sqlparser::dialect::{
    Dialect as Grammar, DuckDbDialect, MySqlDialect, PostgreSqlDialect, Precedence, SQLiteDialect,
};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;
use std::any::TypeId;

pub(super) fn grammar(dialect: Dialect) -> &'static dyn Grammar {
    match dialect {
        Dialect::Postgres => &PostgreSqlDialect {},
        Dialect::Sqlite => &Sqlite,
        Dialect::Mysql => &MySqlDialect {},
        Dialect::Duckdb | Dialect::Kdb => &DuckDbDialect,
    }
}

const SQLITE: SQLiteDialect = SQLiteDialect {};

/// SQLite with `a IS b`, `a ISNULL` and the shifts.
#[derive(Debug)]
struct Sqlite;

impl Grammar for Sqlite {
    /// The parser asks in places whether it reads SQLite.
    fn dialect(&self) -> TypeId {
        SQLITE.dialect()
    }

    fn parse_infix(
        &self,
        parser: &mut Parser,
        expr: &Expr,
        precedence: u8,
    ) -> Option<Result<Expr, ParserError>> {
        let left = || Box::new(expr.clone());
        if is_isnull(&parser.peek_token_ref().token) {
            parser.next_token();
            return Some(Ok(Expr::IsNull(left())));
        }
        let shift = match parser.peek_token_ref().token {
            Token::ShiftLeft => Some(BinaryOperator::PGBitwiseShiftLeft),
            Token::ShiftRight => Some(BinaryOperator::PGBitwiseShiftRight),
            _ => None,
        };
        if let Some(op) = shift {
            parser.next_token();
            return Some(
                parser
                    .parse_subexpr(precedence)
                    .map(|right| Expr::BinaryOp {
                        left: left(),
                        op,
                        right: Box::new(right),
                    }),
            );
        }
        if let Some(negated) = is_of_a_value(parser) {
            parser.next_token();
            if negated {
                parser.next_token();
            }
            return Some(parser.parse_subexpr(precedence).map(|right| {
                if negated {
                    Expr::IsDistinctFrom(left(), Box::new(right))
                } else {
                    Expr::IsNotDistinctFrom(left(), Box::new(right))
                }
            }));
        }
        SQLITE.parse_infix(parser, expr, precedence)
    }

    fn get_next_precedence(&self, parser: &Parser) -> Option<Result<u8, ParserError>> {
        match &parser.peek_token_ref().token {
            Token::ShiftLeft | Token::ShiftRight => {
                Some(Ok(self.prec_value(Precedence::Ampersand)))
            }
            token if is_isnull(token) => Some(Ok(self.prec_value(Precedence::Is))),
            _ => SQLITE.get_next_precedence(parser),
        }
    }

    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        SQLITE.is_delimited_identifier_start(ch)
    }

    fn identifier_quote_style(&self, identifier: &str) -> Option<char> {
        SQLITE.identifier_quote_style(identifier)
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        SQLITE.is_identifier_start(ch)
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        // a dollar is part of a name, once it has begun
        SQLITE.is_identifier_part(ch) || ch == '$'
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        SQLITE.supports_filter_during_aggregation()
    }

    fn supports_in_empty_list(&self) -> bool {
        SQLITE.supports_in_empty_list()
    }

    fn supports_limit_comma(&self) -> bool {
        SQLITE.supports_limit_comma()
    }

    fn supports_asc_desc_in_column_definition(&self) -> bool {
        SQLITE.supports_asc_desc_in_column_definition()
    }

    fn supports_dollar_placeholder(&self) -> bool {
        SQLITE.supports_dollar_placeholder()
    }

    fn supports_notnull_operator(&self) -> bool {
        SQLITE.supports_notnull_operator()
    }

    fn supports_comma_separated_trim(&self) -> bool {
        SQLITE.supports_comma_separated_trim()
    }

    fn supports_numeric_literal_underscores(&self) -> bool {
        SQLITE.supports_numeric_literal_underscores()
    }
}

/// No keyword of the parser's.
fn is_isnull(token: &Token) -> bool {
    matches!(token, Token::Word(word)
        if word.quote_style.is_none() && word.value.eq_ignore_ascii_case("isnull"))
}

/// Whether `IS` or `IS NOT` comes next with a value after it; true for `IS NOT`.
fn is_of_a_value(parser: &Parser) -> Option<bool> {
    let keyword = |ahead: usize| match &parser.peek_nth_token_ref(ahead).token {
        Token::Word(word) if word.quote_style.is_none() => word.keyword,
        _ => Keyword::NoKeyword,
    };
    if keyword(0) != Keyword::IS {
        return None;
    }
    let negated = keyword(1) == Keyword::NOT;
    match keyword(1 + usize::from(negated)) {
        Keyword::NULL | Keyword::TRUE | Keyword::FALSE | Keyword::DISTINCT | Keyword::UNKNOWN => {
            None
        }
        _ => Some(negated),
    }
}
