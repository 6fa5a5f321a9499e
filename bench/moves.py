"""Exports and copies: on a disk against `cp -r`, and within an S3 service by the service itself, by streaming through
Hozon, and by the least that a client of the service can ask: `CopyObject` for each object, as many at once as Hozon asks.
"""

import itertools
import json
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from minio import Minio
from minio.commonconfig import CopySource
from minio.deleteobjects import DeleteObject

import disk
from hozon import Hozon
from report import Row, at_least, grows, size

AT_ONCE = 16
SMALL_BYTES = 4096
WAYS = {"by the service": "by-service", "streaming": "streaming"}
FRESH = itertools.count(1)


class Here:
    """On one disk. `hozon` has a backup whose files are all the data of its repository."""

    def __init__(self, hozon, backup, scratch):
        self.hozon, self.backup = hozon, backup
        self.outside, self.scratch = scratch / "outside", scratch
        self.files = sorted(path for path in (hozon.repository / "data").rglob("*") if path.is_file())
        self.outside.mkdir()
        hozon.ask("integration", "add", "outside", "--storage", f"file://{self.outside}")

    def export(self):
        done = self.hozon.export(self.backup, "outside", f"run-{next(FRESH)}")
        if done.files != len(self.files):
            raise SystemExit(f"error: {done.files} files were exported, {len(self.files)} are the backup's")
        shutil.rmtree(self.outside)
        self.outside.mkdir()
        return done

    def copy(self):
        name = f"copies-{next(FRESH)}"
        place = self.scratch / name
        self.hozon.ask("repository", "add", name, "--url", f"file://{place}")
        done = self.hozon.copy(self.backup, name)
        self.hozon.ask("backup", "delete", self.backup, "--copy", name, "--yes")
        self.hozon.ask("repository", "remove", name)
        shutil.rmtree(place, ignore_errors=True)
        return done

    def plainly(self):
        return disk.copy_and_sync(self.hozon.repository, [Path("data")], self.scratch / "copy")

    def rows(self, pairs, in_turn, cached):
        total = sum(path.stat().st_size for path in self.files)
        what = f"{size(total)} in {len(self.files)} files, " + ("in page cache" if cached else "page cache empty")
        for name, move in [("export", self.export), ("copy to another repository", self.copy)]:
            ours, theirs = [], []

            def moved():
                disk.prepare(self.files, cached)
                ours.append(move().moving)

            def copied():
                disk.prepare(self.files, cached)
                theirs.append(self.plainly())

            in_turn(pairs, moved, copied)
            yield at_least(f"{name}, data phase, {what}", ours, theirs, "`cp -r` and `sync`", None)


class Service:
    """Within one S3 service: a repository in its bucket, and two ways out of it."""

    def __init__(self, facts, binary, scratch, source):
        self.facts = facts
        self.secret = Path(facts["secret_key_file"]).read_text(encoding="utf-8").strip()
        self.client = Minio(f"{facts['host']}:{facts['port']}", access_key=facts["access_key"], secret_key=self.secret,
                            secure=False, region=facts["region"])
        self.bucket = facts["backup_bucket"]
        self.root = f"bench-{time.time_ns()}"
        self.peaks = {}
        self.hozon = Hozon(binary, scratch / "service", source, {
            "HOZON_REPOSITORY_URL": f"s3://{self.bucket}/{self.root}/repository",
            "HOZON_REPOSITORY_ENDPOINT": facts["endpoint"], "HOZON_REPOSITORY_REGION": facts["region"],
            "HOZON_REPOSITORY_ACCESS_KEY": facts["access_key"],
            "HOZON_REPOSITORY_SECRET_KEY_FILE": facts["secret_key_file"]})
        # The same service under an address that is written otherwise is another one to Hozon, so bytes stream.
        for name, endpoint in [("by-service", facts["endpoint"]), ("streaming", facts["endpoint"] + "//")]:
            self.hozon.ask("integration", "add", name, "--storage", f"s3://{self.bucket}/{self.root}/{name}",
                           "--endpoint", endpoint, "--region", facts["region"], "--access-key", facts["access_key"],
                           "--secret-key-file", facts["secret_key_file"])

    def names(self, prefix):
        return [found.object_name for found in self.client.list_objects(self.bucket, prefix=prefix, recursive=True)]

    def export(self, backup, integration):
        directory = f"run-{next(FRESH)}"
        done = self.hozon.export(backup, integration, directory)
        if done.by_service != (integration == "by-service"):
            raise SystemExit(f"error: the export to `{integration}` went the other way")
        self.clear(f"{self.root}/{integration}/{directory}/")
        return done

    def by_hand(self, place="repository/data"):
        """`CopyObject` for every object at a place; returns seconds."""
        prefix, target = f"{self.root}/{place}/", f"{self.root}/by-hand-{next(FRESH)}/"
        names = self.names(prefix)

        def copy(name):
            self.client.copy_object(self.bucket, target + name.removeprefix(prefix), CopySource(self.bucket, name))

        started = time.monotonic()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(copy, names))
        seconds = time.monotonic() - started
        self.clear(target)
        return seconds

    def rows(self, collections, pairs, in_turn):
        backup = self.hozon.back_up(collections)
        what = f"{size(backup.bytes)} in {backup.files} objects"
        for name, integration in WAYS.items():
            ours, theirs = [], []

            def export():
                done = self.export(backup.backup, integration)
                ours.append(done.moving)
                self.peaks.setdefault(name, []).append(done.peak)

            in_turn(pairs, export, lambda: theirs.append(self.by_hand()))
            yield at_least(f"export within S3, {name}, {what}", ours, theirs, "`CopyObject` by hand", None)

    def memory(self, collections):
        """Peak memory with 4 times the data; `rows` has measured it with 1×."""
        backup = self.hozon.back_up(collections).backup
        for name, integration in WAYS.items():
            done = self.export(backup, integration)
            yield grows(f"peak memory of an export within S3, {name}", self.peaks[name], [done.peak], 1.10)

    def small_objects(self, program, count):
        """Many objects a second, by the service and streaming, against `CopyObject` by hand."""
        url = f"s3://{self.bucket}/{self.root}/small"
        done = subprocess.run(
            [str(program), url, self.facts["endpoint"], self.facts["region"], self.facts["access_key"], str(count),
             str(SMALL_BYTES)], input=self.secret, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"error: small objects were not copied\n{done.stderr}")
        seen = json.loads(done.stdout)
        theirs = count / self.by_hand("small/from")
        self.clear(f"{self.root}/small/")
        for name, ours in [("by the service", seen["by_service"]), ("streaming", seen["streaming"])]:
            yield Row(f"{count:,} objects of {size(SMALL_BYTES)} within S3, {name}", f"{ours:.0f} objects/s",
                      f"`CopyObject` by hand: {theirs:.0f} objects/s", (ours / theirs,))

    def clear(self, prefix):
        doomed = (DeleteObject(name) for name in self.names(prefix))
        for error in self.client.remove_objects(self.bucket, doomed):
            raise SystemExit(f"error: {error.object_name} was not removed: {error.message}")

    def close(self):
        self.clear(f"{self.root}/")
        self.hozon.remove()
