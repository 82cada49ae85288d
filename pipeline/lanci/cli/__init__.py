"""The command line: ``lanci parse``, ``lanci show``, ``lanci train``, and what other packages plug in."""

from lanci.cli.commands import main

__all__ = ["main"]
