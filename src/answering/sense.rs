//! Whether a query takes in what its question says: rules over words, in microseconds, without a model.
//!
//! [`constraints`] lists what the question says and its query must show: years, numbers, quoted texts, values of the
//! data, words that owe a computation, and the organisation's own terms. [`missing`] says which of them a query has no
//! trace of. A trace is little: the rules ask whether a query forgot something, never whether it is right, so that
//! what they say is nearly always so. How often, and which rules were dropped for saying too much, is in
//! `docs/calibration.md`.

mod said;
mod shown;

use crate::knowledge::search::ValueHit;
use crate::query::{Finding, ReadOnly};
use crate::schema::Schema;
use crate::store::Directive;
use serde::{Deserialize, Serialize};
use shown::Shown;

/// Of a query that leaves out what the question says.
pub const MISMATCH: &str = "semantic_mismatch";
/// Of a query that leaves out what one of the organisation's terms means.
pub const RULE_MISSED: &str = "business_rule_missed";

/// Something that the question says and that its query must show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Constraint {
    Year(u16),
    /// "top 5", "over $10,000", "more than two"
    Number {
        said: String,
        /// What it may be in a query: 20 % is 20 or 0.2.
        values: Vec<f64>,
    },
    /// What stands in quotes.
    Quoted(String),
    /// A word that is a value of the data.
    Value {
        said: String,
        values: Vec<Stored>,
    },
    /// "how many", "total": something is counted, summed, or a number anyway.
    Count(String),
    Average(String),
    /// "the oldest": rows are ordered or compared.
    Extreme(String),
    /// "more than 5"
    Comparison(String),
    /// "without"
    Negation(String),
    Month {
        said: String,
        /// 1 to 12
        number: u32,
    },
    /// "last month"
    Period(String),
    Term(Term),
}

/// A value of the data and where it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    pub table: String,
    pub column: String,
    pub value: String,
}

/// A word of the glossary, and what its meaning puts into a query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    pub key: String,
    pub definition: String,
    /// Columns of the schema that the definition computes with.
    pub columns: Vec<String>,
    pub texts: Vec<String>,
    pub numbers: Vec<f64>,
}

/// What `question` says, in the order of its kinds.
///
/// `values` are those that retrieval linked to words of it.
pub fn constraints(
    question: &str,
    values: &[ValueHit],
    directives: &[Directive],
    schema: &Schema,
) -> Vec<Constraint> {
    let mut all = said::literals(question);
    all.extend(said::values(question, values));
    all.extend(said::computations(question));
    all.extend(terms(question, directives, schema));
    all
}

/// The organisation's terms that `question` uses, as far as their meaning can be looked for in a query.
pub fn terms(question: &str, directives: &[Directive], schema: &Schema) -> Vec<Constraint> {
    said::terms(question, directives, schema)
}

/// What of `constraints` the query has no trace of, a finding each.
pub fn missing(constraints: &[Constraint], query: &ReadOnly, schema: &Schema) -> Vec<Finding> {
    if constraints.is_empty() {
        return Vec::new();
    }
    let shown = Shown::of(query, schema);
    constraints
        .iter()
        .filter_map(|constraint| constraint.finding(&shown))
        .collect()
}

impl Constraint {
    /// In a few words, for the analysis: `1997`, `'Germany'`, `an average`.
    pub fn spoken(&self) -> String {
        match self {
            Self::Year(year) => year.to_string(),
            Self::Quoted(said) => format!("'{said}'"),
            Self::Value { said, values } => match values.as_slice() {
                [stored] => format!("'{}'", stored.value),
                _ => format!("'{said}'"),
            },
            Self::Average(_) => "an average".to_owned(),
            Self::Count(said) => format!("a number for \"{said}\""),
            Self::Extreme(said) => format!("an order for \"{said}\""),
            Self::Comparison(said) => format!("a comparison for \"{said}\""),
            Self::Negation(said) => format!("a negation for \"{said}\""),
            Self::Number { said, .. } | Self::Month { said, .. } => said.clone(),
            Self::Period(said) => format!("a period for \"{said}\""),
            Self::Term(term) => format!("{} as defined", term.key),
        }
    }

    /// By kind, for figures.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Year(_) => "year",
            Self::Number { .. } => "number",
            Self::Quoted(_) => "quoted text",
            Self::Value { .. } => "value of the data",
            Self::Count(_) => "how many, total",
            Self::Average(_) => "average",
            Self::Extreme(_) => "superlative",
            Self::Comparison(_) => "comparison",
            Self::Negation(_) => "negation",
            Self::Month { .. } => "month",
            Self::Period(_) => "period",
            Self::Term(_) => "term of the glossary",
        }
    }

    fn finding(&self, shown: &Shown) -> Option<Finding> {
        if let Self::Term(term) = self {
            return term.finding(shown);
        }
        if shown.has(self) {
            return None;
        }
        let (message, suggestion) = match self {
            Self::Year(year) => (
                format!("The question says {year}; the query does not use it."),
                format!("Restrict the query to what {year} is said of."),
            ),
            Self::Number { said, .. } => (
                format!("The question says {said}; the query does not use it."),
                format!("Use {said} where the question does: in a filter or as the limit."),
            ),
            Self::Quoted(said) => (
                format!("The question says '{said}'; the query does not use it."),
                format!("Filter with '{said}'."),
            ),
            Self::Value { said, values } => (
                format!("The question says \"{said}\"; the query does not use it."),
                stored(values),
            ),
            Self::Count(said) => (
                format!("The question asks \"{said}\"; the query computes no number."),
                "Count or sum what is asked for.".to_owned(),
            ),
            Self::Average(said) => (
                format!("The question asks for an {said}; the query computes none."),
                "Compute the average of what is asked for.".to_owned(),
            ),
            Self::Extreme(said) => (
                format!("The question says \"{said}\"; the query neither orders nor compares."),
                format!("Order by what \"{said}\" is said of, with a limit, or compare with it."),
            ),
            Self::Comparison(said) => (
                format!("The question says \"{said}\"; the query has no such comparison."),
                "Compare as the question does.".to_owned(),
            ),
            Self::Negation(said) => (
                format!("The question says \"{said}\"; the query leaves nothing out."),
                format!("Leave out what \"{said}\" is said of."),
            ),
            Self::Month { said, .. } => (
                format!("The question says {said}; the query does not use it."),
                format!("Restrict the query to {said}."),
            ),
            Self::Period(said) => (
                format!("The question says \"{said}\"; the query restricts no time."),
                format!("Restrict the query to {said}."),
            ),
            Self::Term(_) => return None,
        };
        Some(Finding {
            code: MISMATCH.to_owned(),
            message,
            line: 0,
            column: 0,
            suggestion: Some(suggestion),
        })
    }
}

fn stored(values: &[Stored]) -> String {
    let all: Vec<String> = values
        .iter()
        .take(3)
        .map(|stored| format!("'{}' in {}.{}", stored.value, stored.table, stored.column))
        .collect();
    format!("It is stored as {}.", all.join(" or "))
}

impl Term {
    fn finding(&self, shown: &Shown) -> Option<Finding> {
        let columns = self
            .columns
            .iter()
            .filter(|name| !shown.names(name))
            .cloned();
        let texts = self.texts.iter().filter(|text| !shown.contains(text));
        let numbers = self
            .numbers
            .iter()
            .filter(|number| !shown.has_number(**number));
        let lacks: Vec<String> = columns
            .chain(texts.map(|text| format!("'{text}'")))
            .chain(numbers.map(f64::to_string))
            .collect();
        (!lacks.is_empty()).then(|| Finding {
            code: RULE_MISSED.to_owned(),
            message: format!(
                "\"{}\" means \"{}\" here; the query does not use {}.",
                self.key,
                self.definition,
                lacks.join(" and ")
            ),
            line: 0,
            column: 0,
            suggestion: Some(format!("Apply it: {}", self.definition)),
        })
    }
}

#[cfg(test)]
mod tests;
