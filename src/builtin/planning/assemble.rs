//! The plan itself, from nouns, numbers and conditions that have been decided.

use super::filters::Having;
use super::measures::safe;
use super::{Entity, Filter, Noun, Outcome, Planner, column, place};
use crate::builtin::catalogue::{ColumnId, Kind, TableId};
use crate::builtin::dates::{Grain, Moment, Period};
use crate::builtin::glossary::Given;
use crate::builtin::plan::{Condition, Expr, Join, Place, Plan};
use crate::builtin::reading::{Aggregate, At, By, Comparator, Of, Right};

/// A request for nothing but a table shows this many rows.
pub(super) const BARE_LIMIT: u64 = 100;

/// Rendered `100.0`, so that no engine divides integers.
pub(super) const HUNDRED: f64 = 100.0;

/// The parts of a plan while they are being decided.
#[derive(Default)]
pub(super) struct Draft {
    /// The table whose rows are listed or counted.
    pub root: TableId,
    pub outputs: Vec<Expr>,
    pub measures: Vec<(Expr, String)>,
    pub groups: Vec<Expr>,
    pub grain: Option<(Expr, Grain)>,
    pub filters: Vec<Filter>,
    pub having: Vec<Condition>,
    pub order: Vec<(Expr, bool)>,
    pub limit: Option<u64>,
    pub offset: u64,
    pub distinct: bool,
    /// See [`Plan::within`].
    pub within: Vec<Expr>,
    /// Only groups whose number compares so with the average of all groups.
    pub to_average: Option<Comparator>,
    pub over_groups: Option<Aggregate>,
    /// Tables that must have a row, without a condition of their own.
    pub required: Vec<TableId>,
    /// The root joined to itself ("reports to"), and what is shown of the row above.
    pub self_join: Option<crate::builtin::joins::Edge>,
    pub above: Vec<Expr>,
}

impl Planner<'_> {
    pub fn plan(mut self) -> Outcome {
        let unread = self.unread();
        let Some(home) = self.home() else {
            return Outcome::NotUnderstood(self.missing(&unread));
        };
        match self.draft(home) {
            Ok(draft) => match self.unclear.take() {
                Some(question) => question,
                None => self.finish(draft, home, unread),
            },
            Err(outcome) => outcome,
        }
    }

    /// Without the name of any table: the one with most of the columns and values spoken of.
    fn voted(&self) -> Option<TableId> {
        let mut votes = vec![0.0f32; self.schema.tables.len()];
        for (at, unit) in self.reading.units.iter().enumerate() {
            let mut best: std::collections::HashMap<TableId, f32> =
                std::collections::HashMap::new();
            for (id, score) in &unit.columns {
                let own = best.entry(id.table).or_default();
                *own = own.max(*score);
            }
            let value = self.reading.values.iter().any(|test| test.at == at);
            for hit in unit.values.iter().filter(|_| value) {
                let own = best.entry(hit.column.table).or_default();
                *own = own.max(0.6);
            }
            for (table, score) in best {
                votes[table] += score;
            }
        }
        if let Some(top) = &self.reading.top
            && let By::Adjective(found) = top.by
        {
            for (table, vote) in votes.iter_mut().enumerate() {
                if self
                    .adjective_column(found, table)
                    .is_some_and(|(id, _)| id.table == table)
                {
                    *vote += 1.0;
                }
            }
        }
        let (table, vote) = votes
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)))?;
        (*vote > 0.3).then_some(table)
    }

    /// Conditions that the glossary defines.
    pub(super) fn given_filters(&self) -> Vec<Filter> {
        let filter = |given: &Given| Filter {
            condition: self.equals(given.column, "true".to_owned(), given.negated),
            tables: vec![given.column.table],
            alone: false,
        };
        self.given.iter().map(filter).collect()
    }

    /// The table the question is about.
    fn home(&self) -> Option<TableId> {
        let reading = self.reading;
        let first_mentioned = self
            .mentioned
            .first()
            .map(|(_, table)| *table)
            .or_else(|| self.voted())
            .or_else(|| self.given.first().map(|given| given.column.table));
        for measure in &reading.measures {
            if let Of::Unit(at) = measure.of
                && let Some(noun) = self.noun(at, None, measure.aggregate == Aggregate::Count)
            {
                return Some(match noun {
                    Noun::Table(table) => table,
                    Noun::Column(id) => self
                        .column_of(at, first_mentioned, &|id| {
                            measure.aggregate == Aggregate::Count
                                || self.catalogue().is_measure(id)
                                || self.catalogue().column(id).numeric_text
                        })
                        .map_or(id.table, |hit| hit.0.table),
                });
            }
        }
        let nouns = reading
            .outputs
            .iter()
            .chain(&reading.groups)
            .chain(&reading.context);
        // a table asked for first, else the owner of the first column asked for
        for &at in nouns {
            match self.noun(at, first_mentioned, false) {
                Some(Noun::Table(table)) => return Some(table),
                Some(Noun::Column(_))
                    if self
                        .unit(at)
                        .is(&["name", "names", "id", "ids", "title", "titles"])
                        && self.owner(at).is_none()
                        && first_mentioned.is_some() =>
                {
                    return first_mentioned;
                }
                Some(Noun::Column(id)) => {
                    if let Some(parent) = self.parent_of(id)
                        && self.owner(at).is_none()
                        && !self.unit(at).is(&["id", "ids"])
                        && reading.measures.is_empty()
                        && first_mentioned.is_none_or(|table| table == id.table)
                    {
                        return Some(parent);
                    }
                    // "last name of customers": the table follows
                    if let Some(table) = self.owner(at) {
                        return Some(table);
                    }
                    return self
                        .column_of(at, first_mentioned, &|_| true)
                        .map(|hit| hit.0.table);
                }
                None => {}
            }
        }
        if let Some(table) = first_mentioned {
            return Some(table);
        }
        if let Some(top) = &reading.top
            && let By::Unit(at) = top.by
            && let Some((id, _)) = self.column_of(at, None, &|_| true)
        {
            return Some(id.table);
        }
        for test in &reading.comparisons {
            if let Some(at) = test.left.or(test.noun)
                && let Some((id, _)) = self.column_of(at, None, &|_| true)
            {
                return Some(id.table);
            }
        }
        let ranked_by = reading.top.as_ref().map(|top| top.by);
        if matches!(ranked_by, Some(By::Revenue))
            || reading
                .measures
                .iter()
                .any(|measure| measure.of == Of::Revenue)
        {
            return self.revenue(&[]).map(|amount| amount.table);
        }
        if matches!(ranked_by, Some(By::Quantity))
            || reading
                .measures
                .iter()
                .any(|measure| measure.of == Of::Quantity)
        {
            return self.quantity(&[]).map(|amount| amount.table);
        }
        if reading
            .measures
            .iter()
            .any(|measure| measure.of == Of::StockValue)
        {
            return self.stock_value().map(|amount| amount.table);
        }
        if reading
            .measures
            .iter()
            .any(|measure| matches!(measure.of, Of::Elapsed(_)))
        {
            return self.elapsed().map(|(from, _)| from.table);
        }
        let value = reading.values.iter().find_map(|test| {
            self.unit(test.at)
                .values
                .first()
                .map(|hit| hit.column.table)
        });
        if value.is_some() {
            return value;
        }
        if let Some(top) = &reading.top
            && let By::Adjective(found) = top.by
        {
            return (0..self.schema.tables.len()).find(|&table| {
                self.adjective_column(found, table)
                    .is_some_and(|(id, _)| id.table == table)
            });
        }
        None
    }

    fn draft(&mut self, home: TableId) -> Result<Draft, Outcome> {
        let mut draft = Draft {
            root: home,
            ..Draft::default()
        };
        let reading = self.reading;
        // what is asked for, in order; nouns after "of" behind a number only say whose it is
        let mut outputs: Vec<At> = Vec::new();
        let mut owners: Vec<At> = Vec::new();
        for &at in &reading.outputs {
            let before = (1..=4)
                .map_while(|back| at.checked_sub(back))
                .find(|&before| {
                    !self.unit(before).is(&[
                        "the",
                        "all",
                        "their",
                        "its",
                        "a",
                        "an",
                        "each",
                        "different",
                    ])
                })
                .map_or("", |before| reading.text(before));
            let in_list = [
                "and", ",", "list", "show", "give", "return", "only", "with", "along", "what", ".",
            ]
            .contains(&before)
                || outputs.last().is_some_and(|last| last + 1 == at);
            let behind = reading.measures.iter().any(|measure| measure.at < at) && !in_list
                || reading.measures.iter().any(|measure| measure.at < at)
                    && (1..=3)
                        .map_while(|back| at.checked_sub(back))
                        .take_while(|&before| {
                            self.unit(before).is(&[
                                "the",
                                "all",
                                "our",
                                "of",
                                "for",
                                "in",
                                "any",
                                "a",
                                "an",
                                "from",
                                "those",
                                "different",
                                "each",
                            ]) || reading.used[before] && before + 1 == at
                        })
                        .any(|before| self.unit(before).is(&["of", "for", "in", "from"]));
            if behind {
                owners.push(at)
            } else {
                outputs.push(at)
            }
        }
        // columns after "with the name of …" are asked for too
        for &at in &reading.context {
            let with = (1..=3)
                .filter_map(|back| at.checked_sub(back))
                .any(|before| {
                    self.unit(before)
                        .is(&["with", "and", "along", "including", "include"])
                })
                && self.unit(at).best_column().is_some()
                && !reading.outputs.is_empty()
                && reading.measures.is_empty();
            let noun = self.noun(at, Some(home), false);
            let as_column = matches!(noun, Some(Noun::Column(_)));
            // "products with their category": each has one, and it is wanted
            let theirs = at > 0
                && (self.unit(at - 1).is(&["their", "its"])
                    || self.unit(at - 1).is(&["and", ","])
                        && outputs.last().is_some_and(|last| last + 2 == at));
            let parent = theirs
                && matches!(noun, Some(Noun::Table(table)) if table != home && self.points_to(home, table));
            if with && (as_column || parent) {
                outputs.push(at)
            } else {
                owners.push(at)
            }
        }
        let mut groups: Vec<At> = reading.groups.clone();
        let has_measure = !reading.measures.is_empty();
        if !has_measure && !groups.is_empty() {
            // "the grade of each student" lists, it does not group
            if reading.top.is_none()
                || reading
                    .top
                    .as_ref()
                    .is_some_and(|top| !outputs.is_empty() && matches!(top.by, By::Sequence))
            {
                let mut list = groups.clone();
                list.retain(|at| !outputs.contains(at));
                for at in list {
                    let covered = outputs.iter().any(|&output| {
                        self.entity(output, Some(home), false)
                            .map(|entity| self.table_of(&entity))
                            == self
                                .entity(at, Some(home), true)
                                .map(|entity| self.table_of(&entity))
                    });
                    if !covered {
                        outputs.push(at);
                    }
                }
                groups.clear();
            }
        }
        // "the names and the number of singers for every concert": names of concerts
        let around = groups
            .iter()
            .find_map(|&at| match self.entity(at, Some(home), true)? {
                Entity::Table(table) => Some(table),
                Entity::Columns(_) => None,
            })
            .or_else(|| {
                outputs
                    .iter()
                    .find_map(|&at| match self.noun(at, Some(home), false)? {
                        Noun::Table(table) if table != home => Some(table),
                        _ => None,
                    })
            })
            .filter(|_| has_measure)
            .unwrap_or(home);
        let mut output_entities: Vec<(At, Entity)> = outputs
            .iter()
            .filter_map(|&at| Some((at, self.entity(at, Some(around), false)?)))
            .collect();
        let mut group_entities: Vec<(At, Entity)> = groups
            .iter()
            .filter_map(|&at| Some((at, self.entity(at, Some(home), true)?)))
            .collect();

        // conditions
        let mut filters = self.value_filters(Some(home));
        filters.extend(self.text_filters(Some(home)));
        filters.extend(self.flag_filters(home));
        filters.extend(self.given_filters());
        self.self_reference(&mut draft, home, &mut output_entities, &mut filters);
        let mut havings: Vec<Having> = Vec::new();
        for test in reading.comparisons.clone() {
            // "revenue per employee, only those above average": the average of what is shown
            let of_shown = matches!(test.right, Right::Average(None))
                && test.left.or(test.noun).is_none()
                && test.adjective.is_none();
            if of_shown && has_measure && !groups.is_empty() {
                draft.to_average = Some(test.comparator);
                continue;
            }
            match self.comparison(&test, Some(home)) {
                Some(Ok(filter)) => {
                    let or = filters.last().is_some()
                        && self.unit(test.at.saturating_sub(1)).is(&["or"]);
                    match filters.last_mut().filter(|_| or) {
                        Some(last) => {
                            let old =
                                std::mem::replace(&mut last.condition, Condition::Any(Vec::new()));
                            last.condition = Condition::Any(vec![old, filter.condition]);
                            last.tables.extend(filter.tables);
                        }
                        None => filters.push(filter),
                    }
                }
                Some(Err(having)) => havings.push(having),
                None => self.doubt(
                    0.35,
                    "I could not tell which number the comparison is about",
                ),
            }
        }
        let timely = self.timeliness(home);
        if let Some(timely) = &timely {
            filters.push(timely.filter.clone());
            self.hints
                .extend((timely.first..timely.end).map(|at| format!("#{at}")));
        }
        let unread = self.unread();
        let (partial, taken) = self.partial_values(Some(home), &unread);
        filters.extend(partial);
        self.hints.extend(taken.iter().map(|at| format!("#{at}")));

        // what is missing, with the periods that stand behind it
        let mut moments = reading.moments.clone();
        for at in 0..reading.absences.len() {
            let absence = &reading.absences[at];
            // "not shipped on time" is late, not unshipped
            if timely
                .as_ref()
                .is_some_and(|timely| absence.at < timely.first && timely.first <= absence.end + 1)
            {
                continue;
            }
            let inner: Vec<_> = moments
                .iter()
                .filter(|moment| moment.first >= absence.end && !absence.present)
                .cloned()
                .collect();
            match self.absence(at, home, &inner) {
                Some(filter) => {
                    if matches!(filter.condition, Condition::Exists { .. }) {
                        moments.retain(|moment| !inner.contains(moment));
                        // values behind it belong to what is missing: "no cartoon directed by X"
                        filters.push(filter);
                    } else {
                        filters.push(filter);
                    }
                }
                None => self.doubt(0.3, "I could not tell what is missing"),
            }
        }
        if let Some(nested) = self.nested_absence(home, &filters) {
            filters = nested;
        }

        // numbers
        let mut needed: Vec<TableId> = Vec::new();
        for (_, entity) in output_entities.iter().chain(&group_entities) {
            needed.push(self.table_of(entity));
        }
        needed.extend(
            filters
                .iter()
                .filter(|filter| !matches!(filter.condition, Condition::Exists { .. }))
                .flat_map(|filter| filter.tables.iter().copied()),
        );
        let mut base = None;
        let mut measures = reading.measures.clone();
        // "compare sales …" and nothing else
        if measures.is_empty() && reading.percent && !outputs.is_empty() {
            // the share is counted below
        }
        measures.dedup_by(|a, b| a.of == b.of && a.aggregate == b.aggregate);
        for measure in &measures {
            let Some((expr, name, table)) = self.measure(measure, Some(home), &needed) else {
                let what = match measure.of {
                    Of::Revenue => "sales or revenue".to_owned(),
                    Of::Quantity => "quantities sold".to_owned(),
                    Of::StockValue => "stock and prices".to_owned(),
                    Of::Worth(at) => format!("what a {} is worth", self.unit(at).raw),
                    Of::Elapsed(_) => "the two dates to compare".to_owned(),
                    Of::Unit(at) => format!("a number for \"{}\"", self.unit(at).raw),
                };
                return Err(Outcome::NotUnderstood(format!(
                    "I am the built-in generator; I could not find {what} in this dataset."
                )));
            };
            base.get_or_insert(table);
            if !draft.measures.iter().any(|(other, _)| *other == expr) {
                draft.measures.push((expr, name));
            }
        }
        if let Some(base) = base {
            draft.root = base;
        }
        let averaged = self.averaged_over(&group_entities, &draft.measures)?;
        if let Some(over) = averaged {
            group_entities.remove(0);
            let (expr, name) = draft.measures.remove(0);
            draft.measures.push((
                Expr::Ratio(
                    Box::new(expr),
                    Box::new(Expr::CountDistinct(Box::new(over))),
                ),
                format!("average_{name}"),
            ));
        }
        let root = draft.root;
        let both = reading.units.iter().any(|unit| unit.is(&["both"]));
        let moments: Vec<crate::builtin::dates::Moment> = moments
            .into_iter()
            .flat_map(|moment| {
                // "in both 2014 and 2015": one row cannot be in both, so each stands alone
                if both && moment.periods.len() > 1 && !has_measure {
                    let one = |period| crate::builtin::dates::Moment {
                        periods: vec![period],
                        ..moment.clone()
                    };
                    moment
                        .periods
                        .iter()
                        .map(|period| one(*period))
                        .collect::<Vec<_>>()
                } else {
                    vec![moment]
                }
            })
            .collect();
        let moments = if both { moments } else { either(moments) };
        for moment in moments.clone() {
            match self.moment_filter(&moment, Some(root), &[root]) {
                Some(mut filter) => {
                    filter.alone = both && moments.len() > 1 && !filter.tables.contains(&root);
                    filters.push(filter);
                }
                None => {
                    let words = self.words(moment.first, moment.end);
                    return Err(Outcome::NotUnderstood(format!(
                        "I am the built-in generator; I could not find a date for \"{words}\" in this dataset."
                    )));
                }
            }
        }
        // "2023 versus 2024"
        let mut grain = reading.grain.map(|(grain, _)| grain);
        if grain.is_none() && reading.compare {
            grain = moments
                .iter()
                .find(|moment| moment.periods.len() > 1)
                .map(|moment| moment.grain);
        }
        if let Some(grain) = grain {
            let near: Vec<TableId> = vec![root];
            match self.date_column(Some(root), grain, &near, reading.grain.map(|(_, at)| at)) {
                Some(id) => {
                    let expr = if self.catalogue().kind(id) == Kind::Year {
                        column(id)
                    } else {
                        Expr::Truncated(grain, Box::new(column(id)))
                    };
                    draft.grain = Some((expr, grain));
                    if grain == Grain::Weekday {
                        self.note("Weekdays count from 0, a Sunday, to 6.");
                    }
                    if draft.measures.is_empty() && reading.top.is_none() {
                        let name = format!(
                            "{}_count",
                            safe(&super::measures::singular(&self.schema.tables[root].name))
                        );
                        draft.measures.push((Expr::CountAll, name));
                    }
                }
                None => {
                    return Err(Outcome::NotUnderstood(format!(
                        "I am the built-in generator; I could not find a date to group by {} in this dataset.",
                        grain.name()
                    )));
                }
            }
        }

        if reading.percent && reading.top.as_ref().is_some_and(|top| top.counted) {
            return Err(Outcome::NotUnderstood(
                "I am the built-in generator; I can rank or compute shares, but not both at once. Ask for one of them."
                    .into(),
            ));
        }
        let percent_done = reading.percent
            && self.percentage(
                &mut draft,
                &mut filters,
                &output_entities,
                &group_entities,
                home,
            );
        if !percent_done {
            let superlative = reading.top.clone();
            let grouped_by_outputs = has_measure && superlative.is_none();
            if let Some(top) = superlative {
                self.superlative(&mut draft, &top, &output_entities, &group_entities, home)?;
                self.nothing_to_rank(&draft, &filters)?;
            } else if grouped_by_outputs || !havings.is_empty() || draft.grain.is_some() {
                self.grouped(&mut draft, &output_entities, &group_entities);
            } else {
                self.listed(&mut draft, &output_entities, &owners, home);
            }
            for having in havings {
                self.having(&mut draft, &having, &output_entities, &group_entities, home)?;
            }
        }
        if let Some(unit) = reading.shown_unit {
            for (expr, name) in &mut draft.measures {
                if let Expr::Aggregate(_, inner) = expr
                    && let Expr::Column(place, at) = &**inner
                {
                    let id = ColumnId {
                        table: place.table,
                        column: *at,
                    };
                    let factor = self.converted(id, 1.0, Some(unit));
                    if factor > 0.0 && (factor - 1.0).abs() > f64::EPSILON {
                        *expr = Expr::Ratio(Box::new(expr.clone()), Box::new(Expr::Number(factor)));
                        *name = format!("{name}_in_{unit}s");
                    }
                }
            }
            for (expr, _) in &mut draft.order {
                if let Some((shown, _)) = draft
                    .measures
                    .iter()
                    .find(|(shown, _)| matches!(shown, Expr::Ratio(inner, _) if **inner == *expr))
                {
                    *expr = shown.clone();
                }
            }
        }
        // compare two values of one column: group by it
        if reading.compare
            && draft.groups.is_empty()
            && draft.grain.is_none()
            && !draft.measures.is_empty()
        {
            let list = filters.iter().find_map(|filter| match &filter.condition {
                Condition::OneOf {
                    column,
                    values,
                    negated: false,
                } if values.len() > 1 => Some(column.clone()),
                _ => None,
            });
            if let Some(expr) = list {
                draft.outputs.push(expr.clone());
                draft.groups.push(expr);
            }
        }
        // the entity's own table, when it was named and nothing else uses it
        let owner_tables: Vec<TableId> = owners
            .iter()
            .chain(
                reading
                    .values
                    .iter()
                    .filter_map(|test| test.beside.as_ref()),
            )
            .filter_map(|&at| match self.noun(at, Some(home), true) {
                Some(Noun::Table(table))
                    if self.unit(at).best_table().is_some_and(|hit| hit.1 >= 0.6) =>
                {
                    Some(table)
                }
                _ => None,
            })
            .collect();
        draft
            .required
            .extend(owner_tables.into_iter().filter(|table| *table != home));
        draft.filters.extend(filters);
        self.ordering(&mut draft, home);
        Ok(draft)
    }

    /// "what did Ernst Handel buy most": one customer has no rank among customers.
    fn nothing_to_rank(&self, draft: &Draft, filters: &[Filter]) -> Result<(), Outcome> {
        let pinned = |expr: &Expr| {
            let Expr::Column(shown, at) = expr else {
                return false;
            };
            self.catalogue().tables[shown.table].label.contains(at)
                && filters.iter().any(|filter| match &filter.condition {
                    Condition::OneOf {
                        column: Expr::Column(own, at),
                        values,
                        negated: false,
                    } => {
                        own == shown
                            && values.len() == 1
                            && self.catalogue().tables[own.table].label.contains(at)
                    }
                    _ => false,
                })
        };
        let ranks_one = draft.within.is_empty()
            && !draft.measures.is_empty()
            && !draft.outputs.is_empty()
            && draft.outputs.iter().all(pinned);
        if !ranks_one {
            return Ok(());
        }
        Err(Outcome::NotUnderstood(
            "I am the built-in generator; only one is meant here, so there is nothing to rank. Say what of it should be ranked, such as its orders or products."
                .into(),
        ))
    }

    /// "revenue per track by genre": each track's, or the genre's average track? Asked, and when the average is
    /// meant, what it is the average over.
    fn averaged_over(
        &mut self,
        groups: &[(At, Entity)],
        measures: &[(Expr, String)],
    ) -> Result<Option<Expr>, Outcome> {
        let [(per, Entity::Table(table)), (by, entity)] = groups else {
            return Ok(None);
        };
        let leads = |at: At, words: &[&str]| {
            (1..=2)
                .filter_map(|back| at.checked_sub(back))
                .any(|before| self.unit(before).is(words))
        };
        let adds_up = |expr: &Expr| {
            matches!(
                expr,
                Expr::CountAll | Expr::Aggregate(Aggregate::Sum | Aggregate::Count, _)
            )
        };
        let [(measure, _)] = measures else {
            return Ok(None);
        };
        let [key] = self.catalogue().tables[*table].key.as_slice() else {
            return Ok(None);
        };
        if !leads(*per, &["per"])
            || !leads(*by, &["by", "for", "each", "every"])
            || !adds_up(measure)
        {
            return Ok(None);
        }
        let one = super::measures::singular(&self.table_name(*table));
        let wide = match entity {
            Entity::Table(table) => super::measures::singular(&self.table_name(*table)),
            Entity::Columns(columns) => self.column_name(columns[0]),
        };
        match self.choice {
            Some(choice) if choice.starts_with(super::AVERAGE_OVER) => {
                self.note(format!(
                    "Only the {} that have any are counted.",
                    self.plural(*table)
                ));
                Ok(Some(place(*table).column(*key)))
            }
            Some(_) => Ok(None),
            None => Err(Outcome::Unclear {
                message: format!("Is this wanted of every {one}, or on average?"),
                options: vec![
                    format!(
                        "{} {} of each {wide}",
                        super::AVERAGE_OVER,
                        self.plural(*table)
                    ),
                    format!("{} {one} and {wide}", super::ROW_FOR_EACH),
                ],
            }),
        }
    }

    fn words(&self, first: At, end: At) -> String {
        (first..end)
            .map(|at| self.unit(at).raw.clone())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Values that hang on what is missing go into the subquery: "not playing any cartoon directed by X".
    fn nested_absence(&mut self, home: TableId, filters: &[Filter]) -> Option<Vec<Filter>> {
        let at = filters.iter().position(|filter| {
            matches!(filter.condition, Condition::Exists { negated: true, .. })
        })?;
        let Condition::Exists { query, .. } = &filters[at].condition else {
            return None;
        };
        let inner_table = query.from?.table;
        let absent_at = self.reading.absences.first()?.at;
        let mut inside = Vec::new();
        let mut outside = Vec::new();
        for (index, filter) in filters.iter().enumerate() {
            if index == at {
                continue;
            }
            let far = filter.tables.iter().all(|table| {
                *table != home && (*table == inner_table || !self.points_to(home, *table))
            });
            if far {
                inside.push(filter.clone())
            } else {
                outside.push(filter.clone())
            }
        }
        if inside.is_empty() || !self.reading.values.iter().any(|test| test.at > absent_at) {
            return None;
        }
        let moments: Vec<Filter> = Vec::new();
        inside.extend(moments);
        let condition = self.exists(home, inner_table, &inside, true)?;
        outside.push(Filter {
            condition,
            tables: vec![home],
            alone: false,
        });
        Some(outside)
    }

    /// "who does X report to", "employees who report to X": a table that points to itself.
    fn self_reference(
        &mut self,
        draft: &mut Draft,
        home: TableId,
        outputs: &mut Vec<(At, Entity)>,
        filters: &mut [Filter],
    ) {
        let Some(edge) = self.graph().self_edge(home).cloned() else {
            return;
        };
        let pointer = ColumnId {
            table: home,
            column: edge.child_columns[0],
        };
        let said = (0..self.reading.units.len()).find(|&at| {
            let unit = self.unit(at);
            unit.columns
                .iter()
                .any(|(id, score)| *id == pointer && *score > 0.7)
                || unit.is(&[
                    "manager",
                    "managers",
                    "boss",
                    "bosses",
                    "supervisor",
                    "supervisors",
                    "parent",
                ]) && unit.best_table().is_none_or(|hit| hit.1 < 0.7)
                    && unit.values.is_empty()
                || unit.is(&["report", "reports"]) && self.reading.text(at + 1) == "to"
        });
        let Some(said) = said else { return };
        let above = Place {
            table: home,
            role: 1,
        };
        let named_after = self.reading.values.iter().any(|test| test.at > said);
        outputs.retain(|(at, _)| *at != said);
        if named_after && self.unit(said).text.contains("report") {
            // "who report to X": X is the one above
            for filter in filters.iter_mut() {
                if let Condition::OneOf {
                    column: Expr::Column(place, _),
                    ..
                } = &mut filter.condition
                    && place.table == home
                {
                    *place = above;
                }
            }
        } else {
            let label = self.catalogue().label_or_key(home);
            draft.above = label
                .into_iter()
                .map(|id| above.column(id.column))
                .collect();
            let names_self = outputs
                .iter()
                .any(|(_, entity)| *entity == Entity::Table(home));
            if !names_self && !self.reading.values.is_empty() {
                outputs.clear();
            }
        }
        draft.self_join = Some(edge);
    }

    /// Columns to show for an entity.
    pub(super) fn shown(&self, entity: &Entity) -> Vec<Expr> {
        match entity {
            Entity::Columns(columns) => columns.iter().map(|id| column(*id)).collect(),
            Entity::Table(table) => {
                let label = self.catalogue().label_or_key(*table);
                if label.is_empty() {
                    return vec![Expr::Star(place(*table))];
                }
                let mut shown: Vec<Expr> = label.iter().copied().map(column).collect();
                // two playlists of one name are told apart by their key
                if let [only] = label.as_slice()
                    && let [key] = self.catalogue().tables[*table].key.as_slice()
                {
                    let facts = &self.schema.tables[*table].columns[only.column];
                    let rows = self.schema.tables[*table].row_estimate.unwrap_or(0);
                    if facts.values_complete
                        && !facts.values.is_empty()
                        && (facts.values.len() as u64) < rows
                        && *key != only.column
                    {
                        shown.insert(0, place(*table).column(*key));
                    }
                }
                shown
            }
        }
    }

    /// Columns that tell the entity's rows apart.
    pub(super) fn keys(&self, entity: &Entity) -> Vec<Expr> {
        match entity {
            Entity::Columns(columns) => columns.iter().map(|id| column(*id)).collect(),
            Entity::Table(table) => self.catalogue().tables[*table]
                .key
                .iter()
                .map(|&at| place(*table).column(at))
                .collect(),
        }
    }

    /// Outputs of the same table as a table entity are its columns: "stadium name and capacity" of a stadium.
    pub(super) fn fold(
        &self,
        outputs: &[(At, Entity)],
        groups: &[(At, Entity)],
        counted: Option<TableId>,
    ) -> (Vec<Expr>, Vec<Expr>) {
        let mut shown: Vec<Expr> = Vec::new();
        let mut keys: Vec<Expr> = Vec::new();
        let all: Vec<&Entity> = groups
            .iter()
            .chain(outputs)
            .map(|(_, entity)| entity)
            .collect();
        let column_tables: Vec<TableId> = outputs
            .iter()
            .filter_map(|(_, entity)| match entity {
                Entity::Columns(columns) => Some(columns[0].table),
                Entity::Table(_) => None,
            })
            .collect();
        for entity in &all {
            match entity {
                Entity::Table(table) => {
                    if Some(*table) == counted && all.len() > 1 {
                        continue;
                    }
                    push_all(&mut keys, self.keys(entity));
                    // its columns are asked for by name
                    if !column_tables.contains(table) {
                        push_all(&mut shown, self.shown(entity));
                    } else {
                        // the label still belongs there when the name was not among them
                    }
                }
                Entity::Columns(columns) => {
                    let table = columns[0].table;
                    let of_entity = all.iter().any(|other| **other == Entity::Table(table))
                        && Some(table) != counted;
                    let is_label = columns.iter().all(|id| {
                        self.catalogue().tables[table].label.contains(&id.column)
                            || self.catalogue().tables[table].key == [id.column]
                    });
                    if of_entity || is_label && Some(table) != counted {
                        push_all(&mut keys, self.keys(&Entity::Table(table)));
                    }
                    push_all(&mut shown, self.shown(entity));
                }
            }
        }
        (shown, keys)
    }

    pub(super) fn group_by(&self, draft: &mut Draft, shown: Vec<Expr>, keys: Vec<Expr>) {
        for expr in keys.iter().chain(&shown) {
            if !draft.groups.contains(expr) && !matches!(expr, Expr::Star(_)) {
                draft.groups.push(expr.clone());
            }
        }
        for expr in shown {
            if !draft.outputs.contains(&expr) {
                draft.outputs.push(expr);
            }
        }
    }

    fn ordering(&mut self, draft: &mut Draft, home: TableId) {
        for order in &self.reading.orders {
            let entity_measure = draft.measures.first().map(|(expr, _)| expr.clone());
            let expr = match order.by {
                By::Unit(at) => {
                    let as_count = matches!(self.noun(at, Some(home), true), Some(Noun::Table(_)));
                    let as_output = self.column_of(at, Some(draft.root), &|_| true).map(|(id, _)| id);
                    let aggregated = as_output.and_then(|id| draft.measures.iter().find(|(expr, _)| matches!(expr, Expr::Aggregate(_, inner) if **inner == column(id))).map(|(expr, _)| expr.clone()));
                    if aggregated.is_some() {
                        aggregated
                    } else if as_count && !draft.measures.is_empty() && draft.measures.iter().any(|(expr, _)| matches!(expr, Expr::CountAll)) {
                        entity_measure
                    } else if self.unit(at).is(&["name", "names"]) {
                        let label = self.catalogue().label_or_key(home);
                        label.last().map(|id| column(*id))
                    } else {
                        as_output.map(column).or(entity_measure)
                    }
                }
                By::Revenue | By::Quantity | By::Measure | By::Events => entity_measure.or_else(|| {
                    // "sorted descending" without a number: the last number shown
                    draft.outputs.iter().rev().find(|expr| matches!(expr, Expr::Column(place, at) if self.catalogue().is_measure(ColumnId { table: place.table, column: *at }))).or(draft.outputs.first()).cloned()
                }),
                By::Adjective(found) => match entity_measure.filter(|_| found.dates.is_empty()) {
                    Some(measure) => Some(measure),
                    None => {
                        let resolved = self.adjective_column(found, draft.root);
                        if let Some((id, large)) = resolved {
                            let descending = if found.large == order.descending { large } else { !large };
                            draft.order.push((column(id), descending));
                            continue;
                        }
                        draft.outputs.first().cloned()
                    }
                },
                By::Unsaid | By::Sequence => draft.outputs.iter().find(|expr| !matches!(expr, Expr::Star(_))).cloned().or_else(|| self.catalogue().label_or_key(draft.root).first().map(|id| column(*id))),
            };
            match expr {
                Some(expr) if !matches!(expr, Expr::Star(_)) => {
                    draft.order.push((expr, order.descending))
                }
                _ => self.doubt(0.15, "I could not tell what to sort by"),
            }
        }
        if draft.order.is_empty() && draft.over_groups.is_none() {
            if let Some((expr, _)) = &draft.grain {
                draft.order.push((expr.clone(), false));
            } else if !draft.groups.is_empty()
                && let Some((expr, _)) = draft.measures.first()
            {
                draft.order.push((expr.clone(), true));
            }
        }
    }

    fn finish(mut self, draft: Draft, home: TableId, unread: Vec<At>) -> Outcome {
        let mut plan = Plan {
            distinct: draft.distinct && draft.measures.is_empty(),
            limit: draft.limit,
            offset: draft.offset,
            over_groups: draft.over_groups,
            ..Plan::default()
        };
        let only_above = !draft.above.is_empty() && !self.reading.values.is_empty();
        for expr in draft
            .outputs
            .iter()
            .filter(|_| !only_above)
            .chain(&draft.above)
        {
            plan.select.push((expr.clone(), None));
        }
        if let Some((expr, grain)) = &draft.grain {
            plan.select
                .push((expr.clone(), Some(grain.name().to_owned())));
            plan.group.push(expr.clone());
        }
        for (expr, name) in &draft.measures {
            plan.select.push((expr.clone(), Some(name.clone())));
        }
        plan.group.extend(draft.groups.iter().cloned());
        plan.having = draft.having.clone();
        plan.order = draft.order.clone();
        plan.within = draft.within.clone();
        // DISTINCT can only be ordered by what it shows
        if plan.distinct {
            for (expr, _) in &draft.order {
                if !plan
                    .select
                    .iter()
                    .any(|(shown, _)| shown == expr || matches!(shown, Expr::Star(_)))
                {
                    plan.select.push((expr.clone(), None));
                }
            }
        }
        let mut places = Vec::new();
        plan.select
            .iter()
            .for_each(|(expr, _)| expr.places(&mut places));
        plan.group.iter().for_each(|expr| expr.places(&mut places));
        plan.order
            .iter()
            .for_each(|(expr, _)| expr.places(&mut places));
        plan.within.iter().for_each(|expr| expr.places(&mut places));
        plan.having
            .iter()
            .for_each(|condition| condition.places(&mut places));
        let mut main: Vec<TableId> = vec![draft.root];
        for place in places {
            if place.role == 0 && !main.contains(&place.table) {
                main.push(place.table);
            }
        }
        // conditions that are reached without multiplying rows join in, the others stand in EXISTS
        let mut apart: Vec<Filter> = Vec::new();
        for filter in &draft.filters {
            let mut with = main.clone();
            with.extend(filter.tables.iter().copied());
            let outside: Vec<TableId> = filter
                .tables
                .iter()
                .copied()
                .filter(|table| !main.contains(table))
                .collect();
            if outside.is_empty() {
                plan.filters.push(filter.condition.clone());
                continue;
            }
            let Some(tree) = self.tree(draft.root, &with) else {
                let name = self.table_name(outside[0]);
                return Outcome::NotUnderstood(format!(
                    "I am the built-in generator; I could not find how {name} is connected with {}.",
                    self.table_name(draft.root)
                ));
            };
            let base_steps = self
                .tree(draft.root, &main)
                .map_or(0, |tree| tree.steps.len());
            let grows = tree.steps[base_steps.min(tree.steps.len())..]
                .iter()
                .any(|step| self.graph().multiplies(*step));
            if grows || filter.alone {
                apart.push(filter.clone());
            } else {
                for table in outside {
                    main.push(table);
                }
                plan.filters.push(filter.condition.clone());
            }
        }
        // "bought Rock but not Jazz": no row is both, so what is excluded must be absent altogether
        let (excluded, mut apart): (Vec<Filter>, Vec<Filter>) = {
            let columns: Vec<Expr> = apart
                .iter()
                .filter_map(|filter| match &filter.condition {
                    Condition::OneOf {
                        column,
                        negated: false,
                        ..
                    } => Some(column.clone()),
                    _ => None,
                })
                .collect();
            apart.into_iter().partition(|filter| {
                matches!(&filter.condition, Condition::OneOf { column, negated: true, .. } if columns.contains(column))
            })
        };
        let anchor = if main.contains(&home) {
            home
        } else {
            draft.root
        };
        let loose: Vec<TableId> = draft
            .required
            .iter()
            .copied()
            .filter(|table| !main.contains(table))
            .collect();
        let together: Vec<Filter> = apart
            .iter()
            .filter(|filter| !filter.alone)
            .cloned()
            .collect();
        let mut to_exist: Vec<Vec<Filter>> = apart
            .iter()
            .filter(|filter| filter.alone)
            .map(|filter| vec![filter.clone()])
            .collect();
        if !together.is_empty() {
            to_exist.insert(0, together);
        }
        let mut covered: Vec<TableId> = Vec::new();
        for group in to_exist {
            let target = group[0].tables[0];
            covered.extend(
                group
                    .iter()
                    .flat_map(|filter| filter.tables.iter().copied()),
            );
            let mut condition = self.exists(anchor, target, &group, false);
            if condition.is_none() {
                // branches that do not share a path each stand alone
                for filter in &group {
                    match self.exists(
                        anchor,
                        filter.tables[0],
                        std::slice::from_ref(filter),
                        false,
                    ) {
                        Some(one) => plan.filters.push(one),
                        None => self.doubt(0.4, "one of the conditions could not be joined in"),
                    }
                }
                condition = None;
            }
            plan.filters.extend(condition);
        }
        for mut filter in excluded {
            if let Condition::OneOf { negated, .. } = &mut filter.condition {
                *negated = false;
            }
            let target = filter.tables[0];
            match self.exists(anchor, target, std::slice::from_ref(&filter), true) {
                Some(condition) => plan.filters.push(condition),
                None => self.doubt(0.4, "one of the conditions could not be joined in"),
            }
            apart.push(filter);
        }
        let is_percent = draft.measures.iter().any(|(_, name)| name == "percent");
        for table in loose {
            if covered.contains(&table) || main.contains(&table) {
                continue;
            }
            if is_percent && self.points_to(draft.root, table) {
                main.push(table);
                continue;
            }
            // "students who have friends": a row must be there
            let Some(tree) = self.tree(anchor, &[table]) else {
                continue;
            };
            let on_path = apart.iter().any(|filter| {
                filter.tables.iter().any(|target| {
                    self.tree(anchor, &[*target])
                        .is_some_and(|path| path.steps.iter().any(|step| step.to == table))
                })
            });
            let to_many = tree.steps.iter().any(|step| self.graph().multiplies(*step));
            let absent = plan.filters.iter().any(|filter| matches!(filter, Condition::Exists { negated: true, query, .. } if query.from.is_some_and(|place| place.table == table) || query.joins.iter().any(|join| join.to.table == table)));
            if to_many
                && !on_path
                && !absent
                && tree.steps.len() <= 2
                && let Some(condition) = self.exists(anchor, table, &[], false)
            {
                plan.filters.push(condition);
            }
        }
        let Some(tree) = self.tree(draft.root, &main) else {
            let names: Vec<String> = main.iter().map(|table| self.table_name(*table)).collect();
            return Outcome::NotUnderstood(format!(
                "I am the built-in generator; I could not find how {} are connected.",
                names.join(" and ")
            ));
        };
        plan.from = Some(place(draft.root));
        if let Some(edge) = &draft.self_join {
            let to = Place {
                table: edge.parent,
                role: 1,
            };
            plan.joins.push(Join {
                from: place(edge.child),
                to,
                edge: edge.clone(),
                left: !only_above && !draft.above.is_empty(),
            });
        }
        for step in &tree.steps {
            let edge = self.graph().edges[step.edge].clone();
            plan.joins.push(Join {
                from: place(step.from),
                to: place(step.to),
                edge,
                left: is_percent,
            });
        }
        if tree.ambiguous {
            self.doubt(
                0.12,
                "two foreign keys lead to the same table; I took the first",
            );
        }
        if tree.guessed {
            self.doubt(
                0.08,
                "no declared foreign key joins the tables, so I matched their column names",
            );
        }
        // rows multiplied by a join are counted once
        let multiplied = tree.steps.iter().any(|step| self.graph().multiplies(*step));
        if multiplied {
            let key = &self.catalogue().tables[draft.root].key;
            if let [key] = key.as_slice() {
                let once = Expr::CountDistinct(Box::new(place(draft.root).column(*key)));
                let swap = |expr: &mut Expr| {
                    if *expr == Expr::CountAll {
                        *expr = once.clone();
                    }
                };
                plan.select.iter_mut().for_each(|(expr, _)| swap(expr));
                plan.order.iter_mut().for_each(|(expr, _)| swap(expr));
                for condition in &mut plan.having {
                    if let Condition::Compare(left, ..) = condition {
                        swap(left);
                    }
                }
            }
            if draft.measures.is_empty() && draft.groups.is_empty() && !plan.distinct {
                plan.distinct = draft
                    .order
                    .iter()
                    .all(|(expr, _)| plan.select.iter().any(|(shown, _)| shown == expr));
            }
            if draft.measures.iter().any(|(expr, _)| {
                matches!(
                    expr,
                    Expr::Aggregate(Aggregate::Sum | Aggregate::Average, _)
                )
            }) {
                self.doubt(0.3, "the joins may count some rows more than once");
            }
        }
        if let (Some(comparator), Some((shown, name))) =
            (draft.to_average, draft.measures.first().cloned())
        {
            let of_each = Plan {
                select: vec![(shown.clone(), Some(name))],
                order: Vec::new(),
                limit: None,
                over_groups: Some(Aggregate::Average),
                ..plan.clone()
            };
            plan.having.push(Condition::Compare(
                shown,
                comparator,
                Expr::Query(Box::new(of_each)),
            ));
        }
        self.judged(plan, unread)
    }
}

/// "1997 compared to 1996": no row is in two periods that lie apart, so any of them is meant.
fn either(moments: Vec<Moment>) -> Vec<Moment> {
    let mut out: Vec<Moment> = Vec::new();
    for moment in moments {
        let apart = |last: &Moment| {
            last.periods.iter().all(|a| {
                moment.periods.iter().all(|b| {
                    let before = |a: &Period, b: &Period| {
                        a.to.zip(b.from).is_some_and(|(end, start)| end <= start)
                    };
                    before(a, b) || before(b, a)
                })
            })
        };
        match out.last_mut() {
            Some(last)
                if !last.negated
                    && !moment.negated
                    && last.grain == moment.grain
                    && apart(last) =>
            {
                last.periods.extend(moment.periods);
                last.periods.sort_by_key(|period| period.from);
            }
            _ => out.push(moment),
        }
    }
    out
}

pub(super) fn push_all(list: &mut Vec<Expr>, more: Vec<Expr>) {
    for expr in more {
        if !list.contains(&expr) {
            list.push(expr);
        }
    }
}
