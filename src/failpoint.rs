//! Places where a test may end this process as a crash would: at once, with nothing tidied up.
//!
//! `QF_FAIL_AT=<place>` kills the process (SIGKILL, by its own hand) when it comes to that place, and
//! `QF_FAIL_AT=<place>:<n>` when it comes there for the n-th time. `tests/it/faults` names the places.
//!
//! It is there only in builds with debug assertions, which are the ones that tests run: a release build has
//! neither the code nor the variable. A cargo feature would do the same, but every switch of features
//! builds half the tree anew, and a feature can be left on.

use std::fmt::Arguments;

#[cfg(debug_assertions)]
pub fn reached(place: Arguments<'_>) {
    armed::reached(place);
}

#[cfg(not(debug_assertions))]
#[inline(always)]
pub fn reached(_place: Arguments<'_>) {}

#[cfg(debug_assertions)]
mod armed {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    use std::fmt::Arguments;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    struct FailPoint {
        place: String,
        /// Times to pass it yet, the fatal one included.
        left: AtomicU32,
    }

    pub fn reached(place: Arguments<'_>) {
        static ARMED: OnceLock<Option<FailPoint>> = OnceLock::new();
        let armed = ARMED.get_or_init(|| crate::config::fail_at().map(|named| parse(&named)));
        let Some(armed) = armed else { return };
        if place.to_string() == armed.place && armed.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            // whoever set it has to see that it was this and no crash of ours
            eprintln!("QF_FAIL_AT: ending at {place}");
            let _ = kill(Pid::this(), Signal::SIGKILL);
            // the signal is on its way; nothing more may happen on this thread
            loop {
                std::thread::park();
            }
        }
    }

    fn parse(named: &str) -> FailPoint {
        let (place, times) = match named.rsplit_once(':') {
            Some((place, times)) => (place, times.parse().expect("QF_FAIL_AT=<place>:<n>")),
            None => (named, 1),
        };
        FailPoint {
            place: place.to_owned(),
            left: AtomicU32::new(times),
        }
    }
}
