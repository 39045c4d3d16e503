//! Places where a test may end this process as a crash would, or hold it.
//!
//! - `QF_FAIL_AT=<place>` kills the process (SIGKILL, by its own hand) when it comes to that place, and
//!   `QF_FAIL_AT=<place>:<n>` when it comes there for the n-th time.
//! - `QF_PAUSE_AT=<place>` stops it there (SIGSTOP) every time, until somebody sends SIGCONT: time enough to break
//!   what it is about to use.
//!
//! `tests/it/faults` names the places. All this is there only in builds with debug assertions, which are the
//! ones that tests run: a release build has neither the code nor the variables. A cargo feature would do the
//! same, but every switch of features builds half the tree anew, and a feature can be left on.

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
    use std::time::Duration;

    #[derive(Default)]
    struct FailPoints {
        fail_at: Option<String>,
        /// Times to pass it yet, the fatal one included.
        left: AtomicU32,
        pause_at: Option<String>,
    }

    pub fn reached(place: Arguments<'_>) {
        static ARMED: OnceLock<FailPoints> = OnceLock::new();
        let armed = ARMED.get_or_init(read);
        if armed.fail_at.is_none() && armed.pause_at.is_none() {
            return;
        }
        let place = Some(place.to_string());
        if armed.fail_at == place && armed.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            // whoever set it has to see that it was this and no crash of ours
            eprintln!("QF_FAIL_AT: ending at {place:?}");
            let _ = kill(Pid::this(), Signal::SIGKILL);
            // the signal is on its way; nothing more may happen on this thread
            loop {
                std::thread::park();
            }
        }
        if armed.pause_at == place {
            let _ = kill(Pid::this(), Signal::SIGSTOP);
            // until it is on its way
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn read() -> FailPoints {
        let mut points = FailPoints {
            pause_at: crate::config::test_variable("QF_PAUSE_AT"),
            ..FailPoints::default()
        };
        if let Some(named) = crate::config::test_variable("QF_FAIL_AT") {
            let (place, times) = match named.rsplit_once(':') {
                Some((place, times)) => (place, times.parse().expect("QF_FAIL_AT=<place>:<n>")),
                None => (named.as_str(), 1),
            };
            points.fail_at = Some(place.to_owned());
            points.left = AtomicU32::new(times);
        }
        points
    }
}
