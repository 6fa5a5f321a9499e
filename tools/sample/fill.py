"""Puts one collection of the sample into a Milvus, whole or not at all.

It is filled under a working name and renamed at the end, so that a run that was broken off leaves nothing that the
next run would take for finished.
"""

from pymilvus import Collection, utility

BLOCK_BYTES = 16 * 1024 * 1024
WORKING = "_being_made"


def ensure(cluster, shape, small):
    """Makes the collection of `shape` unless it is there; returns what it did, for the progress line."""
    using = cluster.using(shape.database)
    made = None
    if not utility.has_collection(shape.name, using=using):
        made = make(shape, small, using)
    collection = Collection(shape.name, using=using)
    if shape.alias and shape.alias not in collection.aliases:
        utility.create_alias(shape.name, shape.alias, using=using)
    if shape.loaded and not is_loaded(collection, using):
        collection.load()
    return made or "already there"


def make(shape, small, using):
    working = shape.name + WORKING
    if utility.has_collection(working, using=using):
        utility.drop_collection(working, using=using)
    more = {"num_partitions": shape.buckets[small]} if shape.buckets else {}
    collection = Collection(working, shape.schema(), using=using, shards_num=1, consistency_level="Strong", **more)
    for partition in shape.partitions:
        collection.create_partition(partition)
    if shape.index:
        collection.create_index(shape.vector_field(), shape.index, index_name=f"{shape.vector_field()}_index")
    count = shape.count[small]
    insert(collection, shape, range(count))
    collection.flush()
    changes = change(collection, shape, count) if shape.changed else ""
    if shape.index:
        utility.wait_for_index_building_complete(working, f"{shape.vector_field()}_index", timeout=600, using=using)
    utility.rename_collection(working, shape.name, new_db_name=shape.database, using=using)
    return f"{count:,} rows{changes}"


def insert(collection, shape, numbers, version=0, write=None):
    """Writes rows in blocks that fit well into one message, spread over the partitions by turns."""
    write = write or collection.insert
    if not numbers:
        return
    size = max(1, BLOCK_BYTES // row_bytes(shape)) if len(numbers) > 1 else 1
    for start in range(0, len(numbers), size):
        block = list(numbers[start:start + size])
        for partition, part in by_partition(shape, block):
            data = shape.rows(shape.name, part, version)
            write(data if isinstance(data, list) else list(data), **({"partition_name": partition} if partition else {}))


def by_partition(shape, block):
    """Blocks of numbers with the partition each belongs to; some rows stay in the default partition."""
    if not shape.partitions:
        return [(None, block)]
    names = ["_default", *shape.partitions]
    parts = [(name, [number for number in block if number % len(names) == turn]) for turn, name in enumerate(names)]
    return [(name, part) for name, part in parts if part]


def row_bytes(shape):
    return sum(int(one.params.get("dim", 0)) * 4 + 64 for one in shape.fields()) * (3 if shape.dynamic else 1)


def change(collection, shape, count):
    """Deletes and upserts rows that are already on disk, in two rounds, so that delta logs exist; some keys go and
    come back, and some rows are new only after the first flush."""
    gone = list(range(0, count, 50))
    for start in range(0, len(gone), 1000):
        keys = ", ".join(shape.key(number) for number in gone[start:start + 1000])
        field = collection.primary_field.name
        collection.delete(f"{field} in [{keys}]")
    collection.flush()
    back, renewed = gone[::5], list(range(7, count, 40))
    insert(collection, shape, sorted(back + renewed), 1, collection.upsert)
    collection.flush()
    return f", {len(gone):,} deleted, {len(back) + len(renewed):,} upserted after a flush"


def is_loaded(collection, using):
    state = utility.load_state(collection.name, using=using)
    return str(state) in ("Loaded", "Loading")
