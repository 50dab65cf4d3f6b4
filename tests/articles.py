"""Articles to write and read back in tests."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from netease_crawler.items import (
    Account,
    Article,
    Block,
    HeadlineBox,
    Link,
    Recommendation,
)

EARLY, MIDDLE, LATE = "K0A1B2C305149ABC", "K0B1B2C305149ABD", "K0C1B2C305149ABE"
"""Doc ids in the order of their creation."""

SEEN = datetime(2025, 3, 4, 5, 6, 7, tzinfo=timezone.utc)


def make_article(doc_id: str = EARLY, text: str | None = None, **values: Any) -> Article:
    """Return an article of a few words, or of *text*."""
    text = (
        f"{doc_id} 号报道：江畔新城地铁二号线今晨开通，首日客流超过三万人次。"
        if text is None
        else text
    )
    return Article(
        **{
            "doc_id": doc_id,
            "url": f"https://www.163.com/dy/article/{doc_id}.html",
            "layout": "post2020_dy",
            "title": "江畔新城地铁二号线开通",
            "published_at": datetime(2025, 3, 4, 1, 2, 3, tzinfo=timezone.utc),
            "source": "江畔观察",
            "blocks": (Block(kind="paragraph", text=text),),
        }
        | values
    )


def make_full_article(doc_id: str = EARLY) -> Article:
    """Return an article with a value in every field."""
    url = f"https://www.163.com/dy/article/{LATE}.html"
    moment = datetime(2025, 3, 3, 22, 30, tzinfo=timezone.utc)
    link = Link(url=url, title="早高峰加开列车", doc_id=LATE, tag="城市", published_at=moment)
    return make_article(
        doc_id,
        source_url="https://www.163.com/dy/media/T1512041896301.html",
        location="江苏",
        editor="林一_NN1001",
        original_title="二号线开通首日",
        blocks=(
            Block(kind="heading", text="首日客流"),
            Block(kind="paragraph", text="江畔新城地铁二号线今晨开通，首日客流超过三万人次。"),
            Block(kind="image", url="http://dingyue.ws.126.net/2025/0304/a.jpg", caption="站台"),
            Block(kind="video", url="http://flv.bn.netease.com/a.mp4"),
        ),
        keywords=("地铁", "开通"),
        category="社会/民生",
        rec_category="社会/民生/百态",
        join_count=12,
        comment_count=3,
        has_statement=True,
        account=Account(
            media_id="T1512041896301",
            wemedia_id="W8207225059024480001",
            name="江畔观察",
            url="https://www.163.com/dy/media/T1512041896301.html",
            description="江畔新城的事",
            avatar_url="http://dingyue.ws.126.net/2025/0101/b.jpg",
            article_count=120,
            follower_count=4500,
        ),
        recommendations=(
            Recommendation(
                kind="related",
                position=1,
                url=url,
                doc_id=LATE,
                title="早高峰加开列车",
                source="江畔观察",
                published_at=moment,
                comment_count=7,
                image_url="http://dingyue.ws.126.net/2025/0303/c.jpg",
            ),
            Recommendation(
                kind="hot",
                position=1,
                url="https://www.163.com/v/video/VABCDEFGH.html",
                doc_id="VABCDEFGH",
                title="航拍二号线",
                is_video=True,
            ),
        ),
        history=(link,),
        headlines=(HeadlineBox(section="头条要闻", links=(link,)),),
        originals=(link,),
        next_article=link,
        fetched_at=SEEN,
    )
