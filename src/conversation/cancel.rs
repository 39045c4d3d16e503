//! Stopping a turn, and why: the reason travels with the signal, because it decides how the turn ends.

use std::sync::{Arc, OnceLock};
use tokio_util::sync::CancellationToken;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Somebody stopped it, or asked something else instead.
    Person,
    /// This process ends.
    Restart,
    /// Another process took it over: whatever we still do is not wanted.
    Lost,
}

/// The signal of one turn; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    token: CancellationToken,
    reason: Arc<OnceLock<Reason>>,
}

impl Cancel {
    /// The first reason stays.
    pub fn cancel(&self, reason: Reason) {
        self.reason.get_or_init(|| reason);
        self.token.cancel();
    }

    pub fn reason(&self) -> Option<Reason> {
        self.reason.get().copied()
    }

    pub fn is_cancelled(&self) -> bool {
        self.token.is_cancelled()
    }

    pub fn token(&self) -> &CancellationToken {
        &self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_stopped_it_first_decides_how_it_ends() {
        let cancel = Cancel::default();
        assert_eq!(cancel.reason(), None);
        cancel.clone().cancel(Reason::Person);
        cancel.cancel(Reason::Restart);
        assert_eq!(cancel.reason(), Some(Reason::Person));
        assert!(cancel.token().is_cancelled());
    }
}
