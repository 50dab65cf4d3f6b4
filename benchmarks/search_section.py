"""What was measured of search, as a section of the documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.report import table, verdict
from benchmarks.search_queries import QUERIES, TWO_WORDS

_WARM, _COLD_GOAL, _TIMES, _KEPT = 50, 500, 100, 0.7  # milliseconds, times, part of the rate
PAGE = 20
ROUNDS = 3
ROUND = 2000  # articles written in each, with and without search data


@dataclass(frozen=True)
class Measured:
    """What a search in so many *articles* takes."""

    articles: int
    characters: float
    """Of a text, on average."""
    bytes_each: Mapping[str, tuple[int, int]]
    """By collection, per article: data and indexes on disk."""
    rates: Mapping[str, Sequence[float]]
    """Articles written in a second, ``with`` and ``without`` search data, by round."""
    warm: Mapping[str, Sequence[float]]
    """Milliseconds by kind of query."""
    cold: Sequence[float]
    scans: Mapping[str, Sequence[float]]
    hits: Mapping[str, Sequence[int]]
    """How many articles each checked query finds."""
    wrong: int
    """Of these, how many are not exactly those whose text contains what was asked."""


def section(measured: Measured) -> str:
    scanned = median(time for times in measured.scans.values() for time in times)
    rows = []
    for kind, times in measured.warm.items():
        middle, most = _percentiles(times)
        rows.append(
            (
                kind,
                f"{median(measured.hits[kind]):,.0f}",
                f"{middle:.1f}",
                f"{most:.1f}",
                f"{median(measured.scans[kind]):,.0f}",
                f"{median(measured.scans[kind]) / middle:,.0f}",
            )
        )
    sizes = [
        (f"`{name}`", f"{data:,}", f"{index:,}")
        for name, (data, index) in measured.bytes_each.items()
    ]
    rates = {kind: median(values) for kind, values in measured.rates.items()}
    kept = rates["with"] / rates["without"]
    warm = _percentiles(measured.warm[TWO_WORDS])[1]
    cold = _percentiles(measured.cold)[1]
    faster = scanned / median(measured.warm[TWO_WORDS])
    checked = sum(map(len, measured.hits.values()))
    heads = ("query", "hits", "p50, ms", "p95, ms", "`$regex`, ms", "times as fast")
    return "\n".join(
        (
            table(heads, rows),
            "",
            f"{measured.articles:,} articles of {measured.characters:,.0f} characters on average:"
            " the demo site's, two stories each, with made-up names as frequent as words are in"
            f" real texts. {QUERIES} queries of a kind, the first {PAGE} most relevant of each;"
            " hits are the median of what it finds."
            f" {QUERIES} others of two words were asked before."
            " Words are cut out of texts at random places."
            " `$regex` looks for the same in the articles, without an order.",
            "",
            table(("bytes an article, on disk", "data", "indexes"), sizes),
            "",
            f"Written: {rates['with']:.0f} articles/s with search data, {rates['without']:.0f}"
            f" without (median of {ROUNDS} rounds of {ROUND} in turn).",
            "",
            "Goals:",
            "",
            f"* p95 of two words under {_WARM} ms: {warm:.1f} ms, {verdict(warm < _WARM)}; of the"
            f" first query after a start of mongod under {_COLD_GOAL} ms: {cold:.0f} ms,"
            f" {verdict(cold < _COLD_GOAL)} (its files may be in the system's cache);",
            f"* {_TIMES} times as fast as `$regex`: {faster:,.0f}, {verdict(faster >= _TIMES)};",
            f"* written at {_KEPT:.0%} of the rate without: {kept:.0%}, {verdict(kept >= _KEPT)};",
            f"* exactly what contains the words is found: in {checked - measured.wrong} of"
            f" {checked} queries, {verdict(measured.wrong == 0)}.",
        )
    )


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    in_order = sorted(times)
    return median(in_order), in_order[len(in_order) * 95 // 100]
