"""Signals of ours, beside Scrapy's."""

from __future__ import annotations

from typing import Final

page_judged: Final = object()
"""A fetched page was read: its ``request``, and ``is_refusal``, whether the site refused to show it
though the status of its answer does not say so.
"""

# What somebody is to be told of:

incident_noticed: Final = object()
"""Something went wrong: the ``incident``."""
incident_over: Final = object()
"""Incidents of a ``kind`` are over that concern ``what``; there need not have been any."""
worker_left: Final = object()
"""This worker has left the crawl, or never joined it: the ``spider``, the crawl's ``outcome`` or
None, and ``reason``, why the spider was closed. The archive is open until all have handled it."""

# How the crawl behaves towards a host:

request_sent: Final = object()
"""A ``request`` is handed to the network now: every one, retries and robots.txt among them."""
robots_read: Final = object()
"""robots.txt of ``host`` was asked for: ``answer``, its status or the name of an exception."""
robots_decided: Final = object()
"""Whether a ``request`` may be sent: ``decision``, ``allowed`` (it is sent later), ``robots_txt``
(it asks for that itself), ``forbidden`` or, where nobody could tell, ``unreachable``."""
retry_after_asked: Final = object()
"""An answer of ``host`` had a Retry-After: nothing is to be sent before ``until``
(time.monotonic()) by ``retry``, the request that will be; None: no other one in this run."""
host_refused: Final = object()
"""``host`` refused a request, or did not answer it."""
host_paused: Final = object()
"""``host`` is left alone for ``seconds``."""
