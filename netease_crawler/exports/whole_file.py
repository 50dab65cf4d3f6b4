"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from netease_crawler.storage.locks import try_lock


class BusyError(Exception):
    """Another process is writing the file."""


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write and read that is at *path* once the block ends well, never before.

    Until then it is beside it, with ``.part`` at the end of its name; where the block fails
    it is removed. Raises BusyError, and OSError where it cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    descriptor = _hold(part)
    try:
        with open(descriptor, "w+b", closefd=False) as file:
            file.truncate()  # what is left of one that was killed
            yield file
        os.fsync(descriptor)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def _hold(part: Path) -> int:
    part.touch()  # with the usual permissions, unlike those of a lock
    descriptor = try_lock(part)
    if descriptor is None:
        raise BusyError
    if not part.exists() or not os.path.samestat(part.stat(), os.fstat(descriptor)):
        os.close(descriptor)  # whoever wrote it has just given it its final name
        raise BusyError
    return descriptor
