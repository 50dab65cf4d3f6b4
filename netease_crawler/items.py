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
    """Address of the account page as linked, ``https://www.163.com/dy/media/T….html``."""
    description: str | None = None
    """The account's line about itself."""
    avatar_url: str | None = None
    """Original address of the avatar."""
    article_count: int | None = None
    """文章数 on the author card when the page was fetched."""
    follower_count: int | None = None
    """关注度 when the page was fetched: exact on an author card, rounded (``3.9万``) in lists."""


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
    """The account's card; ``None`` on editorial pages for computers."""
    recommendations: tuple[Recommendation, ...] = field(default=(), repr=False)
    """相关推荐 in page order, then 热点推荐. Personal and dated to the fetch."""
    history: tuple[Link, ...] = field(default=(), repr=False)
    """往期回顾: the account's newest articles; empty in un-rendered pages."""
    headlines: tuple[HeadlineBox, ...] = field(default=(), repr=False)
    """The boxes of headlines beside the article, in page order."""
    originals: tuple[Link, ...] = field(default=(), repr=False)
    """态度原创: the four that JavaScript showed; un-rendered, all that it would choose from."""
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


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedArticle:
    """One entry of a list of articles: a channel, a ranking, an account's newest.

    Only what leads to an article or a video of NetEase is one; advertisements, topics, photo
    sets and live rooms are left out.
    """

    url: str
    """Address without query and fragment; made of the id where the list has none."""
    doc_id: str
    """Identifier of the article or, for a video, of the video (``V…``)."""
    title: str | None = None
    """Title as listed."""
    source: str | None = None
    """Name of the account or medium as listed."""
    published_at: datetime | None = None
    """Publication time in UTC; ranking pages and the like show none."""
    comment_count: int | None = None
    """跟贴 when the list was made."""
    image_url: str | None = None
    """Original address of the thumbnail."""
    digest: str | None = None
    """First words or summary, as listed."""
    section: str | None = None
    """Name of the channel or category, as listed (``国内``)."""
    is_video: bool = False
    """Whether it leads to a video instead of an article."""
    video_url: str | None = None
    """Address of the video's file, where the list carries it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountListing:
    """What an account's page or list says: about the account, and its newest articles."""

    account: Account
    """The account, as far as it is described there."""
    location: str | None = None
    """IP 属地 of the account; only its page shows it."""
    articles: tuple[ListedArticle, ...] = field(default=(), repr=False)
    """Its articles and videos, in the order of the list."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Comment:
    """One 跟贴 under an article. What identifies its writer beyond the name is not kept."""

    comment_id: str
    """Number of the comment, unique within its thread."""
    doc_id: str | None = None
    """Article it stands under, from its ``postId``."""
    parent_id: str | None = None
    """Comment it answers; ``None`` for one on the article itself, and where the answer leaves
    out what is between."""
    level: int | None = None
    """Floor within its building (盖楼), from 1."""
    content: str | None = None
    """What it says; ``None`` where it was deleted, or a character of it was lost."""
    published_at: datetime | None = None
    """When it was written, in UTC."""
    nickname: str | None = None
    """Name of the writer; ``None`` where the writer is anonymous."""
    location: str | None = None
    """Where the writer wrote from, as the site shows it (``山东省菏泽市``)."""
    vote_count: int | None = None
    """顶 when fetched."""
    against_count: int | None = None
    """踩 when fetched."""
    is_anonymous: bool = False
    """Whether the writer chose to be anonymous."""
    is_deleted: bool = False
    """Whether the site says that it was deleted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentList:
    """Part of the comments under an article: one answer of the comments API."""

    comments: tuple[Comment, ...] = field(default=(), repr=False)
    """Each comment once, in the order of their first mention."""
    total: int | None = None
    """How many entries the whole list has, for asking for the rest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentThread:
    """The counts of the comments under an article."""

    doc_id: str
    """The article."""
    title: str | None = None
    """Its headline, as the comments know it."""
    url: str | None = None
    """Its address, as the comments know it."""
    comment_count: int | None = None
    """跟贴 when fetched."""
    join_count: int | None = None
    """参与 when fetched: comments shown and votes."""
