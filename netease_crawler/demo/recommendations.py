"""The lists under an article: 相关推荐 with its advertisements and promos, 热点推荐."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

from netease_crawler.demo.draw import Draw
from netease_crawler.demo.identifiers import encode


@dataclass(frozen=True)
class Listing:
    """An article or video as lists of the site show it."""

    doc_id: str
    url: str
    title: str
    source: str
    time: str
    """Publication in Beijing time, ``2024-05-13 09:16:04``."""
    comment_count: int
    image_url: str
    is_video: bool = False

    @property
    def published_at(self) -> datetime:
        """Publication in UTC."""
        return datetime.fromisoformat(f"{self.time}+08:00").astimezone(timezone.utc)


def related_item(listing: Listing) -> str:
    """Return an entry of 相关推荐."""
    href = f"{listing.url}?f=post2020_dy_recommends"
    icon = '<i class="post_recommend_video"></i>' if listing.is_video else ""
    image = f"https://nimg.ws.126.net/?url={listing.image_url}&thumbnail=140y88&quality=80&type=jpg"
    default = "https://static.ws.126.net/dy/images/default180x120.jpg"
    count = listing.comment_count
    return f"""
                        <li class="post_recommend">

                            <a class="post_recommend_img" href="{href}">
                                <img src="{image}" onerror="this.onerror=''; this.src='{default}'">
                            </a>

                            <div class="post_recommend_info">
                                <h3 class="post_recommend_title"><a href="{href}">{icon}{listing.title}</a></h3>
                                <p class="post_recommend_time">{listing.source} {listing.time}</p>

                                <a href="{href}" class="post_recommend_tie">
                                    <span class="post_recommend_tie_inner">
                                        <span class="post_recommend_tie_icon">
                                            <i></i> {count}
                                        </span>
                                        <span class="post_recommend_tie_text">
                                            <em>跟贴</em> {count}
                                        </span>
                                    </span>
                                </a>

                            </div>
                        </li>
                        """  # noqa: E501 - the site's own indentation


def hot_item(listing: Listing) -> str:
    """Return an entry of 热点推荐; it shows no count."""
    href, title = f"{listing.url}?f=post1603_tab_news", listing.title
    image = f"https://nimg.ws.126.net/?url={listing.image_url}&thumbnail=140y88&quality=90&type=jpg"
    return f"""
        <div class="post_recommend_new">
        <a href="{href}" title="{title}" class="post_recommend_img">
      <img src="{image}" width="140" height="88" alt="{title}">
    </a>
        <h3>
      <a href="{href}" title="{title}">{title}</a>
    </h3>
    <span class="post_recommend_source">{listing.source}</span>
    <div class="post_recommend_time">{listing.time}</div>
  </div>"""


def blocks(related: list[str], hot: list[str], generated_at: str, draw: Draw) -> str:
    """Return both lists, with what is not a recommendation strewn into the first."""
    entries: list[str] = []
    has_promos = draw.below(3) == 0
    for position, entry in enumerate(related, 1):
        entries.append(entry)
        if has_promos and position % 6 == 2:
            entries.append(_promo(position, draw))
        if position % 6 == 3:
            entries.append(_advertisement(position + 1))
    return f"""
            <!-- recommend -->
            <div class="post_recommends js-tab-mod" data-event="click">
                <div class="post_recommends_titles">
                    <div class="post_recommends_title js-tab">相关推荐</div>

                    <div class="post_recommends_title js-tab">热点推荐</div>

                </div>
                <div class="post_recommends_ulist js-content">
                    <ul class="post_recommends_list">
                        {"".join(entries)}
                    </ul>
                </div>

                <div class="post_recommends_ulist js-content">
                    <div class="post_recommend_news_hot">{"".join(hot)}
    <span style="display:none;">{generated_at}</span>
</div>
                </div>

            </div>"""


def _advertisement(position: int) -> str:
    # the same class as an entry of 热点推荐, inside the ul of 相关推荐
    slot = f"article_dy_recommend_{position}"
    return f"""
                        <div class="at_item post_recommend_new post_recommend_ad" adtype="{slot}" data-adid="{slot}">
                            <a class="post_recommend_img" href="https://g.163.com/a?CID={90000 + position}">
                                <img src="https://img1.126.net/channel6/2024/{slot}.jpg">
                            </a>
                            <h3><a href="https://g.163.com/a?CID={90000 + position}">低至三折，今晚八点开抢</a></h3>
                            <span class="post_recommend_source">广告</span>
                        </div>
                        """  # noqa: E501 - the site's own lines


def _promo(position: int, draw: Draw) -> str:
    column = encode(draw.below(32**6), 32, 6)
    path = f"paidCollect/COI0{column}05562870" if draw.below(2) else f"article/I4{column}0556163X"
    href = f"https://www.163.com/dy/{path}.html?spss=post2020_rmd_{position}"
    return f"""
                        <div class="post_recommend artificial_collect_item"><a class="post_recommend_img" href="{href}">
                      <img src="https://nimg.ws.126.net/?url=http%3A%2F%2Fdingyue.ws.126.net%2F2023%2F0510%2F{column}.jpg&thumbnail=140y88&quality=80&type=jpg">
                  </a>
                  <div class="post_recommend_info">
                      <h3 class="post_recommend_title"><a href="{href}">付费专栏：一个人的编辑部（第{position}讲）</a></h3>
                      <p class="post_recommend_time"><span>讲书人 2023-05-10 14:42:18</span></p>
                  </div></div>
                        """  # noqa: E501 - the site's own lines
