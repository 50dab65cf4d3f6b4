"""An extractor in a process of its own: what it finds on pages, and what that costs."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from benchmarks.extractor import Extract, Extractor, Found, Page
from benchmarks.samples import Sample
from netease_crawler.pages.encoding import utf8

_ROOT = Path(__file__).parents[1]
_LONGEST = 600  # seconds
_TURNS = 4


class ExtractorError(Exception):
    """An extractor's process failed as a whole; the end of its output says why."""


@dataclass(frozen=True)
class Run:
    """What one extractor did with all pages, in their order."""

    found: list[Found | None]
    """None for a page on which it found nothing, or gave up."""
    errors: list[str | None]
    """With what it gave up; None where it did not."""
    milliseconds: list[float]
    """CPU time of the process for each page, when it has read all pages once before: the median of
    four times."""
    bare_milliseconds: list[float]
    """That of a bare parse of each page, which was done in turns with it."""


def run(extractor: Extractor, samples: Iterable[Sample]) -> Run:
    """Return what *extractor* does with *samples* in a new process.

    Raises ExtractorError.
    """
    # latin-1, as JSON takes no bytes
    pages = [(sample.url, sample.body.decode("latin-1")) for sample in samples]
    process = subprocess.run(
        [sys.executable, "-m", "benchmarks.extraction", "--worker", extractor.label],
        input=json.dumps(pages),
        capture_output=True,
        text=True,
        cwd=_ROOT,
        timeout=_LONGEST,
        check=False,
    )
    if process.returncode:
        raise ExtractorError(f"{extractor.label}\n{process.stderr[-2000:]}")
    result = json.loads(process.stdout)
    found = [None if fields is None else Found(**fields) for fields in result["found"]]
    return Run(found, result["errors"], result["milliseconds"], result["bare_milliseconds"])


def work(extractor: Extractor, bare: Extractor) -> None:
    """Do in the new process what *run* asks for: pages on stdin, a Run on stdout, as JSON.

    *bare* is the bare parse.
    """
    pages = []
    for url, text in json.load(sys.stdin):
        body = text.encode("latin-1")
        decoded = utf8(body)
        pages.append(Page(url=url, body=body, text=decoded.decode(), utf8=decoded))
    extract = extractor.load()
    found, errors = zip(*(_attempt(extract, page) for page in pages), strict=True)
    spent = _milliseconds(extractor, extract, bare.load(), pages)
    print(json.dumps(asdict(Run(list(found), list(errors), *spent))))


def _attempt(extract: Extract, page: Page) -> tuple[Found | None, str | None]:
    """Return what was found on *page*, or what went wrong."""
    try:
        return extract(page), None
    except Exception as error:  # noqa: BLE001 - whatever others raise, the page is not read
        return None, f"{type(error).__name__}: {error}"[:200]


def _milliseconds(
    extractor: Extractor, extract: Extract, parse: Extract, pages: Sequence[Page]
) -> tuple[list[float], list[float]]:
    """Return for each of *pages* what it costs to *extract*, and a bare *parse*."""
    spent: tuple[list[float], list[float]] = [], []
    for page in pages:
        turns = []
        for turn in range(_TURNS):
            if extractor.is_loaded_anew:
                extract = extractor.load()
                gc.collect()  # so that clearing away the one before is not in the page's time
            # Each goes first as often as the other: what the first frees, the second is given
            step = 1 if turn % 2 else -1
            turns.append([_cost(one, page) for one in (extract, parse)[::step]][::step])
        for of_page, costs in zip(spent, zip(*turns, strict=True), strict=True):
            of_page.append(median(costs))
    return spent


def _cost(extract: Extract, page: Page) -> float:
    began = time.process_time_ns()
    _attempt(extract, page)
    return (time.process_time_ns() - began) / 1e6
