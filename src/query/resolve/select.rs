//! One SELECT, clause by clause, in the order in which its names come into sight.

use super::{AliasUse, Clause, Output, Reading, Resolver, Scope, engine_name, place};
use crate::query::Dialect;
use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, GroupByWithModifier, Ident, LimitClause, NamedWindowExpr, OrderBy,
    OrderByExpr, OrderByKind, Select, SelectFlavor, WindowSpec,
};
use sqlparser::tokenizer::Location;

impl Resolver<'_> {
    pub(super) fn select(&mut self, select: &Select, order_by: Option<&OrderBy>) -> Vec<Output> {
        let outer = std::mem::replace(&mut self.reading, Reading::new(Clause::From));
        self.select_extras(select);

        let scope = self.from(&select.from);
        self.scopes.push(scope);
        let depth = self.scopes.len() - 1;
        for window in &select.named_window {
            let key = self.column_key(&window.0);
            self.scopes[depth].windows.push(key);
        }
        if self.dialect == Dialect::Duckdb {
            // DuckDB lets a select list use its own aliases
            self.scopes[depth].aliases = self.alias_names(&select.projection);
            self.scopes[depth].alias_use = AliasUse::Fallback;
        }

        self.reading.clause = Clause::Select;
        if let Some(Distinct::On(keys)) = &select.distinct {
            if matches!(self.dialect, Dialect::Postgres | Dialect::Duckdb) {
                let aliases = self.alias_names(&select.projection);
                let kept = std::mem::replace(&mut self.scopes[depth].aliases, aliases);
                self.scopes[depth].alias_use = AliasUse::First;
                for key in keys {
                    self.expr(key);
                }
                self.scopes[depth].aliases = kept;
                self.scopes[depth].alias_use = AliasUse::Never;
            } else {
                self.unsupported("DISTINCT ON", select.select_token.0.span.start);
            }
        }
        if self.dialect == Dialect::Duckdb {
            self.scopes[depth].alias_use = AliasUse::Fallback;
        }
        let outputs = match select.flavor {
            // FROM alone shows everything
            SelectFlavor::FromFirstNoSelect => self.star(depth),
            SelectFlavor::Standard | SelectFlavor::FromFirst => {
                self.projection(&select.projection, select.select_token.0.span.start)
            }
        };
        self.scopes[depth].aliases = outputs
            .iter()
            .filter(|output| output.named || self.dialect != Dialect::Sqlite)
            .cloned()
            .collect();

        if self.dialect == Dialect::Sqlite {
            self.with_aliases(depth, AliasIn::Where);
            self.on_conditions(&select.from);
        }
        if let Some(condition) = &select.selection {
            self.with_aliases(depth, AliasIn::Where);
            self.reading.clause = Clause::Where;
            self.condition(condition);
        }
        self.with_aliases(depth, AliasIn::GroupBy);
        self.reading.clause = Clause::GroupBy;
        self.group_by(&select.group_by, &outputs);
        if let Some(having) = &select.having {
            self.with_aliases(depth, AliasIn::Having);
            self.reading.clause = Clause::Having;
            self.condition(having);
        }
        self.scopes[depth].alias_use = AliasUse::Never;
        for window in &select.named_window {
            self.reading.clause = Clause::Window;
            match &window.1 {
                NamedWindowExpr::NamedWindow(name) => self.window_name(name),
                NamedWindowExpr::WindowSpec(spec) => self.window_spec(spec),
            }
        }
        if let Some(qualify) = &select.qualify {
            if self.dialect == Dialect::Duckdb {
                self.with_aliases(depth, AliasIn::Having);
                self.reading.clause = Clause::Qualify;
                self.condition(qualify);
            } else {
                self.unsupported("QUALIFY", place::start_of(qualify));
            }
        }
        if let Some(order_by) = order_by {
            self.with_aliases(depth, AliasIn::OrderBy);
            self.reading.clause = Clause::OrderBy;
            self.order_by(order_by, &outputs);
        }
        self.scopes[depth].alias_use = AliasUse::Never;
        self.check_grouping(select, order_by, &outputs);
        self.check_product(select, order_by.is_some());
        self.scopes.pop();
        self.aggregated.retain(|scope| *scope < depth);
        self.reading = outer;
        outputs
    }

    /// Clauses that none of our engines has, or that only one has.
    pub(super) fn select_extras(&mut self, select: &Select) {
        let Select {
            select_token,
            optimizer_hints,
            distinct: _,
            select_modifiers,
            top,
            top_before_distinct: _,
            projection: _,
            exclude,
            into,
            from: _,
            lateral_views,
            prewhere,
            selection: _,
            connect_by,
            group_by: _,
            cluster_by,
            distribute_by,
            sort_by,
            having: _,
            named_window: _,
            qualify: _,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        let at = select_token.0.span.start;
        if into.is_some() {
            self.refuse(
                "select_into",
                "INTO would write the result somewhere; only reading is allowed",
                at,
            );
        }
        if !optimizer_hints.is_empty() {
            self.refuse("executable_comment", "optimizer hints are not allowed", at);
        }
        if top.is_some() {
            self.refuse_with(
                "syntax_error",
                format!("TOP is not {}", engine_name(self.dialect)),
                at,
                Some("LIMIT n at the end".to_owned()),
            );
        }
        if let Some(modifiers) = select_modifiers {
            let harmless = self.dialect == Dialect::Mysql && modifiers.straight_join;
            if !harmless || modifiers.sql_calc_found_rows {
                self.unsupported("that word after SELECT", at);
            }
        }
        if !lateral_views.is_empty()
            || prewhere.is_some()
            || !connect_by.is_empty()
            || !cluster_by.is_empty()
            || !distribute_by.is_empty()
            || !sort_by.is_empty()
            || value_table_mode.is_some()
            || exclude.is_some()
        {
            self.unsupported("one of the clauses", at);
        }
        match flavor {
            SelectFlavor::Standard => {}
            SelectFlavor::FromFirst | SelectFlavor::FromFirstNoSelect => {
                if self.dialect != Dialect::Duckdb {
                    self.unsupported("FROM before SELECT", at);
                }
            }
        }
    }

    pub(super) fn group_by(&mut self, group_by: &GroupByExpr, outputs: &[Output]) {
        let (keys, modifiers) = match group_by {
            GroupByExpr::All(modifiers) => {
                if self.dialect != Dialect::Duckdb {
                    self.unsupported("GROUP BY ALL", Location::empty());
                }
                (&[][..], modifiers)
            }
            GroupByExpr::Expressions(keys, modifiers) => (&keys[..], modifiers),
        };
        for modifier in modifiers {
            match modifier {
                GroupByWithModifier::Rollup if self.dialect == Dialect::Mysql => {}
                GroupByWithModifier::Rollup
                | GroupByWithModifier::Cube
                | GroupByWithModifier::Totals => {
                    self.unsupported("WITH ROLLUP, CUBE or TOTALS", Location::empty());
                }
                GroupByWithModifier::GroupingSets(sets) => {
                    if matches!(self.dialect, Dialect::Postgres | Dialect::Duckdb) {
                        self.expr(sets);
                    } else {
                        self.unsupported("GROUPING SETS", place::start_of(sets));
                    }
                }
            }
        }
        for key in keys {
            match place::ordinal(key) {
                Some(position) => {
                    self.ordinal("GROUP BY", position, outputs, place::start_of(key));
                    if let Some(output) = position
                        .checked_sub(1)
                        .and_then(|index| outputs.get(index as usize))
                        && output.aggregate
                    {
                        self.refuse(
                            "aggregate_misuse",
                            "GROUP BY cannot name a column that is an aggregate",
                            place::start_of(key),
                        );
                    }
                }
                None => {
                    self.no_constant("GROUP BY", key);
                    self.expr(key);
                }
            }
        }
    }

    /// PostgreSQL takes a number for a position and no other constant.
    pub(super) fn no_constant(&mut self, clause: &str, key: &Expr) {
        if self.dialect == Dialect::Postgres && matches!(key, Expr::Value(_)) {
            self.refuse(
                "syntax_error",
                format!("{clause} takes a column or its position, not a constant"),
                place::start_of(key),
            );
        }
    }

    pub(super) fn order_by(&mut self, order_by: &OrderBy, outputs: &[Output]) {
        for key in self.order_keys(order_by) {
            match place::ordinal(&key.expr) {
                Some(position) => {
                    self.ordinal("ORDER BY", position, outputs, place::start_of(&key.expr));
                }
                None => {
                    // an alias comes first only where it stands alone
                    let depth = self.scopes.len() - 1;
                    self.scopes[depth].alias_use = match (&key.expr, self.dialect) {
                        (Expr::Identifier(_), _) => AliasUse::First,
                        (_, Dialect::Postgres) => AliasUse::Never,
                        _ => AliasUse::Fallback,
                    };
                    self.no_constant("ORDER BY", &key.expr);
                    self.expr(&key.expr);
                }
            }
        }
    }

    /// ORDER BY of a set operation: it knows the result's columns and nothing else.
    pub(super) fn order_set(&mut self, order_by: &OrderBy, branches: &[Vec<Output>]) {
        let first = branches.first().cloned().unwrap_or_default();
        let mut seen = first.clone();
        if self.dialect == Dialect::Sqlite {
            for branch in branches.iter().skip(1) {
                for output in branch {
                    if !seen.iter().any(|known| known.key == output.key) {
                        seen.push(output.clone());
                    }
                }
            }
        }
        let outer = std::mem::replace(&mut self.reading, Reading::new(Clause::Values));
        self.scopes.push(Scope {
            aliases: seen,
            alias_use: AliasUse::First,
            ..Scope::default()
        });
        for key in self.order_keys(order_by) {
            match place::ordinal(&key.expr) {
                Some(position) => {
                    self.ordinal("ORDER BY", position, &first, place::start_of(&key.expr));
                }
                None if self.dialect == Dialect::Postgres
                    && !matches!(
                        place::without_brackets(&key.expr),
                        Expr::Identifier(_) | Expr::Collate { .. }
                    ) =>
                {
                    self.refuse(
                        "syntax_error",
                        "ORDER BY after a set operation can only name a result column",
                        place::start_of(&key.expr),
                    );
                }
                None if self.dialect == Dialect::Sqlite
                    && matches!(key.expr, Expr::CompoundIdentifier(_) | Expr::Function(_)) =>
                {
                    // it must equal a term of one of the SELECTs, which have gone out of sight
                    self.set_order_term(&key.expr, branches);
                }
                None => {
                    self.expr(&key.expr);
                }
            }
        }
        self.scopes.pop();
        self.reading = outer;
    }

    pub(super) fn set_order_term(&mut self, term: &Expr, branches: &[Vec<Output>]) {
        let text = term.to_string().to_lowercase();
        let last = match term {
            Expr::CompoundIdentifier(parts) => parts.last().map(|part| self.column_key(part)),
            _ => None,
        };
        let known = branches
            .iter()
            .flatten()
            .any(|output| Some(&output.key) == last.as_ref() || output.name.to_lowercase() == text);
        if !known {
            self.refuse(
                "unknown_column",
                "ORDER BY after a set operation must name a result column",
                place::start_of(term),
            );
        }
    }

    /// The keys of an ORDER BY, its other parts checked.
    pub(super) fn order_keys<'q>(&mut self, order_by: &'q OrderBy) -> &'q [OrderByExpr] {
        if order_by.interpolate.is_some() {
            self.unsupported("INTERPOLATE", Location::empty());
        }
        match &order_by.kind {
            OrderByKind::All(_) => {
                if self.dialect != Dialect::Duckdb {
                    self.unsupported("ORDER BY ALL", Location::empty());
                }
                &[]
            }
            OrderByKind::Expressions(keys) => {
                for key in keys {
                    self.order_options(key);
                }
                keys
            }
        }
    }

    pub(super) fn order_options(&mut self, key: &OrderByExpr) {
        let at = place::start_of(&key.expr);
        if key.with_fill.is_some() {
            self.unsupported("WITH FILL", at);
        }
        if key.options.nulls_first.is_some() && self.dialect == Dialect::Mysql {
            self.unsupported("NULLS FIRST or LAST", at);
        }
        if let Some(sqlparser::ast::OrderBySort::Using(_)) = &key.options.sort {
            self.unsupported("ORDER BY … USING", at);
        }
    }

    pub(super) fn ordinal(
        &mut self,
        clause: &str,
        position: i64,
        outputs: &[Output],
        at: Location,
    ) {
        if (position < 1 || position as usize > outputs.len()) && self.findings.is_empty() {
            self.refuse(
                "unknown_column",
                format!(
                    "{clause} {position}: the result has {} columns",
                    outputs.len()
                ),
                at,
            );
        }
    }

    pub(super) fn limit(&mut self, clause: Option<&LimitClause>, at: Location) {
        match clause {
            None => {}
            Some(LimitClause::LimitOffset {
                limit,
                offset,
                limit_by,
            }) => {
                if !limit_by.is_empty() {
                    self.unsupported("LIMIT BY", at);
                }
                if limit.is_none()
                    && offset.is_some()
                    && matches!(self.dialect, Dialect::Sqlite | Dialect::Mysql)
                {
                    self.unsupported("OFFSET without LIMIT", at);
                }
                let exprs = limit.iter().chain(offset.iter().map(|o| &o.value));
                for expr in exprs {
                    self.limit_value(expr);
                }
            }
            Some(LimitClause::OffsetCommaLimit { offset, limit }) => {
                if !matches!(self.dialect, Dialect::Mysql | Dialect::Sqlite) {
                    self.unsupported("LIMIT offset, count", at);
                }
                self.limit_value(offset);
                self.limit_value(limit);
            }
        }
    }

    pub(super) fn limit_value(&mut self, expr: &Expr) {
        // LIMIT knows no column of the query
        let outer = std::mem::replace(&mut self.reading, Reading::new(Clause::Limit));
        self.expr(expr);
        self.reading = outer;
    }

    pub(super) fn window_spec(&mut self, spec: &WindowSpec) {
        let WindowSpec {
            window_name,
            partition_by,
            order_by,
            window_frame,
        } = spec;
        if let Some(name) = window_name {
            self.window_name(name);
        }
        for expr in partition_by {
            self.expr(expr);
        }
        for key in order_by {
            self.order_options(key);
            self.expr(&key.expr);
        }
        if let Some(frame) = window_frame {
            for bound in [Some(&frame.start_bound), frame.end_bound.as_ref()]
                .into_iter()
                .flatten()
            {
                use sqlparser::ast::WindowFrameBound;
                match bound {
                    WindowFrameBound::CurrentRow
                    | WindowFrameBound::Preceding(None)
                    | WindowFrameBound::Following(None) => {}
                    WindowFrameBound::Preceding(Some(expr))
                    | WindowFrameBound::Following(Some(expr)) => {
                        let before = self.reading.own_columns;
                        self.expr(expr);
                        if self.dialect == Dialect::Postgres && self.reading.own_columns > before {
                            self.refuse(
                                "window_misuse",
                                "how far a frame reaches is a constant, not a column",
                                place::start_of(expr),
                            );
                        }
                    }
                }
            }
        }
    }

    pub(super) fn window_name(&mut self, name: &Ident) {
        let key = self.column_key(name);
        let known = self
            .scopes
            .last()
            .is_some_and(|scope| scope.windows.contains(&key));
        if !known {
            self.refuse(
                "unknown_window",
                format!("there is no window called `{}`", name.value),
                name.span.start,
            );
        }
    }

    /// Makes aliases visible as the engine does in that clause.
    fn with_aliases(&mut self, depth: usize, place: AliasIn) {
        use AliasUse::{Fallback, First, Never};
        self.scopes[depth].alias_use = match (self.dialect, place) {
            (_, AliasIn::OrderBy) => First,
            (Dialect::Sqlite | Dialect::Duckdb, _) => Fallback,
            (Dialect::Mysql, AliasIn::GroupBy | AliasIn::Having) => Fallback,
            (Dialect::Postgres, AliasIn::GroupBy) => Fallback,
            (Dialect::Mysql | Dialect::Postgres | Dialect::Kdb, _) => Never,
        };
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum AliasIn {
    Where,
    GroupBy,
    Having,
    OrderBy,
}
