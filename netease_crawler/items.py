"""What the crawler collects: an article of 网易号 (NetEase Hao) and its parts.

The items are frozen: a pipeline that changes one returns a replaced copy.
``None`` and ``()`` mean "the page does not show it", never "zero" and never a guess.
Every time is an aware :class:`~datetime.datetime` in UTC; pages show Beijing time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One visible piece of an article's body, in reading order."""

    kind: str
    """``paragraph``, ``heading``, ``quote``, ``image`` or ``video``."""
    text: str | None = None
    """Text of a paragraph, heading or quote; ``None`` for an image or a video."""
    url: str | None = None
    """Original address of the image or video, unwrapped from ``nimg.ws.126.net``."""
    caption: str | None = None
    """Text that the markup ties to the image or video; a caption in a paragraph of its
    own is a ``paragraph`` block, as nothing on the page tells the two apart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """The 网易号 account that published an article, as its author card shows it."""

    media_id: str | None = None
    """``T`` and 13 digits, from the address of the account page."""
    wemedia_id: str | None = None
    """``W`` and digits; pages of small accounts do not carry it."""
    name: str | None = None
    """Name on the author card."""
    url: str | None = None
    """Address of the account page, ``https://www.163.com/dy/media/T….html``."""
    description: str | None = None
    """The account's line about itself."""
    avatar_url: str | None = None
    """Original address of the avatar."""
    article_count: int | None = None
    """文章数 on the author card when the page was fetched."""
    follower_count: int | None = None
    """关注度 on the author card when the page was fetched."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recommendation:
    """One entry of 相关推荐 or 热点推荐 under an article; advertisements are left out."""

    kind: str
    """``related`` (相关推荐) or ``hot`` (热点推荐)."""
    position: int
    """Place in its list, from 1, counting what is kept."""
    url: str
    """Address without query and fragment."""
    doc_id: str | None = None
    """Identifier of the article or, for a video, of the video (``V…``)."""
    title: str | None = None
    """Title as listed."""
    source: str | None = None
    """Name of the account or medium as listed."""
    published_at: datetime | None = None
    """Publication time in UTC."""
    comment_count: int | None = None
    """跟贴 as listed; the hot list shows none."""
    is_video: bool = False
    """Whether it leads to a video instead of an article."""
    image_url: str | None = None
    """Original address of the thumbnail."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A titled link of a side box."""

    url: str
    """Address exactly as linked (open.163.com needs its query)."""
    title: str
    """Text of the link."""
    doc_id: str | None = None
    """Identifier of the article or video it leads to, where the address has one."""
    tag: str | None = None
    """Column name before the title, as 态度原创 shows it (``谈心社``)."""
    published_at: datetime | None = None
    """Publication time in UTC, where the box shows it (往期回顾)."""
    image_url: str | None = None
    """Original address of the picture beside it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadlineBox:
    """A box of headlines beside an article, e.g. 头条要闻 or 军事要闻."""

    section: str
    """Heading of the box, or the name of its tab where it has no heading."""
    links: tuple[Link, ...] = ()
    """Its links, the one with the picture first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """An article, read off one page."""

    doc_id: str
    """The site's identifier: 8 characters of creation time, 8 of the column."""
    url: str
    """Canonical address of the article."""
    layout: str
    """Name of the layout the page was read by, e.g. ``post2020_dy``."""
    title: str
    """Headline."""
    published_at: datetime | None = None
    """Publication time in UTC, to the second where any element of the page has it."""
    source: str | None = None
    """Name after 来源."""
    source_url: str | None = None
    """Link of the name after 来源."""
    location: str | None = None
    """IP 属地: the province or country the account posted from; shown since 2022-04."""
    editor: str | None = None
    """责任编辑 with the staff number, e.g. ``李曦_NN2587``."""
    original_title: str | None = None
    """原标题, where the page names one."""
    blocks: tuple[Block, ...] = field(default=(), repr=False)
    """The body: one entry per visible paragraph, heading, quote, image or video."""
    keywords: tuple[str, ...] = ()
    """Keywords of the page's head, in its order."""
    category: str | None = None
    """Category in the page's comments (``社会/民生``)."""
    rec_category: str | None = None
    """Category used for recommendations (``社会/民生/百态``)."""
    join_count: int | None = None
    """参与 when fetched; ``None`` where JavaScript would fill it in."""
    comment_count: int | None = None
    """跟贴 when fetched; ``None`` where JavaScript would fill it in."""
    has_statement: bool = False
    """Whether the 特别声明 of 网易号 stands under the body."""
    account: Account | None = None
    """The account's card; ``None`` on editorial pages."""
    recommendations: tuple[Recommendation, ...] = field(default=(), repr=False)
    """相关推荐 in page order, then 热点推荐. Personal and dated to the fetch."""
    history: tuple[Link, ...] = field(default=(), repr=False)
    """往期回顾: the account's newest articles; empty in un-rendered pages."""
    headlines: tuple[HeadlineBox, ...] = field(default=(), repr=False)
    """The boxes of headlines beside the article, in page order."""
    originals: tuple[Link, ...] = field(default=(), repr=False)
    """态度原创; empty in un-rendered pages."""
    next_article: Link | None = None
    """阅读下一篇; ``None`` in un-rendered pages."""
    fetched_at: datetime | None = None
    """When the page was fetched, in UTC; ``None`` for a page that was only parsed."""

    @property
    def text(self) -> str:
        """The body as plain text: one line per paragraph, heading, quote and caption."""
        return "\n".join(
            text for block in self.blocks for text in (block.text, block.caption) if text
        )

    @property
    def images(self) -> tuple[str, ...]:
        """Original addresses of the body's images, in reading order."""
        return tuple(block.url for block in self.blocks if block.kind == "image" and block.url)
