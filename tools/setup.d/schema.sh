# shellcheck shell=bash
# Why: schemathesis holds the server against its OpenAPI documents. It has an environment of its own, because it wants
# other versions of the same packages than Milvus's client does.

setup_schema() {
  local list="$HOZON_ROOT/tools/schema.requirements.txt" to="$HOZON_CACHE/schema" python
  cmp -s "$list" "$to/.hozon-requirements" && return 0
  python="$(command -v python3.11 || command -v python3)" ||
    die "schema: Python 3.11 is missing" "apt-get install python3 python3-venv"
  "$python" -c 'import ensurepip, venv' 2>/dev/null || want_packages "Python's virtual environments" python3-venv
  rm -rf "$to"
  step "Make a Python environment for schemathesis" "$python" -m venv "$to"
  step "Install schemathesis" "$to/bin/pip" install --disable-pip-version-check --requirement "$list"
  cp "$list" "$to/.hozon-requirements"
}
