# shellcheck shell=bash
# Why: a real OpenID Connect provider, for tests to sign in with. It has an environment of its own, because it wants other
# versions of the same packages than Milvus's client does.

setup_oidc() {
  local list="$HOZON_ROOT/tools/oidc.requirements.txt" to="$HOZON_CACHE/oidc" python
  cmp -s "$list" "$to/.hozon-requirements" && return 0
  python="$(command -v python3.11 || command -v python3)" ||
    die "oidc: Python 3.11 is missing" "apt-get install python3 python3-venv"
  "$python" -c 'import ensurepip, venv' 2>/dev/null || want_packages "Python's virtual environments" python3-venv
  rm -rf "$to"
  step "Make a Python environment for an OpenID Connect provider" "$python" -m venv "$to"
  step "Install the provider" "$to/bin/pip" install --disable-pip-version-check --requirement "$list"
  cp "$list" "$to/.hozon-requirements"
}
