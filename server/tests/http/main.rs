//! The router in this process, on a real engine: who gets in, what is refused, what every answer says.

mod answers;
mod events;
mod files;
mod sign_in;
mod world;
