"""Starts the built `hozon` on a directory of its own, has schemathesis send it what its documents allow and what they
do not, and fails on a defect (5xx) or on an answer that its document does not describe."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

from parts import process
from parts.instance import PROJECT, Trouble, cache, write_private

HERE = PROJECT / ".hozon" / "schema"
SERVER, WORK = HERE / "server", HERE / "work"
# Each API, and how many requests are expected at least: fewer would mean that something was not asked.
APIS = {"/v2": 1200, "/api/v1": 300}
OWNERS = 8
LONGEST_SECONDS = 420


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.umask(0o077)  # keys lie here
    process.stop_all(SERVER, signal.SIGTERM, 10)
    shutil.rmtree(HERE, ignore_errors=True)
    for folder in (SERVER, WORK):
        folder.mkdir(parents=True)
    try:
        write_private(HERE / "keys.json", json.dumps(
            {"owners": [new_key(f"owner{n}", "organization_owner") for n in range(OWNERS)],
             "guest": new_key("guest", "read_only")}))
        origin = start()
        failed = [base for base, least in APIS.items() if not hold(origin, base, least)]
    except Trouble as trouble:
        print(f"error: {trouble}\nhint: {trouble.hint}", file=sys.stderr)
        return 1
    finally:
        process.stop_all(SERVER, signal.SIGTERM, 25)
        (HERE / "keys.json").unlink(missing_ok=True)
    return 1 if failed else 0


def hozon(*arguments):
    binary = os.environ.get("HOZON_BIN", str(PROJECT / "target" / "debug" / "hozon"))
    if not os.access(binary, os.X_OK):
        raise Trouble(f"there is no {binary}", "cargo build -p hozon")
    return [binary, "--data-dir", str(HERE / "data"), "--json", *arguments]


def environment():
    """Nothing that somebody has set for a Hozon of their own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOZON_")}
    return {**kept, "PYTHONPATH": str(PROJECT / "tools")}


def new_key(name, role):
    made = subprocess.run(hozon("key", "create", name, "--role", role), env=environment(), capture_output=True,
                          text=True, check=False)
    if made.returncode != 0:
        raise Trouble(f"no key was made: {made.stderr.strip()}{made.stdout.strip()}", "try that command by hand")
    return json.loads(made.stdout)["secret"]


def start(seconds=60):
    """Starts the server on a free port; returns its origin."""
    answer, log = HERE / "started.json", HERE / "server.log"
    with open(answer, "wb") as out, open(log, "wb") as errors:
        child = subprocess.Popen(hozon("serve", "--port", "0", "--compat-milvus-backup"), cwd=SERVER, env=environment(),
                                 stdin=subprocess.DEVNULL, stdout=out, stderr=errors, start_new_session=True)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and child.poll() is None:
        try:
            return json.loads(answer.read_text(encoding="utf-8"))["console"].rstrip("/")
        except json.JSONDecodeError:
            time.sleep(0.1)
    raise Trouble(f"the server did not come up\n{process.tail(log)}", f"its log is {log}")


def hold(origin, base, least):
    """Whether all answers of an API are what its document says."""
    name = base.strip("/").replace("/", "-")
    report, statuses, log = (HERE / f"{name}.{kind}" for kind in ("report.json", "statuses.json", "log"))
    command = [str(cache() / "schema" / "bin" / "schemathesis"),
               "--config-file", str(PROJECT / "tools" / "schema" / "schemathesis.toml"),
               "run", f"{origin}{base}/docs/doc.json", "--report", "json", "--report-json-path", str(report)]
    told = {"HOZON_SCHEMA_KEYS": str(HERE / "keys.json"), "HOZON_SCHEMA_STATUSES": str(statuses)}
    with open(log, "wb") as out:
        try:
            ended = subprocess.run(command, cwd=WORK, env={**environment(), **told}, stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=out, timeout=LONGEST_SECONDS, check=False).returncode
        except subprocess.TimeoutExpired:
            ended = f"nothing within {LONGEST_SECONDS} s"
    if ended != 0 or not statuses.exists():
        print(log.read_text(encoding="utf-8", errors="replace"))
        print(f"{base}: FAILED ({ended}); see {log}")
        return False
    counts = json.loads(statuses.read_text(encoding="utf-8"))
    requests = sum(counts.values())
    shut_out = sum(counts.get(status, 0) for status in ("401", "429"))
    told = ", ".join(f"{count} with {status}" for status, count in sorted(counts.items()))
    print(f"{base}: {requests} requests ({told})")
    whole = json.loads(report.read_text(encoding="utf-8"))["complete"]
    if not whole or requests < least or shut_out * 10 > requests:
        print(f"{base}: FAILED: at least {least} requests were to be answered, and few of them by 401 or 429; see {log}")
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
