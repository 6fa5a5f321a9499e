"""How many times `/v2/backups` is answered in a second of one core, and how long answers take under many clients."""

import json
import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import catalog
from hozon import Hozon
from report import Row
from served import serving

CLIENTS = 200
# The limit for one key would be what is measured otherwise.
NO_LIMIT = "1000000"
# The first page as it is asked for without a word, the largest one, and one in the middle of everything.
QUESTIONS = [("first page", "v2/backups"), ("100 of a page", "v2/backups?pageSize=100"),
             ("middle page", "v2/backups?currentPage={middle}")]


def rows(binary, load, folder, project, seconds, many=100_000, few=25):
    """One row of speed and one of waiting for each question."""
    seen = {count: asked(binary, load, folder, project, count, seconds) for count in (few, many)}
    for what, ours in seen[many].items():
        theirs = seen[few][what]
        name = f"`/v2/backups` with {many:,} backups, {what}, {CLIENTS} clients"
        yield Row(f"{name}: requests per second and core", f"{ours.per_core:.0f} /s ({ours.per_second:.0f} /s in all)",
                  f"{few} backups: {theirs.per_core:.0f} /s", (ours.per_core / theirs.per_core,))
        yield Row(f"{name}: p99", f"{ours.p99_ms:.0f} ms (p50 {ours.p50_ms:.0f} ms)",
                  f"{few} backups: {theirs.p99_ms:.0f} ms", (theirs.p99_ms / ours.p99_ms,))


def asked(binary, load, folder, project, count, seconds):
    """Serves a catalog of `count` backups and asks each question for a while."""
    hozon = Hozon(binary, folder)
    hozon.remove()
    made, _ = hozon.ask("key", "create", "load", "--role", "read_only")
    catalog.fill(folder / "catalog.db", count)
    try:
        with serving(binary, folder, project, HOZON_CONTROL_PLANE_PER_SECOND=NO_LIMIT, HOZON_LOG="warn") as server:
            return {what: one(load, server, path.format(middle=max(count // 20, 1)), made["secret"], seconds)
                    for what, path in QUESTIONS}
    finally:
        hozon.remove()


def one(load, server, path, key, seconds):
    """The speed is that of the server alone: answers for each second that it computed, whatever else the machine did."""
    before = computed(server.pid)
    done = subprocess.run([str(load), server.address + path, str(CLIENTS), str(seconds)], input=key,
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"error: {path} was not answered well\n{done.stderr}")
    seen = json.loads(done.stdout)
    return SimpleNamespace(**seen, per_core=seen["answers"] / (computed(server.pid) - before),
                           per_second=seen["counted"] / seen["seconds"])


def computed(pid):
    """Seconds of processor time that a process took so far, in itself and in the kernel."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    user, system = stat.rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
