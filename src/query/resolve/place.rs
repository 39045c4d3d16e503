//! Where in the text a part of the tree stands, and what it is under its brackets.

use sqlparser::ast::{Expr, Query, SetExpr, Value as Literal};
use sqlparser::tokenizer::Location;

/// The number, when an expression of ORDER BY or GROUP BY is a column's position.
pub(super) fn ordinal(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::Value(value) => match &value.value {
            Literal::Number(digits, _) => digits.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn without_brackets(mut expr: &Expr) -> &Expr {
    while let Expr::Nested(inner) = expr {
        expr = inner;
    }
    expr
}

/// Where an expression begins, as far as the parser remembers; found without recursion.
pub(super) fn start_of(expr: &Expr) -> Location {
    let mut expr = expr;
    loop {
        expr = match expr {
            Expr::Identifier(ident) => return ident.span.start,
            Expr::CompoundIdentifier(parts) => {
                return parts.first().map_or_else(Location::empty, |p| p.span.start);
            }
            Expr::Value(value) => return value.span.start,
            Expr::TypedString(typed) => return typed.value.span.start,
            Expr::Function(function) => return start_of_name(&function.name),
            Expr::Case { case_token, .. } => return case_token.0.span.start,
            Expr::Wildcard(token) | Expr::QualifiedWildcard(_, token) => return token.0.span.start,
            Expr::Subquery(query)
            | Expr::Exists {
                subquery: query, ..
            } => {
                return start_of_query(query);
            }
            Expr::BinaryOp { left, .. } | Expr::AnyOp { left, .. } | Expr::AllOp { left, .. } => {
                left
            }
            Expr::UnaryOp { expr, .. }
            | Expr::Nested(expr)
            | Expr::Cast { expr, .. }
            | Expr::Convert { expr, .. }
            | Expr::Collate { expr, .. }
            | Expr::IsNull(expr)
            | Expr::IsNotNull(expr)
            | Expr::IsTrue(expr)
            | Expr::IsNotTrue(expr)
            | Expr::IsFalse(expr)
            | Expr::IsNotFalse(expr)
            | Expr::IsUnknown(expr)
            | Expr::IsNotUnknown(expr)
            | Expr::InList { expr, .. }
            | Expr::InSubquery { expr, .. }
            | Expr::Between { expr, .. }
            | Expr::Like { expr, .. }
            | Expr::ILike { expr, .. }
            | Expr::RLike { expr, .. }
            | Expr::SimilarTo { expr, .. }
            | Expr::Extract { expr, .. }
            | Expr::Ceil { expr, .. }
            | Expr::Floor { expr, .. }
            | Expr::Position { expr, .. }
            | Expr::Substring { expr, .. }
            | Expr::Trim { expr, .. }
            | Expr::CompoundFieldAccess { root: expr, .. }
            | Expr::AtTimeZone {
                timestamp: expr, ..
            } => expr,
            Expr::Tuple(exprs) => match exprs.first() {
                Some(first) => first,
                None => return Location::empty(),
            },
            _ => return Location::empty(),
        };
    }
}

pub(super) fn start_of_name(name: &sqlparser::ast::ObjectName) -> Location {
    name.0
        .first()
        .and_then(|part| part.as_ident())
        .map_or_else(Location::empty, |ident| ident.span.start)
}

pub(super) fn start_of_query(query: &Query) -> Location {
    match &query.with {
        Some(with) => with.with_token.0.span.start,
        None => start_of_set(&query.body),
    }
}

pub(super) fn start_of_set(body: &SetExpr) -> Location {
    let mut body = body;
    loop {
        body = match body {
            SetExpr::Select(select) => return select.select_token.0.span.start,
            SetExpr::Query(query) => match &query.with {
                Some(with) => return with.with_token.0.span.start,
                None => &query.body,
            },
            SetExpr::SetOperation { left, .. } => left,
            SetExpr::Values(values) => {
                return values
                    .rows
                    .first()
                    .and_then(|row| row.content.first())
                    .map_or_else(Location::empty, start_of);
            }
            _ => return Location::empty(),
        };
    }
}
