"""The demo site, served as fast as this machine can."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from benchmarks.report import progress
from netease_crawler.demo.process import DemoSite
from netease_crawler.demo.site import Site
from netease_crawler.demo.static import files

# One process, which belongs to whoever runs it and is stopped by its id.
_CONFIGURATION = """
daemon off;
master_process off;
pid {directory}/nginx.pid;
error_log stderr;
events {{ worker_connections 256; }}
http {{
    access_log off;
    log_not_found off;  # deleted articles have no file
    gzip off;
    sendfile on;
    keepalive_requests 1000000;
    types {{ text/html html; text/plain txt; }}
    charset utf-8;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {directory}/site;
    }}
}}
"""


@dataclass(frozen=True)
class Served:
    """A site that answers."""

    origin: str
    """``http://127.0.0.1:PORT``"""
    by: str
    """What answers, for the notes under a table."""


@contextmanager
def served(site: Site, directory: Path) -> Iterator[Served]:
    """Serve *site* for the length of the block: from files in *directory*, if nginx is there."""
    nginx = find_nginx()
    if nginx is None:
        progress("nginx is not installed (Debian: apt-get install nginx): the demo site serves")
        with DemoSite(site.articles, site.seed) as demo:
            yield Served(demo.origin, "the demo's own server, as nginx is not installed")
    else:
        with StaticSite(site, nginx, directory) as static:
            yield Served(static.origin, "nginx")


def find_nginx() -> str | None:
    """Return the nginx to run: Debian keeps it where only root's PATH leads."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


class StaticSite:
    """The pages of *site* on a free port of this machine, for the length of a ``with`` block."""

    def __init__(self, site: Site, nginx: str, directory: Path) -> None:
        self._site = site
        self._nginx = nginx
        self._directory = directory
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port: int = free.getsockname()[1]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> StaticSite:
        """Write the pages, start nginx and wait until it answers.

        Raises RuntimeError if it does not start; its own message is on stderr.
        """
        for path, text in files(self._site):
            file = self._directory / "site" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        configuration = self._directory / "nginx.conf"
        configuration.write_text(_CONFIGURATION.format(directory=self._directory, port=self._port))
        self._process = subprocess.Popen(
            [self._nginx, "-e", "stderr", "-p", self._directory, "-c", configuration]
        )
        while not self._answers():
            if self._process.poll() is not None:
                raise RuntimeError(f"nginx did not start (exit {self._process.returncode})")
            time.sleep(0.05)  # nginx says nowhere that it listens
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait()

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
        except OSError:
            return False
        return True
