//! DuckDB's PIVOT and UNPIVOT, with their values and columns plain to see.

use super::place::start_of;
use super::{Clause, Columns, Output, Reading, Resolver, Scope};
use crate::query::Dialect;
use crate::query::catalog::column_key;
use crate::query::types::Ty;
use crate::schema::ValueKind;
use sqlparser::ast::{
    Expr, ExprWithAlias, Ident, PivotValueSource, TableAlias, TableFactor, Value as Literal,
    visit_expressions,
};
use std::ops::ControlFlow;

/// The parts of `t PIVOT (sum(a) FOR b IN (…) GROUP BY c)`.
pub(super) struct Pivot<'q> {
    pub table: &'q TableFactor,
    pub aggregates: &'q [ExprWithAlias],
    pub by: &'q [Expr],
    pub values: &'q PivotValueSource,
    /// GROUP BY; see [`crate::query::respell`].
    pub keys: Option<&'q Expr>,
    pub alias: Option<&'q TableAlias>,
}

impl Resolver<'_> {
    pub(super) fn pivot(&mut self, pivot: &Pivot<'_>, scope: &mut Scope) {
        let at = super::from::factor_start(pivot.table);
        if self.dialect != Dialect::Duckdb {
            self.refuse("unsupported", "PIVOT cannot be checked here; use CASE", at);
        }
        let outputs = self.of_source(pivot.table, |me, depth| {
            let mut used = Vec::new();
            let aggregates = std::mem::replace(&mut me.reading, Reading::new(Clause::Select));
            for aggregate in pivot.aggregates {
                me.expr(&aggregate.expr);
                names_in(&aggregate.expr, &mut used);
            }
            if me.reading.aggregates < pivot.aggregates.len() {
                me.refuse("aggregate_misuse", "PIVOT needs an aggregate", at);
            }
            me.reading = aggregates;
            for column in pivot.by {
                me.in_clause(Clause::GroupBy, |me| me.expr(column));
                names_in(column, &mut used);
            }
            let keys = match pivot.keys {
                Some(Expr::Tuple(keys)) => keys.as_slice(),
                Some(Expr::Nested(key)) => std::slice::from_ref(key.as_ref()),
                Some(other) => {
                    me.unsupported("that form of GROUP BY in PIVOT", start_of(other));
                    &[]
                }
                None => &[],
            };
            let mut kept = Vec::new();
            for key in keys {
                me.in_clause(Clause::GroupBy, |me| me.expr(key));
                names_in(key, &mut kept);
            }
            let folded = |me: &Self, idents: &[Ident]| -> Vec<String> {
                idents.iter().map(|ident| me.column_key(ident)).collect()
            };
            let (used, kept) = (folded(me, &used), folded(me, &kept));
            let mut outputs = me.star(depth);
            if pivot.keys.is_some() {
                outputs.retain(|output| kept.contains(&output.key));
            } else {
                outputs.retain(|output| !used.contains(&output.key));
            }
            me.pivoted(pivot, at, &mut outputs);
            outputs
        });
        self.add_derived(outputs, pivot.alias, scope);
    }

    /// A column for each value, and for each aggregate if there are several.
    fn pivoted(
        &mut self,
        pivot: &Pivot<'_>,
        at: sqlparser::tokenizer::Location,
        outputs: &mut Vec<Output>,
    ) {
        let PivotValueSource::List(values) = pivot.values else {
            self.refuse(
                "unsupported",
                "PIVOT needs its values: FOR column IN ('a', 'b')",
                at,
            );
            return;
        };
        for value in values {
            self.in_clause(Clause::Values, |me| me.expr(&value.expr));
            let name = match (&value.alias, &value.expr) {
                (Some(alias), _) => alias.value.clone(),
                (None, Expr::Value(literal)) => match &literal.value {
                    Literal::SingleQuotedString(text) => text.clone(),
                    other => other.to_string(),
                },
                (None, expr) => expr.to_string(),
            };
            for aggregate in pivot.aggregates {
                let name = match &aggregate.alias {
                    Some(alias) => format!("{name}_{}", alias.value),
                    None if pivot.aggregates.len() > 1 => format!("{name}_{}", aggregate.expr),
                    None => name.clone(),
                };
                outputs.push(column(&name, Ty::Any));
            }
        }
    }

    pub(super) fn unpivot(
        &mut self,
        table: &TableFactor,
        (value, name): (&Expr, &Ident),
        columns: &[ExprWithAlias],
        alias: Option<&TableAlias>,
        scope: &mut Scope,
    ) {
        let at = super::from::factor_start(table);
        if self.dialect != Dialect::Duckdb {
            self.refuse(
                "unsupported",
                "UNPIVOT cannot be checked here; use UNION ALL",
                at,
            );
        }
        let Expr::Identifier(value) = value else {
            self.unsupported("several values in UNPIVOT", start_of(value));
            return;
        };
        let outputs = self.of_source(table, |me, depth| {
            let mut used = Vec::new();
            for column in columns {
                me.in_clause(Clause::GroupBy, |me| me.expr(&column.expr));
                names_in(&column.expr, &mut used);
            }
            let used: Vec<String> = used.iter().map(|ident| me.column_key(ident)).collect();
            let mut outputs = me.star(depth);
            outputs.retain(|output| !used.contains(&output.key));
            outputs.push(column(&name.value, Ty::of(ValueKind::Text)));
            outputs.push(column(&value.value, Ty::Any));
            outputs
        });
        self.rows *= columns.len().max(1) as f64;
        self.add_derived(outputs, alias, scope);
    }

    /// Reads `table` with a scope of its own, and what is said about it within that.
    fn of_source(
        &mut self,
        table: &TableFactor,
        read: impl FnOnce(&mut Self, usize) -> Vec<Output>,
    ) -> Vec<Output> {
        let mut inner = Scope::default();
        self.factor(table, &mut inner);
        self.scopes.push(inner);
        let outer = self.reading;
        let outputs = read(self, self.scopes.len() - 1);
        self.reading = outer;
        self.scopes.pop();
        outputs
    }

    fn add_derived(&mut self, outputs: Vec<Output>, alias: Option<&TableAlias>, scope: &mut Scope) {
        match alias {
            Some(alias) => {
                let columns = self.renamed(outputs, &alias.columns, &alias.name);
                self.add(Some(&alias.name), None, columns, scope);
            }
            None => self.add(None, None, Columns::Derived(outputs.into()), scope),
        }
    }
}

fn column(name: &str, ty: Ty) -> Output {
    Output {
        key: column_key(name, Dialect::Duckdb),
        name: name.to_owned(),
        ty,
        origin: None,
        rooted: true,
        longest: ty.usual_length(),
        aggregate: false,
        window: false,
        named: true,
    }
}

/// The columns that `expr` names.
fn names_in(expr: &Expr, names: &mut Vec<Ident>) {
    let _ = visit_expressions(expr, |part| {
        match part {
            Expr::Identifier(ident) => names.push(ident.clone()),
            Expr::CompoundIdentifier(parts) => names.extend(parts.last().cloned()),
            _ => {}
        }
        ControlFlow::<()>::Continue(())
    });
}
