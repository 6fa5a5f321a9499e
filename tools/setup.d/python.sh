# shellcheck shell=bash
# Why: the real Milvus server, its client and the S3 server for tests come as Python packages. They live in one
# virtual environment in the cache, made again when the list of versions changes.

unpack_milvus() {
  "$HOZON_VENV/bin/python" -c 'import sys, milvus; milvus._initialize_data_files(sys.argv[1])' "$HOZON_CACHE/milvus-2.3.5"
}

setup_python() {
  local list="$HOZON_ROOT/tools/requirements.txt" stamp="$HOZON_VENV/.hozon-requirements" python
  if ! cmp -s "$list" "$stamp"; then
    python="$(command -v python3.11 || command -v python3)" ||
      die "python: Python 3.11 is missing" "apt-get install python3 python3-venv"
    "$python" -c 'import ensurepip, venv' 2>/dev/null || want_packages "Python's virtual environments" python3-venv
    rm -rf "$HOZON_VENV"
    step "Make a Python environment" "$python" -m venv "$HOZON_VENV"
    step "Install Milvus 2.3.5, its client and SeaweedFS" \
      "$HOZON_VENV/bin/pip" install --disable-pip-version-check --requirement "$list"
    cp "$list" "$stamp"
  fi
  # Unpacked once here: every instance links to it, where the launcher would write 246 MB for each.
  [ -x "$HOZON_CACHE/milvus-2.3.5/bin/milvus" ] && [ -f "$HOZON_CACHE/milvus-2.3.5/.complete" ] && return 0
  step "Unpack Milvus" unpack_milvus
  touch "$HOZON_CACHE/milvus-2.3.5/.complete"
}
