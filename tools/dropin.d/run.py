"""Lets milvus-backup's users at a running `hozon serve --compat-milvus-backup`, on a real Milvus: their flows, one
after another, each with its time. A flow that fails hides no other."""

import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path

from pymilvus import MilvusException
from requests import RequestException

from parts.hozon import Hozon
from parts.instance import PROJECT, Trouble
from sample.connect import Cluster

from curls import calls_by_curl, calls_of_our_document
from service import delete_backup, list_backups, names_of
from stories import everything_by_default, nobody_waits, the_documented_flow

FLOWS = [the_documented_flow, nobody_waits, everything_by_default, calls_by_curl, calls_of_our_document]
NAMED_IN = "HOZON_TEST_MILVUS_LOCAL"


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    hozon = Hozon(PROJECT / ".hozon" / "dropin")
    hozon.clear()
    try:
        facts = milvus()
        cluster = Cluster(facts["address"], facts["username"], facts["password_file"])
        cluster.using()
        hozon.run("cluster", "add", "milvus", "--address", facts["address"], "--username", facts["username"],
                  "--password-file", facts["password_file"], "--storage", facts["storage"]["url"])
        server = hozon.start("--compat-milvus-backup")
        failed = [flow for flow in FLOWS if not passes(flow, server, cluster)]
    except Trouble as trouble:
        print(f"error: {trouble}\nhint: {trouble.hint}", file=sys.stderr)
        return 1
    finally:
        hozon.stop()
    print(f"{len(FLOWS) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def milvus():
    """The Milvus to use, as `tools/milvus start` describes it."""
    file = Path(os.environ.get(NAMED_IN, ""))
    if not file.is_file():
        raise Trouble(f"{NAMED_IN} does not name the milvus.json of a Milvus", "`make test` does; see CONTRIBUTING")
    return json.loads(file.read_text(encoding="utf-8"))


def passes(flow, server, cluster):
    begun = time.monotonic()
    try:
        flow(server, cluster)
        fault = None
    except (AssertionError, LookupError, TypeError, ValueError, OSError, RequestException, MilvusException):
        fault = traceback.format_exc()
    print(f"{flow.__name__}: {'FAILED' if fault else 'ok'} ({time.monotonic() - begun:.1f} s)", flush=True)
    if fault:
        print(fault, flush=True)
        # The next one begins with no backup, as it would have.
        for name in names_of(list_backups(server)):
            delete_backup(server, name)
    return fault is None


if __name__ == "__main__":
    sys.exit(main())
