#!/usr/bin/env python3
"""Measures Hozon against the plain tools of the system and against Milvus itself; see docs/BENCH.md.

`tools/bench` builds what is measured, starts Milvus with the sample, and calls this.
"""

import argparse
import json
import shutil
import subprocess
import time
from pathlib import Path

import api
import disk
import moves
import pages
import report
from hozon import Hozon
from report import Row, at_least, grows, size
from source import RESTORED, Source

PROJECT = Path(__file__).resolve().parents[1]
WASM_LIMIT = 250_000
CACHE = {False: "page cache empty", True: "in page cache"}


class Bench:
    def __init__(self, options):
        self.source = Source(options.milvus)
        self.binary, self.reader = options.target / "hozon", options.target / "hozon-readhash"
        self.objects, self.load = options.target / "hozon-objects", options.target / "hozon-load"
        self.scratch = options.scratch
        self.pairs = 2 if options.quick else 5
        names = self.source.collections()[:4 if options.quick else None]
        self.once, self.whole = names[:len(names) // 4], names
        self.rows, self.peaks = [], {}

    def need_room(self):
        """Backup, restored copy, what is staged, and what was dropped but is not yet removed: 3.5 times the sample."""
        needed = 3.5 * sum(path.stat().st_size for path in self.source.files(self.whole))
        free = shutil.disk_usage(self.scratch).free
        if free < needed:
            raise SystemExit(f"error: {self.scratch}: {size(free)} are free where {size(needed)} are needed\n"
                             "hint: free space on that disk, or run `BENCH_QUICK=1 make bench`")

    def say(self, row):
        self.rows.append(row)
        what, ours, theirs, ratio, target, verdict = row.cells()
        print("  " + " · ".join(part for part in (f"{what}: {ours}", theirs, ratio, target, verdict) if part), flush=True)

    def peak(self, verb, times, done):
        self.peaks.setdefault((verb, times), []).append(done.peak)
        return done

    def first_backups(self):
        """A first backup's data phase against `cp -r` and `sync`; returns the last repository and its backup."""
        files = self.source.files(self.once)
        directories = self.source.directories(files)
        total = sum(path.stat().st_size for path in files)
        hozon = Hozon(self.binary, self.scratch / "once", self.source)
        jobs = []
        for cached in CACHE:
            ours, theirs = [], []

            def back_up():
                fresh = Hozon(self.binary, hozon.folder, self.source)
                disk.prepare(files, cached)
                done = self.peak("backup", 1, fresh.back_up(self.once))
                if (done.files, done.bytes) != (len(files), total):
                    raise SystemExit(f"error: {done.files} files were moved, {len(files)} are live")
                ours.append(done.moving)
                jobs.append(done)

            def copy():
                disk.prepare(files, cached)
                theirs.append(disk.copy_and_sync(self.source.root, directories, self.scratch / "copy"))

            in_turn(self.pairs, back_up, copy)
            self.say(at_least(f"first backup, data phase, {size(total)} in {len(files)} files, {CACHE[cached]}", ours,
                              theirs, "`cp -r` and `sync`", 0.8))
        self.say(Row("first backup, flush and planning", report.times([job.flushing for job in jobs])))
        self.say(Row("first backup, whole job", report.times([job.seconds for job in jobs])))
        return hozon, jobs[-1]

    def unchanged(self, hozon, first):
        again = [hozon.back_up(self.once) for _ in range(3)]
        moved = max(done.bytes for done in again)
        self.say(Row("unchanged backup, bytes moved", f"{moved} B", target="0 B", met=moved == 0))
        self.say(at_least("unchanged backup, whole job", [done.seconds for done in again], [first.seconds] * 3,
                          "first backup", None))

    def whole_backup(self):
        for _ in range(2):
            hozon = Hozon(self.binary, self.scratch / "whole", self.source)
            done = self.peak("backup", 4, hozon.back_up(self.whole))
        return hozon, done

    def verification(self, hozon, backup, times):
        """Verifying by reading against the least that reading and hashing the same files can cost."""
        files = sorted(path for path in (hozon.repository / "data").rglob("*") if path.is_file())
        for cached in CACHE:
            ours, theirs = [], []

            def verify():
                disk.prepare(files, cached)
                done = self.peak("verify", times, hozon.verify(backup))
                ours.append(done.reading)
                return done

            def read():
                disk.prepare(files, cached)
                theirs.append(disk.read_and_hash(self.reader, files).seconds)

            in_turn(self.pairs, verify, read)
            total = sum(path.stat().st_size for path in files)
            self.say(at_least(f"verify `read`, {size(total)} in {len(files)} files, {CACHE[cached]}", ours, theirs,
                              "read and hash", 0.8))

    def restores(self, once, first, whole, all_of_it):
        ours, theirs = [], []

        def restore():
            ours.append(self.peak("restore", 1, once.restore(first, RESTORED)).seconds)
            self.source.clean()

        in_turn(2, restore, lambda: theirs.append(self.source.import_by_hand(self.once)))
        once.remove()
        self.say(at_least(f"restore, {len(self.once)} collections, checked and compared", ours, theirs,
                          "`Import` called by hand", None))
        self.peak("restore", 4, whole.restore(all_of_it, RESTORED))
        self.source.clean()

    def moves_here(self, hozon, backup):
        """Exports and copies on the disk, against copying the same files."""
        here = moves.Here(hozon, backup, self.scratch)
        for cached in CACHE:
            for row in here.rows(self.pairs, in_turn, cached):
                self.say(row)

    def moves_within(self, s3):
        """Exports within an S3 service: one collection is 1×, four are 4×."""
        service = moves.Service(json.loads(s3.read_text(encoding="utf-8")), self.binary, self.scratch, self.source)
        try:
            for row in service.rows(self.whole[:1], 2, in_turn):
                self.say(row)
            for row in service.memory(self.whole[:4]):
                self.say(row)
            for row in service.small_objects(self.objects, 10_000 if self.pairs > 2 else 2_000):
                self.say(row)
        finally:
            service.close()

    def control_plane(self):
        for row in api.rows(self.binary, self.load, self.scratch / "api", PROJECT, 4 * self.pairs):
            self.say(row)

    def memory(self):
        for verb in ("backup", "verify", "restore"):
            self.say(grows(f"peak memory of `{verb}`", self.peaks[verb, 1], self.peaks[verb, 4], 1.10))

    def wasm(self):
        found = (PROJECT / "target" / "site" / "pkg").glob("*.wasm")
        for file in sorted(path for path in found if not path.is_symlink()):
            done = subprocess.run(["node", str(PROJECT / "bench" / "sizes.mjs"), str(file)], capture_output=True,
                                  text=True, check=True)
            sizes = json.loads(done.stdout)
            self.say(Row("wasm, brotli", size(sizes["brotli"]), f"{size(sizes['raw'])} as it is, "
                         f"{size(sizes['gzip'])} gzip", target=f"≤ {size(WASM_LIMIT)}",
                         met=sizes["brotli"] <= WASM_LIMIT))

    def console(self, many=10_000, few=25):
        seen = {count: pages.visits(self.binary, self.scratch / "console", count, 4 * self.pairs, PROJECT)
                for count in (few, many)}
        for key, what in [("first_byte", "time to first byte"), ("painted", "first paint"), ("content", "page rendered"),
                          ("loaded", "page loaded")]:
            ours, theirs = ([visit[key] for visit in seen[count]] for count in (many, few))
            self.say(at_least(f"list of {many:,} backups, {what}", ours, theirs, f"{few} backups", None, "ms"))


def in_turn(times, one, other):
    """Runs two things so many times, each first in every second round."""
    for round_number in range(times):
        for work in (one, other) if round_number % 2 == 0 else (other, one):
            work()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--milvus", type=Path, required=True, help="the milvus.json of the measured instance")
    parser.add_argument("--target", type=Path, required=True, help="the directory of the release binaries")
    parser.add_argument("--scratch", type=Path, required=True, help="a directory on the same disk, emptied")
    parser.add_argument("--note", action="append", default=[], help="one more line under the table")
    parser.add_argument("--s3", type=Path, metavar="FILE",
                        help="measure exports and copies, too: the s3.json of an S3 server")
    parser.add_argument("--api", action="store_true", help="measure `/v2`, too, under many clients")
    parser.add_argument("--quick", action="store_true", help="a quarter of the data, fewer runs")
    options = parser.parse_args()
    begun = time.monotonic()
    shutil.rmtree(options.scratch, ignore_errors=True)
    options.scratch.mkdir(parents=True)
    bench = Bench(options)
    bench.source.wait_ready()
    bench.source.clean()
    bench.need_room()
    try:
        once, first = bench.first_backups()
        bench.unchanged(once, first)
        if options.s3:
            bench.moves_here(once, first.backup)
        whole, all_of_it = bench.whole_backup()
        bench.peak("verify", 1, once.verify(first.backup))
        bench.verification(whole, all_of_it.backup, 4)
        bench.restores(once, first.backup, whole, all_of_it.backup)
        bench.memory()
        if options.s3:
            bench.moves_within(options.s3)
        bench.wasm()
        bench.console()
        if options.api:
            bench.control_plane()
    finally:
        shutil.rmtree(options.scratch, ignore_errors=True)
    print("\n" + report.markdown(bench.rows))
    notes = [f"sample: {len(bench.whole)} collections of 768-d random vectors, of which {len(bench.once)} are 1×, in "
             "Milvus 2.3.5 on local storage, compaction off", *options.note]
    command = " ".join(["bench/run.py", *(["--quick"] if options.quick else [])])
    report.write(PROJECT / "bench" / "RESULTS.md", bench.rows, notes, command, (time.monotonic() - begun) / 60)


if __name__ == "__main__":
    main()
