"""A real S3 server (SeaweedFS) beside a Milvus: keys of its own, one bucket for Milvus, one for backups."""

import json
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from minio import Minio

from . import network, process
from .instance import Trouble, write_private

MILVUS_BUCKET = "milvus"
BACKUP_BUCKET = "hozon"
ROOT_PATH = "files"
REGION = "us-east-1"


def ports(instance):
    """Ports that belong to this instance alone, even though it may have a network of its own: the servers also
    talk over sockets in /tmp that are named by port, and would find another instance there."""
    first = 20_000 + 10 * (int(instance.key, 16) % 1000)
    return {name: first + step for step, name in enumerate(["master", "volume", "filer", "s3"])}


def start(instance, net=None):
    """Starts the server of `instance`, or finds it running; returns what clients need."""
    net = net or network.of(instance)
    folder = instance.dir / "weed"
    facts = instance.read("s3")
    if facts and process.running_in(folder) and answers(facts["endpoint"]):
        return facts
    stop(instance)
    address = net.up()
    access_path, access = instance.secret("s3.access-key", 12)
    secret_path, secret = instance.secret("s3.secret-key")
    port = ports(instance)
    config = instance.dir / "s3.identities.json"
    write_private(config, json.dumps({"identities": [{
        "name": "admin", "credentials": [{"accessKey": access, "secretKey": secret}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}))
    log = instance.dir / "weed.log"
    command = [str(Path(sys.executable).parent / "weed"), "server", "-dir=.", f"-ip={address}", f"-ip.bind={address}",
               f"-master.port={port['master']}", f"-volume.port={port['volume']}", "-volume.max=100",
               "-master.volumeSizeLimitMB=256", "-filer", f"-filer.port={port['filer']}",
               "-s3", f"-s3.port={port['s3']}", "-s3.port.iceberg=0", "-s3.port.lance=0",
               "-master.telemetry=false", f"-s3.config={config}"]
    child = process.start(net.command(command), folder, log)
    facts = {
        "name": instance.name, "pid": child.pid, "namespace": net.name,
        "endpoint": f"http://{address}:{port['s3']}", "host": address, "port": port["s3"], "region": REGION,
        "access_key": access, "access_key_file": str(access_path), "secret_key_file": str(secret_path),
        "milvus_bucket": MILVUS_BUCKET, "milvus_root": ROOT_PATH,
        "backup_bucket": BACKUP_BUCKET, "backup_url": f"s3://{BACKUP_BUCKET}/",
        "data_dir": str(folder), "log": str(log),
    }
    wait_ready(facts, child, secret, log)
    instance.write("s3", facts)
    return facts


def wait_ready(facts, child, secret, log, seconds=60):
    """Waits until both buckets are there: only then do master, volume and filer all work."""
    client = Minio(f"{facts['host']}:{facts['port']}", access_key=facts["access_key"], secret_key=secret,
                   secure=False, region=REGION)
    deadline = time.monotonic() + seconds
    last = "no answer yet"
    while time.monotonic() < deadline:
        if child.poll() is not None:
            break
        try:
            if answers(facts["endpoint"]):
                for bucket in (MILVUS_BUCKET, BACKUP_BUCKET):
                    if not client.bucket_exists(bucket):
                        client.make_bucket(bucket)
                return
        except Exception as error:  # any error of the client means: not yet
            last = str(error)
        time.sleep(0.2)
    raise Trouble(f"the S3 server did not come up ({last})\n{process.tail(log)}", f"its log is {log}")


def answers(endpoint):
    try:
        with urllib.request.urlopen(endpoint, timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def stop(instance):
    process.stop_all(instance.dir / "weed", signal.SIGTERM, 10)
    for port in ports(instance).values():
        for socket in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
            socket.unlink()
        for socket in Path("/tmp").glob(f"seaweedfs-*-grpc-{port + 10_000}.sock"):
            socket.unlink()
    instance.forget("s3")
