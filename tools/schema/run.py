"""Starts the built `hozon` on a directory of its own, has schemathesis send it what its documents allow and what they
do not, and fails on a defect (5xx) or on an answer that its document does not describe."""

import json
import os
import signal
import subprocess
import sys

from parts.hozon import Hozon, environment
from parts.instance import PROJECT, Trouble, cache, write_private

HERE = PROJECT / ".hozon" / "schema"
WORK = HERE / "work"
# Each API, and how many requests are expected at least: fewer would mean that something was not asked.
APIS = {"/v2": 1200, "/api/v1": 300}
OWNERS = 8
LONGEST_SECONDS = 420


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.umask(0o077)  # keys lie here
    hozon = Hozon(HERE)
    hozon.clear()
    WORK.mkdir()

    def new_key(name, role):
        return hozon.run("key", "create", name, "--role", role)["secret"]

    try:
        write_private(HERE / "keys.json", json.dumps(
            {"owners": [new_key(f"owner{n}", "organization_owner") for n in range(OWNERS)],
             "guest": new_key("guest", "read_only")}))
        origin = hozon.start("--compat-milvus-backup")
        failed = [base for base, least in APIS.items() if not hold(origin, base, least)]
    except Trouble as trouble:
        print(f"error: {trouble}\nhint: {trouble.hint}", file=sys.stderr)
        return 1
    finally:
        hozon.stop()
        (HERE / "keys.json").unlink(missing_ok=True)
    return 1 if failed else 0


def hold(origin, base, least):
    """Whether all answers of an API are what its document says."""
    name = base.strip("/").replace("/", "-")
    report, statuses, log = (HERE / f"{name}.{kind}" for kind in ("report.json", "statuses.json", "log"))
    command = [str(cache() / "schema" / "bin" / "schemathesis"),
               "--config-file", str(PROJECT / "tools" / "schema" / "schemathesis.toml"),
               "run", f"{origin}{base}/docs/doc.json", "--report", "json", "--report-json-path", str(report)]
    told = {"HOZON_SCHEMA_KEYS": str(HERE / "keys.json"), "HOZON_SCHEMA_STATUSES": str(statuses),
            "PYTHONPATH": str(PROJECT / "tools")}
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
