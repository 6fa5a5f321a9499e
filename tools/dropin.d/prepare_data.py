"""What a user has in a Milvus before anything is backed up: collections with rows, partitions, an index, and loaded."""

from dataclasses import dataclass

import numpy as np
from pymilvus import Collection, CollectionSchema, DataType, FieldSchema

DIM = 8
INDEX = {"index_type": "IVF_FLAT", "metric_type": "L2", "params": {"nlist": 64}}
SEASONS = ("_default", "autumn", "winter")


@dataclass
class Prepared:
    """A collection as it was when it was made. `rows` are those that are alive: {key: row}, by partition."""

    name: str
    rows: dict
    outline: dict


def prepare_data(name, count, partitions=SEASONS, deleted=()):
    """Makes a collection. Its last third is inserted after the flush: a backup holds it all the same."""
    fields = [
        FieldSchema("pk", DataType.INT64, is_primary=True, auto_id=False),
        FieldSchema("random", DataType.DOUBLE),
        FieldSchema("var", DataType.VARCHAR, max_length=200),
        FieldSchema("embeddings", DataType.FLOAT_VECTOR, dim=DIM),
    ]
    schema = CollectionSchema(fields, description=f"prepared as {name}")
    collection = Collection(name, schema, consistency_level="Strong")
    for partition in partitions:
        if partition != "_default":
            collection.create_partition(partition)
    rows = made_up(count, partitions)
    insert(collection, rows, range(count * 2 // 3))
    if deleted:
        collection.delete(f"pk in {list(deleted)}")
    collection.flush()
    index_and_load(name)
    insert(collection, rows, range(count * 2 // 3, count))
    alive = {partition: {pk: row for pk, row in of_it.items() if pk not in deleted}
             for partition, of_it in rows.items()}
    return Prepared(name, alive, outline(Collection(name)))


def made_up(count, partitions):
    """Rows by partition and key."""
    source = np.random.default_rng(count)
    randoms, vectors = source.random(count), source.random((count, DIM), dtype=np.float32)
    rows = {partition: {} for partition in partitions}
    for pk in range(count):
        rows[partitions[pk % len(partitions)]][pk] = {
            "pk": pk, "random": float(randoms[pk]), "var": f"row {pk} 行", "embeddings": vectors[pk].tolist()}
    return rows


def insert(collection, rows, numbers):
    for partition, of_it in rows.items():
        block = [of_it[pk] for pk in numbers if pk in of_it]
        if block:
            collection.insert(block, partition_name=partition)


def index_and_load(name):
    collection = Collection(name)
    collection.create_index("embeddings", INDEX)
    collection.load()


def outline(collection):
    """What a collection is besides its rows, as Milvus tells it."""
    return {
        "schema": collection.schema.to_dict(),
        "partitions": sorted(partition.name for partition in collection.partitions),
        "indexes": {index.field_name: index.params for index in collection.indexes},
    }
