"""Webhooks: robots of 钉钉, 飞书 and 企业微信, and programs of one's own."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timezone
from typing import Any, Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus, urlencode, urlsplit

from netease_crawler.alerting.delivery import TIMEOUT, DeliveryError
from netease_crawler.alerting.message import Message, one_line

Payload = dict[str, Any]

DINGTALK, FEISHU, WECOM, JSON = "dingtalk", "feishu", "wecom", "json"
_HOSTS: Final = {
    "oapi.dingtalk.com": DINGTALK,
    "open.feishu.cn": FEISHU,
    "open.larksuite.com": FEISHU,
    "qyapi.weixin.qq.com": WECOM,
}
_SIGNED: Final = (DINGTALK, FEISHU)
_LONGEST_WECOM: Final = 4096  # bytes of UTF-8, says developer.work.weixin.qq.com
_SHORTEST_TOKEN: Final = 6  # characters of a path's segment


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that takes messages by POST."""

    kind: str
    address: str = field(repr=False)
    secret: str = field(repr=False)
    """What requests are signed with; empty where they are not."""

    @property
    def name(self) -> str:
        return f"{self.kind} at {urlsplit(self.address).netloc.rpartition('@')[2]}"

    async def send(self, message: Message) -> None:
        """Send *message*. Raises DeliveryError."""
        import aiohttp  # here, as it takes long, and few programs that can send do

        address, payload = self.request(message, time.time())
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(TIMEOUT)) as session,
                session.post(address, json=payload, allow_redirects=False) as response,
            ):
                failure = self.failure(response.status, await response.read())
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            # What they say of themselves may have the address in it.
            said = error.strerror if isinstance(error, OSError) else None
            failure = self._without_secrets(said) if said else type(error).__name__
        if failure is not None:
            raise DeliveryError(failure)

    def request(self, message: Message, now: float) -> tuple[str, Payload]:
        """Return where to and what is sent at *now*, in seconds since 1970."""
        payload = _PAYLOADS[self.kind](message)
        address = self.address
        if self.secret and self.kind == DINGTALK:
            address += ("&" if urlsplit(address).query else "?") + urlencode(
                dingtalk_signature(self.secret, now)
            )
        elif self.secret:
            payload |= feishu_signature(self.secret, now)
        return address, payload

    def failure(self, status: int, answer: bytes) -> str | None:
        """Return why the message was not taken, None where it was."""
        if not 200 <= status < 300:
            return f"HTTP {status}"
        if self.kind == JSON:
            return None
        # {"errcode": 310000, "errmsg": "sign not match"}, with 200; 飞书: {"code": 19021, "msg": …}
        try:
            said = json.loads(answer)
            code = said["code" if self.kind == FEISHU else "errcode"]
        except (ValueError, KeyError, TypeError):
            return "its answer is not that of a robot"
        if code == 0:
            return None
        why = self._without_secrets(f"code {code}: {said.get('msg', said.get('errmsg'))}")
        return one_line(why, 200)  # cut last: half a secret would not be found

    def _without_secrets(self, text: str) -> str:
        for secret in sorted(self._secrets(), key=len, reverse=True):  # some are part of others
            text = text.replace(secret, "…")
        return text

    def _secrets(self) -> set[str]:
        """Return what nobody is to see, in each form in which a server may repeat it."""
        parts = urlsplit(self.address)
        # …/hook?TOKEN is one too
        query = [pair.partition("=")[2] or pair for pair in parts.query.split("&")]
        path = [segment for segment in parts.path.split("/") if len(segment) >= _SHORTEST_TOKEN]
        shown = [self.secret, parts.username or "", parts.password or "", *query, *path]
        plain = {form for one in shown for form in (one, unquote(one), unquote_plus(one))}
        quoted = {quoting(one, safe="") for one in plain for quoting in (quote, quote_plus)}
        return (plain | quoted) - {""}


def read_webhook(entry: str) -> Webhook:
    """Return the webhook that *entry* of ALERT_WEBHOOKS is.

    Raises ValueError with what is wrong, without telling the address.
    """
    kind, plus, address = entry.partition("+")
    if not plus or "/" in kind:  # a plus of the address itself
        kind, address = "", entry
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if host is None or parts.scheme not in ("http", "https"):
        raise ValueError("is not an address that begins with https:// or http://")
    kind = kind or _HOSTS.get(host, JSON)
    if kind not in _PAYLOADS:
        raise ValueError(f"the kind before '+' is one of {', '.join(_PAYLOADS)}")
    if parts.fragment and kind not in _SIGNED:
        raise ValueError(f"{kind} has no signature, so no secret after '#'")
    return Webhook(kind, parts._replace(fragment="").geturl(), parts.fragment)


def dingtalk_signature(secret: str, now: float) -> dict[str, str]:
    """Return what 钉钉 wants in the address at *now*, seconds since 1970."""
    timestamp = str(round(now * 1000))
    return {"timestamp": timestamp, "sign": _hmac(secret, f"{timestamp}\n{secret}")}


def feishu_signature(secret: str, now: float) -> dict[str, str]:
    """Return what 飞书 wants in the body at *now*, seconds since 1970."""
    timestamp = str(round(now))
    return {"timestamp": timestamp, "sign": _hmac(f"{timestamp}\n{secret}", "")}


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), hashlib.sha256)).decode()


def _dingtalk(message: Message) -> Payload:
    text = message.markdown("\n\n")
    return {"msgtype": "markdown", "markdown": {"title": message.title, "text": text}}


def _feishu(message: Message) -> Payload:
    lines = [[_feishu_text(f"{name}：{fact}")] for name, fact in message.facts]
    for address, why in message.examples:
        is_web = address.startswith(("http://", "https://"))  # else it has no link
        link = {"tag": "a", "text": address, "href": address}
        lines.append([link if is_web else _feishu_text(address), _feishu_text(f" {why}")])
    post = {"title": message.title, "content": lines}
    return {"msg_type": "post", "content": {"post": {"zh_cn": post}}}


def _feishu_text(text: str) -> dict[str, str]:
    return {"tag": "text", "text": text}


def _wecom(message: Message) -> Payload:
    text = message.markdown("\n").encode("utf-8", "replace")[:_LONGEST_WECOM]
    return {"msgtype": "markdown", "markdown": {"content": text.decode("utf-8", "ignore")}}


def _json(message: Message) -> Payload:
    return {
        "crawl": message.crawl,
        "spider": message.spider,
        "kind": message.incident.kind.value,
        "reason": message.reason,
        "examples": [{"url": address, "reason": why} for address, why in message.examples],
        "at": message.at.astimezone(timezone.utc).isoformat(timespec="seconds"),
        "resume": message.resume,
    }


_PAYLOADS: Final[Mapping[str, Callable[[Message], Payload]]] = {
    DINGTALK: _dingtalk,
    FEISHU: _feishu,
    WECOM: _wecom,
    JSON: _json,
}
