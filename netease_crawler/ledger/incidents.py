"""What of a crawl is an incident: drift, and an end that is none."""

from __future__ import annotations

from netease_crawler.drift import Fall
from netease_crawler.incident import Incident, Kind
from netease_crawler.ledger.crawls import DRIFT, FINISHED
from netease_crawler.ledger.page import PENDING, RETRIED_BUCKETS, Bucket, name_text
from netease_crawler.ledger.reports import Report, Reports
from netease_crawler.storage.connection import Database

_EXAMPLES = 3
_MISSED = [bucket.value for bucket in RETRIED_BUCKETS]
# What an example is of, the worst first.
_WORST = [*_MISSED, Bucket.REJECTED.value, PENDING, Bucket.FILTERED.value, Bucket.DELETED.value]


def drift_incident(fall: Fall) -> Incident:
    """Return *fall* as an incident."""
    return Incident(
        kind=Kind.DRIFT,
        what=name_text(fall.name),
        reason=fall.line.removesuffix(f": {' '.join(fall.pages)}"),
        examples=tuple((page, f"without {fall.field}") for page in fall.pages),
    )


async def incidents_at_end(database: Database, crawl: str) -> list[Incident]:
    """Return what is to be told of *crawl*, whose last worker has left.

    None where it is finished, or where somebody has joined it again.
    """
    report = await Reports(database).report(crawl, verify=False)
    if report.outcome in (None, FINISHED):
        return []
    if report.outcome == DRIFT:
        return [drift_incident(alert) for alert in report.standing]
    return [
        Incident(
            kind=Kind.ENDED,
            what=f"{report.outcome}: {report.cause}",
            reason=f"{report.outcome}: {report.problem}",
            examples=await _examples(database, report),
        )
    ]


async def _examples(database: Database, report: Report) -> tuple[tuple[str, str], ...]:
    examples: list[tuple[str, str]] = []
    for state in _WORST:
        wanted = {"crawl": report.crawl, "state": state}
        found = database["frontier"].find(wanted, {"url": 1, "reason": 1}).limit(_EXAMPLES)
        examples += [
            (page["url"], ": ".join(filter(None, (state, page.get("reason")))))
            async for page in found
        ]
        if len(examples) >= _EXAMPLES:
            break
    return tuple(examples[:_EXAMPLES])
