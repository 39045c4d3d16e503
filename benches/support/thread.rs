//! Servers on threads of their own, and what those threads cost.

use std::path::PathBuf;
use std::time::Duration;

/// The processor time of one thread, from outside it.
#[derive(Clone)]
pub struct ProcessorClock {
    /// Linux: nanoseconds run, nanoseconds waited, time slices.
    schedstat: PathBuf,
}

impl ProcessorClock {
    fn of_this_thread() -> Self {
        let thread =
            std::fs::read_link("/proc/thread-self").expect("Linux says which thread this is");
        Self {
            schedstat: PathBuf::from("/proc").join(thread).join("schedstat"),
        }
    }

    /// Since the thread began; up to a scheduler's tick (4 ms) behind while it runs.
    pub fn read(&self) -> Duration {
        let text = std::fs::read_to_string(&self.schedstat).expect("the thread lives");
        let nanos = text.split(' ').next().and_then(|nanos| nanos.parse().ok());
        Duration::from_nanos(nanos.expect("the first number is the time run"))
    }
}

/// Makes something on a new thread with a current-thread runtime of its own, so that whatever it
/// spawns has one core at most. The thread goes on until the process ends.
pub fn on_own_thread<T, F>(
    name: &str,
    make: impl FnOnce() -> F + Send + 'static,
) -> (T, ProcessorClock)
where
    T: Send + 'static,
    F: Future<Output = T>,
{
    let (sender, receiver) = std::sync::mpsc::sync_channel(1);
    std::thread::Builder::new()
        .name(name.to_owned())
        .stack_size(8 * 1024 * 1024)
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .thread_stack_size(8 * 1024 * 1024)
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let made = make().await;
                let _ = sender.send((made, ProcessorClock::of_this_thread()));
                std::future::pending::<()>().await;
            });
        })
        .expect("a thread");
    receiver
        .recv()
        .expect("the thread made what it was told to")
}
