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
    """CPU time for a page, on average."""

    milliseconds: float
    parses: float
    """How many times that of a bare parse, in the same process and minutes."""

    @classmethod
    def of(cls, spent: Sequence[tuple[float, float]]) -> Cost:
        """Return what pages cost that took so many milliseconds each, and to parse."""
        milliseconds, bare = map(mean, zip(*spent, strict=True))
        return cls(milliseconds=milliseconds, parses=milliseconds / bare)


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
        work(next(it for it in EXTRACTORS if it.label == arguments.worker), LEXBOR)
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
    every, todays = _costs(samples, runs, None), _costs(samples, runs, TODAYS_LAYOUT)
    return "\n".join(
        (
            *lines,
            _NOTES,
            "",
            *_speed(every, todays),
            "",
            f"CPU time: the mean over {start} pages, the median of {len(runs[OURS.label])} rounds"
            " for each; an extractor has a process of its own that has read the same pages before,"
            " and bare parses are those by lexbor which took turns with it there: how fast the"
            " machine is changes within seconds."
            f" {OURS.label} remembers what lists and boxes of the site say, and here it has seen"
            " them all; in a crawl, where many but not all come again, it is between the first"
            " two rows. The others give a body and few fields more. The bare parse is given UTF-8,"
            " the others what the server sent, or text.",
            "",
            f"Goals: {'; '.join([*goals, *_speed_goals(every, todays)])}.",
        )
    )


def _costs(
    samples: Mapping[str, Sequence[Sample]], runs: Mapping[str, Sequence[Run]], layout: str | None
) -> dict[str, Cost]:
    """Return by label what a page costs, of *layout* if one is given; empty if there is none."""
    layouts = [sample.layout for of_kind in samples.values() for sample in of_kind]
    costs = {}
    for label, its in runs.items():
        rounds = [zip(it.milliseconds, it.bare_milliseconds, strict=True) for it in its]
        by_page = (map(median, zip(*of_page, strict=True)) for of_page in zip(*rounds, strict=True))
        spent = [
            (cost, bare)
            for (cost, bare), its_layout in zip(by_page, layouts, strict=True)
            if layout in (None, its_layout)
        ]
        if spent:
            costs[label] = Cost.of(spent)
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


def _speed(every: Mapping[str, Cost], todays: Mapping[str, Cost]) -> list[str]:
    """Return a table of what pages cost, *every* one and those of today's layout, by label."""
    heads = (
        "extractor",
        "ms per page",
        "pages/s",
        "bare parses",
        "today's layout ms",
        "bare parses",
    )
    rows = []
    for extractor in EXTRACTORS:
        cost, of_today = every.get(extractor.label), todays.get(extractor.label)
        if cost is None:
            rows.append(_absent(extractor, len(heads)))
            continue
        shown = [
            f"{cost.milliseconds:.2f}",
            f"{1000 / cost.milliseconds:.0f}",
            f"{cost.parses:.1f}",
        ]
        if of_today is None:
            shown += ["–", "–"]
        else:
            shown += [f"{of_today.milliseconds:.2f}", f"{of_today.parses:.2f}"]
        rows.append((extractor.name, *shown))
    return [table(heads, rows)]


def _speed_goals(every: Mapping[str, Cost], todays: Mapping[str, Cost]) -> Iterator[str]:
    rivals = [it for it in OTHERS if it.label in every and it.label not in _IN_C]
    if rivals:
        fastest = min(rivals, key=lambda it: every[it.label].parses)
        times = every[fastest.label].parses / every[OURS.label].parses
        yield (
            "at least 20 times the pages/s of the fastest extractor in Python"
            f" ({fastest.label}): {times:.0f} times, {verdict(times >= 20)}"
        )
    if todays:
        parses = todays[OURS.label].parses
        yield f"today's layout at no more than 2 bare parses: {parses:.2f}, {verdict(parses <= 2)}"


def _absent(extractor: Extractor, columns: int) -> tuple[str, ...]:
    return (f"{extractor.label}: {extractor.obstacle}", *["–"] * (columns - 1))


if __name__ == "__main__":
    main()
