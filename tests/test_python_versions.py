"""What has to hold on every Python we run on; .ci/run has these tests run on each."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_MODULES = sorted(
    ".".join(file.relative_to(_ROOT).with_suffix("").parts).removesuffix(".__init__")
    for file in (_ROOT / "netease_crawler").rglob("*.py")
)
_IMPORT_EACH = """
import sys
from importlib import import_module
for name in sys.argv[1:]:
    import_module(name)
"""


def test_every_module_imports_without_a_warning() -> None:
    imported = subprocess.run(
        [sys.executable, "-W", "error", "-c", _IMPORT_EACH, *_MODULES],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (imported.returncode, imported.stdout, imported.stderr) == (0, "", "")
