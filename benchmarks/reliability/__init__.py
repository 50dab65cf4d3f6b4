"""What becomes of a crawl when things die: ``python -m benchmarks.reliability``."""
