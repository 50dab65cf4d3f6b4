"""Whom the settings name to be told."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from netease_crawler.alerting.delivery import Channel
from netease_crawler.alerting.mail import Mail
from netease_crawler.alerting.webhooks import Webhook, read_webhook

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


def read_channels(settings: BaseSettings) -> tuple[Channel, ...]:
    """Return the channels of ALERT_WEBHOOKS and ALERT_MAIL_TO.

    Raises ValueError with a line that names the setting, and tells no address of a webhook.
    """
    entries = enumerate(_list(settings["ALERT_WEBHOOKS"]), 1)
    channels: list[Channel] = [_webhook(number, entry) for number, entry in entries]
    if (mail := _mail(settings)) is not None:
        channels.append(mail)
    return tuple(channels)


def _webhook(number: int, entry: str) -> Webhook:
    try:
        return read_webhook(entry)
    except ValueError as error:
        raise ValueError(f"ALERT_WEBHOOKS: number {number}: {error}") from None


def _mail(settings: BaseSettings) -> Mail | None:
    to = _list(settings["ALERT_MAIL_TO"])
    if not to:
        return None
    for address in to:
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
            raise ValueError(f"ALERT_MAIL_TO: {address!r} is not a mail address")
    try:
        port = settings.getint("MAIL_PORT")
        starttls, tls = settings.getbool("MAIL_TLS"), settings.getbool("MAIL_SSL")
    except ValueError as error:
        raise ValueError(f"MAIL_PORT, MAIL_TLS or MAIL_SSL: {error}") from None
    return Mail(
        to=to,
        sender=settings["MAIL_FROM"],
        host=settings["MAIL_HOST"],
        port=port,
        # Scrapy logs every setting of its own that is not the default.
        user=settings["MAIL_USER"] or os.environ.get("MAIL_USER", ""),
        password=settings["MAIL_PASS"] or os.environ.get("MAIL_PASS", ""),
        starttls=starttls,
        tls=tls,
    )


def _list(value: str | list[str] | None) -> tuple[str, ...]:
    entries = re.split(r"[,\s]+", value) if isinstance(value, str) else value or ()
    return tuple(entry for entry in entries if entry)
