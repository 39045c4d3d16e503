//! How long a text can become, and what one call may cost.
//!
//! Engines look between rows whether they should stop, not inside a call: PostgreSQL's `strpos` or SQLite's
//! `instr` over two texts of megabytes runs for minutes past every timeout. So every value carries the length its
//! text can have, as far as the query tells, and a call that would compare too many characters is refused.
//! What the data holds is the data owner's: a column counts as [`COLUMN`] characters.

use super::call::Argument;
use super::place::start_of;
use super::{Resolver, Value};
use crate::query::Dialect;
use crate::query::types::Ty;
use crate::schema::ValueKind;
use sqlparser::ast::{Expr, Value as Literal};
use sqlparser::tokenizer::Location;

/// A value of a column.
pub(super) const COLUMN: f64 = 1_000.0;
/// A number, a date, a truth value.
pub(super) const SHORT: f64 = 64.0;
/// What an aggregate over the data, or a length from the data, makes.
pub(super) const GATHERED: f64 = 100_000.0;
/// What an aggregate makes of texts that the query itself brings.
const PADDED: f64 = 10_000_000.0;
/// Digits of PostgreSQL's longest number.
const DIGITS: f64 = 131_072.0;
/// A recursive CTE's column within the branch that repeats: enough to see whether it doubles.
pub(super) const REPEATED: f64 = 10_000.0;
/// The longest text a call may put together.
const MAX_MADE: f64 = 4_000_000.0;
/// Characters that an aggregate of PostgreSQL's may gather of what the query brings.
const MAX_GATHERED: f64 = 200_000_000.0;
/// Characters compared in one call: a tenth of a second.
const MAX_COMPARED: f64 = 100_000_000.0;

impl Ty {
    /// How long its text usually is.
    pub(super) fn usual_length(self) -> f64 {
        match self {
            Self::Known(
                ValueKind::Text
                | ValueKind::Json
                | ValueKind::Array
                | ValueKind::Binary
                | ValueKind::Other,
            )
            | Self::Any
            | Self::Row
            | Self::Literal => COLUMN,
            Self::Known(_) => SHORT,
        }
    }
}

/// Of a literal.
pub(super) fn of_literal(literal: &Literal) -> f64 {
    let length = match literal {
        Literal::Number(digits, _) => {
            let exponent = digits
                .split_once(['e', 'E'])
                .and_then(|(_, exponent)| exponent.parse::<f64>().ok());
            digits.len() as f64 + exponent.map_or(0.0, |exponent| exponent.abs().min(DIGITS))
        }
        Literal::SingleQuotedString(text)
        | Literal::DoubleQuotedString(text)
        | Literal::EscapedStringLiteral(text)
        | Literal::NationalStringLiteral(text)
        | Literal::HexStringLiteral(text)
        | Literal::SingleQuotedByteStringLiteral(text) => text.len() as f64,
        Literal::DollarQuotedString(quoted) => quoted.value.len() as f64,
        _ => SHORT,
    };
    length.max(1.0)
}

/// The plain whole number that `expr` is.
fn plain(expr: Option<&Expr>) -> Option<f64> {
    match expr? {
        Expr::Value(value) => match &value.value {
            Literal::Number(digits, _) => digits.parse().ok(),
            _ => None,
        },
        Expr::Nested(inner) => plain(Some(inner)),
        _ => None,
    }
}

impl Resolver<'_> {
    /// The length of `length` characters put together, after refusing what is too long.
    pub(super) fn made(&mut self, length: f64, at: Location) -> f64 {
        if length > MAX_MADE {
            self.refuse(
                "too_large",
                format!(
                    "the text could become {length:.0} characters long; at most {MAX_MADE:.0} may \
                     be put together"
                ),
                at,
            );
        }
        length.min(MAX_MADE)
    }

    /// Every place of `hay` may be compared with all of `needle`.
    pub(super) fn check_search(&mut self, hay: f64, needle: f64, at: Location) {
        if hay * needle > MAX_COMPARED {
            self.refuse(
                "too_large",
                format!(
                    "looking for up to {needle:.0} characters in up to {hay:.0} cannot be \
                     interrupted and could take very long"
                ),
                at,
            );
        }
    }

    /// How long a cast's result can be.
    pub(super) fn cast_length(&self, value: Value, ty: Ty) -> f64 {
        match ty {
            // '1e131071'::numeric has as many digits
            Ty::Known(ValueKind::Decimal)
                if self.dialect == Dialect::Postgres && !is_number(value.ty) =>
            {
                value.longest.max(DIGITS)
            }
            Ty::Known(kind) if kind.is_number() => value.longest.min(DIGITS),
            ty => value.longest.max(SHORT.min(ty.usual_length())),
        }
    }

    /// How long the result of a call can be, after refusing one that compares or makes too much.
    pub(super) fn call_length(
        &mut self,
        name: &str,
        arguments: &[Argument<'_>],
        values: &[Value],
        given: Ty,
        at: Location,
    ) -> f64 {
        let length = |index: usize| values.get(index).map_or(0.0, |value| value.longest);
        let expr = |index: usize| match arguments.get(index) {
            Some(Argument::Expr(expr)) => Some(*expr),
            _ => None,
        };
        let all: f64 = values.iter().map(|value| value.longest).sum();
        let longest = values.iter().map(|v| v.longest).fold(SHORT, f64::max);
        // what is searched, and for what
        let search = match name {
            "strpos"
            | "instr"
            | "replace"
            | "split_part"
            | "string_to_array"
            | "string_to_table"
            | "string_split"
            | "str_split"
            | "split"
            | "contains"
            | "substring_index"
            | "translate"
            | "trim"
            | "btrim"
            | "ltrim"
            | "rtrim"
            | "similarity"
            | "levenshtein"
            | "damerau_levenshtein"
            | "list_has_any"
            | "list_has_all"
            | "list_intersect"
            | "editdist3"
            | "jaccard"
            | "jaro_similarity"
            | "jaro_winkler_similarity"
            | "json_contains"
            | "json_overlaps"
            | "json_search"
            | "json_patch"
            | "like"
            | "glob"
            | "array_contains" => Some((0, 1)),
            // of every piece that matches, nothing more: the needle is a pattern
            _ if name.starts_with("regexp_") || name == "string_split_regex" => Some((0, 1)),
            "locate" | "position" | "find_in_set" => Some((1, 0)),
            _ => None,
        };
        if let Some((hay, needle)) = search
            && values.len() > 1
        {
            self.check_search(length(hay), length(needle), at);
        }
        if name == "json_search" {
            self.check_search(length(0), length(2), at);
        }
        let sized = |index: usize| match plain(expr(index)) {
            Some(size) => size,
            None => GATHERED,
        };
        let made = match name {
            "repeat" => length(0) * sized(1),
            "lpad" | "rpad" => sized(1).max(1.0),
            "space" => sized(0),
            "replace" => {
                let shortest = match expr(1) {
                    Some(Expr::Value(_)) => length(1).max(1.0),
                    _ => 1.0,
                };
                length(0) * (length(2) / shortest).max(1.0)
            }
            "regexp_replace" => length(0) * (1.0 + length(2)),
            "substr" | "substring" | "mid" if values.len() > 2 => length(0).min(sized(2).max(1.0)),
            "left" | "right" => length(0).min(sized(1).max(1.0)),
            "upper" | "lower" | "ucase" | "lcase" | "initcap" | "reverse" | "substr"
            | "substring" | "mid" | "trim" | "btrim" | "ltrim" | "rtrim" | "translate"
            | "split_part" | "substring_index" | "min" | "max" | "any_value" | "first" | "last"
            | "first_value" | "last_value" | "nth_value" | "mode" | "nullif" => {
                length(0).max(SHORT.min(given.usual_length()))
            }
            "coalesce" | "ifnull" | "if" | "iif" | "greatest" | "least" | "lag" | "lead"
            | "likely" | "unlikely" | "likelihood" => longest,
            "hex" | "quote" | "quote_literal" | "encode" | "json_quote" | "unistr" => {
                2.0 * length(0) + SHORT
            }
            "concat_ws" => all + length(0) * values.len() as f64,
            "format" | "printf" => all + 1_000.0 * self.percents(expr(0)),
            "to_char" => 10.0 * length(1) + SHORT,
            "strftime" | "date_format" | "time_format" => 40.0 * longest,
            "insert" => all,
            _ if gathers(name) => match values.first() {
                Some(value) if !value.rooted => PADDED.min(all.max(SHORT) * GATHERED),
                _ => GATHERED.max(all),
            },
            "power" | "pow" | "exp" if self.dialect == Dialect::Postgres => DIGITS,
            "round" | "sum" | "avg" | "abs" | "trunc" | "ceil" | "floor" | "mod" | "div"
                if self.dialect == Dialect::Postgres =>
            {
                longest
            }
            _ if given.usual_length() > SHORT => all + SHORT,
            _ => SHORT,
        };
        if gathers(name) {
            self.check_gathered(all, at);
            made
        } else {
            self.made(made, at)
        }
    }

    /// PostgreSQL keeps what an aggregate gathers in memory, without a limit of its own: long texts that the query
    /// brings itself are counted. What the data holds is the data owner's.
    fn check_gathered(&mut self, each: f64, at: Location) {
        if self.dialect != Dialect::Postgres || each < 10.0 * COLUMN {
            return;
        }
        let rows = self.scopes.last().map_or(1.0, |scope| {
            scope.relations.iter().map(|it| it.rows).fold(1.0, f64::max)
        });
        let gathered = each * rows.max(self.generated);
        if gathered > MAX_GATHERED {
            self.refuse(
                "too_large",
                format!(
                    "about {gathered:.0e} characters would be gathered; at most {MAX_GATHERED:.0e} may be"
                ),
                at,
            );
        }
    }

    /// Places of a template that a value fills.
    fn percents(&self, template: Option<&Expr>) -> f64 {
        match template {
            Some(Expr::Value(value)) => value.value.to_string().matches(['%', '{']).count() as f64,
            _ => 1.0,
        }
    }

    /// An operator between two containers looks for each part of one in the other.
    pub(super) fn check_containment(&mut self, one: Value, two: Value, at: &Expr) {
        self.check_search(one.longest, two.longest, start_of(at));
    }
}

fn is_number(ty: Ty) -> bool {
    matches!(ty, Ty::Known(kind) if kind.is_number())
}

/// Aggregates that put texts or values together.
fn gathers(name: &str) -> bool {
    matches!(
        name,
        "string_agg"
            | "group_concat"
            | "listagg"
            | "list"
            | "array_agg"
            | "json_agg"
            | "jsonb_agg"
            | "json_object_agg"
            | "jsonb_object_agg"
            | "json_arrayagg"
            | "json_objectagg"
            | "json_group_array"
            | "json_group_object"
            | "histogram"
    )
}
