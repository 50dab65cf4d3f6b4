"""Makes docs/screenshots/ of the demo site's archive; needs requirements-dev.txt and Chromium."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

_ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(_ROOT))

from netease_crawler.storage.server import ensure_server  # noqa: E402

_PICTURES = _ROOT / "docs" / "screenshots"
_SCRAPY = [sys.executable, "-m", "scrapy"]
_WORD = "机器人"
_WIDE, _NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 844}


def main() -> None:
    with TemporaryDirectory() as name, ensure_server(Path(name), idle_seconds=0.5) as server:
        database = ["-s", f"MONGO_URI={server.uri}", "-s", "MONGO_DATABASE=netease_demo"]
        subprocess.run([*_SCRAPY, "demo", "--articles", "1500", *database], cwd=_ROOT, check=True)
        with subprocess.Popen(
            [*_SCRAPY, "explore", *database], cwd=_ROOT, stdout=subprocess.PIPE, text=True
        ) as explorer:
            assert explorer.stdout is not None
            address = explorer.stdout.readline().split()[0].rstrip("/")
            try:
                _take(address)
            finally:
                explorer.send_signal(signal.SIGINT)


def _take(address: str) -> None:
    found = _json(f"{address}/search.json?text={quote(_WORD)}")["articles"][0]
    article = _json(f"{address}/articles/{found['doc_id']}.json")["article"]
    [crawl, *_] = _json(f"{address}/crawls.json")["crawls"]
    search = f"/search?text={quote(_WORD)}"
    account = f"/account?name={quote(article['account']['name'])}"
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name, path, values in (
            ("search", search, {}),
            ("article", f"/articles/{article['doc_id']}", {}),
            ("account", account, {}),
            ("graph", f"/graph?page={article['doc_id']}&limit=150", {}),
            ("crawls", "/crawls", {}),
            ("crawl", f"/crawl?name={quote(crawl['crawl'])}", {}),
            ("search-phone", search, {"viewport": _NARROW}),
            (
                "article-phone-dark",
                f"/articles/{article['doc_id']}",
                {"viewport": _NARROW, "color_scheme": "dark"},
            ),
        ):
            _picture(browser, address + path, _PICTURES / f"{name}.png", values)
        browser.close()


def _picture(browser: Browser, url: str, file: Path, values: dict[str, Any]) -> None:
    page = browser.new_page(
        **{"viewport": _WIDE, "reduced_motion": "reduce", "locale": "zh-CN", **values}
    )
    page.goto(url, wait_until="networkidle")
    page.screenshot(path=file)
    page.close()
    print(file.relative_to(_ROOT))


def _json(url: str) -> Any:
    with urlopen(url) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
