//! Recursive CTEs have to end: the branch that repeats needs a condition that can stop it.
//!
//! Three kinds are taken: a limit that a column runs into (`n < 10`, `d < date '2024-12-31'`, `rest <> ''`), a join
//! that walks from row to row of a table, and UNION of values that already stand in the data. A condition that
//! says nothing about how the repetition goes on (`1 = 1`, `n = n`, `n > 0` for a number that grows) is none.

use super::bounds::{length, number};
use super::length::{COLUMN, GATHERED, REPEATED, SHORT};
use super::product::{column_of, constraint, each_part};
use super::{Columns, Output, Resolver};
use crate::query::Dialect;
use crate::query::types::Ty;
use sqlparser::ast::{
    BinaryOperator, Cte, Expr, Function, Ident, JoinConstraint, LimitClause, Query, Select,
    SelectItem, SetExpr, SetQuantifier, TableFactor, TableWithJoins, UnaryOperator,
    Value as Literal,
};

/// Repetitions that a plain limit may ask for.
const MAX_STEPS: f64 = 1_000_000.0;

/// What a counter of steps may count at once.
const MAX_COUNT: f64 = 100.0;

/// The recursive CTE being judged.
struct Repeated<'a> {
    name: String,
    /// Its columns' keys, in order.
    columns: Vec<&'a str>,
    /// UNION drops what was there before.
    distinct: bool,
}

/// One SELECT that repeats.
struct Branch<'q> {
    select: &'q Select,
    /// What the CTE is called in its FROM.
    names: Vec<String>,
    /// Something else stands in FROM.
    joined: bool,
}

/// How a column goes on from one repetition to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Same,
    Up,
    Down,
    /// A text becomes a part of itself.
    Shorter,
    /// From another table of the branch.
    Fetched,
    /// By arithmetic that does not tell its direction.
    Computed,
    Unknown,
}

impl Resolver<'_> {
    /// How long a text in the first branch's column may be taken to be while the other branch is read.
    pub(super) fn repeated_length(&self, ty: Ty) -> f64 {
        if self.dialect == Dialect::Sqlite || ty.usual_length() > SHORT {
            REPEATED
        } else {
            SHORT
        }
    }

    /// A column that doubles with each repetition is refused; one that grows is as long as it may become.
    pub(super) fn check_growth(&mut self, outputs: &mut [Output], cte: &Cte) {
        for output in outputs {
            let before = self.repeated_length(output.ty);
            if before > SHORT && output.longest >= 2.0 * before {
                self.refuse(
                    "too_large",
                    format!(
                        "`{}` of the recursive CTE `{}` becomes twice as long with each repetition",
                        output.name, cte.alias.name.value
                    ),
                    cte.alias.name.span.start,
                );
            }
            if output.longest > COLUMN {
                output.longest = GATHERED;
            }
        }
    }

    /// The number of a step on the way through a table comes from the data as the way does: `depth + 1`.
    pub(super) fn root_counters(&self, cte: &Cte, outputs: &mut [Output]) {
        let name = self.table_key(&cte.alias.name);
        let mut selects = Vec::new();
        branches(&cte.query, &mut selects);
        for select in selects {
            let (names, joined) = self.mentions(&select.from, &name);
            if names.is_empty() || !joined {
                continue;
            }
            for (output, item) in outputs.iter_mut().zip(&select.projection) {
                let (SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }) = item
                else {
                    break;
                };
                output.rooted |= matches!(super::place::without_brackets(expr),
                    Expr::BinaryOp { left, op: BinaryOperator::Plus, right }
                        if column_of(left).is_some()
                            && number(right).is_some_and(|step| (0.0..=MAX_COUNT).contains(&step)));
            }
        }
    }

    pub(super) fn check_recursion(&mut self, cte: &Cte, columns: &Columns) {
        let keys: Vec<String> = match columns {
            Columns::Derived(outputs) => outputs.iter().map(|output| output.key.clone()).collect(),
            Columns::Table(_) | Columns::Open => return,
        };
        let repeated = Repeated {
            name: self.table_key(&cte.alias.name),
            columns: keys.iter().map(String::as_str).collect(),
            distinct: is_distinct(&cte.query.body),
        };
        if self.is_limited(&cte.query) {
            return;
        }
        let mut selects = Vec::new();
        branches(&cte.query, &mut selects);
        let bounded = selects.into_iter().all(|select| {
            let (names, joined) = self.mentions(&select.from, &repeated.name);
            names.is_empty()
                || self.ends(
                    &Branch {
                        select,
                        names,
                        joined,
                    },
                    &repeated,
                )
        });
        if !bounded {
            self.refuse(
                "unbounded_recursion",
                format!(
                    "the recursive CTE `{}` needs a condition that ends it, below {MAX_STEPS} steps",
                    cte.alias.name.value
                ),
                cte.alias.name.span.start,
            );
        }
    }

    /// A LIMIT ends the repetition itself, where the engine takes it.
    fn is_limited(&self, query: &Query) -> bool {
        let limit = match &query.limit_clause {
            Some(LimitClause::LimitOffset {
                limit: Some(limit), ..
            })
            | Some(LimitClause::OffsetCommaLimit { limit, .. }) => limit,
            _ => return false,
        };
        number(limit).is_some_and(|most| (0.0..=MAX_STEPS).contains(&most))
    }

    /// What the CTE is called in FROM, and whether something else stands there.
    fn mentions(&self, from: &[TableWithJoins], name: &str) -> (Vec<String>, bool) {
        let mut names = Vec::new();
        let mut joined = false;
        let mut factors: Vec<&TableFactor> = Vec::new();
        for item in from {
            factors.push(&item.relation);
            factors.extend(item.joins.iter().map(|join| &join.relation));
        }
        while let Some(factor) = factors.pop() {
            match factor {
                TableFactor::Table {
                    name: table,
                    alias,
                    args: None,
                    ..
                } => match table.0.as_slice() {
                    [part]
                        if part
                            .as_ident()
                            .is_some_and(|ident| self.table_key(ident) == name) =>
                    {
                        names.push(match alias {
                            Some(alias) => self.table_key(&alias.name),
                            None => name.to_owned(),
                        });
                    }
                    _ => joined = true,
                },
                TableFactor::Derived {
                    subquery, alias, ..
                } => {
                    let mut inner = Vec::new();
                    branches(subquery, &mut inner);
                    let recursive = inner
                        .iter()
                        .any(|select| !self.mentions(&select.from, name).0.is_empty());
                    match alias {
                        Some(alias) if recursive => names.push(self.table_key(&alias.name)),
                        _ if recursive => names.push(String::new()),
                        _ => joined = true,
                    }
                }
                TableFactor::NestedJoin {
                    table_with_joins, ..
                } => {
                    factors.push(&table_with_joins.relation);
                    factors.extend(table_with_joins.joins.iter().map(|join| &join.relation));
                }
                _ => joined = true,
            }
        }
        (names, joined)
    }

    fn ends(&self, branch: &Branch<'_>, repeated: &Repeated<'_>) -> bool {
        let mut conditions: Vec<&Expr> = branch.select.selection.iter().collect();
        conditions.extend(&branch.select.having);
        for join in branch.select.from.iter().flat_map(|item| &item.joins) {
            match constraint(&join.join_operator) {
                Some(JoinConstraint::On(condition)) => conditions.push(condition),
                Some(JoinConstraint::Using(_) | JoinConstraint::Natural) => return true,
                _ => {}
            }
        }
        // nothing new can come of values that are there: UNION runs out of them
        if repeated.distinct && self.only_copies(branch) {
            return true;
        }
        conditions
            .into_iter()
            .any(|condition| self.stops(condition, branch, repeated))
    }

    /// Every result column is a plain column or a constant.
    fn only_copies(&self, branch: &Branch<'_>) -> bool {
        branch.select.projection.iter().all(|item| match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                column_of(expr).is_some()
                    || number(expr).is_some()
                    || matches!(expr, Expr::Value(_))
            }
            SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => true,
            SelectItem::ExprWithAliases { .. } => false,
        })
    }

    /// Whether `condition` must become false some time.
    fn stops(&self, condition: &Expr, branch: &Branch<'_>, repeated: &Repeated<'_>) -> bool {
        match super::place::without_brackets(condition) {
            Expr::BinaryOp {
                left,
                op: BinaryOperator::And,
                right,
            } => self.stops(left, branch, repeated) || self.stops(right, branch, repeated),
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Or,
                right,
            } => self.stops(left, branch, repeated) && self.stops(right, branch, repeated),
            Expr::BinaryOp { left, op, right } => match op {
                BinaryOperator::Lt | BinaryOperator::LtEq => {
                    self.runs_into(left, right, Step::Up, branch, repeated)
                        || self.runs_into(right, left, Step::Down, branch, repeated)
                }
                BinaryOperator::Gt | BinaryOperator::GtEq => {
                    self.runs_into(left, right, Step::Down, branch, repeated)
                        || self.runs_into(right, left, Step::Up, branch, repeated)
                }
                BinaryOperator::Eq => {
                    self.walks(left, right, branch, repeated)
                        || self.runs_into(left, right, Step::Unknown, branch, repeated)
                        || self.runs_into(right, left, Step::Unknown, branch, repeated)
                }
                BinaryOperator::NotEq => {
                    self.walks(left, right, branch, repeated)
                        || self
                            .steps_of(left, branch, repeated)
                            .contains(&Step::Shorter)
                        || self
                            .steps_of(right, branch, repeated)
                            .contains(&Step::Shorter)
                }
                // an operator of containment or likeness: a walk, or nothing
                _ => self.walks(left, right, branch, repeated),
            },
            Expr::Between {
                expr,
                negated: false,
                low,
                high,
            } => {
                self.runs_into(expr, high, Step::Up, branch, repeated)
                    || self.runs_into(expr, low, Step::Down, branch, repeated)
            }
            Expr::InList {
                expr,
                negated: false,
                ..
            }
            | Expr::InSubquery {
                expr,
                negated: false,
                ..
            } => {
                let steps = self.steps_of(expr, branch, repeated);
                !steps.is_empty() && !steps.contains(&Step::Same)
            }
            Expr::Like { expr, pattern, .. } | Expr::ILike { expr, pattern, .. } => {
                self.walks(expr, pattern, branch, repeated)
            }
            // NULL comes from where the next value is looked up, and from nowhere else
            Expr::IsNotNull(inner) => {
                let steps = self.steps_of(inner, branch, repeated);
                steps.contains(&Step::Unknown) || steps.contains(&Step::Fetched)
            }
            Expr::UnaryOp {
                op: UnaryOperator::Not,
                expr,
            } => {
                let steps = self.steps_of(expr, branch, repeated);
                column_of(expr).is_some() && steps.contains(&Step::Unknown)
            }
            plain @ (Expr::Identifier(_) | Expr::CompoundIdentifier(_)) => self
                .steps_of(plain, branch, repeated)
                .contains(&Step::Unknown),
            _ => false,
        }
    }

    /// `side` of a comparison moves towards `limit`, which stays where it is.
    fn runs_into(
        &self,
        side: &Expr,
        limit: &Expr,
        towards: Step,
        branch: &Branch<'_>,
        repeated: &Repeated<'_>,
    ) -> bool {
        let moving = self.own_columns(side, branch, repeated);
        let steps = self.steps_of(side, branch, repeated);
        if moving.is_empty() || steps.iter().all(|step| *step == Step::Same) {
            return false;
        }
        // a limit that moves along is none
        let limits = self.own_columns(limit, branch, repeated);
        if limits.iter().any(|column| {
            moving.contains(column) || self.step(*column, branch, repeated) != Step::Same
        }) {
            return false;
        }
        if number(limit).is_some_and(|most| most.abs() > MAX_STEPS) && !branch.joined {
            return false;
        }
        // `100 - n > 0` is `n < 100`
        let turned = match super::place::without_brackets(side) {
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Minus,
                right,
            } => {
                self.own_columns(left, branch, repeated).is_empty()
                    && !self.own_columns(right, branch, repeated).is_empty()
            }
            _ => false,
        };
        let wrong = match towards {
            Step::Up if turned => Step::Up,
            Step::Down if turned => Step::Down,
            Step::Up => Step::Down,
            Step::Down => Step::Up,
            _ => return true,
        };
        !steps.contains(&wrong)
    }

    /// A join from the CTE's row to another table's.
    fn walks(
        &self,
        one: &Expr,
        other: &Expr,
        branch: &Branch<'_>,
        repeated: &Repeated<'_>,
    ) -> bool {
        if !branch.joined {
            return false;
        }
        let from = |side: &Expr| !self.own_columns(side, branch, repeated).is_empty();
        let to = |side: &Expr| self.names_another(side, branch, repeated);
        let across = from(one) && to(other) || from(other) && to(one);
        // the column that leads to the next row has to be another one then
        let moves = [one, other].into_iter().any(|side| {
            self.own_columns(side, branch, repeated)
                .iter()
                .any(|column| self.step(*column, branch, repeated) != Step::Same)
        });
        across && moves
    }

    /// Positions of the CTE's columns that stand in `expr`.
    fn own_columns(&self, expr: &Expr, branch: &Branch<'_>, repeated: &Repeated<'_>) -> Vec<usize> {
        let mut found = Vec::new();
        self.collect(expr, &mut |qualifier, column| {
            let own = match qualifier {
                Some(table) => branch.names.contains(&self.table_key(table)),
                None => true,
            };
            let key = self.column_key(column);
            if own && let Some(at) = repeated.columns.iter().position(|known| *known == key) {
                found.push(at);
            }
        });
        found
    }

    /// Whether a column of something else in FROM stands in `expr`.
    fn names_another(&self, expr: &Expr, branch: &Branch<'_>, repeated: &Repeated<'_>) -> bool {
        let mut found = false;
        self.collect(expr, &mut |qualifier, column| {
            found |= match qualifier {
                Some(table) => !branch.names.contains(&self.table_key(table)),
                None => !repeated.columns.contains(&self.column_key(column).as_str()),
            };
        });
        found
    }

    fn collect<'q>(&self, expr: &'q Expr, found: &mut dyn FnMut(Option<&'q Ident>, &'q Ident)) {
        match column_of(expr) {
            Some((qualifier, column)) => found(qualifier, column),
            None => each_part(expr, &mut |part| self.collect(part, found)),
        }
    }

    fn steps_of(&self, expr: &Expr, branch: &Branch<'_>, repeated: &Repeated<'_>) -> Vec<Step> {
        self.own_columns(expr, branch, repeated)
            .into_iter()
            .map(|column| self.step(column, branch, repeated))
            .collect()
    }

    /// What the branch makes of the CTE's column at `position`.
    fn step(&self, position: usize, branch: &Branch<'_>, repeated: &Repeated<'_>) -> Step {
        let items = &branch.select.projection;
        let starred = items.iter().any(|item| {
            matches!(
                item,
                SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..)
            )
        });
        if starred {
            // with another table the star may bring anything
            return if branch.joined {
                Step::Unknown
            } else {
                Step::Same
            };
        }
        let expr = match items.get(position) {
            Some(SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }) => expr,
            _ => return Step::Unknown,
        };
        self.step_to(position, expr, branch, repeated)
    }

    fn step_to(
        &self,
        position: usize,
        expr: &Expr,
        branch: &Branch<'_>,
        repeated: &Repeated<'_>,
    ) -> Step {
        let is_itself = |expr: &Expr| {
            column_of(bare(expr)).is_some()
                && self.own_columns(bare(expr), branch, repeated) == [position]
        };
        match super::place::without_brackets(expr) {
            Expr::Cast { expr, .. } | Expr::Collate { expr, .. } => {
                self.step_to(position, expr, branch, repeated)
            }
            expr if is_itself(expr) => Step::Same,
            // a constant stays what it is from the second repetition on
            Expr::Value(value) => match value.value {
                Literal::Null => Step::Unknown,
                _ => Step::Same,
            },
            // back and forth
            Expr::UnaryOp { expr, .. } if is_itself(expr) => Step::Same,
            Expr::BinaryOp { left, op, right } => {
                let by = match (is_itself(left), is_itself(right)) {
                    (true, false) => length(right),
                    (false, true)
                        if matches!(op, BinaryOperator::Plus | BinaryOperator::Multiply) =>
                    {
                        length(left)
                    }
                    // `n * 0 + 1` is as good as a constant
                    _ if times_nothing(left) || times_nothing(right) => return Step::Same,
                    _ => return self.fetched(expr, branch, repeated),
                };
                match (op, by) {
                    (BinaryOperator::Plus | BinaryOperator::Minus, Some(0.0)) => Step::Same,
                    (BinaryOperator::Plus, Some(by)) if by > 0.0 => Step::Up,
                    (BinaryOperator::Plus, Some(_)) => Step::Down,
                    (BinaryOperator::Minus, Some(by)) if by > 0.0 => Step::Down,
                    (BinaryOperator::Minus, Some(_)) => Step::Up,
                    (BinaryOperator::Multiply, Some(by)) if by > 1.0 => Step::Up,
                    (BinaryOperator::Divide, Some(by)) if by > 1.0 => Step::Down,
                    (BinaryOperator::Multiply | BinaryOperator::Divide, Some(_)) => Step::Same,
                    (
                        BinaryOperator::Modulo
                        | BinaryOperator::BitwiseAnd
                        | BinaryOperator::BitwiseOr,
                        _,
                    ) => Step::Same,
                    _ => Step::Computed,
                }
            }
            Expr::Substring { expr, .. } | Expr::Trim { expr, .. } => {
                if self.own_columns(expr, branch, repeated).contains(&position) {
                    Step::Shorter
                } else {
                    Step::Unknown
                }
            }
            call @ Expr::Function(function) => {
                self.step_of_call(position, call, function, branch, repeated)
            }
            other => self.fetched(other, branch, repeated),
        }
    }

    fn fetched(&self, expr: &Expr, branch: &Branch<'_>, repeated: &Repeated<'_>) -> Step {
        if branch.joined && self.names_another(expr, branch, repeated) {
            Step::Fetched
        } else if matches!(expr, Expr::BinaryOp { .. }) {
            Step::Computed
        } else {
            Step::Unknown
        }
    }

    /// `whole` is the call of `function`.
    fn step_of_call(
        &self,
        position: usize,
        whole: &Expr,
        function: &Function,
        branch: &Branch<'_>,
        repeated: &Repeated<'_>,
    ) -> Step {
        let name = function.name.to_string().to_ascii_lowercase();
        let mut parts: Vec<&Expr> = Vec::new();
        each_part(whole, &mut |part| parts.push(part));
        let own = parts.first().is_some_and(|first| {
            self.own_columns(first, branch, repeated)
                .contains(&position)
        });
        match name.as_str() {
            "substr" | "substring" | "right" | "left" | "mid" | "ltrim" | "trim"
            | "regexp_replace" | "replace" | "split_part" | "substring_index"
                if own =>
            {
                Step::Shorter
            }
            // SQLite's date(d, '+1 day') and MySQL's date_add(d, interval 1 day)
            "date" | "datetime" | "julianday" | "unixepoch" if own && parts.len() > 1 => {
                match parts.get(1) {
                    Some(Expr::Value(value)) => match &value.value {
                        Literal::SingleQuotedString(text) if text.trim().starts_with('-') => {
                            Step::Down
                        }
                        Literal::SingleQuotedString(_) => Step::Up,
                        _ => Step::Unknown,
                    },
                    _ => Step::Unknown,
                }
            }
            "date" | "datetime" if own => Step::Same,
            "date_add" | "adddate" | "date_sub" | "subdate" if own => {
                let by = parts.get(1).and_then(|by| length(by));
                let adds = name.contains("add");
                match by {
                    Some(by) if (by > 0.0) == adds => Step::Up,
                    Some(_) => Step::Down,
                    None => Step::Unknown,
                }
            }
            "lower" | "upper" | "abs" | "coalesce" | "round" | "floor" | "ceil" | "trunc"
            | "sign" | "reverse" | "max" | "min"
                if own && parts.len() == 1 =>
            {
                Step::Same
            }
            _ => Step::Unknown,
        }
    }
}

/// Without brackets and casts around it.
fn bare(expr: &Expr) -> &Expr {
    match super::place::without_brackets(expr) {
        Expr::Cast { expr, .. } => bare(expr),
        other => other,
    }
}

/// Every SELECT of a query's set operations.
fn branches<'q>(query: &'q Query, found: &mut Vec<&'q Select>) {
    fn of<'q>(body: &'q SetExpr, found: &mut Vec<&'q Select>) {
        match body {
            SetExpr::Select(select) => found.push(select),
            SetExpr::Query(query) => of(&query.body, found),
            SetExpr::SetOperation { left, right, .. } => {
                of(left, found);
                of(right, found);
            }
            _ => {}
        }
    }
    of(&query.body, found);
}

fn is_distinct(body: &SetExpr) -> bool {
    match body {
        SetExpr::SetOperation {
            set_quantifier,
            left,
            ..
        } => {
            matches!(
                set_quantifier,
                SetQuantifier::None | SetQuantifier::Distinct
            ) && match left.as_ref() {
                SetExpr::SetOperation { .. } => is_distinct(left),
                _ => true,
            }
        }
        SetExpr::Query(query) => is_distinct(&query.body),
        _ => false,
    }
}

fn times_nothing(expr: &Expr) -> bool {
    match super::place::without_brackets(expr) {
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Multiply,
            right,
        } => number(left) == Some(0.0) || number(right) == Some(0.0),
        _ => false,
    }
}
