# shellcheck shell=bash
# Why: the console's browser half needs the wasm target, cargo-leptos and a wasm-bindgen of exactly the crate's
# version. Prebuilt ones are taken where `cargo binstall` is there; else built from source with a light profile,
# for cargo-leptos's own release profile costs more than twenty minutes.

CARGO_LEPTOS_VERSION=0.3.11
WASM_BINDGEN_VERSION=0.2.130

# install_tool <crate> <binary> <version> <opt-level> <cargo options...>
install_tool() {
  local crate="$1" binary="$2" version="$3" opt_level="$4"
  shift 4
  case "$("$HOZON_CACHE/bin/$binary" --version 2>/dev/null)" in
    *" $version" | *" $version "*) return 0 ;;
  esac
  if have cargo-binstall && step "Fetch $crate $version, prebuilt" \
    cargo binstall --no-confirm --root "$HOZON_CACHE" "$crate@$version"; then
    return 0
  fi
  step "Build $crate $version from source (some minutes, once)" env \
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_DEBUG=0 \
    CARGO_PROFILE_RELEASE_OPT_LEVEL="$opt_level" CARGO_TARGET_DIR="$HOZON_CACHE/build/$crate" \
    cargo install "$crate" --version "$version" --root "$HOZON_CACHE" "$@"
  rm -rf "$HOZON_CACHE/build/$crate"
}

has_wasm_target() { [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ]; }

add_wasm_target() {
  has_wasm_target && return 0
  have rustup && step "Add the wasm target" timeout 180 rustup target add wasm32-unknown-unknown && return 0
  die "rust: the target wasm32-unknown-unknown is missing and could not be added" \
    "rustup target add wasm32-unknown-unknown" \
    "or, where rustup cannot download, a toolchain that has it, linked with \`rustup toolchain link\`" \
    "(Debian packages to build its std from: rustc-web rust-web-src libstd-rust-web-dev lld-22)"
}

setup_rust() {
  have cargo || die "rust: cargo is missing" "install rustup, then \`rustup toolchain install stable\`"
  have cc || want_packages "a C compiler for some crates" build-essential
  add_wasm_target
  # Its lock file asks for a later rustc in one place that is not used, hence --ignore-rust-version; the lock file
  # of wasm-bindgen-cli names releases that are gone, hence none.
  (
    cd "$HOZON_CACHE" || exit
    install_tool wasm-bindgen-cli wasm-bindgen "$WASM_BINDGEN_VERSION" 1
    install_tool cargo-leptos cargo-leptos "$CARGO_LEPTOS_VERSION" 0 --locked --ignore-rust-version
  )
}
