"""CRAWL_RATE and CONTACT as Scrapy's own settings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netease_crawler import __version__

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


def crawl_rate(settings: BaseSettings) -> float:
    """Return CRAWL_RATE: requests per second and host, all workers together; 0 = no limit.

    Raises ValueError where it is something else.
    """
    try:
        rate = float(settings["CRAWL_RATE"])
    except (TypeError, ValueError):
        rate = math.nan
    if not 0 <= rate < math.inf:
        raise ValueError(
            "CRAWL_RATE: requests per second and host, 0 for no limit,"
            f" not {settings['CRAWL_RATE']!r}"
        )
    return rate


def apply_politeness(settings: BaseSettings) -> None:
    """Set delay and user agent of a crawl that one worker is at.

    A greater DOWNLOAD_DELAY and another USER_AGENT of the user's own stay. Raises
    ValueError where CRAWL_RATE cannot be used.
    """
    rate = crawl_rate(settings)
    if rate > 0:
        delay = max(1 / rate, settings.getfloat("DOWNLOAD_DELAY"))
        settings.set("DOWNLOAD_DELAY", delay, "spider")
        settings.set("AUTOTHROTTLE_START_DELAY", delay, "spider")
    else:
        settings.set("AUTOTHROTTLE_ENABLED", False, "spider")
    contact = settings["CONTACT"] or "no contact given"
    settings.set("USER_AGENT", f"netease_crawler/{__version__} (+{contact})", "project")
