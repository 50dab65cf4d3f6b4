"""File locks that the kernel takes back however their holder ends, ``kill -9`` included."""

from __future__ import annotations

import os
from pathlib import Path


def try_lock(path: Path, *, shared: bool = False) -> int | None:
    """Return a file descriptor that holds the lock on *path* until it is closed.

    None while someone else holds it (for a *shared* lock: holds it alone). The file is
    made if missing.
    """
    import fcntl  # absent on Windows, where nothing here is called

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:  # a file system without locks
        os.close(descriptor)
        raise
    return descriptor
