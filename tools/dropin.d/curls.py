"""Calls by curl, run as they stand: one for each thing that milvus-backup's API does (`calls.sh`), and those of our
own document of the API. They name port 8080; curl is told where that is."""

import json
import os
import subprocess
from pathlib import Path

from pymilvus import Collection, utility

from compare_rows import compare
from parts.instance import PROJECT, Trouble

from clean_data import clean_data
from prepare_data import index_and_load, prepare_data
from service import (LONGEST_SECONDS, SUCCESS, create_backup, delete_backup, get_backup, get_restore, names_of,
                     refused, restore_backup, succeeded, targets_of, until_done)
from verify_data import expect, verify_data, verify_without_index

ASYNC_CREATE = "create backup is executing asynchronously"
ASYNC_RESTORE = "restore backup is executing asynchronously"
OURS = PROJECT / "docs" / "API.md"


def calls_by_curl(server, _cluster):
    """One for each thing that the API does, in the order in which people need them."""
    names = ["curl_one", "curl_two", "curl_one_bak", "curl_two_bak"]
    refuse_taken(names)
    try:
        first, second = prepare_data(names[0], 600, deleted=(3, 4, 5)), prepare_data(names[1], 450)
        created = call(server, "create")
        expect("what is answered at once", (created["data"], created["msg"]), (None, ASYNC_CREATE))
        until_done(lambda: get_backup(server, backup_name="by_curl"))
        expect("what is listed", names_of(call(server, "list")), ["by_curl"])
        shown = succeeded(call(server, "get_backup"))
        expect("its state", (shown["name"], shown["state_code"]), ("by_curl", SUCCESS))
        expect("what it holds", sorted(one["collection_name"] for one in shown["collection_backups"]), names[:2])

        accepted = succeeded(call(server, "restore"), ASYNC_RESTORE)
        task = until_done(lambda: get_restore(server, accepted["id"]))
        expect("where it is", targets_of(task), [("default", names[2])])
        verify_without_index(first, names[2])
        index_and_load(names[2])
        verify_data(first, names[2])

        refused(call(server, "get_restore"), 3)
        body = {"backup_name": "by_curl", "collection_names": names[1:2], "collection_suffix": "_bak"}
        succeeded(restore_backup(server, id="restore_by_curl", restoreIndex=True, **body))
        task = succeeded(call(server, "get_restore"))
        expect("the restore by its id", (task["id"], task["state_code"], targets_of(task)),
               ("restore_by_curl", SUCCESS, [("default", names[3])]))
        verify_data(second, names[3])

        refused(call(server, "delete"), 404)
        succeeded(create_backup(server, backup_name="by_curl_too", collection_names=names[:1]))
        succeeded(call(server, "delete"))
        expect("what is listed", names_of(call(server, "list")), ["by_curl"])
        succeeded(delete_backup(server, "by_curl"))
    finally:
        clean_data(names)


def calls_of_our_document(server, _cluster):
    """Those under `/api/v1`, on the collection of the sample that they name."""
    create, get, restore, delete = our_calls()
    restored = "hello_milvus_recover"
    refuse_taken([restored])
    if not utility.has_collection("hello_milvus"):
        raise Trouble("the Milvus has no `hello_milvus`", "fill it with tools/sample_data.py")
    try:
        expect("what is answered at once", pasted(server, create)["msg"], ASYNC_CREATE)
        made = until_done(lambda: pasted(server, get))
        expect("what it holds", [one["collection_name"] for one in made["collection_backups"]], ["hello_milvus"])
        expect("where it is", targets_of(succeeded(pasted(server, restore))), [("default", restored)])
        rows, _, differences = compare(Collection("hello_milvus"), Collection(restored), "default")
        expect("what differs", (rows > 0, differences), (True, []))
        succeeded(pasted(server, delete))
        refused(pasted(server, get), 404)
    finally:
        clean_data([restored])


def our_calls():
    _, _, section = OURS.read_text(encoding="utf-8").partition("\n## /api/v1\n")
    section, _, _ = section.partition("\n## ")
    calls = [line.removeprefix("$ ") for line in section.splitlines() if line.startswith("$ curl ")]
    expected = ["create", "get_backup", "restore", "delete"]
    found = [path for line in calls for path in expected if f"/api/v1/{path}" in line]
    expect(f"the calls of {OURS.name}", found, expected)
    return calls


def refuse_taken(names):
    """These names are not ours alone: what somebody else has under them is left as it is."""
    taken = [name for name in names if utility.has_collection(name)]
    if taken:
        raise Trouble(f"the Milvus already has {', '.join(taken)}", "drop them, or use another Milvus")


def call(server, name):
    return run(server, ["sh", str(Path(__file__).parent / "calls.sh"), name])


def pasted(server, line):
    return run(server, ["sh", "-c", line])


def run(server, command):
    """The answer of a command with curl in it."""
    home = PROJECT / ".hozon" / "dropin" / "curl"
    home.mkdir(exist_ok=True)
    place = server.removeprefix("http://")
    settings = [f'connect-to = "localhost:8080:{place}"', 'noproxy = "*"', f"max-time = {LONGEST_SECONDS}",
                "silent", "show-error", "fail"]
    (home / ".curlrc").write_text("\n".join(settings) + "\n", encoding="utf-8")
    ended = subprocess.run(command, env={**os.environ, "CURL_HOME": str(home)}, stdin=subprocess.DEVNULL,
                           capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise AssertionError(f"{command} failed with {ended.returncode}: {ended.stderr.strip()}")
    return json.loads(ended.stdout)
