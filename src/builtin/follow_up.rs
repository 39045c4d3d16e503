//! Follow-ups: the previous query is edited, so that its filters survive whoever wrote it.

use crate::builtin::catalogue::{ColumnId, TableId};
use crate::builtin::glossary::Given;
use crate::builtin::linking::Linker;
use crate::builtin::plan::{Condition, Expr as Wanted, Place};
use crate::builtin::planning::{Planner, readable};
use crate::builtin::reading::{By, Reading};
use crate::builtin::render::{PLACE, RANKED, Renderer};
use crate::schema::Schema;
use sqlparser::ast::{
    Expr, GroupByExpr, ObjectNamePart, Query, Select, SelectItem, SetExpr, Statement, TableFactor,
    visit_expressions,
};
use sqlparser::dialect::{
    Dialect as Grammar, DuckDbDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect,
};
use sqlparser::parser::Parser;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// The edited query, and what was changed.
pub struct Edited {
    pub sql: String,
    pub changes: Vec<String>,
    pub doubts: f32,
}

pub struct Editor<'a> {
    pub schema: &'a Schema,
    pub linker: &'a Linker,
    pub renderer: Renderer<'a>,
}

/// A table of the previous query, and how it is called there.
struct Known {
    tables: Vec<(TableId, String)>,
}

impl Editor<'_> {
    /// `previous` changed as `reading` says; `None` when it cannot be parsed or nothing is to be changed.
    ///
    /// `given` are conditions that the glossary defines.
    pub fn edit(
        &self,
        previous: &str,
        reading: &Reading,
        given: &[Given],
        choice: Option<&str>,
    ) -> Option<Edited> {
        let mut query = self.parse(previous)?;
        let SetExpr::Select(select) = query.body.as_mut() else {
            return self.wrapped(previous, reading).filter(|_| given.is_empty());
        };
        let says = |words: &[&str]| reading.units.iter().any(|unit| unit.is(words));
        let counts = says(&["count", "many"]);
        if let Some(ranked) = ranked_rows(select) {
            if counts {
                return self.wrapped(previous, reading).filter(|_| given.is_empty());
            }
            return self.edit_ranked(previous, ranked.to_string(), reading, given, choice);
        }
        let mut known = self.known(select);
        let home = known.tables.first()?.0;
        let mut changes = Vec::new();
        let mut doubts = 0.0;
        if counts
            && reading.groups.is_empty()
            && reading.grain.is_none()
            && !says(&["top"])
            && reading.values.is_empty()
            && reading.moments.is_empty()
            && given.is_empty()
        {
            return self.wrapped(previous, reading);
        }
        let mut planner =
            Planner::new(self.schema, self.linker, reading, choice).given(given.to_vec());
        // columns filtered before come first when a value occurs in several
        let mut filtered: Vec<ColumnId> = select
            .selection
            .iter()
            .flat_map(|selection| self.columns_in(selection, &known))
            .collect();
        // then those that are shown or grouped by
        if let GroupByExpr::Expressions(list, _) = &select.group_by {
            filtered.extend(list.iter().filter_map(|expr| self.column_of(expr, &known)));
        }
        for item in &select.projection {
            if let SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } = item {
                filtered.extend(self.column_of(expr, &known));
            }
        }
        let tables: Vec<TableId> = known.tables.iter().map(|(table, _)| *table).collect();
        let (filters, uncertain) = planner.follow_up_filters(home, &tables, &filtered);
        doubts += uncertain;
        let adds =
            says(&["also", "add", "plus", "additionally", "well", "too"]) && !says(&["only"]);
        for (id, condition) in filters {
            self.join(select, &mut known, id.table)?;
            let text = self.condition(&condition, &known);
            let wanted = self.expression(&text)?;
            let name = readable(&self.schema.tables[id.table].columns[id.column].name);
            let replaced = self.put(select, &known, id, wanted, adds, &condition);
            changes.push(if replaced {
                format!("changed the filter on {name}")
            } else {
                format!("added a filter on {name}")
            });
        }
        self.regroup(
            select,
            &mut query.order_by,
            &mut known,
            reading,
            &mut planner,
            home,
            &mut changes,
        )?;
        self.show_more(
            select,
            &mut known,
            reading,
            &mut planner,
            home,
            &mut changes,
        );
        let projection = select.projection.clone();
        let grouped =
            matches!(&select.group_by, GroupByExpr::Expressions(list, _) if !list.is_empty());
        // sorting
        if let Some(order) = reading.orders.first() {
            let target =
                self.sort_target(order.by, reading, &projection, &known, &mut planner, home)?;
            let direction = if order.descending { " DESC" } else { "" };
            query.order_by = self
                .parse(&format!("SELECT 1 ORDER BY {target}{direction}"))?
                .order_by;
            changes.push(format!("sorted by {target}"));
        }
        if let Some(top) = &reading.top {
            if top.counted || matches!(top.by, By::Unsaid) {
                let limit = top.limit;
                query.limit_clause = self.parse(&format!("SELECT 1 LIMIT {limit}"))?.limit_clause;
                changes.push(format!("kept the first {limit}"));
            }
            // the best of a series by time are its largest, not its first
            let series = grouped
                && !matches!(top.by, By::Sequence)
                && !sorts_by_number(&query.order_by, &projection);
            let by_said = !matches!(top.by, By::Unsaid | By::Sequence | By::Events);
            if by_said || series || query.order_by.is_none() && grouped {
                let target = if by_said {
                    self.sort_target(top.by, reading, &projection, &known, &mut planner, home)
                } else {
                    self.sort_target(
                        By::Measure,
                        reading,
                        &projection,
                        &known,
                        &mut planner,
                        home,
                    )
                };
                if let Some(target) = target {
                    let direction = if top.large { " DESC" } else { "" };
                    query.order_by = self
                        .parse(&format!("SELECT 1 ORDER BY {target}{direction}"))?
                        .order_by;
                }
            }
        } else if let Some(number) = self.bare_number(reading) {
            query.limit_clause = self
                .parse(&format!("SELECT 1 LIMIT {number}"))?
                .limit_clause;
            changes.push(format!("kept the first {number}"));
        }
        if says(&[
            "share",
            "shares",
            "percent",
            "percentage",
            "percentages",
            "proportion",
        ]) && grouped
        {
            self.show_share(&mut query, &mut changes);
        }
        if changes.is_empty() {
            return None;
        }
        Some(Edited {
            sql: query.to_string(),
            changes,
            doubts,
        })
    }

    /// "as a share": what part of all groups' number each has.
    fn show_share(&self, query: &mut Query, changes: &mut Vec<String>) {
        let SetExpr::Select(select) = query.body.as_mut() else {
            return;
        };
        let number = select.projection.iter().find_map(|item| match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }
                if is_aggregate(item) =>
            {
                Some(expr.to_string())
            }
            _ => None,
        });
        let share = number.and_then(|number| {
            self.parse(&format!(
                "SELECT 100.0 * {number} / SUM({number}) OVER () AS percent"
            ))
        });
        if let Some(share) = share
            && let SetExpr::Select(share) = *share.body
        {
            select.projection.extend(share.projection);
            changes.push("added the share of the whole".to_owned());
        }
    }

    fn parse(&self, sql: &str) -> Option<Query> {
        if sql.len() > 20_000 {
            return None;
        }
        let grammar = grammar(self.renderer.dialect);
        let mut statements = Parser::new(grammar.as_ref())
            .with_recursion_limit(60)
            .try_with_sql(sql)
            .ok()?
            .parse_statements()
            .ok()?;
        match (statements.pop()?, statements.is_empty()) {
            (Statement::Query(query), true) => Some(*query),
            _ => None,
        }
    }

    fn expression(&self, text: &str) -> Option<Expr> {
        let query = self.parse(&format!("SELECT 1 FROM t WHERE {text}"))?;
        match *query.body {
            SetExpr::Select(select) => select.selection,
            _ => None,
        }
    }

    /// The best of each group: conditions belong before the ranking, a number to it.
    fn edit_ranked(
        &self,
        previous: &str,
        rows: String,
        reading: &Reading,
        given: &[Given],
        choice: Option<&str>,
    ) -> Option<Edited> {
        let number = match &reading.top {
            Some(top) => top.counted.then_some(top.limit),
            None => self.bare_number(reading),
        };
        let mut inner = reading.clone();
        inner.top = None;
        let edited = match number {
            // a number alone changes nothing about the rows
            Some(_) if inner.values.is_empty() && inner.moments.is_empty() && given.is_empty() => {
                None
            }
            _ => Some(self.edit(&rows, &inner, given, choice)?),
        };
        let mut query = self.parse(previous)?;
        let SetExpr::Select(select) = query.body.as_mut() else {
            return None;
        };
        let mut changes = Vec::new();
        let mut doubts = 0.0;
        if let Some(edited) = edited {
            *ranked_rows(select)? = self.parse(&edited.sql)?;
            changes = edited.changes;
            doubts = edited.doubts;
        }
        if let Some(number) = number {
            select.selection = self.expression(&format!("{PLACE} <= {number}"));
            changes.push(format!("kept the first {number} of each"));
        }
        Some(Edited {
            sql: query.to_string(),
            changes,
            doubts,
        })
    }

    /// "how many are there?": the previous query, counted.
    fn wrapped(&self, previous: &str, reading: &Reading) -> Option<Edited> {
        let counts = reading.units.iter().any(|unit| unit.is(&["count", "many"]));
        if !counts {
            return None;
        }
        self.parse(previous)?;
        let sql = format!(
            "SELECT COUNT(*) AS count FROM ({}) AS previous",
            previous.trim().trim_end_matches(';')
        );
        Some(Edited {
            sql,
            changes: vec!["counted the rows of the previous answer".into()],
            doubts: 0.0,
        })
    }

    fn known(&self, select: &Select) -> Known {
        let mut tables = Vec::new();
        let mut add = |factor: &TableFactor| {
            if let TableFactor::Table { name, alias, .. } = factor {
                let Some(ObjectNamePart::Identifier(last)) = name.0.last() else {
                    return;
                };
                let position = self
                    .schema
                    .tables
                    .iter()
                    .position(|table| table.name.eq_ignore_ascii_case(&last.value));
                if let Some(position) = position {
                    let called = alias
                        .as_ref()
                        .map_or_else(|| last.to_string(), |alias| alias.name.to_string());
                    tables.push((position, called));
                }
            }
        };
        for from in &select.from {
            add(&from.relation);
            from.joins.iter().for_each(|join| add(&join.relation));
        }
        Known { tables }
    }

    fn column_of(&self, expr: &Expr, known: &Known) -> Option<ColumnId> {
        let (called, name) = match expr {
            Expr::Identifier(name) => (None, &name.value),
            Expr::CompoundIdentifier(parts) => (
                parts.len().checked_sub(2).map(|at| &parts[at].value),
                &parts.last()?.value,
            ),
            _ => return None,
        };
        known
            .tables
            .iter()
            .filter(|(_, alias)| {
                called.is_none_or(|called| {
                    alias.trim_matches(['"', '`']).eq_ignore_ascii_case(called)
                })
            })
            .find_map(|(table, _)| {
                let column = self.schema.tables[*table]
                    .columns
                    .iter()
                    .position(|column| column.name.eq_ignore_ascii_case(name))?;
                Some(ColumnId {
                    table: *table,
                    column,
                })
            })
    }

    fn columns_in(&self, expr: &Expr, known: &Known) -> Vec<ColumnId> {
        let mut found = Vec::new();
        let _ = visit_expressions(expr, |part| {
            if let Some(id) = self.column_of(part, known)
                && !found.contains(&id)
            {
                found.push(id);
            }
            ControlFlow::<()>::Continue(())
        });
        found
    }

    fn aliases(&self, known: &Known) -> HashMap<Place, String> {
        let several = known.tables.len() > 1;
        known
            .tables
            .iter()
            .rev()
            .map(|(table, alias)| {
                (
                    Place::of(*table),
                    if several {
                        alias.clone()
                    } else {
                        String::new()
                    },
                )
            })
            .collect()
    }

    fn condition(&self, condition: &Condition, known: &Known) -> String {
        self.renderer
            .condition_among(condition, self.aliases(known))
    }

    /// Makes sure that `table` is in FROM, along foreign keys.
    fn join(&self, select: &mut Select, known: &mut Known, table: TableId) -> Option<()> {
        if known.tables.iter().any(|(other, _)| *other == table) {
            return Some(());
        }
        let root = known.tables.first()?.0;
        let mut wanted: Vec<TableId> = known.tables.iter().map(|(table, _)| *table).collect();
        wanted.push(table);
        let tree = self
            .linker
            .graph
            .tree(&self.linker.catalogue, root, &wanted, &|_| false)?;
        let path: Vec<_> = tree
            .steps
            .into_iter()
            .filter(|step| !known.tables.iter().any(|(other, _)| *other == step.to))
            .collect();
        // an unqualified column may become ambiguous: qualify by the table's own name first
        let mut joins = String::new();
        for step in &path {
            let edge = &self.linker.graph.edges[step.edge];
            let name = self.renderer.name(&self.schema.tables[step.to].name);
            known.tables.push((step.to, name.clone()));
            let called = |table: TableId| {
                known
                    .tables
                    .iter()
                    .find(|(other, _)| *other == table)
                    .map(|(_, alias)| alias.clone())
                    .unwrap_or_default()
            };
            let on: Vec<String> = edge
                .child_columns
                .iter()
                .zip(&edge.parent_columns)
                .map(|(own, key)| {
                    let column = |table: TableId, at: usize| {
                        format!(
                            "{}.{}",
                            called(table),
                            self.renderer
                                .name(&self.schema.tables[table].columns[at].name)
                        )
                    };
                    format!(
                        "{} = {}",
                        column(edge.child, *own),
                        column(edge.parent, *key)
                    )
                })
                .collect();
            joins.push_str(&format!(" JOIN {name} ON {}", on.join(" AND ")));
        }
        self.qualify(select, known);
        let parsed = self.parse(&format!("SELECT 1 FROM t{joins}"))?;
        let SetExpr::Select(parsed) = *parsed.body else {
            return None;
        };
        select
            .from
            .first_mut()?
            .joins
            .extend(parsed.from.into_iter().next()?.joins);
        Some(())
    }

    /// Bare columns get their table's name, before another table comes in.
    fn qualify(&self, select: &mut Select, known: &Known) {
        let before = Known {
            tables: known.tables.iter().take(1).cloned().collect(),
        };
        if select.from.len() != 1 || !select.from[0].joins.is_empty() {
            return;
        }
        let alias = before.tables[0].1.clone();
        let _ = sqlparser::ast::visit_expressions_mut(select, |part| {
            if let Expr::Identifier(name) = part
                && self
                    .column_of(&Expr::Identifier(name.clone()), &before)
                    .is_some()
                && let Some(full) = self.expression(&format!("{alias}.{name}"))
            {
                *part = full;
            }
            ControlFlow::<()>::Continue(())
        });
    }

    /// Puts a condition into WHERE, in place of those on the same column; true when one was there.
    fn put(
        &self,
        select: &mut Select,
        known: &Known,
        id: ColumnId,
        wanted: Expr,
        adds: bool,
        condition: &Condition,
    ) -> bool {
        let Some(selection) = select.selection.take() else {
            select.selection = Some(wanted);
            return false;
        };
        let mut parts = Vec::new();
        conjuncts(selection, &mut parts);
        let on_column = |part: &Expr| {
            let columns = self.columns_in(part, known);
            columns == [id] && !matches!(part, Expr::Exists { .. })
        };
        let is_comparison = matches!(condition, Condition::Compare(..));
        let at = parts
            .iter()
            .position(on_column)
            .filter(|_| !is_comparison || parts.iter().filter(|part| on_column(part)).count() == 1);
        let mut replaced = false;
        match at {
            Some(at) if adds => {
                // a period is two conditions, and both belong to it
                let old: Vec<String> = parts
                    .iter()
                    .filter(|part| on_column(part))
                    .map(ToString::to_string)
                    .collect();
                let either = format!("(({}) OR ({wanted}))", old.join(" AND "));
                if let Some(either) = self.expression(&either) {
                    let mut index = 0;
                    parts.retain(|part| {
                        let keep = index <= at || !on_column(part);
                        index += 1;
                        keep
                    });
                    parts[at] = either;
                }
                replaced = true;
            }
            Some(at) => {
                parts[at] = wanted;
                let mut index = 0;
                parts.retain(|part| {
                    let keep = index <= at || !on_column(part);
                    index += 1;
                    keep
                });
                replaced = true;
            }
            None => parts.push(wanted),
        }
        let text: Vec<String> = parts
            .iter()
            .map(|part| {
                if matches!(
                    part,
                    Expr::BinaryOp {
                        op: sqlparser::ast::BinaryOperator::Or,
                        ..
                    }
                ) {
                    format!("({part})")
                } else {
                    part.to_string()
                }
            })
            .collect();
        select.selection = self.expression(&text.join(" AND "));
        replaced
    }

    /// "and by month?", "per country instead".
    #[allow(clippy::too_many_arguments)]
    fn regroup(
        &self,
        select: &mut Select,
        order: &mut Option<sqlparser::ast::OrderBy>,
        known: &mut Known,
        reading: &Reading,
        planner: &mut Planner<'_>,
        home: TableId,
        changes: &mut Vec<String>,
    ) -> Option<()> {
        let tables: Vec<TableId> = known.tables.iter().map(|(table, _)| *table).collect();
        let mut added: Vec<(String, Option<String>)> = Vec::new();
        let mut time = false;
        if let Some((grain, at)) = reading.grain {
            let id = planner.date_for(home, &tables, grain, at)?;
            self.join(select, known, id.table)?;
            let date = Wanted::of(id);
            let expr = if planner.is_year(id) {
                date
            } else {
                Wanted::Truncated(grain, Box::new(date))
            };
            added.push((
                self.renderer.expr_among(&expr, self.aliases(known)),
                Some(grain.name().to_owned()),
            ));
            time = true;
        }
        for &at in &reading.groups {
            for id in planner.group_columns(at, home) {
                self.join(select, known, id.table)?;
                added.push((
                    self.renderer
                        .expr_among(&Wanted::of(id), self.aliases(known)),
                    None,
                ));
            }
        }
        if added.is_empty() {
            return Some(());
        }
        let aggregates: Vec<SelectItem> = select
            .projection
            .iter()
            .filter(|item| is_aggregate(item))
            .cloned()
            .collect();
        let old_groups: Vec<Expr> = match &select.group_by {
            GroupByExpr::Expressions(list, _) => list.clone(),
            GroupByExpr::All(_) => Vec::new(),
        };
        let instead = reading
            .units
            .iter()
            .any(|unit| unit.is(&["instead", "about"]));
        let is_time = |text: &str| {
            ["date_trunc", "strftime", "extract", "date_format", "year("]
                .iter()
                .any(|name| text.to_ascii_lowercase().contains(name))
        };
        let mut keep_items = Vec::new();
        let mut keep_groups = Vec::new();
        if !aggregates.is_empty() && !instead {
            for item in &select.projection {
                let text = item.to_string();
                if !is_aggregate(item)
                    && !(time && is_time(&text))
                    && !added.iter().any(|(new, _)| *new == text)
                {
                    keep_items.push(text);
                }
            }
            for group in &old_groups {
                let text = group.to_string();
                if !(time && is_time(&text)) && !added.iter().any(|(new, _)| *new == text) {
                    keep_groups.push(text);
                }
            }
        }
        let mut items = keep_items;
        let mut groups = keep_groups;
        for (text, name) in &added {
            items.push(match name {
                Some(name) => format!("{text} AS {}", self.renderer.name(name)),
                None => text.clone(),
            });
            groups.push(text.clone());
        }
        if aggregates.is_empty() {
            items.push("COUNT(*) AS count".into());
        } else {
            items.extend(aggregates.iter().map(ToString::to_string));
        }
        let parsed = self.parse(&format!(
            "SELECT {} FROM t GROUP BY {}",
            items.join(", "),
            groups.join(", ")
        ))?;
        let SetExpr::Select(parsed) = *parsed.body else {
            return None;
        };
        select.projection = parsed.projection;
        select.group_by = parsed.group_by;
        select.distinct = None;
        // an order by what is no longer shown cannot stay
        let sorted = if time {
            added[0].1.clone().unwrap_or_default()
        } else {
            String::new()
        };
        if sorts_by_number(order, &select.projection) && !time {
            changes.push("kept the order".to_owned());
        } else {
            *order = if time {
                self.parse(&format!(
                    "SELECT 1 ORDER BY {}",
                    self.renderer.name(&sorted)
                ))?
                .order_by
            } else {
                None
            };
        }
        let names: Vec<String> = added
            .iter()
            .map(|(text, name)| {
                name.clone()
                    .unwrap_or_else(|| text.rsplit('.').next().unwrap_or(text).to_owned())
            })
            .collect();
        changes.push(format!("grouped by {}", names.join(", ")));
        Some(())
    }

    /// "also show the city": more columns of a list.
    fn show_more(
        &self,
        select: &mut Select,
        known: &mut Known,
        reading: &Reading,
        planner: &mut Planner<'_>,
        home: TableId,
        changes: &mut Vec<String>,
    ) {
        let asks = reading
            .units
            .iter()
            .any(|unit| unit.is(&["show", "add", "include", "also", "with"]))
            && reading.values.is_empty()
            && reading.top.is_none()
            && reading.orders.is_empty();
        let grouped =
            matches!(&select.group_by, GroupByExpr::Expressions(list, _) if !list.is_empty());
        if !asks || grouped || select.projection.iter().any(is_aggregate) {
            return;
        }
        for &at in reading.outputs.iter().chain(&reading.context) {
            for id in planner.group_columns(at, home) {
                if self.join(select, known, id.table).is_none() {
                    continue;
                }
                let text = self
                    .renderer
                    .expr_among(&Wanted::of(id), self.aliases(known));
                if select
                    .projection
                    .iter()
                    .any(|item| item.to_string() == text)
                {
                    continue;
                }
                if let Some(query) = self.parse(&format!("SELECT {text} FROM t"))
                    && let SetExpr::Select(parsed) = *query.body
                {
                    select.projection.extend(parsed.projection);
                    changes.push(format!(
                        "added {}",
                        readable(&self.schema.tables[id.table].columns[id.column].name)
                    ));
                }
            }
        }
    }

    /// What to sort by: a column of the answer where one fits, else a column of its tables.
    fn sort_target(
        &self,
        by: By,
        reading: &Reading,
        projection: &[SelectItem],
        known: &Known,
        planner: &mut Planner<'_>,
        home: TableId,
    ) -> Option<String> {
        let shown = |item: &SelectItem| match item {
            SelectItem::ExprWithAlias { alias, .. } => Some(alias.to_string()),
            SelectItem::UnnamedExpr(expr) => Some(expr.to_string()),
            _ => None,
        };
        let aggregate = || {
            projection
                .iter()
                .rev()
                .find(|item| is_aggregate(item))
                .and_then(shown)
        };
        let by_words = |stems: &[String]| {
            projection.iter().find_map(|item| {
                let name = shown(item)?;
                let own: Vec<String> = crate::builtin::tokens::identifier_words(&name)
                    .iter()
                    .map(|word| crate::builtin::tokens::stem(word))
                    .collect();
                stems.iter().any(|stem| own.contains(stem)).then_some(name)
            })
        };
        match by {
            By::Unit(at) => {
                let stems: Vec<String> = reading.units[at]
                    .text
                    .split(' ')
                    .map(crate::builtin::tokens::stem)
                    .collect();
                by_words(&stems).or_else(|| {
                    let id = *planner.group_columns(at, home).first()?;
                    known
                        .tables
                        .iter()
                        .any(|(table, _)| *table == id.table)
                        .then(|| {
                            self.renderer
                                .expr_among(&Wanted::of(id), self.aliases(known))
                        })
                })
            }
            By::Revenue => {
                by_words(&["revenu".into(), "sale".into(), "total".into()]).or_else(aggregate)
            }
            By::Quantity => by_words(&["quantiti".into()]).or_else(aggregate),
            By::Unsaid => projection.first().and_then(shown),
            By::Adjective(found) => {
                let stems: Vec<String> = found
                    .columns
                    .iter()
                    .chain(found.dates)
                    .map(|word| (*word).to_owned())
                    .collect();
                by_words(&stems)
                    .or_else(|| {
                        planner.adjective_for(found, home).map(|id| {
                            self.renderer
                                .expr_among(&Wanted::of(id), self.aliases(known))
                        })
                    })
                    .or_else(aggregate)
            }
            _ => {
                // "sort by total descending": the word may be an alias
                let stems: Vec<String> = reading
                    .units
                    .iter()
                    .flat_map(|unit| {
                        unit.text
                            .split(' ')
                            .map(crate::builtin::tokens::stem)
                            .collect::<Vec<_>>()
                    })
                    .filter(|stem| {
                        !["sort", "order", "by", "desc", "asc", "descend", "ascend"]
                            .contains(&stem.as_str())
                    })
                    .collect();
                by_words(&stems)
                    .or_else(aggregate)
                    .or_else(|| projection.first().and_then(shown))
            }
        }
    }

    /// "only 5", "just the first 10".
    fn bare_number(&self, reading: &Reading) -> Option<u64> {
        let short = reading.units.len() <= 6
            && reading.values.is_empty()
            && reading.moments.is_empty()
            && reading.comparisons.is_empty();
        let number = reading
            .units
            .iter()
            .find_map(|unit| unit.number.filter(|_| unit.digits))?;
        let asks = reading
            .units
            .iter()
            .any(|unit| unit.is(&["only", "just", "limit", "show", "rows", "first", "top"]));
        (short && asks && number >= 1.0 && number.fract() == 0.0).then_some(number as u64)
    }
}

pub(super) fn grammar(dialect: crate::query::Dialect) -> Box<dyn Grammar> {
    match dialect {
        crate::query::Dialect::Mysql => Box::new(MySqlDialect {}),
        crate::query::Dialect::Sqlite => Box::new(SQLiteDialect {}),
        crate::query::Dialect::Duckdb => Box::new(DuckDbDialect {}),
        _ => Box::new(PostgreSqlDialect {}),
    }
}

/// The query whose rows are ranked, in one that keeps the best of each group.
fn ranked_rows(select: &mut Select) -> Option<&mut Query> {
    let [from] = select.from.as_mut_slice() else {
        return None;
    };
    match &mut from.relation {
        TableFactor::Derived {
            subquery,
            alias: Some(alias),
            ..
        } if alias.name.value == RANKED => Some(subquery),
        _ => None,
    }
}

fn conjuncts(expr: Expr, out: &mut Vec<Expr>) {
    match expr {
        Expr::BinaryOp {
            left,
            op: sqlparser::ast::BinaryOperator::And,
            right,
        } => {
            conjuncts(*left, out);
            conjuncts(*right, out);
        }
        Expr::Nested(inner)
            if matches!(
                *inner,
                Expr::BinaryOp {
                    op: sqlparser::ast::BinaryOperator::And,
                    ..
                }
            ) =>
        {
            conjuncts(*inner, out)
        }
        other => out.push(other),
    }
}

fn is_aggregate(item: &SelectItem) -> bool {
    let text = item.to_string().to_ascii_lowercase();
    ["count(", "sum(", "avg(", "min(", "max("]
        .iter()
        .any(|name| text.contains(name))
}

/// The previous query is ordered by a number that it computes.
fn sorts_by_number(order: &Option<sqlparser::ast::OrderBy>, projection: &[SelectItem]) -> bool {
    let Some(order) = order else {
        return false;
    };
    let order = order.to_string().to_ascii_lowercase();
    projection
        .iter()
        .filter(|item| is_aggregate(item))
        .any(|item| match item {
            SelectItem::ExprWithAlias { alias, .. } => {
                order.contains(&alias.value.to_ascii_lowercase())
            }
            item => order.contains(&item.to_string().to_ascii_lowercase()),
        })
}

/// The words that make a message lean on the one before; how strongly, in 0..=1.
pub fn leaning(text: &str) -> f32 {
    let text = text.trim().to_lowercase();
    let text = text.trim_start_matches(['"', '\'']);
    const STRONG: &[&str] = &[
        "now ",
        "only ",
        "just ",
        "what about",
        "how about",
        "and ",
        "but ",
        "same ",
        "also ",
        "instead",
        "then ",
        "ok now",
        "okay now",
        "sort ",
        "order by",
        "order it",
        "order them",
        "sorted by",
        "limit ",
        "filter ",
        "exclude ",
        "excluding ",
        "without the",
        "remove ",
        "add ",
        "narrow ",
        "restrict ",
        "make it",
        "make that",
        "for ",
        "in ",
        "by ",
        "per ",
        "the top ",
        "group by",
        "grouped by",
        "show only",
        "show just",
        "broken down",
        "split by",
        "break it",
        "break that",
        "can you sort",
        "reverse",
        "except ",
        "not ",
        "what if",
        "as a ",
        "as percent",
        "how many are there",
        "how many is that",
        "how many of them",
        "how many of those",
        "count them",
        "count those",
        "drop ",
        "ignore ",
    ];
    const REFERRING: &[&str] = &[
        " them",
        " those",
        " these",
        " of that",
        " that result",
        " the result",
        " same ",
        " it by",
        " it to",
        " instead",
        " those ",
        " previous",
        " again",
    ];
    let strong = STRONG.iter().any(|start| text.starts_with(start)) || only_so_many(text);
    let referring = REFERRING
        .iter()
        .any(|part| format!(" {text} ").contains(part));
    let words = text.split_whitespace().count();
    let whole = [
        "what is", "what are", "which ", "who ", "how many", "how much", "list ", "show me",
        "give me", "find ",
    ]
    .iter()
    .any(|start| text.starts_with(start));
    match (strong, referring, whole) {
        (true, _, _) if words <= 12 => 0.93,
        (true, _, _) => 0.75,
        (false, true, _) => 0.85,
        (false, false, false) if words <= 3 => 0.65,
        _ => 0.0,
    }
}

/// "top 3", "first 10": nothing but a number of rows.
fn only_so_many(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    matches!(
        words.as_slice(),
        ["top" | "first" | "last" | "bottom", number] if number.parse::<u32>().is_ok()
    )
}
