"""Mails that people get, by a server of the settings MAIL_*."""

from __future__ import annotations

import asyncio
import base64
import logging
from email import message_from_bytes, policy
from typing import Any

import pytest
from scrapy.settings import Settings

from netease_crawler.alerting import delivery, mail
from netease_crawler.alerting.channels import read_channels
from netease_crawler.alerting.delivery import DeliveryError, deliver
from tests.alerting.listener import Mailbox, running
from tests.alerting.messages import HOSTILE, REFUSED

PASSWORD = "p8XwSecret"  # noqa: S105 - of no server
PLAIN = base64.b64encode(f"\0writer\0{PASSWORD}".encode()).decode()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next try is made at once."""
    monkeypatch.setattr(delivery, "_PAUSES", (0, 0))


def settings(mailbox: Mailbox, **others: Any) -> Settings:
    return Settings(
        {
            "ALERT_MAIL_TO": "desk@example.org, night@example.org",
            "MAIL_FROM": "crawler@example.org",
            "MAIL_HOST": "127.0.0.1",
            "MAIL_PORT": str(mailbox.port),
            **others,
        }
    )


def test_mail_says_what_happened():
    with running(Mailbox()) as mailbox:
        assert asyncio.run(deliver(read_channels(settings(mailbox)), REFUSED)) is True
    [(sender, to, taken)] = mailbox.received
    assert (sender, to) == ("crawler@example.org", ["desk@example.org", "night@example.org"])
    parsed = message_from_bytes(taken, policy=policy.default)
    assert (parsed["From"], parsed["To"], parsed["Subject"]) == (
        "crawler@example.org",
        "desk@example.org, night@example.org",
        "网易号抓取告警：站点拒绝访问 metro_daily",
    )
    assert parsed.get_content().splitlines() == [
        "网易号抓取告警：站点拒绝访问",
        "",
        "抓取：metro_daily（article）",
        "原因：www.163.com refuses: 10 of 13 answers were refusals",
        "继续：scrapy crawl article -a crawl=metro_daily",
        "时间：2024-07-03 17:46:40（北京时间）",
        "示例：",
        "  https://www.163.com/dy/article/J22CN60P0514R9KQ.html  HTTP 403",
        "  https://www.163.com/dy/article/J22CN60P0514R9KR.html  HTTP 403",
        "  file:///srv/saved/a_b.html  DownloadFailedError",
    ]


def test_hostile_text_adds_no_line():
    with running(Mailbox()) as mailbox:
        assert asyncio.run(deliver(read_channels(settings(mailbox)), HOSTILE)) is True
    parsed = message_from_bytes(mailbox.received[0][2], policy=policy.default)
    assert parsed.get_content_type() == "text/plain"
    assert len(parsed.get_content().splitlines()) == 8


def test_user_and_password_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("MAIL_USER", "writer")
    monkeypatch.setenv("MAIL_PASS", PASSWORD)
    with running(Mailbox(login=(PLAIN, "235 welcome"))) as mailbox:
        assert asyncio.run(deliver(read_channels(settings(mailbox)), REFUSED)) is True
    assert len(mailbox.received) == 1


def test_password_that_is_refused_is_not_told(monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("MAIL_USER", "writer")
    monkeypatch.setenv("MAIL_PASS", PASSWORD)
    with running(Mailbox(login=("other", "235 welcome"))) as mailbox:
        channels = read_channels(settings(mailbox))
        assert asyncio.run(deliver(channels, REFUSED)) is False
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert errors == [
        f"The alert was not delivered to mail at 127.0.0.1:{mailbox.port}:"
        f" SMTPAuthenticationError: 535. It was: {REFUSED.reason}"
    ]
    assert [one for one in (PASSWORD, PLAIN) if one in caplog.text + repr(channels)] == []


def test_nothing_is_sent_in_the_clear_that_was_to_be_encrypted(caplog):
    with running(Mailbox()) as mailbox:
        channels = read_channels(settings(mailbox, MAIL_TLS="1"))
        assert asyncio.run(deliver(channels, REFUSED)) is False
    assert mailbox.received == []
    assert "SMTPNotSupportedError" in caplog.text


def test_server_that_is_down_is_an_error(caplog):
    with running(Mailbox()) as mailbox:
        pass
    assert asyncio.run(deliver(read_channels(settings(mailbox)), REFUSED)) is False
    assert caplog.messages == [
        f"The alert was not delivered to mail at 127.0.0.1:{mailbox.port}:"
        f" ConnectionRefusedError: Connection refused. It was: {REFUSED.reason}"
    ]


def test_server_that_is_slow_at_each_step_is_given_up_as_a_whole(monkeypatch):
    monkeypatch.setattr(mail, "TIMEOUT", 1)
    with running(Mailbox(pause=0.4)) as mailbox:
        [channel] = read_channels(settings(mailbox))
        with pytest.raises(DeliveryError):
            asyncio.run(channel.send(REFUSED))
    # The thread has ended too, as asyncio.run waits for it: else the mail would come all the same.
    assert mailbox.received == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ALERT_MAIL_TO": "desk"}, "ALERT_MAIL_TO: 'desk' is not a mail address"),
        (
            {"MAIL_PORT": "smtp"},
            "MAIL_PORT, MAIL_TLS or MAIL_SSL: invalid literal for int() with base 10: 'smtp'",
        ),
        (
            {"ALERT_WEBHOOKS": "https://example.org/a oapi.dingtalk.com/p8XwSecret"},
            "ALERT_WEBHOOKS: number 2: is not an address that begins with https:// or http://",
        ),
    ],
)
def test_settings_that_cannot_be_used(given, message):
    with pytest.raises(ValueError) as error:  # noqa: PT011 - all of it is compared
        read_channels(settings(Mailbox(), **given))
    assert str(error.value) == message


def test_channels_of_lists_and_of_nothing():
    webhooks = ["https://example.org/a", "https://open.feishu.cn/x#y"]
    for value in (webhooks, ",".join(webhooks), "\n".join(webhooks)):
        found = read_channels(Settings({"ALERT_WEBHOOKS": value}))
        assert [one.name for one in found] == ["json at example.org", "feishu at open.feishu.cn"]
    assert read_channels(Settings()) == ()
    assert read_channels(Settings({"ALERT_WEBHOOKS": "", "ALERT_MAIL_TO": ""})) == ()
