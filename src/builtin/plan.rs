//! A query as we mean it, before any dialect.

use crate::builtin::catalogue::{ColumnId, TableId};
use crate::builtin::dates::{Grain, Period};
use crate::builtin::joins::Edge;
use crate::builtin::reading::{Aggregate, Comparator, TextHow};

/// One occurrence of a table in a query; `role` tells a table from itself in a self-join or a subquery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    pub table: TableId,
    pub role: u8,
}

#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// What comes out, with a name where it is not a plain column.
    pub select: Vec<(Expr, Option<String>)>,
    pub distinct: bool,
    /// The first table and all that is joined to it.
    pub from: Option<Place>,
    pub joins: Vec<Join>,
    pub filters: Vec<Condition>,
    pub group: Vec<Expr>,
    pub having: Vec<Condition>,
    /// With whether it descends.
    pub order: Vec<(Expr, bool)>,
    pub limit: Option<u64>,
    pub offset: u64,
    /// The best of each of these, not of all: `limit` and `offset` count within them, by `order`.
    pub within: Vec<Expr>,
    /// The number is computed over the groups: the average of counts, the count of groups.
    pub over_groups: Option<Aggregate>,
}

#[derive(Clone, Debug)]
pub struct Join {
    pub from: Place,
    pub to: Place,
    pub edge: Edge,
    pub left: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Column(Place, usize),
    CountAll,
    CountDistinct(Box<Expr>),
    Aggregate(Aggregate, Box<Expr>),
    Number(f64),
    Product(Vec<Expr>),
    /// `1 - x`, for discounts.
    Complement(Box<Expr>),
    Ratio(Box<Expr>, Box<Expr>),
    Truncated(Grain, Box<Expr>),
    /// 1 where the conditions hold, else 0.
    Indicator(Vec<Condition>),
    /// The total of an aggregate over all groups.
    OverAll(Box<Expr>),
    DaysBetween(Box<Expr>, Box<Expr>),
    /// One value, computed by another query.
    Query(Box<Plan>),
    /// All columns of a place, less the opaque ones.
    Star(Place),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    Compare(Expr, Comparator, Expr),
    OneOf {
        column: Expr,
        values: Vec<String>,
        negated: bool,
    },
    Between(Expr, f64, f64),
    Text {
        column: Expr,
        how: TextHow,
        text: String,
        negated: bool,
    },
    During {
        column: Expr,
        periods: Vec<Period>,
        negated: bool,
    },
    /// In these months (1 to 12) of any year.
    Months {
        column: Expr,
        months: Vec<u32>,
        negated: bool,
    },
    IsNull(Expr, bool),
    Any(Vec<Condition>),
    Exists {
        negated: bool,
        query: Box<Plan>,
        link: Vec<(Expr, Expr)>,
    },
}

impl PartialEq for Plan {
    fn eq(&self, _: &Self) -> bool {
        false // plans are never compared; expressions that hold one are never equal
    }
}

impl Place {
    pub fn of(table: TableId) -> Self {
        Self { table, role: 0 }
    }

    pub fn column(self, column: usize) -> Expr {
        Expr::Column(self, column)
    }
}

impl Expr {
    pub fn of(id: ColumnId) -> Self {
        Self::Column(Place::of(id.table), id.column)
    }

    /// Every place it reads from, subqueries aside.
    pub fn places(&self, out: &mut Vec<Place>) {
        match self {
            Self::Column(place, _) | Self::Star(place) => out.push(*place),
            Self::CountDistinct(inner)
            | Self::Aggregate(_, inner)
            | Self::Complement(inner)
            | Self::Truncated(_, inner)
            | Self::OverAll(inner) => inner.places(out),
            Self::Product(parts) => parts.iter().for_each(|part| part.places(out)),
            Self::Ratio(a, b) | Self::DaysBetween(a, b) => {
                a.places(out);
                b.places(out);
            }
            Self::Indicator(conditions) => conditions
                .iter()
                .for_each(|condition| condition.places(out)),
            Self::CountAll | Self::Number(_) | Self::Query(_) => {}
        }
    }

    pub fn is_aggregate(&self) -> bool {
        match self {
            Self::CountAll | Self::CountDistinct(_) | Self::Aggregate(..) | Self::OverAll(_) => {
                true
            }
            Self::Ratio(a, b) => a.is_aggregate() || b.is_aggregate(),
            Self::Product(parts) => parts.iter().any(Self::is_aggregate),
            _ => false,
        }
    }
}

impl Condition {
    pub fn places(&self, out: &mut Vec<Place>) {
        match self {
            Self::Compare(a, _, b) => {
                a.places(out);
                b.places(out);
            }
            Self::OneOf { column, .. }
            | Self::Between(column, ..)
            | Self::Text { column, .. }
            | Self::During { column, .. }
            | Self::Months { column, .. }
            | Self::IsNull(column, _) => column.places(out),
            Self::Any(parts) => parts.iter().for_each(|part| part.places(out)),
            Self::Exists { link, .. } => link.iter().for_each(|(outer, _)| outer.places(out)),
        }
    }
}
