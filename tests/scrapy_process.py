"""``scrapy`` as its users run it: a process of its own, warnings being errors."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_WARNINGS = ("-W", "error")
ROOT = Path(__file__).parents[1]


class ScrapyProject:
    """Runs the project's commands in a directory, with settings that each of them gets."""

    def __init__(
        self,
        directory: Path,
        settings: Mapping[str, Any],
        warnings: tuple[str, ...] = _WARNINGS,
        root: Path = ROOT,
    ) -> None:
        """*root* is where the project is, for a copy of it."""
        self._root = root
        self._directory = directory
        self._warnings = warnings
        self._settings = settings

    def run(self, *arguments: str, timeout: float = 240) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self._command(arguments),
            cwd=self._directory,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command; its output goes to a file of the directory."""
        log = (self._directory / "scrapy.log").open("a")
        with log:
            return subprocess.Popen(
                self._command(arguments),
                cwd=self._directory,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                text=True,
            )

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        settings = [f"-s{name}={value}" for name, value in self._settings.items()]
        return [
            sys.executable,
            *self._warnings,
            "-m",
            "scrapy",
            arguments[0],
            *settings,
            *arguments[1:],
        ]

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(self._root),
            "SCRAPY_SETTINGS_MODULE": "netease_crawler.settings",
        }
