"""What a user does before restoring under the same name: the collections go."""

from pymilvus import utility


def clean_data(names):
    for name in names:
        if utility.has_collection(name):
            utility.drop_collection(name)


def named(part):
    """The collections whose name holds that."""
    return sorted(name for name in utility.list_collections() if part in name)
