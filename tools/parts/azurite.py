"""A real server of Azure Blob Storage's protocol (Azurite) with an account and a key of its own."""

import base64
import secrets
import shutil
import signal
import time

from azure.core.exceptions import AzureError, ResourceExistsError
from azure.storage.blob import BlobServiceClient

from . import process
from .instance import Trouble, cache, write_private

ACCOUNT = "hozontest"
CONTAINERS = ("hozon", "other")


def port(instance):
    """Ends in 5, where the ports of an S3 server of the same name end in 0 to 3."""
    return 20_005 + 10 * (int(instance.key, 16) % 1000)


def start(instance):
    """Starts the server of `instance` with nothing in it; returns what clients need."""
    stop(instance)
    folder, log = instance.dir / "azurite", instance.dir / "azurite.log"
    shutil.rmtree(folder, ignore_errors=True)
    key = base64.b64encode(secrets.token_bytes(64)).decode()
    key_path = instance.dir / "azure.key"
    write_private(key_path, key)
    endpoint = f"http://127.0.0.1:{port(instance)}"
    child = process.start(
        [str(cache() / "azurite" / "node_modules" / ".bin" / "azurite-blob"), "--blobHost", "127.0.0.1",
         "--blobPort", str(port(instance)), "--location", ".", "--silent", "--disableTelemetry",
         "--skipApiVersionCheck"],
        folder, log, {"AZURITE_ACCOUNTS": f"{ACCOUNT}:{key}"})
    facts = {
        "name": instance.name, "pid": child.pid, "endpoint": endpoint, "account": ACCOUNT,
        "bucket_url": f"az://{ACCOUNT}/{CONTAINERS[0]}", "other_bucket_url": f"az://{ACCOUNT}/{CONTAINERS[1]}",
        "secret_key_file": str(key_path), "data_dir": str(folder), "log": str(log),
    }
    make_containers(endpoint, key, child, log)
    instance.write("azure", facts)
    return facts


def make_containers(endpoint, key, child, log, seconds=60):
    """Waits for the server on the way: it is up when both containers are there."""
    client = BlobServiceClient(f"{endpoint}/{ACCOUNT}", credential={"account_name": ACCOUNT, "account_key": key},
                               retry_total=0, connection_timeout=2, read_timeout=5)
    deadline, last = time.monotonic() + seconds, "no answer yet"
    while time.monotonic() < deadline and child.poll() is None:
        try:
            for name in CONTAINERS:
                try:
                    client.create_container(name)
                except ResourceExistsError:
                    pass
            return
        except AzureError as error:
            last = str(error)
        time.sleep(0.2)
    raise Trouble(f"Azurite did not come up ({last})\n{process.tail(log)}", f"its log is {log}")


def stop(instance):
    process.stop_all(instance.dir / "azurite", signal.SIGTERM, 10)
    instance.forget("azure")
