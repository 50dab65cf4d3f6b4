"""An archive of 网易号 (NetEase Hao) articles: crawled with Scrapy, kept in MongoDB."""

__version__ = "0.1.0"
