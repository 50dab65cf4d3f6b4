"""A spider in a process of its own, run as users run it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_LOG = "scrapy.log"


class WorkerError(Exception):
    """The spider did not do what is measured; the end of its log says why."""


def start_worker(
    directory: Path, spider: str, arguments: Mapping[str, object], settings: Mapping[str, object]
) -> subprocess.Popen[bytes]:
    """Start ``scrapy crawl`` in *directory*, where its log goes too."""
    with (directory / _LOG).open("ab") as log:
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "scrapy", "crawl", spider),
                *(f"-a{name}={value}" for name, value in arguments.items()),
                *(f"-s{name}={value}" for name, value in settings.items()),
            ],
            cwd=directory,
            env=os.environ
            | {"PYTHONPATH": str(_ROOT), "SCRAPY_SETTINGS_MODULE": "netease_crawler.settings"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def finish(worker: subprocess.Popen[bytes], directory: Path, seconds: float) -> None:
    """Wait for *worker* to end its crawl.

    Raises WorkerError where it fails, or takes longer than *seconds*.
    """
    try:
        code = worker.wait(seconds)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
        raise WorkerError(f"not done after {seconds:.0f} s\n{log_end(directory)}") from None
    if code != 0:
        raise WorkerError(f"exit code {code}\n{log_end(directory)}")


def log_end(directory: Path) -> str:
    """Return the last lines of the log in *directory*."""
    lines = (directory / _LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[-20:])
