"""From the element that holds an article's body to its blocks, in reading order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from selectolax.lexbor import LexborNode

from netease_crawler.items import Block

from .markup import absolute_url, image_url

_TEXT = "-text"  # the parser's name of a node of text
# Elements that mean the same here go by one name.
_SAME = {"strong": "b", "h2": "h1", "h3": "h1", "h4": "h1", "h5": "h1", "h6": "h1"}
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "h1", "header", "hr", "li", "main"}
    | {"nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th"}
    | {"thead", "tr", "ul"}
)
_LEFT_OUT = frozenset(
    {"-comment", "audio", "button", "canvas", "embed", "iframe", "input", "link", "meta"}
    | {"noscript", "object", "script", "select", "style", "svg", "template", "textarea"}
)
# Advertisements, credits and links to other articles that stand inside bodies of one layout
# or another; each is a field of its own or nobody's text.
_LEFT_OUT_CLASSES = frozenset(
    {"QF_INCLUDE", "at_item", "creative_statement", "ep-source", "gg200x300", "hidden"}
    | {"js-article-videoCover", "js-open-app", "nph_gallery", "otitle", "post_author"}
    | {"post_statement", "related_article", "special_tag_wrap"}
)
_FIGURES = {"video-info": "figcaption", "video-wrapper": "figure"}
_HEADING_LENGTH = 40  # characters; a bold paragraph that is longer is emphasis
_NO_HEADING_ENDS = "。！？!?…；;：:，,、."


def read_blocks(container: LexborNode, base: str) -> tuple[Block, ...]:
    """Return the visible blocks of *container*; addresses are resolved against *base*.

    A block of text ends where a block element begins or ends, not at ``<br>``, which is white
    space: text of a nested ``<div>`` or of a cell, and bare text between paragraphs, are
    paragraphs of their own. Text after an image in the same ``<p>`` is its caption. Inner white
    space is the source's.
    """
    reader = _BodyReader(base)
    around: list[tuple[LexborNode, str]] = []  # no recursion: no depth is too deep
    node = container.first_child
    while node is not None or around:
        if node is None:
            node, name = around.pop()
            reader.leave(name)
        elif (tag := node.tag) == _TEXT:
            reader.add_text(node.text_content or "")
        elif tag is not None and tag not in _LEFT_OUT and (name := _visible_name(node, tag)):
            reader.enter(node, name)
            if name != "video":
                around.append((node, name))
                node = node.first_child
                continue
            reader.leave(name)
        node = node.next
    reader.end_block()
    return tuple(reader.blocks)


def _visible_name(node: LexborNode, tag: str) -> str:
    """Return the name that the element *node* goes by; empty where a reader does not see it."""
    if attributes := node.attributes:
        style = attributes.get("style")
        if "hidden" in attributes or (style and "display:none" in style.replace(" ", "").lower()):
            return ""
        names = (attributes.get("class") or "").split()
        if not _LEFT_OUT_CLASSES.isdisjoint(names):
            return ""
        # <div class="video-wrapper"><div class="video-inner">…<video …>…</div>
        # <div class="video-info"><a class="video-title">…</a><span class="video-from">…
        if tag == "div" and not _FIGURES.keys().isdisjoint(names):
            return next(_FIGURES[name] for name in names if name in _FIGURES)
    return _SAME.get(tag, tag)


class _BodyReader:
    """Gathers text until a block ends; knows which elements it stands in."""

    def __init__(self, base: str) -> None:
        self.blocks: list[Block] = []
        self._base = base
        self._text: list[str] = []
        self._has_plain_text = False  # some of the text gathered is not bold
        self._follows_image = False  # nothing but images stands before it in its paragraph
        self._figure_began = 0  # how many blocks there were before the outermost figure
        self._open: defaultdict[str, int] = defaultdict(int)  # the elements around it, by name

    def enter(self, node: LexborNode, name: str) -> None:
        if name in _BLOCKS:
            self.end_block()
            self._follows_image = False
        self._open[name] += 1
        if name == "figure" and self._open[name] == 1:
            self._figure_began = len(self.blocks)
        elif name == "br":
            self.add_text("\n")
        elif name == "img":
            image = image_url(node, self._base)
            if image is not None:
                self._add_media("image", image)
        elif name == "video":
            self._add_media("video", _video_url(node, self._base))

    def leave(self, name: str) -> None:
        if name in _BLOCKS:
            self.end_block()
            self._follows_image = False
        self._open[name] -= 1

    def end_block(self) -> None:
        """Make a block, or the caption of the last one, of the text gathered so far."""
        if not self._text:
            return
        text, is_bold = "".join(self._text).strip(), not self._has_plain_text
        self._text, self._has_plain_text = [], False
        if not any(character.isprintable() and character != " " for character in text):
            return
        if self._takes_caption():
            self.blocks[-1] = replace(self.blocks[-1], caption=text)
        else:
            self.blocks.append(Block(kind=self._kind(text, is_bold=is_bold), text=text))

    def add_text(self, text: str) -> None:
        if text.isspace():
            if self._text:  # white space before a block's text is none of it
                self._text.append(text)
            return
        self._text.append(text)
        if not self._open["b"]:
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
            and (self._follows_image or (self._open["figcaption"] > 0 and self._is_of_figure()))
        )

    def _is_of_figure(self) -> bool:
        return not self._open["figure"] or len(self.blocks) > self._figure_began

    def _kind(self, text: str, *, is_bold: bool) -> str:
        if self._open["h1"]:
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


def _video_url(node: LexborNode, base: str) -> str | None:
    # <video poster="…"><source src="http://flv.bn.netease.com/….mp4" type="video/mp4">
    for source in (node, *node.css("source")):
        url = absolute_url(source.attrs.get("src"), base)
        if url is not None:
            return url
    return None
