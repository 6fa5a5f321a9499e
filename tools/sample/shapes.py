"""The collections of the sample: their schemas, sizes, indexes, aliases, and what is changed after the first flush."""

from dataclasses import dataclass, field
from typing import Callable

from pymilvus import CollectionSchema, DataType, FieldSchema

from . import rows

HNSW = {"index_type": "HNSW", "metric_type": "L2", "params": {"M": 8, "efConstruction": 64}}
IVF = {"index_type": "IVF_FLAT", "metric_type": "L2", "params": {"nlist": 64}}
FLAT = {"index_type": "FLAT", "metric_type": "IP", "params": {}}
BINARY = {"index_type": "BIN_IVF_FLAT", "metric_type": "HAMMING", "params": {"nlist": 32}}

BENCH_BYTES = 256 * 1024 * 1024
BENCH_ROW_BYTES = 768 * 4


@dataclass
class Shape:
    """One collection of the sample. `count` is (rows at full scale, rows at small scale)."""

    name: str
    fields: Callable[[], list]
    rows: Callable
    count: tuple
    description: str = ""
    database: str = "default"
    dynamic: bool = False
    partitions: list = field(default_factory=list)
    buckets: tuple | None = None
    index: dict | None = None
    alias: str | None = None
    loaded: bool = False
    changed: bool = True

    def schema(self):
        return CollectionSchema(self.fields(), description=self.description, enable_dynamic_field=self.dynamic)

    def vector_field(self):
        kinds = (DataType.FLOAT_VECTOR, DataType.BINARY_VECTOR)
        return next(one.name for one in self.fields() if one.dtype in kinds)

    def key(self, number):
        """The primary key of a row, as a Milvus expression writes it."""
        first = next(iter(self.rows(self.name, [number], 0)))
        value = next(iter(first.values())) if isinstance(first, dict) else int(first[0])
        return f'"{value}"' if isinstance(value, str) else str(value)


def string(name, length, **more):
    return FieldSchema(name, DataType.VARCHAR, max_length=length, **more)


def number(name, kind=DataType.INT64, **more):
    return FieldSchema(name, kind, **more)


def vector(name, dim, kind=DataType.FLOAT_VECTOR):
    return FieldSchema(name, kind, dim=dim)


def strings(name, capacity):
    return FieldSchema(name, DataType.ARRAY, element_type=DataType.VARCHAR, max_capacity=capacity, max_length=64)


def numbers(name, capacity):
    return FieldSchema(name, DataType.ARRAY, element_type=DataType.INT64, max_capacity=capacity)


SAMPLE = [
    Shape("medium_articles", lambda: [
        string("id", 64, is_primary=True), string("title", 512), string("publication", 128), number("claps"),
        FieldSchema("details", DataType.JSON), strings("tags", 8), numbers("ratings", 8), vector("title_vector", 768)],
        rows.articles, (3000, 600), "Articles with their titles as vectors", dynamic=True, index=HNSW,
        alias="articles", loaded=True),
    Shape("hello_milvus", lambda: [
        number("pk", is_primary=True), number("random", DataType.DOUBLE), vector("embeddings", 128)],
        rows.hello, (100_000, 5000), "hello_milvus is the simplest demo", index=IVF),
    Shape("weather_by_city", lambda: [
        number("station", is_primary=True), number("celsius", DataType.INT8), number("hectopascal", DataType.INT16),
        number("lux", DataType.INT32), number("humidity", DataType.FLOAT), number("rain", DataType.DOUBLE),
        number("night", DataType.BOOL), vector("pattern", 64)],
        rows.weather, (9000, 900), "One partition for each city", partitions=rows.CITIES, index=IVF, loaded=True),
    Shape("tenant_documents", lambda: [
        number("id", is_primary=True), string("tenant", 64, is_partition_key=True), string("body", 1024),
        vector("embedding", 96)],
        rows.documents, (8000, 800), "Documents of many tenants, spread by partition key", buckets=(16, 4), index=IVF),
    Shape("image_fingerprints", lambda: [
        number("id", is_primary=True), string("file", 128), vector("bits", 256, DataType.BINARY_VECTOR)],
        rows.fingerprints, (5000, 500), "Perceptual hashes of images", index=BINARY, alias="fingerprints",
        loaded=True),
    Shape("drafts", lambda: [number("id", is_primary=True), string("text", 256), vector("embedding", 32)],
          rows.hello, (0, 0), "Nothing in it yet", changed=False),
    Shape("books", lambda: [
        string("key", 64, is_primary=True), string("title", 256), string("language", 32), vector("vector", 64)],
        rows.books, (2000, 200), "東アジアの本棚：日本語と中文の書籍", database="east_asian_library", dynamic=True,
        index=FLAT, alias="hondana", loaded=True),
]


def bench(total_bytes):
    """As many collections of 256 MB of vectors as make `total_bytes`; random floats do not get smaller on disk."""
    per_collection = -(-BENCH_BYTES // BENCH_ROW_BYTES)
    fields = [number("id", is_primary=True), vector("embedding", 768)]
    return [Shape(f"bench_{one:02d}", lambda: fields, rows.bench, (per_collection, per_collection),
                  "Random vectors, to measure with", changed=False)
            for one in range(-(-total_bytes // BENCH_BYTES))]
