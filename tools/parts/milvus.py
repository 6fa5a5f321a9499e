"""A real Milvus 2.3.5 by name: started, found again, stopped, with its password on and in a network of its own."""

import os
import shutil
import signal
import socket
import time
import urllib.request
from pathlib import Path

from milvus import MilvusServerConfig

from . import network, password, process, seaweed
from .instance import Trouble

VERSION = "2.3.5"
# Every Milvus of a host writes a small file there and leaves it when it ends.
LEFT_BEHIND = Path("/tmp/milvus")
PROXY_PORT, METRICS_PORT, ETCD_PORT = 19530, 9091, 2379


def start(instance, options):
    """Starts the Milvus of `instance`, or finds it running; returns (facts, started now)."""
    net = network.of(instance)
    facts = instance.read("milvus")
    folder = instance.dir / "milvus"
    if facts and process.running_in(folder) and healthy(facts["health"]):
        return facts, False
    stop_server(instance)
    address = net.up()
    if net.name is None:
        refuse_taken_port()
    storage = {"kind": "local", "url": f"file://{folder / 'data'}"}
    if options.storage == "s3":
        storage = on_s3(seaweed.start(instance, net))
    folder.mkdir(parents=True, exist_ok=True)
    link_programs(folder)
    log = instance.dir / "milvus.log"
    log.unlink(missing_ok=True)
    password_path, wanted = instance.secret("root.password")
    write_config(folder, settings(storage, options))
    programs = folder / "bin"
    child = process.start(net.command([str(programs / "milvus"), "run", "standalone"]), folder, log, {
        "DEPLOY_MODE": "STANDALONE", "METRICS_PORT": str(METRICS_PORT), "MILVUS_RUN_DIR": str(folder / "run"),
        "LD_LIBRARY_PATH": str(programs)})
    facts = {
        "name": instance.name, "version": VERSION, "pid": child.pid, "namespace": net.name,
        "address": f"http://{address}:{PROXY_PORT}", "host": address, "port": PROXY_PORT,
        "health": f"http://{address}:{METRICS_PORT}/healthz", "metrics": f"http://{address}:{METRICS_PORT}/metrics",
        "username": "root", "password_file": str(password_path),
        "storage": {key: value for key, value in storage.items() if key != "secret_key"},
        "data_dir": str(folder), "log": str(log),
    }
    wait_healthy(facts, child, log)
    password.ensure(facts["address"], wanted)
    instance.write("milvus", facts)
    return facts, True


def settings(storage, options):
    """What differs from the configuration template of the package."""
    wanted = {"log.stdout": "false", "log.level": "warn", "common.gracefulStopTimeout": 5}
    if storage["kind"] == "s3":
        wanted |= {"common.storageType": "remote", "minio.address": storage["host"], "minio.port": storage["port"],
                   "minio.accessKeyID": storage["access_key"], "minio.secretAccessKey": storage["secret_key"],
                   "minio.bucketName": storage["bucket"], "minio.rootPath": storage["root"]}
    if options.no_compaction:
        wanted["dataCoord.enableCompaction"] = "false"
    if options.gc_seconds:
        wanted |= {f"dataCoord.gc.{key}": options.gc_seconds for key in ("interval", "missingTolerance", "dropTolerance")}
    return wanted | dict(setting.split("=", 1) for setting in options.set or [])


def write_config(folder, wanted):
    """Writes milvus.yaml from the package's template, with its default ports.

    The package's own launcher is not used: it takes another port wherever a connection of an earlier run still
    lingers, and a signal at the wrong moment leaves the server behind without it.
    """
    config = MilvusServerConfig(data_dir=str(folder))
    config.resolve_storage()
    config.set("authorization_enabled", True)
    for key, value in wanted.items():
        config.set(key, value)
    config.write_config()
    os.chmod(folder / "configs" / "milvus.yaml", 0o600)


def on_s3(facts):
    return {
        "kind": "s3", "url": f"s3://{facts['milvus_bucket']}/{facts['milvus_root']}", "endpoint": facts["endpoint"],
        "host": facts["host"], "port": facts["port"], "region": facts["region"], "bucket": facts["milvus_bucket"],
        "root": facts["milvus_root"], "access_key": facts["access_key"], "secret_key_file": facts["secret_key_file"],
        "secret_key": Path(facts["secret_key_file"]).read_text(encoding="utf-8"),
        "backup_bucket": facts["backup_bucket"], "backup_url": facts["backup_url"],
    }


def link_programs(folder):
    """Lets the instance use the server that set-up unpacked once in the cache."""
    unpacked = Path(os.environ["HOZON_CACHE"]) / f"milvus-{VERSION}" / "bin"
    link = folder / "bin"
    link.unlink(missing_ok=True)
    link.symlink_to(unpacked)


def refuse_taken_port():
    """On the host's network the embedded etcd has one fixed port, so there is room for one Milvus."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", ETCD_PORT)) == 0:
            raise Trouble(
                f"port {ETCD_PORT} is taken: without a private network only one Milvus can run on this host",
                "stop the other one (`tools/milvus status`), or run as root with `ip` installed (Debian: iproute2)")


def wait_healthy(facts, child, log, seconds=180):
    deadline = time.monotonic() + seconds
    while not healthy(facts["health"]):
        if child.poll() is not None or time.monotonic() > deadline:
            why = f"ended with {child.returncode}" if child.poll() is not None else f"is not healthy after {seconds} s"
            raise Trouble(f"Milvus {why}\n{process.tail(log)}",
                          f"its logs are {log} and those in {facts['data_dir']}/logs")
        time.sleep(0.1)


def healthy(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return b"OK" in answer.read()
    except OSError:
        return False


def stop_server(instance):
    """One second to end by itself, as the package's launcher gives it: what was acknowledged is in its log."""
    folder = instance.dir / "milvus"
    numbers = process.running_in(folder)
    process.stop_all(folder, signal.SIGTERM, 1)
    for number in numbers:
        (LEFT_BEHIND / f"server_id_{number}").unlink(missing_ok=True)
    if LEFT_BEHIND.is_dir() and not any(LEFT_BEHIND.iterdir()):
        LEFT_BEHIND.rmdir()
    instance.forget("milvus")


def stop(instance):
    stop_server(instance)
    seaweed.stop(instance)
    network.of(instance).down()


def remove(instance):
    """Stops and forgets everything, data too."""
    stop(instance)
    shutil.rmtree(instance.dir, ignore_errors=True)


def status(instance):
    facts = instance.read("milvus")
    if not process.running_in(instance.dir / "milvus"):
        return "stopped", None
    if not facts:
        return "starting", None
    return ("running" if healthy(facts["health"]) else "not answering"), facts
