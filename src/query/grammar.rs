//! The parser's grammars, with what SQLite and DuckDB say and the parser's own ones do not read.

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
        Dialect::Duckdb | Dialect::Kdb => &DuckDb,
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

const DUCKDB: DuckDbDialect = DuckDbDialect;

/// DuckDB with `first_value(x IGNORE NULLS)` and `* RENAME (a AS b)`.
#[derive(Debug)]
struct DuckDb;

impl Grammar for DuckDb {
    /// The parser asks in places whether it reads DuckDB.
    fn dialect(&self) -> TypeId {
        DUCKDB.dialect()
    }

    fn supports_window_function_null_treatment_arg(&self) -> bool {
        true
    }

    fn supports_select_wildcard_rename(&self) -> bool {
        true
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        DUCKDB.is_identifier_start(ch)
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        DUCKDB.is_identifier_part(ch)
    }

    fn identifier_quote_style(&self, identifier: &str) -> Option<char> {
        DUCKDB.identifier_quote_style(identifier)
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        DUCKDB.supports_filter_during_aggregation()
    }

    fn supports_group_by_expr(&self) -> bool {
        DUCKDB.supports_group_by_expr()
    }

    fn supports_bitwise_shift_operators(&self) -> bool {
        DUCKDB.supports_bitwise_shift_operators()
    }

    fn supports_named_fn_args_with_eq_operator(&self) -> bool {
        DUCKDB.supports_named_fn_args_with_eq_operator()
    }

    fn supports_named_fn_args_with_assignment_operator(&self) -> bool {
        DUCKDB.supports_named_fn_args_with_assignment_operator()
    }

    fn supports_dictionary_syntax(&self) -> bool {
        DUCKDB.supports_dictionary_syntax()
    }

    fn support_map_literal_syntax(&self) -> bool {
        DUCKDB.support_map_literal_syntax()
    }

    fn supports_lambda_functions(&self) -> bool {
        DUCKDB.supports_lambda_functions()
    }

    fn allow_extract_single_quotes(&self) -> bool {
        DUCKDB.allow_extract_single_quotes()
    }

    fn supports_array_typedef_with_brackets(&self) -> bool {
        DUCKDB.supports_array_typedef_with_brackets()
    }

    fn supports_from_first_select(&self) -> bool {
        DUCKDB.supports_from_first_select()
    }

    fn supports_order_by_all(&self) -> bool {
        DUCKDB.supports_order_by_all()
    }

    fn supports_select_wildcard_exclude(&self) -> bool {
        DUCKDB.supports_select_wildcard_exclude()
    }

    fn supports_select_wildcard_replace(&self) -> bool {
        DUCKDB.supports_select_wildcard_replace()
    }

    fn supports_notnull_operator(&self) -> bool {
        DUCKDB.supports_notnull_operator()
    }

    fn supports_comma_separated_trim(&self) -> bool {
        DUCKDB.supports_comma_separated_trim()
    }

    fn supports_numeric_literal_underscores(&self) -> bool {
        DUCKDB.supports_numeric_literal_underscores()
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
