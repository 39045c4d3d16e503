//! A model that keeps failing rests, so that nobody waits for it and it is not pressed.

use std::time::Duration;
use tokio::time::Instant;

/// Pure: time is an argument.
#[derive(Debug)]
pub struct Breaker {
    /// In a row.
    failures: u32,
    most: u32,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Working,
    Resting {
        until: Instant,
    },
    /// The rest is over and one call finds out how it is.
    Probing,
}

impl Breaker {
    /// Rests after `most` failures in a row.
    pub fn new(most: u32) -> Self {
        Self {
            failures: 0,
            most: most.max(1),
            state: State::Working,
        }
    }

    /// Whether a call may be made now, or how long not. An admitted call reports exactly one of
    /// [`succeeded`](Self::succeeded), [`failed`](Self::failed) and [`abandoned`](Self::abandoned).
    pub fn admit(&mut self, now: Instant) -> Result<(), Duration> {
        match self.state {
            State::Working => Ok(()),
            State::Resting { until } if now < until => Err(until - now),
            State::Resting { .. } => {
                self.state = State::Probing;
                Ok(())
            }
            State::Probing => Err(Duration::ZERO),
        }
    }

    /// How long no call is made; none when one may be.
    pub fn rest(&self, now: Instant) -> Option<Duration> {
        match self.state {
            State::Resting { until } if now < until => Some(until - now),
            State::Working | State::Resting { .. } | State::Probing => None,
        }
    }

    pub fn succeeded(&mut self) {
        self.failures = 0;
        self.state = State::Working;
    }

    pub fn failed(&mut self, now: Instant, rest: Duration) {
        self.failures = self.failures.saturating_add(1);
        if self.state == State::Probing || self.failures >= self.most {
            self.state = State::Resting { until: now + rest };
        }
    }

    /// The call ended before it could tell: the next one may probe.
    pub fn abandoned(&mut self, now: Instant) {
        if self.state == State::Probing {
            self.state = State::Resting { until: now };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Duration = Duration::from_secs(30);

    #[test]
    fn it_rests_after_failures_in_a_row_and_wakes_by_one_probe() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut breaker = Breaker::new(3);
        breaker.failed(at(0), REST);
        breaker.failed(at(0), REST);
        breaker.succeeded();
        breaker.failed(at(1), REST);
        breaker.failed(at(1), REST);
        assert_eq!(breaker.admit(at(1)), Ok(()), "not in a row");
        breaker.failed(at(1), REST);
        assert_eq!(breaker.admit(at(2)), Err(Duration::from_secs(29)));
        assert_eq!(breaker.rest(at(2)), Some(Duration::from_secs(29)));
        assert_eq!(breaker.rest(at(31)), None);
        assert_eq!(breaker.admit(at(31)), Ok(()), "the probe");
        assert_eq!(breaker.admit(at(31)), Err(Duration::ZERO), "only one");
        breaker.failed(at(32), REST);
        assert_eq!(breaker.admit(at(61)), Err(Duration::from_secs(1)));
        assert_eq!(breaker.admit(at(62)), Ok(()));
        breaker.abandoned(at(62));
        assert_eq!(
            breaker.admit(at(62)),
            Ok(()),
            "a probe that said nothing is made again"
        );
        breaker.succeeded();
        assert_eq!(breaker.admit(at(62)), Ok(()));
        assert_eq!(breaker.admit(at(62)), Ok(()), "it works again");
    }
}
