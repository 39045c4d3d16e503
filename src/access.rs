//! Who somebody is and what they may do.
//!
//! Local mode knows one person, the owner of the machine. People, roles and workspaces come behind
//! the same type, so that every route already asks for a [`Caller`].

/// Whoever makes a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Under which their conversations are kept.
    pub owner: String,
}

impl Caller {
    /// The one person of local mode.
    pub fn local() -> Self {
        Self {
            owner: "local".to_owned(),
        }
    }
}
