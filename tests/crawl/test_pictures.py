"""Pictures that somebody's pipeline downloads come from where a crawl may ask, and nowhere else."""

from __future__ import annotations

import json
import socket

import pytest

from netease_crawler.demo.misbehaviour import Misbehaviour
from netease_crawler.settings import ITEM_PIPELINES


def test_pictures_elsewhere_or_forbidden_are_not_asked_for(
    misbehave, closed_door: socket.socket, tmp_path
):
    door = f"http://127.0.0.1:{closed_door.getsockname()[1]}"
    site = "https://www.163.com"
    pictured = tmp_path / "pictured"
    crawling = misbehave(
        [
            Misbehaviour(path="/robots.txt", body="User-agent: *\nDisallow: /private/"),
            Misbehaviour(path="/private/*", body="a picture"),
            Misbehaviour(path="/here.png", body="a picture"),
            Misbehaviour(path="/moved.png", status=302, headers={"Location": f"{site}/here.png"}),
            Misbehaviour(path="/away.png", status=302, headers={"Location": f"{door}/a.png"}),
        ],
        ITEM_PIPELINES=json.dumps({**ITEM_PIPELINES, "tests.crawl.picturing.PicturePipeline": 950}),
        FILES_STORE=tmp_path / "files",
        MEDIA_ALLOW_REDIRECTS=True,
        PICTURES=f"{site}/here.png,{site}/moved.png,{site}/away.png,{door}/b.png"
        f",{site}/private/c.png",
        PICTURED=pictured,
    )
    result = crawling.project.run(
        *("crawl", "article", "-a", f"urls={crawling.seed}", "-a", "depth=0")
    )
    assert result.returncode == 0
    assert json.loads(pictured.read_text()) == [f"{site}/here.png", f"{site}/moved.png"]
    with pytest.raises(BlockingIOError):
        closed_door.accept()
