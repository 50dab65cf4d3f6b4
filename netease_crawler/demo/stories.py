"""What an article says: title, body and keywords, told from a topic's grammar."""

from __future__ import annotations

from dataclasses import dataclass

from netease_crawler.demo.draw import Draw
from netease_crawler.demo.grammar import Telling, parse
from netease_crawler.demo.topics import TOPICS
from netease_crawler.demo.topics.topic import Topic
from netease_crawler.demo.vocabulary import COMMON

_COMMON = parse(COMMON)
_GRAMMARS = [_COMMON | parse(topic.grammar) for topic in TOPICS]


@dataclass(frozen=True)
class Paragraph:
    """A visible paragraph of the body: its sentences, and whether it follows a picture."""

    sentences: tuple[str, ...]
    is_heading: bool = False
    has_picture: bool = False
    """Whether a picture stands before it; the paragraph is then its caption."""

    @property
    def text(self) -> str:
        return "".join(self.sentences)


class Story:
    """The story number *number* of a site: the same facts, however often it is told."""

    def __init__(self, seed: int, number: int) -> None:
        self._key = (seed, "story", number)
        draw = Draw(*self._key)
        topic = draw.below(len(TOPICS))
        self.topic: Topic = TOPICS[topic]
        self._telling = Telling(_GRAMMARS[topic], Draw(*self._key, "facts"))
        self.title = self._telling.say("title", draw)

    def other_title(self, teller: int) -> str:
        """Return the title that the article number *teller* gives to the same story."""
        draw = Draw(*self._key, "title", teller)
        if draw.below(2):
            return self._telling.say("title_lead", draw) + self.title
        return self._telling.say("title", draw)

    def keywords(self) -> tuple[str, ...]:
        draw = Draw(*self._key, "keywords")
        tags = self._telling.say_several("tag", draw.between(3, 5), draw)
        return tuple(dict.fromkeys(tag.strip("《》“”") for tag in tags))

    def body(self) -> tuple[Paragraph, ...]:
        """Return 4 to 14 paragraphs of text, with headings and captions between them."""
        draw = Draw(*self._key, "body")
        length = draw.between(4, 14)
        pool = self._sentences(2 * length, draw)
        body = [Paragraph((self._telling.say("lead", draw), pool.pop()))]
        for place in range(1, length - 1):
            if draw.below(5) == 0:
                heading = self._telling.say("subhead", draw)
                body.append(Paragraph((heading,), is_heading=True))
            count = draw.between(2, 3) if len(pool) > 2 * (length - place) else 2
            sentences = [pool.pop() for _ in range(min(count, len(pool)))]
            if draw.below(3) == 0:
                sentences.append(self._telling.say("quote", draw))
            body.append(Paragraph(tuple(sentences)))
            if draw.below(4) == 0:
                caption = self._telling.say("caption", draw)
                body.append(Paragraph((caption,), has_picture=True))
        body.append(Paragraph((self._telling.say("closing", draw),)))
        return tuple(body)

    def near_body(self, teller: int) -> tuple[Paragraph, ...]:
        """Return the body as *teller* rewrote it: 5 to 15 % of its sentences are others."""
        draw = Draw(*self._key, "rewritten", teller)
        body = self.body()
        places = [
            (row, column)
            for row, paragraph in enumerate(body)
            for column in range(len(paragraph.sentences))
            if not paragraph.is_heading and not paragraph.has_picture
        ]
        changes = max(1, len(places) * draw.between(5, 15) // 100)
        sentences = [list(paragraph.sentences) for paragraph in body]
        for place, sentence in zip(
            draw.sample(len(places), changes), self._sentences(changes, draw), strict=True
        ):
            row, column = places[place]
            sentences[row][column] = sentence
        return tuple(
            Paragraph(tuple(new), old.is_heading, old.has_picture)
            for old, new in zip(body, sentences, strict=True)
        )

    def _sentences(self, count: int, draw: Draw) -> list[str]:
        about_it = (count + 1) // 2
        sentences = self._telling.say_several("detail", about_it, draw)
        sentences += self._telling.say_several("general", count - about_it, draw)
        return [sentences[place] for place in draw.sample(count, count)]
