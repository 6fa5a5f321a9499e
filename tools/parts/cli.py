"""The command line of `tools/milvus`, `tools/s3` and `tools/stores`."""

import argparse
import json
import os
import shlex
import sys
import time

from . import azurite, gcs, milvus, moto, network, process, seaweed
from .instance import Instance, Trouble


def main(arguments=None):
    options = parser().parse_args(arguments)
    os.umask(0o077)  # what these servers keep is for their owner alone
    try:
        instance = Instance(options.name, options.dir)
        return ACTIONS[options.part, options.action](instance, options)
    except Trouble as trouble:
        print(f"error: {options.part} {options.name}: {trouble}", file=sys.stderr)
        if trouble.hint:
            print(f"hint: {trouble.hint}", file=sys.stderr)
        return 1


def parser():
    top = argparse.ArgumentParser(description=__doc__)
    top.add_argument("part", choices=["milvus", "s3", "stores"])
    top.add_argument("action", choices=["start", "stop", "status", "env", "remove"])
    top.add_argument("name", help="which instance, for example `demo` or `test`")
    top.add_argument("--dir", help="where instances are kept (default: .hozon of the project)")
    top.add_argument("--storage", choices=["local", "s3"], default="local", help="where Milvus keeps its segments")
    top.add_argument("--no-compaction", action="store_true", help="segments stay as they were written")
    top.add_argument("--gc-seconds", type=int, help="remove dropped segments after this long, not after three hours")
    top.add_argument("--set", action="append", metavar="KEY=VALUE", help="one more setting of milvus.yaml")
    top.add_argument("--json", action="store_true", help="print what clients need as JSON")
    return top


def show(facts, line, options):
    print(json.dumps(facts, indent=2) if options.json else line)


def start_milvus(instance, options):
    begun = time.monotonic()
    with instance.lock():
        facts, now = milvus.start(instance, options)
    how = f"started in {time.monotonic() - begun:.1f} s" if now else "already running"
    show(facts, f"Milvus {facts['version']} `{instance.name}` {how}: {facts['address']}, "
                f"storage {facts['storage']['url']}, see {instance.dir / 'milvus.json'}", options)
    if facts["namespace"] is None:
        print("warning: no private network (needs root and `ip`): this Milvus listens on every interface of this "
              "host, with its password on", file=sys.stderr)
    return 0


def stop_milvus(instance, _options):
    with instance.lock():
        milvus.stop(instance)
    print(f"Milvus `{instance.name}` is stopped")
    return 0


def status_milvus(instance, options):
    state, facts = milvus.status(instance)
    show(facts, f"Milvus `{instance.name}` is {state}" + (f": {facts['address']}" if facts else ""), options)
    return 0 if state == "running" else 3


def env(instance, options):
    """Shell assignments, for scripts: HOZON_MILVUS_ADDRESS=…"""
    for part in FILES[options.part]:
        facts = instance.read(part)
        if not facts:
            raise Trouble("it is not running", f"tools/{options.part} start {instance.name}")
        for key, value in flat(facts, f"HOZON_{part.upper().replace('-', '_')}"):
            print(f"{key}={shlex.quote(str(value))}")
    return 0


def flat(facts, prefix):
    for key, value in facts.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}_{key.upper()}")
        else:
            yield f"{prefix}_{key.upper()}", "" if value is None else value


def remove_milvus(instance, _options):
    with instance.lock():
        milvus.remove(instance)
    print(f"Milvus `{instance.name}` and its data are gone")
    return 0


def start_s3(instance, options):
    with instance.lock():
        facts = seaweed.start(instance)
    show(facts, f"S3 `{instance.name}` is up: {facts['endpoint']}, see {instance.dir / 's3.json'}", options)
    return 0


def stop_s3(instance, _options):
    with instance.lock():
        seaweed.stop(instance)
        if milvus.status(instance)[0] == "stopped":
            network.of(instance).down()
    print(f"S3 `{instance.name}` is stopped")
    return 0


def status_s3(instance, options):
    facts = instance.read("s3")
    up = bool(facts) and seaweed.answers(facts["endpoint"])
    show(facts, f"S3 `{instance.name}` is {'running' if up else 'stopped'}", options)
    return 0 if up else 3


def start_stores(instance, options):
    """All anew: nothing of an earlier start is found in them."""
    with instance.lock():
        facts = {"azure": azurite.start(instance), "s3-second": moto.start(instance), "google": gcs.start(instance)}
    show(facts, f"Stores `{instance.name}` are up: Azure {facts['azure']['endpoint']}, S3 "
                f"{facts['s3-second']['endpoint']}, Google Cloud Storage {facts['google']['endpoint']}; see azure.json, "
                f"s3-second.json and google.json in {instance.dir}", options)
    return 0


def stop_stores(instance, _options):
    with instance.lock():
        azurite.stop(instance)
        moto.stop(instance)
        gcs.stop(instance)
    print(f"Stores `{instance.name}` are stopped")
    return 0


def status_stores(instance, options):
    facts = {part: instance.read(part) for part in FILES["stores"]}
    up = all(process.running_in(instance.dir / folder) for folder in ("azurite", "moto", "gcs", "gcs-xml"))
    show(facts, f"Stores `{instance.name}` are {'running' if up else 'stopped'}", options)
    return 0 if up else 3


# What each part's servers say of themselves lies in files of these names.
FILES = {"milvus": ["milvus"], "s3": ["s3"], "stores": ["azure", "s3-second", "google"]}

ACTIONS = {
    ("milvus", "start"): start_milvus, ("milvus", "stop"): stop_milvus, ("milvus", "status"): status_milvus,
    ("milvus", "env"): env, ("milvus", "remove"): remove_milvus,
    ("s3", "start"): start_s3, ("s3", "stop"): stop_s3, ("s3", "status"): status_s3, ("s3", "env"): env,
    ("s3", "remove"): stop_s3,
    ("stores", "start"): start_stores, ("stores", "stop"): stop_stores, ("stores", "status"): status_stores,
    ("stores", "env"): env, ("stores", "remove"): stop_stores,
}

if __name__ == "__main__":
    sys.exit(main())
