"""What the pages of mobile_hbs show that the fixtures do not."""

from __future__ import annotations

from pathlib import Path

from netease_crawler.pages import parse_article

_PAGE = Path(__file__).parents[1] / "fixtures/pages/mobile_hbs/J9V3B4E00552RIVR/page.html"
_EDITOR = '<div class="s-info">责任编辑：乔木_NX0042</div>'


def test_statement_in_the_footer() -> None:
    page = _PAGE.read_text(encoding="utf-8")
    url = "https://m.163.com/dy/article/J9V3B4E00552RIVR.html"
    statement = '<div class="statement">特别声明：以上内容为用户上传。</div>'
    stated = page.replace(_EDITOR, _EDITOR + statement)
    in_body = page.replace("我们下期再见~", "我们下期再见~特别声明")
    shown = [parse_article(shown, url).has_statement for shown in (page, stated, in_body)]
    assert shown == [False, True, False]
