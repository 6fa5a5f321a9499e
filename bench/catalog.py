"""Fills the catalog of a data directory with backups that were never made: as many, and as varied, as years of
nightly backups of some clusters leave behind. Only the list is looked at; the repository holds none of them."""

import json
import random
import sqlite3

CLUSTERS = ["production", "staging", "recommendations", "検索クラスタ", "图像检索", "research"]
COLLECTIONS = ["medium_articles", "hello_milvus", "weather_by_city", "tenant_documents", "image_fingerprints", "books",
               "products", "faces", "商品画像", "用户画像"]
NIGHT = 86_400_000_000
NEWEST = 1_790_000_000_000_000
STATES = ["AVAILABLE"] * 96 + ["FAILED"] * 3 + ["DAMAGED"]
REASONS = {
    "FAILED": {"code": "cluster_unreachable", "subject": "http://127.0.0.1:19530", "detail": "connection refused",
               "hint": "check that Milvus runs"},
    "DAMAGED": {"code": "file_damaged", "subject": "insert_log/1/2/3/100/4", "detail": "its BLAKE3 is another one",
                "hint": "make a new backup"},
}


def fill(database, count):
    """Writes `count` backups into a catalog that the program made; the same ones each time."""
    rng = random.Random(count)
    clusters = [(f"in01-{rng.getrandbits(60):015x}", name) for name in CLUSTERS]
    with sqlite3.connect(database) as catalog:
        for number in range(count):
            insert(catalog, one(rng, number, clusters))
    catalog.close()


def one(rng, number, clusters):
    """A backup as (its row, its collections, its proofs)."""
    identifier = f"backup0_{rng.getrandbits(60):015x}"
    cluster_id, cluster = clusters[number % len(clusters)]
    created = NEWEST - number // len(clusters) * NIGHT - rng.randrange(3_600_000_000)
    state = rng.choice(STATES)
    names = rng.sample(COLLECTIONS, rng.randint(1, len(COLLECTIONS)))
    collections = [collection(rng, name) for name in names] if state != "FAILED" else []
    total = {key: sum(each[key] for each in collections) for key in ("rows", "bytes", "files")}
    name = f"{cluster}-{number // len(clusters):05d}"
    proof = (rng.choice(["list", "read"]), created + 120_000_000) if collections else (None, None)
    row = {
        "id": identifier, "name": name, "name_folded": name.lower(), "cluster_id": cluster_id, "cluster_name": cluster,
        "state": state, "scope": "CLUSTER", "method": "MANUAL" if number % 7 == 0 else "AUTO", "created_at": created,
        "finished_at": created + 60_000_000 if collections else None, "bytes": total["bytes"],
        "new_bytes": total["bytes"] // 20, "row_count": total["rows"], "file_count": total["files"],
        "proof_level": proof[0], "proof_at": proof[1], "milvus_version": "v2.3.5",
        "collection_count": len(collections), "reason": json.dumps(REASONS[state]) if state in REASONS else None,
    }
    return row, collections, [proof] if collections else []


def collection(rng, name):
    rows = rng.randrange(1_000, 5_000_000)
    return {"database": "default", "name": name, "rows": rows, "bytes": rows * 3100, "files": 8 + rows // 2000,
            "partitions": 1, "fields": ["id: Int64 (primary key)", "embedding: FloatVector (768)"],
            "indexes": ["embedding: HNSW"], "aliases": [], "load_state": "loaded"}


def insert(catalog, backup):
    row, collections, proofs = backup
    columns = ", ".join(row)
    catalog.execute(f"INSERT INTO backups ({columns}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
    catalog.execute("INSERT INTO backup_collections (backup_id, collection_list) VALUES (?, ?)",
                    (row["id"], json.dumps(collections)))
    for level, at in proofs:
        catalog.execute("INSERT INTO backup_proofs (backup_id, level, at) VALUES (?, ?, ?)", (row["id"], level, at))
