//! What one connection submits reaches its conversation in the order in which it was said, however long each takes to be
//! prepared.

use std::convert::Infallible;
use tokio::sync::oneshot;

/// Of one connection.
#[derive(Default)]
pub struct Line {
    last: Option<oneshot::Receiver<Infallible>>,
}

/// One submit's place in it: the next one's turn comes when this is dropped.
pub struct InLine {
    before: Option<oneshot::Receiver<Infallible>>,
    _mine: oneshot::Sender<Infallible>,
}

impl Line {
    pub fn join(&mut self) -> InLine {
        let (mine, last) = oneshot::channel();
        InLine {
            before: self.last.replace(last),
            _mine: mine,
        }
    }
}

impl InLine {
    /// Waits until the one before has reached the conversation, or was refused.
    pub(super) async fn reached(&mut self) {
        if let Some(before) = &mut self.before {
            // nothing is ever said, only dropped
            let _ = before.await;
            self.before = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[test]
    fn each_waits_for_the_one_before_also_when_that_one_gives_up() {
        let mut line = Line::default();
        let (mut first, mut second, mut third) = (line.join(), line.join(), line.join());
        assert!(first.reached().now_or_never().is_some());
        assert!(second.reached().now_or_never().is_none());
        assert!(third.reached().now_or_never().is_none());
        drop(first);
        assert!(third.reached().now_or_never().is_none());
        assert!(second.reached().now_or_never().is_some());
        drop(second);
        assert!(third.reached().now_or_never().is_some());
        drop(third);
        assert!(line.join().reached().now_or_never().is_some());
    }
}
