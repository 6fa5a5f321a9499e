"""The flows that milvus-backup documents for its users, each on collections of its own that are gone afterwards."""

import json
import secrets
from contextlib import contextmanager

from pymilvus import Collection, utility

from clean_data import clean_data, named
from prepare_data import SEASONS, index_and_load, prepare_data
from service import (EXECUTING, INITIAL, SUCCESS, check, create_backup, delete_backup, get_backup, get_restore,
                     hello, list_backups, names_of, refused, restore_backup, succeeded, targets_of, until_done)
from verify_data import FIELDS, expect, verify_data, verify_without_index


@contextmanager
def own_names():
    """A part for the names of collections and backups that nothing else has; what bears it is dropped at the end."""
    own = secrets.token_hex(4)
    try:
        yield own
    finally:
        clean_data(named(own))


def the_documented_flow(server, _cluster):
    """Prepare, create, list, restore beside, verify, clean, restore under the same names, verify, delete."""
    with own_names() as own:
        first = prepare_data(f"hello_milvus_{own}", 3000, deleted=range(10, 40, 3))
        second = prepare_data(f"hello_milvus2_{own}", 1200, partitions=("_default",))
        both, backup = [first.name, second.name], f"my_backup_{own}"
        expect("hello", hello(server), "Hello, This is backup service")
        checked = check(server)
        expect(f"whether the check passes: {checked}", "Milvus version: " in checked, True)

        made = succeeded(create_backup(server, backup_name=backup, collection_names=both))
        expect("how it ended", (made["state_code"], made["progress"], made["name"]), (SUCCESS, 100, backup))
        expect("what is listed", names_of(list_backups(server)), [backup])
        shown = succeeded(get_backup(server, backup_name=backup))
        expect("what is shown", shown, made)
        describes(shown, [first, second])

        restored = restore_backup(server, backup_name=backup, collection_suffix="_recover", restoreIndex=True)
        beside = [f"{name}_recover" for name in both]
        expect("where it is", targets_of(succeeded(restored)), sorted(("default", name) for name in beside))
        for prepared in (first, second):
            verify_data(prepared, prepared.name)
            verify_data(prepared, f"{prepared.name}_recover")

        clean_data(named(own))
        expect("what is left of them", named(own), [])
        restored = restore_backup(server, backup_name=backup, collection_suffix="", restoreIndex=True)
        expect("where it is", targets_of(succeeded(restored)), sorted(("default", name) for name in both))
        expect("what came back", named(own), sorted(both))
        for prepared in (first, second):
            verify_data(prepared, prepared.name)

        succeeded(delete_backup(server, backup))
        expect("what is listed", names_of(list_backups(server)), [])
        refused(get_backup(server, backup_name=backup), 404)
        refused(restore_backup(server, backup_name=backup), 404)
        verify_data(first, first.name)


def nobody_waits(server, _cluster):
    """Create and restore in the background, followed by their ids; new names; in place of what is there."""
    with own_names() as own:
        kept = prepare_data(f"books_{own}", 900, deleted=(1, 2, 500))
        backup, request, again = f"nightly_{own}", f"request-{own}", f"books_again_{own}"
        body = {"async": True, "backup_name": backup, "filter": {"default": {"colls": [kept.name]}}}
        accepted = create_backup(server, request_id=request, **body)
        msg = "create backup is executing asynchronously"
        expect("what is answered at once", accepted, {"requestId": request, "msg": msg, "data": None})
        made = until_done(lambda: get_backup(server, backup_id=request))
        expect("what was followed", (made["id"], made["name"]), (request, backup))
        expect("the same by its name", succeeded(get_backup(server, backup_name=backup)), made)
        describes(made, [kept])
        refused(create_backup(server, **body), 3)

        task = f"restore_{own}"
        body = {"id": task, "async": True, "backup_name": backup, "collection_renames": {kept.name: again}}
        accepted = succeeded(restore_backup(server, **body), "restore backup is executing asynchronously")
        expect("the task that is answered at once", accepted["id"], task)
        expect("whether it is under way", accepted["state_code"] in (INITIAL, EXECUTING), True)
        expect("where it is", targets_of(until_done(lambda: get_restore(server, task))), [("default", again)])
        verify_without_index(kept, again)
        index_and_load(again)
        verify_data(kept, again)
        refused(get_restore(server, f"nothing_{own}"), 3)

        collection = Collection(kept.name)
        collection.delete(f"pk in {list(range(100))}")
        collection.insert([{"pk": -1, "random": 0.5, "var": "later", "embeddings": [0.0] * 8}])
        body = {"backup_name": backup, "db_collections": {"default": [kept.name]}, "restoreIndex": True}
        refused(restore_backup(server, **body), 3)
        left = Collection(kept.name).query("pk < 0", output_fields=["var"], consistency_level="Strong")
        expect("what a refused restore changed", [row["var"] for row in left], ["later"])
        replaced = restore_backup(server, **body, dropExistCollection=True)
        expect("where it is", targets_of(succeeded(replaced)), [("default", kept.name)])
        verify_data(kept, kept.name)
        succeeded(delete_backup(server, backup))


def everything_by_default(server, cluster):
    """A backup for which no collection is named holds all of all databases; some of it comes back."""
    with own_names() as own:
        several = [prepare_data(f"shelf{number}_{own}", 300 + 30 * number, partitions=SEASONS[:number + 1])
                   for number in range(3)]
        there = all_collections(cluster)
        backup = f"everything_{own}"
        made = succeeded(create_backup(server, backup_name=backup))
        held = sorted((one["db_name"], one["collection_name"]) for one in made["collection_backups"])
        expect("what it holds", held, there)

        wanted = [prepared.name for prepared in several]
        restored = restore_backup(server, backup_name=backup, collection_suffix="_recover", restoreIndex=True,
                                  db_collections=json.dumps({"default": wanted}))
        beside = sorted(("default", f"{name}_recover") for name in wanted)
        expect("where it is", targets_of(succeeded(restored)), beside)
        expect("what is there now", all_collections(cluster), sorted(there + beside))
        for prepared in several:
            verify_data(prepared, f"{prepared.name}_recover")
        clean_data(named(own))
        restored = restore_backup(server, backup_name=backup, collection_names=wanted, restoreIndex=True)
        expect("where it is", targets_of(succeeded(restored)), sorted(("default", name) for name in wanted))
        for prepared in several:
            verify_data(prepared, prepared.name)
        succeeded(delete_backup(server, backup))
        expect("what is listed", names_of(list_backups(server)), [])


def all_collections(cluster):
    return sorted((database, name) for database in cluster.databases()
                  for name in utility.list_collections(using=cluster.using(database)))


def describes(shown, prepared):
    """Whether a backup tells of these collections, and of nothing else."""
    expect("its databases", [one["db_name"] for one in shown["database_backups"]], ["default"])
    told = {one["collection_name"]: one for one in shown["collection_backups"]}
    expect("its collections", sorted(told), sorted(one.name for one in prepared))
    for name, one in told.items():
        told_of = one["db_name"], one["has_index"], one["load_state"]
        expect(f"what is told of {name}", told_of, ("default", True, "Loaded"))
        expect(f"the indexes of {name}", [index["index_type"] for index in one["index_infos"]], ["IVF_FLAT"])
        expect(f"the fields of {name}", [field["name"] for field in one["schema"]["fields"]], FIELDS)
        expect(f"whether {name} has a size", one["size"] > 0, True)
