//! What whoever looks at a page may do with what it shows. Pages ask it what to show as withheld; when something is really
//! done the engine asks again, at its own door.

use std::collections::BTreeSet;

use hozon_engine::access::Caller;
use hozon_model::{Action, Place, Privilege, Resource};

/// The privileges that somebody has at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rights(BTreeSet<Privilege>);

impl Rights {
    /// Those of a caller.
    pub(crate) fn of(caller: &Caller, place: &Place) -> Self {
        let held =
            |privilege: &Privilege| caller.may(privilege.resource(), privilege.action(), place);
        Self(Privilege::all().filter(held).collect())
    }

    /// Those of a role that is always there, for pages made from sample data.
    #[cfg(test)]
    pub(crate) fn of_role(role: &hozon_model::Role) -> Self {
        Self(role.privileges().expect("a role that is always there"))
    }

    /// Whether something may be done.
    pub(crate) fn may(&self, resource: Resource, action: Action) -> bool {
        self.missing(resource, action).is_none()
    }

    /// The privilege that is missing for it, if it may not be done.
    pub(crate) fn missing(&self, resource: Resource, action: Action) -> Option<Privilege> {
        let needed = Privilege::new(resource, action);
        (!self.0.contains(&needed)).then_some(needed)
    }
}
