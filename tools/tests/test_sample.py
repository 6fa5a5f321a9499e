"""The sample data is the same each time, on every machine: tests and measurements rely on it."""

import unittest

from sample import digest, fill, shapes

KNOWN = {
    "medium_articles": "6967bdd2535b",
    "hello_milvus": "1243e36b3ff8",
    "weather_by_city": "e770cf918561",
    "tenant_documents": "8920c4de1e60",
    "image_fingerprints": "8de60988773d",
    "drafts": "51f7c4225afa",
    "books": "24d252607c2b",
}


def fingerprint(shape):
    rows = shape.rows(shape.name, list(range(20)), 0)
    parts = rows if isinstance(rows, list) else [digest.digest(row) for row in rows]
    return digest.digest({str(place): part for place, part in enumerate(parts)}).hex()[:12]


class Sample(unittest.TestCase):
    def test_rows_never_change(self):
        self.assertEqual({shape.name: fingerprint(shape) for shape in shapes.SAMPLE}, KNOWN)

    def test_a_block_does_not_depend_on_what_was_made_before(self):
        shape = shapes.SAMPLE[0]
        again = list(shape.rows(shape.name, range(5, 7), 1))
        self.assertEqual(list(shape.rows(shape.name, range(5, 7), 1)), again)
        self.assertNotEqual(list(shape.rows(shape.name, range(5, 7), 0)), again)

    def test_every_partition_gets_rows_and_no_row_is_lost(self):
        shape = next(one for one in shapes.SAMPLE if one.partitions)
        parts = fill.by_partition(shape, list(range(100)))
        self.assertEqual([name for name, _ in parts], ["_default", *shape.partitions])
        self.assertEqual(sorted(number for _, part in parts for number in part), list(range(100)))

    def test_what_is_measured_is_at_least_as_large_as_asked(self):
        wanted = 1_000_000_000
        made = sum(shape.count[0] * shapes.BENCH_ROW_BYTES for shape in shapes.bench(wanted))
        self.assertGreaterEqual(made, wanted)


if __name__ == "__main__":
    unittest.main()
