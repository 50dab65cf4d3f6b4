from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest

from netease_crawler.cleaning import clean_article
from netease_crawler.items import Account, Article, Block, HeadlineBox, Link, Recommendation

_CLEAN = Article(
    doc_id="K6TM505G0599TEST",
    url="https://www.163.com/dy/article/K6TM505G0599TEST.html",
    layout="any",
    title="老桥修好了",
    blocks=(Block(kind="paragraph", text="正文。"),),
    fetched_at=datetime(2025, 8, 14, tzinfo=timezone.utc),
)
_STATEMENT = (
    "特别声明：以上内容(如有图片或视频亦包括在内)为自媒体平台“网易号”用户上传并发布，"
    "本平台仅提供信息存储服务。"
)
_NOTICE = (
    "Notice: The content above (including the pictures and videos if any) is uploaded and posted "
    "by a user of NetEase Hao, which is a social media platform and only provides information "
    "storage services."
)
_NIMG = "https://nimg.ws.126.net/?url=http%3A%2F%2Fdingyue.ws.126.net%2Fa%2520b.jpg&type=jpg"
_ORIGINAL = "http://dingyue.ws.126.net/a%20b.jpg"


def _paragraphs(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(kind="paragraph", text=text) for text in texts)


def _dirty() -> Article:
    return replace(
        _CLEAN,
        title="\ufeff老桥\u200b修好\n 了\u3000",
        source=" 清河\xa0\xa0观察 ",
        location="\u3000",
        editor="赵\x00二",
        original_title="\t原 标题",
        category=" 社会/民生",
        rec_category="",
        keywords=("老桥", " 老桥", "", "集市\u200d"),
        blocks=(
            *_paragraphs("\u3000\u3000正文，全角“标点”１２３!", "\u200b\xa0", "a\r\n\tb"),
            Block(kind="image", url=_NIMG, caption=" 图一\xad "),
            Block(kind="video", url="http://flv.bn.netease.com/a.mp4"),
        ),
        account=Account(name="清河 \u2060观察", description=" ", avatar_url=_NIMG),
        recommendations=(
            Recommendation(
                kind="hot", position=1, url="u", title="甲\n乙", source="\u202e丙", image_url=_NIMG
            ),
        ),
        history=(Link(url="u", title=" 旧文 "), Link(url="v", title="\u200b")),
        headlines=(
            HeadlineBox(section=" 军事要闻", links=(Link(url="u", title="x", image_url=_NIMG),)),
        ),
        originals=(Link(url="u", title="桥 ", tag=" 谈心社"),),
        next_article=Link(url="u", title="下\x7f一篇"),
    )


def test_every_text_is_what_a_reader_sees() -> None:
    cleaned, changes = clean_article(_dirty())
    assert cleaned == replace(
        _CLEAN,
        title="老桥修好 了",
        source="清河 观察",
        location=None,
        editor="赵二",
        original_title="原 标题",
        category="社会/民生",
        rec_category=None,
        keywords=("老桥", "集市"),
        blocks=(
            *_paragraphs("正文，全角“标点”１２３!", "a b"),
            Block(kind="image", url=_ORIGINAL, caption="图一"),
            Block(kind="video", url="http://flv.bn.netease.com/a.mp4"),
        ),
        account=Account(name="清河 观察", avatar_url=_ORIGINAL),
        recommendations=(
            Recommendation(
                kind="hot", position=1, url="u", title="甲 乙", source="丙", image_url=_ORIGINAL
            ),
        ),
        history=(Link(url="u", title="旧文"),),
        headlines=(
            HeadlineBox(section="军事要闻", links=(Link(url="u", title="x", image_url=_ORIGINAL),)),
        ),
        originals=(Link(url="u", title="桥", tag="谈心社"),),
        next_article=Link(url="u", title="下一篇"),
    )
    assert changes == {
        "invisible": 9,
        "whitespace": 16,
        "empty": 2,
        "image": 4,
        "keyword": 2,
    }


def test_a_clean_article_stays_as_it_is() -> None:
    assert clean_article(_CLEAN) == (_CLEAN, {})


@pytest.mark.parametrize(
    "kept",
    ["“引号”", "全角，标点。！？", "ＡＢＣ１２３", "a-b — c…", "👨🏽\ufe0f", "か\u3099", "𠮷"],
)
def test_what_is_seen_is_kept(kept: str) -> None:
    article = replace(_CLEAN, title=kept, blocks=_paragraphs(kept))
    assert clean_article(article) == (article, {})


@pytest.mark.parametrize(
    ("ending", "found"),
    [
        ([_STATEMENT, _NOTICE], {"has_statement": True}),
        ([_STATEMENT.replace("：", ":")], {"has_statement": True}),
        (["责任编辑：赵二_NN0001"], {"editor": "赵二_NN0001"}),
        (["责任编辑: 赵二_NN0001", _STATEMENT], {"editor": "赵二_NN0001", "has_statement": True}),
        (["本文来源：河湾日报"], {"source": "河湾日报"}),
        (
            ["本文来源：河湾日报\u3000责任编辑：赵二_NN0001"],
            {"source": "河湾日报", "editor": "赵二_NN0001"},
        ),
        (
            ["本文来源：河湾 日报 责任编辑：赵二_NN0001"],
            {"source": "河湾 日报", "editor": "赵二_NN0001"},
        ),
        (
            ["本文来源：河湾日报责任编辑：赵二_NN0001"],
            {"source": "河湾日报", "editor": "赵二_NN0001"},
        ),
        (
            ["本文来源：河湾日报", "责任编辑：赵二_NN0001"],
            {"source": "河湾日报", "editor": "赵二_NN0001"},
        ),
    ],
)
def test_lines_of_the_site_under_the_body_become_fields(
    ending: list[str], found: dict[str, Any]
) -> None:
    article = replace(_CLEAN, blocks=_paragraphs("正文。", *ending))
    assert clean_article(article)[0] == replace(_CLEAN, **found)


@pytest.mark.parametrize(
    "blocks",
    [
        _paragraphs("责任编辑：赵二_NN0001", "正文在后面。"),
        _paragraphs("他说，责任编辑：这四个字最难写。"),
        _paragraphs("正文。", "（责任编辑：赵二）"),
        _paragraphs("正文。", "责任编辑：赵二 校对：钱三"),
        _paragraphs("正文。", "编辑/赵二"),
        _paragraphs("正文。", "来源：无名交警"),
        _paragraphs("正文。", "特别声明：本店明天休息。"),
        _paragraphs("正文。", "特别声明：本文首发于网易号，转载请联系。"),
    ],
)
def test_lines_of_the_author_stay(blocks: tuple[Block, ...]) -> None:
    article = replace(_CLEAN, blocks=blocks)
    assert clean_article(article) == (article, {})


def test_credit_with_a_staff_number_is_the_site_s_whatever_it_calls_the_source() -> None:
    article = replace(_CLEAN, source="河湾日报客户端")
    credited = replace(
        article, blocks=_paragraphs("正文。", "本文来源：河湾日报 责任编辑：赵二_NBJ11143")
    )
    assert clean_article(credited)[0] == replace(article, editor="赵二_NBJ11143")


def test_joiner_stays_where_it_makes_one_picture_of_several() -> None:
    article = replace(
        _CLEAN, blocks=_paragraphs("一\u200d家👨\u200d👩\u200d👧三口\u200d👧❤\ufe0f\u200d🔥")
    )
    assert clean_article(article)[0].text == "一家👨\u200d👩\u200d👧三口👧❤\ufe0f\u200d🔥"


def test_a_credit_that_the_page_shows_elsewhere_goes_and_another_stays() -> None:
    article = replace(_CLEAN, editor="赵二", blocks=_paragraphs("正文。", "责任编辑：赵二"))
    assert clean_article(article) == (replace(_CLEAN, editor="赵二"), {"credits": 1})
    other = replace(article, editor="钱三")
    assert clean_article(other) == (other, {})


@pytest.mark.parametrize(
    "texts",
    [
        ["a\u200b b", " \u200b "],
        ["\u3000\xad\u3000x", _STATEMENT, "\u200b"],
        ["x", "责任编辑：甲", "责任编辑：甲", _NOTICE],
        ["x", "责任编辑：\u200b甲", "本文来源：\xa0乙"],
        ["责任编辑：甲"],
    ],
)
def test_cleaning_twice_changes_nothing_more(texts: list[str]) -> None:
    for article in (replace(_CLEAN, blocks=_paragraphs(*texts)), _dirty()):
        once, _ = clean_article(article)
        assert clean_article(once) == (once, {})
