"""Servers in the background: started apart from the terminal, found again whatever happened, stopped for certain.

A server is known by the folder it runs in, not by a number in a file: so a start after `kill -9`, or after a
reboot that gave its number to somebody else, never takes a stranger for it and never overlooks an orphan.
"""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from .instance import Trouble


def start(command, folder, log, env=None):
    """Starts `command` in `folder`, in a session of its own (Ctrl-C in the terminal does not reach it)."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(log, "ab") as out:
        return subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                start_new_session=True, env={**os.environ, **(env or {})})


def running_in(folder):
    """The numbers of the live processes whose working directory is `folder`, oldest first."""
    wanted = os.stat(folder) if os.path.isdir(folder) else None
    found = []
    for entry in Path("/proc").iterdir():
        if wanted is None or not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
            here = os.stat(entry / "cwd")
        except OSError:
            continue
        if state != "Z" and (here.st_dev, here.st_ino) == (wanted.st_dev, wanted.st_ino):
            found.append(int(entry.name))
    return sorted(found)


def stop_all(folder, first, grace_seconds):
    """Sends `first` to what runs in `folder`, oldest process only, then SIGKILL to whatever is left."""
    for number in running_in(folder)[:1]:
        send(number, first)
    if wait_gone(folder, grace_seconds):
        return
    for number in running_in(folder):
        send(number, signal.SIGKILL)
    if not wait_gone(folder, 10):
        raise Trouble(f"processes {running_in(folder)} in {folder} do not end", "look at them with `ps`")


def send(number, what):
    try:
        os.kill(number, what)
    except ProcessLookupError:
        pass


def wait_gone(folder, seconds):
    deadline = time.monotonic() + seconds
    while running_in(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def listens(host, port):
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False


def tail(log, lines=15):
    """The last lines of a log, for an error message."""
    try:
        return "\n".join(Path(log).read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
