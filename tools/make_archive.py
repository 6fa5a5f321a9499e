#!/usr/bin/env python3
"""Makes a backup in the layout of milvus-backup by hand, from the files of a Milvus on local storage.

For tests of adoption: it asks Milvus with its own client, copies with `shutil`, and shares nothing with what Hozon
writes. The collections must not change meanwhile.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path
from urllib.parse import urlparse

from pymilvus import connections
from pymilvus.grpc_gen import milvus_pb2

from sample.connect import add_options, from_options


def pairs(found):
    return [{"key": pair.key, "value": pair.value} for pair in found]


def schema_of(schema):
    fields = []
    for field in schema.fields:
        one = {"fieldID": field.fieldID, "name": field.name, "data_type": field.data_type}
        for key, value in [
            ("is_primary_key", field.is_primary_key), ("description", field.description),
            ("type_params", pairs(field.type_params)), ("autoID", field.autoID),
            ("element_type", field.element_type), ("is_partition_key", field.is_partition_key),
        ]:
            if value:
                one[key] = value
        fields.append(one)
    whole = {"name": schema.name, "fields": fields}
    for key, value in [("description", schema.description), ("enable_dynamic_field", schema.enable_dynamic_field)]:
        if value:
            whole[key] = value
    return whole


class Maker:
    def __init__(self, cluster, root, target):
        self.cluster, self.root, self.target = cluster, root, target

    def segment(self, collection, info):
        place = f"{collection}/{info.partitionID}/{info.segmentID}"
        grouped = f"{collection}/{info.partitionID}/{info.segmentID}/{info.segmentID}"
        one = {"segment_id": info.segmentID, "collection_id": collection, "partition_id": info.partitionID,
               "num_of_rows": info.num_rows, "group_id": info.segmentID, "size": 0}
        for kind, key in [("insert_log", "binlogs"), ("delta_log", "deltalogs")]:
            by_field = {}
            for path in sorted(path for path in (self.root / kind / place).rglob("*") if path.is_file()):
                tail = path.relative_to(self.root / kind / place)
                copy = self.target / "binlogs" / kind / grouped / tail
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
                field = int(tail.parts[0]) if kind == "insert_log" else 0
                one["size"] += path.stat().st_size
                by_field.setdefault(field, []).append(
                    {"log_path": f"data/{kind}/{place}/{tail}", "log_size": path.stat().st_size, "log_id": int(tail.name)})
            if by_field:
                one[key] = [{**({"fieldID": field} if field else {}), "binlogs": logs} for field, logs in by_field.items()]
        return one

    def collection(self, database, name):
        handler = connections._fetch_handler(self.cluster.using(database))
        handler.flush([name])
        stub = handler._stub
        described = stub.DescribeCollection(milvus_pb2.DescribeCollectionRequest(db_name=database, collection_name=name))
        shown = stub.ShowPartitions(milvus_pb2.ShowPartitionsRequest(db_name=database, collection_name=name))
        indexes = stub.DescribeIndex(milvus_pb2.DescribeIndexRequest(db_name=database, collection_name=name))
        live = stub.GetPersistentSegmentInfo(milvus_pb2.GetPersistentSegmentInfoRequest(dbName=database, collectionName=name))
        partitions = []
        for number, title in zip(shown.partitionIDs, shown.partition_names):
            segments = [self.segment(described.collectionID, info) for info in live.infos
                        if info.partitionID == number and info.num_rows]
            partitions.append({"partition_id": number, "partition_name": title, "collection_id": described.collectionID,
                               **({"segment_backups": segments} if segments else {}),
                               "size": sum(segment["size"] for segment in segments), "load_state": "NotLoad"})
        one = {"id": "made-by-hand", "collection_id": described.collectionID, "db_name": database,
               "collection_name": name, "schema": schema_of(described.schema), "shards_num": described.shards_num,
               "consistency_level": described.consistency_level, "partition_backups": partitions,
               "size": sum(part["size"] for part in partitions), "has_index": bool(indexes.index_descriptions),
               "load_state": "Loaded" if indexes.index_descriptions else "NotLoad"}
        if not one["consistency_level"]:
            del one["consistency_level"]
        if indexes.index_descriptions:
            one["index_infos"] = []
        for index in indexes.index_descriptions:
            params = {pair.key: pair.value for pair in index.params}
            one["index_infos"].append({"field_name": index.field_name, "index_name": index.index_name,
                                       "index_type": params.get("index_type", ""), "params": params,
                                       "index_id": index.indexID})
        return one

    def write(self, names):
        collections = [self.collection(*name.split(".", 1)) for name in names]
        brief = {"id": "made-by-hand", "state_code": 0, "name": self.target.name,
                 "size": sum(one["size"] for one in collections), "milvus_version": "2.3.5"}
        partitions = [part for one in collections for part in one["partition_backups"]]
        segments = [segment for part in partitions for segment in part.get("segment_backups", [])]
        without = lambda values, key: {"infos": [{name: one for name, one in value.items() if name != key} for value in values]}
        meta = self.target / "meta"
        meta.mkdir(parents=True, exist_ok=True)
        for name, document in [
            ("backup_meta", brief),
            ("collection_meta", {"infos": [
                {**one, "partition_backups": without(one["partition_backups"], "segment_backups")["infos"]}
                for one in collections]}),
            ("partition_meta", without(partitions, "segment_backups")),
            ("segment_meta", {"infos": segments}),
            ("full_meta", {**brief, "collection_backups": collections,
                           "database_backups": [{"db_name": one} for one in sorted({one["db_name"] for one in collections})]}),
        ]:
            (meta / f"{name}.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--directory", required=True, help="what to make; its last part is the backup's name")
    parser.add_argument("collections", nargs="+", metavar="DATABASE.COLLECTION")
    options = parser.parse_args()
    facts = json.loads(Path(options.milvus).read_text(encoding="utf-8")) if options.milvus else {}
    if facts.get("storage", {}).get("kind") != "local":
        parser.error("say with --milvus which Milvus on local storage")
    root = Path(urlparse(facts["storage"]["url"]).path)
    Maker(from_options(parser, options), root, Path(options.directory)).write(options.collections)
    return 0


if __name__ == "__main__":
    sys.exit(main())
