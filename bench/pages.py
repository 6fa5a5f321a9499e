"""How long the list of backups takes to answer and to show, with many backups in the catalog and with few."""

import json
import os
import secrets
import socket
import subprocess
import time

import catalog
from hozon import Hozon


def visits(binary, folder, count, times, project):
    """Serves a catalog of `count` backups and visits the list; returns what each visit took."""
    hozon = Hozon(binary, folder)
    hozon.remove()
    hozon.ask("backup", "list")
    catalog.fill(folder / "catalog.db", count)
    address = f"http://127.0.0.1:{free_port()}/"
    password = secrets.token_urlsafe(16)
    site = project / "target" / "site"
    log = open(folder / "serve.log", "wb")
    server = subprocess.Popen(
        [str(binary), "--data-dir", str(folder), "serve", "-p", address.rsplit(":", 1)[1].rstrip("/")], cwd=project,
        stdout=log, stderr=log, env={**plain(), "LEPTOS_SITE_ROOT": str(site), "HOZON_ADMIN_PASSWORD": password})
    try:
        wait_for(server, address, folder / "serve.log")
        seen = subprocess.run(["node", str(project / "bench" / "pages.mjs"), address, "/backups", str(times)],
                              cwd=project, env={**os.environ, "ADMIN_PASSWORD": password}, capture_output=True,
                              text=True, check=False)
        if seen.returncode:
            raise SystemExit(f"error: the browser could not visit the list of backups\n{seen.stderr}")
        return json.loads(seen.stdout)
    finally:
        server.terminate()
        server.wait()
        log.close()
        hozon.remove()


def plain():
    """The environment without what Hozon or this project's scripts read."""
    return {key: value for key, value in os.environ.items() if not key.startswith("HOZON_")}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(server, address, log, seconds=30):
    host, port = address.removeprefix("http://").rstrip("/").split(":")
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection((host, int(port)), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"error: the console does not answer\n{log.read_text(encoding='utf-8', errors='replace')}")
