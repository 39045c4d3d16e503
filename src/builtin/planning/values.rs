//! Values of the question to columns of the schema.

use super::absences::moved;
use super::{Filter, Outcome, Planner, column, place};
use crate::builtin::catalogue::{ColumnId, Kind, TableId};
use crate::builtin::joins::Edge;
use crate::builtin::plan::{Condition, Expr, Place, Plan};
use crate::builtin::reading::{Aggregate, At, Comparator, TextHow, ValueTest};
use crate::builtin::tokens::fold;

/// Stems of columns that say where something begins, and where it ends.
const DEPARTS: &[&str] = &["start", "from", "origin", "depart", "sourc", "sender"];
const ARRIVES: &[&str] = &["end", "to", "destin", "arriv", "target", "receiv"];

/// Columns with more values than this are not looked through for those that contain another.
const FEW_VALUES: usize = 60;
/// Values that a note lists.
const MENTIONED: usize = 3;

fn quoted<T: AsRef<str>>(values: &[T]) -> String {
    let all: Vec<String> = values
        .iter()
        .map(|value| format!("\"{}\"", value.as_ref()))
        .collect();
    all.join(", ")
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
            let far = home.is_some_and(|home| home != id.table && !self.points_to(home, id.table));
            // "who ordered Chai and Chang": both, in rows of their own
            let each = same && far && !negated && self.lists_things();
            let intersect =
                test.and_before && (each || both && home.is_some_and(|home| home != id.table));
            if each && intersect {
                if let Some(last) = out.last_mut() {
                    last.alone = true;
                }
                if !both {
                    self.note("I read \"and\" as both: each of the two must be there.");
                }
            }
            let spelt = self.spellings(id, value);
            if both && same && !intersect && !negated && test.and_before {
                let before = self
                    .each_of
                    .filter(|each| each.0 == id)
                    .map_or(1, |each| each.1);
                self.each_of = Some((id, before + 1));
            }
            match out.last_mut() {
                Some(Filter {
                    condition: Condition::OneOf { values, .. },
                    ..
                }) if same && !intersect => values.extend(spelt),
                Some(last)
                    if test.or_before
                        && !same
                        && matches!(
                            last.condition,
                            Condition::OneOf { .. } | Condition::Any(_)
                        ) =>
                {
                    let own = self.one_of(id, spelt, negated);
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
                        let condition = self.one_of(id, spelt, negated);
                        out.push(Filter {
                            alone: true,
                            ..Filter::new(condition, vec![id.table]).said_at(test.at)
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
                        values.extend(spelt);
                        done = Some((id, negated));
                        at += 1;
                        continue;
                    }
                    let condition = self.one_of(id, spelt, negated);
                    if let Some(home) = home
                        && let Some(there) =
                            self.one_of_two_places(test.at, id.table, home, &condition)
                    {
                        out.push(Filter::new(there, vec![home]).said_at(test.at));
                        done = None;
                        at += 1;
                        continue;
                    }
                    out.push(Filter {
                        alone: intersect,
                        absent: negated && test.absent && far,
                        ..Filter::new(condition, vec![id.table]).said_at(test.at)
                    });
                }
            }
            done = Some((id, negated));
            at += 1;
        }
        out
    }

    pub(super) fn equals(&self, id: ColumnId, value: String, negated: bool) -> Condition {
        self.one_of(id, vec![value], negated)
    }

    fn one_of(&self, id: ColumnId, values: Vec<String>, negated: bool) -> Condition {
        Condition::OneOf {
            column: column(id),
            values,
            negated,
        }
    }

    /// Rows of a thing are asked for, or how many there are: not sums over its conditions.
    fn lists_things(&self) -> bool {
        self.reading.top.is_none()
            && !self.reading.percent
            && !self.reading.compare
            && self
                .reading
                .measures
                .iter()
                .all(|measure| measure.aggregate == Aggregate::Count)
    }

    /// The value in every case it is kept in ("Rain", "rain"), and a word on values that only contain it.
    fn spellings(&mut self, id: ColumnId, value: String) -> Vec<String> {
        let column = &self.schema.tables[id.table].columns[id.column];
        let folded = fold(&value);
        let mut all = vec![value];
        let mut within: Vec<&str> = Vec::new();
        for other in &column.values {
            if all.contains(other) {
                continue;
            }
            let spelt = fold(other);
            if spelt == folded {
                all.push(other.clone());
            } else if column.values_complete
                && column.values.len() <= FEW_VALUES
                && spelt
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|word| word == folded)
            {
                within.push(other);
            }
        }
        within.truncate(MENTIONED);
        if all.len() > 1 {
            let text = format!("I took {} alike.", quoted(&all));
            self.note(text);
        }
        if !within.is_empty() {
            let name = self.column_name(id);
            let text = format!(
                "Other values of {name} have \"{}\" in them and do not count: {}.",
                all[0],
                quoted(&within)
            );
            self.note(text);
        }
        all
    }

    /// "Nancy Edwards": a first and a last name of one table.
    pub(super) fn full_name(
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
        let filter = |id: ColumnId, value: String| {
            Filter::new(self.equals(id, value, first.negated), vec![id.table])
        };
        Some(vec![filter(one, first_value), filter(two, second_value)])
    }

    pub(super) fn value(&self, id: ColumnId, value: usize) -> String {
        self.schema.tables[id.table].columns[id.column].values[value].clone()
    }

    /// Where a value belongs, and as it is spelt there.
    pub(super) fn value_column(
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
                // "revenue in Germany": where it was sold, not where the things come from
                let of_sales = test.at.checked_sub(2).is_some_and(|at| {
                    let said = self.reading.text(at);
                    crate::builtin::lexicon::is_revenue(said) || said == "sold"
                });
                if of_sales && self.catalogue().tables[id.table].main_date.is_some() {
                    rank += 0.35;
                }
                // "customers in Germany": the noun beside the place decides
                if self.noun_of_place(test.at) == Some(id.table) {
                    rank += 0.9;
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
                let has = |words: &[&str]| {
                    let mut own = facts.words.iter();
                    own.any(|word| words.contains(&word.as_str()))
                };
                let (departs, arrives) = (has(DEPARTS), has(ARRIVES));
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
                            // "albums by X": whom an album belongs to
                            let of_noun = noun.is_some_and(|(table, score)| {
                                score >= 0.8
                                    && self
                                        .graph()
                                        .edges_at(table)
                                        .any(|edge| edge.child == table && edge.parent == id.table)
                            });
                            if of_noun {
                                rank += 0.4;
                            }
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
        // one column once, however many ways it spells the value
        let mut seen: Vec<ColumnId> = Vec::new();
        ranked.retain(|(_, id, _)| {
            let first = !seen.contains(id);
            seen.push(*id);
            first
        });
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
        if self.unclear.is_none()
            && self.choice.is_none()
            && let Some(others) = self.namesakes(&ranked, test)
        {
            let options: Vec<String> = std::iter::once(id)
                .chain(others)
                .map(|id| format!("as the {}", self.full_column_name(id)))
                .collect();
            self.unclear = Some(Outcome::Unclear {
                message: format!(
                    "\"{}\" is the name of more than one thing here. Which is meant?",
                    unit.raw
                ),
                options,
            });
        }
        if let Some((_, other, _)) = ranked.get(1).filter(|(second, ..)| best - second < 0.06) {
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

    /// Other things of the same name, when nothing in the question says which is meant: an artist, an album
    /// and a track called alike. `ranked` begins with the best.
    fn namesakes(
        &self,
        ranked: &[(f32, ColumnId, usize)],
        test: &ValueTest,
    ) -> Option<Vec<ColumnId>> {
        let (best, first, _) = *ranked.first()?;
        let is_label = |id: ColumnId| self.catalogue().tables[id.table].label == [id.column];
        let said = |id: ColumnId| {
            self.is_mentioned(id.table)
                || test.beside.is_some()
                || self
                    .catalogue()
                    .column(id)
                    .words
                    .iter()
                    .any(|word| self.hints.contains(word))
        };
        // "tracks by X" says a maker
        let made = test
            .at
            .checked_sub(1)
            .is_some_and(|before| self.reading.text(before) == "by");
        // distance alone is no reason; all that ranks above it is
        if made || !is_label(first) || said(first) || self.preferred.contains(&first) {
            return None;
        }
        let mut others: Vec<ColumnId> = ranked[1..]
            .iter()
            .filter(|(rank, id, _)| best - rank < 0.45 && is_label(*id) && id.table != first.table)
            .map(|(_, id, _)| *id)
            .collect();
        others.dedup();
        (!others.is_empty() && !others.iter().any(|id| said(*id))).then_some(others)
    }

    /// "from X to Y" where two foreign keys lead to the places: each by its own.
    fn one_of_two_places(
        &self,
        value: At,
        table: TableId,
        home: TableId,
        condition: &Condition,
    ) -> Option<Condition> {
        let link = value.checked_sub(1)?;
        let words = match self.reading.text(link) {
            "from" => DEPARTS,
            "to" => ARRIVES,
            // "starting in X", "that ended at Y"
            "in" | "at" => match self.unit(link.checked_sub(1)?).stem.as_str() {
                "start" | "depart" | "began" | "begin" => DEPARTS,
                "end" | "arriv" | "finish" => ARRIVES,
                _ => return None,
            },
            _ => return None,
        };
        let edges: Vec<&Edge> = self
            .graph()
            .edges_at(home)
            .filter(|edge| edge.child == home && edge.parent == table && table != home)
            .collect();
        let mut fitting = edges.iter().filter(|edge| {
            edge.child_columns.iter().any(|&at| {
                let own = &self.catalogue().tables[home].columns[at].words;
                own.iter().any(|word| words.contains(&word.as_str()))
            })
        });
        let edge = fitting.next().filter(|_| edges.len() > 1)?;
        let role = 10;
        let inner = Place { table, role };
        let query = Plan {
            select: vec![(Expr::Number(1.0), None)],
            from: Some(inner),
            filters: vec![moved(condition, role)],
            ..Plan::default()
        };
        let link = edge.child_columns.iter().zip(&edge.parent_columns);
        Some(Condition::Exists {
            negated: false,
            query: Box::new(query),
            link: link
                .map(|(own, key)| (place(home).column(*own), inner.column(*key)))
                .collect(),
        })
    }

    /// The table whose name stands before "in X", "from X".
    fn noun_of_place(&self, value: At) -> Option<TableId> {
        let link = value.checked_sub(1)?;
        let links = ["in", "from", "of", "at", "near", "within"];
        if !self.unit(link).is(&links) {
            return None;
        }
        let (table, score) = self.unit(link.checked_sub(1)?).best_table()?;
        (score >= 0.8).then_some(table)
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
    pub(super) fn literal_column(
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
            let condition = self.equals(id, value.into(), false);
            out.push(Filter::new(condition, vec![id.table]).said_at(at));
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
                out.push(Filter::new(condition, vec![home]));
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
                Some(id) => {
                    let condition = Condition::Text {
                        column: column(id),
                        how: test.how,
                        text: test.text.clone(),
                        negated: test.negated,
                    };
                    out.push(Filter::new(condition, vec![id.table]).said_at(test.at));
                }
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
                out.push(Filter::new(
                    Condition::Text {
                        column: column(*id),
                        how: TextHow::Contains,
                        text: unit.raw.clone(),
                        negated: false,
                    },
                    vec![id.table],
                ));
                taken.push(at);
            }
        }
        (out, taken)
    }
}
