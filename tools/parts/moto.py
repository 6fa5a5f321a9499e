"""A second S3 server (moto), written by other people than the first: so that no test passes for the habits of one.

It checks keys only if told after how many requests to begin; what comes before makes a user with a key. It keeps
everything in memory, so a start is always a fresh one.
"""

import json
import signal
import subprocess
import time

from minio import Minio

from . import process
from .instance import PROJECT, Trouble, cache, write_private

BUCKETS = ("hozon", "other")
REGION = "us-east-1"
# As many requests as `moto_key.py` sends.
UNCHECKED_REQUESTS = 6


def port(instance):
    """Ends in 6, where the ports of an S3 server of the same name end in 0 to 3."""
    return 20_006 + 10 * (int(instance.key, 16) % 1000)


def python():
    return cache() / "moto" / "bin" / "python"


def start(instance):
    """Starts the server of `instance` with nothing in it; returns what clients need."""
    stop(instance)
    folder, log = instance.dir / "moto", instance.dir / "moto.log"
    endpoint = f"http://127.0.0.1:{port(instance)}"
    child = process.start([str(python().parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port(instance))],
                          folder, log, {"INITIAL_NO_AUTH_ACTION_COUNT": str(UNCHECKED_REQUESTS)})
    wait_ready(port(instance), child, log)
    key = new_key(endpoint)
    key_path = instance.dir / "moto.secret-key"
    write_private(key_path, key["secret_key"])
    client = Minio(f"127.0.0.1:{port(instance)}", access_key=key["access_key"], secret_key=key["secret_key"],
                   secure=False, region=REGION)
    for bucket in BUCKETS:
        client.make_bucket(bucket)
    facts = {
        "name": instance.name, "pid": child.pid, "endpoint": endpoint, "region": REGION,
        "bucket_url": f"s3://{BUCKETS[0]}", "other_bucket_url": f"s3://{BUCKETS[1]}",
        "access_key": key["access_key"], "secret_key_file": str(key_path), "role_arn": key["role_arn"],
        "log": str(log),
    }
    instance.write("s3-second", facts)
    return facts


def new_key(endpoint):
    made = subprocess.run([str(python()), str(PROJECT / "tools" / "parts" / "moto_key.py"), endpoint],
                          capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise Trouble(f"moto gave no key\n{made.stderr}", "its log lies beside its folder")
    return json.loads(made.stdout)


def wait_ready(number, child, log, seconds=60):
    """A request would count as one of the unchecked, so only the port is looked at."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and child.poll() is None:
        if process.listens("127.0.0.1", number):
            return
        time.sleep(0.2)
    raise Trouble(f"moto did not come up\n{process.tail(log)}", f"its log is {log}")


def stop(instance):
    process.stop_all(instance.dir / "moto", signal.SIGTERM, 10)
    instance.forget("s3-second")
