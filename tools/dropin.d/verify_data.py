"""Whether a collection is what was prepared: every row of every partition, the index, and what a search finds."""

from pymilvus import Collection, utility

from prepare_data import INDEX, outline

FIELDS = ["pk", "random", "var", "embeddings"]


def expect(what, found, wanted):
    if found != wanted:
        raise AssertionError(f"{what}: {found!r} in place of {wanted!r}")


def verify_data(prepared, name):
    """Of a collection that is loaded, as it stands: it is not loaded here."""
    expect(f"whether {name} is loaded", str(utility.load_state(name)), "Loaded")
    collection = Collection(name)
    expect(f"what {name} is", outline(collection), prepared.outline)
    expect(f"the index of {name}", outline(collection)["indexes"], {"embeddings": INDEX})
    count = collection.query("", output_fields=["count(*)"], consistency_level="Strong")[0]["count(*)"]
    expect(f"the number of rows of {name}", count, sum(len(of_it) for of_it in prepared.rows.values()))
    for partition, wanted in prepared.rows.items():
        compare(f"{name}, partition {partition}", stored(collection, partition), wanted)
        pk, row = next(reversed(wanted.items()))
        found = collection.search([row["embeddings"]], "embeddings", {"metric_type": "L2", "params": {"nprobe": 64}},
                                  limit=1, consistency_level="Strong")
        expect(f"what is found in {name} by the vector of row {pk}", list(found[0].ids), [pk])


def verify_without_index(prepared, name):
    """Of a collection that was restored without its index: the rest of its outline, and that nobody loaded it."""
    expect(f"whether {name} is loaded", str(utility.load_state(name)), "NotLoad")
    expect(f"what {name} is", outline(Collection(name)), {**prepared.outline, "indexes": {}})


def stored(collection, partition):
    found = collection.query("pk >= 0", output_fields=FIELDS, partition_names=[partition], consistency_level="Strong")
    rows = {}
    for row in found:
        if row["pk"] in rows:
            raise AssertionError(f"{collection.name}: two rows have the key {row['pk']}")
        rows[row["pk"]] = {**row, "embeddings": [float(value) for value in row["embeddings"]]}
    return rows


def compare(where, found, wanted):
    for what, keys in [
        ("missing", wanted.keys() - found.keys()),
        ("too many", found.keys() - wanted.keys()),
        ("different", {pk for pk in wanted.keys() & found.keys() if wanted[pk] != found[pk]}),
    ]:
        if keys:
            raise AssertionError(f"{where}: {len(keys)} rows {what}, for example {sorted(keys)[:3]}")
