"""Copies and readings to compare with, and a page cache that is in the same state before each of them."""

import json
import os
import shutil
import subprocess
import time
from types import SimpleNamespace


def prepare(files, cached):
    """Writes what waits to be written, then puts `files` into the page cache (`cached`) or takes them out of it."""
    os.sync()
    for path in files:
        handle = os.open(path, os.O_RDONLY)
        try:
            if cached:
                while os.read(handle, 1 << 20):
                    pass
            else:
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)


def copy_and_sync(root, directories, target):
    """`cp -r` of directories into a fresh one, then `sync` of that file system; returns seconds, the copy is gone."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    started = time.monotonic()
    for directory in directories:
        into = target / directory.parent
        into.mkdir(exist_ok=True)
        subprocess.run(["cp", "-r", str(root / directory), str(into)], check=True)
    subprocess.run(["sync", "-f", str(target)], check=True)
    seconds = time.monotonic() - started
    shutil.rmtree(target)
    return seconds


def read_and_hash(binary, files):
    """Reads and hashes files with one thread for each core."""
    done = subprocess.run([str(binary)], input="\n".join(map(str, files)), capture_output=True, text=True, check=True)
    return SimpleNamespace(**json.loads(done.stdout))
