"""The section of the documentation: a row for each scenario and subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.reliability.cost import Costs
from benchmarks.reliability.outcome import Outcome
from benchmarks.reliability.scenarios import Scenario
from benchmarks.report import table, verdict

_STALL_GOAL = 0.3  # seconds
_HEADS = (
    *("what happens", "what to", "how often", "articles", "lost", "twice", "wrong"),
    *("fetched again", "what it says", "s", "stall, ms", "nothing lost, nothing twice"),
)
_OURS = "ours"


@dataclass(frozen=True)
class Row:
    """What became of one subject in one scenario."""

    scenario: Scenario
    key: str
    """The subject, as ``--subjects`` has it."""
    subject: str
    """Its name."""
    outcome: Outcome | None = None
    not_done: str = ""
    """Why there is no outcome."""


def section(rows: Sequence[Row], costs: Costs | None) -> str:
    parts = [table(_HEADS, map(_cells, rows)), "", _EXPLANATION, "", _goals(rows)]
    if costs is not None:
        parts += ["", costs.text()]
    return "\n".join(parts)


_EXPLANATION = (
    "Random moments, while a made-up site is crawled from one seed by links. Lost: articles that"
    " the site has and the archive has not. Twice: documents beyond one for each, for ours also"
    " edges that were counted twice and revisions of what never changed. Wrong: stored articles"
    " of which a value (title, text, images, copy mark, recommendations, …) is not the site's, and"
    " documents whose times cannot be, like one first seen before its crawl; of ours alone, as"
    " others store what their own spider reads. Fetched again: requests for"
    " an article that had been asked for. What it says: by its own means, once it ends, or once"
    " two more runs of it add nothing. Stall: how much later than asked a sleep of 10 ms in the"
    " spider's event loop ended, at most, from its start to its end; reading pages and other work"
    " on the machine are in it."
)


def _cells(row: Row) -> tuple[str, ...]:
    found = row.outcome
    if found is None:
        return (row.scenario.name, row.subject, f"not done: {row.not_done}", *[""] * 9)
    return (
        row.scenario.name,
        row.subject,
        found.happened,
        f"{found.expected}",
        f"{found.lost}",
        f"{found.twice}",
        "" if found.wrong is None else f"{found.wrong}",
        f"{found.fetched_again}",
        found.word,
        f"{found.seconds:.0f}",
        "" if found.stall is None else f"{found.stall * 1000:.0f}",
        verdict(found.is_met),
    )


def _goals(rows: Sequence[Row]) -> str:
    ours = [row.outcome for row in rows if row.key == _OURS and row.outcome is not None]
    met = sum(outcome.is_met for outcome in ours)
    goals = [
        "Goals, of ours: nothing lost, twice or wrong, and sums that match, in"
        f" {met} of {len(ours)} scenarios, {verdict(met == len(ours))}"
    ]
    stalls = [outcome.stall for outcome in ours if outcome.stall is not None]
    if stalls:
        goals.append(
            f"no stall of {_STALL_GOAL * 1000:.0f} ms while MongoDB comes and goes:"
            f" {max(stalls) * 1000:.0f} ms, {verdict(max(stalls) < _STALL_GOAL)}"
        )
    return "; ".join(goals) + "."
