"""A replica set of one node: retryable writes, and no acknowledged one lost in a crash."""

from __future__ import annotations

from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure

_NOT_YET_INITIALIZED = 94  # mongod's error code


def make_primary(client: MongoClient[dict[str, Any]], name: str, address: str) -> bool:
    """Whether the node is primary; where it has no place in the set yet, give it one.

    Ask again until it is: the election follows. *client* is directly connected to
    *address* (``host:port``). Raises PyMongoError where the node does not answer, or
    another client is at it.
    """
    hello = client.admin.command("hello")
    if hello["isWritablePrimary"]:
        return True
    if "setName" not in hello:
        # {"isreplicaset": true, "info": "Does not have a valid replica set config"}
        _configure(client, name, address)
    return False


def _configure(client: MongoClient[dict[str, Any]], name: str, address: str) -> None:
    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as error:
        if error.code != _NOT_YET_INITIALIZED:
            raise
        config = {"_id": name, "members": [{"_id": 0, "host": address}]}
        client.admin.command("replSetInitiate", config)
        return
    # The set remembers an address that the node no longer has. Forced, as there is no
    # primary to ask.
    if config["members"][0]["host"] != address:
        config["members"][0]["host"] = address
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)
