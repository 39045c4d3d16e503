//! The rule of PostgreSQL and DuckDB that a grouped query shows only groups and aggregates.

use super::names::Located;
use super::place::{ordinal, without_brackets};
use super::{Columns, Output, Resolver};
use crate::query::{Dialect, functions};
use sqlparser::ast::{
    Distinct, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, Ident,
    OrderBy, OrderByKind, Select, SelectItem,
};
use std::collections::HashSet;

/// A column of this SELECT's FROM: relation and position.
type Own = (usize, u32);

#[derive(Default)]
struct Groups {
    columns: HashSet<Own>,
    /// Other expressions, as text without qualifiers.
    expressions: HashSet<String>,
    /// Relations whose primary key is grouped: their columns follow from it.
    whole: HashSet<usize>,
}

impl Resolver<'_> {
    pub(super) fn check_grouping(
        &mut self,
        select: &Select,
        order_by: Option<&OrderBy>,
        outputs: &[Output],
    ) {
        if !self.findings.is_empty() {
            return;
        }
        if self.dialect == Dialect::Mysql {
            self.check_having(select, outputs);
        }
        if !matches!(self.dialect, Dialect::Postgres | Dialect::Duckdb) {
            return;
        }
        let keys = match &select.group_by {
            GroupByExpr::All(_) => return,
            GroupByExpr::Expressions(keys, _) => keys,
        };
        let scope = self.scopes.len() - 1;
        let grouped = !keys.is_empty()
            || select.having.is_some()
            || self.reading.aggregates > 0
            || self.aggregated.contains(&scope);
        if !grouped {
            self.check_distinct_order(select, order_by);
            return;
        }
        let mut groups = Groups::default();
        // a key that only some of the grouping sets have decides about nothing
        let (sets, plain): (Vec<&Expr>, Vec<&Expr>) = keys.iter().partition(|key| {
            matches!(
                without_brackets(key),
                Expr::GroupingSets(_) | Expr::Cube(_) | Expr::Rollup(_)
            )
        });
        for key in plain {
            self.add_group(key, select, &mut groups);
        }
        if self.dialect == Dialect::Postgres {
            self.follow_keys(&mut groups);
        }
        for key in sets {
            self.add_group(key, select, &mut groups);
        }
        let mut wrong = None;
        for item in &select.projection {
            let expr = match item {
                SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => expr,
                SelectItem::Wildcard(options) | SelectItem::QualifiedWildcard(_, options) => {
                    if !self.all_grouped(&groups) {
                        self.refuse(
                            "group_by_violation",
                            "`*` shows columns that are not in GROUP BY",
                            options.wildcard_token.0.span.start,
                        );
                    }
                    continue;
                }
                SelectItem::ExprWithAliases { .. } => continue,
            };
            wrong = wrong.or_else(|| self.ungrouped(expr, &groups));
        }
        if let Some(having) = &select.having {
            wrong = wrong.or_else(|| self.ungrouped(having, &groups));
        }
        if let Some(OrderBy {
            kind: OrderByKind::Expressions(order),
            ..
        }) = order_by
        {
            for key in order {
                let is_output = match &key.expr {
                    Expr::Identifier(ident) => {
                        let name = self.column_key(ident);
                        outputs.iter().any(|output| output.key == name)
                    }
                    expr => ordinal(expr).is_some(),
                };
                if !is_output {
                    wrong = wrong.or_else(|| self.ungrouped(&key.expr, &groups));
                }
            }
        }
        if let Some(ident) = wrong {
            self.refuse_with(
                "group_by_violation",
                format!(
                    "column `{}` must be in GROUP BY or inside an aggregate",
                    ident.value
                ),
                ident.span.start,
                Some(format!("GROUP BY … , {}", self.spelled(&ident.value))),
            );
        }
    }

    /// MySQL's HAVING knows the groups and what is shown, and no other column.
    fn check_having(&mut self, select: &Select, outputs: &[Output]) {
        let (Some(having), GroupByExpr::Expressions(keys, _)) = (&select.having, &select.group_by)
        else {
            return;
        };
        let mut groups = Groups::default();
        for key in keys {
            self.add_group(key, select, &mut groups);
        }
        for item in &select.projection {
            match item {
                SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                    groups.columns.extend(self.own_of(without_brackets(expr)));
                }
                _ => return,
            }
        }
        if let Some(ident) = self.ungrouped(having, &groups) {
            let name = self.column_key(&ident);
            if !outputs.iter().any(|output| output.key == name) {
                self.refuse(
                    "unknown_column",
                    format!(
                        "HAVING cannot see `{}`: it is neither grouped nor shown; filter with WHERE",
                        ident.value
                    ),
                    ident.span.start,
                );
            }
        }
    }

    /// SELECT DISTINCT can only be ordered by what it shows.
    fn check_distinct_order(&mut self, select: &Select, order_by: Option<&OrderBy>) {
        if !matches!(select.distinct, Some(Distinct::Distinct)) || self.dialect != Dialect::Postgres
        {
            return;
        }
        let Some(OrderBy {
            kind: OrderByKind::Expressions(order),
            ..
        }) = order_by
        else {
            return;
        };
        let starred = select.projection.iter().any(|item| {
            matches!(
                item,
                SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(_, _)
            )
        });
        if starred {
            return;
        }
        let shown: HashSet<String> = select
            .projection
            .iter()
            .filter_map(|item| match item {
                SelectItem::UnnamedExpr(expr) => Some(vec![self.plain(expr)]),
                SelectItem::ExprWithAlias { expr, alias } => {
                    Some(vec![self.plain(expr), self.column_key(alias)])
                }
                _ => None,
            })
            .flatten()
            .collect();
        for key in order {
            if ordinal(&key.expr).is_none() && !shown.contains(&self.plain(&key.expr)) {
                self.refuse(
                    "distinct_order",
                    "SELECT DISTINCT can only be ordered by columns it shows",
                    super::place::start_of(&key.expr),
                );
            }
        }
    }

    fn add_group(&mut self, key: &Expr, select: &Select, groups: &mut Groups) {
        match without_brackets(key) {
            Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) => {
                for key in sets.iter().flatten() {
                    self.add_group(key, select, groups);
                }
            }
            Expr::Tuple(keys) => {
                for key in keys {
                    self.add_group(key, select, groups);
                }
            }
            key => {
                // a position or an alias stands for what is shown there
                let shown = ordinal(key)
                    .and_then(|position| item_at(select, position))
                    .or_else(|| match key {
                        Expr::Identifier(ident)
                            if self.own(std::slice::from_ref(ident)).is_none() =>
                        {
                            let name = self.column_key(ident);
                            select.projection.iter().find_map(|item| match item {
                                SelectItem::ExprWithAlias { expr, alias }
                                    if self.column_key(alias) == name =>
                                {
                                    Some(expr)
                                }
                                _ => None,
                            })
                        }
                        _ => None,
                    });
                let expr = without_brackets(shown.unwrap_or(key));
                match self.own_of(expr) {
                    Some(own) => {
                        groups.columns.insert(own);
                        self.add_merged(own, groups);
                    }
                    None => {
                        groups.expressions.insert(self.plain(expr));
                    }
                }
            }
        }
    }

    /// Columns that USING made one are grouped together.
    fn add_merged(&self, own: Own, groups: &mut Groups) {
        // PostgreSQL's merged column is the left one, and the right one another
        let Some(scope) = self
            .scopes
            .last()
            .filter(|_| self.dialect != Dialect::Postgres)
        else {
            return;
        };
        for merge in &scope.merges {
            if !merge.sides.contains(&own.0) {
                continue;
            }
            let same = self.find_in(&scope.relations[own.0].columns, &merge.key) == Some(own.1);
            if same {
                for &side in &merge.sides {
                    if let Some(column) = self.find_in(&scope.relations[side].columns, &merge.key) {
                        groups.columns.insert((side, column));
                    }
                }
            }
        }
    }

    fn follow_keys(&self, groups: &mut Groups) {
        let Some(scope) = self.scopes.last() else {
            return;
        };
        for (index, relation) in scope.relations.iter().enumerate() {
            if let Columns::Table(id) = relation.columns {
                let table = self.catalog.table(id);
                if !table.primary_key.is_empty()
                    && table
                        .primary_key
                        .iter()
                        .all(|&column| groups.columns.contains(&(index, column)))
                {
                    groups.whole.insert(index);
                }
            }
        }
    }

    fn all_grouped(&self, groups: &Groups) -> bool {
        self.scopes.last().is_some_and(|scope| {
            scope.relations.iter().enumerate().all(|(index, relation)| {
                groups.whole.contains(&index)
                    || match &relation.columns {
                        Columns::Table(id) => (0..self.catalog.table(*id).columns.len() as u32)
                            .all(|column| groups.columns.contains(&(index, column))),
                        Columns::Derived(outputs) => (0..outputs.len() as u32)
                            .all(|column| groups.columns.contains(&(index, column))),
                        Columns::Open => true,
                    }
            })
        })
    }

    /// The first column of `expr` that is neither grouped nor aggregated.
    fn ungrouped(&self, expr: &Expr, groups: &Groups) -> Option<Ident> {
        if let Some(own) = self.own_of(expr) {
            let grouped = groups.columns.contains(&own) || groups.whole.contains(&own.0);
            return match expr {
                _ if grouped => None,
                Expr::Identifier(ident) => Some(ident.clone()),
                Expr::CompoundIdentifier(parts) => parts.last().cloned(),
                _ => None,
            };
        }
        if !groups.expressions.is_empty() && groups.expressions.contains(&self.plain(expr)) {
            return None;
        }
        if let Expr::Function(function) = expr {
            if is_aggregate(function, self.dialect) {
                return None;
            }
            let FunctionArguments::List(list) = &function.args else {
                return None;
            };
            return list.args.iter().find_map(|arg| match arg {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => self.ungrouped(expr, groups),
                _ => None,
            });
        }
        parts(expr)
            .into_iter()
            .find_map(|part| self.ungrouped(part, groups))
    }

    fn own_of(&self, expr: &Expr) -> Option<Own> {
        match expr {
            Expr::Identifier(ident) => self.own(std::slice::from_ref(ident)),
            Expr::CompoundIdentifier(parts) => self.own(parts),
            _ => None,
        }
    }

    /// The column, if it belongs to the SELECT being read.
    fn own(&self, parts: &[Ident]) -> Option<Own> {
        let located = match parts {
            [column] => self.locate(&self.column_key(column)),
            [table, column] => {
                self.locate_in(None, &self.table_key(table), &self.column_key(column))
            }
            [namespace, table, column] => self.locate_in(
                Some(&self.column_key(namespace)),
                &self.table_key(table),
                &self.column_key(column),
            ),
            _ => return None,
        };
        match located {
            Located::Column {
                depth,
                relation,
                column,
            } if depth + 1 == self.scopes.len() => Some((relation, column)),
            _ => None,
        }
    }

    /// An expression as text that does not depend on qualifiers, quotes or letter case.
    pub(super) fn plain(&self, expr: &Expr) -> String {
        let mut text = without_brackets(expr).to_string().to_lowercase();
        text.retain(|c| c != '"' && c != '(' && c != ')');
        if let Some(scope) = self.scopes.last() {
            for relation in &scope.relations {
                if !relation.key.is_empty() {
                    text = text.replace(&format!("{}.", relation.key.to_lowercase()), "");
                }
            }
        }
        text
    }
}

fn is_aggregate(call: &Function, dialect: Dialect) -> bool {
    let name = call.name.0.last().and_then(|part| part.as_ident());
    call.over.is_none()
        && name
            .and_then(|name| functions::function(&name.value.to_ascii_lowercase(), dialect))
            .is_some_and(|function| function.class == functions::Class::Aggregate)
}

/// Whether an aggregate stands in `expr`; subqueries are another query's.
pub(super) fn aggregates(expr: &Expr, dialect: Dialect) -> bool {
    match expr {
        Expr::Function(call) => {
            is_aggregate(call, dialect)
                || match &call.args {
                    FunctionArguments::List(list) => list.args.iter().any(|arg| match arg {
                        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => {
                            aggregates(expr, dialect)
                        }
                        _ => false,
                    }),
                    _ => false,
                }
        }
        _ => parts(expr)
            .into_iter()
            .any(|part| aggregates(part, dialect)),
    }
}

fn item_at(select: &Select, position: i64) -> Option<&Expr> {
    let index = usize::try_from(position.checked_sub(1)?).ok()?;
    match select.projection.get(index)? {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => Some(expr),
        _ => None,
    }
}

/// The parts of an expression that are evaluated with it; subqueries are left alone.
fn parts(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::BinaryOp { left, right, .. }
        | Expr::IsDistinctFrom(left, right)
        | Expr::IsNotDistinctFrom(left, right) => vec![left, right],
        Expr::UnaryOp { expr, .. }
        | Expr::Nested(expr)
        | Expr::Cast { expr, .. }
        | Expr::Collate { expr, .. }
        | Expr::IsNull(expr)
        | Expr::IsNotNull(expr)
        | Expr::IsTrue(expr)
        | Expr::IsNotTrue(expr)
        | Expr::IsFalse(expr)
        | Expr::IsNotFalse(expr)
        | Expr::InSubquery { expr, .. }
        | Expr::Extract { expr, .. }
        | Expr::Ceil { expr, .. }
        | Expr::Floor { expr, .. }
        | Expr::Trim { expr, .. }
        | Expr::CompoundFieldAccess { root: expr, .. } => vec![expr],
        Expr::InList { expr, list, .. } => std::iter::once(expr.as_ref()).chain(list).collect(),
        Expr::Between {
            expr, low, high, ..
        } => vec![expr, low, high],
        Expr::Like { expr, pattern, .. } | Expr::ILike { expr, pattern, .. } => {
            vec![expr, pattern]
        }
        Expr::AtTimeZone {
            timestamp,
            time_zone,
        } => vec![timestamp, time_zone],
        Expr::Substring {
            expr,
            substring_from,
            substring_for,
            ..
        } => std::iter::once(expr)
            .chain(substring_from)
            .chain(substring_for)
            .map(AsRef::as_ref)
            .collect(),
        Expr::Case {
            operand,
            conditions,
            else_result,
            ..
        } => operand
            .as_deref()
            .into_iter()
            .chain(
                conditions
                    .iter()
                    .flat_map(|when| [&when.condition, &when.result]),
            )
            .chain(else_result.as_deref())
            .collect(),
        Expr::Tuple(exprs) => exprs.iter().collect(),
        Expr::Array(array) => array.elem.iter().collect(),
        _ => Vec::new(),
    }
}
