"""延伸阅读 in and 为您推荐 under the articles of :mod:`.post1603`."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from netease_crawler.items import Recommendation

from .folding import FOLDED, Folded
from .markup import SITE, absolute_url, attribute, first, image_url, text_of
from .recommended import Entry, numbered

# <div class="related_article"> 延伸阅读 <li class="related_article_item"><a href="…">…</a></li>
# <div class="special_tag_wrap"> 延伸 · 推荐 <div class="special_tag_cnt"><p><a href="…">…</a></p>;
# a hidden <pre datatype="specialtag"> after it repeats the latter.
_RELATED = ".related_article_item a, .special_tag_cnt a"
_HOT = ".post_recommend_news .post_recommend_new"


def recommendations(main: LexborNode | None, folded: Folded) -> tuple[Recommendation, ...]:
    """Return 延伸阅读 and then 为您推荐, in page order, each counted from 1.

    The server leaves 为您推荐 to JavaScript. What is in *folded* was read off the source.
    """
    if main is None:
        return ()
    body = main.css_first("#endText")
    related = (_linked(anchor) for anchor in (body.css(_RELATED) if body is not None else ()))
    hot: list[Entry | None] = []
    for entry in main.css(_HOT):
        value = attribute(entry, FOLDED)
        hot += folded.entries_of(entry, value) if value else [_hot(entry)]
    return (*numbered("related", related), *numbered("hot", hot))


def _linked(anchor: LexborNode) -> Entry | None:
    url = absolute_url(attribute(anchor, "href"), SITE)
    return None if url is None else Entry(url, title=text_of(anchor))


def _hot(entry: LexborNode) -> Entry | None:
    # <a class="post_recommend_img" href="…"><img src="http://nimg.ws.126.net/?url=…"></a>
    # <h3><a href="….html#f=post1603_tab_news">…</a></h3>
    # <div class="post_recommend_channel"><a class="channel">新闻</a> <a>某地</a></div>
    # <div class="post_recommend_source">某某日报</div>, a link where it is an account of 网易号
    # <div class="post_recommend_time">4小时前</div>, which is no time
    # <span class="post_recommend_tie_icon">714</span>
    anchor = first(entry, "h3 a")
    url = absolute_url(attribute(anchor, "href"), SITE)
    # One that lost its end tag holds others.
    if url is None or len(entry.css(".post_recommend_new")) > 1:
        return None
    return Entry(
        url,
        title=text_of(anchor),
        source=text_of(first(entry, ".post_recommend_source")),
        ties=text_of(first(entry, ".post_recommend_tie_icon")),
        image=image_url(first(entry, ".post_recommend_img img"), SITE),
    )
