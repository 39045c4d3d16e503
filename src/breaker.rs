//! A breaker: after some failures in a row, nobody waits for what is not there.
//!
//! Closed, everything passes. After `FAILURES` in a row it opens, and for a while everything is refused at
//! once; then one caller is let through, and what becomes of that one decides for the others.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// One failure is an accident, as when a connection was closed by a restart.
const FAILURES: u32 = 3;

#[derive(Debug)]
pub struct Breaker {
    rest: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    /// Nobody passes before this, and then one.
    closed_until: Option<Instant>,
}

impl Breaker {
    /// Open for `rest` at a time.
    pub fn new(rest: Duration) -> Self {
        Self {
            rest,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a call may be tried at `now`. Whoever is told so says how it went.
    pub fn allows(&self, now: Instant) -> bool {
        let mut state = self.state();
        match state.closed_until {
            None => true,
            Some(until) if now < until => false,
            // this one tries; the others wait for what becomes of it, or for another rest
            Some(_) => {
                state.closed_until = Some(now + self.rest);
                true
            }
        }
    }

    pub fn succeeded(&self) {
        let mut state = self.state();
        if state.failures > 0 || state.closed_until.is_some() {
            *state = State::default();
        }
    }

    /// Whether it opened with this failure.
    pub fn failed(&self, now: Instant) -> bool {
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES {
            let opened = state.closed_until.is_none();
            state.closed_until = Some(now + self.rest);
            return opened;
        }
        false
    }

    pub fn is_open(&self) -> bool {
        self.state().closed_until.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_three_failures_nobody_passes_until_one_trial_goes_well() {
        let rest = Duration::from_secs(1);
        let breaker = Breaker::new(rest);
        let now = Instant::now();
        assert!(breaker.allows(now));
        assert!(!breaker.failed(now));
        assert!(!breaker.failed(now));
        assert!(breaker.allows(now), "two accidents");
        assert!(breaker.failed(now));
        assert!(!breaker.allows(now));
        let later = now + rest;
        assert!(breaker.allows(later), "one is let through");
        assert!(!breaker.allows(later), "and only one");
        breaker.failed(later);
        assert!(!breaker.allows(later + rest / 2));
        assert!(breaker.allows(later + rest));
        breaker.succeeded();
        assert!(breaker.allows(later + rest) && !breaker.is_open());
    }
}
