"""The command line: ``lanci parse``, ``lanci show``, ``lanci train``."""

from lanci.cli.commands import main

__all__ = ["main"]
