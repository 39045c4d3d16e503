//! What a conversation does about a message, decided without doing it.

use crate::ids::TurnId;
use crate::protocol::OnBusy;

/// Whose turn it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Idle,
    Running(TurnId),
    /// Cancelled to make room for another submit, which is kept until this one has ended.
    Yielding(TurnId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    Submit { turn: TurnId, on_busy: OnBusy },
    Abort { turn: TurnId },
    Ended { turn: TurnId },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Commit the submit and start its turn; the state is told by [`State::began`].
    Begin,
    /// It may be the running turn itself, sent again.
    Attach,
    /// Keep the submit, begin it when the running turn has ended.
    Hold,
    RefuseBusy,
    CancelRunning,
    /// Begin the submit that was held, if there is one.
    BeginHeld,
}

impl State {
    pub fn on_message(self, message: Message) -> (Self, Vec<Action>) {
        use Action::*;
        match (self, message) {
            (Self::Idle, Message::Submit { .. }) => (self, vec![Begin]),
            (Self::Running(running), Message::Submit { turn, .. })
            | (Self::Yielding(running), Message::Submit { turn, .. })
                if running == turn =>
            {
                (self, vec![Attach])
            }
            (
                Self::Running(running),
                Message::Submit {
                    on_busy: OnBusy::Interrupt,
                    ..
                },
            ) => (Self::Yielding(running), vec![Hold, CancelRunning]),
            (Self::Running(_) | Self::Yielding(_), Message::Submit { .. }) => {
                (self, vec![RefuseBusy])
            }
            (Self::Running(running) | Self::Yielding(running), Message::Abort { turn })
                if running == turn =>
            {
                (self, vec![CancelRunning])
            }
            (_, Message::Abort { .. }) => (self, vec![]),
            (Self::Running(running) | Self::Yielding(running), Message::Ended { turn })
                if running == turn =>
            {
                (Self::Idle, vec![BeginHeld])
            }
            (_, Message::Ended { .. }) => (self, vec![]),
        }
    }

    pub fn began(self, turn: TurnId) -> Self {
        Self::Running(turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_to_each_message_in_each_state() {
        let (a, b) = (TurnId::new(), TurnId::new());
        let submit = |turn, on_busy| Message::Submit { turn, on_busy };
        use Action::*;
        for (state, message, next, actions) in [
            (
                State::Idle,
                submit(a, OnBusy::Reject),
                State::Idle,
                vec![Begin],
            ),
            (
                State::Running(a),
                submit(a, OnBusy::Reject),
                State::Running(a),
                vec![Attach],
            ),
            (
                State::Running(a),
                submit(a, OnBusy::Interrupt),
                State::Running(a),
                vec![Attach],
            ),
            (
                State::Running(a),
                submit(b, OnBusy::Reject),
                State::Running(a),
                vec![RefuseBusy],
            ),
            (
                State::Running(a),
                submit(b, OnBusy::Interrupt),
                State::Yielding(a),
                vec![Hold, CancelRunning],
            ),
            (
                State::Yielding(a),
                submit(b, OnBusy::Interrupt),
                State::Yielding(a),
                vec![RefuseBusy],
            ),
            (
                State::Running(a),
                Message::Abort { turn: a },
                State::Running(a),
                vec![CancelRunning],
            ),
            (
                State::Running(a),
                Message::Abort { turn: b },
                State::Running(a),
                vec![],
            ),
            (State::Idle, Message::Abort { turn: a }, State::Idle, vec![]),
            (
                State::Running(a),
                Message::Ended { turn: a },
                State::Idle,
                vec![BeginHeld],
            ),
            (
                State::Yielding(a),
                Message::Ended { turn: a },
                State::Idle,
                vec![BeginHeld],
            ),
            (
                State::Running(a),
                Message::Ended { turn: b },
                State::Running(a),
                vec![],
            ),
        ] {
            assert_eq!(
                state.on_message(message),
                (next, actions),
                "{state:?} on {message:?}"
            );
        }
    }
}
