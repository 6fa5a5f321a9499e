"""milvus-backup's server as its users call it: requests to `/api/v1`, and nothing of this project's."""

import time

import requests

from verify_data import expect

LONGEST_SECONDS = 300
INITIAL, EXECUTING, SUCCESS = 0, 1, 2

SESSION = requests.Session()
SESSION.trust_env = False  # what is on this machine is asked without a proxy


def ask(server, method, path, **more):
    answer = SESSION.request(method, f"{server}/api/v1{path}", timeout=LONGEST_SECONDS, **more)
    expect(f"the status of {method} {path}", answer.status_code, 200)
    return answer


def hello(server):
    return ask(server, "GET", "/hello").text


def check(server):
    return ask(server, "GET", "/check").text


def create_backup(server, request_id=None, **body):
    headers = {"request_id": request_id} if request_id else {}
    return ask(server, "POST", "/create", json=body, headers=headers).json()


def list_backups(server):
    return ask(server, "GET", "/list").json()


def get_backup(server, **which):
    return ask(server, "GET", "/get_backup", params=which).json()


def delete_backup(server, backup_name):
    return ask(server, "DELETE", "/delete", params={"backup_name": backup_name}).json()


def restore_backup(server, **body):
    return ask(server, "POST", "/restore", json=body).json()


def get_restore(server, restore_id):
    return ask(server, "GET", "/get_restore", params={"id": restore_id}).json()


def succeeded(answer, msg="success"):
    """The data of an answer that tells of no error: as with the original, its code is then left out."""
    expect(f"code and msg of {answer}", (answer.get("code"), answer.get("msg")), (None, msg))
    return answer.get("data")


def refused(answer, code):
    expect(f"code and data of {answer}", (answer.get("code"), answer.get("data")), (code, None))
    if not answer.get("msg"):
        raise AssertionError(f"{answer} does not say why")


def until_done(look):
    """Asks again until a task has ended well; its data."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < deadline:
        task = succeeded(look())
        if task["state_code"] not in (INITIAL, EXECUTING):
            expect(f"state and progress of {task}", (task["state_code"], task["progress"]), (SUCCESS, 100))
            return task
        time.sleep(0.2)
    raise AssertionError(f"a task has not ended after {LONGEST_SECONDS} s")


def names_of(backups):
    return sorted(backup["name"] for backup in backups["data"])


def targets_of(task):
    """Where the collections of a restore that succeeded are."""
    tasks = task["collection_restore_tasks"]
    expect(f"the states of {task}", {(one["state_code"], one["progress"]) for one in tasks}, {(SUCCESS, 100)})
    return sorted((one["target_db_name"], one["target_collection_name"]) for one in tasks)
