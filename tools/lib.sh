# shellcheck shell=bash
# Why: every script here speaks in the same way (one line a step, with the time it took), keeps its output in
# one log that is shown only when a step fails, and finds the same tools in the same cache directory.
set -euo pipefail

HOZON_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
HOZON_CACHE="${HOZON_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/hozon}"
HOZON_VENV="$HOZON_CACHE/venv"
HOZON_LOG="${HOZON_LOG:-$HOZON_ROOT/.hozon/log/$(basename "$0").log}"
export HOZON_ROOT HOZON_CACHE HOZON_VENV HOZON_LOG
export PATH="$HOZON_CACHE/bin:$HOZON_ROOT/node_modules/.bin:$PATH"
mkdir -p "$HOZON_CACHE/bin" "$(dirname "$HOZON_LOG")"

now_ms() { date +%s%3N; }

# since <start in ms>: "0.4 s", "1 min 05 s"
since() {
  local ms=$(($(now_ms) - $1))
  if [ "$ms" -lt 60000 ]; then
    printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
  else
    printf '%d min %02d s' $((ms / 60000)) $((ms / 1000 % 60))
  fi
}

# note <text>: one more thing to know, not a step
note() { printf '  %s\n' "$*"; }

# die <text>...: what is wrong, then one line for each thing to do
die() {
  printf 'error: %s\n' "$1" >&2
  shift
  local line
  for line in "$@"; do printf 'hint: %s\n' "$line" >&2; done
  exit 1
}

# step <text> <command...>: run quietly; one line says what and how long; the log's end is shown on failure
step() {
  local text="$1" start status=0
  shift
  start=$(now_ms)
  printf '%s … ' "$text"
  printf '\n== %s: %s\n' "$text" "$*" >>"$HOZON_LOG"
  local from=$(($(wc -l <"$HOZON_LOG") + 1))
  "$@" >>"$HOZON_LOG" 2>&1 </dev/null || status=$?
  if [ "$status" -eq 0 ]; then
    printf 'ok (%s)\n' "$(since "$start")"
    return 0
  fi
  printf 'FAILED (%s)\n' "$(since "$start")"
  tail -n "+$from" "$HOZON_LOG" | tail -n 40 | sed 's/^/    /' >&2
  printf 'error: %s failed with exit code %d; everything it said is in %s\n' "$text" "$status" "$HOZON_LOG" >&2
  return "$status"
}

# shown <text> <command...>: the same for a command whose own output is wanted (test runners)
shown() {
  local text="$1" start status=0
  shift
  start=$(now_ms)
  printf '── %s\n' "$text"
  "$@" </dev/null || status=$?
  if [ "$status" -eq 0 ]; then
    printf '── %s: ok (%s)\n' "$text" "$(since "$start")"
  else
    printf '── %s: FAILED with exit code %d (%s)\n' "$text" "$status" "$(since "$start")" >&2
  fi
  return "$status"
}

have() { command -v "$1" >/dev/null 2>&1; }

is_root() { [ "$(id -u)" -eq 0 ]; }

# has_package <debian package>
has_package() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# want_packages <what for> <package...>: install Debian packages where that can be done, else say what to install
want_packages() {
  local purpose="$1" missing=() package
  shift
  for package in "$@"; do has_package "$package" || missing+=("$package"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  have apt-get || die "$purpose: this is not a Debian system, so nothing was installed" \
    "install what Debian calls: ${missing[*]}"
  is_root || die "$purpose: packages are missing and this user is not root" \
    "sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}"
  step "Refresh the package lists" apt-get update
  step "Install ${missing[*]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${missing[@]}"
}

# default_target_directory: CI keeps build output in the cache, so that a second run is warm; a clone keeps its own.
# What makes an edit quick to compile again only takes time and space where nobody edits.
default_target_directory() {
  if [ "${CI:-}" = true ]; then
    export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOZON_CACHE/target}" CARGO_INCREMENTAL="${CARGO_INCREMENTAL:-0}"
  fi
  export HOZON_TARGET="${CARGO_TARGET_DIR:-$HOZON_ROOT/target}"
}

# rust <command...>: cargo with what cargo-leptos tells the compiler, so that this half and the browser's half are made
# alike, and what one step built the next finds
rust() { LEPTOS_OUTPUT_NAME=hozon RUSTFLAGS="--cfg erase_components" cargo "$@"; }

# only_one <name>: refuses to run beside another one of the same name in this folder
only_one() {
  exec 8>"$HOZON_ROOT/.hozon/$1.lock"
  flock -n 8 || die "$1: another \`make $1\` runs in this folder" "wait for it or stop it with Ctrl-C"
}

# on_exit <function>: called once however this script ends, even when the terminal is gone and nobody reads
on_exit() {
  # shellcheck disable=SC2064 # the name is meant now
  trap "finish $1" EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP PIPE
}

finish() {
  local status=$?
  set +e
  trap '' INT TERM HUP PIPE
  printf '\n' 2>/dev/null || exec >>"$HOZON_LOG" 2>&1
  "$1"
  exit "$status"
}
