//! The pages, each from an address to a document.

pub(crate) mod access;
pub(crate) mod access_api;
pub(crate) mod access_keys;
pub(crate) mod access_sessions;
pub(crate) mod adopt;
pub(crate) mod audit;
pub(crate) mod audit_line;
pub(crate) mod backup;
pub(crate) mod backups;
pub(crate) mod cluster;
pub(crate) mod cluster_add;
pub(crate) mod cluster_edit;
mod cluster_form;
pub(crate) mod clusters;
pub(crate) mod help;
pub(crate) mod integration;
pub(crate) mod integration_add;
pub(crate) mod integrations;
pub(crate) mod job;
pub(crate) mod jobs;
pub(crate) mod member;
pub(crate) mod member_add;
pub(crate) mod members;
pub(crate) mod not_found;
pub(crate) mod policies;
pub(crate) mod policy;
pub(crate) mod project;
pub(crate) mod project_add;
pub(crate) mod projects;
pub(crate) mod role;
pub(crate) mod role_add;
pub(crate) mod roles;
pub(crate) mod set_up;
pub(crate) mod sign_in;
pub(crate) mod sign_in_code;
pub(crate) mod welcome;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// A part of the path, by its name in the route.
fn part(name: &str) -> String {
    use_params_map()
        .with_untracked(|params| params.get(name))
        .unwrap_or_default()
}

/// A variant by the name it bears in addresses: its name in the APIs, in small letters.
fn named<T: serde::Serialize + Copy>(all: &[T], name: Option<&str>) -> Option<T> {
    all.iter()
        .copied()
        .find(|value| Some(key(value).as_str()) == name)
}

/// The name of a variant in addresses.
fn key<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text.to_lowercase(),
        _ => String::new(),
    }
}
