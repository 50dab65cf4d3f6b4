"""Alerts of a crawl: fields that its pages ceased to show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from netease_crawler.drift import Fall, Name
from netease_crawler.incident import Kind
from netease_crawler.ledger.claims import claim_field
from netease_crawler.ledger.page import name_text
from netease_crawler.storage.connection import Database, Document


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert(Fall):
    """A fall that was noticed."""

    raised_at: datetime
    resolved_at: datetime | None
    """When all its pages had been read after all; None until then."""


def alerts_of(crawl: Document) -> tuple[Alert, ...]:
    """Return the alerts in the document of a *crawl*, in the order in which they were raised."""
    return tuple(
        Alert(
            layout=alert["layout"],
            field=alert["field"],
            usual=alert["usual"],
            seen=alert["seen"],
            asked=alert["asked"],
            pages=tuple(alert["pages"]),
            raised_at=alert["raised_at"],
            resolved_at=alert.get("resolved_at"),
        )
        for alert in crawl.get("alerts", ())
    )


def unresolved(crawl: Document) -> dict[Name, Alert]:
    """Return the alerts in the document of a *crawl* that stand, by layout and field."""
    return {alert.name: alert for alert in alerts_of(crawl) if alert.resolved_at is None}


async def raise_alert(database: Database, crawl: str, fall: Fall) -> bool:
    """Keep *fall* as an alert of *crawl*; return whether there was none of it yet."""
    same = {"layout": fall.layout, "field": fall.field, "resolved_at": {"$exists": False}}
    alert = asdict(fall) | {"pages": list(fall.pages), "raised_at": "$$NOW"}
    raised = await database["crawls"].update_one(
        {"_id": crawl, "alerts": {"$not": {"$elemMatch": same}}},
        [{"$set": {"alerts": {"$concatArrays": [{"$ifNull": ["$alerts", []]}, [alert]]}}}],
    )
    return raised.modified_count == 1


async def resolve(database: Database, crawl: str, names: Iterable[Name]) -> None:
    """Let the alerts of *names* be over; who raises one again tells people of it again."""
    for layout, field in names:
        await database["crawls"].update_one(
            {"_id": crawl},
            {
                "$currentDate": {"alerts.$[alert].resolved_at": True},
                "$unset": {claim_field(Kind.DRIFT.value, name_text((layout, field))): ""},
            },
            array_filters=[
                {
                    "alert.layout": layout,
                    "alert.field": field,
                    "alert.resolved_at": {"$exists": False},
                }
            ],
        )
