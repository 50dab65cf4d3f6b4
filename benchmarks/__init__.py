"""Measurements of the crawl, each a module to run: it prints a table and keeps it in the docs.

``python -m benchmarks.throughput``, ``.memory``, ``.outage``; nothing but this machine is asked.
"""
