//! Which of a column's values a schema snapshot keeps, whatever the engine.

use crate::schema::{Column, ValueKind};

/// Up to so many rows a table is small: read whole in some tens of milliseconds.
pub(super) const SMALL_ROWS: i64 = 50_000;
/// Of a large table, about so many rows are looked at.
pub(super) const SAMPLE_ROWS: i64 = 20_000;
/// A column with more distinct values has no list of them, only a sample.
pub(super) const MAX_VALUES: usize = 1_000;
/// Of a column with more values than that, so many of the most frequent are kept.
const SAMPLE_VALUES: usize = 200;
/// Longer texts are prose, not values that somebody would name in a question.
pub(super) const VALUE_CHARS: usize = 100;

/// How a column's values are looked at.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Look {
    Values,
    /// An enum's labels, all of them.
    Labels(Vec<String>),
    Range,
    Nothing,
}

impl Look {
    pub fn at(column: &Column) -> Self {
        match column.kind() {
            ValueKind::Text | ValueKind::Boolean => Self::Values,
            kind if kind.is_number() || kind.is_temporal() => Self::Range,
            _ => Self::Nothing,
        }
    }
}

/// What of the values seen (most frequent first, at most one more than [`MAX_VALUES`], each cut after one
/// character more than [`VALUE_CHARS`]) is kept, and whether that is all there is.
pub(super) fn chosen(seen: Vec<String>, look: &Look, is_whole: bool) -> (Vec<String>, bool) {
    if let Look::Labels(labels) = look {
        let unseen = labels.iter().filter(|label| !seen.contains(label)).cloned();
        let unseen: Vec<String> = unseen.collect();
        return (seen.into_iter().chain(unseen).collect(), true);
    }
    let all = seen.len();
    let mut short: Vec<String> = seen
        .into_iter()
        .filter(|value| value.chars().count() <= VALUE_CHARS)
        .collect();
    let complete = is_whole && short.len() == all && all <= MAX_VALUES;
    if !complete {
        short.truncate(SAMPLE_VALUES);
    }
    (short, complete)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_complete_only_when_all_of_them_were_seen_and_kept() {
        let many = |count: usize| -> Vec<String> { (0..count).map(|n| n.to_string()).collect() };
        for (story, seen, look, is_whole, kept, complete) in [
            ("a small column", many(3), Look::Values, true, 3, true),
            (
                "exactly the limit",
                many(MAX_VALUES),
                Look::Values,
                true,
                MAX_VALUES,
                true,
            ),
            (
                "one too many",
                many(MAX_VALUES + 1),
                Look::Values,
                true,
                SAMPLE_VALUES,
                false,
            ),
            (
                "a sample of a large table",
                many(3),
                Look::Values,
                false,
                3,
                false,
            ),
            (
                "prose",
                vec!["x".repeat(VALUE_CHARS + 1), "y".into()],
                Look::Values,
                true,
                1,
                false,
            ),
            (
                "labels nobody used yet",
                many(1),
                Look::Labels(many(4)),
                false,
                4,
                true,
            ),
        ] {
            let (values, is_complete) = chosen(seen, &look, is_whole);
            assert_eq!((values.len(), is_complete), (kept, complete), "{story}");
        }
    }
}
