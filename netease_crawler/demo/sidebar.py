"""The boxes beside an article: headlines, tabs of headlines, 态度原创."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from netease_crawler.demo.recommendations import Listing

CHANNELS: Final = {
    "sports": ("体育要闻", "https://sports.163.com/"),
    "ent": ("娱乐要闻", "https://ent.163.com/"),
    "money": ("财经要闻", "https://money.163.com/"),
    "tech": ("科技要闻", "https://tech.163.com/"),
    "auto": ("汽车要闻", "https://auto.163.com/"),
}
"""Boxes under 头条要闻, by channel; an article's own channel comes first."""
TABS: Final = (
    ("教育", "https://edu.163.com/"),
    ("健康", "https://jiankang.163.com/"),
    ("公开课", "https://open.163.com/"),
    ("军事航空", "https://war.163.com/"),
)
"""Tabs of the last box, with their homes."""
TAGS: Final = ("灯下", "数说", "慢镜头", "边角料", "对谈", "方志", "一页", "听潮", "回声", "拾光")
"""Columns of 态度原创."""
_COURSES = (
    ("https://open.163.com/newview/movie/free?pid=DEMOA1B2C&mid=DEMOX1Y2Z", "星图是怎样画成的"),
    ("https://open.163.com/newview/movie/free?pid=DEMOB3C4D&mid=DEMOX3Y4Z", "写给外行的材料学"),
    ("https://open.163.com/newview/movie/free?pid=DEMOC5D6E&mid=DEMOX5Y6Z", "一条河的八个名字"),
    ("https://open.163.com/newview/movie/free?pid=DEMOD7E8F&mid=DEMOX7Y8Z", "如何读懂一张地图"),
)


@dataclass(frozen=True)
class Original:
    """An entry of 态度原创."""

    tag: str
    listing: Listing


def headlines_box(listings: list[Listing]) -> str:
    """Return 头条要闻 twice, as the server sends it: JavaScript hides one of the two."""
    title = '<a href="https://news.163.com/?f=post2020_dy_news">头条要闻</a>'
    inner = _news(listings, with_sources=True)
    return "".join(
        f"""
<div class="post_side_mod {variant}" style="display: none;">
    <h2 class="post_side_mod_title">{title}</h2>
    {inner}
</div>
"""
        for variant in ("js-cnshow", "js-bjshow")
    )


def channel_box(name: str, home: str, listings: list[Listing]) -> str:
    return f"""
              <div class="post_side_mod">
    <h2 class="post_side_mod_title"><a href="{home}">{name}</a></h2>
    {_news(listings)}
</div>
"""


def tabs_box(listings: list[Listing]) -> str:
    """Return the last box: panels that are boxes themselves, except for one."""
    education, health, military = listings[:5], listings[5:10], listings[10:14]
    panels = (
        channel_box("教育要闻", TABS[0][1], education),
        # this panel has no heading: only its tab says what it is
        _news(health),
        _courses_box(),
        channel_box("军事要闻", TABS[3][1], military),
    )
    tabs = "".join(
        f"""
                    <div class="post_side_mod_tab js-tab" style="width: 40px;margin-right: 16px">
                        <!-- width: 53.33333333333333px -->
                        <a href="{home}">{name}</a>
                    </div>
                    """
        for name, home in TABS
    )
    contents = "".join(
        f"""
                    <div class="post_side_mod_panel js-content">
                        {panel}
                    </div>
                    """
        for panel in panels
    )
    return f"""
            <div class="post_side_mod js-tab-mod" data-event="mouseover" data-during="5">
                <div class="post_side_mod_tabs clearfix">
                    {tabs}
                </div>
                <div class="post_side_mod_panels">
                    {contents}
                </div>
            </div>
"""


def originals_box(pool: list[Original], shown: list[Original]) -> str:
    """Return 态度原创: empty as sent (*shown* is empty), its entries in the script."""
    items = "".join(
        f'<li class="post_side_mod_item"><h3><a href="{original.listing.url}">'
        f"<em>{original.tag}</em> | {original.listing.title}</a></h3></li>"
        for original in shown
    )
    script = ",\n    ".join(
        f"""{{
                                                         "tag" : "{original.tag}",
        "link" : "{original.listing.url}",
        "time" : "{original.listing.time}",
        "title" : "{original.listing.title}",
        "imgurl" : "{original.listing.image_url}",
        "channel" : "新闻",
        "from" : "w_yw_demo",
        "defaultimg":""
            }}"""
        for original in pool
    )
    return f"""
            <div class="post_side_mod post_side_mod_noimg post_side_mod_noborder">
                <h2 class="post_side_mod_title">态度原创</h2>
                <ul class="post_side_mod_list" id="js-yuanchuang-content">{items}</ul>
            </div>
<script>
var taiduYuanC = [
    {script}
];
</script>
"""


def _news(listings: list[Listing], *, with_sources: bool = False) -> str:
    comments = [f"<!-- {item.source} -->" if with_sources else "" for item in listings]
    first = listings[0]
    items = "".join(
        f"""
                          <li class="post_side_mod_item">
            <h3><a href="{item.url}">{item.title}</a></h3>
            {comment}
        </li>"""
        for item, comment in zip(listings[1:], comments[1:], strict=True)
    )
    image = f"https://nimg.ws.126.net/?url={first.image_url}&thumbnail=300x150&quality=90&type=jpg"
    return f"""<div class="post_side_mod_imgnews">
        <a href="{first.url}">
            <img src="{image}" class="post_side_mod_img">
            <h3>{first.title}</h3>
            {comments[0]}
        </a>
    </div>
    <ul class="post_side_mod_list">{items}
         </ul>"""


def _courses_box() -> str:
    items = [f'<h3><a href="{url}">{title}</a></h3>' for url, title in _COURSES]
    rest = "".join(f'\n    <li class="post_side_mod_item">\n{item}\n</li>' for item in items[1:])
    return f"""<div class="post_side_mod">
    <h2 class="post_side_mod_title"><a href="https://open.163.com/">公开课</a></h2>
    <div class="post_side_mod_item">
    {items[0]}
</div>
<ul class="post_side_mod_list">{rest}
 </ul>
</div>"""
