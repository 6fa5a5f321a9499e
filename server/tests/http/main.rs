//! The router in this process, on a real engine: who gets in, what is refused, what every answer says.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

mod answers;
mod audit;
mod events;
mod files;
mod functions;
mod keys;
mod limits;
mod members;
mod oidc;
mod projects;
mod proxies;
mod scoped;
mod set_up;
mod sign_in;
mod tls;
mod two_steps;
mod wire;
mod world;
