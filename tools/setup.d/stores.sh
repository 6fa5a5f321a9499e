# shellcheck shell=bash
# Why: the tests ask every kind of store what it promises. Azurite comes from npm; moto has an environment of its own,
# because it wants other versions of the same packages than Milvus's client does.

setup_azurite() {
  local from="$HOZON_ROOT/tools/azurite" to="$HOZON_CACHE/azurite"
  cmp -s "$from/package-lock.json" "$to/.hozon-lock" && return 0
  have npm || die "stores: npm is missing" "install Node 20 or later (Debian: apt-get install nodejs npm)"
  rm -rf "$to"
  mkdir -p "$to"
  cp "$from/package.json" "$from/package-lock.json" "$to"
  step "Install Azurite" npm ci --prefix "$to" --no-audit --no-fund --loglevel=error
  cp "$from/package-lock.json" "$to/.hozon-lock"
}

setup_moto() {
  local list="$HOZON_ROOT/tools/moto.requirements.txt" to="$HOZON_CACHE/moto" python
  cmp -s "$list" "$to/.hozon-requirements" && return 0
  python="$(command -v python3.11 || command -v python3)" ||
    die "stores: Python 3.11 is missing" "apt-get install python3 python3-venv"
  rm -rf "$to"
  step "Make a Python environment for moto" "$python" -m venv "$to"
  step "Install moto" "$to/bin/pip" install --disable-pip-version-check --requirement "$list"
  cp "$list" "$to/.hozon-requirements"
}

setup_stores() {
  setup_azurite
  setup_moto
}
