//! Operators: which an engine has, what they give, and what PostgreSQL will not put together.

use super::place::{start_of, start_of_query};
use super::{Resolver, Value, engine_name, length};
use crate::query::Dialect;
use crate::query::types::Ty;
use crate::schema::ValueKind;
use sqlparser::ast::{BinaryOperator, Expr, Query, UnaryOperator};
use sqlparser::tokenizer::Location;

const BOOLEAN: Ty = Ty::Known(ValueKind::Boolean);
const INTEGER: Ty = Ty::Known(ValueKind::Integer);
const TEXT: Ty = Ty::Known(ValueKind::Text);

impl Resolver<'_> {
    pub(super) fn binary(
        &mut self,
        left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        whole: &Expr,
    ) -> Value {
        // chains are long on the left: walk down it in a loop
        self.operator(op, whole);
        match op {
            BinaryOperator::PGRegexMatch
            | BinaryOperator::PGRegexIMatch
            | BinaryOperator::PGRegexNotMatch
            | BinaryOperator::PGRegexNotIMatch => self.check_pattern(right),
            _ => {}
        }
        let one = self.expr(left);
        let two = self.expr(right);
        let rooted = one.rooted || two.rooted;
        let postgres = self.dialect == Dialect::Postgres;
        use BinaryOperator as B;
        let ty = match op {
            B::And | B::Or | B::Xor => {
                for (value, side) in [(one, left), (two, right)] {
                    if postgres
                        && let Ty::Known(kind) = value.ty
                        && kind != ValueKind::Boolean
                    {
                        self.refuse(
                            "type_mismatch",
                            format!("{op} needs true or false, not {}", value.ty.shown()),
                            start_of(side),
                        );
                    }
                }
                BOOLEAN
            }
            B::Eq | B::NotEq | B::Lt | B::LtEq | B::Gt | B::GtEq | B::Spaceship => {
                self.check_comparable(&op.to_string(), one, two, start_of(left));
                if one.width != two.width {
                    self.refuse(
                        "scalar_subquery_arity",
                        format!("{} values cannot be compared with {}", one.width, two.width),
                        start_of(left),
                    );
                }
                BOOLEAN
            }
            B::Plus | B::Minus | B::Multiply | B::Divide | B::Modulo => {
                if postgres {
                    for (value, side) in [(one, left), (two, right)] {
                        if let Ty::Row | Ty::Known(ValueKind::Text | ValueKind::Boolean) = value.ty
                        {
                            self.refuse(
                                "type_mismatch",
                                format!("{op} cannot compute with {}", value.ty.shown()),
                                start_of(side),
                            );
                        }
                    }
                }
                if postgres && !computes(op, one.ty, two.ty) {
                    let temporal = [one.ty, two.ty]
                        .iter()
                        .any(|ty| ty.kind().is_some_and(ValueKind::is_temporal));
                    self.refuse_with(
                        "type_mismatch",
                        format!(
                            "`{op}` cannot take {} and {}",
                            one.ty.shown(),
                            two.ty.shown()
                        ),
                        start_of(left),
                        temporal.then(|| "interval '30 days'".to_owned()),
                    );
                }
                arithmetic(op, one.ty, two.ty, self.dialect)
            }
            B::DuckIntegerDivide | B::MyIntegerDivide => INTEGER,
            B::StringConcat => {
                if self.dialect == Dialect::Mysql {
                    // || is OR there, unless configured otherwise
                    Ty::Any
                } else if one.ty.kind() == Some(ValueKind::Array)
                    || two.ty.kind() == Some(ValueKind::Array)
                {
                    Ty::Known(ValueKind::Array)
                } else if one.ty.kind() == Some(ValueKind::Json) {
                    Ty::Known(ValueKind::Json)
                } else {
                    TEXT
                }
            }
            // DuckDB's power
            B::BitwiseXor if self.dialect == Dialect::Duckdb => Ty::Known(ValueKind::Float),
            B::BitwiseAnd | B::BitwiseOr | B::BitwiseXor => INTEGER,
            B::PGBitwiseXor | B::PGBitwiseShiftLeft | B::PGBitwiseShiftRight => INTEGER,
            B::PGExp => Ty::Known(ValueKind::Float),
            B::LongArrow | B::HashLongArrow => TEXT,
            B::Arrow | B::HashArrow | B::HashMinus => Ty::Any,
            B::PGRegexMatch
            | B::PGRegexIMatch
            | B::PGRegexNotMatch
            | B::PGRegexNotIMatch
            | B::PGLikeMatch
            | B::PGILikeMatch
            | B::PGNotLikeMatch
            | B::PGNotILikeMatch
            | B::PGStartsWith
            | B::PGOverlap
            | B::AtAt
            | B::AtArrow
            | B::ArrowAt
            | B::AtQuestion
            | B::Question
            | B::QuestionAnd
            | B::QuestionPipe
            | B::Overlaps
            | B::Regexp
            | B::Glob
            | B::Match => BOOLEAN,
            _ => Ty::Any,
        };
        if postgres {
            self.check_container(op, one, left);
            if matches!(op, B::ArrowAt)
                && two.ty.kind() == Some(ValueKind::Array)
                && one
                    .ty
                    .kind()
                    .is_some_and(|kind| kind.is_number() || kind.is_temporal())
            {
                self.refuse_with(
                    "type_mismatch",
                    format!("`{op}` compares arrays, not {} with one", one.ty.shown()),
                    start_of(left),
                    Some(format!("{left} = any ({right})")),
                );
            }
        }
        let longest = match op {
            B::StringConcat => self.made(one.longest + two.longest, start_of(left)),
            B::PGExp if postgres => length::GATHERED,
            B::Plus | B::Minus | B::Multiply | B::Divide | B::Modulo if postgres => {
                one.longest.max(two.longest)
            }
            B::Arrow | B::LongArrow | B::HashArrow | B::HashLongArrow | B::HashMinus => one.longest,
            B::AtArrow | B::ArrowAt | B::PGOverlap | B::QuestionAnd | B::QuestionPipe => {
                self.check_containment(one, two, left);
                length::SHORT
            }
            B::PGLikeMatch
            | B::PGILikeMatch
            | B::PGNotLikeMatch
            | B::PGNotILikeMatch
            | B::PGRegexMatch
            | B::PGRegexIMatch
            | B::PGRegexNotMatch
            | B::PGRegexNotIMatch
            | B::Glob => {
                self.check_containment(one, two, left);
                length::SHORT
            }
            _ => ty.usual_length(),
        };
        Value::of(ty).rooted(rooted).longest(longest)
    }

    /// Whether the engine has the operator, and it only computes.
    pub(super) fn operator(&mut self, op: &BinaryOperator, whole: &Expr) {
        use BinaryOperator as B;
        use Dialect::{Duckdb, Mysql, Postgres, Sqlite};
        let engines: &[Dialect] = match op {
            B::Plus
            | B::Minus
            | B::Multiply
            | B::Divide
            | B::Modulo
            | B::StringConcat
            | B::Gt
            | B::Lt
            | B::GtEq
            | B::LtEq
            | B::Eq
            | B::NotEq
            | B::And
            | B::Or
            | B::BitwiseOr
            | B::BitwiseAnd => &[Postgres, Sqlite, Mysql, Duckdb],
            B::PGBitwiseShiftLeft | B::PGBitwiseShiftRight => &[Postgres, Sqlite, Mysql, Duckdb],
            B::Arrow | B::LongArrow => &[Postgres, Sqlite, Mysql, Duckdb],
            B::Spaceship | B::Xor | B::MyIntegerDivide => &[Mysql],
            B::BitwiseXor => &[Mysql, Duckdb],
            B::DuckIntegerDivide => &[Duckdb],
            B::Glob => &[Sqlite, Duckdb],
            B::PGExp | B::PGStartsWith => &[Postgres, Duckdb],
            B::PGBitwiseXor => &[Postgres],
            B::PGRegexMatch | B::PGRegexNotMatch => &[Postgres, Duckdb],
            B::PGRegexIMatch | B::PGRegexNotIMatch => &[Postgres],
            B::PGLikeMatch | B::PGILikeMatch | B::PGNotLikeMatch | B::PGNotILikeMatch => {
                &[Postgres, Duckdb]
            }
            B::PGOverlap | B::AtArrow | B::ArrowAt => &[Postgres, Duckdb],
            B::HashArrow
            | B::HashLongArrow
            | B::HashMinus
            | B::AtAt
            | B::AtQuestion
            | B::Question
            | B::QuestionAnd
            | B::QuestionPipe
            | B::Overlaps
            | B::LtDashGt => &[Postgres],
            B::Assignment => {
                self.refuse(
                    "variable",
                    "`:=` sets a variable; a query may only read",
                    start_of(whole),
                );
                return;
            }
            B::Regexp
            | B::Match
            | B::Custom(_)
            | B::PGCustomBinaryOperator(_)
            | B::DoubleHash
            | B::AndLt
            | B::AndGt
            | B::LtLtPipe
            | B::PipeGtGt
            | B::AndLtPipe
            | B::PipeAndGt
            | B::LtCaret
            | B::GtCaret
            | B::QuestionHash
            | B::QuestionDash
            | B::QuestionDashPipe
            | B::QuestionDoublePipe
            | B::At
            | B::TildeEq => &[],
        };
        if !engines.contains(&self.dialect) {
            let engine = engine_name(self.dialect);
            self.refuse(
                "operator_not_allowed",
                format!("the operator `{op}` is not allowed in {engine}"),
                start_of(whole),
            );
        }
    }

    pub(super) fn unary(&mut self, op: &UnaryOperator, inner: &Expr) -> Value {
        use Dialect::{Duckdb, Mysql, Postgres, Sqlite};
        let value = self.expr(inner);
        let (engines, ty): (&[Dialect], Ty) = match op {
            UnaryOperator::Plus | UnaryOperator::Minus => {
                if self.dialect == Postgres && value.ty == TEXT {
                    self.refuse(
                        "type_mismatch",
                        format!("{op} cannot compute with text"),
                        start_of(inner),
                    );
                }
                (&[Postgres, Sqlite, Mysql, Duckdb], value.ty)
            }
            UnaryOperator::Not => (&[Postgres, Sqlite, Mysql, Duckdb], BOOLEAN),
            UnaryOperator::BangNot => (&[Mysql], BOOLEAN),
            UnaryOperator::BitwiseNot => (&[Postgres, Sqlite, Mysql, Duckdb], INTEGER),
            UnaryOperator::PGAbs => (&[Postgres, Duckdb], value.ty),
            UnaryOperator::PGSquareRoot | UnaryOperator::PGCubeRoot => {
                (&[Postgres], Ty::Known(ValueKind::Float))
            }
            UnaryOperator::PGPostfixFactorial
            | UnaryOperator::PGPrefixFactorial
            | UnaryOperator::AtDashAt
            | UnaryOperator::DoubleAt
            | UnaryOperator::Hash
            | UnaryOperator::QuestionDash
            | UnaryOperator::QuestionPipe => (&[], Ty::Any),
        };
        if !engines.contains(&self.dialect) {
            let engine = engine_name(self.dialect);
            self.refuse(
                "operator_not_allowed",
                format!("the operator `{op}` is not allowed in {engine}"),
                start_of(inner),
            );
        }
        Value::of(ty)
            .rooted(value.rooted)
            .longest(value.longest.max(length::SHORT))
    }

    pub(super) fn compared(&mut self, left: &Expr, right: &Expr, whole: &Expr) -> Value {
        let one = self.expr(left);
        let two = self.expr(right);
        self.check_comparable("IS DISTINCT FROM", one, two, start_of(whole));
        Value::of(BOOLEAN).rooted(one.rooted || two.rooted)
    }

    pub(super) fn like(&mut self, inner: &Expr, pattern: &Expr, escape: Option<&Expr>) -> Value {
        let value = self.expr(inner);
        let other = self.expr(pattern);
        if let Some(escape) = escape {
            self.expr(escape);
        }
        for (value, side) in [(value, inner), (other, pattern)] {
            self.check_text("LIKE", value, side);
        }
        self.check_containment(value, other, inner);
        Value::of(BOOLEAN).rooted(value.rooted || other.rooted)
    }

    pub(super) fn joined(
        &mut self,
        what: &str,
        so_far: Option<Value>,
        value: Value,
        at: &Expr,
    ) -> Value {
        let Some(so_far) = so_far else { return value };
        if self.dialect == Dialect::Postgres && so_far.ty.clashes(value.ty) {
            self.refuse(
                "type_mismatch",
                format!(
                    "{what} cannot give {} and {} in one column",
                    so_far.ty.shown(),
                    value.ty.shown()
                ),
                start_of(at),
            );
        }
        Value::of(so_far.ty.or(value.ty)).longest(so_far.longest.max(value.longest))
    }

    pub(super) fn check_comparable(&mut self, op: &str, one: Value, two: Value, at: Location) {
        if self.dialect == Dialect::Postgres && one.ty.clashes(two.ty) {
            self.refuse(
                "type_mismatch",
                format!(
                    "`{op}` cannot compare {} with {}; cast one of them",
                    one.ty.shown(),
                    two.ty.shown()
                ),
                at,
            );
        }
    }

    pub(super) fn check_text(&mut self, what: &str, value: Value, side: &Expr) {
        let clear = match value.ty {
            Ty::Known(kind) => {
                kind.is_number()
                    || kind.is_temporal()
                    || matches!(kind, ValueKind::Boolean | ValueKind::Interval)
            }
            _ => false,
        };
        if self.dialect == Dialect::Postgres && clear {
            self.refuse(
                "type_mismatch",
                format!("{what} needs text, not {}; cast it", value.ty.shown()),
                start_of(side),
            );
        }
    }

    /// What stands before an operator that looks into arrays, ranges or JSON.
    fn check_container(&mut self, op: &BinaryOperator, value: Value, side: &Expr) {
        use BinaryOperator as B;
        let Ty::Known(kind) = value.ty else { return };
        let fits = match op {
            B::Question | B::QuestionAnd | B::QuestionPipe | B::AtQuestion => {
                kind == ValueKind::Json
            }
            B::Arrow | B::LongArrow | B::HashArrow | B::HashLongArrow => {
                !kind.is_number() && !kind.is_temporal() && kind != ValueKind::Boolean
            }
            // a day within a range of days
            B::ArrowAt => !matches!(kind, ValueKind::Text | ValueKind::Boolean),
            B::AtArrow | B::PGOverlap => {
                !kind.is_number()
                    && !kind.is_temporal()
                    && !matches!(kind, ValueKind::Text | ValueKind::Boolean)
            }
            _ => true,
        };
        if !fits {
            self.refuse(
                "type_mismatch",
                format!("`{op}` does not look into {}", value.ty.shown()),
                start_of(side),
            );
        }
    }

    pub(super) fn check_number(&mut self, what: &str, value: Value, side: &Expr) {
        let clear = match value.ty {
            Ty::Known(kind) => {
                kind.is_temporal() || matches!(kind, ValueKind::Boolean | ValueKind::Text)
            }
            _ => false,
        };
        if self.dialect == Dialect::Postgres && clear {
            self.refuse(
                "type_mismatch",
                format!("{what} needs a number, not {}", value.ty.shown()),
                start_of(side),
            );
        }
    }

    pub(super) fn check_width(&mut self, outputs: usize, wanted: usize, query: &Query) {
        if outputs != wanted && self.findings.is_empty() {
            self.refuse(
                "scalar_subquery_arity",
                format!("the subquery gives {outputs} columns where {wanted} can be compared"),
                start_of_query(query),
            );
        }
    }
}

/// Whether PostgreSQL has the arithmetic on two known types of which one is a date or a time.
fn computes(op: &BinaryOperator, one: Ty, two: Ty) -> bool {
    use ValueKind::{Date, Decimal, Float, Integer, Interval, Time, Timestamp};
    let (Ty::Known(a), Ty::Known(b)) = (one, two) else {
        return true;
    };
    if !a.is_temporal() && !b.is_temporal() {
        // a number of days is not a length of time
        let mixed = (a == Interval) != (b == Interval) && (a.is_number() || b.is_number());
        let divided = *op == BinaryOperator::Divide && b == Interval;
        return !mixed
            || *op == BinaryOperator::Multiply
            || (*op == BinaryOperator::Divide && !divided);
    }
    match op {
        BinaryOperator::Plus => !matches!(
            (a, b),
            (Timestamp | Time, Integer | Decimal | Float)
                | (Integer | Decimal | Float, Timestamp | Time)
                | (Date, Decimal | Float)
                | (Decimal | Float, Date)
                | (Date | Timestamp, Date | Timestamp)
        ),
        BinaryOperator::Minus => {
            !matches!(
                (a, b),
                (Timestamp | Time, Integer | Decimal | Float) | (Date, Decimal | Float)
            ) && !(matches!(a, Integer | Decimal | Float | Interval) && b.is_temporal())
        }
        _ => false,
    }
}

fn arithmetic(op: &BinaryOperator, one: Ty, two: Ty, dialect: Dialect) -> Ty {
    use ValueKind::{Date, Decimal, Float, Integer, Interval, Timestamp};
    let (Some(a), Some(b)) = (one.kind(), two.kind()) else {
        return Ty::Any;
    };
    let kind = match (a, b) {
        (Integer, Integer) => match (op, dialect) {
            (BinaryOperator::Divide, Dialect::Mysql) => Decimal,
            (BinaryOperator::Divide, Dialect::Duckdb) => Float,
            _ => Integer,
        },
        (Float, b) if b.is_number() => Float,
        (a, Float) if a.is_number() => Float,
        (a, b) if a.is_number() && b.is_number() => Decimal,
        (Date, Integer) | (Integer, Date) => Date,
        (Date, Date) if dialect == Dialect::Postgres => Integer,
        (Date | Timestamp, Interval) | (Interval, Date | Timestamp) => Timestamp,
        (Timestamp, Timestamp) => Interval,
        (Interval, Interval) => Interval,
        _ => return Ty::Any,
    };
    Ty::Known(kind)
}
