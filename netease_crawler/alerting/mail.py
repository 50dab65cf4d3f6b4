"""Mail: by the standard library, as scrapy.mail is deprecated; its settings are Scrapy's."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
import time
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from netease_crawler.alerting.delivery import TIMEOUT, DeliveryError
from netease_crawler.alerting.message import Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """A server that takes mail for some people."""

    to: tuple[str, ...]
    sender: str
    host: str
    port: int
    user: str = field(repr=False)
    """Empty: without a login."""
    password: str = field(repr=False)
    starttls: bool
    """Whether the connection is encrypted once it stands …"""
    tls: bool
    """… or from its beginning."""

    @property
    def name(self) -> str:
        return f"mail at {self.host}:{self.port}"

    async def send(self, message: Message) -> None:
        """Send *message*. Raises DeliveryError."""
        until = time.monotonic() + TIMEOUT
        try:
            sending = asyncio.to_thread(self._send, self.mail(message), until)
            await asyncio.wait_for(sending, TIMEOUT)
        except asyncio.TimeoutError:
            raise DeliveryError(f"not taken in {TIMEOUT} s") from None
        except (OSError, ValueError) as error:  # SMTPException is an OSError
            raise DeliveryError(_line(error)) from None

    def mail(self, message: Message) -> EmailMessage:
        """Return *message* as it is sent."""
        mail = EmailMessage()
        mail["From"] = self.sender
        mail["To"] = ", ".join(self.to)
        mail["Subject"] = f"{message.title} {message.crawl}"
        mail["Date"] = formatdate()
        mail["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2] or None)
        mail.set_content(message.text())
        return mail

    def _send(self, mail: EmailMessage, until: float) -> None:
        context = ssl.create_default_context()
        with (
            _HurriedTLS(self.host, self.port, until, context=context)
            if self.tls
            else _Hurried(self.host, self.port, until)
        ) as server:
            if self.starttls:
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            server.send_message(mail)


class _Hurried(smtplib.SMTP):
    """A connection that is given up at *until* (``time.monotonic()``), whatever it waits for.

    smtplib's timeout is one for each answer, and a mail takes six of them or more.
    """

    def __init__(self, host: str, port: int, until: float, **tls: Any) -> None:
        self._until = until
        super().__init__(host, port, timeout=until - time.monotonic(), **tls)

    def getreply(self) -> tuple[int, bytes]:
        left = self._until - time.monotonic()
        if self.sock is None or left <= 0:
            self.close()
            raise smtplib.SMTPServerDisconnected
        self.sock.settimeout(left)
        return super().getreply()


class _HurriedTLS(_Hurried, smtplib.SMTP_SSL):
    """The same, encrypted from its beginning."""


def _line(error: Exception) -> str:
    """Return what *error* is, without what a server said: it may repeat a password."""
    code = getattr(error, "smtp_code", None) or getattr(error, "strerror", None)
    return f"{type(error).__name__}: {code}" if code else type(error).__name__
