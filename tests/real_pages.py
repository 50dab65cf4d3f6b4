"""Where real saved pages are; they are other people's texts and so not in the repository.

The directory is ``NETEASE_PAGES``, else ``../shared/pages`` beside the repository. It holds
``NAME.html.gz`` with ``NAME.expected.json``.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_REPOSITORY = Path(__file__).parents[1]

REAL_PAGES = Path(os.environ.get("NETEASE_PAGES") or _REPOSITORY.parent / "shared" / "pages")

needs_real_pages = pytest.mark.skipif(
    not any(REAL_PAGES.glob("*.html.gz")), reason=f"no real pages in {REAL_PAGES}"
)
