"""The root password of an instance: a random one in a 0600 file, never the default one.

The file is written before the server is told, and every start checks that the server agrees; so a crash between
the two is mended by the next start.
"""

import logging
import time

import grpc
from pymilvus import connections, utility
from pymilvus.exceptions import MilvusException

from .instance import Trouble

DEFAULT = "Milvus"


def ensure(address, wanted, seconds=60):
    """Returns once `root` signs in with `wanted`, changing the default password where it still stands."""
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    deadline = time.monotonic() + seconds
    while True:
        if signs_in(address, wanted):
            return
        if signs_in(address, DEFAULT, then=lambda alias: utility.update_password("root", DEFAULT, wanted, using=alias)):
            continue
        if time.monotonic() > deadline:
            raise Trouble("root signs in neither with the kept password nor with the default one",
                          "stop it, remove its folder under .hozon/ and start it again")
        time.sleep(0.5)


def signs_in(address, password, then=None):
    alias = "password"
    try:
        connections.connect(alias, uri=address, user="root", password=password, timeout=5)
        utility.list_collections(timeout=5, using=alias)
        if then:
            then(alias)
        return True
    except (MilvusException, grpc.RpcError):
        return False
    finally:
        connections.disconnect(alias)
