"""A pipeline of somebody's that downloads pictures, as Scrapy's own do."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.pipelines.files import FilesPipeline


class PicturePipeline(FilesPipeline):
    """Fetches the addresses of the setting PICTURES; writes to the file PICTURED which came."""

    def get_media_requests(self, item: Any, info: Any) -> list[Request]:
        return [Request(url) for url in self.crawler.settings.getlist("PICTURES")]

    def item_completed(self, results: Iterable[Any], item: Any, info: Any) -> Any:
        came = [picture["url"] for succeeded, picture in results if succeeded]
        Path(self.crawler.settings["PICTURED"]).write_text(json.dumps(came))
        return item
