"""The least that is the page of an article."""

from __future__ import annotations

URL = "https://www.163.com/dy/article/K6TM505G0599TEST.html"


def small_page(
    body: str,
    *,
    title: str = "标题",
    contain: str = 'data-docid="K6TM505G0599TEST"',
    head: str = "",
    info: str = "",
    after: str = "",
) -> str:
    """Return the page of an article at URL, with *after* below its *body*."""
    return (
        f'<html><head>{head}</head><body><div id="contain" {contain}>'
        f'<h1 class="post_title">{title}</h1><div class="post_info">{info}</div>'
        f'<div id="content"><div class="post_body">{body}</div></div>{after}</div></body></html>'
    )
