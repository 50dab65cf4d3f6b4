"""为您推荐 of :mod:`.post1603`, where its source has the form that JavaScript gives it.

Each entry holds a menu for sharing it, so the list is a third of the elements of a saved page. Any
other entry is left to :mod:`.post1603_recommendations`.
"""

from __future__ import annotations

from . import folding
from .folding import IMAGE_URL, TEXT, URL, Folded, Kind, pattern, shown, shown_image
from .recommended import Entry

MARK = b'class="post_content_main'
"""What is in the source of every page that the site made in this layout."""
_COUNTED = r'(?:\s+class="pvOnMod3")?(?:\s+data-mod3index="\d+")?'
_MENU = (
    r'<div class="post_recommend_share">\s*<div class="post_recommend_shareicon"></div>\s*'
    r'<div class="post_recommend_shareli">\s*<ul>\s*'
    r'(?:<li class="share_[\w ]+"(?:\s+(?:onclick|data-(?:title|url|pic))="[^"<>]*")*>\s*'
    rf'<a href="javascript:;" target="_self">\s*<i title="{TEXT}"></i><span></span>{TEXT}</a>\s*'
    r"</li>\s*)*</ul>\s*</div>\s*"
    r'<div class="post_recommend_shareqrcode hidden">\s*<div class="js_qrcode_arr"></div>\s*'
    r'<a(?:\s+(?:href|target|class|data-type|title)="[^"<>]*")*></a>\s*'
    rf'<div class="js_qrcode_img"></div>\s*(?:<p>{TEXT}</p>\s*)*</div>\s*</div>'
)
_HOT = pattern(
    r'<div class="post_recommend_new">\s*'
    rf'(?:<a href="{URL}"\s+class="post_recommend_img pvOnMod3"\s+data-mod3index="\d+">\s*'
    rf'<img\s+src="(?P<image>{IMAGE_URL})"(?:\s+(?:width|height|alt)="[^"<>]*")*>\s*</a>\s*)?'
    rf'<h3>\s*<a href="(?P<url>{URL})"{_COUNTED}>(?P<title>{TEXT})</a>\s*</h3>\s*'
    r'<div class="post_recommend_channel">\s*'
    rf'(?:<a\s+href="[^"<>]*"(?: class="channel")?>{TEXT}</a>\s*)*</div>\s*'
    rf'<span class="post_recommend_split">{TEXT}</span>\s*'
    rf'<div class="post_recommend_source">(?P<source>{TEXT})</div>\s*'
    rf'<div class="post_recommend_time">{TEXT}</div>\s*'
    rf'<a class="post_recommend_tie" href="{URL}">\s*<div class="post_recommend_tie_wrap">\s*'
    rf'<span class="post_recommend_tie_icon">(?P<ties>{TEXT})</span>\s*'
    rf'<span class="post_recommend_tie_text"(?: title="[^"<>]*")?>\s*<i>{TEXT}</i>{TEXT}</span>\s*'
    rf"</div>\s*</a>\s*{_MENU}\s*</div>"
)


def _read_hot(source: str) -> Entry | None:
    """Return what an entry of 为您推荐 says; None where its form is another."""
    match = _HOT.fullmatch(source)
    if match is None:
        return None
    return Entry(
        match["url"],
        title=shown(match["title"]),
        source=shown(match["source"]),
        ties=shown(match["ties"]),
        image=shown_image(match["image"]),
    )


_KINDS = (
    Kind(
        "entry",
        b'<div class="post_recommend_new',
        (b'">',),
        (b'"post_recommend_shareqrcode ', *(b"</div>",) * 5),
        _read_hot,
        1024,
    ),
)


def fold(html: bytes) -> Folded:
    """Return *html* with every entry that can be read off the source emptied."""
    return folding.fold(html, _KINDS)
