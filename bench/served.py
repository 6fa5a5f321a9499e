"""The console and the APIs of a data directory, served for as long as something is measured."""

import contextlib
import socket
import subprocess
import time
from types import SimpleNamespace

from hozon import plain


@contextlib.contextmanager
def serving(binary, folder, project, **variables):
    """Yields the address and the process number; whatever happens, the server has ended after it."""
    address = f"http://127.0.0.1:{free_port()}/"
    path = folder / "serve.log"
    with open(path, "wb") as log:
        server = subprocess.Popen(
            [str(binary), "--data-dir", str(folder), "serve", "-p", address.rsplit(":", 1)[1].rstrip("/")],
            cwd=project, stdout=log, stderr=log,
            env={**plain(), "LEPTOS_SITE_ROOT": str(project / "target" / "site"), **variables})
        try:
            wait_for(server, address, path)
            yield SimpleNamespace(address=address, pid=server.pid)
        finally:
            server.terminate()
            server.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(server, address, log, seconds=60):
    host, port = address.removeprefix("http://").rstrip("/").split(":")
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection((host, int(port)), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"error: the console does not answer\n{log.read_text(encoding='utf-8', errors='replace')}")
