"""Running the commands that read the archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scrapy_process import ScrapyProject


@pytest.fixture
def project(tmp_path: Path, mongo_uri: str, database_name: str) -> ScrapyProject:
    """The project in an empty directory, on the test's database."""
    return ScrapyProject(tmp_path, {"MONGO_URI": mongo_uri, "MONGO_DATABASE": database_name})
