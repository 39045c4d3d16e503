//! What a conversation does about a message, decided without doing it.

use crate::ids::TurnId;
use crate::protocol::OnBusy;

/// Whose turn it is, in this process; another process may run one all the same, which only the store knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Idle,
    /// From the moment it is to be committed to the moment its end is published.
    Running(TurnId),
    /// Cancelled to make room for another submit, which is held until this one has ended.
    Yielding { running: TurnId, held: TurnId },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    Submit { turn: TurnId, on_busy: OnBusy },
    Abort { turn: TurnId },
    Ended { turn: TurnId },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Commit the submit and start its turn.
    Begin,
    /// It is the running turn, sent again: it gets the same answer.
    AttachRunning,
    /// It is the held one, sent again.
    AttachHeld,
    /// Keep the submit until the running turn has ended.
    Hold,
    RefuseBusy,
    CancelRunning,
    /// Once begun, it ends at once: its person has changed their mind.
    CancelHeld,
    /// Begin the submit that was held.
    BeginHeld,
    /// It does not run here: ask whoever runs it.
    AbortElsewhere,
}

impl State {
    pub fn on_message(self, message: Message) -> (Self, Vec<Action>) {
        use Action::*;
        use Message::*;
        match (self, message) {
            (Self::Idle, Submit { turn, .. }) => (Self::Running(turn), vec![Begin]),
            (Self::Running(running) | Self::Yielding { running, .. }, Submit { turn, .. })
                if running == turn =>
            {
                (self, vec![AttachRunning])
            }
            (Self::Yielding { held, .. }, Submit { turn, .. }) if held == turn => {
                (self, vec![AttachHeld])
            }
            (
                Self::Running(running),
                Submit {
                    turn: held,
                    on_busy: OnBusy::Interrupt,
                },
            ) => (Self::Yielding { running, held }, vec![Hold, CancelRunning]),
            (Self::Running(_) | Self::Yielding { .. }, Submit { .. }) => (self, vec![RefuseBusy]),

            (Self::Running(running) | Self::Yielding { running, .. }, Abort { turn })
                if running == turn =>
            {
                (self, vec![CancelRunning])
            }
            (Self::Yielding { held, .. }, Abort { turn }) if held == turn => {
                (self, vec![CancelHeld])
            }
            (_, Abort { .. }) => (self, vec![AbortElsewhere]),

            (Self::Running(running), Ended { turn }) if running == turn => (Self::Idle, vec![]),
            (Self::Yielding { running, held }, Ended { turn }) if running == turn => {
                (Self::Running(held), vec![BeginHeld])
            }
            (_, Ended { .. }) => (self, vec![]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_to_each_message_in_each_state() {
        let (a, b, c) = (TurnId::new(), TurnId::new(), TurnId::new());
        let reject = |turn| Message::Submit {
            turn,
            on_busy: OnBusy::Reject,
        };
        let interrupt = |turn| Message::Submit {
            turn,
            on_busy: OnBusy::Interrupt,
        };
        let abort = |turn| Message::Abort { turn };
        let ended = |turn| Message::Ended { turn };
        let idle = State::Idle;
        let running = State::Running(a);
        let yielding = State::Yielding {
            running: a,
            held: b,
        };
        use Action::*;
        for (state, message, next, actions) in [
            (idle, reject(a), running, vec![Begin]),
            (idle, interrupt(a), running, vec![Begin]),
            (idle, abort(a), idle, vec![AbortElsewhere]),
            (idle, ended(a), idle, vec![]),
            (running, reject(a), running, vec![AttachRunning]),
            (running, interrupt(a), running, vec![AttachRunning]),
            (running, reject(b), running, vec![RefuseBusy]),
            (running, interrupt(b), yielding, vec![Hold, CancelRunning]),
            (running, abort(a), running, vec![CancelRunning]),
            (running, abort(b), running, vec![AbortElsewhere]),
            (running, ended(a), idle, vec![]),
            (running, ended(b), running, vec![]),
            (yielding, reject(a), yielding, vec![AttachRunning]),
            (yielding, interrupt(b), yielding, vec![AttachHeld]),
            (yielding, interrupt(c), yielding, vec![RefuseBusy]),
            (yielding, abort(a), yielding, vec![CancelRunning]),
            (yielding, abort(b), yielding, vec![CancelHeld]),
            (yielding, ended(a), State::Running(b), vec![BeginHeld]),
            (yielding, ended(b), yielding, vec![]),
        ] {
            assert_eq!(
                state.on_message(message),
                (next, actions),
                "{state:?} on {message:?}"
            );
        }
    }
}
