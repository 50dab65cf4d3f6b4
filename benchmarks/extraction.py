"""How well and how fast pages are read, beside extractors that read the pages of any site."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from benchmarks.extractor import Extractor
from benchmarks.extractor_process import Run, run, work
from benchmarks.extractors import EXTRACTORS, LEXBOR, OTHERS, OURS
from benchmarks.report import progress, publish, table, verdict
from benchmarks.samples import REAL_PAGES, TODAYS_LAYOUT, Sample, demo_samples, real_samples
from benchmarks.scoring import body_f1, is_exact

_IN_C = frozenset({"turbohtml"})  # an extractor too, shown beside those in Python
_FIELDS = ("title", "published_at", "source", "account")

_EPILOG = """example:
  pip install -r requirements.txt -r requirements-benchmarks.txt
  python -m benchmarks.extraction --demo 5 --rounds 1
"""

_NOTES = (
    "Body F1: the mean over the pages of how well the 4-grams of characters agree. Then how many"
    " values are exact, the time to the second, of those that the pages show; n/a: not given. Other"
    " extractors have no source and no account; the author that they give is taken for both. All"
    " text is normalised the same way. Where an extractor gives up with an error, it found nothing."
    " Columns of 2015, a layout that netease_crawler does not read, are left out."
)


@dataclass(frozen=True)
class Cost:
    """Milliseconds of CPU time for a page, on average."""

    todays: float | None
    """A page of today's layout; None where there was none."""
    every: float


@dataclass(frozen=True)
class Score:
    """How well one extractor read pages of one kind."""

    f1: float
    exact: dict[str, tuple[int, int]]
    """By field: how many values were found exactly, of how many that the pages show."""
    errors: int
    """Pages on which it gave up."""


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.extraction",
        description="Read real and made-up pages with several extractors and compare them.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--pages",
        type=Path,
        default=REAL_PAGES,
        help="directory of real pages (default: $NETEASE_PAGES, else ../shared/pages)",
    )
    parser.add_argument("--demo", type=int, default=20, help="made-up pages (default: 20)")
    parser.add_argument("--rounds", type=int, default=3, help="of all extractors (default: 3)")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        work(next(it for it in EXTRACTORS if it.label == arguments.worker))
        return
    samples = {
        "real": list(real_samples(arguments.pages)),
        "made-up": list(demo_samples(arguments.demo)),
    }
    if not any(samples.values()):
        parser.error("no pages: neither real nor made-up ones")
    publish("extraction", _section(samples, measure(samples, arguments.rounds)))


def measure(samples: Mapping[str, Sequence[Sample]], rounds: int) -> dict[str, list[Run]]:
    """Return by label what each extractor that is installed did in each of *rounds*.

    Raises ExtractorError.
    """
    pages = [sample for of_kind in samples.values() for sample in of_kind]
    runs = defaultdict(list)
    for number in range(1, rounds + 1):
        progress(f"round {number} of {rounds}")
        for extractor in EXTRACTORS:
            if extractor.obstacle:
                progress(f"{extractor.label}: {extractor.obstacle}")
                continue
            result = run(extractor, pages)
            runs[extractor.label].append(result)
            progress(f"{extractor.name}: {mean(result.milliseconds):.2f} ms per page")
            for error in filter(None, result.errors):
                progress(f"  gave up with {error}")
    return runs


def _section(samples: Mapping[str, Sequence[Sample]], runs: Mapping[str, Sequence[Run]]) -> str:
    lines, goals, start = [], [], 0
    for kind, of_kind in samples.items():
        part = slice(start, start + len(of_kind))
        start = part.stop
        if not of_kind:
            lines += [f"No {kind} pages were at hand.", ""]
            continue
        scores = {
            extractor.label: _score(runs[extractor.label][0], of_kind, part)
            for extractor in (OURS, *OTHERS)
            if extractor.label in runs
        }
        lines += [f"{len(of_kind)} {kind} pages:", "", _quality(scores), ""]
        goals.append(_goal(kind, scores))
    return "\n".join(
        (
            *lines,
            _NOTES,
            "",
            *_speed(_costs(samples, runs)),
            "",
            f"CPU time: the mean over {start} pages, the median of {len(runs[OURS.label])} rounds"
            " for each; an extractor has a process of its own that has read the same pages before."
            f" {OURS.label} remembers what lists and boxes of the site say, and here it has seen"
            " them all; in a crawl, where many but not all come again, it is between the first"
            " two rows. The others give a body and few fields more. The bare parse is given UTF-8,"
            " the others what the server sent, or text.",
            "",
            f"Goals: {'; '.join([*goals, *_speed_goals(_costs(samples, runs))])}.",
        )
    )


def _costs(
    samples: Mapping[str, Sequence[Sample]], runs: Mapping[str, Sequence[Run]]
) -> dict[str, Cost]:
    """Return by label what a page costs."""
    layouts = [sample.layout for of_kind in samples.values() for sample in of_kind]
    costs = {}
    for label, its in runs.items():
        spent = [median(rounds) for rounds in zip(*(it.milliseconds for it in its), strict=True)]
        pages = list(zip(spent, layouts, strict=True))
        todays = [one for one, layout in pages if layout == TODAYS_LAYOUT]
        costs[label] = Cost(todays=mean(todays) if todays else None, every=mean(spent))
    return costs


def _score(result: Run, samples: Sequence[Sample], part: slice) -> Score:
    """Return how well the pages *samples* were read, which are *part* of all."""
    pairs = list(zip(result.found[part], (sample.truth for sample in samples), strict=True))
    exact = {}
    for field in _FIELDS:
        values = [
            (getattr(found, field, None), getattr(truth, field))
            for found, truth in pairs
            if getattr(truth, field) is not None
        ]
        exact[field] = (sum(is_exact(found, true) for found, true in values), len(values))
    return Score(
        f1=mean(
            body_f1(found.body if found else "", truth.paragraphs, truth.optional)
            for found, truth in pairs
        ),
        exact=exact,
        errors=sum(error is not None for error in result.errors[part]),
    )


def _quality(scores: Mapping[str, Score]) -> str:
    heads = ("extractor", "body F1", "title", "time", "source", "account", "gave up")
    rows = []
    for extractor in (OURS, *OTHERS):
        score = scores.get(extractor.label)
        if score is None:
            rows.append(_absent(extractor, len(heads)))
            continue
        cells = [
            "n/a" if field in extractor.lacks else "{}/{}".format(*score.exact[field])
            for field in _FIELDS
        ]
        rows.append((extractor.name, f"{score.f1:.3f}", *cells, str(score.errors)))
    return table(heads, rows)


def _goal(kind: str, scores: Mapping[str, Score]) -> str:
    ours = scores[OURS.label]
    best = max((score.f1 for label, score in scores.items() if label != OURS.label), default=0.0)
    values = sum(hits for hits, _ in ours.exact.values())
    shown = sum(of for _, of in ours.exact.values())
    return (
        f"on {kind} pages no better body by any other: {ours.f1:.3f}, the others' best"
        f" {best:.3f}, {verdict(ours.f1 >= best)}, and every value exact: {values} of {shown},"
        f" {verdict(values == shown)}"
    )


def _speed(costs: Mapping[str, Cost]) -> list[str]:
    """Return a table of *costs*, by label."""
    heads = (
        "extractor",
        "ms per page",
        "pages/s",
        "bare parses",
        "today's layout ms",
        "bare parses",
    )
    bare = costs[LEXBOR.label]
    rows = []
    for extractor in EXTRACTORS:
        cost = costs.get(extractor.label)
        if cost is None:
            rows.append(_absent(extractor, len(heads)))
            continue
        todays = ("–", "–")
        if cost.todays and bare.todays:
            todays = (f"{cost.todays:.2f}", f"{cost.todays / bare.todays:.1f}")
        parses = f"{cost.every / bare.every:.1f}"
        rows.append(
            (extractor.name, f"{cost.every:.2f}", f"{1000 / cost.every:.0f}", parses, *todays)
        )
    return [table(heads, rows)]


def _speed_goals(costs: Mapping[str, Cost]) -> Iterator[str]:
    ours, bare = costs[OURS.label], costs[LEXBOR.label]
    rivals = [it for it in OTHERS if it.label in costs and it.label not in _IN_C]
    if rivals:
        fastest = min(rivals, key=lambda it: costs[it.label].every)
        times = costs[fastest.label].every / ours.every
        yield (
            "at least 20 times the pages/s of the fastest extractor in Python"
            f" ({fastest.label}): {times:.0f} times, {verdict(times >= 20)}"
        )
    if ours.todays and bare.todays:
        parses = ours.todays / bare.todays
        yield f"today's layout at no more than 2 bare parses: {parses:.1f}, {verdict(parses <= 2)}"


def _absent(extractor: Extractor, columns: int) -> tuple[str, ...]:
    return (f"{extractor.label}: {extractor.obstacle}", *["–"] * (columns - 1))


if __name__ == "__main__":
    main()
