"""What one named instance keeps on disk: its folder, its lock, its secrets and the JSON file clients read.

Everything of NAME lives under `.hozon/NAME/`, so two instances, or two clones of the project, never share a thing.
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def cache():
    """Where `tools/setup` keeps what it installs."""
    return Path(os.environ["HOZON_CACHE"])


class Trouble(Exception):
    """Something a person must know; `hint` says what to do."""

    def __init__(self, message, hint=None):
        super().__init__(message)
        self.hint = hint


class Instance:
    """The folder of one name and the files in it."""

    def __init__(self, name, base=None):
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", name):
            raise Trouble(f"`{name}` is no name for an instance", "use lower-case letters, digits and hyphens")
        self.name = name
        self.dir = (Path(base) if base else PROJECT / ".hozon").resolve() / name

    @property
    def key(self):
        """Eight hex digits that belong to this folder and no other on this host."""
        return hashlib.sha256(str(self.dir).encode()).hexdigest()[:8]

    @contextmanager
    def lock(self):
        """One start or stop at a time: the second waits."""
        self.dir.mkdir(parents=True, exist_ok=True)
        with open(self.dir / "lock", "w", encoding="utf-8") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def secret(self, file_name, length=24):
        """The secret kept in `file_name`, made at the first call. Returns (path, value)."""
        path = self.dir / file_name
        if not path.exists():
            write_private(path, secrets.token_urlsafe(length))
        return path, path.read_text(encoding="utf-8")

    def read(self, part):
        """What `part` (`milvus`, `s3`, `azure`, `s3-second` or `google`) said of itself when it was started, or None."""
        path = self.dir / f"{part}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    def write(self, part, facts):
        write_private(self.dir / f"{part}.json", json.dumps(facts, indent=2) + "\n")

    def forget(self, part):
        (self.dir / f"{part}.json").unlink(missing_ok=True)


def write_private(path, text):
    """Writes a file only its owner may read, whole or not at all."""
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as handle:
        handle.write(text)
    part.rename(path)
