"""What the site says instead of an article.

No such page was seen live [code]: the notices are those that public crawlers look for.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from netease_crawler.urls import is_article_url

from .errors import (
    BlockedPageError,
    DeletedArticleError,
    NotAnArticleError,
    PageError,
    UnknownLayoutError,
)
from .markup import attribute, text_of

_DELETED = re.compile(r"(?:文章|内容)(?:已经?)?(?:被(?:作者)?删除|删除|不存在|下线)")
_BLOCKED = re.compile(
    r"验证码|(?:安全|身份|人机|滑动|滑块)验证|请完成验证|访问(?:过于)?频繁|请求(?:过于)?频繁|"
    r"(?:访问|请求)(?:受限|被拒绝|异常)|异常访问|captcha|access denied|403 forbidden",
    re.IGNORECASE,
)
# What holds or names an article in layouts that are not read yet: of 2013-2020 #endText, its
# title in the 2015 column .con1_ltle, of 2018-2020 .article_title, mobile .js-article-body.
_OTHER_LAYOUTS = "#endText, .con1_ltle, .article_title, #contain[data-docid], .js-article-body"
_NOTICE_LENGTH = 300  # characters a reader sees; an article about 验证码 is longer


def says_deleted(text: str) -> bool:
    """Whether *text* is a notice that an article is gone, and nothing else."""
    return len(text) <= 40 and _DELETED.search(text) is not None


def refusal(tree: LexborHTMLParser, url: str) -> PageError:
    """Return what to raise for the page *tree* at *url*, which no layout matches."""
    html = tree.html or ""
    tree.strip_tags(["script", "style", "template"], recursive=True)
    title = text_of(tree.css_first("title")) or ""
    visible = text_of(tree.body) or ""
    if len(visible) <= _NOTICE_LENGTH:
        notice = f"{title} {visible}".strip()
        if _DELETED.search(notice):
            return DeletedArticleError(notice)
        if _BLOCKED.search(html):
            return BlockedPageError(notice or "a script that verifies the visitor")
        if not visible:
            return _empty(title, url)
    canonical = attribute(tree.css_first("link[rel=canonical]"), "href") or ""
    is_at_article = is_article_url(url) or is_article_url(canonical)
    if is_at_article or tree.css_first(_OTHER_LAYOUTS) is not None:
        return UnknownLayoutError(f"no layout matches {title or url}")
    return NotAnArticleError(f"not an article: {title or 'no title'}")


def _empty(title: str, url: str) -> PageError:
    if title and is_article_url(url):
        return BlockedPageError(f"only a title: {title}")
    return NotAnArticleError("an empty page")
