"""What of a body is which block."""

from __future__ import annotations

import pytest

from netease_crawler.items import Block
from netease_crawler.pages import UnknownLayoutError, parse_article
from tests.pages.small_page import URL, small_page

_A, _B = (f"http://dingyue.ws.126.net/{name}.jpg" for name in "ab")
_IMAGE_A, _IMAGE_B = (f'<img src="{url}">' for url in (_A, _B))


def _image(url: str, caption: str | None = None) -> Block:
    return Block(kind="image", url=url, caption=caption)


def _paragraph(text: str) -> Block:
    return Block(kind="paragraph", text=text)


@pytest.mark.parametrize(
    ("markup", "blocks"),
    [
        (f"<p>{_IMAGE_A}图为某地</p>", (_image(_A, "图为某地"),)),
        (f"<p>{_IMAGE_A}</p><p>图为某地</p>", (_image(_A), _paragraph("图为某地"))),
        (
            f"<figure>{_IMAGE_A}<figcaption>图为某地</figcaption></figure>",
            (_image(_A, "图为某地"),),
        ),
        (
            f"<figure>{_IMAGE_A}</figure><figure><figcaption>图为某地</figcaption>{_IMAGE_B}</figure>",
            (_image(_A), _paragraph("图为某地"), _image(_B)),
        ),
        (
            f"<p>{_IMAGE_A}</p><figure><iframe></iframe><figcaption>视频</figcaption></figure>",
            (_image(_A), _paragraph("视频")),
        ),
        (
            f'<p>{_IMAGE_A}</p><div class="video-wrapper"><div class="video-inner"></div>'
            '<div class="video-info"><a class="video-title">视频</a></div></div>',
            (_image(_A), _paragraph("视频")),
        ),
        (f"<p>前文{_IMAGE_A}后文</p>", (_paragraph("前文"), _image(_A), _paragraph("后文"))),
        ('<p style="DISPLAY: None">看不见</p><p>正文</p>', (_paragraph("正文"),)),
        (
            '<p>正文</p><p><img src="https://nimg.ws.126.net/?url=https%3A%2F%2Fstatic.ws.126.net'
            '%2Fend.png"><img src="http://img1.cache.netease.com/cnews/css13/img/end_news.png"></p>',
            (_paragraph("正文"),),
        ),
    ],
)
def test_blocks(markup: str, blocks: tuple[Block, ...]) -> None:
    assert parse_article(small_page(markup), URL).blocks == blocks


@pytest.mark.parametrize(
    ("line", "original_title"),
    [
        ("（原标题：某地某事）", "某地某事"),
        ("(原标题：某地某事）", "某地某事"),
        ("（原标题：某地（图）某事）（来源：某报）", "某地（图）某事"),
        ("原标题: 某地某事", "某地某事"),
    ],
)
def test_original_title_is_told_from_the_text(line: str, original_title: str) -> None:
    for markup in (
        f"<p>{line}</p><p>正文</p>",
        f'<p class="otitle">{line.replace("某事", "<br>某事", 1)}</p><p>正文</p>',
        f"<p>{_IMAGE_A}</p><p>{line}</p><p>正文</p>",
    ):
        article = parse_article(small_page(markup), URL)
        assert (article.original_title or "").replace(" ", "") == original_title
        assert article.text == "正文"


def test_text_that_an_end_tag_too_many_put_behind_the_body_is_not_lost_in_silence() -> None:
    with pytest.raises(UnknownLayoutError, match=r"^post2020_dy with text behind its body$"):
        parse_article(small_page("<p>一</p></div><p>二</p>"), URL)
