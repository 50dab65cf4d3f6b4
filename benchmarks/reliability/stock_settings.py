"""A project as Scrapy's documentation has it: what differs from Scrapy's defaults, and why."""

from benchmarks.reliability.subject import DEPTH

SPIDER_MODULES = ["benchmarks.reliability.stock_spiders"]
ITEM_PIPELINES = {"benchmarks.reliability.stock_spiders.MongoPipeline": 300}

# Breadth first, as the documentation says (Scheduler, "Crawling in BFO order"): found deep down
# first, a page would be cut off though a short way leads to it.
DEPTH_LIMIT = DEPTH
DEPTH_PRIORITY = 1
SCHEDULER_DISK_QUEUE = "scrapy.squeues.PickleFifoDiskQueue"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"

LOG_LEVEL = "INFO"
# Nothing listens
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
