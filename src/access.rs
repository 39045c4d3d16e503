//! Who somebody is and what they may do.
//!
//! Local mode knows one person, the owner of the machine. People, roles and workspaces come behind
//! the same type, so that every route already asks for a [`Caller`].

/// Whoever makes a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Under which their conversations are kept.
    pub owner: String,
    pub role: Role,
}

/// What somebody is in their workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Runs the installation.
    Administrator,
    User,
}

impl Role {
    /// How it is with the installation and every database, and why.
    pub fn can_diagnose(self) -> bool {
        match self {
            Self::Administrator => true,
            Self::User => false,
        }
    }

    /// What models were asked, and what it cost, of people other than oneself.
    pub fn can_see_everyones_usage(self) -> bool {
        match self {
            Self::Administrator => true,
            Self::User => false,
        }
    }
}

impl Caller {
    /// Whose usage of models they see; none: everybody's.
    pub fn sees_usage_of(&self) -> Option<&str> {
        (!self.role.can_see_everyones_usage()).then_some(self.owner.as_str())
    }

    /// Whose word a ticket is. Roles are not kept with tickets: whoever is not the machine's owner is a user.
    pub fn known_as(owner: String) -> Self {
        let local = Self::local();
        if owner == local.owner {
            return local;
        }
        Self {
            owner,
            role: Role::User,
        }
    }

    /// The one person of local mode.
    pub fn local() -> Self {
        Self {
            owner: "local".to_owned(),
            // the machine is theirs
            role: Role::Administrator,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_concerns_everybody_is_for_administrators() {
        for (caller, may) in [
            (Caller::local(), true),
            (Caller::known_as("ann".to_owned()), false),
        ] {
            assert_eq!(caller.role.can_diagnose(), may, "{caller:?}");
            assert_eq!(caller.role.can_see_everyones_usage(), may, "{caller:?}");
        }
    }
}
