"""Runs the release binary on a data directory of its own, and watches how much memory it takes."""

import json
import os
import re
import shutil
import subprocess
import threading
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

MOVED = re.compile(r"moved (\d+) files, (\d+) bytes in ([\d.]+) s")
FLUSHED = re.compile(r"flushed and listed \d+ collections in ([\d.]+) s")
COPIED = re.compile(r"copied (\d+) files( within the service)?, found \d+ already there and right, in ([\d.]+) s")
CARRIED = re.compile(r"moved in ([\d.]+) s")
CHECKED = re.compile(r"(\d+) files, (\d+) bytes verified at level `read` in ([\d.]+) s")
POLL_SECONDS = 0.005


class Hozon:
    """One data directory (catalog and repository), new or kept from an earlier step of the run."""

    def __init__(self, binary, folder, source=None, variables=None):
        self.binary, self.folder, self.variables = binary, Path(folder), variables or {}
        if source:
            self.remove()
            facts = source.facts
            self.ask("cluster", "add", "bench", "--address", facts["address"], "--username", facts["username"],
                     "--password-file", facts["password_file"], "--storage", facts["storage"]["url"])

    @property
    def repository(self):
        return self.folder / "repository"

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, *arguments):
        return [str(self.binary), "--data-dir", str(self.folder), "--json", *arguments]

    def ask(self, *arguments):
        """Runs a command to its end; returns (answer, peak memory in bytes)."""
        child = subprocess.Popen(self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 env={**plain(), **self.variables})
        peaks = [0]
        watcher = threading.Thread(target=watch, args=(child, peaks), daemon=True)
        watcher.start()
        out, err = child.communicate()
        watcher.join()
        if child.returncode:
            raise SystemExit(f"error: hozon {' '.join(arguments[:2])} ended with {child.returncode}\n{out}{err}")
        return json.loads(out), max(peaks)

    def work(self, *arguments):
        """Runs a command that makes a job. Times are the job's own: from its first worker to its end."""
        answer, peak = self.ask(*arguments)
        job, _ = self.ask("job", "show", answer["job"]["id"])
        log = "\n".join(line["text"] for line in job["log"])
        return SimpleNamespace(backup=answer["backup"]["id"], peak=peak, seconds=seconds(job), log=log)

    def back_up(self, collections=()):
        done = self.work("backup", "create", "--cluster", "bench",
                         *(["--collections", ",".join(collections)] if collections else []))
        files, size, moving = MOVED.search(done.log).groups()
        done.files, done.bytes, done.moving = int(files), int(size), float(moving)
        done.flushing = float(FLUSHED.search(done.log)[1])
        return done

    def verify(self, backup):
        done = self.work("backup", "verify", backup, "--level", "read")
        files, size, reading = CHECKED.search(done.log).groups()
        done.files, done.bytes, done.reading = int(files), int(size), float(reading)
        return done

    def restore(self, backup, suffix):
        return self.work("backup", "restore", backup, "--suffix", suffix)

    def export(self, backup, integration, directory):
        done = self.work("backup", "export", backup, "--integration", integration, "--directory", directory)
        files, by_service, moving = COPIED.search(done.log).groups()
        done.files, done.by_service, done.moving = int(files), bool(by_service), float(moving)
        return done

    def copy(self, backup, repository):
        done = self.work("backup", "copy", backup, "--to", repository)
        done.by_service = "the service copies them by itself" in done.log
        done.moving = float(CARRIED.search(done.log)[1])
        return done


def plain():
    """The environment without what Hozon or this project's scripts read."""
    return {key: value for key, value in os.environ.items() if not key.startswith("HOZON_")}


def seconds(job):
    begun, ended = (datetime.fromisoformat(job[key]) for key in ("started_at", "finished_at"))
    return (ended - begun).total_seconds()


def watch(child, peaks):
    """The kernel keeps the highest resident size of a process (VmHWM); the last look before its end counts."""
    while child.poll() is None:
        try:
            status = Path(f"/proc/{child.pid}/status").read_text(encoding="utf-8")
        except OSError:
            return
        if found := re.search(r"VmHWM:\s+(\d+) kB", status):
            peaks.append(int(found[1]) * 1024)
        threading.Event().wait(POLL_SECONDS)
