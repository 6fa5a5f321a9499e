"""The built `hozon` for a test: a data directory of its own, a free port, and nothing that somebody has set for theirs."""

import json
import os
import shutil
import signal
import subprocess
import time

from . import process
from .instance import PROJECT, Trouble


class Hozon:
    """Everything of one lies in `folder`, which is emptied before."""

    def __init__(self, folder):
        self.folder = folder
        self._server = folder / "server"

    def clear(self):
        """Ends what an earlier run left, and forgets what it knew."""
        process.stop_all(self._server, signal.SIGTERM, 10)
        shutil.rmtree(self.folder, ignore_errors=True)
        self._server.mkdir(parents=True)

    def start(self, *options, seconds=60):
        """Starts the server on a free port; returns its origin."""
        answer, log = self.folder / "started.json", self.folder / "server.log"
        with open(answer, "wb") as out, open(log, "wb") as errors:
            child = subprocess.Popen(self._command("serve", "--port", "0", *options), cwd=self._server, env=environment(),
                                     stdin=subprocess.DEVNULL, stdout=out, stderr=errors, start_new_session=True)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and child.poll() is None:
            try:
                return json.loads(answer.read_text(encoding="utf-8"))["console"].rstrip("/")
            except json.JSONDecodeError:
                time.sleep(0.1)
        raise Trouble(f"the server did not come up\n{process.tail(log)}", f"its log is {log}")

    def stop(self):
        process.stop_all(self._server, signal.SIGTERM, 25)

    def run(self, *arguments):
        """The answer of a command."""
        ended = subprocess.run(self._command(*arguments), env=environment(), capture_output=True, text=True, check=False)
        if ended.returncode != 0:
            raise Trouble(f"`hozon {' '.join(arguments)}` failed: {ended.stderr.strip()}{ended.stdout.strip()}",
                          "try that command by hand")
        return json.loads(ended.stdout)

    def _command(self, *arguments):
        binary = os.environ.get("HOZON_BIN", str(PROJECT / "target" / "debug" / "hozon"))
        if not os.access(binary, os.X_OK):
            raise Trouble(f"there is no {binary}", "cargo build -p hozon")
        return [binary, "--data-dir", str(self.folder / "data"), "--json", *arguments]


def environment():
    """This process's, without what would configure a Hozon."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HOZON_")}
