"""What the articles are about: one module per topic, each with its own grammar."""

from __future__ import annotations

from netease_crawler.demo.topics import (
    cars,
    entertainment,
    finance,
    health,
    military,
    society,
    sports,
    technology,
    travel,
    world,
)
from netease_crawler.demo.topics.topic import Topic

TOPICS: tuple[Topic, ...] = (
    society.TOPIC,
    world.TOPIC,
    finance.TOPIC,
    technology.TOPIC,
    sports.TOPIC,
    entertainment.TOPIC,
    cars.TOPIC,
    military.TOPIC,
    health.TOPIC,
    travel.TOPIC,
)
