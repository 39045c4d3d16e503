//! Conditions: values, comparisons, periods, text, missing things.

use super::{Filter, Noun, Planner, column, place};
use crate::builtin::catalogue::{ColumnId, DateForm, Kind, TableId};
use crate::builtin::dates::{Grain, Moment};
use crate::builtin::plan::{Condition, Expr, Plan};
use crate::builtin::reading::{Aggregate, At, Comparator, Comparison, Right, TextHow, ValueTest};

/// A condition on a group rather than on a row.
#[derive(Clone, Debug)]
pub(super) struct Having {
    pub subject: HavingOf,
    pub comparator: Comparator,
    pub value: f64,
    pub upper: Option<f64>,
}

#[derive(Clone, Debug)]
pub(super) enum HavingOf {
    Rows(TableId),
    Revenue,
    Total(ColumnId),
    Events,
}

impl Planner<'_> {
    /// Conditions from values, in the question's order; alternatives of one column become one list.
    pub(super) fn value_filters(&mut self, home: Option<TableId>) -> Vec<Filter> {
        let mut out: Vec<Filter> = Vec::new();
        let tests = self.reading.values.clone();
        let mut done: Option<(ColumnId, bool)> = None;
        let both = self.reading.units.iter().any(|unit| unit.is(&["both"]));
        let mut at = 0;
        while at < tests.len() {
            let test = &tests[at];
            if let Some(next) = tests.get(at + 1)
                && let Some(filters) = self.full_name(test, next, home)
            {
                out.extend(filters);
                at += 2;
                continue;
            }
            let Some((id, value)) = self.value_column(
                test,
                home,
                done.filter(|_| test.or_before || test.and_before),
            ) else {
                let raw = self.unit(test.at).raw.clone();
                self.doubt(0.3, format!("I could not place \"{raw}\""));
                at += 1;
                continue;
            };
            let negated = test.negated;
            let same = done == Some((id, negated)) && (test.or_before || test.and_before);
            let intersect = both && test.and_before && home.is_some_and(|home| home != id.table);
            match out.last_mut() {
                Some(Filter {
                    condition: Condition::OneOf { values, .. },
                    ..
                }) if same && !intersect => values.push(value),
                Some(last)
                    if test.or_before
                        && !same
                        && matches!(
                            last.condition,
                            Condition::OneOf { .. } | Condition::Any(_)
                        ) =>
                {
                    let own = self.equals(id, value, negated);
                    let old = std::mem::replace(&mut last.condition, Condition::Any(Vec::new()));
                    last.condition = match old {
                        Condition::Any(mut parts) => {
                            parts.push(own);
                            Condition::Any(parts)
                        }
                        other => Condition::Any(vec![other, own]),
                    };
                    last.tables.push(id.table);
                }
                _ => {
                    // one row has one value; of another table there may be two rows
                    let own = column(id);
                    let twice = !negated
                        && out.iter().any(|filter| matches!(&filter.condition, Condition::OneOf { column, negated: false, .. } if *column == own));
                    if twice
                        && home != Some(id.table)
                        && home.is_some_and(|home| !self.points_to(home, id.table))
                    {
                        for filter in &mut out {
                            if matches!(&filter.condition, Condition::OneOf { column, .. } if *column == own)
                            {
                                filter.alone = true;
                            }
                        }
                        let condition = self.equals(id, value, negated);
                        out.push(Filter {
                            condition,
                            tables: vec![id.table],
                            alone: true,
                        });
                        done = Some((id, negated));
                        at += 1;
                        continue;
                    }
                    if twice
                        && let Some(values) =
                            out.iter_mut()
                                .find_map(|filter| match &mut filter.condition {
                                    Condition::OneOf {
                                        column,
                                        values,
                                        negated: false,
                                    } if *column == own => Some(values),
                                    _ => None,
                                })
                    {
                        values.push(value);
                        done = Some((id, negated));
                        at += 1;
                        continue;
                    }
                    let condition = self.equals(id, value, negated);
                    out.push(Filter {
                        condition,
                        tables: vec![id.table],
                        alone: intersect,
                    });
                }
            }
            done = Some((id, negated));
            at += 1;
        }
        out
    }

    fn equals(&self, id: ColumnId, value: String, negated: bool) -> Condition {
        Condition::OneOf {
            column: column(id),
            values: vec![value],
            negated,
        }
    }

    /// "Nancy Edwards": a first and a last name of one table.
    fn full_name(
        &self,
        first: &ValueTest,
        second: &ValueTest,
        home: Option<TableId>,
    ) -> Option<Vec<Filter>> {
        if second.at != first.at + 1 {
            return None;
        }
        let (a, b) = (self.unit(first.at), self.unit(second.at));
        let mut pairs: Vec<(usize, ColumnId, String, ColumnId, String)> = Vec::new();
        for one in &a.values {
            for two in &b.values {
                let table = one.column.table;
                let words = |id: ColumnId| {
                    self.catalogue()
                        .column(id)
                        .words
                        .iter()
                        .any(|word| word.contains("name"))
                };
                if table == two.column.table
                    && one.column != two.column
                    && words(one.column)
                    && words(two.column)
                {
                    let hops = home.and_then(|home| self.hops(home, table)).unwrap_or(9);
                    let hops = if self.is_mentioned(table) { 0 } else { hops };
                    pairs.push((
                        hops,
                        one.column,
                        self.value(one.column, one.value),
                        two.column,
                        self.value(two.column, two.value),
                    ));
                }
            }
        }
        pairs.sort_by_key(|pair| pair.0);
        let (_, one, first_value, two, second_value) = pairs.into_iter().next()?;
        let filter = |id: ColumnId, value: String| Filter {
            condition: self.equals(id, value, first.negated),
            tables: vec![id.table],
            alone: false,
        };
        Some(vec![filter(one, first_value), filter(two, second_value)])
    }

    fn value(&self, id: ColumnId, value: usize) -> String {
        self.schema.tables[id.table].columns[id.column].values[value].clone()
    }

    /// Where a value belongs, and as it is spelt there.
    fn value_column(
        &mut self,
        test: &ValueTest,
        home: Option<TableId>,
        before: Option<(ColumnId, bool)>,
    ) -> Option<(ColumnId, String)> {
        let unit = self.unit(test.at).clone();
        // a list goes on in the column it began with
        if let Some((id, _)) = before {
            if let Some(hit) = unit.values.iter().find(|hit| hit.column == id) {
                return Some((id, self.value(id, hit.value)));
            }
            if unit.number.is_some()
                && unit.digits
                && matches!(self.catalogue().kind(id), Kind::Number | Kind::Year)
            {
                return Some((id, unit.text.clone()));
            }
        }
        if test.number || (unit.quoted && unit.values.is_empty()) || unit.values.is_empty() {
            return self.literal_column(test, home);
        }
        let mut ranked: Vec<(f32, ColumnId, usize)> = unit
            .values
            .iter()
            .map(|hit| {
                let id = hit.column;
                let facts = self.catalogue().column(id);
                let mut rank: f32 = 0.0;
                if let Some(beside) = test.beside {
                    let name = self.unit(beside);
                    if let Some((_, score)) = name.columns.iter().find(|(column, _)| *column == id)
                    {
                        rank += 0.6 + 0.4 * score;
                    }
                    if let Some((_, score)) =
                        name.tables.iter().find(|(table, _)| *table == id.table)
                    {
                        rank += 0.8 * score;
                    }
                }
                if let Some(home) = home {
                    rank += match self.hops(home, id.table) {
                        Some(hops) => 0.4 - 0.13 * hops as f32,
                        None => -0.5,
                    };
                }
                if self.is_mentioned(id.table) {
                    rank += 0.16;
                }
                // "shipped to Germany" is about the ship_country
                if facts.words.iter().any(|word| {
                    self.hints.contains(word) && !crate::builtin::lexicon::is_light(word)
                }) {
                    rank += 0.22;
                }
                if self.catalogue().tables[id.table].label.contains(&id.column) {
                    rank += 0.08;
                }
                let spelt = &self.schema.tables[id.table].columns[id.column].values[hit.value];
                if *spelt == unit.raw {
                    rank += 0.06;
                }
                if self.schema.tables[id.table].columns[id.column].values_complete {
                    rank += 0.04;
                }
                if self.preferred.contains(&id) {
                    rank += 0.8;
                }
                // from here to there
                let before = test
                    .at
                    .checked_sub(1)
                    .map_or("", |at| self.reading.text(at));
                let departs = facts.words.iter().any(|word| {
                    ["start", "from", "origin", "depart", "sourc", "sender"]
                        .contains(&word.as_str())
                });
                let arrives = facts.words.iter().any(|word| {
                    ["end", "to", "destin", "arriv", "target", "receiv"].contains(&word.as_str())
                });
                match before {
                    "from" | "at" if departs => rank += 0.2,
                    "from" if arrives => rank -= 0.2,
                    "to" if arrives => rank += 0.25,
                    "to" if departs => rank -= 0.25,
                    "by" => {
                        // "tracks by X": X is not a track
                        let noun = (2..=3)
                            .filter_map(|back| test.at.checked_sub(back))
                            .find_map(|at| self.unit(at).best_table());
                        if noun.is_some_and(|(table, _)| table == id.table) {
                            rank -= 0.5;
                        }
                        // makers make things
                        let makers = [
                            "artist",
                            "author",
                            "writer",
                            "director",
                            "compos",
                            "singer",
                            "band",
                            "maker",
                            "manufactur",
                            "publish",
                            "supplier",
                            "vendor",
                            "employe",
                            "custom",
                            "user",
                            "creator",
                            "brand",
                            "compani",
                            "produc",
                            "person",
                        ];
                        if self.catalogue().tables[id.table]
                            .words
                            .iter()
                            .chain(&facts.words)
                            .any(|word| makers.contains(&word.as_str()))
                        {
                            rank += 0.35;
                        }
                    }
                    _ => {}
                }
                let prose = facts.words.iter().any(|word| {
                    ["note", "comment", "descript", "detail", "address"].contains(&word.as_str())
                });
                if prose {
                    rank -= 0.1;
                }
                (rank, id, hit.value)
            })
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        if let Some(choice) = self.choice {
            let chosen = ranked.iter().find(|(_, id, _)| {
                crate::builtin::tokens::fold(choice)
                    .contains(&self.full_column_name(*id).to_lowercase())
            });
            if let Some((_, id, value)) = chosen {
                return Some((*id, self.value(*id, *value)));
            }
        }
        let (best, id, value) = *ranked.first()?;
        if let Some((second, other, _)) = ranked.get(1).filter(|(second, ..)| best - second < 0.06)
        {
            let _ = second;
            let (a, b) = (self.full_column_name(id), self.full_column_name(*other));
            self.doubt(
                0.22,
                format!("\"{}\" occurs both as {a} and as {b}; I took {a}", unit.raw),
            );
        } else if ranked.len() > 1 && ranked[1].0 > best - 0.2 && home != Some(id.table) {
            let a = self.full_column_name(id);
            self.note(format!("I took \"{}\" as the {a}.", unit.raw));
        }
        Some((id, self.value(id, value)))
    }

    pub(super) fn full_column_name(&self, id: ColumnId) -> String {
        let table = super::measures::singular(&self.table_name(id.table));
        let own = self.column_name(id);
        if own.starts_with(&table) {
            own
        } else {
            format!("{table} {own}")
        }
    }

    /// A number or quoted text that is no known value: the noun beside it says the column.
    fn literal_column(
        &mut self,
        test: &ValueTest,
        home: Option<TableId>,
    ) -> Option<(ColumnId, String)> {
        let unit = self.unit(test.at).clone();
        let text = unit.raw.clone();
        let number = unit.digits;
        let fits = |id: ColumnId| {
            let kind = self.catalogue().kind(id);
            if number {
                !matches!(
                    kind,
                    Kind::Opaque | Kind::Date(_) | Kind::Boolean | Kind::Time
                )
            } else {
                matches!(kind, Kind::Text)
            }
        };
        let text = if number {
            unit.number
                .map_or(text.clone(), crate::builtin::render::plain_number)
        } else {
            text
        };
        let text = if number && unit.text.starts_with('0') {
            unit.text.clone()
        } else {
            text
        };
        if let Some(beside) = test.beside {
            let ranked = self.rank_columns(beside, home, &fits);
            let table = self.unit(beside).best_table();
            let column_score = ranked
                .first()
                .and_then(|(id, _)| self.unit(beside).columns.iter().find(|hit| hit.0 == *id))
                .map_or(0.0, |hit| hit.1);
            if let Some((table, score)) = table
                && score >= column_score
            {
                // "order 10248" is the order with that key, "album 'X'" the one with that title
                let facts = &self.catalogue().tables[table];
                let column = if number {
                    facts.key.first().copied()
                } else {
                    facts.label.first().copied()
                };
                return column.map(|column| (ColumnId { table, column }, text));
            }
            if let Some((id, _)) = ranked.first() {
                return Some((*id, text));
            }
        }
        if number {
            // "in 94107": a code by its name, with that many digits
            let mut codes: Vec<(usize, ColumnId)> = Vec::new();
            for (table, facts) in self.catalogue().tables.iter().enumerate() {
                for (at, column) in facts.columns.iter().enumerate() {
                    let id = ColumnId { table, column: at };
                    let code = column.words.iter().any(|word| {
                        ["zip", "postal", "postcod", "code", "area"].contains(&word.as_str())
                    });
                    if code && fits(id) {
                        codes.push((
                            home.and_then(|home| self.hops(home, table)).unwrap_or(9),
                            id,
                        ));
                    }
                }
            }
            codes.sort();
            return codes.first().map(|(_, id)| (*id, text));
        }
        // a name that is not among the values we know
        let table = home?;
        let label = self.catalogue().tables[table].label.first().copied()?;
        Some((
            ColumnId {
                table,
                column: label,
            },
            text,
        ))
    }

    /// "discontinued products", "start and end at the same station".
    pub(super) fn flag_filters(&mut self, home: TableId) -> Vec<Filter> {
        let mut out = Vec::new();
        for &(at, yes) in &self.reading.flags {
            let Some((id, _)) = self.column_of(at, Some(home), &|id| self.catalogue().is_flag(id))
            else {
                continue;
            };
            let value = match (self.catalogue().kind(id), yes) {
                (Kind::Boolean, true) => "true",
                (Kind::Boolean, false) => "false",
                (_, true) => "1",
                (_, false) => "0",
            };
            out.push(Filter {
                condition: self.equals(id, value.into(), false),
                tables: vec![id.table],
                alone: false,
            });
        }
        let units = &self.reading.units;
        let same = (0..units.len()).find(|&at| {
            units[at].is(&["same", "different"])
                && (units[at].is(&["same"]) || self.reading.text(at + 1) == "from")
        });
        if let Some(at) = same
            && self.reading.groups.is_empty()
        {
            // two columns of one kind that differ in a word of the question
            let facts = &self.catalogue().tables[home].columns;
            let hinted = |own: &[String], other: &[String]| {
                own.iter()
                    .any(|word| !other.contains(word) && self.hints.contains(word))
            };
            let pairs = (0..facts.len()).flat_map(|a| (a + 1..facts.len()).map(move |b| (a, b)));
            let pair = pairs
                .filter(|&(a, b)| {
                    facts[a].words.last() == facts[b].words.last()
                        && facts[a].words.len() == facts[b].words.len()
                        && facts[a].words.len() > 1
                })
                .filter(|&(a, b)| {
                    hinted(&facts[a].words, &facts[b].words)
                        && hinted(&facts[b].words, &facts[a].words)
                })
                .max_by_key(|&(a, b)| {
                    let shared = facts[a]
                        .words
                        .iter()
                        .filter(|word| facts[b].words.contains(word) && self.hints.contains(word))
                        .count();
                    (shared, facts[a].is_key)
                });
            if let Some((a, b)) = pair {
                let comparator = if units[at].is(&["same"]) {
                    Comparator::Equal
                } else {
                    Comparator::NotEqual
                };
                let condition =
                    Condition::Compare(place(home).column(a), comparator, place(home).column(b));
                out.push(Filter {
                    condition,
                    tables: vec![home],
                    alone: false,
                });
            }
        }
        out
    }

    pub(super) fn text_filters(&mut self, home: Option<TableId>) -> Vec<Filter> {
        let mut out = Vec::new();
        for test in self.reading.texts.clone() {
            let textual = |id: ColumnId| self.catalogue().kind(id) == Kind::Text;
            let id = test
                .column
                .and_then(|at| {
                    let plain_name = self.unit(at).is(&["name", "names"]);
                    let owner = self.owner(at).or(home);
                    match owner.filter(|_| plain_name) {
                        Some(table) => self.catalogue().tables[table]
                            .label
                            .first()
                            .map(|&column| ColumnId { table, column }),
                        None => self.column_of(at, home, &textual).map(|hit| hit.0),
                    }
                })
                .or_else(|| {
                    let table = home?;
                    let column = self.catalogue().tables[table].label.first().copied()?;
                    Some(ColumnId { table, column })
                });
            match id {
                Some(id) => out.push(Filter {
                    condition: Condition::Text {
                        column: column(id),
                        how: test.how,
                        text: test.text.clone(),
                        negated: test.negated,
                    },
                    tables: vec![id.table],
                    alone: false,
                }),
                None => self.doubt(
                    0.3,
                    format!("I do not know which column contains \"{}\"", test.text),
                ),
            }
        }
        out
    }

    /// Words that look like names but are no complete value: a value that contains them will do.
    pub(super) fn partial_values(
        &mut self,
        home: Option<TableId>,
        unread: &[At],
    ) -> (Vec<Filter>, Vec<At>) {
        let mut out = Vec::new();
        let mut taken = Vec::new();
        for &at in unread {
            let unit = self.unit(at).clone();
            let capital = unit.raw.starts_with(|c: char| c.is_uppercase()) && at > 0;
            if unit.text.len() < 3 || !capital {
                continue;
            }
            let mut columns: Vec<(usize, ColumnId)> = self
                .linker
                .columns_with_word(self.schema, &unit.text, 40)
                .into_iter()
                .filter(|(id, _)| {
                    !matches!(self.catalogue().kind(*id), Kind::Date(_) | Kind::Opaque)
                })
                .map(|(id, _)| {
                    let near = home.and_then(|home| self.hops(home, id.table)).unwrap_or(9);
                    let label = !self.catalogue().tables[id.table].label.contains(&id.column);
                    (
                        near * 2 + usize::from(label)
                            - usize::from(self.is_mentioned(id.table) && near > 0),
                        id,
                    )
                })
                .collect();
            columns.sort();
            if let Some((_, id)) = columns.first() {
                let name = self.full_column_name(*id);
                self.doubt(
                    0.12,
                    format!("I looked for \"{}\" within the {name}", unit.raw),
                );
                out.push(Filter {
                    condition: Condition::Text {
                        column: column(*id),
                        how: TextHow::Contains,
                        text: unit.raw.clone(),
                        negated: false,
                    },
                    tables: vec![id.table],
                    alone: false,
                });
                taken.push(at);
            }
        }
        (out, taken)
    }

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
        Some(Filter {
            condition: Condition::During {
                column: column(id),
                periods: moment.periods.clone(),
                negated: moment.negated,
            },
            tables: vec![id.table],
            alone: false,
        })
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
        let group = |subject: HavingOf| match test.right {
            Right::Number(value, _) => Some(Having {
                subject,
                comparator,
                value,
                upper: None,
            }),
            Right::Between(low, high, _) => Some(Having {
                subject,
                comparator,
                value: low,
                upper: Some(high),
            }),
            _ => None,
        };
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
            let left = left.or_else(|| self.counterpart(right))?;
            let condition = Condition::Compare(column(left), comparator, column(right));
            return Some(Ok(Filter {
                condition,
                tables: vec![left.table, right.table],
                alone: false,
            }));
        }
        let mut id = None;
        if let Some(left) = test.left {
            id = self.column_of(left, home, &numeric).map(|hit| hit.0);
        }
        if let Right::Average(Some(noun)) = test.right
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
        }
        let id = id?;
        let expr = column(id);
        // "customers who paid over 100": the number is not in their own row
        if let Some(home) = home
            && home != id.table
            && !self.points_to(home, id.table)
            && !matches!(test.right, Right::Average(_) | Right::Extreme(..))
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
            Right::Average(_) => {
                let average = Expr::Aggregate(
                    Aggregate::Average,
                    Box::new(Expr::Column(
                        crate::builtin::plan::Place {
                            table: id.table,
                            role: 20,
                        },
                        id.column,
                    )),
                );
                let plan = Plan {
                    select: vec![(average, None)],
                    from: Some(crate::builtin::plan::Place {
                        table: id.table,
                        role: 20,
                    }),
                    ..Plan::default()
                };
                Condition::Compare(expr, comparator, Expr::Query(Box::new(plan)))
            }
            Right::Extreme(..) | Right::Column(_) => return None,
        };
        Some(Ok(Filter {
            condition,
            tables: vec![id.table],
            alone: false,
        }))
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

    /// "without X": no row of another table, or an empty column.
    pub(super) fn absence(
        &mut self,
        at: usize,
        home: TableId,
        inner_moments: &[Moment],
    ) -> Option<Filter> {
        let absence = self.reading.absences[at].clone();
        let noun = absence.noun;
        // a date that has not come: "not yet shipped"
        if let Some(verb) = &absence.verb {
            let dates: Vec<ColumnId> = (0..self.catalogue().tables[home].columns.len())
                .map(|column| ColumnId {
                    table: home,
                    column,
                })
                .filter(|id| {
                    self.catalogue().is_date(*id)
                        && self
                            .catalogue()
                            .column(*id)
                            .words
                            .iter()
                            .any(|word| verb_means(verb, word))
                })
                .collect();
            let own_noun = noun.is_some_and(|noun| {
                self.unit(noun)
                    .best_table()
                    .is_some_and(|hit| hit.1 > 0.8 && hit.0 != home)
            });
            if let Some(id) = dates.first().filter(|_| !own_noun) {
                return Some(Filter {
                    condition: Condition::IsNull(column(*id), absence.present),
                    tables: vec![home],
                    alone: false,
                });
            }
        }
        let mut table = None;
        if let Some(noun) = noun {
            match self.noun(noun, Some(home), false) {
                Some(Noun::Column(id)) => {
                    let own = self.column_of(noun, Some(home), &|id| id.table == home);
                    if let Some((id, _)) =
                        own.filter(|_| id.table == home || self.unit(noun).best_table().is_none())
                    {
                        // "no bikes available" is a zero, not a gap
                        let number = self.catalogue().is_measure(id);
                        let nullable = self.schema.tables[home].columns[id.column].nullable;
                        let condition = if number && (!nullable || self.starts_at_zero(id)) {
                            Condition::Compare(
                                column(id),
                                if absence.present {
                                    Comparator::More
                                } else {
                                    Comparator::Equal
                                },
                                Expr::Number(0.0),
                            )
                        } else {
                            Condition::IsNull(column(id), absence.present)
                        };
                        return Some(Filter {
                            condition,
                            tables: vec![home],
                            alone: false,
                        });
                    }
                    if self.catalogue().is_measure(id) {
                        let condition =
                            Condition::Compare(column(id), Comparator::Equal, Expr::Number(0.0));
                        return Some(Filter {
                            condition,
                            tables: vec![id.table],
                            alone: false,
                        });
                    }
                    table = Some(id.table);
                }
                Some(Noun::Table(found)) => table = Some(found),
                None => {}
            }
        }
        if table == Some(home) {
            table = None;
        }
        let table = match table {
            Some(table) => table,
            // "never been sold", "did not buy anything": what happens to it
            None => {
                let events = self.events_of(home);
                let verb = absence.verb.clone().unwrap_or_default();
                events
                    .iter()
                    .copied()
                    .find(|&child| {
                        self.catalogue().tables[child]
                            .words
                            .iter()
                            .any(|word| verb_means(&verb, word))
                    })
                    .or_else(|| events.first().copied())?
            }
        };
        let mut inner = Vec::new();
        for moment in inner_moments {
            if let Some(filter) = self.moment_filter(moment, Some(table), &[table]) {
                inner.push(filter);
            }
        }
        let hint_at = absence.noun.or(Some(absence.at));
        let _ = hint_at;
        let condition = self.exists(home, table, &inner, !absence.present)?;
        Some(Filter {
            condition,
            tables: vec![home],
            alone: false,
        })
    }

    fn starts_at_zero(&self, id: ColumnId) -> bool {
        self.schema.tables[id.table].columns[id.column]
            .range
            .as_ref()
            .and_then(|range| range.0.parse::<f64>().ok())
            == Some(0.0)
    }

    /// A row of `table` that belongs to the row of `home`, with conditions of its own.
    pub(super) fn exists(
        &mut self,
        home: TableId,
        table: TableId,
        inner: &[Filter],
        negated: bool,
    ) -> Option<Condition> {
        let mut targets = vec![table];
        targets.extend(
            inner
                .iter()
                .flat_map(|filter| filter.tables.iter().copied()),
        );
        targets.retain(|target| *target != home);
        let tree = self.tree(home, &targets)?;
        let first = tree.steps.first()?;
        if tree.guessed {
            self.doubt(
                0.08,
                "no declared foreign key joins the tables, so I matched their column names",
            );
        }
        let shift = |place: crate::builtin::plan::Place| crate::builtin::plan::Place {
            table: place.table,
            role: 10,
        };
        let edge = self.graph().edges[first.edge].clone();
        let (home_columns, inner_columns) = if edge.child == first.to {
            (&edge.parent_columns, &edge.child_columns)
        } else {
            (&edge.child_columns, &edge.parent_columns)
        };
        let link = home_columns
            .iter()
            .zip(inner_columns)
            .map(|(outer, own)| {
                (
                    place(home).column(*outer),
                    shift(place(first.to)).column(*own),
                )
            })
            .collect();
        // two branches from home cannot hang on one subquery
        if tree.steps.iter().skip(1).any(|step| step.from == home) {
            return None;
        }
        let mut plan = Plan {
            select: vec![(Expr::Number(1.0), None)],
            from: Some(shift(place(first.to))),
            ..Plan::default()
        };
        for step in &tree.steps[1..] {
            plan.joins.push(crate::builtin::plan::Join {
                from: shift(place(step.from)),
                to: shift(place(step.to)),
                edge: self.graph().edges[step.edge].clone(),
                left: false,
            });
        }
        plan.filters = inner
            .iter()
            .map(|filter| moved(&filter.condition))
            .collect();
        Some(Condition::Exists {
            negated,
            query: Box::new(plan),
            link,
        })
    }

    pub(super) fn tree(
        &self,
        root: TableId,
        targets: &[TableId],
    ) -> Option<crate::builtin::joins::Tree> {
        let hints = |word: &str| {
            self.hints.iter().any(|hint| hint == word) && !crate::builtin::lexicon::is_light(word)
        };
        self.graph().tree(self.catalogue(), root, targets, &hints)
    }
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

/// The same condition inside a subquery.
fn moved(condition: &Condition) -> Condition {
    let place = |place: crate::builtin::plan::Place| crate::builtin::plan::Place {
        table: place.table,
        role: 10,
    };
    let expr = |expr: &Expr| match expr {
        Expr::Column(at, column) => Expr::Column(place(*at), *column),
        other => other.clone(),
    };
    match condition {
        Condition::Compare(a, comparator, b) => Condition::Compare(expr(a), *comparator, expr(b)),
        Condition::OneOf {
            column,
            values,
            negated,
        } => Condition::OneOf {
            column: expr(column),
            values: values.clone(),
            negated: *negated,
        },
        Condition::Between(a, low, high) => Condition::Between(expr(a), *low, *high),
        Condition::Text {
            column,
            how,
            text,
            negated,
        } => Condition::Text {
            column: expr(column),
            how: *how,
            text: text.clone(),
            negated: *negated,
        },
        Condition::During {
            column,
            periods,
            negated,
        } => Condition::During {
            column: expr(column),
            periods: periods.clone(),
            negated: *negated,
        },
        Condition::IsNull(a, negated) => Condition::IsNull(expr(a), *negated),
        Condition::Any(parts) => Condition::Any(parts.iter().map(moved).collect()),
        Condition::Exists { .. } => condition.clone(),
    }
}
