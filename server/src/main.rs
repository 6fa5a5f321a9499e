//! The `hozon` binary: console, command line and workers in one.

fn main() {}
