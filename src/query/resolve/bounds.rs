//! Calls that are harmless by name and not by size: their size must be plain to see.

use super::call::Argument;
use super::place::start_of;
use super::{Resolver, Value};
use crate::query::Dialect;
use crate::query::functions::{self, Class};
use sqlparser::ast::{
    BinaryOperator, CharacterLength, DataType, Expr, FunctionArg, FunctionArgExpr,
    FunctionArguments, UnaryOperator, Value as Literal,
};
use sqlparser::tokenizer::Location;

/// Rows that one query may make out of nothing.
const MAX_GENERATED: f64 = 1_000_000.0;
/// Characters that one call may make out of nothing.
const MAX_TEXT: f64 = 10_000.0;
/// A pattern longer than this is no question of an analyst.
const MAX_PATTERN: usize = 500;
/// The repetitions of a pattern, multiplied.
const MAX_REPEATS: f64 = 2_000.0;

impl Resolver<'_> {
    pub(super) fn check_bounds(
        &mut self,
        name: &str,
        arguments: &[Argument<'_>],
        values: &[Value],
        at: Location,
    ) {
        let expr = |index: usize| match arguments.get(index) {
            Some(Argument::Expr(expr)) => Some(*expr),
            _ => None,
        };
        match name {
            "generate_series" | "range" => self.check_series(name, arguments, values, at),
            "repeat" => {
                let unit = expr(0).map_or(1.0, text_length);
                self.check_size(expr(1), values.get(1), unit, at);
            }
            "lpad" | "rpad" => self.check_size(expr(1), values.get(1), 1.0, at),
            "bar" => self.check_size(expr(3), values.get(3), 1.0, at),
            "list_aggregate" | "list_aggr" => self.check_aggregate_name(expr(1), at),
            "space" => self.check_size(expr(0), values.first(), 1.0, at),
            "format" | "printf" => {
                // MySQL's format() writes numbers and has no template
                if self.dialect != Dialect::Mysql {
                    self.check_template(expr(0), at);
                }
            }
            "strftime" | "to_char" | "date_format" => {}
            _ if name.starts_with("regexp_") || name == "string_split_regex" => {
                if let Some(pattern) = expr(1) {
                    self.check_pattern(pattern);
                }
            }
            _ => {}
        }
    }

    /// A type that fills a short value up to its length.
    pub(super) fn check_padding(&mut self, data_type: &DataType, at: Location) {
        let length = match (self.dialect, data_type) {
            (Dialect::Mysql, DataType::Binary(Some(length))) => *length,
            (
                Dialect::Postgres,
                DataType::Char(Some(CharacterLength::IntegerLength { length, .. }))
                | DataType::Character(Some(CharacterLength::IntegerLength { length, .. })),
            ) => *length,
            _ => return,
        };
        if length as f64 > MAX_TEXT {
            self.refuse(
                "too_large",
                format!("`{data_type}` fills every value up to its length, which may be at most {MAX_TEXT}"),
                at,
            );
        }
    }

    /// The length a call makes: a plain number, or one that the data gives.
    fn check_size(&mut self, size: Option<&Expr>, value: Option<&Value>, unit: f64, at: Location) {
        let Some(size) = size else { return };
        let fine = match number(size) {
            Some(count) => count * unit <= MAX_TEXT,
            None => unit <= 16.0 && value.is_some_and(|value| value.rooted) && !multiplies(size),
        };
        if !fine {
            self.refuse(
                "too_large",
                format!("the length must be plain to see and at most {MAX_TEXT}"),
                at,
            );
        }
    }

    fn check_series(
        &mut self,
        name: &str,
        arguments: &[Argument<'_>],
        values: &[Value],
        at: Location,
    ) {
        let exprs: Vec<&Expr> = arguments
            .iter()
            .filter_map(|argument| match argument {
                Argument::Expr(expr) => Some(*expr),
                Argument::Star => None,
            })
            .collect();
        let (start, stop) = match exprs.as_slice() {
            [stop] => (None, *stop),
            [start, stop, ..] => (Some(*start), *stop),
            [] => return,
        };
        let step = exprs.get(2).copied();
        let rows = match (start.map_or(Some(0.0), instant), instant(stop)) {
            (Some(from), Some(to)) => match step.map_or(Some(1.0), length) {
                Some(step) if step != 0.0 => Some(((to - from) / step).abs() + 1.0),
                _ => None,
            },
            _ => {
                // ends that the data gives, in steps that cannot be tiny
                let rooted = values.iter().take(2).any(|value| value.rooted)
                    && exprs.iter().take(2).zip(values).all(|(expr, value)| {
                        (value.rooted && !multiplies(expr))
                            || instant(expr).is_some()
                            || is_now(expr)
                    });
                let both_now = exprs.iter().take(2).all(|expr| nearby(expr));
                let coarse = step.is_none_or(|step| length(step).is_some_and(|s| s.abs() >= 1.0));
                ((rooted || both_now) && coarse).then_some(1_000.0)
            }
        };
        match rows {
            Some(rows) if rows <= MAX_GENERATED => {
                self.generated *= rows.max(1.0);
                if self.generated > MAX_GENERATED * 10.0 {
                    self.refuse("too_large", "the query makes too many rows", at);
                }
            }
            Some(_) => self.refuse(
                "too_large",
                format!("`{name}` would make more than {MAX_GENERATED} rows"),
                at,
            ),
            None => self.refuse(
                "too_large",
                format!(
                    "the ends and the step of `{name}` must be plain numbers, dates or columns"
                ),
                at,
            ),
        }
    }

    /// DuckDB finds the aggregate by its name when the query runs.
    fn check_aggregate_name(&mut self, name: Option<&Expr>, at: Location) {
        let listed = name
            .and_then(text)
            .and_then(|name| functions::function(&name.to_ascii_lowercase(), self.dialect))
            .is_some_and(|function| function.class == Class::Aggregate);
        if !listed {
            self.refuse(
                "function_not_allowed",
                "the aggregate's name must be a plain string, and one that is allowed",
                at,
            );
        }
    }

    /// `format('%1000000000s')` allocates as much.
    fn check_template(&mut self, template: Option<&Expr>, at: Location) {
        let Some(text) = template.and_then(text) else {
            self.refuse("too_large", "the template must be a plain string", at);
            return;
        };
        let wide = text
            .split('%')
            .skip(1)
            .chain(text.split('{').skip(1))
            .any(|part| {
                let spec: String = part
                    .chars()
                    .take_while(|c| !c.is_alphabetic() && *c != '}')
                    .collect();
                spec.contains('*')
                    || spec
                        .split(|c: char| !c.is_ascii_digit())
                        .any(|digits| digits.len() > 3)
            });
        // a width that an argument gives: `{:{}}`
        let given = self.dialect == Dialect::Duckdb
            && text
                .split('{')
                .skip(1)
                .any(|part| !part.is_empty() && !part.contains('}'));
        if wide || given {
            self.refuse("too_large", "a width in the template is too large", at);
        }
    }

    /// Regular expressions run on every row: their cost has to be seen.
    pub(super) fn check_pattern(&mut self, pattern: &Expr) {
        let Some(text) = text(pattern) else {
            // a pattern from the data is the data owner's
            return;
        };
        let mut repeats = 1.0;
        for part in text.split('{').skip(1) {
            if let Some((inside, _)) = part.split_once('}')
                && let Some(most) = inside
                    .split(',')
                    .filter_map(|n| n.trim().parse::<f64>().ok())
                    .reduce(f64::max)
            {
                repeats *= most.max(1.0);
            }
        }
        let refers_back = text
            .split('\\')
            .skip(1)
            .any(|part| part.starts_with(|c: char| ('1'..='9').contains(&c)));
        if text.len() > MAX_PATTERN || repeats > MAX_REPEATS || refers_back {
            self.refuse(
                "too_large",
                "the regular expression could take very long",
                start_of(pattern),
            );
        }
    }
}

/// A number that the text alone gives.
pub(super) fn number(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Value(value) => match &value.value {
            Literal::Number(digits, _) => digits.replace('_', "").parse().ok(),
            Literal::SingleQuotedString(text) => text.trim().parse().ok(),
            _ => None,
        },
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => number(inner),
        Expr::UnaryOp { op, expr } => match op {
            UnaryOperator::Minus => number(expr).map(|n| -n),
            UnaryOperator::Plus => number(expr),
            _ => None,
        },
        Expr::BinaryOp { left, op, right } => {
            let (a, b) = (number(left)?, number(right)?);
            Some(match op {
                BinaryOperator::Plus => a + b,
                BinaryOperator::Minus => a - b,
                BinaryOperator::Multiply => a * b,
                BinaryOperator::Divide => a / b,
                BinaryOperator::PGExp => a.powf(b),
                _ => return None,
            })
        }
        _ => None,
    }
}

/// A number, or a date as seconds, that the text alone gives.
fn instant(expr: &Expr) -> Option<f64> {
    if let Some(number) = number(expr) {
        return Some(number);
    }
    match expr {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => instant(inner),
        Expr::TypedString(typed) => match &typed.value.value {
            Literal::SingleQuotedString(text) => seconds_of(text),
            _ => None,
        },
        Expr::Value(value) => match &value.value {
            Literal::SingleQuotedString(text) => seconds_of(text),
            _ => None,
        },
        Expr::BinaryOp { left, op, right } => {
            let (a, b) = (instant(left)?, length(right)?);
            match op {
                BinaryOperator::Plus => Some(a + b),
                BinaryOperator::Minus => Some(a - b),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A step: a number, or an interval as seconds.
pub(super) fn length(expr: &Expr) -> Option<f64> {
    if let Some(number) = number(expr) {
        return Some(number);
    }
    match expr {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => length(inner),
        Expr::Value(value) => match &value.value {
            Literal::SingleQuotedString(text) => interval_seconds(text),
            _ => None,
        },
        Expr::TypedString(typed) => match &typed.value.value {
            Literal::SingleQuotedString(text) => interval_seconds(text),
            _ => None,
        },
        Expr::Interval(interval) => match &interval.leading_field {
            None => text(&interval.value).and_then(interval_seconds),
            Some(field) => {
                let unit = interval_seconds(&format!("1 {field}"))?;
                let count = number(&interval.value)?;
                Some(unit * count)
            }
        },
        _ => None,
    }
}

fn seconds_of(text: &str) -> Option<f64> {
    let date = text.trim().get(..10)?;
    let date: chrono::NaiveDate = date.parse().ok()?;
    Some(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp() as f64)
}

fn interval_seconds(text: &str) -> Option<f64> {
    let mut words = text.split_whitespace();
    let mut total = 0.0;
    while let Some(word) = words.next() {
        let split = word
            .find(|c: char| c.is_ascii_alphabetic())
            .unwrap_or(word.len());
        let count: f64 = word[..split].parse().ok()?;
        let unit = match &word[split..] {
            "" => words.next()?,
            unit => unit,
        };
        let unit = unit.to_ascii_lowercase();
        let seconds = match unit.trim_end_matches('s') {
            "microsecond" | "u" => 1e-6,
            "millisecond" | "m" => 1e-3,
            "" | "second" | "sec" => 1.0,
            "minute" | "min" => 60.0,
            "hour" | "h" | "hr" => 3_600.0,
            "day" | "d" => 86_400.0,
            "week" | "w" => 604_800.0,
            "month" | "mon" => 2_592_000.0,
            "quarter" => 7_776_000.0,
            "year" | "y" | "yr" => 31_536_000.0,
            "decade" => 315_360_000.0,
            _ => return None,
        };
        total += count * seconds;
    }
    (total != 0.0).then_some(total)
}

fn is_now(expr: &Expr) -> bool {
    match expr {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => is_now(inner),
        Expr::Function(function) => {
            let name = function.name.to_string().to_ascii_lowercase();
            if matches!(
                name.as_str(),
                "now" | "current_date" | "current_timestamp" | "localtimestamp" | "today"
            ) {
                return true;
            }
            if name != "date_trunc" {
                return false;
            }
            match &function.args {
                FunctionArguments::List(list) => match list.args.get(1) {
                    Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(inner))) => nearby(inner),
                    _ => false,
                },
                _ => false,
            }
        }
        _ => false,
    }
}

/// Now, or a few years from it.
fn nearby(expr: &Expr) -> bool {
    match expr {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => nearby(inner),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Plus | BinaryOperator::Minus,
            right,
        } => nearby(left) && length(right).is_some_and(|s| s.abs() < 3.2e9),
        other => is_now(other),
    }
}

/// Whether an expression makes a number larger by itself.
fn multiplies(expr: &Expr) -> bool {
    match expr {
        Expr::BinaryOp { left, op, right } => {
            matches!(
                op,
                BinaryOperator::Multiply
                    | BinaryOperator::PGExp
                    | BinaryOperator::PGBitwiseShiftLeft
            ) && !(number(left).is_some_and(|n| n.abs() <= 100.0)
                || number(right).is_some_and(|n| n.abs() <= 100.0))
                || multiplies(left)
                || multiplies(right)
                || number(left).is_some_and(|n| n.abs() > MAX_GENERATED)
                || number(right).is_some_and(|n| n.abs() > MAX_GENERATED)
        }
        Expr::Nested(inner)
        | Expr::Cast { expr: inner, .. }
        | Expr::UnaryOp { expr: inner, .. } => multiplies(inner),
        Expr::Function(function) => match &function.args {
            FunctionArguments::List(list) => {
                let name = function.name.to_string().to_ascii_lowercase();
                name.starts_with("pow")
                    || name.starts_with("exp")
                    || list.args.iter().any(|arg| match arg {
                        FunctionArg::Unnamed(FunctionArgExpr::Expr(inner)) => {
                            multiplies(inner) || number(inner).is_some_and(|n| n > MAX_GENERATED)
                        }
                        _ => false,
                    })
            }
            _ => false,
        },
        Expr::Case {
            conditions,
            else_result,
            ..
        } => conditions
            .iter()
            .map(|when| &when.result)
            .chain(else_result.as_deref())
            .any(|result| multiplies(result) || number(result).is_some_and(|n| n > MAX_GENERATED)),
        _ => false,
    }
}

fn text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Value(value) => match &value.value {
            Literal::SingleQuotedString(text)
            | Literal::EscapedStringLiteral(text)
            | Literal::DoubleQuotedString(text)
            | Literal::NationalStringLiteral(text) => Some(text),
            Literal::DollarQuotedString(quoted) => Some(&quoted.value),
            _ => None,
        },
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => text(inner),
        _ => None,
    }
}

/// How long a text may be; unknown ones count as long.
fn text_length(expr: &Expr) -> f64 {
    match text(expr) {
        Some(text) => text.len().max(1) as f64,
        None => match expr {
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => 16.0,
            _ => MAX_TEXT,
        },
    }
}
