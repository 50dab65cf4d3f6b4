"""Tables, and the page of the documentation that keeps the last ones."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

_PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
_CPU_INFO = Path("/proc/cpuinfo")
_PACKAGES = ("scrapy", "pymongo", "selectolax", "aiohttp")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; the first column is of names, the others of numbers."""
    rule = ["---", *["---:"] * (len(heads) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, rule, *rows))


def publish(name: str, text: str) -> None:
    """Print *text* and make it the section *name* of the page, with what it was measured on."""
    section = f"{text}\n\n*Measured on {_machine()}.*"
    print(section)
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    page = _PAGE.read_text(encoding="utf-8")
    replaced, sections = re.subn(
        f"{begin}.*?{end}", lambda _: f"{begin}\n{section}\n{end}", page, flags=re.DOTALL
    )
    if not sections:
        raise ValueError(f"{_PAGE.name} has no place for {name}: {begin} … {end}")
    _PAGE.write_text(replaced, encoding="utf-8")


def progress(line: str) -> None:
    """Say on stderr what the benchmark does now."""
    print(line, file=sys.stderr, flush=True)


def verdict(is_met: bool) -> str:
    return "met" if is_met else "**missed**"


def _machine() -> str:
    model = re.search(r"model name\s*: (.*)", _CPU_INFO.read_text()) if _CPU_INFO.exists() else None
    versions = [f"{package} {version(package)}" for package in _PACKAGES]
    return ", ".join(
        [
            f"{datetime.now(timezone.utc):%Y-%m-%d}",
            f"{os.cpu_count()} cores ({model[1] if model else platform.machine()})",
            f"Python {platform.python_version()}",
            *versions,
        ]
    )
