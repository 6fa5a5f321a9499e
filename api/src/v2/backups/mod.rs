//! Backups, and what is done with them.

pub(super) mod adopt;
pub(super) mod create;
pub(super) mod export;
pub(super) mod more;
pub(super) mod policy;
mod policy_words;
pub(super) mod restore_cluster;
pub(super) mod restore_collection;
pub(super) mod view;

pub(super) use self::{
    adopt::adopt,
    create::create,
    export::export,
    more::{copy, delete, rename, verify},
    policy::{get_policy, set_policy},
    restore_cluster::restore_cluster,
    restore_collection::restore_collection,
    view::{describe, list},
};
