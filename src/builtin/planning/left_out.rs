//! Words that nothing was made of, and without which the answer would be one to another question.

use super::Planner;
use crate::builtin::dates::Grain;
use crate::builtin::lexicon::{is_filler, is_statistic, is_weak};
use crate::builtin::linking::is_verb;
use crate::builtin::plan::{Condition, Expr, Plan};
use crate::builtin::reading::{At, Comparator, Right};

impl Planner<'_> {
    /// Why `plan` must not be shown, given the words that it does not use; in words for the user.
    pub(super) fn must_not_be_left_out(&self, plan: &Plan, unread: &[At]) -> Option<String> {
        let raw = |at: At| self.unit(at).raw.as_str();
        if let Some(&at) = unread.iter().find(|&&at| self.is_computation(plan, at)) {
            return Some(format!(
                "I do not know how to compute \"{}\" here.",
                raw(at)
            ));
        }
        if let Some(&at) = unread.iter().find(|&&at| self.is_named(at)) {
            return Some(format!(
                "I could not find \"{}\" among the names and values I know of this dataset.",
                raw(at)
            ));
        }
        if let Some(&at) = unread.iter().find(|&&at| self.is_grouping(at)) {
            return Some(format!(
                "I could not find \"{}\" in this dataset to group by.",
                raw(at)
            ));
        }
        if let Some(why) = self.misread(plan) {
            return Some(why);
        }
        let &at = unread.iter().find(|&&at| self.narrows(at))?;
        Some(format!(
            "I do not know which {} are \"{}\".",
            raw(at + 1),
            raw(at)
        ))
    }

    /// A list is no answer to a question for a number, nor is one number an answer to one for another.
    fn is_computation(&self, plan: &Plan, at: At) -> bool {
        let computes =
            plan.over_groups.is_some() || plan.select.iter().any(|(expr, _)| expr.is_aggregate());
        let shares = plan
            .select
            .iter()
            .any(|(_, name)| name.as_deref() == Some("percent"));
        match self.unit(at).text.as_str() {
            "average" | "mean" | "avg" | "ratio" => !computes,
            "percent" | "percentage" | "share" | "proportion" => !shares,
            word => is_statistic(word),
        }
    }

    /// "orders from Bavaria": without the name, it would be everybody's orders.
    fn is_named(&self, at: At) -> bool {
        let unit = self.unit(at);
        let named = unit.quoted || unit.raw.starts_with(char::is_uppercase);
        named
            && unit.corrected.is_none()
            && at.checked_sub(1).is_some_and(|before| {
                self.unit(before).is(&[
                    "from", "in", "of", "for", "to", "by", "named", "called", "at", "with", "only",
                ])
            })
    }

    /// "revenue by sales agent": one number for all is no answer.
    fn is_grouping(&self, at: At) -> bool {
        let content = |at: At| {
            let text = self.unit(at).text.as_str();
            !is_filler(text) && !is_weak(text)
        };
        let by = |at: At| self.unit(at).is(&["by", "per"]);
        content(at)
            && self.unit(at).number.is_none()
            && at.checked_sub(1).is_some_and(|before| {
                by(before) || content(before) && before.checked_sub(1).is_some_and(by)
            })
    }

    /// Small words that turn a question round, and that no phrase took.
    fn misread(&self, plan: &Plan) -> Option<String> {
        let units = &self.reading.units;
        let after = |at: usize| units.get(at + 1);
        for (at, unit) in units.iter().enumerate() {
            if unit.is(&["never"]) && !plan.filters.iter().any(denies) {
                return Some("I could not read what \"never\" is said of.".to_owned());
            }
            // "more orders than X"
            if unit.is(&["than"]) && !self.reading.used[at] && !units[at - 1].is(&["other"]) {
                return Some(format!(
                    "I cannot make the comparison with \"{}\".",
                    after(at).map_or("", |unit| unit.raw.as_str())
                ));
            }
            // "above the average price of beverages"
            let average = self.reading.comparisons.iter().any(|test| {
                test.at < at && at < test.at + 7 && matches!(test.right, Right::Average { .. })
            });
            let value = |at: usize| self.reading.values.iter().any(|test| test.at == at);
            if average && unit.is(&["of", "for", "among"]) && value(at + 1) {
                return Some(format!(
                    "I compare with the average of all, not with that of \"{}\" alone.",
                    after(at).map_or("", |unit| unit.raw.as_str())
                ));
            }
            // "including those without orders"
            let none = ["without", "no", "zero"];
            if unit.is(&["including", "include", "even"])
                && (at + 1..at + 4).any(|at| units.get(at).is_some_and(|unit| unit.is(&none)))
            {
                return Some("I leave out those that have none; I cannot include them.".to_owned());
            }
            // "that only supply X"
            let led = at > 0 && units[at - 1].is(&["who", "that", "which"]);
            let value = |at: usize| self.reading.values.iter().any(|test| test.at == at);
            if unit.is(&["only"]) && led && (value(at + 1) || value(at + 2)) {
                return Some(
                    "I cannot tell who has \"only\" that. Ask who has it, or who has others."
                        .to_owned(),
                );
            }
            // "ordered by every customer"
            let who = units[..at]
                .iter()
                .any(|unit| unit.is(&["who", "that", "which"]));
            if unit.is(&["every"])
                && who
                && plan.group.is_empty()
                && after(at).is_some_and(|unit| unit.best_table().is_some_and(|hit| hit.1 >= 0.8))
            {
                return Some(format!(
                    "I cannot tell which go with every {}.",
                    after(at).map_or("", |unit| unit.raw.as_str())
                ));
            }
            // "shipped within 5 days"
            let span = after(at).is_some_and(|unit| unit.digits)
                && units
                    .get(at + 2)
                    .is_some_and(|unit| Grain::of_word(&unit.text).is_some());
            if unit.is(&["within"]) && span && !self.reading.used[at + 1] {
                return Some("I do not read how long something took as a condition.".to_owned());
            }
            // "ordered all beverages"
            let verb = at > 0 && is_verb(&units[at - 1].text);
            let thing = after(at).is_some_and(|unit| !unit.values.is_empty() || unit.is_name());
            if unit.is(&["all"]) && who && verb && thing {
                return Some(format!(
                    "I cannot tell which go with all of {}.",
                    after(at).map_or("", |unit| unit.raw.as_str())
                ));
            }
            // "starts with A or B"
            let letter =
                |unit: &crate::builtin::linking::Unit| unit.text.len() == 1 && !unit.digits;
            if unit.is(&["or"]) && !self.reading.texts.is_empty() && after(at).is_some_and(letter) {
                return Some("I read one beginning or ending at a time. Ask for each.".to_owned());
            }
            // "between 7 and 9 am"
            let hour = at > 0 && units[at - 1].digits;
            if hour && unit.is(&["am", "pm", "o'clock"]) {
                return Some("I do not read times of day.".to_owned());
            }
            // "bought only Rock"
            let verb = at > 1 && !units[at - 1].is_name() && !is_filler(&units[at - 1].text);
            let only = unit.is(&["only"]) && verb;
            if only && self.reading.values.iter().any(|test| test.at == at + 1) {
                return Some(format!(
                    "I cannot tell who has \"only\" {}. Ask who has it, or who has others.",
                    after(at).map_or("", |unit| unit.raw.as_str())
                ));
            }
        }
        None
    }

    /// "unsold tracks": a word just before the thing asked for says which of them.
    fn narrows(&self, at: At) -> bool {
        let word = self.unit(at).text.as_str();
        let thing = self
            .reading
            .units
            .get(at + 1)
            .and_then(|next| next.best_table())
            .is_some_and(|hit| hit.1 >= 0.8);
        thing && word.starts_with("un") && word.ends_with(['d', 't']) && !is_weak(word)
    }
}

fn denies(condition: &Condition) -> bool {
    match condition {
        Condition::Exists { negated, .. }
        | Condition::OneOf { negated, .. }
        | Condition::Text { negated, .. }
        | Condition::During { negated, .. }
        | Condition::Months { negated, .. } => *negated,
        Condition::IsNull(_, present) => !present,
        Condition::Any(parts) => parts.iter().any(denies),
        Condition::Compare(_, comparator, right) => {
            *comparator == Comparator::NotEqual || *right == Expr::Number(0.0)
        }
        Condition::Between(..) => false,
    }
}
