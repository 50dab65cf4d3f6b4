"""What the site says instead of an article, and what its other pages are.

Lists, front pages and the column of 2015 were read off real pages. No notice of deletion, ban or
verification was seen live [code]: they are those that public crawlers look for, as are the marks
of an account's and a video's page.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from netease_crawler.urls import is_article_url, media_id_from_url, video_id_from_url

from .errors import (
    BlockedPageError,
    DeletedArticleError,
    NotAnArticleError,
    PageError,
    UnknownLayoutError,
)
from .markup import attribute, text_of

# A whole line: an article of one sentence may report that 违规内容已删除
_DELETED = re.compile(
    r"(?:(?:很?抱歉|对不起)[，,！! ]*)?(?:您(?:访问|查看|要找)的)?[该此本]?(?:文章|内容)"
    r"(?:已经?)?(?:被(?:作者)?删除|删除|不存在|下线)[。！!]?"
)
_BLOCKED = re.compile(
    r"验证码|(?:安全|身份|人机|滑动|滑块)验证|请完成验证|访问(?:过于)?频繁|请求(?:过于)?频繁|"
    r"(?:访问|请求)(?:受限|被拒绝|异常)|异常访问|captcha|access denied|403 forbidden",
    re.IGNORECASE,
)
_NOTICE_LENGTH = 300  # characters outside links; the least article page has a longer frame
# What holds an article, in the layouts that are read: there without the title that a layout is
# known by, the layout has changed.
_ARTICLE = "#contain[data-docid], .post_body, #endText, .article_box, .js-article-body"
_COLUMN = ".con1_ltle"  # title in the column of money.163.com in 2015, which no layout reads
# <meta name="model_url" content="http://news.163.com/special/index2015/">, of no article
_TEMPLATE = 'meta[name="model_url"][content*=".163.com/special/"]'
_ACCOUNT = ".js-list-tab-box"  # [code] the tabs of an account's articles
_VIDEO = "#dplayer, #video_dom"  # [code] the player
_BY_ADDRESS = tuple(
    (re.compile(pattern), what)
    for pattern, what in (
        (r"https?://comment\.[\w.]*163\.com/|https?://[\w.]+/touch/comment\.html", "comments"),
        (r"https?://[\w.]*163\.com/dy/paidCollect/\w+\.html", "a paid column"),
        (r"https?://[\w.]*163\.com/(?:\w+/)?photoview/", "a photo gallery"),
        (r"https?://[\w.]*163\.com/special/", "a special"),
        (r"https?://[\w.]*163\.com/?(?:[?#]|\Z)", "a front page"),
    )
)


def says_deleted(text: str) -> bool:
    """Whether *text* is a notice that an article is gone, and nothing else."""
    return _DELETED.fullmatch(text) is not None


def without_body(tree: LexborHTMLParser, layout: str) -> PageError:
    """Return what to raise for the page *tree* that *layout* matches, and that has no body.

    A title and otherwise nothing is a refusal. With the rest of an article around it the body
    is there too, only elsewhere than the layout knows.
    """
    if len(_text_outside_links(tree)) > _NOTICE_LENGTH:
        return UnknownLayoutError(f"{layout} without a body")
    return BlockedPageError("a title without a body")


def refusal(tree: LexborHTMLParser, url: str) -> PageError:
    """Return what to raise for the page *tree* at *url*, which no layout matches.

    What the markup says goes before what the address says. The tree loses its links.
    """
    title = " ".join((text_of(tree.css_first("title")) or "").split())
    if (what := _what_markup_says(tree)) is not None:
        return NotAnArticleError(f"{what}: {title or url}")
    canonical = attribute(tree.css_first("link[rel=canonical]"), "href") or ""
    holds_article = tree.css_first(_ARTICLE) is not None
    is_article = holds_article or is_article_url(url) or is_article_url(canonical)
    if (notice := _notice(tree, title, is_article=is_article)) is not None:
        return notice
    if is_article:
        return UnknownLayoutError(f"no layout matches {title or url}")
    what = _what_address_says(url) or _what_address_says(canonical) or "not an article"
    return NotAnArticleError(f"{what}: {title or url}")


def _what_markup_says(tree: LexborHTMLParser) -> str | None:
    if tree.css_first(_COLUMN) is not None:
        return "a column of 2015"
    if tree.css_first(_ARTICLE) is not None:
        return None
    template = attribute(tree.css_first(_TEMPLATE), "content")
    if template is not None:
        return "a front page" if "/index" in template else "a list of articles"
    if tree.css_first(_ACCOUNT) is not None:
        return "an account"
    return "a video" if tree.css_first(_VIDEO) is not None else None


def _what_address_says(url: str) -> str | None:
    if media_id_from_url(url) is not None:
        return "an account"
    if video_id_from_url(url) is not None:
        return "a video"
    return next((what for pattern, what in _BY_ADDRESS if pattern.match(url)), None)


def _notice(tree: LexborHTMLParser, title: str, *, is_article: bool) -> PageError | None:
    """Return what to raise where the page says hardly more than a notice or a title."""
    source = tree.html or ""
    visible = _visible_text(tree)
    text = _text_outside_links(tree)
    if len(text) > _NOTICE_LENGTH:
        return None
    lines = tree.body.text(separator="\n").splitlines() if tree.body is not None else []
    for line in (*lines, text):
        if says_deleted(line.strip()):
            return DeletedArticleError(line.strip())
    # Scripts count only where there is nothing else: a page of links may let its readers log in.
    if _BLOCKED.search(text) or (len(visible) <= _NOTICE_LENGTH and _BLOCKED.search(source)):
        return BlockedPageError(text or title or "a script that verifies the visitor")
    if not title and not visible:
        return NotAnArticleError("an empty page")
    if is_article and text in title:
        return BlockedPageError(f"only a title: {title}")
    return None


def _text_outside_links(tree: LexborHTMLParser) -> str:
    """Return what a reader sees outside links, which fill the site's menus; they are cut off."""
    tree.strip_tags(["a"], recursive=True)
    return _visible_text(tree)


def _visible_text(tree: LexborHTMLParser) -> str:
    tree.strip_tags(["script", "style", "template", "noscript"], recursive=True)
    return " ".join((text_of(tree.body) or "").split())
