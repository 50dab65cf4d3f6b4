"""Pages of the site: an article (layout ``post2020_dy``), an account, a video, a 404.

The nesting, classes and comments are those of pages seen in 2021-2026, in the form in which
a crawler gets them: what JavaScript would fill in is empty or 0, unless :class:`Filled`
says what a browser would show.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from netease_crawler.demo.accounts import Account
from netease_crawler.demo.chrome import ADVERTISEMENT, FOOTER, HEAD, NAVIGATION, SHARE
from netease_crawler.demo.draw import Draw
from netease_crawler.demo.identifiers import encode
from netease_crawler.demo.recommendations import Listing
from netease_crawler.demo.stories import Paragraph


@dataclass(frozen=True)
class Filled:
    """What JavaScript fills into an article's page."""

    join_count: int
    comment_count: int
    history: tuple[Listing, ...]
    """Newest articles of the account; the first is 阅读下一篇."""


@dataclass(frozen=True)
class ArticlePage:
    """What an article's page shows, its boxes as HTML."""

    doc_id: str
    title: str
    time: str
    """Publication in Beijing time, ``2024-05-13 09:16:04``."""
    account: Account
    location: str | None
    editor: str | None
    keywords: tuple[str, ...]
    category: str | None
    rec_category: str | None
    body: tuple[Paragraph, ...]
    images: tuple[str, ...]
    is_copy: bool
    """Whether the text was pasted from elsewhere, with the marks that leaves."""
    recommendations: str
    side: str
    filled: Filled | None

    @property
    def html(self) -> str:
        return f"""<!DOCTYPE html>
<html id="ne_wrap" data-publishtime="{self.time}" version="20220428">
<head>{self._head()}{HEAD}
</head>
<body aria-url="https://www.163.com/dy/article/{self.doc_id}_pdya11y.html" aria-basefontsize="16">
    <!-- header -->{NAVIGATION}
    <!-- content -->
    <div class="wrapper clearfix" id="contain"{self._contain()}>
        <div class="post_main">
            <!-- crumb -->
            <div class="post_crumb">
                <a href="https://www.163.com/">网易首页</a> &gt; <a href="https://dy.163.com/">网易号</a> &gt; 正文
                <a class="to_reg" href="https://dy.163.com/wemedia/index.html">申请入驻</a>
                <div id="netease_search"></div>
            </div>
            <h1 class="post_title">{self.title}</h1>
            <!--keywordsList beigin-->

            <!--keywordsList end-->
            <!-- 来源 -->
            <div class="post_info">
                {self._info()}
            </div>
            <div class="post_content" id="content" data-cover="">
                <div class="post_top">
                    {self._top_tie()}{SHARE}
                </div>
                <div class="post_body">
                    {self._body()}
                </div>
                {self._statements()}
                <!-- tie -->
                {self._tie()}
                <!-- next -->
                {self._next()}
            </div>{self.recommendations}
        </div>
        <div class="post_side">{self._author_card()}{ADVERTISEMENT}{self.side}
        </div>
    </div>{FOOTER}
</body>
</html>
"""  # noqa: E501 - the site's own lines

    def _head(self) -> str:
        title, keywords = self.title, ",".join(self.keywords)
        path = f"/dy/article/{self.doc_id}.html"
        return f"""
    <title>{"|".join((title, *self.keywords[:3]))}_网易订阅</title>
    <meta name="keywords" content="{keywords}">
    <meta name="description" content="{title},{keywords}">
    <meta name="author" content="网易">
    <meta name="Copyright" content="网易版权所有">
    <meta property="og:type" content="news">
    <meta property="og:title" content="{title}">
    <meta property="og:description" content="{title},{keywords}">
    <meta property="og:url" content="https://www.163.com{path}">
    <meta property="article:author" content="网易">
    <meta property="article:published_time" content="{self.time.replace(" ", "T")}+08:00">
    <link rel="alternate" media="only screen and(max-width: 640px)" href="https://m.163.com{path}">
    <link rel="canonical" href="https://www.163.com{path}">
    <meta name="mobile-agent" content="format=html5; url=https://m.163.com{path}">
    <meta name="mobile-agent" content="format=xhtml; url=https://m.163.com{path}">
    <meta name="mobile-agent" content="format=wml; url=https://m.163.com{path}">"""

    def _contain(self) -> str:
        wemedia = self.account.wemedia_id
        return (
            (f' data-wemediaid="{wemedia}"' if wemedia else "")
            + f' data-docid="{self.doc_id}" data-ptime="{self.time}" data-hidead="false"'
            + ' data-h-account="-" data-ispay="false"'
        )

    def _info(self) -> str:
        icon = "https://static.ws.126.net/163/f2e/dy_media/static/images/ipLocation.f6d00eb.svg"
        location = f'<img src="{icon}" style="vertical-align: top;">{self.location}'
        tip_off = f"https://www.163.com/special/0077jt/tipoff.html?title={quote(self.title)}"
        return f"""
                  {self.time}　来源: <a href="{self.account.url}">{self.account.name}</a>
                {location if self.location else ""}

                &nbsp;<a href="{tip_off}" target="_blank" class="post_jubao">举报</a>"""

    def _top_tie(self) -> str:
        count, href = 0, "#"
        if self.filled:
            count = self.filled.join_count
            href = f"https://comment.tie.163.com/{self.doc_id}.html"
        return f"""<div class="post_top_tie">
                        <a class="post_top_tie_icon" target="_self" href="#post_comment_area" title="快速发贴"></a>
                        <a class="post_top_tie_count js-tielink js-tiejoincount" href="{href}" title="点击查看跟贴">{count}</a>
                    </div>"""  # noqa: E501 - the site's own lines

    def _body(self) -> str:
        draw = Draw(self.doc_id, "ids")
        first_id = draw.below(32**7)
        bold = "strong" if self.is_copy else "b"
        images = iter(self.images)
        html = []
        for number, paragraph in enumerate(self.body):
            text = paragraph.text
            if paragraph.has_picture:
                wrapped = quote(next(images), safe="")
                size = "thumbnail=660x2147483647&quality=80&type=jpg"
                source = f"https://nimg.ws.126.net/?url={wrapped}&{size}"
                html.append(f'<p class="f_center"><img src="{source}"><br></p>')
            elif paragraph.is_heading:
                text = f"<{bold}>{text}</{bold}>"
            elif self.is_copy:
                middle = len(text) // 2
                text = f"　　{text[:middle]}\u200b{text[middle:]}&nbsp;"
            html.append(f'<p id="{encode(first_id + number, 32, 8)}">{text}</p>')
        return "".join(html)

    def _statements(self) -> str:
        editor = f'<div class="creative_statement">责任编辑：{self.editor}</div>'
        return f"""{editor if self.editor else ""}
                <div class="post_statement">
                    <span class="bg"></span>
                    <p>特别声明：以上内容(如有图片或视频亦包括在内)为自媒体平台“网易号”用户上传并发布，本平台仅提供信息存储服务。</p>
                    <p>Notice: The content above (including the pictures and videos if any) is uploaded and posted by a user of NetEase Hao, which is a social media platform and only provides information storage services.</p>
                </div>"""  # noqa: E501 - the site's own lines

    def _tie(self) -> str:
        comments = ""
        if self.filled:
            href = f"https://comment.tie.163.com/{self.doc_id}.html"
            counts = (
                ("跟贴", "GTnews_top_tieCount", self.filled.comment_count),
                ("参与", "GTnews_top_tieJion", self.filled.join_count),
            )
            comments = "".join(
                f'<span class="info-txt">{name}</span>'
                f'<a href="{href}" class="tie-actCount" statistic="{code}">{count}</a>'
                for name, code, count in counts
            )
            comments = f'<div class="tie-info f-rgt">{comments}</div>'
        return f"""<div class="tie-areas post_comment" id="post_comment_area">
                    <div id="tie">{comments}</div>
                </div>
                <script>
                    (function () {{
                        var config = {{
                            "productKey": "a2869674571f77b5a0867c3d71db5856",
                            "docId": "{self.doc_id}", //"data.article.postid"
                            "target": document.getElementById("tie"),
                            "operators": ["up", "down", "reply", "share"],
                            "isShowComments": true,   //是否显示帖子列表
                            "hotSize": 3,   //热门跟贴列表 展示3 条
                            "newSize": 2   //最新跟贴列表 展示 10 条
                        }};
                        Tie.init(config, function(data) {{}});
                    }})();
                </script>"""

    def _next(self) -> str:
        attributes, href, title = 'class="post_next hidden"', "", ""
        if self.filled and self.filled.history:
            newest = self.filled.history[0]
            attributes = f'class="post_next" data-ptime="{newest.time}"'
            href, title = newest.url, newest.title
        return f"""<div {attributes}>
                    <div class="post_next_name"><i>/</i><span>阅读下一篇</span><i>/</i></div>
                    <h3><a id="js_next" href="{href}">{title}</a></h3>
                    <div class="post_next_to">
                        <a href="https://www.163.com/?f=post2020_dy">返回网易首页</a>
                        <a href="https://www.163.com/newsapp/#f=post2020_dy">下载网易新闻客户端</a>
                    </div>
                </div>"""

    def _author_card(self) -> str:
        account = self.account
        history = "".join(
            f"""
  <li class="post_wemedia_a_item" data-ptime="{item.time}" data-source="{item.source}">
      <a href="{item.url}">{item.title}</a>
      <p class="post_wemedia_a_time">{item.time[:-3]}</p>
  </li>"""
            for item in (self.filled.history if self.filled else ())
        )
        avatar = f"https://nimg.ws.126.net/?url={account.avatar_url}&thumbnail=160y160&type=jpg"
        channel = '{"category":"要闻|社会|生活|故事","name":"新闻","channel":"news"}'
        return f"""
                  <div class="post_wemedia">
                      <div class="post_wemedia_avatar">
                          <a href="{account.url}">
                              <img src="{avatar}" alt="{account.name}">
                          </a>
                      </div>
                      <!-- channelInfo {channel} -->
                      <!-- data.article.category {self.category or ""} -->
                      <!-- data.article.recCategory {self.rec_category or ""} -->
                      <div class="post_wemedia_name"><a href="{account.url}">{account.name}</a></div>
                      <div class="post_wemedia_title"><a href="{account.url}">{account.description}</a></div>
                      <div class="post_wemedia_info">
                          <span class="post_wemedia_info1"><a href="{account.url}"><em>{account.article_count}</em></a>文章数</span>
                          <span class="post_wemedia_info2"><a href="{account.url}"><em>{account.follower_count}</em></a>关注度</span>
                      </div>
                      <div class="post_wemedia_a_name">往期回顾 <a href="{account.url}">全部</a></div>
                      <ul class="post_wemedia_a_list" id="post_wemedia_a_list">{history}
                      </ul>
                  </div>"""  # noqa: E501 - the site's own lines
