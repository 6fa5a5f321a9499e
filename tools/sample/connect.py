"""One connection for each database of a Milvus."""

import json
import logging
from pathlib import Path

from pymilvus import connections, db


class Cluster:
    """A Milvus at an address; `using(database)` gives the name of a live connection to one database."""

    def __init__(self, address, user, password_file):
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        password = Path(password_file).read_text(encoding="utf-8").strip()
        self._how = {"uri": address, "user": user, "password": password}
        self._open = set()

    def using(self, database="default"):
        if database not in self._open:
            connections.connect(database, db_name=database, **self._how)
            self._open.add(database)
        return database

    def databases(self):
        return db.list_database(using=self.using())

    def ensure_database(self, database):
        if database not in self.databases():
            db.create_database(database, using=self.using())


def add_options(parser):
    """The options every script takes that talks to a Milvus."""
    parser.add_argument("--milvus", metavar="FILE", help="the milvus.json that `tools/milvus start` keeps; or:")
    parser.add_argument("--address", help="http://HOST:19530")
    parser.add_argument("--user", default="root")
    parser.add_argument("--password-file")


def from_options(parser, options):
    if options.milvus:
        facts = json.loads(Path(options.milvus).read_text(encoding="utf-8"))
        return Cluster(facts["address"], facts["username"], facts["password_file"])
    if not options.address or not options.password_file:
        parser.error("say where Milvus is: --milvus FILE, or --address and --password-file")
    return Cluster(options.address, options.user, options.password_file)
