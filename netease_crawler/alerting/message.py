"""What is told of an incident, in words that command nothing where they are shown."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote

from netease_crawler.incident import Incident, Kind
from netease_crawler.times import beijing_text

TITLES: Final = {
    Kind.DRIFT: "页面结构变了",
    Kind.REFUSED: "站点拒绝访问",
    Kind.GAVE_UP: "站点一直拒绝访问，抓取已停止",
    Kind.ENDED: "抓取结束，但没有完成",
    Kind.STOPPED: "无法写入数据库，抓取已停止",
    Kind.NOT_STARTED: "抓取无法开始",
}
_LONGEST_REASON, _LONGEST_EXAMPLE, _LONGEST_ADDRESS = 600, 160, 300  # characters
_COMMANDS = "`*_~#<>[](){}|!@\\$&"  # in Markdown, in tags, and what calls people
_HARMLESS = str.maketrans({sign: chr(ord(sign) + 0xFEE0) for sign in _COMMANDS})  # full-width


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """An incident of a crawl, as people are told of it."""

    crawl: str
    spider: str
    incident: Incident
    at: datetime
    """In UTC."""

    @property
    def title(self) -> str:
        return f"网易号抓取告警：{TITLES[self.incident.kind]}"

    @property
    def resume(self) -> str:
        """The command that goes on with the crawl."""
        return f"scrapy crawl {self.spider} -a crawl={self.crawl}"

    @property
    def reason(self) -> str:
        """Why, in a line."""
        return one_line(self.incident.reason, _LONGEST_REASON)

    @property
    def examples(self) -> list[tuple[str, str]]:
        """Pages and what became of them, each in a line."""
        return [
            (one_line(address, _LONGEST_ADDRESS), one_line(why, _LONGEST_EXAMPLE))
            for address, why in self.incident.examples[:3]
        ]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What there is to say besides examples, each with its name."""
        return [
            ("抓取", f"{self.crawl}（{self.spider}）"),
            ("原因", self.reason),
            ("继续", self.resume),
            ("时间", f"{beijing_text(self.at)}（北京时间）"),
        ]

    def text(self) -> str:
        """Return all of it as plain text."""
        lines = [self.title, "", *(f"{name}：{fact}" for name, fact in self.facts)]
        if self.examples:
            lines += ["示例：", *(f"  {address}  {why}" for address, why in self.examples)]
        return "\n".join(lines)

    def markdown(self, between: str) -> str:
        """Return all of it as Markdown, with *between* its paragraphs."""
        named = {"原因": harmless(self.reason)}
        facts = [f"**{name}**：{named.get(name, fact)}" for name, fact in self.facts]
        paragraphs = [f"### {self.title}", *facts]
        if self.examples:
            paragraphs += ["**示例**："]
            paragraphs += [f"- {link(address)} {harmless(why)}" for address, why in self.examples]
        return between.join(paragraphs)


def one_line(text: str, longest: int) -> str:
    """Return *text* in a line of *longest* characters at most, without invisible ones."""
    seen = "".join(" " if unicodedata.category(sign)[0] == "C" else sign for sign in text)
    line = " ".join(seen.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def harmless(line: str) -> str:
    """Return *line* with full-width signs for those that mean something in Markdown or tags.

    >>> harmless("[a](b) <@all>")
    '［a］（b） ＜＠all＞'
    """
    return line.translate(_HARMLESS)


def link(address: str) -> str:
    """Return *address* with percents for the signs that mean something in Markdown or tags.

    >>> link("https://www.163.com/dy/article/A_B.html?x=(1)")
    'https://www.163.com/dy/article/A%5FB.html?x=%281%29'
    """
    quoted = quote(address, safe=":/?&=%+,;", errors="replace")
    return quoted.replace("_", "%5F").replace("~", "%7E")
