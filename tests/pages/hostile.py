"""Pages that are made to be hard to read, of any size."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.pages.small_page import small_page

_TAGS = ("div", "b", "a", "table", "blockquote", "li", "svg", "template", "select", "ul", "p")
_ENTRY = '<li class="post_recommend"><h3><a href="{url}">题{n}</a></h3>'
_HOT = (
    '<div class="post_recommend_news_hot"><div class="post_recommend_new">'
    '<h3><a href="{url}">题</a></h3><span class="post_recommend_source">'
)
_BOX = (
    '<div class="post_side_mod"><h2 class="post_side_mod_title"><a>要闻</a></h2>'
    '<ul><li class="post_side_mod_item"><h3><a href="{url}">题</a></h3></li></ul>'
)
_URL = "https://www.163.com/dy/article/K6TM505G0599TEST.html"


def _numbered(unit: str, n: int) -> str:
    return "".join(unit.format(n=number, url=_URL) for number in range(n))


def _side(boxes: str) -> str:
    return small_page("<p>正文</p>", after=f'<div class="post_side">{boxes}</div>')


def _pool(literal: str) -> str:
    return _side(f"<script>var taiduYuanC = {literal}</script>")


def _phone(state: str) -> str:
    return (
        '<html data-id="K6TM505G0599TEST"><h1 class="article-title">题</h1>'
        '<section class="js-article js-article-body"><div class="content">正文'
        '<figure class="m-video" data-index="0"><video></video></figure></div></section>'
        f"<script>window.__INITIAL_STATE__={state}</script></body></html>"
    )


def _phone_list(entries: str) -> str:
    page = _phone("{}")
    return page.replace(
        "</body>", f'<section class="js-recommend"><ul>{entries}</ul></section></body>'
    )


def _old_side(boxes: str) -> str:
    return (
        '<html><body><div id="epContentLeft" class="post_content_main"><h1>题</h1>'
        '<div id="endText"><p>正文</p></div></div>'
        '<script>var config = {"docId":"K6TM505G0599TEST"}</script>'
        f'<div id="epContentRight">{boxes}</div></body></html>'
    )


def _after(text: str) -> str:
    return small_page("<p>正文</p>", after=text)


def _last(text: str) -> str:
    return small_page(f"<p>正文</p><p>{text}</p>")


HOSTILE: Mapping[str, Callable[[int], str]] = {
    **{
        f"nested <{tag}>": lambda n, tag=tag: small_page(f"<{tag}>" * n + "正文")  # type: ignore[misc]
        for tag in _TAGS
    },
    "nested <table><tr><td>": lambda n: small_page("<table><tr><td>" * n + "正文"),
    "nested and closed": lambda n: small_page("<div>" * n + "正文" + "</div>" * n),
    "end tags without start": lambda n: small_page("<span>" * n + "</x>" * n + "正文"),
    "blocks in open elements": lambda n: small_page("<span>" * n + "<hr>正文" * n),
    "formatting left open": lambda n: small_page(f"<p>{_numbered('<b id={n}>', n)}{'<p>文' * n}"),
    "formatting and links": lambda n: small_page(_numbered("<a href={n}><font size={n}>文", n)),
    "attributes of a tag": lambda n: small_page(f"<p {_numbered('a{n}=1 ', n)}>正文</p>"),
    "attributes of <html>": lambda n: small_page(f"<p>正文{_numbered('<html a{n}=1>', n)}"),
    "a long attribute": lambda n: small_page(f'<p title="{"&lt;" * n}">正文</p>'),
    "options copied": lambda n: small_page(
        f"正文<select><button><selectedcontent></selectedcontent></button>"
        f"{'<option selected><b>文</b></option>' * n}</select>"
    ),
    "a long paragraph": lambda n: small_page(f"<p>{'文' * n}</p>"),
    "nothing visible": lambda n: small_page("<p>正文</p>" + "\u200b" * n),
    "paragraphs": lambda n: small_page("<p>正文</p>" * n),
    "images": lambda n: small_page(_numbered("<p><img src=http://a.cn/{n}.jpg>文</p>", n)),
    "endings": lambda n: small_page(
        "<p>正文</p>" + "<p>特别声明：以上内容为“网易号”用户上传并发布</p>" * n
    ),
    "credits": lambda n: _last("本文来源：甲" + "责任编辑：甲" * n + " 乙"),
    "statement": lambda n: _last("特别声明：" + "“网易号”" * n),
    "original title": lambda n: _last("（原标题：" + "）（" * n),
    "editor": lambda n: _after(f'<div class="post_author">责任编辑{"：" + " " * n}</div>' * 2),
    "source": lambda n: small_page("<p>正文</p>", info="来源" + "： " * n),
    "times": lambda n: _after(f'<div class="post_next" data-ptime="{"2024-01-" * n}"></div>'),
    "entities": lambda n: small_page("<p>正文" + "&amp" * n + "&#0;&#x110000;&#55296;&notit" * n),
    "comments": lambda n: small_page("<p>正文</p>" + "<!--" * n),
    "comments of the card": lambda n: _side(f'<div class="post_wemedia">{"<!---->" * n}</div>'),
    "cdata": lambda n: small_page("<p>正文</p><svg>" + "<![CDATA[" * n),
    "keywords": lambda n: small_page(
        "<p>正文</p>", head=f'<meta name="keywords" content="{_numbered("{n},", n)}">'
    ),
    "scripts": lambda n: _after("<script>docId</script>" * n),
    "a doc id": lambda n: _after(f"""<script>{'"docId"' + " " * n}</script>"""),
    "links": lambda n: small_page(f'<p>正文</p><img src="http://{"a." * n}163.com/">'),
    "resized": lambda n: small_page(f"<p>正文</p><img src='http://nimg.ws.126.net/?{'a&' * n}'>"),
    "path": lambda n: _after(
        f'<ul><li class="post_recommend"><h3><a href="http://v.163.com/paike{"/a" * n}">题</a></h3>'
    ),
    "recommendations": lambda n: _after(f"<ul>{_numbered(_ENTRY + '</li>', n)}</ul>"),
    "recommendations in one another": lambda n: _after(_numbered(f"<ul>{_ENTRY}", n)),
    "hot in one another": lambda n: _after(_numbered(_HOT, n)),
    "boxes": lambda n: _side(_numbered(_BOX + "</div>", n)),
    "boxes in one another": lambda n: _side(_numbered(_BOX, n)),
    "tabs in one another": lambda n: _side(
        _numbered(f'<div class="js-tab-mod"><div class="post_side_mod_panel">{_BOX}', n)
    ),
    "tabs in one another, closed": lambda n: _side(
        _numbered(
            f'<div class="post_side_mod js-tab-mod"><div class="post_side_mod_panel">{_BOX}</div>',
            n,
        )
        + "</div></div>" * n
    ),
    "entries of a phone in one another": lambda n: _phone_list(
        _numbered(
            '<li class="js-recommend-item"><a href="/dy/article/K8BPD4FF0599{n:04}.html"></a>'
            "<h4>某事</h4><ul>",
            n,
        )
        + "</ul></li>" * n
    ),
    "sections in one another": lambda n: _old_side(
        _numbered(
            '<div><div class="ep-title-2"><h2 class="title">某栏</h2></div><div><ul><li>'
            '<a href="/dy/article/K8BPD4FF0599{n:04}.html">某事</a></li></ul>',
            n,
        )
        + "</div></div>" * n
    ),
    "<div id=contain>": lambda n: small_page("<p>正文</p>" + "<div id=contain>" * n),
    "deep state": lambda n: _phone('{"a":' * n + "1" + "}" * n),
    "state of videos": lambda n: _phone('{"articleVideoList":[' + '{"mp4":"/a.mp4"},' * n + "]}"),
    "quotes in a script": lambda n: _pool('["' + '\\"' * n),
    "commas in a script": lambda n: _pool("[" + ", " * n),
    "names in a script": lambda n: _pool("[" + "a " * n),
    "a deep literal": lambda n: _pool("[" * n),
    "a literal with all": lambda n: _pool("[" + '{"link":"' + _URL + '","title":"题"},' * n),
    "half characters": lambda n: _pool(
        r'[{"link":"http://a.cn/","title":"题' + r"\ud83d" * n + r'\\ud83d\ud83d\ude00"}]'
    ),
    "half a character in an address": lambda n: _phone(
        r'{"articleVideoList":[{"mp4":"http://a.cn/' + r"\ude00" * n + '"}]}'
    ),
    "a long number": lambda n: _pool('[{"title":' + "9" * n + "}]"),
    "no layout": lambda n: f"<title>题</title><body>{'<p>验证' * n}",
}
"""By name, what makes a page of about *n* times its unit of hostility, nothing else changing."""
