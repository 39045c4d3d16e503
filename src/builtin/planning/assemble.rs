//! The plan itself, from nouns, numbers and conditions that have been decided.

use super::filters::{Having, HavingOf, HavingTest};
use super::measures::safe;
use super::{Entity, Filter, Noun, Outcome, Planner, column, place};
use crate::builtin::catalogue::{ColumnId, Kind, TableId};
use crate::builtin::dates::{Grain, Moment, Period};
use crate::builtin::glossary::Given;
use crate::builtin::plan::{Condition, Expr, Place};
use crate::builtin::reading::{Aggregate, At, By, Comparator, Comparison, Of, Right};

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
    /// Only groups whose number (or the first that is shown) compares so with the average of all groups.
    pub to_average: Option<(Comparator, Option<Expr>)>,
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

    /// Conditions that the glossary defines.
    pub(super) fn given_filters(&self) -> Vec<Filter> {
        let filter = |given: &Given| {
            Filter::new(
                self.equals(given.column, "true".to_owned(), given.negated),
                vec![given.column.table],
            )
        };
        self.given.iter().map(filter).collect()
    }

    fn draft(&mut self, home: TableId) -> Result<Draft, Outcome> {
        let mut draft = Draft {
            root: home,
            ..Draft::default()
        };
        let reading = self.reading;
        if let Some(shared) = self.shared_column() {
            return Ok(shared);
        }
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
                || reading.top.as_ref().is_some_and(|top| {
                    let apart = |&at: &At| {
                        let of = |at: At, lean| {
                            let entity = self.entity(at, Some(home), lean)?;
                            Some(self.table_of(&entity))
                        };
                        outputs.iter().all(|&output| {
                            of(output, false)
                                .zip(of(at, true))
                                .is_some_and(|(own, of)| own != of && self.points_to(own, of))
                        })
                    };
                    // "the first order of each customer" is ranked within them
                    !outputs.is_empty()
                        && matches!(top.by, By::Sequence)
                        && !groups.iter().all(apart)
                })
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
        let mut shown_tests: Vec<Comparison> = Vec::new();
        for test in reading.comparisons.clone() {
            // "revenue per employee, only those above average": the average of what is shown
            let plain = test.left.or(test.noun).is_none()
                && test.adjective.is_none()
                && !test.revenue
                && has_measure;
            let average = matches!(
                test.right,
                Right::Average {
                    of: None,
                    within: None
                }
            );
            if plain && average && !groups.is_empty() {
                draft.to_average = Some((test.comparator, None));
                continue;
            }
            // "…, only countries above 6": the number that is shown
            if plain && self.is_about_shown(&test, &groups) {
                shown_tests.push(test);
                continue;
            }
            match self.comparison(&test, Some(home)) {
                Some(Ok(filter)) => {
                    let filter = filter.said_at(test.at);
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
            let absence = reading.absences[at].clone();
            // "not shipped on time" is late, not unshipped
            if timely
                .as_ref()
                .is_some_and(|timely| absence.at < timely.first && timely.first <= absence.end + 1)
            {
                continue;
            }
            let until = self.denied_until(absence.at);
            let (present, from) = (absence.present, absence.end);
            let inner: Vec<_> = moments
                .iter()
                .filter(|moment| (from..until).contains(&moment.first) && !present)
                .cloned()
                .collect();
            let said: Vec<Filter> = filters
                .iter()
                .filter(|filter| {
                    let behind = filter
                        .at
                        .is_some_and(|said| (absence.at..until).contains(&said));
                    behind && !present && !filter.absent
                })
                .cloned()
                .collect();
            match self.absence(at, home, &inner, &said) {
                Some((filter, taken)) => {
                    if matches!(filter.condition, Condition::Exists { .. }) {
                        moments.retain(|moment| !inner.contains(moment));
                        // values behind it belong to what is missing: "no cartoon directed by X"
                        filters
                            .retain(|filter| !filter.at.is_some_and(|said| taken.contains(&said)));
                    }
                    filters.push(filter.said_at(absence.at));
                }
                None => self.doubt(0.3, "I could not tell what is missing"),
            }
        }
        self.alternatives(&mut filters);
        for filter in &filters {
            if let Condition::IsNull(Expr::Column(of, at), false) = &filter.condition {
                self.missing_dates.push(ColumnId {
                    table: of.table,
                    column: *at,
                });
            }
        }
        // "who never ordered X in 1997"
        for filter in std::mem::take(&mut filters) {
            let Some(said) = filter.at.filter(|_| filter.absent) else {
                filters.push(filter);
                continue;
            };
            let until = self.denied_until(said);
            let inner: Vec<_> = moments
                .iter()
                .filter(|moment| (said..until).contains(&moment.first))
                .cloned()
                .collect();
            match self.denied(filter.clone(), home, &inner) {
                Some(denied) => {
                    moments.retain(|moment| !inner.contains(moment));
                    filters.push(denied);
                }
                None => {
                    self.doubt(0.3, "I could not tell what is missing");
                    filters.push(filter);
                }
            }
        }

        if let Some((id, values)) = self.each_of {
            let of_values = !has_measure
                && id.table == home
                && output_entities.iter().all(|(_, entity)| match entity {
                    Entity::Columns(columns) => !columns.contains(&id) && !self.is_label(columns),
                    Entity::Table(_) => false,
                });
            if of_values {
                havings.push(Having {
                    subject: HavingOf::Values(id),
                    test: HavingTest::Compare(Comparator::Equal, Expr::Number(values as f64)),
                });
            } else {
                let name = self.column_name(id);
                self.doubt(
                    0.3,
                    format!("no row has two of {name}, so I took those that have either"),
                );
            }
        }
        for extreme in &reading.extremes {
            match self.extreme(extreme, home) {
                Some(having) => havings.push(having),
                None => self.doubt(0.35, "I could not tell what the first or last is of"),
            }
        }
        if reading.covers.is_some() {
            match self.covering(home, &moments) {
                Some(having) => havings.push(having),
                None => {
                    return Err(Outcome::NotUnderstood(
                        "I am the built-in generator; I could not tell which rows must be there in every period."
                            .into(),
                    ));
                }
            }
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
        // "top employees by revenue in 1997": the time of the sales, not of the employees
        let root = match reading.top.as_ref().map(|top| top.by) {
            Some(By::Revenue) => self.revenue(&[draft.root]).map(|amount| amount.table),
            Some(By::Quantity) => self.quantity(&[draft.root]).map(|amount| amount.table),
            _ => None,
        }
        .unwrap_or(draft.root);
        let said_both = reading.units.iter().any(|unit| unit.is(&["both"]));
        let two_years = moments.len() == 1
            && moments[0].periods.len() > 1
            && !moments[0].negated
            && (moments[0].first..moments[0].end).any(|at| self.unit(at).is(&["and"]))
            && !(moments[0].first..moments[0].end).any(|at| self.unit(at).is(&["or"]))
            && !has_measure
            && reading.top.is_none()
            && !reading.compare;
        // "customers who ordered in 1996 and 1997": orders are many, so both can be
        let each = two_years
            && self
                .date_column(
                    Some(root),
                    moments[0].grain,
                    &[root],
                    Some(moments[0].first),
                )
                .is_some_and(|id| id.table != home && !self.points_to(home, id.table));
        if each && !said_both {
            self.note("I read \"and\" as both: each of the periods must be there.");
        }
        let both = said_both || each;
        if moments.len() > 1 && filters.iter().filter(|filter| filter.alone).count() > 1 {
            self.doubt(
                0.4,
                "I could not tell which period goes with which, so I took them for all",
            );
        }
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
                // "in 1997 but not in 1998": no row of that year
                Some(filter)
                    if moment.negated
                        && !has_measure
                        && !self.points_to(home, filter.tables[0]) =>
                {
                    match self.denied(filter, home, &[]) {
                        Some(denied) => filters.push(denied),
                        None => self.doubt(0.3, "I could not tell what is missing"),
                    }
                }
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
        for test in shown_tests {
            let Some((shown, _)) = draft.measures.first().filter(|_| !draft.groups.is_empty())
            else {
                self.doubt(
                    0.35,
                    "I could not tell which number the comparison is about",
                );
                continue;
            };
            let bound = |comparator: Comparator, bound: f64| {
                Condition::Compare(shown.clone(), comparator, Expr::Number(bound))
            };
            let conditions = match test.right {
                Right::Between(low, high, _) => {
                    vec![bound(Comparator::Least, low), bound(Comparator::Most, high)]
                }
                Right::Number(value, _) => vec![bound(test.comparator, value)],
                _ => Vec::new(),
            };
            draft.having.extend(conditions);
        }
        let over = [Aggregate::Min, Aggregate::Max];
        if draft.over_groups.is_none()
            && reading.top.is_none()
            && let Some(measure) = reading
                .measures
                .iter()
                .find(|measure| measure.distinct && over.contains(&measure.aggregate))
            && let Of::Unit(at) = measure.of
        {
            return Err(Outcome::NotUnderstood(format!(
                "I am the built-in generator; I could not tell of what the number of {} is the {}. Say \"per …\".",
                self.unit(at).raw,
                reading.text(measure.at.saturating_sub(1))
            )));
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

    /// "discontinued or out of stock": conditions of different kinds with "or" between them.
    fn alternatives(&self, filters: &mut Vec<Filter>) {
        const SMALL: &[&str] = &[
            "is", "are", "was", "were", "that", "who", "which", "with", "have", "has",
        ];
        let mut at = 0;
        while at < filters.len() {
            let or = filters[at].at.filter(|&said| {
                let before = (0..said).rev().find(|&at| !self.unit(at).is(SMALL));
                before.is_some_and(|before| self.unit(before).is(&["or"]))
            });
            let free = |filter: &Filter| !filter.absent && !filter.alone;
            let first = or.filter(|_| free(&filters[at])).and_then(|said| {
                (0..filters.len())
                    .filter(|&other| filters[other].at.is_some_and(|own| own < said))
                    .max_by_key(|&other| filters[other].at)
                    .filter(|&other| free(&filters[other]))
            });
            let Some(first) = first else {
                at += 1;
                continue;
            };
            let second = filters.remove(at);
            let first = &mut filters[first - usize::from(first > at)];
            let old = std::mem::replace(&mut first.condition, Condition::Any(Vec::new()));
            let mut parts = match old {
                Condition::Any(parts) => parts,
                other => vec![other],
            };
            parts.push(second.condition);
            first.condition = Condition::Any(parts);
            first.tables.extend(second.tables);
        }
    }

    /// A comparison with no number of its own is about the one that is shown: it stands behind what is grouped by,
    /// or behind that number.
    fn is_about_shown(&self, test: &Comparison, groups: &[At]) -> bool {
        if !matches!(test.right, Right::Number(..) | Right::Between(..)) {
            return false;
        }
        const SMALL: &[&str] = &[
            "is", "are", "was", "were", "be", "only", "those", "ones", "value", "with", "that",
        ];
        let Some(before) = (0..test.at).rev().find(|&at| !self.unit(at).is(SMALL)) else {
            return false;
        };
        let those = test
            .at
            .checked_sub(1)
            .is_some_and(|at| self.unit(at).is(&["those", "ones", "only"]));
        if those && !groups.is_empty() {
            return true;
        }
        let grouped = groups
            .iter()
            .any(|&group| self.unit(group).stem == self.unit(before).stem && group != before);
        let of_measure = self.reading.measures.iter().any(|measure| {
            matches!(measure.of, Of::Worth(at) if at == before) || measure.at == before
        });
        grouped || of_measure
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

    /// "who does X report to", "employees who report to X": a table that points to itself.
    fn self_reference(
        &mut self,
        draft: &mut Draft,
        home: TableId,
        outputs: &mut Vec<(At, Entity)>,
        filters: &mut Vec<Filter>,
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
        // "employees with no manager"
        let denied = (said.saturating_sub(2)..said)
            .any(|at| self.unit(at).is(&["no", "without", "not", "any"]) && !self.reading.used[at])
            && (said.saturating_sub(4)..said).any(|at| self.unit(at).is(&["no", "without", "not"]));
        let not = (said.saturating_sub(3)..said).any(|at| self.unit(at).is(&["not", "never"]));
        if not && self.reading.values.iter().any(|test| test.at > said) {
            self.unclear = Some(Outcome::NotUnderstood(
                "I am the built-in generator; I cannot tell whom somebody is not above. Ask for those who are."
                    .into(),
            ));
            return;
        }
        if denied && self.reading.absences.is_empty() {
            filters.push(Filter::new(
                Condition::IsNull(column(pointer), false),
                vec![home],
            ));
            self.hints.push(format!("#{said}"));
            return;
        }
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
                if last.negated == moment.negated && last.grain == moment.grain && apart(last) =>
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
