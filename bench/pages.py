"""How long the list of backups takes to answer and to show, with many backups in the catalog and with few."""

import json
import os
import secrets
import subprocess

import catalog
from hozon import Hozon
from served import serving


def visits(binary, folder, count, times, project):
    """Serves a catalog of `count` backups and visits the list; returns what each visit took."""
    hozon = Hozon(binary, folder)
    hozon.remove()
    hozon.ask("backup", "list")
    catalog.fill(folder / "catalog.db", count)
    password = secrets.token_urlsafe(16)
    try:
        with serving(binary, folder, project, HOZON_ADMIN_PASSWORD=password) as console:
            seen = subprocess.run(
                ["node", str(project / "bench" / "pages.mjs"), console.address, "/backups", str(times)], cwd=project,
                env={**os.environ, "ADMIN_PASSWORD": password}, capture_output=True, text=True, check=False)
        if seen.returncode:
            raise SystemExit(f"error: the browser could not visit the list of backups\n{seen.stderr}")
        return json.loads(seen.stdout)
    finally:
        hozon.remove()
