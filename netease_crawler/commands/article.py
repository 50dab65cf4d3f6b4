"""``scrapy article``: one article of the archive, to read."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator

from netease_crawler.exports.formats import record
from netease_crawler.items import Account, Article, Block
from netease_crawler.json_text import as_json
from netease_crawler.storage.archive import Archive, StoredArticle
from netease_crawler.terminal.cells import printable
from netease_crawler.terminal.command import ArchiveCommand, CommandError
from netease_crawler.terminal.selection import only_argument
from netease_crawler.times import beijing_text
from netease_crawler.urls import doc_id_from_url, is_doc_id

_RECOMMENDATIONS = {"related": "相关推荐", "hot": "热点推荐"}


class Command(ArchiveCommand):
    example = "scrapy article J22CN60P0514R9KQ"

    def syntax(self) -> str:
        return "[options] <doc id or address>"

    def short_desc(self) -> str:
        return "Show an article of the archive"

    def long_desc(self) -> str:
        return (
            "Shows an article of the archive, by its doc id or any of its addresses. Times are"
            " Beijing time, in JSON UTC. The exit code is 1 where it is not there."
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    async def run_async(self, args: list[str], opts: Namespace) -> None:
        given = only_argument(args, "article")
        if given is None:
            raise CommandError("give the doc id or the address of an article", 2)
        doc_id = _doc_id(given)
        async with await self.open_archive() as storage:
            stored = await Archive(storage.database).article(doc_id)
        if stored is None:
            raise CommandError(
                f"{doc_id} is not in the archive; `scrapy crawl article -a urls={doc_id}`"
                " fetches it"
            )
        if opts.json:
            print(as_json(record(stored)))
        else:
            for line in page(stored):
                print(line)


def page(stored: StoredArticle) -> Iterator[str]:
    """Give the lines of *stored* as people read it."""
    article = stored.article
    yield printable(article.title)
    facts = (
        ("来源", article.source),
        ("发布", article.published_at and f"{beijing_text(article.published_at)}（北京时间）"),
        ("IP 属地", article.location),
    )
    if shown := "　".join(f"{label}：{value}" for label, value in facts if value):
        yield printable(shown)
    yield printable(article.url)
    for block in article.blocks:
        yield ""
        yield printable(_block_text(block))
    yield ""
    if stored.copy_of is not None and not article.blocks:
        yield f"（正文同 {stored.copy_of}，未另存）"
        yield ""
    for label, value in _notes(stored):
        if value:
            yield printable(f"{label}：{value}")


def _notes(stored: StoredArticle) -> Iterator[tuple[str, str | None]]:
    article = stored.article
    yield "原标题", article.original_title
    yield "责任编辑", article.editor
    yield "网易号", None if article.account is None else _account_text(article.account)
    yield "分类", article.category
    yield "关键词", "、".join(article.keywords)
    yield "参与", _number(article.join_count)
    yield "跟贴", _number(article.comment_count)
    yield "推荐", _recommendations_text(article)
    yield "同文原篇", stored.copy_of
    yield "首次收录", f"{beijing_text(stored.first_seen_at)}（北京时间）"
    yield "最近查看", f"{beijing_text(stored.last_seen_at)}（北京时间）"
    if stored.deleted_at is not None:
        yield "发现已删除", f"{beijing_text(stored.deleted_at)}（北京时间）"


def _block_text(block: Block) -> str:
    if block.kind == "heading":
        return f"## {block.text}"
    if block.kind == "quote":
        return f"> {block.text}"
    if block.url is None:
        return block.text or ""
    caption = f" {block.caption}" if block.caption else ""
    return f"[{'视频' if block.kind == 'video' else '图片'}]{caption} {block.url}"


def _account_text(account: Account) -> str:
    facts = (
        account.media_id,
        account.article_count is not None and f"文章数 {account.article_count}",
        account.follower_count is not None and f"关注度 {account.follower_count}",
    )
    return f"{account.name or ''}（{'，'.join(fact for fact in facts if fact)}）"


def _recommendations_text(article: Article) -> str:
    kinds = Counter(entry.kind for entry in article.recommendations)
    return "，".join(f"{_RECOMMENDATIONS[kind]} {n} 条" for kind, n in kinds.items())


def _number(count: int | None) -> str | None:
    return None if count is None else str(count)


def _doc_id(given: str) -> str:
    given = given.strip()
    if is_doc_id(given):
        return given
    try:
        return doc_id_from_url(given if "://" in given else f"https://{given}")
    except ValueError:
        raise CommandError(
            f"{given!r} is neither a doc id like J22CN60P0514R9KQ nor the address of a NetEase"
            " article",
            2,
        ) from None
