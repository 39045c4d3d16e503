//! Expressions, one arm for each kind the parser knows.

use super::place::{start_of, start_of_query};
use super::{AliasUse, Clause, Output, Reading, Resolver, Scope, Value, engine_name};
use crate::query::Dialect;
use crate::query::types::{self, Ty};
use crate::schema::ValueKind;
use sqlparser::ast::{
    AccessExpr, CastKind, CeilFloorKind, DataType, DateTimeField, Expr, ExtractSyntax,
    LambdaFunctionParameter, OneOrManyWithParens, Query, Subscript, Value as Literal,
};
use sqlparser::tokenizer::Location;

const BOOLEAN: Ty = Ty::Known(ValueKind::Boolean);
const INTEGER: Ty = Ty::Known(ValueKind::Integer);
const TEXT: Ty = Ty::Known(ValueKind::Text);

impl Resolver<'_> {
    /// An expression that decides which rows are kept.
    pub(super) fn condition(&mut self, expr: &Expr) {
        let value = self.expr(expr);
        let other = match value.ty {
            Ty::Known(kind) => kind != ValueKind::Boolean,
            Ty::Row => true,
            Ty::Any | Ty::Literal => false,
        };
        if self.dialect == Dialect::Postgres && other {
            self.refuse(
                "type_mismatch",
                format!(
                    "a condition must be true or false, not {}",
                    value.ty.shown()
                ),
                start_of(expr),
            );
        }
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Value {
        use Dialect::{Duckdb, Mysql, Postgres, Sqlite};
        let d = self.dialect;
        match expr {
            Expr::Identifier(ident) => self.bare(ident),
            Expr::CompoundIdentifier(parts) => self.qualified(parts),
            Expr::Nested(inner) => self.expr(inner),
            Expr::Value(value) => self.literal(&value.value, value.span.start),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right, expr),
            Expr::UnaryOp { op, expr: inner } => self.unary(op, inner),
            Expr::Function(function) => self.call(function),

            Expr::IsNull(inner) | Expr::IsNotNull(inner) => {
                let value = self.expr(inner);
                Value::of(BOOLEAN).rooted(value.rooted)
            }
            Expr::IsTrue(inner)
            | Expr::IsNotTrue(inner)
            | Expr::IsFalse(inner)
            | Expr::IsNotFalse(inner)
            | Expr::IsUnknown(inner)
            | Expr::IsNotUnknown(inner) => {
                let value = self.expr(inner);
                Value::of(BOOLEAN).rooted(value.rooted)
            }
            Expr::IsDistinctFrom(left, right) | Expr::IsNotDistinctFrom(left, right) => {
                if d == Mysql {
                    self.unsupported("IS DISTINCT FROM", start_of(expr));
                }
                self.compared(left, right, expr)
            }
            Expr::IsJson {
                expr: inner,
                kind: _,
                unique_keys: _,
                negated: _,
            } => {
                self.only(&[Postgres], "IS JSON", expr);
                let value = self.expr(inner);
                Value::of(BOOLEAN).rooted(value.rooted)
            }
            Expr::IsNormalized {
                expr: inner,
                form: _,
                negated: _,
            } => {
                self.only(&[Postgres], "IS NORMALIZED", expr);
                let value = self.expr(inner);
                Value::of(BOOLEAN).rooted(value.rooted)
            }

            Expr::InList {
                expr: inner,
                list,
                negated: _,
            } => {
                let value = self.expr(inner);
                let mut rooted = value.rooted;
                for item in list {
                    let other = self.expr(item);
                    rooted |= other.rooted;
                    self.check_comparable("IN", value, other, start_of(item));
                }
                Value::of(BOOLEAN).rooted(rooted)
            }
            Expr::InSubquery {
                expr: inner,
                subquery,
                negated: _,
            } => {
                let value = self.expr(inner);
                let outputs = self.subquery(subquery);
                self.check_width(outputs.len(), value.width, subquery);
                if let ([only], 1) = (outputs.as_slice(), value.width) {
                    let other = Value::of(only.ty);
                    self.check_comparable("IN", value, other, start_of(inner));
                }
                Value::of(BOOLEAN).rooted(true)
            }
            Expr::Between {
                expr: inner,
                negated: _,
                low,
                high,
            } => {
                let value = self.expr(inner);
                for bound in [low, high] {
                    let other = self.expr(bound);
                    self.check_comparable("BETWEEN", value, other, start_of(inner));
                }
                Value::of(BOOLEAN).rooted(value.rooted)
            }
            Expr::Like {
                negated: _,
                any,
                expr: inner,
                pattern,
                escape_char,
            } => {
                if *any {
                    self.unsupported("LIKE ANY without brackets", start_of(expr));
                }
                self.like(inner, pattern, escape_char.as_deref())
            }
            Expr::ILike {
                negated: _,
                any,
                expr: inner,
                pattern,
                escape_char,
            } => {
                self.only(&[Postgres, Duckdb], "ILIKE", expr);
                if *any {
                    self.unsupported("ILIKE ANY without brackets", start_of(expr));
                }
                self.like(inner, pattern, escape_char.as_deref())
            }
            Expr::SimilarTo {
                negated: _,
                expr: inner,
                pattern,
                escape_char,
            } => {
                self.only(&[Postgres, Duckdb], "SIMILAR TO", expr);
                self.check_pattern(pattern);
                self.like(inner, pattern, escape_char.as_deref())
            }
            Expr::RLike {
                negated: _,
                expr: inner,
                pattern,
                regexp: _,
            } => {
                self.only(&[Mysql], "REGEXP", expr);
                self.check_pattern(pattern);
                self.like(inner, pattern, None)
            }
            Expr::AnyOp {
                left,
                compare_op,
                right,
                is_some: _,
            }
            | Expr::AllOp {
                left,
                compare_op,
                right,
            } => {
                if d == Sqlite {
                    self.unsupported("ANY or ALL", start_of(left));
                }
                self.operator(compare_op, expr);
                let value = self.expr(left);
                if let Expr::Subquery(query) = super::place::without_brackets(right) {
                    let outputs = self.subquery(query);
                    self.check_width(outputs.len(), value.width, query);
                } else {
                    self.only(&[Postgres, Duckdb], "ANY over a list", expr);
                    let list = self.expr(right);
                    if d == Postgres && list.ty == Ty::Row {
                        self.refuse(
                            "type_mismatch",
                            "ANY and ALL need an array or a subquery, not a row",
                            start_of(right),
                        );
                    }
                }
                Value::of(BOOLEAN).rooted(true)
            }

            Expr::Cast {
                kind,
                expr: inner,
                data_type,
                format,
            } => {
                match kind {
                    CastKind::Cast => {}
                    CastKind::DoubleColon => self.only(&[Postgres, Duckdb], "the cast `::`", inner),
                    CastKind::TryCast => self.only(&[Duckdb], "TRY_CAST", inner),
                    CastKind::SafeCast => self.only(&[], "SAFE_CAST", inner),
                }
                if format.is_some() {
                    self.unsupported("CAST … FORMAT", start_of(inner));
                }
                let value = self.expr(inner);
                let ty = self.cast_to(data_type, start_of(inner));
                Value::of(ty)
                    .rooted(value.rooted)
                    .longest(self.cast_length(value, ty))
            }
            Expr::Convert {
                is_try,
                expr: inner,
                data_type,
                charset,
                target_before_value,
                styles,
            } => {
                self.only(&[Mysql], "CONVERT", inner);
                if *is_try || *target_before_value || !styles.is_empty() {
                    self.unsupported("that form of CONVERT", start_of(inner));
                }
                let value = self.expr(inner);
                let ty = match (data_type, charset) {
                    (Some(data_type), _) => self.cast_to(data_type, start_of(inner)),
                    (None, _) => TEXT,
                };
                Value::of(ty).rooted(value.rooted).longest(value.longest)
            }
            Expr::AtTimeZone {
                timestamp,
                time_zone,
            } => {
                self.only(&[Postgres, Duckdb], "AT TIME ZONE", timestamp);
                let value = self.expr(timestamp);
                self.expr(time_zone);
                Value::of(Ty::Known(ValueKind::Timestamp)).rooted(value.rooted)
            }
            Expr::Extract {
                field,
                syntax,
                expr: inner,
            } => {
                self.only(&[Postgres, Mysql, Duckdb], "EXTRACT", inner);
                if *syntax == ExtractSyntax::Comma {
                    self.unsupported("EXTRACT with a comma", start_of(inner));
                }
                if let DateTimeField::Week(Some(_)) = field {
                    self.unsupported("WEEK(day)", start_of(inner));
                }
                let value = self.expr(inner);
                if d == Postgres
                    && matches!(value.ty.kind(), Some(kind) if kind == ValueKind::Text && value.ty != Ty::Literal || kind.is_number() || kind == ValueKind::Boolean)
                {
                    self.refuse(
                        "type_mismatch",
                        format!("EXTRACT needs a date or a time, not {}", value.ty.shown()),
                        start_of(inner),
                    );
                }
                let ty = match d {
                    Postgres => Ty::Known(ValueKind::Decimal),
                    _ => INTEGER,
                };
                Value::of(ty).rooted(value.rooted)
            }
            Expr::Ceil { expr: inner, field } | Expr::Floor { expr: inner, field } => {
                match field {
                    CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) => {}
                    CeilFloorKind::DateTimeField(_) | CeilFloorKind::Scale(_) => {
                        self.unsupported("CEIL or FLOOR with a field", start_of(inner));
                    }
                }
                let value = self.expr(inner);
                self.check_number("CEIL and FLOOR", value, inner);
                Value::of(value.ty).rooted(value.rooted)
            }
            Expr::Position { expr: inner, r#in } => {
                self.only(&[Postgres, Mysql, Duckdb], "POSITION(… IN …)", inner);
                let one = self.expr(inner);
                let two = self.expr(r#in);
                self.check_search(two.longest, one.longest, start_of(inner));
                Value::of(INTEGER).rooted(one.rooted || two.rooted)
            }
            Expr::Substring {
                expr: inner,
                substring_from,
                substring_for,
                special,
                shorthand: _,
            } => {
                if !special && substring_from.is_some() {
                    self.only(&[Postgres, Mysql, Duckdb], "SUBSTRING(… FROM …)", inner);
                }
                let value = self.expr(inner);
                self.check_text("SUBSTRING", value, inner);
                if substring_from.is_none() && substring_for.is_none() {
                    self.refuse("wrong_arity", "SUBSTRING needs a position", start_of(inner));
                }
                for part in [substring_from, substring_for].into_iter().flatten() {
                    let part = self.expr(part);
                    // SUBSTRING(text FROM pattern) looks for it
                    self.check_search(value.longest, part.longest, start_of(inner));
                }
                Value::of(TEXT).rooted(value.rooted).longest(value.longest)
            }
            Expr::Trim {
                trim_where,
                trim_what,
                expr: inner,
                trim_characters,
            } => {
                if trim_where.is_some() || trim_what.is_some() {
                    self.only(&[Postgres, Mysql, Duckdb], "TRIM(… FROM …)", inner);
                }
                if trim_characters.is_some() {
                    self.only(&[Postgres, Sqlite, Duckdb], "TRIM with a comma", inner);
                }
                let value = self.expr(inner);
                self.check_text("TRIM", value, inner);
                if let Some(what) = trim_what {
                    let what = self.expr(what);
                    self.check_search(value.longest, what.longest, start_of(inner));
                }
                let characters = trim_characters.as_deref().unwrap_or_default();
                if characters.len() > 1 {
                    self.refuse(
                        "wrong_arity",
                        "TRIM takes one or two arguments",
                        start_of(inner),
                    );
                }
                for character in characters {
                    let characters = self.expr(character);
                    self.check_search(value.longest, characters.longest, start_of(inner));
                }
                Value::of(TEXT).rooted(value.rooted).longest(value.longest)
            }
            Expr::Overlay {
                expr: inner,
                overlay_what,
                overlay_from,
                overlay_for,
            } => {
                self.only(&[Postgres], "OVERLAY", inner);
                let value = self.expr(inner);
                let what = self.expr(overlay_what);
                self.expr(overlay_from);
                if let Some(length) = overlay_for {
                    self.expr(length);
                }
                let longest = self.made(value.longest + what.longest, start_of(inner));
                Value::of(TEXT).rooted(value.rooted).longest(longest)
            }
            Expr::Collate {
                expr: inner,
                collation,
            } => {
                let plain = collation.0.len() == 1
                    || collation
                        .0
                        .first()
                        .and_then(|part| part.as_ident())
                        .is_some_and(|ident| ident.value.eq_ignore_ascii_case("pg_catalog"));
                if !plain {
                    self.refuse(
                        "function_not_allowed",
                        "a collation of another schema is not allowed",
                        start_of(inner),
                    );
                }
                let own = ["binary", "nocase", "rtrim"];
                let name = collation.to_string().to_ascii_lowercase();
                if d == Sqlite && !own.contains(&name.trim_matches('"')) {
                    self.refuse(
                        "unknown_collation",
                        format!(
                            "there is no collation {collation}; SQLite has {}",
                            own.join(", ")
                        ),
                        start_of(inner),
                    );
                }
                self.expr(inner)
            }
            Expr::TypedString(typed) => {
                self.only(&[Postgres, Mysql, Duckdb], "a typed string", expr);
                if typed.uses_odbc_syntax {
                    self.unsupported("{d '…'}", typed.value.span.start);
                }
                let value = self.literal(&typed.value.value, typed.value.span.start);
                let ty = self.cast_to(&typed.data_type, typed.value.span.start);
                Value::of(ty).longest(self.cast_length(value, ty))
            }
            Expr::Interval(interval) => {
                self.only(&[Postgres, Mysql, Duckdb], "INTERVAL", &interval.value);
                let value = self.expr(&interval.value);
                if d == Mysql && interval.leading_field.is_none() {
                    self.refuse_with(
                        "syntax_error",
                        "INTERVAL needs a unit outside the quotes",
                        start_of(&interval.value),
                        Some("INTERVAL 1 DAY".to_owned()),
                    );
                }
                Value::of(Ty::Known(ValueKind::Interval)).rooted(value.rooted)
            }
            Expr::Case {
                case_token: _,
                end_token: _,
                operand,
                conditions,
                else_result,
            } => {
                let operand = operand.as_ref().map(|operand| self.expr(operand));
                let mut result: Option<Value> = None;
                let mut rooted = operand.is_some_and(|value| value.rooted);
                for when in conditions {
                    match operand {
                        Some(operand) => {
                            let value = self.expr(&when.condition);
                            self.check_comparable(
                                "CASE",
                                operand,
                                value,
                                start_of(&when.condition),
                            );
                        }
                        None => self.condition(&when.condition),
                    }
                    let value = self.expr(&when.result);
                    rooted |= value.rooted;
                    result = Some(self.joined("CASE", result, value, &when.result));
                }
                if let Some(otherwise) = else_result {
                    let value = self.expr(otherwise);
                    rooted |= value.rooted;
                    result = Some(self.joined("CASE", result, value, otherwise));
                }
                let result = result.unwrap_or(Value::of(Ty::Any));
                // a condition over the data makes the result depend on it
                Value::of(result.ty).rooted(rooted).longest(result.longest)
            }

            Expr::Exists {
                subquery,
                negated: _,
            } => {
                self.subquery(subquery);
                Value::of(BOOLEAN).rooted(true)
            }
            Expr::Subquery(query) => {
                let outputs = self.subquery(query);
                match outputs.as_slice() {
                    [only] => Value::of(only.ty).rooted(only.rooted).longest(only.longest),
                    [] => Value::of(Ty::Any).rooted(true),
                    _ => Value {
                        ty: Ty::Any,
                        origin: None,
                        rooted: outputs.iter().any(|output| output.rooted),
                        longest: outputs.iter().map(|output| output.longest).sum(),
                        width: outputs.len(),
                    },
                }
                .scalar(self, query)
            }
            Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) => {
                self.only(&[Postgres, Duckdb], "GROUPING SETS, CUBE and ROLLUP", expr);
                if self.reading.clause != Clause::GroupBy {
                    self.unsupported("GROUPING SETS outside GROUP BY", start_of(expr));
                }
                for key in sets.iter().flatten() {
                    self.expr(key);
                }
                Value::of(Ty::Any).rooted(true)
            }
            Expr::Tuple(items) => {
                let (mut rooted, mut longest) = (false, 0.0);
                for item in items {
                    let value = self.expr(item);
                    rooted |= value.rooted;
                    longest += value.longest;
                }
                Value {
                    ty: Ty::Any,
                    origin: None,
                    rooted,
                    longest,
                    width: items.len(),
                }
            }
            Expr::Array(array) => {
                self.only(&[Postgres, Duckdb], "an array", expr);
                if d == Postgres && !array.named {
                    self.unsupported("[…] without ARRAY", start_of(expr));
                }
                let (mut rooted, mut longest) = (false, 0.0);
                let mut items: Vec<&Expr> = array.elem.iter().collect();
                while let Some(item) = items.pop() {
                    match item {
                        // inside ARRAY[[…]] the inner brackets have no word
                        Expr::Array(inner) if !inner.named => items.extend(&inner.elem),
                        item => {
                            let value = self.expr(item);
                            rooted |= value.rooted;
                            longest += value.longest;
                        }
                    }
                }
                let longest = self.made(longest, start_of(expr));
                Value::of(Ty::Known(ValueKind::Array))
                    .rooted(rooted)
                    .longest(longest)
            }
            Expr::Dictionary(fields) => {
                self.only(&[Duckdb], "a structure {…}", expr);
                let mut longest = 0.0;
                for field in fields {
                    longest += self.expr(&field.value).longest;
                }
                let longest = self.made(longest, start_of(expr));
                Value::of(Ty::Any).rooted(true).longest(longest)
            }
            Expr::Map(map) => {
                self.only(&[Duckdb], "MAP {…}", expr);
                let mut longest = 0.0;
                for entry in &map.entries {
                    longest += self.expr(&entry.key).longest;
                    longest += self.expr(&entry.value).longest;
                }
                let longest = self.made(longest, start_of(expr));
                Value::of(Ty::Any).rooted(true).longest(longest)
            }
            Expr::Lambda(lambda) => {
                self.only(&[Duckdb], "a lambda", expr);
                let parameters: Vec<&LambdaFunctionParameter> = match &lambda.params {
                    OneOrManyWithParens::One(one) => vec![one],
                    OneOrManyWithParens::Many(many) => many.iter().collect(),
                };
                let aliases = parameters
                    .iter()
                    .map(|parameter| Output {
                        key: self.column_key(&parameter.name),
                        name: parameter.name.value.clone(),
                        ty: Ty::Any,
                        origin: None,
                        rooted: true,
                        longest: super::length::COLUMN,
                        aggregate: false,
                        window: false,
                        named: true,
                    })
                    .collect();
                self.scopes.push(Scope {
                    aliases,
                    alias_use: AliasUse::First,
                    ..Scope::default()
                });
                let value = self.expr(&lambda.body);
                self.scopes.pop();
                Value::of(value.ty).rooted(true)
            }
            Expr::CompoundFieldAccess { root, access_chain } => {
                self.only(&[Postgres, Duckdb], "a subscript", root);
                let value = self.expr(root);
                let no_container = value.ty.kind().is_some_and(|kind| {
                    kind.is_number()
                        || kind.is_temporal()
                        || matches!(kind, ValueKind::Text | ValueKind::Boolean)
                });
                if d == Postgres && no_container {
                    self.refuse(
                        "type_mismatch",
                        format!("{} has no elements to take one of", value.ty.shown()),
                        start_of(root),
                    );
                }
                for access in access_chain {
                    match access {
                        AccessExpr::Subscript(Subscript::Index { index }) => {
                            self.expr(index);
                        }
                        AccessExpr::Subscript(Subscript::Slice {
                            lower_bound,
                            upper_bound,
                            stride,
                        }) => {
                            for bound in [lower_bound, upper_bound, stride].into_iter().flatten() {
                                self.expr(bound);
                            }
                        }
                        // DuckDB reads a field; in Postgres the dot can also call a function
                        AccessExpr::Dot(Expr::Identifier(_)) if d == Duckdb => {}
                        AccessExpr::Dot(_) => {
                            self.refuse(
                                "function_not_allowed",
                                "a field of an expression, written with a dot, is not allowed",
                                start_of(root),
                            );
                        }
                    }
                }
                Value::of(Ty::Any).rooted(true).longest(value.longest)
            }
            Expr::MatchAgainst {
                columns,
                match_value,
                opt_search_modifier: _,
            } => {
                self.only(&[Mysql], "MATCH … AGAINST", expr);
                for column in columns {
                    let parts: Vec<_> = column
                        .0
                        .iter()
                        .filter_map(|part| part.as_ident().cloned())
                        .collect();
                    match parts.as_slice() {
                        [one] => self.bare(one),
                        many => self.qualified(many),
                    };
                }
                self.literal(&match_value.value, match_value.span.start);
                Value::of(Ty::Known(ValueKind::Float)).rooted(true)
            }
            Expr::MemberOf(member) => {
                self.only(&[Mysql], "MEMBER OF", expr);
                let one = self.expr(&member.value);
                let two = self.expr(&member.array);
                self.check_containment(one, two, expr);
                Value::of(BOOLEAN).rooted(true)
            }
            Expr::Prefixed { prefix, value } => {
                // MySQL's character set before a string
                let known = [
                    "_utf8", "_utf8mb4", "_utf8mb3", "_latin1", "_binary", "_ascii",
                ]
                .contains(&prefix.value.to_ascii_lowercase().as_str());
                if d != Mysql || !known {
                    self.unsupported(&format!("the prefix {}", prefix.value), prefix.span.start);
                }
                self.expr(value)
            }
            Expr::Wildcard(_) | Expr::QualifiedWildcard(_, _) => {
                self.refuse("syntax_error", "`*` cannot stand here", start_of(expr));
                Value::of(Ty::Any)
            }
            Expr::JsonAccess { .. }
            | Expr::InUnnest { .. }
            | Expr::Struct { .. }
            | Expr::Named { .. }
            | Expr::OuterJoin(_)
            | Expr::Prior(_) => {
                self.unsupported("that form of expression", start_of(expr));
                Value::of(Ty::Any).rooted(true)
            }
        }
    }

    /// A query inside an expression: it sees the names around it.
    pub(super) fn subquery(&mut self, query: &Query) -> Vec<Output> {
        let outer = std::mem::replace(&mut self.reading, Reading::new(Clause::Select));
        let within = self.scopes.len().checked_sub(1);
        self.around
            .extend(within.map(|scope| (scope, outer.clause)));
        let outputs = self.query(query, &mut None);
        if within.is_some() {
            self.around.pop();
        }
        self.reading = outer;
        outputs
    }

    fn literal(&mut self, literal: &Literal, at: Location) -> Value {
        use Dialect::{Mysql, Postgres, Sqlite};
        let ty = match literal {
            Literal::Number(digits, long) => {
                if *long {
                    self.unsupported("a number ending in L", at);
                }
                if digits.contains(['e', 'E']) && !digits.starts_with("0x") {
                    if self.dialect == Postgres {
                        Ty::Known(ValueKind::Decimal)
                    } else {
                        Ty::Known(ValueKind::Float)
                    }
                } else if digits.contains('.') {
                    match self.dialect {
                        Sqlite => Ty::Known(ValueKind::Float),
                        _ => Ty::Known(ValueKind::Decimal),
                    }
                } else {
                    INTEGER
                }
            }
            Literal::SingleQuotedString(_)
            | Literal::DollarQuotedString(_)
            | Literal::EscapedStringLiteral(_)
            | Literal::NationalStringLiteral(_) => Ty::Literal,
            Literal::DoubleQuotedString(_) => {
                if self.dialect != Mysql {
                    self.unsupported("a string in double quotes", at);
                }
                Ty::Literal
            }
            Literal::HexStringLiteral(digits) => {
                let hex = digits.chars().all(|c| c.is_ascii_hexdigit());
                if !hex {
                    self.refuse(
                        "syntax_error",
                        "a hexadecimal string has other signs in it",
                        at,
                    );
                }
                Ty::Any
            }
            Literal::SingleQuotedByteStringLiteral(_) => Ty::Any,
            Literal::Boolean(_) => BOOLEAN,
            Literal::Null => Ty::Literal,
            Literal::Placeholder(name) => {
                let (code, message) = if name.starts_with('@') && self.dialect == Mysql {
                    (
                        "variable",
                        format!("`{name}` is a variable; a query may only use columns and values"),
                    )
                } else {
                    (
                        "unfilled_placeholder",
                        format!("`{name}` is a placeholder; write the value itself"),
                    )
                };
                self.refuse(code, message, at);
                Ty::Any
            }
            Literal::UnicodeStringLiteral(_)
            | Literal::TripleSingleQuotedString(_)
            | Literal::TripleDoubleQuotedString(_)
            | Literal::DoubleQuotedByteStringLiteral(_)
            | Literal::TripleSingleQuotedByteStringLiteral(_)
            | Literal::TripleDoubleQuotedByteStringLiteral(_)
            | Literal::SingleQuotedRawStringLiteral(_)
            | Literal::DoubleQuotedRawStringLiteral(_)
            | Literal::TripleSingleQuotedRawStringLiteral(_)
            | Literal::TripleDoubleQuotedRawStringLiteral(_)
            | Literal::QuoteDelimitedStringLiteral(_)
            | Literal::NationalQuoteDelimitedStringLiteral(_) => {
                self.unsupported("that form of string", at);
                Ty::Any
            }
        };
        Value::of(ty).longest(super::length::of_literal(literal))
    }

    pub(super) fn cast_to(&mut self, data_type: &DataType, at: Location) -> Ty {
        self.check_padding(data_type, at);
        match types::cast(data_type, self.catalog) {
            Some(ty) => ty,
            None => {
                let engine = engine_name(self.dialect);
                self.refuse(
                    "cast_not_allowed",
                    format!("a cast to `{data_type}` is not allowed in {engine}"),
                    at,
                );
                Ty::Any
            }
        }
    }

    /// Refuses `what` unless the engine is one of `engines`.
    pub(super) fn only(&mut self, engines: &[Dialect], what: &str, at: &Expr) {
        if !engines.contains(&self.dialect) {
            self.unsupported(what, start_of(at));
        }
    }
}

impl Value {
    /// A subquery used as a value: one column, except where a row is compared.
    fn scalar(self, resolver: &mut Resolver<'_>, query: &Query) -> Self {
        if self.width > 1 && resolver.reading.clause == Clause::Select {
            resolver.refuse(
                "scalar_subquery_arity",
                format!(
                    "the subquery gives {} columns where one is wanted",
                    self.width
                ),
                start_of_query(query),
            );
            return Self { width: 1, ..self };
        }
        self
    }
}
