//! docs/CLI.md says what `--help` says.
#![allow(clippy::unwrap_used)] // helpers of tests are tests too

use std::{fs, path::Path};

#[test]
fn the_reference_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/CLI.md");
    let reference = hozon_server::cli::reference();
    if std::env::var_os("HOZON_WRITE_DOCS").is_some() {
        fs::write(&path, &reference).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == reference,
        "docs/CLI.md is old; write it anew with `HOZON_WRITE_DOCS=1 cargo test -p hozon --test reference`"
    );
}
