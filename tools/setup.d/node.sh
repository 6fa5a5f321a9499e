# shellcheck shell=bash
# Why: wasm-opt (which cargo-leptos looks for on PATH) and Playwright come from npm, at the versions of
# package-lock.json. Playwright's own browser download is not wanted: tests use the system's Chromium.

setup_node() {
  local lock="$HOZON_ROOT/package-lock.json" stamp="$HOZON_ROOT/node_modules/.hozon-lock"
  cmp -s "$lock" "$stamp" && return 0
  have npm || die "node: npm is missing" "install Node 20 or later (Debian: apt-get install nodejs npm)"
  step "Install binaryen and Playwright" env PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 \
    npm ci --prefix "$HOZON_ROOT" --no-audit --no-fund --loglevel=error
  cp "$lock" "$stamp"
}
