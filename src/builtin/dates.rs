//! Times in a question: "in 2012", "between March and May 2013", "last 30 days", "by month".

use crate::builtin::linking::Unit;
use chrono::{Datelike, Days, Months, NaiveDate};

/// Days `from` up to but not including `to`; an open side is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// Words before a time that exclude it.
const DENIALS: [&str; 6] = ["not", "except", "excluding", "neither", "nor", "none"];

/// One or more periods said in one phrase, and the units it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    pub first: usize,
    pub end: usize,
    /// Any of them.
    pub periods: Vec<Period>,
    /// The grain of what was said ("2023 and 2024" are years).
    pub grain: Grain,
    /// "not in 2014".
    pub negated: bool,
    /// No year was said: "in March", "in Q1". The periods are the latest ones.
    pub yearless: bool,
}

impl Moment {
    /// The months of any year that are meant, when no year was said and no side is open.
    pub fn months(&self) -> Option<Vec<u32>> {
        if !self.yearless || !matches!(self.grain, Grain::Month | Grain::Quarter) {
            return None;
        }
        let mut months = Vec::new();
        for period in &self.periods {
            let (mut month, end) = (period.from?.month(), period.to?.month());
            loop {
                if !months.contains(&month) {
                    months.push(month);
                }
                month = month % 12 + 1;
                if month == end {
                    break;
                }
            }
        }
        months.sort_unstable();
        Some(months)
    }
}

/// The step of a time axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grain {
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    /// Monday, Tuesday, … of any week.
    Weekday,
    /// 0 to 23, of any day.
    HourOfDay,
}

impl Grain {
    pub fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "hour" | "hours" | "hourly" => Self::Hour,
            "day" | "days" | "daily" | "date" => Self::Day,
            "week" | "weeks" | "weekly" => Self::Week,
            "month" | "months" | "monthly" => Self::Month,
            "quarter" | "quarters" | "quarterly" => Self::Quarter,
            "year" | "years" | "yearly" | "annual" | "annually" => Self::Year,
            "weekday" | "weekdays" => Self::Weekday,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::Weekday => "weekday",
            Self::HourOfDay => "hour_of_day",
        }
    }

    /// It cannot be told from a date alone.
    pub fn needs_time(self) -> bool {
        matches!(self, Self::Hour | Self::HourOfDay)
    }
}

#[derive(Clone, Copy)]
struct Said {
    from: NaiveDate,
    to: NaiveDate,
    grain: Grain,
    end: usize,
    /// A month without its year takes the year of its neighbour.
    no_year: bool,
}

impl Said {
    /// In the year of `other`, when it has none of its own.
    fn in_the_year_of(self, other: &Said) -> Option<Self> {
        if !self.no_year || other.no_year {
            return Some(self);
        }
        let moved = self.years_on(other.from.year() - self.from.year())?;
        Some(Self {
            no_year: false,
            ..moved
        })
    }

    fn years_on(self, years: i32) -> Option<Self> {
        let moved = |day: NaiveDate| day.with_year(day.year() + years);
        Some(Self {
            from: moved(self.from)?,
            to: moved(self.to)?,
            ..self
        })
    }

    /// From the first to the last of what was said. Where that is backwards, a year that was not said gives way
    /// ("from November to February 1998" begins in 1997); two that were said change places.
    fn until(self, last: Self) -> Option<(Self, Self)> {
        let backwards = |one: &Self, two: &Self| two.to <= one.from;
        let one = self.in_the_year_of(&last)?;
        if !backwards(&one, &last) {
            return Some((one, last));
        }
        if self.no_year {
            return Some((one.years_on(-1)?, last));
        }
        if !last.no_year {
            return Some((last, one));
        }
        let two = last.in_the_year_of(&one)?;
        if backwards(&one, &two) {
            return Some((one, two.years_on(1)?));
        }
        Some((one, two))
    }
}

/// All moments in the question that stand on their own words; years only where a preposition says so.
pub fn moments(
    units: &[Unit],
    today: NaiveDate,
    is_measure: &dyn Fn(usize) -> bool,
) -> Vec<Moment> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < units.len() {
        match moment(units, at, today, is_measure) {
            Some(moment) => {
                at = moment.end;
                found.push(moment);
            }
            None => at += 1,
        }
    }
    found
}

fn moment(
    units: &[Unit],
    at: usize,
    today: NaiveDate,
    is_measure: &dyn Fn(usize) -> bool,
) -> Option<Moment> {
    let text = |at: usize| units.get(at).map_or("", |unit| unit.text.as_str());
    let done = |end: usize, from: Option<NaiveDate>, to: Option<NaiveDate>, said: Said| {
        Some(Moment {
            first: at,
            end,
            periods: vec![Period { from, to }],
            grain: said.grain,
            negated: at > 0 && DENIALS.contains(&text(at - 1)),
            yearless: said.no_year,
        })
    };
    let after_measure = at > 0 && is_measure(at - 1);
    match text(at) {
        "between" | "from"
            if !after_measure || units.get(at + 1).is_some_and(|unit| !unit.digits) =>
        {
            let start = skip_the(units, at + 1);
            if let Some(one) = said(units, start, today, true)
                && ["and", "to", "until", "till", "through"].contains(&text(one.end))
                && let Some(two) = said(units, skip_the(units, one.end + 1), today, true)
            {
                let end = two.end;
                let (one, two) = one.until(two)?;
                return done(end, Some(one.from), Some(two.to), one);
            }
            if text(at) == "from"
                && let Some(one) = said(units, start, today, true)
            {
                if ["on", "onwards", "onward"].contains(&text(one.end)) {
                    return done(one.end + 1, Some(one.from), None, one);
                }
                return done(one.end, Some(one.from), Some(one.to), one);
            }
            None
        }
        "before" | "until" | "till" | "prior" => {
            let start = skip_the(
                units,
                at + 1 + usize::from(text(at) == "prior" && text(at + 1) == "to"),
            );
            let one = said(units, start, today, true)?;
            let end = if text(at) == "before" || text(at) == "prior" {
                one.from
            } else {
                one.to
            };
            done(one.end, None, Some(end), one)
        }
        "after" | "since" => {
            let one = said(units, skip_the(units, at + 1), today, true)?;
            let from = if text(at) == "after" {
                one.to
            } else {
                one.from
            };
            done(one.end, Some(from), None, one)
        }
        "on" | "by" if text(at + 1) == "or" => {
            let one = said(units, skip_the(units, at + 3), today, true)?;
            match text(at + 2) {
                "after" => done(one.end, Some(one.from), None, one),
                "before" => done(one.end, None, Some(one.to), one),
                _ => None,
            }
        }
        "in" | "during" | "on" | "of" | "for" | "within" | "at" | "year" | "years" | "vs"
        | "versus" | "compare" => {
            let mut start = skip_the(units, at + 1);
            if ["year", "years"].contains(&text(start)) && Grain::of_word(text(at)).is_none() {
                start += 1;
                if text(start) == "of" {
                    start += 1;
                }
            }
            if text(start) == "both" {
                start += 1;
            }
            list(units, at, start, today, !after_measure)
        }
        // "1997 compared to 1996"
        "to" | "with" if at > 0 && ["compared", "versus", "vs"].contains(&text(at - 1)) => {
            list(units, at, skip_the(units, at + 1), today, true)
        }
        // on their own: "March 2013", "2013-08-29", "last year", "Q1 1998", "revenue 2024"
        _ => {
            let last = units[at + 1..]
                .iter()
                .all(|unit| unit.is(&["as", "well", "too", "also"]) || unit.punctuation);
            let alone_year = units[at].digits && last && at > 0 && !after_measure;
            let starts_year = units[at].digits
                && Grain::of_word(text(at + 1)).is_none()
                && (at == 0 && units.len() > 1 || alone_year);
            if units[at].digits && !starts_year {
                return None;
            }
            if text(at) == "may" && !units.get(at + 1).is_some_and(|unit| unit.digits) {
                return None;
            }
            list(units, at, at, today, starts_year)
        }
    }
}

fn list(units: &[Unit], at: usize, start: usize, today: NaiveDate, years: bool) -> Option<Moment> {
    let text = |at: usize| units.get(at).map_or("", |unit| unit.text.as_str());
    let one = said(units, start, today, years)?;
    let mut all = vec![one];
    let mut end = one.end;
    if text(end) == "or" && ["after", "later", "afterwards", "newer"].contains(&text(end + 1)) {
        return Some(Moment {
            first: at,
            end: end + 2,
            periods: vec![Period {
                from: Some(one.from),
                to: None,
            }],
            grain: one.grain,
            negated: false,
            yearless: one.no_year,
        });
    }
    if text(end) == "or" && ["before", "earlier", "older"].contains(&text(end + 1)) {
        return Some(Moment {
            first: at,
            end: end + 2,
            periods: vec![Period {
                from: None,
                to: Some(one.to),
            }],
            grain: one.grain,
            negated: false,
            yearless: one.no_year,
        });
    }
    while ["and", "or", ",", "to", "versus", "vs", "with"].contains(&text(end)) {
        let mut next = end + 1;
        if ["in", "and", "or"].contains(&text(next)) {
            next += 1;
        }
        let Some(more) = said(units, next, today, years) else {
            break;
        };
        if more.grain != one.grain {
            break;
        }
        let next = if text(end) == "to" {
            let (first, last) = all.pop()?.until(more)?;
            Said {
                to: last.to,
                ..first
            }
        } else {
            more
        };
        // "in March and April 1998"
        all = all
            .into_iter()
            .map(|said| said.in_the_year_of(&next))
            .collect::<Option<_>>()?;
        all.push(next);
        end = more.end;
    }
    Some(Moment {
        first: at,
        end,
        periods: all
            .iter()
            .map(|said| Period {
                from: Some(said.from),
                to: Some(said.to),
            })
            .collect(),
        grain: one.grain,
        negated: at > 0 && DENIALS.contains(&text(at - 1)),
        yearless: all.iter().all(|said| said.no_year),
    })
}

fn skip_the(units: &[Unit], at: usize) -> usize {
    at + usize::from(
        units
            .get(at)
            .is_some_and(|unit| unit.is(&["the", "year", "month"]) && units.get(at + 1).is_some()),
    )
}

fn said(units: &[Unit], at: usize, today: NaiveDate, years: bool) -> Option<Said> {
    let text = |at: usize| units.get(at).map_or("", |unit| unit.text.as_str());
    let unit = units.get(at)?;
    let range = |from: NaiveDate, to: NaiveDate, grain: Grain, end: usize| {
        Some(Said {
            from,
            to,
            grain,
            end,
            no_year: false,
        })
    };
    if let Some(day) = unit.date {
        return range(day, day + Days::new(1), Grain::Day, at + 1);
    }
    if let Some(month) = month(text(at)) {
        let mut next = at + 1;
        let day = day_of_month(units.get(next));
        if day.is_some() {
            next += 1;
        }
        next +=
            usize::from([",", "of"].contains(&text(next)) && year(units.get(next + 1)).is_some());
        let said_year = year(units.get(next));
        let year = said_year.unwrap_or_else(|| today.year() - i32::from(month > today.month()));
        let end = next + usize::from(said_year.is_some());
        let (from, to, grain) = match day {
            Some(day) => {
                let day = NaiveDate::from_ymd_opt(year, month, day)?;
                (day, day + Days::new(1), Grain::Day)
            }
            None => {
                let from = NaiveDate::from_ymd_opt(year, month, 1)?;
                (from, from + Months::new(1), Grain::Month)
            }
        };
        let end = if said_year.is_none() && text(end.saturating_sub(1)) == "," {
            end - 1
        } else {
            end
        };
        return Some(Said {
            from,
            to,
            grain,
            end,
            no_year: said_year.is_none(),
        });
    }
    // "25 August 2015", "the 25th of August 2015"
    if let (Some(day), next) = (
        day_of_month(Some(unit)),
        at + 1 + usize::from(text(at + 1) == "of"),
    ) && let Some(month) = month(text(next))
        && let Some(year) = year(units.get(next + 1))
    {
        let day = NaiveDate::from_ymd_opt(year, month, day)?;
        return range(day, day + Days::new(1), Grain::Day, next + 2);
    }
    if let Some((quarter, bare)) = quarter(units, at) {
        let next = bare;
        let next = next + usize::from(["of", "in", ","].contains(&text(next)));
        let next = next + usize::from(text(next) == "year");
        let said_year = year(units.get(next));
        let year = said_year.unwrap_or(today.year());
        let from = NaiveDate::from_ymd_opt(year, 3 * quarter - 2, 1)?;
        // the link belongs to the year: "in Q1, by country"
        let end = if said_year.is_some() { next + 1 } else { bare };
        return Some(Said {
            from,
            to: from + Months::new(3),
            grain: Grain::Quarter,
            end,
            no_year: said_year.is_none(),
        });
    }
    if ["first", "second"].contains(&text(at)) && text(at + 1) == "half" {
        let next = at + 2 + usize::from(["of", "in"].contains(&text(at + 2)));
        let year = year(units.get(next))?;
        let from = NaiveDate::from_ymd_opt(year, if text(at) == "first" { 1 } else { 7 }, 1)?;
        return range(from, from + Months::new(6), Grain::Quarter, next + 1);
    }
    // "last December", "this March"
    if ["last", "past", "previous", "this"].contains(&text(at))
        && let Some(month) = month(text(at + 1)).filter(|_| year(units.get(at + 2)).is_none())
    {
        let passed = text(at) != "this" && month >= today.month();
        let from = NaiveDate::from_ymd_opt(today.year() - i32::from(passed), month, 1)?;
        return range(from, from + Months::new(1), Grain::Month, at + 2);
    }
    match text(at) {
        "today" => return range(today, today + Days::new(1), Grain::Day, at + 1),
        "yesterday" => return range(today - Days::new(1), today, Grain::Day, at + 1),
        "last" | "past" | "previous" | "this" | "current" => return relative(units, at, today),
        _ => {}
    }
    if let Some(decade) = text(at)
        .strip_suffix('s')
        .and_then(|digits| digits.parse::<i32>().ok())
        .filter(|year| (1900..2100).contains(year))
    {
        return range(
            NaiveDate::from_ymd_opt(decade, 1, 1)?,
            NaiveDate::from_ymd_opt(decade + 10, 1, 1)?,
            Grain::Year,
            at + 1,
        );
    }
    if years && let Some(year) = year(Some(unit)) {
        let from = NaiveDate::from_ymd_opt(year, 1, 1)?;
        return range(
            from,
            NaiveDate::from_ymd_opt(year + 1, 1, 1)?,
            Grain::Year,
            at + 1,
        );
    }
    None
}

/// "last 30 days", "past year", "this month", "last quarter".
fn relative(units: &[Unit], at: usize, today: NaiveDate) -> Option<Said> {
    let this = units[at].is(&["this", "current"]);
    let mut next = at + 1;
    let number = units.get(next).and_then(|unit| unit.number);
    if number.is_some() {
        next += 1;
    }
    let grain = Grain::of_word(&units.get(next)?.text)?;
    if units[next].text == "date" {
        return None;
    }
    let end = next + 1;
    let month_start = today.with_day(1)?;
    let (from, to) = match number {
        Some(number) => {
            let count = number as u32;
            let from = match grain {
                Grain::Day | Grain::Hour | Grain::Weekday | Grain::HourOfDay => {
                    today - Days::new(u64::from(count))
                }
                Grain::Week => today - Days::new(7 * u64::from(count)),
                Grain::Month => today - Months::new(count),
                Grain::Quarter => today - Months::new(3 * count),
                Grain::Year => today - Months::new(12 * count),
            };
            (from, today + Days::new(1))
        }
        None => {
            let (start, length): (NaiveDate, fn(NaiveDate) -> NaiveDate) = match grain {
                Grain::Day | Grain::Hour | Grain::Weekday | Grain::HourOfDay => {
                    (today, |day| day + Days::new(1))
                }
                Grain::Week => (
                    today - Days::new(u64::from(today.weekday().num_days_from_monday())),
                    |day| day + Days::new(7),
                ),
                Grain::Month => (month_start, |day| day + Months::new(1)),
                Grain::Quarter => (
                    NaiveDate::from_ymd_opt(today.year(), (today.month0() / 3) * 3 + 1, 1)?,
                    |day| day + Months::new(3),
                ),
                Grain::Year => (NaiveDate::from_ymd_opt(today.year(), 1, 1)?, |day| {
                    day + Months::new(12)
                }),
            };
            if this {
                (start, length(start))
            } else {
                let before = match grain {
                    Grain::Week => start - Days::new(7),
                    Grain::Month => start - Months::new(1),
                    Grain::Quarter => start - Months::new(3),
                    Grain::Year => start - Months::new(12),
                    _ => start - Days::new(1),
                };
                (before, start)
            }
        }
    };
    Some(Said {
        from,
        to,
        grain,
        end,
        no_year: false,
    })
}

fn quarter(units: &[Unit], at: usize) -> Option<(u32, usize)> {
    let text = |at: usize| units.get(at).map_or("", |unit| unit.text.as_str());
    if let Some(number) = text(at)
        .strip_prefix('q')
        .and_then(|digit| digit.parse::<u32>().ok())
        .filter(|n| (1..=4).contains(n))
    {
        return Some((number, at + 1));
    }
    let number = match text(at) {
        "first" | "1st" => 1,
        "second" | "2nd" => 2,
        "third" | "3rd" => 3,
        "fourth" | "4th" | "last" => 4,
        _ => return None,
    };
    (text(at + 1) == "quarter" && (number != 4 || text(at) != "last" || text(at + 2) == "of"))
        .then_some((number, at + 2))
}

fn year(unit: Option<&Unit>) -> Option<i32> {
    let unit = unit?;
    let value = unit
        .number
        .filter(|_| unit.digits && !unit.money && !unit.percent)?;
    (unit.text.len() == 4 && (1700.0..2200.0).contains(&value)).then_some(value as i32)
}

fn day_of_month(unit: Option<&Unit>) -> Option<u32> {
    let text = &unit?.text;
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if !["", "st", "nd", "rd", "th"].contains(&&text[digits.len()..]) {
        return None;
    }
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

/// January first, in lower case.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// How a month is written: 3 is "March".
pub fn month_name(month: u32) -> String {
    let name = MONTHS[(month as usize).clamp(1, 12) - 1];
    name[..1].to_uppercase() + &name[1..]
}

pub fn month(word: &str) -> Option<u32> {
    let at = MONTHS.iter().position(|month| {
        *month == word
            || (word.len() == 3 && month.starts_with(word))
            || (word == "sept" && *month == "september")
    })?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(question: &str) -> Vec<Unit> {
        let unit = |word: &str| Unit {
            text: word.to_owned(),
            number: word.parse().ok(),
            digits: word.chars().all(|c| c.is_ascii_digit()),
            ..Unit::default()
        };
        question.split(' ').map(unit).collect()
    }

    #[test]
    fn a_span_ends_after_it_begins_and_an_unsaid_year_gives_way() {
        let today: NaiveDate = "1998-05-06".parse().expect("a day");
        for (question, from, to) in [
            ("from november to february 1998", "1997-11-01", "1998-03-01"),
            ("in november to february 1998", "1997-11-01", "1998-03-01"),
            (
                "between november and february 1998",
                "1997-11-01",
                "1998-03-01",
            ),
            // it ends where the other begins
            ("from november to october 1998", "1997-11-01", "1998-11-01"),
            (
                "from november 20 to february 3 1998",
                "1997-11-20",
                "1998-02-04",
            ),
            ("from q4 to q1 1998", "1997-10-01", "1998-04-01"),
            ("from february to november 1997", "1997-02-01", "1997-12-01"),
            ("in february to november 1997", "1997-02-01", "1997-12-01"),
            // the last has no year
            (
                "from november 1997 to september",
                "1997-11-01",
                "1998-10-01",
            ),
            ("from march 1996 to may", "1996-03-01", "1998-06-01"),
            ("in november 1997 to september", "1997-11-01", "1998-10-01"),
            // neither has
            ("from november to february", "1997-11-01", "1998-03-01"),
            ("from march 5 to december 10", "1997-03-05", "1997-12-11"),
            // both have
            (
                "from november 1997 to february 1998",
                "1997-11-01",
                "1998-03-01",
            ),
            (
                "from november 1998 to february 1998",
                "1998-02-01",
                "1998-12-01",
            ),
            ("between 1998 and 1996", "1996-01-01", "1999-01-01"),
            ("in 1998 to 1996", "1996-01-01", "1999-01-01"),
        ] {
            let found = moments(&units(question), today, &|_| false);
            let day = |day: &str| Some(day.parse().expect("a day"));
            let period = Period {
                from: day(from),
                to: day(to),
            };
            let periods: Vec<Period> = found.iter().flat_map(|it| it.periods.clone()).collect();
            assert_eq!(periods, [period], "{question}");
        }
        // a span is of the two it stands between
        let found = moments(&units("in january and march to may 1998"), today, &|_| {
            false
        });
        let months = ["1998-01-01", "1998-02-01", "1998-03-01", "1998-06-01"]
            .map(|day| day.parse::<NaiveDate>().expect("a day"));
        let said: Vec<NaiveDate> = found
            .iter()
            .flat_map(|it| &it.periods)
            .flat_map(|period| [period.from, period.to])
            .flatten()
            .collect();
        assert_eq!(said, months);
    }
}
