"""What our commands have in common: the archive opened, errors as one line, an example.

It stands outside of the commands package, where Scrapy takes every class for a command.
"""

from __future__ import annotations

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from typing import Any, ClassVar, TypeVar

from pymongo.errors import PyMongoError
from scrapy.commands import ScrapyCommand

from netease_crawler.storage.connection import StorageUnavailableError
from netease_crawler.storage.opening import Storage, open_storage

T = TypeVar("T")


class CommandError(Exception):
    """The command cannot do what it was asked; one line that says what to do."""

    def __init__(self, message: str, exitcode: int = 1) -> None:
        super().__init__(message)
        self.exitcode = exitcode


class ArchiveCommand(ScrapyCommand):
    """A command that reads the archive and prints."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_LEVEL": "ERROR"}
    example: ClassVar[str]
    """A command line that works as it stands."""

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.epilog = f"Example: {self.example}"

    def run(self, args: list[str], opts: Namespace) -> None:
        try:
            self.exitcode = asyncio.run(self.run_async(args, opts)) or 0
        except KeyboardInterrupt:
            self.fail("interrupted", 130)
        except BrokenPipeError:  # `| head` has read enough
            sys.stderr.close()
        except (CommandError, StorageUnavailableError) as error:
            self.fail(str(error), getattr(error, "exitcode", 1))
        except PyMongoError as error:
            self.fail(f"MongoDB: {error}")

    async def run_async(self, args: list[str], opts: Namespace) -> int | None:
        """Do the work; return the exit code, None for 0."""
        raise NotImplementedError

    def fail(self, message: str, exitcode: int = 1) -> None:
        """Print *message* as the one line of an error and set the exit code."""
        print(f"Error: {message}", file=sys.stderr)
        self.exitcode = exitcode

    async def open_archive(self) -> Storage:
        """Return the archive of the settings; raises StorageUnavailableError."""
        settings = self.settings
        assert settings is not None
        return await open_storage(
            settings["MONGO_URI"], settings["MONGO_DATABASE"], settings["MONGOD_BINARY"]
        )
