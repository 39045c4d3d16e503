//! Conditions: values, comparisons, periods, text, missing things.

use super::absences::moved;
use super::{Filter, Noun, Outcome, Planner, column, place};
use crate::builtin::catalogue::{ColumnId, DateForm, Kind, TableId};
use crate::builtin::dates::{Grain, Moment, Period, month_name};
use crate::builtin::plan::{Condition, Expr, Place, Plan};
use crate::builtin::reading::{Aggregate, At, Comparator, Comparison, Extreme, Right, ValueTest};
use chrono::Datelike;

/// A condition on a group rather than on a row.
#[derive(Clone, Debug)]
pub(super) struct Having {
    pub subject: HavingOf,
    pub test: HavingTest,
}

#[derive(Clone, Debug)]
pub(super) enum HavingOf {
    Rows(TableId),
    Revenue,
    Total(ColumnId),
    Average(ColumnId),
    /// The last date of the group's rows, or the first.
    Extreme(ColumnId, bool),
    /// How many of the values asked for are among the group's rows.
    Values(ColumnId),
    /// In how many months (or other steps) of a date there are rows.
    Steps(ColumnId, Grain),
}

#[derive(Clone, Debug)]
pub(super) enum HavingTest {
    Compare(Comparator, Expr),
    Between(f64, f64),
    /// With the average of all groups.
    ToAverage(Comparator),
    During {
        periods: Vec<Period>,
        negated: bool,
    },
}

impl Planner<'_> {
    /// The date (or year) column that a moment is about.
    pub(super) fn date_column(
        &self,
        home: Option<TableId>,
        grain: Grain,
        near: &[TableId],
        at: Option<At>,
    ) -> Option<ColumnId> {
        let mut best: Option<(f32, ColumnId)> = None;
        for (table, facts) in self.catalogue().tables.iter().enumerate() {
            let hops = match home {
                Some(home) => match self.hops(home, table) {
                    Some(hops) if hops <= 4 => hops,
                    _ => continue,
                },
                None => 0,
            };
            for (index, own) in facts.columns.iter().enumerate() {
                let id = ColumnId {
                    table,
                    column: index,
                };
                let year = own.kind == Kind::Year;
                if !(matches!(own.kind, Kind::Date(_)) || year && grain == Grain::Year) {
                    continue;
                }
                if grain.needs_time() && !own.kind.has_time() || self.missing_dates.contains(&id) {
                    continue;
                }
                let mut rank = -0.25 * hops as f32;
                let generic = |word: &str| {
                    ["date", "time", "day", "year", "at", "on", "month"].contains(&word)
                };
                let hinted = own
                    .words
                    .iter()
                    .filter(|word| !generic(word) && self.hints.contains(word))
                    .count();
                rank += 0.6 * hinted.min(2) as f32;
                // the verb just before: "hired after 2003"
                if let Some(at) = at {
                    for back in 1..=3 {
                        if let Some(unit) = at
                            .checked_sub(back)
                            .and_then(|at| self.reading.units.get(at))
                            && own
                                .words
                                .iter()
                                .any(|word| !generic(word) && verb_means(&unit.stem, word))
                        {
                            rank += 0.7;
                        }
                    }
                }
                if facts.main_date == Some(index) {
                    rank += 0.3;
                }
                if home == Some(table) {
                    rank += 0.35;
                }
                // "a concert in 2014": the noun before says whose date
                if let Some(before) = at.and_then(|at| at.checked_sub(1))
                    && self.reading.units[before]
                        .best_table()
                        .is_some_and(|hit| hit.0 == table && hit.1 > 0.6)
                {
                    rank += 0.6;
                }
                let lasting = [
                    "birth", "born", "dob", "hire", "requir", "due", "modifi", "updat", "expir",
                    "end", "instal", "releas",
                ];
                if own
                    .words
                    .iter()
                    .any(|word| lasting.contains(&word.as_str()))
                    && hinted == 0
                {
                    rank -= 0.5;
                }
                if near.contains(&table) {
                    rank += 0.4;
                }
                if self.is_mentioned(table) {
                    rank += 0.25;
                }
                if own.words.iter().any(|word| {
                    [
                        "birth", "born", "dob", "hire", "requir", "due", "modifi", "updat",
                        "expir", "end", "instal",
                    ]
                    .contains(&word.as_str())
                }) && hinted == 0
                {
                    rank -= 0.45;
                }
                if year && grain == Grain::Year {
                    rank += 0.1;
                }
                if best.is_none_or(|(other, _)| rank > other) {
                    best = Some((rank, id));
                }
            }
        }
        best.map(|(_, id)| id)
    }

    pub(super) fn moment_filter(
        &mut self,
        moment: &Moment,
        home: Option<TableId>,
        near: &[TableId],
    ) -> Option<Filter> {
        let id = self.date_column(home, moment.grain, near, Some(moment.first))?;
        if let Kind::Date(DateForm::MonthFirstText { .. } | DateForm::DayFirstText { .. }) =
            self.catalogue().kind(id)
        {
            let name = self.column_name(id);
            self.note(format!("{name} is kept as text, so I read it as a date."));
        }
        let condition = match moment.months() {
            Some(months) => {
                let names: Vec<String> = months.iter().copied().map(month_name).collect();
                self.note(format!(
                    "No year was said, so I took {} of every year.",
                    names.join(", ")
                ));
                Condition::Months {
                    column: column(id),
                    months,
                    negated: moment.negated,
                }
            }
            None => {
                if moment.yearless {
                    self.note(said_as(moment));
                }
                Condition::During {
                    column: column(id),
                    periods: moment.periods.clone(),
                    negated: moment.negated,
                }
            }
        };
        Some(Filter::new(condition, vec![id.table]).said_at(moment.first))
    }

    /// Comparisons with a number, an average or another column; those on counts and sums go to the groups.
    pub(super) fn comparison(
        &mut self,
        test: &Comparison,
        home: Option<TableId>,
    ) -> Option<Result<Filter, Having>> {
        let numeric = |id: ColumnId| {
            self.catalogue().is_measure(id)
                || self.catalogue().column(id).numeric_text
                || self.catalogue().kind(id) == Kind::Year
        };
        let dated = |id: ColumnId| self.catalogue().is_date(id);
        let comparator = if test.negated && test.comparator == Comparator::Equal {
            Comparator::NotEqual
        } else {
            test.comparator
        };
        let group = |subject: HavingOf| {
            let test = match test.right {
                Right::Number(value, _) => HavingTest::Compare(comparator, Expr::Number(value)),
                Right::Between(low, high, _) => HavingTest::Between(low, high),
                Right::Average { .. } => HavingTest::ToAverage(comparator),
                _ => return None,
            };
            Some(Having { subject, test })
        };
        if test.times {
            // "ordered more than 50 times"
            let home = home?;
            let events = self.events_of(home);
            let verb = test
                .at
                .checked_sub(1)
                .map(|at| self.unit(at).stem.clone())?;
            let means = |table: &TableId| {
                let words = &self.catalogue().tables[*table].words;
                words.iter().any(|word| verb_means(&verb, word))
            };
            let table = events
                .iter()
                .copied()
                .find(means)
                .or(events.first().copied())?;
            let what = self.plural(table);
            self.note(format!("I counted the {what}."));
            return group(HavingOf::Rows(table)).map(Err);
        }
        if test.revenue {
            return group(HavingOf::Revenue).map(Err);
        }
        if let Right::Column(at) = test.right {
            // a column against a column: dates with dates, numbers with numbers
            let (right, _) = self.column_of(at, home, &|id| numeric(id) || dated(id))?;
            let left = match test.left {
                Some(left) => self
                    .column_of(left, Some(right.table), &|id| {
                        if dated(right) { dated(id) } else { numeric(id) }
                    })
                    .map(|hit| hit.0),
                None => None,
            };
            let left = left.or_else(|| self.counterpart(right)).or_else(|| {
                // "delivered after the required date"
                let done = self.done_date(right.table).filter(|_| dated(right))?;
                (done != right).then_some(done)
            })?;
            let condition = Condition::Compare(column(left), comparator, column(right));
            return Some(Ok(Filter::new(condition, vec![left.table, right.table])));
        }
        if let Right::Thing(first, end) = test.right {
            return self.compared_with_thing(test, first, end, home?).map(Ok);
        }
        let mut id = None;
        if let Some(left) = test.left {
            id = self.column_of(left, home, &numeric).map(|hit| hit.0);
        }
        if let Right::Average { of: Some(noun), .. } = test.right
            && id.is_none()
        {
            id = self.column_of(noun, home, &numeric).map(|hit| hit.0);
        }
        if id.is_none()
            && let Some(noun) = test.noun
        {
            let as_column = self.column_of(noun, home, &numeric);
            let own = as_column
                .and_then(|(id, _)| self.unit(noun).columns.iter().find(|hit| hit.0 == id))
                .map_or(0.0, |hit| hit.1);
            match self.noun(noun, home, true) {
                Some(Noun::Table(table))
                    if self
                        .unit(noun)
                        .best_table()
                        .is_some_and(|hit| hit.1 + 0.15 >= own)
                        && test.adjective.is_none() =>
                {
                    return group(HavingOf::Rows(table)).map(Err);
                }
                _ => {}
            }
            match as_column {
                Some((found, _))
                    if home == Some(found.table)
                        || home.is_none_or(|home| self.points_to(home, found.table)) =>
                {
                    id = Some(found)
                }
                Some((found, _)) => return group(HavingOf::Total(found)).map(Err),
                // "more than 3 models", where a model is a column of text
                None => {
                    let table = self
                        .column_of(noun, home, &|_| true)
                        .map(|hit| hit.0.table)?;
                    return group(HavingOf::Rows(table)).map(Err);
                }
            }
        }
        if id.is_none()
            && let Some(adjective) = test.adjective
        {
            id = home
                .and_then(|home| self.adjective_column(adjective, home))
                .map(|found| found.0);
        }
        if id.is_none() {
            id = self.default_number(home, test.money, &test.right);
            if let Some(id) = id {
                let name = self.column_name(id);
                self.note(format!("I compared the {name}."));
            }
        }
        let id = id?;
        if self.catalogue().is_date(id)
            && matches!(test.right, Right::Number(..) | Right::Between(..))
        {
            let name = self.column_name(id);
            self.unclear = Some(Outcome::NotUnderstood(format!(
                "I am the built-in generator; I cannot compare {name} with a number. Give a date, such as \"before 1990\"."
            )));
            return None;
        }
        let expr = column(id);
        // "customers whose total freight is over 100": of all their rows
        if let Some(home) = home
            && home != id.table
            && !self.points_to(home, id.table)
            && self.reading.groups.is_empty()
        {
            let led = |words: &[&str]| {
                let before = test.left.and_then(|left| left.checked_sub(1));
                before.filter(|&at| self.unit(at).is(words))
            };
            let total = led(&["total", "summed", "combined", "overall"]);
            let average = led(&["average", "mean", "avg"]);
            let on_average = (1..self.reading.units.len())
                .any(|at| self.unit(at).is(&["average"]) && self.unit(at - 1).is(&["on"]));
            let subject = if total.is_some() {
                Some(HavingOf::Total(id))
            } else if average.is_some() || on_average {
                Some(HavingOf::Average(id))
            } else {
                None
            };
            self.hints.extend(
                total
                    .into_iter()
                    .chain(average)
                    .map(|taken| format!("#{taken}")),
            );
            if let Some(subject) = subject {
                let mut having = group(subject)?;
                if let (HavingTest::Compare(_, Expr::Number(value)), Right::Number(_, unit)) =
                    (&mut having.test, &test.right)
                {
                    *value = self.converted(id, *value, *unit);
                }
                return Some(Err(having));
            }
            if matches!(test.right, Right::Average { .. }) {
                let (name, one) = (
                    self.column_name(id),
                    super::measures::singular(&self.table_name(home)),
                );
                self.note(format!(
                    "I compared each {name} with the average of all, not the total of a {one}."
                ));
            }
        }
        // "customers who paid over 100": the number is not in their own row
        if let Some(home) = home
            && home != id.table
            && !self.points_to(home, id.table)
            && !matches!(test.right, Right::Average { .. })
            && test.left.is_none()
            && test.money
        {
            return group(HavingOf::Total(id)).map(Err);
        }
        let condition = match &test.right {
            Right::Number(value, unit) => {
                let value = self.converted(id, *value, *unit);
                Condition::Compare(expr, comparator, Expr::Number(value))
            }
            Right::Between(low, high, unit) => Condition::Between(
                expr,
                self.converted(id, *low, *unit),
                self.converted(id, *high, *unit),
            ),
            Right::Average { within, .. } => {
                let inner = Place {
                    table: id.table,
                    role: 20,
                };
                let average =
                    Expr::Aggregate(Aggregate::Average, Box::new(inner.column(id.column)));
                let mut plan = Plan {
                    select: vec![(average, None)],
                    from: Some(inner),
                    ..Plan::default()
                };
                if let Some(within) = within {
                    plan.filters = self.same_thing(*within, id.table, inner)?;
                }
                Condition::Compare(expr, comparator, Expr::Query(Box::new(plan)))
            }
            Right::Column(_) | Right::Thing(..) => return None,
        };
        Some(Ok(Filter::new(condition, vec![id.table])))
    }

    /// `inner`'s row belongs to the same thing as the row outside: "of its category".
    fn same_thing(&self, within: At, table: TableId, inner: Place) -> Option<Vec<Condition>> {
        let columns: Vec<usize> = match self.noun(within, Some(table), true)? {
            Noun::Table(parent) => {
                let edge = self
                    .graph()
                    .edges_at(table)
                    .find(|edge| edge.child == table && edge.parent == parent)?;
                edge.child_columns.clone()
            }
            Noun::Column(id) if id.table == table => vec![id.column],
            Noun::Column(_) => return None,
        };
        let same = |at: usize| {
            Condition::Compare(inner.column(at), Comparator::Equal, place(table).column(at))
        };
        Some(columns.into_iter().map(same).collect())
    }

    /// "cheaper than Chai", "hired after Nancy Davolio": the same number of another row.
    fn compared_with_thing(
        &mut self,
        test: &Comparison,
        first: At,
        end: At,
        home: TableId,
    ) -> Option<Filter> {
        let value = |at: At| ValueTest {
            at,
            beside: None,
            negated: false,
            absent: false,
            or_before: false,
            and_before: false,
            number: false,
        };
        let named = match (first..end).collect::<Vec<_>>().as_slice() {
            [one] => {
                let (id, text) = self.value_column(&value(*one), Some(home), None)?;
                vec![Filter::new(self.equals(id, text, false), vec![id.table])]
            }
            [one, two] => self.full_name(&value(*one), &value(*two), Some(home))?,
            _ => return None,
        };
        let numeric = |id: ColumnId| {
            self.catalogue().is_measure(id) || self.catalogue().column(id).numeric_text
        };
        let mut comparator = test.comparator;
        let id = match (test.left, test.adjective) {
            (Some(left), _) => self.column_of(left, Some(home), &numeric)?.0,
            (None, Some(adjective)) => {
                let (id, large) = self.adjective_column(adjective, home)?;
                if large != adjective.large {
                    comparator = match comparator {
                        Comparator::More => Comparator::Less,
                        Comparator::Less => Comparator::More,
                        other => other,
                    };
                }
                id
            }
            (None, None)
                if self
                    .unit(test.at)
                    .is(&["after", "before", "later", "earlier"]) =>
            {
                self.date_column(Some(home), Grain::Day, &[home], Some(test.at))?
            }
            (None, None) => return None,
        };
        if id.table != home || named.iter().any(|filter| filter.tables != [home]) {
            return None;
        }
        let role = 20;
        let inner = Place { table: home, role };
        let plan = Plan {
            select: vec![(inner.column(id.column), None)],
            from: Some(inner),
            filters: named
                .iter()
                .map(|filter| moved(&filter.condition, role))
                .collect(),
            ..Plan::default()
        };
        let condition = Condition::Compare(column(id), comparator, Expr::Query(Box::new(plan)));
        Some(Filter::new(condition, vec![home]))
    }

    /// "whose last order was before 1998".
    pub(super) fn extreme(&mut self, extreme: &Extreme, home: TableId) -> Option<Having> {
        let named = match extreme.noun.and_then(|at| self.noun(at, Some(home), true)) {
            Some(Noun::Table(table)) => Some(table),
            Some(Noun::Column(id)) => Some(id.table),
            None => None,
        };
        let events = self.events_of(home);
        let table = named
            .filter(|table| *table != home)
            .or_else(|| {
                let means = |table: &TableId| {
                    let words = &self.catalogue().tables[*table].words;
                    words.iter().any(|word| verb_means(&extreme.stem, word))
                };
                events.iter().copied().find(means)
            })
            .or_else(|| events.first().copied())?;
        let moment = &extreme.moment;
        let id = self.date_column(Some(table), moment.grain, &[table], None)?;
        if !self.catalogue().is_date(id) || moment.yearless {
            return None;
        }
        Some(Having {
            subject: HavingOf::Extreme(id, extreme.large),
            test: HavingTest::During {
                periods: moment.periods.clone(),
                negated: moment.negated,
            },
        })
    }

    /// "who ordered in every month of 1997": rows in all of its months.
    pub(super) fn covering(&mut self, home: TableId, moments: &[Moment]) -> Option<Having> {
        let (grain, at) = self.reading.covers?;
        let id = self.date_column(Some(home), grain, &[home], Some(at))?;
        let within: Vec<&Period> = moments.iter().flat_map(|moment| &moment.periods).collect();
        let right = match within.as_slice() {
            [] => {
                let inner = Place {
                    table: id.table,
                    role: 20,
                };
                let step = Expr::Truncated(grain, Box::new(inner.column(id.column)));
                let plan = Plan {
                    select: vec![(Expr::CountDistinct(Box::new(step)), None)],
                    from: Some(inner),
                    ..Plan::default()
                };
                let name = self.table_name(id.table);
                self.note(format!(
                    "Every {} that has any {name} counts.",
                    grain.name()
                ));
                Expr::Query(Box::new(plan))
            }
            [one] => Expr::Number(f64::from(steps(one, grain)?)),
            _ => return None,
        };
        Some(Having {
            subject: HavingOf::Steps(id, grain),
            test: HavingTest::Compare(Comparator::Equal, right),
        })
    }

    /// `other` is reached from `home` along foreign keys only.
    pub(super) fn points_to(&self, home: TableId, other: TableId) -> bool {
        self.tree(home, &[other]).is_some_and(|tree| {
            tree.steps
                .iter()
                .all(|step| !self.graph().multiplies(*step))
        })
    }

    /// "below their reorder level": the other number of that row which is compared with it.
    fn counterpart(&self, right: ColumnId) -> Option<ColumnId> {
        let table = right.table;
        let same_kind = |id: &ColumnId| {
            *id != right
                && if self.catalogue().is_date(right) {
                    self.catalogue().is_date(*id)
                } else {
                    self.catalogue().is_measure(*id)
                }
        };
        let all: Vec<ColumnId> = (0..self.catalogue().tables[table].columns.len())
            .map(|column| ColumnId { table, column })
            .filter(same_kind)
            .collect();
        let words = &self.catalogue().column(right).words;
        let hinted = all.iter().find(|id| {
            self.catalogue().column(**id).words.iter().any(|word| {
                self.hints.contains(word)
                    && !words.contains(word)
                    && word != "date"
                    && !self.catalogue().tables[table].words.contains(word)
            })
        });
        let stock = all.iter().find(|id| {
            self.catalogue()
                .column(**id)
                .words
                .iter()
                .any(|word| ["stock", "inventori", "hand", "actual"].contains(&word.as_str()))
        });
        hinted
            .or(stock)
            .copied()
            .or_else(|| (all.len() == 1).then(|| all[0]))
    }

    /// The number that "over 100" is about when nothing says so.
    fn default_number(
        &self,
        home: Option<TableId>,
        money: bool,
        right: &Right,
    ) -> Option<ColumnId> {
        let home = home?;
        let measure = |id: ColumnId| self.catalogue().is_measure(id);
        let time = matches!(
            right,
            Right::Number(_, Some(_)) | Right::Between(_, _, Some(_))
        );
        let words: &[&str] = if time {
            &[
                "durat",
                "length",
                "runtim",
                "millisecond",
                "minut",
                "second",
                "time",
            ]
        } else if money {
            &[
                "total", "amount", "price", "cost", "valu", "salari", "budget", "revenu", "sale",
                "fee",
            ]
        } else {
            &["total", "amount", "valu", "price", "count", "quantiti"]
        };
        self.catalogue()
            .column_with_word(home, words, measure)
            .or_else(|| {
                let all: Vec<usize> = (0..self.catalogue().tables[home].columns.len())
                    .filter(|&at| {
                        measure(ColumnId {
                            table: home,
                            column: at,
                        })
                    })
                    .collect();
                match all.as_slice() {
                    [only] => Some(ColumnId {
                        table: home,
                        column: *only,
                    }),
                    _ => None,
                }
            })
    }

    /// A duration in the column's own unit: 5 minutes are 300,000 milliseconds.
    pub(super) fn converted(
        &mut self,
        id: ColumnId,
        value: f64,
        unit: Option<&'static str>,
    ) -> f64 {
        let Some(unit) = unit else { return value };
        if unit == crate::builtin::reading::PERCENT {
            // 0.2 or 20, as the column keeps it
            let column = &self.schema.tables[id.table].columns[id.column];
            let largest = column
                .range
                .as_ref()
                .and_then(|(_, high)| high.parse::<f64>().ok());
            let fraction = largest.is_some_and(|high| high <= 1.0);
            return if fraction { value / 100.0 } else { value };
        }
        let own = self.own_unit(id);
        let seconds = |unit: &str| match unit {
            "millisecond" => 0.001,
            "minute" => 60.0,
            "hour" => 3600.0,
            "day" => 86_400.0,
            _ => 1.0,
        };
        if own == unit {
            return value;
        }
        let name = self.column_name(id);
        self.note(format!("I took {name} to be in {own}s."));
        let converted = value * seconds(unit) / seconds(own);
        (converted * 1e6).round() / 1e6
    }

    /// What a duration column counts in, by its name or by how large it gets.
    pub(super) fn own_unit(&self, id: ColumnId) -> &'static str {
        let words = &self.catalogue().column(id).words;
        let has = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
        if has(&["millisecond", "ms", "milli"]) {
            return "millisecond";
        }
        if has(&["minut", "min", "mins"]) {
            return "minute";
        }
        if has(&["hour", "hr", "hrs"]) {
            return "hour";
        }
        if has(&["day"]) {
            return "day";
        }
        let largest = self.schema.tables[id.table].columns[id.column]
            .range
            .as_ref()
            .and_then(|range| range.1.parse::<f64>().ok());
        match largest {
            Some(largest) if largest > 5e6 => "millisecond",
            Some(largest) if largest < 600.0 && !has(&["second", "sec"]) => "minute",
            _ => "second",
        }
    }
}

/// How many months, quarters, years or days a period has.
fn steps(period: &Period, grain: Grain) -> Option<u32> {
    let (from, to) = (period.from?, period.to?);
    let months = u32::try_from((to.year() - from.year()) * 12).ok()? + to.month() - from.month();
    match grain {
        Grain::Day => u32::try_from((to - from).num_days()).ok(),
        Grain::Month => Some(months),
        Grain::Quarter => Some(months / 3),
        Grain::Year => Some(months / 12),
        _ => None,
    }
}

/// Which year was taken for a day or an open period without one.
fn said_as(moment: &Moment) -> String {
    let days: Vec<String> = moment
        .periods
        .iter()
        .map(|period| match (period.from, period.to) {
            (Some(from), None) => format!("from {from} on"),
            (None, Some(to)) => format!("up to {to}"),
            (Some(from), Some(to)) if from + chrono::Days::new(1) == to => format!("{from}"),
            (Some(from), Some(to)) => format!("{from} up to {to}"),
            (None, None) => "all time".to_owned(),
        })
        .collect();
    format!("No year was said, so I took {}.", days.join(" and "))
}

/// A verb of the question and a word of a column: "hired" and `hire_date`, "born" and `birth_date`.
pub(super) fn verb_means(verb: &str, word: &str) -> bool {
    const PAIRS: &[(&str, &str)] = &[
        ("born", "birth"),
        ("bought", "purchas"),
        ("buy", "purchas"),
        ("buy", "order"),
        ("bought", "order"),
        ("buy", "invoic"),
        ("bought", "invoic"),
        ("purchas", "invoic"),
        ("purchas", "order"),
        ("sold", "sale"),
        ("sold", "sell"),
        ("sold", "order"),
        ("sold", "invoic"),
        ("sell", "sale"),
        ("paid", "pay"),
        ("paid", "payment"),
        ("place", "order"),
        ("join", "hire"),
        ("deliv", "ship"),
        ("deliveri", "ship"),
        ("deliv", "deliveri"),
        ("issu", "invoic"),
        ("made", "invoic"),
        ("made", "order"),
        ("creat", "invoic"),
        ("enrol", "enrol"),
        ("enrol", "enrolment"),
        ("regist", "registr"),
        ("regist", "enrol"),
        ("left", "leav"),
        ("rent", "rental"),
        ("ship", "shipment"),
        ("start", "start"),
        ("began", "start"),
        ("end", "end"),
        ("air", "air"),
        ("order", "order"),
        ("vote", "vote"),
    ];
    if word.len() < 3 || verb.len() < 3 {
        return false;
    }
    verb == word
        || PAIRS.contains(&(verb, word))
        || (word.len() >= 4 && verb.starts_with(word))
        || (verb.len() >= 4 && word.starts_with(verb))
}
