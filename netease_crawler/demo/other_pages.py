"""Pages of the site that are not articles, and its robots.txt."""

from __future__ import annotations

from typing import Final

from netease_crawler.demo.accounts import Account
from netease_crawler.demo.chrome import FOOTER, HEAD, NAVIGATION
from netease_crawler.demo.recommendations import Listing

ROBOTS: Final = "User-agent: *\nDisallow: /dy/private/\nDisallow: /search\n"


def _page(title: str, content: str) -> str:
    return f"""<!DOCTYPE html>
<html>
<head>
    <title>{title}</title>{HEAD}
</head>
<body>{NAVIGATION}
{content}{FOOTER}
</body>
</html>
"""


def gone() -> str:
    """Return the small page of an article that was deleted or never was; its status is 404."""
    return """<!DOCTYPE html>
<html>
<head>
    <title>文章已被删除_网易</title>
</head>
<body>
    <div class="error_page">
        <h1>文章已被删除</h1>
        <p>抱歉，该文章已不存在，可能已被作者删除。</p>
        <a href="https://www.163.com/">返回网易首页</a>
    </div>
</body>
</html>
"""


def index(newest: list[Listing]) -> str:
    items = "\n".join(f'<li><a href="{item.url}">{item.title}</a></li>' for item in newest)
    return _page("网易号演示站", f'<ul class="newest">\n{items}\n</ul>')


def video(listing: Listing) -> str:
    return _page(
        f"{listing.title}_网易视频",
        f"""    <div class="video_wrap">
        <h1 class="video_title">{listing.title}</h1>
        <p class="video_info">{listing.source} {listing.time}</p>
        <video src="https://flv.bn.netease.com/{listing.doc_id}.mp4"></video>
    </div>""",
    )


def account(shown: Account, articles: list[Listing]) -> str:
    items = "".join(
        f"""
            <li class="js-item item">
              <a class="img" href="{item.url}"><img src="{item.image_url}"></a>
              <h4><a class="title" href="{item.url}">{item.title}</a></h4>
              <div class="tail"><span class="time">{item.time[:-3]}</span></div>
            </li>"""
        for item in articles
    )
    return _page(
        f"{shown.name}_网易号",
        f"""    <div class="content_right">
      <img class="head_img" src="{shown.avatar_url}">
      <h2>{shown.name}</h2>
      <div class="icon_line desc">{shown.description}</div>
      <div class="icon_line iplocation">IP属地：{shown.region}</div>
    </div>
    <div class="content_left tab_wrap js-list-tab-box">
      <div class="tab_content">
          <ul>{items}
          </ul>
      </div>
    </div>""",
    )
