"""The sample data is the same each time, on every machine: tests and measurements rely on it."""

import unittest

from sample import digest, fill, shapes

KNOWN = {
    "medium_articles": "a2d5f59edba5",
    "hello_milvus": "16eeee1a102d",
    "weather_by_city": "a6e12aac33e6",
    "tenant_documents": "173e720b1661",
    "image_fingerprints": "cbee652d9be9",
    "drafts": "852964ba6a03",
    "books": "c620891cb00b",
}


def fingerprint(shape):
    rows = shape.rows(shape.name, list(range(20)), 0)
    values = [list(column) for column in rows] if isinstance(rows, list) else list(rows)
    return digest.digest(values).hex()[:12]


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
