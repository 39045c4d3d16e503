//! What survives: processes that are killed, sockets that are cut, databases that go away.
//!
//! Each has a short form, which always runs, and a long one behind `#[ignore]`:
//!
//! ```text
//! make test-faults                    # all of it, about half an hour
//! QF_PART=2/3 make test-faults        # of the kills and of the turns every third one, from the second on
//! ```
//!
//! The processes are real ones over one PostgreSQL, the model is ours and counts its calls, and
//! [`checker`] reads the tables and what every tab was shown, and decides.

mod checker;
mod clocks;
mod dependencies;
mod drops;
mod kills;
mod questions;

/// Which part of how many a long form is to do; the parts together are the whole.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// From 0.
    number: usize,
    of: usize,
}

impl Part {
    const WHOLE: Self = Self { number: 0, of: 1 };

    fn of_environment() -> Self {
        let Ok(named) = std::env::var("QF_PART") else {
            return Self::WHOLE;
        };
        let (number, of) = named.split_once('/').expect("QF_PART=<number>/<of>");
        let number: usize = number.parse().expect("a number, from 1");
        let of = of.parse().expect("a number");
        assert!((1..=of).contains(&number), "QF_PART={named}");
        Self {
            number: number - 1,
            of,
        }
    }

    fn has(self, at: usize) -> bool {
        at % self.of == self.number
    }
}
