"""The measured Milvus and its sample: which files are live, what its import takes when called by hand."""

import json
import shutil
import time
from pathlib import Path
from urllib.parse import urlparse

from pymilvus import Collection, MilvusException, utility
from pymilvus.grpc_gen import common_pb2, milvus_pb2

from sample.connect import Cluster

BY_HAND = "_by_hand"
RESTORED = "_restored"
POLL_SECONDS = 0.3


class Source:
    """A Milvus on local storage, filled by `tools/sample_data.py --bench-bytes`."""

    def __init__(self, facts_file):
        self.facts = json.loads(Path(facts_file).read_text(encoding="utf-8"))
        self.root = Path(urlparse(self.facts["storage"]["url"]).path)
        self.using = Cluster(self.facts["address"], self.facts["username"], self.facts["password_file"]).using()

    def wait_ready(self, seconds=120):
        """After a start with data Milvus says it is healthy some seconds before every collection can be flushed."""
        deadline = time.monotonic() + seconds
        for name in self.collections():
            while True:
                try:
                    Collection(name, using=self.using).flush(timeout=seconds)
                    break
                except MilvusException:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(1)

    def collections(self):
        """The names of the sample's collections, in order."""
        names = utility.list_collections(using=self.using)
        return sorted(name for name in names if name.startswith("bench_") and name[6:].isdigit())

    def files(self, names):
        """Every live file of some collections: those of flushed segments with rows, as Milvus counts them."""
        found = []
        for name in names:
            request = milvus_pb2.GetPersistentSegmentInfoRequest(dbName="default", collectionName=name)
            answer = checked(self._stub().GetPersistentSegmentInfo(request))
            for info in answer.infos:
                if info.num_rows:
                    place = f"{info.collectionID}/{info.partitionID}/{info.segmentID}"
                    for kind in ("insert_log", "delta_log"):
                        found += [path for path in (self.root / kind / place).rglob("*") if path.is_file()]
        return sorted(found)

    def directories(self, files):
        """The collections' directories that hold these files and no others, relative to the root."""
        tops = sorted({Path(*path.relative_to(self.root).parts[:2]) for path in files})
        held = sum(path.is_file() for top in tops for path in (self.root / top).rglob("*"))
        if held != len(files):
            raise SystemExit(f"error: {self.root} holds {held} files of the sample where {len(files)} are live\n"
                             "hint: make the sample anew: tools/milvus remove bench, in the cache directory")
        return tops

    def import_by_hand(self, names):
        """Imports collections from the files as they lie there, all tasks asked for at once; returns seconds."""
        targets = [(name, self._twin(name)) for name in names]
        started = time.monotonic()
        tasks = {}
        for name, target in targets:
            partition = self.files([name])[0].relative_to(self.root).parts[:3]
            request = milvus_pb2.ImportRequest(
                collection_name=target.name, partition_name="_default", files=[str(self.root / Path(*partition)), ""],
                options=[common_pb2.KeyValuePair(key="backup", value="true")])
            tasks[checked(self._stub().Import(request)).tasks[0]] = Collection(name, using=self.using).num_entities
        for task, rows in tasks.items():
            self._wait(task, rows)
        seconds = time.monotonic() - started
        for _, target in targets:
            target.drop()
        return seconds

    def _twin(self, name):
        target = name + BY_HAND
        if utility.has_collection(target, using=self.using):
            utility.drop_collection(target, using=self.using)
        return Collection(target, Collection(name, using=self.using).schema, using=self.using, shards_num=1)

    def _wait(self, task, rows):
        while True:
            state = checked(self._stub().GetImportState(milvus_pb2.GetImportStateRequest(task=task)))
            if state.state == common_pb2.ImportCompleted:
                if state.row_count != rows:
                    raise SystemExit(f"error: an import by hand brought {state.row_count} rows instead of {rows}")
                return
            if state.state in (common_pb2.ImportFailed, common_pb2.ImportFailedAndCleaned):
                raise SystemExit(f"error: an import by hand failed: {dict((one.key, one.value) for one in state.infos)}")
            time.sleep(POLL_SECONDS)

    def clean(self):
        """Drops what this or an earlier run restored, and what a restore that was broken off left."""
        for name in utility.list_collections(using=self.using):
            if name.endswith((BY_HAND, RESTORED)) or name.startswith("hozon_restore_"):
                utility.drop_collection(name, using=self.using)
        shutil.rmtree(self.root / "hozon-restore", ignore_errors=True)

    def _stub(self):
        return utility._get_connection(self.using)._stub


def checked(answer):
    """An answer of Milvus, or an end with what it complains about."""
    if answer.status.error_code or answer.status.code:
        raise SystemExit(f"error: Milvus: {answer.status.reason}")
    return answer
