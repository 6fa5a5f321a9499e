#!/usr/bin/env python3
"""Checks a backup in the layout of milvus-backup: every document, every key and its type, every path, size and count.

Written from the description of the format alone and shares nothing with what writes it. Prints what is wrong, a line
each, and exits with 1; or one line with the totals.
"""

import argparse
import base64
import io
import json
import struct
import sys
from pathlib import Path

import pyarrow.parquet

TEXT, INT, BOOL = str, int, bool
PAIR = {"key": TEXT, "value": TEXT}
LOG = {"log_path": TEXT, "log_size": INT, "log_id": INT, "entries_num": INT, "timestamp_from": INT, "timestamp_to": INT}
FIELD_LOGS = {"fieldID": INT, "binlogs": [LOG]}
SEGMENT = {"segment_id": INT, "collection_id": INT, "partition_id": INT, "num_of_rows": INT, "binlogs": [FIELD_LOGS],
           "statslogs": [FIELD_LOGS], "deltalogs": [FIELD_LOGS], "size": INT, "group_id": INT, "backuped": BOOL,
           "is_l0": BOOL, "v_channel": TEXT, "storage_version": INT}
PARTITION = {"partition_id": INT, "partition_name": TEXT, "collection_id": INT, "segment_backups": [SEGMENT],
             "size": INT, "load_state": TEXT}
FIELD = {"fieldID": INT, "name": TEXT, "is_primary_key": BOOL, "description": TEXT, "data_type": INT,
         "type_params": [PAIR], "index_params": [PAIR], "autoID": BOOL, "state": INT, "element_type": INT,
         "is_dynamic": BOOL, "is_partition_key": BOOL, "nullable": BOOL, "is_function_output": BOOL,
         "default_value_base64": TEXT}
SCHEMA = {"name": TEXT, "description": TEXT, "autoID": BOOL, "fields": [FIELD], "enable_dynamic_field": BOOL,
          "properties": [PAIR]}
INDEX = {"field_name": TEXT, "index_name": TEXT, "index_type": TEXT, "params": {"*": TEXT}, "index_id": INT}
COLLECTION = {"id": TEXT, "collection_id": INT, "db_name": TEXT, "collection_name": TEXT, "schema": SCHEMA,
              "shards_num": INT, "consistency_level": INT, "partition_backups": [PARTITION], "backup_timestamp": INT,
              "size": INT, "has_index": BOOL, "index_infos": [INDEX], "load_state": TEXT,
              "backup_physical_timestamp": INT, "channel_checkpoints": {"*": TEXT}, "l0_segments": [SEGMENT],
              "properties": [PAIR], "db_id": INT, "created_timestamp": INT, "virtual_channel_names": [TEXT],
              "physical_channel_names": [TEXT], "aliases": [TEXT]}
BRIEF = {"id": TEXT, "state_code": INT, "name": TEXT, "backup_timestamp": INT, "size": INT, "milvus_version": TEXT,
         "format": TEXT}
BACKUP = {**BRIEF, "collection_backups": [COLLECTION],
          "database_backups": [{"db_name": TEXT, "db_id": INT, "properties": [PAIR]}]}
BARE_PARTITION = {key: kind for key, kind in PARTITION.items() if key != "segment_backups"}
ALWAYS = {"size", "log_size", "state_code", "has_index"}
DOCUMENTS = {
    "backup_meta.json": BRIEF,
    "collection_meta.json": {"infos": [{**COLLECTION, "partition_backups": [BARE_PARTITION]}]},
    "partition_meta.json": {"infos": [BARE_PARTITION]},
    "segment_meta.json": {"infos": [SEGMENT]},
    "full_meta.json": BACKUP,
}
DATA_TYPES = {1, 2, 3, 4, 5, 10, 11, 20, 21, 22, 23, 100, 101}
MAGIC = 0xFFFABC


class Archive:
    def __init__(self, directory):
        self.directory, self.wrong, self.documents = Path(directory), [], {}

    def say(self, text):
        self.wrong.append(text)

    def read_documents(self):
        for name, shape in DOCUMENTS.items():
            path = self.directory / "meta" / name
            if not path.is_file():
                self.say(f"meta/{name} is missing")
                continue
            value = json.loads(path.read_text(encoding="utf-8"), parse_float=lambda text: self.say(f"{name}: {text} is no integer"))
            self.shape(name, value, shape)
            self.documents[name] = value

    def shape(self, where, value, kind):
        """Every key is known and of its type; what is always there is there; nothing else is zero."""
        if isinstance(kind, list):
            if not isinstance(value, list):
                return self.say(f"{where} is no list")
            for number, one in enumerate(value):
                self.shape(f"{where}[{number}]", one, kind[0])
        elif isinstance(kind, dict):
            if not isinstance(value, dict):
                return self.say(f"{where} is no object")
            for key in ALWAYS & kind.keys() - value.keys():
                self.say(f"{where} has no {key}")
            for key, one in value.items():
                expected = kind.get(key, kind.get("*"))
                if expected is None:
                    self.say(f"{where} has the unknown key {key}")
                    continue
                if key not in ALWAYS and "*" not in kind and key != "infos" and not one:
                    self.say(f"{where}.{key} is zero and not left out")
                self.shape(f"{where}.{key}", one, expected)
        elif type(value) is not kind:
            self.say(f"{where} is {value!r}, no {kind.__name__}")
        return None

    def same_levels(self):
        """The documents of each level say what the whole says."""
        full = self.documents["full_meta.json"]
        collections = full.get("collection_backups", [])
        partitions = [part for one in collections for part in one.get("partition_backups", [])]
        segments = [segment for part in partitions for segment in part.get("segment_backups", [])]
        without = lambda values, key: [{name: one for name, one in value.items() if name != key} for value in values]
        for name, expected in [
            ("collection_meta.json", [{**one, "partition_backups": without(one.get("partition_backups", []), "segment_backups")}
                                      for one in collections]),
            ("partition_meta.json", without(partitions, "segment_backups")),
            ("segment_meta.json", segments),
        ]:
            if self.documents[name]["infos"] != expected:
                self.say(f"{name} and full_meta.json differ")
        brief = {key: value for key, value in full.items() if key in BRIEF}
        if self.documents["backup_meta.json"] != brief:
            self.say("backup_meta.json and full_meta.json differ")
        if full.get("name") != self.directory.name:
            self.say(f"it is called {full.get('name')} and lies in {self.directory.name}")
        return collections, partitions, segments

    def sums(self, full, collections, partitions):
        def compare(where, one, parts):
            total = sum(part["size"] for part in parts)
            if one["size"] != total:
                self.say(f"{where} has size {one['size']}, its parts {total}")

        compare("the backup", full, collections)
        for one in collections:
            compare(f"collection {one['collection_name']}", one, one.get("partition_backups", []))
        for part in partitions:
            compare(f"partition {part['partition_id']}", part, part.get("segment_backups", []))

    def collection(self, one):
        name = one.get("collection_name")
        fields = one.get("schema", {}).get("fields", [])
        if sum(field.get("is_primary_key", False) for field in fields) != 1:
            self.say(f"{name} has not one primary key")
        for field in fields:
            if field.get("data_type") not in DATA_TYPES:
                self.say(f"{name}.{field.get('name')} has type {field.get('data_type')}")
            if "default_value_base64" in field:
                base64.b64decode(field["default_value_base64"], validate=True)
        if one["schema"].get("name") != name:
            self.say(f"{name} has a schema of {one['schema'].get('name')}")
        if one.get("load_state") not in {"NotLoad", "Loading", "Loaded"}:
            self.say(f"{name} has load state {one.get('load_state')}")
        if one["has_index"] != bool(one.get("index_infos")):
            self.say(f"{name} does not know whether it has indexes")
        for index in one.get("index_infos", []):
            if not index.get("index_type") or index["params"].get("index_type") != index["index_type"]:
                self.say(f"{name}: index {index.get('index_name')} has no proper type")
        ids = {0, 1} | {field["fieldID"] for field in fields}
        for part in one.get("partition_backups", []):
            if part.get("collection_id") != one["collection_id"]:
                self.say(f"partition {part.get('partition_id')} is of another collection")
            for segment in part.get("segment_backups", []):
                if (segment.get("collection_id"), segment.get("partition_id")) != (one["collection_id"], part["partition_id"]):
                    self.say(f"segment {segment.get('segment_id')} is of another place")
                self.segment(segment, ids, one["schema"].get("enable_dynamic_field", False))

    def segment(self, segment, ids, dynamic):
        number = segment["segment_id"]
        if segment.get("group_id") != number:
            self.say(f"segment {number} is in group {segment.get('group_id')}")
        place = f"{segment['collection_id']}/{segment['partition_id']}/{segment['group_id']}/{number}"
        total, counts, rows = 0, {}, 0
        for logs in segment.get("binlogs", []):
            field = logs.get("fieldID", 0)
            counts[field] = len(logs.get("binlogs", []))
            for log in logs.get("binlogs", []):
                total += self.file(f"insert_log/{place}/{field}/{log['log_id']}", log, f"{number}/{field}/{log['log_id']}")
                if field == 1:
                    rows += rows_of(self.directory / f"binlogs/insert_log/{place}/{field}/{log['log_id']}")
        for logs in segment.get("deltalogs", []):
            for log in logs.get("binlogs", []):
                total += self.file(f"delta_log/{place}/{log['log_id']}", log, f"{number}/{log['log_id']}")
        if len(set(counts.values())) != 1 or not ids <= counts.keys():
            self.say(f"segment {number} has logs {counts}, its fields are {sorted(ids)}")
        if len(counts) != len(ids) + dynamic:
            self.say(f"segment {number} has {len(counts)} fields with logs in place of {len(ids) + dynamic}")
        if total != segment["size"]:
            self.say(f"segment {number} has size {segment['size']}, its logs {total}")
        if rows != segment.get("num_of_rows"):
            self.say(f"segment {number} holds {rows} rows, and is said to hold {segment.get('num_of_rows')}")
        self.rows += rows

    def file(self, key, log, tail):
        path = self.directory / "binlogs" / key
        self.named.add(path)
        if not path.is_file():
            self.say(f"binlogs/{key} is missing")
        elif path.stat().st_size != log["log_size"]:
            self.say(f"binlogs/{key} has {path.stat().st_size} bytes in place of {log['log_size']}")
        if not log.get("log_path", "").endswith(tail):
            self.say(f"binlogs/{key} came from {log.get('log_path')}")
        return log["log_size"]

    def check(self):
        self.named, self.rows = set(), 0
        self.read_documents()
        if self.wrong:
            return
        collections, partitions, segments = self.same_levels()
        self.sums(self.documents["full_meta.json"], collections, partitions)
        for one in collections:
            self.collection(one)
        there = {path for path in (self.directory / "binlogs").rglob("*") if path.is_file()}
        for path in sorted(there - self.named):
            self.say(f"{path.relative_to(self.directory)} is named nowhere")
        print(f"{len(collections)} collections, {len(segments)} segments, {len(self.named)} files, {self.rows} rows")


def rows_of(path):
    """Rows in a binlog: descriptor event, then one event that ends with a Parquet file."""
    data = path.read_bytes()
    if struct.unpack_from("<I", data)[0] != MAGIC:
        raise ValueError(f"{path} is no binlog")
    begin = data.index(b"PAR1")
    return pyarrow.parquet.read_metadata(io.BytesIO(data[begin:])).num_rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", help="the one that holds `meta` and `binlogs`")
    archive = Archive(parser.parse_args().directory)
    archive.check()
    for line in archive.wrong:
        print(line)
    return 1 if archive.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
