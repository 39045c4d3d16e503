//! Tops: "the 5 longest", "the best of each", "which month had the most".

use super::assemble::{Draft, push_all};
use super::measures::safe;
use super::{Entity, Filter, Noun, Outcome, Planner, column, place};
use crate::builtin::catalogue::{ColumnId, Kind, TableId};
use crate::builtin::dates::Grain;
use crate::builtin::lexicon::Adjective;
use crate::builtin::plan::{Condition, Expr, Place, Plan};
use crate::builtin::reading::{Aggregate, At, By, Comparator, Of, Top};

impl Planner<'_> {
    pub(super) fn superlative(
        &mut self,
        draft: &mut Draft,
        top: &Top,
        outputs: &[(At, Entity)],
        groups: &[(At, Entity)],
        home: TableId,
    ) -> Result<(), Outcome> {
        if self.reading.ranked_grain && draft.grain.is_some() {
            return self.ranked_grain(draft, top, outputs, groups, home);
        }
        // whose top it is: the outputs, or the home table
        let mut entities: Vec<(At, Entity)> = outputs.to_vec();
        if entities.is_empty() && groups.is_empty() {
            entities.push((0, Entity::Table(home)));
        }
        let entity_table = entities
            .iter()
            .chain(groups)
            .map(|(_, entity)| self.table_of(entity))
            .next()
            .unwrap_or(home);
        // "who has the most orders, Nancy or Margaret": those named compete
        let rivals = matches!(top.by, By::Unit(at) if matches!(self.noun(at, Some(entity_table), true), Some(Noun::Table(table)) if table == entity_table && !self.is_number_noun(at, entity_table)))
            && groups.is_empty()
            && entities
                .iter()
                .all(|(_, entity)| *entity == Entity::Table(entity_table));
        if rivals {
            let named = self.reading.values.iter().find_map(|test| {
                let hit = self.unit(test.at).values.iter().find(|hit| {
                    self.catalogue().tables[hit.column.table]
                        .label
                        .contains(&hit.column.column)
                })?;
                Some(hit.column.table)
            });
            match named.filter(|table| *table != entity_table) {
                Some(table) => entities = vec![(0, Entity::Table(table))],
                None => {
                    return Err(Outcome::NotUnderstood(format!(
                        "I am the built-in generator; I could not tell whose {} to count.",
                        self.plural(entity_table)
                    )));
                }
            }
        }
        let entity_table = entities
            .iter()
            .chain(groups)
            .map(|(_, entity)| self.table_of(entity))
            .next()
            .unwrap_or(home);
        let mut large = top.large;
        let mut target: Option<Expr> = None; // of a row
        let mut total: Option<(Expr, String, TableId)> = None; // of a group
        let mut by = top.by;
        if matches!(by, By::Unsaid) {
            by = self.unsaid(top, entity_table)?;
        }
        // events of a column's values: "most popular end station"
        let column_entity = entities.iter().all(
            |(_, entity)| matches!(entity, Entity::Columns(columns) if !self.is_label(columns)),
        );
        match by {
            By::Unit(at) => match self.noun(at, Some(entity_table), true) {
                Some(Noun::Table(table)) if !self.is_number_noun(at, entity_table) => {
                    let name = format!(
                        "{}_count",
                        safe(&super::measures::singular(&self.schema.tables[table].name))
                    );
                    total = Some((Expr::CountAll, name, table));
                }
                _ => {
                    let numeric = |id: ColumnId| {
                        self.catalogue().is_measure(id)
                            || self.catalogue().column(id).numeric_text
                            || self.catalogue().is_date(id)
                            || self.catalogue().kind(id) == Kind::Year
                    };
                    match self.column_of(at, Some(entity_table), &numeric) {
                        Some((id, _)) => {
                            let own = id.table == entity_table
                                || self.points_to(entity_table, id.table)
                                || entities
                                    .iter()
                                    .any(|(_, entity)| self.table_of(entity) == id.table);
                            // per value of a column, numbers add up
                            if own
                                && !(column_entity && self.says_total())
                                && !(column_entity
                                    && id.table == entity_table
                                    && top.counted
                                    && !self.catalogue().is_date(id)
                                    && self.repeats(&entities))
                            {
                                target = Some(column(id));
                            } else {
                                let extreme = [
                                    "highest", "lowest", "largest", "smallest", "greatest",
                                    "biggest", "maximum", "minimum",
                                ]
                                .contains(&self.reading.text(top.at))
                                    && !self.says_total();
                                let aggregate = if self.says_average() {
                                    Aggregate::Average
                                } else if extreme && large {
                                    Aggregate::Max
                                } else if extreme {
                                    Aggregate::Min
                                } else {
                                    Aggregate::Sum
                                };
                                let word = if aggregate == Aggregate::Average {
                                    "average"
                                } else {
                                    "total"
                                };
                                let name = format!(
                                    "{word}_{}",
                                    safe(&self.schema.tables[id.table].columns[id.column].name)
                                );
                                total = Some((
                                    Expr::Aggregate(aggregate, Box::new(column(id))),
                                    name,
                                    id.table,
                                ));
                            }
                        }
                        None => match self.noun(at, Some(entity_table), true) {
                            Some(Noun::Table(table)) => {
                                total = Some((
                                    Expr::CountAll,
                                    format!(
                                        "{}_count",
                                        safe(&super::measures::singular(
                                            &self.schema.tables[table].name
                                        ))
                                    ),
                                    table,
                                ))
                            }
                            Some(Noun::Column(id)) => {
                                total = Some((
                                    Expr::CountDistinct(Box::new(column(id))),
                                    "count".into(),
                                    id.table,
                                ));
                                if id.table == entity_table {
                                    total = Some((Expr::CountAll, "count".into(), id.table));
                                }
                            }
                            None => {}
                        },
                    }
                }
            },
            By::Adjective(found) => {
                if let Some(chosen) = self.chosen_row(top, found, entity_table) {
                    // "who ordered the most expensive product": that row is chosen first
                    draft.filters.push(chosen);
                    self.listed(draft, &entities, &[], home);
                    return Ok(());
                }
                if let Some((id, is_large)) = self.adjective_column(found, entity_table) {
                    if !matches!(top.by, By::Unit(_)) {
                        large = if found.large == top.large {
                            is_large
                        } else {
                            !is_large
                        };
                    }
                    if id.table == entity_table
                        || self.points_to(entity_table, id.table)
                        || entities
                            .iter()
                            .any(|(_, entity)| self.table_of(entity) == id.table)
                    {
                        if column_entity && self.says_total() {
                            total = Some((
                                Expr::Aggregate(Aggregate::Sum, Box::new(column(id))),
                                format!(
                                    "total_{}",
                                    safe(&self.schema.tables[id.table].columns[id.column].name)
                                ),
                                id.table,
                            ));
                        } else {
                            target = Some(column(id));
                        }
                    } else {
                        let name = format!(
                            "total_{}",
                            safe(&self.schema.tables[id.table].columns[id.column].name)
                        );
                        let dated = self.catalogue().is_date(id);
                        let aggregate = if !dated {
                            Aggregate::Sum
                        } else if large {
                            Aggregate::Max
                        } else {
                            Aggregate::Min
                        };
                        total = Some((
                            Expr::Aggregate(aggregate, Box::new(column(id))),
                            name,
                            id.table,
                        ));
                    }
                } else if let Some(amount) = self.revenue(&[entity_table]).filter(|_| {
                    [
                        "largest", "biggest", "highest", "smallest", "lowest", "greatest",
                    ]
                    .contains(&self.reading.text(top.at))
                }) {
                    self.note("I took the size as the money involved.");
                    total = Some((
                        Expr::Aggregate(Aggregate::Sum, Box::new(amount.expr)),
                        "total_revenue".into(),
                        amount.table,
                    ));
                } else {
                    return Err(Outcome::NotUnderstood(format!(
                        "I am the built-in generator; I could not find a number for \"{}\" in this dataset.",
                        self.reading.text(top.at)
                    )));
                }
            }
            By::Revenue => {
                let needed: Vec<TableId> = entities
                    .iter()
                    .chain(groups)
                    .map(|(_, entity)| self.table_of(entity))
                    .collect();
                let Some(amount) = self.revenue(&needed) else {
                    return Err(Outcome::NotUnderstood("I am the built-in generator; I could not find sales or revenue in this dataset.".into()));
                };
                total = Some((
                    Expr::Aggregate(Aggregate::Sum, Box::new(amount.expr)),
                    "total_revenue".into(),
                    amount.table,
                ));
            }
            By::Quantity => {
                let Some(amount) = self.quantity(&[entity_table]) else {
                    return Err(Outcome::NotUnderstood("I am the built-in generator; I could not find quantities sold in this dataset.".into()));
                };
                total = Some((
                    Expr::Aggregate(Aggregate::Sum, Box::new(amount.expr)),
                    "total_quantity".into(),
                    amount.table,
                ));
            }
            By::Events => {
                if column_entity {
                    total = Some((Expr::CountAll, "count".into(), entity_table));
                } else {
                    let events = self.events_of(entity_table);
                    let verb_hint = events
                        .iter()
                        .copied()
                        .find(|&table| self.is_mentioned(table));
                    match verb_hint.or_else(|| events.first().copied()) {
                        Some(table) => {
                            let name = format!(
                                "{}_count",
                                safe(&super::measures::singular(&self.schema.tables[table].name))
                            );
                            if events.len() > 1 && verb_hint.is_none() {
                                let what = self.table_name(table);
                                self.doubt(0.12, format!("I counted the {what}"));
                            }
                            total = Some((Expr::CountAll, name, table));
                        }
                        None => total = Some((Expr::CountAll, "count".into(), entity_table)),
                    }
                }
            }
            By::Sequence => {
                let near: Vec<TableId> = vec![entity_table];
                match self.date_column(Some(entity_table), Grain::Day, &near, Some(top.at)) {
                    Some(id) if id.table == entity_table => target = Some(column(id)),
                    Some(id) if self.points_to(entity_table, id.table) => target = Some(column(id)),
                    Some(id) => {
                        let aggregate = if top.large {
                            Aggregate::Max
                        } else {
                            Aggregate::Min
                        };
                        total = Some((
                            Expr::Aggregate(aggregate, Box::new(column(id))),
                            format!(
                                "{}_{}",
                                if top.large { "last" } else { "first" },
                                safe(&self.schema.tables[id.table].columns[id.column].name)
                            ),
                            id.table,
                        ));
                    }
                    None => {
                        if let Some(&key) = self.catalogue().tables[entity_table].key.first() {
                            self.doubt(0.1, "there is no date, so I went by the key");
                            target = Some(place(entity_table).column(key));
                        }
                    }
                }
            }
            By::Measure | By::Unsaid => {}
        }
        draft.limit = Some(top.limit);
        draft.offset = top.offset;
        // "number of concerts in the largest stadium": one row is chosen first
        if let Some(Expr::Column(at_place, at)) = &target
            && !draft.measures.is_empty()
            && let [key] = self.catalogue().tables[at_place.table].key.as_slice()
            && (draft.root != at_place.table)
        {
            let inner = Place {
                table: at_place.table,
                role: 20,
            };
            let chosen = Plan {
                select: vec![(inner.column(*key), None)],
                from: Some(inner),
                order: vec![(inner.column(*at), large)],
                limit: Some(top.limit),
                offset: top.offset,
                ..Plan::default()
            };
            let condition = Condition::Compare(
                at_place.column(*key),
                Comparator::Equal,
                Expr::Query(Box::new(chosen)),
            );
            draft
                .filters
                .push(Filter::new(condition, vec![at_place.table]));
            draft.limit = None;
            draft.offset = 0;
            let counted: Vec<(At, Entity)> = outputs
                .iter()
                .filter(|(_, entity)| *entity != Entity::Table(at_place.table))
                .cloned()
                .collect();
            self.grouped(draft, &counted, groups);
            return Ok(());
        }
        if let Some(expr) = target {
            // a list of rows, best first
            if self
                .reading
                .measures
                .iter()
                .any(|measure| matches!(measure.of, Of::Unit(_)))
                && !draft.measures.is_empty()
            {
                // "number of concerts in the largest stadium"
                self.doubt(0.25, "the question nests one choice in another");
            }
            self.listed(draft, &entities, &[], home);
            if let Some((shown, keys)) = self.groups_to_rank_in(&entities, groups) {
                for expr in std::mem::replace(&mut draft.outputs, shown) {
                    // columns are named one by one where a query stands around them
                    let rows = match expr {
                        Expr::Star(place) => self.readable_columns(place),
                        expr => vec![expr],
                    };
                    push_all(&mut draft.outputs, rows);
                }
                draft.within = keys;
            }
            draft.limit = Some(top.limit);
            if let Expr::Column(place, at) = &expr {
                draft.root = if draft.root == place.table || self.points_to(draft.root, place.table)
                {
                    draft.root
                } else {
                    place.table
                };
                let id = ColumnId {
                    table: place.table,
                    column: *at,
                };
                if self.reading.wants_number && outputs.len() <= 1 {
                    draft.outputs = vec![expr.clone()];
                } else if !draft.outputs.contains(&expr)
                    && !draft
                        .outputs
                        .iter()
                        .any(|output| matches!(output, Expr::Star(_)))
                {
                    draft.outputs.push(expr.clone());
                }
                if self.schema.tables[id.table].columns[id.column].nullable && !large {
                    draft.filters.push(Filter::new(
                        Condition::IsNull(expr.clone(), true),
                        vec![id.table],
                    ));
                }
            }
            draft.measures.clear();
            draft.distinct = false;
            draft.order.push((expr, large));
            return Ok(());
        }
        if let Some((expr, name, table)) = total {
            let counted = (table != entity_table || !column_entity).then_some(table);
            let outputs: Vec<(At, Entity)> = entities
                .iter()
                .filter(|(_, entity)| {
                    !(entities.len() > 1
                        && *entity == Entity::Table(table)
                        && matches!(expr, Expr::CountAll))
                })
                .cloned()
                .collect();
            let (shown, keys) = self.fold(
                &outputs,
                groups,
                counted.filter(|table| *table != entity_table),
            );
            match self.groups_to_rank_in(&outputs, groups) {
                Some((groups_shown, groups_keys)) => {
                    // what is ranked in comes first
                    let mut first = groups_shown;
                    push_all(&mut first, shown);
                    self.group_by(draft, first, keys);
                    draft.within = groups_keys;
                }
                None => self.group_by(draft, shown, keys),
            }
            if let Some((period, _)) = &draft.grain
                && !outputs.is_empty()
            {
                draft.within.push(period.clone());
            }
            draft.root = table;
            draft
                .measures
                .retain(|(own, _)| *own != expr && !matches!(own, Expr::CountAll));
            let order = (expr.clone(), large);
            draft.measures.push((expr, name));
            draft.order.push(order);
            return Ok(());
        }
        Err(Outcome::NotUnderstood(format!(
            "I am the built-in generator; I could not find what \"{}\" is measured by in this dataset.",
            self.reading.text(top.at)
        )))
    }

    /// The one row that a superlative names when it is of another table than what is asked for, and many of them
    /// belong to one of those: "the artist with the longest track".
    fn chosen_row(&self, top: &Top, found: Adjective, entity: TableId) -> Option<Filter> {
        let noun = (top.at + 1..self.reading.units.len().min(top.at + 3))
            .find(|&at| self.unit(at).is_name())?;
        let (table, score) = self.unit(noun).best_table()?;
        let (id, large) = self.adjective_column(found, table)?;
        let [key] = self.catalogue().tables[table].key.as_slice() else {
            return None;
        };
        let other = score >= 0.8
            && table != entity
            && id.table == table
            && top.limit == 1
            && !top.counted
            && self.reading.measures.is_empty()
            && self.reading.groups.is_empty()
            && self
                .unit(noun)
                .best_column()
                .is_none_or(|hit| hit.1 <= score)
            && !self.points_to(entity, table)
            && !self.says_total()
            && self.is_mentioned(entity);
        if !other {
            return None;
        }
        let inner = Place { table, role: 20 };
        let mut plan = Plan {
            select: vec![(inner.column(*key), None)],
            from: Some(inner),
            order: vec![(inner.column(id.column), large == (top.large == found.large))],
            limit: Some(1),
            offset: top.offset,
            ..Plan::default()
        };
        plan.filters = vec![Condition::IsNull(inner.column(id.column), true)];
        let condition = Condition::Compare(
            place(table).column(*key),
            Comparator::Equal,
            Expr::Query(Box::new(plan)),
        );
        Some(Filter::new(condition, vec![table]))
    }

    /// "the best product of each category": what is shown of the groups that are ranked in, and what tells them
    /// apart; `None` when all are ranked together.
    fn groups_to_rank_in(
        &mut self,
        entities: &[(At, Entity)],
        groups: &[(At, Entity)],
    ) -> Option<(Vec<Expr>, Vec<Expr>)> {
        if entities.is_empty() || groups.is_empty() {
            return None;
        }
        // "the top countries by revenue per customer": a customer has one country, so nothing is ranked within it
        let finer = groups.iter().any(|(_, group)| {
            entities.iter().any(|(_, entity)| {
                let (of, own) = (self.table_of(group), self.table_of(entity));
                group == entity
                    || of == own && matches!(group, Entity::Table(_))
                    || of != own && self.points_to(of, own) && !self.points_to(own, of)
            })
        });
        if finer {
            self.doubt(0.4, "I ranked all together, not within each group");
            return None;
        }
        let (shown, keys) = self.fold(&[], groups, None);
        if shown.iter().any(|expr| matches!(expr, Expr::Star(_))) {
            self.doubt(0.4, "I ranked all together, not within each group");
            return None;
        }
        let keys = if keys.is_empty() { shown.clone() } else { keys };
        Some((shown, keys))
    }

    fn readable_columns(&self, place: Place) -> Vec<Expr> {
        self.catalogue().tables[place.table]
            .columns
            .iter()
            .enumerate()
            .filter(|(_, facts)| facts.kind != Kind::Opaque)
            .map(|(at, _)| place.column(at))
            .collect()
    }

    /// "which month had the most orders": periods, by what happened in them.
    fn ranked_grain(
        &mut self,
        draft: &mut Draft,
        top: &Top,
        outputs: &[(At, Entity)],
        groups: &[(At, Entity)],
        home: TableId,
    ) -> Result<(), Outcome> {
        let Some((grain, at)) = self.reading.grain else {
            return Ok(());
        };
        let rows = |planner: &Self, table: TableId| {
            let name = safe(&super::measures::singular(
                &planner.schema.tables[table].name,
            ));
            (Expr::CountAll, format!("{name}_count"), table)
        };
        let missing = |what: &str| {
            Outcome::NotUnderstood(format!(
                "I am the built-in generator; I could not find {what} in this dataset."
            ))
        };
        let sum = |expr: Expr| Expr::Aggregate(Aggregate::Sum, Box::new(expr));
        let (expr, name, table) = match top.by {
            By::Revenue => {
                let amount = self
                    .revenue(&[home])
                    .ok_or_else(|| missing("sales or revenue"))?;
                (sum(amount.expr), "total_revenue".to_owned(), amount.table)
            }
            By::Quantity => {
                let amount = self
                    .quantity(&[home])
                    .ok_or_else(|| missing("quantities sold"))?;
                (sum(amount.expr), "total_quantity".to_owned(), amount.table)
            }
            By::Unit(unit) => match self.noun(unit, Some(home), true) {
                Some(Noun::Table(table)) if !self.is_number_noun(unit, home) => rows(self, table),
                _ => {
                    let (id, _) = self
                        .column_of(unit, Some(home), &|id| self.catalogue().is_measure(id))
                        .ok_or_else(|| {
                            missing(&format!("a number for \"{}\"", self.unit(unit).raw))
                        })?;
                    let (aggregate, word) = if self.says_average() {
                        (Aggregate::Average, "average")
                    } else if ["highest", "lowest", "greatest", "largest", "smallest"]
                        .contains(&self.reading.text(top.at))
                        && !self.says_total()
                    {
                        let of = self.column_name(id);
                        self.doubt(0.1, format!("I added up the {of}"));
                        (Aggregate::Sum, "total")
                    } else {
                        (Aggregate::Sum, "total")
                    };
                    let name = safe(&self.schema.tables[id.table].columns[id.column].name);
                    (
                        Expr::Aggregate(aggregate, Box::new(column(id))),
                        format!("{word}_{name}"),
                        id.table,
                    )
                }
            },
            _ => match draft.measures.first().cloned() {
                Some((expr, name)) => (expr, name, draft.root),
                None => {
                    let table = outputs
                        .first()
                        .map_or(home, |(_, entity)| self.table_of(entity));
                    if !self.is_mentioned(table) {
                        self.which_events(table, grain, top)?;
                        let what = self.plural(table);
                        self.doubt(0.12, format!("I counted the {what}"));
                    }
                    rows(self, table)
                }
            },
        };
        let expr_of = |planner: &Self| {
            let id = planner.date_column(Some(table), grain, &[table], Some(at))?;
            Some(if planner.catalogue().kind(id) == Kind::Year {
                column(id)
            } else {
                Expr::Truncated(grain, Box::new(column(id)))
            })
        };
        let Some(period) = expr_of(self) else {
            return Err(missing(&format!("a date to group by {}", grain.name())));
        };
        if !groups.is_empty() {
            let (shown, keys) = self.fold(&[], groups, None);
            draft.within = if keys.is_empty() {
                shown.clone()
            } else {
                keys.clone()
            };
            self.group_by(draft, shown, keys);
        }
        draft.root = table;
        draft.grain = Some((period, grain));
        draft.measures = vec![(expr.clone(), name)];
        draft.order.push((expr, top.large));
        draft.limit = Some(top.limit);
        draft.offset = top.offset;
        Ok(())
    }

    /// "the busiest hour": asked, when more than one table has things that happen at a time.
    fn which_events(&self, table: TableId, grain: Grain, top: &Top) -> Result<(), Outcome> {
        let timed = |table: &TableId| {
            let columns = &self.catalogue().tables[*table].columns;
            columns.iter().any(|column| {
                matches!(column.kind, Kind::Date(_))
                    && (!grain.needs_time() || column.kind.has_time())
            })
        };
        let mut events: Vec<TableId> = (0..self.schema.tables.len()).filter(timed).collect();
        events.sort_by_key(|other| *other != table);
        events.truncate(4);
        if events.len() < 2 || !matches!(top.by, By::Events) {
            return Ok(());
        }
        Err(Outcome::Unclear {
            message: format!(
                "{} of what? More than one table says when something happened.",
                self.unit(top.at).raw
            ),
            options: events
                .iter()
                .map(|table| format!("by number of {}", self.plural(*table)))
                .collect(),
        })
    }

    /// "top customers": by what? Asked when more than one answer is plausible.
    pub(super) fn unsaid(&mut self, top: &Top, table: TableId) -> Result<By, Outcome> {
        if self
            .reading
            .measures
            .iter()
            .any(|measure| measure.of == Of::Revenue)
        {
            return Ok(By::Revenue);
        }
        for measure in &self.reading.measures {
            if let Of::Unit(at) = measure.of {
                return Ok(By::Unit(at));
            }
        }
        let mut options: Vec<(String, By)> = Vec::new();
        let is_event =
            self.catalogue().tables[table].main_date.is_some() && self.events_of(table).is_empty();
        if self.revenue(&[table]).is_some() {
            options.push(("by total revenue".into(), By::Revenue));
        }
        let events: Vec<TableId> = self
            .events_of(table)
            .into_iter()
            .filter(|&event| {
                !self.catalogue().tables[event].is_bridge || self.events_of(table).len() == 1
            })
            .take(2)
            .collect();
        for event in events {
            options.push((format!("by number of {}", self.plural(event)), By::Events));
        }
        let own: Vec<usize> = (0..self.catalogue().tables[table].columns.len())
            .filter(|&at| self.catalogue().is_measure(ColumnId { table, column: at }))
            .collect();
        for &at in own.iter().take(3) {
            let words = &self.catalogue().tables[table].columns[at].words;
            if words.iter().any(|word| {
                [
                    "rate", "score", "popul", "rank", "point", "total", "amount", "capac",
                ]
                .contains(&word.as_str())
            }) || options.is_empty() && own.len() <= 3
            {
                options.insert(
                    0,
                    (
                        format!("by {}", self.column_name(ColumnId { table, column: at })),
                        By::Events,
                    ),
                );
            }
        }
        options.dedup_by(|a, b| a.0 == b.0);
        options.truncate(4);
        if is_event && options.is_empty() {
            return Ok(By::Sequence);
        }
        match options.as_slice() {
            [] => Ok(By::Sequence),
            [(_, by)] => Ok(*by),
            many => {
                let word = self.reading.text(top.at).to_owned();
                let what = self.plural(table);
                Err(Outcome::Unclear {
                    message: format!("How shall I rank the {word} {what}?"),
                    options: many.iter().map(|(option, _)| option.clone()).collect(),
                })
            }
        }
    }
}
