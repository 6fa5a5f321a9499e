"""The values of the sample rows: always the same for the same collection, number and version of a row.

Rows are made in blocks of columns. `version` is 0 for the first insert and 1 for what an upsert writes over it.
"""

import zlib

import numpy as np

TOPICS = ["vectors", "backups", "search", "storage", "rust", "gardening", "tea", "history"]
AUTHORS = ["Ada", "Grace", "Alan", "Barbara", "Edsger", "雪", "小明"]
CITIES = ["tokyo", "osaka", "shanghai"]
JAPANESE = ["吾輩は猫である", "銀河鉄道の夜", "雪国", "走れメロス", "こころ", "羅生門", "人間失格", "坊っちゃん"]
CHINESE = ["红楼梦", "西游记", "水浒传", "三国演义", "围城", "骆驼祥子", "边城", "呐喊"]


def generator(name, start, version):
    """A source of random values for one block: no block depends on another."""
    return np.random.default_rng([zlib.crc32(name.encode()), start, version])


def vectors(rng, count, dim):
    return rng.random((count, dim), dtype=np.float32)


def articles(name, numbers, version):
    rng = generator(name, numbers[0], version)
    claps, picks = rng.integers(0, 5000, len(numbers)), rng.integers(0, 1 << 30, len(numbers))
    for number, clap, pick, vector in zip(numbers, claps.tolist(), picks.tolist(), vectors(rng, len(numbers), 768)):
        topic = TOPICS[pick % len(TOPICS)]
        row = {
            "id": f"article-{number:06d}",
            "title": f"{'Revised: ' if version else ''}On {topic}, part {number}",
            "publication": ["The Startup", "Better Humans", "Towards Data Science"][pick % 3],
            "claps": clap,
            "details": {"topic": topic, "reading": {"minutes": pick % 30, "level": "easy" if pick % 2 else "hard"},
                        "score": clap / 8, "draft": pick % 5 == 0, "note": None},
            "tags": [TOPICS[(pick + step) % len(TOPICS)] for step in range(pick % 4)],
            "ratings": [pick % 5, clap % 5, version],
            "title_vector": vector.tolist(),
            "link": f"https://example.org/{topic}/{number}",
        }
        if pick % 3:
            row["author"] = {"name": AUTHORS[pick % len(AUTHORS)], "followers": pick % 900}
        if pick % 7 == 0:
            row["responses"] = pick % 40
        yield row


def hello(name, numbers, version):
    rng = generator(name, numbers[0], version)
    return [np.asarray(numbers, dtype=np.int64), rng.random(len(numbers)), vectors(rng, len(numbers), 128)]


def weather(name, numbers, version):
    rng = generator(name, numbers[0], version)
    count = len(numbers)
    return [
        np.asarray(numbers, dtype=np.int64),
        rng.integers(-20, 45, count).astype(np.int8), rng.integers(900, 1100, count).astype(np.int16),
        rng.integers(0, 100_000, count).astype(np.int32), rng.random(count, dtype=np.float32), rng.random(count),
        (rng.random(count) < 0.3).tolist(), vectors(rng, count, 64),
    ]


def documents(name, numbers, version):
    rng = generator(name, numbers[0], version)
    tenants = [f"tenant-{number % 37:02d}" for number in numbers]
    bodies = [f"Document {number}, version {version}, of {tenant}" for number, tenant in zip(numbers, tenants)]
    return [np.asarray(numbers, dtype=np.int64), tenants, bodies, vectors(rng, len(numbers), 96)]


def fingerprints(name, numbers, version):
    rng = generator(name, numbers[0], version)
    bits = [row.tobytes() for row in rng.integers(0, 256, (len(numbers), 32), dtype=np.uint8)]
    return [np.asarray(numbers, dtype=np.int64), [f"photo-{number}.png" for number in numbers], bits]


def books(name, numbers, version):
    rng = generator(name, numbers[0], version)
    for number, vector in zip(numbers, vectors(rng, len(numbers), 64)):
        japanese = number % 2 == 0
        title = (JAPANESE if japanese else CHINESE)[number // 2 % 8]
        yield {
            "key": f"{'書籍' if japanese else '图书'}-{number:05d}",
            "title": title + (" 改訂版" if japanese else " 修订版") * version,
            "language": "日本語" if japanese else "简体中文",
            "vector": vector.tolist(),
            "所蔵": {"棚": f"{'東西南北'[number % 4]}{number % 90}", "冊数": number % 5},
        }


def bench(name, numbers, version):
    rng = generator(name, numbers[0], version)
    return [np.asarray(numbers, dtype=np.int64), vectors(rng, len(numbers), 768)]
