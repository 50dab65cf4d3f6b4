"""What scrapyd-deploy calls to make the egg; everything it says stands in pyproject.toml."""

from setuptools import setup

setup()
