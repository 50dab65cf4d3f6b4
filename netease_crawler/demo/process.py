"""The demo site as a child process that ends with its parent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Final

from netease_crawler.demo.misbehaviour import Misbehaviour

HOSTS: Final = ("www.163.com", "m.163.com", "3g.163.com", "dy.163.com", "news.163.com")
"""Hosts of NetEase that the demo site stands in for."""


class DemoSite:
    """A demo site on a free port of this machine, for the length of a ``with`` block."""

    origin: str
    """``http://127.0.0.1:PORT``, once started."""

    def __init__(
        self,
        articles: int = 300,
        seed: int = 7,
        access_log: Path | str | None = None,
        renamed: tuple[str, str] | None = None,
        renamed_after: int = 0,
        misbehaviour: Sequence[Misbehaviour] = (),
    ) -> None:
        """*access_log* gets one JSON line per request: t (unix seconds), host, path, status.

        With *renamed*, the class of the first name has the second one on every article's page
        but the first *renamed_after*. What is true of the articles stays the same.

        A request that a rule of *misbehaviour* applies to gets its answer instead.
        """
        self._command = [
            *(sys.executable, "-m", "netease_crawler.demo"),
            *("--articles", str(articles), "--seed", str(seed), "--until-stdin-closes"),
        ]
        if access_log is not None:
            self._command += ["--access-log", str(Path(access_log).absolute())]
        if renamed is not None:
            self._command += ["--rename", "=".join(renamed), "--after", str(renamed_after)]
        if misbehaviour:
            self._command += ["--misbehave", json.dumps([asdict(rule) for rule in misbehaviour])]

    @property
    def mirrors(self) -> str:
        """The value of the setting SITE_MIRRORS that sends NetEase's hosts here."""
        return json.dumps(dict.fromkeys(HOSTS, self.origin))

    def __enter__(self) -> DemoSite:
        """Start the site and wait until it answers.

        Raises RuntimeError if it does not start; its own message is on stderr.
        """
        search_path = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, search_path))},
        )
        assert self._process.stdout is not None
        self.origin = self._process.stdout.readline().strip()
        if not self.origin:
            self.__exit__(None, None, None)
            raise RuntimeError(f"the demo site did not start (exit {self._process.returncode})")
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.communicate()
