"""The project as a maintainer mends it when NetEase has renamed a class."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from tests.scrapy_process import ROOT, ScrapyProject


def mended(directory: Path, settings: dict[str, Any], old: str, new: str) -> ScrapyProject:
    """Return the project in a copy where the layouts call the class *old* by its *new* name."""
    copy = directory / "mended"
    shutil.copytree(
        ROOT / "netease_crawler",
        copy / "netease_crawler",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    whole = re.compile(rf"(?<![\w-]){re.escape(old)}(?![\w-])")
    edited = 0
    for module in (copy / "netease_crawler" / "pages").rglob("*.py"):
        source = module.read_text("utf-8")
        module.write_text(whole.sub(new, source), "utf-8")
        edited += source != module.read_text("utf-8")
    assert edited
    return ScrapyProject(directory, settings, root=copy)
