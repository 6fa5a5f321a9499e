//! Backups, and what is done with them.

mod create;
mod export;
mod more;
mod policy;
mod policy_words;
mod restore_cluster;
mod restore_collection;
mod view;

pub(super) use self::{
    create::create,
    export::export,
    more::{copy, delete, rename, verify},
    policy::{get_policy, set_policy},
    restore_cluster::restore_cluster,
    restore_collection::restore_collection,
    view::{describe, list},
};
