#!/usr/bin/env python3
"""Puts the sample data into a Milvus: the same rows each time, nothing twice, one progress line a collection.

Run it with the Python of tools/setup: `tools/python tools/sample_data.py --milvus .hozon/demo/milvus.json`.
"""

import argparse
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from pymilvus import MilvusException

from sample import fill, shapes
from sample.connect import add_options, from_options


def size(text):
    found = re.fullmatch(r"(\d+)([KMG]?)", text)
    if not found:
        raise argparse.ArgumentTypeError(f"`{text}` is no size; write for example 1G")
    return int(found[1]) * 1024 ** " KMG".index(found[2] or " ")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--scale", choices=["small", "full"], default="full", help="small: seconds, for tests")
    parser.add_argument("--only", nargs="+", metavar="COLLECTION", help="only these collections of the sample")
    parser.add_argument("--bench-bytes", type=size, metavar="N", help="instead: collections of N bytes of vectors")
    options = parser.parse_args()
    cluster = from_options(parser, options)
    wanted = shapes.bench(options.bench_bytes) if options.bench_bytes else shapes.SAMPLE
    wanted = [shape for shape in wanted if not options.only or shape.name in options.only]
    begun = time.monotonic()
    for database in sorted({shape.database for shape in wanted}):
        cluster.ensure_database(database)
        cluster.using(database)

    def ensure(shape):
        started = time.monotonic()
        did = fill.ensure(cluster, shape, options.scale == "small")
        print(f"{shape.database}.{shape.name}: {did} ({time.monotonic() - started:.1f} s)", flush=True)

    # Most of the time is spent waiting for flushes, hence several at once; vectors to measure with are made in order.
    with ThreadPoolExecutor(1 if options.bench_bytes else 8) as pool:
        for shape, run in [(shape, pool.submit(ensure, shape)) for shape in wanted]:
            try:
                run.result()
            except MilvusException as error:
                pool.shutdown(cancel_futures=True)
                print(f"error: sample collection `{shape.name}`: {error.message}", file=sys.stderr)
                return 1
    print(f"Sample data is there ({time.monotonic() - begun:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
