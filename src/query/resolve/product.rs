//! Tables beside each other that no condition joins: their rows multiply.
//!
//! The engine's own estimate, asked for before a query runs, is the better judge of cost. This refuses what
//! needs no estimate: three tables of which each row meets each, or two that are known to be huge.

use super::bounds::number;
use super::names::Located;
use super::place::start_of_name;
use super::{Relation, Resolver};
use sqlparser::ast::{
    BinaryOperator, Distinct, Expr, Fetch, FunctionArg, FunctionArgExpr, FunctionArguments,
    GroupByExpr, Ident, JoinConstraint, JoinOperator, LimitClause, Select, SelectItem, TableFactor,
    TableWithJoins,
};
use sqlparser::tokenizer::Location;
use std::collections::BTreeSet;

/// Rows of a table that nobody counted.
pub(super) const UNKNOWN: f64 = 2_000.0;
/// Rows of a recursive CTE.
pub(super) const RECURSED: f64 = 1_000.0;
/// Rows after which nobody reads on.
pub(super) const SHOWN: f64 = 10_000.0;
/// Combinations of rows that one FROM may look at.
const MAX_COMBINATIONS: f64 = 1e9;
/// A condition with a constant, and a group, leave one row of so many.
const SELECTIVE: f64 = 100.0;

impl Resolver<'_> {
    /// Refuses a product of too many rows; how many the SELECT gives is left in `self.rows`.
    ///
    /// The innermost scope is that of `select`.
    pub(super) fn check_product(&mut self, select: &Select, sorted: bool) {
        let Some(scope) = self.scopes.last() else {
            return;
        };
        let count = scope.relations.len();
        let mut rows: Vec<f64> = scope.relations.iter().map(|it| it.rows).collect();
        let mut sizes = Vec::with_capacity(count);
        for relation in &scope.relations {
            sizes.push((relation.key.clone(), relation.rows));
            if let super::Columns::Table(id) = relation.columns {
                sizes.push((self.catalog.table(id).name.clone(), relation.rows));
            }
        }
        // named together in a condition; equal by one, so that no engine has to try each with each
        let mut mentioned = Groups::of(count);
        let mut equated = Groups::of(count);
        for merge in &scope.merges {
            for pair in merge.sides.windows(2) {
                mentioned.join(pair[0], pair[1]);
                equated.join(pair[0], pair[1]);
            }
        }
        let mut conditions: Vec<&Expr> = select.selection.iter().collect();
        for item in &select.from {
            conditions_of(item, &mut conditions);
        }
        while let Some(condition) = conditions.pop() {
            if let Expr::BinaryOp {
                left,
                op: BinaryOperator::And,
                right,
            } = super::place::without_brackets(condition)
            {
                conditions.extend([left.as_ref(), right.as_ref()]);
                continue;
            }
            for (one, other) in self.links(condition) {
                mentioned.join(one, other);
            }
            if let Some((one, other)) = self.equates(condition) {
                equated.join(one, other);
            }
            if let Some(relation) = self.picks(condition) {
                rows[relation] = (rows[relation] / SELECTIVE).max(1.0);
            }
        }
        let largest = mentioned.largest(&rows);
        let product: f64 = largest.iter().map(|(_, rows)| rows).product();
        let many = largest.iter().filter(|(_, rows)| *rows > 1.0).count();
        let tried = equated.largest(&rows);
        let combinations: f64 = tried.iter().map(|(_, rows)| rows).product();
        let tables: f64 = scope
            .relations
            .iter()
            .filter(|relation| matches!(relation.columns, super::Columns::Table(_)))
            .map(|relation| relation.rows)
            .sum();
        let looked_at = if tried.iter().filter(|(_, rows)| *rows > 1.0).count() > 1 {
            tables.max(combinations)
        } else {
            tables
        };
        if many > 1 && product > MAX_COMBINATIONS {
            let shown: Vec<String> = largest
                .iter()
                .filter(|(_, rows)| *rows > 1.0)
                .map(|(own, _)| format!("`{}`", shown(&scope.relations[*own])))
                .collect();
            let at =
                select
                    .from
                    .first()
                    .map_or_else(Location::empty, |item| match &item.relation {
                        TableFactor::Table { name, .. } => start_of_name(name),
                        _ => select.select_token.0.span.start,
                    });
            self.refuse(
                "cartesian_product",
                format!(
                    "no condition joins {}: every row of one meets every row of the others, about \
                     {product:.0e} combinations; join them on a column",
                    shown.join(" and ")
                ),
                at,
            );
        }
        let grouped = match &select.group_by {
            GroupByExpr::All(_) => true,
            GroupByExpr::Expressions(keys, _) => !keys.is_empty(),
        };
        let aggregated = select.projection.iter().any(|item| match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                super::grouping::aggregates(expr, self.dialect)
            }
            _ => false,
        });
        let whole = sorted
            || grouped
            || aggregated
            || select.distinct.is_some()
            || select.selection.is_some()
            || count > 1;
        self.sizes.append(&mut sizes);
        if whole {
            self.rows_read += looked_at;
        } else {
            self.streamed += looked_at;
        }
        self.rows = if grouped || matches!(select.distinct, Some(Distinct::Distinct)) {
            (product / SELECTIVE).max(1.0)
        } else if aggregated {
            1.0
        } else {
            product.max(1.0)
        };
    }

    /// Pairs of the innermost scope's relations that a condition compares with each other.
    fn links(&self, condition: &Expr) -> Vec<(usize, usize)> {
        match super::place::without_brackets(condition) {
            Expr::BinaryOp {
                left,
                op: BinaryOperator::And,
                right,
            } => {
                let mut both = self.links(left);
                both.extend(self.links(right));
                both
            }
            // each way has to join them
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Or,
                right,
            } => {
                let right = self.links(right);
                let mut both = self.links(left);
                both.retain(|(one, other)| {
                    right.contains(&(*one, *other)) || right.contains(&(*other, *one))
                });
                both
            }
            Expr::BinaryOp {
                op: BinaryOperator::NotEq,
                ..
            }
            | Expr::UnaryOp { .. }
            | Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::IsDistinctFrom(..) => Vec::new(),
            other => {
                let mut seen = BTreeSet::new();
                self.relations_in(other, &mut seen);
                let seen: Vec<usize> = seen.into_iter().collect();
                seen.windows(2).map(|pair| (pair[0], pair[1])).collect()
            }
        }
    }

    /// Two relations of which a condition wants what is equal: a hash or an index finds it.
    ///
    /// `a.x + b.x = 1` equates nothing, as no side of it can be known without the other table.
    fn equates(&self, condition: &Expr) -> Option<(usize, usize)> {
        let (left, right) = match super::place::without_brackets(condition) {
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Eq | BinaryOperator::Spaceship,
                right,
            }
            | Expr::IsNotDistinctFrom(left, right) => (left, right),
            _ => return None,
        };
        let (mut of_left, mut of_right) = (BTreeSet::new(), BTreeSet::new());
        self.relations_in(left, &mut of_left);
        self.relations_in(right, &mut of_right);
        if !of_left.is_disjoint(&of_right) {
            return None;
        }
        Some((*of_left.first()?, *of_right.first()?))
    }

    /// The one relation of which a condition keeps the rows with a constant.
    fn picks(&self, condition: &Expr) -> Option<usize> {
        let compared = match super::place::without_brackets(condition) {
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Eq,
                right,
            } => match (left.as_ref(), right.as_ref()) {
                (column, Expr::Value(_)) | (Expr::Value(_), column) => column,
                _ => return None,
            },
            Expr::InList {
                expr,
                negated: false,
                ..
            } => expr,
            _ => return None,
        };
        let mut seen = BTreeSet::new();
        self.relations_in(compared, &mut seen);
        (seen.len() == 1).then(|| seen.first().copied()).flatten()
    }

    /// Relations of the innermost scope whose columns stand in `expr`, subqueries left out.
    fn relations_in(&self, expr: &Expr, seen: &mut BTreeSet<usize>) {
        let depth_here = self.scopes.len() - 1;
        let mut add = |located: Located| {
            if let Located::Column {
                depth, relation, ..
            } = located
                && depth == depth_here
            {
                seen.insert(relation);
            }
        };
        match expr {
            Expr::Identifier(ident) => add(self.locate(&self.column_key(ident))),
            Expr::CompoundIdentifier(parts) => {
                if let [.., table, column] = parts.as_slice() {
                    let key = self.column_key(column);
                    add(self.locate_in(None, &self.table_key(table), &key));
                }
            }
            other => each_part(other, &mut |part| self.relations_in(part, seen)),
        }
    }
}

/// Relations of a scope, by the group each belongs to.
struct Groups(Vec<usize>);

impl Groups {
    /// Each in a group of its own.
    fn of(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn join(&mut self, one: usize, other: usize) {
        let (from, to) = (self.0[one], self.0[other]);
        for group in &mut self.0 {
            if *group == from {
                *group = to;
            }
        }
    }

    /// Each group with the rows of its largest relation.
    fn largest(&self, rows: &[f64]) -> Vec<(usize, f64)> {
        let mut largest: Vec<(usize, f64)> = Vec::new();
        for (group, rows) in self.0.iter().zip(rows) {
            match largest.iter_mut().find(|(known, _)| known == group) {
                Some((_, most)) => *most = most.max(*rows),
                None => largest.push((*group, *rows)),
            }
        }
        largest
    }
}

fn shown(relation: &Relation) -> &str {
    if relation.shown.is_empty() {
        "(a subquery)"
    } else {
        &relation.shown
    }
}

/// The conditions of the joins within one item of FROM.
pub(super) fn conditions_of<'q>(item: &'q TableWithJoins, conditions: &mut Vec<&'q Expr>) {
    if let TableFactor::NestedJoin {
        table_with_joins,
        alias: None,
    } = &item.relation
    {
        conditions_of(table_with_joins, conditions);
    }
    for join in &item.joins {
        if let TableFactor::NestedJoin {
            table_with_joins,
            alias: None,
        } = &join.relation
        {
            conditions_of(table_with_joins, conditions);
        }
        if let Some(JoinConstraint::On(condition)) = constraint(&join.join_operator) {
            conditions.push(condition);
        }
    }
}

pub(super) fn constraint(operator: &JoinOperator) -> Option<&JoinConstraint> {
    use JoinOperator as J;
    match operator {
        J::Join(constraint)
        | J::Inner(constraint)
        | J::Left(constraint)
        | J::LeftOuter(constraint)
        | J::Right(constraint)
        | J::RightOuter(constraint)
        | J::FullOuter(constraint)
        | J::CrossJoin(constraint)
        | J::StraightJoin(constraint)
        | J::Semi(constraint)
        | J::Anti(constraint) => Some(constraint),
        _ => None,
    }
}

/// Calls `read` with the expressions that `expr` is made of, subqueries left out.
pub(super) fn each_part<'q>(expr: &'q Expr, read: &mut dyn FnMut(&'q Expr)) {
    match expr {
        Expr::BinaryOp { left, right, .. }
        | Expr::IsDistinctFrom(left, right)
        | Expr::IsNotDistinctFrom(left, right)
        | Expr::AnyOp { left, right, .. }
        | Expr::AllOp { left, right, .. } => {
            read(left);
            read(right);
        }
        Expr::Nested(inner)
        | Expr::UnaryOp { expr: inner, .. }
        | Expr::Cast { expr: inner, .. }
        | Expr::Convert { expr: inner, .. }
        | Expr::Collate { expr: inner, .. }
        | Expr::Extract { expr: inner, .. }
        | Expr::Ceil { expr: inner, .. }
        | Expr::Floor { expr: inner, .. }
        | Expr::IsNull(inner)
        | Expr::IsNotNull(inner)
        | Expr::IsTrue(inner)
        | Expr::IsNotTrue(inner)
        | Expr::IsFalse(inner)
        | Expr::IsNotFalse(inner)
        | Expr::InSubquery { expr: inner, .. }
        | Expr::AtTimeZone {
            timestamp: inner, ..
        }
        | Expr::CompoundFieldAccess { root: inner, .. } => read(inner),
        Expr::InList { expr, list, .. } => {
            read(expr);
            list.iter().for_each(read);
        }
        Expr::Between {
            expr, low, high, ..
        } => {
            read(expr);
            read(low);
            read(high);
        }
        Expr::Like { expr, pattern, .. }
        | Expr::ILike { expr, pattern, .. }
        | Expr::SimilarTo { expr, pattern, .. }
        | Expr::RLike { expr, pattern, .. } => {
            read(expr);
            read(pattern);
        }
        Expr::Position { expr, r#in } => {
            read(expr);
            read(r#in);
        }
        Expr::Substring {
            expr,
            substring_from,
            substring_for,
            ..
        } => {
            read(expr);
            [substring_from, substring_for]
                .into_iter()
                .flatten()
                .for_each(|part| read(part));
        }
        Expr::Trim {
            expr,
            trim_what,
            trim_characters,
            ..
        } => {
            read(expr);
            trim_what.iter().for_each(|part| read(part));
            trim_characters.iter().flatten().for_each(read);
        }
        Expr::Tuple(items) => items.iter().for_each(read),
        Expr::Array(array) => array.elem.iter().for_each(read),
        Expr::Interval(interval) => read(&interval.value),
        Expr::Case {
            operand,
            conditions,
            else_result,
            ..
        } => {
            operand.iter().for_each(|part| read(part));
            for when in conditions {
                read(&when.condition);
                read(&when.result);
            }
            else_result.iter().for_each(|part| read(part));
        }
        Expr::Function(function) => {
            if let FunctionArguments::List(list) = &function.args {
                for arg in &list.args {
                    match arg {
                        FunctionArg::Unnamed(FunctionArgExpr::Expr(inner))
                        | FunctionArg::Named {
                            arg: FunctionArgExpr::Expr(inner),
                            ..
                        } => read(inner),
                        _ => {}
                    }
                }
            }
        }
        _ => {}
    }
}

/// `rows`, or what LIMIT and FETCH leave of them.
pub(super) fn limited(rows: f64, limit: Option<&LimitClause>, fetch: Option<&Fetch>) -> f64 {
    let limit = match limit {
        Some(LimitClause::LimitOffset { limit, .. }) => limit.as_ref(),
        Some(LimitClause::OffsetCommaLimit { limit, .. }) => Some(limit),
        None => None,
    };
    let first = fetch.map(|fetch| match &fetch.quantity {
        Some(quantity) => number(quantity),
        None => Some(1.0),
    });
    [limit.map(number), first]
        .into_iter()
        .flatten()
        .flatten()
        .filter(|most| *most >= 0.0)
        .fold(rows, f64::min)
}

/// A column's key, where a name is nothing but a column's.
pub(super) fn column_of(expr: &Expr) -> Option<(Option<&Ident>, &Ident)> {
    match super::place::without_brackets(expr) {
        Expr::Identifier(ident) => Some((None, ident)),
        Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [.., table, column] => Some((Some(table), column)),
            _ => None,
        },
        _ => None,
    }
}
