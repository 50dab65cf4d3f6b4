"""From the element that holds an article's body to its blocks, in reading order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from selectolax.lexbor import LexborNode

from netease_crawler.items import Block

from .markup import absolute_url, classes, image_url

_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCK_TAGS = _HEADING_TAGS | frozenset(
    {"address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "li", "main", "nav"}
    | {"ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead"}
    | {"tr", "ul"}
)
_BOLD_TAGS = frozenset({"b", "strong"})
_LEFT_OUT_TAGS = frozenset(
    {"audio", "button", "canvas", "embed", "iframe", "input", "link", "meta", "noscript"}
    | {"object", "script", "select", "style", "svg", "template", "textarea"}
)
# Advertisements, credits and links to other articles that stand inside bodies of one layout
# or another; each is a field of its own or nobody's text.
_LEFT_OUT_CLASSES = frozenset(
    {"at_item", "creative_statement", "ep-source", "gg200x300", "hidden", "js-open-app"}
    | {"post_author", "post_statement", "related_article", "special_tag_wrap"}
)
_HEADING_LENGTH = 40  # characters; a bold paragraph that is longer is emphasis
_NO_HEADING_ENDS = "。！？!?…；;：:，,、."


def read_blocks(container: LexborNode, base: str) -> tuple[Block, ...]:
    """Return the visible blocks of *container*; addresses are resolved against *base*.

    A block of text ends where the page ends its line: at every block element, so text of a
    nested ``<div>`` and bare text between paragraphs are paragraphs of their own. Text after
    an image in the same ``<p>`` is its caption. Inner white space is the source's.
    """
    reader = _BodyReader(base)
    for node, entering in _walk(container):
        if entering:
            reader.enter(node)
        else:
            reader.leave(node)
    reader.end_block()
    return tuple(reader.blocks)


def _walk(container: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Yield every visible node when entered (True) and left (False); no depth is too deep."""
    end = container.mem_id
    node = container.child
    while node is not None:
        if not _is_left_out(node):
            yield node, True
            inner = node.child if node.tag != "video" else None
            if inner is not None:
                node = inner
                continue
            yield node, False
        while (following := node.next) is None:
            parent = node.parent
            if parent is None or parent.mem_id == end:
                return
            node = parent
            yield node, False
        node = following


def _is_left_out(node: LexborNode) -> bool:
    if not node.is_element_node:
        return not node.is_text_node
    if node.tag in _LEFT_OUT_TAGS:
        return True
    attributes = node.attributes
    if not attributes:
        return False
    style = (attributes.get("style") or "").replace(" ", "")
    return (
        "hidden" in attributes
        or "display:none" in style
        or not _LEFT_OUT_CLASSES.isdisjoint((attributes.get("class") or "").split())
    )


class _BodyReader:
    """Gathers text until a block ends; knows which elements it stands in."""

    def __init__(self, base: str) -> None:
        self.blocks: list[Block] = []
        self._base = base
        self._text: list[str] = []
        self._has_plain_text = False  # some of the text gathered is not bold
        self._follows_image = False  # nothing but an image stands before it in its paragraph
        self._open: Counter[str] = Counter()  # the elements around it, by name

    def enter(self, node: LexborNode) -> None:
        name = _name(node)
        self._open[name] += 1
        if node.is_text_node:
            self._add(node.text_content or "")
        elif name == "br":
            self._add("\n")
        elif name == "img":
            image = image_url(node, self._base)
            if image is not None:
                self._add_media("image", image)
        elif name == "video":
            self._add_media("video", _video_url(node, self._base))
        elif name in _BLOCK_TAGS:
            self.end_block()
            self._follows_image = False

    def leave(self, node: LexborNode) -> None:
        name = _name(node)
        if name in _BLOCK_TAGS:
            self.end_block()
            self._follows_image = False
        self._open[name] -= 1

    def end_block(self) -> None:
        """Make a block, or the caption of the last one, of the text gathered so far."""
        text, is_bold = "".join(self._text).strip(), not self._has_plain_text
        self._text, self._has_plain_text = [], False
        if not any(character.isprintable() and character != " " for character in text):
            return
        if self._takes_caption():
            self.blocks[-1] = replace(self.blocks[-1], caption=text)
        else:
            self.blocks.append(Block(kind=self._kind(text, is_bold=is_bold), text=text))

    def _add(self, text: str) -> None:
        self._text.append(text)
        if not text.isspace() and not self._is_in(_BOLD_TAGS):
            self._has_plain_text = True

    def _add_media(self, kind: str, url: str | None) -> None:
        blocks_before = len(self.blocks)
        self.end_block()
        is_first = len(self.blocks) == blocks_before
        self.blocks.append(Block(kind=kind, url=url))
        self._follows_image = is_first and self._open["p"] > 0

    def _takes_caption(self) -> bool:
        last = self.blocks[-1] if self.blocks else None
        return (
            last is not None
            and last.text is None
            and last.caption is None
            and (self._follows_image or self._open["figcaption"] > 0)
        )

    def _kind(self, text: str, *, is_bold: bool) -> str:
        if self._is_in(_HEADING_TAGS):
            return "heading"
        if self._open["blockquote"]:
            return "quote"
        # <p id="2N1L7LIH"><b>停车难在哪里</b></p>
        is_heading = (
            is_bold
            and self._open["p"] > 0
            and len(text) <= _HEADING_LENGTH
            and text[-1] not in _NO_HEADING_ENDS
        )
        return "heading" if is_heading else "paragraph"

    def _is_in(self, names: frozenset[str]) -> bool:
        return any(self._open[name] for name in names)


def _name(node: LexborNode) -> str:
    tag = node.tag or ""
    # <div class="video-info"><a class="video-title">…</a><span class="video-from">…</span></div>
    return "figcaption" if tag == "div" and "video-info" in classes(node) else tag


def _video_url(node: LexborNode, base: str) -> str | None:
    # <video poster="…"><source src="http://flv.bn.netease.com/….mp4" type="video/mp4">
    for source in (node, *node.css("source")):
        url = absolute_url(source.attrs.get("src"), base)
        if url is not None:
            return url
    return None
