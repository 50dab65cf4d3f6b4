"""The explorer: the archive as pages for people and as JSON for programs, read only.

A view (:mod:`netease_crawler.web.views`) reads what a page shows, and its template makes HTML of
it; the page's ``.json`` twin is the same as it stands.
"""
