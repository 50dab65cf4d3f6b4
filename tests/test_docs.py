"""The documentation names everything there is, and what is generated is current."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from pkgutil import iter_modules

import pytest
import scrapy.settings.default_settings
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from netease_crawler import commands, settings
from netease_crawler.spiders.base import LedgerSpider

_ROOT = Path(__file__).parents[1]
_GENERATED = _ROOT / "docs" / "items.md"

_COMMANDS = sorted(module.name for module in iter_modules(commands.__path__))
_SETTINGS = sorted(
    name
    for name in vars(settings)
    if name.isupper() and not hasattr(scrapy.settings.default_settings, name)
)


def _spider_arguments() -> list[tuple[str, str]]:
    loader = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": settings.SPIDER_MODULES}))
    return [
        (name, argument)
        for name in sorted(loader.list())
        if issubclass(spider := loader.load(name), LedgerSpider)
        for argument in sorted({*spider.ARGUMENTS, "crawl"})
    ]


@pytest.fixture(scope="module")
def documentation() -> str:
    """What people wrote: the README and the pages of docs."""
    pages = [_ROOT / "README.md", *sorted((_ROOT / "docs").glob("*.md"))]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages if page != _GENERATED)


def test_the_reference_of_the_items_is_current() -> None:
    page = runpy.run_path(str(_ROOT / "docs" / "generate.py"))["items_page"]()
    assert _GENERATED.read_text(encoding="utf-8") == page, "run: python docs/generate.py"


@pytest.mark.parametrize("command", _COMMANDS)
def test_every_command_is_documented(command: str, documentation: str) -> None:
    assert _mentions(rf"scrapy {command}\b", documentation)


@pytest.mark.parametrize("setting", _SETTINGS)
def test_every_setting_of_ours_is_documented(setting: str, documentation: str) -> None:
    assert _mentions(rf"\b{setting}\b", documentation)


@pytest.mark.parametrize(("spider", "argument"), _spider_arguments())
def test_every_spider_argument_is_documented(
    spider: str, argument: str, documentation: str
) -> None:
    assert _mentions(rf"scrapy crawl {spider}\b", documentation)
    assert _mentions(rf"(`|-a ){argument}\b", documentation)


def _mentions(pattern: str, documentation: str) -> bool:
    return re.search(pattern, documentation) is not None
