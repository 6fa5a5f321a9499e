"""Reads every row of a collection and reduces each to a digest, so that two collections can be compared row by row."""

import hashlib
import json
import time
from contextlib import contextmanager

import numpy as np
from pymilvus import DataType, MilvusException, utility

from .fill import is_loaded

BATCH = 2000


@contextmanager
def readable(collection, using):
    """Has the collection loaded meanwhile, and leaves it as it was: released if it was, without an index if it had
    none."""
    made_index = None
    was_loaded = is_loaded(collection, using)
    if not was_loaded:
        if not collection.indexes:
            made_index = bare_index(collection)
        load(collection)
    utility.wait_for_loading_complete(collection.name, timeout=300, using=using)
    try:
        yield
    finally:
        if not was_loaded:
            collection.release()
        if made_index:
            collection.drop_index(index_name=made_index)


def load(collection, patience=60):
    """A Milvus that has just been started refuses for a while: its query node is not registered yet."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return collection.load()
        except MilvusException:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


def bare_index(collection):
    vector = next(one for one in collection.schema.fields
                  if one.dtype in (DataType.FLOAT_VECTOR, DataType.BINARY_VECTOR))
    flat = {"index_type": "FLAT", "metric_type": "L2"}
    if vector.dtype == DataType.BINARY_VECTOR:
        flat = {"index_type": "BIN_FLAT", "metric_type": "HAMMING"}
    collection.create_index(vector.name, {**flat, "params": {}}, index_name="to_read_rows")
    return "to_read_rows"


def rows(collection):
    """Digests of all rows: {(partition, primary key): digest}. Rows of a partition key are found by Milvus alone,
    so there the partition is left out."""
    by_key = any(one.is_partition_key for one in collection.schema.fields)
    partitions = [None] if by_key else [one.name for one in collection.partitions]
    found = {}
    for partition in partitions:
        where = {} if partition is None else {"partition_names": [partition]}
        iterator = collection.query_iterator(batch_size=BATCH, output_fields=["*"], consistency_level="Strong", **where)
        while batch := iterator.next():
            for row in batch:
                key = (partition, row[collection.primary_field.name])
                if key in found:
                    raise ValueError(f"{collection.name}: two live rows have the key {key}")
                found[key] = digest(row)
        iterator.close()
    return found


def counted(collection):
    """What Milvus itself counts, as a check on the reading above."""
    return collection.query("", output_fields=["count(*)"], consistency_level="Strong")[0]["count(*)"]


def digest(row):
    text = json.dumps({name: plain(value) for name, value in row.items()}, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def plain(value):
    """A field's value as JSON can write it, exactly: a vector by its bytes, which is also the quickest."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (dict, str)) or not hasattr(value, "__iter__"):
        return value
    values = list(value)
    if values and isinstance(values[0], np.floating):
        return np.asarray(values, dtype=values[0].dtype).tobytes().hex()
    return [plain(one) for one in values]


def together(digests):
    """One short text for all rows, whatever their order."""
    whole = hashlib.blake2b(digest_size=8)
    for key in sorted(digests, key=str):
        whole.update(str(key).encode() + digests[key])
    return whole.hexdigest()
