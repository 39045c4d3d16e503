//! How often one person may ask for what makes a customer's database work.

use super::ApiError;
use crate::conversation::Refusal;
use crate::protocol::RefusalCode;
use dashmap::DashMap;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_secs(60);
/// More people than this are not remembered at once; those who did nothing for a minute go first.
const MAX_PEOPLE: usize = 10_000;

/// So many a minute and person.
pub struct Pace {
    per_minute: u32,
    /// What there is too much of, in the plural.
    what: &'static str,
    taken: DashMap<String, VecDeque<Instant>>,
}

impl Pace {
    pub fn new(per_minute: u32, what: &'static str) -> Self {
        Self {
            per_minute,
            what,
            taken: DashMap::new(),
        }
    }

    /// Counts one more, or says when to come back.
    pub fn take(&self, owner: &str) -> Result<(), ApiError> {
        self.take_at(owner, Instant::now())
    }

    fn take_at(&self, owner: &str, now: Instant) -> Result<(), ApiError> {
        let is_recent = |at: &Instant| now.duration_since(*at) < MINUTE;
        if self.taken.len() >= MAX_PEOPLE {
            self.taken
                .retain(|_, times| times.back().is_some_and(is_recent));
        }
        let mut times = self.taken.entry(owner.to_owned()).or_default();
        while times.front().is_some_and(|at| !is_recent(at)) {
            times.pop_front();
        }
        if times.len() >= self.per_minute as usize {
            let wait = times.front().map_or(MINUTE, |first| {
                MINUTE.saturating_sub(now.duration_since(*first))
            });
            return Err(Refusal {
                retry_after_ms: Some(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
                ..Refusal::new(
                    RefusalCode::RateLimited,
                    format!(
                        "More than {} {} a minute. Try again in {} s.",
                        self.per_minute,
                        self.what,
                        wait.as_secs() + 1
                    ),
                )
            }
            .into());
        }
        // a limit that is off remembers nothing
        if self.per_minute != u32::MAX {
            times.push_back(now);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_a_minute_and_each_person_for_themselves() {
        let pace = Pace::new(2, "refreshes");
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        for (who, seconds, passes) in [
            ("ann", 0, true),
            ("ann", 30, true),
            ("ann", 59, false),
            ("bob", 59, true),
            ("ann", 60, true),
            ("ann", 61, false),
            ("ann", 90, true),
        ] {
            assert_eq!(
                pace.take_at(who, at(seconds)).is_ok(),
                passes,
                "{who} at {seconds} s"
            );
        }
    }
}
