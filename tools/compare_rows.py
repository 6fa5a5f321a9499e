#!/usr/bin/env python3
"""Proves a restore by hand: reads every row of every collection and of its restored twin, and compares them.

A twin has the name of its source and the suffix. Prints one line a collection and exits with 1 on any difference.
"""

import argparse
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from pymilvus import Collection, MilvusException, utility

from sample import digest
from sample.connect import add_options, from_options


def compare(source, twin, using):
    """Returns (rows, digest, what differs)."""
    with digest.readable(source, using), digest.readable(twin, using):
        ours, theirs = digest.rows(source), digest.rows(twin)
        counts = digest.counted(source), digest.counted(twin)
    found = []
    if counts != (len(ours), len(theirs)):
        found.append(f"read {len(ours)} and {len(theirs)} rows where Milvus counts {counts[0]} and {counts[1]}")
    for text, keys in [("missing", ours.keys() - theirs.keys()), ("too many", theirs.keys() - ours.keys()),
                       ("different", {key for key in ours.keys() & theirs.keys() if ours[key] != theirs[key]})]:
        if keys:
            found.append(f"{len(keys)} rows {text}, for example {sorted(keys, key=str)[:3]}")
    found += [f"{what}: {left} became {right}" for what, left, right in outlines(source, twin) if left != right]
    return len(ours), digest.together(ours), found


def checked(pair):
    """One pair compared: (rows, digest, what differs, seconds). An error is a difference like any other."""
    name, twin, using = pair
    started = time.monotonic()
    if twin is None:
        rows, text, found = 0, "-", [f"`{using}.{name}` has no restored twin"]
    else:
        try:
            rows, text, found = compare(Collection(name, using=using), Collection(twin, using=using), using)
        except (MilvusException, ValueError) as error:
            rows, text, found = 0, "-", [f"could not be read: {error}"]
    return rows, text, found, time.monotonic() - started


def outlines(source, twin):
    """What else a restored collection must have in common with its source."""
    for what, read in [
        ("schema", lambda one: one.schema.to_dict()),
        ("partitions", lambda one: sorted(part.name for part in one.partitions)),
        ("indexes", lambda one: sorted((index.field_name, json.dumps(index.params, sort_keys=True)) for index in one.indexes)),
    ]:
        yield what, read(source), read(twin)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--suffix", default="_restored")
    parser.add_argument("--only", nargs="+", metavar="COLLECTION", help="only these source collections")
    parser.add_argument("--drop", action="store_true", help="compare nothing: drop every collection with the suffix")
    options = parser.parse_args()
    cluster = from_options(parser, options)
    begun, total, bad = time.monotonic(), 0, 0
    pairs = []
    for database in sorted(cluster.databases()):
        using = cluster.using(database)
        names = sorted(utility.list_collections(using=using))
        if options.drop:
            drop([name for name in names if name.endswith(options.suffix)], using)
            continue
        pairs += [(name, name + options.suffix if name + options.suffix in names else None, using) for name in names
                  if not name.endswith(options.suffix) and (not options.only or name in options.only)]
    # Loading is mostly waiting, hence several collections at once.
    with ThreadPoolExecutor(6) as pool:
        for pair, (rows, text, found, seconds) in zip(pairs, pool.map(checked, pairs)):
            total, bad = total + rows, bad + bool(found)
            print(f"{'DIFFERENT' if found else 'equal':<10}{pair[2] + '.' + pair[0]:<42}{rows:>9,} rows  {text:<17}"
                  f"{seconds:.1f} s", flush=True)
            for line in found:
                print(f"          {line}", flush=True)
    if not options.drop:
        print(f"{total:,} rows compared in {time.monotonic() - begun:.1f} s, "
              f"{'every row is equal' if not bad else f'{bad} collections differ'}")
    return 1 if bad or (not total and not options.drop) else 0


def drop(names, using):
    for name in names:
        for alias in list(Collection(name, using=using).aliases):
            utility.drop_alias(alias, using=using)
        utility.drop_collection(name, using=using)
        print(f"dropped {using}.{name}")


if __name__ == "__main__":
    sys.exit(main())
