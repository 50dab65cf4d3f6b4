"""Signals of ours, beside Scrapy's."""

from __future__ import annotations

from typing import Final

page_judged: Final = object()
"""A fetched page was read: its ``request``, and ``is_refusal``, whether the site refused to show it
though the status of its answer does not say so.
"""
