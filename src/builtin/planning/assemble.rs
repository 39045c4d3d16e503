//! The plan itself, from nouns, numbers and conditions that have been decided.

use super::filters::{Having, HavingOf};
use super::measures::safe;
use super::{Entity, Filter, Noun, Outcome, Planned, Planner, column, place};
use crate::builtin::catalogue::{ColumnId, Kind, TableId};
use crate::builtin::dates::Grain;
use crate::builtin::lexicon::{adjective, is_filler, is_revenue, is_weak};
use crate::builtin::plan::{Condition, Expr, Join, Place, Plan};
use crate::builtin::reading::{Aggregate, At, By, Comparator, Of, Top};

/// A request for nothing but a table shows this many rows.
const BARE_LIMIT: u64 = 100;

/// Rendered `100.0`, so that no engine divides integers.
const HUNDRED: f64 = 100.0;

/// The parts of a plan while they are being decided.
#[derive(Default)]
struct Draft {
    /// The table whose rows are listed or counted.
    root: TableId,
    outputs: Vec<Expr>,
    measures: Vec<(Expr, String)>,
    groups: Vec<Expr>,
    grain: Option<(Expr, Grain)>,
    filters: Vec<Filter>,
    having: Vec<Condition>,
    order: Vec<(Expr, bool)>,
    limit: Option<u64>,
    offset: u64,
    distinct: bool,
    over_groups: Option<Aggregate>,
    /// Tables that must have a row, without a condition of their own.
    required: Vec<TableId>,
    /// The root joined to itself ("reports to"), and what is shown of the row above.
    self_join: Option<crate::builtin::joins::Edge>,
    above: Vec<Expr>,
}

impl Planner<'_> {
    pub fn plan(mut self) -> Outcome {
        let unread = self.unread();
        let Some(home) = self.home() else {
            return Outcome::NotUnderstood(self.missing(&unread));
        };
        match self.draft(home) {
            Ok(draft) => self.finish(draft, home, unread),
            Err(outcome) => outcome,
        }
    }

    /// Content words that no phrase took.
    fn unread(&self) -> Vec<At> {
        (0..self.reading.units.len())
            .filter(|&at| {
                let unit = self.unit(at);
                !self.reading.used[at]
                    && !unit.punctuation
                    && !is_filler(&unit.text)
                    && unit.text.len() > 1
            })
            .collect()
    }

    fn missing(&self, unread: &[At]) -> String {
        let words: Vec<String> = unread
            .iter()
            .map(|&at| format!("\"{}\"", self.unit(at).raw))
            .take(3)
            .collect();
        if words.is_empty() {
            "I am the built-in generator; I could not find what this is about in this dataset."
                .into()
        } else {
            format!(
                "I am the built-in generator; I could not find {} in this dataset.",
                words.join(", ")
            )
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
            && let By::Adjective(found, _) = top.by
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

    /// The table the question is about.
    fn home(&self) -> Option<TableId> {
        let reading = self.reading;
        let first_mentioned = self
            .mentioned
            .first()
            .map(|(_, table)| *table)
            .or_else(|| self.voted());
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
        if reading
            .measures
            .iter()
            .any(|measure| measure.of == Of::Revenue)
        {
            return self.revenue(&[]).map(|amount| amount.table);
        }
        if reading
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
            && let By::Adjective(found, _) = top.by
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
            let as_column = matches!(self.noun(at, Some(home), false), Some(Noun::Column(_)));
            if with && as_column {
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
        let group_entities: Vec<(At, Entity)> = groups
            .iter()
            .filter_map(|&at| Some((at, self.entity(at, Some(home), true)?)))
            .collect();

        // conditions
        let mut filters = self.value_filters(Some(home));
        filters.extend(self.text_filters(Some(home)));
        filters.extend(self.flag_filters(home));
        self.self_reference(&mut draft, home, &mut output_entities, &mut filters);
        let mut havings: Vec<Having> = Vec::new();
        for test in reading.comparisons.clone() {
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
        let unread = self.unread();
        let (partial, taken) = self.partial_values(Some(home), &unread);
        filters.extend(partial);
        self.hints.extend(taken.iter().map(|at| format!("#{at}")));

        // what is missing, with the periods that stand behind it
        let mut moments = reading.moments.clone();
        for at in 0..reading.absences.len() {
            let absence = &reading.absences[at];
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
                self.superlative(
                    &mut draft,
                    &top,
                    &output_entities,
                    &group_entities,
                    home,
                    &mut havings,
                )?;
            } else if grouped_by_outputs || !havings.is_empty() || draft.grain.is_some() {
                self.grouped(&mut draft, &output_entities, &group_entities, home);
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
    fn shown(&self, entity: &Entity) -> Vec<Expr> {
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
    fn keys(&self, entity: &Entity) -> Vec<Expr> {
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
    fn fold(
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
        for (index, entity) in all.iter().enumerate() {
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
                    let _ = index;
                }
            }
        }
        (shown, keys)
    }

    fn group_by(&self, draft: &mut Draft, shown: Vec<Expr>, keys: Vec<Expr>) {
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

    fn grouped(
        &mut self,
        draft: &mut Draft,
        outputs: &[(At, Entity)],
        groups: &[(At, Entity)],
        home: TableId,
    ) {
        let counted = self.counted_table(draft.root);
        // outputs that are just the thing counted are no group
        let outputs: Vec<(At, Entity)> = outputs
            .iter()
            .filter(|(_, entity)| {
                !(draft.measures.iter().any(|(expr, _)| expr.is_aggregate())
                    && *entity == Entity::Table(draft.root))
            })
            .cloned()
            .collect();
        let (shown, keys) = self.fold(&outputs, groups, counted);
        self.group_by(draft, shown, keys);
        // "average number of tracks per album", "average revenue per order": over the groups
        let average =
            self.reading.measures.first().filter(|measure| {
                measure.aggregate == Aggregate::Average && draft.measures.len() == 1
            });
        if let Some(measure) = average {
            let over_counts = measure.distinct && matches!(measure.of, Of::Unit(_));
            let over_sums =
                measure.of == Of::Revenue && groups.len() + usize::from(draft.grain.is_some()) == 1;
            let per_entity = groups
                .iter()
                .any(|(_, entity)| matches!(entity, Entity::Table(_)))
                || draft.grain.is_some();
            if (over_counts || over_sums) && per_entity && outputs.is_empty() {
                draft.over_groups = Some(Aggregate::Average);
                if let Some((expr, name)) = draft.measures.first_mut() {
                    if over_sums && let Expr::Aggregate(aggregate, _) = expr {
                        *aggregate = Aggregate::Sum;
                        *name = "total_revenue".into();
                    } else {
                        *expr = Expr::CountAll;
                    }
                }
            }
        }
        let _ = home;
    }

    fn counted_table(&self, root: TableId) -> Option<TableId> {
        self.reading
            .measures
            .iter()
            .any(|measure| {
                matches!(measure.of, Of::Unit(_))
                    && (measure.aggregate == Aggregate::Count || measure.distinct)
            })
            .then_some(root)
    }

    fn listed(
        &mut self,
        draft: &mut Draft,
        outputs: &[(At, Entity)],
        owners: &[At],
        home: TableId,
    ) {
        let column_tables: Vec<TableId> = outputs
            .iter()
            .filter_map(|(_, entity)| match entity {
                Entity::Columns(columns) => Some(columns[0].table),
                Entity::Table(_) => None,
            })
            .collect();
        for (_, entity) in outputs {
            match entity {
                // "names of customers": the table only says whose names
                Entity::Table(table) if column_tables.contains(table) => {}
                Entity::Table(table) => {
                    let facts = &self.catalogue().tables[*table];
                    let bare = self.reading.top.is_none()
                        && outputs.len() == 1
                        && owners.is_empty()
                        && self.reading.values.is_empty()
                        && self.reading.comparisons.is_empty()
                        && self.reading.moments.is_empty()
                        && self.reading.absences.is_empty()
                        && self.reading.texts.is_empty()
                        && self.reading.flags.is_empty();
                    if facts.label.is_empty() || bare {
                        push_all(&mut draft.outputs, vec![Expr::Star(place(*table))]);
                        if bare && self.reading.orders.is_empty() {
                            draft.limit = Some(BARE_LIMIT);
                            self.note(format!("At most {BARE_LIMIT} rows are shown."));
                        }
                    } else {
                        push_all(&mut draft.outputs, self.shown(entity));
                    }
                }
                Entity::Columns(_) => push_all(&mut draft.outputs, self.shown(entity)),
            }
        }
        if draft.outputs.is_empty() {
            let entity = Entity::Table(home);
            let facts = &self.catalogue().tables[home];
            if facts.label.is_empty() {
                draft.outputs.push(Expr::Star(place(home)))
            } else {
                draft.outputs = self.shown(&entity)
            }
        }
        // which X: each once
        let first_is_plain = outputs.first().is_some_and(|(_, entity)| match entity {
            Entity::Columns(columns) => columns.iter().all(|id| {
                let facts = &self.catalogue().tables[id.table];
                !facts.label.contains(&id.column) && facts.key != [id.column]
            }),
            Entity::Table(table) => *table != home,
        });
        let which = self
            .reading
            .units
            .first()
            .is_some_and(|unit| unit.is(&["which", "who"]))
            && outputs.len() == 1;
        draft.distinct = first_is_plain && which || self.reading.distinct && !outputs.is_empty();
        // the child of all output tables is the one to start from
        let mut tables: Vec<TableId> = Vec::new();
        for (_, entity) in outputs {
            let table = self.table_of(entity);
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
        if tables.len() > 1 {
            let single = tables.iter().copied().find(|&root| {
                self.tree(root, &tables).is_some_and(|tree| {
                    tree.steps
                        .iter()
                        .all(|step| !self.graph().multiplies(*step))
                })
            });
            draft.root = single.unwrap_or(home);
        } else if let Some(table) = tables.first() {
            draft.root = *table;
        }
    }

    fn superlative(
        &mut self,
        draft: &mut Draft,
        top: &Top,
        outputs: &[(At, Entity)],
        groups: &[(At, Entity)],
        home: TableId,
        havings: &mut Vec<Having>,
    ) -> Result<(), Outcome> {
        let _ = havings;
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
        let mut large = top.large;
        let mut target: Option<Expr> = None; // of a row
        let mut total: Option<(Expr, String, TableId)> = None; // of a group
        let mut by = top.by;
        if matches!(by, By::Unsaid) {
            by = self.unsaid(top, entity_table, &entities)?;
        }
        // events of a column's values: "most popular end station"
        let column_entity = entities.iter().all(
            |(_, entity)| matches!(entity, Entity::Columns(columns) if !self.is_label(columns)),
        );
        let revenue_named = |planner: &Self| {
            planner
                .reading
                .measures
                .iter()
                .position(|measure| measure.of == Of::Revenue)
        };
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
            By::Adjective(found, _) => {
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
                let _ = revenue_named(self);
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
            By::Measure(_) | By::Unsaid => {}
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
            draft.filters.push(Filter {
                condition,
                tables: vec![at_place.table],
                alone: false,
            });
            draft.limit = None;
            draft.offset = 0;
            let counted: Vec<(At, Entity)> = outputs
                .iter()
                .filter(|(_, entity)| *entity != Entity::Table(at_place.table))
                .cloned()
                .collect();
            self.grouped(draft, &counted, groups, home);
            return Ok(());
        }
        if let Some(expr) = target {
            // a list of rows, best first
            if !groups.is_empty() {
                self.doubt(0.4, "I cannot yet pick the best within each group");
            }
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
                    draft.filters.push(Filter {
                        condition: Condition::IsNull(expr.clone(), true),
                        tables: vec![id.table],
                        alone: false,
                    });
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
            self.group_by(draft, shown, keys);
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

    fn says_total(&self) -> bool {
        self.reading
            .units
            .iter()
            .any(|unit| unit.is(&["total", "sum", "combined", "overall"]))
    }

    fn says_average(&self) -> bool {
        self.reading
            .units
            .iter()
            .any(|unit| unit.is(&["average", "mean", "avg"]))
    }

    fn is_label(&self, columns: &[ColumnId]) -> bool {
        columns.iter().all(|id| {
            self.catalogue().tables[id.table].label.contains(&id.column)
                || self.catalogue().tables[id.table].key == [id.column]
        })
    }

    /// Values of the entity's columns stand in many rows.
    fn repeats(&self, entities: &[(At, Entity)]) -> bool {
        entities.iter().all(|(_, entity)| match entity {
            Entity::Columns(columns) => columns.iter().all(|id| {
                self.catalogue().column(*id).is_key
                    && self.catalogue().tables[id.table].key != [id.column]
            }),
            Entity::Table(_) => false,
        })
    }

    fn is_number_noun(&self, at: At, home: TableId) -> bool {
        let unit = self.unit(at);
        let column = self
            .column_of(at, Some(home), &|id| self.catalogue().is_measure(id))
            .map(|(id, _)| id);
        let score = column
            .and_then(|id| unit.columns.iter().find(|hit| hit.0 == id))
            .map_or(0.0, |hit| hit.1);
        score > unit.best_table().map_or(0.0, |hit| hit.1) + 0.05
    }

    /// "top customers": by what? Asked when more than one answer is plausible.
    fn unsaid(
        &mut self,
        top: &Top,
        table: TableId,
        entities: &[(At, Entity)],
    ) -> Result<By, Outcome> {
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
        let _ = entities;
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

    pub(super) fn plural(&self, table: TableId) -> String {
        plural(&self.table_name(table))
    }

    fn having(
        &mut self,
        draft: &mut Draft,
        having: &Having,
        outputs: &[(At, Entity)],
        groups: &[(At, Entity)],
        home: TableId,
    ) -> Result<(), Outcome> {
        let has_own_groups = !groups.is_empty() || draft.grain.is_some();
        let entity_table = groups
            .iter()
            .chain(outputs)
            .map(|(_, entity)| self.table_of(entity))
            .next()
            .unwrap_or(home);
        let (expr, table) = match &having.subject {
            HavingOf::Rows(table) => (Expr::CountAll, *table),
            HavingOf::Events => (
                Expr::CountAll,
                self.events_of(entity_table)
                    .first()
                    .copied()
                    .unwrap_or(entity_table),
            ),
            HavingOf::Total(id) => (
                Expr::Aggregate(Aggregate::Sum, Box::new(column(*id))),
                id.table,
            ),
            HavingOf::Revenue => {
                let Some(amount) = self.revenue(&[entity_table]) else {
                    return Err(Outcome::NotUnderstood("I am the built-in generator; I could not find sales or revenue in this dataset.".into()));
                };
                (
                    Expr::Aggregate(Aggregate::Sum, Box::new(amount.expr)),
                    amount.table,
                )
            }
        };
        let mut conditions = Vec::new();
        match having.upper {
            Some(upper) => {
                conditions.push(Condition::Compare(
                    expr.clone(),
                    Comparator::Least,
                    Expr::Number(having.value),
                ));
                conditions.push(Condition::Compare(
                    expr.clone(),
                    Comparator::Most,
                    Expr::Number(upper),
                ));
            }
            None => conditions.push(Condition::Compare(
                expr.clone(),
                having.comparator,
                Expr::Number(having.value),
            )),
        }
        draft.having.extend(conditions);
        let counts_entity = draft.measures.len() == 1
            && draft.measures[0].0 == Expr::CountAll
            && table != draft.root
            && !has_own_groups
            && self.reading.top.is_none()
            && outputs
                .iter()
                .all(|(_, entity)| *entity == Entity::Table(home));
        if counts_entity {
            // "how many artists have more than 10 albums"
            let entity = Entity::Table(home);
            draft.measures.clear();
            draft.groups = self.keys(&entity);
            draft.outputs = self.keys(&entity);
            if draft.outputs.is_empty() {
                draft.outputs = self.shown(&entity);
                draft.groups = draft.outputs.clone();
            }
            draft.over_groups = Some(Aggregate::Count);
            draft.root = table;
            return Ok(());
        }
        if draft.groups.is_empty() || draft.measures.is_empty() {
            let mut entities = outputs.to_vec();
            if entities.is_empty() && groups.is_empty() {
                entities.push((0, Entity::Table(home)));
            }
            draft.groups.clear();
            draft.outputs.clear();
            let plain_columns = entities.iter().any(|(_, entity)| matches!(entity, Entity::Columns(columns) if columns[0].table == table));
            let (shown, keys) = self.fold(&entities, groups, plain_columns.then_some(table));
            let shown: Vec<Expr> = shown
                .into_iter()
                .filter(|expr| !matches!(expr, Expr::Star(_)))
                .collect();
            let shown = if shown.is_empty() {
                keys.clone()
            } else {
                shown
            };
            self.group_by(draft, shown, keys);
            draft.distinct = false;
        }
        if draft.measures.is_empty() {
            draft.root = table;
            if self.reading.top.is_none() {
                // the number itself is worth seeing, but was not asked for: it stays in HAVING
            }
        }
        Ok(())
    }

    /// Shares in percent: of all rows that fulfil the conditions, or of the total per group.
    fn percentage(
        &mut self,
        draft: &mut Draft,
        filters: &mut Vec<Filter>,
        outputs: &[(At, Entity)],
        groups: &[(At, Entity)],
        home: TableId,
    ) -> bool {
        let count = || (Expr::CountAll, "count".to_owned());
        if !groups.is_empty() || draft.grain.is_some() {
            let (expr, _) = draft.measures.first().cloned().unwrap_or_else(count);
            self.grouped(draft, &[], groups, home);
            draft.over_groups = None;
            let share = Expr::Ratio(
                Box::new(Expr::Product(vec![Expr::Number(HUNDRED), expr.clone()])),
                Box::new(Expr::OverAll(Box::new(expr))),
            );
            draft.measures = vec![(share, "percent".into())];
            return true;
        }
        let conditions: Vec<Condition> = filters
            .iter()
            .filter(|filter| !matches!(filter.condition, Condition::During { .. }))
            .map(|filter| filter.condition.clone())
            .collect();
        let (inside, outside): (Vec<Filter>, Vec<Filter>) = filters.drain(..).partition(|filter| {
            conditions.is_empty() || !matches!(filter.condition, Condition::During { .. })
        });
        if inside.is_empty() {
            *filters = outside;
            return false;
        }
        *filters = outside;
        let table = outputs
            .first()
            .map_or(home, |(_, entity)| self.table_of(entity));
        let amount = draft.measures.first().and_then(|(expr, _)| match expr {
            Expr::Aggregate(Aggregate::Sum, inner) => Some((**inner).clone()),
            _ => None,
        });
        if amount.is_none() {
            draft.root = table;
        }
        for filter in &inside {
            draft.required.extend(filter.tables.iter().copied());
        }
        let hit = Expr::Indicator(
            inside
                .iter()
                .map(|filter| filter.condition.clone())
                .collect(),
        );
        let (part, whole) = match amount {
            Some(amount) => (
                Expr::Aggregate(
                    Aggregate::Sum,
                    Box::new(Expr::Product(vec![hit, amount.clone()])),
                ),
                Expr::Aggregate(Aggregate::Sum, Box::new(amount)),
            ),
            None => (
                Expr::Aggregate(Aggregate::Sum, Box::new(hit)),
                Expr::CountAll,
            ),
        };
        let share = Expr::Ratio(
            Box::new(Expr::Product(vec![Expr::Number(HUNDRED), part])),
            Box::new(whole),
        );
        draft.measures = vec![(share, "percent".into())];
        true
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
                By::Revenue | By::Quantity | By::Measure(_) | By::Events => entity_measure.or_else(|| {
                    // "sorted descending" without a number: the last number shown
                    draft.outputs.iter().rev().find(|expr| matches!(expr, Expr::Column(place, at) if self.catalogue().is_measure(ColumnId { table: place.table, column: *at }))).or(draft.outputs.first()).cloned()
                }),
                By::Adjective(found, _) => match entity_measure.filter(|_| found.dates.is_empty()) {
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
        self.judged(plan, unread)
    }

    /// The plan with its explanation and how sure we are of it.
    fn judged(self, plan: Plan, unread: Vec<At>) -> Outcome {
        let mut confidence: f32 = 0.95;
        let mut unused = Vec::new();
        let taken = |at: &At| self.hints.contains(&format!("#{at}"));
        for at in unread.iter().filter(|at| !taken(at)) {
            let unit = self.unit(*at);
            let word = unit.text.as_str();
            let weight = if is_weak(word) {
                if ["average", "mean", "percent", "percentage", "share", "ratio"].contains(&word) {
                    0.15
                } else {
                    0.0
                }
            } else if is_revenue(word) || adjective(word).is_some() {
                0.12
            } else if unit.number.is_some() || unit.is_name() {
                0.12
            } else {
                0.2
            };
            if weight > 0.0 {
                confidence -= weight;
                unused.push(unit.raw.clone());
            }
        }
        for (weight, _) in &self.doubts {
            confidence -= weight;
        }
        for unit in &self.reading.units {
            if let Some(corrected) = &unit.corrected {
                let _ = corrected;
                confidence -= 0.05;
            }
        }
        if unused.len() >= 3 || confidence < 0.3 {
            let words: Vec<String> = unused
                .iter()
                .map(|word| format!("\"{word}\""))
                .take(4)
                .collect();
            let what = if words.is_empty() {
                "enough of what this asks for".to_owned()
            } else {
                words.join(", ")
            };
            return Outcome::NotUnderstood(format!(
                "I am the built-in generator; I could not find {what} in this dataset."
            ));
        }
        let mut sentences: Vec<String> = Vec::new();
        sentences.push(self.story(&plan));
        sentences.extend(self.notes.iter().cloned());
        for (_, doubt) in &self.doubts {
            sentences.push(format!("{}.", capitalised(doubt)));
        }
        for unit in self
            .reading
            .units
            .iter()
            .filter(|unit| unit.corrected.is_some())
        {
            let name = unit
                .tables
                .first()
                .map(|hit| self.table_name(hit.0))
                .or_else(|| unit.columns.first().map(|hit| self.column_name(hit.0)))
                .or_else(|| {
                    unit.values.first().map(|hit| {
                        self.schema.tables[hit.column.table].columns[hit.column.column].values
                            [hit.value]
                            .clone()
                    })
                });
            if let Some(name) = name {
                sentences.push(format!("I read \"{}\" as {name}.", unit.raw));
            }
        }
        if !unused.is_empty() {
            let words: Vec<String> = unused.iter().map(|word| format!("\"{word}\"")).collect();
            let noun = if words.len() == 1 { "word" } else { "words" };
            sentences.push(format!("I did not use the {noun} {}.", words.join(", ")));
        }
        Outcome::Planned(Planned {
            plan,
            explanation: sentences.join(" "),
            confidence: confidence.clamp(0.05, 0.97),
        })
    }

    /// What the query does, in one sentence.
    fn story(&self, plan: &Plan) -> String {
        let root = plan.from.map_or(0, |place| place.table);
        let tables: Vec<String> = plan
            .joins
            .iter()
            .map(|join| self.table_name(join.to.table))
            .collect();
        let verb = if plan.over_groups.is_some() {
            "Computes over groups of"
        } else if plan
            .select
            .iter()
            .any(|(expr, _)| matches!(expr, Expr::CountAll | Expr::CountDistinct(_)))
        {
            "Counts"
        } else if plan.select.iter().any(|(expr, _)| expr.is_aggregate()) {
            "Computes from"
        } else {
            "Lists"
        };
        let mut text = format!("{verb} {}", self.table_name(root));
        if !tables.is_empty() {
            text.push_str(&format!(" with {}", tables.join(", ")));
        }
        if !plan.group.is_empty() {
            let names: Vec<String> = plan
                .select
                .iter()
                .filter(|(expr, _)| !expr.is_aggregate())
                .filter_map(|(expr, name)| match (expr, name) {
                    (_, Some(name)) => Some(name.clone()),
                    (Expr::Column(place, at), None) => Some(self.column_name(ColumnId {
                        table: place.table,
                        column: *at,
                    })),
                    _ => None,
                })
                .collect();
            if !names.is_empty() {
                text.push_str(&format!(", per {}", names.join(", ")));
            }
        }
        let conditions = plan.filters.len() + plan.having.len();
        if conditions > 0 {
            text.push_str(&format!(
                ", under {conditions} condition{}",
                if conditions == 1 { "" } else { "s" }
            ));
        }
        if let Some(limit) = plan.limit.filter(|limit| *limit != BARE_LIMIT) {
            text.push_str(&format!(", the first {limit}"));
        }
        text.push('.');
        text
    }
}

fn push_all(list: &mut Vec<Expr>, more: Vec<Expr>) {
    for expr in more {
        if !list.contains(&expr) {
            list.push(expr);
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// Many of them.
pub fn plural(name: &str) -> String {
    let last = name.rsplit(' ').next().unwrap_or(name);
    if last.ends_with('s') && !last.ends_with("ss") && !last.ends_with("us") {
        name.to_owned()
    } else if last.ends_with('y')
        && !last.ends_with("ey")
        && !last.ends_with("ay")
        && !last.ends_with("oy")
    {
        format!("{}ies", &name[..name.len() - 1])
    } else if ["ss", "x", "ch", "sh", "us"]
        .iter()
        .any(|end| last.ends_with(end))
    {
        format!("{name}es")
    } else {
        format!("{name}s")
    }
}
