//! The `hozon` binary: console, command line and workers in one.

fn main() -> std::process::ExitCode {
    hozon_server::cli::main()
}
