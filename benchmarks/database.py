"""A MongoDB that lives as long as the benchmark needs it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netease_crawler.storage.locks import try_lock
from netease_crawler.storage.server import EmbeddedServer, ensure_server
from netease_crawler.storage.supervisor import SUPERVISOR_LOCK


@contextmanager
def temporary_server(directory: Path) -> Iterator[EmbeddedServer]:
    """Run a MongoDB in *directory*, which may be removed after the block."""
    with ensure_server(directory, idle_seconds=0.5) as server:
        yield server
    while (lock := try_lock(directory / SUPERVISOR_LOCK)) is None:  # it still stops
        time.sleep(0.1)  # a lock on a file wakes nobody
    os.close(lock)
