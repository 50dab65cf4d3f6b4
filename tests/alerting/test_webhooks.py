"""What robots and programs are sent, and what of their answers is a failure."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from netease_crawler.alerting import delivery
from netease_crawler.alerting.delivery import DeliveryError, deliver
from netease_crawler.alerting.message import Message
from netease_crawler.alerting.webhooks import (
    Webhook,
    dingtalk_signature,
    feishu_signature,
    read_webhook,
)
from netease_crawler.incident import Incident, Kind
from tests.alerting.listener import Listener, Received, running
from tests.alerting.messages import AT, HOSTILE, REFUSED

NOW = 1720000000.123  # seconds since 1970
PAGE = "https://www.163.com/dy/article/J22CN60P0514R9K"
FACTS = {
    "抓取": "metro_daily（article）",
    "原因": "www.163.com refuses: 10 of 13 answers were refusals",
    "继续": "scrapy crawl article -a crawl=metro_daily",
    "时间": "2024-07-03 17:46:40（北京时间）",
}
MARKDOWN = [
    "### 网易号抓取告警：站点拒绝访问",
    *(f"**{name}**：{fact}" for name, fact in FACTS.items()),
    "**示例**：",
    f"- {PAGE}Q.html HTTP 403",
    f"- {PAGE}R.html HTTP 403",
    "- file:///srv/saved/a%5Fb.html DownloadFailedError",
]
EXPECTED = {
    "dingtalk": {
        "msgtype": "markdown",
        "markdown": {
            "title": "网易号抓取告警：站点拒绝访问",
            "text": "\n\n".join(MARKDOWN),
        },
    },
    "wecom": {"msgtype": "markdown", "markdown": {"content": "\n".join(MARKDOWN)}},
    "feishu": {
        "msg_type": "post",
        "content": {
            "post": {
                "zh_cn": {
                    "title": "网易号抓取告警：站点拒绝访问",
                    "content": [
                        *(
                            [{"tag": "text", "text": f"{name}：{fact}"}]
                            for name, fact in FACTS.items()
                        ),
                        *(
                            [
                                {"tag": "a", "text": f"{PAGE}{end}", "href": f"{PAGE}{end}"},
                                {"tag": "text", "text": " HTTP 403"},
                            ]
                            for end in ("Q.html", "R.html")
                        ),
                        [
                            {"tag": "text", "text": "file:///srv/saved/a_b.html"},
                            {"tag": "text", "text": " DownloadFailedError"},
                        ],
                    ],
                }
            }
        },
    },
    "json": {
        "crawl": "metro_daily",
        "spider": "article",
        "kind": "refused",
        "reason": "www.163.com refuses: 10 of 13 answers were refusals",
        "examples": [
            {"url": f"{PAGE}Q.html", "reason": "HTTP 403"},
            {"url": f"{PAGE}R.html", "reason": "HTTP 403"},
            {"url": "file:///srv/saved/a_b.html", "reason": "DownloadFailedError"},
        ],
        "at": "2024-07-03T09:46:40+00:00",
        "resume": "scrapy crawl article -a crawl=metro_daily",
    },
}


def send(webhook: Webhook, message: Message = REFUSED) -> None:
    asyncio.run(webhook.send(message))


@pytest.mark.parametrize("kind", EXPECTED)
def test_what_each_kind_is_sent(kind):
    with running(Listener()) as listener:
        send(read_webhook(listener.address(kind, "/robot/send?access_token=Tok3nSecret")))
    assert listener.received == [
        Received("/robot/send", {"access_token": "Tok3nSecret"}, EXPECTED[kind])
    ]


# Computed with openssl dgst -sha256 -hmac, by the vendors' descriptions.
def test_signature_of_dingtalk():
    assert dingtalk_signature("SEC0123456789abcdef", NOW) == {
        "timestamp": "1720000000123",
        "sign": "+N13JYrLqtuld9cBGAPhR7jxxN2kRVlwBkvWRM2sQIc=",
    }


def test_signature_of_feishu():
    assert feishu_signature("feishuSecret", NOW) == {
        "timestamp": "1720000000",
        "sign": "3pUh8J91ug5Dlzj0XZR/eecTjxbsd1+Y1gA60mnpwzk=",
    }


def test_signed_address_of_dingtalk():
    webhook = read_webhook(
        "https://oapi.dingtalk.com/robot/send?access_token=T#SEC0123456789abcdef"
    )
    address, payload = webhook.request(REFUSED, NOW)
    assert address == (
        "https://oapi.dingtalk.com/robot/send?access_token=T&timestamp=1720000000123"
        "&sign=%2BN13JYrLqtuld9cBGAPhR7jxxN2kRVlwBkvWRM2sQIc%3D"
    )
    assert payload == EXPECTED["dingtalk"]


def test_signature_arrives_whole_and_the_secret_does_not():
    with running(Listener()) as listener:
        for kind in ("dingtalk", "feishu"):
            for _ in range(8):  # some have a plus or a slash in them
                send(read_webhook(listener.address(kind) + "#s3cretKey"))
    robots, feishu = listener.received[:8], listener.received[8:]
    for received in robots:
        now = int(received.query["timestamp"]) / 1000
        assert received.query == dingtalk_signature("s3cretKey", now)
    for received in feishu:
        signature = feishu_signature("s3cretKey", int(received.body["timestamp"]))
        assert received.body == EXPECTED["feishu"] | signature
    assert "s3cretKey" not in str(listener.received)


@pytest.mark.parametrize(
    ("entry", "kind", "address", "secret"),
    [
        ("https://oapi.dingtalk.com/robot/send?a=1", "dingtalk", None, ""),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/x", "feishu", None, ""),
        ("https://open.larksuite.com/open-apis/bot/v2/hook/x#y", "feishu", None, "y"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", "wecom", None, ""),
        ("https://example.org/a+b", "json", None, ""),
        ("https://oapi.dingtalk.com.example.org/", "json", None, ""),
        ("wecom+http://127.0.0.1:81/x", "wecom", "http://127.0.0.1:81/x", ""),
        ("json+https://oapi.dingtalk.com/x", "json", "https://oapi.dingtalk.com/x", ""),
    ],
)
def test_kind_is_told_by_the_host_or_in_front(entry, kind, address, secret):
    webhook = read_webhook(entry)
    assert webhook == Webhook(kind, address or entry.partition("#")[0], secret)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("oapi.dingtalk.com/p8XwSecret", "is not an address that begins with https:// or http://"),
        ("ftp://127.0.0.1/p8XwSecret", "is not an address that begins with https:// or http://"),
        ("https:///p8XwSecret", "is not an address that begins with https:// or http://"),
        ("http://[p8XwSecret", "is not an address that begins with https:// or http://"),
        ("https://host:p8XwSecret/", "is not an address that begins with https:// or http://"),
        (
            "slack+https://host/p8XwSecret",
            "the kind before '+' is one of dingtalk, feishu, wecom, json",
        ),
        ("https://host/#p8XwSecret", "json has no signature, so no secret after '#'"),
    ],
)
def test_what_is_no_webhook(entry, why):
    with pytest.raises(ValueError, match=rf"^{re.escape(why)}$"):
        read_webhook(entry)


@pytest.mark.parametrize(
    ("kind", "answer", "why"),
    [
        ("dingtalk", (200, {"errcode": 310000, "errmsg": "not match"}), "code 310000: not match"),
        ("wecom", (200, {"errcode": 93000, "errmsg": "no Tok3nSecret"}), "code 93000: no …"),
        ("feishu", (200, {"code": 19021, "msg": "sign\nfail"}), "code 19021: sign fail"),
        ("feishu", (200, {"StatusCode": 0}), "its answer is not that of a robot"),
        ("dingtalk", (200, []), "its answer is not that of a robot"),
        ("dingtalk", (200, None), "its answer is not that of a robot"),
        ("json", (500, {}), "HTTP 500"),
        ("json", (302, {}), "HTTP 302"),
    ],
)  # fmt: skip
def test_answer_that_is_a_failure(kind, answer, why):
    with running(Listener([answer])) as listener, pytest.raises(DeliveryError) as error:
        send(read_webhook(listener.address(kind)))
    assert (str(error.value), len(listener.received)) == (why, 1)


@pytest.mark.parametrize(
    ("path", "forms"),
    [
        (
            "/send?v=22&access_token=s3%2fc+r%3d",
            ["s3%2fc+r%3d", "s3/c r=", "s3%2Fc%20r%3D", "s3%2Fc+r%3D"],
        ),
        ("/send?s3%2fcr3t", ["s3%2fcr3t", "s3/cr3t", "s3%2Fcr3t"]),
        ("/services/T0K3N1/s3cr3tK3y", ["T0K3N1", "s3cr3tK3y"]),
        ("/s3cr%2bt/send", ["s3cr%2bt", "s3cr+t", "s3cr%2Bt"]),
        ("/send#s3/cr+t", ["s3/cr+t", "s3%2Fcr%2Bt"]),
    ],
)
def test_no_form_of_a_secret_is_told(path, forms):
    for form in forms:
        answer = (200, {"errcode": 93000, "errmsg": f"cannot send: no {form} here"})
        with running(Listener([answer])) as listener, pytest.raises(DeliveryError) as error:
            send(read_webhook(listener.address("dingtalk", path)))
        assert str(error.value) == "code 93000: cannot send: no … here"


def test_secret_is_not_told_in_part():
    answer = (200, {"errcode": 93000, "errmsg": "x" * 180 + " Tok3nSecret"})
    with running(Listener([answer])) as listener, pytest.raises(DeliveryError) as error:
        send(read_webhook(listener.address("wecom")))
    assert str(error.value) == f"code 93000: {'x' * 180} …"


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next try is made at once."""
    monkeypatch.setattr(delivery, "_PAUSES", (0, 0))


def test_listener_that_fails_is_tried_again(at_once, caplog):
    with running(Listener([(500, {}), (200, {"errcode": -1}), (200, {"errcode": 0})])) as listener:
        webhook = read_webhook(listener.address("wecom"))
        assert asyncio.run(deliver([webhook], REFUSED)) is True
    assert [received.body for received in listener.received] == [EXPECTED["wecom"]] * 3
    assert caplog.messages == []


def test_listener_that_is_down_is_named_without_its_address(at_once, caplog):
    caplog.set_level(logging.DEBUG)
    with running(Listener()) as listener:
        address = listener.address("dingtalk", "/send?access_token=Tok3nSecret#s3cretKey")
        up = read_webhook(listener.address("json"))
    down = read_webhook(address)
    assert asyncio.run(deliver([down], REFUSED)) is False
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert errors == [
        f"The alert was not delivered to dingtalk at 127.0.0.1:{listener.port}: Connect call failed"
        f" ('127.0.0.1', {listener.port}). It was: {REFUSED.reason}"
    ]
    assert "Secret" not in caplog.text + repr(down)
    assert "s3cretKey" not in caplog.text + repr(down)
    with running(replace(listener, received=[])) as again:
        assert asyncio.run(deliver([down, up], REFUSED)) is True
    assert len(again.received) == 2


def test_one_channel_that_fails_does_not_keep_the_others_from_it(at_once):
    refusing = Listener([(403, {})] * 3)
    with running(refusing), running(Listener()) as listener:
        webhooks = [read_webhook(one.address()) for one in (refusing, listener)]
        assert asyncio.run(deliver(webhooks, REFUSED)) is True
    assert (len(refusing.received), len(listener.received)) == (3, 1)


def test_hostile_text_is_only_read():
    reason = (
        '＜at user＿id="all"＞所有人＜'
        "/at＞ ＠all ［点我］（https://a.cn） ＃ ＊＊大奖＊＊ ｀x｀ ＆lt;"
    )
    markdown = [
        "### 网易号抓取告警：抓取结束，但没有完成",
        "**抓取**：c（article）",
        f"**原因**：{reason}",
        "**继续**：scrapy crawl article -a crawl=c",
        "**时间**：2024-07-03 17:46:40（北京时间）",
        "**示例**：",
        "- https://www.163.com/a%5F%28b%29%2A%5Bc%5D%3C%40all%3E%20%23%20x"
        ' "｝］,"at":｛"isAtAll":true｝ ！［］',
    ]
    sent = {
        kind: read_webhook(f"{kind}+http://127.0.0.1/").request(HOSTILE, NOW)[1]
        for kind in EXPECTED
    }
    assert sent["dingtalk"]["markdown"]["text"].split("\n\n") == markdown
    assert sent["wecom"]["markdown"]["content"].split("\n") == markdown
    assert sent["feishu"].keys() == {"msg_type", "content"}
    lines = sent["feishu"]["content"]["post"]["zh_cn"]["content"]
    assert [element["tag"] for line in lines for element in line] == ["text"] * 4 + ["a", "text"]
    assert [text for text in json.dumps(sent) if not text.isprintable()] == []


def test_long_text_fits_wecom():
    reason, address = "说" * 5000, "https://www.163.com/" + "新" * 2000
    examples = ((address, reason),) * 5
    long = Incident(kind=Kind.ENDED, what="x", reason=reason, examples=examples)
    message = Message(crawl="c" * 100, spider="article", incident=long, at=AT)
    webhook = read_webhook("wecom+http://127.0.0.1/")
    content = webhook.request(message, NOW)[1]["markdown"]["content"]
    assert 4093 <= len(content.encode()) <= 4096
    assert "scrapy crawl article -a crawl=ccc" in content
    robot = read_webhook("dingtalk+http://127.0.0.1/").request(message, NOW)[1]
    assert len(json.dumps(robot, ensure_ascii=False).encode()) < 20_000
    assert robot["markdown"]["text"].count("\n- ") == 3


def test_half_characters_do_not_keep_an_alert_from_being_sent():
    incident = replace(
        REFUSED.incident, reason="a\udce5b", examples=(("file:///\udce5", "\ud800"),)
    )
    with running(Listener()) as listener:
        for kind in EXPECTED:
            send(read_webhook(listener.address(kind)), replace(REFUSED, incident=incident))
    assert [received.path for received in listener.received] == ["/alerts/Tok3nSecret"] * 4
    assert "\\ud" not in json.dumps([received.body for received in listener.received])
    assert dict(parse_qsl(urlsplit(listener.address()).query)) == {}
